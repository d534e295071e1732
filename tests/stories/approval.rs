//! What an approval is refused for: nothing is held then, and nothing counts to a cap.

use harness::{
    Answer, City, Client, Database, Office, Person, Treasury, city::sign_in, money::with, on_both_databases,
};
use serde_json::{Value, json};

/// An office with money and an enrolled household.
struct Fixture {
    city: City,
    office: Office,
    money: Treasury,
    case: String,
    daughter: String,
}

impl Fixture {
    fn new(database: Database) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _, daughter) = city.enrolled_at(&office, &city.tongguan, "张明", 1);
        Self { city, office, money, case, daughter }
    }

    /// A relief that waits for its approver; gives its path.
    fn reviewed(&self, body: &Value) -> String {
        let relief = self.city.draft(&self.case, body);
        self.city.review(&self.office, &relief);
        relief
    }

    /// The district's approver is refused; nothing has moved.
    fn refuses(&self, relief: &str, fund: &str, status: u16, code: &str) -> Answer {
        let before = (self.money.balance(&self.city.auditor), self.city.events());
        let refused = approve(&self.office.approver, relief, fund);
        let refused = refused.expect_problem(status, code);
        assert_eq!(before, (self.money.balance(&self.city.auditor), self.city.events()));
        assert_eq!(refused.text("/state"), "reviewed");
        let allowed = match code {
            "level_too_low" => json!(["return"]),
            _ => json!(["return", "approve", "reject"]),
        };
        assert_eq!(refused.body["allowed_actions"], allowed);
        refused
    }

    /// It is returned, rewritten and reviewed again.
    fn rewrite(&self, relief: &str, body: &Value) {
        let words = json!({ "remark": "请调整金额" });
        self.office.approver.act(relief, "return", &words).expect(200);
        let etag = self.city.caseworker.get(relief).expect(200).etag();
        self.city.caseworker.put(relief, body, &etag).expect(200);
        self.city.review(&self.office, relief);
    }

    fn fund(&self, organization: &str, name: &str, fields: &Value) -> String {
        let mut body = json!({
            "organization_id": organization, "name": name, "source": "local", "year": 2021,
            "aid_types": ["living", "medical", "education"], "payer_account": "34050101-0001",
        });
        with(&mut body, fields);
        self.money.maker.post("/v1/funds", &body).expect(201).text("/id")
    }

    fn allocate(&self, fund: &str, amount: &str) {
        let body = json!({
            "amount": amount, "effective_day": self.city.today(), "document_number": "财〔2021〕7号",
        });
        self.money.maker.post(&format!("/v1/funds/{fund}/allocations"), &body).expect(201);
    }
}

fn approve(who: &Person, relief: &str, fund: &str) -> Answer {
    who.act(relief, "approve", &json!({ "fund_id": fund }))
}

