//! Grants of roles 授权: who may do what, where, and from when to when.
//!
//! Two administrators make a grant, and neither of them for themselves. One alone may end it, as long as two security
//! administrators of the city remain.

use serde::{Deserialize, Serialize};

use crate::{
    account::SECURITY_ADMINISTRATORS_AT_LEAST,
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision, RejectionContext},
    effects::Effects,
    event::stream_events,
    ids::{ClientId, GrantId, OrganizationId, PersonId},
    invalid::Invalid,
    rejection::{Cause, Rejection},
    role::Role,
    separation::AnyDuty,
    source::SourceKind,
    stream::StreamKind,
    time::Day,
};

/// Who holds a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A natural person, with any of their accounts.
    Person(PersonId),
    Client(ClientId),
}

/// A holder with what the rules ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Candidate {
    Person(PersonId),
    /// A machine client and the kind of its source.
    Client(ClientId, Option<SourceKind>),
}

impl Candidate {
    fn holder(self) -> Holder {
        match self {
            Candidate::Person(person) => Holder::Person(person),
            Candidate::Client(client, _) => Holder::Client(client),
        }
    }

    fn can_hold(self, role: Role) -> bool {
        match self {
            Candidate::Person(_) => role != Role::Referrer,
            Candidate::Client(_, source) => role.is_for_machines() && source == role.source_kind(),
        }
    }
}

stream_events! {
    /// What happens to a grant.
    GrantEvent {
        /// One administrator proposed it.
        Proposed(GrantProposed) = "grant.proposed" v 1,
        /// A second administrator approved it.
        Approved(GrantApproved) = "grant.approved" v 1,
        /// An administrator refused it or took it back.
        Refused(GrantRefused) = "grant.refused" v 1,
        /// It was ended before its time.
        Ended(GrantEnded) = "grant.ended" v 1,
    }
}

/// Payload of `grant.proposed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantProposed {
    pub grant: GrantId,
    pub holder: Holder,
    pub role: Role,
    /// For which organization, and those below it.
    pub organization: OrganizationId,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<Day>,
    /// Who proposed it; nobody at installation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proposed_by: Option<PersonId>,
}

/// Payload of `grant.approved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantApproved {
    /// The first day on which it holds: the day proposed, or the day of approval if that is later.
    pub from: Day,
    /// Who approved it; nobody at installation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approved_by: Option<PersonId>,
}

/// Payload of `grant.refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRefused {}

/// Payload of `grant.ended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantEnded {}

codes! {
    /// The state of a grant.
    GrantState {
        /// Waits for a second administrator.
        Proposed = "proposed" ("Proposed", "待批准"),
        /// Holds on the days it names.
        InForce = "in_force" ("In force", "生效"),
        /// Was refused.
        Refused = "refused" ("Refused", "未批准"),
        /// Was ended before its time.
        Ended = "ended" ("Ended", "已终止"),
    }
}

/// A grant of one role for one organization and those below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub id: GrantId,
    pub holder: Holder,
    pub role: Role,
    pub organization: OrganizationId,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    pub to: Option<Day>,
    pub proposed_by: Option<PersonId>,
    pub approved_by: Option<PersonId>,
    pub state: GrantState,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    pub candidate: Candidate,
    pub role: Role,
    pub organization: OrganizationId,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    pub to: Option<Day>,
}

codes! {
    /// A command on an existing grant.
    GrantCommand {
        /// Approve it, as the second administrator.
        Approve = "approve" ("Approve grant", "批准授权"),
        /// Refuse it, or take the proposal back.
        Refuse = "refuse" ("Refuse grant", "不予批准"),
        /// End it at once.
        End = "end" ("End grant", "终止授权"),
    }
}

impl Grant {
    /// Whether the state permits the command.
    pub fn permits(&self, command: GrantCommand) -> bool {
        match command {
            GrantCommand::Approve | GrantCommand::Refuse => self.state == GrantState::Proposed,
            GrantCommand::End => self.state == GrantState::InForce,
        }
    }

    /// Whether this person could give the command now, as far as state and duties go: the second administrator is
    /// neither the first nor the holder.
    pub fn is_open_to(&self, person: Option<PersonId>, command: GrantCommand) -> bool {
        let barred = match command {
            GrantCommand::Approve => person == self.proposed_by || Some(self.holder) == person.map(Holder::Person),
            GrantCommand::Refuse | GrantCommand::End => false,
        };
        self.permits(command) && !barred
    }

