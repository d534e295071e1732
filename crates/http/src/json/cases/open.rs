use actix_web::post;
use bangfu_domain::{
    case::Case, ids::OrganizationId, name::PersonName, organization::Organization,
};
use bangfu_persistence::WorkError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems, refuse},
    CaseView,
    take::hide_other_case,
    who::{self, Identities, PartyInput},
};
use crate::{
    access::{Action, Place, Resource},
    edge::{ApiRequest, Body, Outcome, Parse, Reply, Validation, staged},
    problem::Problem,
};

/// A worker who applies.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantBody {
    /// The name.
    #[validate(length(max = 50))]
    #[schema(example = "陈涛", max_length = 50)]
    pub name: String,
    /// The identity number, where it is known.
    #[schema(example = "340711199211130451")]
    pub identity_number: Option<String>,
}

/// An application that came without a referral: somebody came to the office.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCase {
    /// The organization that works on it.
    pub organization_id: String,
    /// The hardship worker.
    #[validate(nested)]
    pub worker: ApplicantBody,
}

impl Parse for OpenCase {
    type Command = (OrganizationId, PartyInput);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        let name = validation.parse("/worker/name", &self.worker.name, PersonName::parse);
        let number = self.worker.identity_number.as_deref();
        let number = validation.identity_number("/worker/identity_number", number);
        let at = "/worker".to_owned();
        let named = PartyInput { at, person: None, name: Some(name?), identity_number: number? };
        Some((organization?, named))
    }
}

/// Open a case for a household that applies by itself
///
/// One household has one case: 409 `active_case_exists` where an active case holds the worker.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = OpenCase,
    responses((status = 201, body = CaseView, description = "Opened"), WriteProblems))]
#[post("/cases")]
pub async fn open_case(request: ApiRequest, body: Body<OpenCase>) -> Answer {
    request
        .change("case.open", body, |deed, (organization, named)| {
            let unknown = || refuse(Problem::unknown_reference("/organization_id"));
            let found = deed.tx.find::<Organization>(*organization)?.ok_or_else(unknown)?;
            let on = Resource::Organization(Place::from(&found.value));
            let sight = deed.sight();
            if !sight.permits(Action::ViewOrganization, &on) {
                return Err(unknown());
            }
            sight.require(Action::OpenCase, &on).map_err(WorkError::Refused)?;
            let worker = who::find(deed, &Identities::new(), named)?;
            let numbers: Vec<_> = worker.identity_number().cloned().into_iter().collect();
            let held_by = deed.tx.cases_holding(&numbers)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (case, decision) = match Case::apply(&mut ctx, *organization, &worker, &held_by) {
                Ok(opened) => opened,
                Err(rejection) => return Err(hide_other_case(deed, rejection)?.into()),
            };
            let stage = deed.stage(decision)?;
            let view = CaseView::from(staged::<Case>(&stage, case)?);
            let reply = Reply::created(format!("/v1/cases/{case}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}
