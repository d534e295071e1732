//! Code lists: small enumerations that are sent and stored as text, each value with what a user interface calls it.

/// A text in both languages of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bilingual {
    /// In Chinese.
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub zh: &'static str,
    /// In English.
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub en: &'static str,
}

impl Bilingual {
    /// The text, first in English.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { zh, en }
    }
}

/// A value of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeValue {
    /// The stable code.
    pub code: &'static str,
    /// What a user interface calls it.
    pub label: Bilingual,
    /// What it means for its reader, in a sentence or two, where the label alone does not tell.
    pub detail: Option<Bilingual>,
}

/// What is declared of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeList {
    /// What it lists.
    pub description: &'static str,
    /// Its values, in the order of declaration.
    pub values: &'static [CodeValue],
}

/// A code list: every value, its stable code and its label.
pub trait Code: Copy + Eq + std::str::FromStr<Err = crate::invalid::Invalid> + 'static {
    /// Every value, in the order of declaration.
    const ALL: &'static [Self];

    /// The list with its texts.
    const LIST: CodeList;

    /// The stable code.
    fn code(self) -> &'static str;

    /// What a user interface calls it.
    fn label(self) -> Bilingual;
}

/// A code list whose values say what is missing, and what to do about it.
pub trait Explained: Code {
    /// What is missing, and what to do about it.
    fn detail(self) -> Bilingual;
}

/// The commands on a thing that nothing is done to after it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCommand {}

impl Code for NoCommand {
    const ALL: &'static [Self] = &[];
    const LIST: CodeList = CodeList { description: "", values: &[] };

    fn code(self) -> &'static str {
        match self {}
    }

    fn label(self) -> Bilingual {
        match self {}
    }
}

impl std::str::FromStr for NoCommand {
    type Err = crate::invalid::Invalid;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Err(crate::invalid::Invalid::UnknownCode)
    }
}

/// Declares an enumeration whose values have one stable text code each: `Name = "code" ("Label", "中文"),`. A list whose
/// values are explained has a detail in braces after each label: `{ "What to do.", "怎么办。" }`.
///
/// The code is what the journal, the database and the API write. The label is what a form shows.
#[macro_export]
macro_rules! codes {
    (@list $(#[doc = $doc:literal])+ $name:ident {
        $(
            $(#[$value_doc:meta])+
            $value:ident = $code:literal ($en:literal, $zh:literal) $({ $detail_en:literal, $detail_zh:literal })?,
        )+
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])+ $value,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$value,)+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $($name::$value => $code,)+ }
            }
        }

        impl $crate::codes::Code for $name {
            const ALL: &'static [$name] = $name::ALL;
            const LIST: $crate::codes::CodeList = $crate::codes::CodeList {
                description: concat!($($doc),+),
                values: &[$($crate::codes::CodeValue {
                    code: $code,
                    label: $crate::codes::Bilingual::new($en, $zh),
                    detail: $crate::codes!(@detail $($detail_en, $detail_zh)?),
                },)+],
            };

            fn code(self) -> &'static str {
                $name::code(self)
            }

            fn label(self) -> $crate::codes::Bilingual {
                match self { $($name::$value => $crate::codes::Bilingual::new($en, $zh),)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::invalid::Invalid;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok($name::$value),)+
                    _ => Err($crate::invalid::Invalid::UnknownCode),
                }
            }
        }

        impl $crate::text_value::TextValue for $name {
            const FORMAT: $crate::text_value::TextFormat =
                $crate::text_value::TextFormat::Codes(<$name as $crate::codes::Code>::LIST);

            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        $crate::described!($name);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                code.parse().map_err(serde::de::Error::custom)
            }
        }
    };
    (@detail) => { None };
    (@detail $en:literal, $zh:literal) => { Some($crate::codes::Bilingual::new($en, $zh)) };
    ($(#[doc = $doc:literal])+ $name:ident {
        $(
            $(#[$value_doc:meta])+
            $value:ident = $code:literal ($en:literal, $zh:literal) { $detail_en:literal, $detail_zh:literal },
        )+
    }) => {
        $crate::codes! { @list $(#[doc = $doc])+ $name {
            $($(#[$value_doc])+ $value = $code ($en, $zh) { $detail_en, $detail_zh },)+
        } }

        impl $crate::codes::Explained for $name {
            fn detail(self) -> $crate::codes::Bilingual {
                match self { $($name::$value => $crate::codes::Bilingual::new($detail_en, $detail_zh),)+ }
            }
        }
    };
    ($(#[doc = $doc:literal])+ $name:ident {
        $($(#[$value_doc:meta])+ $value:ident = $code:literal ($en:literal, $zh:literal),)+
    }) => {
        $crate::codes! { @list $(#[doc = $doc])+ $name {
            $($(#[$value_doc])+ $value = $code ($en, $zh),)+
        } }
    };
}

pub use codes;
