//! What may be done with a referral, and what follows from it.

use super::{
    DeclineReason, Particulars, Progress, Referral, ReferralAccepted, ReferralAcknowledged, ReferralDeclined,
    ReferralDocuments, ReferralEvent, ReferralProgressed, ReferralState, ReferralWithdrawn,
};
use crate::{
    case::{self, Case, Member, NewCase},
    codes::codes,
    decision::{CaseHold, Context, Decision, RejectionContext},
    ids::{CaseId, OrganizationId, PersonId, ReferralId},
    invalid::Invalid,
    organization::Organization,
    person::{self, Party},
    record::RecordRef,
    rejection::{Cause, Rejection},
    relation::Relation,
    source::{Source, SourceKind},
    stream::StreamKind,
    vault::{Commitment, SubjectRef},
};

/// What a source reports.
#[derive(Debug, Clone)]
pub struct NewReferral {
    /// Its id, created by the caller so that its source reference can be claimed first.
    pub referral: ReferralId,
    /// The organization that receives it.
    pub organization: OrganizationId,
    pub particulars: Particulars,
    pub documents: ReferralDocuments,
}

/// An acceptance, with what the rules ask about the world around the referral.
pub struct Accept<'a> {
    pub documents: ReferralDocuments,
    /// The person known by the patient's identity number.
    pub known_patient: Option<PersonId>,
    /// The person known by the worker's identity number.
    pub known_worker: Option<PersonId>,
    /// The active cases that hold the patient or the worker by their identity numbers.
    pub held_by: Vec<CaseId>,
    pub destination: Destination<'a>,
}

