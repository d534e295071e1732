use actix_web::{HttpResponse, get};
use bangfu_domain::{
    case::Case,
    ids::{CaseId, FundId},
};
use bangfu_persistence::query;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{Answer, cases::case_resource, problems::ReadProblems};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Id},
    problem::{Code, Problem},
};

/// A fund that may pay for the household's reliefs.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsableFund {
    /// Its id.
    pub id: String,
    /// The organization that spends it: the one in charge of the case, or one above it.
    pub organization_id: String,
    /// Its name.
    pub name: String,
    /// Where its money comes from.
    pub source: &'static str,
    /// The year of the grant.
    pub year: i16,
    /// The kinds of aid that it may pay.
    pub aid_types: Vec<&'static str>,
    /// What may still be promised, in yuan.
    pub available: String,
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
    params(("id" = String, Path, description = "The case")),
    responses((status = 200, body = UsableFunds, description = "The funds"), ReadProblems))]
#[get("/cases/{id}/funds")]
pub async fn list_usable_funds(request: ApiRequest, id: Id<CaseId>) -> Answer {
    let list = request.read("case.funds", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let case = sight.tx.find::<Case>(id.0)?.ok_or_else(not_found)?;
        let on = case_resource(sight, &case.value)?;
        sight.require_sight(Action::ViewCase, &on)?;
        let place = on.place().clone();
        let approves = sight.permits(Action::ApproveRelief, &Resource::Relief(place.clone()));
        if !approves {
            sight.require(Action::DraftRelief, &on)?;
        }
        let organizations: Vec<_> = place.above.into_iter().chain([place.organization]).collect();
        let year = sight.tx.now().day().year();
        let mut funds = query::funds_of(sight.tx, &organizations)?;
        funds.retain(|fund| fund.value.year <= year);
        let ids: Vec<FundId> = funds.iter().map(|fund| fund.value.id).collect();
        let balances = sight.tx.balances(&ids)?;
        let view = |fund: &bangfu_domain::fund::Fund| UsableFund {
            id: fund.id.to_string(),
            organization_id: fund.organization.to_string(),
            name: fund.name.as_str().to_owned(),
            source: fund.source.code(),
            year: fund.year,
            aid_types: fund.aid_types.iter().map(|it| it.code()).collect(),
            available: balances.get(&fund.id).copied().unwrap_or_default().available.to_string(),
        };
        let items = funds.iter().map(|fund| view(&fund.value)).collect();
        Ok::<_, Problem>(UsableFunds { items })
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
