//! What the description says of texts: codes have labels, other texts a format, and operations that are named exist.

use std::collections::BTreeSet;

use bangfu_domain::{
    case::{Gap, HouseholdGap, VisitGap},
    evidence::{Begun, Blocker, BlockerCode, Gate},
    ids::{CaseId, ComparisonId, NoticeId, VisitId},
    time::Day,
};
use bangfu_http::missing::{BlockerView, GapView, Operation, VisitGapView};
use serde_json::Value;
use uuid::Uuid;

use crate::{document, operations};

/// Names of people and of what is registered, in answers: they are as long as what was entered.
/// This list may only shrink.
const NAMES: [&str; 3] = ["name", "holder_name", "organization_name"];

/// Every schema in the description, with where it stands.
fn schemas<'a>(value: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            if fields.get("type").is_some_and(|it| it.is_string() || it.is_array()) {
                found.push((at.to_owned(), value));
            }
            for (name, field) in fields.iter().filter(|(name, _)| *name != "example") {
                schemas(field, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (nth, item) in items.iter().enumerate() {
                schemas(item, &format!("{at}/{nth}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_text(schema: &Value) -> bool {
    let kind = &schema["type"];
    kind == "string" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|it| it == "string"))
}

#[test]
fn every_code_has_a_label_in_both_languages() {
    let document = document();
    let mut found = Vec::new();
    schemas(&document, "", &mut found);
    let lists: Vec<_> = found.into_iter().filter(|(_, schema)| schema["enum"].is_array()).collect();
    assert!(lists.len() > 60);
    for (at, list) in lists {
        let codes: BTreeSet<&str> = list["enum"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let labels = list["x-labels"].as_object().unwrap_or_else(|| panic!("{at}: no labels"));
        assert_eq!(codes, labels.keys().map(String::as_str).collect(), "{at}");
        for (code, label) in labels {
            for text in [label, &label["detail"]].into_iter().filter(|text| !text.is_null()) {
                for language in ["zh", "en"] {
                    let length = text[language].as_str().unwrap_or_default().chars().count();
                    assert!((1..=500).contains(&length), "{at}: {code} in {language}");
                }
                let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
                assert!(text["zh"].as_str().unwrap().contains(is_chinese), "{at}: {code}");
                assert!(!text["en"].as_str().unwrap().contains(is_chinese), "{at}: {code}");
            }
        }
        assert!(!list["description"].as_str().unwrap_or_default().is_empty(), "{at}: no description");
    }
}

#[test]
fn every_text_has_a_format_a_pattern_or_a_length() {
    let document = document();
    let mut found = Vec::new();
    schemas(&document, "", &mut found);
    let says = ["enum", "format", "pattern", "maxLength", "contentMediaType"];
    let bare = found.iter().filter(|(at, schema)| {
        let is_name = NAMES.iter().any(|name| at.ends_with(&format!("/properties/{name}")));
        // A body that is no JSON is described by its media type.
        let is_body = at.contains("/content/") && at.ends_with("/schema");
        is_text(schema) && !is_name && !is_body && says.iter().all(|it| schema[it].is_null())
    });
    let bare: Vec<&str> = bare.map(|(at, _)| at.as_str()).collect();
    assert!(bare.is_empty(), "a text without a format, a pattern or a length:\n{}", bare.join("\n"));
}

#[test]
fn what_is_missing_names_operations_that_exist() {
    let ids = Uuid::from_u128(1);
    let (case, visit, notice) = (CaseId::from_uuid(ids), VisitId::from_uuid(ids), NoticeId::from_uuid(ids));
    let day = Day::parse("2021-01-04").unwrap();
    let begun = [
        None,
        Some(Begun::Visit(visit)),
        Some(Begun::Comparison(ComparisonId::from_uuid(ids))),
        Some(Begun::Notice { id: notice, until: None }),
        Some(Begun::Notice { id: notice, until: Some(day) }),
    ];
    let blockers = BlockerCode::ALL.iter().flat_map(|code| {
        begun.map(|begun| BlockerView::from(&Blocker { case, gate: Gate::Submit, code: *code, begun }))
    });
    let mut named: Vec<Option<Operation>> = blockers.map(|it| it.action).collect();
    named.extend(HouseholdGap::ALL.iter().map(|gap| {
        let gap = Gap { missing: *gap, person: None };
        GapView::new(&gap, Some(case)).action
    }));
    named.extend(VisitGap::ALL.iter().map(|gap| VisitGapView::new(*gap, Some(visit)).action));
    let document = document();
    let known: Vec<(String, String)> = operations(&document)
        .into_iter()
        .map(|(name, operation)| (name, operation["operationId"].as_str().unwrap().to_owned()))
        .collect();
    for it in named.into_iter().flatten() {
        let address = format!("{} {}", it.method.to_lowercase(), it.path.replace(&ids.to_string(), "{id}"));
        let id = known.iter().find(|(name, _)| *name == address).map(|(_, id)| id.as_str());
        assert_eq!(id, Some(it.operation_id), "{address}");
    }
}
