//! Events and commands of a referral.

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    ids::{OrganizationId, ReferralId, SourceId},
    referral::{
        Accept, DeclineReason, Destination, Progress, Referral, ReferralAccepted, ReferralAcknowledged,
        ReferralCommand, ReferralDeclined, ReferralEvent, ReferralProgressed, ReferralReceived, ReferralStateKind,
        ReferralWithdrawn,
    },
    rejection::Rejection,
    relation::Relation,
    source::SourceKind,
    vault::Group,
};

use super::{case, commitment};
use crate::common::{
    caseworker, consent, documents, id, new_referral,
    office::Office,
    person, source, street,
    table::{Standalone, StandaloneStream, states_and, table},
};

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

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Referral 线索: a hospital sends it, a caseworker accepts or declines it.";
    table::<Standalone<Referral>>(heading)
}

impl StandaloneStream for Referral {
    type Command = ReferralCommand;
    const BEGINNING: &'static str = "receive";

    fn states() -> Vec<&'static str> {
        states_and::<ReferralStateKind>(&[])
    }

    fn begin(office: &mut Office) -> Decision {
        let (hospital, new) = (source(SourceKind::Hospital), new_referral(80, documents()));
        Referral::receive(&mut office.ctx(Actor::System), &hospital, &new).unwrap()
    }

    fn way_to(state: &str) -> &'static [ReferralCommand] {
        match state {
            "received" => &[],
            "accepted" => &[ReferralCommand::Accept],
            "declined" => &[ReferralCommand::Decline],
            "withdrawn" => &[ReferralCommand::Withdraw],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: ReferralCommand) -> Result<Decision, Rejection> {
        match command {
            ReferralCommand::Accept => {
                let accept = Accept {
                    documents: documents(),
                    known_patient: None,
                    known_worker: None,
                    held_by: Vec::new(),
                    destination: Destination::NewCase(&street()),
                };
                self.accept(&mut office.ctx(caseworker()), accept).map(|(_, decision)| decision)
            }
            ReferralCommand::Decline => {
                let concerned = [person(10), person(11)];
                self.decline(&office.ctx(caseworker()), &concerned, DeclineReason::Unreachable)
            }
            ReferralCommand::Withdraw => self.withdraw(),
            ReferralCommand::Acknowledge => {
                let current = office.version(self.id);
                self.acknowledge(current, current)
            }
        }
    }

    fn permits_it(&self, command: ReferralCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}
