//! Members of staff 工作人员. The people of households come in with referrals and cases.

use std::collections::BTreeMap;

use actix_web::{get, post};
use bangfu_app::{
    Names,
    use_cases::people::{self, Registered, StaffMember},
};
use bangfu_domain::{
    identity_number::IdentityNumber,
    ids::{AccountId, PersonId},
    name::PersonName,
    person::{Party, PartyIdentity, Person},
    phone::Phone,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, List, Params, Present, Validation, changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(register_person).service(list_people).service(get_person);
}

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

impl IntoCommand for RegisterPerson {
    type Command = (Party, IdentityNumber);

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
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
    /// The name in full; null where the person never had an account.
    pub name: Option<String>,
    /// Masked forms of name, numbers and phone; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<BTreeMap<Group, MaskedValues>>,
}

views! {
    PersonView at "/v1/people";
}

impl Present<Versioned<Person>> for PersonView {
    fn of(versioned: &Versioned<Person>, names: &mut Names) -> Self {
        Self {
            id: versioned.value.id,
            version: versioned.version,
            staff: versioned.value.staff,
            account_id: None,
            name: names.of(versioned.value.id),
            masked: None,
        }
    }
}

impl Present<StaffMember> for PersonView {
    fn of(it: &StaffMember, names: &mut Names) -> Self {
        Self {
            account_id: it.account,
            masked: it.identity.as_ref().map(|mask| BTreeMap::from([(Group::Identity, mask.clone())])),
            ..Self::of(&it.person, names)
        }
    }
}

/// Register a member of staff
///
/// A known identity number with the same name gives the known person (200), so that one natural person
/// stays one; with another name it is refused (409 `person_differs`).
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = RegisterPerson,
    responses((status = 201, body = PersonView, description = "Registered"),
        (status = 200, body = PersonView, description = "Known before"), WriteProblems))]
#[post("/people")]
pub async fn register_person(request: ApiRequest, body: Body<RegisterPerson>) -> Answer {
    request
        .execute_with(
            body,
            |work, (party, number)| people::register(work, party, number),
            |registered, names| match registered {
                Registered::New(person) => created::<PersonView, _>(person, names),
                Registered::Existing(person) => changed::<PersonView, _>(person, names),
            },
        )
        .await
}

/// Read a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = PersonView, description = "The person"), ReadProblems))]
#[get("/people/{id}")]
pub async fn get_person(request: ApiRequest, id: Id<PersonId>) -> Answer {
    request.show::<PersonView, _>(move |ctx| people::get(ctx, id.0)).await
}

/// List members of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<PersonView>, description = "A page"), ReadProblems))]
#[get("/people")]
pub async fn list_people(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("people")?;
    request.list::<PersonView, _>(params, people::list).await
}
