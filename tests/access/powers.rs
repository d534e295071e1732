//! Stories of powers: how they are given and taken, and where they end.

use harness::{City, Client, Database, Person, city::sign_in, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::people::{act, connect, newcomer, number, register, source};

fn grant_body(holder: &Person, role: &str, organization: &str) -> Value {
    json!({ "person_id": holder.id, "role": role, "organization_id": organization })
}

/// Proposes a grant; gives its path.
fn propose(by: &Client, holder: &Person, role: &str, organization: &str) -> String {
    let body = grant_body(holder, role, organization);
    format!("/v1/grants/{}", by.post("/v1/grants", &body).expect(201).text("/id"))
}

fn count(of: &Client, list: &str) -> usize {
    let page = of.get(&format!("/v1/{list}?limit=200")).expect(200);
    page.body["items"].as_array().expect("items").len()
}

/// A referral of the city's first hospital; gives its path.
fn refer(city: &City, reference: &str, body: impl FnOnce(&mut Value)) -> String {
    let mut referral = City::referral(reference, "张明", 77);
    body(&mut referral);
    let sent = city.hospital.post("/v1/referrals", &referral).expect(201);
    format!("/v1/referrals/{}", sent.text("/id"))
}

on_both_databases! {
    fn a_grant_takes_two_administrators_and_a_third_who_holds_it(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let body = grant_body(first, "caseworker", &city.tongguan);
        first.post("/v1/grants", &body).expect_problem(403, "own_matter");

        let third = newcomer(&city, "何平", "heping", 1);
        city.grant(&json!({ "person_id": third.id }), "security_administrator", &city.city);
        let path = propose(first, &third, "security_administrator", &city.tongguan);
        let may = |who: &Client| who.get(&path).expect(200).body["allowed_actions"].clone();
        assert_eq!(may(first), json!(["refuse"]));
        assert_eq!(may(&third), json!(["refuse"]));
        assert_eq!(may(second), json!(["approve", "refuse"]));

        let nothing = json!({});
        act(first, &path, "approve", &nothing).expect_problem(403, "duty_conflict");
        act(&third, &path, "approve", &nothing).expect_problem(403, "own_matter");
        let held = || {
            let me = third.get("/v1/me").expect(200);
            me.body["grants"].as_array().map(Vec::len)
        };
        assert_eq!(held(), Some(1));
        act(second, &path, "approve", &nothing).expect(200);
        assert_eq!(held(), Some(2));
        act(second, &path, "approve", &nothing).expect_problem(409, "wrong_state");

        // One natural person stays one: there is no second account to approve by.
        let again = json!({ "person_id": first.id, "login": "another", "password": "x".repeat(12) });
        second.post("/v1/accounts", &again).expect_problem(409, "account_exists");
    }

    fn a_districts_administrator_gives_powers_in_the_district_only(database: Database) {
        let city = City::start(database);
        let keeper = newcomer(&city, "何平", "heping", 1);
        city.grant(&json!({ "person_id": keeper.id }), "security_administrator", &city.tongguan);
        let holder = Person { id: register(&city, "周杰", 2), client: keeper.client.clone() };
        for place in [&city.tongguan, &city.street] {
            propose(&keeper, &holder, "caseworker", place);
        }
        for place in [&city.city, &city.yian] {
            let body = grant_body(&holder, "caseworker", place);
            let answer = keeper.post("/v1/grants", &body).expect_problem(400, "invalid_request");
            assert_eq!(answer.text("/errors/0/pointer"), "/organization_id");
        }
        let elsewhere = propose(&city.administrators[0], &holder, "caseworker", &city.yian);
        act(&keeper, &elsewhere, "refuse", &json!({})).expect_problem(404, "not_found");
    }

    fn nobody_decides_on_a_referral_of_their_own(database: Database) {
        let city = City::start(database);
        let patient = newcomer(&city, "何平", "heping", 1);
        city.grant(&json!({ "person_id": patient.id }), "caseworker", &city.tongguan);
        let as_patient = refer(&city, "ZY-1", |body| {
            body["patient"]["identity_number"] = number(1).into();
        });
        let as_worker = refer(&city, "ZY-2", |body| {
            body["worker"] = json!({
                "name": "何平", "identity_number": number(1), "relation": "spouse",
            });
        });
        let decline = json!({ "reason": "unreachable" });
        for path in [&as_patient, &as_worker] {
            act(&patient, path, "accept", &json!({})).expect_problem(403, "own_matter");
            act(&patient, path, "decline", &decline).expect_problem(403, "own_matter");
            assert_eq!(patient.get(path).expect(200).text("/state"), "received");
        }
        act(&city.caseworker, &as_patient, "accept", &json!({})).expect(200);
        act(&city.caseworker, &as_worker, "decline", &decline).expect(200);
    }

    fn an_auditor_sees_all_and_touches_nothing(database: Database) {
        let city = City::start(database);
        let referral = refer(&city, "ZY-1", |_| {});
        let accepted = refer(&city, "ZY-2", |body| body["patient"]["name"] = "李强".into());
        let opened = act(&city.caseworker, &accepted, "accept", &json!({})).expect(200);
        let case = format!("/v1/cases/{}", opened.text("/case/id"));
        let auditor = &city.auditor;

        let before = auditor.get(&referral).expect(200);
        assert_eq!(before.body["allowed_actions"], json!([]));
        assert_eq!(before.text("/masked/identity/patient/name"), "张*");
        assert!(!auditor.get(&case).expect(200).body.to_string().contains("李强"));

        let reveal = json!({ "groups": ["identity"], "reason": "抽查" });
        let commands = [
            ("accept", json!({})),
            ("decline", json!({ "reason": "unreachable" })),
            ("withdraw", json!({})),
            ("acknowledgements", json!({ "version": 1 })),
            ("reveal", reveal),
        ];
        for (command, body) in &commands {
            act(auditor, &referral, command, body).expect_problem(403, "forbidden");
        }
        let mut entered = City::referral("ZY-3", "张明", 3);
        entered["source_id"] = city.hospital_source.clone().into();
        auditor.post("/v1/referrals", &entered).expect_problem(403, "forbidden");
        assert_eq!(auditor.get(&referral).expect(200).body, before.body);
        let opened = city.server.lines("SELECT COUNT(*) || '' AS line FROM access_log");
        assert_eq!(opened, ["0"]);
    }

    fn a_hospital_learns_nothing_of_another_hospital(database: Database) {
        let city = City::start(database);
        let referral = refer(&city, "ZY-1", |_| {});
        let other = &city.other_hospital;
        let commands = [
            ("accept", json!({})),
            ("decline", json!({ "reason": "unreachable" })),
            ("withdraw", json!({})),
            ("acknowledgements", json!({ "version": 1 })),
            ("reveal", json!({ "groups": ["identity"], "reason": "核对" })),
        ];
        other.get(&referral).expect_problem(404, "not_found");
        for (command, body) in &commands {
            act(other, &referral, command, body).expect_problem(404, "not_found");
        }
        other.get(&format!("/v1/sources/{}", city.hospital_source)).expect_problem(404, "not_found");
        let mut in_its_name = City::referral("ZY-1", "张明", 77);
        in_its_name["source_id"] = city.hospital_source.clone().into();
        other.post("/v1/referrals", &in_its_name).expect_problem(400, "invalid_request");
        let filtered = other.get(&format!("/v1/referrals?source_id={}", city.hospital_source));
        assert_eq!(filtered.expect(200).body["items"], json!([]));

        // The same reference with other content is nothing to the other hospital.
        other.post("/v1/referrals", &City::referral("ZY-1", "王芳", 78)).expect(201);
        assert_eq!((count(other, "referrals"), count(&city.hospital, "referrals")), (1, 1));

        // Of a case its own hospital learns the progress, and that there is nothing more for it.
        let opened = act(&city.caseworker, &referral, "accept", &json!({})).expect(200);
        let case = format!("/v1/cases/{}", opened.text("/case/id"));
        city.hospital.get(&case).expect_problem(404, "not_found");
        let told = city.hospital.get(&referral).expect(200).body.clone();
        for hidden in ["case_id", "patient_id", "worker_id"] {
            assert!(told.get(hidden).is_none(), "{hidden}");
        }
        let reveal = json!({ "groups": ["identity"], "reason": "核对" });
        act(&city.hospital, &referral, "reveal", &reveal).expect_problem(403, "forbidden");
    }

    fn a_client_without_a_role_changes_nothing(database: Database) {
        let city = City::start(database);
        let referral = refer(&city, "ZY-1", |_| {});
        let client = connect(&city, "人民医院新系统", Some(&city.hospital_source));
        let sent = client.post("/v1/referrals", &City::referral("ZY-2", "张明", 2));
        sent.expect_problem(403, "forbidden");
        client.get(&referral).expect_problem(404, "not_found");
        act(&client, &referral, "withdraw", &json!({})).expect_problem(404, "not_found");
        for list in ["referrals", "organizations", "grants", "people", "clients"] {
            assert_eq!(count(&client, list), 0, "{list}");
        }
        client.get(&format!("/v1/organizations/{}", city.tongguan)).expect(404);

        let adrift = connect(&city, "无来源系统", None);
        let sent = adrift.post("/v1/referrals", &City::referral("ZY-2", "张明", 2));
        sent.expect_problem(403, "forbidden");
        assert_eq!(count(&adrift, "sources"), 0);
    }

    /// A client without a role sees nothing.
    fn a_client_without_a_role_sees_nothing(database: Database) {
        let city = City::start(database);
        let client = connect(&city, "人民医院新系统", Some(&city.hospital_source));
        assert_eq!(count(&client, "sources"), 0);
        client.get(&format!("/v1/sources/{}", city.hospital_source)).expect_problem(404, "not_found");
    }

    fn a_power_that_ended_is_gone_while_the_token_is_still_valid(database: Database) {
        let city = City::start(database);
        let referral = refer(&city, "ZY-1", |_| {});
        let leaver = newcomer(&city, "何平", "heping", 1);
        let [first, second] = &city.administrators;
        let grant = propose(first, &leaver, "caseworker", &city.tongguan);
        act(second, &grant, "approve", &json!({})).expect(200);
        let read = leaver.get(&referral).expect(200);
        let organization = format!("/v1/organizations/{}", city.tongguan);
        leaver.get(&organization).expect(200);

        act(first, &grant, "end", &json!({})).expect(200);
        leaver.get(&referral).expect_problem(404, "not_found");
        leaver.get(&organization).expect_problem(404, "not_found");
        let headers = Headers::if_match(read.etag());
        let accept = leaver.post_with(&format!("{referral}/accept"), &json!({}), &headers);
        accept.expect_problem(404, "not_found");
        let mut body = City::referral("ZY-2", "张明", 2);
        body["source_id"] = city.hospital_source.clone().into();
        leaver.post("/v1/referrals", &body).expect_problem(400, "invalid_request");
        let person = json!({ "name": "郑爽", "identity_number": number(9) });
        leaver.post("/v1/people", &person).expect_problem(403, "forbidden");
        let lists = ["referrals", "organizations", "sources", "grants", "people", "clients"];
        for list in lists {
            assert_eq!(count(&leaver, list), 0, "{list}");
        }
        let new_session = sign_in(&city.server, "heping");
        assert_eq!(count(&new_session, "referrals"), 0);
    }

    fn two_security_administrators_of_the_city_remain(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let grants = first.get("/v1/grants?limit=200").expect(200);
        let grants = grants.body["items"].as_array().expect("grants").clone();
        let of = |who: &Person| {
            let held = grants.iter().find(|grant| grant["person"]["id"] == who.id.as_str());
            format!("/v1/grants/{}", held.expect("a grant")["id"].as_str().expect("an id"))
        };
        let end = |who| act(first, &of(who), "end", &json!({}));
        end(second).expect_problem(409, "last_administrators");
        end(first).expect_problem(409, "last_administrators");
        let third = newcomer(&city, "何平", "heping", 1);
        city.grant(&json!({ "person_id": third.id }), "security_administrator", &city.city);
        end(second).expect(200);
        let person = json!({ "name": "周杰", "identity_number": number(2) });
        second.post("/v1/people", &person).expect_problem(403, "forbidden");
        end(first).expect_problem(409, "last_administrators");
    }

    /// The city's administrators go on granting, so a district may be left without one of its own.
    fn a_districts_only_security_administrator_can_be_relieved(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let keeper = newcomer(&city, "何平", "heping", 1);
        let grant = propose(first, &keeper, "security_administrator", &city.tongguan);
        act(second, &grant, "approve", &json!({})).expect(200);
        act(first, &grant, "end", &json!({})).expect(200);
        keeper.get(&grant).expect_problem(404, "not_found");
    }

    fn a_machine_holds_a_role_that_fits_its_source_or_none(database: Database) {
        let city = City::start(database);
        let hotline = source(&city, "hotline", "12351");
        let union = source(&city, "grassroots_union", "长江路社区工会");
        let sources = [
            ("referrer", Some(city.hospital_source.as_str())),
            ("hotline", Some(&hotline)),
            ("grassroots_registrar", Some(&union)),
            ("", None),
        ];
        let roles = [
            "referrer", "hotline", "grassroots_registrar", "civil_affairs_office", "bank",
            "caseworker", "auditor", "security_administrator",
        ];
        let [first, _] = &city.administrators;
        for (fitting, source) in sources {
            let client = connect(&city, "某系统", source).id;
            for role in roles {
                let body = json!({
                    "client_id": client, "role": role, "organization_id": city.city,
                });
                let answer = first.post("/v1/grants", &body);
                let without_source = ["civil_affairs_office", "bank"].contains(&role);
                if role == fitting || source.is_none() && without_source {
                    answer.expect(201);
                } else {
                    answer.expect_problem(409, "role_unfit");
                }
            }
        }
        let body = grant_body(&city.caseworker, "referrer", &city.tongguan);
        first.post("/v1/grants", &body).expect_problem(409, "role_unfit");
    }
}
