//! The installation of a city, once.

use actix_web::post;
use bangfu_app::{
    identity::NewLogin,
    use_cases::installation::{self, Installed},
};
use bangfu_domain::{
    credit_code::CreditCode,
    division::Division,
    installation::Installation,
    invalid::Invalid,
    name::PersonName,
    organization::{NewOrganization, OrganizationLevel, Title},
    person::{Party, PartyIdentity},
    phone::Phone,
};
use bangfu_persistence::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{Answer, accounts::parse_login, problems::WriteProblems};
use crate::edge::{ApiRequest, OldBody, OldParse, Parsed, Reply, Validation};

/// A city and its first two administrators.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Install {
    /// The city's own organization.
    #[validate(nested)]
    pub city: City,
    /// Two different people. Granting anything takes both.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 2)]
    pub administrators: Vec<Administrator>,
}

/// The city's own organization.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct City {
    /// The name.
    #[validate(length(max = 100))]
    #[schema(example = "铜陵市总工会", max_length = 100)]
    pub name: String,
    /// The administrative division (GB/T 2260).
    #[schema(example = "340700")]
    pub division: Option<String>,
    /// The unified social credit code (GB 32100).
    pub credit_code: Option<String>,
}

/// An administrator.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Administrator {
    /// The name.
    #[validate(length(max = 50))]
    #[schema(example = "李静", max_length = 50)]
    pub name: String,
    /// The identity number.
    #[schema(example = "340705198001010011")]
    pub identity_number: String,
    /// A phone number.
    pub phone: Option<String>,
    /// The login: 3 to 32 of a–z, 0–9, `.`, `_`, `-`.
    #[schema(example = "lijing")]
    pub login: String,
    /// The password: 12 to 128 characters.
    #[schema(format = "password", min_length = 12, max_length = 128)]
    pub password: String,
}

impl OldParse for Install {
    type Command = installation::Install;

    const LISTS: &'static [&'static str] = &["/administrators"];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let name = validation.parse("/city/name", &self.city.name, Title::parse);
        let division = validation.optional("/city/division", self.city.division.as_deref(), str::parse::<Division>);
        let code = self.city.credit_code.as_deref();
        let credit_code = validation.optional("/city/credit_code", code, CreditCode::parse);
        let Ok([first, second]) = <[Administrator; 2]>::try_from(self.administrators) else {
            validation.refuse("/administrators", Invalid::OutOfRange);
            return None;
        };
        let first = first.parse(validation, "/administrators/0");
        let second = second.parse(validation, "/administrators/1");
        let city = NewOrganization {
            level: OrganizationLevel::City,
            name: name?,
            division: division?,
            credit_code: credit_code?,
        };
        let ((first, first_login), (second, second_login)) = (first?, second?);
        let installation = Installation { city, administrators: [first, second] };
        Some(installation::Install { installation, logins: [first_login, second_login] })
    }
}

impl Administrator {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<(Party, NewLogin)> {
        let name = validation.parse(&format!("{at}/name"), &self.name, PersonName::parse);
        let number = Some(self.identity_number.as_str());
        let number = validation.identity_number(&format!("{at}/identity_number"), number);
        let phone = validation.optional(&format!("{at}/phone"), self.phone.as_deref(), Phone::parse);
        let login = parse_login(validation, at, &self.login, self.password);
        let identity = PartyIdentity { name: name?, identity_number: number? };
        Some((Party { identity, phone: phone? }, login?))
    }
}

/// What was installed.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationView {
    /// The city's own organization.
    pub organization_id: String,
    /// The administrators as people, in the order given.
    pub person_ids: [String; 2],
}

impl From<&Installed> for InstallationView {
    fn from(it: &Installed) -> Self {
        Self { organization_id: it.organization.to_string(), person_ids: it.people.map(|id| id.to_string()) }
    }
}

fn installed(it: &Installed) -> Result<Reply, StoreError> {
    let view = InstallationView::from(it);
    Reply::created(format!("/v1/organizations/{}", it.organization), 1, &view)
}

/// Install the city
///
/// Takes the one-time token that `bangfu serve` prints while there is no city, as
/// `Authorization: Bearer …`. It makes the city's organization and two security administrators.
#[utoipa::path(tag = "installation", security(("bearer" = [])), request_body = Install,
    responses((status = 201, body = InstallationView, description = "Installed"), WriteProblems))]
#[post("/installation")]
pub async fn install_city(request: ApiRequest, body: OldBody<Install>) -> Answer {
    request.require_installer()?;
    let (install, bytes) = body.parse(request.today()?)?;
    let prepared = installation::prepare(request.services(), install).await?;
    request.execute("installation", &bytes, move |work| installation::install(work, &prepared), installed).await
}
