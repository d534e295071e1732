//! A small city, installed over the API as its administrators would do it, with a hospital that refers workers.

use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::{
    BenchError,
    client::{Client, text},
    referrals::identity_number,
};

/// The password of the three people, in a city that nobody else ever sees.
const PASSWORD: &str = "correct horse battery";

/// The city's first two administrators, who grant roles together.
struct Administrators {
    first: Client,
    second: Client,
}

/// Installs a city and gives the access token of its hospital's system.
pub(super) fn install(base: &str, installation_token: &str) -> Result<String, BenchError> {
    let mut rng = StdRng::seed_from_u64(0);
    let nobody = Client::new(base, None);
    let installed = Client::new(base, Some(installation_token)).post(
        "/v1/installation",
        &json!({
            "city": { "name": "铜陵市总工会", "division": "340700" },
            "administrators": [
                { "name": "李静", "identity_number": identity_number(&mut rng)?,
                  "login": "lijing", "password": PASSWORD },
                { "name": "王伟", "identity_number": identity_number(&mut rng)?,
                  "login": "wangwei", "password": PASSWORD },
            ],
        }),
        None,
    )?;
    let city = text(&installed, "organization_id")?;
    let sign_in = |login: &str| -> Result<Client, BenchError> {
        let body = json!({ "login": login, "password": PASSWORD });
        let session = nobody.post("/v1/sessions", &body, None)?;
        Ok(Client::new(base, Some(&text(&session, "access_token")?)))
    };
    let administrators = Administrators { first: sign_in("lijing")?, second: sign_in("wangwei")? };

    let person = json!({ "name": "赵敏", "identity_number": identity_number(&mut rng)? });
    let person = text(&administrators.first.post("/v1/people", &person, None)?, "id")?;
    let account = json!({ "person_id": person, "login": "zhaomin", "password": PASSWORD });
    administrators.first.post("/v1/accounts", &account, None)?;
    administrators.grant(&json!({
        "person_id": person, "role": "system_administrator", "organization_id": city,
    }))?;
    let system = sign_in("zhaomin")?;

    let district = json!({
        "parent_id": city, "level": "county", "name": "铜官区总工会", "division": "340705",
    });
    let district = text(&system.post("/v1/organizations", &district, None)?, "id")?;
    let source =
        json!({ "kind": "hospital", "name": "铜陵市人民医院", "organization_id": district });
    let source = text(&system.post("/v1/sources", &source, None)?, "id")?;
    let client = json!({ "name": "人民医院 HIS", "source_id": source });
    let client = system.post("/v1/clients", &client, None)?;
    let id = text(&client, "id")?;
    administrators.grant(&json!({
        "client_id": id, "role": "referrer", "organization_id": district,
    }))?;
    access_token(base, &id, &text(&client, "client_secret")?)
}

/// The access token of a machine client.
pub(super) fn access_token(base: &str, id: &str, secret: &str) -> Result<String, BenchError> {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    text(&Client::new(base, None).post_form("/oauth/token", &form)?, "access_token")
}

impl Administrators {
    /// One proposes, the other approves.
    fn grant(&self, grant: &Value) -> Result<(), BenchError> {
        let id = text(&self.first.post("/v1/grants", grant, None)?, "id")?;
        let approve = format!("/v1/grants/{id}/approve");
        self.second.post(&approve, &json!({}), Some("\"1\""))?;
        Ok(())
    }
}
