//! One spelling for values that people type and programs export in several: applied before a value is read, so that
//! what is right is never refused for the way it is written.

/// The text with its full-width forms (全角) as ASCII, typographic hyphens as `-`, and no white space at its ends.
///
/// For numbers, codes and days. A Chinese input method left in full-width mode writes `２０２１－０３－０１`.
pub fn plain(text: &str) -> String {
    text.trim().chars().map(narrow).collect()
}

/// The plain text without any white space: for numbers that are printed in groups, such as `6222 0213 0200 0000 009`.
pub fn compact(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).map(narrow).collect()
}

/// The ASCII form of a character that has one.
fn narrow(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, plain};

    #[test]
    fn full_width_forms_and_blanks_make_no_difference() {
        assert_eq!(plain(" ２０２１－０３－０１\u{3000}"), "2021-03-01");
        assert_eq!(plain("1 000"), "1 000", "a blank within may mean something");
        assert_eq!(compact("1101 0519\u{a0}4912 3100\u{3000}２Ｘ"), "11010519491231002X");
        assert_eq!(compact("0562–2831234"), "0562-2831234");
    }
}
