//! Passwords, closed accounts and clients, and guesses: what ends a token, and what does not.

use bangfu_persistence::inspect;
use harness::{
    Answer, City, Client, Database, Person, TestServer,
    city::{PASSWORD, identity_number},
    on_both_databases,
};
use serde_json::{Value, json};

use crate::common::{at_once, count, decide, ids, refer};

const NEW: &str = "a quite different sentence";

fn sign_in(server: &TestServer, login: &str, password: &str) -> Answer {
    server.anonymous.post("/v1/sessions", &json!({ "login": login, "password": password }))
}

fn change(who: &Client, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    who.post("/v1/sessions/password", &body)
}

/// Whether the caller may do it somewhere.
fn may(me: &Answer, action: &str) -> bool {
    me.body["capabilities"].as_array().is_some_and(|all| all.iter().any(|it| it == action))
}

fn account_of(city: &City, person: &Person) -> String {
    let read = city.administrators[0].get(&format!("/v1/people/{}", person.id)).expect(200);
    format!("/v1/accounts/{}", read.text("/account_id"))
}

fn token_of(city: &City, id: &str, secret: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    city.server.anonymous.post_form("/oauth/token", &form)
}

/// A machine client of the first hospital with a role: where it stands, and its secret.
fn client(city: &City) -> (String, String) {
    let body = json!({ "name": "人民医院 LIS", "source_id": city.hospital_source });
    let made = city.system_administrator.post("/v1/clients", &body).expect(201);
    city.grant(&json!({ "client_id": made.text("/id") }), "referrer", &city.city);
    (made.text("/id"), made.text("/client_secret"))
}

fn with_token(city: &City, answer: &Answer) -> Client {
    city.server.anonymous.with_token(&answer.text("/access_token"))
}

