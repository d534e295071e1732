//! Recording the consents of household members.

use actix_web::post;
use bangfu_app::use_cases::cases::{self, Consent};
use bangfu_domain::{evidence::ConsentPurpose, ids::CaseId, invalid::Invalid};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    evidence_view::{MemberConsentView, recorded},
};
use crate::edge::{ApiRequest, Id, OldBody, OldParse, Validation};

/// A consent that a member, or a guardian for them, signed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConsent {
    /// The member whose data it is about.
    pub person_id: String,
    /// For what: `processing`, `sensitive`, `comparison`, `publication`, `feedback`.
    #[schema(example = json!(["processing", "sensitive", "comparison"]))]
    pub purposes: Vec<String>,
    /// The day of the signature.
    #[schema(example = "2021-03-03")]
    pub signed_on: String,
    /// `self` or `guardian`.
    #[schema(example = "self")]
    pub signer: String,
}

impl OldParse for RecordConsent {
    type Command = Consent;

    const LISTS: &'static [&'static str] = &["/purposes"];

    fn parse(self, validation: &mut Validation) -> Option<Consent> {
        let person = validation.parse("/person_id", &self.person_id, str::parse);
        if self.purposes.len() > ConsentPurpose::ALL.len() {
            validation.refuse("/purposes", Invalid::OutOfRange);
        }
        let purposes: Vec<_> = self
            .purposes
            .iter()
            .enumerate()
            .map(|(i, purpose)| validation.parse(&format!("/purposes/{i}"), purpose, str::parse))
            .collect();
        let signed_on = validation.past_day("/signed_on", &self.signed_on);
        let signer = validation.parse("/signer", &self.signer, str::parse);
        Some(Consent {
            person: person?,
            purposes: purposes.into_iter().collect::<Option<_>>()?,
            signed_on: signed_on?,
            signer: signer?,
        })
    }
}

/// Record a member's consent
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RecordConsent,
    responses((status = 201, body = MemberConsentView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/consents")]
pub async fn record_consent(request: ApiRequest, id: Id<CaseId>, body: OldBody<RecordConsent>) -> Answer {
    request
        .execute_with(
            "case.consent",
            body,
            move |work, consent| cases::record_consent(work, id.0, consent),
            recorded::<MemberConsentView, _>,
        )
        .await
}
