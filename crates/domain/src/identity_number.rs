//! The identity number of a citizen.

use std::{fmt, ops::Range, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    spelling,
    text_value::{TextFormat, text_value},
    time::Day,
};

/// The weights of the first seventeen digits.
const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check characters, by the weighted sum of the digits modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";

/// A person's sex (性别) as GB/T 2261.1 codes it: 1 male, 2 female.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// A citizen's identity number (公民身份号码) by GB 11643: six digits of the place of first
/// registration, eight of the day of birth, three of the order, and a check character.
///
/// It is personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdentityNumber {
    text: String,
    birth_day: Day,
    sex: Sex,
}

impl IdentityNumber {
    /// Reads eighteen characters, in any [spelling](crate::spelling), and raises a final `x` to `X`.
    ///
    /// Refuses an empty text (`Required`), another form (`Format`), a day of birth that does not exist
    /// (`ImpossibleDate`) or lies outside 1850 to 2200 (`OutOfRange`), and a wrong check character (`CheckDigit`). Any
    /// place is accepted: divisions are abolished (GB/T 2260), but the numbers remain.
    pub fn parse(text: &str) -> Result<IdentityNumber, Invalid> {
        let text = spelling::compact(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        let (body, check) = text.split_at_checked(WEIGHTS.len()).ok_or(Invalid::Format)?;
        let is_form =
            body.bytes().all(|byte| byte.is_ascii_digit()) && matches!(check.as_bytes(), [b'0'..=b'9' | b'X']);
        if !is_form {
            return Err(Invalid::Format);
        }
        let birth_day = Day::new(number(body, 6..10)?, number(body, 10..12)?, number(body, 12..14)?)?;
        if check.as_bytes().first() != check_character(body) {
            return Err(Invalid::CheckDigit);
        }
        let order: u16 = number(body, 14..17)?;
        let sex = if order % 2 == 1 { Sex::Male } else { Sex::Female };
        Ok(IdentityNumber { text, birth_day, sex })
    }

    /// The number of a place, a day of birth and an order (at most 999), with its check character: for invented people.
    pub fn from_parts(place: &str, birth_day: Day, order: u16) -> Result<IdentityNumber, Invalid> {
        let (year, month, day) = (birth_day.year(), birth_day.month(), birth_day.day_of_month());
        let body = format!("{place}{year:04}{month:02}{day:02}{order:03}");
        let check = check_character(&body).copied().ok_or(Invalid::Format)?;
        IdentityNumber::parse(&format!("{body}{}", char::from(check)))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day of birth (出生日期).
    pub fn birth_day(&self) -> Day {
        self.birth_day
    }

    /// The sex: the order is odd for men and even for women.
    pub fn sex(&self) -> Sex {
        self.sex
    }

    /// The age in full years (周岁) on a day, below zero before the birth.
    ///
    /// A year is full on the birthday, and for 29 February in a common year on 1 March.
    pub fn age_on(&self, day: Day) -> i16 {
        self.birth_day.full_years_until(day)
    }

    /// The last four characters.
    pub fn last_four(&self) -> &str {
        self.text.get(14..).unwrap_or_default()
    }

    fn born_by(self, today: Day) -> Result<Self, Invalid> {
        if self.birth_day() > today { Err(Invalid::InFuture) } else { Ok(self) }
    }

    /// The number with all but its first and last four characters starred, as civil affairs (民政) do.
    pub fn masked(&self) -> String {
        let first_four = self.text.get(..4).unwrap_or_default();
        format!("{first_four}**********{}", self.last_four())
    }
}

/// The check character (ISO 7064, MOD 11-2) that belongs to the seventeen digits before it.
fn check_character(body: &str) -> Option<&'static u8> {
    let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(byte, weight)| digit(byte) * weight).sum();
    CHECKS.get(sum % CHECKS.len())
}

/// The number that some digits of the text form.
fn number<T: FromStr>(digits: &str, range: Range<usize>) -> Result<T, Invalid> {
    digits.get(range).and_then(|part| part.parse().ok()).ok_or(Invalid::Format)
}

/// Hides the number.
impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(…)")
    }
}

text_value!(
    IdentityNumber,
    Self::parse,
    |number| number.text,
    TextFormat::Pattern("^[0-9]{17}[0-9Xx]$"),
    Self::born_by
);

#[cfg(test)]
mod tests {

    use super::{IdentityNumber, Sex};
    use crate::{invalid::Invalid, time::Day};

    fn identity(text: &str) -> IdentityNumber {
        IdentityNumber::parse(text).unwrap()
    }

    #[test]
    fn reads_birth_and_sex() {
        for (text, birth, sex) in [
            ("11010519491231002X", "1949-12-31", Sex::Female),
            ("440524188001010014", "1880-01-01", Sex::Male),
            ("340705198001010011", "1980-01-01", Sex::Male),
            ("340702197506300029", "1975-06-30", Sex::Female),
            ("340722201103051237", "2011-03-05", Sex::Male),
            ("340711199211130451", "1992-11-13", Sex::Male),
        ] {
            let number = identity(text);
            assert_eq!(number.as_str(), text);
            assert_eq!(number.birth_day(), Day::parse(birth).unwrap());
            assert_eq!(number.sex(), sex);
        }
    }

    #[test]
    fn any_place_will_do() {
        assert_eq!(identity("000000185001010010").birth_day(), Day::new(1850, 1, 1).unwrap());
    }

    #[test]
    fn spelling_makes_no_difference() {
        for text in [
            "11010519491231002x",
            " 110105 19491231 002X ",
            "１１０１０５１９４９１２３１００２Ｘ",
            "11010519491231002ｘ",
        ] {
            assert_eq!(identity(text).as_str(), "11010519491231002X", "{text}");
        }
    }

    #[test]
    fn refuses_a_wrong_number() {
        for (text, reason) in [
            ("", Invalid::Required),
            ("110105194912310021", Invalid::CheckDigit),
            ("110105194902300020", Invalid::ImpossibleDate),
            ("340705190002290012", Invalid::ImpossibleDate),
            ("00000018491231001X", Invalid::OutOfRange),
            ("340705220101010017", Invalid::OutOfRange),
            ("11010519491231002", Invalid::Format),
            ("11010519491231002XX", Invalid::Format),
            ("110105491231002", Invalid::Format),
            ("11010519491231002Y", Invalid::Format),
            ("1101051949123100X2", Invalid::Format),
            ("11010519491231002.X", Invalid::Format),
            ("一1010519491231002X", Invalid::Format),
        ] {
            assert_eq!(IdentityNumber::parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn age_grows_on_the_birthday() {
        let number = identity("340705200002290019");
        for (day, age) in [("2018-02-28", 17), ("2018-03-01", 18), ("2020-02-29", 20), ("1999-12-31", -1)] {
            assert_eq!(number.age_on(Day::parse(day).unwrap()), age, "{day}");
        }
    }

    #[test]
    fn masks_and_hides() {
        let number = identity("340705198001010011");
        assert_eq!(number.last_four(), "0011");
        assert_eq!(number.masked(), "3407**********0011");
        assert_eq!(format!("{number:?}"), "IdentityNumber(…)");
    }

    #[test]
    fn json_is_parsed_like_any_input() {
        let number: IdentityNumber = serde_json::from_str("\"11010519491231002x\"").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"11010519491231002X\"");
        assert!(serde_json::from_str::<IdentityNumber>("\"110105194912310021\"").is_err());
    }
}
