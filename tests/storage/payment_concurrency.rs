//! Many at once upon one payment, on PostgreSQL: a line is paid by one batch, a batch goes to the bank once, and the
//! bank's result counts once however often it is sent.

use harness::{City, Client, Database, Office, Treasury, http::Headers};
use serde_json::{Value, json};

use crate::rivals::{Act, assert_equal, at_once, decision, message, problems, ready, statuses};

const PAID: &str = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM postings WHERE debit = 'paid'";

/// A number of reliefs of one household whose money is held; the references of their lines.
fn waiting(city: &City, office: &Office, treasury: &Treasury, case: &str, count: usize) -> Vec<String> {
    let relief = |_| {
        let aid = City::living_aid("100.00");
        let relief = city.approved_relief(office, treasury, case, &aid);
        city.caseworker.get(&relief).expect(200).text("/lines/0/attempts/0/reference")
    };
    (0..count).map(relief).collect()
}

fn yuan(amount: usize) -> String {
    format!("{amount}.00")
}

/// The references of the lines of a batch, in order.
fn lines(answer: &Value) -> Vec<String> {
    let lines = answer["lines"].as_array().unwrap().iter();
    let mut all: Vec<String> = lines.map(|line| line["reference"].as_str().unwrap().to_owned()).collect();
    all.sort_unstable();
    all
}

#[test]
fn of_makers_who_reach_for_the_same_lines_each_line_has_one() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let second = city.hire("韩雪", "hanxue", "finance_maker", &city.city);
    let (case, _) = city.enrolled(&office, "张明", 1);
    let make = |by: &Client, body: Value| message(by, "/v1/payment-batches", &body);
    for _ in 0..3 {
        let mut all = waiting(&city, &office, &treasury, &case, 5);
        all.sort_unstable();
        let order = json!({ "fund_ids": [treasury.fund] });
        let answers = at_once(&[
            make(&treasury.maker, order.clone()),
            make(&second, order.clone()),
            make(&treasury.maker, order.clone()),
            make(&second, order),
        ]);
        assert_eq!(statuses(&answers), [201, 409, 409, 409], "{answers:#?}");
        assert_eq!(problems(&answers, 409, "nothing_to_pay"), 3);
        let made = answers.iter().find(|answer| answer.status == 201).unwrap();
        assert_eq!(lines(&made.body), all);
    }
    for _ in 0..3 {
        // Both name the third line. The later one gets the answer that another batch pays it.
        let all = waiting(&city, &office, &treasury, &case, 5);
        let of = |references: &[String]| json!({ "fund_ids": [treasury.fund], "references": references });
        let answers = at_once(&[make(&treasury.maker, of(&all[..3])), make(&second, of(&all[2..]))]);
        assert_eq!(statuses(&answers), [201, 201], "{answers:#?}");
        let mut paid: Vec<String> = answers.iter().flat_map(|it| lines(&it.body)).collect();
        paid.sort_unstable();
        let mut expected = all.clone();
        expected.sort_unstable();
        assert_eq!(paid, expected, "each line once");
        let mut withheld: Vec<Value> = answers.iter().map(|answer| answer.body["withheld"].clone()).collect();
        withheld.sort_by_key(ToString::to_string);
        let left_out = json!([{ "reference": all[2], "reason": "not_open" }]);
        assert_eq!(withheld, [json!([]), left_out]);
    }
    assert_equal(&city);
}

#[test]
fn a_batch_is_released_once_sent_once_and_reconciled_once() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let releaser = city.hire("韩雪", "hanxue", "finance_releaser", &city.city);
    let reconciler = city.hire("彭博", "pengbo", "finance_reconciler", &city.city);
    let (case, _) = city.enrolled(&office, "张明", 1);
    let nothing = json!({});
    for round in 1..=3_u64 {
        waiting(&city, &office, &treasury, &case, 3);
        let batch = treasury.make();
        for command in ["release", "send"] {
            let all = [&treasury.releaser, &releaser, &treasury.releaser, &releaser];
            let answers = at_once(&all.map(|by| decision(by, &batch, command, &nothing)));
            assert_eq!(statuses(&answers), [200, 412, 412, 412], "{command} {answers:#?}");
        }
        treasury.pay_all(&batch, &city.today());
        let all = [&treasury.reconciler, &reconciler];
        let answers = at_once(&all.map(|by| decision(by, &batch, "reconcile", &nothing)));
        assert_eq!(statuses(&answers), [200, 412], "{answers:#?}");
        let paid = format!("{}.00", round * 300);
        assert_eq!(treasury.balance(&city.auditor)[1..], ["0.00", "0.00", paid.as_str()]);
    }
    assert_equal(&city);
}

