//! The API's description, generated from the code.

mod headers;

use std::collections::BTreeMap;

use actix_web::App;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ObjectBuilder, Ref, RefOr, Required, Response,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_actix_web::AppExt;

use crate::{
    json::{
        RESOURCES,
        problems::{FieldErrorBody, ProblemBody},
    },
    routes::routes,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "bangfu 帮扶",
        description = "Precision aid for hardship workers 困难职工精准帮扶: from a hospital's referral to the \
            auditor's totals. Amounts are decimal texts in yuan, days are days in UTC+8, instants are RFC 3339 \
            in UTC. What is wrong is said as a problem (RFC 9457) in zh-CN or en.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ProblemBody, FieldErrorBody)),
    modifiers(&Security),
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The API's description.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut api) = App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes).split_for_parts();
    let mut shared = Shared::new();
    for (path, item) in &mut api.paths.paths {
        if let Some(operation) = item.get.as_mut() {
            headers::of_read(operation);
        }
        if let Some(operation) = item.post.as_mut() {
            headers::of_change(path, operation, true);
        }
        if let Some(operation) = item.put.as_mut() {
            headers::of_change(path, operation, false);
        }
        let operations = [&mut item.get, &mut item.post, &mut item.put];
        for operation in operations.into_iter().flatten() {
            add_id(path, operation);
            describe_cursor(operation);
            share_problems(operation, &mut shared);
        }
    }
    api.components.get_or_insert_default().responses.extend(shared);
    let tags = RESOURCES.iter().flat_map(|resource| resource.tags);
    let tag = |(name, description): &(_, _)| TagBuilder::new().name(*name).description(Some(*description)).build();
    api.tags = Some(tags.map(tag).collect());
    api
}

/// The id in a path, by the collection before it.
fn add_id(path: &str, operation: &mut Operation) {
    let of = |(collection, name, id): &(&str, &'static str, &'static str)| {
        let below = path.strip_prefix("/v1/")?.strip_prefix(collection)?;
        below.starts_with("/{id}").then_some((*name, *id))
    };
    let mut collections = RESOURCES.iter().flat_map(|resource| resource.collections);
    let Some((name, id)) = collections.find_map(of) else { return };
    let parameter = ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(format!("The {name}")))
        .schema(Some(Ref::from_schema_name(id)))
        .build();
    operation.parameters.get_or_insert_default().insert(0, parameter.into());
}

/// Gives the parameter `cursor` the format of every cursor.
fn describe_cursor(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.name == "cursor" {
            parameter.schema =
                Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Za-z0-9_-]{43}$")).into());
        }
    }
}

const PROBLEM_JSON: &str = "application/problem+json";

/// Puts the problems that an operation answers with among the components, one for each status and description, and
/// leaves references: every operation has the same ones.
fn share_problems(operation: &mut Operation, shared: &mut Shared) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(own) = response else { continue };
        let Some(RefOr::T(content)) = own.content.get_mut(PROBLEM_JSON) else { continue };
        content.schema = Some(Ref::from_schema_name("Problem").into());
        let name = |n: usize| match n {
            1 => format!("Problem{status}"),
            n => format!("Problem{status}-{n}"),
        };
        let known = |name: &String| shared.get(name).is_none_or(|known| *known == *response);
        let Some(name) = (1..=shared.len() + 1).map(name).find(known) else { continue };
        let reference = Ref::from_response_name(&name);
        shared.insert(name, std::mem::replace(response, reference.into()));
    }
}

/// The responses among the components.
type Shared = BTreeMap<String, RefOr<Response>>;

/// The description as committed: pretty JSON with a newline at the end.
pub fn text() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&document())?;
    text.push('\n');
    Ok(text)
}
