//! A relief is drafted, reviewed and approved by three persons, none of them in a matter of their own.

use harness::{
    City, Client, Database, Office, Person, Treasury, city::identity_number, http::Headers, on_both_databases,
};
use serde_json::{Value, json};
use ureq::http::Method;

/// Tries a step without a version and upon an older one, then takes it.
fn step(who: &Client, relief: &str, command: &str, body: &Value) -> harness::Answer {
    let path = format!("{relief}/{command}");
    let before = who.get(relief).expect(200);
    who.post(&path, body).expect_problem(428, "precondition_required");
    let stale = who.post_with(&path, body, &Headers::if_match("\"0\""));
    let stale = stale.expect_problem(412, "precondition_failed");
    assert_eq!(stale.body["version"], before.body["version"], "{command}");
    let after = who.post_with(&path, body, &Headers::if_match(before.etag())).expect(200);
    assert_eq!(after.body["version"].as_u64(), before.body["version"].as_u64().map(|it| it + 1));
    assert_eq!(after.version(), who.get(relief).expect(200).version());
    after
}

fn allowed(who: &Client, relief: &str) -> Value {
    who.get(relief).expect(200).body["allowed_actions"].clone()
}

/// What caseworker, reviewer and approver may do now; finance and the auditor may look, others may not.
fn may(city: &City, office: &Office, money: &Treasury, relief: &str, state: &str, of: &[Value; 3]) {
    let seen = |who: &Client| {
        let read = who.get(relief).expect(200);
        assert_eq!(read.text("/state"), state);
        read.body["allowed_actions"].clone()
    };
    let all = [&city.caseworker, &office.reviewer, &office.approver].map(|who| seen(who));
    assert_eq!(&all, of, "{state}");
    for who in [&city.auditor, &money.maker, &money.releaser, &money.reconciler] {
        assert_eq!(seen(who), json!([]), "{state}");
    }
    for who in [&city.other_caseworker, &office.civil_affairs, &city.hospital, &money.bank] {
        who.get(relief).expect_problem(404, "not_found");
    }
}

/// Grants every role of casework.
fn empower(city: &City, person: &str) {
    for role in ["caseworker", "reviewer", "approver"] {
        city.grant(&json!({ "person_id": person }), role, &city.tongguan);
    }
}

/// Everything about the household's money is refused to a person whose own matter it is.
fn is_refused_everything(city: &City, office: &Office, money: &Treasury, who: &Client, case: &str) {
    let own = |answer: harness::Answer| {
        answer.expect_problem(403, "own_matter");
    };
    let body = City::living_aid("3000.00");
    let words = json!({ "remark": "补充材料" });
    own(who.post(&format!("{case}/reliefs"), &body));
    let relief = city.draft(case, &body);
    own(who.put(&relief, &body, &who.get(&relief).expect(200).etag()));
    own(who.act(&relief, "submit", &json!({})));
    own(who.act(&relief, "cancel", &words));
    own(who.post(&format!("{relief}/reveal"), &json!({ "groups": ["bank"], "reason": "看看" })));
    assert_eq!(allowed(who, &relief), json!([]));
    city.caseworker.act(&relief, "submit", &json!({})).expect(200);
    own(who.act(&relief, "recall", &json!({})));
    own(who.act(&relief, "return", &words));
    own(who.act(&relief, "review", &json!({})));
    own(who.act(&relief, "reject", &json!({ "reason": "no_funds", "remark": "资金不足" })));
    assert_eq!(allowed(who, &relief), json!([]));
    office.reviewer.act(&relief, "review", &json!({})).expect(200);
    let fund = json!({ "fund_id": money.fund });
    own(who.act(&relief, "approve", &fund));
    office.approver.act(&relief, "approve", &fund).expect(200);
    own(who.act(&relief, "cancel", &words));
    assert_eq!(allowed(who, &relief), json!([]));
    let batch = money.send();
    let failed: Vec<Value> =
        money.file(&batch).iter().map(|row| row.failure("refused", &city.today(), "account_wrong")).collect();
    money.tell(&batch, &failed).expect(200);
    let account = json!({ "line": 1, "account": { "number": "6222021302000000017", "bank": "建行" } });
    own(who.act(&relief, "correct-account", &account));
    assert_eq!(allowed(who, &relief), json!([]));
    let opened = city.server.lines("SELECT reason AS line FROM access_log WHERE reason = '看看'");
    assert_eq!(opened, Vec::<String>::new(), "nothing was opened");
}

