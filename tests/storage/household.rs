//! A household's whole way through the office and back, with a marker in every text that is sealed.

use bangfu_persistence::{inspect, rebuild};
use harness::{Answer, City, Client, Database, Office, city::identity_number, on_both_databases};
use serde_json::{Value, json};

use crate::{
    payment::{self, Opened},
    privacy::marker,
};

/// What stands on the notice in public, and so in its masked form: there it may be read, and nowhere else.
pub const EMPLOYER: &str = "标记甲公示单位HQJM";

/// The texts of which each is sealed, by the names that their markers have.
pub const SEALED: [&str; 16] = [
    "worker",
    "daughter",
    "condition",
    "address",
    "situation",
    "findings",
    "remote",
    "report",
    "submit",
    "return",
    "review",
    "approve",
    "exit",
    "objection",
    "dismissed",
    "reject",
];

/// Amounts that are sealed, in yuan.
const INCOME: &str = "7654321.09";
const EXPENSE: &str = "8765432.10";
const DEPOSIT: &str = "9876543.21";

/// What of the amounts must be found nowhere: in yuan, and in fen.
pub const AMOUNTS: [&str; 6] = [INCOME, EXPENSE, DEPOSIT, "765432109", "876543210", "987654321"];

/// The office at work, and every answer that it got, but for openings.
pub struct Work<'c> {
    pub city: &'c City,
    pub office: Office,
    /// The case's path.
    pub case: String,
    worker: String,
    /// All answers, also to what was refused.
    pub seen: Vec<Answer>,
    /// What was opened of the payments on the way.
    pub payments: Option<Opened>,
}

impl<'c> Work<'c> {
    /// Enrols a household, pays it, takes it out, and in again until it is rejected.
    pub fn do_all(city: &'c City, serial: u32) -> Self {
        let office = city.office();
        let applicant = json!({
            "organization_id": city.tongguan,
            "worker": {
                "name": marker("worker"), "identity_number": identity_number("19751224", serial),
            },
        });
        let opened = city.caseworker.post("/v1/cases", &applicant).expect(201);
        let case = format!("/v1/cases/{}", opened.text("/id"));
        let worker = opened.text("/members/0/person_id");
        let mut it = Self { city, office, case, worker, seen: vec![opened], payments: None };
        let members = it.write_down(serial);
        it.gather(&members);
        it.decide();
        it.look();
        it
    }

    fn note(&mut self, answer: Answer) -> Answer {
        self.seen.push(answer.clone());
        answer
    }

    fn write_down(&mut self, serial: u32) -> Vec<String> {
        let number = identity_number("19751224", serial + 100);
        let body = json!({
            "members": [
                {
                    "person_id": self.worker, "relation": "self", "phone": "13905620001",
                    "health": { "status": "grave", "condition": marker("condition") },
                    "incomes": [{ "kind": "wage", "annual": INCOME }],
                    "expenses": [{ "kind": "medical", "annual": EXPENSE }],
                },
                {
                    "name": marker("daughter"), "identity_number": number, "relation": "daughter",
                    "phone": "13905620002", "incomes": [], "expenses": [],
                },
            ],
            "causes": { "main": "grave_illness" },
            "address": marker("address"), "employer": EMPLOYER, "situation": marker("situation"),
            "dwellings": 1, "vehicles": 0, "owns_business": false,
            "union_member": true, "retired": false,
        });
        let path = format!("{}/household", self.case);
        let etag = self.seen[0].etag();
        let mut wrong = body.clone();
        wrong["members"][0]["relation"] = marker("relation").into();
        wrong["members"][1]["identity_number"] = marker("number").into();
        let wrong = self.city.caseworker.put(&path, &wrong, &etag).expect(400);
        self.note(wrong);
        let put = self.city.caseworker.put(&path, &body, &etag).expect(200);
        let put = self.note(put);
        let id = |nth: usize| put.text(&format!("/members/{nth}/person_id"));
        let mut other = body;
        other["members"][1]["person_id"] = id(1).into();
        other["members"][1]["name"] = marker("other").into();
        let differs = self.city.caseworker.put(&path, &other, &put.etag());
        let differs = differs.expect_problem(409, "person_differs");
        self.note(differs);
        vec![id(0), id(1)]
    }

    fn post(&mut self, what: &str, body: &Value) -> Answer {
        let answer = self.city.caseworker.post(&format!("{}/{what}", self.case), body).expect(201);
        self.note(answer)
    }

