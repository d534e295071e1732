//! Money 资金: the funds of the district, the accounts of payees, and what an approval stands on.

mod bank;
pub mod families;
pub mod ledger;
pub mod sent;
pub mod steps;

use bangfu_domain::{
    actor::Actor,
    bank::{AccountNumber, BankName, PayeeAccount},
    case::DecidingPolicy,
    fund::{Allocation, DocumentNumber, Fund, FundSource, NewFund, PayerAccount},
    hardship::AidType,
    ids::{ClientId, FundId, PersonId, ReliefId},
    money::Fen,
    name::PersonName,
    organization::{Organization, OrganizationLevel},
    posting::FundAccount,
    relief::NewRelief,
    time::Day,
};

use self::{families::Family, ledger::Ledger};

use super::{
    casework::{in_force_sample, yuan},
    district, id,
    office::Office,
    signed_in, street, text, today,
};

/// The accounts of 李建国: the first one, and one that he opens later.
pub const ACCOUNT: &str = "6222021302000000009";
pub const OTHER_ACCOUNT: &str = "4532015112830366";

/// The finance officer who makes batches 出纳.
pub fn cashier() -> Actor {
    signed_in(95)
}

/// The finance officer who releases them 复核.
pub fn releaser() -> Actor {
    signed_in(96)
}

/// Who finds every line accounted for 会计.
pub fn accountant() -> Actor {
    signed_in(97)
}

/// The bank's machine.
pub fn the_bank() -> Actor {
    Actor::Client(id(ClientId::from_uuid, 62))
}

/// An account of 李建国.
pub fn account(digits: &str) -> PayeeAccount {
    account_of(digits, "李建国")
}

pub fn account_of(digits: &str, name: &str) -> PayeeAccount {
    PayeeAccount {
        account: AccountNumber::parse(digits).unwrap(),
        name: PersonName::parse(name).unwrap(),
        bank: BankName::parse("中国工商银行铜陵铜官支行").unwrap(),
    }
}

/// A fund of the district for every kind of aid, of the year of [`today`].
pub fn new_fund() -> NewFund {
    NewFund {
        organization: district().id,
        name: text("中央财政专项帮扶资金"),
        source: FundSource::Central,
        year: today().year(),
        aid_types: AidType::ALL.to_vec(),
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
    }
}

/// So much, allocated on a day.
pub fn allocation(amount: Fen, effective_on: Day) -> Allocation {
    Allocation { amount, effective_on, document_number: DocumentNumber::parse("皖财行〔2021〕12号").unwrap() }
}

/// Living aid for the payee, paid to their account in these instalments.
pub fn living(fund: FundId, payee: PersonId, instalments: &[&str]) -> NewRelief {
    NewRelief {
        aid_type: AidType::Living,
        beneficiary: payee,
        payee,
        instalments: instalments.iter().map(|amount| yuan(amount)).collect(),
        fund: Some(fund),
        account: Some(account(ACCOUNT)),
        self_paid: None,
        remark: None,
    }
}

/// Medical aid for the payee, who paid so much in person.
pub fn medical(fund: FundId, payee: PersonId, self_paid: &str, amount: &str) -> NewRelief {
    NewRelief { aid_type: AidType::Medical, self_paid: Some(yuan(self_paid)), ..living(fund, payee, &[amount]) }
}

/// Education aid for a student, paid to their parent.
pub fn education(fund: FundId, payee: PersonId, student: PersonId, amount: &str) -> NewRelief {
    NewRelief { aid_type: AidType::Education, beneficiary: student, ..living(fund, payee, &[amount]) }
}

/// What an approval stands on, beside what the office knows.
#[derive(Debug, Clone)]
pub struct Grounds {
    pub policy: Option<DecidingPolicy<'static>>,
    pub division: Option<&'static str>,
    pub organization: Organization,
    pub level: OrganizationLevel,
    pub fund: FundId,
}

/// By the sample, at the district, for a household of the street.
pub fn grounds(fund: FundId) -> Grounds {
    Grounds {
        policy: Some(in_force_sample()),
        division: Some("340705"),
        organization: street(),
        level: OrganizationLevel::County,
        fund,
    }
}

/// An office with an enrolled family and 100 000 yuan for it.
pub struct MoneyFixture {
    pub office: Office,
    pub family: Family,
    pub fund: FundId,
}

impl MoneyFixture {
    pub fn new() -> Self {
        Self::of(Family::nth(1))
    }

    pub fn of(family: Family) -> Self {
        let mut office = Office::new();
        office.enrol(&family);
        let fund = office.with_fund(new_fund(), "100000.00");
        Self { office, family, fund }
    }

    /// Living aid for the worker in two instalments.
    pub fn aid(&self) -> NewRelief {
        living(self.fund, self.family.worker, &["3000.00", "2000.00"])
    }

    pub fn reviewed(&mut self, new: &NewRelief) -> ReliefId {
        self.office.reviewed(self.family.case, new)
    }

    pub fn approved(&mut self, new: &NewRelief) -> ReliefId {
        self.office.approved(self.family.case, new)
    }

    /// What stands on an account of the fund, in fen.
    pub fn stands(&self, account: FundAccount) -> i64 {
        Ledger::of(&self.office.journal).stands(self.fund, account)
    }
}

impl Office {
    /// Opens a fund and allocates so much to it.
    pub fn with_fund(&mut self, new: NewFund, amount: &str) -> FundId {
        let (fund, opened) = Fund::open(&mut self.ctx(signed_in(90)), new).unwrap();
        self.keep(&opened).unwrap();
        let money = allocation(yuan(amount), self.now.day());
        let allocated = self.fund(fund).allocate(&self.ctx(signed_in(90)), money).unwrap();
        self.keep(&allocated).unwrap();
        fund
    }
}
