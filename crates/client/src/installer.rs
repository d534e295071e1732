//! The installation of a city through the API, as its administrators would do it.

use serde_json::{Value, json};

use crate::{Client, ClientError, PreparedRequest, Session, fresh_key};

/// A person who gets an account.
pub struct NewAccount {
    /// `name`, `identity_number` and what else is known of the person.
    pub person: Value,
    pub login: String,
    pub password: String,
}

/// A city with its first accounts.
pub struct Installation {
    /// `name` and `division`.
    pub city: Value,
    /// They propose and approve grants together.
    pub administrators: [NewAccount; 2],
    pub system_administrator: NewAccount,
    /// What the Idempotency-Keys begin with in an installation that can be interrupted and run again; fresh keys
    /// without it.
    pub key_prefix: Option<&'static str>,
}

/// An installed city's administrators at work.
pub struct Installer {
    client: Client,
    key_prefix: Option<&'static str>,
    /// The city's own organization.
    pub city: String,
    pub administrators: [Session; 2],
    pub system_administrator: Session,
}

impl Installer {
    /// Installs a city with the one-time token, or finds it as it was installed under the same keys.
    pub fn install(client: &Client, token: &str, installation: &Installation) -> Result<Self, ClientError> {
        let Installation { city, administrators, system_administrator, key_prefix } = installation;
        let with_account = |new: &NewAccount| {
            let account = json!({ "login": new.login, "password": new.password });
            joined(&new.person, &account)
        };
        let body = json!({
            "city": city, "administrators": administrators.each_ref().map(with_account),
        });
        let request = PreparedRequest::post("/v1/installation", &body).with_key(&key(*key_prefix, "installation"));
        let installed = client.with_token(token).call_patiently(&request)?.success()?;
        let [first, second] = administrators;
        let session = |at: &str, new| {
            let id = installed.text(&format!("/administrators/{at}/id"))?;
            Ok::<_, ClientError>(session_of(client, id, new))
        };
        let administrators = [session("0", first)?, session("1", second)?];
        let city = installed.text("/organization/id")?;
        let [first, _] = &administrators;
        let id = open_account(first, *key_prefix, system_administrator)?;
        let installer = Self {
            client: client.clone(),
            key_prefix: *key_prefix,
            administrators,
            system_administrator: session_of(client, id, system_administrator),
            city,
        };
        let holder = json!({ "person_id": installer.system_administrator.id });
        let login = &system_administrator.login;
        installer.grant(login, &holder, "system_administrator", &installer.city)?;
        Ok(installer)
    }

    fn key(&self, name: &str) -> String {
        key(self.key_prefix, name)
    }

    /// Registers a person, opens an account and has a role granted.
    pub fn hire(&self, new: &NewAccount, role: &str, organization: &str) -> Result<Session, ClientError> {
        let [first, _] = &self.administrators;
        let id = open_account(first, self.key_prefix, new)?;
        self.grant(&new.login, &json!({ "person_id": id }), role, organization)?;
        Ok(session_of(&self.client, id, new))
    }

    /// Registers a machine client. Its secret is shown once; where it is not known any more, the client gets another
    /// one.
    pub fn connect(&self, name: &str, source: Option<&str>) -> Result<Session, ClientError> {
        let system = &self.system_administrator;
        let body = json!({ "name": name, "source_id": source });
        let registered = system.create(&self.key(&format!("client-{name}")), "/v1/clients", &body)?;
        let id = registered.text("/id")?;
        let secret = if let Ok(secret) = registered.text("/client_secret") {
            secret
        } else {
            let read = system.get(&format!("/v1/clients/{id}"))?;
            let path = format!("/v1/clients/{id}/secret");
            system.act(&read, &path, &json!({}))?.text("/client_secret")?
        };
        Ok(Session::machine(&self.client, id, secret))
    }

    /// Has one administrator propose a grant to `person_id` or `client_id`, and the other approve it. The name of the
    /// holder is for the key.
    pub fn grant(&self, name: &str, holder: &Value, role: &str, organization: &str) -> Result<(), ClientError> {
        let [first, second] = &self.administrators;
        let body = joined(holder, &json!({ "role": role, "organization_id": organization }));
        let key = self.key(&format!("grant-{name}-{role}"));
        let id = first.create(&key, "/v1/grants", &body)?.text("/id")?;
        let path = format!("/v1/grants/{id}");
        let approved = second.act_if_allowed(&path, "approve", &json!({}))?;
        if approved.state() == "proposed" { Err(approved.unexpected()) } else { Ok(()) }
    }

    /// Registers an organization; gives its id. The name is for the key.
    pub fn register_organization(&self, name: &str, body: &Value) -> Result<String, ClientError> {
        let key = self.key(&format!("organization-{name}"));
        self.system_administrator.create(&key, "/v1/organizations", body)?.text("/id")
    }

    /// Registers a source whose referrals an organization receives; gives its id.
    pub fn register_source(&self, kind: &str, name: &str, organization: &str) -> Result<String, ClientError> {
        let body = json!({ "kind": kind, "name": name, "organization_id": organization });
        let key = self.key(&format!("source-{kind}-{organization}"));
        self.system_administrator.create(&key, "/v1/sources", &body)?.text("/id")
    }

    /// Puts an aid policy in force from a day on; gives its id.
    pub fn enforce_policy(
        &self,
        editor: &Session,
        approver: &Session,
        document: &Value,
        from: &str,
    ) -> Result<String, ClientError> {
        let id = editor.create(&self.key("policy"), "/v1/policies", document)?.text("/id")?;
        let path = format!("/v1/policies/{id}");
        editor.act_if_allowed(&path, "prove", &json!({}))?;
        let from = json!({ "in_force_from": from });
        let approved = approver.act_if_allowed(&path, "approve", &from)?;
        if approved.state() == "approved" { Ok(id) } else { Err(approved.unexpected()) }
    }
}

fn key(prefix: Option<&str>, name: &str) -> String {
    prefix.map_or_else(fresh_key, |prefix| format!("{prefix}-{name}"))
}

fn session_of(client: &Client, id: String, new: &NewAccount) -> Session {
    Session::person(client, id, new.login.clone(), new.password.clone())
}

/// Registers a person and opens an account; gives the person's id.
fn open_account(administrator: &Session, key_prefix: Option<&str>, new: &NewAccount) -> Result<String, ClientError> {
    let NewAccount { person, login, password } = new;
    let key = |kind| key(key_prefix, &format!("{kind}-{login}"));
    let id = administrator.create(&key("person"), "/v1/people", person)?.text("/id")?;
    let account = json!({ "person_id": id, "login": login, "password": password });
    administrator.create(&key("account"), "/v1/accounts", &account)?;
    Ok(id)
}

/// The members of two objects.
fn joined(one: &Value, other: &Value) -> Value {
    let members = [one, other].into_iter().filter_map(Value::as_object).flatten();
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}