/// A batch goes to the bank, or its lines wait for another one.
#[test]
fn a_batch_is_sent_or_voided_and_never_both() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let (case, _) = city.enrolled(&office, "张明", 1);
    let void = json!({ "reason": "wrong_lines" });
    for round in 0..5 {
        waiting(&city, &office, &treasury, &case, 2);
        let batch = treasury.make();
        treasury.releaser.act(&batch, "release", &json!({})).expect(200);
        let before = treasury.balance(&city.auditor);
        let mut acts = vec![
            decision(&treasury.releaser, &batch, "send", &json!({})),
            decision(&treasury.maker, &batch, "void", &void),
        ];
        acts.rotate_left(round % 2);
        let answers = at_once(&acts);
        assert_eq!(statuses(&answers), [200, 412], "{answers:#?}");
        let state = city.auditor.get(&batch).expect(200).text("/state");
        if state == "sent" {
            assert_eq!(treasury.balance(&city.auditor)[1], "0.00");
            treasury.pay_all(&batch, &city.today());
        } else {
            assert_eq!((state.as_str(), treasury.balance(&city.auditor)), ("voided", before));
            let again = treasury.send();
            treasury.pay_all(&again, &city.today());
        }
    }
    assert_eq!(city.server.lines(PAID), ["10"]);
    assert_equal(&city);
}

#[test]
fn results_that_several_bring_at_once_count_once() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let second = city.machine("代发银行备机", "bank", &city.city);
    let (case, _) = city.enrolled(&office, "张明", 1);
    for round in 1..=3_usize {
        waiting(&city, &office, &treasury, &case, 4);
        let batch = treasury.send();
        let day = city.today();
        let rows = treasury.file(&batch);
        let all: Vec<Value> = rows.iter().map(|row| row.result("paid", &day)).collect();
        let body = json!({ "lines": all });
        let path = format!("{batch}/results");
        let bringers: [&Client; 6] =
            [&treasury.bank, &second, &treasury.reconciler, &treasury.bank, &second, &treasury.reconciler];
        let mut acts: Vec<Act<'_>> = bringers.iter().map(|by| message(by, &path, &body)).collect();
        // Under one key it is one request, however often it is sent.
        for _ in 0..3 {
            let (client, path, body) = (treasury.bank.client.clone(), &path, &body);
            let headers = Headers::key(format!("statement-{round}"));
            acts.push(ready(move || client.post_with(path, body, &headers)));
        }
        let answers = at_once(&acts);
        for answer in &answers[..6] {
            let whole = [&answer.body["applied"], &answer.body["read"], &answer.body["open_lines"]];
            assert_eq!((answer.status, whole), (200, [&json!(4), &json!(4), &json!(0)]));
        }
        for answer in &answers[6..] {
            let in_progress = answer.status == 409 && answer.code() == "request_in_progress";
            assert!(answer.status == 200 || in_progress, "{answer:#?}");
        }
        let read = city.auditor.get(&batch).expect(200);
        assert_eq!(read.body["results"].as_array().map(Vec::len), Some(1), "{:#}", read.body);
        assert_eq!(city.server.lines(PAID), [(round * 4).to_string()]);
    }
    assert_equal(&city);
}

