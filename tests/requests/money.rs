//! Wrong values of reliefs, funds, batches and the bank's results: each is named, none is repeated, nothing is stored.

use harness::{Answer, City, Client, Database, Office, Treasury, http::Headers, money::with, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    case_values::{Wrong, reveal_errors},
    money_values::{
        allocation_errors, approval_errors, batch_errors, correction_errors, fund_errors, relief_errors,
        results_errors, words_errors,
    },
    wrong::{MARKER, marker, only_error, put},
};

/// An enrolled household, a relief that waits for its approver, and a batch with the bank.
pub struct MoneyFixture {
    pub city: City,
    pub office: Office,
    pub money: Treasury,
    pub case: String,
    pub worker: String,
    pub relief: String,
    pub batch: String,
}

impl MoneyFixture {
    pub fn new(database: Database) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, worker) = city.enrolled(&office, "张明明", 1);
        city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let batch = money.send();
        let relief = city.draft(&case, &City::medical_aid("900.00", "1000.00"));
        city.review(&office, &relief);
        Self { city, office, money, case, worker, relief, batch }
    }

    fn relief_body(&self) -> Value {
        json!({
            "aid_type": "medical", "amount": "8000.00", "instalments": ["3000.00", "5000.00"],
            "beneficiary_id": self.worker, "payee_id": self.worker, "self_paid": "12345.67",
            "account": { "number": "6222021302000000009", "bank": "中国工商银行铜陵铜官支行" },
            "fund_id": self.money.fund, "remark": "情况属实情况",
        })
    }

    /// What the first batch's line has in its file, as paid.
    fn result(&self) -> Value {
        let row = self.money.file(&self.batch).remove(0);
        let mut line = row.result("paid", &self.city.today());
        with(&mut line, &json!({ "reason": null }));
        line
    }

    /// The caller who may do what this path is for.
    fn actor(&self, path: &str) -> &Client {
        if path.ends_with("/results") {
            &self.money.bank
        } else if path.starts_with("/v1/funds") || path.starts_with("/v1/payment-batches") {
            &self.money.maker
        } else if path.ends_with("/review") {
            &self.office.reviewer
        } else if ["/return", "/approve", "/reject"].iter().any(|it| path.ends_with(it)) {
            &self.office.approver
        } else {
            &self.city.caseworker
        }
    }

    /// Sends it upon the version that stands; where none is needed, it does no harm.
    fn send(&self, method: &Method, path: &str, body: &[u8]) -> Answer {
        let of = [&self.relief, &self.batch].into_iter().find(|it| path.starts_with(it.as_str()));
        let etag = of.map(|of| self.city.auditor.get(of).expect(200).etag());
        let headers = Headers { if_match: etag, ..Headers::default() };
        self.actor(path).send(method, path, Some(body), &headers)
    }

    /// Each request with a body that is right in itself, and what may be put where in it.
    fn requests(&self) -> Vec<(Method, String, Value, Vec<Wrong>)> {
        let of_relief = |what: &str| format!("{}/{what}", self.relief);
        let of_batch = |what: &str| format!("{}/{what}", self.batch);
        let fund = json!({
            "organization_id": self.city.city, "name": "工会经费帮扶金", "source": "union_dues",
            "year": 2021, "aid_types": ["living"], "payer_account": "34050101-0001",
        });
        let allocation = json!({
            "amount": "77001.17", "effective_day": "2021-01-04", "document_number": "财社〔2021〕9号",
        });
        let (result, words) = (self.result(), json!({ "remark": "情况属实情况" }));
        let reference = result["reference"].as_str().expect("a reference").to_owned();
        let batch = json!({ "fund_ids": [self.money.fund], "references": [reference] });
        let mut approval = words.clone();
        with(&mut approval, &json!({ "fund_id": self.money.fund }));
        let mut rejection = words.clone();
        with(&mut rejection, &json!({ "reason": "no_funds" }));
        let mut rejected = words_errors();
        rejected.push(("/reason", json!(MARKER), "/reason", "unknown_code"));
        let correction = json!({ "line": 1, "account": self.relief_body()["account"] });
        let reveal = json!({ "groups": ["bank"], "reason": "核对账户信息" });
        let void = json!({ "reason": "other" });
        let reason = |value: Value, code| ("/reason", value, "/reason", code);
        let voided = vec![reason(json!(MARKER), "unknown_code"), reason(Value::Null, "wrong_type")];
        let mut drafted = relief_errors();
        drafted.push(("/account", Value::Null, "/account", "required"));
        let post = Method::POST;
        vec![
            (post.clone(), format!("{}/reliefs", self.case), self.relief_body(), drafted),
            (post.clone(), of_relief("return"), words.clone(), words_errors()),
            (post.clone(), of_relief("cancel"), words.clone(), words_errors()),
            (post.clone(), of_relief("review"), words, crate::case_values::with_remark(vec![])),
            (post.clone(), of_relief("approve"), approval, approval_errors()),
            (post.clone(), of_relief("reject"), rejection, rejected),
            (post.clone(), of_relief("correct-account"), correction, correction_errors()),
            (post.clone(), of_relief("reveal"), reveal, reveal_errors()),
            (post.clone(), "/v1/funds".into(), fund, fund_errors()),
            (post.clone(), format!("/v1/funds/{}/allocations", self.money.fund), allocation, allocation_errors()),
            (post.clone(), "/v1/payment-batches".into(), batch, batch_errors(&self.money.fund, &reference)),
            (post.clone(), of_batch("void"), void, voided),
            (post, of_batch("results"), json!({ "lines": [result] }), results_errors(&result)),
        ]
    }
}

