//! Reading payment batches, one and as a list.

use actix_web::get;
use bangfu_app::use_cases::batches;
use bangfu_domain::{batch::BatchState, ids::BatchId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::ReadProblems},
    BatchView,
};
use crate::{
    edge::{ApiRequest, Id, List, ListParams, Params},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_batches).service(get_batch);
}

/// Read a payment batch
///
/// With its lines and what you may do.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    responses((status = 200, body = BatchView, description = "The batch"), ReadProblems))]
#[get("/payment-batches/{id}")]
pub async fn get_batch(request: ApiRequest, id: Id<BatchId>) -> Answer {
    request.show::<BatchView, _>(move |ctx| batches::get(ctx, id.0)).await
}

/// Which payment batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchParams {
    /// Only those in this state.
    pub state: Option<BatchState>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl BatchParams {
    fn parse(self) -> Result<(Option<BatchState>, ListParams), Problem> {
        let filters = format!("payment-batches/{:?}", self.state);
        Ok((self.state, ListParams::new(self.limit, self.cursor, filters)?))
    }
}

/// List payment batches
#[utoipa::path(tag = "payments", security(("bearer" = [])), params(BatchParams),
    responses((status = 200, body = List<BatchView>, description = "A page"), ReadProblems))]
#[get("/payment-batches")]
pub async fn list_batches(request: ApiRequest, params: Params<BatchParams>) -> Answer {
    let (state, params) = params.0.parse()?;
    request.list::<BatchView, _>(params, move |ctx, page| batches::list(ctx, state, page)).await
}
