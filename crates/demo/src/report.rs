//! The report at the end of a demonstration: the auditor's table, the steps that were done, and outcomes that no
//! referrer has acknowledged.

use std::{collections::BTreeMap, fmt::Write};

use bangfu_client::{ClientError, Session};
use serde::Serialize;
use serde_json::Value;

use crate::{
    DemoError,
    plan::{Plan, UNITS, Unit},
    staff::{Member, PASSWORD, staff},
};

/// Journal units read at a time.
const PAGE: u32 = 200;

/// The steps that are counted, by the events that record them.
const STEPS: &[(&str, &str)] = &[
    ("referral.received", "线索 referrals received"),
    ("referral.accepted", "接收 referrals accepted"),
    ("referral.declined", "不予受理 referrals declined"),
    ("referral.withdrawn", "撤回线索 referrals withdrawn"),
    ("case.opened", "立案 cases opened"),
    ("case.visit_recorded", "入户走访 home visits"),
    ("case.comparison_answered", "民政核对 comparisons"),
    ("case.assessed", "测算 assessments"),
    ("case.notice_published", "公示 notices"),
    ("case.approved", "建档 enrolled"),
    ("case.rejected", "不予认定 cases rejected"),
    ("case.withdrawn", "撤回申请 cases withdrawn"),
    ("case.exited", "退档 exits"),
    ("case.reopened", "返困 reopened"),
    ("relief.approved", "审批救助 reliefs approved"),
    ("batch.sent", "发放批次 payment batches"),
    ("relief.line_paid", "发放 payments"),
    ("relief.line_refused", "拒付 refused by the bank"),
    ("relief.line_returned", "退票 returned"),
    ("relief.account_corrected", "更正账户 accounts corrected"),
    ("referral.acknowledged", "反馈已读 read by the referrer"),
];

/// A machine client.
#[derive(Debug, Serialize)]
pub struct Machine {
    pub name: String,
    pub client_id: String,
}

/// What is shown at the end.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The auditor's totals of the year, as `GET /v1/reports/disbursements` answers.
    pub disbursements: Value,
    /// How often each event is in the journal.
    pub events: BTreeMap<String, u64>,
    /// Ended referrals whose outcome their referrers have not acknowledged.
    pub unacknowledged: usize,
    /// Where the documentation of the API is.
    pub docs: String,
    /// Who signs in, and with what.
    pub people: Vec<Member>,
    /// The machines. `bangfu token --as NAME` prints a token for each; it gives no secret again.
    pub clients: Vec<Machine>,
}

impl Report {
    /// Asks the server, as the auditor.
    pub fn ask(auditor: &Session, plan: &Plan) -> Result<Self, DemoError> {
        let year = plan.figures.year;
        let question = format!("/v1/reports/disbursements?from={year}-01-01&to={year}-12-31&group_by=aid_type");
        let disbursements = auditor.get(&question)?.body;
        let unacknowledged = count_unacknowledged(auditor)?;
        let events = count(auditor)?;
        let (docs, people, clients) = (String::new(), staff(plan)?, Vec::new());
        Ok(Self { disbursements, events, unacknowledged, docs, people, clients })
    }

    /// As text for people.
    pub fn to_text(&self, year: i16) -> String {
        let mut text = String::new();
        let rows = self.disbursements.get("rows").and_then(Value::as_array);
        let _ = writeln!(text, "\n{year} 年帮扶资金发放 what the auditor counts");
        for row in rows.into_iter().flatten() {
            let kind = row.get("aid_type").and_then(Value::as_str).unwrap_or_default();
            let name = match kind {
                "living" => "生活救助 living",
                "medical" => "医疗救助 medical",
                _ => "子女助学 education",
            };
            line(&mut text, name, row);
        }
        if let Some(total) = self.disbursements.get("total") {
            line(&mut text, "合计 total", total);
        }
        let _ = writeln!(text);
        for (event, name) in STEPS {
            let count = self.events.get(*event).copied().unwrap_or_default();
            let _ = writeln!(text, "  {count:>6}  {name}");
        }
        let _ = writeln!(text, "  {:>6}  尚未反馈 not yet acknowledged by referrers", self.unacknowledged);
        text
    }

