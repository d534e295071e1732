use actix_web::post;
use bangfu_domain::{
    case::Case,
    identity_number::IdentityNumber,
    ids::{CaseId, OrganizationId, PersonId, ReferralId},
    invalid::Invalid,
    organization::Organization,
    referral::{Accept, Destination, Referral, ReferralCommand},
    rejection::Rejection,
    vault::Group,
};
use bangfu_persistence::WorkError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        cases::{CaseView, case_resource, hide_other_case},
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    view::{ReferralView, documents, explain, referral_resource},
};
use crate::{
    access::{Action, Place, Resource},
    edge::{ApiRequest, Body, Condition, Deed, Id, Outcome, Parse, Reply, Validation, staged},
    problem::{Code, Problem},
};

/// Where the referral goes: into a case that holds the patient or the worker, or into a new one.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptReferral {
    /// The case that it joins; without one a new case is opened.
    pub case_id: Option<String>,
    /// The organization that will work on the new case: the one in charge, which is the default, or one
    /// below it.
    pub organization_id: Option<String>,
}

/// Where the referral goes.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Into this case.
    Case(CaseId),
    /// Into a new case of this organization, or of the one in charge.
    New(Option<OrganizationId>),
}

impl Parse for AcceptReferral {
    type Command = Goal;

    fn parse(self, validation: &mut Validation) -> Option<Goal> {
        let case = validation.optional("/case_id", self.case_id.as_deref(), str::parse);
        let organization =
            validation.optional("/organization_id", self.organization_id.as_deref(), str::parse);
        match (case?, organization?) {
            (Some(_), Some(_)) => {
                validation.refuse("/organization_id", Invalid::ExactlyOne);
                None
            }
            (Some(case), None) => Some(Goal::Case(case)),
            (None, organization) => Some(Goal::New(organization)),
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

/// Accept a referral
///
/// It opens a case, or joins the one named. From then on its personal values belong to the people they
/// concern.
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = AcceptReferral,
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = AcceptedView, description = "Accepted"),
        WriteProblems, ConditionProblems))]
#[post("/referrals/{id}/accept")]
pub async fn accept_referral(
    request: ApiRequest,
    id: Id<ReferralId>,
    body: Body<AcceptReferral>,
) -> Answer {
    request.change("referral.accept", body, move |deed, goal| accept(deed, id.0, *goal)).await
}

fn accept(
    deed: &mut Deed<'_, '_>,
    id: ReferralId,
    goal: Goal,
) -> Result<Outcome, WorkError<Problem>> {
    let (referral, on) = deed.take::<Referral>(
        id,
        referral_resource,
        Action::ViewReferral,
        Action::AcceptReferral,
        Condition::IfMatch,
    )?;
    let referral = referral.value;
    if let Err(rejection) = referral.ensure_permits(ReferralCommand::Accept) {
        return Err(explain(deed, &referral, &on, rejection));
    }
    let documents = documents(deed.tx.open_documents(id, Group::ALL)?)?;
    let known_patient = known(deed, documents.patient_number())?;
    let known_worker = known(deed, documents.worker_number())?;
    let held_by = deed.tx.cases_holding(&documents.identity_numbers())?;
    let (case, organization) = find_goal(deed, &referral, goal)?;
    let destination = match (&case, &organization) {
        (Some(case), _) => Destination::Existing(case),
        (None, Some(organization)) => Destination::NewCase(organization),
        (None, None) => return Err(refuse(Problem::new(Code::Internal))),
    };
    let accept = Accept { documents, known_patient, known_worker, held_by, destination };
    let mut ctx = deed.tx.context(deed.caller.actor);
    let (case, decision) = match referral.accept(&mut ctx, accept) {
        Ok(accepted) => accepted,
        Err(rejection) => return Err(rejected(deed, &referral, &on, rejection)),
    };
    let stage = deed.stage(decision)?;
    let view = AcceptedView {
        referral: ReferralView::new(staged::<Referral>(&stage, id)?, deed.caller),
        case: CaseView::from(staged::<Case>(&stage, case)?),
    };
    let reply = Reply::ok(view.referral.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}

fn known(
    deed: &mut Deed<'_, '_>,
    number: Option<&IdentityNumber>,
) -> Result<Option<PersonId>, WorkError<Problem>> {
    Ok(number.map(|number| deed.tx.person_by_number(number)).transpose()?.flatten())
}

/// The case to join, locked, or the organization of the new one; both only where the caller sees them.
fn find_goal(
    deed: &mut Deed<'_, '_>,
    referral: &Referral,
    goal: Goal,
) -> Result<(Option<Case>, Option<Organization>), WorkError<Problem>> {
    match goal {
        Goal::Case(id) => {
            let unknown = || refuse(Problem::unknown_reference("/case_id"));
            let case = deed.tx.for_update::<Case>(id)?.ok_or_else(unknown)?.value;
            let mut sight = deed.sight();
            let resource = case_resource(&mut sight, &case).map_err(WorkError::Refused)?;
            if !sight.permits(Action::ViewCase, &resource) {
                return Err(unknown());
            }
            Ok((Some(case), None))
        }
        Goal::New(organization) => {
            let unknown = || refuse(Problem::unknown_reference("/organization_id"));
            let id = organization.unwrap_or(referral.organization);
            let found = deed.tx.find::<Organization>(id)?.ok_or_else(unknown)?.value;
            let resource = Resource::Organization(Place::from(&found));
            if !deed.sight().permits(Action::ViewOrganization, &resource) {
                return Err(unknown());
            }
            Ok((None, Some(found)))
        }
    }
}

/// A rejection as the caller may learn it.
fn rejected(
    deed: &mut Deed<'_, '_>,
    referral: &Referral,
    on: &Resource,
    rejection: Rejection,
) -> WorkError<Problem> {
    match hide_other_case(deed, rejection) {
        Ok(rejection) => explain(deed, referral, on, rejection),
        Err(hidden) => hidden,
    }
}
