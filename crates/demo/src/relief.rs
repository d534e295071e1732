//! Relief 救助: a caseworker applies, a reviewer and an approver grant it, and an account is corrected.

use bangfu_domain::hardship::AidType;
use serde_json::{Value, json};

use crate::{DemoError, casework::require_state, city::City, plan::Relief};

impl City<'_> {
    fn aid(&self, number: usize, at: usize) -> Result<&Relief, DemoError> {
        let (household, _) = self.household(number)?;
        household.aids.get(at).ok_or(DemoError::Unplanned)
    }

    fn relief(&self, number: usize, at: usize) -> Result<String, DemoError> {
        let ids = self.created(&format!("demo-relief-{number}-{at}"), |key| {
            let (_, office) = self.household(number)?;
            let aid = self.aid(number, at)?;
            let case = self.case_of(number)?.case;
            let members = self.members(number)?;
            let (right, bank) = &aid.account;
            let written = aid.wrong_account.as_ref().map_or(right, |(wrong, _)| wrong);
            let mut body = json!({
                "aid_type": aid.aid_type.code(), "amount": aid.amount.to_string(),
                "account": { "number": written, "bank": bank },
            });
            if let Some(fields) = body.as_object_mut() {
                if let Some(paid) = aid.self_paid {
                    fields.insert("self_paid".to_owned(), paid.to_string().into());
                }
                if let Some(student) = aid.student.and_then(|at| members.get(at)) {
                    fields.insert("beneficiary_id".to_owned(), student.as_str().into());
                }
            }
            let path = format!("{case}/reliefs");
            let drafted = office.caseworker.create(key, &path, &body)?;
            Ok(vec![format!("/v1/reliefs/{}", drafted.text("/id")?)])
        });
        ids?.into_iter().next().ok_or(DemoError::Unplanned)
    }

    /// A caseworker applies.
    pub fn apply(&self, number: usize, at: usize) -> Result<(), DemoError> {
        let relief = self.relief(number, at)?;
        let (_, office) = self.household(number)?;
        let after = office.caseworker.act_if_allowed(&relief, "submit", &json!({}))?;
        if after.state() == "draft" { Err(after.unexpected().into()) } else { Ok(()) }
    }

    /// A reviewer agrees, and an approver of the level that the amount needs approves: the money is held.
    pub fn grant(&self, number: usize, at: usize) -> Result<(), DemoError> {
        let relief = self.relief(number, at)?;
        let aid = self.aid(number, at)?;
        let (_, office) = self.household(number)?;
        office.reviewer.act_if_allowed(&relief, "review", &json!({ "remark": "同意。" }))?;
        let county = bangfu_domain::organization::OrganizationLevel::County;
        let above = self.plan.policy.relief_level(aid.amount) < county;
        let approver = if above { &self.approver } else { &office.approver };
        let [central, local] = &self.funds;
        let fund = match aid.aid_type {
            AidType::Living | AidType::Education => central,
            AidType::Medical => local,
        };
        let after = approver.act_if_allowed(&relief, "approve", &json!({ "fund_id": fund }))?;
        require_state(&after, &["approved", "part_paid", "paid"])
    }

    /// A caseworker corrects the account of a payment that failed.
    pub fn correct(&self, number: usize, at: usize) -> Result<(), DemoError> {
        let relief = self.relief(number, at)?;
        let (_, office) = self.household(number)?;
        let (account, bank) = &self.aid(number, at)?.account;
        let read = office.caseworker.get(&relief)?;
        let attempts = read.list("/lines/0/attempts")?;
        let last = attempts.last().and_then(|it| it.get("state")).and_then(Value::as_str);
        if matches!(last, Some("refused" | "returned")) {
            let body = json!({ "line": 1, "account": { "number": account, "bank": bank } });
            office.caseworker.act(&read, &format!("{relief}/correct-account"), &body)?;
            return Ok(());
        }
        if attempts.len() > 1 { Ok(()) } else { Err(read.unexpected().into()) }
    }
}
