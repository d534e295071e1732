//! Recording the consents of household members.

use actix_web::post;
use bangfu_app::use_cases::cases::{self, Consent};
use bangfu_domain::{
    case::ConsentSigner,
    evidence::ConsentPurpose,
    ids::{CaseId, PersonId},
    invalid::Invalid,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    evidence_view::{MemberConsentView, recorded},
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, PastDay, Validation, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(record_consent);
}

input! {
    /// A consent that a member, or a guardian for them, signed.
    pub struct RecordConsent {
        /// The member whose data it is about.
        pub person_id: PersonId,
        /// For what.
        #[schema(example = json!(["processing", "sensitive", "comparison"]))]
        pub purposes: Vec<ConsentPurpose>,
        /// The day of the signature.
        #[schema(example = "2021-03-03")]
        pub signed_on: PastDay,
        /// Who signed.
        #[schema(example = "self")]
        pub signer: ConsentSigner,
    }
}

impl IntoCommand for RecordConsent {
    type Command = Consent;

    fn into_command(self, validation: &mut Validation) -> Option<Consent> {
        let Self { person_id: person, purposes, signed_on: PastDay(signed_on), signer } = self;
        if purposes.len() > ConsentPurpose::ALL.len() {
            validation.refuse("/purposes", Invalid::OutOfRange);
        }
        Some(Consent { person, purposes, signed_on, signer })
    }
}

/// Record a member's consent
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RecordConsent,
    responses((status = 201, body = MemberConsentView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/consents")]
pub async fn record_consent(request: ApiRequest, id: Id<CaseId>, body: Body<RecordConsent>) -> Answer {
    request
        .execute_with(
            body,
            move |work, consent| cases::record_consent(work, id.0, consent),
            recorded::<MemberConsentView, _>,
        )
        .await
}
