//! Many at once on cases, on PostgreSQL: one household is held by one case, one decision is made once, and
//! nobody waits for ever.

use harness::{Answer, City, Client, Database, Person, city::identity_number, http::Headers};
use serde_json::{Value, json};

use crate::rivals::{assert_equal, at_once, ready, statuses};

fn with_daughter(worker: &str, daughter: u32) -> Value {
    json!({ "members": [
        { "person_id": worker, "relation": "self" },
        { "name": "张小雨", "identity_number": identity_number("20020901", daughter),
          "relation": "daughter" },
    ] })
}

#[test]
fn of_households_that_claim_one_member_at_once_one_has_it() {
    let city = City::start(Database::Postgres);
    for round in 0..4_u32 {
        let cases: Vec<_> = (0..3).map(|i| city.apply("张明", 10 + round * 3 + i)).collect();
        if round % 2 == 1 {
            // Half of the times she is known before, and free.
            let (known, worker) = city.apply("王芳", 500 + round);
            let etag = city.caseworker.get(&known).expect(200).etag();
            let body = with_daughter(&worker, round);
            city.caseworker.put(&format!("{known}/household"), &body, &etag).expect(200);
            city.caseworker.act(&known, "withdraw", &json!({})).expect(200);
        }
        let claim = |(case, worker): &(String, String)| {
            let (path, body) = (format!("{case}/household"), with_daughter(worker, round));
            let client: Client = city.caseworker.client.clone();
            ready(move || client.put(&path, &body, "\"1\""))
        };
        let answers = at_once(&cases.iter().map(claim).collect::<Vec<_>>());
        assert_eq!(statuses(&answers), [200, 409, 409], "{answers:#?}");
        let held = answers.iter().filter(|answer| answer.status == 409);
        assert!(held.into_iter().all(|it| it.code() == "active_case_exists"), "{answers:#?}");
        let search = json!({ "identity_number": identity_number("20020901", round) });
        let found = city.caseworker.post("/v1/cases/search", &search).expect(200);
        let active = found.body["items"].as_array().unwrap().iter();
        assert_eq!(active.filter(|case| case["state"] != "withdrawn").count(), 1);
    }
    assert_equal(&city);
}

/// Each takes what the other waits for, were it not for an order or another try.
#[test]
fn of_households_that_claim_the_same_children_in_another_order_one_has_them() {
    let city = City::start(Database::Postgres);
    for round in 0..4_u32 {
        let children = [
            json!({ "name": "张小雨", "identity_number": identity_number("20020901", round),
                    "relation": "daughter" }),
            json!({ "name": "张小雷", "identity_number": identity_number("20050901", round),
                    "relation": "son" }),
        ];
        let claim = |i: u32| {
            let (case, worker) = city.apply("张明", 10 + round * 2 + i);
            let mut members = vec![json!({ "person_id": worker, "relation": "self" })];
            members.extend(children.clone());
            members[1..].rotate_left(usize::from(i == 1));
            let (path, body) = (format!("{case}/household"), json!({ "members": members }));
            let client: Client = city.caseworker.client.clone();
            ready(move || client.put(&path, &body, "\"1\""))
        };
        let answers = at_once(&[claim(0), claim(1)]);
        assert_eq!(statuses(&answers), [200, 409], "{answers:#?}");
    }
    assert_equal(&city);
}

fn all_try(people: &[Person], case: &str, step: &str, etag: &str) -> Vec<Answer> {
    let acts: Vec<_> = people
        .iter()
        .map(|person| {
            let (client, path) = (person.client.clone(), format!("{case}/{step}"));
            let headers = Headers::if_match(etag);
            ready(move || client.post_with(&path, &json!({}), &headers))
        })
        .collect();
    at_once(&acts)
}

#[test]
fn of_reviews_and_approvals_at_once_one_counts() {
    let city = City::start(Database::Postgres);
    let office = city.office();
    let reviewers = [
        office.reviewer.clone(),
        city.hire("许静", "xujing", "reviewer", &city.tongguan),
        city.hire("韩冰", "hanbing", "reviewer", &city.city),
    ];
    let approvers = [
        office.approver.clone(),
        city.hire("唐涛", "tangtao", "approver", &city.tongguan),
        city.hire("曹阳", "caoyang", "approver", &city.city),
    ];
    for round in 1..=2 {
        let (case, _) = city.submitted(&office, "张明", round);
        let etag = city.caseworker.get(&case).expect(200).etag();
        let reviewed = all_try(&reviewers, &case, "review", &etag);
        assert_eq!(statuses(&reviewed), [200, 412, 412], "{reviewed:#?}");
        let etag = city.caseworker.get(&case).expect(200).etag();
        let approved = all_try(&approvers, &case, "approve", &etag);
        assert_eq!(statuses(&approved), [200, 412, 412], "{approved:#?}");
        let duties = city.caseworker.get(&case).expect(200).body["duties"].clone();
        assert_eq!(duties.as_array().map(Vec::len), Some(3), "{duties}");
    }
    assert_equal(&city);
}

/// Accepting locks referral and case, and so do the steps that report to the referrals: always in this order.
#[test]
fn a_referral_joins_while_its_case_goes_on() {
    let city = City::start(Database::Postgres);
    let office = city.office();
    let (first, case) = city.accepted("ZY-0", "张明", 1);
    let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
    city.gather(&office, &case, &worker, 1);
    let mut joined = vec![first];
    for round in 1..=6 {
        let sent = City::referral(&format!("ZY-{round}"), "张明", 1);
        let sent = city.hospital.post("/v1/referrals", &sent).expect(201);
        let referral = format!("/v1/referrals/{}", sent.text("/id"));
        let into = json!({ "case_id": case.replace("/v1/cases/", "") });
        let submits = round % 2 == 1;
        let (by, step, body) = if submits {
            (&city.caseworker, "submit", json!({}))
        } else {
            (&office.reviewer, "return", json!({ "remark": "补充" }))
        };
        let etag = city.caseworker.get(&case).expect(200).etag();
        let answers = at_once(&[
            ready(|| {
                let headers = Headers::if_match(sent.etag());
                city.caseworker.post_with(&format!("{referral}/accept"), &into, &headers)
            }),
            ready(|| by.post_with(&format!("{case}/{step}"), &body, &Headers::if_match(&etag))),
        ]);
        assert_eq!(answers[0].status, 200, "{answers:#?}");
        assert!([200, 412].contains(&answers[1].status), "{answers:#?}");
        if answers[1].status == 412 {
            by.act(&case, step, &body).expect(200);
        }
        joined.push(referral);
        let expected = if submits { "in_progress" } else { "on_hold" };
        for referral in &joined {
            let told = city.hospital.get(referral).expect(200).text("/progress");
            assert_eq!(told, expected, "round {round}");
        }
        let linked = city.caseworker.get(&case).expect(200).body["referral_ids"].clone();
        assert_eq!(linked.as_array().map(Vec::len), Some(joined.len()));
    }
    assert_equal(&city);
}
