//! The journal must be readable for ever: one golden example of every event's form.
//!
//! `golden/events/<name>.v<version>.json` holds a payload exactly as [`Event::payload`] wrote it once,
//! and a newline. To add the file of a new form, add a sample to its stream's file in `common/samples` and
//! run these tests with `UPDATE_EXPECT=1`. Only missing files are written: an existing golden file is never
//! rewritten, because journals with that form exist. Where a form has to change, give it a new version.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path, sync::LazyLock};

use bangfu_domain::event::{Event, EventFormError, EventType};
use expect_test::expect_file;
use serde_json::{Value, json};

/// The golden files by name. Missing ones are written first, when that is asked for.
static GOLDEN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for sample in common::samples::samples().into_iter().flat_map(|samples| samples.events) {
            let path = folder.join(file_name(sample.event_type()));
            if !path.exists() {
                fs::write(path, format!("{}\n", sample.payload().unwrap())).unwrap();
            }
        }
    }
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    entries.map(|path| (file(&path), fs::read_to_string(&path).unwrap())).collect()
});

fn file_name(form: EventType) -> String {
    format!("{}.v{}.json", form.name, form.version)
}

/// The golden payload of a form.
fn golden(form: EventType) -> &'static str {
    let file = file_name(form);
    let Some(text) = GOLDEN.get(&file) else {
        panic!("golden/events/{file} is missing: add a sample, run with UPDATE_EXPECT=1")
    };
    text.strip_suffix('\n').unwrap()
}

fn parse(form: EventType, payload: &Value) -> Result<Event, EventFormError> {
    Event::parse(form.name, form.version, &payload.to_string())
}

#[test]
fn every_form_has_a_golden_file_and_every_golden_file_a_form() {
    let mut forms: Vec<String> = Event::types().into_iter().map(file_name).collect();
    forms.sort();
    let files: Vec<String> = GOLDEN.keys().cloned().collect();
    assert_eq!(files, forms);
}

#[test]
fn every_golden_file_is_read_and_written_back_as_it_was() {
    for form in Event::types() {
        let event = Event::parse(form.name, form.version, golden(form)).unwrap();
        assert_eq!(event.event_type(), form);
        assert_eq!(event.payload().unwrap(), golden(form), "{}", form.name);
    }
}

#[test]
fn an_unknown_field_is_an_error_wherever_it_stands() {
    for form in Event::types() {
        let payload: Value = serde_json::from_str(golden(form)).unwrap();
        for pointer in objects_in(&payload, "") {
            let mut spoilt = payload.clone();
            let object = spoilt.pointer_mut(&pointer).and_then(Value::as_object_mut).unwrap();
            object.insert("unheard_of".to_owned(), json!(1));
            let read = parse(form, &spoilt);
            let name = form.name;
            assert!(matches!(read, Err(EventFormError::Payload { .. })), "{name} at {pointer:?}");
        }
    }
}

#[test]
fn an_unknown_type_or_version_is_an_error() {
    let form = Event::types().into_iter().find(|form| form.name == "grant.ended").unwrap();
    for (name, version) in [("grant.forgotten", 1), ("grant.ended", 0), ("grant.ended", 2)] {
        let read = Event::parse(name, version, golden(form));
        assert!(matches!(read, Err(EventFormError::Unknown { .. })), "{name} version {version}");
    }
}

/// At the installation nobody proposes or approves; 市直 has no division; and so on. `golden/optional_fields.txt` names
/// all that may be absent, and the reviewer of a change reads it.
#[test]
fn only_an_optional_field_may_be_absent() {
    let mut optional = String::new();
    for form in Event::types() {
        let payload: Value = serde_json::from_str(golden(form)).unwrap();
        for field in payload.as_object().unwrap().keys() {
            let mut shorter = payload.clone();
            shorter.as_object_mut().unwrap().remove(field);
            if let Ok(event) = parse(form, &shorter) {
                let written: Value = serde_json::from_str(&event.payload().unwrap()).unwrap();
                assert_eq!(written, shorter, "{} without {field}", form.name);
                writeln!(optional, "{}.v{} {field}", form.name, form.version).unwrap();
            }
        }
    }
    expect_file!["golden/optional_fields.txt"].assert_eq(&optional);
}

/// Pointers to all objects in a value, the value itself first.
fn objects_in(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let inner = fields.iter().flat_map(|(key, v)| objects_in(v, &format!("{at}/{key}")));
            inner.chain([at.to_owned()]).collect()
        }
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.flat_map(|(n, v)| objects_in(v, &format!("{at}/{n}"))).collect()
        }
        _ => Vec::new(),
    }
}
