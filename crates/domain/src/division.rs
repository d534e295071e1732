//! Administrative divisions 行政区划, GB/T 2260.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    spelling,
    text_value::{TextFormat, text_value},
};

/// A six-digit code of GB/T 2260 《中华人民共和国行政区划代码》, such as 340705 for 铜官区.
///
/// Only the form is checked: the list changes, and old codes stay in old records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Division(u32);

impl Division {
    /// Reads six digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = spelling::compact(text);
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid::Format);
        }
        text.parse().map(Self).map_err(|_| Invalid::Format)
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

text_value!(Division, Self::parse, |division| division.to_string(), TextFormat::Pattern("^[0-9]{6}$"));
