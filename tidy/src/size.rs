//! Lines and files that a person can read, and a doc comment on every public item.

use crate::{assert_none, sources};

const LINE_CHARACTERS: usize = 120;
const FILE_LINES: usize = 400;

/// Files that are longer, with the length that they may not pass.
const LONGER: &[(&str, usize)] = &[
    ("crates/domain/tests/case_story.rs", 410),
    ("crates/domain/tests/policy.rs", 462),
    ("crates/persistence/src/store.rs", 458),
];

/// Files in which a line is what it must be: a table of diesel's, a text for people.
const LONG_LINES: &[&str] = &["crates/http/src/problem/catalogue.rs"];

#[test]
fn no_line_is_longer_than_a_screen() {
    let mut findings = Vec::new();
    for source in sources::rust().iter().filter(|it| !LONG_LINES.contains(&it.path.as_str())) {
        for (number, line) in source.lines() {
            let length = line.chars().count();
            if length > LINE_CHARACTERS {
                findings.push(source.at(number, &format!("{length} characters")));
            }
        }
    }
    assert_none(&format!("a line has at most {LINE_CHARACTERS} characters"), &findings);
}

#[test]
fn no_file_is_longer_than_a_person_holds_in_mind() {
    let mut findings = Vec::new();
    for source in sources::rust() {
        let known = LONGER.iter().find(|(path, _)| *path == source.path);
        let limit = known.map_or(FILE_LINES, |(_, limit)| *limit);
        let length = source.text.lines().count();
        if length > limit {
            findings.push(format!("{}: {length} lines, at most {limit}", source.path));
        }
        if known.is_some() && length <= FILE_LINES {
            findings.push(format!("{}: is no exception any more", source.path));
        }
    }
    assert_none("a file is parted by what it tells", &findings);
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let findings: Vec<String> =
        sources::rust().iter().filter(|it| !it.text.starts_with("//!")).map(|it| it.path.clone()).collect();
    assert_none("a file begins with `//!` and a sentence", &findings);
}

/// What a line declares that others may use.
fn public_item(line: &str) -> Option<&str> {
    let item = line.trim_start().strip_prefix("pub ")?;
    let item = ["async ", "const ", "unsafe "].iter().fold(item, |item, word| {
        if item.starts_with("const fn") || *word != "const " { item.strip_prefix(word).unwrap_or(item) } else { item }
    });
    let kinds = ["fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ", "union "];
    kinds.iter().any(|kind| item.starts_with(kind)).then_some(item)
}

#[test]
fn every_public_item_is_documented() {
    let mut findings = Vec::new();
    for source in sources::rust().iter().filter(|it| it.path.contains("/src/")) {
        let mut documented = false;
        for (number, line) in source.lines() {
            let line = line.trim_start();
            if ["///", "#[doc", "$(#[$", "$(#[doc"].iter().any(|doc| line.starts_with(doc)) {
                documented = true;
            } else if let Some(item) = public_item(line) {
                if !documented {
                    let name = item.split(['(', '<', '{', ';', ':', '=']).next().unwrap_or(item);
                    findings.push(source.at(number, name.trim()));
                }
                documented = false;
            } else if line.is_empty() || line.ends_with([';', '{', '}']) {
                documented = false; // Any other line is one of an attribute's.
            }
        }
    }
    assert_none("a public item says what it means", &findings);
}
