//! Lists of reliefs, funds and batches, the questions of reports, the pages of the journal, and other methods.

use harness::{City, Client, Database, Person, http::Headers, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{common::ids, money::MoneyFixture};

/// The whole list, one by one.
fn one_by_one(by: &Client, list: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut query = format!("{list}{}limit=1", if list.contains('?') { "&" } else { "?" });
    loop {
        let page = by.get(&query).expect(200);
        assert!(ids(&page).len() <= 1, "{query}");
        all.extend(ids(&page));
        let Some(cursor) = page.body["next_cursor"].as_str() else { return all };
        query = format!("{list}{}limit=1&cursor={cursor}", if list.contains('?') { "&" } else { "?" });
    }
}

/// A fixture with a second household, several reliefs, funds and batches.
fn busy(database: Database) -> (MoneyFixture, String) {
    let fixture = MoneyFixture::new(database);
    let (other, _) = fixture.city.enrolled(&fixture.office, "王芳", 2);
    for case in [&fixture.case, &other] {
        fixture.city.draft(case, &City::living_aid("1.00"));
        fixture.city.approved_relief(&fixture.office, &fixture.money, case, &City::living_aid("2.00"));
    }
    City::open_fund(&fixture.money.maker, &fixture.city.city, "第二项资金");
    City::open_fund(&fixture.money.maker, &fixture.city.tongguan, "区级资金");
    let batch = fixture.money.make();
    fixture.money.maker.act(&batch, "void", &json!({ "reason": "other" })).expect(200);
    fixture.money.make();
    (fixture, other)
}

on_both_databases! {
    fn lists_of_money_are_filtered_and_read_page_by_page(database: Database) {
        let (fixture, other) = busy(database);
        let (auditor, maker) = (&fixture.city.auditor, &fixture.money.maker);
        let case = |path: &str| path.replace("/v1/cases/", "");
        for (by, list, length) in [
            (auditor, "/v1/reliefs".to_owned(), 6),
            (auditor, "/v1/reliefs?state=draft".to_owned(), 2),
            (auditor, "/v1/reliefs?state=reviewed".to_owned(), 1),
            (auditor, "/v1/reliefs?state=approved".to_owned(), 3),
            (auditor, "/v1/reliefs?state=paid".to_owned(), 0),
            (auditor, format!("/v1/reliefs?case_id={}", case(&fixture.case)), 4),
            (auditor, format!("/v1/reliefs?case_id={}&state=approved", case(&other)), 1),
            (auditor, format!("/v1/reliefs?case_id={}", fixture.worker), 0),
            (maker, "/v1/reliefs".to_owned(), 6),
            (maker, "/v1/funds".to_owned(), 3),
            (&fixture.city.caseworker, "/v1/funds".to_owned(), 1),
            (auditor, "/v1/payment-batches".to_owned(), 3),
            (&fixture.money.bank, "/v1/payment-batches?state=sent".to_owned(), 1),
            (maker, "/v1/payment-batches?state=voided".to_owned(), 1),
            (maker, "/v1/payment-batches?state=reconciled".to_owned(), 0),
        ] {
            let whole = by.get(&list).expect(200);
            assert_eq!(ids(&whole).len(), length, "{list}");
            assert_eq!(whole.body["next_cursor"], Value::Null);
            assert_eq!(one_by_one(by, &list), ids(&whole), "{list}");
        }
        let items = auditor.get("/v1/reliefs").expect(200).body["items"].clone();
        for item in items.as_array().expect("items") {
            assert_eq!(item["masked"]["bank"]["account"], "****0009");
            assert_eq!(item.get("allowed_actions"), None, "only on the single relief");
        }
        let batches = maker.get("/v1/payment-batches").expect(200).body["items"].clone();
        let lines = batches.as_array().expect("items").iter().map(|it| it.get("lines"));
        assert!(lines.into_iter().all(|it| it.is_none()));
        for (who, list) in [
            (&fixture.city.other_caseworker, "reliefs"), (&fixture.city.hospital, "reliefs"),
            (&fixture.money.bank, "reliefs"), (&fixture.city.caseworker, "payment-batches"),
            (&fixture.office.approver, "payment-batches"), (&fixture.money.bank, "funds"),
        ] {
            let nothing = who.get(&format!("/v1/{list}")).expect(200);
            assert!(ids(&nothing).is_empty(), "{list}");
        }
    }

    fn a_cursor_is_good_for_its_list_and_caller_only(database: Database) {
        let (fixture, _) = busy(database);
        let cursor = |by: &Person, list: &str| {
            by.get(&format!("/v1/{list}limit=1")).expect(200).text("/next_cursor")
        };
        let refused = |by: &Person, list: &str, cursor: &str| {
            by.get(&format!("/v1/{list}limit=1&cursor={cursor}")).expect_problem(400, "invalid_cursor");
        };
        let (auditor, maker) = (&fixture.city.auditor, &fixture.money.maker);
        let of_reliefs = cursor(auditor, "reliefs?");
        refused(maker, "reliefs?", &of_reliefs);
        let case = fixture.case.replace("/v1/cases/", "");
        for other in ["funds?", "payment-batches?", "cases?", "reliefs?state=draft&",
                      &format!("reliefs?case_id={case}&")] {
            refused(auditor, other, &of_reliefs);
        }
        refused(auditor, "funds?", &cursor(auditor, "payment-batches?"));
        refused(auditor, "payment-batches?state=sent&", &cursor(auditor, "payment-batches?"));
        refused(auditor, "payment-batches?", &cursor(auditor, "funds?"));
        for nonsense in ["", "null", "AAAA", &fixture.worker] {
            refused(auditor, "reliefs?", nonsense);
        }
    }

    fn the_journals_pages_have_their_limits(database: Database) {
        let fixture = MoneyFixture::new(database);
        fixture.city.server.block_on(fixture.city.server.store.seal()).expect("sealed");
        let read = |query: &str| fixture.city.auditor.get(&format!("/v1/audit/journal?{query}"));
        let length = |answer: harness::Answer| {
            answer.expect(200).body["items"].as_array().expect("items").len()
        };
        assert_eq!(length(fixture.city.auditor.get("/v1/audit/journal")), 50, "where nothing is said");
        let last = read("").expect(200).body["last_position"].as_u64().expect("a position");
        assert!(last > 60, "{last}");
        assert_eq!(length(read("limit=1")), 1);
        assert_eq!(u64::try_from(length(read("limit=200"))).expect("small"), last.min(200));
        let end = read(&format!("after={}", last - 1)).expect(200);
        assert_eq!((&end.body["next_cursor"], end.body["last_position"].as_u64()),
            (&Value::Null, Some(last)));
        assert_eq!(length(read(&format!("after={last}"))), 0);
        assert_eq!(length(read("after=9223372036854775807")), 0);
        let next = read("after=7&limit=3").expect(200).text("/next_cursor");
        let page = read(&format!("after=7&limit=3&cursor={next}")).expect(200);
        assert_eq!(page.body["items"][0]["position"], 11, "8, 9 and 10 were on the page before");
        read(&format!("after=8&limit=3&cursor={next}")).expect_problem(400, "invalid_cursor");
        read("cursor=AAAA").expect_problem(400, "invalid_cursor");
        for wrong in ["limit=0", "limit=201", "limit=-1", "limit=abc", "limit=", "limit=1.5",
                      "limit=70000", "limit=5&limit=6", "after=-1", "after=abc", "after=",
                      "after=9223372036854775808", "after=1&after=2", "page=2",
                      "before=9", "zq7marker=1", "Limit=5"] {
            let answer = read(wrong);
            assert_eq!(answer.status, 400, "{wrong}: {:#}", answer.body);
            let answer = answer.expect_problem(400, "invalid_query");
            assert!(!answer.body.to_string().contains("zq7marker"));
        }
        assert_eq!(read("limit=201").body["limit"], 200, "the answer says which limit");
    }
}

#[test]
fn a_query_that_is_not_understood_is_refused() {
    let city = City::start(Database::Sqlite);
    city.treasury();
    let of_reliefs = [
        "state=",
        "state=Paid",
        "state=unheard_of",
        "state=paid&state=paid",
        "case_id=zq7marker",
        "case_id=",
        "fund_id=x",
    ];
    let of_batches = ["state=", "state=Sent", "state=paid", "case_id=x"];
    let of_funds = ["state=open", "year=2021"];
    let common =
        ["limit=0", "limit=201", "limit=-1", "limit=abc", "limit=", "limit=1&limit=2", "page=2", "zq7marker=1"];
    for (list, own) in [("reliefs", &of_reliefs[..]), ("payment-batches", &of_batches), ("funds", &of_funds)] {
        for query in own.iter().chain(&common) {
            let answer = city.auditor.get(&format!("/v1/{list}?{query}"));
            assert_eq!(answer.status, 400, "{list} {query}: {:#}", answer.body);
            let answer = answer.expect_problem(400, "invalid_query");
            assert!(!answer.body.to_string().contains("zq7marker"));
        }
    }
}

#[test]
fn a_question_that_is_not_understood_is_not_counted() {
    let city = City::start(Database::Sqlite);
    let ask = |query: &str| city.auditor.get(&format!("/v1/reports/disbursements?{query}"));
    let days = "from=2021-01-01&to=2021-12-31";
    ask(days).expect(200);
    ask("from=2021-01-01&to=2021-01-01&group_by=aid_type&position=1").expect(200);
    for wrong in [
        "",
        "from=2021-01-01",
        "to=2021-12-31",
        "from=2021-01-02&to=2021-01-01",
        "from=2021-02-29&to=2021-12-31",
        "from=2021-01-01&to=20211231",
        "from=&to=2021-12-31",
        "from=2021-01-01&from=2021-01-01&to=2021-12-31",
    ] {
        let answer = ask(wrong);
        assert_eq!(answer.status, 400, "{wrong}: {:#}", answer.body);
        answer.expect_problem(400, "invalid_query");
    }
    for wrong in [
        "group_by=",
        "group_by=household",
        "group_by=Fund",
        "group_by=fund,fund",
        "group_by=fund,",
        "group_by=,fund",
        "group_by=fund%20,cause",
        "group_by=fund&group_by=cause",
        "group_by=organization_id",
        "position=0",
        "position=-1",
        "position=abc",
        "position=",
        "position=1.5",
        "position=999999",
        "position=9223372036854775807",
        "position=9223372036854775808",
        "limit=1",
        "organization_id=x",
        "zq7marker=1",
    ] {
        let answer = ask(&format!("{days}&{wrong}"));
        assert_eq!(answer.status, 400, "{wrong}: {:#}", answer.body);
        let answer = answer.expect_problem(400, "invalid_query");
        assert!(!answer.body.to_string().contains("zq7marker"));
    }
}

#[test]
fn another_method_is_answered_with_the_allowed_ones() {
    let fixture = MoneyFixture::new(Database::Sqlite);
    let fund = format!("/v1/funds/{}", fixture.money.fund);
    let of = |path: &str, what: &str| format!("{path}/{what}");
    for (method, path, allowed) in [
        ("GET", of(&fixture.case, "reliefs"), "OPTIONS, POST"),
        ("POST", of(&fixture.case, "funds"), "GET, HEAD, OPTIONS"),
        ("POST", "/v1/reliefs".to_owned(), "GET, HEAD, OPTIONS"),
        ("DELETE", fixture.relief.clone(), "GET, HEAD, OPTIONS, PUT"),
        ("PATCH", fixture.relief.clone(), "GET, HEAD, OPTIONS, PUT"),
        ("GET", of(&fixture.relief, "approve"), "OPTIONS, POST"),
        ("PUT", "/v1/funds".to_owned(), "GET, HEAD, OPTIONS, POST"),
        ("DELETE", fund.clone(), "GET, HEAD, OPTIONS"),
        ("GET", of(&fund, "allocations"), "OPTIONS, POST"),
        ("DELETE", "/v1/payment-batches".to_owned(), "GET, HEAD, OPTIONS, POST"),
        ("PUT", fixture.batch.clone(), "GET, HEAD, OPTIONS"),
        ("POST", of(&fixture.batch, "file"), "GET, HEAD, OPTIONS"),
        ("GET", of(&fixture.batch, "results"), "OPTIONS, POST"),
        ("GET", of(&fixture.batch, "send"), "OPTIONS, POST"),
        ("POST", "/v1/reports/disbursements".to_owned(), "GET, HEAD, OPTIONS"),
        ("DELETE", "/v1/audit/journal".to_owned(), "GET, HEAD, OPTIONS"),
        ("POST", format!("/v1/trace/{}", fixture.worker), "GET, HEAD, OPTIONS"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let body = (method != Method::GET).then_some(&b"{}"[..]);
        let answer = fixture.city.auditor.send(&method, &path, body, &Headers::default());
        let answer = answer.expect_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
    }
    for path in ["/v1/funds?x=1", "/v1/payment-batches?state=draft"] {
        let answer = fixture.money.maker.post(path, &json!({}));
        assert_eq!(answer.code(), "invalid_query", "{path}");
    }
    let submit = format!("{}/submit?limit=1", fixture.relief);
    fixture.city.caseworker.post(&submit, &json!({})).expect_problem(400, "invalid_query");
}
