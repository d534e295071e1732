//! The values of a request's body: how they come, and how they are read, all wrong ones in one answer.

use bangfu_domain::{
    bank::{AccountNumber, BankName},
    batch::VoidReason,
    case::{
        BenefitStatus, CompareOutcome, ComparedData, ConsentSigner, ExitReason, ExpenseKind, HealthStatus, IncomeKind,
        NotCounted, NoticeOutcome, NoticePlace, RejectReason, VisitMode,
    },
    credit_code::CreditCode,
    division::Division,
    evidence::{ConsentPurpose, Path},
    fund::{DocumentNumber, FundSource, PayerAccount},
    hardship::{AidType, HardshipCategory, HardshipCause, SchoolStage},
    identity_number::IdentityNumber,
    ids::{CaseId, ClientId, FundId, OrganizationId, PersonId, SourceId},
    invalid::Invalid,
    name::PersonName,
    organization::OrganizationLevel,
    phone::Phone,
    referral::{DeclineReason, DiagnosisSystem, Signer},
    relation::Relation,
    relief::{FailureReason, PaymentOutcome, PaymentReference, ReliefRejectReason},
    remark::RemarkText,
    role::Role,
    source::SourceKind,
    text::Text,
    time::Day,
    vault::Group,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

use super::{Pointer, Validation};

/// What a body, or a part of it, is made of.
pub trait Input: Sized {
    /// As it comes, with nothing checked but its JSON type.
    type Raw: DeserializeOwned;

    /// Reads what stands at the JSON pointer `at`. `None` only if why not was noted.
    fn read(raw: Self::Raw, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self>;

    /// The first list that stands where this has none. It is refused: a field is known by its name, never by its place.
    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        value.is_array().then(|| at.to_string())
    }
}

impl<T: Input> Input for Option<T> {
    type Raw = Option<T::Raw>;

    fn read(raw: Self::Raw, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
        match raw {
            None => Some(None),
            Some(raw) => T::read(raw, at, validation).map(Some),
        }
    }

    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        T::misplaced_list(value, at)
    }
}

impl<T: Input> Input for Vec<T> {
    type Raw = Vec<T::Raw>;

    fn read(raw: Self::Raw, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
        let items = raw.into_iter().enumerate();
        let read: Vec<Option<T>> = items.map(|(i, raw)| T::read(raw, &Pointer::Item(at, i), validation)).collect();
        read.into_iter().collect()
    }

    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        let mut items = value.as_array().into_iter().flatten().enumerate();
        items.find_map(|(i, item)| T::misplaced_list(item, &Pointer::Item(at, i)))
    }
}

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
                    validation: &mut $crate::edge::Validation,
                ) -> Option<Self> {
                    $(let $field = <$type as $crate::edge::Input>::read(
                        raw.$field, &$crate::edge::Pointer::Field(at, stringify!($field)), validation,
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

        $crate::edge::becomes!($name $(=> $($command)::+)? { $($field)* });
    )+};
}

/// Makes the command of a shape that has the command's fields, each of the same name and type.
macro_rules! becomes {
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

pub(crate) use {becomes, input};

/// Values that come as they are.
macro_rules! plain {
    ($($type:ty),+) => {$(
        impl Input for $type {
            type Raw = Self;

            fn read(raw: Self, _: &Pointer<'_>, _: &mut Validation) -> Option<Self> {
                Some(raw)
            }
        }
    )+};
}

plain!(bool, u8, u16, u32, i16, String);

/// Whole numbers within bounds.
macro_rules! bounded {
    ($($(#[$doc:meta])+ $name:ident($type:ty) = $least:literal..=$most:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $type);

        impl Input for $name {
            type Raw = $type;

            fn read(raw: $type, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
                let within = ($least..=$most).contains(&raw);
                validation.at(at, if within { Ok(Self(raw)) } else { Err(Invalid::OutOfRange) })
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

/// Values that come as texts.
macro_rules! texts {
    ($($type:ident),+ $(,)?) => {$(
        impl Input for $type {
            type Raw = String;

            fn read(raw: String, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
                validation.parse(at, &raw, str::parse)
            }
        }
    )+};
}

texts!(
    AccountNumber,
    AidType,
    BankName,
    BenefitStatus,
    CaseId,
    ClientId,
    CompareOutcome,
    ComparedData,
    ConsentPurpose,
    ConsentSigner,
    CreditCode,
    Day,
    DeclineReason,
    DiagnosisSystem,
    Division,
    DocumentNumber,
    ExitReason,
    ExpenseKind,
    FailureReason,
    FundId,
    FundSource,
    Group,
    HardshipCategory,
    HardshipCause,
    HealthStatus,
    IncomeKind,
    NotCounted,
    NoticeOutcome,
    NoticePlace,
    OrganizationId,
    OrganizationLevel,
    Path,
    PayerAccount,
    PaymentOutcome,
    PaymentReference,
    PersonId,
    PersonName,
    Phone,
    RejectReason,
    Relation,
    ReliefRejectReason,
    RemarkText,
    Role,
    SchoolStage,
    Signer,
    SourceId,
    SourceKind,
    VisitMode,
    VoidReason,
);

impl<const MAX: usize> Input for Text<MAX> {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
        validation.parse(at, &raw, str::parse)
    }
}

/// At most 20 characters.
pub type Text20 = Text<20>;
/// At most 30 characters.
pub type Text30 = Text<30>;
/// At most 50 characters.
pub type Text50 = Text<50>;
/// At most 64 characters.
pub type Text64 = Text<64>;
/// At most 100 characters.
pub type Text100 = Text<100>;
/// At most 200 characters.
pub type Text200 = Text<200>;
/// At most 2,000 characters.
pub type Text2000 = Text<2000>;

/// The identity number of a person who was born by today.
impl Input for IdentityNumber {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
        let today = validation.today();
        validation.parse(at, &raw, |text| match IdentityNumber::parse(text)? {
            number if number.birth_day() > today => Err(Invalid::InFuture),
            number => Ok(number),
        })
    }
}

/// A day that is not in the future.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(as = PastDay, value_type = Day)]
pub struct PastDay(pub Day);

impl Input for PastDay {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, validation: &mut Validation) -> Option<Self> {
        let today = validation.today();
        validation.parse(at, &raw, |text| match Day::parse(text)? {
            day if day > today => Err(Invalid::InFuture),
            day => Ok(Self(day)),
        })
    }
}
