//! Events of a referral.

use bangfu_domain::{
    ids::{OrganizationId, ReferralId, SourceId},
    referral::{
        DeclineReason, Progress, ReferralAccepted, ReferralAcknowledged, ReferralDeclined, ReferralEvent,
        ReferralProgressed, ReferralReceived, ReferralWithdrawn,
    },
    relation::Relation,
    vault::Group,
};

use super::{case, commitment};
use crate::common::{consent, id, person};

pub const HISTORIES: &[&str] =
    &["received! accepted! progressed acknowledged!", "received declined!", "received withdrawn!"];

pub fn events() -> Vec<ReferralEvent> {
    let referral = id(ReferralId::from_uuid, 80);
    let organization = id(OrganizationId::from_uuid, 2);
    let (patient, worker, caseworker) = (person(10), person(11), person(92));
    let received = ReferralReceived {
        referral,
        source: id(SourceId::from_uuid, 50),
        organization,
        relation: Relation::Spouse,
        consent: Some(consent()),
        documents: vec![commitment(referral, Group::Identity, 1)],
    };
    let accepted = ReferralAccepted {
        case: case(),
        patient,
        worker,
        accepted_by: caseworker,
        documents: vec![commitment(patient, Group::Health, 2), commitment(worker, Group::Identity, 2)],
    };
    let reason = DeclineReason::OutsideCity;
    let declined = ReferralDeclined { reason, declined_by: caseworker };
    vec![
        ReferralEvent::Received(received),
        ReferralEvent::Accepted(accepted),
        ReferralEvent::Declined(declined),
        ReferralEvent::Withdrawn(ReferralWithdrawn {}),
        ReferralEvent::Progressed(ReferralProgressed { progress: Progress::OnHold }),
        ReferralEvent::Acknowledged(ReferralAcknowledged { version: 3 }),
    ]
}