/// Where an accepted referral goes.
pub enum Destination<'a> {
    /// Into a new case, worked on by this organization: the one in charge or one below.
    NewCase(&'a Organization),
    /// Into a case that holds the patient or the worker.
    Existing(&'a Case),
}

codes! {
    /// A command on an existing referral.
    ReferralCommand {
        /// Accept it into a case.
        Accept = "accept" ("Accept", "受理"),
        /// Decline it.
        Decline = "decline" ("Decline", "不予受理"),
        /// Withdraw it, as its referrer.
        Withdraw = "withdraw" ("Withdraw", "撤回"),
        /// Acknowledge a version, as its referrer.
        Acknowledge = "acknowledge" ("Acknowledge", "确认收到反馈"),
    }
}

impl Referral {
    /// Whether the state permits the command.
    pub fn permits(&self, command: ReferralCommand) -> bool {
        use ReferralCommand as C;
        match command {
            C::Accept | C::Decline | C::Withdraw => self.state == ReferralState::Received,
            C::Acknowledge => true,
        }
    }

    /// Refuses a command that the state does not permit.
    pub fn ensure_permits(&self, command: ReferralCommand) -> Result<(), Rejection> {
        self.rejection_context(command).unless(self.permits(command), Cause::WrongState)
    }

    /// Receives a referral. A hospital's needs the patient's consent (《个人信息保护法》 articles 23 and 29).
    pub fn receive(ctx: &mut Context<'_>, source: &Source, new: &NewReferral) -> Result<Decision, Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Referral, state: "none", command: "receive" };
        let needs_consent = source.kind == SourceKind::Hospital;
        rejection.unless(new.particulars.consent.is_some() || !needs_consent, Cause::ConsentRequired)?;
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        let identity = &new.documents.identity;
        let patient = identity.patient.as_ref();
        rejection.unless(patient.is_some(), wrong("/patient", Invalid::Required))?;
        let related = (new.particulars.relation == Relation::Worker) == identity.worker.is_none();
        rejection.unless(related, wrong("/worker/relation", Invalid::OutOfRange))?;
        let distinct = match new.documents.identity_numbers().as_slice() {
            [patient, worker] => patient != worker,
            _ => true,
        };
        rejection.unless(distinct, wrong("/worker/identity_number", Invalid::NotDistinct))?;
        let referral = new.referral;
        let mut decision = Decision::default();
        let documents = seal_all(ctx, &mut decision, referral, referral.into(), 1, &new.documents)
            .map_err(|c| rejection.because(c))?;
        let ids = (referral, source.id, new.organization);
        decision.record(referral, ReferralEvent::received(ids, &new.particulars, documents));
        Ok(decision)
    }

    /// Accepts the referral into a new case or one that holds either person. Its documents are sealed again, each under
    /// the key of the person it concerns, and its own key is destroyed.
    pub fn accept(&self, ctx: &mut Context<'_>, accept: Accept<'_>) -> Result<(CaseId, Decision), Rejection> {
        let rejection = self.rejection_context(ReferralCommand::Accept);
        rejection.unless(self.permits(ReferralCommand::Accept), Cause::WrongState)?;
        let actor = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        let named = [accept.known_patient, accept.known_worker].contains(&Some(actor));
        let concerned = match accept.destination {
            Destination::NewCase(_) => false,
            Destination::Existing(case) => case.concerns(actor),
        };
        rejection.unless(!named && !concerned, Cause::OwnMatter)?;

        let destined = match accept.destination {
            Destination::NewCase(_) => None,
            Destination::Existing(case) => Some(case.id),
        };
        if let Some(case) = accept.held_by.iter().copied().find(|case| Some(*case) != destined) {
            return Err(rejection.because(Cause::ActiveCaseExists { case }));
        }

        let mut decision = Decision::default();
        let people = Self::enter_people(ctx, &mut decision, &accept).map_err(|c| rejection.because(c))?;
        let case = match accept.destination {
            Destination::NewCase(organization) => {
                let below = organization.is_at_or_below(self.organization);
                rejection.unless(below, Cause::OrganizationNotBelow)?;
                self.open_case(ctx, &mut decision, &people, organization.id, actor)
            }
            Destination::Existing(case) => {
                let holds = case.has_member(people.patient) || case.has_member(people.worker);
                rejection.unless(holds, Cause::CaseHoldsNeither)?;
                rejection.unless(case.state.is_active(), Cause::WrongState)?;
                case.link(&mut decision, self.id);
                case.id
            }
        };
        let documents =
            self.seal_per_person(ctx, &mut decision, accept.documents, &people).map_err(|c| rejection.because(c))?;
        decision.record(
            self.id,
            ReferralEvent::Accepted(ReferralAccepted {
                case,
                patient: people.patient,
                worker: people.worker,
                accepted_by: actor,
                documents,
            }),
        );
        if let Destination::Existing(joined) = accept.destination
            && joined.progress() != Progress::InProgress
        {
            let progressed = ReferralProgressed { progress: joined.progress() };
            decision.record(self.id, ReferralEvent::Progressed(progressed));
        }
        decision.erased.push(self.id.into());
        Ok((case, decision))
    }

    /// Records the progress of its case, if it is new. A final progress never changes.
    pub(crate) fn progress_to(&self, decision: &mut Decision, progress: Progress) {
        let is_news = self.state.progress().is_some_and(|before| before != progress);
        if is_news && !self.state.is_final() {
            decision.record(self.id, ReferralEvent::Progressed(ReferralProgressed { progress }));
        }
    }

    /// Declines the referral. `concerned` are the people known by the identity numbers that it names.
    pub fn decline(
        &self,
        ctx: &Context<'_>,
        concerned: &[PersonId],
        reason: DeclineReason,
    ) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(ReferralCommand::Decline);
        rejection.unless(self.permits(ReferralCommand::Decline), Cause::WrongState)?;
        let declined_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(!concerned.contains(&declined_by), Cause::OwnMatter)?;
        Ok(Decision::of(self.id, ReferralEvent::Declined(ReferralDeclined { reason, declined_by })))
    }

    /// Withdraws the referral, on the referrer's word.
    pub fn withdraw(&self) -> Result<Decision, Rejection> {
        self.rejection_context(ReferralCommand::Withdraw)
            .unless(self.permits(ReferralCommand::Withdraw), Cause::WrongState)?;
        Ok(Decision::of(self.id, ReferralEvent::Withdrawn(ReferralWithdrawn {})))
    }

    /// Records that the referrer saw `version`. Acknowledgements change the version too, so a version after the last
    /// other change counts as that change. Repeating it changes nothing.
    pub fn acknowledge(&self, current: u32, version: u32) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(ReferralCommand::Acknowledge);
        rejection.unless((1..=current).contains(&version), Cause::VersionAhead)?;
        let version = version.min(self.changed_in_version);
        if self.acknowledged >= Some(version) {
            return Ok(Decision::default());
        }
        Ok(Decision::of(self.id, ReferralEvent::Acknowledged(ReferralAcknowledged { version })))
    }

    fn enter_people(ctx: &mut Context<'_>, decision: &mut Decision, accept: &Accept<'_>) -> Result<People, Cause> {
        let known = |id: Option<PersonId>, party: Option<Party>| match (id, party) {
            (Some(id), _) => Ok(Entry::Known(id)),
            (None, Some(party)) => Ok(Entry::New(party)),
            (None, None) => Err(Cause::WrongState),
        };
        let patient_party = accept.documents.patient();
        let patient_number = number_of(patient_party.as_ref());
        let patient = known(accept.known_patient, patient_party)?.enter(ctx, decision)?;
        let Some(worker_party) = accept.documents.worker() else {
            let numbers = vec![(patient, patient_number)];
            return Ok(People { patient, worker: patient, numbers });
        };
        let worker_number = number_of(Some(&worker_party));
        let worker = known(accept.known_worker, Some(worker_party))?.enter(ctx, decision)?;
        let numbers = vec![(patient, patient_number), (worker, worker_number)];
        Ok(People { patient, worker, numbers })
    }

    fn open_case(
        &self,
        ctx: &mut Context<'_>,
        decision: &mut Decision,
        people: &People,
        organization: OrganizationId,
        registered_by: PersonId,
    ) -> CaseId {
        let mut members = vec![Member { person: people.worker, relation: Relation::Worker }];
        if people.patient != people.worker {
            members.push(Member { person: people.patient, relation: self.relation });
        }
        let applied_on = ctx.now.day();
        let referral = Some(self.id);
        let new = NewCase { organization, members, referral, applied_on, registered_by };
        let case = case::open(ctx, decision, new);
        for (person, number) in &people.numbers {
            if let Some(identity_number) = number.clone() {
                let subject = SubjectRef::from(*person);
                decision.holds.push(CaseHold { case, subject, identity_number });
            }
        }
        case
    }

    fn seal_per_person(
        &self,
        ctx: &mut Context<'_>,
        decision: &mut Decision,
        documents: ReferralDocuments,
        people: &People,
    ) -> Result<Vec<Commitment>, Cause> {
        if people.patient == people.worker {
            return seal_all(ctx, decision, self.id, people.patient.into(), 2, &documents);
        }
        let (patient, worker) = documents.split();
        let mut all = seal_all(ctx, decision, self.id, people.patient.into(), 2, &patient)?;
        all.extend(seal_all(ctx, decision, self.id, people.worker.into(), 2, &worker)?);
        Ok(all)
    }

    fn rejection_context(&self, command: ReferralCommand) -> RejectionContext {
        let (state, command) = (self.state.code(), command.code());
        RejectionContext { stream: StreamKind::Referral, state, command }
    }
}

