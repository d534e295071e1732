//! The city at work: its people and machines, and the names under which the server knows what they made.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{
    DemoError,
    plan::{Channel, Plan, Referral},
    way::Somebody,
};

/// A unit's people.
pub struct Office {
    /// Its organization.
    pub organization: String,
    /// A caseworker.
    pub caseworker: Somebody,
    /// A second one, who goes along on visits.
    pub colleague: Somebody,
    /// A reviewer.
    pub reviewer: Somebody,
    /// An approver.
    pub approver: Somebody,
    /// Enters what the grassroots unions find.
    pub registrar: Somebody,
    /// The grassroots unions as a source.
    pub source: String,
}

/// A hospital.
pub struct Hospital {
    /// Its system.
    pub system: Somebody,
    /// Its source.
    pub source: String,
}

/// Everybody.
pub struct World<'a> {
    /// What is to happen.
    pub plan: &'a Plan,
    /// The units.
    pub offices: Vec<Office>,
    /// The hospitals.
    pub hospitals: Vec<Hospital>,
    /// Whoever answers the 12351 hotline, and its source.
    pub hotline: (Somebody, String),
    /// The civil-affairs office.
    pub civil_affairs: Somebody,
    /// The city's own approver, for what is above the units' level.
    pub approver: Somebody,
    /// Makes payment batches.
    pub maker: Somebody,
    /// Releases them.
    pub releaser: Somebody,
    /// Reconciles them.
    pub reconciler: Somebody,
    /// The bank's system.
    pub bank: Somebody,
    /// The auditor.
    pub auditor: Somebody,
    /// The fund for living and education aid, and the one for medical aid.
    pub funds: [String; 2],
    /// What was made, by its key.
    pub names: Names,
}

/// The names under which the server knows what was made, by the keys under which it was.
pub type Names = Mutex<BTreeMap<String, Vec<String>>>;

impl World<'_> {
    /// The names of what was made under a key. What is not remembered is asked for again, under the same key.
    pub fn made(
        &self,
        key: &str,
        make: impl FnOnce(&str) -> Result<Vec<String>, DemoError>,
    ) -> Result<Vec<String>, DemoError> {
        let known = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if let Some(names) = known {
            return Ok(names);
        }
        let names = make(key)?;
        let mut all = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(key.to_owned(), names.clone());
        Ok(names)
    }

    /// The unit of a number.
    pub fn office(&self, unit: usize) -> Result<&Office, DemoError> {
        self.offices.get(unit).ok_or(DemoError::Unplanned)
    }

    /// Who sends a referral, and for which source.
    pub fn sender(&self, referral: &Referral) -> Result<(&Somebody, &str), DemoError> {
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
