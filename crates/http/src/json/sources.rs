//! Sources of referrals 来源.

use actix_web::{get, post};
use bangfu_app::{
    Names,
    use_cases::sources::{self, Register},
};
use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::Title,
    source::{Source, SourceKind},
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::refs::OrganizationRef;
use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, List, Params, Present, Validation, created, input, views};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(register_source).service(list_sources).service(get_source);
}

input! {
    /// A new source.
    pub struct RegisterSource {
        /// The kind.
        pub kind: SourceKind,
        /// The name.
        pub name: Title,
        /// Who receives its referrals where they name no organization.
        pub organization_id: OrganizationId,
    }
}

impl IntoCommand for RegisterSource {
    type Command = Register;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(Register { kind: self.kind, name: self.name, organization: self.organization_id })
    }
}

/// A source of referrals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    /// Its id.
    pub id: SourceId,
    /// Its version.
    pub version: u32,
    /// Its kind.
    pub kind: SourceKind,
    /// Its name.
    pub name: Title,
    /// Who receives its referrals where they name no organization.
    pub organization: OrganizationRef,
}

views! {
    SourceView at "/v1/sources";
}

impl Present<Versioned<Source>> for SourceView {
    fn of(versioned: &Versioned<Source>, names: &mut Names) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            kind: it.kind,
            name: it.name.clone(),
            organization: OrganizationRef::of(&it.organization, names),
        }
    }
}

/// Register a source
#[utoipa::path(tag = "sources", security(("bearer" = [])), request_body = RegisterSource,
    responses((status = 201, body = SourceView, description = "Registered"), WriteProblems))]
#[post("/sources")]
pub async fn register_source(request: ApiRequest, body: Body<RegisterSource>) -> Answer {
    request.execute_with(body, sources::register, created::<SourceView, _>).await
}

/// Read a source
#[utoipa::path(tag = "sources", security(("bearer" = [])),
    responses((status = 200, body = SourceView, description = "The source"), ReadProblems))]
#[get("/sources/{id}")]
pub async fn get_source(request: ApiRequest, id: Id<SourceId>) -> Answer {
    request.show::<SourceView, _>(move |ctx| sources::get(ctx, id.0)).await
}

/// List sources
#[utoipa::path(tag = "sources", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<SourceView>, description = "A page"), ReadProblems))]
#[get("/sources")]
pub async fn list_sources(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("sources")?;
    request.list::<SourceView, _>(params, sources::list).await
}
