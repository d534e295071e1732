//! People 自然人: one stream per natural person in the city, staff or household member.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    decision::{Context, Decision, RejectionContext},
    event::stream_events,
    identity_number::IdentityNumber,
    ids::PersonId,
    name::PersonName,
    phone::Phone,
    rejection::{Cause, Rejection},
    stream::StreamKind,
    vault::{Commitment, Group, Term, VaultDocument},
};

stream_events! {
    /// What happens to a person's record.
    PersonEvent {
        /// The person became known.
        Registered(PersonRegistered) = "person.registered" v 1,
        /// The person, known before, is one of the union's staff.
        JoinedStaff(PersonJoinedStaff) = "person.joined_staff" v 1,
        /// The person's identity number became known.
        Identified(PersonIdentified) = "person.identified" v 1,
    }
}

/// Payload of `person.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRegistered {
    pub person: PersonId,
    pub staff: bool,
    pub documents: Vec<Commitment>,
}

/// Payload of `person.joined_staff`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonJoinedStaff {}

/// Payload of `person.identified`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonIdentified {
    pub documents: Vec<Commitment>,
}

/// A natural person. Names and numbers are in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: PersonId,
    pub staff: bool,
}

/// Name and identity number, sealed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyIdentity {
    pub name: PersonName,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub identity_number: Option<IdentityNumber>,
}

impl PartyIdentity {
    pub(crate) fn all_terms(&self) -> Vec<Term> {
        let number = self.identity_number.clone().map(Term::IdentityNumber);
        [Term::Name(self.name.clone())].into_iter().chain(number).collect()
    }
}

impl VaultDocument for PartyIdentity {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        json!({
            "name": self.name.masked(),
            "identity_number": self.identity_number.as_ref().map(IdentityNumber::masked),
        })
    }

    fn terms(&self) -> Vec<Term> {
        self.all_terms()
    }
}

/// How a person can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonContact {
    pub phone: Phone,
}

impl VaultDocument for PersonContact {
    const GROUP: Group = Group::Contact;

    fn masked(&self) -> Value {
        json!({ "phone": self.phone.masked() })
    }

    fn terms(&self) -> Vec<Term> {
        vec![Term::Phone(self.phone.clone())]
    }
}

/// What is said of a person: a patient, a worker, a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub identity: PartyIdentity,
    pub phone: Option<Phone>,
}

impl Person {
    /// Registers a person. The caller has checked that nobody has the identity number yet.
    pub fn register(ctx: &mut Context<'_>, party: &Party, staff: bool) -> Result<(PersonId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Person, state: "none", command: "register" };
        let mut decision = Decision::default();
        let person = enter(ctx, &mut decision, party, staff).map_err(|c| rejection.because(c))?;
        Ok((person, decision))
    }

    /// Records that this person is one of the union's staff; no event if that is known.
    pub fn join_staff(&self) -> Decision {
        let mut decision = Decision::default();
        if !self.staff {
            decision.record(self.id, PersonEvent::JoinedStaff(PersonJoinedStaff {}));
        }
        decision
    }
}

/// Records the event that makes a person known, with the documents it commits to.
pub(crate) fn enter(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    party: &Party,
    staff: bool,
) -> Result<PersonId, Cause> {
    let person = ctx.id(PersonId::from_uuid);
    let mut documents = vec![decision.add_document(ctx, person, person, 1, &party.identity)?];
    if let Some(phone) = party.phone.clone() {
        documents.push(decision.add_document(ctx, person, person, 1, &PersonContact { phone })?);
    }
    let registered = PersonRegistered { person, staff, documents };
    decision.record(person, PersonEvent::Registered(registered));
    Ok(person)
}

/// Records the identity number of a person who was known without one.
pub(crate) fn identify(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    person: PersonId,
    version: u32,
    identity: &PartyIdentity,
) -> Result<(), Cause> {
    let documents = vec![decision.add_document(ctx, person, person, version, identity)?];
    decision.record(person, PersonEvent::Identified(PersonIdentified { documents }));
    Ok(())
}

impl Aggregate for Person {
    const KIND: StreamKind = StreamKind::Person;
    const FORM: u32 = 1;
    type Event = PersonEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &PersonEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, PersonEvent::Registered(e)) => Ok(Self { id: e.person, staff: e.staff }),
            (Some(person), PersonEvent::JoinedStaff(_)) if !person.staff => Ok(Self { staff: true, ..person }),
            (Some(person), PersonEvent::Identified(_)) => Ok(person),
            (_, PersonEvent::Registered(_) | PersonEvent::JoinedStaff(_) | PersonEvent::Identified(_)) => {
                Err(InvalidHistory { stream: Self::KIND })
            }
        }
    }
}
