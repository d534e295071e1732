//! A request for each operation on cases and their evidence, each on a case of its own.

use harness::{City, Client, Office, city::identity_number};
use serde_json::{Value, json};

use crate::probe::Probe;

/// Puts things that are asked about in place, each once.
struct Desk<'a> {
    city: &'a City,
    office: &'a Office,
    serial: u32,
}

impl Desk<'_> {
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

    fn archived(&mut self) -> String {
        let case = self.reviewed();
        self.office.approver.act(&case, "approve", &json!({})).expect(200);
        case
    }

    fn exited(&mut self) -> String {
        let case = self.archived();
        let exit = json!({ "reason": "own_wish" });
        self.office.approver.act(&case, "exit", &exit).expect(200);
        case
    }

    fn post(&self, path: &str, body: &Value) -> String {
        self.city.caseworker.post(path, body).expect(201).text("/id")
    }

    /// A probe on a thing as it stands.
    fn probe(
        &self,
        operation: &'static str,
        right: &Client,
        path: &str,
        body: Option<Value>,
    ) -> Probe {
        let version = self.city.caseworker.get(path).expect(200).body["version"].as_u64();
        let version = version.and_then(|it| u32::try_from(it).ok()).expect("a version");
        let id = path.rsplit('/').next().expect("an id");
        let probe = match body {
            Some(body) => Probe::post(operation, right, body),
            None => Probe::get(operation, right),
        };
        probe.on(id).at(version)
    }
}

pub fn probes(city: &City, office: &Office) -> Vec<Probe> {
    let mut desk = Desk { city, office, serial: 300 };
    let mut probes = of_case(&mut desk);
    probes.extend(of_evidence(&mut desk));
    probes.extend(of_steps(&mut desk));
    probes
}

fn of_case(desk: &mut Desk<'_>) -> Vec<Probe> {
    let caseworker: Client = desk.city.caseworker.client.clone();
    let number = identity_number("19751224", desk.serial());
    let worker = json!({ "name": "陈涛", "identity_number": number });
    let open = json!({ "organization_id": desk.city.tongguan, "worker": worker });
    let (read, _) = desk.opened();
    let (changed, worker) = desk.opened();
    let household = City::household(&worker, desk.serial());
    let reveal = json!({ "groups": ["identity"], "reason": "核对身份" });
    vec![
        Probe::post("POST /v1/cases", &caseworker, open).naming("organization_id"),
        Probe::get("GET /v1/cases", &caseworker),
        Probe::post("POST /v1/cases/search", &caseworker, json!({ "name": "陈涛" })),
        desk.probe("GET /v1/cases/{id}", &caseworker, &read, None),
        desk.probe("POST /v1/cases/{id}/reveal", &caseworker, &read, Some(reveal)),
        desk.probe("PUT /v1/cases/{id}/household", &caseworker, &changed, Some(household)),
    ]
}

