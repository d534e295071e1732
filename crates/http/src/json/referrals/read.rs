use actix_web::{HttpResponse, get};
use bangfu_domain::{
    ids::{ReferralId, SourceId},
    record::RecordKind,
    referral::Referral,
    source::SourceKind,
};
use bangfu_persistence::{Loaded, query, query::ReferralFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{Answer, problems::ReadProblems},
    view::{ReferralView, allowed_actions, referral_resource},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Id, List, ListParams, Params, resource},
    problem::{Code, Problem},
};

/// Read a referral
#[utoipa::path(tag = "referrals", security(("bearer" = [])),
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = ReferralView, description = "The referral"), ReadProblems))]
#[get("/referrals/{id}")]
pub async fn get_referral(request: ApiRequest, id: Id<ReferralId>) -> Answer {
    let view = request.read("referral.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Referral>(id.0)?.ok_or_else(not_found)?;
        let on = referral_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewReferral, &on)?;
        let allowed = allowed_actions(sight, &found.value, &on);
        let uuid = id.0.as_uuid();
        let masked = sight.tx.masked(RecordKind::Referral, &[uuid])?.remove(&uuid);
        Ok(ReferralView::new(found, sight.caller).with_masks(masked).with_actions(allowed))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// Which referrals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReferralParams {
    /// Only those in this state: `received`, `accepted`, `declined` or `withdrawn`.
    pub state: Option<String>,
    /// Only those of this source.
    pub source_id: Option<String>,
    /// `false`: only those that came to an end of which their referrer does not know yet; `true`: of which it
    /// knows.
    pub told: Option<bool>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

const STATES: [&str; 4] = ["received", "accepted", "declined", "withdrawn"];

impl ReferralParams {
    fn parse(self) -> Result<(ReferralFilter, ListParams), Problem> {
        let invalid = || Problem::new(Code::InvalidQuery);
        if self.state.as_deref().is_some_and(|state| !STATES.contains(&state)) {
            return Err(invalid());
        }
        let source: Option<SourceId> = match self.source_id.as_deref() {
            None => None,
            Some(id) => Some(id.parse().map_err(|_| invalid())?),
        };
        let filters = format!("referrals/{:?}/{source:?}/{:?}", self.state, self.told);
        let params = ListParams::new(self.limit, self.cursor, filters)?;
        Ok((ReferralFilter { state: self.state, source, told: self.told }, params))
    }
}

/// List referrals
#[utoipa::path(tag = "referrals", security(("bearer" = [])), params(ReferralParams),
    responses((status = 200, body = List<ReferralView>, description = "A page"), ReadProblems))]
#[get("/referrals")]
pub async fn list_referrals(request: ApiRequest, params: Params<ReferralParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    let list = request.read("referral.list", move |sight| {
        let thing = |place, source| Resource::Referral(place, source, SourceKind::Hospital);
        let scope = sight.app.access.scope(sight.caller, Action::ViewReferral, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::referrals(sight.tx, &scope, &filter, page)?;
        let id = |it: &Loaded<Referral>| it.value.id.as_uuid();
        let ids: Vec<_> = found.iter().map(id).collect();
        let mut masks = sight.tx.masked(RecordKind::Referral, &ids)?;
        let caller = sight.caller;
        Ok(params.list(sight.app, caller, found, id, |referral| {
            let masked = masks.remove(&referral.value.id.as_uuid());
            ReferralView::new(referral, caller).with_masks(masked)
        }))
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
