//! A referral as its caller may see it.

use bangfu_domain::{actor::Actor, referral::Referral};
use bangfu_persistence::{Masked, Versioned};
use uuid::Uuid;

use crate::{Item, WithAllowedActions, identity::Caller};

/// How much of the course of a referral is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Staff of the union see the case and its people.
    Staff,
    /// A referrer's client sees the progress of the case, and nothing else of it.
    Referrer,
}

impl Audience {
    /// The audience to which a caller belongs.
    pub fn of(caller: &Caller) -> Self {
        match caller.actor {
            Actor::Person { .. } => Self::Staff,
            Actor::Client(_) | Actor::Installer | Actor::System => Self::Referrer,
        }
    }
}

/// A referral, as far as its audience may see it.
#[derive(Debug, Clone)]
pub struct VisibleReferral {
    pub referral: Versioned<Referral>,
    pub audience: Audience,
    /// Masked forms of what is sealed, where they were read.
    pub masked: Option<Masked>,
    /// What the caller may do next, where that was asked.
    pub allowed: Option<Vec<&'static str>>,
}

impl VisibleReferral {
    /// The referral alone.
    pub(super) fn new(caller: &Caller, referral: Versioned<Referral>) -> Self {
        Self { referral, audience: Audience::of(caller), masked: None, allowed: None }
    }

    /// The referral with what the caller may do next.
    pub(super) fn detailed(caller: &Caller, detailed: WithAllowedActions<Referral>) -> Self {
        Self { allowed: Some(detailed.allowed), ..Self::new(caller, detailed.thing) }
    }
}

impl Item for VisibleReferral {
    fn id(&self) -> Uuid {
        self.referral.value.id.as_uuid()
    }
}
