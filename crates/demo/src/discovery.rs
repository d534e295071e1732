//! Discovery 发现: referrers send, caseworkers accept or decline, and referrers read the outcome.

use bangfu_domain::money::Fen;
use serde_json::{Value, json};

use crate::{
    DemoError,
    city::City,
    plan::{Channel, Ending, Referral},
};

/// A case that a referral opened.
pub struct Opened {
    /// Its path.
    pub case: String,
    /// Its version at that moment.
    pub version: String,
    /// The hardship worker.
    pub worker: String,
}

impl City<'_> {
    fn referral(&self, number: usize) -> Result<&Referral, DemoError> {
        self.plan.referrals.get(number).ok_or(DemoError::Unplanned)
    }

    /// A referrer sends a referral; gives its path.
    pub fn send(&self, number: usize) -> Result<String, DemoError> {
        let ids = self.created(&format!("demo-referral-{number}"), |key| {
            let referral = self.referral(number)?;
            let (sender, _) = self.sender(referral)?;
            let sent = sender.create(key, "/v1/referrals", &self.referral_body(referral)?)?;
            Ok(vec![format!("/v1/referrals/{}", sent.text("/id")?)])
        });
        ids?.into_iter().next().ok_or(DemoError::Unplanned)
    }

    /// The same row reaches the union a second time, under another key.
    pub fn send_again(&self, number: usize) -> Result<(), DemoError> {
        let referral = self.referral(number)?;
        let (sender, _) = self.sender(referral)?;
        let key = format!("demo-referral-{number}-again");
        let sent = sender.create(&key, "/v1/referrals", &self.referral_body(referral)?)?;
        if sent.status == 200 { Ok(()) } else { Err(sent.unexpected().into()) }
    }

    /// A caseworker decides on a referral, or its referrer takes it back.
    pub fn settle(&self, number: usize) -> Result<(), DemoError> {
        let path = self.send(number)?;
        let referral = self.referral(number)?;
        match referral.ending {
            Ending::Opens(_) => self.open(number).map(|_| ()),
            Ending::Joins(household) => {
                let case = self.case_of(household)?.case;
                let id = case.rsplit('/').next().unwrap_or_default();
                let caseworker = &self.office(referral.unit)?.caseworker;
                let key = format!("demo-join-{number}");
                let body = json!({ "case_id": id });
                caseworker.change(&key, &format!("{path}/accept"), &body, "\"1\"")?;
                Ok(())
            }
            Ending::Declined(reason) => {
                let caseworker = &self.office(referral.unit)?.caseworker;
                let body = json!({ "reason": reason });
                let key = format!("demo-decline-{number}");
                caseworker.change(&key, &format!("{path}/decline"), &body, "\"1\"")?;
                Ok(())
            }
            Ending::Withdrawn => {
                let (sender, _) = self.sender(referral)?;
                let key = format!("demo-withdraw-{number}");
                sender.create(&key, &format!("{path}/withdraw"), &json!({}))?;
                Ok(())
            }
        }
    }

    /// The case of a household.
    pub fn case_of(&self, household: usize) -> Result<Opened, DemoError> {
        let opens = |it: &Referral| it.ending == Ending::Opens(household);
        let number = self.plan.referrals.iter().position(opens).ok_or(DemoError::Unplanned)?;
        self.open(number)
    }

    fn open(&self, number: usize) -> Result<Opened, DemoError> {
        let ids = self.created(&format!("demo-accept-{number}"), |key| {
            let path = self.send(number)?;
            let caseworker = &self.office(self.referral(number)?.unit)?.caseworker;
            let accept = format!("{path}/accept");
            let accepted = caseworker.change(key, &accept, &json!({}), "\"1\"")?;
            let version = accepted.body.pointer("/case/version").and_then(Value::as_u64);
            Ok(vec![
                format!("/v1/cases/{}", accepted.text("/case/id")?),
                format!("\"{}\"", version.unwrap_or_default()),
                accepted.text("/case/members/0/person_id")?,
            ])
        })?;
        match ids.as_slice() {
            [case, version, worker] => {
                Ok(Opened { case: case.clone(), version: version.clone(), worker: worker.clone() })
            }
            _ => Err(DemoError::Unplanned),
        }
    }

    fn referral_body(&self, it: &Referral) -> Result<Value, DemoError> {
        let (_, source) = self.sender(it)?;
        let day = self.plan.calendar.day(it.sent);
        let admitted = day.plus_days(-6).unwrap_or(day);
        let mut body = json!({
            "source_reference": it.reference, "source_id": source,
            "organization_id": self.office(it.unit)?.organization,
            "patient": {
                "name": it.patient.name, "identity_number": it.patient.number,
                "phone": it.patient.phone,
            },
        });
        let Some(fields) = body.as_object_mut() else { return Err(DemoError::Unplanned) };
        if let Some((worker, relation)) = &it.worker {
            let worker = json!({
                "name": worker.name, "identity_number": worker.number, "phone": worker.phone,
                "relation": relation,
            });
            fields.insert("worker".to_owned(), worker);
        }
        match it.channel {
            Channel::Hospital(_) => {
                let (total, person) = it.costs;
                let fund = total.checked_sub(person).unwrap_or(Fen::ZERO);
                let further = json!({
                    "stay": {
                        "inpatient_number": it.reference, "department": it.illness.department,
                        "admitted_on": admitted.to_string(),
                        "diagnosis_code": it.illness.code, "diagnosis_system": "icd10_insurance",
                    },
                    "costs": {
                        "total": total.to_string(), "fund": fund.to_string(),
                        "person": person.to_string(), "hospital": "0.00",
                    },
                    "consent": {
                        "id": format!("TY-{}", it.reference), "day": day.to_string(),
                        "signer": "patient",
                    },
                });
                if let Some(further) = further.as_object() {
                    fields.extend(further.clone());
                }
            }
            Channel::Hotline => {
                fields.insert("note".to_owned(), "来电求助，家中有病人，生活困难。".into());
            }
            Channel::Grassroots(_) => {
                fields.insert("note".to_owned(), "基层工会走访时发现。".into());
            }
        }
        Ok(body)
    }

    /// Every referrer reads the outcome of its referrals, and acknowledges it.
    pub fn read(&self) -> Result<(), DemoError> {
        let hospitals = self.hospitals.iter().map(|it| (&it.system, &it.source));
        let registrars = self.offices.iter().map(|it| (&it.registrar, &it.source));
        let hotline = std::iter::once((&self.hotline.0, &self.hotline.1));
        for (who, source) in hospitals.chain(hotline).chain(registrars) {
            loop {
                let path = format!("/v1/referrals?outcome_acknowledged=false&source_id={source}&limit=100");
                let page = who.get(&path)?;
                let unacknowledged = page.list("/items")?;
                for referral in unacknowledged {
                    let id = referral.get("id").and_then(Value::as_str).unwrap_or_default();
                    let version = referral.get("version").and_then(Value::as_u64).unwrap_or(0);
                    let path = format!("/v1/referrals/{id}/acknowledgements");
                    let key = format!("demo-read-{id}-{version}");
                    who.create(&key, &path, &json!({ "version": version }))?;
                }
                if unacknowledged.len() < 100 {
                    break;
                }
            }
        }
        Ok(())
    }
}
