//! A relief 救助 on its way to the approval: who may take which step, and what it has to say.
//!
//! 90 and 91 register, 92 reviews, 93 approves. `relief_approval.rs` covers the conditions of an approval.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    bank::{AccountCheck, PayeeAccount},
    duty::Duty,
    ids::{FundId, PersonId, ReliefId},
    invalid::Invalid,
    money::Fen,
    posting::FundAccount,
    rejection::Cause,
    relief::{AttemptState, NewRelief, ReliefEvent, ReliefRejectReason, ReliefState, SelfPaid},
    separation::AnyDuty,
};

use common::{
    acting,
    casework::{approver, cause, civil_affairs, colleague, reviewer, yuan},
    caseworker, id,
    money::{
        ACCOUNT, MoneyFixture, OTHER_ACCOUNT, account, account_of, education, families::Family, ledger::Ledger, living,
        medical, the_bank,
    },
    names,
    office::Office,
    person,
};

const OWN: Cause = Cause::OwnMatter;
const CONFLICT: Cause = Cause::DutyConflict;

fn wrong(pointer: &'static str, invalid: Invalid) -> Cause {
    Cause::Value { pointer, invalid }
}

impl MoneyFixture {
    fn draft(&mut self) -> ReliefId {
        let new = self.aid();
        self.office.draft(caseworker(), self.family.case, &new).unwrap()
    }

    /// Why a relief of this kind is not even drafted.
    fn refuses(&mut self, new: &NewRelief) -> Cause {
        cause(self.office.draft(caseworker(), self.family.case, new))
    }

    fn state(&self, relief: ReliefId) -> ReliefState {
        self.office.relief(relief).state
    }
}

#[test]
fn three_persons_give_a_household_what_is_held_for_it_from_then_on() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    assert_eq!(fixture.state(relief), ReliefState::Draft);
    let submitted = fixture.office.submit(colleague(), relief).unwrap();
    assert_eq!(names(&submitted), ["relief.submitted"]);
    assert_eq!(names(&fixture.office.review(reviewer(), relief).unwrap()), ["relief.reviewed"]);
    assert_eq!(fixture.stands(FundAccount::Held), 0, "nothing is promised yet");
    let approved = fixture.office.approve(approver(), relief).unwrap();
    assert_eq!(names(&approved), ["relief.approved"]);

    let relief = fixture.office.relief(relief);
    assert_eq!(relief.state, ReliefState::Approved);
    let duties = [(90, Duty::Register), (91, Duty::Register), (92, Duty::Review), (93, Duty::Approve)];
    assert_eq!(relief.duties, duties.map(|(n, duty)| (person(n), duty)));
    assert_eq!((relief.amount(), relief.paid()), (Some(yuan("5000.00")), Some(Fen::ZERO)));
    assert_eq!((relief.account_version, relief.basis_version), (1, 0));
    assert_eq!(relief.account_check, AccountCheck::Passed);
    assert!(relief.has_open_money());
    assert_eq!(relief.open_attempt(2).map(|it| it.number), Some(1));
    assert_eq!(relief.open_attempt(3), None);
    assert_eq!(fixture.stands(FundAccount::Available), 9_500_000);
    assert_eq!(fixture.stands(FundAccount::Held), 500_000);
    let dimensions = relief.approval.unwrap().dimensions;
    assert_eq!((dimensions.household, dimensions.case), (fixture.family.worker, fixture.family.case));
}

#[test]
fn a_registrar_neither_reviews_approves_returns_nor_rejects() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let office = &mut fixture.office;
    office.submit(colleague(), relief).unwrap();
    for registrar in [caseworker(), colleague()] {
        assert_eq!(cause(office.review(registrar, relief)), CONFLICT);
        assert_eq!(cause(office.return_for_supplement(registrar, relief)), CONFLICT);
        assert_eq!(cause(office.reject(registrar, relief)), CONFLICT);
    }
    office.review(reviewer(), relief).unwrap();
    for other_duty in [caseworker(), colleague(), reviewer()] {
        assert_eq!(cause(office.approve(other_duty, relief)), CONFLICT);
        assert_eq!(cause(office.reject(other_duty, relief)), CONFLICT);
    }
    office.approve(approver(), relief).unwrap();
}

