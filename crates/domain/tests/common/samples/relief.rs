//! Events and commands of a relief.

use bangfu_domain::{
    bank::AccountCheck,
    decision::Decision,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{BatchId, FundId, OrganizationId, PersonId, PolicyId, ReliefId},
    money::Fen,
    posting::PostingDimensions,
    rejection::Rejection,
    relief::{
        CapChange, CapKey, CapScope, FailureReason, LineBatched, LineFailed, LinePaid, LineSent, LineUnbatched,
        LineUnknown, PaymentOutcome, ReliefAccountCorrected, ReliefApproved, ReliefCancelled, ReliefCommand,
        ReliefDrafted, ReliefEvent, ReliefRecalled, ReliefRejectReason, ReliefRejected, ReliefReturned, ReliefReviewed,
        ReliefRevised, ReliefState, ReliefSubmitted, Terms,
    },
    vault::Group,
};

use super::{case, commitment, remark};
use crate::common::{
    casework::{approver, reviewer},
    caseworker, day, id,
    money::{MoneyFixture, OTHER_ACCOUNT, account, cashier, releaser},
    person,
    table::{StateMachine, states_and, table},
};

pub const HISTORIES: &[&str] = &[
    "drafted! revised submitted recalled submitted returned! submitted reviewed approved! \
     line_batched line_unbatched line_batched line_sent! line_unknown line_paid line_returned \
     account_corrected!",
    "drafted submitted reviewed approved line_batched line_sent line_refused! \
     line_found_paid! cancelled!",
    "drafted submitted rejected!",
];

pub fn events() -> Vec<ReliefEvent> {
    [writing(), deciding(), ending(), paying()].concat()
}

fn fund() -> FundId {
    id(FundId::from_uuid, 100)
}

fn relief() -> ReliefId {
    id(ReliefId::from_uuid, 101)
}

/// The worker and their son; the registrar, the reviewer and the approver.
fn people() -> [PersonId; 5] {
    [11, 12, 92, 93, 94].map(person)
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).unwrap()
}

fn terms() -> Terms {
    let [worker, son, ..] = people();
    Terms {
        aid_type: AidType::Medical,
        beneficiary: son,
        payee: worker,
        instalments: vec![fen(300_000), fen(200_000)],
        fund: Some(fund()),
    }
}

fn writing() -> Vec<ReliefEvent> {
    let [worker, son, registrar, reviewer, _] = people();
    let documents = |version| vec![commitment(worker, Group::Bank, version), commitment(son, Group::Money, version)];
    let drafted = ReliefDrafted {
        relief: relief(),
        case: case(),
        household: worker,
        terms: terms(),
        account_check: AccountCheck::Doubtful,
        registered_by: registrar,
        remark: Some(remark(103)),
        documents: documents(1),
    };
    let revised = ReliefRevised {
        terms: terms(),
        account_check: Some(AccountCheck::Passed),
        revised_by: registrar,
        remark: Some(remark(104)),
        documents: documents(2),
    };
    let returned =
        ReliefReturned { round: 2, registered_by: vec![registrar], returned_by: reviewer, remark: remark(105) };
    vec![
        ReliefEvent::Drafted(drafted),
        ReliefEvent::Revised(revised),
        ReliefEvent::Submitted(ReliefSubmitted { round: 1, submitted_by: registrar }),
        ReliefEvent::Recalled(ReliefRecalled { recalled_by: registrar }),
        ReliefEvent::Returned(returned),
    ]
}

/// What the relief takes of the cap of the year.
fn cap_use(amount: i64, times: u32) -> CapChange {
    let [worker, ..] = people();
    let scope = CapScope::MedicalHouseholdYear;
    CapChange {
        key: CapKey { scope, subject: worker, year: 2021 },
        amount: fen(amount),
        times,
        limit: fen(5_000_000),
        times_limit: Some(1),
    }
}

