//! Stories of powers over payments: the bank's reach, the city's batches in a district, and powers that end.

use harness::{City, Client, Database, Office, Person, Treasury, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::people::act;

fn listed(of: &Client, list: &str) -> usize {
    let page = of.get(&format!("/v1/{list}?limit=200")).expect(200);
    page.body["items"].as_array().expect("items").len()
}

/// The city pays a household of 铜官区; gives the relief's and the batch's path.
fn pay(city: &City, office: &Office, treasury: &Treasury) -> (String, String) {
    let (case, _) = city.enrolled(office, "张明", 1);
    let relief = city.approved_relief(office, treasury, &case, &City::living_aid("100.00"));
    (relief, treasury.send())
}

fn results(treasury: &Treasury, batch: &str, day: &str) -> Value {
    let row = treasury.file(batch).remove(0);
    json!({ "lines": [row.result("paid", day)] })
}

on_both_databases! {
    fn a_bank_reads_and_reports_on_its_own_batches_only(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (relief, batch) = pay(&city, &office, &treasury);
        let clerk = city.hire("柜员甲", "guiyuan", "bank", &city.city);
        let elsewhere = city.machine("义安区代发银行", "bank", &city.yian);
        let path = format!("{batch}/results");
        let body = results(&treasury, &batch, &city.today());

        assert_eq!(listed(&elsewhere, "payment-batches"), 0);
        elsewhere.get(&batch).expect_problem(404, "not_found");
        elsewhere.post(&path, &body).expect_problem(404, "not_found");
        let of_bank: [&Client; 2] = [&treasury.bank, &clerk];
        for of_bank in of_bank {
            assert_eq!(listed(of_bank, "payment-batches"), 1);
            let read = of_bank.get(&batch).expect(200);
            assert_eq!(read.body["allowed_actions"], json!(["take_results"]));
            // It was handed the file; the accounts are not for it to read here.
            of_bank.get(&format!("{batch}/file")).expect_problem(403, "forbidden");
            for other in [relief.as_str(), &format!("/v1/funds/{}", treasury.fund)] {
                of_bank.get(other).expect_problem(404, "not_found");
            }
            for list in ["reliefs", "funds", "cases", "referrals"] {
                assert_eq!(listed(of_bank, list), 0, "{list}");
            }
            let nothing = json!({});
            let void = json!({ "reason": "other" });
            for step in ["void", "release", "send", "reconcile"] {
                let body = if step == "void" { &void } else { &nothing };
                act(of_bank, &batch, step, body).expect_problem(403, "forbidden");
            }
            let report = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31";
            of_bank.get(report).expect_problem(403, "forbidden");
            of_bank.post(&path, &body).expect(200);
        }
    }

    fn a_district_sees_the_relief_that_the_city_pays_and_not_the_batch(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (relief, batch) = pay(&city, &office, &treasury);
        let hire = |name, login, organization: &str| {
            city.hire(name, login, "finance_releaser", organization)
        };
        let own = hire("韩雪", "hanxue", &city.tongguan);
        let other = hire("彭博", "pengbo", &city.yian);
        own.get(&relief).expect(200);
        other.get(&relief).expect_problem(404, "not_found");
        for district in [&own, &other] {
            district.get(&batch).expect_problem(404, "not_found");
            district.get(&format!("{batch}/file")).expect_problem(404, "not_found");
            assert_eq!(listed(district, "payment-batches"), 0);
            act(district, &batch, "send", &json!({})).expect_problem(404, "not_found");
        }
        let maker = city.hire("蒋峰", "jiangfeng", "finance_maker", &city.tongguan);
        let order = json!({ "fund_ids": [treasury.fund] });
        let refused = maker.post("/v1/payment-batches", &order);
        let refused = refused.expect_problem(400, "invalid_request");
        assert_eq!(refused.text("/errors/0/pointer"), "/fund_ids/0");
        treasury.pay_all(&batch, &city.today());
        let count = |of: &Person| {
            let year = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31";
            of.get(year).expect(200).text("/total/amount")
        };
        assert_eq!([count(&own), count(&maker), count(&other)], ["100.00", "100.00", "0.00"]);
    }

    fn with_the_role_goes_what_was_answered_under_it(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        city.approved_relief(&office, &treasury, &case, &City::living_aid("100.00"));
        let second = city.hire("韩雪", "hanxue", "finance_maker", &city.city);
        let order = json!({ "fund_ids": [treasury.fund] });
        let make = || second.post_with("/v1/payment-batches", &order, &Headers::key("batch-0001"));
        let made = make().expect(201);
        assert_eq!(make().expect(201).body, made.body, "the same answer, and no second batch");
        assert_eq!(listed(&second, "payment-batches"), 1);

        let [keeper, _] = &city.administrators;
        let grants = keeper.get("/v1/grants?limit=200").expect(200);
        let theirs = |grant: &&Value| grant["person"]["id"] == json!(second.id);
        let grant = grants.body["items"].as_array().expect("grants").iter().find(theirs).cloned();
        let id = grant.expect("their grant")["id"].as_str().expect("an id").to_owned();
        act(keeper, &format!("/v1/grants/{id}"), "end", &json!({})).expect(200);
        make().expect_problem(403, "forbidden");
        assert_eq!(listed(&second, "payment-batches"), 0);
    }
}
