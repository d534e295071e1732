//! The money at work: a fund, the people of finance, the bank, and reliefs on their way to the household's account.

use serde_json::{Value, json};

use crate::{
    casework::Office,
    city::{City, Person},
    http::{Answer, Client},
};

/// The people who pay, the bank, and the fund from which they pay.
pub struct Treasury {
    /// Makes payment batches.
    pub maker: Person,
    /// Releases and sends them.
    pub releaser: Person,
    /// Reconciles them.
    pub reconciler: Person,
    /// The bank's system.
    pub bank: Person,
    /// The id of the city's fund for all kinds of aid, with a million yuan.
    pub fund: String,
}

/// One row of a batch's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The reference.
    pub reference: String,
    /// The account.
    pub account: String,
    /// Its holder.
    pub name: String,
    /// The amount.
    pub amount: String,
}

impl FileRow {
    /// What the bank says of it.
    pub fn result(&self, outcome: &str, booked_on: &str) -> Value {
        json!({
            "reference": self.reference, "account": self.account, "name": self.name,
            "amount": self.amount, "outcome": outcome, "booked_on": booked_on,
        })
    }

    /// What the bank says of it where it failed.
    pub fn failure(&self, outcome: &str, booked_on: &str, reason: &str) -> Value {
        let mut line = self.result(outcome, booked_on);
        if let Some(line) = line.as_object_mut() {
            line.insert("reason".to_owned(), reason.into());
        }
        line
    }
}

/// Sets fields of a body.
pub fn with(body: &mut Value, fields: &Value) {
    if let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) {
        body.extend(fields.clone());
    }
}

/// The rows of a batch's file; no field of a test holds a comma.
pub fn file_rows(csv: &str) -> Vec<FileRow> {
    let row = |line: &str| {
        let mut fields = line.split(',').map(str::to_owned);
        let mut next = || fields.next().expect("a field");
        let (reference, account, name) = (next(), next(), next());
        next();
        FileRow { reference, account, name, amount: next() }
    };
    csv.lines().skip(1).map(row).collect()
}

impl City {
    /// Hires finance, connects the bank, and opens the city's fund with a million yuan.
    pub fn treasury(&self) -> Treasury {
        let maker = self.hire("孔燕", "kongyan", "finance_maker", &self.city);
        let fund = Self::open_fund(&maker, &self.city, "中央财政困难职工帮扶资金");
        let allocation = json!({
            "amount": "1000000.00", "effective_day": self.today(), "document_number": "财社〔2021〕5号",
        });
        maker.post(&format!("/v1/funds/{fund}/allocations"), &allocation).expect(201);
        Treasury {
            releaser: self.hire("曹军", "caojun", "finance_releaser", &self.city),
            reconciler: self.hire("严华", "yanhua", "finance_reconciler", &self.city),
            bank: self.machine("代发银行", "bank", &self.city),
            maker,
            fund,
        }
    }

    /// Opens an empty fund for all kinds of aid; gives its id.
    pub fn open_fund(maker: &Client, organization: &str, name: &str) -> String {
        let body = json!({
            "organization_id": organization, "name": name, "source": "central", "year": 2021,
            "aid_types": ["living", "medical", "education"], "payer_account": "34050101-0001",
        });
        maker.post("/v1/funds", &body).expect(201).text("/id")
    }

    /// A relief of living aid for the worker.
    pub fn living_aid(amount: &str) -> Value {
        json!({
            "aid_type": "living", "amount": amount,
            "account": { "number": "6222021302000000009", "bank": "中国工商银行铜陵铜官支行" },
        })
    }

    /// A relief of medical aid for the worker, of what the household paid itself.
    pub fn medical_aid(amount: &str, self_paid: &str) -> Value {
        let mut body = Self::living_aid(amount);
        with(&mut body, &json!({ "aid_type": "medical", "self_paid": self_paid }));
        body
    }

    /// A relief of education aid for a member at school.
    pub fn education_aid(amount: &str, student: &str) -> Value {
        let mut body = Self::living_aid(amount);
        with(&mut body, &json!({ "aid_type": "education", "beneficiary_id": student }));
        body
    }

    /// How many events the journal has: what was refused adds none.
    pub fn events(&self) -> usize {
        self.server.lines("SELECT event_type AS line FROM journal").len()
    }

