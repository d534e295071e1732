//! A small city with a hospital that refers workers.

use bangfu_client::{Client, Installation, Installer, NewAccount, Session};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;

use crate::{BenchError, referrals::identity_number};

/// The password of the three people, in a city that nobody else ever sees.
const PASSWORD: &str = "correct horse battery";

/// Installs a city and gives the access token of its hospital's system.
pub(super) fn install(client: &Client, installation_token: &str) -> Result<String, BenchError> {
    let mut rng = StdRng::seed_from_u64(0);
    let mut account = |name: &str, login: &str| {
        let person = json!({ "name": name, "identity_number": identity_number(&mut rng)? });
        let (login, password) = (login.to_owned(), PASSWORD.to_owned());
        Ok::<_, BenchError>(NewAccount { person, login, password })
    };
    let installation = Installation {
        city: json!({ "name": "铜陵市总工会", "division": "340700" }),
        administrators: [account("李静", "lijing")?, account("王伟", "wangwei")?],
        system_administrator: account("赵敏", "zhaomin")?,
        key_prefix: None,
    };
    let installer = Installer::install(client, installation_token, &installation)?;
    let district = json!({
        "parent_id": installer.city, "level": "county", "name": "铜官区总工会", "division": "340705",
    });
    let district = installer.register_organization("tongguan", &district)?;
    let source = installer.register_source("hospital", "铜陵市人民医院", &district)?;
    let hospital = installer.connect("人民医院 HIS", Some(&source))?;
    let holder = json!({ "client_id": hospital.id });
    installer.grant("hospital", &holder, "referrer", &district)?;
    Ok(hospital.token()?)
}

/// The access token of a machine client.
pub(super) fn access_token(client: &Client, id: &str, secret: &str) -> Result<String, BenchError> {
    Ok(Session::machine(client, id.to_owned(), secret.to_owned()).token()?)
}
