//! What comes in from outside as JSON: how each value is read, so that all wrong ones are told in one answer.

use serde::de::DeserializeOwned;

use crate::{invalid::Invalid, text_value::TextValue, time::Day};

/// Gathers what is wrong with the values that come in.
pub trait WrongValues {
    /// The present day.
    fn today(&self) -> Day;

    /// Notes why there is no value at a JSON pointer.
    fn refuse(&mut self, at: &str, invalid: Invalid);

    /// Takes a parsed value, or notes why it is none.
    fn take<T>(&mut self, at: &str, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.refuse(at, invalid)).ok()
    }
}

/// What a body, or a part of it, is made of.
pub trait Input: Sized {
    /// As it comes, with nothing checked but its JSON type.
    type Raw: DeserializeOwned;

    /// Reads what stands at the JSON pointer `at`. `None` only if why not was noted.
    fn read(raw: Self::Raw, at: &str, wrong: &mut impl WrongValues) -> Option<Self>;

    /// Notes where lists stand, as JSON pointers with `*` for an index. Anything else that comes as a list is refused:
    /// a field is known by its name, never by its place.
    fn lists(_at: &str, _into: &mut Vec<String>) {}
}

impl<T: TextValue> Input for T {
    type Raw = String;

    fn read(raw: String, at: &str, wrong: &mut impl WrongValues) -> Option<Self> {
        let today = wrong.today();
        wrong.take(at, raw.parse::<T>().and_then(|value| value.valid_on(today)))
    }
}

impl<T: Input> Input for Option<T> {
    type Raw = Option<T::Raw>;

    fn read(raw: Self::Raw, at: &str, wrong: &mut impl WrongValues) -> Option<Self> {
        match raw {
            None => Some(None),
            Some(raw) => T::read(raw, at, wrong).map(Some),
        }
    }

    fn lists(at: &str, into: &mut Vec<String>) {
        T::lists(at, into);
    }
}

impl<T: Input> Input for Vec<T> {
    type Raw = Vec<T::Raw>;

    fn read(raw: Self::Raw, at: &str, wrong: &mut impl WrongValues) -> Option<Self> {
        let read: Vec<Option<T>> =
            raw.into_iter().enumerate().map(|(i, raw)| T::read(raw, &format!("{at}/{i}"), wrong)).collect();
        read.into_iter().collect()
    }

    fn lists(at: &str, into: &mut Vec<String>) {
        into.push(at.to_owned());
        T::lists(&format!("{at}/*"), into);
    }
}

/// Declares values that are read as they come, each with the pointers of its lists.
macro_rules! as_it_comes {
    ($($type:ty $(: [$($list:literal),+ $(,)?])?;)+) => {$(
        impl $crate::input::Input for $type {
            type Raw = Self;

            fn read(raw: Self, _: &str, _: &mut impl $crate::input::WrongValues) -> Option<Self> {
                Some(raw)
            }

            $(fn lists(at: &str, into: &mut Vec<String>) {
                into.extend([$($list),+].map(|list| format!("{at}{list}")));
            })?
        }
    )+};
}

pub(crate) use as_it_comes;

as_it_comes! { bool; u8; u16; u32; i16; String; }
