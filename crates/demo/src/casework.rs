//! Identification 精准识别 and the enrolment 建档: household, consents, visit, comparison, assessment, notice, and
//! the three persons who decide.

use bangfu_client::Response;
use bangfu_domain::money::Fen;
use serde_json::{Value, json};

use crate::{
    DemoError,
    city::{City, Office},
    plan::{Course, Household, Member, Round, Steps},
};

fn suffix(round: Round) -> &'static str {
    match round {
        Round::First => "",
        Round::Second => "-again",
    }
}

impl City<'_> {
    /// The household of a number, and its unit's people.
    pub fn household(&self, number: usize) -> Result<(&Household, &Office), DemoError> {
        let household = self.plan.households.get(number).ok_or(DemoError::Unplanned)?;
        Ok((household, self.office(household.unit)?))
    }

    /// The day of a working day's number, as text.
    pub fn day(&self, number: usize) -> String {
        self.plan.calendar.day(number).to_string()
    }

    fn steps(&self, number: usize, round: Round) -> Result<Steps, DemoError> {
        let (household, _) = self.household(number)?;
        match (round, household.back) {
            (Round::First, _) => Ok(household.steps),
            (Round::Second, Some((_, steps))) => Ok(steps),
            (Round::Second, None) => Err(DemoError::Unplanned),
        }
    }

    /// The members' ids, in the order of the plan. The household is written down where it was not yet.
    pub fn members(&self, number: usize) -> Result<Vec<String>, DemoError> {
        self.created(&format!("demo-household-{number}"), |key| {
            let (household, office) = self.household(number)?;
            let opened = self.case_of(number)?;
            let body = body_of(household, &opened.worker);
            let path = format!("{}/household", opened.case);
            let put = office.caseworker.put(key, &path, &body, &opened.version)?;
            let ids = put.list("/members")?.iter().filter_map(|it| it.get("person_id"));
            Ok(ids.filter_map(Value::as_str).map(str::to_owned).collect())
        })
    }

    /// Household, consents and visit; the comparison is asked for.
    pub fn identify(&self, number: usize, round: Round) -> Result<(), DemoError> {
        let members = self.members(number)?;
        let (household, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let day = self.day(self.steps(number, round)?.identified);
        let suffix = suffix(round);
        for (at, (id, member)) in members.iter().zip(&household.members).enumerate() {
            let body = json!({
                "person_id": id, "signed_on": day,
                "signer": if member.is_minor { "guardian" } else { "self" },
                "purposes": ["processing", "sensitive", "comparison", "publication", "feedback"],
            });
            let key = format!("demo-consent-{number}-{at}{suffix}");
            office.caseworker.create(&key, &format!("{case}/consents"), &body)?;
        }
        let visit = json!({
            "visited_on": day, "mode": "home",
            "visitors": [office.caseworker.id, office.colleague.id],
            "present_member": members.first(),
            "findings": "家中陈设简单，所述情况与走访所见相符。",
        });
        let key = format!("demo-visit-{number}{suffix}");
        office.caseworker.create(&key, &format!("{case}/visits"), &visit)?;
        self.comparison(number, round)?;
        Ok(())
    }

    fn comparison(&self, number: usize, round: Round) -> Result<Vec<String>, DemoError> {
        self.created(&format!("demo-comparison-{number}{}", suffix(round)), |key| {
            let (_, office) = self.household(number)?;
            let case = self.case_of(number)?.case;
            let asked = office.caseworker.create(key, &format!("{case}/comparisons"), &json!({}))?;
            Ok(vec![format!("/v1/comparisons/{}", asked.text("/id")?)])
        })
    }

    /// The civil-affairs office opens the names and answers.
    pub fn compare(&self, number: usize, round: Round) -> Result<(), DemoError> {
        let (household, _) = self.household(number)?;
        let paths = self.comparison(number, round)?;
        let path = paths.first().ok_or(DemoError::Unplanned)?;
        let asked = self.civil_affairs.get(path)?;
        if asked.state() != "requested" {
            return Ok(());
        }
        let opening = json!({ "groups": ["identity"], "reason": "家庭经济状况核对" });
        self.civil_affairs.post(&format!("{path}/reveal"), &opening)?;
        let vehicle = if household.course == Course::Rejected { "hit" } else { "clear" };
        let results: Vec<Value> = asked
            .list("/members")?
            .iter()
            .enumerate()
            .map(|(at, member)| {
                let mut findings = vec![json!({ "data": "deposit", "outcome": "clear" })];
                if at == 0 {
                    findings.push(match vehicle {
                        "hit" => json!({ "data": "vehicle", "outcome": "hit", "count": 1 }),
                        _ => json!({ "data": "vehicle", "outcome": "clear" }),
                    });
                }
                let person = member.get("person_id");
                json!({ "person_id": person, "benefit": "none", "findings": findings })
            })
            .collect();
        let body = json!({
            "report_number": format!("HD-{}-{number:05}", self.plan.figures.year),
            "compared_on": self.day(self.steps(number, round)?.assessed), "members": results,
        });
        let key = format!("demo-result-{number}{}", suffix(round));
        self.civil_affairs.create(&key, &format!("{path}/result"), &body)?;
        Ok(())
    }

    /// The household is assessed, and the notice hung out where it is entitled.
    pub fn assess(&self, number: usize, round: Round) -> Result<(), DemoError> {
        let (household, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let key = format!("demo-assessment-{number}{}", suffix(round));
        office.caseworker.create(&key, &format!("{case}/assessments"), &json!({}))?;
        if household.course != Course::Rejected {
            self.notice(number, round)?;
        }
        Ok(())
    }

    fn notice(&self, number: usize, round: Round) -> Result<String, DemoError> {
        let ids = self.created(&format!("demo-notice-{number}{}", suffix(round)), |key| {
            let (household, office) = self.household(number)?;
            let case = self.case_of(number)?.case;
            let aid_types: Vec<&str> = household.aids.iter().map(|it| it.aid_type.code()).collect();
            let body = json!({ "place": "community", "aid_types": aid_types });
            let notice = office.caseworker.create(key, &format!("{case}/notices"), &body)?;
            Ok(vec![format!("/v1/notices/{}", notice.text("/id")?)])
        });
        ids?.into_iter().next().ok_or(DemoError::Unplanned)
    }

    /// The notice is closed and the case submitted.
    pub fn submit(&self, number: usize, round: Round) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let notice = self.notice(number, round)?;
        let read = office.caseworker.get(&notice)?;
        if read.state() == "open" {
            let undisputed = json!({ "outcome": "undisputed" });
            office.caseworker.act(&read, &format!("{notice}/close"), &undisputed)?;
        }
        let case = self.case_of(number)?.case;
        let after = office.caseworker.act_if_allowed(&case, "submit", &json!({}))?;
        require_state(&after, &["under_review", "enrolled"])
    }

    /// A reviewer agrees, and an approver enrols the household.
    pub fn enrol(&self, number: usize) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let agreed = json!({ "remark": "材料齐全，情况属实，同意。" });
        office.reviewer.act_if_allowed(&case, "review", &agreed)?;
        require_state(&office.approver.act_if_allowed(&case, "approve", &json!({}))?, &["enrolled"])
    }

    /// A caseworker records that the household withdraws.
    pub fn withdraw(&self, number: usize) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        require_state(&office.caseworker.act_if_allowed(&case, "withdraw", &json!({}))?, &["withdrawn"])
    }

    /// An approver rejects the case.
    pub fn reject(&self, number: usize) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let body = json!({ "reason": "not_entitled", "remark": "经核对家庭有机动车，不符合条件。" });
        require_state(&office.approver.act_if_allowed(&case, "reject", &body)?, &["rejected"])
    }

    /// An approver ends the enrolment of a household whose hardship is lifted.
    pub fn exit(&self, number: usize) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let lifted = json!({ "reason": "lifted", "months_above_dibao": 6 });
        require_state(&office.approver.act_if_allowed(&case, "exit", &lifted)?, &["exited"])
    }

    /// A caseworker reopens the case of a household that fell back into hardship.
    pub fn reopen(&self, number: usize) -> Result<(), DemoError> {
        let (_, office) = self.household(number)?;
        let case = self.case_of(number)?.case;
        let after = office.caseworker.act_if_allowed(&case, "reopen", &json!({}))?;
        if after.state() == "exited" { Err(after.unexpected().into()) } else { Ok(()) }
    }
}

