//! Where the description writes a shape beside the type that is read, the two must say the same.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use harness::City;
use serde_json::{Value, json};

use crate::document;

/// The properties seen in a value, each with the name of its shape.
type Seen = BTreeSet<(String, String)>;

/// Holds a value against its schema: what it has is described, what is required is there.
fn compare(document: &Value, schema: &Value, value: &Value, at: &str, seen: &mut Seen) {
    // What may be null is described as one of a shape and null.
    let schema = schema.pointer("/oneOf/0").unwrap_or(schema);
    let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or("#");
    let name = reference.rsplit('/').next().unwrap();
    let schema = match reference.trim_start_matches('#') {
        "" => schema,
        pointer => document.pointer(pointer).unwrap(),
    };
    let is_of = |kind: &str| {
        let kinds = schema["type"].as_array();
        schema["type"] == kind || kinds.is_some_and(|kinds| kinds.contains(&kind.into()))
    };
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                let described = &schema["properties"][field];
                assert!(described.is_object(), "{at}/{field} is not described");
                seen.insert((name.to_owned(), field.clone()));
                compare(document, described, inner, &format!("{at}/{field}"), seen);
            }
            for field in schema["required"].as_array().into_iter().flatten() {
                let field = field.as_str().unwrap();
                assert!(fields.contains_key(field), "{at}/{field} may be absent");
            }
        }
        Value::Array(items) => {
            assert!(is_of("array"), "{at}");
            for (nth, item) in items.iter().enumerate() {
                compare(document, &schema["items"], item, &format!("{at}/{nth}"), seen);
            }
        }
        Value::String(_) => {
            let codes = schema["enum"].as_array();
            assert!(is_of("string") && codes.is_none_or(|codes| codes.contains(value)), "{at}");
        }
        Value::Number(_) => assert!(is_of("integer"), "{at}"),
        Value::Bool(_) => assert!(is_of("boolean"), "{at}"),
        Value::Null => panic!("{at} is null"),
    }
}

#[test]
fn the_shapes_of_a_policy_are_those_of_the_document_that_is_read() {
    let document = document();
    let mut policy = City::policy();
    let year = json!([{ "year": 2027, "off": ["2027-01-01"], "worked": ["2027-01-02"] }]);
    policy["document"]["calendar"] = year;
    let mut seen = Seen::new();
    let draft = json!({ "$ref": "#/components/schemas/DraftPolicy" });
    compare(&document, &draft, &policy, "", &mut seen);

    // The sample has every field somewhere, so no shape describes one that is not read.
    let names: BTreeSet<String> = seen.iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        let properties = document["components"]["schemas"][&name]["properties"].as_object();
        for field in properties.unwrap().keys() {
            assert!(seen.contains(&(name.clone(), field.clone())), "{name} has no {field}");
        }
    }
}
