//! Registers: one natural person, one account, one place in the tree.

use harness::{
    City, Database,
    city::{PASSWORD, identity_number},
    http::Headers,
    on_both_databases,
};
use serde_json::{Value, json};

use crate::common::{at_once, count, decide, ids};

fn person(serial: u32) -> Value {
    json!({ "name": "王芳", "identity_number": identity_number("19921113", serial) })
}

on_both_databases! {
    fn sixteen_registrations_of_one_person_at_once_make_one(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let before = ids(&first.get("/v1/people")).len();

        let answers = at_once(16, |number| {
            let by = if number % 2 == 0 { first } else { second };
            by.post("/v1/people", &person(1))
        });

        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 15), "{answers:#?}");
        let id = answers.first().expect("an answer").text("/id");
        assert!(answers.iter().all(|answer| answer.text("/id") == id));
        assert_eq!(ids(&first.get("/v1/people")).len(), before + 1);
    }

    fn an_administrator_learns_nobodys_name_by_their_number(database: Database) {
        let city = City::start(database);
        let path = crate::common::refer(&city.hospital, "ZY-1", 1);
        let headers = Headers::if_match(city.caseworker.get(&path).etag());
        let accept = format!("{path}/accept");
        city.caseworker.post_with(&accept, &json!({}), &headers).expect(200);
        let [first, _] = &city.administrators;
        let number = identity_number("19751224", 1);
        let guess = json!({ "name": "无名", "identity_number": number });
        first.post("/v1/people", &guess).expect_problem(409, "person_differs");
        let people = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM people WHERE NOT staff";
        assert_eq!(city.server.lines(people), ["1"], "nobody became staff");

        let known = json!({ "name": "张明", "identity_number": number });
        let known = first.post("/v1/people", &known).expect(200);
        let read = first.get(&format!("/v1/people/{}", known.text("/id"))).expect(200);
        assert!(read.body["masked"].get("contact").is_none(), "{:#}", read.body);
    }

    fn of_four_accounts_for_one_person_at_once_one_is_opened(database: Database) {
        let city = City::start(database);
        let [first, _] = &city.administrators;
        let id = first.post("/v1/people", &person(1)).expect(201).text("/id");
        let open = |login: &str| {
            let body = json!({ "person_id": id, "login": login, "password": PASSWORD });
            first.post("/v1/accounts", &body)
        };

        let answers = at_once(4, |number| open(&format!("wangfang-{number}")));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 3), "{answers:#?}");
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.into_iter().all(|answer| answer.code() == "account_exists"));
        open("later").expect_problem(409, "account_exists");
        assert!(first.get(&format!("/v1/people/{id}")).body["account_id"].is_string());
    }

    fn of_four_people_who_want_one_login_at_once_one_gets_it(database: Database) {
        let city = City::start(database);
        let [first, _] = &city.administrators;
        let people: Vec<_> = (1..=4)
            .map(|serial| first.post("/v1/people", &person(serial)).expect(201).text("/id"))
            .collect();

        let answers = at_once(4, |number| {
            let id = people.get(number).expect("a person");
            let body = json!({ "person_id": id, "login": "wangfang", "password": PASSWORD });
            first.post("/v1/accounts", &body)
        });
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 3), "{answers:#?}");
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.into_iter().all(|answer| answer.code() == "login_taken"));
    }

    fn a_grant_is_decided_once(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let body = json!({
            "person_id": city.auditor.id, "role": "reviewer", "organization_id": city.yian,
        });
        let proposed = first.post("/v1/grants", &body).expect(201);
        let path = format!("/v1/grants/{}", proposed.text("/id"));
        let answers = at_once(6, |number| {
            let command = if number % 2 == 0 { "approve" } else { "refuse" };
            let headers = Headers::if_match("\"1\"");
            second.post_with(&format!("{path}/{command}"), &json!({}), &headers)
        });
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 5), "{answers:#?}");
        let decided = answers.iter().find(|answer| answer.status == 200).expect("a decision");
        assert_eq!(second.get(&path).text("/state"), decided.text("/state"));
    }
}

#[test]
fn a_role_fits_its_holder() {
    let city = City::start(Database::Sqlite);
    let [first, _] = &city.administrators;
    let propose = |holder: &str, id: &str, role: &str| {
        let body = json!({ holder: id, "role": role, "organization_id": city.city });
        first.post("/v1/grants", &body)
    };
    for (holder, id, role) in [
        ("person_id", &city.auditor.id, "referrer"),
        ("client_id", &city.hospital.id, "caseworker"),
        ("client_id", &city.hospital.id, "hotline"),
        ("client_id", &city.hospital.id, "bank"),
    ] {
        let refused = propose(holder, id, role).expect_problem(409, "role_unfit");
        assert_eq!((refused.text("/state"), refused.text("/command")), ("none".into(), "propose".into()));
    }
    let own = propose("person_id", &first.id, "auditor");
    own.expect_problem(403, "own_matter");
    let machine = propose("person_id", &city.hospital.id, "auditor");
    machine.expect_problem(400, "invalid_request");
    propose("client_id", &city.hospital.id, "referrer").expect(201);
}

#[test]
fn a_unit_lies_below_its_parent() {
    let city = City::start(Database::Sqlite);
    let enter = |parent: &str, level: &str| {
        let body = json!({ "parent_id": parent, "level": level, "name": "工会" });
        city.system_administrator.post("/v1/organizations", &body)
    };
    for (parent, level) in [
        (&city.city, "city"),
        (&city.tongguan, "city"),
        (&city.tongguan, "county"),
        (&city.street, "county"),
        (&city.street, "street_town"),
    ] {
        enter(parent, level).expect_problem(409, "level_not_below");
    }
    let unit = enter(&city.street, "basic_union").expect(201);
    assert_eq!(unit.text("/parent/id"), city.street);
    let path = unit.header("location").expect("a location").to_owned();
    let read = city.system_administrator.get(&path).expect(200);
    assert_eq!((read.etag(), &read.body), (unit.etag(), &unit.body));
    enter(&unit.text("/id"), "basic_union").expect_problem(409, "level_not_below");
}

#[test]
fn what_is_registered_stands_where_its_location_says() {
    let city = City::start(Database::Sqlite);
    let ([security, _], system) = (&city.administrators, &city.system_administrator);
    let source = json!({ "kind": "hotline", "name": "12351", "organization_id": city.city });
    for (by, path, body) in [
        (security, "/v1/people", person(1)),
        (system, "/v1/sources", source),
        (system, "/v1/clients", json!({ "name": "化验系统" })),
    ] {
        let made = by.post(path, &body).expect(201);
        let location = made.header("location").expect("a location").to_owned();
        assert_eq!(location, format!("{path}/{}", made.text("/id")));
        let read = by.get(&location).expect(200);
        assert_eq!(read.version(), made.version());
        assert_eq!(read.body["version"], 1);
        assert!(ids(&by.get(path)).contains(&made.text("/id")));
    }
    let twin = security.post("/v1/people", &person(1)).expect(200);
    assert!(twin.header("location").is_none());
    let me = format!("/v1/people/{}", city.caseworker.id);
    assert_eq!(security.get(&me).text("/name"), "陈晨");
    city.caseworker.get(&me).expect_problem(404, "not_found");
    decide(security, &me, "nonsense", &json!({})).expect_problem(404, "not_found");
}
