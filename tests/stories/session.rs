//! A member of staff in a browser: signs in, works on, renews the token, signs out; and each server knows.

use bangfu_app::identity::Lifetimes;
use bangfu_http::server::ServerSettings;
use harness::{
    Answer, City, Client, Database,
    city::PASSWORD,
    http::Headers,
    on_both_databases,
    server::{Running, settings},
};
use serde_json::{Value, json};

const LIFETIMES: Lifetimes = Lifetimes { token_seconds: 86_400, session_seconds: 3 * 86_400 };

/// Two servers of the city's database, whose tokens last a day and sessions three.
fn servers(city: &City) -> [(Client, Running); 2] {
    [(); 2].map(|()| {
        let settings: ServerSettings = settings(LIFETIMES);
        let running = Running::start_with(&city.server.store, settings, false);
        (Client::anonymous(&format!("http://{}", running.address)), running)
    })
}

fn sign_in(at: &Client, password: &str) -> Answer {
    at.post("/v1/sessions", &json!({ "login": "chenchen", "password": password })).expect(201)
}

fn holding(at: &Client, answer: &Answer) -> Client {
    at.with_token(&answer.text("/access_token"))
}

/// A POST as a browser sends it: without a key and without a body.
fn post(by: &Client, path: &str) -> Answer {
    let headers = Headers { without_key: true, ..Headers::default() };
    by.send(&ureq::http::Method::POST, path, None, &headers)
}

fn ends(me: &Answer) -> [String; 2] {
    ["/expires_at", "/session_ends_at"].map(|it| me.text(it).get(..16).expect("an instant").to_owned())
}

on_both_databases! {
    fn a_browser_signs_in_renews_and_signs_out(database: Database) {
        let city = City::start(database);
        let [(here, _here), (there, _there)] = servers(&city);
        let signed_in = sign_in(&here, PASSWORD);
        let first = holding(&here, &signed_in);
        let me = first.get("/v1/me").expect(200);
        assert_eq!(ends(&me), ["2021-01-05T01:00", "2021-01-07T01:00"]);

        // A token that is still valid gives a fresh one of the same session, on any server.
        city.server.clock.advance_hours(23);
        let renewed = post(&holding(&there, &signed_in), "/v1/sessions/renew").expect(200);
        assert_eq!((renewed.text("/token_type").as_str(), &renewed.body["expires_in"]), ("Bearer", &json!(86_400)));
        assert_eq!(renewed.header("cache-control"), Some("no-store"));
        let second = holding(&here, &renewed);
        assert_eq!(ends(&second.get("/v1/me").expect(200)), ["2021-01-06T00:00", "2021-01-07T01:00"]);
        first.get("/v1/me").expect(200);
        city.server.clock.advance_hours(2);
        first.get("/v1/me").expect_problem(401, "unauthenticated");

        // Signing out ends all that was renewed, on every server, and no other session.
        let elsewhere = holding(&here, &sign_in(&here, PASSWORD));
        post(&second, "/v1/sessions/sign-out").expect(204);
        for at in [&here, &there] {
            let old = holding(at, &renewed);
            old.get("/v1/me").expect_problem(401, "unauthenticated");
            post(&old, "/v1/sessions/renew").expect_problem(401, "unauthenticated");
            post(&old, "/v1/sessions/sign-out").expect_problem(401, "unauthenticated");
            let referral = City::referral("ZY-1", "张明", 1);
            old.post("/v1/referrals", &referral).expect_problem(401, "unauthenticated");
        }
        elsewhere.get("/v1/me").expect(200);
    }

    fn a_session_ends_in_time_and_asks_to_sign_in_again(database: Database) {
        let city = City::start(database);
        let [(here, _here), _] = servers(&city);
        let mut token = sign_in(&here, PASSWORD);
        for _ in 0..3 {
            city.server.clock.advance_hours(23);
            token = post(&holding(&here, &token), "/v1/sessions/renew").expect(200);
        }
        let left = token.body["expires_in"].as_i64().expect("seconds");
        assert!((10_790..=10_800).contains(&left), "three hours are left of the session: {left}");
        let last = holding(&here, &token);
        assert_eq!(ends(&last.get("/v1/me").expect(200)), ["2021-01-07T01:00", "2021-01-07T01:00"]);
        city.server.clock.advance_hours(3);
        let over = post(&last, "/v1/sessions/renew").expect_problem(401, "unauthenticated");
        let words = Headers { language: Some("en".to_owned()), ..Headers::default() };
        let told = last.post_with("/v1/sessions/renew", &json!({}), &words).expect(401).text("/detail");
        assert!(told.starts_with("Sign in"), "{told}");
        assert_eq!(over.header("www-authenticate"), Some("Bearer"));
    }

    fn a_changed_password_ends_every_session_and_begins_one(database: Database) {
        let city = City::start(database);
        let [(here, _here), (there, _there)] = servers(&city);
        let [first, second] = [&here, &there].map(|at| holding(at, &sign_in(at, PASSWORD)));
        city.server.clock.advance_hours(5);
        let change = json!({ "current_password": PASSWORD, "new_password": "a quite different sentence" });
        let changed = first.post("/v1/sessions/password", &change).expect(200);
        for old in [&first, &second] {
            old.get("/v1/me").expect_problem(401, "unauthenticated");
        }
        let new = holding(&there, &changed);
        assert_eq!(ends(&new.get("/v1/me").expect(200))[1], "2021-01-07T06:00", "the password was proved now");
        let renewed = post(&new, "/v1/sessions/renew").expect(200);
        post(&holding(&here, &renewed), "/v1/sessions/sign-out").expect(204);
        new.get("/v1/me").expect_problem(401, "unauthenticated");
    }

    fn a_machine_has_no_session(database: Database) {
        let city = City::start(database);
        for path in ["/v1/sessions/renew", "/v1/sessions/sign-out"] {
            post(&city.hospital, path).expect_problem(403, "needs_person");
        }
        let me = city.hospital.get("/v1/me").expect(200);
        assert_eq!(me.body["session_ends_at"], Value::Null);
    }
}
