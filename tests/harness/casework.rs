//! The office at work: a policy in force, reviewers and approvers, and a household on its way to the enrolment.

use serde_json::{Value, json};

use crate::{
    city::{City, Person, identity_number},
    http::Headers,
};

/// The people who take a household of 铜官区 through identification.
pub struct Office {
    /// A second visitor, a caseworker as well.
    pub colleague: Person,
    /// Reviews.
    pub reviewer: Person,
    /// Approves.
    pub approver: Person,
    /// The civil-affairs office.
    pub civil_affairs: Person,
    /// Writes policies.
    pub policy_editor: Person,
    /// Approves policies.
    pub policy_approver: Person,
    /// The policy in force.
    pub policy: String,
}

impl City {
    /// Hires the office and puts the sample policy in force today.
    pub fn office(&self) -> Office {
        let editor = self.recruit("周芸", "zhouyun", "policy_editor", &self.city);
        let approver = self.recruit("吴强", "wuqiang", "policy_approver", &self.city);
        let (document, today) = (City::policy(), self.today());
        let policy = self.installer.enforce_policy(&editor, &approver, &document, &today);
        Office {
            colleague: self.hire("郑洁", "zhengjie", "caseworker", &self.tongguan),
            reviewer: self.hire("钱磊", "qianlei", "reviewer", &self.tongguan),
            approver: self.hire("何平", "heping", "approver", &self.tongguan),
            civil_affairs: self.hire("民政员", "minzheng", "civil_affairs_office", &self.city),
            policy_editor: Person::signed_in(&self.server, &editor),
            policy_approver: Person::signed_in(&self.server, &approver),
            policy: policy.expect("a policy in force"),
        }
    }

    /// The present day by the server's clock.
    pub fn today(&self) -> String {
        self.server.store.now().expect("the clock").day().to_string()
    }

    /// A household that applies by itself: its case's path and its worker.
    pub fn apply(&self, name: &str, serial: u32) -> (String, String) {
        self.apply_at(&self.tongguan, name, serial)
    }

    /// A household that applies by itself to 铜官区 or a union below.
    pub fn apply_at(&self, organization: &str, name: &str, serial: u32) -> (String, String) {
        let body = json!({
            "organization_id": organization,
            "worker": { "name": name, "identity_number": identity_number("19751224", serial) },
        });
        let opened = self.caseworker.post("/v1/cases", &body).expect(201);
        (format!("/v1/cases/{}", opened.text("/id")), opened.text("/members/0/person_id"))
    }

    /// A complete household: the worker, ill, and a daughter at university. Deep hardship by the sample
    /// policy.
    pub fn household(worker: &str, daughter: u32) -> Value {
        json!({
            "members": [
                {
                    "person_id": worker, "relation": "self", "phone": "13905620000",
                    "health": { "status": "grave", "condition": "肺癌" },
                    "incomes": [{ "kind": "wage", "annual": "21600.00" }],
                    "expenses": [{ "kind": "medical", "annual": "18000.00" }],
                },
                {
                    "name": "张小雨", "identity_number": identity_number("20020901", daughter),
                    "relation": "daughter", "school_stage": "higher",
                    "incomes": [],
                    "expenses": [{ "kind": "education", "annual": "5000.00" }],
                },
            ],
            "causes": { "main": "grave_illness", "others": ["schooling"] },
            "address": "铜官区长江路1号", "employer": "铜陵市第一机械厂",
            "dwellings": 1, "vehicles": 0, "owns_business": false,
            "union_member": true, "retired": false,
            "situation": "职工本人患病，女儿读大学。",
        })
    }

    /// Writes the complete household down; gives the ids of its members.
    pub fn record_household(&self, case: &str, worker: &str, daughter: u32) -> Vec<String> {
        let etag = self.caseworker.get(case).expect(200).etag();
        let body = Self::household(worker, daughter);
        let put = self.caseworker.put(&format!("{case}/household"), &body, &etag).expect(200);
        let members = put.body.get("members").and_then(Value::as_array).expect("members").clone();
        let id = |member: &Value| member.get("person_id").and_then(Value::as_str).expect("an id").to_owned();
        members.iter().map(id).collect()
    }

