//! Lists, page by page.

use harness::{City, Client, Database, on_both_databases};
use serde_json::json;

use crate::common::{ids, nowhere, refer};

/// The rest of a list, from this page on.
fn follow(by: &Client, query: &str, mut cursor: Option<String>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(at) = cursor {
        let page = by.get(&format!("{query}&cursor={at}")).expect(200);
        all.extend(ids(&page));
        cursor = page.body["next_cursor"].as_str().map(str::to_owned);
    }
    all
}

/// Flips one character of a cursor.
fn damage(cursor: &str, at: usize) -> String {
    let flip = |(number, c)| match (number == at, c) {
        (false, c) => c,
        (true, 'A') => 'B',
        (true, _) => 'A',
    };
    cursor.chars().enumerate().map(flip).collect()
}

on_both_databases! {
    fn a_referrer_finds_what_ended_and_it_has_not_read(database: Database) {
        let city = City::start(database);
        for number in 1..=3 {
            refer(&city.hospital, &format!("ZY-{number}"), number);
        }
        let path = |id: &str| format!("/v1/referrals/{id}");
        let sent = ids(&city.hospital.get("/v1/referrals"));
        for id in [&sent[0], &sent[1]] {
            city.caseworker.act(&path(id), "decline", &json!({ "reason": "unreachable" })).expect(200);
        }
        let list = |told: bool| {
            ids(&city.hospital.get(&format!("/v1/referrals?outcome_acknowledged={told}")).expect(200))
        };
        assert_eq!((list(false), list(true)), (sent[..2].to_vec(), Vec::new()));

        let seen = json!({ "version": 2 });
        city.hospital.post(&format!("{}/acknowledgements", path(&sent[1])), &seen).expect(200);
        assert_eq!((list(false), list(true)), (sent[..1].to_vec(), sent[1..2].to_vec()));
        city.hospital.get("/v1/referrals?outcome_acknowledged=maybe").expect_problem(400, "invalid_query");
    }

    fn every_referral_comes_once_while_new_ones_arrive(database: Database) {
        let city = City::start(database);
        for number in 1..=25 {
            refer(&city.hospital, &format!("ZY-{number}"), number);
        }
        let whole = city.hospital.get("/v1/referrals?limit=200").expect(200);
        let whole_ids = ids(&whole);
        assert_eq!(whole_ids.len(), 25);
        assert_eq!(whole.body["next_cursor"], serde_json::Value::Null);
        assert_eq!(ids(&city.caseworker.get("/v1/referrals")), whole_ids, "the same for all");

        for reader in [&city.hospital, &city.caseworker, &city.auditor] {
            let mut read = Vec::new();
            let mut query = "/v1/referrals?limit=10".to_owned();
            loop {
                let page = reader.get(&query).expect(200);
                assert!(ids(&page).len() <= 10);
                read.extend(ids(&page));
                let Some(cursor) = page.body["next_cursor"].as_str() else { break };
                query = format!("/v1/referrals?limit=10&cursor={cursor}");
                let late = format!("late-{}-{}", reader.id, read.len());
                refer(&city.hospital, &late, 26);
            }
            let mut distinct = read.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), read.len(), "nothing comes twice");
            read.retain(|id| whole_ids.contains(id));
            assert_eq!(read, whole_ids, "nothing is left out, and the order is stable");
        }
    }

    fn a_filtered_list_holds_what_fits_while_things_move(database: Database) {
        let city = City::start(database);
        let paths: Vec<_> =
            (1..=9).map(|number| refer(&city.hospital, &format!("ZY-{number}"), number)).collect();
        refer(&city.other_hospital, "ZY-1", 1);
        let source = &city.hospital_source;
        let query = format!("/v1/referrals?state=received&source_id={source}&limit=3");
        let whole = ids(&city.hospital.get("/v1/referrals"));

        let first = city.auditor.get(&query).expect(200);
        let mut read = ids(&first);
        for path in paths.iter().filter(|path| read.iter().any(|id| path.ends_with(id))) {
            city.hospital.post(&format!("{path}/withdraw"), &serde_json::json!({})).expect(200);
        }
        let cursor = first.text("/next_cursor");
        read.extend(follow(&city.auditor, &query, Some(cursor)));
        assert_eq!(read, whole);

        let left = ids(&city.auditor.get(&query));
        assert_eq!(left.len(), 3);
        let withdrawn = ids(&city.auditor.get("/v1/referrals?state=withdrawn"));
        assert_eq!(withdrawn, ids(&first));
        assert!(ids(&city.auditor.get("/v1/referrals?state=accepted")).is_empty());
        assert_eq!(ids(&city.auditor.get("/v1/referrals")).len(), 10);
    }

    fn every_list_can_be_read_one_by_one(database: Database) {
        let city = City::start(database);
        let [security, _] = &city.administrators;
        for (by, list) in [
            (security, "/v1/people"),
            (security, "/v1/grants"),
            (security, "/v1/clients"),
            (security, "/v1/organizations"),
            (&city.system_administrator, "/v1/sources"),
        ] {
            let whole = by.get(&format!("{list}?limit=200")).expect(200);
            assert!(whole.body["next_cursor"].is_null());
            assert!(ids(&whole).len() >= 2, "{list}");
            let query = format!("{list}?limit=1");
            let first = by.get(&query).expect(200);
            let mut read = ids(&first);
            read.extend(follow(by, &query, Some(first.text("/next_cursor"))));
            assert_eq!(read, ids(&whole), "{list}");
        }
    }
}

