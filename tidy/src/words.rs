//! Words that are not used here: names that say nothing, and a way of writing that asks for a second reading.

use crate::{assert_none, sources};

/// Parts of names that say nothing.
const EMPTY_NAMES: &[&str] = &["Manager", "Helper", "Util", "Utils", "Misc", "Impl", "Data2"];

/// Former names of this code, which a reader had to learn first.
const RETIRED_NAMES: &[&str] = &[
    "Deed",
    "Desk",
    "Door",
    "Eyes",
    "Guesses",
    "LastWords",
    "MISFIT",
    "Mint",
    "Misfit",
    "Shot",
    "Sight",
    "Stamps",
    "Till",
    "Told",
    "Voice",
    "deed",
    "desk",
    "till",
    "voice",
];

/// Words of comments and documents that ask for a second reading.
const PROSE: &[&str] =
    &["whoever", "whosoever", "whomever", "thereof", "therein", "hitherto", "so many seconds", "somebody"];

/// Texts that are left alone, each for its reason.
const LEFT_ALONE: &[(&str, &str)] = &[
    ("tidy/", "it names the words that it forbids"),
    ("CHANGELOG.md", "it tells what was released, in the words of the time"),
    ("migrations/", "a migration that exists is never changed"),
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn no_name_is_empty() {
    let mut findings = Vec::new();
    for source in sources::rust() {
        for (number, line) in source.lines() {
            let declared = ["struct ", "enum ", "trait ", "type ", "mod "]
                .iter()
                .find_map(|kind| line.split_once(kind))
                .and_then(|(_, rest)| words(rest).next());
            let Some(name) = declared else { continue };
            if EMPTY_NAMES.iter().any(|empty| name.ends_with(empty)) {
                findings.push(source.at(number, name));
            }
        }
    }
    assert_none("a name says what the thing is", &findings);
}

#[test]
fn no_former_name_comes_back() {
    let mut findings = Vec::new();
    for source in sources::rust().iter().filter(|it| !it.path.starts_with("tidy/")) {
        for (number, line) in source.lines() {
            let code = line.split("//").next().unwrap_or_default();
            let code = code.split('"').step_by(2);
            if let Some(word) = code.flat_map(words).find(|word| RETIRED_NAMES.contains(word)) {
                findings.push(source.at(number, word));
            }
        }
    }
    assert_none("names are terms of the field and of the trade", &findings);
}

#[test]
fn names_of_functions_are_plain() {
    let mut findings = Vec::new();
    for source in sources::rust() {
        for (number, line) in source.lines() {
            let code = line.split("//").next().unwrap_or_default();
            let declared = code.split_once("fn ").and_then(|(_, rest)| words(rest).next());
            let Some(name) = declared else { continue };
            let spoken = name.replace('_', " ");
            if PROSE.iter().any(|word| spoken.contains(word)) {
                findings.push(source.at(number, name));
            }
        }
    }
    assert_none("names of functions are plain English", &findings);
}

#[test]
fn prose_is_plain() {
    let mut findings = Vec::new();
    for source in sources::sources(&[".rs", ".md", ".cedar", ".cedarschema", ".sql", ".toml"]) {
        if LEFT_ALONE.iter().any(|(path, _)| source.path.starts_with(path)) {
            continue;
        }
        for (number, line) in source.lines() {
            let is_prose = !source.is_rust() || line.contains("//");
            let lower = line.to_lowercase();
            let found = PROSE.iter().find(|word| is_prose && lower.contains(**word));
            if let Some(word) = found {
                findings.push(source.at(number, word));
            }
        }
    }
    assert_none("comments and documents are plain English", &findings);
}
