//! Opening a case for a worker who applies.

use actix_web::post;
use bangfu_app::use_cases::cases::{self, PartyInput};
use bangfu_domain::{identity_number::IdentityNumber, ids::OrganizationId, name::PersonName};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    CaseView,
};
use crate::edge::{ApiRequest, Body, IntoCommand, Validation, created, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open_case);
}

input! {
    /// A worker who applies.
    pub struct ApplicantBody {
        /// The name.
        #[schema(example = "陈涛")]
        pub name: PersonName,
        /// The identity number, where it is known.
        #[schema(example = "340711199211130451")]
        pub identity_number: Option<IdentityNumber>,
    }

    /// An application that came without a referral: a person came to the office.
    pub struct OpenCase {
        /// The organization that works on it.
        pub organization_id: OrganizationId,
        /// The hardship worker.
        pub worker: ApplicantBody,
    }
}

impl IntoCommand for OpenCase {
    type Command = cases::OpenCase;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        let ApplicantBody { name, identity_number } = self.worker;
        let worker = PartyInput { at: "/worker".to_owned(), person: None, name: Some(name), identity_number };
        Some(cases::OpenCase { organization: self.organization_id, worker })
    }
}

/// Open a case for a household that applies by itself
///
/// One household has one case: 409 `active_case_exists` where an active case holds the worker.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = OpenCase,
    responses((status = 201, body = CaseView, description = "Opened"), WriteProblems))]
#[post("/cases")]
pub async fn open_case(request: ApiRequest, body: Body<OpenCase>) -> Answer {
    request.execute_with(body, cases::open, created::<CaseView, _>).await
}
