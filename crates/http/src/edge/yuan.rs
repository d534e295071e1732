//! Amounts as they stand in the API: decimal texts in yuan.

use std::borrow::Cow;

use bangfu_domain::{invalid::Invalid, money::Fen};
use serde::{Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

use super::{Input, InvalidValues, Pointer};

/// An amount in yuan with at most two decimals. It is written with both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Yuan(pub Fen);

impl From<Fen> for Yuan {
    fn from(fen: Fen) -> Self {
        Self(fen)
    }
}

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl Input for Yuan {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        wrong.take(at, Fen::parse_yuan(&raw)).map(Self)
    }

    fn is_blank(raw: &String) -> bool {
        raw.trim().is_empty()
    }
}

impl PartialSchema for Yuan {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.pattern(Some("^[0-9]{1,13}([.][0-9]{1,2})?$")).examples(["1224500.00"]).into()
    }
}

impl ToSchema for Yuan {
    fn name() -> Cow<'static, str> {
        "Yuan".into()
    }
}

/// An amount above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PositiveYuan(pub Fen);

impl Input for PositiveYuan {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        let Yuan(fen) = Yuan::read(raw, at, wrong)?;
        wrong.take(at, if fen == Fen::ZERO { Err(Invalid::OutOfRange) } else { Ok(Self(fen)) })
    }

    fn is_blank(raw: &String) -> bool {
        Yuan::is_blank(raw)
    }
}

impl PartialSchema for PositiveYuan {
    fn schema() -> RefOr<Schema> {
        Yuan::schema()
    }
}

impl ToSchema for PositiveYuan {
    fn name() -> Cow<'static, str> {
        "Yuan".into()
    }
}
