//! Samples of the events of each stream, histories made of them, how its commands are given, and the table of what each
//! state answers to each command. A new event and a new command stand in their stream's file alone; how the commands of
//! a case are given stands in `casework`.
//!
//! A stream's file has one sample of each form of event, with every optional field, and histories in which each form
//! occurs. A history names events in their order. A name means the newest version of the event, and `name.v1` means an
//! older one. The state after an event with a `!` is shown in `golden/states`.

mod account;
pub mod batch;
mod case;
mod client;
mod fund;
mod grant;
mod organization;
mod person;
mod policy;
mod referral;
pub mod relief;
mod source;

use bangfu_domain::{
    case::Remark,
    event::Event,
    ids::{CaseId, RemarkId},
    stream::StreamKind,
    vault::{Commitment, Group, SubjectRef},
};

use super::id;

/// What there is of one kind of stream.
pub struct Samples {
    pub kind: StreamKind,
    pub events: Vec<Event>,
    pub histories: &'static [&'static str],
    /// What each state answers to each command; none where no command is given to one that exists.
    pub transitions: Option<fn() -> String>,
}

macro_rules! samples {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        /// The samples of every kind of stream.
        pub fn samples() -> Vec<Samples> {
            vec![$(Samples {
                kind: StreamKind::$kind,
                events: $module::events().into_iter().map(Event::from).collect(),
                histories: $module::HISTORIES,
                transitions: $module::TRANSITIONS,
            },)+]
        }
    };
}

bangfu_domain::for_each_stream!(samples);

/// A commitment to some values.
fn commitment(subject: impl Into<SubjectRef>, group: Group, version: u32) -> Commitment {
    let hmac = "0123456789abcdef".repeat(4);
    Commitment { subject: subject.into(), group, version, hmac }
}

/// The case of all samples.
fn case() -> CaseId {
    id(CaseId::from_uuid, 81)
}

/// Words about a step of the case or of one of its reliefs.
fn remark(n: u128) -> Remark {
    let remark = id(RemarkId::from_uuid, n);
    Remark { remark, document: commitment(case(), Group::Narrative, 1) }
}