/// Refuses a resource in another state than these.
pub fn require_state(it: &Response, states: &[&str]) -> Result<(), DemoError> {
    if states.contains(&it.state()) { Ok(()) } else { Err(it.unexpected().into()) }
}

/// A household as a caseworker writes it down.
fn body_of(household: &Household, worker: &str) -> Value {
    let member = |(at, it): (usize, &Member)| {
        let ill = at == household.patient;
        let health = if ill {
            json!({ "status": "grave", "condition": household.illness.name })
        } else {
            json!({ "status": "good" })
        };
        let incomes = match it.income {
            Fen::ZERO => json!([]),
            income => json!([{ "kind": "wage", "annual": income.to_string() }]),
        };
        let expenses = match it.expense {
            None => json!([]),
            Some((kind, annual)) => json!([{ "kind": kind, "annual": annual.to_string() }]),
        };
        let mut member = json!({
            "relation": it.relation, "phone": it.who.phone, "health": health,
            "incomes": incomes, "expenses": expenses,
        });
        if let Some(fields) = member.as_object_mut() {
            if at == 0 {
                fields.insert("person_id".to_owned(), worker.into());
            } else {
                fields.insert("name".to_owned(), it.who.name.clone().into());
                fields.insert("identity_number".to_owned(), it.who.number.clone().into());
            }
            if let Some(stage) = it.stage {
                fields.insert("school_stage".to_owned(), stage.code().into());
            }
        }
        member
    };
    let members: Vec<Value> = household.members.iter().enumerate().map(member).collect();
    json!({
        "members": members,
        "causes": { "main": household.cause.code() },
        "address": "铜陵市某小区", "employer": "铜陵市某企业",
        "dwellings": 1, "vehicles": u8::from(household.course == Course::Rejected),
        "owns_business": false, "union_member": true, "retired": false,
        "situation": "家庭收入低，支出大，生活困难。",
    })
}
