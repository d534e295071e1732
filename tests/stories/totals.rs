//! Totals: what was paid, counted from the postings, as of a position, and provable line by line.

use std::slice::from_ref;

use data_encoding::HEXLOWER;
use harness::{Answer, City, Client, Database, Office, Treasury, money::with, on_both_databases};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Three households of two districts: two of 铜官区, one of them with several kinds of aid, one of 义安区.
struct Books {
    city: City,
    office: Office,
    money: Treasury,
    /// A fund of 铜官区.
    own: Treasury,
    /// The day of the first payments.
    first: String,
    /// The day of the second ones.
    second: String,
    /// The batch of the second day.
    later: String,
}

impl Books {
    /// Day one: living aid, first instalment of two; education aid; the neighbour's medical aid out of the district's
    /// fund; living aid in the other district. Day two: the second instalment, and more living aid elsewhere.
    fn open(database: Database) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        city.also_for(&office, &city.yian);
        let own = Treasury {
            fund: City::open_fund(&money.maker, &city.tongguan, "区级帮扶资金"),
            ..city_treasury(&money)
        };
        let some = json!({
            "amount": "50000.00", "effective_day": city.today(), "document_number": "区财〔2021〕1号",
        });
        money.maker.post(&format!("/v1/funds/{}/allocations", own.fund), &some).expect(201);
        let (first, _, daughter) = city.enrolled_at(&office, &city.tongguan, "张明", 1);
        let (second, ..) = city.enrolled_at(&office, &city.tongguan, "王芳", 2);
        let (third, ..) = city.enrolled_at(&office, &city.yian, "李强", 3);
        let mut living = City::living_aid("3000.00");
        with(&mut living, &json!({ "instalments": ["1000.00", "2000.00"] }));
        let living = city.approved_relief(&office, &money, &first, &living);
        let education = City::education_aid("4000.00", &daughter);
        city.approved_relief(&office, &money, &first, &education);
        let medical = City::medical_aid("8000.50", "9000.00");
        city.approved_relief(&office, &own, &second, &medical);
        city.approved_relief(&office, &money, &third, &City::living_aid("500.00"));
        let line = city.caseworker.get(&living).expect(200).text("/lines/1/attempts/0/reference");
        let held = money.make_of(&[&line]);
        let books = Self { first: city.today(), second: String::new(), later: String::new(), city, office, money, own };
        for of in [&books.money, &books.own] {
            let batch = of.send();
            of.pay_all(&batch, &books.first);
        }
        books.money.maker.act(&held, "void", &json!({ "reason": "other" })).expect(200);
        books.city.pass(&books.first);
        let city = &books.city;
        city.approved_relief(&books.office, &books.money, &third, &City::living_aid("700.00"));
        Self { second: city.today(), later: books.money.send(), ..books }
    }

    /// The bank pays the second day's batch.
    fn pay_later(&self) {
        self.money.pay_all(&self.later, &self.second);
    }
}

/// Asks for the year 2021.
fn ask(who: &Client, more: &str) -> Answer {
    who.get(&format!("/v1/reports/disbursements?from=2021-01-01&to=2021-12-31{more}")).expect(200)
}

/// The same people again.
fn city_treasury(of: &Treasury) -> Treasury {
    let Treasury { maker, releaser, reconciler, bank, fund } = of;
    Treasury {
        maker: maker.clone(),
        releaser: releaser.clone(),
        reconciler: reconciler.clone(),
        bank: bank.clone(),
        fund: fund.clone(),
    }
}

const MEASURES: [&str; 5] = ["households", "grants", "persons", "payments", "amount"];

/// The measures as one text.
fn measures(of: &Value) -> String {
    let texts = MEASURES.map(|name| match &of[name] {
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    });
    texts.join(" ")
}

/// Households, grants, persons, payments and amount of the rows, by the value of one field.
fn rows(answer: &Answer, field: &str) -> Vec<(Value, String)> {
    let rows = answer.body["rows"].as_array().expect("rows").clone();
    let value = |row: &Value| if row[field].is_object() { row[field]["id"].clone() } else { row[field].clone() };
    rows.iter().map(|row| (value(row), measures(row))).collect()
}

