//! A household is written down as far as it is known, completed later, and held by one case alone.

use harness::{City, Client, Database, city::identity_number, http::Headers, on_both_databases};
use serde_json::{Value, json};

/// The gaps of a case as `what` or `what of whom`.
fn gaps(case: &Value) -> Vec<String> {
    let all = case["gaps"].as_array().expect("gaps");
    let name = |gap: &Value| {
        let missing = gap["code"].as_str().expect("a code");
        match gap["person_id"].as_str() {
            Some(person) => format!("{missing} of {person}"),
            None => missing.to_owned(),
        }
    };
    all.iter().map(name).collect()
}

fn search(who: &Client, body: &Value) -> Vec<String> {
    let found = who.post("/v1/cases/search", body).expect(200);
    let items = found.body["items"].as_array().expect("items").clone();
    items.iter().map(|it| format!("/v1/cases/{}", it["id"].as_str().expect("an id"))).collect()
}

/// The household with another person in the daughter's place.
fn with(worker: &str, member: Value) -> Value {
    let mut household = City::household(worker, 1);
    household["members"][1] = member;
    household
}

on_both_databases! {
    fn a_household_is_recorded_incomplete_and_completed_later(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let begun = city.caseworker.get(&case).expect(200);
        let of_all = ["employer", "address", "causes", "assets", "standing"];
        let nothing_yet = [format!("incomes of {worker}"), format!("expenses of {worker}")];
        let of_household = of_all.map(str::to_owned);
        assert_eq!(gaps(&begun.body), [&nothing_yet[..], &of_household].concat());
        let etag = begun.etag();
        let half = json!({ "members": [
            { "person_id": worker, "relation": "self" },
            { "name": "张小雨", "relation": "daughter", "incomes": [] },
            { "name": "李桂英", "relation": "parent", "not_counted": "lives_apart" },
        ] });
        let put = city.caseworker.put(&format!("{case}/household"), &half, &etag).expect(200);
        assert_eq!(put.text("/state"), "identifying");
        assert_eq!(put.body["household_version"], 1);
        let daughter = put.text("/members/1/person_id");
        let mother = put.text("/members/2/person_id");
        let of_daughter = ["identity_number", "expenses"].map(|it| format!("{it} of {daughter}"));
        let expected = [&nothing_yet[..], &of_daughter, &of_household].concat();
        assert_eq!(gaps(&put.body), expected, "of those who count, and of the household");

        let refused = city.caseworker.act(&case, "submit", &json!({}));
        let refused = refused.expect_problem(409, "blocked");
        assert_eq!(refused.codes("blockers"), ["household_incomplete", "consent_missing", "visit_missing"]);
        let assessed = city.caseworker.post(&format!("{case}/assessments"), &json!({}));
        assessed.expect_problem(409, "household_incomplete");

        let mut whole = City::household(&worker, 1);
        whole["members"][1]["person_id"] = daughter.clone().into();
        let apart = json!({ "person_id": mother, "relation": "parent", "not_counted": "lives_apart" });
        whole["members"].as_array_mut().expect("members").push(apart);
        let put = city.caseworker.put(&format!("{case}/household"), &whole, &put.etag());
        let put = put.expect(200);
        assert_eq!(gaps(&put.body), Vec::<String>::new());
        assert_eq!(put.body["household_version"], 2);
        assert_eq!(put.text("/members/1/person_id"), daughter, "she stays who she was");
        city.consent(&case, &[worker.clone(), daughter.clone()]);
        city.visit(&office, &case, &worker);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);

        let etag = city.caseworker.get(&case).expect(200).etag();
        let closed = city.caseworker.put(&format!("{case}/household"), &whole, &etag);
        let closed = closed.expect_problem(409, "wrong_state");
        assert_eq!(closed.text("/state"), "under_review");
        assert_eq!(closed.text("/command"), "record_household");
        assert!(closed.body["allowed_actions"].as_array().is_some_and(|it| !it.is_empty()));
    }

    fn a_worker_without_a_number_is_identified_and_found_by_it(database: Database) {
        let city = City::start(database);
        let number = identity_number("19751224", 1);
        let mut referral = City::referral("ZY-1", "张明", 1);
        referral["patient"].as_object_mut().expect("a patient").remove("identity_number");
        let sent = city.hospital.post("/v1/referrals", &referral).expect(201);
        let path = format!("/v1/referrals/{}/accept", sent.text("/id"));
        let headers = Headers::if_match(sent.etag());
        let accepted = city.caseworker.post_with(&path, &json!({}), &headers).expect(200);
        let case = format!("/v1/cases/{}", accepted.text("/case/id"));
        let opened = city.caseworker.get(&case).expect(200);
        let worker = opened.text("/members/0/person_id");
        let by_number = json!({ "identity_number": number });
        assert_eq!(search(&city.caseworker, &by_number), Vec::<String>::new());
        let by_name = json!({ "name": "张明" });
        assert_eq!(search(&city.caseworker, &by_name), [case.as_str()]);

        let mut household = City::household(&worker, 1);
        household["members"][0]["identity_number"] = number.clone().into();
        household["members"][0]["phone"] = "13805620009".into();
        let put = format!("{case}/household");
        let put = city.caseworker.put(&put, &household, &opened.etag()).expect(200);
        assert_eq!(put.body["gaps"], json!([]));
        assert_eq!(put.text("/members/0/person_id"), worker);

        let read = city.caseworker.get(&case).expect(200);
        let masked = read.text("/members/0/masked/identity/identity_number");
        assert!(number.get(14..).is_some_and(|end| masked.ends_with(end)) && masked.contains('*'), "{masked}");
        let reveal = json!({ "groups": ["identity"], "reason": "核对身份证" });
        let opened = city.caseworker.post(&format!("{case}/reveal"), &reveal).expect(200);
        assert!(opened.body.to_string().contains(&number));
        for term in [by_number, by_name, json!({ "phone": "13805620009" })] {
            assert_eq!(search(&city.caseworker, &term), [case.as_str()], "{term}");
            assert_eq!(search(&city.auditor, &term), Vec::<String>::new(), "an auditor looks for nobody");
            assert_eq!(search(&city.other_caseworker, &term), Vec::<String>::new(), "{term}");
            assert_eq!(search(&city.hospital, &term), Vec::<String>::new(), "{term}");
        }
        let body = json!({ "identity_number": identity_number("19751224", 2) });
        assert_eq!(search(&city.caseworker, &body), Vec::<String>::new());

        // From now on he is known by the number, and one person.
        let again = json!({
            "organization_id": city.tongguan,
            "worker": { "name": "张明", "identity_number": number },
        });
        let held = city.caseworker.post("/v1/cases", &again);
        let held = held.expect_problem(409, "active_case_exists");
        assert_eq!(format!("/v1/cases/{}", held.text("/case_id")), case);
    }

    fn a_number_is_one_person_under_one_name(database: Database) {
        let city = City::start(database);
        let (_, known) = city.apply("王芳", 7);
        let (case, worker) = city.apply("张明", 1);
        let number = identity_number("19751224", 7);
        let read = city.caseworker.get(&case).expect(200);
        let put = |body: &Value| {
            city.caseworker.put(&format!("{case}/household"), body, &read.etag())
        };
        let member = json!({ "name": "王方", "identity_number": number, "relation": "spouse" });
        let differs = put(&with(&worker, member)).expect_problem(409, "person_differs");
        assert_eq!(differs.text("/pointer"), "/members/1");
        let member = json!({ "person_id": known, "relation": "spouse" });
        let stranger = put(&with(&worker, member)).expect_problem(400, "invalid_request");
        assert_eq!(stranger.text("/errors/0/pointer"), "/members/1/person_id");
        assert_eq!(stranger.text("/errors/0/code"), "not_found");
        let mut other = City::household(&worker, 1);
        other["members"][0]["identity_number"] = number.clone().into();
        put(&other).expect_problem(409, "person_differs");
        let other = json!({ "members": [
            { "person_id": worker, "relation": "sibling" },
            { "name": "王芳", "identity_number": number, "relation": "self" },
        ] });
        put(&other).expect_problem(409, "worker_fixed");
        assert_eq!(city.caseworker.get(&case).expect(200).etag(), read.etag(), "nothing happened");

        let nameless = json!({ "name": "王芳", "relation": "spouse", "incomes": [] });
        let entered = put(&with(&worker, nameless)).expect(200);
        let spouse = entered.text("/members/1/person_id");
        assert_ne!(spouse, known, "one name is not one person");
        let number = json!({ "person_id": spouse, "identity_number": number, "relation": "spouse" });
        let taken = city.caseworker.put(
            &format!("{case}/household"),
            &with(&worker, number),
            &entered.etag(),
        );
        taken.expect_problem(409, "number_taken");
    }

    fn a_member_is_held_by_one_case_and_free_when_it_lets_go(database: Database) {
        let city = City::start(database);
        let of_city = city.hire("周宁", "zhouning-of-the-city", "caseworker", &city.city);
        let daughter = json!({
            "name": "张小雨", "identity_number": identity_number("20020901", 1),
            "relation": "daughter", "incomes": [], "expenses": [],
        });
        let (case, worker) = city.apply("张明", 1);
        city.record_household(&case, &worker, 1);

        let theirs = json!({
            "organization_id": city.yian,
            "worker": { "name": "刘红", "identity_number": identity_number("19751224", 2) },
        });
        let theirs = city.other_caseworker.post("/v1/cases", &theirs).expect(201);
        let (their_case, mother) =
            (format!("/v1/cases/{}", theirs.text("/id")), theirs.text("/members/0/person_id"));
        let put = format!("{their_case}/household");
        let mut theirs_body = with(&mother, daughter);
        let held = city.other_caseworker.put(&put, &theirs_body, &theirs.etag());
        let held = held.expect_problem(409, "active_case_exists");
        assert_eq!(held.body.get("case_id"), None, "another district's case is not named");
        let held = of_city.put(&put, &theirs_body, &theirs.etag());
        let held = held.expect_problem(409, "active_case_exists");
        assert_eq!(format!("/v1/cases/{}", held.text("/case_id")), case);
        let person = json!({
            "organization_id": city.yian,
            "worker": { "name": "张小雨", "identity_number": identity_number("20020901", 1) },
        });
        let held = city.other_caseworker.post("/v1/cases", &person);
        assert_eq!(held.expect_problem(409, "active_case_exists").body.get("case_id"), None);

        // A member who does not count is not held by the case.
        theirs_body["members"][1]["not_counted"] = "lives_apart".into();
        let put_apart = city.other_caseworker.put(&put, &theirs_body, &theirs.etag()).expect(200);

        let read = city.caseworker.get(&case).expect(200);
        let mut alone = City::household(&worker, 1);
        alone["members"].as_array_mut().expect("members").truncate(1);
        let left = city.caseworker.put(&format!("{case}/household"), &alone, &read.etag());
        assert_eq!(left.expect(200).body["members"].as_array().map(Vec::len), Some(1));
        let by_number = json!({ "identity_number": identity_number("20020901", 1) });
        assert_eq!(search(&city.caseworker, &by_number), Vec::<String>::new(), "she left");
        assert_eq!(search(&city.other_caseworker, &by_number), [their_case.as_str()]);

        theirs_body["members"][1].as_object_mut().expect("a member").remove("not_counted");
        let put = city.other_caseworker.put(&put, &theirs_body, &put_apart.etag()).expect(200);
        assert_eq!(put.body["members"][1]["counted"], true);
        let read = city.caseworker.get(&case).expect(200);
        let back = City::household(&worker, 1);
        let back = city.caseworker.put(&format!("{case}/household"), &back, &read.etag());
        back.expect_problem(409, "active_case_exists");
    }
}
