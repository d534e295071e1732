//! What a layer may know: SQL stands in persistence, HTTP in the HTTP crate, and inside a crate modules point one way.

use crate::{assert_none, sources, sources::Source};

/// A place, and what its files may not say.
struct Rule {
    place: &'static str,
    never: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        place: "crates/domain/src/",
        never: &["async fn", "diesel", "actix", "tokio::", "SystemTime", "rand::"],
        why: "the domain is pure: state, time and randomness are arguments",
    },
    Rule {
        place: "crates/app/src/",
        never: &["actix", "utoipa", "StatusCode", "HeaderMap", "http::", "serde_json", "diesel"],
        why: "use cases know no transport, no JSON and no SQL",
    },
    Rule { place: "crates/app/src/access/", never: &["use_cases"], why: "access policies know no use case" },
    Rule { place: "crates/app/src/identity/", never: &["use_cases"], why: "identity knows no use case" },
    Rule {
        place: "crates/http/src/",
        never: &["diesel", "Action::", ".permits(", "Guard::"],
        why: "handlers hold no rules and no SQL",
    },
    Rule { place: "crates/http/src/edge/", never: &["crate::json"], why: "the edge knows no resource" },
];

/// Words that a file may say all the same, each for its reason.
const PERMITTED: &[(&str, &str, &str)] = &[
    ("crates/app/src/identity/token.rs", "serde_json", "a key set is JSON by RFC 7517, whatever the transport"),
    ("crates/app/src/use_cases/batches/take_results.rs", "serde_json", "what the same content is, for its fingerprint"),
];

/// Texts that are SQL.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "UPDATE ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
];
/// Where SQL stands, beside persistence: the benchmark's own copies of tables.
const WITH_SQL: &[&str] = &["crates/persistence/", "crates/bench/", "tests/", "tidy/"];

/// The lines of code, without comments.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn no_layer_knows_what_it_must_not() {
    let mut findings = Vec::new();
    for source in sources::rust() {
        let unused = PERMITTED.iter().filter(|(path, word, _)| *path == source.path && !source.text.contains(word));
        findings.extend(unused.map(|(_, word, _)| source.at(1, &format!("`{word}` is permitted and not used"))));
        for rule in RULES.iter().filter(|rule| source.path.starts_with(rule.place)) {
            for (number, line) in code(&source) {
                let is_permitted =
                    |never: &str| PERMITTED.iter().any(|(path, word, _)| *path == source.path && *word == never);
                let found = rule.never.iter().find(|never| line.contains(**never) && !is_permitted(never));
                if let Some(found) = found {
                    findings.push(source.at(number, &format!("`{found}`: {}", rule.why)));
                }
            }
        }
    }
    assert_none("a layer knows what lies below it", &findings);
}

#[test]
fn sql_stands_in_persistence_alone() {
    let mut findings = Vec::new();
    for source in sources::rust() {
        if WITH_SQL.iter().any(|place| source.path.starts_with(place)) {
            continue;
        }
        for (number, line) in code(&source) {
            if let Some(found) = SQL.iter().find(|sql| line.contains(**sql)) {
                findings.push(source.at(number, found));
            }
        }
    }
    assert_none("only persistence knows SQL", &findings);
}

#[test]
fn commands_are_types() {
    let mut findings = Vec::new();
    for source in sources::rust().iter().filter(|it| it.path.starts_with("crates/")) {
        for (number, line) in code(source) {
            let is_text = ["command: &str", "command: String"];
            if is_text.iter().any(|text| line.contains(text)) && !source.path.contains("/tests/") {
                findings.push(source.at(number, "a command as a text"));
            }
        }
    }
    assert_none("a command is a value of its enumeration", &findings);
}

#[test]
fn every_crate_names_all_cases() {
    let roots = sources::rust();
    let is_root = |it: &&Source| it.path.ends_with("src/lib.rs") || it.path.ends_with("src/main.rs");
    let ours = roots.iter().filter(|it| it.path.starts_with("crates/")).filter(is_root);
    let findings: Vec<String> = ours
        .filter(|it| !it.lines().any(|(_, line)| line == "#![deny(clippy::wildcard_enum_match_arm)]"))
        .map(|it| it.at(1, "`_` arms on enumerations are not denied"))
        .collect();
    assert_none("a match names every case; a test may pick one", &findings);
}
