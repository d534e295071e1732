//! What the documents say of the journal: the fields of its events, and the kinds of stream.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

use bangfu_domain::{
    event::{Event, EventType},
    stream::StreamKind,
};
use expect_test::expect_file;
use serde_json::Value;

fn in_repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A document with what stands between two of its texts made anew.
fn with_section(path: &str, (begin, end): (&str, &str), section: &str) -> String {
    let page = fs::read_to_string(in_repository(path)).unwrap();
    let (before, rest) = page.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    format!("{before}{begin}{section}{end}{after}")
}

/// What a value of an event is, as far as its form tells.
fn what(text: &str) -> String {
    let all = |ok: fn(char) -> bool| text.chars().all(ok);
    let is_hex = all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    match text.len() {
        36 if text.matches('-').count() == 4 => "id".to_owned(),
        10 if text.matches('-').count() == 2 && all(|c| c.is_ascii_digit() || c == '-') => "day".to_owned(),
        64 if is_hex => "keyed hash".to_owned(),
        _ if all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') && !all(|c| c.is_ascii_digit()) => {
            "code".to_owned()
        }
        _ => format!("text: `{text}`"),
    }
}

/// A value with more fields than this is a document of its own, and is not listed field by field.
const MOST_FIELDS: usize = 30;

/// The fields in a value, each with what it is.
fn fields(value: &Value, at: &str) -> Vec<(String, String)> {
    let one = |what: &str| vec![(at.to_owned(), what.to_owned())];
    match value {
        Value::Object(object) if object.contains_key("hmac") => {
            one(&format!("commitment: `{}`", object["group"].as_str().unwrap()))
        }
        Value::Object(object) if object.len() == 2 && object.contains_key("remark") => {
            one("id and commitment of words")
        }
        Value::Object(object) => {
            let inner = object.iter().flat_map(|(name, value)| match at {
                "" => fields(value, name),
                _ => fields(value, &format!("{at}.{name}")),
            });
            inner.collect()
        }
        Value::Array(items) => {
            let mut inner: Vec<_> = items.iter().flat_map(|item| fields(item, &format!("{at}[]"))).collect();
            inner.sort();
            inner.dedup();
            inner
        }
        Value::String(text) => one(&what(text)),
        Value::Number(_) => one("number"),
        Value::Bool(_) => one("yes or no"),
        Value::Null => one("nothing"),
    }
}

/// The rows of a form: what its fields are, and which fields are that.
fn rows(form: EventType) -> Vec<(String, Vec<String>)> {
    let file = format!("crates/domain/tests/golden/events/{}.v{}.json", form.name, form.version);
    let payload: Value = serde_json::from_str(&fs::read_to_string(in_repository(&file)).unwrap()).unwrap();
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in payload.as_object().unwrap() {
        let mut shorter = payload.clone();
        shorter.as_object_mut().unwrap().remove(name);
        let may_be_absent = Event::parse(form.name, form.version, &shorter.to_string()).is_ok();
        let mut inner = fields(value, name);
        if inner.len() > MOST_FIELDS {
            inner = vec![(name.clone(), "a document, whole: see its example".to_owned())];
        }
        let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (field, what) in inner {
            by_field.entry(field).or_default().push(what);
        }
        for (field, whats) in by_field {
            let field = if may_be_absent { format!("`{field}`?") } else { format!("`{field}`") };
            let what = whats.join(", ").replace(", commitment: ", ", ");
            match rows.iter_mut().find(|(known, _)| *known == what) {
                Some((_, fields)) => fields.push(field),
                None => rows.push((what, vec![field])),
            }
        }
    }
    rows
}

#[test]
fn the_classification_lists_the_fields_of_every_event() {
    let mut table = String::from("\n| event | field | what it is |\n|---|---|---|\n");
    for form in Event::types() {
        let mut event = format!("`{}` {}", form.name, form.version);
        let rows = rows(form);
        if rows.is_empty() {
            writeln!(table, "| {event} | none | |").unwrap();
        }
        for (what, fields) in rows {
            writeln!(table, "| {event} | {} | {what} |", fields.join(" ")).unwrap();
            event.clear();
        }
    }
    let page = with_section("docs/field-classification.md", ("<!-- events -->", "<!-- end of events -->"), &table);
    expect_file!["../../docs/field-classification.md"].assert_eq(&page);
}

#[test]
fn the_script_of_the_journal_names_every_kind_of_stream_in_its_order() {
    let kinds: Vec<_> = StreamKind::ALL.iter().map(|kind| format!("\"{kind}\"")).collect();
    let lines: Vec<_> = kinds.chunks(8).map(|line| line.join(", ")).collect();
    let page = with_section("docs/journal-format.md", ("KINDS = [", "]"), &lines.join(",\n         "));
    expect_file!["../../docs/journal-format.md"].assert_eq(&page);
}
