//! Wrong values of a case and its evidence: each is named, none is repeated, nothing is stored. What is
//! sent twice is done once.

use harness::{Answer, City, Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    case_values::{
        Wrong, applicant_errors, consent_errors, household_errors, notice_errors, objection_errors, result_errors,
        reveal_errors, search_errors, visit_errors, with_remark,
    },
    common::ids,
    wrong::{MARKER, assert_silent, marker, only_error, put},
};

const REPLAYED: &str = "idempotency-replayed";

/// A case with every piece of evidence: a draft visit, a comparison that waits, a notice that hangs.
struct Fixture {
    city: City,
    civil_affairs: Client,
    case: String,
    worker: String,
    members: Vec<String>,
    visit: String,
    comparison: String,
    notice: String,
}

impl Fixture {
    fn new(database: Database) -> Self {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        city.compare(&office, &case);
        let by = &city.caseworker;
        let post = |what: &str, body: Value| by.post(&format!("{case}/{what}"), &body).expect(201);
        let visit = format!("/v1/visits/{}", post("visits", json!({ "mode": "home" })).text("/id"));
        let notice = post("notices", json!({ "place": "community" })).text("/id");
        let comparison = post("comparisons", json!({})).text("/id");
        Self {
            civil_affairs: office.civil_affairs.client.clone(),
            visit,
            notice: format!("/v1/notices/{notice}"),
            comparison: format!("/v1/comparisons/{comparison}"),
            city,
            case,
            worker,
            members,
        }
    }

    fn version(&self) -> Value {
        self.city.caseworker.get(&self.case).expect(200).body["version"].clone()
    }

    fn household(&self) -> Value {
        City::household(&self.worker, 1)
    }

    fn visit_body(&self) -> Value {
        json!({
            "visited_on": "2021-01-04", "mode": "remote", "visitors": [self.city.caseworker.id],
            "present_member": self.worker, "findings": "情况属实情况", "remote_reason": "小区封闭了",
        })
    }

    fn result(&self) -> Value {
        let finding = json!({
            "data": "deposit", "outcome": "hit", "count": 1, "amount": "77001.17",
            "as_of": "2021-01-03",
        });
        let of = |id: &String| json!({ "person_id": id, "benefit": "none", "findings": [finding.clone()] });
        json!({
            "report_number": "HD-2021-0317", "compared_on": "2021-01-04",
            "members": self.members.iter().map(of).collect::<Vec<_>>(),
        })
    }

    fn consent(&self) -> Value {
        json!({
            "person_id": self.worker, "signer": "self", "signed_on": "2021-01-04",
            "purposes": ["processing"],
        })
    }

    /// Sends it upon the version that stands; a step needs one, and evidence does not mind it.
    fn send(&self, method: &Method, path: &str, body: &[u8]) -> Answer {
        let by = if path.ends_with("/result") { &self.civil_affairs } else { &*self.city.caseworker };
        let of = [&self.visit, &self.notice].into_iter().find(|it| path.starts_with(it.as_str()));
        let read = by.get(of.unwrap_or(&self.case));
        let headers = Headers { if_match: read.header("etag").map(str::to_owned), ..Headers::default() };
        by.send(method, path, Some(body), &headers)
    }

