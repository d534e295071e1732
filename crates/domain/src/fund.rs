//! Funds 资金: earmarked money 专项资金, each of one source, one year and for stated kinds of aid.
//!
//! The amounts of a fund (available, held, in transit, paid) are the sums of its postings ([`crate::posting`]). Its own
//! stream holds only its opening and its allocations.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision, RejectionContext},
    effects::Effects,
    event::stream_events,
    hardship::AidType,
    ids::{FundId, OrganizationId, PersonId},
    invalid::Invalid,
    money::Fen,
    organization::{Organization, Title},
    posting::{FundAccount, Posting},
    rejection::{Cause, Rejection},
    spelling,
    stream::StreamKind,
    text::Line,
    text_value::{TextFormat, text_value},
    time::Day,
};

codes! {
    /// Where the money of a fund comes from 资金来源 (安徽省《困难职工帮扶中心专项资金使用管理实施办法》 2015).
    FundSource {
        /// The central government 中央财政.
        Central = "central" ("Central government", "中央财政"),
        /// The province 省级财政.
        Provincial = "provincial" ("Provincial government", "省级财政"),
        /// The city or county 地方财政.
        Local = "local" ("Local government", "地方财政"),
        /// The union's own dues 工会经费.
        UnionDues = "union_dues" ("Union dues", "工会经费"),
        /// Donations 社会捐赠.
        Donation = "donation" ("Donations", "社会捐赠"),
        /// Interest of the earmarked account 专户利息.
        Interest = "interest" ("Interest", "专户利息"),
        /// Another lawful source 其他.
        Other = "other" ("Other", "其他"),
    }
}

/// The account from which a fund pays 专户账号, as the paying bank knows it: 4 to 40 letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PayerAccount(String);

impl PayerAccount {
    /// Reads an account.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = spelling::compact(text);
        let shaped = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if text.is_empty() {
            Err(Invalid::Required)
        } else if shaped && (4..=40).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(Invalid::Format)
        }
    }

    /// The account.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(PayerAccount, Self::parse, |account| account.0, TextFormat::Pattern("^[A-Za-z0-9-]{4,40}$"));

/// The number of the public document by which money was allocated 指标文号: one line of at most 64 characters. The journal
/// holds it in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber(Line<64>);

impl DocumentNumber {
    /// Reads a number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Line::parse(text).map(Self)
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

text_value!(DocumentNumber, Self::parse, |number| number.0.into(), TextFormat::Line(64));

stream_events! {
    /// What happens to a fund.
    FundEvent {
        /// It was opened.
        Opened(FundOpened) = "fund.opened" v 1,
        /// Money was allocated to it.
        Allocated(FundAllocated) = "fund.allocated" v 1,
    }
}

/// Payload of `fund.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundOpened {
    pub fund: FundId,
    pub organization: OrganizationId,
    pub name: Title,
    pub source: FundSource,
    pub year: i16,
    pub aid_types: Vec<AidType>,
    pub payer_account: PayerAccount,
    pub opened_by: PersonId,
}

/// Money that came into a fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    pub amount: Fen,
    pub effective_on: Day,
    pub document_number: DocumentNumber,
}

/// Payload of `fund.allocated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundAllocated {
    pub allocation: Allocation,
    pub allocated_by: PersonId,
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    pub id: FundId,
    pub organization: OrganizationId,
    pub name: Title,
    pub source: FundSource,
    pub year: i16,
    pub aid_types: Vec<AidType>,
    pub payer_account: PayerAccount,
    /// What was allocated to it, oldest first.
    pub allocations: Vec<Allocation>,
}

/// What is said of a new fund.
#[derive(Debug, Clone)]
pub struct NewFund {
    pub organization: OrganizationId,
    pub name: Title,
    pub source: FundSource,
    pub year: i16,
    pub aid_types: Vec<AidType>,
    pub payer_account: PayerAccount,
}

codes! {
    /// A command on an existing fund.
    FundCommand {
        /// Allocate money to it.
        Allocate = "allocate" ("Allocate money", "拨入资金"),
    }
}

