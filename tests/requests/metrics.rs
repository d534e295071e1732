//! `/metrics`: what it counts, and what it says of nobody.

use std::{collections::BTreeSet, fs, path::Path};

use bangfu_app::{Job, Worker};
use bangfu_persistence::inspect;
use harness::{City, Client, Database, TestServer, http::Headers, on_both_databases, server::services};
use serde_json::json;
use ureq::http::Method;

use crate::common::refer;

fn scrape(by: &Client) -> String {
    let answer = by.get("/metrics").expect(200);
    let content_type = answer.header("content-type").expect("a type");
    assert!(content_type.starts_with("application/openmetrics-text"), "{content_type}");
    answer.body.as_str().expect("a text").to_owned()
}

/// The value of a figure; its labels, if it has any, stand in the name.
fn figure(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(str::to_owned)
}

on_both_databases! {
    fn requests_are_counted_by_method_route_and_status(database: Database) {
        let server = TestServer::start(database);
        let anonymous = &server.anonymous;
        for path in ["/v1/referrals/1", "/v1/referrals/2", "/v1/referrals/3"] {
            anonymous.get(path).expect(401);
        }
        for path in ["/no/such/path", "/wp-login.php", "/v1/%E6%9D%8E"] {
            anonymous.get(path).expect(404);
        }
        anonymous.send(&Method::TRACE, "/healthz", None, &Headers::default()).expect(405);
        anonymous.post("/v1/sessions", &json!({})).expect(400);
        let text = scrape(anonymous);
        for (labels, count) in [
            (r#"method="GET",route="/v1/referrals/{id}",status="401""#, "3"),
            (r#"method="GET",route="none",status="404""#, "3"),
            (r#"method="POST",route="/v1/sessions",status="400""#, "1"),
            (r#"method="other",route="/healthz",status="405""#, "1"),
        ] {
            let name = format!("bangfu_http_requests_total{{{labels}}}");
            assert_eq!(figure(&text, &name).as_deref(), Some(count), "{name}\n{text}");
        }
        let route = r#"method="GET",route="/v1/referrals/{id}""#;
        let name = format!("bangfu_http_request_duration_seconds_count{{{route}}}");
        assert_eq!(figure(&text, &name).as_deref(), Some("3"));
        let all = format!(r#"bangfu_http_request_duration_seconds_bucket{{le="+Inf",{route}}}"#);
        assert_eq!(figure(&text, &all).as_deref(), Some("3"), "{text}");
        let version = format!(r#"bangfu_build_info{{version="{}"}}"#, env!("CARGO_PKG_VERSION"));
        assert_eq!(figure(&text, &version).as_deref(), Some("1"), "{text}");
        assert!(text.ends_with("# EOF\n"));
        for sent in ["wp-login", "TRACE", "%E6", "李", "/v1/referrals/1"] {
            assert!(!text.contains(sent), "{sent} came from a client");
        }
        let counted = r#"bangfu_http_requests_total{method="GET",route="/metrics",status="200"}"#;
        assert_eq!(figure(&text, counted), None);
        assert_eq!(figure(&scrape(anonymous), counted).as_deref(), Some("1"));
    }

    fn what_waits_is_counted_without_a_name(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, worker) = city.enrolled(&office, "张明", 1);
        city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let referral = refer(&city.hospital, "ZY-0001", 2);
        let reason = json!({ "reason": "outside_city" });
        city.caseworker.act(&referral, "decline", &reason).expect(200);
        city.server.block_on(city.server.store.seal()).expect("a seal");
        let text = scrape(&city.server.anonymous);
        let seals = city.server.lines("SELECT unit_of_work AS line FROM unsealed").len();
        assert_eq!(seals, 0);
        let last = city.server.lines("SELECT CAST(MAX(position) AS TEXT) AS line FROM seals");
        for (name, value) in [
            ("bangfu_database_up", "1"),
            ("bangfu_unsealed_units", "0"),
            ("bangfu_last_sealed_position", last[0].as_str()),
            ("bangfu_unacknowledged_outcomes", "1"),
            ("bangfu_waiting_payment_lines", "1"),
        ] {
            assert_eq!(figure(&text, name).as_deref(), Some(value), "{name}\n{text}");
        }
        let [present, absent] = if city.server.is_postgres() {
            ["bangfu_postgres_connections_in_use", "bangfu_sqlite_units_waiting"]
        } else {
            ["bangfu_sqlite_units_waiting", "bangfu_postgres_connections_in_use"]
        };
        assert!(figure(&text, present).is_some() && figure(&text, absent).is_none(), "{text}");
        let case = case.replace("/v1/cases/", "");
        let personal = ["张明", "ZY-0001", "3000", "6222", "3407", &worker, &case];
        let names: String = text.lines().filter_map(|line| line.rsplit_once(' ')).fold(
            String::new(),
            |names, (name, _)| names + name + "\n",
        );
        for value in personal {
            assert!(!names.contains(value), "{value}\n{text}");
        }

        let told = city.hospital.get(&referral).expect(200);
        let version = told.body["version"].clone();
        let acknowledge = json!({ "version": version });
        city.hospital.post(&format!("{referral}/acknowledgements"), &acknowledge).expect(200);
        money.make();
        let text = scrape(&city.server.anonymous);
        for name in ["bangfu_unacknowledged_outcomes", "bangfu_waiting_payment_lines"] {
            assert_eq!(figure(&text, name).as_deref(), Some("0"), "{name}");
        }
    }

    fn without_the_database_it_shows_what_it_knows(database: Database) {
        let server = TestServer::start(database);
        server.anonymous.get("/healthz").expect(200);
        // To a scrape a table that is gone is as good as a database that is.
        inspect::execute(&server.location, "ALTER TABLE unsealed RENAME TO gone").expect("gone");
        let text = scrape(&server.anonymous);
        assert_eq!(figure(&text, "bangfu_database_up").as_deref(), Some("0"));
        for name in ["bangfu_unsealed_units", "bangfu_last_sealed_position"] {
            assert_eq!(figure(&text, name), None, "{name} would be a guess");
        }
        let alive = r#"bangfu_http_requests_total{method="GET",route="/healthz",status="200"}"#;
        assert_eq!(figure(&text, alive).as_deref(), Some("1"), "{text}");
        inspect::execute(&server.location, "ALTER TABLE gone RENAME TO unsealed").expect("back");
        let text = scrape(&server.anonymous);
        assert_eq!(figure(&text, "bangfu_database_up").as_deref(), Some("1"));
    }
}

/// The names of figures that a text speaks of.
fn names_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with("bangfu_")).collect()
}

#[test]
fn alerts_and_dashboard_speak_of_figures_that_there_are() {
    let texts = [Database::Sqlite, Database::Postgres].map(|database| {
        let server = TestServer::start(database);
        server.anonymous.get("/readyz").expect(200);
        let worker = Worker::new(services(&server.store));
        for job in Job::ALL {
            server.block_on(worker.turn(job)).expect("a turn");
        }
        scrape(&server.anonymous)
    });
    let known: BTreeSet<&str> = texts.iter().flat_map(|text| names_in(text)).collect();
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    for file in ["prometheus-alerts.yml", "grafana-dashboard.json"] {
        let text = fs::read_to_string(deploy.join(file)).expect("a file of deploy");
        let named = names_in(&text);
        assert!(named.len() > 5, "{file}");
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let dashboard = fs::read_to_string(deploy.join("grafana-dashboard.json")).expect("a dashboard");
    assert!(serde_json::from_str::<serde_json::Value>(&dashboard).is_ok());
}
