//! The funds that may pay for the reliefs of a household.

use actix_web::get;
use bangfu_app::{
    Names,
    use_cases::{funds::Funded, reliefs},
};
use bangfu_domain::{
    fund::{Fund, FundSource},
    hardship::AidType,
    ids::{CaseId, FundId},
    organization::Title,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::refs::OrganizationRef;
use super::super::{Answer, problems::ReadProblems};
use crate::edge::{ApiRequest, Id, Present, Yuan};

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
    pub organization: OrganizationRef,
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

impl Present<Funded<Versioned<Fund>>> for UsableFund {
    fn of(it: &Funded<Versioned<Fund>>, names: &mut Names) -> Self {
        let fund = &it.fund.value;
        Self {
            id: fund.id,
            organization: OrganizationRef::of(&fund.organization, names),
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

impl Present<Vec<Funded<Versioned<Fund>>>> for UsableFunds {
    fn of(it: &Vec<Funded<Versioned<Fund>>>, names: &mut Names) -> Self {
        Self { items: Vec::of(it.as_slice(), names) }
    }
}

/// List the funds that may pay for a household's reliefs
///
/// For those who draft or approve its reliefs: also funds of organizations above, which they do not see otherwise.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    responses((status = 200, body = UsableFunds, description = "The funds"), ReadProblems))]
#[get("/cases/{id}/funds")]
pub async fn list_usable_funds(request: ApiRequest, id: Id<CaseId>) -> Answer {
    request.answer::<UsableFunds, _>(move |ctx| reliefs::usable_funds(ctx, id.0)).await
}
