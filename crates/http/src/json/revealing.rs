//! Opening personal values: which groups, why, and how amounts are shown.

use bangfu_domain::{invalid::Invalid, money::Fen, text::Text, vault::Group};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::edge::{OldParse, Validation};

/// Which personal values, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealRequest {
    /// The groups: `identity`, `contact`, `bank`, `health`, `money`, `narrative`.
    #[schema(example = json!(["identity", "contact"]))]
    pub groups: Vec<String>,
    /// Why they are needed, at most 200 characters. It is kept in the access log.
    #[schema(example = "核对来电人身份", max_length = 200)]
    pub reason: String,
}

impl OldParse for RevealRequest {
    type Command = (Vec<Group>, Text<200>);

    const LISTS: &'static [&'static str] = &["/groups"];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let reason = validation.parse("/reason", &self.reason, Text::parse);
        if self.groups.is_empty() || self.groups.len() > Group::ALL.len() {
            validation.refuse("/groups", Invalid::OutOfRange);
        }
        let groups: Vec<Option<Group>> = self
            .groups
            .iter()
            .enumerate()
            .map(|(i, group)| validation.parse(&format!("/groups/{i}"), group, str::parse))
            .collect();
        let groups: Option<Vec<Group>> = groups.into_iter().collect();
        Some((groups?, reason?))
    }
}

/// The fields of sealed documents that hold amounts.
const AMOUNTS: [&str; 9] =
    ["total", "fund", "person", "hospital", "annual", "amount", "annual_income", "annual_expense", "self_paid"];

/// Amounts are kept in fen and shown as everywhere in the API: decimal texts in yuan.
pub fn in_yuan(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(in_yuan),
        Value::Object(fields) => {
            for (name, field) in fields {
                let fen = field.as_i64().filter(|_| AMOUNTS.contains(&name.as_str()));
                match fen.map(Fen::new) {
                    Some(Ok(fen)) => *field = Value::String(fen.to_string()),
                    Some(Err(_)) | None => in_yuan(field),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
