//! Opening a case for a worker who applies.

use actix_web::post;
use bangfu_app::use_cases::cases::{self, PartyInput};
use bangfu_domain::name::PersonName;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    CaseView,
};
use crate::edge::{ApiRequest, OldBody, OldParse, Validation, created};

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

impl OldParse for OpenCase {
    type Command = cases::OpenCase;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        let name = validation.parse("/worker/name", &self.worker.name, PersonName::parse);
        let number = self.worker.identity_number.as_deref();
        let number = validation.identity_number("/worker/identity_number", number);
        let at = "/worker".to_owned();
        let worker = PartyInput { at, person: None, name: Some(name?), identity_number: number? };
        Some(cases::OpenCase { organization: organization?, worker })
    }
}

/// Open a case for a household that applies by itself
///
/// One household has one case: 409 `active_case_exists` where an active case holds the worker.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = OpenCase,
    responses((status = 201, body = CaseView, description = "Opened"), WriteProblems))]
#[post("/cases")]
pub async fn open_case(request: ApiRequest, body: OldBody<OpenCase>) -> Answer {
    request.execute_with("case.open", body, cases::open, created::<CaseView, _>).await
}
