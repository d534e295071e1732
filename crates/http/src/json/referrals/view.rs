use bangfu_domain::referral::{Narrative, ReferralDocuments};
use bangfu_domain::{
    actor::Actor,
    ids::{PersonId, ReferralId},
    referral::{Referral, ReferralCommand, ReferralState},
    rejection::Rejection,
    source::Source,
    vault::Group,
};
use bangfu_persistence::{Loaded, Masked, Opened, WorkError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    access::{Action, Resource},
    auth::Caller,
    edge::{Deed, Sight},
    problem::{Code, Problem},
};

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
    pub told: bool,
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

impl ReferralView {
    /// The referral as `caller` may see it. Of a case a machine sees the progress only.
    pub fn new(loaded: Loaded<Referral>, caller: &Caller) -> Self {
        let it = loaded.value;
        let staff = matches!(caller.actor, Actor::Person { .. });
        let mut view = Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            progress: None,
            decline_reason: None,
            source_id: it.source.to_string(),
            organization_id: it.organization.to_string(),
            relation: it.relation.code(),
            consent: it
                .consent
                .map(|c| ConsentView { day: c.signed_on.to_string(), signer: c.signer.code() }),
            received_at: loaded.created_at.to_string(),
            updated_at: loaded.updated_at.to_string(),
            acknowledged_version: it.acknowledged,
            told: it.is_told(),
            case_id: None,
            patient_id: None,
            worker_id: None,
            masked: None,
            allowed_actions: None,
        };
        match it.state {
            ReferralState::Received | ReferralState::Withdrawn => {}
            ReferralState::Declined { reason } => view.decline_reason = Some(reason.code()),
            ReferralState::Accepted { case, patient, worker, progress } => {
                view.progress = Some(progress.code());
                if staff {
                    view.case_id = Some(case.to_string());
                    view.patient_id = Some(patient.to_string());
                    view.worker_id = Some(worker.to_string());
                }
            }
        }
        view
    }

    /// With its masked forms.
    #[must_use]
    pub fn with_masks(mut self, masked: Option<Masked>) -> Self {
        self.masked = masked.map(|groups| serde_json::json!(groups));
        self
    }

    /// With what the caller may do.
    #[must_use]
    pub fn with_actions(mut self, allowed: Vec<&'static str>) -> Self {
        self.allowed_actions = Some(allowed);
        self
    }
}

/// What the access policies ask about a referral.
pub fn referral_resource(
    sight: &mut Sight<'_, '_>,
    referral: &Referral,
) -> Result<Resource, Problem> {
    let gone = || Problem::new(Code::Internal);
    let source = sight.tx.find::<Source>(referral.source)?.ok_or_else(gone)?.value;
    Ok(Resource::Referral(sight.place(referral.organization)?, source.id, source.kind))
}

/// What the caller may do with a referral now.
pub fn allowed_actions(
    sight: &Sight<'_, '_>,
    referral: &Referral,
    on: &Resource,
) -> Vec<&'static str> {
    let action = |command: ReferralCommand| match command {
        ReferralCommand::Accept => Action::AcceptReferral,
        ReferralCommand::Decline => Action::DeclineReferral,
        ReferralCommand::Withdraw => Action::WithdrawReferral,
        ReferralCommand::Acknowledge => Action::AcknowledgeReferral,
    };
    let commands = ReferralCommand::ALL.iter().copied();
    commands
        .filter(|command| referral.permits(*command) && sight.permits(action(*command), on))
        .map(ReferralCommand::code)
        .collect()
}

/// A rejection, with what the caller may do instead.
pub fn explain(
    deed: &mut Deed<'_, '_>,
    referral: &Referral,
    on: &Resource,
    rejection: Rejection,
) -> WorkError<Problem> {
    let allowed = allowed_actions(&deed.sight(), referral, on);
    WorkError::Refused(Problem::from(rejection).with("allowed_actions", allowed))
}

/// The people known by the identity numbers that a referral names, opened for comparison and not to be
/// shown: nobody acts on a matter of their own.
pub fn concerned(
    deed: &mut Deed<'_, '_>,
    referral: ReferralId,
) -> Result<Vec<PersonId>, WorkError<Problem>> {
    let named = documents(deed.tx.open_documents(referral, &[Group::Identity])?)?;
    let mut known = Vec::new();
    for number in named.identity_numbers() {
        known.extend(deed.tx.person_by_number(&number)?);
    }
    Ok(known)
}

/// Opened documents as typed values.
pub fn documents(mut opened: Opened) -> Result<ReferralDocuments, WorkError<Problem>> {
    let identity = take(&mut opened, Group::Identity)?;
    Ok(ReferralDocuments {
        identity: identity.ok_or_else(damaged)?,
        contact: take(&mut opened, Group::Contact)?,
        health: take(&mut opened, Group::Health)?,
        money: take(&mut opened, Group::Money)?,
        narrative: take::<Narrative>(&mut opened, Group::Narrative)?,
    })
}

fn take<T: DeserializeOwned>(
    opened: &mut Opened,
    group: Group,
) -> Result<Option<T>, WorkError<Problem>> {
    let value = opened.remove(&group);
    value.map(|value| serde_json::from_value(value).map_err(|_| damaged())).transpose()
}

fn damaged() -> WorkError<Problem> {
    tracing::error!("a sealed document has not the form of its type");
    WorkError::Refused(Problem::new(Code::Internal))
}