#[test]
fn is_open_to_says_beforehand_whom_a_step_would_refuse() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let open_to = |fixture: &MoneyFixture, command: &str| {
        let command = command.parse().unwrap();
        [90, 91, 92, 93].map(|n| fixture.office.relief(relief).is_open_to(person(n), command))
    };
    assert_eq!(open_to(&fixture, "submit"), [true; 4]);
    fixture.office.submit(colleague(), relief).unwrap();
    for command in ["review", "return", "reject"] {
        assert_eq!(open_to(&fixture, command), [false, false, true, true], "{command}");
    }
    assert_eq!(open_to(&fixture, "recall"), [true, true, false, false]);
    assert_eq!(open_to(&fixture, "approve"), [false; 4], "nobody has reviewed it");
    assert_eq!(open_to(&fixture, "cancel"), [true; 4]);
    fixture.office.review(reviewer(), relief).unwrap();
    assert_eq!(open_to(&fixture, "approve"), [false, false, false, true]);
    assert_eq!(open_to(&fixture, "return"), [false, false, true, true]);
}

#[test]
fn only_one_of_its_registrars_takes_it_back_and_only_before_it_is_reviewed() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let office = &mut fixture.office;
    office.submit(colleague(), relief).unwrap();
    assert_eq!(cause(office.recall(reviewer(), relief)), Cause::NotRegistrar);
    assert_eq!(cause(office.recall(approver(), relief)), Cause::NotRegistrar);
    office.recall(caseworker(), relief).unwrap();
    let recalled = office.relief(relief);
    assert_eq!((recalled.state, recalled.round), (ReliefState::Recalled, 1));
    assert_eq!(recalled.duties, [90, 91].map(|n| (person(n), Duty::Register)));
    office.submit(caseworker(), relief).unwrap();
    office.review(reviewer(), relief).unwrap();
    assert_eq!(cause(office.recall(caseworker(), relief)), Cause::WrongState);
}

#[test]
fn a_return_begins_a_round_in_which_registrars_stay_and_the_reviewer_may_approve() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let office = &mut fixture.office;
    office.submit(colleague(), relief).unwrap();
    office.review(reviewer(), relief).unwrap();
    office.return_for_supplement(approver(), relief).unwrap();
    let returned = office.relief(relief);
    assert_eq!((returned.state, returned.round), (ReliefState::Returned, 2));
    assert_eq!(returned.duties, [90, 91].map(|n| (person(n), Duty::Register)));
    assert_eq!(returned.remarks.len(), 1);

    office.submit(caseworker(), relief).unwrap();
    for registrar in [caseworker(), colleague()] {
        assert_eq!(cause(office.review(registrar, relief)), CONFLICT);
    }
    office.review(approver(), relief).unwrap();
    assert_eq!(cause(office.approve(approver(), relief)), CONFLICT);
    office.approve(reviewer(), relief).unwrap();
}

#[test]
fn a_person_who_revises_it_is_a_registrar_from_then_on() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let new = fixture.aid();
    let office = &mut fixture.office;
    office.revise(reviewer(), relief, &new).unwrap();
    let registrars = [90, 92].map(|n| (1, person(n), AnyDuty::Register));
    assert_eq!(Ledger::of(&office.journal).separated.get(&relief.into()), Some(&registrars.into()));
    office.submit(caseworker(), relief).unwrap();
    assert_eq!(cause(office.review(reviewer(), relief)), CONFLICT);
    office.review(colleague(), relief).unwrap();
    office.return_for_supplement(approver(), relief).unwrap();
    // A person who reviewed it in the first round may register in the second, and then not review it.
    office.submit(colleague(), relief).unwrap();
    assert_eq!(cause(office.review(colleague(), relief)), CONFLICT);
}

#[test]
fn nobody_of_the_household_acts_nor_who_was_of_it_once_nor_a_declared_relative() {
    let mut fixture = MoneyFixture::new();
    let (once, relative) = (fixture.family.spouse, person(91));
    // She leaves the household; the colleague is declared a relative.
    let separated = Family { spouse: person(13), related: vec![relative], ..fixture.family.clone() };
    fixture.office.rewrite(&separated);
    fixture.family = separated;
    for own in [fixture.family.worker, fixture.family.student, once, relative] {
        refuse_every_act_of(&mut fixture, own);
    }
}

fn refuse_every_act_of(fixture: &mut MoneyFixture, own: PersonId) {
    let (by, new, case) = (acting(own), fixture.aid(), fixture.family.case);
    assert_eq!(cause(fixture.office.draft(by, case, &new)), OWN);
    let relief = fixture.draft();
    let before = fixture.office.journal.len();
    let office = &mut fixture.office;
    assert_eq!(cause(office.revise(by, relief, &new)), OWN);
    assert_eq!(cause(office.submit(by, relief)), OWN);
    assert_eq!(cause(office.cancel(by, relief)), OWN);
    assert_eq!(office.journal.len(), before, "whoever is refused leaves no trace");
    office.submit(caseworker(), relief).unwrap();
    assert_eq!(cause(office.recall(by, relief)), OWN);
    assert_eq!(cause(office.return_for_supplement(by, relief)), OWN);
    assert_eq!(cause(office.review(by, relief)), OWN);
    assert_eq!(cause(office.reject(by, relief)), OWN);
    office.review(reviewer(), relief).unwrap();
    assert_eq!(cause(office.approve(by, relief)), OWN);
    office.reject(approver(), relief).unwrap();
}

