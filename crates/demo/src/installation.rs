//! The first day: the city is installed, its people are hired and its machines connected, the policy comes into
//! force, and money is allocated.

use bangfu_client::{Client, Installation, Installer, NewAccount, Session};
use bangfu_domain::{invalid::Invalid, money::Fen};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    DemoError, SAMPLE_POLICY,
    city::{City, Hospital, Ids, Office},
    plan::{CITY, HOSPITALS, PersonGenerator, Plan, UNITS},
};

/// The people and machines for whom tokens are printed, one of each kind: name and role.
pub const TOKEN_HOLDERS: [(&str, &str); 17] = [
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

/// Makes up the accounts of the staff.
struct Staff<'a> {
    generator: PersonGenerator,
    year: i16,
    secret: &'a str,
}

impl Staff<'_> {
    fn administrator(&mut self, login: &str) -> Result<NewAccount, Invalid> {
        self.account(login, self.year - 40, false)
    }

    fn member(&mut self, login: &str) -> Result<NewAccount, Invalid> {
        let serial = i16::try_from(login.len()).unwrap_or(0);
        self.account(login, self.year - 26 - serial, login.len().is_multiple_of(2))
    }

    fn account(&mut self, login: &str, born: i16, is_woman: bool) -> Result<NewAccount, Invalid> {
        let it = self.generator.invent(born, is_woman, None)?;
        let person = json!({ "name": it.name, "identity_number": it.number, "phone": it.phone });
        let (login, password) = (login.to_owned(), password(self.secret, login));
        Ok(NewAccount { person, login, password })
    }
}

/// Installs the city, or finds it as it was installed before.
pub fn install<'a>(plan: &'a Plan, client: &Client, secret: &str) -> Result<City<'a>, DemoError> {
    let generator = PersonGenerator::of_staff(plan.seed);
    let mut staff = Staff { generator, year: plan.figures.year, secret };
    let installation = Installation {
        city: json!({ "name": CITY.0, "division": CITY.1 }),
        administrators: [staff.administrator("security-admin-1")?, staff.administrator("security-admin-2")?],
        system_administrator: staff.member("system-admin")?,
        key_prefix: Some("demo"),
    };
    let installer = Installer::install(client, secret, &installation)?;
    let mut hire = |login: &str, role: &str, organization: &str| {
        Ok::<_, DemoError>(installer.hire(&staff.member(login)?, role, organization)?)
    };
    let connect = |name: &str, source: Option<&str>, role: &str| {
        let session = installer.connect(name, source)?;
        installer.grant(name, &json!({ "client_id": session.id }), role, &installer.city)?;
        Ok::<_, DemoError>(session)
    };
    let city = installer.city.as_str();
    hire("audit-admin", "audit_administrator", city)?;
    let mut offices = Vec::new();
    for unit in UNITS {
        let body = json!({
            "parent_id": city, "level": "county", "name": unit.name, "division": unit.division,
        });
        let organization = installer.register_organization(unit.login, &body)?;
        let mut hire = |kind, role| hire(&format!("{kind}-{}", unit.login), role, &organization);
        let caseworker = hire("caseworker", "caseworker")?;
        let colleague = hire("visitor", "caseworker")?;
        let reviewer = hire("reviewer", "reviewer")?;
        let approver = hire("approver", "approver")?;
        let registrar = hire("registrar", "grassroots_registrar")?;
        let name = format!("{}基层工会", unit.name);
        let source = installer.register_source("grassroots_union", &name, &organization)?;
        let office = Office { organization, caseworker, colleague, reviewer, approver, registrar, source };
        offices.push(office);
    }
    let mut hospitals = Vec::new();
    for hospital in HOSPITALS {
        let unit = offices.get(hospital.unit).ok_or(DemoError::Unplanned)?;
        let source = installer.register_source("hospital", hospital.name, &unit.organization)?;
        let system = connect(hospital.client, Some(&source), "referrer")?;
        hospitals.push(Hospital { system, source });
    }
    let hotline_source = installer.register_source("hotline", "12351职工服务热线", city)?;
    let bank = connect("bank", None, "bank")?;
    let mut hire = |login, role| hire(login, role, city);
    let editor = hire("policy-editor", "policy_editor")?;
    let approver = hire("policy-approver", "policy_approver")?;
    let policy: Value = serde_json::from_str(SAMPLE_POLICY)?;
    let from = format!("{}-01-01", plan.figures.year);
    installer.enforce_policy(&editor, &approver, &policy, &from)?;
    let maker = hire("finance-maker", "finance_maker")?;
    let funds = open_funds(&maker, plan, city)?;
    Ok(City {
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
        ids: Ids::default(),
    })
}

/// The password of an account of a demonstration: nobody has to know it.
fn password(secret: &str, login: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest([secret, login].concat().as_bytes()))
}

/// The auditor of a city that was installed before.
pub fn auditor(client: &Client, secret: &str) -> Session {
    let login = "auditor".to_owned();
    let password = password(secret, &login);
    Session::person(client, String::new(), login, password)
}

/// The funds, each with somewhat more than the year will need.
fn open_funds(maker: &Session, plan: &Plan, city: &str) -> Result<[String; 2], DemoError> {
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