/// What is stored: events, versions and money.
fn stored(fixture: &MoneyFixture) -> (usize, Vec<String>, [String; 4]) {
    let etag = |path: &String| fixture.city.auditor.get(path).expect(200).etag();
    let versions = [&fixture.relief, &fixture.batch].map(etag).to_vec();
    (fixture.city.events(), versions, fixture.money.balance(&fixture.city.auditor))
}

/// Sends a request with each wrong value, and sees that it is named and not repeated.
fn refuses(fixture: &MoneyFixture, method: &Method, path: &str, right: &Value, wrongs: Vec<Wrong>) {
    let unknown = ("/zq7marker", json!(MARKER), "", "unknown_field");
    for (place, value, pointer, code) in wrongs.into_iter().chain([unknown]) {
        let mut body = right.clone();
        match body.pointer_mut(place) {
            Some(field) => *field = value,
            None => put(&mut body, place, value),
        }
        let answer = fixture.send(method, path, body.to_string().as_bytes());
        assert_eq!(answer.status, 400, "{path} {place} {code}: {:#}", answer.body);
        let answer = answer.expect_problem(400, "invalid_request");
        let expected = (pointer.to_owned(), code.to_owned());
        assert_eq!(only_error(&answer), expected, "{path} {place}");
        assert!(!answer.body.to_string().contains(MARKER), "{:#}", answer.body);
        assert!(!answer.body.to_string().contains("77001"), "{:#}", answer.body);
    }
    for (body, code) in
        [("{", "malformed_json"), ("[]", "invalid_request"), ("null", "invalid_request"), ("\"{}\"", "invalid_request")]
    {
        let answer = fixture.send(method, path, body.as_bytes());
        assert_eq!((answer.status, answer.code()), (400, code.to_owned()), "{path} {body}");
    }
}

