//! Colleagues know each other by name: from the directory, and beside every id. Machines learn no name of staff.

use std::collections::BTreeSet;

use bangfu_http::openapi;
use bangfu_persistence::inspect;
use harness::{Answer, City, Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

/// The items of a list.
fn items(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().expect("items").clone()
}

/// The names in a directory.
fn names(who: &Client, query: &str) -> BTreeSet<String> {
    let found = items(&who.get(&format!("/v1/staff{query}")).expect(200));
    found.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Every id in an answer.
fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|it| ids(it, found)),
        Value::Array(values) => values.iter().for_each(|it| ids(it, found)),
        Value::String(text) if text.len() == 36 && text.parse::<uuid::Uuid>().is_ok() => {
            found.insert(text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The paths of everything that is read.
fn readable() -> Vec<String> {
    let document: Value = serde_json::from_str(&openapi::text().expect("a description")).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let read = |(path, operations): (String, Value)| operations.get("get").is_some().then_some(path);
    paths.into_iter().filter_map(read).filter(|path| path.starts_with("/v1/")).collect()
}

on_both_databases! {
    fn a_caseworker_finds_a_colleague_and_books_a_visit(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let query = format!("?role=caseworker&active=true&organization_id={}", city.tongguan);
        assert_eq!(names(&city.caseworker, &query), set(&["陈晨", "郑洁"]));
        let found = items(&city.caseworker.get(&format!("/v1/staff{query}&q=%E9%83%91")).expect(200));
        assert_eq!(found, [json!({
            "id": office.colleague.id, "name": "郑洁", "active": true,
            "roles": [{ "role": "caseworker", "organization": { "id": city.tongguan, "name": "铜官区总工会" } }],
        })]);
        let one = city.caseworker.get(&format!("/v1/staff/{}", office.colleague.id)).expect(200);
        assert_eq!(one.body, found[0]);

        let visit = json!({
            "visited_on": city.today(), "mode": "home", "visitors": [city.caseworker.id, one.body["id"]],
            "present_member": worker, "findings": "情况属实。",
        });
        let recorded = city.caseworker.post(&format!("{case}/visits"), &visit).expect(201);
        assert_eq!(recorded.text("/visitors/0/name"), "陈晨");
        assert_eq!(recorded.text("/visitors/1/name"), "郑洁");
        assert_eq!(recorded.text("/recorded_by/name"), "陈晨");
    }

    fn a_directory_is_that_of_ones_part_and_of_those_above(database: Database) {
        let city = City::start(database);
        let of_street = city.hire("街道员", "jiedao", "caseworker", &city.street);
        let above = set(&["李静", "王伟", "赵敏", "孙丽"]);
        let with = |more: &[&str]| above.union(&set(more)).cloned().collect::<BTreeSet<_>>();
        assert_eq!(names(&city.caseworker, ""), with(&["陈晨", "街道员"]));
        assert_eq!(names(&of_street, ""), with(&["陈晨", "街道员"]));
        assert_eq!(names(&city.other_caseworker, ""), with(&["刘洋"]));
        assert_eq!(names(&city.auditor, ""), with(&["陈晨", "刘洋", "街道员"]));
        assert_eq!(names(&city.caseworker, &format!("?organization_id={}", city.yian)), set(&[]));
        assert_eq!(names(&city.auditor, &format!("?organization_id={}", city.yian)), set(&["刘洋"]));
        let sister = format!("/v1/staff/{}", city.other_caseworker.id);
        city.caseworker.get(&sister).expect_problem(404, "not_found");

        // Roles that a colleague holds elsewhere are not told.
        city.grant(&json!({ "person_id": city.caseworker.id }), "reviewer", &city.yian);
        let seen = city.other_caseworker.get(&format!("/v1/staff/{}", city.caseworker.id)).expect(200);
        assert_eq!(seen.body["roles"], json!([
            { "role": "reviewer", "organization": { "id": city.yian, "name": "义安区总工会" } },
        ]));
    }

    fn pages_hold_what_the_filters_leave(database: Database) {
        let city = City::start(database);
        let _office = city.office();
        let everybody = names(&city.auditor, "?limit=200");
        let (mut paged, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let page = city.auditor.get(&format!("/v1/staff{query}")).expect(200);
            paged.extend(items(&page).iter().map(|it| it["name"].as_str().expect("a name").to_owned()));
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            query = format!("?limit=2&cursor={cursor}");
        }
        assert_eq!(paged.len(), everybody.len(), "each once");
        assert_eq!(paged.into_iter().collect::<BTreeSet<_>>(), everybody);
        let one = city.auditor.get("/v1/staff?limit=1&q=%E6%9D%8E").expect(200);
        assert_eq!((items(&one)[0]["name"].clone(), one.body["next_cursor"].clone()), (json!("李静"), Value::Null));
        city.auditor.get(&format!("/v1/staff?q={}", "%E6%9D%8E".repeat(51))).expect_problem(400, "invalid_query");
    }

    fn who_left_keeps_the_name_and_is_not_active(database: Database) {
        let city = City::start(database);
        let (case, _) = city.apply("张明", 1);
        let [keeper, _] = &city.administrators;
        let account = keeper.get(&format!("/v1/people/{}", city.caseworker.id)).expect(200).text("/account_id");
        keeper.act(&format!("/v1/accounts/{account}"), "close", &json!({})).expect(200);
        let read = city.auditor.get(&case).expect(200);
        assert_eq!(read.text("/registered_by/name"), "陈晨");
        assert!(!names(&city.auditor, "?active=true").contains("陈晨"));
        assert_eq!(names(&city.auditor, "?active=false"), set(&["陈晨"]));
        assert_eq!(names(&city.auditor, "?role=caseworker"), set(&["陈晨", "刘洋"]));
    }

    fn a_reviewer_reads_who_did_what(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, _) = city.submitted(&office, "张明", 1);
        let read = office.reviewer.get(&case).expect(200);
        assert_eq!(read.text("/registered_by/name"), "陈晨");
        assert_eq!(read.text("/organization/name"), "铜官区总工会");
        assert_eq!(read.text("/duties/0/person/name"), "陈晨");
        assert_eq!(read.text("/evidence/visits/0/visitors/1/name"), "郑洁");
        let trace = office.reviewer.get(&format!("/v1/trace/{}", read.text("/id"))).expect(200);
        assert_eq!(trace.text("/events/0/acted_by/name"), "陈晨");
        assert!(read.body["members"][0].get("name").is_none(), "households are masked");

        // What is stored under a key names nobody; the same request again is answered by name again.
        let etag = read.etag();
        let review = || {
            let headers = Headers { if_match: Some(etag.clone()), ..Headers::key("review-0001") };
            office.reviewer.post_with(&format!("{case}/review"), &json!({}), &headers).expect(200)
        };
        let (first, again) = (review(), review());
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(first.text("/duties/1/person/name"), "钱磊");
        assert_eq!(again.body, first.body);
        let kept = inspect::packed_texts(&city.server.location, "idempotency").expect("answers").join("\n");
        assert!(["陈晨", "郑洁", "钱磊"].iter().all(|name| !kept.contains(name)), "{kept}");
    }

    fn a_machine_learns_no_name_of_staff(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = city.accepted("ZY-1", "张明", 1);
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.enrol(&office, &case);
        city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let batch = money.send();
        money.pay_all(&batch, &city.today());
        let staff = names(&city.auditor, "?limit=200");
        assert!(staff.len() > 12, "{staff:?}");
        let mut known = BTreeSet::new();
        for who in [&city.auditor, &money.maker, &city.system_administrator, &city.administrators[0]] {
            for path in readable().iter().filter(|path| !path.contains('{')) {
                ids(&who.get(&format!("{path}?limit=200")).body, &mut known);
            }
        }
        assert!(known.len() > 30, "{known:?}");
        let mut told = 0;
        for machine in [&city.hospital, &city.other_hospital, &money.bank] {
            let mut learns = |path: &str| {
                let answer = machine.get(path);
                told += usize::from(answer.status == 200);
                let text = answer.body.to_string();
                assert!(staff.iter().all(|name| !text.contains(name)), "{path}: {text}");
            };
            for path in readable() {
                if !path.contains('{') {
                    learns(&path);
                    continue;
                }
                for id in &known {
                    learns(&path.replace("{id}", id));
                }
            }
            assert_eq!(machine.get("/v1/staff").expect(200).body["items"], json!([]));
            machine.get(&format!("/v1/staff/{}", city.caseworker.id)).expect_problem(404, "not_found");
        }
        assert!(told > 30, "{told}");
        let seen = city.hospital.get(&referral).expect(200);
        assert_eq!(seen.text("/organization/name"), "铜官区总工会");
        assert_eq!(seen.text("/source/name"), "铜陵市人民医院");
        let seen = money.bank.get(&batch).expect(200);
        assert_eq!(seen.body["made_by"], json!({ "id": money.maker.id, "name": null }));
    }

    fn a_renamed_organization_has_its_new_name_at_once(database: Database) {
        let city = City::start(database);
        let (case, _) = city.apply("张明", 1);
        assert_eq!(city.caseworker.get(&case).expect(200).text("/organization/name"), "铜官区总工会");
        let path = format!("/v1/organizations/{}", city.tongguan);
        city.system_administrator.act(&path, "rename", &json!({ "name": "铜官区工会" })).expect(200);
        assert_eq!(city.caseworker.get(&case).expect(200).text("/organization/name"), "铜官区工会");
        let below = city.caseworker.get(&format!("/v1/organizations/{}", city.street)).expect(200);
        assert_eq!(below.text("/parent/name"), "铜官区工会");
        let me = city.caseworker.get(&format!("/v1/staff/{}", city.caseworker.id)).expect(200);
        assert_eq!(me.text("/roles/0/organization/name"), "铜官区工会");
    }
}
