use actix_web::post;
use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    ids::{OrganizationId, ReferralId},
    invalid::Invalid,
    organization::Organization,
    referral::{NewReferral, Referral},
    source::Source,
};
use bangfu_persistence::{ReferenceClaim, WorkError};

use super::{
    super::{Answer, problems::WriteProblems, refuse},
    incoming::{Incoming, ReceiveReferral},
    view::{ReferralView, referral_resource},
};
use crate::{
    access::{Action, Place, Resource},
    edge::{ApiRequest, Body, Deed, Outcome, Reply, staged},
    problem::{Code, Problem},
};

/// Send a referral
///
/// The same source reference with the same content is the same referral (200), by whichever client or
/// key it comes again; with other content it is an error (409 `referral_exists`).
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = ReceiveReferral,
    responses((status = 201, body = ReferralView, description = "Received"),
        (status = 200, body = ReferralView, description = "Received before, with the same content"),
        WriteProblems))]
#[post("/referrals")]
pub async fn receive_referral(request: ApiRequest, body: Body<ReceiveReferral>) -> Answer {
    request
        .change("referral.receive", body, |deed, incoming| {
            let source = find_source(deed, incoming)?;
            let organization = find_organization(deed, incoming, &source)?;
            let referral = deed.tx.new_id(ReferralId::from_uuid);
            let content = content(incoming)?;
            let reference = incoming.reference.as_str();
            match deed.tx.claim_reference(source.id, reference, referral, &content)? {
                ReferenceClaim::Fresh => {}
                ReferenceClaim::Same(known) => return answer_known(deed, known, true),
                ReferenceClaim::Other(known) => return answer_known(deed, known, false),
            }
            let new = NewReferral {
                referral,
                organization,
                relation: incoming.relation,
                consent: incoming.consent,
                documents: incoming.documents.clone(),
            };
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decision = Referral::receive(&mut ctx, &source, &new)?;
            let stage = deed.stage(decision)?;
            let view = ReferralView::new(staged::<Referral>(&stage, referral)?, deed.caller);
            let reply = Reply::created(format!("/v1/referrals/{referral}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

fn find_source(deed: &mut Deed<'_, '_>, incoming: &Incoming) -> Result<Source, WorkError<Problem>> {
    let unknown = || refuse(Problem::unknown_reference("/source_id"));
    let id = match (incoming.source, deed.caller.source, deed.caller.actor) {
        (Some(named), ..) => named,
        (None, Some(own), _) => own,
        (None, None, Actor::Person { .. }) => {
            return Err(refuse(Problem::invalid_at("/source_id", Invalid::Required)));
        }
        (None, None, _) => return Err(refuse(Problem::new(Code::Forbidden))),
    };
    let own_source = deed.caller.source;
    let (source, organization) = deed.tx.source_with_organization(id)?.ok_or_else(unknown)?;
    let sight = deed.sight();
    let resource = Resource::Source(source.id, source.kind, Place::from(&organization));
    // Its own source a machine knows of; only what it may do there is in question.
    if own_source != Some(id) && !sight.permits(Action::ViewSource, &resource) {
        return Err(unknown());
    }
    sight.require(Action::ReceiveReferral, &resource).map_err(WorkError::Refused)?;
    Ok(source)
}

fn find_organization(
    deed: &mut Deed<'_, '_>,
    incoming: &Incoming,
    source: &Source,
) -> Result<OrganizationId, WorkError<Problem>> {
    let Some(named) = incoming.organization else { return Ok(source.organization) };
    let unknown = || refuse(Problem::unknown_reference("/organization_id"));
    let found = deed.tx.find::<Organization>(named)?.ok_or_else(unknown)?.value;
    let place = Resource::Organization(Place::from(&found));
    // A machine may name any organization of the city; a person one of their own part.
    let machine = matches!(deed.caller.actor, Actor::Client(_));
    if machine || deed.sight().permits(Action::ViewOrganization, &place) {
        Ok(named)
    } else {
        Err(unknown())
    }
}

/// What "the same content" compares: everything that the source said, parsed.
fn content(incoming: &Incoming) -> Result<String, WorkError<Problem>> {
    let Incoming { organization, relation, consent, documents, .. } = incoming;
    serde_json::to_string(&(organization, relation, consent, documents))
        .map_err(|_| refuse(Problem::new(Code::Internal)))
}

/// The referral that has the reference already: as it stands where the content is the same, else as an
/// error. Whoever may not see it learns only that the reference is taken.
fn answer_known(
    deed: &mut Deed<'_, '_>,
    known: ReferralId,
    same: bool,
) -> Result<Outcome, WorkError<Problem>> {
    let gone = || refuse(Problem::new(Code::Internal));
    let referral = deed.tx.find::<Referral>(known)?.ok_or_else(gone)?;
    let mut sight = deed.sight();
    let resource = referral_resource(&mut sight, &referral.value).map_err(WorkError::Refused)?;
    let taken = Problem::new(Code::ReferralExists);
    if !sight.permits(Action::ViewReferral, &resource) {
        return Err(refuse(taken));
    }
    if !same {
        return Err(refuse(taken.with("referral_id", known.to_string())));
    }
    let view = ReferralView::new(referral, deed.caller);
    let stage = deed.stage(Decision::default())?;
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}
