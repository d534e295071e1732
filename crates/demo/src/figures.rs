//! The figures that a demonstration reaches: how many households get how much of each kind of aid in a year.

use std::{fs, path::Path};

use bangfu_domain::{hardship::AidType, money::Fen};
use serde::{Deserialize, Serialize};

use crate::DemoError;

/// The figures shown without any asked for: those of the city of Tongling for 2021.
const TONGLING_2021: &str = include_str!("../../../demo/tongling-2021.json");

/// A year's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Where they come from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    /// The year.
    pub year: i16,
    /// Living aid 生活救助.
    pub living: Target,
    /// Medical aid 医疗救助.
    pub medical: Target,
    /// Education aid 子女助学.
    pub education: Target,
}

/// What one kind of aid comes to in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// How many households get it.
    pub households: usize,
    /// How much they get together, in yuan.
    #[serde(with = "bangfu_domain::policy::yuan")]
    pub amount: Fen,
}

impl Figures {
    /// The figures of a file, or Tongling's of 2021.
    pub fn read(file: Option<&Path>) -> Result<Self, DemoError> {
        let (text, name) = match file {
            None => (TONGLING_2021.to_owned(), "the built-in figures".to_owned()),
            Some(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path).map_err(|error| DemoError::Figures(format!("{name}: {error}")))?;
                (text, name)
            }
        };
        serde_json::from_str(&text).map_err(|error| DemoError::Figures(format!("{name}: {error}")))
    }

    /// The figures of one kind of aid.
    pub fn of(&self, aid_type: AidType) -> Target {
        match aid_type {
            AidType::Living => self.living,
            AidType::Medical => self.medical,
            AidType::Education => self.education,
        }
    }
}
