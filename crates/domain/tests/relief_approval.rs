//! What the approval of a relief 救助 waits for: the enrolment, fresh evidence, the level, the caps and the fund.
//!
//! The sample's policy gives a household in deep hardship 8 160 yuan of living aid a year, all that it paid itself for
//! an illness up to 50 000 a year and 150 000 ever, and a student at school 3 000 once a year.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{BlockerCode, ExitReason},
    fund::{NewFund, PayerAccount},
    hardship::{AidType, HardshipCategory},
    ids::{CaseId, ReliefId},
    money::Fen,
    organization::OrganizationLevel,
    posting::FundAccount,
    rejection::{Cause, Rejection},
    relief::{ApprovalBasis, CapScope, NewRelief, PaymentOutcome},
};

use common::{
    casework::{Fixture, approver, blocked, cancelled, cause, yuan},
    caseworker, city, day, district, id,
    money::{
        Grounds, MoneyFixture, cashier, education, families::Family, grounds, ledger::Ledger, living, medical, new_fund,
    },
    other_district, street,
};

/// 李建国's living aid, reviewed on a fixture whose case has every paper.
fn reviewed_on(fixture: &mut Fixture) -> ReliefId {
    let fund = fixture.office.with_fund(new_fund(), "100000.00");
    let new = living(fund, fixture.worker(), &["1000.00"]);
    fixture.office.reviewed(fixture.id, &new)
}

impl MoneyFixture {
    fn living(&self, amount: &str) -> NewRelief {
        living(self.fund, self.family.worker, &[amount])
    }

    fn medical(&self, self_paid: &str, amount: &str) -> NewRelief {
        medical(self.fund, self.family.worker, self_paid, amount)
    }

    fn education(&self, amount: &str) -> NewRelief {
        education(self.fund, self.family.worker, self.family.student, amount)
    }

    /// Drafts, submits, reviews and tries to approve.
    fn try_for(&mut self, new: &NewRelief) -> Result<ReliefId, Rejection> {
        let grounds = grounds(new.fund.unwrap());
        self.try_on(new, &grounds)
    }

    fn try_on(&mut self, new: &NewRelief, grounds: &Grounds) -> Result<ReliefId, Rejection> {
        let relief = self.reviewed(new);
        self.office.approve_on(approver(), relief, grounds).map(|_| relief)
    }

    /// The same at the city, which may approve any amount.
    fn try_at_the_city(&mut self, new: &NewRelief) -> Result<ReliefId, Rejection> {
        let level = OrganizationLevel::City;
        self.try_on(new, &Grounds { level, ..grounds(self.fund) })
    }

    fn next_year(&mut self) {
        self.office.wait(365);
    }
}

fn passed(scope: CapScope, limit: &str, left: &str) -> Cause {
    Cause::CapPassed { scope, limit: yuan(limit), left: yuan(left) }
}

#[test]
fn only_a_household_in_the_archive_gets_a_relief_approved() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let relief = reviewed_on(&mut fixture);
    fixture.exit(approver(), &cancelled(ExitReason::Moved)).unwrap();
    assert_eq!(cause(fixture.office.approve(approver(), relief)), Cause::NotEnrolled);
}

#[test]
fn a_relief_waits_for_the_evidence_that_the_policy_asks_for_at_this_step() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let relief = reviewed_on(&mut fixture);
    fixture.office.wait(357);
    fixture.office.approve(approver(), relief).unwrap();

    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let relief = reviewed_on(&mut fixture);
    fixture.office.wait(358);
    let expired = [BlockerCode::VisitExpired, BlockerCode::ComparisonExpired, BlockerCode::AssessmentExpired];
    assert_eq!(blocked(fixture.office.approve(approver(), relief)), expired);
    for command in ["record_visit", "request_comparison", "answer_comparison", "assess"] {
        fixture.run(command).unwrap();
    }
    fixture.office.approve(approver(), relief).unwrap();
}

#[test]
fn a_household_that_has_changed_is_assessed_anew_first() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let relief = reviewed_on(&mut fixture);
    fixture.run("record_household").unwrap();
    let stale = [BlockerCode::AssessmentStale];
    assert_eq!(blocked(fixture.office.approve(approver(), relief)), stale);
    fixture.run("assess").unwrap();
    fixture.office.approve(approver(), relief).unwrap();
}

#[test]
fn without_a_policy_or_a_dibao_line_nothing_is_approved() {
    let mut fixture = MoneyFixture::new();
    let new = fixture.living("1.00");
    let no_policy = Grounds { policy: None, ..grounds(fixture.fund) };
    assert_eq!(cause(fixture.try_on(&new, &no_policy)), Cause::NoPolicy);
    for division in [None, Some("340800")] {
        let no_line = Grounds { division, ..grounds(fixture.fund) };
        assert_eq!(cause(fixture.try_on(&new, &no_line)), Cause::NoDibaoLine);
    }
}

