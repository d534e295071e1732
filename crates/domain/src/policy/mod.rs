//! Aid policies 帮扶政策: one person writes a version, its own examples prove it, a second person puts it in force from a
//! day on. A policy ends only when the next one begins.

pub mod assess;
pub mod check;
pub mod document;
pub mod example;
pub mod period;
pub mod rules;
pub mod yuan;

use serde::{Deserialize, Serialize};

pub use assess::{Assessment, HouseholdFigures, Rule, RuleFinding, RuleOutcome, RuleResult, assess};
pub use check::{Flaw, check_examples};
pub use document::{
    Approval, Basis, Categories, DayUnit, DecidingDay, DibaoLine, EvidenceRules, Exclusions, NoticeRule,
    PolicyDocument, ProvinceIncome, ReliefLevel, Requirement, RuleBasis, VisitRule,
};
pub use example::{Example, Expectation};
pub use period::Period;
pub use rules::{AidRules, EducationRule, LivingRule, MedicalRule, PerCategory, PerStage, YearBy};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision, RejectionContext},
    effects::Effects,
    event::stream_events,
    ids::{PersonId, PolicyId},
    invalid::Invalid,
    rejection::{Cause, Rejection},
    separation::AnyDuty,
    stream::StreamKind,
    time::Day,
};

stream_events! {
    /// What happens to a policy.
    PolicyEvent {
        /// One person wrote it.
        Drafted(PolicyDrafted) = "policy.drafted" v 1,
        /// It gave what its examples expect.
        Proved(PolicyProved) = "policy.proved" v 1,
        /// A second person put it in force.
        Approved(PolicyApproved) = "policy.approved" v 1,
        /// It was thrown away before that.
        Discarded(PolicyDiscarded) = "policy.discarded" v 1,
    }
}

/// Payload of `policy.drafted`. The document is public and holds no personal data, so the event contains all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDrafted {
    pub policy: PolicyId,
    pub document: Box<PolicyDocument>,
    pub examples: Vec<Example>,
    pub drafted_by: PersonId,
}

/// Payload of `policy.proved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyProved {
    pub proved_by: PersonId,
}

/// Payload of `policy.approved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyApproved {
    pub in_force_from: Day,
    pub approved_by: PersonId,
}

/// Payload of `policy.discarded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDiscarded {}

codes! {
    /// The state of a policy.
    PolicyState {
        /// Written 草案.
        Draft = "draft" ("Draft", "草案"),
        /// All of its examples pass 已验证.
        Proved = "proved" ("Proved", "已验证"),
        /// In force from its day, until another one begins 已批准.
        Approved = "approved" ("Approved", "已批准"),
        /// Thrown away 已作废.
        Discarded = "discarded" ("Discarded", "已作废"),
    }
}

/// A version of the aid policy 政策版本.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub id: PolicyId,
    pub document: Box<PolicyDocument>,
    pub examples: Vec<Example>,
    pub drafted_by: PersonId,
    pub approved_by: Option<PersonId>,
    /// The first day on which it is in force, once it is approved.
    pub in_force_from: Option<Day>,
    pub state: PolicyState,
}

codes! {
    /// A command on an existing policy.
    PolicyCommand {
        /// Run its examples.
        Prove = "prove" ("Prove", "验证"),
        /// Put it in force, as another person than its author.
        Approve = "approve" ("Approve", "批准"),
        /// Throw it away.
        Discard = "discard" ("Discard", "作废"),
    }
}

impl Policy {
    /// Whether the state permits the command.
    pub fn permits(&self, command: PolicyCommand) -> bool {
        match command {
            PolicyCommand::Prove => self.state == PolicyState::Draft,
            PolicyCommand::Approve => self.state == PolicyState::Proved,
            PolicyCommand::Discard => {
                matches!(self.state, PolicyState::Draft | PolicyState::Proved)
            }
        }
    }

    /// Whether this person could give the command now, as far as state and duties go.
    pub fn is_open_to(&self, person: PersonId, command: PolicyCommand) -> bool {
        let barred = match command {
            PolicyCommand::Prove | PolicyCommand::Discard => false,
            PolicyCommand::Approve => self.drafted_by == person,
        };
        self.permits(command) && !barred
    }