on_both_databases! {
    fn a_wrong_value_is_named_and_leaves_nothing(database: Database) {
        let fixture = MoneyFixture::new(database);
        let requests = fixture.requests();
        let log = "SELECT reason AS line FROM access_log";
        let before = (stored(&fixture), fixture.city.server.lines(log));
        for (method, path, right, wrongs) in requests {
            refuses(&fixture, &method, &path, &right, wrongs);
        }
        for step in ["submit", "recall"] {
            let path = format!("{}/{step}", fixture.relief);
            let answer = fixture.send(&Method::POST, &path, b"{\"zq7marker\":1}");
            assert_eq!(only_error(&answer.expect(400)), (String::new(), "unknown_field".to_owned()));
            fixture.send(&Method::POST, &path, b"[]").expect(400);
        }
        for step in ["release", "send", "reconcile"] {
            let path = format!("{}/{step}", fixture.batch);
            let answer = fixture.send(&Method::POST, &path, b"{\"reason\":\"other\"}");
            assert_eq!(only_error(&answer.expect(400)), (String::new(), "unknown_field".to_owned()));
        }
        assert_eq!(before, (stored(&fixture), fixture.city.server.lines(log)), "nothing was stored");
        let list = fixture.city.auditor.get("/v1/reliefs").expect(200);
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(2));
    }

    fn a_wrong_revision_is_refused_the_same_way(database: Database) {
        let fixture = MoneyFixture::new(database);
        let words = json!({ "remark": "金额有误" });
        fixture.office.approver.act(&fixture.relief, "return", &words).expect(200);
        let before = stored(&fixture);
        let mut wrongs = relief_errors();
        let aid_type = ("/aid_type", json!("education"), "/self_paid", "out_of_range");
        wrongs.push(aid_type);
        refuses(&fixture, &Method::PUT, &fixture.relief, &fixture.relief_body(), wrongs);
        let mut other = fixture.relief_body();
        let family = fixture.city.caseworker.get(&fixture.case).expect(200);
        let daughter = family.text("/members/1/person_id");
        with(&mut other, &json!({ "account": null, "payee_id": daughter }));
        let other = fixture.send(&Method::PUT, &fixture.relief, other.to_string().as_bytes());
        let expected = ("/account".to_owned(), "required".to_owned());
        assert_eq!(only_error(&other.expect(400)), expected, "another payee, another account");
        assert_eq!(before, stored(&fixture));
        let mut same = fixture.relief_body();
        same["account"] = Value::Null;
        let same = fixture.send(&Method::PUT, &fixture.relief, same.to_string().as_bytes()).expect(200);
        assert_eq!(same.text("/amount"), "8000.00");
    }

    fn all_wrong_values_are_named_at_once(database: Database) {
        let fixture = MoneyFixture::new(database);
        let mut body = fixture.relief_body();
        for (place, value) in [
            ("/aid_type", json!(MARKER)), ("/amount", json!("0.00")),
            ("/instalments", json!(["-1.00", "0.00", "1.005"])), ("/beneficiary_id", json!(MARKER)),
            ("/payee_id", json!(MARKER)), ("/account/number", json!(MARKER)),
            ("/account/bank", json!("=zq7marker")), ("/self_paid", json!("x")),
            ("/fund_id", json!(MARKER)), ("/remark", marker(2_001)),
        ] {
            put(&mut body, place, value);
        }
        let path = format!("{}/reliefs", fixture.case);
        let answer = fixture.send(&Method::POST, &path, body.to_string().as_bytes()).expect(400);
        let errors = answer.body["errors"].as_array().expect("errors").clone();
        let mut found: Vec<String> = errors
            .iter()
            .map(|it| format!("{} {}", it["pointer"], it["code"]).replace('"', ""))
            .collect();
        found.sort_unstable();
        assert_eq!(found, [
            "/account/bank format", "/account/number format", "/aid_type unknown_code",
            "/amount out_of_range", "/beneficiary_id format", "/fund_id format",
            "/instalments/0 negative", "/instalments/1 out_of_range", "/instalments/2 over_precise",
            "/payee_id format", "/remark too_long", "/self_paid format",
        ]);
        assert!(!answer.body.to_string().contains(MARKER));
    }

    fn a_mistyped_card_is_a_warning(database: Database) {
        let fixture = MoneyFixture::new(database);
        let path = format!("{}/reliefs", fixture.case);
        let mut body = City::living_aid("1.00");
        body["account"]["number"] = "6222021302000000008".into();
        let doubtful = fixture.city.caseworker.post(&path, &body).expect(201);
        assert_eq!(doubtful.body["warnings"], json!(["account_doubtful"]));
        let relief = format!("/v1/reliefs/{}", doubtful.text("/id"));
        let put = |body: &Value| {
            let etag = fixture.city.caseworker.get(&relief).expect(200).etag();
            fixture.city.caseworker.put(&relief, body, &etag).expect(200).body["warnings"].clone()
        };
        body["account"] = Value::Null;
        assert_eq!(put(&body), json!(["account_doubtful"]), "the account stays, the doubt as well");
        assert_eq!(put(&City::living_aid("1.00")), json!([]));
        // A passbook's number has no check digit.
        body["account"] = json!({ "number": "79927398710", "bank": "铜陵农村商业银行" });
        assert_eq!(put(&body), json!([]));
        body["account"]["number"] = "6222 0213 0200 0000 008".into();
        assert_eq!(put(&body), json!(["account_doubtful"]));
    }

    fn a_payee_whom_a_spreadsheet_would_reckon_is_refused(database: Database) {
        let fixture = MoneyFixture::new(database);
        for (name, serial) in [("=张明", 11), ("＠张明", 12)] {
            let (case, _, _) = fixture.city.enrolled_at(&fixture.office, &fixture.city.tongguan, name, serial);
            let path = format!("{case}/reliefs");
            let refused = fixture.city.caseworker.post(&path, &City::living_aid("1.00"));
            let refused = refused.expect_problem(400, "invalid_request");
            assert_eq!(only_error(&refused), ("/payee_id".to_owned(), "format".to_owned()));
        }
    }

    fn values_at_the_edge_are_taken(database: Database) {
        let fixture = MoneyFixture::new(database);
        let draft = |fields: Value| {
            let mut body = fixture.relief_body();
            with(&mut body, &fields);
            let path = format!("{}/reliefs", fixture.case);
            fixture.city.caseworker.post(&path, &body).expect(201)
        };
        let twelve = draft(json!({ "amount": "0.12", "instalments": vec!["0.01"; 12] }));
        assert_eq!(twelve.body["lines"].as_array().map(Vec::len), Some(12));
        draft(json!({ "amount": "9999999999999.99", "instalments": null, "self_paid": "0" }));
        draft(json!({ "remark": "\u{1f3e5}".repeat(2_000), "instalments": ["8000"] }));
        for (number, bank) in [("12345678", "A".repeat(60)), (&"7".repeat(32), "工".repeat(60))] {
            draft(json!({ "account": { "number": number, "bank": bank } }));
        }
        let fund = |fields: Value| {
            let mut body = json!({
                "organization_id": fixture.city.city, "name": "金".repeat(100), "source": "interest",
                "year": 2000, "aid_types": ["education"], "payer_account": "3405",
            });
            with(&mut body, &fields);
            fixture.money.maker.post("/v1/funds", &body).expect(201).text("/id")
        };
        let most = fund(json!({ "year": 2200, "payer_account": "3".repeat(40) }));
        let all = vec!["living"; 300];
        fund(json!({ "aid_types": all }));
        let path = format!("/v1/funds/{most}/allocations");
        let allocation = |amount: &str, number: String| {
            let day = fixture.city.today();
            let body = json!({
                "amount": amount, "effective_day": day, "document_number": number,
            });
            fixture.money.maker.post(&path, &body)
        };
        allocation("9999999999999.99", "号".repeat(64)).expect(201);
        let more = allocation("0.01", "X-2".to_owned()).expect_problem(409, "too_much_money");
        assert_eq!(more.body["allowed_actions"], json!(["allocate", "make_batch"]));
        let read = fixture.money.maker.get(&format!("/v1/funds/{most}")).expect(200);
        assert_eq!(read.text("/balance/available"), "9999999999999.99");

        let lines = Value::Array(vec![fixture.result(); 1_000]);
        let path = format!("{}/results", fixture.batch);
        let told = fixture.money.bank.post(&path, &json!({ "lines": lines })).expect(200);
        assert_eq!([&told.body["read"], &told.body["applied"], &told.body["unchanged"]],
            [&json!(1_000), &json!(1), &json!(999)]);
    }
}
