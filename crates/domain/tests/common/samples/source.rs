//! Events of a source.

use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    source::{SourceEvent, SourceKind, SourceRegistered},
};

use crate::common::{id, text};

pub const HISTORIES: &[&str] = &["registered!"];

pub fn events() -> Vec<SourceEvent> {
    vec![SourceEvent::Registered(SourceRegistered {
        source: id(SourceId::from_uuid, 50),
        kind: SourceKind::Hospital,
        name: text("市人民医院"),
        organization: id(OrganizationId::from_uuid, 2),
    })]
}

/// No command is given to one that exists.
pub const TRANSITIONS: Option<fn() -> String> = None;