    /// Writes a version. Document and examples must make sense: see [`PolicyDocument::check`] and [`check_examples`],
    /// which return all flaws at once.
    pub fn draft(
        ctx: &mut Context<'_>,
        document: PolicyDocument,
        examples: Vec<Example>,
    ) -> Result<(PolicyId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Policy, state: "none", command: "draft" };
        let drafted_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        for (pointer, flaws) in [("/document", document.check()), ("/examples", check_examples(&examples))] {
            if let Some(flaw) = flaws.first() {
                return Err(rejection.because(Cause::Value { pointer, invalid: flaw.invalid }));
            }
        }
        let policy = ctx.id(PolicyId::from_uuid);
        let document = Box::new(document);
        let drafted = PolicyDrafted { policy, document, examples, drafted_by };
        let mut decision = Decision::default();
        decision.record(policy, PolicyEvent::Drafted(drafted));
        Ok((policy, decision))
    }

    /// Runs the examples. All of them must come out as they expect.
    pub fn prove(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        let proved_by = self.natural_person(ctx, PolicyCommand::Prove)?;
        let failed: Vec<_> = self
            .examples
            .iter()
            .filter(|example| !example.passes(&self.document))
            .map(|example| example.name.clone())
            .collect();
        self.rejection_context(PolicyCommand::Prove).unless(failed.is_empty(), Cause::ExamplesFail { failed })?;
        Ok(Decision::of(self.id, PolicyEvent::Proved(PolicyProved { proved_by })))
    }

    /// Puts it in force from a day on, today at the earliest. A person other than its author decides. `taken` are the
    /// days on which other approved policies begin: two never begin on one day.
    pub fn approve(&self, ctx: &Context<'_>, in_force_from: Day, taken: &[Day]) -> Result<Decision, Rejection> {
        let approved_by = self.natural_person(ctx, PolicyCommand::Approve)?;
        let rejection = self.rejection_context(PolicyCommand::Approve);
        rejection.unless(approved_by != self.drafted_by, Cause::DutyConflict)?;
        let too_early = Cause::Value { pointer: "/in_force_from", invalid: Invalid::TooEarly };
        rejection.unless(in_force_from >= ctx.now.day(), too_early)?;
        rejection.unless(!taken.contains(&in_force_from), Cause::PolicyDayTaken)?;
        Ok(Decision::of(self.id, PolicyEvent::Approved(PolicyApproved { in_force_from, approved_by })))
    }

    /// Throws it away, so that it is never approved.
    pub fn discard(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        self.natural_person(ctx, PolicyCommand::Discard)?;
        Ok(Decision::of(self.id, PolicyEvent::Discarded(PolicyDiscarded {})))
    }

    fn natural_person(&self, ctx: &Context<'_>, command: PolicyCommand) -> Result<PersonId, Rejection> {
        let rejection = self.rejection_context(command);
        rejection.unless(self.permits(command), Cause::WrongState)?;
        ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))
    }

    fn rejection_context(&self, command: PolicyCommand) -> RejectionContext {
        let (state, command) = (self.state.code(), command.code());
        RejectionContext { stream: StreamKind::Policy, state, command }
    }
}

impl Aggregate for Policy {
    const KIND: StreamKind = StreamKind::Policy;
    const FORM: u32 = 1;
    type Event = PolicyEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &PolicyEvent) -> Result<Self, InvalidHistory> {
        use PolicyState::{Approved, Discarded, Draft, Proved};
        match (state, event) {
            (None, PolicyEvent::Drafted(e)) => Ok(Self {
                id: e.policy,
                document: e.document.clone(),
                examples: e.examples.clone(),
                drafted_by: e.drafted_by,
                approved_by: None,
                in_force_from: None,
                state: Draft,
            }),
            (Some(policy), PolicyEvent::Proved(_)) if policy.state == Draft => Ok(Self { state: Proved, ..policy }),
            (Some(policy), PolicyEvent::Approved(e)) if policy.state == Proved => Ok(Self {
                state: Approved,
                approved_by: Some(e.approved_by),
                in_force_from: Some(e.in_force_from),
                ..policy
            }),
            (Some(policy), PolicyEvent::Discarded(_)) if matches!(policy.state, Draft | Proved) => {
                Ok(Self { state: Discarded, ..policy })
            }
            (
                _,
                PolicyEvent::Drafted(_) | PolicyEvent::Proved(_) | PolicyEvent::Approved(_) | PolicyEvent::Discarded(_),
            ) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }

    fn effects(&self, event: &PolicyEvent) -> Effects {
        match event {
            PolicyEvent::Drafted(e) => Effects::of_duty([e.drafted_by], AnyDuty::Author),
            PolicyEvent::Approved(e) => Effects::of_duty([e.approved_by], AnyDuty::Approve),
            PolicyEvent::Proved(_) | PolicyEvent::Discarded(_) => Effects::default(),
        }
    }
}
