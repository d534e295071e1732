//! Events of a payment batch.

use bangfu_domain::{
    batch::{
        BatchEvent, BatchLine, BatchMade, BatchReconciled, BatchReleased, BatchResultsTaken, BatchSent, BatchVoided,
        Counts, LineOutcome, VoidReason,
    },
    fund::PayerAccount,
    ids::{BatchId, FundId, OrganizationId, ReliefId, ResultsId},
    money::Fen,
    relief::{FailureReason, PaymentOutcome},
    vault::Group,
};

use super::commitment;
use crate::common::{day, id, person};

pub const HISTORIES: &[&str] = &["made! released sent results_taken reconciled!", "made voided!"];

pub fn events() -> Vec<BatchEvent> {
    let [maker, releaser, third] = [92, 93, 94].map(person);
    let batch = id(BatchId::from_uuid, 102);
    let amount = Fen::new(300_000).unwrap();
    let made = BatchMade {
        batch,
        organization: id(OrganizationId::from_uuid, 2),
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
        lines: vec![BatchLine {
            relief: id(ReliefId::from_uuid, 101),
            line: 1,
            attempt: 1,
            fund: id(FundId::from_uuid, 100),
            amount,
        }],
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
