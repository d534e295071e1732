use std::collections::HashMap;

use actix_web::{HttpResponse, get};
use bangfu_domain::{
    ids::{CaseId, ReliefId},
    record::RecordRef,
    relief::{Relief, ReliefState},
    vault::Group,
};
use bangfu_persistence::{Loaded, StoreError, query, query::ReliefFilter};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    super::{Answer, problems::ReadProblems},
    ReliefView,
    take::{detailed, relief_resource},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Id, List, ListParams, Params, Sight, resource},
    problem::{Code, Problem},
};

/// Read a relief
///
/// With its instalments and the attempts to pay them, and what you may do. The account is masked.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "The relief"), ReadProblems))]
#[get("/reliefs/{id}")]
pub async fn get_relief(request: ApiRequest, id: Id<ReliefId>) -> Answer {
    let view = request.read("relief.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Relief>(id.0)?.ok_or_else(not_found)?;
        let on = relief_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewRelief, &on)?;
        let mut masks = masks_of(sight, &[&found.value])?;
        let view = detailed(sight, found, &on)?;
        Ok::<_, Problem>(ReliefView { masked: masks.remove(&id.0.as_uuid()), ..view })
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// The masked forms of the accounts that reliefs are paid to.
fn masks_of(
    sight: &mut Sight<'_, '_>,
    reliefs: &[&Relief],
) -> Result<HashMap<Uuid, Value>, StoreError> {
    let present: HashMap<Uuid, u32> =
        reliefs.iter().map(|it| (it.id.as_uuid(), it.account_version)).collect();
    let records: Vec<RecordRef> = reliefs.iter().map(|it| it.id.into()).collect();
    let documents = sight.tx.masked_each(&records, &[Group::Bank])?;
    let present =
        documents.into_iter().filter(|it| present.get(&it.record.id) == Some(&it.version));
    Ok(present.map(|it| (it.record.id, json!({ Group::Bank.code(): it.masked }))).collect())
}

/// Which reliefs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReliefParams {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those of this case.
    pub case_id: Option<String>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ReliefParams {
    fn parse(self) -> Result<(ReliefFilter, ListParams), Problem> {
        let invalid = || Problem::new(Code::InvalidQuery);
        let state: Option<ReliefState> = match self.state.as_deref() {
            None => None,
            Some(state) => Some(state.parse().map_err(|_| invalid())?),
        };
        let case: Option<CaseId> = match self.case_id.as_deref() {
            None => None,
            Some(id) => Some(id.parse().map_err(|_| invalid())?),
        };
        let filters = format!("reliefs/{state:?}/{case:?}");
        let params = ListParams::new(self.limit, self.cursor, filters)?;
        Ok((ReliefFilter { state: state.map(|it| it.code().to_owned()), case }, params))
    }
}

/// List reliefs
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), params(ReliefParams),
    responses((status = 200, body = List<ReliefView>, description = "A page"), ReadProblems))]
#[get("/reliefs")]
pub async fn list_reliefs(request: ApiRequest, params: Params<ReliefParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    let list = request.read("relief.list", move |sight| {
        let thing = |place, _| Resource::Relief(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewRelief, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::reliefs(sight.tx, &scope, &filter, page)?;
        let reliefs: Vec<&Relief> = found.iter().map(|it| &it.value).collect();
        let mut masks = masks_of(sight, &reliefs)?;
        let id = |it: &Loaded<Relief>| it.value.id.as_uuid();
        Ok::<_, Problem>(params.list(sight.app, sight.caller, found, id, |relief| {
            let masked = masks.remove(&relief.value.id.as_uuid());
            ReliefView { masked, ..ReliefView::from(relief) }
        }))
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