on_both_databases! {
    fn everybody_learns_who_they_are_and_what_they_hold(database: Database) {
        let city = City::start(database);
        let me = city.caseworker.get("/v1/me").expect(200);
        assert_eq!(me.text("/person_id"), city.caseworker.id);
        let account = account_of(&city, &city.caseworker);
        assert_eq!(format!("/v1/accounts/{}", me.text("/account_id")), account);
        assert_eq!(me.text("/name"), "陈晨");
        assert_eq!(me.body["client_id"], Value::Null);
        assert!(me.text("/expires_at").starts_with("2022-01-05T01:00:00"));
        assert_eq!(me.body["grants"].as_array().map(Vec::len), Some(1));
        assert_eq!(me.text("/grants/0/role"), "caseworker");
        assert_eq!(me.text("/grants/0/organization/id"), city.tongguan);
        assert_eq!(me.text("/grants/0/organization/name"), "铜官区总工会");
        assert_eq!(me.text("/grants/0/from"), "2021-01-04");
        assert_eq!(me.body["roles"], json!(["caseworker"]));
        assert!(may(&me, "referral.receive") && may(&me, "referral.accept") && may(&me, "case.submit"));
        assert!(!may(&me, "case.approve") && !may(&me, "fund.open") && !may(&me, "grant.propose"));
        let grant = format!("/v1/grants/{}", me.text("/grants/0/id"));

        let machine = city.hospital.get("/v1/me").expect(200);
        assert_eq!(machine.text("/client_id"), city.hospital.id);
        assert_eq!(machine.text("/name"), "人民医院 HIS");
        assert_eq!(machine.text("/source_id"), city.hospital_source);
        assert_eq!(machine.text("/grants/0/role"), "referrer");
        let all = ["referral.receive", "referral.view", "referral.withdraw", "referral.acknowledge", "source.view"];
        assert!(all.iter().all(|action| may(&machine, action)), "{}", machine.body["capabilities"]);
        assert!(!may(&machine, "referral.accept") && !may(&machine, "case.view"));
        // People of the hotline enter referrals of hotlines alone: the kind of source matters, and is asked.
        let hotline = city.hire("何平", "heping", "hotline", &city.tongguan).get("/v1/me").expect(200);
        assert!(may(&hotline, "referral.receive") && !may(&hotline, "referral.accept"));

        decide(&city.administrators[0], &grant, "end", &json!({})).expect(200);
        let me = city.caseworker.get("/v1/me").expect(200);
        assert_eq!(me.body["grants"], json!([]));
        assert_eq!((&me.body["roles"], &me.body["capabilities"]), (&json!([]), &json!([])));
        let opened = city.server.lines("SELECT COUNT(*) || '' AS line FROM access_log");
        assert_eq!(opened, ["0"]);
    }

    fn a_changed_password_makes_every_earlier_token_void(database: Database) {
        let city = City::start(database);
        let here = &city.caseworker.client;
        let there = with_token(&city, &sign_in(&city.server, "chenchen", PASSWORD).expect(201));
        change(here, "not the password", NEW).expect_problem(403, "wrong_password");
        change(here, PASSWORD, "short").expect_problem(400, "invalid_request");
        let same = change(here, PASSWORD, PASSWORD).expect_problem(400, "invalid_request");
        assert_eq!(same.text("/errors/0/code"), "not_distinct");
        there.get("/v1/me").expect(200);

        let changed = change(here, PASSWORD, NEW).expect(200);
        assert_eq!((changed.text("/state"), changed.version()), ("open".into(), 2));
        for old in [here, &there] {
            old.get("/v1/me").expect_problem(401, "unauthenticated");
            old.post("/v1/referrals", &City::referral("ZY-1", "张明", 1)).expect(401);
        }
        // The new token and the event are of the same second, and of the same instant.
        let new_session = with_token(&city, &changed);
        new_session.get("/v1/me").expect(200);
        sign_in(&city.server, "chenchen", PASSWORD).expect_problem(401, "sign_in_failed");
        let signed_in = with_token(&city, &sign_in(&city.server, "chenchen", NEW).expect(201));
        signed_in.get("/v1/me").expect(200);
        new_session.get("/v1/me").expect(200);
        city.auditor.get("/v1/me").expect(200);
        change(&city.hospital, PASSWORD, NEW).expect_problem(403, "needs_person");

        let kept = city.server.lines("SELECT payload AS line FROM journal \
             WHERE event_type = 'account.password_set'");
        assert_eq!(kept, ["{}"]);
    }

    fn an_administrator_resets_anothers_password_and_never_their_own(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let path = account_of(&city, &city.caseworker);
        let reset = |by: &Client, path: &str| {
            decide(by, path, "reset-password", &json!({ "password": NEW }))
        };
        let own = account_of(&city, first);
        reset(first, &own).expect_problem(403, "own_matter");
        let blind = first.post(&format!("{path}/reset-password"), &json!({ "password": NEW }));
        blind.expect_problem(428, "precondition_required");
        reset(second, &path).expect(200);
        city.caseworker.get("/v1/me").expect_problem(401, "unauthenticated");
        sign_in(&city.server, "chenchen", PASSWORD).expect_problem(401, "sign_in_failed");
        let new_session = with_token(&city, &sign_in(&city.server, "chenchen", NEW).expect(201));
        assert_eq!(new_session.get("/v1/me").text("/grants/0/role"), "caseworker");
    }

    fn a_closed_account_is_shut_at_once_and_its_person_can_have_another(database: Database) {
        let city = City::start(database);
        let [first, _] = &city.administrators;
        let path = account_of(&city, &city.caseworker);
        let read = first.get(&path).expect(200);
        assert_eq!((read.text("/login"), read.text("/person/name")), ("chenchen".into(), "陈晨".into()));
        let referral = refer(&city.hospital, "ZY-1", 1);
        let closed = decide(first, &path, "close", &json!({})).expect(200);
        assert_eq!(closed.text("/state"), "closed");
        city.caseworker.get(&referral).expect_problem(401, "unauthenticated");
        sign_in(&city.server, "chenchen", PASSWORD).expect_problem(401, "sign_in_failed");
        decide(first, &path, "close", &json!({})).expect_problem(409, "wrong_state");
        let reset = decide(first, &path, "reset-password", &json!({ "password": NEW }));
        reset.expect_problem(409, "wrong_state");

        let again = json!({
            "person_id": city.caseworker.id, "login": "chenchen", "password": NEW,
        });
        let opened = first.post("/v1/accounts", &again).expect(201);
        assert_eq!(opened.header("location"), Some(&*format!("/v1/accounts/{}", opened.text("/id"))));
        let third = json!({ "person_id": city.caseworker.id, "login": "other", "password": NEW });
        first.post("/v1/accounts", &third).expect_problem(409, "account_exists");
        let new_session = with_token(&city, &sign_in(&city.server, "chenchen", NEW).expect(201));
        new_session.get(&referral).expect(200);
        city.caseworker.get(&referral).expect_problem(401, "unauthenticated");
        let list = first.get("/v1/accounts?limit=200").expect(200);
        assert_eq!(ids(&list).len(), 7);
        assert!(city.auditor.get("/v1/accounts").expect(200).body["items"] == json!([]));
        let report = bangfu_persistence::rebuild::check(&city.server.store).expect("a check");
        assert!(report.is_equal(), "{report}");
    }

    fn two_who_can_grant_remain(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let close = |who: &Person| decide(first, &account_of(&city, who), "close", &json!({}));
        close(second).expect_problem(409, "last_administrators");
        close(first).expect_problem(409, "last_administrators");
        let third = city.hire("何平", "heping", "security_administrator", &city.city);
        let answers = at_once(2, |n| close(if n == 0 { second } else { &third }));
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 1));
        let (gone, left) = if answers[0].status == 200 { (second, &third) } else { (&third, second) };
        gone.get("/v1/grants").expect_problem(401, "unauthenticated");

        // Who has a grant and cannot sign in is not one of the two.
        let grants = first.get("/v1/grants?limit=200").expect(200);
        let grants = grants.body["items"].as_array().cloned().expect("grants");
        let of = |who: &Person| {
            let held = grants.iter().find(|grant| grant["person"]["id"] == who.id.as_str());
            format!("/v1/grants/{}", held.expect("a grant")["id"].as_str().expect("an id"))
        };
        decide(first, &of(left), "end", &json!({})).expect_problem(409, "last_administrators");
        decide(first, &of(gone), "end", &json!({})).expect(200);
    }

    fn a_rotated_secret_leaves_the_old_one_a_day(database: Database) {
        let city = City::start(database);
        let (id, first) = client(&city);
        let path = format!("/v1/clients/{id}");
        let rotate = || decide(&city.system_administrator, &path, "secret", &json!({})).expect(200);
        let second = rotate().text("/client_secret");
        token_of(&city, &id, &first).expect(200);
        let running = with_token(&city, &token_of(&city, &id, &second).expect(200));
        city.server.clock.advance_days(1);
        token_of(&city, &id, &first).expect(401);
        token_of(&city, &id, &second).expect(200);

        let third = rotate().text("/client_secret");
        let fourth = rotate().text("/client_secret");
        token_of(&city, &id, &second).expect(401);
        token_of(&city, &id, &third).expect(200);
        token_of(&city, &id, &fourth).expect(200);
        running.get("/v1/me").expect(200);
        assert!(city.system_administrator.get(&path).body.get("client_secret").is_none());
    }

    fn a_closed_client_is_shut_at_once(database: Database) {
        let city = City::start(database);
        let (id, secret) = client(&city);
        let machine = with_token(&city, &token_of(&city, &id, &secret).expect(200));
        machine.get("/v1/referrals").expect(200);
        let path = format!("/v1/clients/{id}");
        let closed = decide(&city.system_administrator, &path, "close", &json!({})).expect(200);
        assert_eq!(closed.text("/state"), "closed");
        machine.get("/v1/referrals").expect_problem(401, "unauthenticated");
        token_of(&city, &id, &secret).expect(401);
        for command in ["secret", "close"] {
            let late = decide(&city.system_administrator, &path, command, &json!({}));
            late.expect_problem(409, "wrong_state");
        }
        let grant = json!({ "client_id": id, "role": "referrer", "organization_id": city.city });
        let grant = city.administrators[0].post("/v1/grants", &grant);
        grant.expect_problem(400, "invalid_request");
        let report = bangfu_persistence::rebuild::check(&city.server.store).expect("a check");
        assert!(report.is_equal(), "{report}");
    }

    fn five_failures_shut_a_login_for_a_while(database: Database) {
        let city = City::start(database);
        for login in ["chenchen", "nobody", "Kein Login"] {
            for _ in 0..5 {
                sign_in(&city.server, login, "not the password").expect_problem(401, "sign_in_failed");
            }
            for password in ["not the password", PASSWORD] {
                let refused = sign_in(&city.server, login, password);
                let refused = refused.expect_problem(429, "too_many_attempts");
                let wait: u32 = refused.header("retry-after").expect("a header").parse().expect("seconds");
                assert!((890..=900).contains(&wait), "{login} {wait}");
            }
        }
        sign_in(&city.server, "liuyang", PASSWORD).expect(201);
        city.caseworker.get("/v1/me").expect(200);
        city.server.clock.advance_days(1);
        sign_in(&city.server, "chenchen", PASSWORD).expect(201);
        let left = city.server.lines("SELECT COUNT(*) || '' AS line FROM sign_in_attempts");
        assert_eq!(left, ["0"]);
    }

    fn signing_in_clears_the_failures(database: Database) {
        let city = City::start(database);
        for _ in 0..3 {
            for _ in 0..4 {
                sign_in(&city.server, "chenchen", "not the password").expect(401);
            }
            sign_in(&city.server, "chenchen", PASSWORD).expect(201);
        }
    }

    fn many_guesses_at_once_are_not_more(database: Database) {
        let city = City::start(database);
        let answers = at_once(9, |_| sign_in(&city.server, "chenchen", "not the password"));
        assert!(count(&answers, 401) <= 5);
        assert!(count(&answers, 429) >= 4);
        assert_eq!(count(&answers, 401) + count(&answers, 429) + count(&answers, 503), 9);
    }

    fn guesses_at_a_secret_or_with_a_token_are_counted_too(database: Database) {
        let city = City::start(database);
        let (id, secret) = client(&city);
        for _ in 0..5 {
            token_of(&city, &id, "zq7marker").expect(401);
            change(&city.caseworker, "not the password", NEW).expect(403);
        }
        let refused = token_of(&city, &id, &secret).expect_problem(429, "too_many_attempts");
        assert!(refused.header("retry-after").is_some());
        change(&city.caseworker, PASSWORD, NEW).expect_problem(429, "too_many_attempts");
        sign_in(&city.server, "chenchen", PASSWORD).expect(201);
        city.server.clock.advance_days(1);
        token_of(&city, &id, &secret).expect(200);
        let right = at_once(8, |_| token_of(&city, &id, &secret));
        assert_eq!(count(&right, 200), 8);
    }

    fn an_administrators_role_is_held_alone(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let propose = |person: &Person, role: &str, from: Option<&str>| {
            let body = json!({
                "person_id": person.id, "role": role, "organization_id": city.city, "from": from,
            });
            first.post("/v1/grants", &body)
        };
        for role in ["caseworker", "auditor", "finance_maker", "audit_administrator"] {
            let refused = propose(&city.system_administrator, role, None);
            refused.expect_problem(409, "roles_exclude");
        }
        propose(&city.caseworker, "security_administrator", None)
            .expect_problem(409, "roles_exclude");
        propose(&city.caseworker, "reviewer", None).expect(201);
        let third = city.hire("何平", "heping", "policy_editor", &city.city);
        propose(&third, "system_administrator", Some("2021-02-01"))
            .expect_problem(409, "roles_exclude");

        // Two proposals at once: one of them is too late.
        let number = identity_number("19920202", 7);
        let body = json!({ "name": "周杰", "identity_number": number });
        let id = first.post("/v1/people", &body).expect(201).text("/id");
        let newcomer = Person { id, client: city.server.anonymous.clone() };
        let roles = ["caseworker", "system_administrator"];
        let answers = at_once(2, |n| propose(&newcomer, roles[n], None));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 1));
        let made = answers.iter().find(|answer| answer.status == 201).expect("one");
        let path = format!("/v1/grants/{}", made.text("/id"));
        decide(second, &path, "approve", &json!({})).expect(200);
    }

    fn grants_name_their_holders(database: Database) {
        let city = City::start(database);
        let grants = city.auditor.get("/v1/grants?limit=200").expect(200);
        let grants = grants.body["items"].as_array().cloned().expect("grants");
        let name_of = |id: &str| {
            let of = |grant: &&Value| grant["person"]["id"] == id || grant["client"]["id"] == id;
            grants.iter().find(of).map(|grant| ["person", "client"].map(|holder| grant[holder]["name"].clone()))
        };
        assert_eq!(name_of(&city.caseworker.id), Some([json!("陈晨"), Value::Null]));
        assert_eq!(name_of(&city.hospital.id), Some([Value::Null, json!("人民医院 HIS")]));
        let one = format!("/v1/grants/{}", grants[0]["id"].as_str().expect("an id"));
        let one = city.auditor.get(&one).expect(200);
        assert_eq!(one.body["person"], grants[0]["person"]);
        let kept = inspect::packed_texts(&city.server.location, "idempotency").expect("answers");
        assert!(kept.iter().all(|body| !body.contains("陈晨")));
    }

    fn an_organization_is_renamed_by_a_system_administrator(database: Database) {
        let city = City::start(database);
        let path = format!("/v1/organizations/{}", city.tongguan);
        let name = json!({ "name": "铜官区总工会(新)" });
        let blind = city.system_administrator.post(&format!("{path}/rename"), &name);
        blind.expect_problem(428, "precondition_required");
        decide(&city.caseworker, &path, "rename", &name).expect_problem(403, "forbidden");
        let renamed = decide(&city.system_administrator, &path, "rename", &name).expect(200);
        assert_eq!((renamed.text("/name"), renamed.version()), ("铜官区总工会(新)".into(), 2));
        assert_eq!(city.caseworker.get(&path).text("/name"), "铜官区总工会(新)");
        let report = bangfu_persistence::rebuild::check(&city.server.store).expect("a check");
        assert!(report.is_equal(), "{report}");
    }
}

#[test]
fn nobody_is_born_tomorrow() {
    let city = City::start(Database::Sqlite);
    let number = identity_number("21990101", 1);
    let person = json!({ "name": "周杰", "identity_number": number });
    let mut referral = City::referral("ZY-1", "张明", 1);
    referral["patient"]["identity_number"] = json!(number);
    let case = json!({ "organization_id": city.tongguan, "worker": person });
    for (who, path, body, pointer) in [
        (&city.administrators[0], "/v1/people", &person, "/identity_number"),
        (&city.hospital, "/v1/referrals", &referral, "/patient/identity_number"),
        (&city.caseworker, "/v1/cases", &case, "/worker/identity_number"),
    ] {
        let refused = who.post(path, body).expect_problem(400, "invalid_request");
        assert_eq!(
            (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
            (pointer.to_owned(), "in_future".to_owned())
        );
    }
}
