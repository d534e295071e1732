//! Receiving a referral from a source. A repeated one has no further effect.

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    ids::{OrganizationId, ReferralId, SourceId},
    invalid::Invalid,
    organization::Organization,
    referral::{NewReferral, Particulars, Referral, ReferralDocuments, SourceReference},
    source::Source,
};
use bangfu_persistence::{ReferenceClaim, Staged, StoreError};

use super::VisibleReferral;
use crate::{
    AccessControlled, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Place, Resource},
    read_context::missing,
};

/// A referral as a source sends it.
#[derive(Debug, Clone)]
pub struct Receive {
    /// The source; a machine client speaks for its own and may leave it out.
    pub source: Option<SourceId>,
    /// The organization that is to receive it; the source's default where it is missing.
    pub organization: Option<OrganizationId>,
    pub reference: SourceReference,
    pub particulars: Particulars,
    pub documents: ReferralDocuments,
}

/// The result of sending a referral.
#[derive(Debug, Clone)]
pub enum Received {
    New(VisibleReferral),
    /// It was received before, with the same content.
    Known(VisibleReferral),
}

/// Receives a referral. One reference of one source names one referral, whichever client or key repeats it.
pub fn receive(work: &mut UnitOfWork<'_, '_>, new: &Receive) -> UseCaseResult<(Staged, Received)> {
    let Receive { source, organization, reference, particulars, documents } = new;
    let content =
        particulars.content(*organization, documents).map_err(|_| StoreError::InternalValue(Invalid::Format))?;
    let source = find_source(work, *source)?;
    let organization = find_organization(work, *organization, &source)?;
    let referral = work.tx.new_id(ReferralId::from_uuid);
    // A reference is claimed first, so a repeated referral ends here.
    match work.tx.claim_reference(source.id, reference.as_str(), referral, &content)? {
        ReferenceClaim::Fresh => {}
        ReferenceClaim::Same(known) => return received_before(work, known),
        ReferenceClaim::Other(known) => {
            let visible = find_visible(work, known)?.map(|_| known);
            return Err(Refusal::ReferralExists { referral: visible }.into());
        }
    }
    let new = NewReferral { referral, organization, particulars: particulars.clone(), documents: documents.clone() };
    let decision = Referral::receive(&mut work.context(), &source, &new)?;
    let (stage, referral) = work.stage_of(referral, decision)?;
    Ok((stage, Received::New(VisibleReferral::new(work.caller, referral))))
}

fn find_source(work: &mut UnitOfWork<'_, '_>, named: Option<SourceId>) -> UseCaseResult<Source> {
    let unknown = || Refusal::unknown_reference("/source_id");
    let own = work.caller.source;
    let id = match (named.or(own), work.caller.actor) {
        (Some(id), _) => id,
        (None, Actor::Person { .. }) => {
            return Err(Refusal::invalid("/source_id", Invalid::Required).into());
        }
        (None, Actor::Client(_) | Actor::Installer | Actor::System) => {
            return Err(Refusal::Forbidden.into());
        }
    };
    let (source, organization) = work.tx.source_with_organization(id)?.ok_or_else(unknown)?;
    let ctx = work.reading();
    let resource = Resource::Source(source.id, source.kind, Place::from(&organization));
    // A machine knows its own source; only its permissions there are checked.
    if own != Some(id) && !ctx.permits(Source::VIEW, &resource) {
        return Err(unknown().into());
    }
    ctx.require(Action::ReceiveReferral, &resource)?;
    Ok(source)
}

/// A machine may name any organization of the city; a person only one that they may see.
fn find_organization(
    work: &mut UnitOfWork<'_, '_>,
    named: Option<OrganizationId>,
    source: &Source,
) -> UseCaseResult<OrganizationId> {
    let Some(named) = named else { return Ok(source.organization) };
    let known = match work.caller.actor {
        Actor::Client(_) => work.tx.find::<Organization>(named)?.is_some(),
        Actor::Person { .. } | Actor::Installer | Actor::System => {
            work.reading().find::<Organization>(named)?.is_some()
        }
    };
    if known { Ok(named) } else { Err(Refusal::unknown_reference("/organization_id").into()) }
}

/// The referral that has the reference already, as it stands. A caller who may not see it learns only that the
/// reference is taken.
fn received_before(work: &mut UnitOfWork<'_, '_>, known: ReferralId) -> UseCaseResult<(Staged, Received)> {
    let visible = find_visible(work, known)?;
    let visible = visible.ok_or(Refusal::ReferralExists { referral: None })?;
    Ok((work.stage(Decision::default())?, Received::Known(visible)))
}

/// A referral that is there, if the caller may see it.
fn find_visible(work: &mut UnitOfWork<'_, '_>, id: ReferralId) -> Result<Option<VisibleReferral>, StoreError> {
    let referral = work.tx.find::<Referral>(id)?.ok_or_else(|| missing("referrals", id))?;
    let mut ctx = work.reading();
    let resource = referral.value.resource(&mut ctx)?;
    let visible = ctx.permits(Referral::VIEW, &resource);
    Ok(visible.then(|| VisibleReferral::new(ctx.caller, referral)))
}
