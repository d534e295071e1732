//! What is paid to a enrolled household, and what is not, with a marker in every text and number that is sealed.

use harness::{Answer, City, Client, Treasury};
use serde_json::{Value, json};

use crate::{household::Work, privacy::marker};

/// The name of a bank. It stands in the masked form of the account, where colleagues read it, and nowhere else.
pub const BANK: &str = "标记开户行HQBK支行";

/// Account numbers, of which nothing is shown but the last four digits, and one that a bank made up.
const ACCOUNT: &str = "6217998888777766665";
const CORRECTED: &str = "6228480777766665557";
const CONFUSED: &str = "6230520999988887774";

/// What must be found nowhere of the account numbers.
pub const ACCOUNTS: [&str; 3] = ["621799888877776", "622848077776666", "623052099998888"];

/// What the household paid itself, in yuan.
const SELF_PAID: &str = "6543210.98";

/// What must be found nowhere of it.
pub const SELF_PAID_TEXTS: [&str; 2] = [SELF_PAID, "654321098"];

/// The texts of which each is sealed with the reliefs, by the names that their markers have.
pub const SEALED: [&str; 7] = ["drafted", "revised", "supplement", "opinion", "consented", "cancelled", "refused"];

/// The accounts of the household's reliefs, opened, and the files that the bank got.
pub struct Opened {
    pub reliefs: String,
    pub files: String,
}

/// The payments of an enrolled household, and every answer to them but for openings.
struct Paying<'w, 'c> {
    work: &'w mut Work<'c>,
    treasury: Treasury,
}

fn aid(amount: &str, account: &str, remark: &str) -> Value {
    let mut body = City::medical_aid(amount, SELF_PAID);
    body["account"] = json!({ "number": account, "bank": BANK });
    body["remark"] = marker(remark).into();
    body
}

fn remark(text: &str) -> Value {
    json!({ "remark": marker(text) })
}

impl Paying<'_, '_> {
    fn note(&mut self, answer: Answer) -> Answer {
        self.work.seen.push(answer.clone());
        answer
    }

    fn step(&mut self, by: &Client, path: &str, command: &str, body: &Value) -> Answer {
        let done = by.act(path, command, body).expect(200);
        self.note(done)
    }

    fn draft(&mut self, body: &Value) -> String {
        let path = format!("{}/reliefs", self.work.case);
        let drafted = self.work.city.caseworker.post(&path, body).expect(201);
        let drafted = self.note(drafted);
        format!("/v1/reliefs/{}", drafted.text("/id"))
    }

    /// An answer does not repeat the value that it refuses.
    fn mistype(&mut self) {
        let path = format!("{}/reliefs", self.work.case);
        let mut wrong = aid("1.00", "62179988887777QXZJ", "wrong");
        wrong["account"]["bank"] = format!("={}", marker("bank")).into();
        wrong["self_paid"] = "6543210.987".into();
        wrong["instalments"] = json!([marker("instalment")]);
        wrong["aid_type"] = marker("type").into();
        wrong["fund_id"] = marker("fund").into();
        let refused = self.work.city.caseworker.post(&path, &wrong).expect(400);
        self.note(refused);
    }

    /// A relief on its way back and forth until its money is held.
    fn decide(&mut self) -> String {
        let city = self.work.city;
        let (by, reviewer, approver) = (
            city.caseworker.client.clone(),
            self.work.office.reviewer.client.clone(),
            self.work.office.approver.client.clone(),
        );
        let relief = self.draft(&aid("1000.00", CORRECTED, "drafted"));
        self.step(&by, &relief, "submit", &json!({}));
        self.step(&by, &relief, "recall", &json!({}));
        let etag = by.get(&relief).expect(200).etag();
        let revised = by.put(&relief, &aid("1200.00", ACCOUNT, "revised"), &etag).expect(200);
        self.note(revised);
        self.step(&by, &relief, "submit", &json!({}));
        self.step(&reviewer, &relief, "return", &remark("supplement"));
        self.step(&by, &relief, "submit", &json!({}));
        self.step(&reviewer, &relief, "review", &remark("opinion"));
        let mut approve = remark("consented");
        approve["fund_id"] = json!(self.treasury.fund);
        self.step(&approver, &relief, "approve", &approve);
        relief
    }

    /// Others that come to nothing.
    fn refuse(&mut self) -> [String; 2] {
        let (by, approver) = (self.work.city.caseworker.client.clone(), self.work.office.approver.client.clone());
        let cancelled = self.draft(&aid("900.00", ACCOUNT, "drafted"));
        self.step(&by, &cancelled, "cancel", &remark("cancelled"));
        let refused = self.draft(&aid("800.00", ACCOUNT, "drafted"));
        self.work.city.review(&self.work.office, &refused);
        let reject = json!({ "reason": "unsupported", "remark": marker("refused") });
        self.step(&approver, &refused, "reject", &reject);
        [cancelled, refused]
    }

