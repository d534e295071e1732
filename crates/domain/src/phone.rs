//! A telephone number in mainland China.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    spelling,
    text_value::{TextFormat, text_value},
};

/// A mobile (手机) or landline (固定电话) number of mainland China, by the national numbering plan
/// (电信网编号计划). Short service numbers are none of them.
///
/// Its text is eleven digits, or area code (区号), hyphen and local number, perhaps followed by a
/// hyphen and an extension (分机). It is personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    /// Reads a mobile number, perhaps after `+86`, `0086` or `86`, or a landline number with its area code, perhaps in
    /// parentheses; in any [spelling](crate::spelling). The hyphens may be absent.
    ///
    /// Refuses an empty text (`Required`) and anything else (`Format`).
    pub fn parse(text: &str) -> Result<Phone, Invalid> {
        let text = spelling::compact(text);
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        let digits = text.replace('-', "");
        let mobile = ["+86", "0086", "86"].iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(&digits);
        if is_mobile(mobile) {
            return Ok(Phone(mobile.to_owned()));
        }
        let landline = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((area, local)) => format!("{area}-{local}"),
            None => text,
        };
        normalise_landline(&landline).map(Phone).ok_or(Invalid::Format)
    }

    /// The number in its normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a mobile number, which can receive short messages.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }

    /// The number for lists: `138****0000`, or `0562-*****34` without the extension.
    pub fn masked(&self) -> String {
        let mut parts = self.0.split('-');
        let first = parts.next().unwrap_or_default();
        let (shown, hidden) = match parts.next() {
            Some(local) => (format!("{first}-"), local),
            None => (first.chars().take(3).collect(), first.get(3..).unwrap_or_default()),
        };
        let tail = if self.is_mobile() { 4 } else { 2 };
        let (starred, tail) = hidden.split_at_checked(hidden.len().saturating_sub(tail)).unwrap_or_default();
        format!("{shown}{}{tail}", "*".repeat(starred.len()))
    }
}

fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9) && is_digits(text)
}

/// Writes a landline number with a hyphen after its area code.
///
/// The area code is `010` or begins with `02` and has three digits; every other has four.
fn normalise_landline(text: &str) -> Option<String> {
    let is_short = text.starts_with("010") || text.starts_with("02");
    let (area, rest) = text.split_at_checked(if is_short { 3 } else { 4 })?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (local, extension) = match rest.split_once('-') {
        Some((local, extension)) => (local, Some(extension)),
        None => (rest, None),
    };
    let is_valid = area.starts_with('0')
        && !area.starts_with("00")
        && is_digits(area)
        && is_digits(local)
        && matches!(local.len(), 7 | 8)
        && extension.is_none_or(|digits| is_digits(digits) && digits.len() <= 6);
    let extension = extension.map(|digits| format!("-{digits}")).unwrap_or_default();
    is_valid.then(|| format!("{area}-{local}{extension}"))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Hides the number.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

text_value!(
    Phone,
    Self::parse,
    |phone| phone.0,
    TextFormat::Pattern(r"^(\+86)?1[3-9][0-9]{9}$|^0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?$")
);

#[cfg(test)]
mod tests {

    use super::Phone;
    use crate::invalid::Invalid;

    #[test]
    fn normalises_and_masks() {
        for (text, normal, masked) in [
            ("13800000000", "13800000000", "138****0000"),
            ("+8619912345678", "19912345678", "199****5678"),
            ("+86 199-1234-5678", "19912345678", "199****5678"),
            ("8619912345678", "19912345678", "199****5678"),
            ("００８６１９９ １２３４ ５６７８", "19912345678", "199****5678"),
            ("0562-2831234", "0562-2831234", "0562-*****34"),
            ("05622831234", "0562-2831234", "0562-*****34"),
            ("（0562）2831234", "0562-2831234", "0562-*****34"),
            ("(0562) 283 1234", "0562-2831234", "0562-*****34"),
            ("01012345678", "010-12345678", "010-******78"),
            ("025-12345678-801", "025-12345678-801", "025-******78"),
            ("05622831234-123456", "0562-2831234-123456", "0562-*****34"),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!(phone.as_str(), normal);
            assert_eq!(phone.masked(), masked);
            assert_eq!(Phone::parse(normal), Ok(phone));
        }
    }

    #[test]
    fn tells_mobile_from_landline() {
        assert!(Phone::parse("13800000000").unwrap().is_mobile());
        assert!(!Phone::parse("0562-2831234").unwrap().is_mobile());
    }

    #[test]
    fn refuses_other_numbers() {
        assert_eq!(Phone::parse(""), Err(Invalid::Required));
        for text in [
            "12351",
            "110",
            "12800000000",
            "1380000000",
            "138000000000",
            "+86+8613800000000",
            "+860562-2831234",
            "+85291234567",
            "2831234",
            "0562--2831234",
            "0562-283123",
            "0562-283123456",
            "0562-2831234-",
            "0562-2831234-1234567",
            "0562-2831234-1-2",
            "0086-2831234",
        ] {
            assert_eq!(Phone::parse(text), Err(Invalid::Format), "{text}");
        }
    }

    #[test]
    fn debug_hides_it_and_json_keeps_it() {
        let phone: Phone = serde_json::from_str("\"+8613800000000\"").unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(…)");
        assert_eq!(serde_json::to_string(&phone).unwrap(), "\"13800000000\"");
        assert!(serde_json::from_str::<Phone>("\"12351\"").is_err());
    }
}