on_both_databases! {
    fn a_household_gets_living_aid_up_to_its_yearly_cap(database: Database) {
        let fixture = Fixture::new(database);
        let fund = &fixture.money.fund;
        let relief = fixture.reviewed(&City::living_aid("8160.01"));
        let passed = fixture.refuses(&relief, fund, 409, "cap_passed");
        assert_eq!(passed.text("/cap"), "living_household_year");
        assert_eq!((passed.text("/limit"), passed.text("/left")), ("8160.00".into(), "8160.00".into()));
        fixture.rewrite(&relief, &City::living_aid("5000.00"));
        let approved = approve(&fixture.office.approver, &relief, fund).expect(200);
        assert_eq!(approved.body["approval"]["caps"], json!([{
            "cap": "living_household_year", "year": 2021, "amount": "5000.00", "limit": "8160.00",
        }]));

        let second = fixture.reviewed(&City::living_aid("3160.01"));
        let passed = fixture.refuses(&second, fund, 409, "cap_passed");
        assert_eq!(passed.text("/left"), "3160.00", "twelve times 680.00 a month, less 5000.00");
        fixture.rewrite(&second, &City::living_aid("3160.00"));
        approve(&fixture.office.approver, &second, fund).expect(200);
        let third = fixture.reviewed(&City::living_aid("0.01"));
        assert_eq!(fixture.refuses(&third, fund, 409, "cap_passed").text("/left"), "0.00");

        while fixture.city.today().as_str() < "2022-01-01" {
            fixture.city.server.clock.advance_days(1);
        }
        let approved = approve(&fixture.office.approver, &third, fund).expect(200);
        assert_eq!(approved.body["approval"]["caps"][0]["year"], 2022, "a new year, a new cap");
    }

    fn medical_aid_is_a_part_of_what_the_household_paid_itself(database: Database) {
        let fixture = Fixture::new(database);
        let of_city = fixture.city.hire("高山", "gaoshan", "approver", &fixture.city.city);
        let fund = &fixture.money.fund;
        let relief = fixture.reviewed(&City::medical_aid("12345.68", "12345.67"));
        let above = fixture.refuses(&relief, fund, 409, "above_share");
        assert!(above.body["limit"].is_null(), "it would tell what is sealed");
        let basis = json!({ "groups": ["money"], "reason": "核对票据" });
        let opened = fixture.office.approver.post(&format!("{relief}/reveal"), &basis).expect(200);
        assert!(opened.body.to_string().contains("12345.67"), "{:#}", opened.body);
        fixture.rewrite(&relief, &City::medical_aid("12345.67", "12345.67"));
        let approved = approve(&fixture.office.approver, &relief, fund).expect(200);
        let caps = &approved.body["approval"]["caps"];
        assert_eq!([&caps[0]["cap"], &caps[1]["cap"]],
            [&json!("medical_household_year"), &json!("medical_household_lifetime")]);
        assert_eq!([&caps[0]["year"], &caps[1]["year"]], [&json!(2021), &Value::Null]);

        let much = fixture.reviewed(&City::medical_aid("37654.34", "90000.00"));
        let low = fixture.refuses(&much, fund, 403, "level_too_low");
        assert_eq!(low.text("/needed_level"), "city");
        let passed = approve(&of_city, &much, fund).expect_problem(409, "cap_passed");
        assert_eq!(passed.text("/cap"), "medical_household_year");
        assert_eq!((passed.text("/limit"), passed.text("/left")), ("50000.00".into(), "37654.33".into()));
        fixture.rewrite(&much, &City::medical_aid("37654.33", "90000.00"));
        approve(&of_city, &much, fund).expect(200);
        assert_eq!(fixture.money.balance(&fixture.city.auditor)[1], "50000.00");
    }

    fn above_an_amount_the_city_approves(database: Database) {
        let fixture = Fixture::new(database);
        let of_city = fixture.city.hire("高山", "gaoshan", "approver", &fixture.city.city);
        let fund = &fixture.money.fund;
        let relief = fixture.reviewed(&City::medical_aid("20000.01", "30000.00"));
        let low = fixture.refuses(&relief, fund, 403, "level_too_low");
        assert_eq!(low.text("/needed_level"), "city");
        approve(&of_city, &relief, fund).expect(200);
        let relief = fixture.reviewed(&City::medical_aid("20000.00", "20000.00"));
        approve(&fixture.office.approver, &relief, fund).expect(200);
    }

    fn what_the_city_decides_no_lower_level_rejects_or_takes_back(database: Database) {
        let fixture = Fixture::new(database);
        let (city, of_district) = (&fixture.city, &fixture.office.approver);
        let of_city = city.hire("高山", "gaoshan", "approver", &city.city);
        let allowed =
            |who: &Client, relief: &str| who.get(relief).expect(200).body["allowed_actions"].clone();
        let much = City::medical_aid("20000.01", "30000.00");
        let no = json!({ "reason": "no_funds", "remark": "资金不足" });
        let relief = fixture.reviewed(&much);
        assert_eq!(allowed(of_district, &relief), json!(["return"]));
        assert_eq!(allowed(&of_city, &relief), json!(["return", "approve", "reject"]));
        let low = of_district.act(&relief, "reject", &no).expect_problem(403, "level_too_low");
        assert_eq!((low.text("/needed_level"), &low.body["allowed_actions"]),
            ("city".into(), &json!(["return"])));
        of_city.act(&relief, "reject", &no).expect(200);

        let words = json!({ "remark": "重复申请" });
        let relief = fixture.reviewed(&much);
        approve(&of_city, &relief, &fixture.money.fund).expect(200);
        assert_eq!(allowed(of_district, &relief), json!([]));
        let low = of_district.act(&relief, "cancel", &words).expect_problem(403, "level_too_low");
        assert_eq!(low.text("/needed_level"), "city");
        assert_eq!(allowed(&of_city, &relief), json!(["cancel"]));
        of_city.act(&relief, "cancel", &words).expect(200);

        let draft = city.draft(&fixture.case, &much);
        let thrown = city.caseworker.act(&draft, "cancel", &words).expect(200);
        assert_eq!(thrown.text("/state"), "cancelled", "a draft takes no level");
    }

    fn a_student_is_helped_once_a_year_up_to_the_stages_cap(database: Database) {
        let fixture = Fixture::new(database);
        let fund = &fixture.money.fund;
        let relief = fixture.reviewed(&City::education_aid("10000.01", &fixture.daughter));
        let passed = fixture.refuses(&relief, fund, 409, "cap_passed");
        assert_eq!(passed.text("/cap"), "education_student_year");
        assert_eq!((passed.text("/limit"), passed.text("/left")), ("10000.00".into(), "10000.00".into()));
        fixture.rewrite(&relief, &City::education_aid("4000.00", &fixture.daughter));
        approve(&fixture.office.approver, &relief, fund).expect(200);
        let second = fixture.reviewed(&City::education_aid("4000.00", &fixture.daughter));
        let often = fixture.refuses(&second, fund, 409, "too_often");
        assert_eq!((often.text("/cap"), &often.body["limit"]), ("education_student_year".into(), &json!(1)));

        let mut father = City::living_aid("100.00");
        with(&mut father, &json!({ "aid_type": "education" }));
        let father = fixture.city.caseworker.post(&format!("{}/reliefs", fixture.case), &father);
        father.expect_problem(409, "not_a_student");
    }

    fn a_fund_is_named_fits_and_has_the_money(database: Database) {
        let fixture = Fixture::new(database);
        let (city, approver) = (&fixture.city, &fixture.office.approver);
        let relief = fixture.reviewed(&City::living_aid("3000.00"));
        let none = approver.act(&relief, "approve", &json!({}));
        let none = none.expect_problem(400, "invalid_request");
        assert_eq!((none.text("/errors/0/pointer"), none.text("/errors/0/code")),
            ("/fund_id".into(), "required".into()));
        let unknown = approve(approver, &relief, &fixture.daughter);
        let unknown = unknown.expect_problem(400, "invalid_request");
        assert_eq!(unknown.text("/errors/0/code"), "not_found");

        let empty = fixture.fund(&city.tongguan, "区级资金", &json!({}));
        fixture.refuses(&relief, &empty, 409, "fund_short");
        fixture.allocate(&empty, "2999.99");
        fixture.refuses(&relief, &empty, 409, "fund_short");
        for (organization, fields) in [
            (&city.yian, json!({})),
            (&city.street, json!({})),
            (&city.tongguan, json!({ "aid_types": ["education", "medical"] })),
            (&city.tongguan, json!({ "year": 2022 })),
        ] {
            let unfit = fixture.fund(organization, "另一项资金", &fields);
            fixture.allocate(&unfit, "100000.00");
            fixture.refuses(&relief, &unfit, 409, "fund_unfit");
        }
        let mut named = City::living_aid("2999.99");
        named["fund_id"] = empty.clone().into();
        fixture.rewrite(&relief, &named);
        let approved = approver.act(&relief, "approve", &json!({})).expect(200);
        assert_eq!(approved.text("/fund/id"), empty, "the draft names it");
        let read = city.auditor.get(&format!("/v1/funds/{empty}")).expect(200);
        assert_eq!(read.text("/balance/available"), "0.00");

        let older = fixture.fund(&city.city, "上年结转", &json!({ "year": 2020 }));
        fixture.allocate(&older, "1000.00");
        named["amount"] = "1000.00".into();
        let second = fixture.reviewed(&named);
        approve(approver, &second, &older).expect(200);
    }

    fn in_an_emergency_help_comes_before_the_papers(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        city.visit(&office, &case, &worker);
        city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        let urgent = json!({ "path": "emergency", "remark": "明日手术" });
        city.caseworker.act(&case, "submit", &urgent).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect(200);
        city.approved_relief(&office, &money, &case, &City::medical_aid("5000.00", "5000.00"));
        let batch = money.send();
        money.pay_all(&batch, &city.today());
        assert_eq!(city.today(), "2021-01-04", "all of it in one day");
        assert_eq!(money.balance(&city.auditor)[3], "5000.00");
    }

    fn evidence_that_is_a_year_old_blocks(database: Database) {
        let fixture = Fixture::new(database);
        let relief = fixture.reviewed(&City::living_aid("3000.00"));
        fixture.city.pass("2022-01-03");
        let fund = json!({ "fund_id": fixture.money.fund });
        // Visit, comparison and assessment are of 2021-01-04, and good for 365 days.
        assert_eq!(fixture.city.today(), "2022-01-04");
        let etag = fixture.office.approver.get(&relief).expect(200).etag();
        fixture.city.server.clock.advance_days(1);
        let [caseworker, approver] =
            ["chenchen", "heping"].map(|login| sign_in(&fixture.city.server, login));
        assert_eq!(approver.get(&relief).expect(200).etag(), etag);
        let blocked = approver.act(&relief, "approve", &fund).expect_problem(409, "blocked");
        let expired = ["visit_expired", "comparison_expired", "assessment_expired"];
        assert_eq!(blocked.codes("blockers"), expired);
        caseworker.post(&format!("{}/assessments", fixture.case), &json!({})).expect(201);
        let blocked = approver.act(&relief, "approve", &fund).expect_problem(409, "blocked");
        assert_eq!(blocked.codes("blockers"), ["visit_expired", "comparison_expired"]);
    }

    fn what_has_changed_in_the_household_is_looked_at_again(database: Database) {
        let fixture = Fixture::new(database);
        let (city, fund) = (&fixture.city, &fixture.money.fund);
        let worker = city.caseworker.get(&fixture.case).expect(200).text("/members/0/person_id");
        let relief = fixture.reviewed(&City::education_aid("3000.00", &fixture.daughter));
        let mut alone = City::household(&worker, 1);
        alone["members"].as_array_mut().expect("members").truncate(1);
        let etag = city.caseworker.get(&fixture.case).expect(200).etag();
        city.caseworker.put(&format!("{}/household", fixture.case), &alone, &etag).expect(200);
        let blocked = fixture.refuses(&relief, fund, 409, "blocked");
        assert_eq!(blocked.codes("blockers"), ["assessment_stale"]);
        city.caseworker.post(&format!("{}/assessments", fixture.case), &json!({})).expect(201);
        fixture.refuses(&relief, fund, 409, "not_a_member");
        let gone = City::education_aid("3000.00", &fixture.daughter);
        let gone = city.caseworker.post(&format!("{}/reliefs", fixture.case), &gone);
        let gone = gone.expect_problem(400, "invalid_request");
        assert_eq!(gone.text("/errors/0/pointer"), "/beneficiary_id");
    }

    fn aid_is_for_households_in_the_archive(database: Database) {
        let fixture = Fixture::new(database);
        let city = &fixture.city;
        let body = City::living_aid("3000.00");
        let (reviewed, draft) = (fixture.reviewed(&body), city.draft(&fixture.case, &body));
        fixture.office.approver.act(&fixture.case, "exit", &json!({ "reason": "own_wish" })).expect(200);
        fixture.refuses(&reviewed, &fixture.money.fund, 409, "not_enrolled");
        let late = city.caseworker.act(&draft, "submit", &json!({}));
        late.expect_problem(409, "not_enrolled");
        let late = city.caseworker.post(&format!("{}/reliefs", fixture.case), &body);
        late.expect_problem(409, "not_enrolled");
        let (fresh, _) = city.identified(&fixture.office, "王芳", 2);
        let early = city.caseworker.post(&format!("{fresh}/reliefs"), &body);
        early.expect_problem(409, "not_enrolled");
        let words = json!({ "remark": "家庭已退档" });
        city.caseworker.act(&draft, "cancel", &words).expect(200);
        city.caseworker.act(&reviewed, "cancel", &words).expect(200);
    }
}
