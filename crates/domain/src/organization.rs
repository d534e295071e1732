//! The union's tree of organizations 工会组织.

use serde::{Deserialize, Serialize};

pub use crate::{level::OrganizationLevel, text::Title};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    credit_code::CreditCode,
    decision::{Context, Decision, RejectionContext},
    division::Division,
    event::stream_events,
    ids::OrganizationId,
    rejection::{Cause, Rejection},
    stream::StreamKind,
};

stream_events! {
    /// What happens to an organization.
    OrganizationEvent {
        /// It was entered into the tree.
        Registered(OrganizationRegistered) = "organization.registered" v 1,
        /// It was given another name.
        Renamed(OrganizationRenamed) = "organization.renamed" v 1,
    }
}

/// Payload of `organization.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRegistered {
    pub organization: OrganizationId,
    /// The organizations above it, the city first.
    pub ancestors: Vec<OrganizationId>,
    pub level: OrganizationLevel,
    pub name: Title,
    /// The administrative division, where it has one (GB/T 2260); 市直 and 开发区 have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub division: Option<Division>,
    /// Its unified social credit code (GB 32100).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credit_code: Option<CreditCode>,
}

/// Payload of `organization.renamed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRenamed {
    pub name: Title,
}

/// A union organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub id: OrganizationId,
    /// The organizations above it, the city first.
    pub ancestors: Vec<OrganizationId>,
    pub level: OrganizationLevel,
    pub name: Title,
    pub division: Option<Division>,
    pub credit_code: Option<CreditCode>,
}

/// What is said of a new organization.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    pub level: OrganizationLevel,
    pub name: Title,
    pub division: Option<Division>,
    pub credit_code: Option<CreditCode>,
}

codes! {
    /// A command on an existing organization.
    OrganizationCommand {
        /// Give it another name.
        Rename = "rename" ("Rename", "更名"),
    }
}

impl Organization {
    /// The organization directly above.
    pub fn parent(&self) -> Option<OrganizationId> {
        self.ancestors.last().copied()
    }

    /// Whether this is `other` or lies below it.
    pub fn is_at_or_below(&self, other: OrganizationId) -> bool {
        self.id == other || self.ancestors.contains(&other)
    }

    /// Its division, or that of the nearest organization above it that has one. `above` are those above it.
    pub fn nearest_division(&self, above: &[Self]) -> Option<Division> {
        let of = |id: &OrganizationId| above.iter().find(|it| it.id == *id)?.division;
        self.division.or_else(|| self.ancestors.iter().rev().find_map(of))
    }

    /// Enters a new organization into the tree, below `parent`.
    pub fn register(
        ctx: &mut Context<'_>,
        parent: &Organization,
        new: NewOrganization,
    ) -> Result<(OrganizationId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Organization, state: "none", command: "register" };
        rejection.unless(new.level.is_below(parent.level), Cause::LevelNotBelow)?;
        let mut ancestors = parent.ancestors.clone();
        ancestors.push(parent.id);
        let mut decision = Decision::default();
        let id = enter(ctx, &mut decision, ancestors, new);
        Ok((id, decision))
    }

    /// Gives it another name, as when two units become one 机构更名.
    pub fn rename(&self, name: Title) -> Decision {
        let mut decision = Decision::default();
        let renamed = OrganizationEvent::Renamed(OrganizationRenamed { name });
        decision.record(self.id, renamed);
        decision
    }
}

/// Records the event that enters an organization; the rules are the caller's.
pub(crate) fn enter(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    ancestors: Vec<OrganizationId>,
    new: NewOrganization,
) -> OrganizationId {
    let id = ctx.id(OrganizationId::from_uuid);
    let NewOrganization { level, name, division, credit_code } = new;
    decision.record(
        id,
        OrganizationEvent::Registered(OrganizationRegistered {
            organization: id,
            ancestors,
            level,
            name,
            division,
            credit_code,
        }),
    );
    id
}

impl Aggregate for Organization {
    const KIND: StreamKind = StreamKind::Organization;
    const FORM: u32 = 1;
    type Event = OrganizationEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &OrganizationEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, OrganizationEvent::Registered(e)) => Ok(Self {
                id: e.organization,
                ancestors: e.ancestors.clone(),
                level: e.level,
                name: e.name.clone(),
                division: e.division,
                credit_code: e.credit_code.clone(),
            }),
            (Some(organization), OrganizationEvent::Renamed(e)) => Ok(Self { name: e.name.clone(), ..organization }),
            (None, OrganizationEvent::Renamed(_)) | (Some(_), OrganizationEvent::Registered(_)) => {
                Err(InvalidHistory { stream: Self::KIND })
            }
        }
    }
}
