//! The funds that may pay for the reliefs of a household.

use actix_web::{HttpResponse, get};
use bangfu_app::use_cases::{funds::Funded, reliefs};
use bangfu_domain::{
    fund::{Fund, FundSource},
    hardship::AidType,
    ids::{CaseId, FundId, OrganizationId},
    organization::Title,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{Answer, problems::ReadProblems};
use crate::edge::{ApiRequest, Id, Yuan};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_usable_funds);
}

/// A fund that may pay for the household's reliefs.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsableFund {
    /// Its id.
    pub id: FundId,
    /// The organization that spends it: the one in charge of the case, or one above it.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: Title,
    /// Where its money comes from.
    pub source: FundSource,
    /// The year of the grant.
    pub year: i16,
    /// The kinds of aid that it may pay.
    pub aid_types: Vec<AidType>,
    /// What may still be promised.
    pub available: Yuan,
}

impl From<&Funded<Versioned<Fund>>> for UsableFund {
    fn from(it: &Funded<Versioned<Fund>>) -> Self {
        let fund = &it.fund.value;
        Self {
            id: fund.id,
            organization_id: fund.organization,
            name: fund.name.clone(),
            source: fund.source,
            year: fund.year,
            aid_types: fund.aid_types.clone(),
            available: it.balance.available.into(),
        }
    }
}

/// The funds that may pay for the household's reliefs.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsableFunds {
    /// The funds of the organization in charge and of those above it, and of no later year than this.
    pub items: Vec<UsableFund>,
}

/// List the funds that may pay for a household's reliefs
///
/// For those who draft or approve its reliefs: also funds of organizations above, which they do not see otherwise.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    responses((status = 200, body = UsableFunds, description = "The funds"), ReadProblems))]
#[get("/cases/{id}/funds")]
pub async fn list_usable_funds(request: ApiRequest, id: Id<CaseId>) -> Answer {
    let funds = request.read(move |ctx| reliefs::usable_funds(ctx, id.0));
    let items = funds.await?.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(UsableFunds { items }))
}