#[test]
fn no_machine_takes_a_step() {
    for machine in [Actor::System, Actor::Installer, civil_affairs(), the_bank()] {
        let mut fixture = MoneyFixture::new();
        let (new, case) = (fixture.aid(), fixture.family.case);
        assert_eq!(cause(fixture.office.draft(machine, case, &new)), Cause::NeedsPerson);
        let relief = fixture.draft();
        let office = &mut fixture.office;
        assert_eq!(cause(office.revise(machine, relief, &new)), Cause::NeedsPerson);
        assert_eq!(cause(office.submit(machine, relief)), Cause::NeedsPerson);
        assert_eq!(cause(office.cancel(machine, relief)), Cause::NeedsPerson);
        office.submit(caseworker(), relief).unwrap();
        assert_eq!(cause(office.review(machine, relief)), Cause::NeedsPerson);
        office.review(reviewer(), relief).unwrap();
        assert_eq!(cause(office.approve(machine, relief)), Cause::NeedsPerson);
    }
}

#[test]
fn only_a_household_in_the_archive_gets_a_relief() {
    let mut office = Office::new();
    let case = office.open_case(1010, &[person(10), person(11)]);
    let new = living(id(FundId::from_uuid, 404), person(10), &["1.00"]);
    assert_eq!(cause(office.draft(caseworker(), case.id, &new)), Cause::NotEnrolled);
}

#[test]
fn whom_it_is_for_and_whom_it_is_paid_to_belong_to_the_household() {
    let mut fixture = MoneyFixture::new();
    let stranger = person(40);
    assert_eq!(fixture.refuses(&NewRelief { payee: stranger, ..fixture.aid() }), Cause::NotAMember);
    let other = NewRelief { beneficiary: stranger, ..fixture.aid() };
    assert_eq!(fixture.refuses(&other), Cause::NotAMember);
}

#[test]
fn education_aid_is_for_a_student() {
    let mut fixture = MoneyFixture::new();
    let Family { worker, spouse, student, case, .. } = fixture.family;
    let at_school = education(fixture.fund, worker, student, "3000.00");
    fixture.office.draft(caseworker(), case, &at_school).unwrap();
    let no_student = education(fixture.fund, worker, spouse, "3000.00");
    assert_eq!(fixture.refuses(&no_student), Cause::NotAStudent);
}

#[test]
fn what_the_household_paid_itself_is_named_for_medical_aid_and_for_nothing_else() {
    let mut fixture = MoneyFixture::new();
    let worker = fixture.family.worker;
    let new = medical(fixture.fund, worker, "6000.00", "5000.00");
    let silent = NewRelief { self_paid: None, ..new.clone() };
    assert_eq!(fixture.refuses(&silent), wrong("/self_paid", Invalid::Required));
    let talkative = NewRelief { self_paid: Some(yuan("1.00")), ..fixture.aid() };
    assert_eq!(fixture.refuses(&talkative), wrong("/self_paid", Invalid::OutOfRange));
    let relief = fixture.office.draft(caseworker(), fixture.family.case, &new).unwrap();
    assert_eq!(fixture.office.relief(relief).basis_version, 1);
    let sealed = fixture.office.sealed::<SelfPaid>(relief);
    assert_eq!(sealed, Some(SelfPaid { self_paid: yuan("6000.00") }));
}

#[test]
fn there_are_one_to_twelve_instalments_and_none_is_nothing() {
    let mut fixture = MoneyFixture::new();
    let out_of_range = wrong("/instalments", Invalid::OutOfRange);
    for instalments in [vec![], vec![yuan("1.00"); 13], vec![yuan("1.00"), Fen::ZERO]] {
        let new = NewRelief { instalments, ..fixture.aid() };
        assert_eq!(fixture.refuses(&new), out_of_range);
    }
    let instalments = vec![Fen::MAX, yuan("0.01")];
    assert_eq!(fixture.refuses(&NewRelief { instalments, ..fixture.aid() }), Cause::TooMuchMoney);
    let twelve = NewRelief { instalments: vec![yuan("1.00"); 12], ..fixture.aid() };
    let relief = fixture.office.draft(caseworker(), fixture.family.case, &twelve).unwrap();
    let numbers: Vec<u8> = fixture.office.relief(relief).lines.iter().map(|it| it.number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<u8>>());
}