#[test]
fn the_level_that_approves_follows_from_the_amount_of_all_instalments() {
    let mut fixture = MoneyFixture::new();
    let needed = OrganizationLevel::City;
    let instalments = vec![yuan("10000.00"), yuan("10000.01")];
    let above = NewRelief { instalments, ..fixture.medical("40000.00", "1.00") };
    assert_eq!(cause(fixture.try_for(&above)), Cause::LevelTooLow { needed });
    fixture.try_at_the_city(&above).unwrap();
    let at_the_bound = fixture.medical("40000.00", "20000.00");
    let street = Grounds { level: OrganizationLevel::StreetTown, ..grounds(fixture.fund) };
    let needed = OrganizationLevel::County;
    assert_eq!(cause(fixture.try_on(&at_the_bound, &street)), Cause::LevelTooLow { needed });
    fixture.try_for(&at_the_bound).unwrap();
}

#[test]
fn a_member_who_left_before_the_approval_gets_nothing() {
    let mut fixture = MoneyFixture::new();
    let new = living(fixture.fund, fixture.family.spouse, &["1000.00"]);
    let relief = fixture.reviewed(&new);
    let separated = Family { spouse: common::person(13), ..fixture.family.clone() };
    fixture.office.rewrite(&separated);
    assert_eq!(cause(fixture.office.approve(approver(), relief)), Cause::NotAMember);
}

#[test]
fn a_student_who_left_school_before_the_approval_gets_no_education_aid() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&fixture.education("3000.00"));
    let family = Family { stage: None, ..fixture.family.clone() };
    fixture.office.rewrite(&family);
    assert_eq!(cause(fixture.office.approve(approver(), relief)), Cause::NotAStudent);
}

#[test]
fn medical_aid_is_the_categorys_part_of_what_was_paid_and_the_fraction_of_a_fen_is_dropped() {
    let relative = Family { category: HardshipCategory::Relative, ..Family::nth(1) };
    let mut fixture = MoneyFixture::of(relative);
    // 80 percent of 1234.57 is 987.656.
    let limit = yuan("987.65");
    let above = fixture.medical("1234.57", "987.66");
    assert_eq!(cause(fixture.try_for(&above)), Cause::AboveShare { limit });
    fixture.try_for(&fixture.medical("1234.57", "987.65")).unwrap();

    let mut fixture = MoneyFixture::new();
    let limit = yuan("1234.57");
    let above = fixture.medical("1234.57", "1234.58");
    assert_eq!(cause(fixture.try_for(&above)), Cause::AboveShare { limit });
    fixture.try_for(&fixture.medical("1234.57", "1234.57")).unwrap();
}

#[test]
fn without_what_the_household_paid_itself_no_medical_aid_is_approved() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&fixture.medical("100.00", "100.00"));
    let (fund, organization) = (fixture.office.fund(fixture.fund), street());
    let outcome = fixture.office.decide(approver(), relief, |relief, case, ctx| {
        let grounds = grounds(fund.id);
        let approval = ApprovalBasis {
            policy: grounds.policy,
            division: None,
            organization: &organization,
            level: grounds.level,
            // Its key was destroyed.
            self_paid: None,
            used: &[],
            fund: &fund,
            available: yuan("100.00"),
            remark: None,
        };
        relief.approve(ctx, case, &approval)
    });
    assert_eq!(cause(outcome), Cause::BasisMissing);
}

#[test]
fn the_cap_of_the_year_counts_what_is_held_and_what_is_paid() {
    let mut fixture = MoneyFixture::new();
    let scope = CapScope::LivingHouseholdYear;
    assert_eq!(cause(fixture.try_for(&fixture.living("8160.01"))), passed(scope, "8160.00", "8160.00"));
    fixture.try_for(&fixture.living("5000.00")).unwrap();
    // Nothing is paid yet, and it counts all the same.
    assert_eq!(cause(fixture.try_for(&fixture.living("3160.01"))), passed(scope, "8160.00", "3160.00"));
    let batch = fixture.office.sent(&[fixture.fund]);
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    assert_eq!(cause(fixture.try_for(&fixture.living("3160.01"))), passed(scope, "8160.00", "3160.00"));
    fixture.try_for(&fixture.living("3160.00")).unwrap();
    assert_eq!(cause(fixture.try_for(&fixture.living("0.01"))), passed(scope, "8160.00", "0.00"));
    // The other kinds of aid have caps of their own.
    fixture.try_for(&fixture.medical("1000.00", "1000.00")).unwrap();
    fixture.try_for(&fixture.education("3000.00")).unwrap();
}

