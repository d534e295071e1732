//! The journal: an auditor of the city takes all of it along, verifies it, and finds no person in it.

use harness::{City, Client, Database, on_both_databases};
use serde_json::{Value, json};

use crate::chain::{pull, verify};

/// A referral that was paid for, with words, a wrong account and a correction on the way.
fn helped(city: &City) {
    let (office, money) = (city.office(), city.treasury());
    let (_, case) = city.accepted("ZY-1", "张明", 1);
    let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
    city.gather(&office, &case, &worker, 1);
    city.enrol(&office, &case);
    let mut body = City::living_aid("3000.00");
    body["remark"] = "家庭因病致困".into();
    let relief = city.draft(&case, &body);
    city.review(&office, &relief);
    let words = json!({ "fund_id": money.fund, "remark": "同意救助三千元" });
    office.approver.act(&relief, "approve", &words).expect(200);
    let batch = money.send();
    let day = city.today();
    let row = money.file(&batch).remove(0);
    let strange = json!({ "reference": row.reference, "account": row.account, "name": "章明明",
        "amount": row.amount, "outcome": "paid", "booked_on": day });
    money.tell(&batch, &[strange, row.failure("refused", &day, "account_wrong")]).expect(200);
    let other = json!({ "line": 1, "account": {
        "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" } });
    city.caseworker.act(&relief, "correct-account", &other).expect(200);
    let again = money.send();
    money.pay_all(&again, &day);
    money.reconciler.act(&again, "reconcile", &json!({})).expect(200);
}

/// Gives every unit of work its position, as the sealer does in its time.
fn seal(city: &City) -> u64 {
    let sealed = city.server.block_on(city.server.store.seal()).expect("sealed");
    u64::try_from(sealed.expect("a seal").position).expect("a position")
}

/// A change that is made to a journal behind the program.
type Change<'a> = &'a dyn Fn(&mut Vec<Value>);

on_both_databases! {
    fn the_whole_journal_is_verified_page_by_page(database: Database) {
        let city = City::start(database);
        helped(&city);
        let last = seal(&city);
        let units = pull(&city.auditor, 0, 7);
        assert_eq!(units.len(), usize::try_from(last).expect("a number"));
        assert_eq!(verify(&units), Ok(city.events()), "every event, and no other");
        assert_eq!(pull(&city.auditor, 0, 200), units, "whatever the pages");
        assert_eq!(pull(&city.auditor, last - 3, 2), units[units.len() - 3..]);
        assert_eq!(pull(&city.auditor, last, 200), Vec::<Value>::new());
        assert_eq!(pull(&city.auditor, last + 1_000, 200), Vec::<Value>::new());

        let kinds = |unit: &Value| {
            let events = unit["events"].as_array().expect("events").clone();
            events.into_iter().map(|event| event["event_type"].clone()).collect::<Vec<_>>()
        };
        let all: Vec<Value> = units.iter().flat_map(kinds).collect();
        for kind in ["fund.allocated", "relief.approved", "batch.made", "batch.released",
                     "relief.line_sent", "batch.results_taken", "relief.line_refused",
                     "relief.account_corrected", "relief.line_paid", "case.aided",
                     "referral.progressed", "batch.reconciled"] {
            assert!(all.contains(&json!(kind)), "{kind}");
        }
        let paid = units.iter().map(kinds).find(|it| it.contains(&json!("relief.line_paid")));
        let together = paid.expect("a payment");
        for kind in ["batch.results_taken", "case.aided", "referral.progressed"] {
            assert!(together.contains(&json!(kind)), "{kind} belongs to the same unit of work");
        }
    }

    fn whatever_is_changed_in_it_comes_to_light(database: Database) {
        let city = City::start(database);
        city.treasury();
        seal(&city);
        let units = pull(&city.auditor, 0, 200);
        verify(&units).expect("a sound journal");
        let at = units.len() - 2;
        let changed = |change: Change<'_>| {
            let mut other = units.clone();
            change(&mut other);
            verify(&other)
        };
        let changes: [(&str, Change<'_>); 9] = [
            ("a payload", &|it| it[at]["events"][0]["payload"] = "{}".into()),
            ("a version", &|it| it[at]["events"][0]["version"] = 9.into()),
            ("a kind of event", &|it| it[at]["events"][0]["event_type"] = "fund.closed".into()),
            ("an actor", &|it| it[at]["actor"] = "system".into()),
            ("an instant", &|it| it[at]["recorded_at"] = "2021-01-04T01:00:00.000000Z".into()),
            ("when it was known", &|it| it[at]["known_at"] = it[at - 1]["known_at"].clone()),
            ("an event left out", &|it| it[at]["events"] = json!([])),
            ("a unit left out", &|it| { it.remove(at); }),
            ("two units changed about", &|it| it.swap(at, at - 1)),
        ];
        for (what, change) in changes {
            assert!(changed(change).is_err(), "{what}");
        }
    }

    fn nobodys_name_or_number_is_in_it(database: Database) {
        let city = City::start(database);
        helped(&city);
        seal(&city);
        let mut units = pull(&city.auditor, 0, 200);
        for unit in &mut units {
            // The API says by name who acted; the journal has the id alone.
            unit["acted_by"] = Value::Null;
        }
        let all = Value::Array(units).to_string();
        for personal in ["张明", "张小雨", "章明明", "陈晨", "6222021302000000009", "6222021302000000017",
                         "工商银行", "建设银行", "13905620000", "长江路1号", "第一机械厂", "肺癌",
                         "家庭因病致困", "同意救助", "19751224", "20020901", "C34.900", "ZY0001", "86000.00"] {
            assert!(!all.contains(personal), "{personal}");
        }
        assert!(all.contains("hmac"), "commitments stand for them");
        assert!(all.contains("300000"), "the amount of aid, in fen, is no personal value");
    }

    fn it_is_for_those_who_audit_the_city(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let money = city.treasury();
        let of_audit = city.hire("严明", "yanming", "audit_administrator", &city.city);
        let of_district = city.hire("区审计", "qushenji", "auditor", &city.tongguan);
        let below = city.hire("区审管", "qushenguan", "audit_administrator", &city.tongguan);
        let last = seal(&city);
        let read = |who: &Client| who.get("/v1/audit/journal?limit=1");
        for who in [&city.auditor, &of_audit] {
            let page = read(who).expect(200);
            assert!(page.body["last_position"].as_u64() >= Some(last));
            assert!(page.body["next_cursor"].is_string());
            assert_eq!(page.body["items"].as_array().map(Vec::len), Some(1));
        }
        for who in [&of_district, &below, &city.caseworker, &office.reviewer, &office.approver,
                    &money.maker, &money.reconciler, &money.bank, &city.hospital,
                    &city.system_administrator, &city.administrators[0]] {
            read(who).expect_problem(403, "forbidden");
        }
        read(&city.server.anonymous).expect_problem(401, "unauthenticated");
    }
}
