//! The unified social credit code of an organisation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    spelling,
    text_value::{TextFormat, text_value},
};

/// The characters of a credit code in the order of their values: 0 to 9, and A to Y without I, O, S, V.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The weights of the first seventeen characters.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The check characters of an organisation code, by the weighted sum of the others modulo 11.
const ORGANISATION_CHECKS: &[u8; 11] = b"0X987654321";

/// The weights of the first eight characters of an organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code (统一社会信用代码) by GB 32100, upper case.
///
/// Its characters: the registering department (8 is the union, 工会), the kind of organisation, six
/// digits of the division, the organisation code (组织机构代码) by GB 11714, and a check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code, in any [spelling](crate::spelling), and raises its letters to upper case.
    ///
    /// Refuses an empty text (`Required`), other characters or another length (`Format`), and a wrong
    /// check character of the code or of the organisation code in it (`CheckDigit`).
    pub fn parse(text: &str) -> Result<CreditCode, Invalid> {
        let code = spelling::compact(text).to_ascii_uppercase();
        if code.is_empty() {
            return Err(Invalid::Required);
        }
        let values: Vec<usize> = code.bytes().map(value).collect::<Option<_>>().ok_or(Invalid::Format)?;
        let is_division = |division: &str| division.bytes().all(|byte| byte.is_ascii_digit());
        if values.len() != WEIGHTS.len() + 1 || !code.get(2..8).is_some_and(is_division) {
            return Err(Invalid::Format);
        }
        let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        let check = (ALPHABET.len() - sum % ALPHABET.len()) % ALPHABET.len();
        if values.last() != Some(&check) || !code.get(8..17).is_some_and(is_organisation_code) {
            return Err(Invalid::CheckDigit);
        }
        Ok(CreditCode(code))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of a character by GB 32100.
fn value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|&member| member == character)
}

/// Whether the last of nine characters is the check character of the others by GB 11714, in which a
/// letter is worth 10 (A) to 35 (Z).
fn is_organisation_code(code: &str) -> bool {
    let sum: u32 = code
        .chars()
        .zip(ORGANISATION_WEIGHTS)
        .filter_map(|(character, weight)| Some(character.to_digit(36)? * weight))
        .sum();
    let check = usize::try_from(sum % 11).ok().and_then(|index| ORGANISATION_CHECKS.get(index));
    check.is_some() && code.as_bytes().last() == check
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(CreditCode, Self::parse, |code| code.0, TextFormat::Pattern("^[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}$"));

#[cfg(test)]
mod tests {

    use super::{CreditCode, is_organisation_code};
    use crate::invalid::Invalid;

    #[test]
    fn accepts_codes_of_every_department() {
        for text in ["91350100M000100Y43", "81340700MC0000012U", "91340705MA00000158", "12340700400000018Q"] {
            assert_eq!(CreditCode::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn spelling_makes_no_difference() {
        for text in ["81340700mc0000012u", " 81340700 MC0000012U", "８１３４０７００ＭＣ０００００１２Ｕ"]
        {
            assert_eq!(CreditCode::parse(text).unwrap().as_str(), "81340700MC0000012U", "{text}");
        }
    }

    #[test]
    fn refuses_a_wrong_check_character() {
        assert_eq!(CreditCode::parse("91350100M000100Y44"), Err(Invalid::CheckDigit));
    }

    #[test]
    fn refuses_a_wrong_inner_check_character() {
        // The outer check character is right for the wrong inner one.
        assert_eq!(CreditCode::parse("81340700MC0000013Y"), Err(Invalid::CheckDigit));
    }

    #[test]
    fn knows_all_check_characters_of_an_organisation_code() {
        assert!(is_organisation_code("MC0000012"));
        assert!(is_organisation_code("000000000"));
        assert!(is_organisation_code("00000006X"));
        assert!(!is_organisation_code("000000060"));
    }

    #[test]
    fn refuses_another_form() {
        assert_eq!(CreditCode::parse(""), Err(Invalid::Required));
        for text in [
            "91350100M000100Y4",
            "91350100M000100Y433",
            "9135O100M000100Y43",
            "913501A0M000100Y43",
            "91350100M000100Y4三",
        ] {
            assert_eq!(CreditCode::parse(text), Err(Invalid::Format), "{text}");
        }
    }

    #[test]
    fn json_is_parsed_like_any_input() {
        let code: CreditCode = serde_json::from_str("\"91350100m000100y43\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"91350100M000100Y43\"");
        assert!(serde_json::from_str::<CreditCode>("\"91350100M000100Y44\"").is_err());
    }
}
