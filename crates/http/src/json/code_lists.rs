//! Code lists: every value that a field of the API may have, with what a user interface calls it.
//!
//! The lists are those of the API's description, so none that it refers to can be missing.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Bytes, Data, Path},
};
use bangfu_domain::codes::Bilingual;
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{
    ToSchema,
    openapi::{OpenApi, RefOr, schema::Schema},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, problems::PublicProblems};
use crate::{
    edge::NoParams,
    problem::{Code, Problem},
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_code_lists).service(get_code_list);
}

/// A value of a code list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeValue)]
pub struct CodeValueView {
    /// The code, as it stands in requests and answers.
    #[schema(example = "deep", max_length = 64)]
    pub code: String,
    /// What it is called.
    #[schema(value_type = Bilingual)]
    pub label: Value,
    /// What it means for its reader, in a sentence or two; only where the label does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Bilingual>)]
    pub detail: Option<Value>,
}

/// A code list with its values.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeList)]
pub struct CodeListView {
    /// Its name: that of its schema in this description, in snake case.
    #[schema(example = "hardship_category", max_length = 64)]
    pub name: String,
    /// What it lists.
    #[schema(max_length = 500)]
    pub description: String,
    /// A digest of all this. It changes whenever a value or a text does.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub version: String,
    /// Its values, in their order.
    pub values: Vec<CodeValueView>,
}

impl CodeListView {
    /// The list that a schema of the description is, if it is one.
    fn of(schema_name: &str, schema: &RefOr<Schema>) -> Option<Self> {
        let RefOr::T(Schema::Object(object)) = schema else { return None };
        let labels = object.extensions.as_ref()?.get("x-labels")?;
        let value = |code: &Value| {
            let code = code.as_str()?.to_owned();
            let mut label = labels.get(&code)?.as_object()?.clone();
            let detail = label.remove("detail");
            Some(CodeValueView { code, label: label.into(), detail })
        };
        Some(Self {
            name: snake_case(schema_name),
            description: object.description.clone().unwrap_or_default(),
            version: String::new(),
            values: object.enum_values.iter().flatten().filter_map(value).collect(),
        })
    }
}

/// A code list among all.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeListEntry)]
pub struct EntryView {
    /// Its name.
    #[schema(example = "hardship_category", max_length = 64)]
    pub name: String,
    /// How many values it has.
    #[schema(example = 3)]
    pub values: usize,
    /// Its version.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub version: String,
}

/// All code lists.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeLists)]
pub struct EntriesView {
    /// A digest of all lists. It changes whenever one of them does.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub version: String,
    /// The lists by name.
    pub items: Vec<EntryView>,
}

/// For how long a client may use what it kept without asking: a new version of the program may say something else.
const CACHE_CONTROL: &str = "public, max-age=300";

/// The code lists as they are answered, alike for everybody.
#[derive(Debug)]
pub struct CodeLists {
    all: Bytes,
    by_name: BTreeMap<String, Bytes>,
}

impl CodeLists {
    /// The lists of the API's description.
    pub fn of(api: &OpenApi) -> Result<Self, serde_json::Error> {
        let schemas = api.components.iter().flat_map(|components| &components.schemas);
        let (mut items, mut by_name) = (Vec::new(), BTreeMap::new());
        for mut list in schemas.filter_map(|(name, schema)| CodeListView::of(name, schema)) {
            list.version = digest(&serde_json::to_vec(&list)?);
            let (name, version) = (list.name.clone(), list.version.clone());
            items.push(EntryView { name: name.clone(), values: list.values.len(), version });
            by_name.insert(name, serde_json::to_vec(&list)?.into());
        }
        items.sort_by(|one, other| one.name.cmp(&other.name));
        let version = digest(&serde_json::to_vec(&items)?);
        Ok(Self { all: serde_json::to_vec(&EntriesView { version, items })?.into(), by_name })
    }
}

/// Half of a SHA-256: enough to tell versions apart.
fn digest(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    HEXLOWER.encode(digest.first_chunk::<16>().map_or(digest.as_slice(), |half| half.as_slice()))
}

/// `HardshipCategory` as `hardship_category`, `OAuthErrorCode` as `oauth_error_code`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = 'A';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = letter;
    }
    snake
}

fn kept(content: &Bytes) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).content_type("application/json").body(content.clone())
}

/// List the code lists
///
/// Every list of codes that stands in this description, with how many values it has. They are public: a page for
/// signing in needs labels as well. A client keeps them, and asks again with `If-None-Match`.
#[utoipa::path(tag = "code lists", security(),
    responses((status = 200, body = EntriesView, description = "The lists"), PublicProblems))]
#[get("/code-lists")]
pub async fn list_code_lists(lists: Data<CodeLists>, _: NoParams) -> HttpResponse {
    kept(&lists.all)
}

/// Read a code list
///
/// Its values in their order, each with its labels: what a drop-down shows. `problem_code` has what a problem says,
/// and `value_code` what is said of a wrong value.
#[utoipa::path(tag = "code lists", security(),
    params(("name" = String, Path, max_length = 64, example = "hardship_category",
            description = "The name of the list: that of its schema in this description, in snake case")),
    responses((status = 200, body = CodeListView, description = "The list"), PublicProblems))]
#[get("/code-lists/{name}")]
pub async fn get_code_list(lists: Data<CodeLists>, name: Path<String>, _: NoParams) -> Answer {
    let list = lists.by_name.get(name.as_str()).ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(kept(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_named_like_its_schema() {
        for (schema, name) in
            [("HardshipCategory", "hardship_category"), ("Group", "group"), ("OAuthErrorCode", "oauth_error_code")]
        {
            assert_eq!(snake_case(schema), name);
        }
    }
}
