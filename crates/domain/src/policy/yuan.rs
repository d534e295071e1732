//! Money in yuan as text, `"680.00"`, for policies and their examples, which people read and write.
//!
//! Everywhere else a journal holds whole fen as a number.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::money::Fen;

/// Writes yuan.
pub fn serialize<S: Serializer>(fen: &Fen, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(fen)
}

/// Reads yuan.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
    Fen::parse_yuan(&Cow::<str>::deserialize(from)?).map_err(D::Error::custom)
}

/// The same for an amount that may be absent.
pub(super) mod option {
    use super::*;

    #[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
    pub(in super::super) fn serialize<S: Serializer>(fen: &Option<Fen>, to: S) -> Result<S::Ok, S::Error> {
        match fen {
            Some(fen) => to.collect_str(fen),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fen>, D::Error> {
        let text = Option::<Cow<str>>::deserialize(from)?;
        text.map(|text| Fen::parse_yuan(&text).map_err(D::Error::custom)).transpose()
    }
}
