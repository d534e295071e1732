use actix_web::{HttpResponse, post};
use bangfu_domain::{
    ids::ReferralId,
    invalid::Invalid,
    referral::{Costs, Referral},
    text::Text,
    vault::Group,
};
use bangfu_persistence::{Access as AccessRecord, Opened, WorkError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    view::{concerned, referral_resource},
};
use crate::{
    access::Action,
    http::{Body, Checks, Condition, Door, Id, Parse},
    problem::{Code, Problem},
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

    const LISTS: &'static [&'static str] = &["/groups"];

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let reason = checks.parse("/reason", &self.reason, Text::parse);
        if self.groups.is_empty() || self.groups.len() > Group::ALL.len() {
            checks.refuse("/groups", Invalid::OutOfRange);
        }
        let groups: Vec<Option<Group>> = self
            .groups
            .iter()
            .enumerate()
            .map(|(i, group)| checks.parse(&format!("/groups/{i}"), group, str::parse))
            .collect();
        let groups: Option<Vec<Group>> = groups.into_iter().collect();
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

/// Amounts are kept in fen and shown as everywhere in the API: decimal texts in yuan.
fn in_yuan(mut opened: Opened) -> Result<Opened, WorkError<Problem>> {
    if let Some(money) = opened.get_mut(&Group::Money) {
        let costs: Costs = serde_json::from_value(money.clone())
            .map_err(|_| WorkError::Refused(Problem::new(Code::Internal)))?;
        *money = serde_json::json!({
            "total": costs.total().to_string(),
            "fund": costs.fund().to_string(),
            "person": costs.person().to_string(),
            "hospital": costs.hospital().to_string(),
        });
    }
    Ok(opened)
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
        let me = deed.caller.actor.person();
        if concerned(deed, id.0)?.into_iter().any(|person| Some(person) == me) {
            return Err(WorkError::Refused(Problem::new(Code::OwnMatter)));
        }
        let opened = deed.load.open_documents(id.0, groups)?;
        let stage = deed.stage(bangfu_domain::decision::Decision::default())?;
        let stage = stage.with_access(AccessRecord {
            record: id.0.into(),
            groups: groups.clone(),
            reason: reason.as_str().to_owned(),
        });
        Ok((stage, RevealedView { groups: serde_json::json!(in_yuan(opened)?) }))
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}
