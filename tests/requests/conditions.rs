//! What a decision asks for: the version that was read, and a state that permits it.

use harness::{
    City, Database,
    city::{PASSWORD, identity_number, sign_in},
    http::Headers,
    on_both_databases,
};
use serde_json::json;

use crate::common::{at_once, count, decide, ids, nowhere, refer};

on_both_databases! {
    fn a_decision_is_made_on_what_was_read(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let accept = format!("{path}/accept");

        let blind = city.caseworker.post(&accept, &json!({}));
        blind.expect_problem(428, "precondition_required");
        for tag in ["1", "\"1", "nonsense", "\"1\" \"2\"", "\"1\", *", "w/\"1\""] {
            let malformed = city.caseworker.post_with(&accept, &json!({}), &Headers::if_match(tag));
            let malformed = malformed.expect_problem(400, "invalid_header");
            assert_eq!(malformed.body["errors"][0]["header"], "If-Match", "{tag}");
        }
        for tag in ["\"2\"", "\"0\"", "W/\"2\"", "\"nonsense\"", "\"2\", \"3-gzip\""] {
            let stale = city.caseworker.post_with(&accept, &json!({}), &Headers::if_match(tag));
            let stale = stale.expect_problem(412, "precondition_failed");
            assert_eq!(stale.body["version"], 1, "{tag}");
        }
        assert_eq!(city.caseworker.get(&path).text("/state"), "received");
        let headers = Headers::if_match("\"1\"");
        city.caseworker.post_with(&accept, &json!({}), &headers).expect(200);
    }

    fn a_version_is_known_however_its_tag_comes_back(database: Database) {
        let city = City::start(database);
        let whole = city.hospital.get(&refer(&city.hospital, "ZY-0", 0)).expect(200).etag();
        let changed_by_a_proxy = [format!("W/{whole}"), whole.replacen("\"1-", "\"1--gzip;", 1)];
        let tags = ["\"1\"", "W/\"1\"", "\"1-gzip\"", "\"7\", \"1\"", "*", &whole];
        let tags = tags.into_iter().chain(changed_by_a_proxy.iter().map(String::as_str));
        for (serial, tag) in (1..).zip(tags) {
            let path = refer(&city.hospital, &format!("ZY-{serial}"), serial);
            let accepted = city.caseworker.post_with(&format!("{path}/accept"), &json!({}), &Headers::if_match(tag));
            assert_eq!(accepted.status, 200, "{tag}: {:#}", accepted.body);
        }
    }

    fn a_version_that_is_sent_is_always_compared(database: Database) {
        let city = City::start(database);
        let accepted = decide(&city.caseworker, &refer(&city.hospital, "ZY-1", 1), "accept", &json!({})).expect(200);
        let case = format!("/v1/cases/{}", accepted.text("/case/id"));
        let stale = Headers::if_match("\"9\"");
        let visit = json!({ "mode": "home", "visitors": [] });
        for (step, body) in [("visits", visit), ("assessments", json!({})), ("comparisons", json!({}))] {
            let answer = city.caseworker.post_with(&format!("{case}/{step}"), &body, &stale);
            answer.expect_problem(412, "precondition_failed");
        }
        let reveal = json!({ "groups": ["identity"], "reason": "核对" });
        let opened = city.caseworker.post_with(&format!("{case}/reveal"), &reveal, &stale);
        opened.expect_problem(412, "precondition_failed");
        // Nothing is there yet that could have a version: a client that expects one is told so.
        let opening = json!({ "organization_id": city.tongguan, "worker": { "name": "王芳芳" } });
        for tag in ["\"1\"", "*"] {
            let opened = city.caseworker.post_with("/v1/cases", &opening, &Headers::if_match(tag));
            let opened = opened.expect_problem(400, "invalid_header");
            assert_eq!(opened.body["errors"][0]["code"], "not_applicable");
        }
        assert_eq!(city.caseworker.get(&case).expect(200).version(), 1, "nothing was done");
    }

    fn what_a_client_has_is_not_sent_again(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        for of in [path.as_str(), "/v1/referrals", "/openapi.json"] {
            let first = city.hospital.get(of).expect(200);
            let known = |tag: &str| city.hospital.get_with(of, &[("if-none-match", tag)]);
            for tag in [first.etag(), format!("W/{}", first.etag()), format!("\"x\", {}", first.etag()), "*".into()] {
                let unchanged = known(&tag).expect(304);
                assert_eq!((unchanged.etag(), unchanged.header("content-type")), (first.etag(), None), "{of} {tag}");
            }
            known("\"x\"").expect(200);
            known("x").expect_problem(400, "invalid_header");
            city.hospital.get_with(of, &[("if-match", "\"x\"")]).expect_problem(412, "precondition_failed");
        }
        // What may be done next has changed with the caller, not with the version.
        let tag = city.hospital.get(&path).expect(200).etag();
        let read = city.caseworker.get_with(&path, &[("if-none-match", &tag)]).expect(200);
        assert_eq!(read.version(), 1);
        decide(&city.caseworker, &path, "accept", &json!({})).expect(200);
        city.hospital.get_with(&path, &[("if-none-match", &tag)]).expect(200);
    }

    fn who_may_not_see_it_learns_nothing_of_it(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let accept = format!("{path}/accept");
        let stale = Headers::if_match("\"9\"");
        let unknown = format!("/v1/referrals/{}/accept", nowhere());

        let from_elsewhere = city.other_caseworker.post(&accept, &json!({}));
        let unseen = from_elsewhere.expect_problem(404, "not_found");
        let nothing = city.caseworker.post(&unknown, &json!({})).expect_problem(404, "not_found");
        assert_eq!(unseen.body, nothing.body);
        city.other_hospital.get(&path).expect_problem(404, "not_found");
        city.caseworker.get("/v1/referrals/nonsense").expect_problem(404, "not_found");

        city.auditor.post(&accept, &json!({})).expect_problem(403, "forbidden");
        city.auditor.post_with(&accept, &json!({}), &stale).expect_problem(403, "forbidden");
        city.hospital.post(&accept, &json!({})).expect_problem(403, "forbidden");

        let withdraw = format!("{path}/withdraw");
        city.caseworker.post(&withdraw, &json!({})).expect_problem(403, "forbidden");
        city.hospital.post(&withdraw, &json!({})).expect(200);

        city.caseworker.post(&accept, &json!({})).expect_problem(428, "precondition_required");
        let late = city.caseworker.post_with(&accept, &json!({}), &stale);
        late.expect_problem(412, "precondition_failed");
        let current = Headers::if_match("\"2\"");
        let withdrawn = city.caseworker.post_with(&accept, &json!({}), &current);
        withdrawn.expect_problem(409, "wrong_state");
    }

    fn a_decision_is_made_once(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        decide(&city.caseworker, &path, "accept", &json!({})).expect(200);

        let again = decide(&city.caseworker, &path, "accept", &json!({}));
        let again = again.expect_problem(409, "wrong_state");
        assert_eq!(again.body["state"], "accepted");
        assert_eq!(again.body["command"], "accept");
        assert_eq!(again.body["allowed_actions"], json!([]));

        let reason = json!({ "reason": "unreachable" });
        let declined = decide(&city.caseworker, &path, "decline", &reason);
        assert_eq!(declined.expect_problem(409, "wrong_state").body["command"], "decline");

        let withdrawn = city.hospital.post(&format!("{path}/withdraw"), &json!({}));
        let withdrawn = withdrawn.expect_problem(409, "wrong_state");
        assert_eq!(withdrawn.body["allowed_actions"], json!(["acknowledge"]));
        assert_eq!(city.hospital.get(&path).body["version"], 2);
    }

    fn of_eight_caseworkers_at_once_one_accepts(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let accept = format!("{path}/accept");

        let answers = at_once(8, |_| {
            city.caseworker.post_with(&accept, &json!({}), &Headers::if_match("\"1\""))
        });
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 7), "{answers:#?}");
    }

    fn either_the_hospital_withdraws_or_the_union_accepts(database: Database) {
        let city = City::start(database);
        for serial in 1..=4 {
            let path = refer(&city.hospital, &format!("ZY-{serial}"), serial);
            let answers = at_once(2, |who| {
                if who == 0 {
                    return city.hospital.post(&format!("{path}/withdraw"), &json!({}));
                }
                let headers = Headers::if_match("\"1\"");
                city.caseworker.post_with(&format!("{path}/accept"), &json!({}), &headers)
            });
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            let state = city.hospital.get(&path).text("/state");
            let expected = if state == "withdrawn" { [200, 412] } else { [409, 200] };
            assert_eq!(statuses, expected, "{state}");
        }
    }

    fn the_referrer_acknowledges_the_end(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let seen = |version: u32| {
            let body = json!({ "version": version });
            city.hospital.post(&format!("{path}/acknowledgements"), &body)
        };
        let first = seen(1).expect(200);
        assert_eq!(first.body["acknowledged_version"], 1);
        assert_eq!(first.body["outcome_acknowledged"], false);
        let reason = json!({ "reason": "outside_city" });
        let declined = decide(&city.caseworker, &path, "decline", &reason).expect(200);
        let end = 3;
        assert_eq!(declined.body["version"], end, "received, acknowledged, declined");
        assert_eq!(declined.text("/decline_reason"), "outside_city");

        let ahead = seen(end + 1).expect_problem(409, "version_ahead");
        assert_eq!(ahead.body["state"], "declined");
        let zero = seen(0).expect_problem(400, "invalid_request");
        assert_eq!(zero.body["errors"][0]["pointer"], "/version");

        assert_eq!(seen(1).expect(200).body["outcome_acknowledged"], false);
        assert_eq!(city.auditor.get(&path).body["outcome_acknowledged"], false);
        let told = seen(end).expect(200);
        assert_eq!(told.body["outcome_acknowledged"], true);
        assert_eq!(told.body["acknowledged_version"], end);
        assert_eq!(seen(1).expect(200).body, told.body, "what was seen stays seen");
    }

    fn the_hospital_withdraws_and_need_not_say_what_it_read(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let withdraw = format!("{path}/withdraw");
        let elsewhere = city.other_hospital.post(&withdraw, &json!({}));
        elsewhere.expect_problem(404, "not_found");

        let withdrawn = city.hospital.post(&withdraw, &json!({})).expect(200);
        assert_eq!(withdrawn.text("/state"), "withdrawn");
        assert_eq!(withdrawn.version(), 2);
        let again = city.hospital.post(&withdraw, &json!({}));
        assert_eq!(again.expect_problem(409, "wrong_state").text("/state"), "withdrawn");
        let late = decide(&city.caseworker, &path, "accept", &json!({}));
        assert_eq!(late.expect_problem(409, "wrong_state").text("/state"), "withdrawn");
    }

    fn a_case_is_opened_in_the_unit_in_charge_or_below(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let of_city = city.hire("周宁", "zhouning-of-the-city", "caseworker", &city.city);

        let id = nowhere();
        let both = json!({ "case_id": id, "organization_id": city.street });
        let both = decide(&of_city, &path, "accept", &both).expect_problem(400, "invalid_request");
        assert_eq!(both.body["errors"][0]["pointer"], "/organization_id");
        assert_eq!(both.body["errors"][0]["code"], "exactly_one");

        for beside in [&city.yian, &city.city] {
            let beside = json!({ "organization_id": beside });
            let answer = decide(&of_city, &path, "accept", &beside);
            let answer = answer.expect_problem(409, "organization_not_below");
            assert_eq!(answer.body["allowed_actions"], json!(["accept", "decline"]));
        }
        for unseen in [&city.yian, &id.to_string()] {
            let unseen = json!({ "organization_id": unseen });
            let answer = decide(&city.caseworker, &path, "accept", &unseen);
            let answer = answer.expect_problem(400, "invalid_request");
            assert_eq!(answer.body["errors"][0]["pointer"], "/organization_id");
        }
        let below = json!({ "organization_id": city.street });
        let opened = decide(&of_city, &path, "accept", &below).expect(200);
        assert_eq!(opened.text("/case/organization/id"), city.street);
    }

    fn one_person_has_one_active_case(database: Database) {
        let city = City::start(database);
        let ours = refer(&city.hospital, "ZY-1", 1);
        let opened = decide(&city.caseworker, &ours, "accept", &json!({})).expect(200);
        let case = opened.text("/case/id");

        let later = refer(&city.hospital, "ZY-2", 1);
        let held = decide(&city.caseworker, &later, "accept", &json!({}));
        assert_eq!(held.expect_problem(409, "active_case_exists").text("/case_id"), case);

        let theirs = refer(&city.other_hospital, "ZY-1", 1);
        let held = decide(&city.other_caseworker, &theirs, "accept", &json!({}));
        let held = held.expect_problem(409, "active_case_exists");
        assert!(!held.body.to_string().contains(&case), "another district's case is not named");
        let join = json!({ "case_id": case });
        let unseen = decide(&city.other_caseworker, &theirs, "accept", &join);
        let unseen = unseen.expect_problem(400, "invalid_request");
        assert_eq!(unseen.body["errors"][0]["code"], "not_found");

        let stranger = refer(&city.hospital, "ZY-3", 3);
        let neither = decide(&city.caseworker, &stranger, "accept", &join);
        neither.expect_problem(409, "case_holds_neither");

        let joined = decide(&city.caseworker, &later, "accept", &join).expect(200);
        assert_eq!(joined.text("/case/id"), case);
        let ids: Vec<_> = [&ours, &later].map(|path| path.replace("/v1/referrals/", "")).into();
        assert_eq!(joined.body["case"]["referral_ids"], json!(ids));
        assert_eq!(city.hospital.get(&later).text("/progress"), "in_progress");
    }

    fn nobody_decides_on_a_referral_of_their_own(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let [first, _] = &city.administrators;
        let number = identity_number("19751224", 1);
        let patient = json!({ "name": "张明", "identity_number": number });
        let patient = first.post("/v1/people", &patient).expect(201).text("/id");
        let account = json!({ "person_id": patient, "login": "zhangming", "password": PASSWORD });
        first.post("/v1/accounts", &account).expect(201);
        city.grant(&json!({ "person_id": patient }), "caseworker", &city.tongguan);
        let zhangming = sign_in(&city.server, "zhangming");

        let accepted = decide(&zhangming, &path, "accept", &json!({}));
        accepted.expect_problem(403, "own_matter");
        let reason = json!({ "reason": "not_in_hardship" });
        let declined = decide(&zhangming, &path, "decline", &reason);
        declined.expect_problem(403, "own_matter");

        let accepted = decide(&city.caseworker, &path, "accept", &json!({})).expect(200);
        assert_eq!(accepted.text("/referral/patient_id"), patient, "one number is one person");
    }

    fn of_six_referrals_of_one_patient_at_once_one_opens_a_case(database: Database) {
        let city = City::start(database);
        let paths: Vec<_> =
            (1..=6).map(|number| refer(&city.hospital, &format!("ZY-{number}"), 1)).collect();

        let answers = at_once(paths.len(), |number| {
            let path = paths.get(number).expect("a path");
            decide(&city.caseworker, path, "accept", &json!({}))
        });
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 5), "{answers:#?}");
        let opened = answers.iter().find(|answer| answer.status == 200).expect("a case");
        for held in answers.iter().filter(|answer| answer.status == 409) {
            assert_eq!(held.code(), "active_case_exists");
            assert_eq!(held.text("/case_id"), opened.text("/case/id"));
        }
        let open = city.caseworker.get("/v1/referrals?state=received");
        assert_eq!(ids(&open).len(), 5);
    }
}
