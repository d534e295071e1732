//! A small city, ready for work, and the people and machines in it.

use std::{
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};

use crate::{
    http::{Client, Headers},
    server::{Database, TestServer},
};

/// A person or machine with a way to the server.
#[derive(Clone)]
pub struct Person {
    /// The person's or client's id.
    pub id: String,
    /// The way to the server.
    pub client: Client,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A city with two districts, a hospital, the hotline and the people who work there.
pub struct City {
    /// The server.
    pub server: TestServer,
    /// The first two administrators.
    pub administrators: [Person; 2],
    /// The system administrator.
    pub system_administrator: Person,
    /// The city's own organization.
    pub city: String,
    /// The district 铜官区.
    pub tongguan: String,
    /// The district 义安区.
    pub yian: String,
    /// A street union of 铜官区.
    pub street: String,
    /// The hospital as a source; 铜官区 receives its referrals.
    pub hospital_source: String,
    /// The hospital's intake system.
    pub hospital: Person,
    /// A second hospital's intake system, of 义安区.
    pub other_hospital: Person,
    /// A caseworker of 铜官区.
    pub caseworker: Person,
    /// A caseworker of 义安区.
    pub other_caseworker: Person,
    /// An auditor of the whole city.
    pub auditor: Person,
    hired: AtomicU32,
}

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery staple";

/// A valid identity number: six digits of 铜陵, a birth day, three digits, the check character.
pub fn identity_number(birth: &str, serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = format!("340705{birth}{serial:03}");
    let sum: u32 = digits
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight)
        .sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).expect("small"));
    format!("{digits}{}", check.expect("a check character"))
}

impl City {
    /// Installs a city over the API, as its administrators would.
    pub fn start(database: Database) -> Self {
        let server = TestServer::start(database);
        let installer = server.anonymous.with_token(server.store.keyring().installation_token());
        let number = |serial| identity_number("19800101", serial);
        let installed = installer
            .post(
                "/v1/installation",
                &json!({
                    "city": { "name": "铜陵市总工会", "division": "340700" },
                    "administrators": [
                        { "name": "李静", "identity_number": number(1), "login": "lijing",
                          "password": PASSWORD },
                        { "name": "王伟", "identity_number": number(2), "login": "wangwei",
                          "password": PASSWORD },
                    ],
                }),
            )
            .expect(201);
        let city = installed.text("/organization_id");
        let administrators = [("lijing", "/person_ids/0"), ("wangwei", "/person_ids/1")]
            .map(|(login, id)| Person { id: installed.text(id), client: sign_in(&server, login) });
        let mut staff = Staff { server: &server, administrators: &administrators, serial: 10 };
        let system_administrator = staff.hire("赵敏", "zhaomin", "system_administrator", &city);
        let admin = &system_administrator;
        let organization = |parent: &str, level, name, division: Option<&str>| {
            let body = json!({
                "parent_id": parent, "level": level, "name": name, "division": division,
            });
            admin.post("/v1/organizations", &body).expect(201).text("/id")
        };
        let tongguan = organization(&city, "county", "铜官区总工会", Some("340705"));
        let yian = organization(&city, "county", "义安区总工会", Some("340706"));
        let street = organization(&tongguan, "street_town", "长江路街道工会", None);
        let source = |name, organization: &str| {
            let body = json!({ "kind": "hospital", "name": name, "organization_id": organization });
            admin.post("/v1/sources", &body).expect(201).text("/id")
        };
        let hospital_source = source("铜陵市人民医院", &tongguan);
        let other_source = source("义安区人民医院", &yian);
        let hospital =
            staff.connect(admin, "人民医院 HIS", Some(&hospital_source), "referrer", &city);
        let other_hospital =
            staff.connect(admin, "义安区医院 HIS", Some(&other_source), "referrer", &city);
        let caseworker = staff.hire("陈晨", "chenchen", "caseworker", &tongguan);
        let other_caseworker = staff.hire("刘洋", "liuyang", "caseworker", &yian);
        let auditor = staff.hire("孙丽", "sunli", "auditor", &city);
        Self {
            administrators,
            system_administrator,
            city,
            tongguan,
            yian,
            street,
            hospital_source,
            hospital,
            other_hospital,
            caseworker,
            other_caseworker,
            auditor,
            hired: AtomicU32::new(100),
            server,
        }
    }

