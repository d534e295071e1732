//! A request that is sent again has one effect and one answer.

use bangfu_persistence::inspect;
use harness::{City, Client, Database, city::identity_number, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::common::{at_once, count, decide, ids, nowhere, refer, second_client};

const KEY: &str = "2021-01-04/hospital/0001";
const REPLAYED: &str = "idempotency-replayed";

fn send(by: &Client, key: &str, body: &Value) -> harness::Answer {
    by.post_with("/v1/referrals", body, &Headers::key(key))
}

on_both_databases! {
    fn a_lost_answer_is_given_again(database: Database) {
        let city = City::start(database);
        let body = City::referral("ZY-1", "张明", 1);

        let first = send(&city.hospital, KEY, &body).expect(201);
        assert_eq!(first.header(REPLAYED), None);

        let again = send(&city.hospital, KEY, &body).expect(201);
        assert_eq!(again.header(REPLAYED), Some("true"));
        assert_eq!(again.body, first.body);
        assert_eq!(again.etag(), first.etag());
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        city.server.clock.advance_days(30);
        let late = send(&city.hospital, KEY, &body).expect(201);
        assert_eq!(late.header(REPLAYED), Some("true"), "a key is kept for 30 days and more");
        assert_eq!(late.body, first.body);
        assert_eq!(ids(&city.hospital.get("/v1/referrals")), [first.text("/id")]);
    }

    fn a_lost_decision_is_given_again_though_the_version_has_moved_on(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let accept = format!("{path}/accept");
        let headers = Headers { if_match: Some("\"1\"".to_owned()), ..Headers::key(KEY) };

        let first = city.caseworker.post_with(&accept, &json!({}), &headers).expect(200);
        let again = city.caseworker.post_with(&accept, &json!({}), &headers).expect(200);
        assert_eq!(again.header(REPLAYED), Some("true"));
        assert_eq!((again.etag(), &again.body), (first.etag(), &first.body));
        assert_eq!(city.caseworker.get(&path).body["version"], 2);

        let otherwise = Headers { if_match: Some("\"2\"".to_owned()), ..headers };
        let otherwise = city.caseworker.post_with(&accept, &json!({}), &otherwise);
        otherwise.expect_problem(422, "idempotency_key_reused");
    }

    fn a_key_stands_for_one_request(database: Database) {
        let city = City::start(database);
        let first = send(&city.hospital, KEY, &City::referral("ZY-1", "张明", 1)).expect(201);

        let other = send(&city.hospital, KEY, &City::referral("ZY-2", "王芳", 2));
        other.expect_problem(422, "idempotency_key_reused");
        let elsewhere = format!("/v1/referrals/{}/withdraw", first.text("/id"));
        let elsewhere = city.hospital.post_with(&elsewhere, &json!({}), &Headers::key(KEY));
        elsewhere.expect_problem(422, "idempotency_key_reused");

        assert_eq!(ids(&city.hospital.get("/v1/referrals")), [first.text("/id")]);
        let again = send(&city.hospital, KEY, &City::referral("ZY-1", "张明", 1)).expect(201);
        assert_eq!(again.body, first.body, "the key still stands for the first request");
    }

    fn a_refused_request_does_not_burn_its_key(database: Database) {
        let city = City::start(database);
        let mut wrong = City::referral("ZY-1", "张明", 1);
        wrong["costs"]["total"] = json!("1.00");
        send(&city.hospital, KEY, &wrong).expect_problem(400, "invalid_request");
        let right = send(&city.hospital, KEY, &City::referral("ZY-1", "张明", 1)).expect(201);
        assert_eq!(right.header(REPLAYED), None);

        let taken = City::referral("ZY-1", "王芳", 2);
        send(&city.hospital, "second-key", &taken).expect_problem(409, "referral_exists");
        let free = City::referral("ZY-2", "王芳", 2);
        assert_eq!(send(&city.hospital, "second-key", &free).expect(201).header(REPLAYED), None);

        let decline = format!("/v1/referrals/{}/decline", right.text("/id"));
        let body = json!({ "reason": "unreachable" });
        let decline = |tag: Option<&str>| {
            let headers = Headers { if_match: tag.map(str::to_owned), ..Headers::key("third-key") };
            city.caseworker.post_with(&decline, &body, &headers)
        };
        decline(None).expect_problem(428, "precondition_required");
        decline(Some("\"7\"")).expect_problem(412, "precondition_failed");
        decline(Some("\"1\"")).expect(200);
    }

    fn sixteen_times_the_same_request_at_once_is_done_once(database: Database) {
        let city = City::start(database);
        let body = City::referral("ZY-1", "张明", 1);

        let answers = at_once(16, |_| send(&city.hospital, KEY, &body));

        assert_eq!(count(&answers, 201), 16, "{answers:#?}");
        let firsts = answers.iter().filter(|answer| answer.header(REPLAYED).is_none());
        assert_eq!(firsts.count(), 1);
        let first = answers.first().expect("an answer");
        assert!(answers.iter().all(|answer| answer.body == first.body));
        assert_eq!(ids(&city.hospital.get("/v1/referrals")), [first.text("/id")]);
    }

    fn of_sixteen_requests_under_one_key_at_once_one_is_done(database: Database) {
        let city = City::start(database);

        let answers = at_once(16, |number| {
            let serial = u32::try_from(number).expect("small");
            let body = City::referral(&format!("ZY-{number}"), "张明", serial);
            send(&city.hospital, KEY, &body)
        });

        assert_eq!((count(&answers, 201), count(&answers, 422)), (1, 15), "{answers:#?}");
        assert_eq!(ids(&city.hospital.get("/v1/referrals")).len(), 1);
    }

    fn sixteen_senders_of_one_reference_make_one_referral(database: Database) {
        let city = City::start(database);
        let body = City::referral("ZY-1", "张明", 1);

        let answers = at_once(16, |_| city.hospital.post("/v1/referrals", &body));

        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 15), "{answers:#?}");
        let id = answers.first().expect("an answer").text("/id");
        assert!(answers.iter().all(|answer| answer.text("/id") == id));
        assert!(answers.iter().all(|answer| answer.header(REPLAYED).is_none()));
        assert_eq!(ids(&city.hospital.get("/v1/referrals")), [id.as_str()]);

        let other = city.hospital.post("/v1/referrals", &City::referral("ZY-1", "张明", 2));
        assert_eq!(other.expect_problem(409, "referral_exists").text("/referral_id"), id);
    }

    fn each_caller_has_keys_of_their_own(database: Database) {
        let city = City::start(database);
        let body = City::referral("ZY-1", "张明", 1);
        let ours = send(&city.hospital, KEY, &body).expect(201);
        let theirs = send(&city.other_hospital, KEY, &body).expect(201);
        assert_eq!(theirs.header(REPLAYED), None);
        assert_ne!(ours.text("/id"), theirs.text("/id"), "so is the reference each source's own");
    }

    fn two_systems_of_one_hospital_send_one_referral(database: Database) {
        let city = City::start(database);
        let second = second_client(&city);
        let body = City::referral("ZY-1", "张明", 1);

        let first = send(&city.hospital, KEY, &body).expect(201);
        let twin = send(&second, KEY, &body).expect(200);
        assert_eq!(twin.text("/id"), first.text("/id"));
        let other = send(&second, "another-key", &City::referral("ZY-1", "张明", 2));
        let other = other.expect_problem(409, "referral_exists");
        assert_eq!(other.text("/referral_id"), first.text("/id"));

        assert_eq!(ids(&second.get("/v1/referrals")), [first.text("/id")]);
        second.get(&format!("/v1/referrals/{}", first.text("/id"))).expect(200);
    }

    fn a_referral_sent_again_shows_how_it_stands_now(database: Database) {
        let city = City::start(database);
        let body = City::referral("ZY-1", "张明", 1);
        let path = refer(&city.hospital, "ZY-1", 1);
        decide(&city.caseworker, &path, "accept", &json!({})).expect(200);

        let again = city.hospital.post("/v1/referrals", &body).expect(200);
        assert_eq!(again.text("/state"), "accepted");
        assert_eq!(again.version(), 2);
        assert!(again.body.get("case_id").is_none());
    }

    fn a_secret_is_shown_once_and_kept_nowhere(database: Database) {
        let city = City::start(database);
        let body = json!({ "name": "化验系统", "source_id": city.hospital_source });
        let register =
            || city.system_administrator.post_with("/v1/clients", &body, &Headers::key(KEY));

        let first = register().expect(201);
        let secret = first.text("/client_secret");
        let again = register().expect(201);
        assert_eq!(again.header(REPLAYED), Some("true"));
        assert_eq!(again.text("/id"), first.text("/id"));
        assert!(again.body.get("client_secret").is_none());

        let kept = inspect::packed_texts(&city.server.location, "idempotency").expect("answers");
        assert!(!kept.is_empty());
        assert!(kept.iter().all(|body| !body.contains(&secret)));
    }
}

