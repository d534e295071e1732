//! Code lists: small enumerations that are sent and stored as text.

/// A code list: every value, and its stable code.
pub trait Code: Copy + Eq + std::str::FromStr<Err = crate::invalid::Invalid> + 'static {
    /// Every value, in the order of declaration.
    const ALL: &'static [Self];

    /// The stable code.
    fn code(self) -> &'static str;
}

/// The commands on a thing that nothing is done to after it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCommand {}

impl Code for NoCommand {
    const ALL: &'static [Self] = &[];

    fn code(self) -> &'static str {
        match self {}
    }
}

impl std::str::FromStr for NoCommand {
    type Err = crate::invalid::Invalid;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Err(crate::invalid::Invalid::UnknownCode)
    }
}

/// Declares an enumeration whose values have one stable text code each.
///
/// The code is what the journal, the database and the API write.
macro_rules! codes {
    ($(#[$doc:meta])+ $name:ident { $($(#[$value_doc:meta])+ $value:ident = $code:literal,)+ }) => {
        $(#[$doc])+
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

            fn code(self) -> &'static str {
                $name::code(self)
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
            const FORMAT: $crate::text_value::TextFormat = $crate::text_value::TextFormat::Codes(&[$($code,)+]);

            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        $crate::text_value::described!($name);

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
}

pub(crate) use codes;
