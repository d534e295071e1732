//! Sources of referrals 来源.

use actix_web::{get, post};
use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::{Organization, Title},
    source::{Source, SourceKind},
};
use bangfu_persistence::{Loaded, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::{Action, Place, Resource},
    edge::{
        ApiRequest, Body, Id, List, Outcome, Params, Parse, Reply, Validation, resource, staged,
    },
    problem::{Code, Problem},
};

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

impl Parse for RegisterSource {
    type Command = (SourceKind, Title, OrganizationId);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let kind = validation.parse("/kind", &self.kind, str::parse);
        let name = validation.parse("/name", &self.name, Title::parse);
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        Some((kind?, name?, organization?))
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

impl From<Loaded<Source>> for SourceView {
    fn from(loaded: Loaded<Source>) -> Self {
        let it = loaded.value;
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
pub async fn register_source(request: ApiRequest, body: Body<RegisterSource>) -> Answer {
    request
        .change("source.register", body, |deed, (kind, name, organization)| {
            let unknown = || refuse(Problem::unknown_reference("/organization_id"));
            let found = deed.tx.find::<Organization>(*organization)?.ok_or_else(unknown)?;
            let place = Resource::Organization(Place::from(&found.value));
            let sight = deed.sight();
            if !sight.permits(Action::ViewOrganization, &place) {
                return Err(unknown());
            }
            sight.require(Action::RegisterSource, &place).map_err(WorkError::Refused)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Source::register(&mut ctx, *kind, name.clone(), *organization);
            let stage = deed.stage(decision)?;
            let view = SourceView::from(staged::<Source>(&stage, id)?);
            let reply = Reply::created(format!("/v1/sources/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Read a source
#[utoipa::path(tag = "sources", security(("bearer" = [])),
    params(("id" = String, Path, description = "The source")),
    responses((status = 200, body = SourceView, description = "The source"), ReadProblems))]
#[get("/sources/{id}")]
pub async fn get_source(request: ApiRequest, id: Id<SourceId>) -> Answer {
    let view = request.read("source.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Source>(id.0)?.ok_or_else(not_found)?;
        let place = sight.place(found.value.organization)?;
        sight.require_sight(
            Action::ViewSource,
            &Resource::Source(found.value.id, found.value.kind, place),
        )?;
        Ok(SourceView::from(found))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List sources
#[utoipa::path(tag = "sources", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<SourceView>, description = "A page"), ReadProblems))]
#[get("/sources")]
pub async fn list_sources(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("sources")?;
    let list = request.read("source.list", move |sight| {
        let thing = |place, source| Resource::Source(source, SourceKind::Hospital, place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewSource, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::sources(sight.tx, &scope, page)?;
        let id = |it: &Loaded<Source>| it.value.id.as_uuid();
        Ok(params.list(sight.app, sight.caller, found, id, SourceView::from))
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
