//! One event of each form that funds, reliefs and batches know, with every optional field.

use bangfu_domain::{
    bank::AccountCheck,
    batch::{
        BatchEvent, BatchLine, BatchMade, BatchReconciled, BatchReleased, BatchResultsTaken, BatchSent, BatchVoided,
        Counts, LineOutcome, VoidReason,
    },
    case::Remark,
    event::Event,
    fund::{Allocation, DocumentNumber, FundAllocated, FundEvent, FundOpened, FundSource, PayerAccount},
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{BatchId, CaseId, FundId, OrganizationId, PersonId, PolicyId, ReliefId, RemarkId, ResultsId},
    money::Fen,
    posting::PostingDimensions,
    relief::{
        CapKey, CapScope, CapUse, FailureReason, LineBatched, LineFailed, LinePaid, LineSent, LineUnbatched,
        LineUnknown, PaymentOutcome, ReliefAccountCorrected, ReliefApproved, ReliefCancelled, ReliefDrafted,
        ReliefEvent, ReliefRecalled, ReliefRejectReason, ReliefRejected, ReliefReturned, ReliefReviewed, ReliefRevised,
        ReliefSubmitted, Terms,
    },
    vault::Group,
};

use super::{case_events::commitment, day, id, person, text, today};

pub fn money_events() -> Vec<Event> {
    let of_fund = fund_events().into_iter().map(Event::from);
    let of_relief = [writing(), deciding(), ending(), paying()].into_iter().flatten().map(Event::from);
    of_fund.chain(of_relief).chain(batch_events().into_iter().map(Event::from)).collect()
}

fn fund() -> FundId {
    id(FundId::from_uuid, 100)
}

fn relief() -> ReliefId {
    id(ReliefId::from_uuid, 101)
}

fn batch() -> BatchId {
    id(BatchId::from_uuid, 102)
}

fn case() -> CaseId {
    id(CaseId::from_uuid, 81)
}

/// The worker and their son; the registrar, the reviewer and the approver.
fn people() -> [PersonId; 5] {
    [11, 12, 92, 93, 94].map(person)
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).unwrap()
}

fn remark(n: u128) -> Remark {
    let remark = id(RemarkId::from_uuid, n);
    Remark { remark, document: commitment(case(), Group::Narrative, 1) }
}

fn fund_events() -> Vec<FundEvent> {
    let [_, _, officer, ..] = people();
    let opened = FundOpened {
        fund: fund(),
        organization: id(OrganizationId::from_uuid, 2),
        name: text("中央财政专项帮扶资金"),
        source: FundSource::Central,
        year: 2021,
        aid_types: vec![AidType::Living, AidType::Medical],
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
        opened_by: officer,
    };
    let allocation = Allocation {
        amount: fen(10_000_000),
        effective_on: today(),
        document_number: DocumentNumber::parse("皖财行〔2021〕12号").unwrap(),
    };
    vec![FundEvent::Opened(opened), FundEvent::Allocated(FundAllocated { allocation, allocated_by: officer })]
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
    let (line, attempt, batch) = (1, 1, batch());
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

fn batch_events() -> Vec<BatchEvent> {
    let [_, _, maker, releaser, third] = people();
    let batch = batch();
    let amount = fen(300_000);
    let made = BatchMade {
        batch,
        organization: id(OrganizationId::from_uuid, 2),
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
        lines: vec![BatchLine { relief: relief(), line: 1, attempt: 1, fund: fund(), amount }],
        total: amount,
        made_by: maker,
    };
    let outcome = LineOutcome {
        place: 0,
        outcome: PaymentOutcome::Returned,
        booked_on: day("2021-03-19"),
        reason: Some(FailureReason::AccountClosed),
    };
    let taken = BatchResultsTaken {
        contradicted: vec![1],
        results: id(ResultsId::from_uuid, 110),
        content: "0123456789abcdef".repeat(4),
        outcomes: vec![outcome],
        counts: Counts { read: 4, applied: 1, unchanged: 1, refused: 1, suspended: 1 },
        documents: vec![commitment(batch, Group::Bank, 1)],
    };
    vec![
        BatchEvent::Made(made),
        BatchEvent::Voided(BatchVoided { reason: VoidReason::FileRefused, voided_by: maker }),
        BatchEvent::Released(BatchReleased {
            account_versions: vec![2, 1],
            released_by: releaser,
            file: commitment(batch, Group::Bank, 1),
        }),
        BatchEvent::Sent(BatchSent { sent_on: day("2021-03-18"), sent_by: maker }),
        BatchEvent::ResultsTaken(taken),
        BatchEvent::Reconciled(BatchReconciled { reconciled_by: third }),
    ]
}