    /// Has every member consent to everything.
    pub fn consent(&self, case: &str, members: &[String]) {
        for member in members {
            let body = json!({
                "person_id": member, "signer": "self", "signed_on": self.today(),
                "purposes": ["processing", "sensitive", "comparison", "publication", "feedback"],
            });
            self.caseworker.post(&format!("{case}/consents"), &body).expect(201);
        }
    }

    /// Has two visitors go; gives the visit's path.
    pub fn visit(&self, office: &Office, case: &str, present: &str) -> String {
        let body = json!({
            "visited_on": self.today(), "mode": "home",
            "visitors": [self.caseworker.id, office.colleague.id],
            "present_member": present, "findings": "家中陈设简单，情况属实。",
        });
        let visit = self.caseworker.post(&format!("{case}/visits"), &body).expect(201);
        format!("/v1/visits/{}", visit.text("/id"))
    }

    /// Has the civil-affairs office compare every member; gives the comparison's path.
    pub fn compare(&self, office: &Office, case: &str) -> String {
        let asked = self.caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
        let path = format!("/v1/comparisons/{}", asked.text("/id"));
        let members = asked.body.get("members").and_then(Value::as_array).expect("members").clone();
        let result = |member: &Value| {
            json!({
                "person_id": member.get("person_id"), "benefit": "none",
                "findings": [{ "data": "real_estate", "outcome": "hit", "count": 1 },
                             { "data": "deposit", "outcome": "clear" }],
            })
        };
        let body = json!({
            "report_number": "HD-2021-0001", "compared_on": self.today(),
            "members": members.iter().map(result).collect::<Vec<_>>(),
        });
        office.civil_affairs.post(&format!("{path}/result"), &body).expect(200);
        path
    }

    /// Publishes a notice, lets its days pass and closes it undisputed; gives the notice's path.
    pub fn publish_and_close(&self, case: &str) -> String {
        let body = json!({ "place": "community", "aid_types": ["living"] });
        let published = self.caseworker.post(&format!("{case}/notices"), &body).expect(201);
        let path = format!("/v1/notices/{}", published.text("/id"));
        self.pass(&published.text("/until"));
        let closed = json!({ "outcome": "undisputed" });
        self.caseworker.act(&path, "close", &closed).expect(200);
        path
    }

    /// Moves the clock to the day after a day.
    pub fn pass(&self, day: &str) {
        while self.today().as_str() <= day {
            self.server.clock.advance_days(1);
        }
    }

    /// A household with all the evidence that the sample policy asks for; gives case and worker.
    pub fn identified(&self, office: &Office, name: &str, serial: u32) -> (String, String) {
        let (case, worker) = self.apply(name, serial);
        self.gather(office, &case, &worker, serial);
        (case, worker)
    }

    /// Gathers all the evidence that the sample policy asks for.
    pub fn gather(&self, office: &Office, case: &str, worker: &str, serial: u32) {
        let members = self.record_household(case, worker, serial);
        self.consent(case, &members);
        self.visit(office, case, worker);
        self.compare(office, case);
        self.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        self.publish_and_close(case);
    }

    /// A household that waits for its reviewer; gives case and worker.
    pub fn submitted(&self, office: &Office, name: &str, serial: u32) -> (String, String) {
        let (case, worker) = self.identified(office, name, serial);
        self.caseworker.act(&case, "submit", &json!({})).expect(200);
        (case, worker)
    }

    /// An enrolled household; gives case and worker.
    pub fn enrolled(&self, office: &Office, name: &str, serial: u32) -> (String, String) {
        let (case, worker) = self.submitted(office, name, serial);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect(200);
        (case, worker)
    }

    /// Accepts a hospital's referral into a new case of 铜官区; gives the referral's and the case's path.
    pub fn accepted(&self, reference: &str, name: &str, serial: u32) -> (String, String) {
        let referral = City::referral(reference, name, serial);
        let sent = self.hospital.post("/v1/referrals", &referral).expect(201);
        let path = format!("/v1/referrals/{}", sent.text("/id"));
        let etag = self.caseworker.get(&path).expect(200).etag();
        let accept = format!("{path}/accept");
        let accepted = self.caseworker.post_with(&accept, &json!({}), &Headers::if_match(etag));
        let case = accepted.expect(200).text("/case/id");
        (path, format!("/v1/cases/{case}"))
    }
}