#[test]
fn the_cap_is_the_households_for_any_member() {
    let mut fixture = MoneyFixture::new();
    fixture.try_for(&fixture.living("8000.00")).unwrap();
    let hers = living(fixture.fund, fixture.family.spouse, &["160.01"]);
    let scope = CapScope::LivingHouseholdYear;
    assert_eq!(cause(fixture.try_for(&hers)), passed(scope, "8160.00", "160.00"));
}

#[test]
fn the_year_is_that_of_the_approval() {
    let mut fixture = MoneyFixture::new();
    let all = fixture.living("8160.00");
    fixture.try_for(&all).unwrap();
    let drafted_this_year = fixture.reviewed(&all);
    assert!(fixture.office.approve(approver(), drafted_this_year).is_err());
    fixture.next_year();
    fixture.office.approve(approver(), drafted_this_year).unwrap();
    assert!(fixture.try_for(&fixture.living("0.01")).is_err(), "the next year's cap is used up");
}

#[test]
fn medical_aid_has_a_cap_of_the_year_and_one_for_ever() {
    let mut fixture = MoneyFixture::new();
    let more = fixture.office.fund(fixture.fund);
    let money = common::money::allocation(yuan("900000.00"), fixture.office.now.day());
    let allocated = more.allocate(&fixture.office.ctx(caseworker()), money).unwrap();
    fixture.office.keep(&allocated).unwrap();
    let (year, ever) = (CapScope::MedicalHouseholdYear, CapScope::MedicalHouseholdLifetime);
    let all = fixture.medical("90000.00", "50000.00");
    let limit = yuan("50000.00");
    let above = fixture.medical("90000.00", "50000.01");
    assert_eq!(cause(fixture.try_at_the_city(&above)), Cause::AboveShare { limit });
    fixture.try_at_the_city(&fixture.medical("90000.00", "49999.99")).unwrap();
    let refused = fixture.try_at_the_city(&fixture.medical("1.00", "0.02"));
    assert_eq!(cause(refused), passed(year, "50000.00", "0.01"));
    fixture.next_year();
    fixture.try_at_the_city(&all).unwrap();
    fixture.next_year();
    fixture.try_at_the_city(&all).unwrap();
    fixture.next_year();
    let refused = fixture.try_at_the_city(&fixture.medical("1.00", "0.02"));
    assert_eq!(cause(refused), passed(ever, "150000.00", "0.01"));
    fixture.try_at_the_city(&fixture.medical("1.00", "0.01")).unwrap();
}

#[test]
fn a_student_gets_aid_as_often_a_year_as_the_policy_says_and_another_student_as_well() {
    let mut fixture = MoneyFixture::new();
    let scope = CapScope::EducationStudentYear;
    let above = fixture.education("3000.01");
    assert_eq!(cause(fixture.try_for(&above)), passed(scope, "3000.00", "3000.00"));
    let first = fixture.try_for(&fixture.education("1000.00")).unwrap();
    let again = cause(fixture.try_for(&fixture.education("1000.00")));
    assert_eq!(again, Cause::TooOften { scope, limit: 1 });

    fixture.office.cancel(caseworker(), first).unwrap();
    fixture.try_for(&fixture.education("1000.00")).unwrap();
    let sibling = Family { student: common::person(14), ..fixture.family.clone() };
    fixture.office.rewrite(&sibling);
    fixture.family = sibling;
    fixture.try_for(&fixture.education("3000.00")).unwrap();
}

#[test]
fn a_category_without_living_aid_gets_none() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let relief = reviewed_on(&mut fixture);
    fixture.change_policy(1, |document| document.aid.living.months.deep = 0);
    let fund = fixture.office.relief(relief).terms.fund.unwrap();
    let none = Grounds { policy: fixture.policy, ..grounds(fund) };
    let refused = fixture.office.approve_on(approver(), relief, &none);
    assert_eq!(cause(refused), passed(CapScope::LivingHouseholdYear, "0.00", "0.00"));
}

#[test]
fn what_is_cancelled_is_free_again_in_the_fund_and_in_the_cap_of_its_year() {
    let mut fixture = MoneyFixture::new();
    let all = fixture.living("8160.00");
    let relief = fixture.try_for(&all).unwrap();
    assert_eq!(fixture.stands(FundAccount::Held), 816_000);
    fixture.next_year();
    fixture.office.cancel(caseworker(), relief).unwrap();
    assert_eq!(fixture.stands(FundAccount::Held), 0);
    assert_eq!(fixture.stands(FundAccount::Available), 10_000_000);
    let used = Ledger::of(&fixture.office.journal).used();
    let [of_the_year] = used.as_slice() else { panic!("one counter") };
    assert_eq!((of_the_year.key.year, of_the_year.amount), (2021, Fen::ZERO));
    assert_eq!(of_the_year.times, 0);
}

