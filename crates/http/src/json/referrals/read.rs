//! Reading referrals, one and as a list.

use actix_web::get;
use bangfu_app::{ReadContext, use_cases::referrals};
use bangfu_domain::{
    ids::{ReferralId, SourceId},
    referral::ReferralStateKind,
};
use bangfu_persistence::query::ReferralFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::ReadProblems},
    view::ReferralView,
};
use crate::{
    edge::{ApiRequest, Id, List, ListParams, Params},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_referrals).service(get_referral);
}

/// Read a referral
#[utoipa::path(tag = "referrals", security(("bearer" = [])),
    responses((status = 200, body = ReferralView, description = "The referral"), ReadProblems))]
#[get("/referrals/{id}")]
pub async fn get_referral(request: ApiRequest, id: Id<ReferralId>) -> Answer {
    request.show::<ReferralView, _>(move |ctx| referrals::get(ctx, id.0)).await
}

/// Which referrals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReferralParams {
    /// Only those in this state.
    pub state: Option<ReferralStateKind>,
    /// Only those of this source.
    pub source_id: Option<SourceId>,
    /// `false`: only ended ones whose outcome their referrer has not acknowledged; `true`: those whose outcome it
    /// has.
    pub outcome_acknowledged: Option<bool>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ReferralParams {
    fn parse(self) -> Result<(ReferralFilter, ListParams), Problem> {
        let Self { state, source_id: source, outcome_acknowledged, limit, cursor } = self;
        let params =
            ListParams::new(limit, cursor, format!("referrals/{state:?}/{source:?}/{outcome_acknowledged:?}"))?;
        let state = state.map(|it| it.code().to_owned());
        Ok((ReferralFilter { state, source, outcome_acknowledged }, params))
    }
}

/// List referrals
#[utoipa::path(tag = "referrals", security(("bearer" = [])), params(ReferralParams),
    responses((status = 200, body = List<ReferralView>, description = "A page"), ReadProblems))]
#[get("/referrals")]
pub async fn list_referrals(request: ApiRequest, params: Params<ReferralParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    let list = move |ctx: &mut ReadContext<'_, '_>, page| referrals::list(ctx, &filter, page);
    request.list::<ReferralView, _>(params, list).await
}
