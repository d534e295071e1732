//! Code lists: public, complete, and kept by those who read them.

use std::collections::HashMap;

use bangfu_client::PreparedRequest;
use harness::{Answer, Client, Database, TestServer};
use serde_json::Value;
use ureq::http::Method;

fn again(client: &Client, path: &str, etags: &str) -> Answer {
    client.call(&PreparedRequest::new(Method::GET, path).with_header("if-none-match", etags))
}

#[test]
fn every_list_of_the_description_is_read_without_signing_in() {
    let server = TestServer::start(Database::Sqlite);
    let anonymous = &server.anonymous;
    let description = anonymous.get("/openapi.json").expect(200);
    let schemas = description.body["components"]["schemas"].as_object().expect("schemas");
    let described: HashMap<String, &Value> = schemas
        .iter()
        .filter(|(_, schema)| schema["enum"].is_array())
        .map(|(name, schema)| (name.to_lowercase(), schema))
        .collect();
    let all = anonymous.get("/v1/code-lists").expect(200);
    let items = all.body["items"].as_array().expect("items");
    assert_eq!(items.len(), described.len());
    for item in items {
        let name = item["name"].as_str().expect("a name");
        let list = anonymous.get(&format!("/v1/code-lists/{name}")).expect(200);
        assert_eq!((list.text("/name"), &list.body["version"]), (name.to_owned(), &item["version"]));
        let values = list.body["values"].as_array().expect("values");
        assert_eq!(item["values"], values.len());
        let schema = described.get(&name.replace('_', "")).expect("the schema of that name");
        let codes: Value = values.iter().map(|value| value["code"].clone()).collect();
        assert_eq!((&schema["enum"], &schema["description"]), (&codes, &list.body["description"]));
        for value in values {
            let mut label = value["label"].clone();
            if let Some(detail) = value.get("detail") {
                label["detail"] = detail.clone();
            }
            assert_eq!(label, schema["x-labels"][value["code"].as_str().expect("a code")]);
        }
    }
}

#[test]
fn a_list_is_kept_and_asked_for_again_by_its_tag() {
    let server = TestServer::start(Database::Sqlite);
    let anonymous = &server.anonymous;
    for path in ["/v1/code-lists", "/v1/code-lists/hardship_category"] {
        let first = anonymous.get(path).expect(200);
        assert_eq!(first.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(first.header("content-type"), Some("application/json"));
        let tag = first.etag();
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let known = again(anonymous, path, &tags).expect(304);
            assert_eq!(known.body, Value::Null, "{tags}");
            assert_eq!((known.etag(), known.header("cache-control")), (tag.clone(), Some("public, max-age=300")));
        }
        assert_eq!(again(anonymous, path, "\"other\"").expect(200).body, first.body);
        again(anonymous, path, "other").expect_problem(400, "invalid_header");
    }
}

#[test]
fn a_list_that_does_not_exist_is_not_found_and_not_kept() {
    let server = TestServer::start(Database::Sqlite);
    let unknown = server.anonymous.get("/v1/code-lists/HardshipCategory").expect_problem(404, "not_found");
    assert_eq!(unknown.header("cache-control"), Some("no-store"));
    server.anonymous.get("/v1/code-lists/role?language=zh").expect_problem(400, "invalid_query");
    let body = serde_json::json!({});
    server.anonymous.post("/v1/code-lists", &body).expect_problem(405, "method_not_allowed");
}

#[test]
fn problems_and_wrong_values_are_lists_as_well() {
    let server = TestServer::start(Database::Sqlite);
    let read = |name: &str| server.anonymous.get(&format!("/v1/code-lists/{name}")).expect(200).body.clone();
    let of = |list: &Value, code: &str| {
        let values = list["values"].as_array().expect("values").clone();
        values.into_iter().find(|value| value["code"] == code).expect("the code")
    };
    let blocked = of(&read("problem_code"), "blocked");
    assert_eq!(blocked["label"]["zh"], "缺少政策要求的依据");
    assert!(blocked["detail"]["en"].as_str().is_some_and(|text| text.contains("blockers")));
    assert_eq!(of(&read("value_code"), "in_future")["label"]["zh"], "不得晚于今天。");
}
