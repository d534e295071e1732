//! Who works in the city: people with an account, each with one role. Everybody has the same password, which is no
//! secret: a demonstration's database never becomes a city's.

use bangfu_client::NewAccount;
use bangfu_domain::invalid::Invalid;
use serde::Serialize;
use serde_json::json;

use crate::plan::{CITY, PersonGenerator, Plan, UNITS};

/// The password of every account of a demonstration.
pub const PASSWORD: &str = "bangfu-demo-2021";

/// The people of the city: login and role.
const OF_CITY: [(&str, &str); 13] = [
    ("security-admin-1", "security_administrator"),
    ("security-admin-2", "security_administrator"),
    ("system-admin", "system_administrator"),
    ("audit-admin", "audit_administrator"),
    ("policy-editor", "policy_editor"),
    ("policy-approver", "policy_approver"),
    ("hotline", "hotline"),
    ("civil-affairs", "civil_affairs_office"),
    ("approver-city", "approver"),
    ("finance-maker", "finance_maker"),
    ("finance-releaser", "finance_releaser"),
    ("finance-reconciler", "finance_reconciler"),
    ("auditor", "auditor"),
];

/// The people of each unit: what their logins begin with, and their role.
const OF_UNIT: [(&str, &str); 5] = [
    ("caseworker", "caseworker"),
    ("visitor", "caseworker"),
    ("reviewer", "reviewer"),
    ("approver", "approver"),
    ("registrar", "grassroots_registrar"),
];

/// A person of the staff.
#[derive(Debug, Clone, Serialize)]
pub struct Member {
    pub login: String,
    pub password: &'static str,
    pub role: &'static str,
    pub unit: &'static str,
    pub name: String,
    #[serde(skip)]
    identity_number: String,
    #[serde(skip)]
    phone: String,
}

impl Member {
    /// The account to open.
    pub fn account(&self) -> NewAccount {
        let Self { login, password, name, identity_number, phone, .. } = self;
        let person = json!({ "name": name, "identity_number": identity_number, "phone": phone });
        NewAccount { person, login: login.clone(), password: (*password).to_owned() }
    }
}

/// The staff of a plan, made up the same each time.
pub fn staff(plan: &Plan) -> Result<Vec<Member>, Invalid> {
    let mut generator = PersonGenerator::of_staff(plan.seed);
    let of_city = OF_CITY.iter().map(|(login, role)| ((*login).to_owned(), *role, CITY.0));
    let of_units = UNITS
        .iter()
        .flat_map(|unit| OF_UNIT.iter().map(|(kind, role)| (format!("{kind}-{}", unit.login), *role, unit.name)));
    let member = |(login, role, unit): (String, &'static str, &'static str)| {
        let length = i16::try_from(login.len()).unwrap_or(0);
        let it = generator.invent(plan.figures.year - 26 - length, length % 2 == 0, None)?;
        let (name, identity_number, phone) = (it.name, it.number, it.phone);
        Ok(Member { login, password: PASSWORD, role, unit, name, identity_number, phone })
    };
    of_city.chain(of_units).map(member).collect()
}
