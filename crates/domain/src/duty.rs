//! Duties in one round of a case or a relief, and who took them on. No person holds two.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::{codes::codes, ids::PersonId, rejection::Cause};

codes! {
    /// A duty in one round of a case or a relief, as its state folds it (《会计法》 article 25; the unions' archive form
    /// names 建档人, 审核人 and 审批人 apart).
    Duty {
        /// Registers and submits 建档.
        Register = "register" ("Registration", "建档"),
        /// Reviews 审核.
        Review = "review" ("Review", "审核"),
        /// Approves or rejects 审批.
        Approve = "approve" ("Approval", "审批"),
    }
}

/// What a command asks of the duties of its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DutyRule {
    /// The person who gives the command holds no duty of the round but this one. Most such commands take it on; the
    /// correction of an account does not.
    NoOtherThan(Duty),
    /// A person who did not register or submit it.
    NoRegistrar,
    /// Only those who registered or submitted it.
    OnlyRegistrars,
    /// The command is not a duty.
    Anyone,
}

/// Who holds which duty, in the order in which they took them on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duties(Vec<(PersonId, Duty)>);

impl Duties {
    /// The duties of a round that begins with these registrars.
    pub fn of_registrars(registrars: impl IntoIterator<Item = PersonId>) -> Self {
        Self(registrars.into_iter().map(|person| (person, Duty::Register)).collect())
    }

    /// Those who registered or submitted it.
    pub fn registrars(&self) -> Vec<PersonId> {
        let registers = self.0.iter().filter(|(_, duty)| *duty == Duty::Register);
        registers.map(|(person, _)| *person).collect()
    }

    /// Whether the person registered or submitted it.
    pub fn is_registrar(&self, person: PersonId) -> bool {
        self.0.contains(&(person, Duty::Register))
    }

    /// Whether the person holds another duty than this one.
    pub fn holds_other(&self, person: PersonId, duty: Duty) -> bool {
        self.0.iter().any(|(who, held)| *who == person && *held != duty)
    }

    /// The reason for which the duties of the person exclude a command of this rule, if there is one.
    pub fn refuse(&self, person: PersonId, rule: DutyRule) -> Option<Cause> {
        match rule {
            DutyRule::NoOtherThan(duty) => self.holds_other(person, duty).then_some(Cause::DutyConflict),
            DutyRule::NoRegistrar => self.is_registrar(person).then_some(Cause::DutyConflict),
            DutyRule::OnlyRegistrars => (!self.is_registrar(person)).then_some(Cause::NotRegistrar),
            DutyRule::Anyone => None,
        }
    }

    pub(crate) fn take(&mut self, person: PersonId, duty: Duty) {
        if !self.0.contains(&(person, duty)) {
            self.0.push((person, duty));
        }
    }
}

impl Deref for Duties {
    type Target = [(PersonId, Duty)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<const N: usize> PartialEq<[(PersonId, Duty); N]> for Duties {
    fn eq(&self, other: &[(PersonId, Duty); N]) -> bool {
        self.0 == other
    }
}
