//! Values that are texts outside of the program: how each is read, written and described, declared once.

use crate::codes::CodeList;
#[cfg(feature = "schema")]
use crate::codes::{Bilingual, CodeValue};

#[doc(hidden)]
#[cfg(feature = "schema")]
pub use utoipa;

/// What can be said of a text to those who write it: a client's developer, a form.
///
/// It is weaker than the value's own rules, which also know check digits and days that do not exist, and says how a
/// value is written, while other [spellings](crate::spelling) are read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// One of the codes of a list.
    Codes(CodeList),
    /// A UUID with hyphens.
    Uuid,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// An instant by RFC 3339.
    DateTime,
    /// From 1 to this number of characters.
    Length(usize),
    /// From 1 to this number of characters, on one line.
    Line(usize),
    /// What a regular expression (ECMA-262) matches.
    Pattern(&'static str),
}

/// A value that is a text outside.
pub trait TextValue: std::str::FromStr<Err = crate::invalid::Invalid> {
    /// Its format.
    const FORMAT: TextFormat;

    /// The name of its kind in an API's description. Kinds of one name have one format.
    fn name() -> std::borrow::Cow<'static, str>;

    /// Refuses a value that comes in on a day and cannot be on it.
    fn valid_on(self, _today: crate::time::Day) -> Result<Self, crate::invalid::Invalid> {
        Ok(self)
    }
}

/// Makes a type's description for `utoipa` of its [`TextFormat`], if the feature `schema` is on.
#[doc(hidden)]
#[cfg(feature = "schema")]
#[macro_export]
macro_rules! described {
    ($type:ty $(, const $max:ident)?) => {
        impl$(<const $max: usize>)? $crate::text_value::utoipa::PartialSchema for $type {
            fn schema() -> $crate::text_value::utoipa::openapi::RefOr<
                $crate::text_value::utoipa::openapi::schema::Schema,
            > {
                <Self as $crate::text_value::TextValue>::FORMAT.schema()
            }
        }

        impl$(<const $max: usize>)? $crate::text_value::utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                <Self as $crate::text_value::TextValue>::name()
            }
        }
    };
}

/// Describes nothing: the feature `schema` is off.
#[doc(hidden)]
#[cfg(not(feature = "schema"))]
#[macro_export]
macro_rules! described {
    ($type:ty $(, const $max:ident)?) => {};
}

/// Declares a value that is read by one function, and written by another, wherever it is a text.
macro_rules! text_value {
    ($type:ident, $parse:path, $write:expr, $form:expr $(, $valid_on:path)?) => {
        impl std::str::FromStr for $type {
            type Err = $crate::invalid::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $parse(text)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::invalid::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                $parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                let write: fn($type) -> String = $write;
                write(value)
            }
        }

        impl $crate::text_value::TextValue for $type {
            const FORMAT: $crate::text_value::TextFormat = $form;

            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            $(fn valid_on(self, today: $crate::time::Day) -> Result<Self, $crate::invalid::Invalid> {
                $valid_on(self, today)
            })?
        }

        $crate::described!($type);
    };
}

pub use described;
pub(crate) use text_value;

#[cfg(feature = "schema")]
impl TextFormat {
    /// The format in the words of JSON Schema.
    pub fn schema(self) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::{ObjectBuilder, schema::KnownFormat, schema::SchemaFormat, schema::Type};
        let text = ObjectBuilder::new().schema_type(Type::String);
        let format = |format| Some(SchemaFormat::KnownFormat(format));
        match self {
            TextFormat::Codes(list) => return list.schema(),
            TextFormat::Uuid => text.format(Some(SchemaFormat::Custom("uuid".into()))),
            TextFormat::Date => text.format(format(KnownFormat::Date)),
            TextFormat::DateTime => text.format(format(KnownFormat::DateTime)),
            TextFormat::Length(most) => text.min_length(Some(1)).max_length(Some(most)),
            TextFormat::Line(most) => text.min_length(Some(1)).max_length(Some(most)).pattern(Some(r"^[^\r\n\t]*$")),
            TextFormat::Pattern(pattern) => text.pattern(Some(pattern)),
        }
        .into()
    }
}

#[cfg(feature = "schema")]
impl CodeList {
    /// The list in the words of JSON Schema. `x-labels` has the label of each code and, as `detail`, what explains it.
    pub fn schema(self) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use serde_json::{Map, Value, json};
        use utoipa::openapi::{ObjectBuilder, extensions::ExtensionsBuilder, schema::Type};
        let label = |it: &CodeValue| {
            let Bilingual { zh, en } = it.label;
            let label = match it.detail {
                Some(detail) => json!({ "zh": zh, "en": en, "detail": { "zh": detail.zh, "en": detail.en } }),
                None => json!({ "zh": zh, "en": en }),
            };
            (it.code.to_owned(), label)
        };
        let labels: Map<String, Value> = self.values.iter().map(label).collect();
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(self.description.trim()))
            .enum_values(Some(self.values.iter().map(|value| value.code)))
            .extensions(Some(ExtensionsBuilder::new().add("x-labels", labels).build()))
            .into()
    }
}
