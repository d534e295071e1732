//! The installation of a city, once.

use actix_web::post;
use bangfu_app::{
    Names,
    identity::{Login, NewLogin, NewPassword},
    use_cases::installation::{self, Installed},
};
use bangfu_domain::{
    credit_code::CreditCode,
    division::Division,
    identity_number::IdentityNumber,
    installation::Installation,
    invalid::Invalid,
    name::PersonName,
    organization::{NewOrganization, OrganizationLevel, Title},
    person::{Party, PartyIdentity},
    phone::Phone,
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Answer,
    problems::WriteProblems,
    refs::{OrganizationRef, StaffRef},
};
use crate::edge::{ApiRequest, Body, IntoCommand, Present, Reply, Validation, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(install_city);
}

input! {
    /// A city and its first two administrators.
    pub struct Install {
        /// The city's own organization.
        pub city: City,
        /// Two different people. Granting anything takes both.
        #[schema(min_items = 2, max_items = 2)]
        pub administrators: Vec<Administrator>,
    }

    /// The city's own organization.
    pub struct City {
        /// The name.
        pub name: Title,
        /// The administrative division (GB/T 2260).
        pub division: Option<Division>,
        /// The unified social credit code (GB 32100).
        pub credit_code: Option<CreditCode>,
    }

    /// An administrator.
    pub struct Administrator {
        /// The name.
        pub name: PersonName,
        /// The identity number.
        pub identity_number: IdentityNumber,
        /// A phone number.
        pub phone: Option<Phone>,
        /// The login.
        #[schema(value_type = String, example = "lijing", pattern = "^[a-z0-9._-]{3,32}$")]
        pub login: Login,
        /// The password: 12 to 128 characters.
        #[schema(value_type = String, format = "password", min_length = 12, max_length = 128)]
        pub password: NewPassword,
    }
}

impl IntoCommand for Install {
    type Command = installation::Install;

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        let Ok(administrators) = <[Administrator; 2]>::try_from(self.administrators) else {
            validation.refuse("/administrators", Invalid::OutOfRange);
            return None;
        };
        let [(first, first_login), (second, second_login)] = administrators.map(Administrator::split);
        let City { name, division, credit_code } = self.city;
        let city = NewOrganization { level: OrganizationLevel::City, name, division, credit_code };
        let installation = Installation { city, administrators: [first, second] };
        Some(installation::Install { installation, logins: [first_login, second_login] })
    }
}

impl Administrator {
    /// The person, and what the person signs in with.
    fn split(self) -> (Party, NewLogin) {
        let Self { name, identity_number, phone, login, password } = self;
        let identity = PartyIdentity { name, identity_number: Some(identity_number) };
        (Party { identity, phone }, NewLogin { login, password })
    }
}

/// What was installed.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationView {
    /// The city's own organization.
    pub organization: OrganizationRef,
    /// The administrators, in the order given.
    pub administrators: [StaffRef; 2],
}

impl Present<Installed> for InstallationView {
    fn of(it: &Installed, names: &mut Names) -> Self {
        Self {
            organization: OrganizationRef::of(&it.organization, names),
            administrators: it.people.map(|person| StaffRef::of(&person, names)),
        }
    }
}

fn installed(it: &Installed, names: &mut Names) -> Result<Reply, StoreError> {
    let view = InstallationView::of(it, names);
    Reply::created(format!("/v1/organizations/{}", it.organization), 1, &view)
}

/// Install the city
///
/// Takes the one-time token that `bangfu serve` prints while there is no city, as
/// `Authorization: Bearer …`. It makes the city's organization and two security administrators.
#[utoipa::path(tag = "installation", security(("bearer" = [])), request_body = Install,
    responses((status = 201, body = InstallationView, description = "Installed"), WriteProblems))]
#[post("/installation")]
pub async fn install_city(request: ApiRequest, body: Body<Install>) -> Answer {
    request.require_installer()?;
    let (install, bytes) = body.parse(request.today()?)?;
    let prepared = installation::prepare(request.services(), install).await?;
    request.execute(&bytes, move |work| installation::install(work, &prepared), installed).await
}
