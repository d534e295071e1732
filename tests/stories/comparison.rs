//! The civil-affairs office compares: it sees whom it is asked about, answers once, and sees no case.

use harness::{City, Client, Database, Office, on_both_databases};
use serde_json::{Value, json};

/// A household of two that has consented, and its members.
fn consented(city: &City, name: &str, serial: u32) -> (String, Vec<String>) {
    let (case, worker) = city.apply(name, serial);
    let members = city.record_household(&case, &worker, serial);
    city.consent(&case, &members);
    (case, members)
}

fn ask(city: &City, case: &str) -> String {
    let asked = city.caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
    assert!(asked.body["members"][0].get("masked").is_none(), "of a POST nothing personal");
    asked.text("/id")
}

fn answer(city: &City, members: &[String]) -> Value {
    let result = |id: &String| json!({ "person_id": id, "benefit": "none", "findings": [] });
    json!({
        "report_number": "HD-2021-0317", "compared_on": city.today(),
        "members": members.iter().map(result).collect::<Vec<_>>(),
    })
}

fn listed(who: &Client, filter: &str) -> Vec<String> {
    let list = who.get(&format!("/v1/comparisons{filter}")).expect(200);
    let items = list.body["items"].as_array().expect("items").clone();
    items.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

/// What the office does with a comparison, as a person or as a system.
fn compares(city: &City, who: &Client, actor: &str, case: &str, members: &[String]) {
    let comparison = ask(city, case);
    let path = format!("/v1/comparisons/{comparison}");
    assert_eq!(listed(who, "?state=requested"), [comparison.as_str()]);
    let read = who.get(&path).expect(200);
    assert_eq!(read.text("/state"), "requested");
    assert_eq!(read.text("/members/0/masked/identity/name"), "张*");
    assert!(!read.body.to_string().contains("张小雨"));

    let reveal = json!({ "groups": ["identity"], "reason": "信息核对" });
    let before = city.server.lines("SELECT reason AS line FROM access_log").len();
    let opened = who.post(&format!("{path}/reveal"), &reveal).expect(200);
    assert!(opened.body.to_string().contains("张小雨"));
    assert_eq!(opened.text("/documents/0/record"), "comparison");
    let log = city
        .server
        .lines(&format!("SELECT actor AS line FROM access_log WHERE reason = '信息核对' AND actor LIKE '%{actor}%'"));
    assert_eq!(log.len(), 1 + members.len(), "the comparison, and each person whose values opened");
    let after = city.server.lines("SELECT reason AS line FROM access_log").len();
    assert_eq!(after - before, log.len());

    let result = format!("{path}/result");
    let fewer = answer(city, &members[..1]);
    who.post(&result, &fewer).expect_problem(409, "other_members");
    let mut more = members.to_vec();
    more.push(city.caseworker.id.clone());
    who.post(&result, &answer(city, &more)).expect_problem(409, "other_members");
    let twice = vec![members[0].clone(), members[0].clone()];
    let twice = who.post(&result, &answer(city, &twice)).expect_problem(400, "invalid_request");
    assert_eq!(twice.text("/errors/0/pointer"), "/members");
    let done = who.post(&result, &answer(city, members)).expect(200);
    assert_eq!(done.text("/state"), "answered");
    assert_eq!(done.version(), 2);
    who.post(&result, &answer(city, members)).expect_problem(409, "settled");
    assert_eq!(listed(who, "?state=requested"), Vec::<String>::new());
    assert!(listed(who, "?state=answered").contains(&comparison));
    let read = who.get(&path).expect(200).body.to_string();
    assert!(!read.contains("HD-2021-0317"), "the report's number is sealed");

    // Of the case it sees nothing.
    who.get(case).expect_problem(404, "not_found");
    assert_eq!(who.get("/v1/cases").expect(200).body["items"], json!([]));
    let search = json!({ "name": "张明" });
    assert_eq!(who.post("/v1/cases/search", &search).expect(200).body["items"], json!([]));
    let reveal = json!({ "groups": ["money"], "reason": "好奇" });
    who.post(&format!("{case}/reveal"), &reveal).expect_problem(404, "not_found");
    who.post(&format!("{case}/comparisons"), &json!({})).expect_problem(404, "not_found");
}

/// Pieces of evidence are no comparisons, and comparisons are nothing else.
fn nothing_by_another_name(city: &City, office: &Office, case: &str, worker: &str) {
    let visit = city.visit(office, case, worker).replace("/v1/visits/", "");
    let read = city.caseworker.get(case).expect(200);
    let comparison = read.text("/evidence/comparisons/0/id");
    office.civil_affairs.get(&format!("/v1/comparisons/{visit}")).expect_problem(404, "not_found");
    city.caseworker.get(&format!("/v1/visits/{comparison}")).expect_problem(404, "not_found");
    city.caseworker.get(&format!("/v1/notices/{visit}")).expect_problem(404, "not_found");
}

on_both_databases! {
    fn the_office_compares_and_sees_no_case(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, members) = consented(&city, "张明", 1);
        city.other_caseworker.post(&format!("{case}/comparisons"), &json!({}))
            .expect_problem(404, "not_found");
        compares(&city, &office.civil_affairs, &office.civil_affairs.id, &case, &members);
        assert_eq!(listed(&city.other_caseworker, ""), Vec::<String>::new());
        nothing_by_another_name(&city, &office, &case, &members[0]);

        let machine = city.machine("民政核对平台", "civil_affairs_office", &city.city);
        compares(&city, &machine, &machine.id, &case, &members);
        let of_yian = city.machine("义安区民政局", "civil_affairs_office", &city.yian);
        assert_eq!(listed(&of_yian, ""), Vec::<String>::new());
        let seen = listed(&city.caseworker, "").remove(0);
        of_yian.get(&format!("/v1/comparisons/{seen}")).expect_problem(404, "not_found");
        let result = format!("/v1/comparisons/{seen}/result");
        let body = answer(&city, &members);
        of_yian.post(&result, &body).expect_problem(404, "not_found");
        city.auditor.post(&result, &body).expect_problem(403, "forbidden");
        city.caseworker.post(&result, &body).expect_problem(403, "forbidden");
    }

    fn nobody_is_compared_without_consent_and_number(database: Database) {
        let city = City::start(database);
        let (case, worker) = city.apply("张明", 1);
        let ask = || city.caseworker.post(&format!("{case}/comparisons"), &json!({}));
        let refused = ask().expect_problem(409, "comparison_not_authorised");
        assert_eq!(refused.text("/person_id"), worker);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members[..1]);
        let refused = ask().expect_problem(409, "comparison_not_authorised");
        assert_eq!(refused.text("/person_id"), members[1]);
        let body = json!({
            "person_id": members[1], "signer": "guardian", "signed_on": city.today(),
            "purposes": ["processing"],
        });
        city.caseworker.post(&format!("{case}/consents"), &body).expect(201);
        ask().expect_problem(409, "comparison_not_authorised");
        city.consent(&case, &members[1..]);

        let etag = city.caseworker.get(&case).expect(200).etag();
        let mut household = City::household(&worker, 1);
        let father = json!({ "name": "张大山", "relation": "parent" });
        household["members"].as_array_mut().expect("members").push(father);
        let put = city.caseworker.put(&format!("{case}/household"), &household, &etag).expect(200);
        let father = put.text("/members/2/person_id");
        city.consent(&case, std::slice::from_ref(&father));
        let refused = ask().expect_problem(409, "number_missing");
        assert_eq!(refused.text("/person_id"), father);
        household["members"][2]["person_id"] = father.into();
        household["members"][2]["not_counted"] = "lives_apart".into();
        let etag = city.caseworker.get(&case).expect(200).etag();
        city.caseworker.put(&format!("{case}/household"), &household, &etag).expect(200);
        let asked = ask().expect(201);
        assert_eq!(asked.body["members"].as_array().map(Vec::len), Some(2));
        ask().expect_problem(409, "comparison_waiting");
    }
}
