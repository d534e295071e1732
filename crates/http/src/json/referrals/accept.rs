//! Accepting a referral, into a new case or an existing one.

use actix_web::post;
use bangfu_app::{
    Names,
    use_cases::referrals::{self, AcceptInto, Accepted},
};
use bangfu_domain::{
    ids::{CaseId, OrganizationId, ReferralId},
    invalid::Invalid,
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        cases::CaseView,
        problems::{ConditionProblems, WriteProblems},
    },
    view::ReferralView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, Present, Reply, Validation, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(accept_referral);
}

input! {
    /// Where the referral goes: into a case that holds the patient or the worker, or into a new one.
    pub struct AcceptReferral {
        /// The case that it joins; without one a new case is opened.
        pub case_id: Option<CaseId>,
        /// The organization that will work on the new case: the one in charge, which is the default, or one below it.
        pub organization_id: Option<OrganizationId>,
    }
}

impl IntoCommand for AcceptReferral {
    type Command = AcceptInto;

    fn into_command(self, validation: &mut Validation) -> Option<AcceptInto> {
        match (self.case_id, self.organization_id) {
            (Some(_), Some(_)) => {
                validation.refuse("/organization_id", Invalid::ExactlyOne);
                None
            }
            (Some(case), None) => Some(AcceptInto::Case(case)),
            (None, organization) => Some(AcceptInto::New(organization)),
        }
    }
}

/// The referral, and the case that it opened or joined.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AcceptedReferral)]
pub struct AcceptedView {
    /// The referral.
    pub referral: ReferralView,
    /// The case.
    pub case: CaseView,
}

impl Present<Accepted> for AcceptedView {
    fn of(it: &Accepted, names: &mut Names) -> Self {
        Self { referral: ReferralView::of(&it.referral, names), case: CaseView::of(&it.case, names) }
    }
}

/// Accept a referral
///
/// It opens a case, or joins the one named. From then on its personal values belong to the people they
/// concern.
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = AcceptReferral,
    responses((status = 200, body = AcceptedView, description = "Accepted"),
        WriteProblems, ConditionProblems))]
#[post("/referrals/{id}/accept")]
pub async fn accept_referral(request: ApiRequest, id: Id<ReferralId>, body: Body<AcceptReferral>) -> Answer {
    request.execute_with(body, move |work, into| referrals::accept(work, id.0, *into), reply).await
}

/// The version of the answer is the referral's.
fn reply(accepted: &Accepted, names: &mut Names) -> Result<Reply, StoreError> {
    let view = AcceptedView::of(accepted, names);
    Reply::ok(view.referral.version, &view)
}