#[test]
fn it_says_where_the_money_goes_and_a_doubtful_number_is_a_warning() {
    let mut fixture = MoneyFixture::new();
    let no_account = NewRelief { account: None, ..fixture.aid() };
    assert_eq!(fixture.refuses(&no_account), wrong("/account", Invalid::Required));
    for name in ["=HYPERLINK(\"http://example.org\")", "+1", "-1", "@a", "＝1"] {
        let formula = NewRelief { account: Some(account_of(ACCOUNT, name)), ..fixture.aid() };
        assert_eq!(fixture.refuses(&formula), wrong("/payee_id", Invalid::Format), "{name}");
    }
    let mistyped = NewRelief { account: Some(account("6222021302000000008")), ..fixture.aid() };
    let relief = fixture.office.draft(caseworker(), fixture.family.case, &mistyped).unwrap();
    assert_eq!(fixture.office.relief(relief).account_check, AccountCheck::Doubtful);
}

#[test]
fn another_payee_needs_another_account() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let hers = NewRelief { payee: fixture.family.spouse, account: None, ..fixture.aid() };
    let revised = fixture.office.revise(caseworker(), relief, &hers);
    assert_eq!(cause(revised), wrong("/account", Invalid::Required));

    let account = account_of(OTHER_ACCOUNT, "王芳");
    let hers = NewRelief { account: Some(account.clone()), ..hers };
    fixture.office.revise(caseworker(), relief, &hers).unwrap();
    let revised = fixture.office.relief(relief);
    assert_eq!((revised.account_version, revised.terms.payee), (2, fixture.family.spouse));
    assert_eq!(fixture.office.sealed::<PayeeAccount>(relief), Some(account));
}

#[test]
fn a_revision_writes_the_lines_anew_and_may_leave_the_account() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    let three = ["1000.00", "1000.00", "500.00"];
    let new = NewRelief { account: None, ..living(fixture.fund, fixture.family.worker, &three) };
    let revised = fixture.office.revise(caseworker(), relief, &new).unwrap();
    assert!(revised.documents.is_empty(), "nothing is sealed anew");
    let revised = fixture.office.relief(relief);
    assert_eq!((revised.account_version, revised.lines.len()), (1, 3));
    assert_eq!(revised.amount(), Some(yuan("2500.00")));
}

#[test]
fn before_the_approval_a_cancellation_moves_no_money() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    fixture.office.submit(caseworker(), relief).unwrap();
    fixture.office.review(reviewer(), relief).unwrap();
    let cancelled = fixture.office.cancel(colleague(), relief).unwrap();
    let [(_, event)] = cancelled.events.as_slice() else { panic!("one event") };
    let bangfu_domain::event::Event::Relief(ReliefEvent::Cancelled(e)) = event else { panic!("it is cancelled") };
    assert_eq!((&e.lines[..], &e.releases[..]), (&[][..], &[][..]));
    assert_eq!(fixture.state(relief), ReliefState::Cancelled);
    let ledger = Ledger::of(&fixture.office.journal);
    assert_eq!(ledger.postings.len(), 1, "the allocation alone");
    assert!(!fixture.office.relief(relief).has_open_money());
}

#[test]
fn what_is_rejected_is_at_its_end() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.draft();
    fixture.office.submit(caseworker(), relief).unwrap();
    fixture.office.reject(approver(), relief).unwrap();
    let rejected = fixture.office.relief(relief);
    assert_eq!(rejected.rejected, Some(ReliefRejectReason::PaidElsewhere));
    assert!(rejected.lines.iter().all(|line| line.attempts.is_empty()));
    assert_eq!(cause(fixture.office.submit(caseworker(), relief)), Cause::WrongState);
}

#[test]
fn cancelled_lines_are_never_paid() {
    let mut fixture = MoneyFixture::new();
    let (case, new) = (fixture.family.case, fixture.aid());
    let relief = fixture.office.approved(case, &new);
    fixture.office.cancel(caseworker(), relief).unwrap();
    let cancelled = fixture.office.relief(relief);
    let attempts = cancelled.lines.iter().flat_map(|line| &line.attempts);
    assert!(attempts.clone().all(|it| it.state == AttemptState::Cancelled));
    assert_eq!((attempts.count(), cancelled.state), (2, ReliefState::Cancelled));
    assert!(fixture.office.open_lines().is_empty() && !cancelled.has_open_money());
}
