//! Each step of a relief or a batch is taken upon the version that was read, by those who may see it and may do it.

use std::collections::BTreeSet;

use bangfu_domain::{batch::BatchCommand, codes::Code, relief::ReliefCommand};
use harness::{Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::{common::nowhere, money::MoneyFixture};

/// Tries steps as they must not be tried, then takes them, and remembers which.
struct Steps<'f> {
    fixture: &'f MoneyFixture,
    taken: BTreeSet<String>,
}

impl Steps<'_> {
    fn take(&mut self, who: &Client, path: &str, command: &str, body: &Value) {
        take(self.fixture, who, path, command, body);
        self.taken.insert(command.replace('-', "_"));
    }

    /// Every command was taken, those apart that are asked otherwise.
    fn are_all<C: Code>(&self, otherwise: &[C]) {
        let commands = C::ALL.iter().filter(|it| !otherwise.contains(it)).map(|it| it.code().to_owned());
        assert_eq!(self.taken, commands.collect());
    }
}

fn take(fixture: &MoneyFixture, who: &Client, path: &str, command: &str, body: &Value) {
    let (city, events) = (&fixture.city, fixture.city.events());
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
    for tag in ["\"99\"", "\"0\"", "*", &digits, "W/\"99\"", &format!("{etag}, \"99\"")] {
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
        let fixture = MoneyFixture::new(database);
        let (caseworker, office, relief) = (&fixture.city.caseworker, &fixture.office, &fixture.relief);
        let (nothing, words) = (json!({}), json!({ "remark": "请补充票据" }));
        let mut steps = Steps { fixture: &fixture, taken: BTreeSet::new() };
        steps.take(&office.approver, relief, "return", &words);
        steps.take(caseworker, relief, "submit", &nothing);
        steps.take(caseworker, relief, "recall", &nothing);
        steps.take(caseworker, relief, "submit", &nothing);
        steps.take(&office.reviewer, relief, "review", &nothing);
        steps.take(&office.approver, relief, "approve", &json!({ "fund_id": fixture.money.fund }));
        let batch = fixture.money.send();
        let row = fixture.money.file(&batch).remove(0);
        let failed = [row.failure("refused", &fixture.city.today(), "other")];
        fixture.money.tell(&batch, &failed).expect(200);
        steps.take(caseworker, relief, "correct-account", &json!({ "line": 1 }));
        steps.take(&office.approver, relief, "cancel", &words);
        let other = fixture.city.draft(&fixture.case, &harness::City::living_aid("1.00"));
        fixture.city.review(office, &other);
        let reject = json!({ "reason": "no_funds", "remark": "资金不足" });
        steps.take(&office.approver, &other, "reject", &reject);
        let third = fixture.city.draft(&fixture.case, &harness::City::living_aid("1.00"));
        steps.take(caseworker, &third, "cancel", &words);
        steps.are_all(&[ReliefCommand::Revise]);
    }

    fn every_step_of_a_batch_is_taken_upon_what_was_read(database: Database) {
        let fixture = MoneyFixture::new(database);
        let money = &fixture.money;
        let mut steps = Steps { fixture: &fixture, taken: BTreeSet::new() };
        money.pay_all(&fixture.batch, &fixture.city.today());
        steps.take(&money.reconciler, &fixture.batch, "reconcile", &json!({}));
        fixture.office.approver
            .act(&fixture.relief, "approve", &json!({ "fund_id": money.fund })).expect(200);
        let batch = money.make();
        steps.take(&money.releaser, &batch, "release", &json!({}));
        steps.take(&money.maker, &batch, "void", &json!({ "reason": "wrong_lines" }));
        let batch = money.make();
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        steps.take(&money.releaser, &batch, "send", &json!({}));
        steps.are_all(&[BatchCommand::TakeResults]);
    }

    fn what_machines_bring_needs_no_version(database: Database) {
        let fixture = MoneyFixture::new(database);
        let line = fixture.money.file(&fixture.batch).remove(0).result("paid", &fixture.city.today());
        let path = format!("{}/results", fixture.batch);
        let body = json!({ "lines": [line] });
        let stale = Headers::if_match("\"1\"");
        fixture.money.bank.post_with(&path, &body, &stale).expect(200);
        let unseen = fixture.city.hospital.post(&path, &body).expect_problem(404, "not_found");
        let nothing = path.replace(last(&fixture.batch), &nowhere().to_string());
        let nothing = fixture.money.bank.post(&nothing, &body).expect_problem(404, "not_found");
        assert_eq!(unseen.body, nothing.body);
        for who in [&fixture.money.maker, &fixture.money.releaser, &fixture.city.auditor] {
            who.post(&path, &body).expect_problem(403, "forbidden");
        }
    }
}
