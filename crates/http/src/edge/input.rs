//! The values of a request's body: how they come, and how they are read, all wrong ones in one answer.

use bangfu_domain::{
    input::{Input, InvalidValues, Pointer},
    invalid::Invalid,
    text::{Line, Text},
    time::Day,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

/// Declares shapes of bodies by the types of their values. A field's type says what is taken, why it is refused, and
/// what the API's description tells of it. Fields that are not declared are refused. `=> Command` makes the command of
/// a shape whose fields have the command's names and types; other shapes implement `IntoCommand`.
macro_rules! input {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident $(=> $($command:ident)::+)? {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(validator::Validate, utoipa::ToSchema)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            /// As it comes.
            pub struct Raw {
                $($field: <$type as $crate::edge::Input>::Raw,)*
            }

            impl $crate::edge::Input for $name {
                type Raw = Raw;

                fn read(
                    raw: Raw,
                    at: &$crate::edge::Pointer<'_>,
                    wrong: &mut impl $crate::edge::InvalidValues,
                ) -> Option<Self> {
                    $(let $field = <$type as $crate::edge::Input>::read(
                        raw.$field, &$crate::edge::Pointer::Field(at, stringify!($field)), wrong,
                    );)*
                    Some(Self { $($field: $field?,)* })
                }

                fn misplaced_list(value: &serde_json::Value, at: &$crate::edge::Pointer<'_>) -> Option<String> {
                    if value.is_array() {
                        return Some(at.to_string());
                    }
                    $(if let Some(list) = value.get(stringify!($field)).and_then(|field| {
                        let at = $crate::edge::Pointer::Field(at, stringify!($field));
                        <$type as $crate::edge::Input>::misplaced_list(field, &at)
                    }) {
                        return Some(list);
                    })*
                    None
                }
            }
        };

        $crate::edge::into_command!($name $(=> $($command)::+)? { $($field)* });
    )+};
}

/// Makes the command of a shape that has the command's fields, each of the same name and type.
macro_rules! into_command {
    ($name:ident { $($field:ident)* }) => {};
    ($name:ident => $($command:ident)::+ { $($field:ident)* }) => {
        impl $crate::edge::IntoCommand for $name {
            type Command = $($command)::+;

            fn into_command(self, _: &mut $crate::edge::Validation) -> Option<Self::Command> {
                Some($($command)::+ { $($field: self.$field,)* })
            }
        }
    };
}

pub(crate) use {input, into_command};

/// Whole numbers within bounds.
macro_rules! bounded {
    ($($(#[$doc:meta])+ $name:ident($type:ty) = $least:literal..=$most:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $type);

        impl Input for $name {
            type Raw = <$type as Input>::Raw;

            fn read(raw: Self::Raw, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
                let number = <$type as Input>::read(raw, at, wrong)?;
                let within = ($least..=$most).contains(&number);
                wrong.take(at, if within { Ok(Self(number)) } else { Err(Invalid::OutOfRange) })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let number = ObjectBuilder::new().schema_type(Type::Integer);
                number.minimum(Some($least)).maximum(Some($most)).into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

bounded! {
    /// The year of a fund.
    FundYear(i16) = 2_000..=2_200;
    /// A version of a resource.
    Version(u32) = 1..=u32::MAX;
}

/// One line of at most 20 characters.
pub type Line20 = Line<20>;
/// One line of at most 30 characters.
pub type Line30 = Line<30>;
/// One line of at most 50 characters.
pub type Line50 = Line<50>;
/// One line of at most 64 characters.
pub type Line64 = Line<64>;
/// One line of at most 100 characters.
pub type Line100 = Line<100>;
/// One line of at most 200 characters.
pub type Line200 = Line<200>;
/// At most 200 characters.
pub type Text200 = Text<200>;
/// At most 2,000 characters.
pub type Text2000 = Text<2000>;

/// A day that is not in the future.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(as = PastDay, value_type = Day)]
pub struct PastDay(pub Day);

impl Input for PastDay {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        let day = Day::read(raw, at, wrong)?;
        let past = if day > wrong.today() { Err(Invalid::InFuture) } else { Ok(Self(day)) };
        wrong.take(at, past)
    }

    fn is_blank(raw: &String) -> bool {
        Day::is_blank(raw)
    }
}
