//! Who has to do what on which day.

use std::collections::BTreeMap;

use super::{Course, Ending, Failure, Plan, Relief, Steps};

/// A time of the day, in the order of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hour {
    /// Referrers send, the bank and the civil-affairs office answer.
    Morning,
    /// Caseworkers work.
    Forenoon,
    /// Reviewers and approvers decide.
    Afternoon,
    /// Finance pays.
    Evening,
    /// Referrers look up the outcome of their referrals.
    Night,
}

impl Hour {
    /// The hour on the clock.
    pub fn of_day(self) -> i64 {
        match self {
            Hour::Morning => 8,
            Hour::Forenoon => 10,
            Hour::Afternoon => 14,
            Hour::Evening => 16,
            Hour::Night => 18,
        }
    }
}

/// Whether a household is identified for the first time, or comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Round {
    /// The first time.
    First,
    /// It comes back.
    Second,
}

/// Something to be done. Numbers are those of the plan's referrals and households, and of a household's aids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A referrer sends a referral.
    Send(usize),
    /// A referrer sends it a second time.
    SendAgain(usize),
    /// A caseworker accepts or declines it, or its referrer withdraws it.
    Settle(usize),
    /// A caseworker writes the household down, with consents and visit, and asks for the comparison.
    Identify(usize, Round),
    /// The civil-affairs office answers.
    Compare(usize, Round),
    /// A caseworker assesses the household and publishes the notice.
    Assess(usize, Round),
    /// A caseworker records that the household withdraws.
    Withdraw(usize),
    /// An approver rejects the case.
    Reject(usize),
    /// A caseworker closes the notice and submits the case.
    Submit(usize, Round),
    /// A reviewer agrees, and an approver enrols it.
    Enrol(usize),
    /// A caseworker applies for an aid.
    Apply(usize, usize),
    /// A reviewer and an approver grant it.
    Grant(usize, usize),
    /// Finance makes, releases and sends the payments of the day.
    Pay,
    /// The bank reports the results of the payments of the working day before; finance reconciles.
    Answer,
    /// The bank reports the returns among the payments of three working days before.
    Bounce,
    /// A caseworker corrects the account of a payment that failed.
    Correct(usize, usize),
    /// An approver ends the enrolment of a household whose hardship is lifted.
    Exit(usize),
    /// A caseworker reopens its case.
    Reopen(usize),
    /// Referrers read the outcome of their referrals.
    Read,
}

/// The tasks of the year in their order.
pub struct Agenda {
    tasks: BTreeMap<(usize, Hour), Vec<Task>>,
}

impl Agenda {
    /// The tasks of a plan.
    pub fn of(plan: &Plan) -> Self {
        let mut agenda = Self { tasks: BTreeMap::new() };
        agenda.referrals(plan);
        for number in 0..plan.households.len() {
            agenda.household(plan, number);
        }
        for day in plan.pay_days() {
            agenda.add(day, Hour::Evening, Task::Pay);
            agenda.add(day + 1, Hour::Morning, Task::Answer);
            agenda.add(day + 3, Hour::Morning, Task::Bounce);
        }
        let last = plan.calendar.len().saturating_sub(1);
        for day in (4..last).step_by(5).chain([last]) {
            agenda.add(day, Hour::Night, Task::Read);
        }
        agenda
    }

    /// Each time of the year with its tasks.
    pub fn times(&self) -> impl Iterator<Item = (usize, Hour, &[Task])> {
        self.tasks.iter().map(|((day, hour), tasks)| (*day, *hour, tasks.as_slice()))
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.tasks.values().map(Vec::len).sum()
    }

    fn add(&mut self, day: usize, hour: Hour, task: Task) {
        self.tasks.entry((day, hour)).or_default().push(task);
    }

    fn referrals(&mut self, plan: &Plan) {
        for (number, referral) in plan.referrals.iter().enumerate() {
            self.add(referral.sent, Hour::Morning, Task::Send(number));
            if referral.again && referral.decided > referral.sent + 1 {
                self.add(referral.sent + 1, Hour::Morning, Task::SendAgain(number));
            }
            let hour = match referral.ending {
                Ending::Withdrawn => Hour::Morning,
                Ending::Opens(_) | Ending::Joins(_) | Ending::Declined(_) => Hour::Forenoon,
            };
            self.add(referral.decided, hour, Task::Settle(number));
        }
    }

    fn household(&mut self, plan: &Plan, number: usize) {
        let Some(household) = plan.households.get(number) else { return };
        let steps = household.steps;
        match household.course {
            Course::Withdraws => {
                self.add(steps.identified, Hour::Forenoon, Task::Identify(number, Round::First));
                self.add(steps.assessed, Hour::Forenoon, Task::Withdraw(number));
            }
            Course::Rejected => {
                self.identify(steps, number, Round::First);
                self.add(steps.assessed, Hour::Afternoon, Task::Reject(number));
            }
            Course::Helped | Course::Lifted | Course::ComesBack => {
                self.enrol(steps, number, Round::First);
                self.aids(plan, number, &household.aids);
            }
        }
        if let Some(exited) = household.exited {
            self.add(exited, Hour::Afternoon, Task::Exit(number));
        }
        if let Some((reopened, steps)) = household.back {
            self.add(reopened, Hour::Forenoon, Task::Reopen(number));
            self.enrol(steps, number, Round::Second);
        }
    }

    fn identify(&mut self, steps: Steps, number: usize, round: Round) {
        self.add(steps.identified, Hour::Forenoon, Task::Identify(number, round));
        self.add(steps.assessed, Hour::Morning, Task::Compare(number, round));
        self.add(steps.assessed, Hour::Forenoon, Task::Assess(number, round));
    }

    fn enrol(&mut self, steps: Steps, number: usize, round: Round) {
        self.identify(steps, number, round);
        self.add(steps.submitted, Hour::Forenoon, Task::Submit(number, round));
        self.add(steps.decided, Hour::Afternoon, Task::Enrol(number));
    }

    fn aids(&mut self, plan: &Plan, number: usize, aids: &[Relief]) {
        for (at, aid) in aids.iter().enumerate() {
            self.add(aid.applied, Hour::Forenoon, Task::Apply(number, at));
            self.add(aid.applied + 1, Hour::Afternoon, Task::Grant(number, at));
            if let Some((_, failure)) = aid.wrong_account {
                let paid = plan.pay_days().find(|day| *day > aid.applied).unwrap_or_default();
                let known = match failure {
                    Failure::Refused => paid + 1,
                    Failure::Returned => paid + 3,
                };
                self.add(known + 1, Hour::Forenoon, Task::Correct(number, at));
            }
        }
    }
}
