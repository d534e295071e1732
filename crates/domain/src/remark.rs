//! Remarks 意见: words that are sealed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    invalid::Invalid,
    text::Text,
    text_value::{TextFormat, TextValue, described},
    vault::{Group, VaultDocument},
};

/// Sealed free text: a household's situation, a visit's findings, an opinion, an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemarkText {
    /// The words, at most 2,000 characters.
    pub text: Text<2000>,
}

impl std::str::FromStr for RemarkText {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Text::parse(text).map(|text| Self { text })
    }
}

impl TextValue for RemarkText {
    const FORMAT: TextFormat = <Text<2000> as TextValue>::FORMAT;

    fn name() -> std::borrow::Cow<'static, str> {
        <Text<2000> as TextValue>::name()
    }
}

described!(RemarkText);

impl VaultDocument for RemarkText {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({})
    }
}
