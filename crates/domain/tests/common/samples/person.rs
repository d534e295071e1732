//! Events of a person.

use bangfu_domain::{
    person::{PersonEvent, PersonIdentified, PersonJoinedStaff, PersonRegistered},
    vault::Group,
};

use super::commitment;
use crate::common::person;

pub const HISTORIES: &[&str] = &["registered! joined_staff! identified"];

pub fn events() -> Vec<PersonEvent> {
    let staff = person(90);
    vec![
        PersonEvent::Registered(PersonRegistered {
            person: staff,
            staff: false,
            documents: vec![commitment(staff, Group::Identity, 1), commitment(staff, Group::Contact, 1)],
        }),
        PersonEvent::JoinedStaff(PersonJoinedStaff {}),
        PersonEvent::Identified(PersonIdentified { documents: vec![commitment(person(10), Group::Identity, 2)] }),
    ]
}

/// No command is given to one that exists.
pub const TRANSITIONS: Option<fn() -> String> = None;
