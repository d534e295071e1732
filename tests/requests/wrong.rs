//! Wrong values, and what is said of them.

use harness::Answer;
use serde_json::Value;

/// A text that stands in wrong values, and must stand in no answer.
pub const MARKER: &str = "zq7marker";

/// The only error's pointer and code.
pub fn only_error(answer: &Answer) -> (String, String) {
    let errors = answer.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(errors.len(), 1, "{:#}", answer.body);
    (answer.text("/errors/0/pointer"), answer.text("/errors/0/code"))
}

/// Puts a value at a JSON pointer whose parent is there.
pub fn put(body: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.insert(name.to_owned(), value);
}

/// Every text and number in it that is long enough not to stand in an answer by chance.
pub fn values(body: &Value) -> Vec<String> {
    match body {
        Value::Object(fields) => fields.values().flat_map(values).collect(),
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::String(text) if text != "patient" && text.trim().len() > 4 => vec![text.clone()],
        Value::Number(number) if number.to_string().len() > 3 => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// Nothing that was sent is repeated.
pub fn assert_silent(answer: &Answer, sent: &Value) {
    let said = answer.body.to_string();
    assert!(!said.contains(MARKER), "{said}");
    for value in values(sent) {
        assert!(!said.contains(&value), "{value} in {said}");
    }
}

/// A text of this length that begins with the marker.
pub fn marker(length: usize) -> Value {
    MARKER.chars().cycle().take(length).collect::<String>().into()
}