    fn gather(&mut self, members: &[String]) {
        let day = self.city.today();
        for member in members {
            let consent = json!({
                "person_id": member, "signer": "self", "signed_on": day,
                "purposes": ["processing", "sensitive", "comparison", "publication", "feedback"],
            });
            self.post("consents", &consent);
        }
        let visit = json!({
            "visited_on": day, "mode": "remote", "remote_reason": marker("remote"),
            "visitors": [self.city.caseworker.id, self.office.colleague.id],
            "present_member": self.worker, "findings": marker("findings"),
        });
        let visit = self.post("visits", &visit).text("/id");
        let comparison = self.post("comparisons", &json!({})).text("/id");
        let comparison = format!("/v1/comparisons/{comparison}");
        let finding = json!({ "data": "deposit", "outcome": "hit", "amount": DEPOSIT });
        let result = |id: &String| json!({ "person_id": id, "benefit": "dibao", "findings": [finding] });
        let result = json!({
            "report_number": marker("report"), "compared_on": day,
            "members": members.iter().map(result).collect::<Vec<_>>(),
        });
        let office = self.office.civil_affairs.client.clone();
        let answered = office.post(&format!("{comparison}/result"), &result).expect(200);
        self.note(answered);
        self.post("assessments", &json!({}));
        let notice = self.publish();
        for path in [format!("/v1/visits/{visit}"), comparison] {
            let read = self.city.auditor.get(&path).expect(200);
            self.note(read);
        }
        for list in ["/v1/comparisons", "/v1/cases"] {
            let read = self.city.auditor.get(list).expect(200);
            self.note(read);
        }
        let objection = json!({ "received_on": day, "text": marker("objection") });
        let path = format!("{notice}/objections");
        let objected = self.city.caseworker.post(&path, &objection).expect(201);
        self.note(objected);
        self.close(&notice, &json!({ "outcome": "dismissed", "remark": marker("dismissed") }));
    }

    fn publish(&mut self) -> String {
        let id = self.post("notices", &json!({ "place": "community" })).text("/id");
        format!("/v1/notices/{id}")
    }

    fn close(&mut self, notice: &str, body: &Value) {
        self.city.server.clock.advance_days(8);
        let closed = self.city.caseworker.act(notice, "close", body).expect(200);
        self.note(closed);
        let mut read = self.city.auditor.get(notice).expect(200);
        let text = read.body["text"].take();
        assert_eq!(text["employer"], EMPLOYER, "the notice is public");
        assert!(!text.to_string().contains("某人"), "{text}");
        self.note(read);
    }

    fn step(&mut self, by: &Client, command: &str, body: &Value) {
        let done = by.act(&self.case, command, body).expect(200);
        self.note(done);
    }

    fn decide(&mut self) {
        let by = self.city.caseworker.client.clone();
        let reviewer = self.office.reviewer.client.clone();
        let approver = self.office.approver.client.clone();
        let remark = |field: &str| json!({ "remark": marker(field) });
        self.step(&by, "submit", &remark("submit"));
        self.step(&reviewer, "return", &remark("return"));
        self.step(&by, "submit", &json!({}));
        self.step(&reviewer, "review", &remark("review"));
        let relative = json!({ "category": "relative", "remark": marker("approve") });
        self.step(&approver, "approve", &relative);
        self.payments = Some(payment::pay(self));
        self.step(&approver, "exit", &json!({ "reason": "moved", "remark": marker("exit") }));
        self.step(&by, "reopen", &json!({}));
        self.post("assessments", &json!({}));
        let notice = self.publish();
        self.close(&notice, &json!({ "outcome": "undisputed" }));
        let reject = json!({ "reason": "false_declaration", "remark": marker("reject") });
        self.step(&approver, "reject", &reject);
    }

    fn look(&mut self) {
        for (who, finds) in [(&self.city.caseworker, 1), (&self.city.auditor, 0)] {
            for path in [self.case.as_str(), "/v1/cases"] {
                self.seen.push(who.get(path).expect(200));
            }
            let search = json!({ "name": marker("daughter") });
            let found = who.post("/v1/cases/search", &search).expect(200);
            assert_eq!(found.body["items"].as_array().map(Vec::len), Some(finds));
            self.seen.push(found);
        }
    }

    /// All that the vault holds of the case, as the caseworker opens it.
    pub fn open(&self) -> String {
        let groups = json!(["identity", "contact", "health", "money", "narrative"]);
        let reveal = json!({ "groups": groups, "reason": "核对" });
        let path = format!("{}/reveal", self.case);
        self.city.caseworker.post(&path, &reveal).expect(200).body.to_string()
    }
}

on_both_databases! {
    fn after_a_households_whole_way_the_check_says_equal(database: Database) {
        let city = City::start(database);
        let (_, joined) = city.accepted("ZY-9", "周涛", 9);
        Work::do_all(&city, 1);
        city.caseworker.act(&joined, "withdraw", &json!({})).expect(200);
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
        let rows = |table: &str| report.tables.iter().find(|t| t.table == table).unwrap().rows;
        assert_eq!((rows("cases"), rows("case_members"), rows("case_evidence")), (2, 3, 4));
        let location = &city.server.location;
        inspect::replace_in_documents(location, "cases", "\"round\":", "\"round\":9").unwrap();
        let derived = "DELETE FROM case_evidence; DELETE FROM case_members; DELETE FROM duties";
        inspect::execute(location, derived).unwrap();
        assert!(!rebuild::check(&city.server.store).unwrap().is_equal());
        city.server.block_on(rebuild::rebuild(&city.server.store)).unwrap();
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
    }
}