    /// Whether the grant gives its power on `day`.
    pub fn holds_on(&self, day: Day) -> bool {
        self.state == GrantState::InForce && self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether one person may not hold this grant and a role on days from `from` to `to`. Refused and ended grants do
    /// not count, proposed ones do.
    fn excludes(&self, role: Role, from: Day, to: Option<Day>) -> bool {
        let stands = matches!(self.state, GrantState::Proposed | GrantState::InForce);
        let overlaps = to.is_none_or(|to| self.from < to) && self.to.is_none_or(|end| from < end);
        stands && overlaps && self.role.excludes(role)
    }

    /// Proposes a grant. It begins today or later. `others` are the holder's other grants.
    pub fn propose(ctx: &mut Context<'_>, new: NewGrant, others: &[Grant]) -> Result<(GrantId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Grant, state: "none", command: "propose" };
        let person = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        let holder = new.candidate.holder();
        rejection.unless(holder != Holder::Person(person), Cause::OwnMatter)?;
        rejection.unless(new.candidate.can_hold(new.role), Cause::RoleUnfit)?;
        let too_early = |pointer| Cause::Value { pointer, invalid: Invalid::TooEarly };
        rejection.unless(new.from >= ctx.now.day(), too_early("/from"))?;
        rejection.unless(new.to.is_none_or(|to| to > new.from), too_early("/to"))?;
        let excluded = others.iter().any(|other| other.excludes(new.role, new.from, new.to));
        rejection.unless(!excluded, Cause::RolesExclude)?;
        let mut decision = Decision::default();
        let grant = enter(ctx, &mut decision, holder, &new, Some(person));
        Ok((grant, decision))
    }

    /// Approves the grant, as the second administrator. It never holds for past days. `others` are the holder's other
    /// grants, including those made since the proposal.
    pub fn approve(&self, ctx: &Context<'_>, others: &[Grant]) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(GrantCommand::Approve);
        rejection.unless(self.permits(GrantCommand::Approve), Cause::WrongState)?;
        let person = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(self.holder != Holder::Person(person), Cause::OwnMatter)?;
        rejection.unless(self.proposed_by != Some(person), Cause::DutyConflict)?;
        let from = self.from.max(ctx.now.day());
        rejection.unless(self.to.is_none_or(|to| to > from), Cause::Lapsed)?;
        let mut others = others.iter().filter(|other| other.id != self.id);
        let excluded = others.any(|other| other.excludes(self.role, from, self.to));
        rejection.unless(!excluded, Cause::RolesExclude)?;
        Ok(Decision::of(self.id, GrantEvent::Approved(GrantApproved { from, approved_by: Some(person) })))
    }

    /// Refuses the grant, or takes the proposal back. This needs only one person.
    pub fn refuse(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        self.one_person(ctx, GrantCommand::Refuse)?;
        Ok(Decision::of(self.id, GrantEvent::Refused(GrantRefused {})))
    }

    /// Ends the grant at once. This needs only one person. For a grant of the city itself `others` are the remaining
    /// security administrators: at least two must remain, because every grant needs two. Below the city there is no
    /// such limit.
    pub fn end(&self, ctx: &Context<'_>, others: Option<&[PersonId]>) -> Result<Decision, Rejection> {
        self.one_person(ctx, GrantCommand::End)?;
        let enough = self.role != Role::SecurityAdministrator
            || others.is_none_or(|others| others.len() >= SECURITY_ADMINISTRATORS_AT_LEAST);
        self.rejection_context(GrantCommand::End).unless(enough, Cause::LastAdministrators)?;
        Ok(Decision::of(self.id, GrantEvent::Ended(GrantEnded {})))
    }

    fn one_person(&self, ctx: &Context<'_>, command: GrantCommand) -> Result<(), Rejection> {
        let rejection = self.rejection_context(command);
        rejection.unless(self.permits(command), Cause::WrongState)?;
        rejection.unless(ctx.actor.person().is_some(), Cause::NeedsPerson)
    }

    fn rejection_context(&self, command: GrantCommand) -> RejectionContext {
        let (state, command) = (self.state.code(), command.code());
        RejectionContext { stream: StreamKind::Grant, state, command }
    }
}

/// Records the event that proposes a grant; the rules are the caller's.
pub(crate) fn enter(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    holder: Holder,
    new: &NewGrant,
    proposed_by: Option<PersonId>,
) -> GrantId {
    let grant = ctx.id(GrantId::from_uuid);
    let NewGrant { role, organization, from, to, .. } = *new;
    decision.record(
        grant,
        GrantEvent::Proposed(GrantProposed { grant, holder, role, organization, from, to, proposed_by }),
    );
    grant
}

impl Aggregate for Grant {
    const KIND: StreamKind = StreamKind::Grant;
    const FORM: u32 = 1;
    type Event = GrantEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &GrantEvent) -> Result<Self, InvalidHistory> {
        use GrantState::{Ended, InForce, Proposed, Refused};
        match (state, event) {
            (None, GrantEvent::Proposed(e)) => Ok(Self {
                id: e.grant,
                holder: e.holder,
                role: e.role,
                organization: e.organization,
                from: e.from,
                to: e.to,
                proposed_by: e.proposed_by,
                approved_by: None,
                state: Proposed,
            }),
            (Some(grant), GrantEvent::Approved(e)) if grant.state == Proposed => {
                Ok(Self { state: InForce, from: e.from, approved_by: e.approved_by, ..grant })
            }
            (Some(grant), GrantEvent::Refused(_)) if grant.state == Proposed => Ok(Self { state: Refused, ..grant }),
            (Some(grant), GrantEvent::Ended(_)) if grant.state == InForce => Ok(Self { state: Ended, ..grant }),
            (_, GrantEvent::Proposed(_) | GrantEvent::Approved(_) | GrantEvent::Refused(_) | GrantEvent::Ended(_)) => {
                Err(InvalidHistory { stream: Self::KIND })
            }
        }
    }

    fn effects(&self, event: &GrantEvent) -> Effects {
        match event {
            GrantEvent::Proposed(e) => Effects::of_duty(e.proposed_by, AnyDuty::Author),
            GrantEvent::Approved(e) => Effects::of_duty(e.approved_by, AnyDuty::Approve),
            GrantEvent::Refused(_) | GrantEvent::Ended(_) => Effects::default(),
        }
    }
}