/// Files that overlap: what one has said is nothing new to the other.
#[test]
fn two_files_with_the_same_line_pay_it_once() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let (case, _) = city.enrolled(&office, "张明", 1);
    for round in 1..=3_usize {
        waiting(&city, &office, &treasury, &case, 3);
        let batch = treasury.send();
        let day = city.today();
        let rows = treasury.file(&batch);
        let path = format!("{batch}/results");
        let tell = |rows: &[harness::money::FileRow]| {
            let lines: Vec<Value> = rows.iter().map(|row| row.result("paid", &day)).collect();
            message(&treasury.bank, &path, &json!({ "lines": lines }))
        };
        let answers = at_once(&[tell(&rows[..2]), tell(&rows[1..])]);
        assert_eq!(statuses(&answers), [200, 200], "{answers:#?}");
        let sum = |field: &str| -> u64 { answers.iter().map(|answer| answer.body[field].as_u64().unwrap()).sum() };
        assert_eq!((sum("applied"), sum("unchanged"), sum("refused")), (3, 1, 0));
        assert_eq!(city.server.lines(PAID), [(round * 3).to_string()]);
    }
    assert_equal(&city);
}

/// A relief of two instalments: the first is with the bank, the second waits. Nothing of it is cancelled until the
/// bank has spoken, and who decided upon what was before decides again.
#[test]
fn a_result_of_the_bank_and_a_cancellation_race() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let (case, _) = city.enrolled(&office, "张明", 1);
    let cancel = json!({ "remark": "不再需要" });
    for round in 0..5 {
        let mut aid = City::living_aid("200.00");
        aid["instalments"] = json!(["150.00", "50.00"]);
        let relief = city.approved_relief(&office, &treasury, &case, &aid);
        let first = city.caseworker.get(&relief).expect(200);
        let first = first.text("/lines/0/attempts/0/reference");
        let batch = treasury.make_of(&[&first]);
        treasury.hand_over(&batch);
        let row = treasury.file(&batch).remove(0);
        let refused = json!({ "lines": [row.failure("refused", &city.today(), "other")] });
        let mut acts = vec![
            message(&treasury.bank, &format!("{batch}/results"), &refused),
            decision(&office.approver, &relief, "cancel", &cancel),
        ];
        acts.rotate_left(round % 2);
        let mut answers = at_once(&acts);
        answers.rotate_right(round % 2);
        assert_eq!(answers[0].status, 200, "{answers:#?}");
        let late = [(409, "wrong_state"), (412, "precondition_failed")];
        assert!(late.contains(&(answers[1].status, answers[1].code().as_str())), "{answers:#?}");

        // Now it can be cancelled, or tried again; not both.
        let again = json!({ "line": 1 });
        let answers = at_once(&[
            decision(&office.approver, &relief, "cancel", &cancel),
            decision(&city.caseworker, &relief, "correct-account", &again),
        ]);
        assert_eq!(statuses(&answers), [200, 412], "{answers:#?}");
        if answers[1].status == 200 {
            office.approver.act(&relief, "cancel", &cancel).expect(200);
        }
        let whole = ["1000000.00", "0.00", "0.00", "0.00"];
        assert_eq!(treasury.balance(&city.auditor), whole);
    }
    assert_equal(&city);
}

/// The bank refused a payment and finds now that it paid it, while the office pays it again or cancels it. The
/// first to commit is right, and nothing is paid twice.
#[test]
fn a_payment_that_is_found_late_is_not_made_again() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let (case, _) = city.enrolled(&office, "张明", 1);
    let mut paid = 0;
    for round in 0..6 {
        let aid = City::living_aid("100.00");
        let relief = city.approved_relief(&office, &treasury, &case, &aid);
        let batch = treasury.send();
        let day = city.today();
        let row = treasury.file(&batch).remove(0);
        treasury.tell(&batch, &[row.failure("refused", &day, "other")]).expect(200);
        city.caseworker.act(&relief, "correct-account", &json!({ "line": 1 })).expect(200);
        let found = json!({ "lines": [row.result("paid", &day)] });
        let found = message(&treasury.bank, &format!("{batch}/results"), &found);
        let again = round % 2 == 0;
        let other = if again {
            let order = json!({ "fund_ids": [treasury.fund] });
            message(&treasury.maker, "/v1/payment-batches", &order)
        } else {
            decision(&office.approver, &relief, "cancel", &json!({ "remark": "不再需要" }))
        };
        let answers = at_once(&[found, other]);
        assert_eq!(answers[0].status, 200, "{answers:#?}");
        if answers[0].body["applied"] == 1 {
            let late = (answers[1].status, answers[1].code());
            let late = (late.0, late.1.as_str());
            assert!([(409, "nothing_to_pay"), (412, "precondition_failed")].contains(&late));
            paid += 1;
        } else {
            assert_eq!(answers[0].body["refused"], 1, "{answers:#?}");
            assert!([200, 201].contains(&answers[1].status), "{answers:#?}");
            if again {
                let batch = format!("/v1/payment-batches/{}", answers[1].text("/id"));
                treasury.hand_over(&batch);
                treasury.pay_all(&batch, &day);
                paid += 1;
            }
        }
        assert_eq!(city.server.lines(PAID), [paid.to_string()]);
        let balance = treasury.balance(&city.auditor);
        assert_eq!(balance[1..], ["0.00".to_owned(), "0.00".to_owned(), yuan(paid * 100)]);
    }
    assert_equal(&city);
}

