//! Money in a random city: funds at different levels, reliefs of households of different districts, batches that
//! pay several of them at once, and what the bank says.

use bangfu_app::{
    access::{Place, Resource},
    identity::{Caller, Subject},
};
use bangfu_domain::{actor::Actor, ids::ClientId, role::Role};
use harness::{City, Client, http::Headers, money::file_rows};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::Index,
};
use serde_json::{Value, json};

use super::{Builder, Connected, plan::Standing};
use crate::people::{act, number};

/// How far a relief comes, if the batch of its fund comes so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Drafted,
    Approved,
    InBatch,
    Paid,
    CameBack,
}

/// How far the batch of a fund comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Depth {
    Made,
    Released,
    Sent,
}

/// What there is of money. An index picks among what may be.
#[derive(Debug, Clone)]
pub struct Coffers {
    /// The organizations of the funds beside the city's own, and how far each one's batch comes.
    funds: Vec<(Index, Depth)>,
    /// The organization in charge below the city, the source that referred the household, the fund, the goal.
    matters: Vec<(Index, Option<Index>, Index, Goal)>,
}

/// Plans with this number of reliefs.
pub fn coffers(matters: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Coffers> {
    let index = any::<Index>;
    let goal = prop_oneof![
        1 => Just(Goal::Drafted),
        1 => Just(Goal::Approved),
        1 => Just(Goal::InBatch),
        4 => Just(Goal::Paid),
        1 => Just(Goal::CameBack),
    ];
    let depth = prop_oneof![1 => Just(Depth::Made), 1 => Just(Depth::Released), 4 => Just(Depth::Sent)];
    let source = proptest::option::of(index());
    (vec((index(), depth), 2..=3), vec((index(), source, index(), goal), matters))
        .prop_map(|(funds, matters)| Coffers { funds, matters })
}

/// A household with its relief, as far as they came.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Where the case is.
    pub place: Place,
    /// The referral by which the household came.
    pub referral: Option<String>,
    /// The case.
    pub case: String,
    /// The relief.
    pub relief: String,
    /// The payment's reference, once it is approved.
    pub reference: Option<String>,
    /// The batch.
    pub batch: Option<String>,
    /// What was paid and did not come back, in fen; `None` where nothing was ever paid.
    pub paid: Option<i64>,
}

struct Fund {
    id: String,
    place: Place,
    depth: Depth,
}

/// The people through whom every relief and every payment goes.
struct Staff {
    registrar: Client,
    reviewer: Client,
    approver: Client,
    visitors: [String; 2],
}

/// Something a fund pays, before the batches are made.
struct Waiting {
    matter: Matter,
    fund: usize,
    goal: Goal,
    amount: i64,
}

pub fn build(it: &mut Builder, plan: &Coffers, clients: &[Connected]) -> Vec<Matter> {
    if plan.matters.is_empty() {
        return Vec::new();
    }
    let staff = hire(it);
    connect_bank(it, plan.funds[0].0);
    let funds = open_funds(it, &staff, &plan.funds);
    let mut waiting = Vec::new();
    for (serial, (at, source, fund, goal)) in (0..).zip(&plan.matters) {
        let place = at.get(&it.organizations[1..]).1.clone();
        let (referral, case, worker) = household(it, &staff, &place, source.map(|i| i.get(clients)), serial);
        enrol(&staff, &case, &worker, serial);
        let above = |fund: &(usize, &Fund)| {
            let organization = fund.1.place.organization;
            organization == place.organization || place.above.contains(&organization)
        };
        let usable: Vec<(usize, &Fund)> = funds.iter().enumerate().filter(above).collect();
        let (fund, paying) = *fund.get(&usable);
        let amount = 10_000 + i64::from(serial);
        let (relief, reference) = relieve(&staff, &case, &paying.id, *goal, amount);
        it.cases.push((case.clone(), Resource::Case(place.clone())));
        it.reliefs.push((relief.clone(), Resource::Relief(place.clone())));
        let matter = Matter { place, referral, case, relief, reference, batch: None, paid: None };
        waiting.push(Waiting { matter, fund, goal: *goal, amount });
    }
    for (i, fund) in funds.iter().enumerate() {
        pay(it, &staff, fund, waiting.iter_mut().filter(|it| it.fund == i));
    }
    waiting.into_iter().map(|it| it.matter).collect()
}

