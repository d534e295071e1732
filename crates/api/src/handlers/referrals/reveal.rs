use actix_web::{HttpResponse, post};
use bangfu_domain::{
    ids::ReferralId, invalid::Invalid, referral::Referral, text::Text, vault::Group,
};
use bangfu_persistence::Access as AccessRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    view::referral_resource,
};
use crate::{
    access::Action,
    http::{Body, Checks, Condition, Door, Id, Parse},
};

/// Which personal values, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealRequest {
    /// The groups: `identity`, `contact`, `bank`, `health`, `money`, `narrative`.
    #[schema(example = json!(["identity", "contact"]))]
    pub groups: Vec<String>,
    /// Why they are needed, at most 200 characters. It is kept in the access log.
    #[schema(example = "核对来电人身份", max_length = 200)]
    pub reason: String,
}

impl Parse for RevealRequest {
    type Command = (Vec<Group>, Text<200>);

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let reason = checks.parse("/reason", &self.reason, Text::parse);
        if self.groups.is_empty() || self.groups.len() > Group::ALL.len() {
            checks.refuse("/groups", Invalid::OutOfRange);
        }
        let groups: Option<Vec<Group>> = self
            .groups
            .iter()
            .enumerate()
            .map(|(i, group)| checks.parse(&format!("/groups/{i}"), group, str::parse))
            .collect();
        Some((groups?, reason?))
    }
}

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
pub async fn reveal_referral(door: Door, id: Id<ReferralId>, body: Body<RevealRequest>) -> Answer {
    let revealed = door.reveal("referral.reveal", body, move |deed, (groups, reason)| {
        deed.take::<Referral>(
            id.0,
            referral_resource,
            Action::ViewReferral,
            Action::RevealReferral,
            Condition::None,
        )?;
        let opened = deed.load.open_documents(id.0, groups)?;
        let stage = deed.stage(bangfu_domain::decision::Decision::default())?;
        let stage = stage.with_access(AccessRecord {
            record: id.0.into(),
            groups: groups.clone(),
            reason: reason.as_str().to_owned(),
        });
        Ok((stage, RevealedView { groups: serde_json::json!(opened) }))
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}
