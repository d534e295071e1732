//! Sources of referrals 来源.

use actix_web::{get, post};
use bangfu_app::use_cases::sources::{self, Register};
use bangfu_domain::{ids::SourceId, organization::Title, source::Source};
use bangfu_persistence::Loaded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{ApiRequest, Id, List, OldBody, OldParse, Params, Validation, created, shown, views};

/// A new source.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterSource {
    /// `hospital`, `hotline` or `grassroots_union`.
    #[schema(example = "hospital")]
    pub kind: String,
    /// The name.
    #[validate(length(max = 100))]
    #[schema(example = "铜陵市人民医院", max_length = 100)]
    pub name: String,
    /// Who receives its referrals where they name no organization.
    pub organization_id: String,
}

impl OldParse for RegisterSource {
    type Command = Register;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let kind = validation.parse("/kind", &self.kind, str::parse);
        let name = validation.parse("/name", &self.name, Title::parse);
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        Some(Register { kind: kind?, name: name?, organization: organization? })
    }
}

/// A source of referrals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `hospital`, `hotline` or `grassroots_union`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Who receives its referrals where they name no organization.
    pub organization_id: String,
}

views! {
    SourceView at "/v1/sources";
}

impl From<&Loaded<Source>> for SourceView {
    fn from(loaded: &Loaded<Source>) -> Self {
        let it = &loaded.value;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            kind: it.kind.code(),
            name: it.name.as_str().to_owned(),
            organization_id: it.organization.to_string(),
        }
    }
}

/// Make a source known
#[utoipa::path(tag = "sources", security(("bearer" = [])), request_body = RegisterSource,
    responses((status = 201, body = SourceView, description = "Made known"), WriteProblems))]
#[post("/sources")]
pub async fn register_source(request: ApiRequest, body: OldBody<RegisterSource>) -> Answer {
    request.execute_with("source.register", body, sources::register, created::<SourceView, _>).await
}

/// Read a source
#[utoipa::path(tag = "sources", security(("bearer" = [])),
    responses((status = 200, body = SourceView, description = "The source"), ReadProblems))]
#[get("/sources/{id}")]
pub async fn get_source(request: ApiRequest, id: Id<SourceId>) -> Answer {
    let found = request.read("source.get", move |ctx| sources::get(ctx, id.0));
    Ok(shown::<SourceView, _>(&found.await?))
}

/// List sources
#[utoipa::path(tag = "sources", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<SourceView>, description = "A page"), ReadProblems))]
#[get("/sources")]
pub async fn list_sources(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("sources")?;
    request.list::<SourceView, _>("source.list", params, sources::list).await
}