/// The organizations that an answer covers.
fn counted_in(answer: &Answer) -> Vec<String> {
    let organizations = answer.body["organizations"].as_array().expect("organizations").iter();
    organizations.map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

/// The digest of an answer, by the text form of `docs/totals.md`.
fn digest(answer: &Value) -> String {
    let list = |name: &str| {
        let items = answer[name].as_array().expect("a list").iter();
        items.map(|it| it.as_str().expect("a text")).collect::<Vec<_>>()
    };
    let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
    let group_by = list("group_by");
    let organizations = answer["organizations"].as_array().expect("organizations").iter();
    let organizations: Vec<&str> = organizations.map(|it| it["id"].as_str().expect("an id")).collect();
    let mut lines = vec![
        "bangfu disbursements 1".to_owned(),
        format!("from {}", text("from")),
        format!("to {}", text("to")),
        format!("group_by {}", group_by.join(",")),
        format!("organizations {}", organizations.join(",")),
        format!("position {}", answer["position"]),
        format!("seal {}", text("seal")),
    ];
    for row in answer["rows"].as_array().expect("rows") {
        let value = |by: &&str| match *by {
            "organization" | "fund" => format!("{by}_id={}", row[*by]["id"].as_str().unwrap_or("-")),
            other => format!("{other}={}", row[other].as_str().unwrap_or("-")),
        };
        let values: Vec<String> = group_by.iter().map(value).collect();
        lines.push(format!("row {} {}", values.join(" "), measures(row)));
    }
    lines.push(format!("total {}\n", measures(&answer["total"])));
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(lines.join("\n").as_bytes())))
}

/// Fen of an amount in yuan.
fn fen(text: &Value) -> i64 {
    text.as_str().expect("an amount").replace('.', "").parse().expect("a number")
}