    /// Each request with a body that is right in itself, and what may be put where in it.
    fn requests(&self) -> Vec<(Method, String, Value, Vec<Wrong>)> {
        let of_case = |what: &str| format!("{}/{what}", self.case);
        let number = "340705197512240017";
        let applicant = json!({
            "organization_id": self.city.tongguan,
            "worker": { "name": "张明明", "identity_number": number },
        });
        let remark = |more: Value| {
            let mut body = json!({ "remark": "情况属实情况" });
            let fields = body.as_object_mut().expect("an object");
            fields.extend(more.as_object().expect("an object").clone());
            body
        };
        let reveal = json!({ "groups": ["identity"], "reason": "核对身份信息" });
        let objection = json!({ "received_on": "2021-01-04", "text": "邻居反映情况" });
        let visits = visit_errors();
        let post = Method::POST;
        vec![
            (post.clone(), "/v1/cases".into(), applicant, applicant_errors()),
            (Method::PUT, of_case("household"), self.household(), household_errors()),
            (post.clone(), of_case("consents"), self.consent(), consent_errors()),
            (post.clone(), of_case("visits"), self.visit_body(), visits.clone()),
            (Method::PUT, self.visit.clone(), self.visit_body(), visits),
            (post.clone(), format!("{}/result", self.comparison), self.result(), result_errors()),
            (post.clone(), of_case("notices"), json!({ "place": "community" }), notice_errors()),
            (post.clone(), format!("{}/objections", self.notice), objection, objection_errors()),
            (
                post.clone(),
                format!("{}/close", self.notice),
                remark(json!({ "outcome": "dismissed" })),
                with_remark(vec![("/outcome", json!(MARKER), "/outcome", "unknown_code")]),
            ),
            (
                post.clone(),
                of_case("submit"),
                remark(json!({ "path": "regular" })),
                with_remark(vec![("/path", json!(MARKER), "/path", "unknown_code")]),
            ),
            (post.clone(), of_case("return"), remark(json!({})), with_remark(vec![])),
            (post.clone(), of_case("review"), remark(json!({})), with_remark(vec![])),
            (
                post.clone(),
                of_case("approve"),
                remark(json!({ "category": "deep" })),
                with_remark(vec![("/category", json!(MARKER), "/category", "unknown_code")]),
            ),
            (
                post.clone(),
                of_case("reject"),
                remark(json!({ "reason": "not_entitled" })),
                with_remark(vec![("/reason", json!(MARKER), "/reason", "unknown_code")]),
            ),
            (
                post.clone(),
                of_case("exit"),
                remark(json!({ "reason": "moved" })),
                with_remark(vec![
                    ("/reason", json!(MARKER), "/reason", "unknown_code"),
                    ("/months_above_dibao", json!(-1), "/months_above_dibao", "out_of_range"),
                    ("/months_above_dibao", json!(256), "/months_above_dibao", "out_of_range"),
                    ("/months_above_dibao", json!("6"), "/months_above_dibao", "wrong_type"),
                ]),
            ),
            (post.clone(), "/v1/cases/search".into(), json!({ "name": "张明明" }), search_errors()),
            (post.clone(), of_case("reveal"), reveal.clone(), reveal_errors()),
            (post, format!("{}/reveal", self.comparison), reveal, reveal_errors()),
        ]
    }
}

