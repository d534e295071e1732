//! Referrals as the API shows them.

use std::collections::BTreeMap;

use bangfu_app::{
    Names,
    use_cases::referrals::{Audience, VisibleReferral},
};
use bangfu_domain::{
    ids::{CaseId, PersonId, ReferralId},
    referral::{DeclineReason, Progress, ReferralCommand, ReferralState, ReferralStateKind, Signer},
    relation::Relation,
    time::{Day, Instant},
    vault::{Group, MaskedValues},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::refs::{OrganizationRef, SourceRef};
use crate::edge::{Present, views};

/// A consent, as far as it is not sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentView {
    /// The day of the signature.
    pub day: Day,
    /// Who signed.
    pub signer: Signer,
}

/// A referral.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
pub struct ReferralView {
    /// Its id.
    pub id: ReferralId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: ReferralStateKind,
    /// Once accepted: how far its case is.
    pub progress: Option<Progress>,
    /// Once declined: why.
    pub decline_reason: Option<DeclineReason>,
    /// Whose referral it is.
    pub source: SourceRef,
    /// The organization that received it.
    pub organization: OrganizationRef,
    /// What the patient is to the hardship worker.
    pub relation: Relation,
    /// The consent.
    pub consent: Option<ConsentView>,
    /// When it was received.
    pub received_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// The highest version that the referrer acknowledged.
    pub acknowledged_version: Option<u32>,
    /// Whether the referrer acknowledged the end.
    pub outcome_acknowledged: bool,
    /// The case; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The patient as a person; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<PersonId>,
    /// The hardship worker as a person; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<PersonId>,
    /// Masked forms of what is sealed, by group; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<BTreeMap<Group, MaskedValues>>,
    /// What this caller may do with it now; only on the single referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ReferralCommand>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    ReferralView at "/v1/referrals";
}

impl Present<VisibleReferral> for ReferralView {
    fn of(visible: &VisibleReferral, names: &mut Names) -> Self {
        let VisibleReferral { referral, audience, masked, allowed } = visible;
        let it = &referral.value;
        let consent = it.consent.as_ref();
        let mut view = Self {
            id: it.id,
            version: referral.version,
            state: it.state.kind(),
            progress: None,
            decline_reason: None,
            source: SourceRef::of(&it.source, names),
            organization: OrganizationRef::of(&it.organization, names),
            relation: it.relation,
            consent: consent.map(|it| ConsentView { day: it.signed_on, signer: it.signer }),
            received_at: referral.created_at,
            updated_at: referral.updated_at,
            acknowledged_version: it.acknowledged,
            outcome_acknowledged: it.is_outcome_acknowledged(),
            case_id: None,
            patient_id: None,
            worker_id: None,
            masked: masked.clone(),
            allowed_actions: allowed.clone(),
        };
        match it.state {
            ReferralState::Received | ReferralState::Withdrawn => {}
            ReferralState::Declined { reason } => view.decline_reason = Some(reason),
            ReferralState::Accepted { case, patient, worker, progress } => {
                view.progress = Some(progress);
                match audience {
                    Audience::Staff => {
                        view.case_id = Some(case);
                        view.patient_id = Some(patient);
                        view.worker_id = Some(worker);
                    }
                    Audience::Referrer => {}
                }
            }
        }
        view
    }
}