struct People {
    patient: PersonId,
    worker: PersonId,
    numbers: Vec<(PersonId, Option<crate::identity_number::IdentityNumber>)>,
}

enum Entry {
    Known(PersonId),
    New(Party),
}

impl Entry {
    fn enter(self, ctx: &mut Context<'_>, decision: &mut Decision) -> Result<PersonId, Cause> {
        match self {
            Entry::Known(person) => Ok(person),
            Entry::New(party) => person::enter(ctx, decision, &party, false),
        }
    }
}

fn number_of(party: Option<&Party>) -> Option<crate::identity_number::IdentityNumber> {
    party.and_then(|party| party.identity.identity_number.clone())
}

/// Seals every group that has values, for `subject`.
fn seal_all(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    referral: ReferralId,
    subject: SubjectRef,
    version: u32,
    documents: &ReferralDocuments,
) -> Result<Vec<Commitment>, Cause> {
    let record = RecordRef::from(referral);
    let mut all = vec![decision.add_document(ctx, record, subject, version, &documents.identity)?];
    if let Some(contact) = &documents.contact {
        all.push(decision.add_document(ctx, record, subject, version, contact)?);
    }
    if let Some(stay) = &documents.health {
        all.push(decision.add_document(ctx, record, subject, version, stay)?);
    }
    if let Some(costs) = &documents.money {
        all.push(decision.add_document(ctx, record, subject, version, costs)?);
    }
    if let Some(narrative) = &documents.narrative {
        all.push(decision.add_document(ctx, record, subject, version, narrative)?);
    }
    Ok(all)
}
