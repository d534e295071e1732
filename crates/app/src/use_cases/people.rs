//! Members of staff 工作人员. People of households are registered by referrals and cases.

use bangfu_domain::{
    codes::NoCommand,
    identity_number::IdentityNumber,
    ids::{AccountId, PersonId},
    person::{Party, PartyIdentity, Person},
    record::RecordKind,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::{
    ReadTransaction, Staged, StoreError, Versioned,
    query::{self, Page},
};
use uuid::Uuid;

use crate::{
    AccessControlled, Item, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
    read_context::missing,
};

impl AccessControlled for Person {
    type Command = NoCommand;

    const VIEW: Action = Action::ViewPerson;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        ctx.registry()
    }
}

/// A member of staff as administrators see one.
#[derive(Debug, Clone)]
pub struct StaffMember {
    pub person: Versioned<Person>,
    pub account: Option<AccountId>,
    /// Masked forms of name and identity number. Values from referrals about the same person are not shown to
    /// administrators.
    pub identity: Option<MaskedValues>,
}

impl Item for StaffMember {
    fn id(&self) -> Uuid {
        self.person.value.id.as_uuid()
    }
}

/// The person of a registration.
#[derive(Debug, Clone)]
pub enum Registered {
    /// A new person: the identity number was unknown.
    New(Versioned<Person>),
    /// The person who was already known by this identity number.
    Existing(Versioned<Person>),
}

/// Registers a member of staff. For a known identity number with the same name it returns the known person, so that one
/// natural person has one record.
pub fn register(
    work: &mut UnitOfWork<'_, '_>,
    party: &Party,
    number: &IdentityNumber,
) -> UseCaseResult<(Staged, Registered)> {
    let mut ctx = work.reading();
    let registry = ctx.registry()?;
    ctx.require(Action::RegisterPerson, &registry)?;
    if let Some(known) = work.tx.person_by_number(number)? {
        // A person is registered from their identity card, so the name is known as well.
        if identity_of(work, known)?.name != party.identity.name {
            return Err(Refusal::PersonDiffers { field: None }.into());
        }
        let person = work.tx.for_update::<Person>(known)?;
        let person = person.ok_or_else(|| missing("people", known))?;
        let stage = work.stage(person.value.join_staff())?;
        let person = stage.after::<Person>(known).unwrap_or(person);
        return Ok((stage, Registered::Existing(person)));
    }
    let (id, decision) = Person::register(&mut work.context(), party, true)?;
    let (stage, person) = work.stage_of(id, decision)?;
    Ok((stage, Registered::New(person)))
}

/// Name and number of a person, opened for comparison and not to be shown.
pub(super) fn identity_of(work: &mut UnitOfWork<'_, '_>, person: PersonId) -> Result<PartyIdentity, StoreError> {
    work.tx.open(person)?.ok_or_else(|| missing("vault", person))
}

/// A member of staff.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: PersonId) -> UseCaseResult<StaffMember> {
    let (person, _) = ctx.get::<Person>(id)?;
    let found = if person.value.staff { vec![person] } else { Vec::new() };
    let found = described(ctx.tx, found)?.into_iter().next();
    Ok(found.ok_or(Refusal::NotFound)?)
}

/// A page of the members of staff, for a caller who may see them.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<StaffMember>> {
    let registry = ctx.registry()?;
    if !ctx.permits(Person::VIEW, &registry) {
        return Ok(Vec::new());
    }
    let people = query::people(ctx.tx, page)?;
    Ok(described(ctx.tx, people)?)
}

fn described(reader: &mut ReadTransaction<'_>, people: Vec<Versioned<Person>>) -> Result<Vec<StaffMember>, StoreError> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.value.id).collect();
    let accounts = reader.accounts_of(&ids)?;
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let mut masks = reader.masked(RecordKind::Person, &uuids)?;
    let describe = |person: Versioned<Person>| {
        let id = person.value.id;
        let account = accounts.get(&id).copied();
        let identity = masks.remove(&id.as_uuid()).and_then(|mut it| it.remove(&Group::Identity));
        StaffMember { person, account, identity }
    };
    Ok(people.into_iter().map(describe).collect())
}
