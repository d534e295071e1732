//! An office in memory: it keeps what is decided, as the server does.

use std::collections::HashMap;

use bangfu_domain::{
    account::Account,
    actor::Actor,
    aggregate::{InState, InvalidHistory, State},
    batch::Batch,
    case::{Case, CaseEvent, CaseOpened, Member},
    client::Client,
    decision::{CaseHold, Context, Decision},
    event::Event,
    fund::Fund,
    grant::Grant,
    id_generator::IdGenerator,
    identity_number::IdentityNumber,
    ids::{AccountId, BatchId, CaseId, ClientId, FundId, GrantId, PersonId, PolicyId, ReferralId, ReliefId},
    organization::Organization,
    person::{Party, PartyIdentity},
    policy::Policy,
    record::{RecordKind, RecordRef},
    referral::{Accept, Destination, NewReferral, Referral, ReferralDocuments},
    rejection::Rejection,
    relation::Relation,
    relief::Relief,
    source::SourceKind,
    stream::{StreamKind, StreamRef},
    time::Instant,
    vault::{Group, Term, VaultDocument},
};

use super::{caseworker, district, id, new_referral, now, number, person, source, street, today};

/// The union's office: fresh ids, the journal and what it folds into, and who is known and held.
pub struct Office {
    pub now: Instant,
    pub journal: Vec<(StreamRef, Event)>,
    id_generator: IdGenerator,
    states: HashMap<StreamRef, (u32, State)>,
    streams: Vec<StreamRef>,
    known: Vec<(IdentityNumber, PersonId)>,
    identities: HashMap<PersonId, PartyIdentity>,
    holds: Vec<CaseHold>,
    /// The last document of each group of a record.
    vault: HashMap<(RecordRef, Group), serde_json::Value>,
}

impl Office {
    pub fn new() -> Self {
        Self::seeded(7)
    }

    pub fn seeded(seed: u8) -> Self {
        let id_generator = IdGenerator::new(now(), [seed; 32]);
        Self {
            now: now(),
            journal: Vec::new(),
            id_generator,
            states: HashMap::new(),
            streams: Vec::new(),
            known: Vec::new(),
            identities: HashMap::new(),
            holds: Vec::new(),
            vault: HashMap::new(),
        }
    }

