//! Members of staff 工作人员. The people of households come in with referrals and cases.

use actix_web::{get, post};
use bangfu_app::use_cases::people::{self, Registered, StaffMember};
use bangfu_domain::{
    identity_number::IdentityNumber,
    ids::{AccountId, PersonId},
    name::PersonName,
    person::{Party, PartyIdentity, Person},
    phone::Phone,
    vault::Group,
};
use bangfu_persistence::Loaded;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{ApiRequest, Body, Id, List, Params, Parse, Validation, changed, created, input, shown, views};

input! {
    /// A member of staff.
    pub struct RegisterPerson {
        /// The name.
        pub name: PersonName,
        /// The identity number: it tells one natural person from another, whatever accounts they have.
        pub identity_number: IdentityNumber,
        /// A phone number.
        pub phone: Option<Phone>,
    }
}

impl Parse for RegisterPerson {
    type Command = (Party, IdentityNumber);

    fn parse(self, _: &mut Validation) -> Option<Self::Command> {
        let Self { name, identity_number: number, phone } = self;
        let identity = PartyIdentity { name, identity_number: Some(number.clone()) };
        Some((Party { identity, phone }, number))
    }
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// The person's id.
    pub id: PersonId,
    /// The version.
    pub version: u32,
    /// Whether the person is one of the union's staff.
    pub staff: bool,
    /// The account, if there is one.
    pub account_id: Option<AccountId>,
    /// The name in full, for a member of staff with an account; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Masked forms of name, numbers and phone; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
}

views! {
    PersonView at "/v1/people";
}

impl From<&Loaded<Person>> for PersonView {
    fn from(loaded: &Loaded<Person>) -> Self {
        Self {
            id: loaded.value.id,
            version: loaded.version,
            staff: loaded.value.staff,
            account_id: None,
            name: None,
            masked: None,
        }
    }
}

impl From<&StaffMember> for PersonView {
    fn from(it: &StaffMember) -> Self {
        Self {
            account_id: it.account,
            name: it.name.clone(),
            masked: it.identity.as_ref().map(|mask| json!({ Group::Identity.code(): mask })),
            ..Self::from(&it.person)
        }
    }
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
        .execute_with(
            body,
            |work, (party, number)| people::register(work, party, number),
            |registered| match registered {
                Registered::Anew(person) => created::<PersonView, _>(person),
                Registered::Before(person) => changed::<PersonView, _>(person),
            },
        )
        .await
}

/// Read a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = PersonView, description = "The person"), ReadProblems))]
#[get("/people/{id}")]
pub async fn get_person(request: ApiRequest, id: Id<PersonId>) -> Answer {
    let found = request.read(move |ctx| people::get(ctx, id.0));
    Ok(shown::<PersonView, _>(&found.await?))
}

/// List members of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<PersonView>, description = "A page"), ReadProblems))]
#[get("/people")]
pub async fn list_people(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("people")?;
    request.list::<PersonView, _>(params, people::list).await
}
