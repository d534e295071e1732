//! Three persons decide, none of them in a matter of their own.

use harness::{City, Client, Database, Office, Person, city::identity_number, http::Headers, on_both_databases};
use serde_json::{Value, json};

/// Commands on a case that take no piece of evidence, with bodies that are right in themselves.
fn commands(city: &City, member: &str) -> Vec<(&'static str, Value)> {
    let day = city.today();
    vec![
        (
            "consents",
            json!({ "person_id": member, "signer": "self", "signed_on": day,
                    "purposes": ["processing"] }),
        ),
        ("visits", json!({ "visited_on": day, "mode": "home" })),
        ("comparisons", json!({})),
        ("assessments", json!({})),
        ("notices", json!({ "place": "community" })),
    ]
}

/// Grants every role of casework.
fn empower(city: &City, person: &str) {
    for role in ["caseworker", "reviewer", "approver"] {
        city.grant(&json!({ "person_id": person }), role, &city.tongguan);
    }
}

fn allowed(who: &Client, case: &str) -> Value {
    who.get(case).expect(200).body["allowed_actions"].clone()
}

/// Every step and every opening is refused to a person whose own matter it is.
fn is_refused_everything(city: &City, office: &Office, who: &Client, case: &str, worker: &str) {
    let own = |answer: harness::Answer| answer.expect_problem(403, "own_matter");
    let etag = || city.caseworker.get(case).expect(200).etag();
    let household = City::household(worker, 1);
    own(who.put(&format!("{case}/household"), &household, &etag()));
    for (path, body) in commands(city, worker) {
        own(who.post(&format!("{case}/{path}"), &body));
    }
    for (step, body) in [
        ("submit", json!({})),
        ("withdraw", json!({})),
        ("reject", json!({ "reason": "not_entitled", "remark": "不符合" })),
    ] {
        own(who.act(case, step, &body));
    }
    assert_eq!(allowed(who, case), json!([]));
    let reveal = json!({ "groups": ["identity"], "reason": "看看" });
    own(who.post(&format!("{case}/reveal"), &reveal));
    let read = city.caseworker.get(case).expect(200);
    let comparison = format!("/v1/comparisons/{}", read.text("/evidence/comparisons/0/id"));
    own(who.post(&format!("{comparison}/reveal"), &reveal));
    let before = city.server.lines("SELECT reason AS line FROM access_log WHERE reason = '看看'");
    assert_eq!(before, Vec::<String>::new(), "nothing was opened");

    city.caseworker.act(case, "submit", &json!({})).expect(200);
    own(who.act(case, "review", &json!({})));
    own(who.act(case, "return", &json!({ "remark": "补充" })));
    assert_eq!(allowed(who, case), json!([]));
    office.reviewer.act(case, "review", &json!({})).expect(200);
    own(who.act(case, "approve", &json!({})));
    assert_eq!(allowed(who, case), json!([]));
    office.approver.act(case, "approve", &json!({})).expect(200);
    own(who.act(case, "exit", &json!({ "reason": "moved" })));
    office.approver.act(case, "exit", &json!({ "reason": "moved" })).expect(200);
    own(who.act(case, "reopen", &json!({})));
    assert_eq!(allowed(who, case), json!([]));
}

/// The evidence, and what each refuses to a person concerned.
fn gather(city: &City, office: &Office, case: &str, worker: &str, household: &Value) {
    let etag = city.caseworker.get(case).expect(200).etag();
    let put = city.caseworker.put(&format!("{case}/household"), household, &etag).expect(200);
    let members = put.body["members"].as_array().expect("members").clone();
    let id = |member: &Value| member["person_id"].as_str().expect("an id").to_owned();
    city.consent(case, &members.iter().map(id).collect::<Vec<_>>());
    city.visit(office, case, worker);
    city.compare(office, case);
    city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
    city.publish_and_close(case);
}

fn visit_by(city: &City, case: &str, visitor: &Person) -> harness::Answer {
    let body = json!({
        "visited_on": city.today(), "mode": "home", "visitors": [city.caseworker.id, visitor.id],
    });
    city.caseworker.post(&format!("{case}/visits"), &body)
}

