//! What happens to a referral, as the journal keeps it.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    event::stream_events,
    ids::{CaseId, OrganizationId, PersonId, ReferralId, SourceId},
    referral::{Particulars, Progress},
    relation::Relation,
    time::Day,
    vault::Commitment,
};

codes! {
    /// Who signed a consent.
    Signer {
        /// The patient 本人.
        Patient = "patient" ("Patient", "患者本人"),
        /// The guardian of a minor or of an adult without capacity 监护人.
        Guardian = "guardian" ("Guardian", "监护人"),
    }
}

codes! {
    /// Why a referral was declined. That a case exists already is never given as a reason to referrers.
    DeclineReason {
        /// Neither worker nor union member 不属于职工.
        NotAWorker = "not_a_worker" ("Not a worker", "不属于职工"),
        /// Lives and works in another city 不属于本市.
        OutsideCity = "outside_city" ("Outside the city", "不属于本市"),
        /// Nobody could be reached 联系不上.
        Unreachable = "unreachable" ("Cannot be reached", "联系不上"),
        /// The family does not want help 本人放弃.
        HelpNotWanted = "help_not_wanted" ("Help not wanted", "本人放弃"),
        /// Clearly not in hardship 明显不符合条件.
        NotInHardship = "not_in_hardship" ("Not in hardship", "明显不符合条件"),
    }
}

stream_events! {
    /// What happens to a referral.
    ReferralEvent {
        /// It arrived.
        Received(ReferralReceived) = "referral.received" v 1,
        /// It was accepted into a case; its documents went under the keys of the people they concern.
        Accepted(ReferralAccepted) = "referral.accepted" v 1,
        /// It was declined.
        Declined(ReferralDeclined) = "referral.declined" v 1,
        /// The referrer withdrew it.
        Withdrawn(ReferralWithdrawn) = "referral.withdrawn" v 1,
        /// Its case came further, or came to its end.
        Progressed(ReferralProgressed) = "referral.progressed" v 1,
        /// The referrer saw a version of it.
        Acknowledged(ReferralAcknowledged) = "referral.acknowledged" v 1,
    }
}

/// A consent as the journal keeps it: the day and who signed; its reference is in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    pub signed_on: Day,
    pub signer: Signer,
}

/// Payload of `referral.received`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralReceived {
    pub referral: ReferralId,
    pub source: SourceId,
    /// The organization that receives it.
    pub organization: OrganizationId,
    /// What the patient is to the hardship worker.
    pub relation: Relation,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub consent: Option<ConsentGiven>,
    pub documents: Vec<Commitment>,
}

impl ReferralEvent {
    pub(super) fn received(
        (referral, source, organization): (ReferralId, SourceId, OrganizationId),
        particulars: &Particulars,
        documents: Vec<Commitment>,
    ) -> Self {
        let Particulars { relation, consent } = particulars.clone();
        Self::Received(ReferralReceived { referral, source, organization, relation, consent, documents })
    }
}

/// Payload of `referral.accepted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralAccepted {
    pub case: CaseId,
    pub patient: PersonId,
    /// The hardship worker; the same person where the patient is the worker.
    pub worker: PersonId,
    pub accepted_by: PersonId,
    /// Commitments to the values, now one document per person and group.
    pub documents: Vec<Commitment>,
}

/// Payload of `referral.declined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralDeclined {
    pub reason: DeclineReason,
    pub declined_by: PersonId,
}

/// Payload of `referral.withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralWithdrawn {}

/// Payload of `referral.acknowledged`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralAcknowledged {
    pub version: u32,
}

/// Payload of `referral.progressed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralProgressed {
    pub progress: Progress,
}
