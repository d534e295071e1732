//! The first day: the city is installed, its people are hired and its machines connected, the policy comes into
//! force, and money is allocated.

use bangfu_client::{Client, Installation, Installer, Session};
use bangfu_domain::money::Fen;
use serde_json::{Value, json};

use crate::{
    DemoError, SAMPLE_POLICY,
    city::{City, Hospital, Ids, Office},
    plan::{CITY, HOSPITALS, Plan, UNITS},
    staff::{PASSWORD, staff},
};

/// Installs the city, or finds it as it was installed before.
pub fn install<'a>(plan: &'a Plan, client: &Client, secret: &str) -> Result<City<'a>, DemoError> {
    let staff = staff(plan)?;
    let member = |login: &str| staff.iter().find(|it| it.login == login).ok_or(DemoError::Unplanned);
    let account = |login: &str| Ok::<_, DemoError>(member(login)?.account());
    let installation = Installation {
        city: json!({ "name": CITY.0, "division": CITY.1 }),
        administrators: [account("security-admin-1")?, account("security-admin-2")?],
        system_administrator: account("system-admin")?,
        key_prefix: Some("demo"),
    };
    let installer = Installer::install(client, secret, &installation)?;
    let hire = |login: &str, organization: &str| {
        let member = member(login)?;
        Ok::<_, DemoError>(installer.hire(&member.account(), member.role, organization)?)
    };
    let connect = |name: &str, source: Option<&str>, role: &str| {
        let session = installer.connect(name, source)?;
        installer.grant(name, &json!({ "client_id": session.id }), role, &installer.city)?;
        Ok::<_, DemoError>(session)
    };
    let city = installer.city.as_str();
    hire("audit-admin", city)?;
    let mut offices = Vec::new();
    for unit in UNITS {
        let body = json!({
            "parent_id": city, "level": "county", "name": unit.name, "division": unit.division,
        });
        let organization = installer.register_organization(unit.login, &body)?;
        let hire = |kind| hire(&format!("{kind}-{}", unit.login), &organization);
        let caseworker = hire("caseworker")?;
        let colleague = hire("visitor")?;
        let reviewer = hire("reviewer")?;
        let approver = hire("approver")?;
        let registrar = hire("registrar")?;
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
    let hire = |login| hire(login, city);
    let editor = hire("policy-editor")?;
    let approver = hire("policy-approver")?;
    let policy: Value = serde_json::from_str(SAMPLE_POLICY)?;
    let from = format!("{}-01-01", plan.figures.year);
    installer.enforce_policy(&editor, &approver, &policy, &from)?;
    let maker = hire("finance-maker")?;
    let funds = open_funds(&maker, plan, city)?;
    Ok(City {
        plan,
        offices,
        hospitals,
        hotline: (hire("hotline")?, hotline_source),
        civil_affairs: hire("civil-affairs")?,
        approver: hire("approver-city")?,
        releaser: hire("finance-releaser")?,
        reconciler: hire("finance-reconciler")?,
        auditor: hire("auditor")?,
        maker,
        bank,
        funds,
        ids: Ids::default(),
    })
}

/// The auditor of a city that was installed before.
pub fn auditor(client: &Client) -> Session {
    Session::person(client, String::new(), "auditor".to_owned(), PASSWORD.to_owned())
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
