//! An aid policy is written, proved by its examples, and put in force by a second person.

use harness::{Answer, City, Client, Database, Person, http::Headers, on_both_databases};
use serde_json::{Value, json};

/// The editor and the approver, of the whole city.
fn staff(city: &City) -> [Person; 2] {
    [
        city.hire("钱进", "qianjin", "policy_editor", &city.city),
        city.hire("冯远", "fengyuanyuan", "policy_approver", &city.city),
    ]
}

fn act(who: &Client, policy: &str, command: &str, body: &Value) -> Answer {
    let path = format!("/v1/policies/{policy}");
    let etag = who.get(&path).expect(200).etag();
    who.post_with(&format!("{path}/{command}"), body, &Headers::if_match(etag))
}

fn from(day: &str) -> Value {
    json!({ "in_force_from": day })
}

/// Writes and proves the sample under another name.
fn proved(editor: &Client, name: &str) -> String {
    let mut policy = City::policy();
    policy["document"]["name"] = name.into();
    let id = editor.post("/v1/policies", &policy).expect(201).text("/id");
    act(editor, &id, "prove", &json!({})).expect(200);
    id
}

on_both_databases! {
    fn one_writes_a_policy_and_another_puts_it_in_force(database: Database) {
        let city = City::start(database);
        let [editor, approver] = staff(&city);
        city.grant(&json!({ "person_id": editor.id }), "policy_approver", &city.city);

        let drafted = editor.post("/v1/policies", &City::policy()).expect(201);
        let id = drafted.text("/id");
        let path = format!("/v1/policies/{id}");
        assert_eq!(drafted.header("location"), Some(path.as_str()));
        assert_eq!(drafted.text("/state"), "draft");
        let read = editor.get(&path).expect(200);
        assert_eq!(read.body["document"], City::policy()["document"], "read back as written");
        assert_eq!(read.body["examples"], City::policy()["examples"]);
        assert_eq!(read.body["allowed_actions"], json!(["prove", "discard"]));

        act(&approver, &id, "approve", &from("2021-02-01")).expect_problem(409, "wrong_state");
        act(&approver, &id, "prove", &json!({})).expect_problem(403, "forbidden");
        let shown = act(&editor, &id, "prove", &json!({})).expect(200);
        assert_eq!(shown.text("/state"), "proved");
        assert_eq!(shown.body["allowed_actions"], json!(["discard"]), "not her own policy");
        act(&editor, &id, "approve", &from("2021-02-01")).expect_problem(403, "duty_conflict");

        let early = act(&approver, &id, "approve", &from("2021-01-03"));
        let early = early.expect_problem(400, "invalid_request");
        assert_eq!(early.text("/errors/0/pointer"), "/in_force_from");
        assert_eq!(early.text("/errors/0/code"), "too_early");
        let approved = act(&approver, &id, "approve", &from("2021-01-05")).expect(200);
        assert_eq!(approved.body["in_force"], false, "it begins tomorrow");
        assert_eq!(approved.body["allowed_actions"], json!([]));

        let next = proved(&editor, "下一版");
        act(&approver, &next, "approve", &from("2021-01-05")).expect_problem(409, "policy_day_taken");
        act(&approver, &next, "approve", &from("2021-01-07")).expect(200);

        let standing = |id: &str| {
            let read = city.hospital.get(&format!("/v1/policies/{id}")).expect(200);
            (read.body["in_force"] == true, read.body["superseded_on"].clone())
        };
        assert_eq!(standing(&id), (false, json!("2021-01-07")), "machines see policies as well");
        city.server.clock.advance_days(1);
        let list = city.caseworker.get("/v1/policies").expect(200);
        let items = list.body["items"].as_array().expect("a list");
        let listed = |id: &str| items.iter().find(|item| item["id"] == id).expect("the policy");
        assert_eq!(items.len(), 2);
        assert_eq!(listed(&id)["in_force"], true);
        assert_eq!(listed(&next)["in_force"], false);
        assert!(listed(&id).get("document").is_none(), "a list is short");
        city.server.clock.advance_days(1);
        assert_eq!(standing(&id), (true, json!("2021-01-07")), "the day before the next one");
        city.server.clock.advance_days(1);
        assert_eq!(standing(&id), (false, json!("2021-01-07")));
        assert_eq!(standing(&next), (true, Value::Null));
    }

    fn a_failing_example_is_named(database: Database) {
        let city = City::start(database);
        let [editor, _] = staff(&city);
        let mut policy = City::policy();
        policy["examples"][4]["expect"]["category"] = "relative".into();
        let id = editor.post("/v1/policies", &policy).expect(201).text("/id");
        let refused = act(&editor, &id, "prove", &json!({})).expect_problem(409, "examples_fail");
        assert_eq!(refused.body["failed"], json!(["支出大于收入"]));
        let discarded = act(&editor, &id, "discard", &json!({})).expect(200);
        assert_eq!(discarded.text("/state"), "discarded");
    }

    fn every_flaw_of_a_document_is_pointed_at(database: Database) {
        let city = City::start(database);
        let [editor, _] = staff(&city);
        let mut policy = City::policy();
        policy["document"]["visit"]["min_visitors"] = 1.into();
        policy["document"]["evidence"]["regular"][4]["blocks"] = json!(["relief"]);
        policy["examples"][1]["name"] = policy["examples"][0]["name"].clone();
        let refused = editor.post("/v1/policies", &policy).expect_problem(400, "invalid_request");
        let pointers: Vec<_> =
            (0..3).map(|nth| refused.text(&format!("/errors/{nth}/pointer"))).collect();
        let expected = ["/document/evidence/regular", "/document/visit/min_visitors", "/examples/1/name"];
        assert_eq!(pointers, expected);
        for (pointer, value, at, code) in [
            ("/document/dibao/0/monthly", json!("1.005"), "/document/dibao/0/monthly", "over_precise"),
            ("/document/dibao/0/monthly", json!(680), "/document/dibao/0/monthly", "wrong_type"),
            ("/document/dibao/0/from", json!("2021-02-30"), "/document/dibao/0/from", "impossible_date"),
            ("/document/consents/0", json!("anything"), "/document/consents/0", "unknown_code"),
            ("/document/name", json!("策".repeat(101)), "/document/name", "too_long"),
            ("/document/notice", json!({ "days": 5 }), "/document/notice/unit", "required"),
            ("/document/visit", json!({ "min_visitors": 2, "x": 1 }), "/document/visit", "unknown_field"),
            ("/document/visit", json!([2]), "/document/visit", "wrong_type"),
            ("/examples", json!([]), "/examples", "required"),
        ] {
            let mut policy = City::policy();
            *policy.pointer_mut(pointer).expect("a place") = value;
            let refused = editor.post("/v1/policies", &policy);
            let refused = refused.expect_problem(400, "invalid_request");
            assert_eq!(refused.text("/errors/0/pointer"), at);
            assert_eq!(refused.text("/errors/0/code"), code, "{pointer}");
        }
    }
}
