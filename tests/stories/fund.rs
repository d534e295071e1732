//! A fund: opened, allocated to, seen by its own people, and paid from by those below.

use harness::{City, Client, Database, Person, Treasury, money::with, on_both_databases};
use serde_json::{Value, json};

fn body(organization: &str, fields: &Value) -> Value {
    let mut body = json!({
        "organization_id": organization, "name": "工会经费帮扶金", "source": "union_dues",
        "year": 2021, "aid_types": ["living"], "payer_account": "3405-GH-01",
    });
    with(&mut body, fields);
    body
}

fn open(maker: &Client, organization: &str, fields: &Value) -> String {
    let opened = maker.post("/v1/funds", &body(organization, fields)).expect(201);
    format!("/v1/funds/{}", opened.text("/id"))
}

fn allocation(amount: &str, day: &str, number: &str) -> Value {
    json!({ "amount": amount, "effective_day": day, "document_number": number })
}

fn balance(who: &Client, fund: &str) -> [String; 5] {
    let read = who.get(fund).expect(200);
    ["allocated", "available", "held", "in_transit", "paid"].map(|it| read.text(&format!("/balance/{it}")))
}

fn listed(who: &Client) -> Vec<String> {
    let list = who.get("/v1/funds?limit=200").expect(200);
    let items = list.body["items"].as_array().expect("items").clone();
    let path = |it: &Value| format!("/v1/funds/{}", it["id"].as_str().expect("an id"));
    let mut all: Vec<String> = items.iter().map(path).collect();
    all.sort_unstable();
    all
}

/// People of finance for a district.
fn finance(city: &City, organization: &str, logins: [&str; 2]) -> [Person; 2] {
    let [maker, releaser] = logins;
    [
        city.hire("区财务甲", maker, "finance_maker", organization),
        city.hire("区财务乙", releaser, "finance_releaser", organization),
    ]
}