/// The last payment arrives, or money comes back, while an approver ends the enrolment.
#[test]
fn a_result_of_the_bank_and_an_exit_race() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let exit = json!({ "reason": "own_wish" });
    for serial in 1..=4 {
        let (case, _) = city.enrolled(&office, "张明", serial);
        waiting(&city, &office, &treasury, &case, 1);
        let batch = treasury.send();
        let day = city.today();
        let row = treasury.file(&batch).remove(0);
        let path = format!("{batch}/results");
        let paid = json!({ "lines": [row.result("paid", &day)] });
        let answers =
            at_once(&[message(&treasury.bank, &path, &paid), decision(&office.approver, &case, "exit", &exit)]);
        assert_eq!(answers[0].status, 200, "{answers:#?}");
        // The first payment is an event of the case, so that who closes it has to look again.
        let late = [(409, "money_open"), (412, "precondition_failed")];
        assert!(late.contains(&(answers[1].status, answers[1].code().as_str())), "{answers:#?}");

        let back = json!({ "lines": [row.failure("returned", &day, "account_closed")] });
        let answers =
            at_once(&[message(&treasury.bank, &path, &back), decision(&office.approver, &case, "exit", &exit)]);
        assert_eq!(answers[0].status, 200, "{answers:#?}");
        let exited = answers[1].status == 200;
        assert!(exited || answers[1].code() == "money_open", "{answers:#?}");
        let state = city.caseworker.get(&case).expect(200).text("/state");
        assert_eq!(state, if exited { "exited" } else { "enrolled" });
        // What came back is held in both cases, until an approver gives it back to the fund.
        let held = format!("{serial}00.00");
        assert_eq!(treasury.balance(&city.auditor)[1..], [held.as_str(), "0.00", "0.00"]);
    }
    assert_equal(&city);
}

/// A total that was told stays what it was at its position, also if it was asked for while the bank told more.
#[test]
fn totals_that_are_asked_for_in_between_stay_what_they_were() {
    const YEAR: &str = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31";
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let (case, _) = city.enrolled(&office, "张明", 1);
    let day = city.today();
    let mut acts = Vec::new();
    for reference in waiting(&city, &office, &treasury, &case, 6) {
        let batch = treasury.make_of(&[&reference]);
        treasury.hand_over(&batch);
        let row = treasury.file(&batch).remove(0);
        let paid = json!({ "lines": [row.result("paid", &day)] });
        acts.push(message(&treasury.bank, &format!("{batch}/results"), &paid));
        let auditor = city.auditor.client.clone();
        acts.push(ready(move || auditor.get(YEAR)));
    }
    let answers = at_once(&acts);
    assert_eq!(statuses(&answers), [200; 12], "{answers:#?}");
    for told in answers.iter().skip(1).step_by(2) {
        let again = format!("{YEAR}&position={}", told.body["position"]);
        assert_eq!(city.auditor.get(&again).expect(200).body, told.body);
    }
    let in_all = city.auditor.get(YEAR).expect(200);
    assert_eq!(in_all.text("/total/amount"), "600.00");
    assert_equal(&city);
}