#[test]
fn a_query_that_is_not_understood_is_refused() {
    let city = City::start(Database::Sqlite);
    refer(&city.hospital, "ZY-1", 1);
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=abc",
        "limit=",
        "limit=99999999999",
        "limit=1.5",
        "limit=5&limit=6",
        "page=2",
        "Limit=5",
        "state=unheard_of",
        "state=",
        "state=Received",
        "state=received&state=accepted",
        "source_id=zq7marker",
        "source_reference=ZY-1",
        "zq7marker=1",
    ] {
        let answer = city.hospital.get(&format!("/v1/referrals?{query}"));
        assert_eq!(answer.status, 400, "{query}: {:#}", answer.body);
        let answer = answer.expect_problem(400, "invalid_query");
        assert!(!answer.body.to_string().contains("zq7marker"));
    }
    for list in ["organizations", "sources", "people", "clients", "grants"] {
        for query in ["limit=0", "limit=201", "limit=abc", "state=received"] {
            let answer = city.administrators[0].get(&format!("/v1/{list}?{query}"));
            answer.expect_problem(400, "invalid_query");
        }
    }
    let too_many = city.hospital.get("/v1/referrals?limit=201");
    assert_eq!(too_many.body["limit"], 200, "the answer says which limit");
    for limit in ["limit=1", "limit=200", "limit=050"] {
        city.hospital.get(&format!("/v1/referrals?{limit}")).expect(200);
    }
}

#[test]
fn no_address_takes_a_parameter_that_it_does_not_know() {
    let city = City::start(Database::Sqlite);
    let described = city.server.anonymous.get("/openapi.json").expect(200).body.clone();
    let paths = described["paths"].as_object().expect("paths");
    let read = paths.iter().filter(|(path, it)| path.starts_with("/v1/") && it.get("get").is_some());
    let mut asked = 0;
    for (path, _) in read {
        let path = path.replace("{id}", &nowhere().to_string());
        let answer = city.caseworker.get(&format!("{path}?zq7marker=1"));
        let answer = answer.expect_problem(400, "invalid_query");
        assert!(!answer.body.to_string().contains("zq7marker"), "{path}");
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn a_cursor_is_good_for_its_list_and_caller_only() {
    let city = City::start(Database::Sqlite);
    for number in 1..=3 {
        refer(&city.hospital, &format!("ZY-{number}"), number);
    }
    let all = "/v1/referrals?limit=1";
    let cursor = city.caseworker.get(all).text("/next_cursor");
    let refused = |by: &Client, query: &str, cursor: &str| {
        by.get(&format!("{query}&cursor={cursor}")).expect_problem(400, "invalid_cursor");
    };

    refused(&city.caseworker, "/v1/referrals?state=received", &cursor);
    refused(&city.caseworker, &format!("/v1/referrals?source_id={}", city.hospital_source), &cursor);
    refused(&city.hospital, all, &cursor);
    refused(&city.auditor, all, &cursor);
    refused(&city.caseworker, "/v1/organizations?limit=1", &cursor);
    refused(&city.caseworker, "/v1/sources?limit=1", &cursor);
    let of_sources = city.system_administrator.get("/v1/sources?limit=1").text("/next_cursor");
    refused(&city.system_administrator, "/v1/organizations?limit=1", &of_sources);

    for at in 0..cursor.len() {
        refused(&city.caseworker, all, &damage(&cursor, at));
    }
    let (id, truncated) = (nowhere().to_string(), cursor.get(1..).expect("a rest"));
    for nonsense in ["", "A", "null", "%20", "%00", &id, truncated, &format!("{cursor}AAAA")] {
        refused(&city.caseworker, all, nonsense);
    }

    let longer = format!("/v1/referrals?limit=2&cursor={cursor}");
    let rest = city.caseworker.get(&longer).expect(200);
    assert_eq!(ids(&rest).len(), 2, "a page may have another length than the one before");
    assert!(rest.body["next_cursor"].is_null());
}

#[test]
fn who_may_see_nothing_gets_an_empty_list() {
    let city = City::start(Database::Sqlite);
    refer(&city.hospital, "ZY-1", 1);
    for list in ["people", "clients", "grants"] {
        let nothing = city.caseworker.get(&format!("/v1/{list}")).expect(200);
        assert!(ids(&nothing).is_empty(), "{list}");
    }
    assert!(ids(&city.other_caseworker.get("/v1/referrals")).is_empty());
    assert!(ids(&city.system_administrator.get("/v1/referrals")).is_empty());
    for list in ["referrals", "organizations", "sources", "people", "clients", "grants"] {
        let stranger = city.server.anonymous.get(&format!("/v1/{list}"));
        stranger.expect_problem(401, "unauthenticated");
    }
}