/// Everybody holds two roles or three: who decides on aid and who pays it need not be different people.
fn hire(it: &mut Builder) -> Staff {
    let city = it.organizations[0].1.clone();
    let mut hire = |roles: &[Role]| {
        let grants: Vec<_> = roles.iter().map(|role| (*role, city.clone(), Standing::InForce)).collect();
        let client = it.hire(&grants);
        let session = client.get("/v1/me").expect(200);
        (client, session.text("/person_id"))
    };
    let (registrar, first) = hire(&[Role::Caseworker, Role::FinanceMaker, Role::PolicyEditor]);
    let (reviewer, second) = hire(&[Role::Reviewer, Role::FinanceReleaser, Role::PolicyApprover]);
    let (approver, _) = hire(&[Role::Approver, Role::FinanceReconciler]);
    let policy = registrar.post("/v1/policies", &City::policy()).expect(201).text("/id");
    let policy = format!("/v1/policies/{policy}");
    registrar.act(&policy, "prove", &json!({})).expect(200);
    reviewer.act(&policy, "approve", &json!({ "in_force_from": "2021-01-04" })).expect(200);
    Staff { registrar, reviewer, approver, visitors: [first, second] }
}

/// The system of a bank, which reads the batches of one organization and of those below.
fn connect_bank(it: &mut Builder, at: Index) {
    let place = it.place(at);
    let id = it.admin.post("/v1/clients", &json!({ "name": "某银行" })).expect(201).text("/id");
    it.grant(json!({ "client_id": id }), Role::Bank, &place, Standing::InForce);
    let id: ClientId = id.parse().expect("an id");
    let grants = vec![(Role::Bank, place.organization)];
    it.call(Caller { actor: Actor::Client(id), grants, source: None }, Subject::Client(id));
}

fn open_funds(it: &mut Builder, staff: &Staff, plan: &[(Index, Depth)]) -> Vec<Fund> {
    let mut places = vec![(it.organizations[0].1.clone(), Depth::Sent)];
    places.extend(plan.iter().map(|(at, depth)| (it.place(*at), *depth)));
    let mut funds = Vec::new();
    for (place, depth) in places {
        let organization = place.organization.to_string();
        let id = City::open_fund(&staff.registrar, &organization, "某资金");
        let allocation = json!({
            "amount": "100000.00", "effective_day": "2021-01-04", "document_number": "1号",
        });
        let path = format!("/v1/funds/{id}/allocations");
        staff.registrar.post(&path, &allocation).expect(201);
        it.funds.push((id.clone(), Resource::Fund(place.clone())));
        funds.push(Fund { id, place, depth });
    }
    funds
}

/// A household that applied, or came by a referral: the referral, the case and the worker.
fn household(
    it: &mut Builder,
    staff: &Staff,
    place: &Place,
    source: Option<&Connected>,
    serial: u32,
) -> (Option<String>, String, String) {
    let Some(source) = source else {
        let worker = json!({ "name": "丙", "identity_number": number(700 + serial) });
        let body = json!({ "organization_id": place.organization, "worker": worker });
        let opened = staff.registrar.post("/v1/cases", &body).expect(201);
        return (None, opened.text("/id"), opened.text("/members/0/person_id"));
    };
    let mut body = City::referral(&format!("ZY-8{serial}"), "张明", 800 + serial);
    body["organization_id"] = json!(place.organization);
    let sent = source.client.post("/v1/referrals", &body).expect(201);
    let id = sent.text("/id");
    let headers = Headers::if_match(sent.etag());
    let accept = format!("/v1/referrals/{id}/accept");
    let accepted = staff.registrar.post_with(&accept, &json!({}), &headers).expect(200);
    let referral = Resource::Referral(place.clone(), source.source, source.kind);
    it.referrals.push((id.clone(), referral));
    let case = accepted.text("/case/id");
    (Some(id), case, accepted.text("/case/members/0/person_id"))
}

