//! The first day: the city is installed, its people are hired and its machines connected, the policy comes into
//! force, and money is allocated.

use bangfu_domain::money::Fen;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    DemoError, SAMPLE_POLICY,
    plan::{CITY, HOSPITALS, Plan, Register, UNITS},
    way::{Somebody, Way},
    world::{Hospital, Names, Office, World},
};

/// The names of the people and machines for whom tokens are printed, one of each kind, with what they are.
pub const GUIDES: [(&str, &str); 17] = [
    ("hospital-renmin", "医院 hospital"),
    ("hotline", "12351 hotline"),
    ("registrar-tongguan", "基层工会 grassroots registrar"),
    ("caseworker-tongguan", "帮扶干部 caseworker"),
    ("reviewer-tongguan", "审核人 reviewer"),
    ("approver-tongguan", "审批人 approver"),
    ("civil-affairs", "民政核对 civil-affairs office"),
    ("finance-maker", "制单 makes payments"),
    ("finance-releaser", "复核 releases payments"),
    ("finance-reconciler", "对账 reconciles payments"),
    ("bank", "代发银行 bank"),
    ("auditor", "审计 auditor"),
    ("policy-editor", "政策编制 policy editor"),
    ("policy-approver", "政策批准 policy approver"),
    ("system-admin", "系统管理员 system administrator"),
    ("security-admin-1", "安全管理员 security administrator"),
    ("audit-admin", "审计管理员 audit administrator"),
];

/// Whoever builds the city up.
struct Founder<'a> {
    way: &'a Way,
    register: Register,
    year: i16,
    secret: &'a str,
    administrators: Vec<Somebody>,
}

/// Builds the city up, or finds it as it was built up before.
pub fn found<'a>(plan: &'a Plan, way: &Way, secret: &str) -> Result<World<'a>, DemoError> {
    let register = Register::of_staff(plan.seed);
    let year = plan.figures.year;
    let mut founder = Founder { way, register, year, secret, administrators: Vec::new() };
    let city = founder.install()?;
    let system = founder.hire("system-admin", &[("system_administrator", &city)])?;
    founder.hire("audit-admin", &[("audit_administrator", &city)])?;
    let mut offices = Vec::new();
    for unit in UNITS {
        let body = json!({
            "parent_id": city, "level": "county", "name": unit.name, "division": unit.division,
        });
        let key = format!("demo-organization-{}", unit.login);
        let organization = system.create(&key, "/v1/organizations", &body)?.text("/id")?;
        let mut staff = |role: &str, kind: &str| {
            founder.hire(&format!("{kind}-{}", unit.login), &[(role, &organization)])
        };
        let caseworker = staff("caseworker", "caseworker")?;
        let colleague = staff("caseworker", "visitor")?;
        let reviewer = staff("reviewer", "reviewer")?;
        let approver = staff("approver", "approver")?;
        let registrar = staff("grassroots_registrar", "registrar")?;
        let source =
            source(&system, "grassroots_union", &format!("{}基层工会", unit.name), &organization)?;
        let office =
            Office { organization, caseworker, colleague, reviewer, approver, registrar, source };
        offices.push(office);
    }
    let mut hospitals = Vec::new();
    for hospital in HOSPITALS {
        let unit = offices.get(hospital.unit).ok_or(DemoError::Unplanned)?;
        let source = source(&system, "hospital", hospital.name, &unit.organization)?;
        let body = json!({ "name": hospital.client, "source_id": source });
        let system = founder.connect(&system, &body, "referrer", &city)?;
        hospitals.push(Hospital { system, source });
    }
    let hotline_source = source(&system, "hotline", "12351职工服务热线", &city)?;
    let bank = founder.connect(&system, &json!({ "name": "bank" }), "bank", &city)?;
    let mut hire = |login: &str, role: &str| founder.hire(login, &[(role, &city)]);
    put_policy_in_force(
        &hire("policy-editor", "policy_editor")?,
        &hire("policy-approver", "policy_approver")?,
        plan,
    )?;
    let maker = hire("finance-maker", "finance_maker")?;
    let funds = open_funds(&maker, plan, &city)?;
    Ok(World {
        plan,
        offices,
        hospitals,
        hotline: (hire("hotline", "hotline")?, hotline_source),
        civil_affairs: hire("civil-affairs", "civil_affairs_office")?,
        approver: hire("approver-city", "approver")?,
        releaser: hire("finance-releaser", "finance_releaser")?,
        reconciler: hire("finance-reconciler", "finance_reconciler")?,
        auditor: hire("auditor", "auditor")?,
        maker,
        bank,
        funds,
        names: Names::default(),
    })
}

/// The password of an account of a demonstration: nobody has to know it.
fn password(secret: &str, login: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest([secret, login].concat().as_bytes()))
}

/// The auditor of a city that was built up before.
pub fn auditor(way: &Way, secret: &str) -> Somebody {
    let login = "auditor".to_owned();
    let password = password(secret, &login);
    Somebody::person(way, String::new(), login, password)
}

