//! Sources of referrals 来源: institutions that find workers in hardship and tell the union.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision},
    event::stream_events,
    ids::{OrganizationId, SourceId},
    organization::Title,
    stream::StreamKind,
};

codes! {
    /// What kind of source it is.
    SourceKind {
        /// A hospital 医院.
        Hospital = "hospital" ("Hospital", "医院"),
        /// The 12351 hotline 职工服务热线.
        Hotline = "hotline" ("12351 hotline", "职工服务热线"),
        /// A grassroots union 基层工会.
        GrassrootsUnion = "grassroots_union" ("Grassroots union", "基层工会"),
    }
}

stream_events! {
    /// What happens to a source.
    SourceEvent {
        /// It was registered.
        Registered(SourceRegistered) = "source.registered" v 1,
    }
}

/// Payload of `source.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRegistered {
    pub source: SourceId,
    pub kind: SourceKind,
    pub name: Title,
    /// Who receives its referrals where they name no organization.
    pub organization: OrganizationId,
}

/// A source of referrals. A referral is identified by (source, source reference), whichever client sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: SourceId,
    pub kind: SourceKind,
    pub name: Title,
    /// Who receives its referrals where they name no organization.
    pub organization: OrganizationId,
}

impl Source {
    /// Makes a source known.
    pub fn register(
        ctx: &mut Context<'_>,
        kind: SourceKind,
        name: Title,
        organization: OrganizationId,
    ) -> (SourceId, Decision) {
        let source = ctx.id(SourceId::from_uuid);
        let mut decision = Decision::default();
        decision.record(source, SourceEvent::Registered(SourceRegistered { source, kind, name, organization }));
        (source, decision)
    }
}

impl Aggregate for Source {
    const KIND: StreamKind = StreamKind::Source;
    const FORM: u32 = 1;
    type Event = SourceEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &SourceEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, SourceEvent::Registered(e)) => {
                Ok(Self { id: e.source, kind: e.kind, name: e.name.clone(), organization: e.organization })
            }
            (Some(_), _) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }
}
