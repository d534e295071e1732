//! Who somebody is: a person whom the city knows, by id or by identity number, or somebody new.

use std::collections::HashMap;

use bangfu_domain::{
    case::PartyRef, identity_number::IdentityNumber, ids::PersonId, name::PersonName,
    person::PartyIdentity, record::RecordRef, vault::Group,
};
use bangfu_persistence::WorkError;

use super::super::refuse;
use crate::{
    edge::Deed,
    problem::{Code, Problem},
};

/// What is said of somebody.
#[derive(Debug, Clone)]
pub struct PartyInput {
    /// Where in the request it stands.
    pub at: String,
    /// The person, if known by id.
    pub person: Option<PersonId>,
    /// The name.
    pub name: Option<PersonName>,
    /// The identity number.
    pub identity_number: Option<IdentityNumber>,
}

/// Name and number of people as they are known, with the version of the document.
pub type Identities = HashMap<PersonId, (PartyIdentity, u32)>;

/// Opens names and numbers for comparison, not to be shown.
pub fn identities(
    deed: &mut Deed<'_, '_>,
    people: &[PersonId],
) -> Result<Identities, WorkError<Problem>> {
    let records: Vec<RecordRef> = people.iter().copied().map(RecordRef::from).collect();
    let mut all = Identities::new();
    for document in deed.tx.open_each(&records, &[Group::Identity])? {
        let identity = serde_json::from_value(document.values)
            .map_err(|_| refuse(Problem::new(Code::Internal)))?;
        all.insert(PersonId::from_uuid(document.record.id), (identity, document.version));
    }
    Ok(all)
}

/// Finds who is meant. `household` are the people who may be named by id; everybody else needs the name. A
/// known number under another name is refused, and so is a number that is known as another person's.
pub fn find(
    deed: &mut Deed<'_, '_>,
    household: &Identities,
    named: &PartyInput,
) -> Result<PartyRef, WorkError<Problem>> {
    let required = |field: &str| {
        let at = format!("{}/{field}", named.at);
        refuse(Problem::invalid_at(&at, bangfu_domain::invalid::Invalid::Required))
    };
    let differs = || refuse(Problem::new(Code::PersonDiffers).with("pointer", named.at.clone()));
    let by_number = match &named.identity_number {
        Some(number) => deed.tx.person_by_number(number)?,
        None => None,
    };
    let (person, (identity, identity_version)) = match (named.person, by_number) {
        (Some(person), _) => {
            let unknown = || Problem::unknown_reference(&format!("{}/person_id", named.at));
            let known = household.get(&person).cloned();
            (person, known.ok_or_else(|| refuse(unknown()))?)
        }
        (None, Some(person)) => {
            // A number alone must not tell whose it is.
            named.name.as_ref().ok_or_else(|| required("name"))?;
            let known = identities(deed, &[person])?.remove(&person);
            (person, known.ok_or_else(|| refuse(Problem::new(Code::Erased)))?)
        }
        (None, None) => {
            let name = named.name.clone().ok_or_else(|| required("name"))?;
            let identity_number = named.identity_number.clone();
            return Ok(PartyRef::New(PartyIdentity { name, identity_number }));
        }
    };
    if named.name.as_ref().is_some_and(|name| *name != identity.name) {
        return Err(differs());
    }
    let adds_number = match (&named.identity_number, &identity.identity_number) {
        (Some(said), Some(known)) if said != known => return Err(differs()),
        (Some(_), None) if by_number.is_some_and(|other| other != person) => {
            return Err(refuse(Problem::new(Code::NumberTaken).with("pointer", named.at.clone())));
        }
        (Some(said), None) => {
            // The number completes what is known, so the person's own stream changes.
            deed.tx.for_update::<bangfu_domain::person::Person>(person)?;
            Some(said.clone())
        }
        (_, Some(_)) | (None, None) => None,
    };
    Ok(PartyRef::Known { person, identity, identity_version, adds_number })
}
