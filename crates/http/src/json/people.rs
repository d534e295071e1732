//! Members of staff 工作人员. The people of households come in with referrals and cases.

use actix_web::{get, post};
use bangfu_domain::{
    identity_number::IdentityNumber,
    ids::PersonId,
    name::PersonName,
    person::{Party, PartyIdentity, Person},
    phone::Phone,
    record::RecordKind,
    vault::Group,
};
use bangfu_persistence::{Loaded, ReadTransaction, StoreError, WorkError, query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::Action,
    edge::{
        ApiRequest, Body, Deed, Id, List, Outcome, Params, Parse, Reply, Validation, resource,
        staged,
    },
    problem::{Code, Problem},
};

/// A member of staff.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterPerson {
    /// The name.
    #[validate(length(max = 50))]
    #[schema(example = "王芳", max_length = 50)]
    pub name: String,
    /// The identity number: it tells one natural person from another, whatever accounts they have.
    #[schema(example = "340711199211130451")]
    pub identity_number: String,
    /// A phone number.
    #[schema(example = "13905620001")]
    pub phone: Option<String>,
}

impl Parse for RegisterPerson {
    type Command = (Party, IdentityNumber);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let name = validation.parse("/name", &self.name, PersonName::parse);
        let number = validation.identity_number("/identity_number", Some(&self.identity_number));
        let phone = validation.optional("/phone", self.phone.as_deref(), Phone::parse);
        let (name, number) = (name?, number??);
        let identity = PartyIdentity { name, identity_number: Some(number.clone()) };
        Some((Party { identity, phone: phone? }, number))
    }
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// The person's id.
    pub id: String,
    /// The version.
    pub version: u32,
    /// Whether the person is one of the union's staff.
    pub staff: bool,
    /// The account, if there is one.
    pub account_id: Option<String>,
    /// The name in full, for a member of staff with an account; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Masked forms of name, numbers and phone; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
}

impl From<Loaded<Person>> for PersonView {
    fn from(loaded: Loaded<Person>) -> Self {
        Self {
            id: loaded.value.id.to_string(),
            version: loaded.version,
            staff: loaded.value.staff,
            account_id: None,
            name: None,
            masked: None,
        }
    }
}

/// Adds the masked forms to people who are read.
fn with_masks(
    reader: &mut ReadTransaction<'_>,
    people: Vec<Loaded<Person>>,
) -> Result<Vec<PersonView>, StoreError> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.value.id).collect();
    let accounts = reader.accounts_of(&ids)?;
    let uuids: Vec<_> = ids.iter().map(|id| id.as_uuid()).collect();
    let mut masks = reader.masked(RecordKind::Person, &uuids)?;
    let uuids: Vec<_> = accounts.values().map(|id| id.as_uuid()).collect();
    let names = reader.masked(RecordKind::Account, &uuids)?;
    let with_mask = |person: Loaded<Person>| {
        let id = person.value.id;
        let mut view = PersonView::from(person);
        if let Some(account) = accounts.get(&id) {
            let identity = names.get(&account.as_uuid()).and_then(|m| m.get(&Group::Identity));
            view.name = identity.and_then(|i| i.get("name")?.as_str()).map(str::to_owned);
            view.account_id = Some(account.to_string());
        }
        // What a referral said of the same person is not an administrator's business.
        let identity = masks.remove(&id.as_uuid()).and_then(|mut m| m.remove(&Group::Identity));
        view.masked =
            identity.map(|identity| serde_json::json!({ Group::Identity.code(): identity }));
        view
    };
    Ok(people.into_iter().map(with_mask).collect())
}

/// Name and number of a person, opened for comparison and not to be shown.
pub(super) fn identity_of(
    deed: &mut Deed<'_, '_>,
    person: PersonId,
) -> Result<PartyIdentity, WorkError<Problem>> {
    let mut opened = deed.tx.open_documents(person, &[Group::Identity])?;
    let identity = opened.remove(&Group::Identity).map(serde_json::from_value);
    let Some(Ok(identity)) = identity else { return Err(refuse(Problem::new(Code::Internal))) };
    Ok(identity)
}

/// Make a member of staff known
///
/// A known identity number with the same name gives the known person (200), so that one natural person
/// stays one; with another name it is refused (409 `person_differs`).
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = RegisterPerson,
    responses((status = 201, body = PersonView, description = "Made known"),
        (status = 200, body = PersonView, description = "Known before"), WriteProblems))]
#[post("/people")]
pub async fn register_person(request: ApiRequest, body: Body<RegisterPerson>) -> Answer {
    request
        .change("person.register", body, |deed, (party, number)| {
            let mut sight = deed.sight();
            let registry = sight.registry().map_err(WorkError::Refused)?;
            sight.require(Action::RegisterPerson, &registry).map_err(WorkError::Refused)?;
            if let Some(known) = deed.tx.person_by_number(number)? {
                // Whoever registers somebody has the identity card in hand, and with it the name.
                if identity_of(deed, known)?.name != party.identity.name {
                    return Err(refuse(Problem::new(Code::PersonDiffers)));
                }
                let gone = || WorkError::Refused(Problem::new(Code::Internal));
                let person = deed.tx.for_update::<Person>(known)?.ok_or_else(gone)?;
                let stage = deed.stage(person.value.join_staff())?;
                let view = PersonView::from(stage.after::<Person>(known).unwrap_or(person));
                let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
                return Ok(Outcome { staged: stage, reply });
            }
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Person::register(&mut ctx, party, true)?;
            let stage = deed.stage(decision)?;
            let view = PersonView::from(staged::<Person>(&stage, id)?);
            let reply = Reply::created(format!("/v1/people/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Read a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = PersonView, description = "The person"), ReadProblems))]
#[get("/people/{id}")]
pub async fn get_person(request: ApiRequest, id: Id<PersonId>) -> Answer {
    let view = request.read("person.get", move |sight| {
        let registry = sight.registry()?;
        sight.require_sight(Action::ViewPerson, &registry)?;
        let found = sight.tx.find::<Person>(id.0)?.filter(|person| person.value.staff);
        let views = with_masks(sight.tx, found.into_iter().collect())?;
        views.into_iter().next().ok_or_else(|| Problem::new(Code::NotFound))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List members of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<PersonView>, description = "A page"), ReadProblems))]
#[get("/people")]
pub async fn list_people(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("people")?;
    let list = request.read("person.list", move |sight| {
        let registry = sight.registry()?;
        let page = params.page(sight.app, sight.caller)?;
        let found = if sight.permits(Action::ViewPerson, &registry) {
            query::people(sight.tx, page)?
        } else {
            Vec::new()
        };
        let id = |it: &Loaded<Person>| it.value.id.as_uuid();
        let list = params.list(sight.app, sight.caller, found, id, |person| person);
        let items = with_masks(sight.tx, list.items)?;
        Ok(List { items, next_cursor: list.next_cursor })
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
