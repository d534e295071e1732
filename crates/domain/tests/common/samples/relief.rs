//! Events of a relief.

use bangfu_domain::{
    bank::AccountCheck,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{BatchId, FundId, OrganizationId, PersonId, PolicyId, ReliefId},
    money::Fen,
    posting::PostingDimensions,
    relief::{
        CapKey, CapScope, CapUse, FailureReason, LineBatched, LineFailed, LinePaid, LineSent, LineUnbatched,
        LineUnknown, ReliefAccountCorrected, ReliefApproved, ReliefCancelled, ReliefDrafted, ReliefEvent,
        ReliefRecalled, ReliefRejectReason, ReliefRejected, ReliefReturned, ReliefReviewed, ReliefRevised,
        ReliefSubmitted, Terms,
    },
    vault::Group,
};

use super::{case, commitment, remark};
use crate::common::{day, id, person};

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
fn cap_use(amount: i64, times: u32) -> CapUse {
    let [worker, ..] = people();
    let scope = CapScope::MedicalHouseholdYear;
    CapUse {
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