on_both_databases! {
    fn money_comes_in_by_documents_each_once(database: Database) {
        let city = City::start(database);
        let maker = city.hire("孔燕", "kongyan", "finance_maker", &city.city);
        let types = json!({ "aid_types": ["medical", "living", "medical"] });
        let fund = open(&maker, &city.city, &types);
        let read = maker.get(&fund).expect(200);
        assert_eq!(read.body["aid_types"], json!(["living", "medical"]), "each kind once, in order");
        assert_eq!(read.body["allocations"], json!([]));
        assert_eq!(read.body["allowed_actions"], json!(["allocate", "make_batch"]));
        assert_eq!(balance(&maker, &fund), ["0.00"; 5]);

        let path = format!("{fund}/allocations");
        let today = city.today();
        let first = allocation("500000.01", &today, "财社〔2021〕5号");
        let told = maker.post(&path, &first).expect(201);
        assert_eq!((told.text("/balance/available"), &told.body["version"]),
            ("500000.01".into(), &json!(2)), "the answer tells what it has now");
        assert_eq!(told.header("location"), Some(fund.as_str()));
        assert_eq!(told.version(), maker.get(&fund).expect(200).version());
        let twice = maker.post(&path, &first).expect_problem(409, "allocation_known");
        assert_eq!(twice.body["allowed_actions"], json!(["allocate", "make_batch"]));
        for (amount, day, number) in [
            ("500000.02", today.as_str(), "财社〔2021〕5号"),
            ("500000.01", "2020-12-31", "财社〔2021〕5号"),
            ("500000.01", &today, "财社〔2021〕6号"),
        ] {
            maker.post(&path, &allocation(amount, day, number)).expect(201);
        }
        let tomorrow = maker.post(&path, &allocation("1.00", "2021-01-05", "财社〔2021〕7号"));
        let tomorrow = tomorrow.expect_problem(400, "invalid_request");
        assert_eq!((tomorrow.text("/errors/0/pointer"), tomorrow.text("/errors/0/code")),
            ("/effective_day".into(), "in_future".into()));
        let read = maker.get(&fund).expect(200);
        let days = read.body["allocations"].as_array().expect("allocations").clone();
        let days: Vec<_> = days.iter().map(|it| it["effective_day"].clone()).collect();
        assert_eq!(days, [today.as_str(), &today, "2020-12-31", &today]);
        assert_eq!(balance(&maker, &fund)[..2], ["2000000.05", "2000000.05"]);
    }

    fn each_step_moves_the_money_one_account_on(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let fund = format!("/v1/funds/{}", money.fund);
        let has = |it: [&str; 4]| {
            let [allocated, rest @ ..] = balance(&city.auditor, &fund);
            assert_eq!((allocated.as_str(), rest), ("1000000.00", it.map(str::to_owned)));
        };
        let relief = city.draft(&case, &City::living_aid("1234.56"));
        city.review(&office, &relief);
        has(["1000000.00", "0.00", "0.00", "0.00"]);
        let approve = json!({ "fund_id": money.fund });
        office.approver.act(&relief, "approve", &approve).expect(200);
        has(["998765.44", "1234.56", "0.00", "0.00"]);
        let batch = money.make();
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        has(["998765.44", "1234.56", "0.00", "0.00"]);
        money.releaser.act(&batch, "send", &json!({})).expect(200);
        has(["998765.44", "0.00", "1234.56", "0.00"]);
        let today = city.today();
        let row = money.file(&batch).remove(0);
        money.tell(&batch, &[row.result("unknown", &today)]).expect(200);
        has(["998765.44", "0.00", "1234.56", "0.00"]);
        let paid = json!({ "lines": [row.result("paid", &today)] });
        money.reconciler.post(&format!("{batch}/results"), &paid).expect(200);
        has(["998765.44", "0.00", "0.00", "1234.56"]);
        money.tell(&batch, &[row.failure("returned", &today, "account_closed")]).expect(200);
        has(["998765.44", "1234.56", "0.00", "0.00"]);
        let words = json!({ "remark": "账户已销" });
        office.approver.act(&relief, "cancel", &words).expect(200);
        has(["1000000.00", "0.00", "0.00", "0.00"]);
    }

    fn a_fund_is_seen_by_its_organizations_people(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let money = city.treasury();
        let [maker, releaser] = finance(&city, &city.tongguan, ["zhuli", "maxin"]);
        let auditor = city.hire("区审计", "qushenji", "auditor", &city.tongguan);
        let of_city = format!("/v1/funds/{}", money.fund);
        let of_district = open(&maker, &city.tongguan, &json!({}));
        let elsewhere = open(&money.maker, &city.yian, &json!({}));
        for unseen in [&city.city, &city.yian] {
            let refused = maker.post("/v1/funds", &body(unseen, &json!({})));
            let refused = refused.expect_problem(400, "invalid_request");
            assert_eq!(refused.text("/errors/0/pointer"), "/organization_id");
        }
        let [_, other] = finance(&city, &city.yian, ["fengli", "yuxin"]);
        for who in [&releaser, &city.caseworker, &city.auditor, &city.system_administrator] {
            let refused = who.post("/v1/funds", &body(&city.tongguan, &json!({})));
            refused.expect_problem(403, "forbidden");
        }

        for (who, mut seen) in [
            (&money.maker, vec![&elsewhere, &of_district, &of_city]),
            (&city.auditor, vec![&elsewhere, &of_district, &of_city]),
            (&maker, vec![&of_district]),
            (&releaser, vec![&of_district]),
            (&auditor, vec![&of_district]),
            (&city.caseworker, vec![&of_district]),
            (&office.reviewer, vec![&of_district]),
            (&other, vec![&elsewhere]),
            (&city.other_caseworker, vec![&elsewhere]),
            (&office.civil_affairs, vec![]),
            (&money.bank, vec![]),
            (&city.hospital, vec![]),
            (&city.system_administrator, vec![]),
        ] {
            seen.sort_unstable();
            assert_eq!(listed(who).iter().collect::<Vec<_>>(), seen);
            for fund in [&of_city, &of_district, &elsewhere] {
                let read = who.get(fund);
                assert_eq!(read.status, if seen.contains(&fund) { 200 } else { 404 });
            }
        }
        let some = allocation("1.00", &city.today(), "X-1");
        for (who, status) in [(&releaser, 403), (&auditor, 403), (&other, 404), (&money.bank, 404)] {
            let refused = who.post(&format!("{of_district}/allocations"), &some);
            assert_eq!(refused.status, status, "{:#}", refused.body);
        }
        assert_eq!(releaser.get(&of_district).expect(200).body["allowed_actions"], json!([]));
        money.maker.post(&format!("{of_district}/allocations"), &some).expect(201);
    }

    fn a_district_draws_on_its_own_fund_and_on_the_citys(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        city.also_for(&office, &city.yian);
        let (here, _) = city.enrolled(&office, "张明", 1);
        let (there, ..) = city.enrolled_at(&office, &city.yian, "王芳", 2);
        let own = open(&money.maker, &city.tongguan, &json!({}));
        let some = allocation("5000.00", &city.today(), "X-1");
        money.maker.post(&format!("{own}/allocations"), &some).expect(201);
        let id = own.replace("/v1/funds/", "");
        let usable = |case: &str, who: &Client| {
            let read = who.get(&format!("{case}/funds")).expect(200);
            let items = read.body["items"].as_array().expect("items").clone();
            let named = |it: &Value| json!([it["id"], it["available"]]);
            items.iter().map(named).collect::<Vec<_>>()
        };
        let citys = json!([money.fund, "1000000.00"]);
        assert_eq!(usable(&here, &city.caseworker), [json!([id, "5000.00"]), citys.clone()]);
        assert_eq!(usable(&there, &office.approver), [citys]);
        city.auditor.get(&format!("{here}/funds")).expect_problem(403, "forbidden");
        city.other_caseworker.get(&format!("{here}/funds")).expect_problem(404, "not_found");

        let approve = |case: &str, fund: &str| {
            let relief = city.draft(case, &City::living_aid("2000.00"));
            city.review(&office, &relief);
            office.approver.act(&relief, "approve", &json!({ "fund_id": fund }))
        };
        approve(&here, &id).expect(200);
        approve(&here, &money.fund).expect(200);
        approve(&there, &money.fund).expect(200);
        approve(&there, &id).expect_problem(409, "fund_unfit");
        assert_eq!(balance(&city.auditor, &own)[1..3], ["3000.00", "2000.00"]);
        assert_eq!(money.balance(&city.auditor)[..2], ["996000.00", "4000.00"]);

        // One organization, one payer account: what the district's fund pays, goes by a batch of its own.
        let both = json!({ "fund_ids": [money.fund, id] });
        money.maker.post("/v1/payment-batches", &both).expect_problem(409, "other_payer");
        let batch = money.make();
        let made = money.maker.get(&batch).expect(200);
        let fund = made.body["funds"][0]["fund"].clone();
        assert_eq!(fund["id"], money.fund.as_str());
        assert_eq!(made.body["funds"], json!([{ "fund": fund, "count": 2, "amount": "4000.00" }]));
        let theirs = Treasury { fund: id, ..money };
        let made = theirs.maker.get(&theirs.make()).expect(200);
        assert_eq!((made.text("/total"), made.text("/payer_account")),
            ("2000.00".into(), "3405-GH-01".into()));
        assert_eq!(made.text("/organization/id"), city.tongguan);
    }
}
