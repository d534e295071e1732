//! A trace goes from the hospital's referral to the bank's result and back, as far as each may see.

use harness::{City, Client, Database, Office, Treasury, on_both_databases};
use serde_json::{Value, json};

use crate::chain::pull;

/// A referral that was paid for, in two attempts.
struct Paid {
    city: City,
    office: Office,
    money: Treasury,
    referral: String,
    case: String,
    relief: String,
    batches: [String; 2],
}

/// The last part of a path.
fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

impl Paid {
    fn open(database: Database) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = city.accepted("ZY-1", "张明", 1);
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.enrol(&office, &case);
        let relief = city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let first = money.send();
        let row = money.file(&first).remove(0);
        money.tell(&first, &[row.failure("refused", &city.today(), "other")]).expect(200);
        city.caseworker.act(&relief, "correct-account", &json!({ "line": 1 })).expect(200);
        let second = money.send();
        money.pay_all(&second, &city.today());
        money.reconciler.act(&second, "reconcile", &json!({})).expect(200);
        city.server.block_on(city.server.store.seal()).expect("sealed");
        Self { city, office, money, referral, case, relief, batches: [first, second] }
    }

    fn reference(&self, attempt: usize) -> String {
        let read = self.city.caseworker.get(&self.relief).expect(200);
        read.text(&format!("/lines/0/attempts/{attempt}/reference"))
    }

    /// Everything by which it can be asked for, and how the answer calls it.
    fn ways(&self) -> Vec<(&'static str, String)> {
        vec![
            ("referral", id(&self.referral).to_owned()),
            ("case", id(&self.case).to_owned()),
            ("relief", id(&self.relief).to_owned()),
            ("batch", id(&self.batches[0]).to_owned()),
            ("payment", self.reference(0)),
            ("payment", self.reference(1)),
        ]
    }
}

fn trace(who: &Client, id: &str) -> harness::Answer {
    who.get(&format!("/v1/trace/{id}"))
}

