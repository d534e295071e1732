//! A request for each operation on funds, reliefs, payment batches, totals, journal and traces, each on a thing of
//! its own.

use harness::{City, Client, Office, Treasury};
use serde_json::{Value, json};

use crate::probe::{Content, Probe, UNKNOWN};

/// Puts things that are asked about in place, each once.
struct Counter<'a> {
    city: &'a City,
    office: &'a Office,
    treasury: Treasury,
    /// An enrolled household.
    case: String,
}

impl Counter<'_> {
    /// A draft; gives its path.
    fn drafted(&self) -> String {
        self.city.draft(&self.case, &City::living_aid("10.00"))
    }

    fn submitted(&self) -> String {
        let relief = self.drafted();
        self.city.caseworker.act(&relief, "submit", &json!({})).expect(200);
        relief
    }

    fn reviewed(&self) -> String {
        let relief = self.drafted();
        self.city.review(self.office, &relief);
        relief
    }

    fn approved(&self) -> String {
        let aid = City::living_aid("10.00");
        self.city.approved_relief(self.office, &self.treasury, &self.case, &aid)
    }

    /// What a batch of one relief that waits is made with.
    fn order(&self) -> Value {
        let relief = self.city.caseworker.get(&self.approved()).expect(200);
        let reference = relief.text("/lines/0/attempts/0/reference");
        json!({ "fund_ids": [self.treasury.fund], "references": [reference] })
    }

    /// A batch of one line; gives its path.
    fn made(&self) -> String {
        let made = self.treasury.maker.post("/v1/payment-batches", &self.order()).expect(201);
        format!("/v1/payment-batches/{}", made.text("/id"))
    }

    fn released(&self) -> String {
        let batch = self.made();
        self.treasury.releaser.act(&batch, "release", &json!({})).expect(200);
        batch
    }

    fn sent(&self) -> String {
        let batch = self.released();
        self.treasury.releaser.act(&batch, "send", &json!({})).expect(200);
        batch
    }

    fn told(&self) -> String {
        let batch = self.sent();
        self.treasury.pay_all(&batch, &self.city.today());
        batch
    }

    /// A relief whose only payment was refused.
    fn failed(&self) -> String {
        let batch = self.sent();
        let row = self.treasury.file(&batch).remove(0);
        let refused = [row.failure("refused", &self.city.today(), "account_closed")];
        self.treasury.tell(&batch, &refused).expect(200);
        let relief = self.treasury.bank.get(&batch).expect(200).text("/lines/0/relief_id");
        format!("/v1/reliefs/{relief}")
    }
}

/// A probe on a thing as the right caller reads it.
fn probe(operation: &str, right: &Client, path: &str, body: Option<Value>) -> Probe {
    let id = path.rsplit('/').next().expect("an id");
    let probe = match body {
        Some(body) => Probe::post(operation, right, body),
        None => Probe::get(operation, right),
    };
    probe.on(id)
}

pub fn probes(city: &City, office: &Office) -> Vec<Probe> {
    let (case, _) = city.enrolled(office, "陈涛", 290);
    let counter = Counter { city, office, treasury: city.treasury(), case };
    let mut probes = of_funds(&counter);
    probes.extend(of_reliefs(&counter));
    probes.extend(of_steps(&counter));
    probes.extend(of_batches(&counter));
    probes.extend(of_audit(&counter));
    probes
}

fn of_funds(counter: &Counter<'_>) -> Vec<Probe> {
    let (city, maker): (_, &Client) = (counter.city, &counter.treasury.maker);
    let open = json!({
        "organization_id": city.tongguan, "name": "铜官区帮扶资金", "source": "local", "year": 2021,
        "aid_types": ["living"], "payer_account": "34050101-0002",
    });
    let allocate = json!({
        "amount": "1.00", "effective_day": city.today(), "document_number": "财社〔2021〕6号",
    });
    let fund = format!("/v1/funds/{}", counter.treasury.fund);
    vec![
        Probe::post("POST /v1/funds", maker, open).naming("organization_id"),
        Probe::get("GET /v1/funds", maker),
        probe("GET /v1/funds/{id}", maker, &fund, None),
        probe("POST /v1/funds/{id}/allocations", maker, &fund, Some(allocate)),
    ]
}