fn deciding() -> Vec<ReliefEvent> {
    let [worker, son, _, reviewer, approver] = people();
    let reviewed = ReliefReviewed { round: 2, reviewed_by: reviewer, remark: Some(remark(106)) };
    let dimensions = PostingDimensions {
        organization: id(OrganizationId::from_uuid, 2),
        division: Some("340705".parse().unwrap()),
        aid_type: AidType::Medical,
        category: HardshipCategory::Deep,
        cause: Some(HardshipCause::GraveIllness),
        household: worker,
        case: case(),
        beneficiary: son,
    };
    let approved = ReliefApproved {
        round: 2,
        fund: fund(),
        policy: id(PolicyId::from_uuid, 30),
        dimensions,
        caps: vec![cap_use(500_000, 1)],
        approved_on: day("2021-03-17"),
        approved_by: approver,
        remark: Some(remark(107)),
    };
    let rejected = ReliefRejected {
        round: 2,
        reason: ReliefRejectReason::PaidElsewhere,
        rejected_by: approver,
        remark: remark(108),
    };
    vec![ReliefEvent::Reviewed(reviewed), ReliefEvent::Approved(approved), ReliefEvent::Rejected(rejected)]
}

fn ending() -> Vec<ReliefEvent> {
    let [worker, _, registrar, ..] = people();
    let cancelled = ReliefCancelled {
        lines: vec![2],
        releases: vec![cap_use(200_000, 0)],
        cancelled_on: day("2021-04-01"),
        cancelled_by: registrar,
        remark: remark(109),
    };
    let corrected = ReliefAccountCorrected {
        line: 1,
        attempt: 2,
        account_check: Some(AccountCheck::Passed),
        corrected_by: registrar,
        documents: vec![commitment(worker, Group::Bank, 3)],
    };
    vec![ReliefEvent::Cancelled(cancelled), ReliefEvent::AccountCorrected(corrected)]
}

fn paying() -> Vec<ReliefEvent> {
    let (line, attempt, batch) = (1, 1, id(BatchId::from_uuid, 102));
    let (sent_on, booked_on) = (day("2021-03-18"), day("2021-03-19"));
    let failed = |reason| LineFailed { line, attempt, booked_on, reason };
    vec![
        ReliefEvent::LineBatched(LineBatched { line, attempt, batch }),
        ReliefEvent::LineUnbatched(LineUnbatched { line, attempt }),
        ReliefEvent::LineSent(LineSent { line, attempt, sent_on, account_version: 2 }),
        ReliefEvent::LinePaid(LinePaid { line, attempt, booked_on }),
        ReliefEvent::LineFoundPaid(LinePaid { line, attempt, booked_on }),
        ReliefEvent::LineRefused(failed(FailureReason::NameMismatch)),
        ReliefEvent::LineReturned(failed(FailureReason::AccountClosed)),
        ReliefEvent::LineUnknown(LineUnknown { line, attempt, reported_on: booked_on }),
    ]
}

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Relief 救助: an enrolled household is to get two instalments. A caseworker registers and\n\
                   submits it, a reviewer agrees, an approver decides; \"batched\" is approved with a line in a\n\
                   batch, \"failed\" is approved with a line that the bank refused.";
    table::<OfRelief>(heading)
}

/// What leads to an approved relief.
pub const APPROVED: [ReliefCommand; 3] = [ReliefCommand::Submit, ReliefCommand::Review, ReliefCommand::Approve];

