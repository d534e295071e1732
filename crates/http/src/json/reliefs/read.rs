//! Reading reliefs, one and as a list.

use actix_web::get;
use bangfu_app::use_cases::reliefs;
use bangfu_domain::{
    ids::{CaseId, ReliefId},
    relief::ReliefState,
};
use bangfu_persistence::query::ReliefFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::ReadProblems},
    ReliefView,
};
use crate::{
    edge::{ApiRequest, Id, List, ListParams, Params},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_reliefs).service(get_relief);
}

/// Read a relief
///
/// With its instalments and the attempts to pay them, and what you may do. The account is masked.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    responses((status = 200, body = ReliefView, description = "The relief"), ReadProblems))]
#[get("/reliefs/{id}")]
pub async fn get_relief(request: ApiRequest, id: Id<ReliefId>) -> Answer {
    request.show::<ReliefView, _>(move |ctx| reliefs::get(ctx, id.0)).await
}

/// Which reliefs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReliefParams {
    /// Only those in this state.
    pub state: Option<ReliefState>,
    /// Only those of this case.
    pub case_id: Option<CaseId>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ReliefParams {
    fn parse(self) -> Result<(ReliefFilter, ListParams), Problem> {
        let filters = format!("reliefs/{:?}/{:?}", self.state, self.case_id);
        let params = ListParams::new(self.limit, self.cursor, filters)?;
        Ok((ReliefFilter { state: self.state.map(|it| it.code().to_owned()), case: self.case_id }, params))
    }
}

/// List reliefs
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), params(ReliefParams),
    responses((status = 200, body = List<ReliefView>, description = "A page"), ReadProblems))]
#[get("/reliefs")]
pub async fn list_reliefs(request: ApiRequest, params: Params<ReliefParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    request.list::<ReliefView, _>(params, move |ctx, page| reliefs::list(ctx, &filter, page)).await
}
