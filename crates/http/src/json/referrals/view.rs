//! Referrals as the API shows them.

use bangfu_app::use_cases::referrals::{Audience, VisibleReferral};
use bangfu_domain::referral::ReferralState;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::edge::views;

/// A consent, as far as it is not sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentView {
    /// The day of the signature.
    pub day: String,
    /// `patient` or `guardian`.
    pub signer: &'static str,
}

/// A referral.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
pub struct ReferralView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `received`, `accepted`, `declined` or `withdrawn`.
    pub state: &'static str,
    /// Once accepted: `in_progress`, `on_hold`, `completed` or `failed`.
    pub progress: Option<&'static str>,
    /// Once declined: why.
    pub decline_reason: Option<&'static str>,
    /// Whose referral it is.
    pub source_id: String,
    /// The organization that received it.
    pub organization_id: String,
    /// What the patient is to the hardship worker.
    pub relation: &'static str,
    /// The consent.
    pub consent: Option<ConsentView>,
    /// When it was received.
    pub received_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// The highest version that the referrer acknowledged.
    pub acknowledged_version: Option<u32>,
    /// Whether the referrer acknowledged the end.
    pub outcome_acknowledged: bool,
    /// The case; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// The patient as a person; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<String>,
    /// The hardship worker as a person; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<String>,
    /// Masked forms of what is sealed, by group; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
    /// What this caller may do with it now; only on the single referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    ReferralView at "/v1/referrals";
}

impl From<&VisibleReferral> for ReferralView {
    fn from(visible: &VisibleReferral) -> Self {
        let VisibleReferral { referral, audience, masked, allowed } = visible;
        let it = &referral.value;
        let consent = it.consent.as_ref();
        let mut view = Self {
            id: it.id.to_string(),
            version: referral.version,
            state: it.state.code(),
            progress: None,
            decline_reason: None,
            source_id: it.source.to_string(),
            organization_id: it.organization.to_string(),
            relation: it.relation.code(),
            consent: consent.map(|it| ConsentView { day: it.signed_on.to_string(), signer: it.signer.code() }),
            received_at: referral.created_at.to_string(),
            updated_at: referral.updated_at.to_string(),
            acknowledged_version: it.acknowledged,
            outcome_acknowledged: it.is_outcome_acknowledged(),
            case_id: None,
            patient_id: None,
            worker_id: None,
            masked: masked.as_ref().map(|groups| serde_json::json!(groups)),
            allowed_actions: allowed.clone(),
        };
        match it.state {
            ReferralState::Received | ReferralState::Withdrawn => {}
            ReferralState::Declined { reason } => view.decline_reason = Some(reason.code()),
            ReferralState::Accepted { case, patient, worker, progress } => {
                view.progress = Some(progress.code());
                match audience {
                    Audience::Staff => {
                        view.case_id = Some(case.to_string());
                        view.patient_id = Some(patient.to_string());
                        view.worker_id = Some(worker.to_string());
                    }
                    Audience::Referrer => {}
                }
            }
        }
        view
    }
}
