//! A payment batch 发放批次, from its making to the bank: three persons, and no line twice.
//!
//! 95 makes it, 96 releases it, 97 reconciles it. `bank_results.rs` covers the results of the bank.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    batch::{
        BATCH_LINES_AT_MOST, Batch, BatchCommand, BatchFile, BatchState, FileRow, LeftOut, VoidReason, Withheld,
        WithheldReason,
    },
    fund::{NewFund, PayerAccount},
    hardship::AidType,
    ids::{BatchId, FundId, ReliefId},
    posting::FundAccount,
    rejection::Cause,
    relief::{AttemptState, NewRelief, PaymentOutcome, PaymentReference},
};

use common::{
    acting,
    casework::{Fixture, approver, cause, lifted, yuan},
    caseworker, city,
    money::{
        ACCOUNT, MoneyFixture, OTHER_ACCOUNT, account_of, accountant, cashier, education, families::Family, living,
        medical, new_fund, releaser, the_bank,
    },
    names, person, signed_in,
};

const CONFLICT: Cause = Cause::DutyConflict;

impl MoneyFixture {
    fn batch(&mut self) -> BatchId {
        self.office.make(cashier(), &[self.fund]).unwrap().0
    }

    fn attempt_states(&self, relief: ReliefId) -> Vec<AttemptState> {
        let relief = self.office.relief(relief);
        relief.lines.iter().flat_map(|line| &line.attempts).map(|it| it.state).collect()
    }
}

fn references(batch: &Batch) -> Vec<String> {
    batch.lines.iter().map(|paying| paying.line.reference().to_string()).collect()
}

fn nothing_to_pay(withheld: &[WithheldReason]) -> Cause {
    Cause::NothingToPay { withheld: withheld.to_vec() }
}

fn reasons(withheld: &[Withheld]) -> Vec<(ReliefId, WithheldReason)> {
    withheld.iter().map(|it| (it.line.relief, it.reason)).collect()
}

#[test]
fn three_persons_pay_a_household() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let batch = fixture.batch();
    let made: Vec<_> = fixture.office.journal.iter().rev().take(3).rev().cloned().collect();
    let made: Vec<_> = made.iter().map(|(_, event)| event.event_type().name).collect();
    assert_eq!(made, ["relief.line_batched", "relief.line_batched", "batch.made"]);
    let released = fixture.office.release(releaser(), batch).unwrap();
    assert_eq!(names(&released), ["batch.released"]);
    assert_eq!(fixture.stands(FundAccount::InTransit), 0, "the bank knows nothing of it");
    fixture.office.wait(1);
    let sent = fixture.office.send(cashier(), batch).unwrap();
    assert_eq!(names(&sent), ["relief.line_sent", "relief.line_sent", "batch.sent"]);
    assert_eq!(fixture.stands(FundAccount::InTransit), 500_000);
    assert_eq!(fixture.attempt_states(relief), [AttemptState::Sent; 2]);
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    fixture.office.reconcile(accountant(), batch).unwrap();
    let done = fixture.office.batch(batch);
    assert_eq!((done.state, done.total), (BatchState::Reconciled, yuan("5000.00")));
    assert_eq!(done.sent_on, Some(fixture.office.now.day()));
    let three = [Some(done.made_by), done.released_by, done.reconciled_by];
    assert_eq!(three, [95, 96, 97].map(|n| Some(person(n))));
    let stands = [FundAccount::Held, FundAccount::InTransit, FundAccount::Paid];
    assert_eq!(stands.map(|account| fixture.stands(account)), [0, 0, 500_000]);
}

#[test]
fn the_file_is_what_the_bank_reads() {
    let mut fixture = MoneyFixture::new();
    let Family { worker, spouse, student, .. } = fixture.family;
    fixture.approved(&fixture.aid());
    let hers = NewRelief {
        payee: spouse,
        account: Some(account_of(OTHER_ACCOUNT, "阿依古丽·\"买买提\", 古丽")),
        ..education(fixture.fund, worker, student, "3000.00")
    };
    fixture.approved(&hers);
    fixture.approved(&medical(fixture.fund, worker, "0.05", "0.05"));
    let batch = fixture.batch();
    fixture.office.release(releaser(), batch).unwrap();
    let [one, two, three, four] = references(&fixture.office.batch(batch)).try_into().unwrap();
    let file = fixture.office.file(batch);
    let bank = "中国工商银行铜陵铜官支行";
    let expected = format!(
        "reference,account,name,bank,amount,purpose\r\n\
         {one},6222021302000000009,李建国,{bank},3000.00,生活救助\r\n\
         {two},6222021302000000009,李建国,{bank},2000.00,生活救助\r\n\
         {three},4532015112830366,\"阿依古丽·\"\"买买提\"\", 古丽\",{bank},3000.00,子女助学\r\n\
         {four},6222021302000000009,李建国,{bank},0.05,医疗救助\r\n"
    );
    assert_eq!(file.csv(), expected);
    let rows = file.rows().unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[2].name, "阿依古丽·\"买买提\", 古丽");
    assert_eq!((rows[3].amount, rows[3].account.as_str()), (yuan("0.05"), ACCOUNT));
}

