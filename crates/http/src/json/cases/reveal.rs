//! Revealing the sealed values of a case.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post};
use bangfu_app::use_cases::cases::{self, OpenedRecord};
use bangfu_domain::{
    ids::{CaseId, ComparisonId, PersonId},
    record::RecordKind,
    vault::Group,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::super::{
    Answer,
    problems::{BodyProblems, ReadProblems, StateProblems},
    revealing::{RevealRequest, groups_in_yuan},
};
use crate::edge::{ApiRequest, Body, Id};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(reveal_case).service(reveal_comparison);
}

/// Opened values of one record about one subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedDocument {
    /// What holds the values.
    pub record: RecordKind,
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub record_id: Uuid,
    /// Whom they are about; null where it is the household as a whole.
    pub person_id: Option<PersonId>,
    /// The values by group.
    pub groups: BTreeMap<Group, Value>,
}

/// Opened values of a case, a comparison or a relief.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedDocuments {
    /// Each record with its values; a group without values is missing.
    pub documents: Vec<RevealedDocument>,
}

impl From<OpenedRecord> for RevealedDocument {
    fn from(it: OpenedRecord) -> Self {
        let groups = groups_in_yuan(it.record.kind, it.groups);
        Self { record: it.record.kind, record_id: it.record.id, person_id: it.person, groups }
    }
}

impl From<Vec<OpenedRecord>> for RevealedDocuments {
    fn from(opened: Vec<OpenedRecord>) -> Self {
        Self { documents: opened.into_iter().map(Into::into).collect() }
    }
}

/// Open a case's personal values
///
/// The household, the visits, the comparisons, the assessments and what was written about each step, by
/// group. The opening is recorded before anything is shown. The answer is never stored, so there is no
/// Idempotency-Key.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = RevealRequest,
    responses((status = 200, body = RevealedDocuments, description = "Opened"),
        ReadProblems, StateProblems, BodyProblems))]
#[post("/cases/{id}/reveal")]
pub async fn reveal_case(request: ApiRequest, id: Id<CaseId>, body: Body<RevealRequest>) -> Answer {
    let opened = request.perform_with(body, move |work, (groups, reason)| cases::reveal(work, id.0, groups, reason));
    Ok(HttpResponse::Ok().json(RevealedDocuments::from(opened.await?)))
}

/// Open whom a comparison is about, and what it found
///
/// The civil-affairs office needs names and identity numbers to compare. The opening is recorded before
/// anything is shown.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RevealRequest,
    responses((status = 200, body = RevealedDocuments, description = "Opened"),
        ReadProblems, StateProblems, BodyProblems))]
#[post("/comparisons/{id}/reveal")]
pub async fn reveal_comparison(request: ApiRequest, id: Id<ComparisonId>, body: Body<RevealRequest>) -> Answer {
    let opened =
        request.perform_with(body, move |work, (groups, reason)| cases::reveal_comparison(work, id.0, groups, reason));
    Ok(HttpResponse::Ok().json(RevealedDocuments::from(opened.await?)))
}
