//! Opening personal values: which groups, why, and how amounts are shown.

use std::collections::BTreeMap;

use bangfu_domain::{
    invalid::Invalid,
    money::Fen,
    record::RecordKind,
    vault::{Group, OpenedValues},
};
use serde_json::Value;

use crate::edge::{IntoCommand, Text200, Validation, input};

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

impl IntoCommand for RevealRequest {
    type Command = (Vec<Group>, Text200);

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        if self.groups.is_empty() || self.groups.len() > Group::ALL.len() {
            validation.refuse("/groups", Invalid::OutOfRange);
        }
        Some((self.groups, self.reason))
    }
}

/// What a record holds of each group, with amounts as everywhere in the API: decimal texts in yuan.
pub fn groups_in_yuan(record: RecordKind, opened: BTreeMap<Group, OpenedValues>) -> BTreeMap<Group, Value> {
    let shown = |(group, values): (Group, OpenedValues)| {
        let mut values = values.into_json();
        for at in record.amounts(group) {
            let path: Vec<&str> = at.split('/').skip(1).collect();
            in_yuan(&mut values, &path);
        }
        (group, values)
    };
    opened.into_iter().map(shown).collect()
}

/// Replaces the amounts at a path, in which `*` is any index.
fn in_yuan(value: &mut Value, path: &[&str]) {
    match (path, value) {
        ([], amount) => {
            if let Some(Ok(fen)) = amount.as_i64().map(Fen::new) {
                *amount = Value::String(fen.to_string());
            }
        }
        (["*", rest @ ..], Value::Array(items)) => items.iter_mut().for_each(|item| in_yuan(item, rest)),
        ([field, rest @ ..], Value::Object(fields)) => {
            if let Some(field) = fields.get_mut(*field) {
                in_yuan(field, rest);
            }
        }
        ([_, ..], Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {}
    }
}
