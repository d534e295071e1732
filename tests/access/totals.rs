//! What was paid is counted for each by what they may count, and the journal is read by those who may.

use std::collections::BTreeMap;

use bangfu_app::{
    access::{Access, Action, Resource},
    identity::Caller,
};
use harness::{Answer, Client};
use serde_json::Value;

use crate::world::World;

const YEAR: &str = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31&group_by=organization";

/// Households and fen of one organization, as the report has them.
type Counted = BTreeMap<String, (u64, String)>;

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// What should be counted of the matters that this caller may count: row by row, and in all.
fn expected(world: &World, may: impl Fn(&Resource) -> bool) -> (Counted, (u64, String)) {
    let mut rows: BTreeMap<String, (u64, i64)> = BTreeMap::new();
    for matter in &world.matters {
        let Some(fen) = matter.paid else { continue };
        if may(&Resource::Disbursement(matter.place.clone())) {
            let row = rows.entry(matter.place.organization.to_string()).or_default();
            row.0 += u64::from(fen > 0);
            row.1 += fen;
        }
    }
    let total = rows.values().fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let rows = rows.into_iter().map(|(id, (households, fen))| (id, (households, yuan(fen))));
    (rows.collect(), (total.0, yuan(total.1)))
}

fn measured(row: &Value) -> (u64, String) {
    let households = row["households"].as_u64().expect("a count");
    (households, row["amount"].as_str().expect("an amount").to_owned())
}

fn told(answer: &Answer) -> (Counted, (u64, String)) {
    let rows = answer.body["rows"].as_array().expect("rows").iter();
    let id = |row: &Value| row["organization"]["id"].as_str().expect("an id").to_owned();
    let rows = rows.map(|row| (id(row), measured(row))).collect();
    (rows, measured(&answer.body["total"]))
}

pub fn are_what_each_may_count(world: &World, access: &Access) {
    for (caller, client) in &world.callers {
        let may = |thing: &Resource| access.permits(caller, Action::CountDisbursements, thing);
        let anywhere = world.places.iter().cloned().map(Resource::Disbursement);
        let answer = client.get(YEAR);
        if anywhere.into_iter().any(|thing| may(&thing)) {
            assert_eq!(told(&answer.expect(200)), expected(world, may), "{caller:?}");
        } else {
            answer.expect_problem(403, "forbidden");
        }
        the_journal_is_the_citys(world, access, caller, client);
        funds_that_may_pay(world, access, caller, client);
    }
}

fn the_journal_is_the_citys(world: &World, access: &Access, caller: &Caller, client: &Client) {
    let registry = Resource::Registry(world.places[0].clone());
    let answer = client.get("/v1/audit/journal?limit=1");
    if access.permits(caller, Action::ReadJournal, &registry) {
        answer.expect(200);
    } else {
        answer.expect_problem(403, "forbidden");
    }
}

/// A caller who drafts or approves sees the funds at and above the household's organization, though not as records.
fn funds_that_may_pay(world: &World, access: &Access, caller: &Caller, client: &Client) {
    let [.., funds, _, _] = &world.things;
    for matter in &world.matters {
        let (case, relief) = (Resource::Case(matter.place.clone()), Resource::Relief(matter.place.clone()));
        let answer = client.get(&format!("/v1/cases/{}/funds", matter.case));
        let drafts = access.permits(caller, Action::DraftRelief, &case);
        if !access.permits(caller, Action::ViewCase, &case) {
            answer.expect_problem(404, "not_found");
        } else if !drafts && !access.permits(caller, Action::ApproveRelief, &relief) {
            answer.expect_problem(403, "forbidden");
        } else {
            let items = answer.expect(200).body["items"].clone();
            let items = items.as_array().expect("items").iter();
            let mut shown: Vec<_> = items.map(|it| it["id"].as_str().expect("an id").to_owned()).collect();
            shown.sort_unstable();
            let above = |(id, fund): &(String, Resource)| {
                let Resource::Fund(place) = fund else { panic!("a fund") };
                let pays =
                    place.organization == matter.place.organization || matter.place.above.contains(&place.organization);
                pays.then(|| id.clone())
            };
            let mut expected: Vec<String> = funds.all.iter().filter_map(above).collect();
            expected.sort_unstable();
            assert_eq!(shown, expected, "{caller:?}");
        }
    }
}
