//! A state is what a derived table keeps of a stream, as a JSON document. `golden/states/<kind>.json` shows what the
//! golden events make of each kind, by the histories in `common/samples`.
//!
//! A document of another form is not read by the same program. A change of what a state is written as therefore
//! counts up `FORM` of its `Aggregate`, so that the table is rebuilt from the journal. The golden file says of which
//! form its states are, and `UPDATE_EXPECT=1` writes no other state of the same form.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    fs,
    path::Path,
};

use bangfu_domain::{
    aggregate::{Aggregate, State},
    event::{Event, EventType},
    stream::StreamKind,
};
use expect_test::expect_file;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use common::samples::{Samples, samples};

/// The golden event of a form.
fn golden(form: EventType) -> Event {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    let file = folder.join(format!("{}.v{}.json", form.name, form.version));
    let mut payload: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    if form.name == "batch.made" {
        // The golden results tell of a second line.
        let lines = payload["lines"].as_array_mut().unwrap();
        lines.push(lines[0].clone());
    }
    Event::parse(form.name, form.version, &payload.to_string()).unwrap()
}

/// A state as it is written, after it is read back as it was and refuses a field that it does not know.
fn document<T: Serialize + DeserializeOwned + PartialEq + Debug>(state: &T) -> Value {
    let written = serde_json::to_value(state).unwrap();
    assert_eq!(*state, serde_json::from_value(written.clone()).unwrap());
    for pointer in structs_in(&written, "") {
        let mut spoilt = written.clone();
        let object = spoilt.pointer_mut(&pointer).and_then(Value::as_object_mut).unwrap();
        object.insert("unheard_of".to_owned(), json!(1));
        assert!(serde_json::from_value::<T>(spoilt).is_err(), "{pointer:?}");
    }
    written
}

/// Pointers to all objects in a value, the value itself first.
fn structs_in(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let inner = fields.iter().flat_map(|(key, v)| structs_in(v, &format!("{at}/{key}")));
            [at.to_owned()].into_iter().chain(inner).collect()
        }
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.flat_map(|(n, v)| structs_in(v, &format!("{at}/{n}"))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

macro_rules! documents {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        fn document_of(state: &State) -> Value {
            match state { $(State::$kind(state) => document(state),)+ }
        }

        fn document_form(kind: StreamKind) -> u32 {
            match kind { $(StreamKind::$kind => <bangfu_domain::$module::$kind as Aggregate>::FORM,)+ }
        }
    };
}

bangfu_domain::for_each_stream!(documents);

/// The form that a word of a history names: the newest of its event, or the one of the version that it says.
fn form_of(kind: StreamKind, word: &str) -> EventType {
    let (event, version) = match word.split_once(".v") {
        Some((event, version)) => (event, Some(version.parse::<u16>().unwrap())),
        None => (word, None),
    };
    let name = format!("{kind}.{event}");
    let mut forms: Vec<EventType> = Event::types().into_iter().filter(|form| form.name == name).collect();
    forms.sort();
    let form = forms.into_iter().rfind(|form| version.is_none_or(|version| form.version == version));
    form.unwrap_or_else(|| panic!("there is no event {kind}.{word}"))
}

/// What the histories of a kind of stream come to, and the forms of their events.
fn shown(kind: StreamKind, histories: &[&str]) -> (Value, BTreeSet<EventType>) {
    let (mut shown, mut seen) = (Vec::new(), BTreeSet::new());
    for history in histories {
        let (mut state, mut after) = (None, Vec::new());
        for (word, version) in history.split_whitespace().zip(1..) {
            let form = form_of(kind, word.trim_end_matches('!'));
            let name = form.name;
            let evolved = State::evolve(state, version, &golden(form));
            let evolved = evolved.unwrap_or_else(|_| panic!("{name} after {after:?}"));
            after.push(word.trim_end_matches('!'));
            seen.insert(form);
            if word.ends_with('!') {
                shown.push(json!({ "after": after.join(" "), "state": document_of(&evolved) }));
            }
            state = Some(evolved);
        }
    }
    (Value::Array(shown), seen)
}

/// The value with its fields by name: whether `serde_json` keeps their order depends on what else is built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().collect();
            fields.into_iter().map(|(name, value)| (name, sorted(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// Refuses another document of a state that the golden file shows in the same form.
fn refuse_another_of_one_form(golden: &str, shown: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(golden);
    let Ok(text) = fs::read_to_string(file) else { return };
    let before: Value = serde_json::from_str(&text).unwrap();
    if before["form"] != shown["form"] {
        return;
    }
    for state in shown["states"].as_array().unwrap() {
        let known = before["states"].as_array().unwrap().iter().find(|it| it["after"] == state["after"]);
        let same = known.is_none_or(|it| it == state);
        assert!(same, "the document after {} changes: count FORM of the Aggregate up ({golden})", state["after"]);
    }
}

#[test]
fn a_state_is_written_as_before() {
    let mut seen = BTreeSet::new();
    for Samples { kind, histories, .. } in samples() {
        let (states, forms) = shown(kind, histories);
        seen.extend(forms);
        let shown = json!({ "form": document_form(kind), "states": states });
        let golden = format!("golden/states/{kind}.json");
        refuse_another_of_one_form(&golden, &shown);
        let text = format!("{}\n", serde_json::to_string_pretty(&sorted(shown)).unwrap());
        expect_file![golden].assert_eq(&text);
    }
    assert_eq!(seen, Event::types().into_iter().collect(), "every form is in a history");
}
