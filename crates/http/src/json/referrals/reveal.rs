use actix_web::{HttpResponse, post};
use bangfu_domain::{ids::ReferralId, referral::Referral};
use bangfu_persistence::{Access as AccessRecord, WorkError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{
        Answer,
        problems::WriteProblems,
        revealing::{RevealRequest, in_yuan},
    },
    view::{concerned, referral_resource},
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Id},
    problem::{Code, Problem},
};

/// Personal values, opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revealed)]
pub struct RevealedView {
    /// The values by group; a group without values is missing.
    pub groups: Value,
}

/// Open a referral's personal values
///
/// The opening is recorded before anything is shown. The answer is never stored, so there is no
/// Idempotency-Key.
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = RevealRequest,
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = RevealedView, description = "Opened"), WriteProblems))]
#[post("/referrals/{id}/reveal")]
pub async fn reveal_referral(
    request: ApiRequest,
    id: Id<ReferralId>,
    body: Body<RevealRequest>,
) -> Answer {
    let revealed = request.reveal("referral.reveal", body, move |deed, (groups, reason)| {
        deed.take::<Referral>(
            id.0,
            referral_resource,
            Action::ViewReferral,
            Action::RevealReferral,
            Condition::None,
        )?;
        let me = deed.caller.actor.person();
        if concerned(deed, id.0)?.into_iter().any(|person| Some(person) == me) {
            return Err(WorkError::Refused(Problem::new(Code::OwnMatter)));
        }
        let opened = deed.tx.open_documents(id.0, groups)?;
        let stage = deed.stage(bangfu_domain::decision::Decision::default())?;
        let stage = stage.with_access(AccessRecord {
            record: id.0.into(),
            groups: groups.clone(),
            reason: reason.as_str().to_owned(),
        });
        let mut groups = serde_json::json!(opened);
        in_yuan(&mut groups);
        Ok((stage, RevealedView { groups }))
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}
