//! A small city, ready for work, and the people and machines in it.

use std::{
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

use bangfu_client::{Installation, Installer, NewAccount, Session};
use serde_json::{Value, json};

use crate::{
    http::Client,
    server::{Database, TestServer},
};

/// A person or machine that is signed in.
#[derive(Clone)]
pub struct Person {
    /// The person's or client's id.
    pub id: String,
    pub client: Client,
}

impl Person {
    pub(crate) fn signed_in(server: &TestServer, session: &Session) -> Self {
        let token = session.token().expect("a token");
        Self { id: session.id.clone(), client: server.anonymous.with_token(&token) }
    }
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
    pub(crate) installer: Installer,
    hired: AtomicU32,
}

/// The password of every account.
pub const PASSWORD: &str = "correct horse battery staple";

/// A valid identity number: six digits of 铜陵, a birth day, three digits, the check character.
pub fn identity_number(birth: &str, serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = format!("340705{birth}{serial:03}");
    let sum: u32 =
        digits.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).expect("small"));
    format!("{digits}{}", check.expect("a check character"))
}

impl City {
    /// Installs a city over the API, as its administrators would.
    pub fn start(database: Database) -> Self {
        let server = TestServer::start(database);
        let administrator = |name, login, serial| account(name, login, &identity_number("19800101", serial));
        let installation = Installation {
            city: json!({ "name": "铜陵市总工会", "division": "340700" }),
            administrators: [administrator("李静", "lijing", 1), administrator("王伟", "wangwei", 2)],
            system_administrator: account("赵敏", "zhaomin", &staff_number(11)),
            key_prefix: None,
        };
        let token = server.store.keyring().installation_token();
        let installer = Installer::install(server.anonymous.plain(), token, &installation);
        let installer = installer.expect("an installed city");
        let city = installer.city.clone();
        let organization = |parent: &str, level, name, division: Option<&str>| {
            let body = json!({
                "parent_id": parent, "level": level, "name": name, "division": division,
            });
            installer.register_organization(name, &body).expect("an organization")
        };
        let tongguan = organization(&city, "county", "铜官区总工会", Some("340705"));
        let yian = organization(&city, "county", "义安区总工会", Some("340706"));
        let street = organization(&tongguan, "street_town", "长江路街道工会", None);
        let source =
            |name, organization: &str| installer.register_source("hospital", name, organization).expect("a source");
        let hospital_source = source("铜陵市人民医院", &tongguan);
        let other_source = source("义安区人民医院", &yian);
        let referrer = |name, source: &str| {
            let session = installer.connect(name, Some(source)).expect("a client");
            let holder = json!({ "client_id": session.id });
            installer.grant(name, &holder, "referrer", &city).expect("a grant");
            Person::signed_in(&server, &session)
        };
        let hospital = referrer("人民医院 HIS", &hospital_source);
        let other_hospital = referrer("义安区医院 HIS", &other_source);
        let hire = |name, login, serial, role, organization: &str| {
            let new = account(name, login, &staff_number(serial));
            let session = installer.hire(&new, role, organization).expect("a member of staff");
            Person::signed_in(&server, &session)
        };
        let caseworker = hire("陈晨", "chenchen", 12, "caseworker", &tongguan);
        let other_caseworker = hire("刘洋", "liuyang", 13, "caseworker", &yian);
        let auditor = hire("孙丽", "sunli", 14, "auditor", &city);
        let administrators = installer.administrators.each_ref().map(|it| Person::signed_in(&server, it));
        let system_administrator = Person::signed_in(&server, &installer.system_administrator);
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
            installer,
            hired: AtomicU32::new(101),
            server,
        }
    }

    /// A further member of staff.
    pub fn hire(&self, name: &str, login: &str, role: &str, organization: &str) -> Person {
        Person::signed_in(&self.server, &self.recruit(name, login, role, organization))
    }

    /// Hires a further member of staff; gives the session of the account.
    pub(crate) fn recruit(&self, name: &str, login: &str, role: &str, organization: &str) -> Session {
        let serial = self.hired.fetch_add(1, Ordering::Relaxed);
        let new = account(name, login, &staff_number(serial));
        self.installer.hire(&new, role, organization).expect("a member of staff")
    }

    /// A machine client, without a role.
    pub fn connect(&self, name: &str, source: Option<&str>) -> Person {
        let session = self.installer.connect(name, source).expect("a client");
        Person::signed_in(&self.server, &session)
    }

    /// A system of no source, with a role for machines.
    pub fn machine(&self, name: &str, role: &str, organization: &str) -> Person {
        let machine = self.connect(name, None);
        self.grant(&json!({ "client_id": machine.id }), role, organization);
        machine
    }

    /// A person whom the city knows already becomes one of the staff, with a role.
    pub fn employ(&self, known: &Value, login: &str, role: &str, organization: &str) -> Person {
        let (person, login, password) = (known.clone(), login.to_owned(), PASSWORD.to_owned());
        let new = NewAccount { person, login, password };
        let session = self.installer.hire(&new, role, organization).expect("a member of staff");
        Person::signed_in(&self.server, &session)
    }

    /// Grants a further role to a person or client, by both administrators.
    pub fn grant(&self, holder: &Value, role: &str, organization: &str) {
        self.installer.grant("", holder, role, organization).expect("a grant");
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

fn account(name: &str, login: &str, identity_number: &str) -> NewAccount {
    let person = json!({ "name": name, "identity_number": identity_number });
    NewAccount { person, login: login.to_owned(), password: PASSWORD.to_owned() }
}

fn staff_number(serial: u32) -> String {
    identity_number("19900101", serial)
}

/// Signs in with an account.
pub fn sign_in(server: &TestServer, login: &str) -> Client {
    let body = json!({ "login": login, "password": PASSWORD });
    let session = server.anonymous.post("/v1/sessions", &body).expect(201);
    server.anonymous.with_token(&session.text("/access_token"))
}