/// By the emergency path, which needs the least.
fn enrol(staff: &Staff, case: &str, worker: &str, serial: u32) {
    let case = format!("/v1/cases/{case}");
    let by = &staff.registrar;
    let mut household = City::household(worker, serial);
    household["members"].as_array_mut().expect("members").truncate(1);
    let etag = by.get(&case).expect(200).etag();
    by.put(&format!("{case}/household"), &household, &etag).expect(200);
    let consent = json!({
        "person_id": worker, "signer": "self", "signed_on": "2021-01-04",
        "purposes": ["processing", "sensitive", "comparison", "publication"],
    });
    by.post(&format!("{case}/consents"), &consent).expect(201);
    let visit = json!({
        "visited_on": "2021-01-04", "mode": "home", "visitors": staff.visitors,
        "present_member": worker, "findings": "属实",
    });
    by.post(&format!("{case}/visits"), &visit).expect(201);
    by.post(&format!("{case}/assessments"), &json!({})).expect(201);
    let submit = json!({ "path": "emergency", "remark": "病情危急" });
    act(by, &case, "submit", &submit).expect(200);
    act(&staff.reviewer, &case, "review", &json!({})).expect(200);
    let deep = json!({ "category": "deep", "remark": "情况属实" });
    act(&staff.approver, &case, "approve", &deep).expect(200);
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A relief, and its payment's reference where it is approved.
fn relieve(staff: &Staff, case: &str, fund: &str, goal: Goal, amount: i64) -> (String, Option<String>) {
    let aid = City::living_aid(&yuan(amount));
    let drafted = staff.registrar.post(&format!("/v1/cases/{case}/reliefs"), &aid).expect(201);
    let id = drafted.text("/id");
    if goal == Goal::Drafted {
        return (id, None);
    }
    let relief = format!("/v1/reliefs/{id}");
    act(&staff.registrar, &relief, "submit", &json!({})).expect(200);
    act(&staff.reviewer, &relief, "review", &json!({})).expect(200);
    let fund = json!({ "fund_id": fund });
    let approved = act(&staff.approver, &relief, "approve", &fund).expect(200);
    (id, Some(approved.text("/lines/0/attempts/0/reference")))
}

/// Makes the batch of a fund, and takes it as far as the plan says.
fn pay<'w>(it: &mut Builder, staff: &Staff, fund: &Fund, waiting: impl Iterator<Item = &'w mut Waiting>) {
    let goes = |it: &&mut Waiting| !matches!(it.goal, Goal::Drafted | Goal::Approved);
    let mut paid: Vec<&mut Waiting> = waiting.filter(goes).collect();
    if paid.is_empty() {
        return;
    }
    let references: Vec<_> = paid.iter().map(|it| it.matter.reference.clone()).collect();
    let order = json!({ "fund_ids": [fund.id], "references": references });
    let id = staff.registrar.post("/v1/payment-batches", &order).expect(201).text("/id");
    it.batches.push((id.clone(), Resource::Batch(fund.place.clone())));
    for waiting in &mut paid {
        waiting.matter.batch = Some(id.clone());
    }
    let batch = format!("/v1/payment-batches/{id}");
    if fund.depth >= Depth::Released {
        act(&staff.reviewer, &batch, "release", &json!({})).expect(200);
    }
    if fund.depth < Depth::Sent {
        return;
    }
    act(&staff.reviewer, &batch, "send", &json!({})).expect(200);
    let file = staff.reviewer.get(&format!("{batch}/file")).expect(200);
    let rows = file_rows(file.body.as_str().expect("a file"));
    let mut lines: Vec<Value> = Vec::new();
    for waiting in paid {
        let row = rows.iter().find(|row| Some(&row.reference) == waiting.matter.reference.as_ref());
        let row = row.expect("a row of each line");
        if matches!(waiting.goal, Goal::Paid | Goal::CameBack) {
            lines.push(row.result("paid", "2021-01-04"));
            waiting.matter.paid = Some(waiting.amount);
        }
        if waiting.goal == Goal::CameBack {
            lines.push(row.failure("returned", "2021-01-04", "account_closed"));
            waiting.matter.paid = Some(0);
        }
    }
    if !lines.is_empty() {
        let count = lines.len();
        let told = staff.approver.post(&format!("{batch}/results"), &json!({ "lines": lines }));
        assert_eq!(told.expect(200).body["applied"], json!(count));
    }
}