#[test]
fn a_reference_names_relief_line_and_attempt() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let batch = fixture.batch();
    let expected = [1, 2].map(|line| PaymentReference { relief, line, attempt: 1 }.to_string());
    assert_eq!(references(&fixture.office.batch(batch)), expected);
    let [one, _] = expected;
    assert_eq!((one.len(), one.parse()), (30, Ok(PaymentReference { relief, line: 1, attempt: 1 })));
}

#[test]
fn a_maker_or_releaser_takes_no_second_duty() {
    let mut fixture = MoneyFixture::new();
    fixture.approved(&fixture.aid());
    let batch = fixture.batch();
    let office = &mut fixture.office;
    assert_eq!(cause(office.release(cashier(), batch)), CONFLICT);
    office.release(releaser(), batch).unwrap();
    // To send it is no duty of its own.
    office.send(cashier(), batch).unwrap();
    office.apply_result(batch, PaymentOutcome::Paid);
    for other_duty in [cashier(), releaser()] {
        assert_eq!(cause(office.reconcile(other_duty, batch)), CONFLICT);
    }
    let cases = office.cases_in(batch);
    let open_to = |n| office.batch(batch).is_open_to(person(n), BatchCommand::Reconcile, &cases);
    assert_eq!([95, 96, 97].map(open_to), [false, false, true]);
    office.reconcile(accountant(), batch).unwrap();
}

#[test]
fn in_a_matter_of_their_own_a_batch_is_open_to_nobody_but_to_be_voided() {
    let mut fixture = MoneyFixture::new();
    fixture.approved(&fixture.aid());
    let batch = fixture.batch();
    let own = fixture.family.worker;
    let open = |fixture: &MoneyFixture, person| -> Vec<&str> {
        let (it, cases) = (fixture.office.batch(batch), fixture.office.cases_in(batch));
        let commands = BatchCommand::ALL.iter();
        let open = commands.filter(|command| it.is_open_to(person, **command, &cases));
        open.map(|command| command.code()).collect()
    };
    assert_eq!(open(&fixture, own), ["void"]);
    fixture.office.release(releaser(), batch).unwrap();
    assert_eq!((open(&fixture, own), open(&fixture, person(97))), (vec!["void"], vec!["void", "send"]));
    fixture.office.send(cashier(), batch).unwrap();
    assert_eq!(open(&fixture, own), Vec::<&str>::new());
    assert_eq!(open(&fixture, person(97)), ["take_results", "reconcile"]);
}

#[test]
fn no_machine_makes_releases_sends_voids_or_reconciles() {
    for machine in [Actor::System, Actor::Installer, the_bank()] {
        let mut fixture = MoneyFixture::new();
        fixture.approved(&fixture.aid());
        assert_eq!(cause(fixture.office.make(machine, &[fixture.fund])), Cause::NeedsPerson);
        let batch = fixture.batch();
        let office = &mut fixture.office;
        assert_eq!(cause(office.void(machine, batch)), Cause::NeedsPerson);
        assert_eq!(cause(office.release(machine, batch)), Cause::NeedsPerson);
        office.release(releaser(), batch).unwrap();
        assert_eq!(cause(office.send(machine, batch)), Cause::NeedsPerson);
        office.send(releaser(), batch).unwrap();
        office.apply_result(batch, PaymentOutcome::Paid);
        assert_eq!(cause(office.reconcile(machine, batch)), Cause::NeedsPerson);
    }
}