fn of_evidence(desk: &mut Desk<'_>) -> Vec<Probe> {
    let city = desk.city;
    let caseworker: Client = city.caseworker.client.clone();
    let office: Client = desk.office.civil_affairs.client.clone();
    let today = city.today();
    let (consented, worker) = desk.opened();
    let consent = json!({
        "person_id": worker, "purposes": ["processing"], "signed_on": today, "signer": "self",
    });
    let visit = json!({ "mode": "home", "findings": "属实" });
    let (visited, _) = desk.opened();
    let draft =
        |desk: &Desk<'_>| format!("/v1/visits/{}", desk.post(&format!("{visited}/visits"), &visit));
    let compared = desk.recorded();
    let asked = |desk: &mut Desk<'_>| {
        let case = desk.recorded();
        let asked = caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
        (format!("/v1/comparisons/{}", asked.text("/id")), asked.body["members"].clone())
    };
    let (waiting, members) = asked(desk);
    let result = |member: &Value| json!({ "person_id": member["person_id"], "benefit": "none" });
    let results: Vec<Value> = members.as_array().expect("members").iter().map(result).collect();
    let answer =
        json!({ "report_number": "HD-1", "compared_on": city.today(), "members": results });
    let (opened, _) = asked(desk);
    let reveal = json!({ "groups": ["identity"], "reason": "发起核对" });
    let assessed = desk.recorded();
    let published = |desk: &mut Desk<'_>| {
        let case = desk.recorded();
        city.compare(desk.office, &case);
        case
    };
    let publish = json!({ "place": "community", "aid_types": ["living"] });
    let to_publish = published(desk);
    let hung = |desk: &mut Desk<'_>| {
        let case = published(desk);
        format!("/v1/notices/{}", desk.post(&format!("{case}/notices"), &publish))
    };
    let (open, over) = (hung(desk), hung(desk));
    city.pass(&caseworker.get(&over).expect(200).text("/until"));
    let objection = json!({ "received_on": city.today(), "text": "该户有商铺" });
    let close = json!({ "outcome": "undisputed" });
    let (completed, read) = (draft(desk), draft(desk));
    let nothing = || Some(json!({}));
    vec![
        desk.probe("POST /v1/cases/{id}/consents", &caseworker, &consented, Some(consent)),
        desk.probe("POST /v1/cases/{id}/visits", &caseworker, &visited, Some(visit.clone())),
        desk.probe("GET /v1/visits/{id}", &caseworker, &read, None),
        desk.probe("PUT /v1/visits/{id}", &caseworker, &completed, Some(visit.clone())),
        desk.probe("POST /v1/cases/{id}/comparisons", &caseworker, &compared, nothing()),
        Probe::get("GET /v1/comparisons", &office),
        desk.probe("GET /v1/comparisons/{id}", &office, &opened, None),
        desk.probe("POST /v1/comparisons/{id}/reveal", &office, &opened, Some(reveal)),
        desk.probe("POST /v1/comparisons/{id}/result", &office, &waiting, Some(answer)),
        desk.probe("POST /v1/cases/{id}/assessments", &caseworker, &assessed, nothing()),
        desk.probe("POST /v1/cases/{id}/notices", &caseworker, &to_publish, Some(publish)),
        desk.probe("GET /v1/notices/{id}", &caseworker, &open, None),
        desk.probe("POST /v1/notices/{id}/objections", &caseworker, &open, Some(objection)),
        desk.probe("POST /v1/notices/{id}/close", &caseworker, &over, Some(close)),
    ]
}

fn of_steps(desk: &mut Desk<'_>) -> Vec<Probe> {
    let caseworker: Client = desk.city.caseworker.client.clone();
    let reviewer: Client = desk.office.reviewer.client.clone();
    let approver: Client = desk.office.approver.client.clone();
    let (identified, to_return, to_review, to_approve, to_reject) =
        (desk.identified(), desk.submitted(), desk.submitted(), desk.reviewed(), desk.submitted());
    let (to_withdraw, _) = desk.opened();
    let (to_exit, to_reopen) = (desk.archived(), desk.exited());
    let remark = json!({ "remark": "请补充收入证明" });
    let reject = json!({ "reason": "not_entitled", "remark": "收入高于标准" });
    let exit = json!({ "reason": "own_wish" });
    let nothing = || Some(json!({}));
    vec![
        desk.probe("POST /v1/cases/{id}/submit", &caseworker, &identified, nothing()),
        desk.probe("POST /v1/cases/{id}/return", &reviewer, &to_return, Some(remark)),
        desk.probe("POST /v1/cases/{id}/review", &reviewer, &to_review, nothing()),
        desk.probe("POST /v1/cases/{id}/approve", &approver, &to_approve, nothing()),
        desk.probe("POST /v1/cases/{id}/reject", &approver, &to_reject, Some(reject)),
        desk.probe("POST /v1/cases/{id}/withdraw", &caseworker, &to_withdraw, nothing()),
        desk.probe("POST /v1/cases/{id}/exit", &approver, &to_exit, Some(exit)),
        desk.probe("POST /v1/cases/{id}/reopen", &caseworker, &to_reopen, nothing()),
    ]
}