#[test]
fn a_household_that_leaves_and_comes_back_has_its_cap_of_the_year_once() {
    let mut fixture = MoneyFixture::new();
    fixture.try_for(&fixture.living("8000.00")).unwrap();
    let batch = fixture.office.sent(&[fixture.fund]);
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    // Another case of the same worker, with another wife.
    let again = Family { case: id(CaseId::from_uuid, 2001), spouse: common::person(13), ..fixture.family.clone() };
    fixture.office.enrol(&again);
    fixture.family = again;
    let scope = CapScope::LivingHouseholdYear;
    assert_eq!(cause(fixture.try_for(&fixture.living("1000.00"))), passed(scope, "8160.00", "160.00"));
}

/// Whether another fund may pay education aid of the street's household.
fn may_pay(change: impl FnOnce(NewFund) -> NewFund) -> Result<ReliefId, Rejection> {
    let mut fixture = MoneyFixture::new();
    let fund = fixture.office.with_fund(change(new_fund()), "5000.00");
    let new = NewRelief { fund: Some(fund), ..fixture.education("1000.00") };
    fixture.try_for(&new)
}

#[test]
fn a_fund_pays_for_its_organization_and_those_below_and_only_what_it_is_earmarked_for() {
    let of = |organization| move |new| NewFund { organization, ..new };
    assert!(may_pay(of(district().id)).is_ok());
    assert!(may_pay(of(city().id)).is_ok());
    assert!(may_pay(of(street().id)).is_ok());
    assert_eq!(cause(may_pay(of(other_district().id))), Cause::FundUnfit);
    let kinds = |aid_types: &[AidType]| {
        let aid_types = aid_types.to_vec();
        move |new| NewFund { aid_types, ..new }
    };
    assert!(may_pay(kinds(&[AidType::Education])).is_ok());
    let others = kinds(&[AidType::Living, AidType::Medical]);
    assert_eq!(cause(may_pay(others)), Cause::FundUnfit);
}

#[test]
fn what_is_left_of_a_grant_is_spent_in_later_years_and_never_before_its_own() {
    let of_year = |year| move |new| NewFund { year, ..new };
    assert!(may_pay(of_year(2020)).is_ok());
    assert_eq!(cause(may_pay(of_year(2022))), Cause::FundUnfit);
}

#[test]
fn a_fund_promises_no_more_than_it_has() {
    let mut fixture = MoneyFixture::new();
    let payer_account = PayerAccount::parse("34001234-02").unwrap();
    let small = fixture.office.with_fund(NewFund { payer_account, ..new_fund() }, "1500.00");
    let from_it = |new| NewRelief { fund: Some(small), ..new };
    fixture.try_for(&from_it(fixture.living("1000.00"))).unwrap();
    // What is held is not there for anybody else, nor what is with the bank or paid.
    let short = from_it(fixture.living("500.01"));
    assert_eq!(cause(fixture.try_for(&short)), Cause::FundShort);
    let batch = fixture.office.sent(&[small]);
    assert_eq!(cause(fixture.try_for(&short)), Cause::FundShort);
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    assert_eq!(cause(fixture.try_for(&short)), Cause::FundShort);
    fixture.try_for(&from_it(fixture.living("500.00"))).unwrap();
    assert_eq!(cause(fixture.office.make(cashier(), &[])), Cause::NothingToPay { withheld: Vec::new() });
}

#[test]
fn another_fund_than_the_one_named_may_be_the_one_that_pays() {
    let mut fixture = MoneyFixture::new();
    let of_the_city = NewFund { organization: city().id, ..new_fund() };
    let other = fixture.office.with_fund(of_the_city, "1000.00");
    let relief = fixture.try_on(&fixture.living("1000.00"), &grounds(other)).unwrap();
    let approval = fixture.office.relief(relief).approval.unwrap();
    assert_eq!((approval.fund, approval.approved_on), (other, day("2021-03-03")));
    assert_eq!(fixture.stands(FundAccount::Held), 0);
}

#[test]
fn a_refused_approval_takes_nothing_of_any_cap() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&fixture.living("8160.00"));
    let poor = fixture.office.with_fund(new_fund(), "1.00");
    let before = fixture.office.journal.len();
    let refused = fixture.office.approve_on(approver(), relief, &grounds(poor));
    assert_eq!(cause(refused), Cause::FundShort);
    assert_eq!(fixture.office.journal.len(), before);
    assert_eq!(fixture.stands(FundAccount::Held), 0);
    fixture.office.approve(approver(), relief).unwrap();
}