on_both_databases! {
    fn households_grants_and_persons_are_counted_apart(database: Database) {
        let books = Books::open(database);
        books.pay_later();
        let auditor = &books.city.auditor;
        let all = ask(auditor, "");
        assert_eq!(all.body["group_by"], json!(["aid_type"]));
        assert_eq!(rows(&all, "aid_type"), [
            (json!("living"), "households=2 grants=2 persons=2 payments=4 amount=4200.00".into()),
            (json!("medical"), "households=1 grants=1 persons=1 payments=1 amount=8000.50".into()),
            (json!("education"), "households=1 grants=1 persons=1 payments=1 amount=4000.00".into()),
        ]);
        assert_eq!(measures(&all.body["total"]),
            "households=3 grants=4 persons=4 payments=6 amount=16200.50",
            "the daughter is a person for herself, her household is one");
        let by_day = |day: &str| {
            let path = format!("/v1/reports/disbursements?from={day}&to={day}");
            measures(&auditor.get(&path).expect(200).body["total"])
        };
        assert_eq!(by_day(&books.first), "households=3 grants=4 persons=4 payments=4 amount=13500.50");
        assert_eq!(by_day(&books.second), "households=2 grants=2 persons=2 payments=2 amount=2700.00");
        assert_eq!(by_day("2021-12-31"), "households=0 grants=0 persons=0 payments=0 amount=0.00");

        let by_unit = ask(auditor, "&group_by=organization");
        let mut expected = [
            (json!(books.city.tongguan), "households=2 grants=3 persons=3 payments=4 amount=15000.50".to_owned()),
            (json!(books.city.yian), "households=1 grants=1 persons=1 payments=2 amount=1200.00".to_owned()),
        ];
        expected.sort_by_key(|(id, _)| id.to_string());
        assert_eq!(rows(&by_unit, "organization"), expected);
        let by_fund = rows(&ask(auditor, "&group_by=fund"), "fund");
        let of_fund = |fund: &str| by_fund.iter().find(|(id, _)| id == fund).map(|(_, it)| it.as_str());
        assert_eq!(of_fund(&books.own.fund),
            Some("households=1 grants=1 persons=1 payments=1 amount=8000.50"));
        assert_eq!(of_fund(&books.money.fund),
            Some("households=2 grants=3 persons=3 payments=5 amount=8200.00"));
        let both = ask(auditor, "&group_by=division,category,cause,aid_type");
        let keys = |row: &Value| ["division", "category", "cause", "aid_type"]
            .map(|it| row[it].as_str().expect("a text").to_owned()).join(" ");
        let found: Vec<String> = both.body["rows"].as_array().expect("rows").iter().map(keys).collect();
        assert_eq!(found, [
            "340705 deep grave_illness living", "340705 deep grave_illness medical",
            "340705 deep grave_illness education", "340706 deep grave_illness living",
        ]);
    }

    fn the_rows_are_the_total_and_the_total_is_the_lines(database: Database) {
        let books = Books::open(database);
        books.pay_later();
        let auditor = &books.city.auditor;
        let reliefs = auditor.get("/v1/reliefs?limit=200").expect(200);
        let (mut paid, mut payments) = (0, 0);
        for relief in reliefs.body["items"].as_array().expect("items") {
            let lines = relief["lines"].as_array().expect("lines");
            let attempts = |line: &Value| line["attempts"].as_array().expect("attempts").clone();
            let is_paid = |line: &&Value| attempts(line).last().is_some_and(|it| it["state"] == "paid");
            let done: Vec<&Value> = lines.iter().filter(is_paid).collect();
            let sum: i64 = done.iter().map(|line| fen(&line["amount"])).sum();
            assert_eq!(sum, fen(&relief["paid"]));
            (paid, payments) = (paid + sum, payments + done.len());
        }
        for group_by in ["aid_type", "category", "cause", "organization", "division", "fund",
                         "fund,aid_type", "organization,division,category", "cause,fund,division,aid_type",
                         "aid_type,category,cause,organization,division,fund"] {
            let answer = ask(auditor, &format!("&group_by={group_by}"));
            assert_eq!(fen(&answer.body["total"]["amount"]), paid);
            assert_eq!(answer.body["total"]["payments"], payments);
            let rows = answer.body["rows"].as_array().expect("rows");
            assert_eq!(rows.iter().map(|row| fen(&row["amount"])).sum::<i64>(), paid, "{group_by}");
            let count = |row: &Value| row["payments"].as_u64().expect("a count");
            assert_eq!(rows.iter().map(count).sum::<u64>(), u64::try_from(payments).expect("small"));
            for row in rows {
                let fields = row.as_object().expect("a row").len();
                assert_eq!(fields, MEASURES.len() + group_by.split(',').count(), "{row}");
            }
            assert_eq!(digest(&answer.body), answer.text("/digest"), "{group_by}");
        }
        let balances = [&books.money, &books.own].map(|of| of.balance(auditor)[3].clone());
        assert_eq!(balances, ["8200.00", "8000.50"], "as the funds have it");
    }

    fn the_same_question_at_the_same_position_has_the_same_answer(database: Database) {
        let books = Books::open(database);
        let auditor = &books.city.auditor;
        let question = "&group_by=organization,aid_type";
        let before = ask(auditor, question);
        let position = before.body["position"].as_u64().expect("a position");
        let then = |who: &Client| ask(who, &format!("{question}&position={position}"));
        assert_eq!(then(auditor).body.to_string(), before.body.to_string());
        books.pay_later();
        let back = [books.money.file(&books.later).remove(0)]
            .map(|row| row.failure("returned", &books.second, "account_closed"));
        books.money.tell(&books.later, &back).expect(200);
        let again = then(auditor);
        assert_eq!(again.body.to_string(), before.body.to_string(), "byte by byte");
        let second = books.city.hire("复核审计", "fuhe", "auditor", &books.city.city);
        assert_eq!(then(&second).body.to_string(), before.body.to_string(), "for every caller");
        assert_eq!(digest(&again.body), before.text("/digest"));

        let now = ask(auditor, question);
        assert!(now.body["position"].as_u64() > Some(position));
        assert_ne!(now.text("/digest"), before.text("/digest"));
        assert_eq!(digest(&now.body), now.text("/digest"));
        let empty = ask(auditor, "&position=1");
        assert_eq!((&empty.body["rows"], empty.body["position"].as_u64()), (&json!([]), Some(1)));
        assert_eq!(measures(&empty.body["total"]),
            "households=0 grants=0 persons=0 payments=0 amount=0.00");
        assert_eq!(digest(&empty.body), empty.text("/digest"));
        let seals = auditor.get(&format!("/v1/audit/journal?after={}&limit=1", position - 1));
        let seal = seals.expect(200);
        assert_eq!(seal.text("/items/0/hash"), before.text("/seal"), "the journal's seal");
        assert_eq!(seal.text("/items/0/known_at"), before.text("/known_at"));
    }

    fn what_came_back_counts_against_its_own_day(database: Database) {
        let books = Books::open(database);
        books.pay_later();
        let city = &books.city;
        city.pass(&books.second);
        let third = city.today();
        let row = books.money.file(&books.later).into_iter().find(|row| row.amount == "700.00");
        let back = [row.expect("a row").failure("returned", &third, "account_blocked")];
        books.money.tell(&books.later, &back).expect(200);
        let between = |from: &str, to: &str| {
            let path = format!("/v1/reports/disbursements?from={from}&to={to}");
            let answer = city.auditor.get(&path).expect(200);
            assert_eq!(digest(&answer.body), answer.text("/digest"));
            measures(&answer.body["total"])
        };
        assert_eq!(between(&books.second, &books.second),
            "households=2 grants=2 persons=2 payments=2 amount=2700.00");
        assert_eq!(between(&third, &third),
            "households=0 grants=0 persons=0 payments=-1 amount=-700.00");
        assert_eq!(between(&books.second, &third),
            "households=1 grants=1 persons=1 payments=1 amount=2000.00");
        assert_eq!(between(&books.first, &third),
            "households=3 grants=4 persons=4 payments=5 amount=15500.50");
    }

    fn each_counts_in_their_own_part(database: Database) {
        let books = Books::open(database);
        books.pay_later();
        let city = &books.city;
        let of_district = city.hire("区审计", "qushenji", "auditor", &city.tongguan);
        let elsewhere = city.hire("外区财务", "waiqucw", "finance_maker", &city.yian);
        let of_street = city.hire("街道审计", "jiedao", "auditor", &city.street);
        let mine = ask(&of_district, "");
        assert_eq!(counted_in(&mine), from_ref(&city.tongguan));
        assert_eq!(measures(&mine.body["total"]),
            "households=2 grants=3 persons=3 payments=4 amount=15000.50");
        assert_eq!(digest(&mine.body), mine.text("/digest"));
        assert_eq!(measures(&ask(&elsewhere, "").body["total"]),
            "households=1 grants=1 persons=1 payments=2 amount=1200.00");
        assert_eq!(ask(&of_street, "").body["rows"], json!([]));
        for who in [&books.money.maker, &books.money.releaser, &books.money.reconciler, &city.auditor] {
            assert_eq!(ask(who, "").body["total"]["amount"], "16200.50");
        }
        let mut both = [city.tongguan.clone(), city.yian.clone()];
        both.sort_unstable();
        assert_eq!(counted_in(&ask(&books.office.approver, "")), both);

        city.grant(&json!({ "person_id": of_district.id }), "auditor", &city.street);
        let same = ask(&of_district, "");
        assert_eq!(counted_in(&same), from_ref(&city.tongguan), "the highest");
        city.grant(&json!({ "person_id": of_district.id }), "approver", &city.city);
        assert_eq!(counted_in(&ask(&of_district, "")), from_ref(&city.city));
        let path = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31";
        for who in [&city.caseworker, &books.office.reviewer, &books.office.civil_affairs,
                    &books.money.bank, &city.hospital, &city.system_administrator] {
            who.get(path).expect_problem(403, "forbidden");
        }
        city.server.anonymous.get(path).expect_problem(401, "unauthenticated");
    }
}
