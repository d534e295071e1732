use actix_web::post;
use bangfu_domain::{
    case::ConsentSigner,
    evidence::ConsentPurpose,
    ids::{CaseId, PersonId},
    invalid::Invalid,
    time::Day,
};
use bangfu_persistence::WorkError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems, refuse},
    evidence_view::MemberConsentView,
    take::{add, take},
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Id, Outcome, Parse, Reply, Validation},
    problem::{Code, Problem},
};

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

/// A consent, parsed.
pub struct Consent {
    person: PersonId,
    purposes: Vec<ConsentPurpose>,
    signed_on: Day,
    signer: ConsentSigner,
}

impl Parse for RecordConsent {
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
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = MemberConsentView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/consents")]
pub async fn record_consent(
    request: ApiRequest,
    id: Id<CaseId>,
    body: Body<RecordConsent>,
) -> Answer {
    request
        .change("case.consent", body, move |deed, it| {
            let (case, on) = take(deed, id.0, Action::RecordCase, Condition::None)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.record_consent(
                &mut ctx,
                it.person,
                &it.purposes,
                it.signed_on,
                it.signer,
            );
            let (stage, after) = add(deed, &case, &on, decided.map(|(_, decision)| decision))?;
            let consent = after.value.evidence.consents.last();
            let view = consent.map(MemberConsentView::from);
            let view = view.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let reply = Reply::created(format!("/v1/cases/{}", id.0), after.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}
