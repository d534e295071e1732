//! People named by a request: known to the city by id or identity number, or new.

use std::collections::HashMap;

use bangfu_domain::{
    case::PartyRef,
    identity_number::IdentityNumber,
    ids::PersonId,
    invalid::Invalid,
    name::PersonName,
    person::{PartyIdentity, Person},
    record::RecordRef,
    vault::Group,
};
use bangfu_persistence::{ReadTransaction, StoreError, WriteTransaction};

use crate::{Refusal, UnitOfWork, UseCaseResult};

/// What is said of a person.
#[derive(Debug, Clone)]
pub struct PartyInput {
    /// Where it is said, as a path through the use case's input.
    pub at: String,
    pub person: Option<PersonId>,
    pub name: Option<PersonName>,
    pub identity_number: Option<IdentityNumber>,
}

/// Name and number of people as they are known, with the version of the document.
pub(crate) type Identities = HashMap<PersonId, (PartyIdentity, u32)>;

/// Opens names and numbers for comparison, not to be shown.
pub(crate) fn identities(tx: &mut WriteTransaction<'_>, people: &[PersonId]) -> Result<Identities, StoreError> {
    let records: Vec<RecordRef> = people.iter().copied().map(RecordRef::from).collect();
    let mut all = Identities::new();
    for document in tx.open_each(&records, &[Group::Identity])? {
        let (person, version) = (PersonId::from_uuid(document.record.id), document.version);
        all.insert(person, (document.read()?, version));
    }
    Ok(all)
}

/// Finds the person meant. `household` are the people who may be named by id; for all others the name is required. A
/// known number under another name is refused, and so is the number of another person.
pub(crate) fn find_party(
    work: &mut UnitOfWork<'_, '_>,
    household: &Identities,
    named: &PartyInput,
) -> UseCaseResult<PartyRef> {
    let required = |field: &str| Refusal::invalid(&format!("{}/{field}", named.at), Invalid::Required);
    let differs = || Refusal::PersonDiffers { field: Some(named.at.clone()) };
    let by_number = match &named.identity_number {
        Some(number) => work.tx.person_by_number(number)?,
        None => None,
    };
    let (person, (identity, identity_version)) = match (named.person, by_number) {
        (Some(person), _) => {
            let unknown = || Refusal::unknown_reference(&format!("{}/person_id", named.at));
            (person, household.get(&person).cloned().ok_or_else(unknown)?)
        }
        (None, Some(person)) => {
            // A number alone must not reveal its owner.
            named.name.as_ref().ok_or_else(|| required("name"))?;
            let known = identities(work.tx, &[person])?.remove(&person);
            (person, known.ok_or(Refusal::Erased)?)
        }
        (None, None) => {
            let name = named.name.clone().ok_or_else(|| required("name"))?;
            let identity_number = named.identity_number.clone();
            return Ok(PartyRef::New(PartyIdentity { name, identity_number }));
        }
    };
    if named.name.as_ref().is_some_and(|name| *name != identity.name) {
        return Err(differs().into());
    }
    let adds_number = match (&named.identity_number, &identity.identity_number) {
        (Some(said), Some(known)) if said != known => return Err(differs().into()),
        (Some(_), None) if by_number.is_some_and(|other| other != person) => {
            return Err(Refusal::NumberTaken { field: named.at.clone() }.into());
        }
        (Some(said), None) => {
            // The number completes what is known, so the person's own stream changes.
            work.tx.for_update::<Person>(person)?;
            Some(said.clone())
        }
        (_, Some(_)) | (None, None) => None,
    };
    Ok(PartyRef::Known { person, identity, identity_version, adds_number })
}

/// Refuses people who are not members of the union's staff. `field` is the list that names them.
pub(super) fn require_staff(tx: &mut ReadTransaction<'_>, field: &str, people: &[PersonId]) -> UseCaseResult<()> {
    for (i, person) in people.iter().enumerate() {
        let found = tx.find::<Person>(*person)?;
        if !found.is_some_and(|person| person.value.staff) {
            return Err(Refusal::unknown_reference(&format!("{field}/{i}")).into());
        }
    }
    Ok(())
}