on_both_databases! {
    fn each_step_is_taken_upon_what_was_read_by_those_who_may(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let none = json!([]);
        let words = json!({ "remark": "请补充缴费单据" });
        let relief = city.draft(&case, &City::living_aid("3000.00"));
        let of = |state, expected| may(&city, &office, &money, &relief, state, &expected);
        let mine = json!(["revise", "submit", "cancel"]);
        of("draft", [mine.clone(), none.clone(), none.clone()]);

        let rewritten = City::living_aid("2500.00");
        let bytes = rewritten.to_string();
        let blind = Headers::default();
        let blind = city.caseworker.send(&Method::PUT, &relief, Some(bytes.as_bytes()), &blind);
        blind.expect_problem(428, "precondition_required");
        city.caseworker.put(&relief, &rewritten, "\"7\"").expect_problem(412, "precondition_failed");
        let etag = city.caseworker.get(&relief).expect(200).etag();
        let revised = city.caseworker.put(&relief, &rewritten, &etag).expect(200);
        assert_eq!((revised.text("/amount"), revised.text("/state")), ("2500.00".into(), "draft".into()));
        assert_eq!(revised.text("/lines/0/amount"), "2500.00");

        step(&city.caseworker, &relief, "submit", &json!({}));
        of("submitted", [
            json!(["recall", "cancel"]), json!(["return", "review"]), json!(["return", "reject"]),
        ]);
        step(&city.caseworker, &relief, "recall", &json!({}));
        of("recalled", [mine.clone(), none.clone(), none.clone()]);
        step(&city.caseworker, &relief, "submit", &json!({}));
        let returned = step(&office.reviewer, &relief, "return", &words);
        assert_eq!(returned.body["round"], 2);
        of("returned", [mine, none.clone(), none.clone()]);
        let etag = city.caseworker.get(&relief).expect(200).etag();
        city.caseworker.put(&relief, &City::living_aid("2600.00"), &etag).expect(200);
        step(&city.caseworker, &relief, "submit", &json!({}));
        step(&office.reviewer, &relief, "review", &json!({ "remark": "情况属实" }));
        of("reviewed", [
            json!(["cancel"]), json!(["return"]), json!(["return", "approve", "reject"]),
        ]);
        let fund = json!({ "fund_id": money.fund });
        let approved = step(&office.approver, &relief, "approve", &fund);
        assert_eq!(approved.text("/approval/fund/id"), money.fund);
        assert_eq!(approved.text("/approval/approved_on"), city.today());
        assert_eq!(approved.text("/approval/approved_by/id"), office.approver.id);
        of("approved", [none.clone(), none.clone(), json!(["cancel"])]);
        assert_eq!(money.balance(&city.auditor)[1], "2600.00");
        for (who, command, body) in [
            (&*city.caseworker, "submit", &json!({})),
            (&*office.reviewer, "return", &words),
            (&*office.approver, "approve", &fund),
        ] {
            let late = who.act(&relief, command, body).expect_problem(409, "wrong_state");
            assert_eq!((late.text("/state"), late.text("/command")), ("approved".into(), command.into()));
            assert_eq!(late.body["allowed_actions"], allowed(who, &relief));
        }

        let narrative = json!({ "groups": ["narrative"], "reason": "复核意见" });
        let opened = office.reviewer.post(&format!("{relief}/reveal"), &narrative).expect(200);
        let opened = opened.body.to_string();
        assert!(opened.contains("请补充缴费单据") && opened.contains("情况属实"), "{opened}");
        for who in [&city.auditor, &money.maker] {
            let refused = who.post(&format!("{relief}/reveal"), &narrative);
            refused.expect_problem(403, "forbidden");
        }
    }

    fn in_a_new_round_others_may_decide(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        empower(&city, &office.reviewer.id);
        empower(&city, &office.approver.id);
        let relief = city.draft(&case, &City::living_aid("3000.00"));
        city.review(&office, &relief);
        let fund = json!({ "fund_id": money.fund });
        let same = office.reviewer.act(&relief, "approve", &fund);
        same.expect_problem(403, "duty_conflict");
        let returned = office.approver.act(&relief, "return", &json!({ "remark": "账号不清" }));
        let returned = returned.expect(200);
        let duty = |person: &Person, duty: &str| (person.id.clone(), duty.to_owned());
        let registrar = duty(&city.caseworker, "register");
        assert_eq!(returned.duties(), std::slice::from_ref(&registrar));

        city.caseworker.act(&relief, "submit", &json!({})).expect(200);
        office.approver.act(&relief, "review", &json!({})).expect(200);
        office.approver.act(&relief, "approve", &fund).expect_problem(403, "duty_conflict");
        let approved = office.reviewer.act(&relief, "approve", &fund).expect(200);
        assert_eq!(approved.duties(), [
            registrar,
            duty(&office.approver, "review"),
            duty(&office.reviewer, "approve"),
        ]);
    }

    fn a_registrar_neither_reviews_nor_approves(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        empower(&city, &city.caseworker.id);
        empower(&city, &office.colleague.id);
        let relief = city.draft(&case, &City::living_aid("3000.00"));
        let etag = office.colleague.get(&relief).expect(200).etag();
        office.colleague.put(&relief, &City::living_aid("2000.00"), &etag).expect(200);
        let third = city.hire("杜梅", "dumei", "caseworker", &city.tongguan);
        empower(&city, &third.id);
        third.act(&relief, "submit", &json!({})).expect(200);
        let reject = json!({ "reason": "unsupported", "remark": "依据不足" });
        for registrar in [&city.caseworker, &office.colleague, &third] {
            let refused = registrar.act(&relief, "review", &json!({}));
            let refused = refused.expect_problem(403, "duty_conflict");
            assert_eq!(refused.body["allowed_actions"], json!(["recall", "cancel"]));
            let back = registrar.act(&relief, "return", &json!({ "remark": "补充" }));
            back.expect_problem(403, "duty_conflict");
            registrar.act(&relief, "reject", &reject).expect_problem(403, "duty_conflict");
        }
        let fourth = city.hire("石磊", "shilei", "caseworker", &city.tongguan);
        fourth.act(&relief, "recall", &json!({})).expect_problem(403, "not_registrar");
        office.reviewer.act(&relief, "review", &json!({})).expect(200);
        let fund = json!({ "fund_id": money.fund });
        for registrar in [&city.caseworker, &office.colleague, &third] {
            let refused = registrar.act(&relief, "approve", &fund);
            refused.expect_problem(403, "duty_conflict");
        }
        office.reviewer.act(&relief, "approve", &fund).expect_problem(403, "forbidden");
        office.approver.act(&relief, "review", &json!({})).expect_problem(403, "forbidden");
        let rejected = office.approver.act(&relief, "reject", &reject).expect(200);
        assert_eq!(rejected.text("/state"), "rejected");
        assert_eq!(rejected.text("/reject_reason"), "unsupported");
        for who in [&city.caseworker, &third, &office.reviewer, &office.approver] {
            assert_eq!(allowed(who, &relief), json!([]));
        }
        assert_eq!(money.balance(&city.auditor), ["1000000.00", "0.00", "0.00", "0.00"]);
    }

    fn a_caseworker_of_the_household_keeps_out(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let daughter = json!({
            "name": "张小雨", "identity_number": identity_number("20020901", 1),
        });
        let daughter = city.employ(&daughter, "zhangxiaoyu", "caseworker", &city.tongguan);
        empower(&city, &daughter.id);
        is_refused_everything(&city, &office, &money, &daughter, &case);
    }

    fn a_colleague_whose_relative_is_helped_keeps_out(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let relative = city.hire("林芳", "linfang", "caseworker", &city.tongguan);
        empower(&city, &relative.id);
        let (case, worker) = city.apply("张明", 1);
        city.gather(&office, &case, &worker, 1);
        let mut household = City::household(&worker, 1);
        household["related_staff"] = json!([relative.id]);
        let etag = city.caseworker.get(&case).expect(200).etag();
        city.caseworker.put(&format!("{case}/household"), &household, &etag).expect(200);
        city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        city.publish_and_close(&case);
        city.enrol(&office, &case);
        is_refused_everything(&city, &office, &money, &relative, &case);
    }
}
