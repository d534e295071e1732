//! What comes in from outside as JSON: how each value is read, so that all wrong ones are told in one answer.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::{invalid::Invalid, text_value::TextValue, time::Day};

/// Where a value stands in a body. It becomes a text, a JSON pointer (RFC 6901), only where the value is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Pointer<'a> {
    /// The body itself.
    Body,
    /// A field of what stands there.
    Field(&'a Pointer<'a>, &'static str),
    /// An item of the list there.
    Item(&'a Pointer<'a>, usize),
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pointer::Body => Ok(()),
            Pointer::Field(above, name) => write!(f, "{above}/{name}"),
            Pointer::Item(above, index) => write!(f, "{above}/{index}"),
        }
    }
}

/// Gathers what is wrong with the values that come in.
pub trait InvalidValues {
    /// The present day.
    fn today(&self) -> Day;

    /// Notes why there is no value at a place.
    fn refuse(&mut self, at: &Pointer<'_>, invalid: Invalid);

    /// Takes a parsed value, or notes why it was refused.
    fn take<T>(&mut self, at: &Pointer<'_>, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.refuse(at, invalid)).ok()
    }
}

/// What a body, or a part of it, is made of.
pub trait Input: Sized {
    /// As it comes, with nothing checked but its JSON type.
    type Raw: DeserializeOwned;

    /// Reads what stands at `at`. `None` only if why not was noted.
    fn read(raw: Self::Raw, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self>;

    /// The pointer of the first list that stands where this has none. It is refused: a field is known by its name and
    /// never by its place.
    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        value.is_array().then(|| at.to_string())
    }

    /// Whether there is nothing in what came: an empty text stands for no value where one may be missing.
    fn is_blank(_raw: &Self::Raw) -> bool {
        false
    }
}

impl<T: TextValue> Input for T {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        let today = wrong.today();
        wrong.take(at, raw.trim().parse::<T>().and_then(|value| value.valid_on(today)))
    }

    fn is_blank(raw: &String) -> bool {
        raw.trim().is_empty()
    }
}

impl<T: Input> Input for Option<T> {
    type Raw = Option<T::Raw>;

    fn read(raw: Self::Raw, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        match raw {
            None => Some(None),
            Some(raw) if T::is_blank(&raw) => Some(None),
            Some(raw) => T::read(raw, at, wrong).map(Some),
        }
    }

    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        T::misplaced_list(value, at)
    }
}

impl<T: Input> Input for Vec<T> {
    type Raw = Vec<T::Raw>;

    fn read(raw: Self::Raw, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        let items = raw.into_iter().enumerate();
        let read: Vec<Option<T>> = items.map(|(i, raw)| T::read(raw, &Pointer::Item(at, i), wrong)).collect();
        read.into_iter().collect()
    }

    fn misplaced_list(value: &Value, at: &Pointer<'_>) -> Option<String> {
        let mut items = value.as_array().into_iter().flatten().enumerate();
        items.find_map(|(i, item)| T::misplaced_list(item, &Pointer::Item(at, i)))
    }
}

/// The first list that stands at none of some places, as a pointer within the value. `pattern` is the same pointer with
/// `*` for an index.
pub(crate) fn list_beside(places: &[&str], value: &Value, pointer: &str, pattern: &str) -> Option<String> {
    match value {
        Value::Array(_) if !places.contains(&pattern) => Some(pointer.to_owned()),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(i, item)| list_beside(places, item, &format!("{pointer}/{i}"), &format!("{pattern}/*"))),
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            // A name that is not ours is refused later, and is not repeated here.
            let known = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let below = |at: &str| format!("{at}/{name}");
            known.then(|| list_beside(places, field, &below(pointer), &below(pattern))).flatten()
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Declares values that are read as they come, each with the pointers of its lists.
macro_rules! as_it_comes {
    ($($type:ty $(: [$($list:literal),+ $(,)?])?;)+) => {$(
        impl $crate::input::Input for $type {
            type Raw = Self;

            fn read(
                raw: Self,
                _: &$crate::input::Pointer<'_>,
                _: &mut impl $crate::input::InvalidValues,
            ) -> Option<Self> {
                Some(raw)
            }

            $(fn misplaced_list(value: &serde_json::Value, at: &$crate::input::Pointer<'_>) -> Option<String> {
                $crate::input::list_beside(&[$($list),+], value, "", "").map(|below| format!("{at}{below}"))
            })?
        }
    )+};
}

pub(crate) use as_it_comes;

as_it_comes! { bool; String; }

/// Whole numbers, also where a program writes them with a decimal point: JSON knows one kind of number.
macro_rules! whole {
    ($($type:ty),+) => {$(
        impl Input for $type {
            type Raw = Number;

            fn read(raw: Number, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
                let whole = whole(&raw).and_then(|whole| Self::try_from(whole).map_err(|_| Invalid::OutOfRange));
                wrong.take(at, whole)
            }
        }
    )+};
}

whole! { u8, u16, u32, i16 }

/// The whole number that a JSON number is. One with a fraction is malformed.
fn whole(number: &Number) -> Result<i64, Invalid> {
    if let Some(whole) = number.as_i64() {
        return Ok(whole);
    }
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').ok_or(Invalid::OutOfRange)?;
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    if is_whole { whole.parse().map_err(|_| Invalid::OutOfRange) } else { Err(Invalid::Format) }
}
