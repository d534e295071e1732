//! Each step of a relief or a batch is taken upon the version that was read, by those who may see it and may do it.

use harness::{Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::{common::nowhere, money::Till};

/// Tries a step as it must not be tried, then takes it.
fn step(till: &Till, who: &Client, path: &str, command: &str, body: &Value) {
    let (city, events) = (&till.city, till.city.events());
    let at = format!("{path}/{command}");
    let read = who.get(path).expect(200);
    let stale = Headers::if_match("\"99\"");
    let unseen = city.other_caseworker.post(&at, body).expect_problem(404, "not_found");
    let nothing = format!("{}/{command}", path.replace(last(path), &nowhere().to_string()));
    let nothing = who.post(&nothing, body).expect_problem(404, "not_found");
    assert_eq!(unseen.body, nothing.body, "{command}");
    city.auditor.post(&at, body).expect_problem(403, "forbidden");
    city.auditor.post_with(&at, body, &stale).expect_problem(403, "forbidden");
    who.post(&at, body).expect_problem(428, "precondition_required");
    let etag = read.etag();
    let digits = etag.trim_matches('"').to_owned();
    for tag in ["\"99\"", "\"0\"", "*", &digits, &format!("W/{etag}"), &format!("{etag}, \"99\"")] {
        let stale = who.post_with(&at, body, &Headers::if_match(tag));
        let stale = stale.expect_problem(412, "precondition_failed");
        assert_eq!(stale.body["version"], read.body["version"], "{command} {tag}");
    }
    assert_eq!(city.events(), events, "{command}");
    let done = who.post_with(&at, body, &Headers::if_match(&etag)).expect(200);
    assert_eq!(done.body["version"].as_u64(), read.body["version"].as_u64().map(|it| it + 1));
    let after = who.get(path).expect(200);
    assert_eq!((done.etag(), &done.body["version"]), (after.etag(), &after.body["version"]));
    let again = who.post_with(&at, body, &Headers::if_match(&etag));
    again.expect_problem(412, "precondition_failed");
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

on_both_databases! {
    fn every_step_of_a_relief_is_taken_upon_what_was_read(database: Database) {
        let till = Till::open(database);
        let (caseworker, office, relief) = (&till.city.caseworker, &till.office, &till.relief);
        let (nothing, words) = (json!({}), json!({ "remark": "请补充票据" }));
        step(&till, &office.approver, relief, "return", &words);
        step(&till, caseworker, relief, "submit", &nothing);
        step(&till, caseworker, relief, "recall", &nothing);
        step(&till, caseworker, relief, "submit", &nothing);
        step(&till, &office.reviewer, relief, "review", &nothing);
        step(&till, &office.approver, relief, "approve", &json!({ "fund_id": till.money.fund }));
        let batch = till.money.send();
        let row = till.money.file(&batch).remove(0);
        let failed = [row.failure("refused", &till.city.today(), "other")];
        till.money.tell(&batch, &failed).expect(200);
        step(&till, caseworker, relief, "correct-account", &json!({ "line": 1 }));
        step(&till, &office.approver, relief, "cancel", &words);
        let other = till.city.draft(&till.case, &harness::City::living_aid("1.00"));
        till.city.review(office, &other);
        let reject = json!({ "reason": "no_funds", "remark": "资金不足" });
        step(&till, &office.approver, &other, "reject", &reject);
        let third = till.city.draft(&till.case, &harness::City::living_aid("1.00"));
        step(&till, caseworker, &third, "cancel", &words);
    }

    fn every_step_of_a_batch_is_taken_upon_what_was_read(database: Database) {
        let till = Till::open(database);
        let money = &till.money;
        money.pay_all(&till.batch, &till.city.today());
        step(&till, &money.reconciler, &till.batch, "reconcile", &json!({}));
        till.office.approver
            .act(&till.relief, "approve", &json!({ "fund_id": money.fund })).expect(200);
        let batch = money.make();
        step(&till, &money.releaser, &batch, "release", &json!({}));
        step(&till, &money.maker, &batch, "void", &json!({ "reason": "wrong_lines" }));
        let batch = money.make();
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        step(&till, &money.releaser, &batch, "send", &json!({}));
    }

    fn what_machines_bring_needs_no_version(database: Database) {
        let till = Till::open(database);
        let line = till.money.file(&till.batch).remove(0).result("paid", &till.city.today());
        let path = format!("{}/results", till.batch);
        let body = json!({ "lines": [line] });
        let stale = Headers::if_match("\"1\"");
        till.money.bank.post_with(&path, &body, &stale).expect(200);
        let unseen = till.city.hospital.post(&path, &body).expect_problem(404, "not_found");
        let nothing = path.replace(last(&till.batch), &nowhere().to_string());
        let nothing = till.money.bank.post(&nothing, &body).expect_problem(404, "not_found");
        assert_eq!(unseen.body, nothing.body);
        for who in [&till.money.maker, &till.money.releaser, &till.city.auditor] {
            who.post(&path, &body).expect_problem(403, "forbidden");
        }
    }
}