on_both_databases! {
    fn a_wrong_value_is_named_and_leaves_nothing(database: Database) {
        let fixture = Fixture::new(database);
        let before = (fixture.version(), fixture.city.server.lines("SELECT 'x' AS line FROM people").len());
        for (method, path, right, wrongs) in fixture.requests() {
            let unknown = ("/zq7marker", json!(MARKER), "", "unknown_field");
            for (place, value, pointer, code) in wrongs.into_iter().chain([unknown]) {
                let mut body = right.clone();
                match body.pointer_mut(place) {
                    Some(field) => *field = value,
                    None => put(&mut body, place, value),
                }
                let answer = fixture.send(&method, &path, body.to_string().as_bytes());
                assert_eq!(answer.status, 400, "{path} {place} {code}: {:#}", answer.body);
                let answer = answer.expect_problem(400, "invalid_request");
                let expected = (pointer.to_owned(), code.to_owned());
                assert_eq!(only_error(&answer), expected, "{path} {place}");
                assert!(!answer.body.to_string().contains(MARKER), "{:#}", answer.body);
            }
            for (body, code) in [("{", "malformed_json"), ("[]", "invalid_request"), ("null", "invalid_request")] {
                let answer = fixture.send(&method, &path, body.as_bytes());
                assert_eq!((answer.status, answer.code()), (400, code.to_owned()), "{path} {body}");
            }
        }
        for step in ["assessments", "comparisons", "withdraw", "reopen"] {
            let path = format!("{}/{step}", fixture.case);
            let answer = fixture.send(&Method::POST, &path, b"{\"zq7marker\":1}");
            assert_eq!(only_error(&answer.expect(400)), (String::new(), "unknown_field".to_owned()));
            fixture.send(&Method::POST, &path, b"[]").expect(400);
        }
        let after = (fixture.version(), fixture.city.server.lines("SELECT 'x' AS line FROM people").len());
        assert_eq!(before, after, "nothing was stored");
        assert_eq!(ids(&fixture.city.caseworker.get("/v1/cases")).len(), 1);
        let opened = fixture.city.server.lines("SELECT reason AS line FROM access_log");
        assert_eq!(opened, Vec::<String>::new());
    }

    fn a_household_that_cannot_be_is_refused(database: Database) {
        let fixture = Fixture::new(database);
        let (path, version) = (format!("{}/household", fixture.case), fixture.version());
        let send = |body: &Value| fixture.send(&Method::PUT, &path, body.to_string().as_bytes());
        let mut two = fixture.household();
        two["members"][1]["relation"] = "self".into();
        send(&two).expect_problem(409, "worker_fixed");
        two["members"][0]["relation"] = "spouse".into();
        send(&two).expect_problem(409, "worker_fixed");
        let mut again = fixture.household();
        again["members"][1] = json!({ "person_id": fixture.worker, "relation": "spouse" });
        let again = send(&again).expect_problem(400, "invalid_request");
        assert_eq!(only_error(&again), ("/members".to_owned(), "not_distinct".to_owned()));
        let mut twins = fixture.household();
        let number = harness::city::identity_number("19900101", 1);
        let twin = json!({ "name": "张大雨", "identity_number": number, "relation": "son" });
        let members = twins["members"].as_array_mut().expect("members");
        members.extend([twin.clone(), twin]);
        let twins = send(&twins).expect_problem(400, "invalid_request");
        assert_eq!(only_error(&twins), ("/members".to_owned(), "not_distinct".to_owned()));
        assert_eq!(fixture.version(), version);

        let visits = format!("{}/visits", fixture.case);
        let mut visit = fixture.visit_body();
        let us = json!(fixture.city.caseworker.id);
        visit["visitors"] = json!([us, us]);
        let twice = fixture.city.caseworker.post(&visits, &visit).expect(400);
        assert_eq!(only_error(&twice), ("/visitors".to_owned(), "not_distinct".to_owned()));
        visit["visitors"] = Value::Array(vec![us; 11]);
        let crowd = fixture.city.caseworker.post(&visits, &visit).expect(400);
        assert_eq!(only_error(&crowd), ("/visitors".to_owned(), "out_of_range".to_owned()));
        assert_eq!(fixture.version(), version);
    }

    fn all_wrong_values_of_a_household_are_named_at_once(database: Database) {
        let fixture = Fixture::new(database);
        let mut body = fixture.household();
        let mut expected = Vec::new();
        for (place, value, pointer, code) in [
            ("/members/0/phone", json!("zq7marker12"), "/members/0/phone", "format"),
            ("/members/1/name", marker(51), "/members/1/name", "too_long"),
            ("/members/1/relation", json!(MARKER), "/members/1/relation", "unknown_code"),
            ("/members/1/incomes", json!([{ "kind": MARKER, "annual": "-1" }]),
                "/members/1/incomes/0/kind", "unknown_code"),
            ("/causes/main", json!(MARKER), "/causes/main", "unknown_code"),
            ("/address", marker(201), "/address", "too_long"),
            ("/situation", marker(2_001), "/situation", "too_long"),
            ("/related_staff", json!([MARKER]), "/related_staff/0", "format"),
        ] {
            put(&mut body, place, value);
            expected.push((pointer.to_owned(), code.to_owned()));
        }
        expected.push(("/members/1/incomes/0/annual".to_owned(), "negative".to_owned()));
        expected.sort();
        let path = format!("{}/household", fixture.case);
        let answer = fixture.send(&Method::PUT, &path, body.to_string().as_bytes()).expect(400);
        let errors = answer.body["errors"].as_array().expect("errors").clone();
        let text = |error: &Value, field: &str| error[field].as_str().expect("a text").to_owned();
        let mut found: Vec<_> =
            errors.iter().map(|it| (text(it, "pointer"), text(it, "code"))).collect();
        found.sort();
        assert_eq!(found, expected);
        assert_silent(&answer, &json!([marker(51), marker(201)]));
    }

    fn of_many_wrong_values_a_hundred_are_named(database: Database) {
        let city = City::start(database);
        let (case, _) = city.apply("张明", 1);
        let body = json!({ "groups": vec![""; 30_000], "reason": "核对" });
        let refused = city.caseworker.post(&format!("{case}/reveal"), &body);
        let refused = refused.expect_problem(400, "invalid_request");
        assert_eq!(refused.body["errors"].as_array().map(Vec::len), Some(100));
    }

    fn what_is_sent_twice_is_done_once(database: Database) {
        let fixture = Fixture::new(database);
        let by = &fixture.city.caseworker;
        let opening = json!({ "organization_id": fixture.city.tongguan, "worker": { "name": "王芳芳" } });
        let key = Headers::key("2021-01-04/office/1");
        let first = by.post_with("/v1/cases", &opening, &key).expect(201);
        let again = by.post_with("/v1/cases", &opening, &key).expect(201);
        assert_eq!((first.header(REPLAYED), again.header(REPLAYED)), (None, Some("true")));
        assert_eq!((&again.body, again.etag()), (&first.body, first.etag()));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(ids(&by.get("/v1/cases")).len(), 2, "one more, not two");
        let other = json!({ "organization_id": fixture.city.tongguan, "worker": { "name": "李芳芳" } });
        let reused = by.post_with("/v1/cases", &other, &key);
        reused.expect_problem(422, "idempotency_key_reused");

        let visits = format!("{}/visits", fixture.case);
        let key = Headers::key("2021-01-04/office/2");
        let first = by.post_with(&visits, &fixture.visit_body(), &key).expect(201);
        let version = fixture.version();
        let again = by.post_with(&visits, &fixture.visit_body(), &key).expect(201);
        assert_eq!((again.header(REPLAYED), &again.body), (Some("true"), &first.body));
        assert_eq!(fixture.version(), version);

        let without = Headers { without_key: true, ..Headers::default() };
        for path in ["consents", "visits", "comparisons", "assessments", "notices", "submit"] {
            let body = match path {
                "consents" => fixture.consent(),
                "visits" => fixture.visit_body(),
                "notices" => json!({ "place": "community" }),
                _ => json!({}),
            };
            let answer = by.post_with(&format!("{}/{path}", fixture.case), &body, &without);
            answer.expect_problem(400, "idempotency_key_required");
        }
        let opened = by.post_with("/v1/cases", &opening, &without);
        opened.expect_problem(400, "idempotency_key_required");
        assert_eq!(fixture.version(), version);
    }

    fn a_put_needs_no_key_and_keeps_to_one(database: Database) {
        let fixture = Fixture::new(database);
        let by = &fixture.city.caseworker;
        let path = format!("{}/household", fixture.case);
        let body = fixture.household().to_string();
        let etag = by.get(&fixture.case).expect(200).etag();
        let put = |headers: &Headers| by.send(&Method::PUT, &path, Some(body.as_bytes()), headers);
        let bare = Headers::if_match(&etag);
        let done = put(&bare).expect(200);
        let stale = put(&bare).expect_problem(412, "precondition_failed");
        assert_eq!(stale.body["version"], done.body["version"]);

        let short = Headers { key: Some("short".to_owned()), ..Headers::if_match(done.etag()) };
        put(&short).expect_problem(400, "invalid_header");
        let key = Some("2021-01-04/office/3".to_owned());
        let keyed = Headers { key, ..Headers::if_match(done.etag()) };
        let first = put(&keyed).expect(200);
        let again = put(&keyed).expect(200);
        assert_eq!((first.header(REPLAYED), again.header(REPLAYED)), (None, Some("true")));
        assert_eq!((again.etag(), &again.body), (first.etag(), &first.body));
        assert_eq!(by.get(&fixture.case).expect(200).version(), first.version());

        let visit = fixture.visit_body().to_string();
        let etag = by.get(&fixture.visit).expect(200).etag();
        let keyed = Headers { key: Some("2021-01-04/office/4".to_owned()), ..Headers::if_match(etag) };
        let put = || by.send(&Method::PUT, &fixture.visit, Some(visit.as_bytes()), &keyed);
        let first = put().expect(200);
        assert_eq!((put().expect(200).body.clone(), first.version()), (first.body.clone(), 2));
    }
}