    /// A batch of all that waits, with the bank; gives its path and its file.
    fn send(&mut self) -> (String, String) {
        let (maker, releaser) = (self.treasury.maker.client.clone(), self.treasury.releaser.client.clone());
        let order = json!({ "fund_ids": [self.treasury.fund] });
        let made = maker.post("/v1/payment-batches", &order).expect(201);
        let batch = format!("/v1/payment-batches/{}", self.note(made).text("/id"));
        self.step(&releaser, &batch, "release", &json!({}));
        self.step(&releaser, &batch, "send", &json!({}));
        let file = releaser.get(&format!("{batch}/file")).expect(200);
        (batch, file.body.as_str().unwrap().to_owned())
    }

    /// The bank refuses the payment, in words and numbers that agree with nothing, and then as it should.
    fn fail(&mut self, batch: &str) {
        let day = self.work.city.today();
        let row = self.treasury.file(batch).remove(0);
        let mut confused = row.result("paid", &day);
        confused["account"] = CONFUSED.into();
        confused["name"] = marker("holder").into();
        let mut nobody = row.result("paid", &day);
        nobody["reference"] = marker("reference").into();
        // Before the day on which it was sent: it agrees, and cannot be.
        let early = row.result("paid", "2020-12-01");
        let told = self.treasury.tell(batch, &[confused, nobody, early]).expect(200);
        assert_eq!((&told.body["suspended"], &told.body["refused"]), (&json!(2), &json!(1)));
        self.note(told);
        let mut wrong = row.result(&marker("outcome"), &marker("day"));
        wrong["amount"] = marker("amount").into();
        wrong["reason"] = marker("reason").into();
        let refused = self.treasury.tell(batch, &[wrong]).expect(400);
        self.note(refused);
        let refused = [row.failure("refused", &day, "account_wrong")];
        let told = self.treasury.tell(batch, &refused).expect(200);
        self.note(told);
    }

    /// Everybody looks at everything that there is to see of it.
    fn look(&mut self, relief: &str, batch: &str) {
        let city = self.work.city;
        let today = city.today();
        let year = format!("/v1/reports/disbursements?from=2021-01-01&to={today}&group_by=fund");
        let id = relief.replace("/v1/reliefs/", "");
        let paths = [
            relief.to_owned(),
            "/v1/reliefs".to_owned(),
            batch.to_owned(),
            "/v1/payment-batches".to_owned(),
            "/v1/funds".to_owned(),
            format!("/v1/trace/{id}"),
            year,
        ];
        for path in paths {
            let read = city.auditor.get(&path).expect(200);
            self.note(read);
        }
        for after in [0, 100, 200] {
            let path = format!("/v1/audit/journal?limit=200&after={after}");
            let page = city.auditor.get(&path).expect(200);
            self.note(page);
        }
        let funds = city.caseworker.get(&format!("{}/funds", self.work.case)).expect(200);
        self.note(funds);
    }
}

/// What the caseworker opens of a relief.
fn open(city: &City, relief: &str) -> String {
    let groups = json!(["bank", "money", "narrative"]);
    let reveal = json!({ "groups": groups, "reason": "核对" });
    city.caseworker.post(&format!("{relief}/reveal"), &reveal).expect(200).body.to_string()
}

/// Gives the enrolled household a relief, whose payment fails and is tried again, and two that come to nothing.
pub fn pay(work: &mut Work<'_>) -> Opened {
    let treasury = work.city.treasury();
    let mut it = Paying { work, treasury };
    it.mistype();
    let relief = it.decide();
    let mut reliefs = open(it.work.city, &relief);
    let (batch, first) = it.send();
    it.fail(&batch);
    let by = it.work.city.caseworker.client.clone();
    let account = json!({ "number": CORRECTED, "bank": BANK });
    it.step(&by, &relief, "correct-account", &json!({ "line": 1, "account": account }));
    reliefs += &open(it.work.city, &relief);
    let (batch, second) = it.send();
    let today = it.work.city.today();
    it.treasury.pay_all(&batch, &today);
    let reconciler = it.treasury.reconciler.client.clone();
    it.step(&reconciler, &batch, "reconcile", &json!({}));
    for other in it.refuse() {
        reliefs += &open(it.work.city, &other);
    }
    it.look(&relief, &batch);
    let files = first + &second;
    assert!(files.contains(ACCOUNT) && files.contains(CORRECTED), "{files}");
    assert!(reliefs.contains(ACCOUNT) && reliefs.contains(CORRECTED), "{reliefs}");
    assert!(reliefs.contains(SELF_PAID) && reliefs.contains(BANK), "{reliefs}");
    Opened { reliefs, files }
}