#[test]
fn a_makers_own_matter_waits_for_another_maker() {
    let mut fixture = MoneyFixture::new();
    let relative = Family { related: vec![person(95)], ..Family::nth(2) };
    fixture.office.enrol(&relative);
    let other = fixture.approved(&fixture.aid());
    let new = living(fixture.fund, relative.worker, &["1000.00"]);
    let own = fixture.office.approved(relative.case, &new);
    let (batch, withheld) = fixture.office.make(cashier(), &[fixture.fund]).unwrap();
    assert_eq!(reasons(&withheld), [(own, WithheldReason::OwnMatter)]);
    let lines = fixture.office.batch(batch).lines;
    assert!(lines.iter().all(|paying| paying.line.relief == other));
    assert_eq!(fixture.office.open_lines(), [(own, 1)]);
    assert_eq!(cause(fixture.office.make(cashier(), &[fixture.fund])), nothing_to_pay(&[WithheldReason::OwnMatter]));

    let (batch, withheld) = fixture.office.make(releaser(), &[fixture.fund]).unwrap();
    assert!(withheld.is_empty());
    // The relative does not release, send or reconcile it, or enter results of the bank, either.
    let (office, own) = (&mut fixture.office, cashier());
    assert_eq!(cause(office.release(own, batch)), Cause::OwnMatter);
    office.release(accountant(), batch).unwrap();
    assert_eq!(cause(office.send(own, batch)), Cause::OwnMatter);
    office.send(accountant(), batch).unwrap();
    let paid = office.word(batch, 0, PaymentOutcome::Paid, office.now.day());
    assert_eq!(cause(office.take(own, batch, &[paid])), Cause::OwnMatter);
    office.apply_result(batch, PaymentOutcome::Paid);
    assert_eq!(cause(office.reconcile(own, batch)), Cause::OwnMatter);
    office.reconcile(caseworker(), batch).unwrap();
}

#[test]
fn nobody_of_a_household_pays_it() {
    let mut fixture = MoneyFixture::new();
    fixture.approved(&fixture.aid());
    let wife = acting(fixture.family.spouse);
    assert_eq!(cause(fixture.office.make(wife, &[fixture.fund])), nothing_to_pay(&[WithheldReason::OwnMatter]));
    let batch = fixture.batch();
    assert_eq!(cause(fixture.office.release(wife, batch)), Cause::OwnMatter);
}

#[test]
fn a_line_stands_in_one_batch_and_there_once() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let twice = [(relief, 1), (relief, 1)];
    let (batch, withheld) = fixture.office.make_of(cashier(), &[fixture.fund], &twice).unwrap();
    assert_eq!(fixture.office.batch(batch).lines.len(), 1);
    assert_eq!(reasons(&withheld), [(relief, WithheldReason::NotOpen)]);

    let both = [(relief, 1), (relief, 2)];
    let (second, withheld) = fixture.office.make_of(releaser(), &[fixture.fund], &both).unwrap();
    assert_eq!(reasons(&withheld), [(relief, WithheldReason::NotOpen)]);
    let lines = fixture.office.batch(second).lines;
    assert_eq!(lines.iter().map(|it| it.line.line).collect::<Vec<_>>(), [2]);
    let made = fixture.office.make_of(releaser(), &[fixture.fund], &both);
    assert_eq!(cause(made), nothing_to_pay(&[WithheldReason::NotOpen]));
}

#[test]
fn the_lines_of_a_voided_batch_come_back_under_the_same_references() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let first = fixture.batch();
    fixture.office.release(releaser(), first).unwrap();
    // The person who released it may void it too.
    fixture.office.void(releaser(), first).unwrap();
    assert_eq!(fixture.office.batch(first).voided, Some(VoidReason::WrongLines));
    assert_eq!(fixture.attempt_states(relief), [AttemptState::Open; 2]);
    let again = fixture.batch();
    let (first, second) = (fixture.office.batch(first), fixture.office.batch(again));
    assert_eq!(references(&first), references(&second));
    assert_eq!(cause(fixture.office.send(cashier(), first.id)), Cause::WrongState);
    assert_eq!(cause(fixture.office.release(accountant(), first.id)), Cause::WrongState);
}

#[test]
fn while_a_line_is_under_way_nothing_is_cancelled() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let made = fixture.office.make_of(cashier(), &[fixture.fund], &[(relief, 1)]);
    let (batch, _) = made.unwrap();
    assert_eq!(cause(fixture.office.cancel(caseworker(), relief)), Cause::WrongState);
    fixture.office.void(cashier(), batch).unwrap();
    fixture.office.cancel(caseworker(), relief).unwrap();
    assert_eq!(cause(fixture.office.make(cashier(), &[fixture.fund])), nothing_to_pay(&[]));
}

/// The rows of a batch of two instalments, changed.
fn release_with(change: impl FnOnce(&mut Vec<FileRow>)) -> Option<Cause> {
    let mut fixture = MoneyFixture::new();
    fixture.approved(&fixture.aid());
    let batch = fixture.batch();
    let mut rows = fixture.office.rows(batch);
    change(&mut rows);
    fixture.office.release_rows(releaser(), batch, &rows).err().map(|it| it.cause)
}

#[test]
fn a_batch_is_released_with_a_payment_for_each_of_its_lines() {
    assert_eq!(release_with(|_| {}), None);
    let missing = Some(Cause::PayeeMissing);
    assert_eq!(release_with(|rows| rows.truncate(1)), missing);
    assert_eq!(release_with(|rows| rows.swap(0, 1)), missing);
    assert_eq!(release_with(|rows| rows.push(rows[0].clone())), missing);
    assert_eq!(release_with(|rows| rows[0].amount = yuan("3000.01")), missing);
    assert_eq!(release_with(|rows| rows[1].reference = rows[0].reference), missing);
}

