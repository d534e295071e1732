//! Many at once upon one fund or one cap, on PostgreSQL: what is promised never passes what there is, and nobody is
//! told of a fault.

use harness::{Answer, City, Database, Office, Treasury};
use serde_json::{Value, json};

use crate::rivals::{Act, assert_equal, at_once, decision, message, problems, ready, statuses};

/// Gives money to a fund.
fn allocate(treasury: &Treasury, fund: &str, amount: &str, number: &str, day: &str) -> Answer {
    let body = json!({
        "amount": amount, "effective_day": day, "document_number": number,
    });
    treasury.maker.post(&format!("/v1/funds/{fund}/allocations"), &body)
}

/// A further fund of the city with this much money, in place of the treasury's.
fn fund_of(city: &City, treasury: &mut Treasury, amount: &str) {
    let fund = City::open_fund(&treasury.maker, &city.city, "省级帮扶资金");
    allocate(treasury, &fund, amount, "财社〔2021〕7号", &city.today()).expect(201);
    treasury.fund = fund;
}

/// A relief that waits for its approver; gives its path.
fn reviewed(city: &City, office: &Office, case: &str, aid: &Value) -> String {
    let relief = city.draft(case, aid);
    city.review(office, &relief);
    relief
}

/// The approval of a relief, ready to be sent.
fn approval<'a>(office: &Office, treasury: &Treasury, relief: &str) -> Act<'a> {
    decision(&office.approver, relief, "approve", &json!({ "fund_id": treasury.fund }))
}

/// What the counters say of a scope, in fen and times.
fn counters(city: &City, scope: &str) -> Vec<String> {
    let sql = format!(
        "SELECT CAST(amount AS TEXT) || ' ' || CAST(times AS TEXT) AS line FROM cap_counters \
         WHERE scope = '{scope}' ORDER BY amount"
    );
    city.server.lines(&sql)
}

#[test]
fn of_forty_approvals_upon_a_fund_for_twenty_five_as_many_are_given() {
    let city = City::start(Database::Postgres);
    let (office, mut treasury) = (city.office(), city.treasury());
    fund_of(&city, &mut treasury, "2500.00");
    let mut acts = Vec::new();
    for serial in 1..=8 {
        let (case, _) = city.enrolled(&office, "张明", serial);
        for _ in 0..5 {
            let relief = reviewed(&city, &office, &case, &City::living_aid("100.00"));
            acts.push(approval(&office, &treasury, &relief));
        }
    }
    let answers = at_once(&acts);
    let given = answers.iter().filter(|answer| answer.status == 200).count();
    let short = problems(&answers, 409, "fund_short");
    assert_eq!((given, short), (25, 15), "{:?}", statuses(&answers));
    assert_eq!(treasury.balance(&city.auditor), ["0.00", "2500.00", "0.00", "0.00"]);
    let counted = counters(&city, "living_household_year");
    let number = |line: &String| line.split(' ').next().unwrap().parse::<u32>().unwrap();
    assert_eq!(counted.iter().map(number).sum::<u32>(), 250_000, "{counted:?}");
    assert_equal(&city);

    // What is given back can be promised again, once.
    let held = city.caseworker.get("/v1/reliefs?state=approved").expect(200);
    let cancelled = format!("/v1/reliefs/{}", held.text("/items/0/id"));
    office.approver.act(&cancelled, "cancel", &json!({ "remark": "重复登记" })).expect(200);
    let waiting = city.caseworker.get("/v1/reliefs?state=reviewed").expect(200);
    let waiting = waiting.body["items"].as_array().unwrap().clone();
    assert_eq!(waiting.len(), 15);
    let path = |relief: &Value| format!("/v1/reliefs/{}", relief["id"].as_str().unwrap());
    let acts: Vec<_> = waiting.iter().map(|it| approval(&office, &treasury, &path(it))).collect();
    let answers = at_once(&acts);
    assert_eq!(problems(&answers, 409, "fund_short"), 14, "{:?}", statuses(&answers));
    assert_eq!(treasury.balance(&city.auditor), ["0.00", "2500.00", "0.00", "0.00"]);
    assert_equal(&city);
}

#[test]
fn of_reliefs_of_one_household_at_once_those_are_approved_that_its_caps_allow() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    for serial in 1..=3 {
        let (case, _) = city.enrolled(&office, "张明", serial);
        let daughter = city.caseworker.get(&case).expect(200).text("/members/1/person_id");
        let all = |aid: &Value, count: usize| {
            let relief = |_| reviewed(&city, &office, &case, aid);
            let reliefs: Vec<String> = (0..count).map(relief).collect();
            reliefs.iter().map(|it| approval(&office, &treasury, it)).collect::<Vec<_>>()
        };
        // Each is below the year's 8,160 yuan; all of them together are not.
        let answers = at_once(&all(&City::living_aid("5000.00"), 3));
        assert_eq!(statuses(&answers), [200, 409, 409], "{answers:#?}");
        assert_eq!(problems(&answers, 409, "cap_passed"), 2);
        let medical = City::medical_aid("20000.00", "60000.00");
        let answers = at_once(&all(&medical, 4));
        assert_eq!(statuses(&answers), [200, 200, 409, 409], "{answers:#?}");
        assert_eq!(problems(&answers, 409, "cap_passed"), 2);
        let answers = at_once(&all(&City::education_aid("1000.00", &daughter), 3));
        assert_eq!(statuses(&answers), [200, 409, 409], "{answers:#?}");
        assert_eq!(problems(&answers, 409, "too_often"), 2);
    }
    assert_eq!(counters(&city, "living_household_year"), ["500000 1"; 3]);
    assert_eq!(counters(&city, "medical_household_lifetime"), ["4000000 2"; 3]);
    assert_eq!(counters(&city, "education_student_year"), ["100000 1"; 3]);
    assert_equal(&city);
}