    /// A further member of staff.
    pub fn hire(&self, name: &str, login: &str, role: &str, organization: &str) -> Person {
        let serial = self.hired.fetch_add(1, Ordering::Relaxed);
        let mut staff =
            Staff { server: &self.server, administrators: &self.administrators, serial };
        staff.hire(name, login, role, organization)
    }

    /// A system of no source, with a role for machines.
    pub fn machine(&self, name: &str, role: &str, organization: &str) -> Person {
        let serial = self.hired.fetch_add(1, Ordering::Relaxed);
        let staff = Staff { server: &self.server, administrators: &self.administrators, serial };
        staff.connect(&self.system_administrator, name, None, role, organization)
    }

    /// Somebody whom the city knows already becomes one of the staff, with a role.
    pub fn employ(&self, known: &Value, login: &str, role: &str, organization: &str) -> Person {
        let [first, _] = &self.administrators;
        let registered = first.post("/v1/people", known);
        let id = registered.text("/id");
        let body = json!({ "person_id": id, "login": login, "password": PASSWORD });
        first.post("/v1/accounts", &body).expect(201);
        self.grant(&json!({ "person_id": id }), role, organization);
        Person { id, client: sign_in(&self.server, login) }
    }

    /// Grants a further role to a person, by both administrators.
    pub fn grant(&self, holder: &Value, role: &str, organization: &str) {
        grant(&self.administrators, holder, role, organization);
    }

    /// The sample of an aid policy, with its examples.
    pub fn policy() -> Value {
        let sample = include_str!("../../policies/aid/sample.json");
        serde_json::from_str(sample).expect("a sample in JSON")
    }

    /// A hospital's referral of a patient who is the worker.
    pub fn referral(reference: &str, name: &str, serial: u32) -> Value {
        json!({
            "source_reference": reference,
            "patient": {
                "name": name,
                "identity_number": identity_number("19751224", serial),
                "phone": "13905620000",
            },
            "stay": {
                "inpatient_number": "ZY0001", "department": "肿瘤科", "admitted_on": "2021-01-03",
                "diagnosis_code": "C34.900", "diagnosis_system": "icd10_insurance",
            },
            "costs": {
                "total": "86000.00", "fund": "52000.00", "person": "34000.00", "hospital": "0.00",
            },
            "consent": { "id": "TY-1", "day": "2021-01-03", "signer": "patient" },
        })
    }
}

struct Staff<'a> {
    server: &'a TestServer,
    administrators: &'a [Person; 2],
    serial: u32,
}

impl Staff<'_> {
    fn hire(&mut self, name: &str, login: &str, role: &str, organization: &str) -> Person {
        self.serial += 1;
        let [first, _] = self.administrators;
        let number = identity_number("19900101", self.serial);
        let body = json!({ "name": name, "identity_number": number });
        let id = first.post("/v1/people", &body).expect(201).text("/id");
        let body = json!({ "person_id": id, "login": login, "password": PASSWORD });
        first.post("/v1/accounts", &body).expect(201);
        grant(self.administrators, &json!({ "person_id": id }), role, organization);
        Person { id, client: sign_in(self.server, login) }
    }

    fn connect(
        &self,
        admin: &Client,
        name: &str,
        source: Option<&str>,
        role: &str,
        organization: &str,
    ) -> Person {
        let body = json!({ "name": name, "source_id": source });
        let client = admin.post("/v1/clients", &body).expect(201);
        let id = client.text("/id");
        grant(self.administrators, &json!({ "client_id": id }), role, organization);
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={}",
            client.text("/client_secret")
        );
        let anonymous = &self.server.anonymous;
        let token = anonymous.post_form("/oauth/token", &form).expect(200).text("/access_token");
        Person { id, client: anonymous.with_token(&token) }
    }
}

fn grant(administrators: &[Person; 2], holder: &Value, role: &str, organization: &str) {
    let [first, second] = administrators;
    let mut body = json!({ "role": role, "organization_id": organization });
    if let (Some(body), Some(holder)) = (body.as_object_mut(), holder.as_object()) {
        body.extend(holder.clone());
    }
    let proposed = first.post("/v1/grants", &body).expect(201);
    let path = format!("/v1/grants/{}/approve", proposed.text("/id"));
    second.post_with(&path, &json!({}), &Headers::if_match(proposed.etag())).expect(200);
}

/// Signs somebody in.
pub fn sign_in(server: &TestServer, login: &str) -> Client {
    let body = json!({ "login": login, "password": PASSWORD });
    let session = server.anonymous.post("/v1/sessions", &body).expect(201);
    server.anonymous.with_token(&session.text("/access_token"))
}