    /// Who may call, as text for people: everybody of the city and of its first unit.
    pub fn callers_to_text(&self) -> String {
        let mut text = format!("人员 people, who sign in (POST /v1/sessions) with the password {PASSWORD}\n");
        let ends_with = |it: &Member, unit: &Unit| it.login.ends_with(&format!("-{}", unit.login));
        let (first, others) = UNITS.split_first().unzip();
        let others: &[Unit] = others.unwrap_or_default();
        for it in self.people.iter().filter(|it| !others.iter().any(|unit| ends_with(it, unit))) {
            let _ = writeln!(text, "  {:<22} {:<24} {}  {}", it.login, it.role, it.unit, it.name);
        }
        let first = first.map_or("", |unit| unit.login);
        let others: Vec<String> = others.iter().map(|unit| format!("-{}", unit.login)).collect();
        let _ = writeln!(text, "  In the other units the logins end with {} instead of -{first}.", others.join(", "));
        let _ = writeln!(text, "机器 machines; `bangfu token --as NAME` prints a token for one, as for a person");
        for it in &self.clients {
            let _ = writeln!(text, "  {:<22} {}", it.name, it.client_id);
        }
        text
    }
}

/// One line of the auditor's table.
fn line(text: &mut String, name: &str, row: &Value) {
    let number = |key: &str| row.get(key).and_then(Value::as_u64).unwrap_or_default();
    let amount = row.get("amount").and_then(Value::as_str).unwrap_or_default();
    // A Chinese character is as wide as two letters.
    let width: usize = name.chars().map(|it| if it.is_ascii() { 1 } else { 2 }).sum();
    let pad = " ".repeat(22_usize.saturating_sub(width));
    let _ = writeln!(
        text,
        "  {name}{pad}{:>6} 户 {:>6} 户次 {:>14} 元",
        number("households"),
        number("grants"),
        in_groups(amount),
    );
}

/// An amount with a comma after each group of three digits: `1,224,500.00`.
fn in_groups(amount: &str) -> String {
    let (yuan, fen) = amount.split_once('.').unwrap_or((amount, "00"));
    let length = yuan.chars().count();
    let mut text = String::new();
    for (at, digit) in yuan.chars().enumerate() {
        if at > 0 && (length - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{fen}")
}

/// Shows every item of a list, page by page.
fn each_item(by: &Session, list: &str, mut show: impl FnMut(&Value)) -> Result<(), ClientError> {
    let mut page = by.get(list)?;
    loop {
        page.list("/items")?.iter().for_each(&mut show);
        let Some(next) = page.body.get("next_cursor").and_then(Value::as_str) else {
            return Ok(());
        };
        page = by.get(&format!("{list}&cursor={next}"))?;
    }
}

fn count_unacknowledged(auditor: &Session) -> Result<usize, ClientError> {
    let mut unacknowledged = 0;
    each_item(auditor, &format!("/v1/referrals?outcome_acknowledged=false&limit={PAGE}"), |_| {
        unacknowledged += 1;
    })?;
    Ok(unacknowledged)
}

/// Counts the events of the journal by their names.
fn count(auditor: &Session) -> Result<BTreeMap<String, u64>, ClientError> {
    let mut events: BTreeMap<String, u64> = BTreeMap::new();
    each_item(auditor, &format!("/v1/audit/journal?limit={PAGE}"), |unit| {
        for event in unit.get("events").and_then(Value::as_array).into_iter().flatten() {
            let name = event.get("event_type").and_then(Value::as_str).unwrap_or_default();
            *events.entry(name.to_owned()).or_default() += 1;
        }
    })?;
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_groups() {
        assert_eq!(in_groups("0.00"), "0.00");
        assert_eq!(in_groups("407600.00"), "407,600.00");
        assert_eq!(in_groups("1224500.05"), "1,224,500.05");
    }
}
