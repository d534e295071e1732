//! Files that are made by the code and committed. `UPDATE_EXPECT=1 cargo test` makes them again.

mod journal;
mod shapes;
mod texts;

use std::{collections::BTreeSet, fmt::Write};

use bangfu_domain::{codes::CodeValue, invalid::Invalid};
use bangfu_http::{
    openapi,
    problem::{Code, Language, VALUE_CODES},
};
use expect_test::expect_file;
use serde_json::Value;

pub(crate) fn document() -> Value {
    serde_json::from_str(&openapi::text().unwrap_or_default()).unwrap_or_default()
}

fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flatten();
    items
        .flat_map(|(path, item)| {
            let methods = item.as_object().cloned().unwrap_or_default();
            let path = path.clone();
            methods.into_iter().map(move |(method, op)| (format!("{method} {path}"), op))
        })
        .collect()
}

#[test]
fn the_committed_description_is_the_one_that_the_code_gives() {
    expect_file!["../../openapi/openapi.json"].assert_eq(&openapi::text().unwrap());
}

#[test]
fn the_committed_schema_of_the_policies_is_the_one_that_the_code_gives() {
    expect_file!["../../policies/access/schema.cedarschema"].assert_eq(&bangfu_app::access::cedar_schema());
}

#[test]
fn every_reference_in_the_description_resolves() {
    let document = document();
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} is missing");
    }
}

#[test]
fn every_operation_is_described_in_full() {
    let document = document();
    let operations = operations(&document);
    assert!(operations.len() > 20);
    let mut ids = BTreeSet::new();
    for (name, operation) in &operations {
        assert!(ids.insert(operation["operationId"].to_string()), "{name}: operation id twice");
        for field in ["summary", "tags", "security"] {
            assert!(!operation[field].is_null(), "{name}: no {field}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}: no success");
        for (status, response) in responses {
            let shared = response["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#')));
            let description = shared.unwrap_or(response)["description"].as_str();
            let description = description.unwrap_or_default();
            assert!(!description.is_empty(), "{name}: {status} is not described");
        }
        let tag = &operation["tags"][0];
        assert!(document["tags"].as_array().unwrap().iter().any(|it| it["name"] == *tag), "{name}: {tag} is no tag");
    }
}

#[test]
fn the_committed_list_of_problems_is_the_catalogue() {
    let mut page = String::from(
        "# Problems 问题代码\n\nEvery answer that is not a success is a problem (RFC 9457); `POST /oauth/token` answers \
         with the errors of RFC 6749. This page is made from the code.\n\n\
         | code | status | English | 中文 |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let (en, zh) = (code.texts(Language::English), code.texts(Language::Chinese));
        let (name, status) = (code.name(), code.status());
        writeln!(page, "| `{name}` | {status} | {}. {} | {}。{} |", en.title, en.detail, zh.title, zh.detail).unwrap();
    }
    page.push_str("\n## Wrong values 错误的值\n\n| code | English | 中文 |\n|---|---|---|\n");
    for CodeValue { code, label, .. } in VALUE_CODES {
        writeln!(page, "| `{code}` | {} | {} |", label.en, label.zh).unwrap();
    }
    expect_file!["../../docs/problems.md"].assert_eq(&page);
}

#[test]
fn every_reason_of_the_domain_is_in_the_catalogue() {
    for invalid in Invalid::ALL {
        assert!(VALUE_CODES.iter().any(|known| known.code == invalid.code()), "{invalid:?}");
    }
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len(), "a code stands twice");
}