impl Founder<'_> {
    /// Installs the city; gives its organization.
    fn install(&mut self) -> Result<String, DemoError> {
        let logins = ["security-admin-1", "security-admin-2"];
        let mut administrators = Vec::new();
        for login in logins {
            let who = self.register.invent(self.year - 40, false, None)?;
            administrators.push(json!({
                "name": who.name, "identity_number": who.number, "phone": who.phone,
                "login": login, "password": password(self.secret, login),
            }));
        }
        let body = json!({
            "city": { "name": CITY.0, "division": CITY.1 }, "administrators": administrators,
        });
        let path = "/v1/installation";
        let installed = self.way.create_as(self.secret, "demo-installation", path, &body)?;
        for (at, login) in logins.into_iter().enumerate() {
            let id = installed.text(&format!("/person_ids/{at}"))?;
            let password = password(self.secret, login);
            self.administrators.push(Somebody::person(self.way, id, login.to_owned(), password));
        }
        installed.text("/organization_id")
    }

    /// The two administrators.
    fn two(&self) -> Result<(&Somebody, &Somebody), DemoError> {
        match self.administrators.as_slice() {
            [first, second] => Ok((first, second)),
            _ => Err(DemoError::Unplanned),
        }
    }

    /// Makes somebody known, opens an account and has roles granted.
    fn hire(&mut self, login: &str, roles: &[(&str, &str)]) -> Result<Somebody, DemoError> {
        let serial = i16::try_from(login.len()).unwrap_or(0);
        let is_woman = login.len().is_multiple_of(2);
        let who = self.register.invent(self.year - 26 - serial, is_woman, None)?;
        let password = password(self.secret, login);
        let (first, _) = self.two()?;
        let person = json!({ "name": who.name, "identity_number": who.number, "phone": who.phone });
        let id =
            first.create(&format!("demo-person-{login}"), "/v1/people", &person)?.text("/id")?;
        let account = json!({ "person_id": id, "login": login, "password": password });
        first.create(&format!("demo-account-{login}"), "/v1/accounts", &account)?;
        for (role, organization) in roles {
            let grant = json!({ "person_id": id, "role": role, "organization_id": organization });
            self.grant(&format!("demo-grant-{login}-{role}"), &grant)?;
        }
        Ok(Somebody::person(self.way, id, login.to_owned(), password))
    }

    /// Registers a machine and has its role granted. Its secret is shown once; where it is not known any more
    /// it is given another one.
    fn connect(
        &self,
        system: &Somebody,
        body: &Value,
        role: &str,
        organization: &str,
    ) -> Result<Somebody, DemoError> {
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
        let registered = system.create(&format!("demo-client-{name}"), "/v1/clients", body)?;
        let id = registered.text("/id")?;
        let secret = if let Ok(secret) = registered.text("/client_secret") {
            secret
        } else {
            let read = system.get(&format!("/v1/clients/{id}"))?;
            let path = format!("/v1/clients/{id}/secret");
            system.step(&read, &path, &json!({}))?.text("/client_secret")?
        };
        let grant = json!({ "client_id": id, "role": role, "organization_id": organization });
        self.grant(&format!("demo-grant-{name}-{role}"), &grant)?;
        Ok(Somebody::machine(self.way, id, secret))
    }

    /// One administrator proposes, the other approves.
    fn grant(&self, key: &str, body: &Value) -> Result<(), DemoError> {
        let (first, second) = self.two()?;
        let id = first.create(key, "/v1/grants", body)?.text("/id")?;
        second.step_if_open(&format!("/v1/grants/{id}"), "approve", &json!({}))?;
        Ok(())
    }
}

fn source(
    system: &Somebody,
    kind: &str,
    name: &str,
    organization: &str,
) -> Result<String, DemoError> {
    let body = json!({ "kind": kind, "name": name, "organization_id": organization });
    let key = format!("demo-source-{kind}-{organization}");
    let key: String = key.chars().take(120).collect();
    system.create(&key, "/v1/sources", &body)?.text("/id")
}

fn put_policy_in_force(
    editor: &Somebody,
    approver: &Somebody,
    plan: &Plan,
) -> Result<(), DemoError> {
    let document: Value = serde_json::from_str(SAMPLE_POLICY)?;
    let id = editor.create("demo-policy", "/v1/policies", &document)?.text("/id")?;
    let path = format!("/v1/policies/{id}");
    editor.step_if_open(&path, "prove", &json!({}))?;
    let from = json!({ "in_force_from": format!("{}-01-01", plan.figures.year) });
    approver.step_if_open(&path, "approve", &from)?;
    Ok(())
}

/// The funds, each with somewhat more than the year will need.
fn open_funds(maker: &Somebody, plan: &Plan, city: &str) -> Result<[String; 2], DemoError> {
    let figures = &plan.figures;
    let living = Fen::sum([figures.living.amount, figures.education.amount]);
    let open = |key: &str, body: &Value, amount: Fen, document: &str| {
        let fund = maker.create(&format!("demo-fund-{key}"), "/v1/funds", body)?.text("/id")?;
        // In two parts, each a good half, in whole yuan.
        let part = Fen::new((amount.get() * 11 / 20 / 100 + 1) * 100)?;
        for half in 1..=2 {
            let allocation = json!({
                "amount": part.to_string(), "effective_day": format!("{}-01-01", figures.year),
                "document_number": format!("{document}〔{}〕{half}号", figures.year),
            });
            let key = format!("demo-allocation-{key}-{half}");
            maker.create(&key, &format!("/v1/funds/{fund}/allocations"), &allocation)?;
        }
        Ok::<_, DemoError>(fund)
    };
    let central = json!({
        "organization_id": city, "name": "中央财政困难职工帮扶资金", "source": "central",
        "year": figures.year, "aid_types": ["living", "education"],
        "payer_account": "34050166880800000123",
    });
    let local = json!({
        "organization_id": city, "name": "市级财政困难职工医疗救助资金", "source": "local",
        "year": figures.year, "aid_types": ["medical"], "payer_account": "34050166880800000456",
    });
    Ok([
        open("central", &central, living.unwrap_or(Fen::ZERO), "财社")?,
        open("local", &local, figures.medical.amount, "铜财社")?,
    ])
}
