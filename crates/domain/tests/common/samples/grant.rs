//! Events and commands of a grant.

use bangfu_domain::{
    decision::Decision,
    grant::{
        Candidate, Grant, GrantApproved, GrantCommand, GrantEnded, GrantEvent, GrantProposed, GrantRefused, GrantState,
        Holder, NewGrant,
    },
    ids::{GrantId, OrganizationId},
    rejection::Rejection,
    role::Role,
};

use crate::common::{
    day, district, id,
    office::Office,
    person, signed_in,
    table::{Standalone, StandaloneStream, states_and, table},
    today,
};

pub const HISTORIES: &[&str] = &["proposed! approved! ended!", "proposed refused!"];

pub fn events() -> Vec<GrantEvent> {
    let proposed = GrantProposed {
        grant: id(GrantId::from_uuid, 70),
        holder: Holder::Person(person(92)),
        role: Role::Caseworker,
        organization: id(OrganizationId::from_uuid, 2),
        from: today(),
        to: Some(day("2022-03-03")),
        proposed_by: Some(person(90)),
    };
    vec![
        GrantEvent::Proposed(proposed),
        GrantEvent::Approved(GrantApproved { from: today(), approved_by: Some(person(91)) }),
        GrantEvent::Refused(GrantRefused {}),
        GrantEvent::Ended(GrantEnded {}),
    ]
}

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Grant 授权: one administrator proposes it, a second one approves it;\n\
                   one alone refuses it, takes it back or ends it.";
    table::<Standalone<Grant>>(heading)
}

impl StandaloneStream for Grant {
    type Command = GrantCommand;
    const BEGINNING: &'static str = "propose";

    fn states() -> Vec<&'static str> {
        states_and::<GrantState>(&[])
    }

    /// 92 is to become a caseworker. 90 proposes it, and 91 is the second administrator.
    fn begin(office: &mut Office) -> Decision {
        let new = NewGrant {
            candidate: Candidate::Person(person(92)),
            role: Role::Caseworker,
            organization: district().id,
            from: today(),
            to: None,
        };
        Grant::propose(&mut office.ctx(signed_in(90)), new, &[]).unwrap().1
    }

    fn way_to(state: &str) -> &'static [GrantCommand] {
        match state {
            "proposed" => &[],
            "in_force" => &[GrantCommand::Approve],
            "refused" => &[GrantCommand::Refuse],
            "ended" => &[GrantCommand::Approve, GrantCommand::End],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: GrantCommand) -> Result<Decision, Rejection> {
        let ctx = office.ctx(signed_in(91));
        match command {
            GrantCommand::Approve => self.approve(&ctx, &[]),
            GrantCommand::Refuse => self.refuse(&ctx),
            GrantCommand::End => self.end(&ctx, None),
        }
    }

    fn permits_it(&self, command: GrantCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}