    /// The context of a command by `actor`.
    pub fn ctx(&mut self, actor: Actor) -> Context<'_> {
        Context { now: self.now, actor, ids: &mut self.id_generator }
    }

    /// The context of a command by `actor`, this number of days later.
    pub fn ctx_after(&mut self, days: i64, actor: Actor) -> Context<'_> {
        let now = self.now.checked_add_seconds(days * 86_400).unwrap();
        Context { now, ..self.ctx(actor) }
    }

    /// Lets this number of days pass.
    pub fn wait(&mut self, days: i64) {
        self.now = self.now.checked_add_seconds(days * 86_400).unwrap();
    }

    /// Writes a decision: each event must fit the state of its own stream.
    pub fn keep(&mut self, decision: &Decision) -> Result<(), InvalidHistory> {
        for (stream, event) in &decision.events {
            assert_eq!(stream.kind, event.stream_kind(), "an event in a stream of its kind");
            let (version, before) = match self.states.remove(stream) {
                Some((version, state)) => (version + 1, Some(state)),
                None => (1, None),
            };
            if version == 1 {
                self.streams.push(*stream);
            }
            self.states.insert(*stream, (version, State::evolve(before, version, event)?));
            self.journal.push((*stream, event.clone()));
        }
        for document in &decision.documents {
            self.vault.insert((document.record, document.group), document.values.clone());
            if (document.record.kind, document.group) == (RecordKind::Person, Group::Identity) {
                let identity = serde_json::from_value(document.values.clone()).unwrap();
                self.identities.insert(PersonId::from_uuid(document.record.id), identity);
            }
            for term in &document.terms {
                if let (RecordKind::Person, Term::IdentityNumber(number)) = (document.record.kind, term) {
                    self.known.push((number.clone(), PersonId::from_uuid(document.record.id)));
                }
            }
        }
        self.holds.retain(|hold| !decision.releases.contains(&hold.case));
        self.holds.extend(decision.holds.iter().cloned());
        Ok(())
    }

    /// The last values of a record, if there are any.
    pub fn sealed<T: VaultDocument>(&self, record: impl Into<RecordRef>) -> Option<T> {
        let values = self.vault.get(&(record.into(), T::GROUP))?;
        Some(serde_json::from_value(values.clone()).unwrap())
    }

    /// The version of a stream; 0 where it does not exist.
    pub fn version(&self, stream: impl Into<StreamRef>) -> u32 {
        self.states.get(&stream.into()).map_or(0, |(version, _)| *version)
    }

    /// The person known by an identity number.
    pub fn known(&self, text: &str) -> Option<PersonId> {
        self.known.iter().find(|(known, _)| *known == number(text)).map(|(_, person)| *person)
    }

    /// Someone of the staff, whom the office knows by name and number.
    pub fn introduce(&mut self, person: PersonId, identity: PartyIdentity) {
        self.known.extend(identity.identity_number.clone().map(|number| (number, person)));
        self.identities.insert(person, identity);
    }

    /// Name and number of a person, as far as they are known.
    pub fn identity(&self, person: PersonId) -> Option<PartyIdentity> {
        self.identities.get(&person).cloned()
    }

    /// What a case holds.
    pub fn holds_of(&self, case: CaseId) -> Vec<CaseHold> {
        self.holds.iter().filter(|hold| hold.case == case).cloned().collect()
    }

    /// The active cases that hold one of the identity numbers 一户一档.
    pub fn held_by(&self, numbers: &[IdentityNumber]) -> Vec<CaseId> {
        let holding = self.holds.iter().filter(|hold| numbers.contains(&hold.identity_number));
        let mut cases: Vec<CaseId> = holding.map(|hold| hold.case).collect();
        cases.sort_unstable();
        cases.dedup();
        cases
    }

    pub fn state<T: InState + Clone>(&self, id: impl Into<StreamRef>) -> T {
        let stream = id.into();
        let state = self.states.get(&stream).and_then(|(_, state)| T::within(state));
        state.unwrap_or_else(|| panic!("no stream {stream:?}")).clone()
    }

    /// Everything of a kind, in the order in which it came about.
    fn all<T: InState + Clone>(&self, kind: StreamKind) -> Vec<T> {
        let streams = self.streams.iter().filter(|stream| stream.kind == kind);
        streams.map(|stream| self.state(*stream)).collect()
    }

    pub fn referral(&self, id: ReferralId) -> Referral {
        self.state(id)
    }

    pub fn case(&self, id: CaseId) -> Case {
        self.state(id)
    }

    pub fn account(&self, id: AccountId) -> Account {
        self.state(id)
    }

    pub fn client(&self, id: ClientId) -> Client {
        self.state(id)
    }

    pub fn grant(&self, id: GrantId) -> Grant {
        self.state(id)
    }

    pub fn policy(&self, id: PolicyId) -> Policy {
        self.state(id)
    }

    pub fn fund(&self, id: FundId) -> Fund {
        self.state(id)
    }

    pub fn relief(&self, id: ReliefId) -> Relief {
        self.state(id)
    }

    pub fn batch(&self, id: BatchId) -> Batch {
        self.state(id)
    }

    pub fn funds(&self) -> Vec<Fund> {
        self.all(StreamKind::Fund)
    }

    pub fn reliefs(&self) -> Vec<Relief> {
        self.all(StreamKind::Relief)
    }

    pub fn batches(&self) -> Vec<Batch> {
        self.all(StreamKind::Batch)
    }

    /// The reliefs of a case.
    pub fn reliefs_of(&self, case: CaseId) -> Vec<Relief> {
        self.reliefs().into_iter().filter(|relief| relief.case == case).collect()
    }

    /// Takes in a referral from the hospital.
    pub fn receive(&mut self, new: &NewReferral) -> Referral {
        let mut ctx = self.ctx(Actor::System);
        let source = source(SourceKind::Hospital);
        let decision = Referral::receive(&mut ctx, &source, new).unwrap();
        self.keep(&decision).unwrap();
        self.referral(new.referral)
    }

    /// Accepts as the server would: it looks up who is known, and which active cases hold them.
    /// Where no case is named to go `into`, a new one is opened at the `unit`.
    pub fn accept(
        &mut self,
        referral: &Referral,
        documents: &ReferralDocuments,
        actor: Actor,
        into: Option<&Case>,
        unit: &Organization,
    ) -> Result<(CaseId, Decision), Rejection> {
        let find = |party: Option<Party>| self.known(party?.identity.identity_number?.as_str());
        let accept = Accept {
            known_patient: find(documents.patient()),
            known_worker: find(documents.worker()),
            held_by: self.held_by(&documents.identity_numbers()),
            documents: documents.clone(),
            destination: into.map_or(Destination::NewCase(unit), Destination::Existing),
        };
        let (case, decision) = referral.accept(&mut self.ctx(actor), accept)?;
        self.keep(&decision).unwrap();
        Ok((case, decision))
    }

    /// Receives the n-th referral, which the caseworker accepts into a new case at the street.
    pub fn accept_anew(&mut self, n: u128, documents: &ReferralDocuments) -> (Case, Decision) {
        let referral = self.receive(&new_referral(n, documents.clone()));
        let accepted = self.accept(&referral, documents, caseworker(), None, &street());
        let (case, decision) = accepted.unwrap();
        (self.case(case), decision)
    }

    /// Opens a case of `people`, the worker first, by hand.
    pub fn open_case(&mut self, n: u128, people: &[PersonId]) -> Case {
        let case = id(CaseId::from_uuid, n);
        let relation = |at| if at == 0 { Relation::Worker } else { Relation::Spouse };
        let member = |(at, &person)| Member { person, relation: relation(at) };
        let opened = CaseOpened {
            case,
            organization: district().id,
            members: people.iter().enumerate().map(member).collect(),
            referral: Some(id(ReferralId::from_uuid, n)),
            applied_on: today(),
            registered_by: person(90),
        };
        let mut decision = Decision::default();
        decision.record(case, CaseEvent::Opened(opened));
        self.keep(&decision).unwrap();
        self.case(case)
    }
}
