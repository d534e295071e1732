//! Events of a grant.

use bangfu_domain::{
    grant::{GrantApproved, GrantEnded, GrantEvent, GrantProposed, GrantRefused, Holder},
    ids::{GrantId, OrganizationId},
    role::Role,
};

use crate::common::{day, id, person, today};

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
