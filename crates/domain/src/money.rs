//! Money in whole fen, never negative and never a floating-point number.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{invalid::Invalid, spelling};

/// The digits that an amount in yuan may have before its point.
const YUAN_DIGITS: usize = 13;

/// The digits that an amount in yuan may have after its point: 角 and 分.
const FEN_DIGITS: usize = 2;

/// An amount of money in fen (分), a hundredth of a yuan (元).
///
/// It lies within zero and 9 999 999 999 999.99 yuan, which a JSON number carries exactly
/// (RFC 8785, JSON Canonicalization Scheme). It is serialised as that whole number of fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Fen = Fen(0);

    /// The largest amount: thirteen digits of yuan and two of fen.
    pub const MAX: Fen = Fen(999_999_999_999_999);

    /// Takes a number of fen.
    ///
    /// Refuses one below zero (`Negative`) or above [`Fen::MAX`] (`OutOfRange`).
    pub fn new(fen: i64) -> Result<Fen, Invalid> {
        if fen < 0 {
            Err(Invalid::Negative)
        } else if fen > Fen::MAX.0 {
            Err(Invalid::OutOfRange)
        } else {
            Ok(Fen(fen))
        }
    }

    /// Reads an amount in yuan, in any [spelling](crate::spelling): up to thirteen digits, then perhaps a point and one
    /// or two more.
    ///
    /// Refuses an empty text (`Required`), a number with a minus sign (`Negative`), more digits
    /// before the point (`OutOfRange`) or after it (`OverPrecise`), and anything else (`Format`).
    pub fn parse_yuan(text: &str) -> Result<Fen, Invalid> {
        let text = spelling::plain(text);
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        if text.strip_prefix('-').and_then(split_at_point).is_some() {
            return Err(Invalid::Negative);
        }
        let (yuan, fraction) = split_at_point(&text).ok_or(Invalid::Format)?;
        if yuan.len() > YUAN_DIGITS {
            return Err(Invalid::OutOfRange);
        }
        if fraction.len() > FEN_DIGITS {
            return Err(Invalid::OverPrecise);
        }
        let fen = format!("{yuan}{fraction:0<FEN_DIGITS$}");
        Fen::new(fen.parse().map_err(|_| Invalid::OutOfRange)?)
    }

    /// The amount in fen.
    pub fn get(self) -> i64 {
        self.0
    }

    /// Both amounts together, or nothing above [`Fen::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).and_then(|fen| Fen::new(fen).ok())
    }

    /// This amount minus the other, or `None` if the other is larger.
    #[must_use]
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).and_then(|fen| Fen::new(fen).ok())
    }

    /// How far the two amounts lie apart.
    #[must_use]
    pub fn abs_diff(self, other: Fen) -> Fen {
        Fen((self.0 - other.0).abs())
    }

    /// All amounts together, or nothing above [`Fen::MAX`]. The sum of none is zero.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
    }
}

/// The digits before and after the point of a plain decimal number; those after it may be absent.
fn split_at_point(text: &str) -> Option<(&str, &str)> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => (is_digits(whole) && is_digits(fraction)).then_some((whole, fraction)),
        None => is_digits(text).then_some((text, "")),
    }
}

/// The amount in yuan, always with two decimals.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl std::str::FromStr for Fen {
    type Err = Invalid;

    fn from_str(yuan: &str) -> Result<Fen, Invalid> {
        Fen::parse_yuan(yuan)
    }
}

impl TryFrom<i64> for Fen {
    type Error = Invalid;

    fn try_from(fen: i64) -> Result<Fen, Invalid> {
        Fen::new(fen)
    }
}

impl From<Fen> for i64 {
    fn from(amount: Fen) -> i64 {
        amount.0
    }
}

#[cfg(test)]
mod tests {

    use proptest::{prop_assert_eq, proptest};

    use super::Fen;
    use crate::invalid::Invalid;

    #[test]
    fn reads_yuan_exactly() {
        for (text, fen) in [
            ("0", 0),
            ("0.01", 1),
            ("0.1", 10),
            ("007.50", 750),
            ("1224500", 122_450_000),
            ("9999999999999.99", 999_999_999_999_999),
        ] {
            assert_eq!(Fen::parse_yuan(text), Fen::new(fen), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_an_amount() {
        for (text, reason) in [
            ("", Invalid::Required),
            ("-1", Invalid::Negative),
            ("-0.005", Invalid::Negative),
            ("0.001", Invalid::OverPrecise),
            ("10000000000000", Invalid::OutOfRange),
            ("-", Invalid::Format),
            ("--1", Invalid::Format),
            ("1 000", Invalid::Format),
            ("+1", Invalid::Format),
            ("1.", Invalid::Format),
            (".5", Invalid::Format),
            ("1.2.3", Invalid::Format),
            ("1e3", Invalid::Format),
            ("1,000", Invalid::Format),
            ("十二", Invalid::Format),
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn arithmetic_stays_within_the_range() {
        let [one, two] = [1, 2].map(|fen| Fen::new(fen).unwrap());
        assert_eq!(Fen::MAX.checked_add(one), None);
        assert_eq!(one.checked_sub(two), None);
        assert_eq!(two.checked_sub(one), Some(one));
        assert_eq!(one.abs_diff(two), one);
        assert_eq!(Fen::sum([one, one]), Some(two));
        assert_eq!(Fen::sum([]), Some(Fen::ZERO));
        assert_eq!(Fen::sum([Fen::MAX, one]), None);
        assert_eq!(Fen::new(122_450_000).unwrap().to_string(), "1224500.00");
    }

    #[test]
    fn the_journal_holds_whole_fen() {
        assert_eq!(serde_json::to_string(&Fen::new(105).unwrap()).unwrap(), "105");
        assert_eq!(serde_json::from_str::<Fen>("105").unwrap(), Fen::new(105).unwrap());
        for text in ["-1", "1000000000000000", "1.0", "\"1\""] {
            assert!(serde_json::from_str::<Fen>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_survives_its_text(fen in 0..=Fen::MAX.get()) {
            let amount = Fen::new(fen).unwrap();
            prop_assert_eq!(Fen::parse_yuan(&amount.to_string()), Ok(amount));
        }
    }
}
