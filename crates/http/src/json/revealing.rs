//! Opening personal values: which groups, why, and how amounts are shown.

use bangfu_domain::{invalid::Invalid, money::Fen, vault::Group};
use serde_json::Value;

use crate::edge::{Parse, Text200, Validation, input};

input! {
    /// Which personal values, and why.
    pub struct RevealRequest {
        /// The groups.
        #[schema(example = json!(["identity", "contact"]))]
        pub groups: Vec<Group>,
        /// Why they are needed. It is kept in the access log.
        #[schema(example = "核对来电人身份")]
        pub reason: Text200,
    }
}

impl Parse for RevealRequest {
    type Command = (Vec<Group>, Text200);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        if self.groups.is_empty() || self.groups.len() > Group::ALL.len() {
            validation.refuse("/groups", Invalid::OutOfRange);
        }
        Some((self.groups, self.reason))
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
