//! Where the description writes a shape beside the type that is read, the two must say the same.

use std::collections::BTreeSet;

use harness::City;
use serde_json::{Value, json};

use crate::document;

/// The names of the properties that a value has, below the pointer, and those that its schema describes.
fn compare(document: &Value, schema: &Value, value: &Value, at: &str) {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let schema =
        reference.map_or(schema, |it| document.pointer(it.trim_start_matches('#')).unwrap());
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let described = &schema["properties"][name];
                assert!(described.is_object(), "{at}/{name} is not described");
                compare(document, described, field, &format!("{at}/{name}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(schema["type"], "array", "{at}");
            for (nth, item) in items.iter().enumerate() {
                compare(document, &schema["items"], item, &format!("{at}/{nth}"));
            }
        }
        Value::String(_) => assert!(is_of(schema, "string"), "{at}"),
        Value::Number(_) => assert!(is_of(schema, "integer"), "{at}"),
        Value::Bool(_) => assert!(is_of(schema, "boolean"), "{at}"),
        Value::Null => panic!("{at} is null"),
    }
}

fn is_of(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&kind.into()))
}

/// Every object of the value, wherever it stands.
fn objects(value: &Value) -> Vec<BTreeSet<String>> {
    match value {
        Value::Object(fields) => {
            let own = fields.keys().cloned().collect();
            fields.values().flat_map(objects).chain([own]).collect()
        }
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_shapes_of_a_policy_are_those_of_the_document_that_is_read() {
    let document = document();
    let mut policy = City::policy();
    let year = json!([{ "year": 2027, "off": ["2027-01-01"], "worked": ["2027-01-02"] }]);
    policy["document"]["calendar"] = year;
    let schemas = &document["components"]["schemas"];
    compare(&document, &schemas["DraftPolicy"], &policy, "");

    // The sample has every field somewhere, so a shape has no field that is not read.
    let written = objects(&policy);
    for (name, schema) in schemas.as_object().unwrap() {
        let is_part = name.starts_with("Policy") && schema["properties"].is_object();
        let described: BTreeSet<String> =
            schema["properties"].as_object().into_iter().flat_map(|p| p.keys().cloned()).collect();
        let whole = written.contains(&described);
        assert!(!is_part || whole || name == "PolicyExpectation", "{name} describes {described:?}");
        let required =
            |field: &str| schema["required"].as_array().is_some_and(|r| r.contains(&field.into()));
        for fields in written.iter().filter(|fields| is_part && fields.is_subset(&described)) {
            let missing: Vec<_> =
                described.difference(fields).filter(|field| required(field)).collect();
            let other = fields.len() * 2 < described.len();
            assert!(missing.is_empty() || other, "{name}: {missing:?} may be absent");
        }
    }
}
