//! Funds 资金: how they are opened, what is allocated to them, and what they may pay.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    fund::{Allocation, DocumentNumber, Fund, NewFund, PayerAccount},
    hardship::AidType,
    ids::FundId,
    invalid::Invalid,
    money::Fen,
    posting::FundAccount,
    rejection::{Cause, Rejection},
    time::Day,
};

use common::{
    casework::{cause, yuan},
    caseworker, day,
    money::{allocation, ledger::Ledger, new_fund, the_bank},
    names,
    office::Office,
    today,
};

fn wrong(pointer: &'static str, invalid: Invalid) -> Cause {
    Cause::Value { pointer, invalid }
}

fn open(by: Actor, new: NewFund) -> Result<(FundId, Decision), Rejection> {
    Fund::open(&mut Office::new().ctx(by), new)
}

/// Allocates to a fund that has 100 yuan.
fn allocate(by: Actor, allocation: Allocation) -> Result<Decision, Rejection> {
    let mut office = Office::new();
    let fund = office.with_fund(new_fund(), "100.00");
    office.fund(fund).allocate(&office.ctx(by), allocation)
}

#[test]
fn what_is_allocated_is_available_from_its_day() {
    let mut office = Office::new();
    let fund = office.with_fund(new_fund(), "100.00");
    let earlier = allocation(yuan("0.50"), day("2021-01-15"));
    let allocated = office.fund(fund).allocate(&office.ctx(caseworker()), earlier).unwrap();
    assert_eq!(names(&allocated), ["fund.allocated"]);
    office.keep(&allocated).unwrap();
    assert_eq!(office.fund(fund).allocated(), Some(yuan("100.50")));
    let ledger = Ledger::of(&office.journal);
    assert_eq!(ledger.stands(fund, FundAccount::Available), 10_050);
    assert_eq!(ledger.stands(fund, FundAccount::Source), -10_050);
    let days: Vec<Day> = ledger.postings.iter().map(|(_, _, it)| it.effective_on).collect();
    assert_eq!(days, [today(), day("2021-01-15")]);
    assert!(ledger.postings.iter().all(|(_, _, it)| it.purpose.is_none()));
}

#[test]
fn people_open_funds_and_allocate_to_them() {
    for machine in [Actor::System, Actor::Installer, the_bank()] {
        assert_eq!(cause(open(machine, new_fund())), Cause::NeedsPerson);
        let money = allocation(yuan("1.00"), today());
        assert_eq!(cause(allocate(machine, money)), Cause::NeedsPerson);
    }
}

#[test]
fn a_fund_is_of_some_year_and_for_some_aid() {
    for year in [1999, 2201] {
        let refused = open(caseworker(), NewFund { year, ..new_fund() });
        assert_eq!(cause(refused), wrong("/year", Invalid::OutOfRange));
    }
    let nothing = NewFund { aid_types: Vec::new(), ..new_fund() };
    assert_eq!(cause(open(caseworker(), nothing)), wrong("/aid_types", Invalid::OutOfRange));

    let aid_types = vec![AidType::Medical, AidType::Living, AidType::Medical];
    let mut office = Office::new();
    let fund = office.with_fund(NewFund { aid_types, ..new_fund() }, "1.00");
    assert_eq!(office.fund(fund).aid_types, [AidType::Living, AidType::Medical]);
}

#[test]
fn an_allocation_is_money_of_a_day_that_has_come() {
    let nothing = allocation(Fen::ZERO, today());
    let refused = allocate(caseworker(), nothing);
    assert_eq!(cause(refused), wrong("/amount", Invalid::OutOfRange));
    let tomorrow = allocation(yuan("1.00"), day("2021-03-04"));
    let refused = allocate(caseworker(), tomorrow);
    assert_eq!(cause(refused), wrong("/effective_day", Invalid::InFuture));
    let too_much = allocation(Fen::MAX, today());
    assert_eq!(cause(allocate(caseworker(), too_much)), Cause::TooMuchMoney);
}

#[test]
fn the_same_allocation_is_not_entered_twice() {
    let known = allocation(yuan("100.00"), today());
    assert_eq!(cause(allocate(caseworker(), known.clone())), Cause::AllocationKnown);
    for other in [
        Allocation { amount: yuan("100.01"), ..known.clone() },
        Allocation { effective_on: day("2021-03-02"), ..known.clone() },
        Allocation { document_number: DocumentNumber::parse("皖财行〔2021〕13号").unwrap(), ..known },
    ] {
        assert!(allocate(caseworker(), other).is_ok());
    }
}

#[test]
fn an_account_that_pays_is_letters_digits_and_hyphens() {
    for account in ["3401", "34001234-01", "ABC-2021"] {
        assert_eq!(PayerAccount::parse(account).unwrap().as_str(), account);
    }
    assert_eq!(PayerAccount::parse(" 3400 1234－01").unwrap().as_str(), "34001234-01");
    assert_eq!(PayerAccount::parse(""), Err(Invalid::Required));
    for account in ["340", "3400_1234", "账号一二", "=34001234", &"3".repeat(41)] {
        assert_eq!(PayerAccount::parse(account), Err(Invalid::Format), "{account}");
    }
}

#[test]
fn the_number_of_a_document_stands_on_one_line() {
    assert!(DocumentNumber::parse("皖财行〔2021〕12号").is_ok());
    assert_eq!(DocumentNumber::parse(" "), Err(Invalid::Required));
    assert_eq!(DocumentNumber::parse("皖财行\n12号"), Err(Invalid::ControlCharacters));
    assert_eq!(DocumentNumber::parse(&"1".repeat(65)), Err(Invalid::TooLong { limit: 64 }));
}
