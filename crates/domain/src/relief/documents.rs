//! The sealed values of a relief.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    money::Fen,
    vault::{Group, VaultDocument},
};

/// What the household paid itself for an illness, after insurance and every other help 个人自付: the basis of
/// medical aid, sealed under the beneficiary's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfPaid {
    pub self_paid: Fen,
}

impl VaultDocument for SelfPaid {
    const GROUP: Group = Group::Money;
    const AMOUNTS: &'static [&'static str] = &["/self_paid"];

    fn masked(&self) -> Value {
        json!({})
    }
}