    /// Has the office work for one organization more.
    pub fn also_for(&self, office: &Office, organization: &str) {
        for (person, role) in
            [(&self.caseworker, "caseworker"), (&office.reviewer, "reviewer"), (&office.approver, "approver")]
        {
            self.grant(&json!({ "person_id": person.id }), role, organization);
        }
    }

    /// An enrolled household of an organization; gives case, worker and daughter.
    pub fn enrolled_at(
        &self,
        office: &Office,
        organization: &str,
        name: &str,
        serial: u32,
    ) -> (String, String, String) {
        let (case, worker) = self.apply_at(organization, name, serial);
        self.gather(office, &case, &worker, serial);
        self.enrol(office, &case);
        let daughter = self.caseworker.get(&case).expect(200).text("/members/1/person_id");
        (case, worker, daughter)
    }

    /// Approves a case with all its evidence.
    pub fn enrol(&self, office: &Office, case: &str) {
        self.caseworker.act(case, "submit", &json!({})).expect(200);
        office.reviewer.act(case, "review", &json!({})).expect(200);
        office.approver.act(case, "approve", &json!({})).expect(200);
    }

    /// Drafts a relief for a case; gives its path.
    pub fn draft(&self, case: &str, body: &Value) -> String {
        let drafted = self.caseworker.post(&format!("{case}/reliefs"), body).expect(201);
        format!("/v1/reliefs/{}", drafted.text("/id"))
    }

    /// Takes a draft to its approver.
    pub fn review(&self, office: &Office, relief: &str) {
        self.caseworker.act(relief, "submit", &json!({})).expect(200);
        office.reviewer.act(relief, "review", &json!({})).expect(200);
    }

    /// A relief whose money is held; gives its path.
    pub fn approved_relief(&self, office: &Office, treasury: &Treasury, case: &str, body: &Value) -> String {
        let relief = self.draft(case, body);
        self.review(office, &relief);
        let fund = json!({ "fund_id": treasury.fund });
        office.approver.act(&relief, "approve", &fund).expect(200);
        relief
    }
}

impl Treasury {
    /// Makes a batch of all that waits; gives its path.
    pub fn make(&self) -> String {
        let body = json!({ "fund_ids": [self.fund] });
        let made = self.maker.post("/v1/payment-batches", &body).expect(201);
        format!("/v1/payment-batches/{}", made.text("/id"))
    }

    /// Makes a batch of some lines by their references; gives its path.
    pub fn make_of(&self, references: &[&str]) -> String {
        let body = json!({ "fund_ids": [self.fund], "references": references });
        let made = self.maker.post("/v1/payment-batches", &body).expect(201);
        format!("/v1/payment-batches/{}", made.text("/id"))
    }

    /// Makes, releases and sends a batch of all that waits; gives its path.
    pub fn send(&self) -> String {
        let batch = self.make();
        self.hand_over(&batch);
        batch
    }

    /// Releases and sends a batch.
    pub fn hand_over(&self, batch: &str) {
        self.releaser.act(batch, "release", &json!({})).expect(200);
        self.releaser.act(batch, "send", &json!({})).expect(200);
    }

    /// The file of a batch, as finance reads it.
    pub fn file(&self, batch: &str) -> Vec<FileRow> {
        let file = self.releaser.get(&format!("{batch}/file")).expect(200);
        file_rows(file.body.as_str().expect("a file"))
    }

    /// The bank reports the results of payments.
    pub fn tell(&self, batch: &str, lines: &[Value]) -> Answer {
        self.bank.post(&format!("{batch}/results"), &json!({ "lines": lines }))
    }

    /// The bank pays every line of a batch on a day.
    pub fn pay_all(&self, batch: &str, day: &str) {
        let rows = self.file(batch);
        let lines: Vec<Value> = rows.iter().map(|row| row.result("paid", day)).collect();
        let told = self.tell(batch, &lines).expect(200);
        assert_eq!(told.body.get("applied"), Some(&json!(rows.len())), "{}", told.body);
    }

    /// What the fund has: available, held, in transit, paid.
    pub fn balance(&self, of: &Client) -> [String; 4] {
        let fund = of.get(&format!("/v1/funds/{}", self.fund)).expect(200);
        ["available", "held", "in_transit", "paid"].map(|it| fund.text(&format!("/balance/{it}")))
    }
}
