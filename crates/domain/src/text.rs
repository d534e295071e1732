//! Free text of a limited length.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    text_value::{TextFormat, TextValue, described},
};

/// Whether a character is invisible or changes how others are shown: zero-width and bidirectional marks, line
/// separators, tags, noncharacters. Names and references that differ only in such characters look the same. Private-use
/// characters and variation selectors do not count: rare names contain them.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        u32::from(character),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180E
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFDD0..=0xFDEF
            | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFE | 0xFFFF | 0x1D173..=0x1D17A
            | 0xE0000..=0xE00FF
    )
}

/// Free text of 1 to `MAX` characters without white space at its ends.
///
/// It may contain anything, so it counts as personal and its `Debug` form shows only its length. Characters are Unicode
/// scalar values. The only control characters in it are newline and tab.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

/// A name of an organization, a source or a client, at most 100 characters.
pub type Title = Line<100>;

impl<const MAX: usize> Text<MAX> {
    /// Takes a text, drops the white space at its ends, and ends its lines with a newline where they end with a
    /// carriage return.
    ///
    /// Refuses a blank text (`Required`), one of more than `MAX` characters (`TooLong`), and one
    /// with invisible characters or control characters other than newline and tab
    /// (`ControlCharacters`).
    pub fn parse(text: &str) -> Result<Text<MAX>, Invalid> {
        let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        if text.chars().nth(MAX).is_some() {
            return Err(Invalid::TooLong { limit: MAX });
        }
        if text.contains(|c: char| is_invisible(c) || c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(Invalid::ControlCharacters);
        }
        Ok(Text(text))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows the number of characters only.
impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.0.chars().count())
    }
}

impl<const MAX: usize> std::str::FromStr for Text<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Text::parse(text)
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Text<MAX>, Invalid> {
        Text::parse(&text)
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> String {
        text.0
    }
}

impl<const MAX: usize> TextValue for Text<MAX> {
    const FORMAT: TextFormat = TextFormat::Length(MAX);

    fn name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }
}

described!(Text<MAX>, const MAX);

/// Text of 1 to `MAX` characters on one line: a name, a number, a reference. Otherwise as [`Text`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize>(Text<MAX>);

impl<const MAX: usize> Line<MAX> {
    /// Takes a text as [`Text::parse`] does, and refuses one of several lines or with a tab (`ControlCharacters`).
    pub fn parse(text: &str) -> Result<Line<MAX>, Invalid> {
        let text = Text::parse(text)?;
        if text.as_str().contains(['\n', '\t']) { Err(Invalid::ControlCharacters) } else { Ok(Line(text)) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Shows the number of characters only.
impl<const MAX: usize> fmt::Debug for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> std::str::FromStr for Line<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Line::parse(text)
    }
}

impl<const MAX: usize> TryFrom<String> for Line<MAX> {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Line<MAX>, Invalid> {
        Line::parse(&text)
    }
}

impl<const MAX: usize> From<Line<MAX>> for String {
    fn from(line: Line<MAX>) -> String {
        line.0.into()
    }
}

impl<const MAX: usize> TextValue for Line<MAX> {
    const FORMAT: TextFormat = TextFormat::Line(MAX);

    fn name() -> std::borrow::Cow<'static, str> {
        format!("Line{MAX}").into()
    }
}

described!(Line<MAX>, const MAX);

#[cfg(test)]
mod tests {

    use super::{Line, Text};
    use crate::invalid::Invalid;

    #[test]
    fn trims_and_keeps_inner_lines() {
        let text = Text::<20>::parse("\u{3000}因病致困\n\t住院两次 \r\n").unwrap();
        assert_eq!(text.as_str(), "因病致困\n\t住院两次");
    }

    #[test]
    fn lines_end_alike_wherever_they_were_written() {
        for text in ["因病\n住院", "因病\r\n住院", "因病\r住院"] {
            assert_eq!(Text::<5>::parse(text).unwrap().as_str(), "因病\n住院");
            assert_eq!(Line::<5>::parse(text), Err(Invalid::ControlCharacters));
        }
        assert_eq!(Line::<5>::parse(" ZY-01\r\n").unwrap().as_str(), "ZY-01");
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert!(Text::<4>::parse(" 因病致困 ").is_ok());
        assert_eq!(Text::<3>::parse("因病致困"), Err(Invalid::TooLong { limit: 3 }));
    }

    #[test]
    fn refuses_blank_text_and_control_characters() {
        assert_eq!(Text::<4>::parse(" \n\u{3000}"), Err(Invalid::Required));
        for text in ["a\0b", "a\u{1b}b", "a\u{85}b", "a\u{200b}", "\u{202e}a", "\u{feff}"] {
            assert_eq!(Text::<4>::parse(text), Err(Invalid::ControlCharacters), "{text:?}");
        }
    }

    #[test]
    fn debug_shows_the_length_only() {
        let text = Text::<9>::parse("因病致困").unwrap();
        assert_eq!(format!("{text:?}"), "Text(4)");
    }

    #[test]
    fn json_is_parsed_like_any_input() {
        let text: Text<4> = serde_json::from_str("\" 因病 \"").unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"因病\"");
        assert!(serde_json::from_str::<Text<1>>("\"因病\"").is_err());
    }
}
