//! The headers of requests that the description tells of: which an operation takes follows from what it can answer.

use utoipa::openapi::{
    Content, ObjectBuilder, Ref, RefOr, Required, Response,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};

use super::PROBLEM_JSON;

/// A list of entity tags, or `*`.
const TAGS: &str = r#"^\s*(\*|((W/)?"[!#-~]*"\s*,?\s*)+)$"#;

/// What a changing operation takes. A PUT needs no key. A version that is sent is always compared, also where none is
/// required; what has no id in its path has no version yet.
pub(super) fn of_change(path: &str, operation: &mut Operation, needs_key: bool) {
    let answers = |operation: &Operation, status: &str| operation.responses.responses.contains_key(status);
    if answers(operation, "422") && needs_key {
        let key = "8 to 128 printable characters, new for each new request. The same request with the same key has \
             one effect and one answer, for 31 days.";
        add(operation, header("Idempotency-Key", key, "^[!-~]{8,128}$", Required::True));
    }
    if answers(operation, "428") {
        add(operation, header("If-Match", "The ETag of the version that you read.", TAGS, Required::True));
    } else if answers(operation, "422") && path.contains("{id}") {
        let tag = "The ETag of the version that you read, if it matters: another version is 412.";
        add(operation, header("If-Match", tag, TAGS, Required::False));
        operation.responses.responses.insert("412".to_owned(), changed());
    }
}

/// What a reading operation takes, if it answers with a JSON document: such an answer has an entity tag.
pub(super) fn of_read(operation: &mut Operation) {
    let is_json = |answer: &RefOr<Response>| match answer {
        RefOr::T(response) => response.content.contains_key("application/json"),
        RefOr::Ref(_) => false,
    };
    if !operation.responses.responses.get("200").is_some_and(is_json) {
        return;
    }
    let known = "The ETag of what you have. If it would be the same again, the answer is 304 and has no body.";
    add(operation, header("If-None-Match", known, TAGS, Required::False));
    add(operation, header("If-Match", "The ETag of what you expect: another version is 412.", TAGS, Required::False));
    let unchanged = Response::new("You have it already");
    operation.responses.responses.insert("304".to_owned(), unchanged.into());
    operation.responses.responses.insert("412".to_owned(), changed());
}

fn changed() -> RefOr<Response> {
    let mut response = Response::new("The resource has changed since it was read.");
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    response.content.insert(PROBLEM_JSON.to_owned(), content.into());
    response.into()
}

fn header(name: &str, description: &str, pattern: &str, required: Required) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(text.build()))
        .build()
}

fn add(operation: &mut Operation, header: Parameter) {
    operation.parameters.get_or_insert_default().push(header.into());
}
