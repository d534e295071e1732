//! A request for each operation on cases and their evidence, each on a case of its own.

use harness::{City, Client, Office, city::identity_number, http::Headers};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::probe::{Content, Probe};

/// Puts things that are asked about in place, each once.
struct Fixture<'a> {
    city: &'a City,
    office: &'a Office,
    serial: u32,
}

impl Fixture<'_> {
    fn serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// A case that has just been opened.
    fn opened(&mut self) -> (String, String) {
        let serial = self.serial();
        self.city.apply("陈涛", serial)
    }

    /// A case whose household is written down and has consented.
    fn recorded(&mut self) -> String {
        let (case, worker) = self.opened();
        let serial = self.serial();
        let members = self.city.record_household(&case, &worker, serial);
        self.city.consent(&case, &members);
        case
    }

    fn identified(&mut self) -> String {
        let serial = self.serial();
        self.city.identified(self.office, "陈涛", serial).0
    }

    fn submitted(&mut self) -> String {
        let case = self.identified();
        self.city.caseworker.act(&case, "submit", &json!({})).expect(200);
        case
    }

    fn reviewed(&mut self) -> String {
        let case = self.submitted();
        self.office.reviewer.act(&case, "review", &json!({})).expect(200);
        case
    }

    fn enrolled(&mut self) -> String {
        let case = self.reviewed();
        self.office.approver.act(&case, "approve", &json!({})).expect(200);
        case
    }

    fn exited(&mut self) -> String {
        let case = self.enrolled();
        let exit = json!({ "reason": "own_wish" });
        self.office.approver.act(&case, "exit", &exit).expect(200);
        case
    }

    fn post(&self, path: &str, body: &Value) -> String {
        self.city.caseworker.post(path, body).expect(201).text("/id")
    }
}

/// A probe on a thing as it stands.
fn probe(operation: &str, right: &Client, path: &str, body: Option<Value>) -> Probe {
    let id = path.rsplit('/').next().expect("an id");
    let probe = match body {
        Some(body) => Probe::post(operation, right, body),
        None => Probe::get(operation, right),
    };
    probe.on(id)
}

pub fn probes(city: &City, office: &Office) -> Vec<Probe> {
    let mut fixture = Fixture { city, office, serial: 300 };
    let mut probes = of_case(&mut fixture);
    probes.extend(of_evidence(&mut fixture));
    probes.extend(of_steps(&mut fixture));
    probes
}

fn of_case(fixture: &mut Fixture<'_>) -> Vec<Probe> {
    let caseworker: Client = fixture.city.caseworker.client.clone();
    let number = identity_number("19751224", fixture.serial());
    let worker = json!({ "name": "陈涛", "identity_number": number });
    let open = json!({ "organization_id": fixture.city.tongguan, "worker": worker });
    let read = fixture.enrolled();
    let (changed, worker) = fixture.opened();
    let household = City::household(&worker, fixture.serial());
    let reveal = json!({ "groups": ["identity"], "reason": "核对身份" });
    vec![
        Probe::post("POST /v1/cases", &caseworker, open).naming("organization_id"),
        Probe::post("POST /v1/cases/search", &caseworker, json!({ "name": "陈涛" })),
        probe("GET /v1/cases/{id}", &caseworker, &read, None),
        probe("POST /v1/cases/{id}/reveal", &caseworker, &read, Some(reveal)),
        probe("PUT /v1/cases/{id}/household", &caseworker, &changed, Some(household)),
    ]
}