fn of_reliefs(counter: &Counter<'_>) -> Vec<Probe> {
    let caseworker: Client = counter.city.caseworker.client.clone();
    let aid = || Some(City::living_aid("20.00"));
    let reveal = json!({ "groups": ["bank"], "reason": "核对账号" });
    let read = counter.approved();
    vec![
        probe("POST /v1/cases/{id}/reliefs", &caseworker, &counter.case, aid()),
        probe("GET /v1/cases/{id}/funds", &caseworker, &counter.case, None),
        probe("GET /v1/reliefs/{id}", &caseworker, &read, None),
        probe("POST /v1/reliefs/{id}/reveal", &caseworker, &read, Some(reveal)),
        probe("PUT /v1/reliefs/{id}", &caseworker, &counter.drafted(), aid()),
    ]
}

fn of_steps(counter: &Counter<'_>) -> Vec<Probe> {
    let caseworker: Client = counter.city.caseworker.client.clone();
    let reviewer: Client = counter.office.reviewer.client.clone();
    let approver: Client = counter.office.approver.client.clone();
    let nothing = || Some(json!({}));
    let remark = || Some(json!({ "remark": "请补充病历" }));
    let fund = Some(json!({ "fund_id": counter.treasury.fund }));
    let reject = Some(json!({ "reason": "paid_elsewhere", "remark": "已由民政救助" }));
    let account = json!({ "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" });
    let correct = Some(json!({ "line": 1, "account": account }));
    vec![
        probe("POST /v1/reliefs/{id}/submit", &caseworker, &counter.drafted(), None),
        probe("POST /v1/reliefs/{id}/recall", &caseworker, &counter.submitted(), None),
        probe("POST /v1/reliefs/{id}/return", &reviewer, &counter.submitted(), remark()),
        probe("POST /v1/reliefs/{id}/review", &reviewer, &counter.submitted(), nothing()),
        probe("POST /v1/reliefs/{id}/approve", &approver, &counter.reviewed(), fund),
        probe("POST /v1/reliefs/{id}/reject", &approver, &counter.reviewed(), reject),
        probe("POST /v1/reliefs/{id}/cancel", &approver, &counter.approved(), remark()),
        probe("POST /v1/reliefs/{id}/correct-account", &caseworker, &counter.failed(), correct),
    ]
}

fn of_batches(counter: &Counter<'_>) -> Vec<Probe> {
    let Treasury { maker, releaser, reconciler, bank, .. } = &counter.treasury;
    let order = counter.order();
    let mut unknown = order.clone();
    unknown["fund_ids"] = json!([UNKNOWN]);
    let void = Some(json!({ "reason": "wrong_lines" }));
    let sent = counter.sent();
    let paid = counter.treasury.file(&sent).remove(0).result("paid", &counter.city.today());
    let results = Some(json!({ "lines": [paid] }));
    let release = counter.made();
    let (read, send, reconcile) = (counter.released(), counter.released(), counter.told());
    vec![
        Probe::post("POST /v1/payment-batches", maker, order).otherwise(Content::Json(unknown)),
        Probe::get("GET /v1/payment-batches", bank),
        probe("GET /v1/payment-batches/{id}", bank, &read, None),
        probe("GET /v1/payment-batches/{id}/file", releaser, &read, None),
        probe("POST /v1/payment-batches/{id}/void", maker, &counter.made(), void),
        probe("POST /v1/payment-batches/{id}/release", releaser, &release, None),
        probe("POST /v1/payment-batches/{id}/send", releaser, &send, None),
        probe("POST /v1/payment-batches/{id}/results", bank, &sent, results),
        probe("POST /v1/payment-batches/{id}/reconcile", reconciler, &reconcile, None),
    ]
}

fn of_audit(counter: &Counter<'_>) -> Vec<Probe> {
    let relief = counter.drafted();
    let relief = relief.rsplit('/').next().expect("an id");
    vec![Probe::get("GET /v1/trace/{id}", &counter.city.caseworker).on(relief)]
}