impl MoneyFixture {
    /// The names of the events since the journal had so many.
    pub fn names_since(&self, before: usize) -> Vec<&'static str> {
        self.office.journal.iter().skip(before).map(|(_, event)| event.event_type().name).collect()
    }

    /// A relief that these commands were given.
    pub fn relief_after(&mut self, commands: &[ReliefCommand]) -> ReliefId {
        let new = self.aid();
        let relief = self.office.draft(caseworker(), self.family.case, &new).unwrap();
        for command in commands {
            self.run_relief(relief, *command).unwrap();
        }
        relief
    }

    pub fn pay_line(&mut self, relief: ReliefId, line: u8, outcome: PaymentOutcome) {
        let made = self.office.make_of(cashier(), &[self.fund], &[(relief, line)]);
        let (batch, _) = made.unwrap();
        self.office.release(releaser(), batch).unwrap();
        self.office.send(cashier(), batch).unwrap();
        self.office.apply_result(batch, outcome);
    }

    /// Runs a command as the one whose duty it is would give it.
    pub fn run_relief(&mut self, relief: ReliefId, command: ReliefCommand) -> Result<Decision, Rejection> {
        let new = self.aid();
        let office = &mut self.office;
        match command {
            ReliefCommand::Revise => office.revise(caseworker(), relief, &new),
            ReliefCommand::Submit => office.submit(caseworker(), relief),
            ReliefCommand::Recall => office.recall(caseworker(), relief),
            ReliefCommand::Return => office.return_for_supplement(reviewer(), relief),
            ReliefCommand::Review => office.review(reviewer(), relief),
            ReliefCommand::Approve => office.approve(approver(), relief),
            ReliefCommand::Reject => office.reject(approver(), relief),
            ReliefCommand::Cancel => office.cancel(caseworker(), relief),
            ReliefCommand::CorrectAccount => office.correct(caseworker(), relief, 1, Some(&account(OTHER_ACCOUNT))),
        }
    }
}

struct OfRelief {
    fixture: MoneyFixture,
    relief: ReliefId,
}

impl StateMachine for OfRelief {
    type Command = ReliefCommand;

    const BEGINNING: &'static str = "draft";

    /// An approved one has a row more while its line stands in a batch, and one when its line was refused.
    fn rows() -> Vec<&'static str> {
        states_and(&[(ReliefState::Approved, "batched"), (ReliefState::Approved, "failed")])
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut fixture = MoneyFixture::new();
        let before = fixture.office.journal.len();
        let relief = fixture.relief_after(&[]);
        (fixture.names_since(before), OfRelief { fixture, relief }.state())
    }

    fn for_command(row: &str, _: ReliefCommand) -> Self {
        let mut fixture = MoneyFixture::new();
        let commands: &[ReliefCommand] = match row {
            "draft" => &[],
            "submitted" => &[ReliefCommand::Submit],
            "recalled" => &[ReliefCommand::Submit, ReliefCommand::Recall],
            "returned" => &[ReliefCommand::Submit, ReliefCommand::Return],
            "reviewed" => &[ReliefCommand::Submit, ReliefCommand::Review],
            "approved" | "batched" | "failed" | "part_paid" | "paid" => &APPROVED,
            "rejected" => &[ReliefCommand::Submit, ReliefCommand::Reject],
            "cancelled" => &[ReliefCommand::Cancel],
            _ => panic!("no way to {row}"),
        };
        let relief = fixture.relief_after(commands);
        let paid: &[PaymentOutcome] = match row {
            "failed" => &[PaymentOutcome::Refused],
            "part_paid" => &[PaymentOutcome::Paid],
            "paid" => &[PaymentOutcome::Paid, PaymentOutcome::Paid],
            _ => &[],
        };
        for (outcome, line) in paid.iter().zip(1..) {
            fixture.pay_line(relief, line, *outcome);
        }
        if row == "batched" {
            fixture.office.make(cashier(), &[fixture.fund]).unwrap();
        }
        Self { fixture, relief }
    }

    fn give(&mut self, command: ReliefCommand) -> Result<Decision, Rejection> {
        self.fixture.run_relief(self.relief, command)
    }

    fn permits(&self, command: ReliefCommand) -> bool {
        self.fixture.office.relief(self.relief).permits(command)
    }

    fn state(&self) -> &'static str {
        self.fixture.office.relief(self.relief).state.code()
    }
}