on_both_databases! {
    fn nobody_acts_twice_in_one_round(database: Database) {
        let city = City::start(database);
        let office = city.office();
        empower(&city, &city.caseworker.id);
        empower(&city, &office.reviewer.id);
        let (case, _) = city.identified(&office, "张明", 1);
        office.colleague.act(&case, "submit", &json!({})).expect(200);
        city.grant(&json!({ "person_id": office.colleague.id }), "reviewer", &city.tongguan);
        for registrar in [&city.caseworker, &office.colleague] {
            let refused = registrar.act(&case, "review", &json!({}));
            let refused = refused.expect_problem(403, "duty_conflict");
            assert!(!refused.body["allowed_actions"].to_string().contains("review"));
            let back = registrar.act(&case, "return", &json!({ "remark": "补充" }));
            back.expect_problem(403, "duty_conflict");
        }
        let reject = json!({ "reason": "not_entitled", "remark": "不符合" });
        city.caseworker.act(&case, "reject", &reject).expect_problem(403, "duty_conflict");

        let reviewed = office.reviewer.act(&case, "review", &json!({})).expect(200);
        let duty = |person: &Person, duty: &str| (person.id.clone(), duty.to_owned());
        assert_eq!(reviewed.duties(), [
            duty(&city.caseworker, "register"),
            duty(&office.colleague, "register"),
            duty(&office.reviewer, "review"),
        ]);
        office.reviewer.act(&case, "review", &json!({})).expect_problem(409, "wrong_state");
        let refused = office.reviewer.act(&case, "approve", &json!({}));
        let refused = refused.expect_problem(403, "duty_conflict");
        assert!(!refused.body["allowed_actions"].to_string().contains("approve"));
        office.reviewer.act(&case, "reject", &reject).expect_problem(403, "duty_conflict");
        city.caseworker.act(&case, "approve", &json!({})).expect_problem(403, "duty_conflict");
        office.approver.act(&case, "approve", &json!({})).expect(200);
    }

    fn a_colleague_whose_relative_applied_keeps_out(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let relative = city.hire("林芳", "linfang", "caseworker", &city.tongguan);
        empower(&city, &relative.id);
        let (case, worker) = city.apply("张明", 1);
        let mut household = City::household(&worker, 1);
        household["related_staff"] = json!([worker]);
        let etag = city.caseworker.get(&case).expect(200).etag();
        let wrong = city.caseworker.put(&format!("{case}/household"), &household, &etag);
        let wrong = wrong.expect_problem(400, "invalid_request");
        assert_eq!(wrong.text("/errors/0/pointer"), "/related_staff/0", "not one of the staff");
        household["related_staff"] = json!([relative.id]);
        gather(&city, &office, &case, &worker, &household);
        let read = city.caseworker.get(&case).expect(200);
        assert_eq!(read.body["related_staff"][0]["id"], relative.id.as_str());
        visit_by(&city, &case, &relative).expect_problem(403, "own_matter");
        is_refused_everything(&city, &office, &relative, &case, &worker);
    }

    fn a_caseworker_of_the_household_keeps_out(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let household = City::household(&worker, 1);
        gather(&city, &office, &case, &worker, &household);
        let number = identity_number("20020901", 1);
        let daughter = json!({ "name": "张小雨", "identity_number": number });
        let daughter = city.employ(&daughter, "zhangxiaoyu", "caseworker", &city.tongguan);
        assert_eq!(city.caseworker.get(&case).expect(200).text("/members/1/person_id"), daughter.id);
        empower(&city, &daughter.id);
        visit_by(&city, &case, &daughter).expect_problem(403, "own_matter");
        is_refused_everything(&city, &office, &daughter, &case, &worker);

        let own = json!({
            "organization_id": city.tongguan,
            "worker": { "name": "张小雨", "identity_number": number },
        });
        // Her father's case was closed before it was tried to be opened again, so she is free.
        daughter.post("/v1/cases", &own).expect_problem(403, "own_matter");
        let (other, other_worker) = city.apply("王芳", 2);
        let mut household = City::household(&other_worker, 1);
        household["members"][1]["name"] = "张小雨".into();
        let read = daughter.get(&other).expect(200);
        let herself = daughter.put(&format!("{other}/household"), &household, &read.etag());
        herself.expect_problem(403, "own_matter");
    }

    fn an_approver_decides_at_the_policys_level_or_above(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let of_street = city.hire("胡军", "hujun", "approver", &city.street);
        let of_city = city.hire("高山", "gaoshan", "approver", &city.city);
        let (case, worker) = city.apply_at(&city.street, "张明", 1);
        city.gather(&office, &case, &worker, 1);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        let low = of_street.act(&case, "approve", &json!({}));
        assert_eq!(low.expect_problem(403, "level_too_low").text("/needed_level"), "county");
        let reject = json!({ "reason": "not_entitled", "remark": "收入高于标准" });
        of_street.act(&case, "reject", &reject).expect_problem(403, "level_too_low");
        let etag = of_city.get(&case).expect(200).etag();
        let approve = format!("{case}/approve");
        let done = of_city.post_with(&approve, &json!({}), &Headers::if_match(etag)).expect(200);
        assert_eq!(done.text("/enrolment/approved_by/id"), of_city.id);
        let exit = json!({ "reason": "own_wish" });
        of_street.act(&case, "exit", &exit).expect_problem(403, "level_too_low");
    }

    fn a_former_member_of_the_household_keeps_out_too(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let family = city.record_household(&case, &worker, 1);
        let mut with_relative = City::household(&worker, 1);
        with_relative["members"][1] = json!({ "person_id": family[1], "relation": "daughter",
            "incomes": [], "expenses": [] });
        with_relative["related_staff"] = json!([office.reviewer.id]);
        let put = |body: &Value| {
            let etag = city.caseworker.get(&case).expect(200).etag();
            city.caseworker.put(&format!("{case}/household"), body, &etag).expect(200);
        };
        put(&with_relative);
        with_relative["related_staff"] = json!([]);
        put(&with_relative);
        city.consent(&case, &family);
        city.visit(&office, &case, &worker);
        city.compare(&office, &case);
        city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect_problem(403, "own_matter");
    }

    fn nobody_answers_their_own_question(database: Database) {
        let city = City::start(database);
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        let holder = json!({ "person_id": city.caseworker.id });
        city.grant(&holder, "civil_affairs_office", &city.city);
        let asked = city.caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
        let result = |id: &String| json!({ "person_id": id, "benefit": "none" });
        let body = json!({
            "report_number": "HD-1", "compared_on": city.today(),
            "members": members.iter().map(result).collect::<Vec<_>>(),
        });
        let path = format!("/v1/comparisons/{}/result", asked.text("/id"));
        city.caseworker.post(&path, &body).expect_problem(403, "duty_conflict");
    }
}
