//! The trace of a payment as the API shows it.

use bangfu_app::{
    Names,
    use_cases::trace::{Origin, Trace, TracedEvent, TracedHousehold, TracedReferral},
};
use bangfu_domain::{
    case::{Case, CaseStateKind},
    codes::codes,
    hardship::AidType,
    ids::{BatchId, CaseId, ReferralId, ReliefId},
    referral::{Progress, ReferralStateKind},
    relief::{AttemptState, FailureReason, Line, PaymentReference, Relief, ReliefState},
    stream::StreamKind,
    time::{Day, Instant},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::refs::{ActorRef, OrganizationRef};
use super::super::reliefs::AttemptView;
use crate::edge::{Present, Yuan};

/// What was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TraceAsked)]
pub struct AskedView {
    /// Its kind.
    pub kind: TraceAskedKind,
    /// Its id, or the reference of the payment.
    #[schema(pattern = "^([0-9a-f-]{36}|[A-Z2-7]{26}[0-9]{4})$")]
    pub id: String,
}

codes! {
    /// A kind of thing to be traced.
    TraceAskedKind {
        /// A referral.
        Referral = "referral" ("Referral", "线索"),
        /// A case.
        Case = "case" ("Case", "帮扶个案"),
        /// A relief.
        Relief = "relief" ("Relief", "救助"),
        /// A payment batch.
        Batch = "batch" ("Payment batch", "发放批次"),
        /// A payment of a relief, by its reference.
        Payment = "payment" ("Payment", "发放明细"),
    }
}

impl From<Origin> for AskedView {
    fn from(it: Origin) -> Self {
        let (kind, id) = match it {
            Origin::Referral(id) => (TraceAskedKind::Referral, id.to_string()),
            Origin::Case(id) => (TraceAskedKind::Case, id.to_string()),
            Origin::Relief(id) => (TraceAskedKind::Relief, id.to_string()),
            Origin::Batch(id) => (TraceAskedKind::Batch, id.to_string()),
            Origin::Payment(reference) => (TraceAskedKind::Payment, reference.to_string()),
        };
        Self { kind, id }
    }
}

/// A referral on the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedReferral)]
pub struct TracedReferralView {
    /// Its id.
    pub id: ReferralId,
    /// Its state.
    pub state: ReferralStateKind,
    /// Once accepted: how far it is.
    pub progress: Option<Progress>,
    /// Once accepted: the case; for the union's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
}

impl From<&TracedReferral> for TracedReferralView {
    fn from(it: &TracedReferral) -> Self {
        Self { id: it.id, state: it.state, progress: it.progress, case_id: it.case }
    }
}

/// A case on the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedCase)]
pub struct TracedCaseView {
    /// Its id.
    pub id: CaseId,
    /// Where it stands.
    pub state: CaseStateKind,
    /// The organization in charge.
    pub organization: OrganizationRef,
}

impl Present<Case> for TracedCaseView {
    fn of(it: &Case, names: &mut Names) -> Self {
        Self { id: it.id, state: it.state.kind(), organization: OrganizationRef::of(&it.organization, names) }
    }
}

/// An attempt to pay a line of a relief.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedPayment)]
pub struct TracedPaymentView {
    /// The reference by which the bank knows it.
    pub reference: PaymentReference,
    /// The line of the relief, from 1.
    pub line: u8,
    /// The attempt to pay it, from 1.
    pub attempt: u8,
    /// How much.
    pub amount: Yuan,
    /// How far it is.
    pub state: AttemptState,
    /// The payment batch in which it stands.
    pub batch_id: Option<BatchId>,
    /// The day on which the bank was told to pay it.
    pub sent_on: Option<Day>,
    /// The day on which it was paid, also if the money came back.
    pub paid_on: Option<Day>,
    /// The day on which it was refused, or the money came back.
    pub failed_on: Option<Day>,
    /// Why.
    pub reason: Option<FailureReason>,
}

/// A relief on the way, with the attempts to pay it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedRelief)]
pub struct TracedReliefView {
    /// Its id.
    pub id: ReliefId,
    /// The kind of aid.
    pub aid_type: AidType,
    /// Where it stands.
    pub state: ReliefState,
    /// How much in all.
    pub amount: Yuan,
    /// The attempts to pay its lines, line by line; none before the approval.
    pub payments: Vec<TracedPaymentView>,
}

impl From<&Relief> for TracedReliefView {
    fn from(it: &Relief) -> Self {
        let of_line = |line: &Line| -> Vec<TracedPaymentView> {
            let payment = |attempt| {
                let of = AttemptView::new(it.id, line.number, attempt);
                TracedPaymentView {
                    reference: of.reference,
                    line: line.number,
                    attempt: of.attempt,
                    amount: line.amount.into(),
                    state: of.state,
                    batch_id: of.batch_id,
                    sent_on: of.sent_on,
                    paid_on: of.paid_on,
                    failed_on: of.failed_on,
                    reason: of.reason,
                }
            };
            line.attempts.iter().map(payment).collect()
        };
        Self {
            id: it.id,
            aid_type: it.terms.aid_type,
            state: it.state,
            amount: it.amount().unwrap_or_default().into(),
            payments: it.lines.iter().flat_map(of_line).collect(),
        }
    }
}

/// A case with its reliefs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedHousehold)]
pub struct TracedHouseholdView {
    /// The case; null for a caller who may see reliefs and not cases.
    pub case: Option<TracedCaseView>,
    /// Its reliefs, oldest first.
    pub reliefs: Vec<TracedReliefView>,
}

impl Present<TracedHousehold> for TracedHouseholdView {
    fn of(it: &TracedHousehold, names: &mut Names) -> Self {
        let case = Option::of(&it.case, names);
        Self { case, reliefs: it.reliefs.iter().map(Into::into).collect() }
    }
}

/// That something happened; what, the journal says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TracedEvent)]
pub struct TracedEventView {
    /// Its place in the one order; null until it is sealed.
    pub position: Option<i64>,
    /// When.
    pub recorded_at: Instant,
    /// Who acted; null for a machine where it was another.
    pub acted_by: Option<ActorRef>,
    /// To which kind of thing: a referral, a case, a relief or a batch.
    pub stream_kind: StreamKind,
    /// To which of them.
    #[schema(format = "uuid")]
    pub stream_id: String,
    /// The version that it made of it.
    pub version: u32,
    /// What happened.
    #[schema(example = "relief.line_paid", pattern = "^[a-z_]+[.][a-z_]+$")]
    pub event_type: &'static str,
}

impl Present<TracedEvent> for TracedEventView {
    fn of(it: &TracedEvent, names: &mut Names) -> Self {
        Self {
            position: it.position,
            recorded_at: it.recorded_at,
            acted_by: Option::of(&it.actor, names),
            stream_kind: it.stream.kind,
            stream_id: it.stream.id.to_string(),
            version: it.version,
            event_type: it.event_type,
        }
    }
}

/// A trace: what hangs together with what was asked for, as far as you may see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Trace)]
pub struct TraceView {
    /// What was asked for.
    pub asked: AskedView,
    /// The referrals.
    pub referrals: Vec<TracedReferralView>,
    /// The cases with their reliefs; of a payment batch those of all its lines.
    pub cases: Vec<TracedHouseholdView>,
    /// What happened to all of these and to their payment batches, in the order in which it happened.
    pub events: Vec<TracedEventView>,
}

impl Present<Trace> for TraceView {
    fn of(it: &Trace, names: &mut Names) -> Self {
        Self {
            asked: it.origin.into(),
            referrals: it.referrals.iter().map(Into::into).collect(),
            cases: Vec::of(it.households.as_slice(), names),
            events: Vec::of(it.events.as_slice(), names),
        }
    }
}
