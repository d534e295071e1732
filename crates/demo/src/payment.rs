//! Payment 发放: finance makes, releases and sends batches, the bank answers, finance reconciles.

use std::collections::BTreeMap;

use bangfu_domain::batch::BATCH_LINES_AT_MOST;
use serde_json::{Value, json};

use crate::{DemoError, casework::require_state, city::City, plan::Failure};

impl City<'_> {
    /// Everything that waits is paid, fund by fund.
    pub fn pay(&self, day: usize) -> Result<(), DemoError> {
        for (at, fund) in self.funds.iter().enumerate() {
            for part in 0.. {
                let key = format!("demo-batch-{day}-{at}-{part}");
                let body = json!({ "fund_ids": [fund] });
                let made = self.maker.try_create(&key, "/v1/payment-batches", &body)?;
                if made.code() == "nothing_to_pay" {
                    break;
                }
                let batch = format!("/v1/payment-batches/{}", made.text("/id")?);
                self.releaser.act_if_allowed(&batch, "release", &json!({}))?;
                let sent = self.releaser.act_if_allowed(&batch, "send", &json!({}))?;
                require_state(&sent, &["sent", "reconciled"])?;
                // After a full batch there may be more to pay.
                let count = made.body.get("count").and_then(Value::as_u64).unwrap_or_default();
                if usize::try_from(count).is_ok_and(|count| count < BATCH_LINES_AT_MOST) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The bank answers for the payments that it was sent; where every line is accounted for, finance reconciles.
    pub fn answer(&self, day: usize) -> Result<(), DemoError> {
        let refused = self.wrong_accounts(Failure::Refused);
        let today = self.day(day);
        for batch in self.batches("sent")? {
            let result = |row: &Row| {
                if refused.contains_key(row.account.as_str()) {
                    row.result("refused", &today, Some("account_closed"))
                } else {
                    row.result("paid", &today, None)
                }
            };
            let rows = self.file(&batch)?;
            let lines: Vec<Value> = rows.iter().map(result).collect();
            self.report_results("paid", &batch, &lines)?;
            let reconciled = self.reconciler.act_if_allowed(&batch, "reconcile", &json!({}))?;
            require_state(&reconciled, &["reconciled"])?;
        }
        Ok(())
    }

    /// What comes back of the payments that were sent on a day.
    pub fn bounce(&self, sent: usize, day: usize) -> Result<(), DemoError> {
        let returned = self.wrong_accounts(Failure::Returned);
        if !returned.values().any(|applied| self.paid_on(*applied) == Some(sent)) {
            return Ok(());
        }
        let (sent_on, today) = (self.day(sent), self.day(day));
        for batch in self.batches_sent_on("reconciled", &sent_on)? {
            let back = |row: &&Row| returned.contains_key(row.account.as_str());
            let rows = self.file(&batch)?;
            let lines: Vec<Value> =
                rows.iter().filter(back).map(|row| row.result("returned", &today, Some("name_mismatch"))).collect();
            if !lines.is_empty() {
                self.report_results("returned", &batch, &lines)?;
            }
        }
        Ok(())
    }

    /// The bank reports the results of payments, once for each batch and kind.
    fn report_results(&self, kind: &str, batch: &str, lines: &[Value]) -> Result<(), DemoError> {
        let key = format!("demo-results-{kind}-{}", batch.replace('/', "-"));
        self.bank.create(&key, &format!("{batch}/results"), &json!({ "lines": lines }))?;
        Ok(())
    }

    /// The accounts that are wrong in this way, with the day of the application.
    fn wrong_accounts(&self, failure: Failure) -> BTreeMap<&str, usize> {
        let aids = self.plan.households.iter().flat_map(|it| &it.aids);
        let wrong = aids.filter_map(|aid| Some((aid, aid.wrong_account.as_ref()?)));
        wrong.filter(|(_, (_, how))| *how == failure).map(|(aid, (number, _))| (number.as_str(), aid.applied)).collect()
    }

    fn paid_on(&self, applied: usize) -> Option<usize> {
        self.plan.pay_days().find(|day| *day > applied)
    }

    fn batches(&self, state: &str) -> Result<Vec<String>, DemoError> {
        self.list(state, |_| true)
    }

    fn batches_sent_on(&self, state: &str, day: &str) -> Result<Vec<String>, DemoError> {
        self.list(state, |it| it.get("sent_on").and_then(Value::as_str) == Some(day))
    }

    /// Batches in a state, the newest first.
    fn list(&self, state: &str, wanted: impl Fn(&Value) -> bool) -> Result<Vec<String>, DemoError> {
        let page = self.reconciler.get(&format!("/v1/payment-batches?state={state}&limit=200"))?;
        let wanted = page.list("/items")?.iter().filter(|it| wanted(it));
        let ids = wanted.filter_map(|it| it.get("id")?.as_str());
        Ok(ids.map(|id| format!("/v1/payment-batches/{id}")).collect())
    }

    /// The rows of a batch's file, as finance hands it to the bank.
    fn file(&self, batch: &str) -> Result<Vec<Row>, DemoError> {
        let file = self.releaser.get(&format!("{batch}/file"))?;
        let text = file.body.as_str().ok_or_else(|| file.unexpected())?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
        Ok(rows.map_err(|_| file.unexpected())?)
    }
}

/// A row of a batch's file.
#[derive(Debug, serde::Deserialize)]
struct Row {
    reference: String,
    account: String,
    name: String,
    amount: String,
}

impl Row {
    fn result(&self, outcome: &str, booked_on: &str, reason: Option<&str>) -> Value {
        let mut line = json!({
            "reference": self.reference, "account": self.account, "name": self.name,
            "amount": self.amount, "outcome": outcome, "booked_on": booked_on,
        });
        if let (Some(reason), Some(fields)) = (reason, line.as_object_mut()) {
            fields.insert("reason".to_owned(), reason.into());
        }
        line
    }
}