/// What happened, as `kind of stream: kind of event`, without repeats.
fn kinds(events: &Value) -> Vec<String> {
    let events = events.as_array().expect("events");
    let mut all: Vec<String> = events.iter().map(|it| it["stream_kind"].as_str().expect("a kind").to_owned()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

on_both_databases! {
    fn from_every_end_the_auditor_finds_the_same(database: Database) {
        let paid = Paid::open(database);
        let auditor = &paid.city.auditor;
        let whole = trace(auditor, id(&paid.referral)).expect(200);
        assert_eq!(whole.body["referrals"], json!([{
            "id": id(&paid.referral), "state": "accepted", "progress": "completed",
            "case_id": id(&paid.case),
        }]));
        let today = paid.city.today();
        let attempt = |number: usize, more: Value| {
            let mut it = json!({
                "reference": paid.reference(number - 1), "line": 1, "attempt": number,
                "amount": "3000.00", "batch_id": id(&paid.batches[number - 1]),
                "sent_on": today, "paid_on": null, "failed_on": null, "reason": null,
            });
            harness::money::with(&mut it, &more);
            it
        };
        assert_eq!(whole.body["cases"], json!([{
            "case": { "id": id(&paid.case), "state": "enrolled",
                      "organization": { "id": paid.city.tongguan, "name": "铜官区总工会" } },
            "reliefs": [{
                "id": id(&paid.relief), "aid_type": "living", "state": "paid", "amount": "3000.00",
                "payments": [
                    attempt(1, json!({ "state": "refused", "failed_on": today, "reason": "other" })),
                    attempt(2, json!({ "state": "paid", "paid_on": today })),
                ],
            }],
        }]));
        assert_eq!(kinds(&whole.body["events"]), ["batch", "case", "referral", "relief"]);
        for (kind, by) in paid.ways() {
            let other = trace(auditor, &by).expect(200);
            assert_eq!(other.body["asked"], json!({ "kind": kind, "id": by }));
            for part in ["referrals", "cases", "events"] {
                assert_eq!(other.body[part], whole.body[part], "{kind} {part}");
            }
        }
    }

    fn a_voided_batch_leads_to_its_households_all_the_same(database: Database) {
        let paid = Paid::open(database);
        let (city, money) = (&paid.city, &paid.money);
        let body = City::living_aid("100.00");
        let relief = city.approved_relief(&paid.office, money, &paid.case, &body);
        let batch = money.make();
        money.maker.act(&batch, "void", &json!({ "reason": "wrong_lines" })).expect(200);
        let seen = trace(&city.auditor, id(&batch)).expect(200);
        assert_eq!(seen.body["asked"], json!({ "kind": "batch", "id": id(&batch) }));
        assert_eq!(seen.body["cases"][0]["reliefs"].as_array().map(Vec::len), Some(2));
        let of_relief = |it: &&Value| it["stream_id"] == id(&relief);
        let events = seen.body["events"].as_array().expect("events").clone();
        let last: Vec<&Value> =
            events.iter().filter(of_relief).map(|it| &it["event_type"]).rev().take(2).collect();
        assert_eq!(last, ["relief.line_unbatched", "relief.line_batched"]);
        assert!(events.iter().any(|it| it["event_type"] == "batch.voided"));
    }

    fn its_events_are_the_journals_in_their_order(database: Database) {
        let paid = Paid::open(database);
        let whole = trace(&paid.city.auditor, &paid.reference(1)).expect(200);
        let streams: Vec<&str> = [&paid.referral, &paid.case, &paid.relief, &paid.batches[0],
            &paid.batches[1]].map(|path| id(path)).to_vec();
        let mut expected = Vec::new();
        for unit in pull(&paid.city.auditor, 0, 200) {
            for event in unit["events"].as_array().expect("events") {
                if streams.contains(&event["stream_id"].as_str().expect("an id")) {
                    expected.push(json!({
                        "position": unit["position"], "recorded_at": unit["recorded_at"],
                        "acted_by": unit["acted_by"], "stream_kind": event["stream_kind"],
                        "stream_id": event["stream_id"], "version": event["version"],
                        "event_type": event["event_type"],
                    }));
                }
            }
        }
        assert_eq!(whole.body["events"], Value::Array(expected));
        let events = whole.body["events"].as_array().expect("events");
        assert_eq!(events[0]["event_type"], "referral.received");
        assert_eq!(events[events.len() - 1]["event_type"], "batch.reconciled");
    }

    fn the_hospital_finds_its_referral_and_nothing_of_the_case(database: Database) {
        let paid = Paid::open(database);
        let mut body = City::referral("YA-1", "张明", 1);
        body["organization_id"] = paid.city.tongguan.clone().into();
        let sent = paid.city.other_hospital.post("/v1/referrals", &body).expect(201);
        let second = format!("/v1/referrals/{}", sent.text("/id"));
        let join = json!({ "case_id": id(&paid.case) });
        paid.city.caseworker.act(&second, "accept", &join).expect(200);

        let seen = trace(&paid.city.hospital, id(&paid.referral)).expect(200);
        assert_eq!(seen.body["referrals"], json!([{
            "id": id(&paid.referral), "state": "accepted", "progress": "completed",
        }]));
        assert_eq!(seen.body["cases"], json!([]));
        assert_eq!(kinds(&seen.body["events"]), ["referral"]);
        let events = seen.body["events"].as_array().expect("events").clone();
        for event in &events {
            assert_eq!(event["stream_id"], id(&paid.referral));
            let own = event["event_type"] == "referral.received";
            assert_eq!(event["acted_by"].is_object(), own, "who works on it is not theirs to know");
        }
        assert!(!seen.body.to_string().contains(id(&paid.case)));
        for (kind, by) in paid.ways().into_iter().skip(1) {
            assert_eq!(trace(&paid.city.hospital, &by).status, 404, "{kind}");
        }
        trace(&paid.city.hospital, id(&second)).expect_problem(404, "not_found");
        trace(&paid.city.other_hospital, id(&paid.referral)).expect_problem(404, "not_found");
        let theirs = trace(&paid.city.other_hospital, id(&second)).expect(200);
        assert_eq!(theirs.body["referrals"][0]["progress"], "completed");
        let both = trace(&paid.city.caseworker, id(&second)).expect(200);
        assert_eq!(both.body["referrals"].as_array().map(Vec::len), Some(2));
    }

    fn each_sees_what_they_may_see_record_by_record(database: Database) {
        let paid = Paid::open(database);
        let (city, money) = (&paid.city, &paid.money);
        let of_district = city.hire("区审计", "qushenji", "auditor", &city.tongguan);
        let elsewhere = city.hire("外区审计", "waiqu", "auditor", &city.yian);
        let batch = paid.batches[1].as_str();
        for who in [&city.caseworker, &paid.office.reviewer, &paid.office.approver, &of_district] {
            let seen = trace(who, &paid.reference(1)).expect(200);
            assert_eq!(kinds(&seen.body["events"]), ["case", "referral", "relief"]);
            assert_eq!(seen.text("/cases/0/reliefs/0/payments/1/batch_id"), id(batch));
            trace(who, id(batch)).expect_problem(404, "not_found");
        }
        for who in [&money.maker, &money.releaser, &money.reconciler] {
            let seen = trace(who, id(batch)).expect(200);
            assert_eq!(kinds(&seen.body["events"]), ["batch", "relief"]);
            assert_eq!(seen.body["cases"][0]["case"], Value::Null);
            assert_eq!(seen.body["referrals"], json!([]));
            assert_eq!(seen.text("/cases/0/reliefs/0/id"), id(&paid.relief));
            trace(who, id(&paid.relief)).expect(200);
            trace(who, id(&paid.case)).expect_problem(404, "not_found");
            trace(who, id(&paid.referral)).expect_problem(404, "not_found");
        }
        let banks = trace(&money.bank, id(batch)).expect(200);
        assert_eq!((kinds(&banks.body["events"]), &banks.body["cases"]),
            (vec!["batch".to_owned()], &json!([])));
        let own = |it: &&Value| it["acted_by"].is_object();
        let events = banks.body["events"].as_array().expect("events").clone();
        let told: Vec<&Value> = events.iter().filter(own).map(|it| &it["event_type"]).collect();
        assert_eq!(told, ["batch.results_taken"], "of itself alone");
        for (kind, by) in paid.ways() {
            for who in [&city.other_caseworker, &elsewhere, &paid.office.civil_affairs,
                        &city.system_administrator, &city.administrators[0]] {
                assert_eq!(trace(who, &by).status, 404, "{kind}");
            }
            if kind != "batch" {
                assert_eq!(trace(&money.bank, &by).status, 404, "{kind}");
            }
            trace(&city.server.anonymous, &by).expect_problem(401, "unauthenticated");
        }
    }

    fn what_is_not_there_is_not_found(database: Database) {
        let paid = Paid::open(database);
        let reference = paid.reference(0);
        let never = |tail: &str| format!("{}{tail}", reference.strip_suffix("0101").expect("one"));
        let worker = paid.city.caseworker.get(&paid.case).expect(200).text("/members/0/person_id");
        for by in [never("0103"), never("0201"), never("0000"), reference.to_lowercase(),
                   "A".repeat(30), worker, paid.money.fund.clone(), paid.city.tongguan.clone(),
                   "zq7marker".to_owned(), "-".to_owned(),
                   "01770000-0000-7000-8000-000000000001".to_owned()] {
            trace(&paid.city.auditor, &by).expect_problem(404, "not_found");
        }
    }
}
