//! The name of a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    text::is_invisible,
    text_value::{TextFormat, text_value},
};

/// The longest name in characters, ample for the names of every nationality.
const MAX_CHARACTERS: usize = 50;

/// The maximum number of stars in a masked name.
const MAX_STARS: usize = 2;

/// The compound surnames (复姓) that are still borne today, after the 《百家姓》.
const COMPOUND_SURNAMES: [&str; 38] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒", "长孙", "宇文",
    "司空", "南宫", "独孤", "端木", "轩辕", "淳于", "申屠", "呼延", "闻人", "钟离", "鲜于", "赫连", "濮阳", "澹台",
    "太史", "拓跋", "万俟", "百里", "第五", "东郭", "西门", "闾丘", "亓官", "巫马",
];

/// A person's name (姓名) of 1 to 50 characters, as on the identity card.
///
/// It is personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

impl PersonName {
    /// Takes a name and drops the white space at its ends.
    ///
    /// Refuses a blank name (`Required`), one of more than 50 characters (`TooLong`), and one with
    /// control or invisible characters (`ControlCharacters`).
    pub fn parse(text: &str) -> Result<PersonName, Invalid> {
        let name = text.trim();
        if name.is_empty() {
            return Err(Invalid::Required);
        }
        if name.chars().nth(MAX_CHARACTERS).is_some() {
            return Err(Invalid::TooLong { limit: MAX_CHARACTERS });
        }
        if name.contains(|c: char| c.is_control() || is_invisible(c)) {
            return Err(Invalid::ControlCharacters);
        }
        Ok(PersonName(name.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for a public list (公示): its first character, then a star for each further one, at
    /// most two. A name of one character becomes one star.
    pub fn masked(&self) -> String {
        let mut characters = self.0.chars();
        let first = characters.next();
        match (first, characters.count()) {
            (Some(first), further @ 1..) => {
                format!("{first}{}", "*".repeat(further.min(MAX_STARS)))
            }
            _ => "*".to_owned(),
        }
    }

    /// The surname (姓): a known compound one when a given name follows it, else the first character.
    ///
    /// It is a guess for search. A name that is not Han Chinese need not begin with a surname.
    pub fn surname(&self) -> &str {
        let name = self.as_str();
        let compound =
            COMPOUND_SURNAMES.into_iter().find(|surname| name.len() > surname.len() && name.starts_with(surname));
        let first = || name.char_indices().nth(1).and_then(|(second, _)| name.get(..second));
        compound.or_else(first).unwrap_or(name)
    }
}

/// Hides the name.
impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

text_value!(PersonName, Self::parse, |name| name.0, TextFormat::Length(MAX_CHARACTERS));

#[cfg(test)]
mod tests {

    use super::PersonName;
    use crate::invalid::Invalid;

    fn name(text: &str) -> PersonName {
        PersonName::parse(text).unwrap()
    }

    #[test]
    fn trims_unicode_white_space() {
        assert_eq!(name("\u{3000}张三 \n").as_str(), "张三");
        assert_eq!(name("买买提·吐尔逊").as_str(), "买买提·吐尔逊");
    }

    #[test]
    fn refuses_what_is_no_name() {
        assert_eq!(PersonName::parse(" \u{3000}"), Err(Invalid::Required));
        assert_eq!(PersonName::parse("张\0三"), Err(Invalid::ControlCharacters));
        assert_eq!(PersonName::parse("张\n三"), Err(Invalid::ControlCharacters));
        assert!(PersonName::parse(&"长".repeat(50)).is_ok());
        assert_eq!(PersonName::parse(&"长".repeat(51)), Err(Invalid::TooLong { limit: 50 }));
    }

    #[test]
    fn masks_all_but_the_first_character() {
        for (text, masked) in [("张", "*"), ("张三", "张*"), ("欧阳娜", "欧**"), ("买买提·吐尔逊", "买**")]
        {
            assert_eq!(name(text).masked(), masked);
        }
    }

    #[test]
    fn finds_the_surname() {
        for (text, surname) in
            [("张三丰", "张"), ("欧阳娜娜", "欧阳"), ("司马光", "司马"), ("欧阳", "欧"), ("东", "东")]
        {
            assert_eq!(name(text).surname(), surname);
        }
    }

    #[test]
    fn debug_hides_it_and_json_keeps_it() {
        assert_eq!(format!("{:?}", name("张三")), "PersonName(…)");
        let json = serde_json::to_string(&name("张三")).unwrap();
        assert_eq!(json, "\"张三\"");
        assert_eq!(serde_json::from_str::<PersonName>(&json).unwrap(), name("张三"));
        assert!(serde_json::from_str::<PersonName>("\"\"").is_err());
    }
}