#[test]
fn a_key_has_8_to_128_printable_characters() {
    let city = City::start(Database::Sqlite);
    let body = City::referral("ZY-1", "张明", 1);
    let long = "k".repeat(129);
    for key in ["", "seven77", &long, "with a space", "住院转介-0001", "tab\tbed-key"] {
        send(&city.hospital, key, &body).expect_problem(400, "invalid_header");
    }
    assert!(ids(&city.hospital.get("/v1/referrals")).is_empty());
    for key in ["eight888", &"k".repeat(128)] {
        let body = City::referral(&format!("ZY-{}", key.len()), "张明", 1);
        send(&city.hospital, key, &body).expect(201);
    }
}

#[test]
fn every_change_needs_a_key_and_says_so_before_it_looks_at_anything() {
    let city = City::start(Database::Sqlite);
    let without = Headers { without_key: true, ..Headers::default() };
    let id = nowhere().to_string();
    let here = |path: &str| path.replace("ID", &id);
    let person = json!({ "name": "王芳", "identity_number": identity_number("19921113", 1) });
    let account = json!({ "person_id": id, "login": "wangfang", "password": "123456789012" });
    let unit = json!({ "parent_id": id, "level": "county", "name": "郊区总工会" });
    let grant = json!({ "person_id": id, "role": "auditor", "organization_id": id });
    for (path, body) in [
        ("/v1/referrals", City::referral("ZY-1", "张明", 1)),
        ("/v1/referrals/ID/accept", json!({})),
        ("/v1/referrals/ID/decline", json!({ "reason": "unreachable" })),
        ("/v1/referrals/ID/withdraw", json!({})),
        ("/v1/referrals/ID/acknowledgements", json!({ "version": 1 })),
        ("/v1/people", person),
        ("/v1/accounts", account),
        ("/v1/organizations", unit),
        ("/v1/sources", json!({ "kind": "hotline", "name": "12351", "organization_id": id })),
        ("/v1/clients", json!({ "name": "HIS" })),
        ("/v1/grants", grant),
        ("/v1/grants/ID/approve", json!({})),
        ("/v1/grants/ID/refuse", json!({})),
        ("/v1/grants/ID/end", json!({})),
    ] {
        let answer = city.hospital.post_with(&here(path), &body, &without);
        assert_eq!(answer.code(), "idempotency_key_required", "{path}");
        answer.expect_problem(400, "idempotency_key_required");
    }
    let path = refer(&city.hospital, "ZY-1", 1);
    let body = json!({ "groups": ["identity"], "reason": "核对" });
    city.caseworker.post_with(&format!("{path}/reveal"), &body, &without).expect(200);
}

#[test]
fn the_same_content_in_other_words_is_the_same_referral() {
    let city = City::start(Database::Sqlite);
    let first = send(&city.hospital, KEY, &City::referral("ZY-1", "张明", 1)).expect(201);
    let mut other = City::referral(" ZY-1 ", " 张明 ", 1);
    other["patient"]["phone"] = json!("+8613905620000");
    other["costs"]["total"] = json!("86000");
    other["note"] = Value::Null;

    let same = city.hospital.post("/v1/referrals", &other).expect(200);
    assert_eq!(same.text("/id"), first.text("/id"));
    send(&city.hospital, KEY, &other).expect_problem(422, "idempotency_key_reused");
}
