//! Separation of duties 不相容岗位分离: the duties that events assign to persons. Nobody holds two in one round of a case,
//! relief, batch, grant or policy. It only names duties; the commands refuse.

use crate::{
    batch::BatchEvent, case::CaseEvent, codes::codes, event::Event, grant::GrantEvent, ids::PersonId,
    policy::PolicyEvent, relief::ReliefEvent,
};

codes! {
    /// A duty that a person took on, as the table `duties` stores it. [`crate::duty::Duty`] is the part that a case or
    /// a relief folds.
    SeparatedDuty {
        /// Registers and submits 建档.
        Register = "register",
        /// Reviews 审核.
        Review = "review",
        /// Approves or rejects 审批.
        Approve = "approve",
        /// Makes a payment batch 制单.
        Make = "make",
        /// Releases one 复核.
        Release = "release",
        /// Reconciles one 对账.
        Reconcile = "reconcile",
        /// Writes what a second person approves 起草.
        Author = "author",
    }
}

/// Who took on which duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOn {
    /// The round of the matter, from 1.
    pub round: u32,
    pub person: PersonId,
    pub duty: SeparatedDuty,
}

/// The duties that an event assigns.
pub fn duties(event: &Event) -> Vec<TakenOn> {
    match event {
        Event::Case(event) => of_case(event),
        Event::Relief(event) => of_relief(event),
        Event::Batch(event) => of_batch(event),
        Event::Grant(event) => of_grant(event),
        Event::Policy(event) => of_policy(event),
        Event::Organization(_)
        | Event::Source(_)
        | Event::Person(_)
        | Event::Account(_)
        | Event::Client(_)
        | Event::Referral(_)
        | Event::Fund(_) => Vec::new(),
    }
}

fn taken(round: u32, people: impl IntoIterator<Item = PersonId>, duty: SeparatedDuty) -> Vec<TakenOn> {
    people.into_iter().map(|person| TakenOn { round, person, duty }).collect()
}

fn of_case(event: &CaseEvent) -> Vec<TakenOn> {
    use SeparatedDuty::{Approve, Register, Review};
    match event {
        CaseEvent::Opened(e) => taken(1, [e.registered_by], Register),
        CaseEvent::Submitted(e) => taken(e.round, [e.submitted_by], Register),
        CaseEvent::Returned(e) => taken(e.round, e.registered_by.iter().copied(), Register),
        CaseEvent::Reviewed(e) => taken(e.round, [e.reviewed_by], Review),
        CaseEvent::Approved(e) => taken(e.round, [e.approved_by], Approve),
        CaseEvent::Rejected(e) => taken(e.round, [e.rejected_by], Approve),
        CaseEvent::Reopened(e) => taken(e.round, [e.reopened_by], Register),
        CaseEvent::ReferralLinked(_)
        | CaseEvent::HouseholdRecorded(_)
        | CaseEvent::ConsentRecorded(_)
        | CaseEvent::VisitRecorded(_)
        | CaseEvent::ComparisonRequested(_)
        | CaseEvent::ComparisonAnswered(_)
        | CaseEvent::Assessed(_)
        | CaseEvent::NoticePublished(_)
        | CaseEvent::NoticeObjected(_)
        | CaseEvent::NoticeClosed(_)
        | CaseEvent::AttachmentAdded(_)
        | CaseEvent::Aided(_)
        | CaseEvent::Withdrawn(_)
        | CaseEvent::Exited(_) => Vec::new(),
    }
}

fn of_relief(event: &ReliefEvent) -> Vec<TakenOn> {
    use SeparatedDuty::{Approve, Register, Review};
    match event {
        ReliefEvent::Drafted(e) => taken(1, [e.registered_by], Register),
        ReliefEvent::Submitted(e) => taken(e.round, [e.submitted_by], Register),
        ReliefEvent::Returned(e) => taken(e.round, e.registered_by.iter().copied(), Register),
        ReliefEvent::Reviewed(e) => taken(e.round, [e.reviewed_by], Review),
        ReliefEvent::Approved(e) => taken(e.round, [e.approved_by], Approve),
        ReliefEvent::Rejected(e) => taken(e.round, [e.rejected_by], Approve),
        ReliefEvent::Revised(_)
        | ReliefEvent::Recalled(_)
        | ReliefEvent::Cancelled(_)
        | ReliefEvent::AccountCorrected(_)
        | ReliefEvent::LineBatched(_)
        | ReliefEvent::LineUnbatched(_)
        | ReliefEvent::LineSent(_)
        | ReliefEvent::LinePaid(_)
        | ReliefEvent::LineFoundPaid(_)
        | ReliefEvent::LineRefused(_)
        | ReliefEvent::LineReturned(_)
        | ReliefEvent::LineUnknown(_) => Vec::new(),
    }
}

fn of_batch(event: &BatchEvent) -> Vec<TakenOn> {
    use SeparatedDuty::{Make, Reconcile, Release};
    match event {
        BatchEvent::Made(e) => taken(1, [e.made_by], Make),
        BatchEvent::Released(e) => taken(1, [e.released_by], Release),
        BatchEvent::Reconciled(e) => taken(1, [e.reconciled_by], Reconcile),
        BatchEvent::Voided(_) | BatchEvent::Sent(_) | BatchEvent::ResultsTaken(_) => Vec::new(),
    }
}

fn of_grant(event: &GrantEvent) -> Vec<TakenOn> {
    match event {
        GrantEvent::Proposed(e) => taken(1, e.proposed_by, SeparatedDuty::Author),
        GrantEvent::Approved(e) => taken(1, e.approved_by, SeparatedDuty::Approve),
        GrantEvent::Refused(_) | GrantEvent::Ended(_) => Vec::new(),
    }
}

fn of_policy(event: &PolicyEvent) -> Vec<TakenOn> {
    match event {
        PolicyEvent::Drafted(e) => taken(1, [e.drafted_by], SeparatedDuty::Author),
        PolicyEvent::Approved(e) => taken(1, [e.approved_by], SeparatedDuty::Approve),
        PolicyEvent::Proved(_) | PolicyEvent::Discarded(_) => Vec::new(),
    }
}