#[test]
fn a_document_allocates_once_and_different_ones_add_up() {
    let city = City::start(Database::Postgres);
    let mut treasury = city.treasury();
    fund_of(&city, &mut treasury, "1000.00");
    let day = city.today();
    let allocation = |number: &'static str| {
        ready({
            let (treasury, day) = (&treasury, &day);
            move || allocate(treasury, &treasury.fund, "100.00", number, day)
        })
    };
    let numbers = ["1号", "2号", "3号", "4号", "5号", "6号", "7号", "7号", "7号", "7号"];
    let answers = at_once(&numbers.map(allocation));
    assert_eq!(problems(&answers, 409, "allocation_known"), 3, "{answers:#?}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 7);
    assert_eq!(treasury.balance(&city.auditor), ["1700.00", "0.00", "0.00", "0.00"]);
    assert_equal(&city);
}

/// An enrolment ends, or a relief is promised to it; never both.
#[test]
fn no_household_leaves_with_money_that_is_promised_to_it() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let other = city.hire("唐涛", "tangtao", "approver", &city.tongguan);
    for serial in 1..=5 {
        let (case, _) = city.enrolled(&office, "张明", serial);
        let relief = reviewed(&city, &office, &case, &City::living_aid("100.00"));
        let exit = json!({ "reason": "own_wish" });
        let mut acts = [approval(&office, &treasury, &relief), decision(&other, &case, "exit", &exit)];
        let turned = serial % 2 == 0;
        if turned {
            acts.reverse();
        }
        let mut answers = at_once(&acts);
        if turned {
            answers.reverse();
        }
        assert_eq!(statuses(&answers), [200, 409], "{answers:#?}");
        let state = city.caseworker.get(&case).expect(200).text("/state");
        if answers[0].status == 200 {
            assert_eq!((answers[1].code(), state), ("money_open".into(), "enrolled".into()));
        } else {
            assert_eq!((answers[0].code(), state), ("not_enrolled".into(), "exited".into()));
        }
    }
    assert_equal(&city);
}

/// Of all final decisions on a relief exactly one counts.
#[test]
fn of_approvals_rejections_and_cancellations_of_one_relief_one_counts() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let others = [
        city.hire("唐涛", "tangtao", "approver", &city.tongguan),
        city.hire("曹阳", "caoyang", "approver", &city.city),
    ];
    let (case, _) = city.enrolled(&office, "张明", 1);
    for _ in 0..4 {
        let relief = reviewed(&city, &office, &case, &City::living_aid("100.00"));
        let reject = json!({ "reason": "paid_elsewhere", "remark": "已由民政救助" });
        let fund = json!({ "fund_id": treasury.fund });
        let answers = at_once(&[
            approval(&office, &treasury, &relief),
            decision(&others[0], &relief, "approve", &fund),
            decision(&others[1], &relief, "reject", &reject),
            decision(&city.caseworker, &relief, "cancel", &json!({ "remark": "重复登记" })),
        ]);
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "{answers:#?}");
        // A caseworker who comes after the approval can no longer discard the relief.
        let lost = problems(&answers, 412, "precondition_failed");
        assert_eq!(lost + problems(&answers[3..], 403, "forbidden"), 3, "{answers:#?}");
    }
    assert_equal(&city);
}

/// Everything upon one fund at once: approvals, allocations, cancellations and batches. All of them wait for each
/// other in one order.
#[test]
fn in_the_rush_of_the_year_nothing_is_lost() {
    let city = City::start(Database::Postgres);
    let (office, treasury) = (city.office(), city.treasury());
    let mut cases = Vec::new();
    for serial in 1..=4 {
        cases.push(city.enrolled(&office, "张明", serial).0);
    }
    let aid = City::living_aid("100.00");
    let order = json!({ "fund_ids": [treasury.fund] });
    for round in 0..3_u32 {
        let mut acts = Vec::new();
        for case in &cases {
            let held = city.approved_relief(&office, &treasury, case, &aid);
            let cancel = json!({ "remark": "不再需要" });
            acts.push(decision(&office.approver, &held, "cancel", &cancel));
            city.approved_relief(&office, &treasury, case, &aid);
            let relief = reviewed(&city, &office, case, &aid);
            acts.push(approval(&office, &treasury, &relief));
        }
        acts.push(message(&treasury.maker, "/v1/payment-batches", &order));
        acts.push(message(&treasury.maker, "/v1/payment-batches", &order));
        let (number, day) = (format!("{round}号"), city.today());
        let treasury = &treasury;
        acts.push(ready(move || allocate(treasury, &treasury.fund, "1.00", &number, &day)));
        let answers = at_once(&acts);
        for answer in &answers {
            assert!(answer.status < 500, "{answer:#?}");
        }
        assert!(answers.last().is_some_and(|answer| answer.status == 201), "{answers:#?}");
        assert_equal(&city);
    }
    let balance = treasury.balance(&city.auditor).map(|it| it.replace('.', ""));
    let all: u64 = balance.iter().map(|fen| fen.parse::<u64>().unwrap()).sum();
    assert_eq!(all, 100_000_300);
}
