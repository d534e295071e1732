//! The file for the bank: each payee as the city knows them, quoted where it must be, the same at each reading, and
//! no longer than a bank takes.

use data_encoding::BASE64;
use harness::{City, Database, money::with, on_both_databases};
use serde_json::json;
use sha2::{Digest, Sha256};

on_both_databases! {
    fn each_payee_is_named_as_the_city_knows_them(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _, daughter) = city.enrolled_at(&office, &city.tongguan, "张明, 父", 1);
        let mut to_her = City::education_aid("4000.00", &daughter);
        with(&mut to_her, &json!({
            "payee_id": daughter,
            "account": { "number": "6222 0213 0200 0000 017", "bank": "中国银行\"城中\"支行, 二楼" },
        }));
        let to_her = city.approved_relief(&office, &money, &case, &to_her);
        let to_him = City::medical_aid("1000.00", "1000.00");
        let to_him = city.approved_relief(&office, &money, &case, &to_him);
        let batch = money.make();
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        let file = money.maker.get(&format!("{batch}/file")).expect(200);
        let csv = file.body.as_str().expect("a text");
        let reference = |relief: &str| {
            city.caseworker.get(relief).expect(200).text("/lines/0/attempts/0/reference")
        };
        let hers = format!(
            "{},6222021302000000017,张小雨,\"中国银行\"\"城中\"\"支行, 二楼\",4000.00,子女助学\r\n",
            reference(&to_her),
        );
        let his = format!(
            "{},6222021302000000009,\"张明, 父\",中国工商银行铜陵铜官支行,1000.00,医疗救助\r\n",
            reference(&to_him),
        );
        let whole = csv.strip_prefix("reference,account,name,bank,amount,purpose\r\n").expect("a head");
        assert!(whole == format!("{hers}{his}") || whole == format!("{his}{hers}"), "{whole}");
        let digest = BASE64.encode(&Sha256::digest(csv.as_bytes()));
        assert_eq!(file.header("repr-digest"), Some(format!("sha-256=:{digest}:").as_str()));
        assert!(file.header("content-type").is_some_and(|it| it.starts_with("text/csv")));
        assert_eq!(file.header("cache-control"), Some("no-store"));
        money.releaser.act(&batch, "send", &json!({})).expect(200);
        let line = |relief: &str, account: &str, name: &str, amount: &str| json!({
            "reference": reference(relief), "account": account, "name": name, "amount": amount,
            "outcome": "paid", "booked_on": city.today(),
        });
        let told = money.tell(&batch, &[
            line(&to_her, "6222021302000000017", "张小雨", "4000.00"),
            line(&to_him, "6222021302000000009", "张明, 父", "1000.00"),
        ]);
        assert_eq!(told.expect(200).body["applied"], 2);
    }

    fn a_batch_holds_five_hundred_lines(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let mut body = City::living_aid("0.12");
        with(&mut body, &json!({ "instalments": vec!["0.01"; 12] }));
        for _ in 0..42 {
            city.approved_relief(&office, &money, &case, &body);
        }
        let all = json!({ "fund_ids": [money.fund] });
        let made = money.maker.post("/v1/payment-batches", &all).expect(201);
        assert_eq!((&made.body["count"], made.text("/total")), (&json!(500), "5.00".into()));
        assert_eq!(made.body["withheld"], json!([]));
        let rest = json!({ "count": 4, "reason": "batch_full" });
        assert_eq!(made.body["for_next_batch"], rest);
        let batch = format!("/v1/payment-batches/{}", made.text("/id"));
        money.hand_over(&batch);
        money.pay_all(&batch, &city.today());
        let rest = money.send();
        assert_eq!(money.maker.get(&rest).expect(200).body["count"], 4);
        money.pay_all(&rest, &city.today());
        for batch in [&batch, &rest] {
            money.reconciler.act(batch, "reconcile", &json!({})).expect(200);
        }
        assert_eq!(money.balance(&city.auditor), ["999994.96", "0.00", "0.00", "5.04"]);
        let paid = city.auditor.get("/v1/reliefs?state=paid&limit=200").expect(200);
        assert_eq!(paid.body["items"].as_array().map(Vec::len), Some(42));
        let day = city.today();
        let report = format!("/v1/reports/disbursements?from={day}&to={day}");
        let total = city.auditor.get(&report).expect(200).body["total"].clone();
        assert_eq!(total, json!({
            "households": 1, "grants": 1, "persons": 1, "payments": 504, "amount": "5.04",
        }));
        let seen = city.auditor.get(&format!("/v1/trace/{}", case.replace("/v1/cases/", "")));
        let seen = seen.expect(200).body["cases"][0]["reliefs"].clone();
        assert_eq!(seen.as_array().map(Vec::len), Some(42));
    }
}
