//! Bank accounts of people who are paid 银行账户.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    invalid::Invalid,
    name::PersonName,
    rejection::Cause,
    spelling,
    text::Line,
    text_value::{TextFormat, text_value},
    vault::{Group, Term, VaultDocument},
};

/// The digits that an account number may have.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=32;

/// The digits of a bank card, whose last one is a check digit (ISO/IEC 7812-1).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// The number of a bank account or card 银行账号: 8 to 32 digits, written without spaces.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountNumber(String);

codes! {
    /// The result of the check digit of an account number. Passbooks and some social-security cards have none, so a
    /// wrong one is only a warning, never a rejection.
    AccountCheck {
        /// It is right, or the number is not as long as a card's.
        Passed = "passed" ("Check digit right", "校验通过"),
        /// It is wrong: perhaps the number was mistyped.
        Doubtful = "doubtful" ("Check digit wrong", "校验存疑"),
    }
}

impl AccountNumber {
    /// Reads a number in any [spelling](crate::spelling); hyphens between digits are dropped.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = spelling::compact(text).replace('-', "");
        if digits.is_empty() {
            return Err(Invalid::Required);
        }
        let shaped = digits.bytes().all(|byte| byte.is_ascii_digit());
        if shaped && DIGITS.contains(&digits.len()) { Ok(Self(digits)) } else { Err(Invalid::Format) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All but the last four digits starred.
    pub fn masked(&self) -> String {
        let last_four = self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default();
        format!("****{last_four}")
    }

    /// The result of the check digit (Luhn).
    pub fn check(&self) -> AccountCheck {
        let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
        let digits = self.0.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
        let sum: u32 = digits.map(|(i, d)| if i % 2 == 1 { doubled(d) } else { d }).sum();
        let wrong = CARD_DIGITS.contains(&self.0.len()) && !sum.is_multiple_of(10);
        if wrong { AccountCheck::Doubtful } else { AccountCheck::Passed }
    }
}

/// Shows nothing of the number.
impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountNumber(…)")
    }
}

text_value!(AccountNumber, Self::parse, |number| number.0, TextFormat::Pattern("^ *([0-9][ -]*){8,32}$"));

/// The name of a bank and its branch 开户银行, at most 60 characters. It goes into files that spreadsheets open, so it
/// never begins with a character that starts a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BankName(Line<60>);

impl BankName {
    /// Reads a name on one line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = Line::<60>::parse(text)?;
        let begins_well = name.as_str().starts_with(char::is_alphanumeric);
        if begins_well { Ok(Self(name)) } else { Err(Invalid::Format) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

text_value!(BankName, Self::parse, |name| name.0.into(), TextFormat::Line(60));

/// The account to which a relief is paid 收款账户, sealed under the payee's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayeeAccount {
    pub account: AccountNumber,
    /// The account's holder, who is the payee 户名.
    pub name: PersonName,
    pub bank: BankName,
}

impl PayeeAccount {
    /// Refuses the name of a holder that a spreadsheet would read as a formula. `pointer` names the field of the
    /// request that holds the name.
    pub(crate) fn check(&self, pointer: &'static str) -> Result<(), Cause> {
        let formula = self.name.as_str().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        let wrong = Cause::Value { pointer, invalid: Invalid::Format };
        if formula { Err(wrong) } else { Ok(()) }
    }
}

impl VaultDocument for PayeeAccount {
    const GROUP: Group = Group::Bank;

    fn masked(&self) -> serde_json::Value {
        serde_json::json!({
            "account": self.account.masked(),
            "name": self.name.masked(),
            "bank": self.bank.as_str(),
        })
    }

    fn terms(&self) -> Vec<Term> {
        vec![Term::BankAccount(self.account.clone())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> AccountNumber {
        AccountNumber::parse(text).unwrap()
    }

    #[test]
    fn a_wrong_check_digit_is_a_warning() {
        assert_eq!(number("6222 0213 0200 0000 009").check(), AccountCheck::Passed);
        assert_eq!(number("6222021302000000008").check(), AccountCheck::Doubtful);
        assert_eq!(number("4532015112830366").check(), AccountCheck::Passed);
        // A passbook's number has no check digit.
        assert_eq!(number("79927398710").check(), AccountCheck::Passed);
    }

    #[test]
    fn numbers_are_digits() {
        for text in ["6222-0213", " 6222 0213", "６２２２０２１３"] {
            assert_eq!(number(text).as_str(), "62220213", "{text}");
        }
        for text in ["1234567", "62220213020000000091111111111111112", "6222x2130200", "六二二二零二一三"] {
            assert_eq!(AccountNumber::parse(text), Err(Invalid::Format), "{text}");
        }
        assert_eq!(number("6222021302000000009").masked(), "****0009");
        assert_eq!(format!("{:?}", number("62220213")), "AccountNumber(…)");
    }

    #[test]
    fn a_bank_is_no_formula() {
        assert!(BankName::parse("中国工商银行铜陵铜官支行").is_ok());
        for text in ["=HYPERLINK(1)", "+86", "@x", "-1", "工行\n铜官"] {
            assert!(BankName::parse(text).is_err(), "{text}");
        }
    }
}