#[test]
fn a_payment_that_comes_back_after_the_household_left_is_not_sent_again_but_cancelled() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let fund = fixture.office.with_fund(new_fund(), "1000.00");
    let new = living(fund, fixture.worker(), &["1000.00"]);
    let relief = fixture.office.approved(fixture.id, &new);
    let batch = fixture.office.sent(&[fund]);
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    fixture.exit(approver(), &lifted()).unwrap();
    fixture.office.apply_result(batch, PaymentOutcome::Returned);
    let office = &mut fixture.office;
    let other = account_of(OTHER_ACCOUNT, "李建国");
    office.correct(caseworker(), relief, 1, Some(&other)).unwrap();
    let withheld = vec![WithheldReason::NotEnrolled];
    assert_eq!(cause(office.make(cashier(), &[fund])), Cause::NothingToPay { withheld });
    office.cancel(caseworker(), relief).unwrap();
    assert!(!office.relief(relief).has_open_money());
}

#[test]
fn the_funds_of_a_batch_pay_from_one_account_of_one_organization() {
    let mut fixture = MoneyFixture::new();
    let central = fixture.fund;
    let aid_types = vec![AidType::Medical];
    let local = fixture.office.with_fund(NewFund { aid_types, ..new_fund() }, "5000.00");
    let of_city = NewFund { organization: city().id, ..new_fund() };
    let of_city = fixture.office.with_fund(of_city, "5000.00");
    let payer_account = PayerAccount::parse("34001234-02").unwrap();
    let other = fixture.office.with_fund(NewFund { payer_account, ..new_fund() }, "5000.00");
    fixture.approved(&living(central, fixture.family.worker, &["1.00"]));
    fixture.approved(&medical(local, fixture.family.worker, "2.00", "2.00"));
    let mut make = |funds: &[FundId]| fixture.office.make(cashier(), funds);
    assert_eq!(cause(make(&[central, other])), Cause::OtherPayer);
    assert_eq!(cause(make(&[of_city, central])), Cause::OtherPayer);
    assert_eq!(cause(make(&[other])), nothing_to_pay(&[]), "it promised nothing");
    let (batch, _) = make(&[central, local]).unwrap();
    let funds: Vec<FundId> = fixture.office.batch(batch).lines.iter().map(|paying| paying.line.fund).collect();
    assert_eq!(funds, [central, local]);
}

#[test]
fn what_a_batch_cannot_hold_comes_with_the_next_one() {
    let mut fixture = MoneyFixture::new();
    let twelve = living(fixture.fund, fixture.family.worker, &["1.00"; 12]);
    for _ in 0..42 {
        fixture.approved(&twelve);
    }
    let waiting = fixture.office.open_lines();
    let (batch, left) = fixture.office.make_up_to(cashier(), &[fixture.fund], &waiting).unwrap();
    assert_eq!(fixture.office.batch(batch).lines.len(), BATCH_LINES_AT_MOST);
    assert_eq!(left, LeftOut { withheld: Vec::new(), for_next_batch: 4 });
    let (next, withheld) = fixture.office.make(cashier(), &[fixture.fund]).unwrap();
    assert_eq!((fixture.office.batch(next).lines.len(), withheld), (4, Vec::new()));
}

#[test]
fn a_batch_is_not_reconciled_before_every_line_is_accounted_for() {
    let mut fixture = MoneyFixture::new();
    fixture.approved(&fixture.aid());
    let batch = fixture.office.sent(&[fixture.fund]);
    let office = &mut fixture.office;
    let open = |office: &mut common::office::Office| cause(office.reconcile(accountant(), batch));
    assert_eq!(open(office), Cause::LinesOpen { open: 2 });
    let today = office.now.day();
    let paid = office.word(batch, 0, PaymentOutcome::Paid, today);
    let unknown = office.word(batch, 1, PaymentOutcome::Unknown, today);
    office.take(the_bank(), batch, &[paid, unknown]).unwrap();
    assert_eq!(open(office), Cause::LinesOpen { open: 1 });
    let refused = office.word(batch, 1, PaymentOutcome::Refused, today);
    office.take(signed_in(90), batch, &[refused]).unwrap();
    office.reconcile(accountant(), batch).unwrap();
}

#[test]
fn an_empty_file_has_its_first_row_alone() {
    let file = BatchFile::of(&[]).unwrap();
    assert_eq!(file.csv(), "reference,account,name,bank,amount,purpose\r\n");
    assert_eq!(file.rows(), Ok(Vec::new()));
}
