use actix_web::{HttpResponse, get};
use bangfu_domain::{
    batch::{Batch, BatchState},
    ids::BatchId,
};
use bangfu_persistence::{Loaded, query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{Answer, problems::ReadProblems},
    BatchView,
    take::{batch_resource, detailed},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Id, List, ListParams, Params, resource},
    problem::{Code, Problem},
};

/// Read a payment batch
///
/// With its lines and what you may do.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = BatchView, description = "The batch"), ReadProblems))]
#[get("/payment-batches/{id}")]
pub async fn get_batch(request: ApiRequest, id: Id<BatchId>) -> Answer {
    let view = request.read("batch.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Batch>(id.0)?.ok_or_else(not_found)?;
        let on = batch_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewBatch, &on)?;
        Ok::<_, Problem>(detailed(sight, &found, &on)?)
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// Which payment batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchParams {
    /// Only those in this state.
    pub state: Option<String>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List payment batches
#[utoipa::path(tag = "payments", security(("bearer" = [])), params(BatchParams),
    responses((status = 200, body = List<BatchView>, description = "A page"), ReadProblems))]
#[get("/payment-batches")]
pub async fn list_batches(request: ApiRequest, params: Params<BatchParams>) -> Answer {
    let BatchParams { state, limit, cursor } = params.0;
    let known = |state: &str| state.parse::<BatchState>().is_ok();
    if state.as_deref().is_some_and(|state| !known(state)) {
        return Err(Problem::new(Code::InvalidQuery));
    }
    let params = ListParams::new(limit, cursor, format!("payment-batches/{state:?}"))?;
    let list = request.read("batch.list", move |sight| {
        let thing = |place, _| Resource::Batch(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewBatch, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::batches(sight.tx, &scope, state.as_deref(), page)?;
        let id = |it: &Loaded<Batch>| it.value.id.as_uuid();
        let view = |batch: Loaded<Batch>| BatchView::from(&batch);
        Ok::<_, Problem>(params.list(sight.app, sight.caller, found, id, view))
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