fn of_evidence(fixture: &mut Fixture<'_>) -> Vec<Probe> {
    let city = fixture.city;
    let caseworker: Client = city.caseworker.client.clone();
    let office: Client = fixture.office.civil_affairs.client.clone();
    let today = city.today();
    let (consented, worker) = fixture.opened();
    let consent = json!({
        "person_id": worker, "purposes": ["processing"], "signed_on": today, "signer": "self",
    });
    let visit = json!({ "mode": "home", "findings": "属实" });
    let (visited, _) = fixture.opened();
    let draft = |fixture: &Fixture<'_>| format!("/v1/visits/{}", fixture.post(&format!("{visited}/visits"), &visit));
    let compared = fixture.recorded();
    let asked = |fixture: &mut Fixture<'_>| {
        let case = fixture.recorded();
        let asked = caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
        (format!("/v1/comparisons/{}", asked.text("/id")), asked.body["members"].clone())
    };
    let (waiting, members) = asked(fixture);
    let result = |member: &Value| json!({ "person_id": member["person_id"], "benefit": "none" });
    let results: Vec<Value> = members.as_array().expect("members").iter().map(result).collect();
    let answer = json!({ "report_number": "HD-1", "compared_on": city.today(), "members": results });
    let (opened, _) = asked(fixture);
    let reveal = json!({ "groups": ["identity"], "reason": "发起核对" });
    let assessed = fixture.recorded();
    let published = |fixture: &mut Fixture<'_>| {
        let case = fixture.recorded();
        city.compare(fixture.office, &case);
        case
    };
    let publish = json!({ "place": "community", "aid_types": ["living"] });
    let to_publish = published(fixture);
    let hung = |fixture: &mut Fixture<'_>| {
        let case = published(fixture);
        format!("/v1/notices/{}", fixture.post(&format!("{case}/notices"), &publish))
    };
    let (open, over) = (hung(fixture), hung(fixture));
    city.pass(&caseworker.get(&over).expect(200).text("/until"));
    let objection = json!({ "received_on": city.today(), "text": "该户有商铺" });
    let close = json!({ "outcome": "undisputed" });
    let (completed, read) = (draft(fixture), draft(fixture));
    let (attached, _) = fixture.opened();
    let page = || Content::File("application/pdf", b"%PDF-1.7");
    let page_of = |case: &str| {
        let headers = Headers { content_type: Some("application/pdf".to_owned()), ..Headers::default() };
        let path = format!("{case}/attachments?kind=other");
        caseworker.send(&Method::POST, &path, Some(b"%PDF-1.7"), &headers).expect(201).text("/id")
    };
    let attachment = page_of(&attached);
    let case_id = |case: &str| case.rsplit('/').next().unwrap_or_default().to_owned();
    let nothing = || Some(json!({}));
    vec![
        Probe::new("POST /v1/cases/{id}/attachments", &caseworker, page()).on(case_id(&attached)).asking("?kind=other"),
        Probe::get("GET /v1/cases/{id}/attachments", &caseworker).on(case_id(&attached)),
        Probe::get("GET /v1/attachments/{id}", &caseworker).on(&attachment),
        Probe::get("GET /v1/attachments/{id}/content", &caseworker).on(&attachment),
        probe("POST /v1/cases/{id}/consents", &caseworker, &consented, Some(consent)),
        probe("POST /v1/cases/{id}/visits", &caseworker, &visited, Some(visit.clone())),
        probe("GET /v1/visits/{id}", &caseworker, &read, None),
        probe("PUT /v1/visits/{id}", &caseworker, &completed, Some(visit.clone())),
        probe("POST /v1/cases/{id}/comparisons", &caseworker, &compared, nothing()),
        Probe::get("GET /v1/comparisons", &office),
        probe("GET /v1/comparisons/{id}", &office, &opened, None),
        probe("POST /v1/comparisons/{id}/reveal", &office, &opened, Some(reveal)),
        probe("POST /v1/comparisons/{id}/result", &office, &waiting, Some(answer)),
        probe("POST /v1/cases/{id}/assessments", &caseworker, &assessed, nothing()),
        probe("POST /v1/cases/{id}/notices", &caseworker, &to_publish, Some(publish)),
        probe("GET /v1/notices/{id}", &caseworker, &open, None),
        probe("POST /v1/notices/{id}/objections", &caseworker, &open, Some(objection)),
        probe("POST /v1/notices/{id}/close", &caseworker, &over, Some(close)),
    ]
}

fn of_steps(fixture: &mut Fixture<'_>) -> Vec<Probe> {
    let caseworker: Client = fixture.city.caseworker.client.clone();
    let reviewer: Client = fixture.office.reviewer.client.clone();
    let approver: Client = fixture.office.approver.client.clone();
    let (identified, to_return, to_review, to_approve, to_reject) =
        (fixture.identified(), fixture.submitted(), fixture.submitted(), fixture.reviewed(), fixture.submitted());
    let (to_withdraw, _) = fixture.opened();
    let (to_exit, to_reopen) = (fixture.enrolled(), fixture.exited());
    let remark = json!({ "remark": "请补充收入证明" });
    let reject = json!({ "reason": "not_entitled", "remark": "收入高于标准" });
    let exit = json!({ "reason": "own_wish" });
    let nothing = || Some(json!({}));
    vec![
        probe("POST /v1/cases/{id}/submit", &caseworker, &identified, nothing()),
        probe("POST /v1/cases/{id}/return", &reviewer, &to_return, Some(remark)),
        probe("POST /v1/cases/{id}/review", &reviewer, &to_review, nothing()),
        probe("POST /v1/cases/{id}/approve", &approver, &to_approve, nothing()),
        probe("POST /v1/cases/{id}/reject", &approver, &to_reject, Some(reject)),
        probe("POST /v1/cases/{id}/withdraw", &caseworker, &to_withdraw, nothing()),
        probe("POST /v1/cases/{id}/exit", &approver, &to_exit, Some(exit)),
        probe("POST /v1/cases/{id}/reopen", &caseworker, &to_reopen, nothing()),
    ]
}