/// The years that a fund may be of.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2200;

impl Fund {
    /// Opens a fund without any money.
    pub fn open(ctx: &mut Context<'_>, new: NewFund) -> Result<(FundId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Fund, state: "none", command: "open" };
        let opened_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        let wrong = |pointer| Cause::Value { pointer, invalid: Invalid::OutOfRange };
        rejection.unless(YEARS.contains(&new.year), wrong("/year"))?;
        let mut aid_types = new.aid_types;
        aid_types.sort_unstable();
        aid_types.dedup();
        rejection.unless(!aid_types.is_empty(), wrong("/aid_types"))?;
        let fund = ctx.id(FundId::from_uuid);
        let mut decision = Decision::default();
        decision.record(
            fund,
            FundEvent::Opened(FundOpened {
                fund,
                organization: new.organization,
                name: new.name,
                source: new.source,
                year: new.year,
                aid_types,
                payer_account: new.payer_account,
                opened_by,
            }),
        );
        Ok((fund, decision))
    }

    /// Allocates money to the fund. A second allocation with the same document, day and amount is refused.
    pub fn allocate(&self, ctx: &Context<'_>, allocation: Allocation) -> Result<Decision, Rejection> {
        let rejection =
            RejectionContext { stream: StreamKind::Fund, state: "open", command: FundCommand::Allocate.code() };
        let allocated_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        rejection.unless(allocation.amount > Fen::ZERO, wrong("/amount", Invalid::OutOfRange))?;
        let in_future = wrong("/effective_day", Invalid::InFuture);
        rejection.unless(allocation.effective_on <= ctx.now.day(), in_future)?;
        rejection.unless(!self.allocations.contains(&allocation), Cause::AllocationKnown)?;
        let total = self.allocated().and_then(|sum| sum.checked_add(allocation.amount));
        rejection.unless(total.is_some(), Cause::TooMuchMoney)?;
        let mut decision = Decision::default();
        let allocated = FundAllocated { allocation, allocated_by };
        decision.record(self.id, FundEvent::Allocated(allocated));
        Ok(decision)
    }

    /// All that was allocated to it.
    pub fn allocated(&self) -> Option<Fen> {
        Fen::sum(self.allocations.iter().map(|it| it.amount))
    }

    /// Whether it may pay what is approved for an organization in this year: a fund of the organization itself or of
    /// one above it, for this kind of aid, where it is known already. What is left of a fund may be spent in later
    /// years, but never before its own year.
    pub fn may_pay(&self, organization: &Organization, aid_type: Option<AidType>, year: i16) -> bool {
        let for_aid = aid_type.is_none_or(|aid_type| self.aid_types.contains(&aid_type));
        organization.is_at_or_below(self.organization) && for_aid && self.year <= year
    }
}

impl Aggregate for Fund {
    const KIND: StreamKind = StreamKind::Fund;
    const FORM: u32 = 1;
    type Event = FundEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &FundEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, FundEvent::Opened(e)) => Ok(Self {
                id: e.fund,
                organization: e.organization,
                name: e.name.clone(),
                source: e.source,
                year: e.year,
                aid_types: e.aid_types.clone(),
                payer_account: e.payer_account.clone(),
                allocations: Vec::new(),
            }),
            (Some(mut fund), FundEvent::Allocated(e)) => {
                fund.allocations.push(e.allocation.clone());
                Ok(fund)
            }
            (_, FundEvent::Opened(_) | FundEvent::Allocated(_)) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }

    fn effects(&self, event: &FundEvent) -> Effects {
        let postings = match event {
            FundEvent::Opened(_) => Vec::new(),
            FundEvent::Allocated(e) => vec![Posting {
                fund: self.id,
                debit: FundAccount::Available,
                credit: FundAccount::Source,
                amount: e.allocation.amount,
                effective_on: e.allocation.effective_on,
                reverses: None,
                purpose: None,
            }],
        };
        Effects { postings, ..Effects::default() }
    }
}
