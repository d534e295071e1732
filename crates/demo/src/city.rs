//! The city at work: its people and machines, and the ids of what they created.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use bangfu_client::Session;

use crate::{
    DemoError,
    plan::{Channel, Plan, Referral},
};

/// A unit's people.
pub struct Office {
    /// Its organization.
    pub organization: String,
    /// A caseworker.
    pub caseworker: Session,
    /// A second one, who goes along on visits.
    pub colleague: Session,
    /// A reviewer.
    pub reviewer: Session,
    /// An approver.
    pub approver: Session,
    /// Enters what the grassroots unions find.
    pub registrar: Session,
    /// The grassroots unions as a source.
    pub source: String,
}

/// A hospital.
pub struct Hospital {
    /// Its system.
    pub system: Session,
    /// Its source.
    pub source: String,
}

/// The city at work.
pub struct City<'a> {
    /// What is to happen.
    pub plan: &'a Plan,
    /// The units.
    pub offices: Vec<Office>,
    /// The hospitals.
    pub hospitals: Vec<Hospital>,
    /// The operator of the 12351 hotline, and its source.
    pub hotline: (Session, String),
    /// The civil-affairs office.
    pub civil_affairs: Session,
    /// The city's own approver, for what is above the units' level.
    pub approver: Session,
    /// Makes payment batches.
    pub maker: Session,
    /// Releases them.
    pub releaser: Session,
    /// Reconciles them.
    pub reconciler: Session,
    /// The bank's system.
    pub bank: Session,
    /// The auditor.
    pub auditor: Session,
    /// The fund for living and education aid, and the one for medical aid.
    pub funds: [String; 2],
    pub ids: Ids,
}

/// The ids and paths of what was created, by the Idempotency-Keys under which it was.
pub type Ids = Mutex<BTreeMap<String, Vec<String>>>;

impl City<'_> {
    /// The ids of what was created under a key. What is not remembered is asked for again, under the same key.
    pub fn created(
        &self,
        key: &str,
        create: impl FnOnce(&str) -> Result<Vec<String>, DemoError>,
    ) -> Result<Vec<String>, DemoError> {
        let known = self.ids.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if let Some(ids) = known {
            return Ok(ids);
        }
        let ids = create(key)?;
        let mut all = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(key.to_owned(), ids.clone());
        Ok(ids)
    }

    /// The unit of a number.
    pub fn office(&self, unit: usize) -> Result<&Office, DemoError> {
        self.offices.get(unit).ok_or(DemoError::Unplanned)
    }

    /// Who sends a referral, and for which source.
    pub fn sender(&self, referral: &Referral) -> Result<(&Session, &str), DemoError> {
        match referral.channel {
            Channel::Hospital(number) => {
                let hospital = self.hospitals.get(number).ok_or(DemoError::Unplanned)?;
                Ok((&hospital.system, &hospital.source))
            }
            Channel::Hotline => Ok((&self.hotline.0, &self.hotline.1)),
            Channel::Grassroots(unit) => {
                let office = self.office(unit)?;
                Ok((&office.registrar, &office.source))
            }
        }
    }
}
