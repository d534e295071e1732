//! A city is installed once, by the holder of its token, with two different people.

use harness::{
    Client, Database, TestServer,
    city::{PASSWORD, identity_number},
    on_both_databases,
};
use serde_json::{Value, json};

use crate::common::{at_once, count};

fn city(first: (u32, &str), second: (u32, &str)) -> Value {
    let administrator = |(serial, login): (u32, &str)| {
        json!({
            "name": "李静", "identity_number": identity_number("19800101", serial),
            "login": login, "password": PASSWORD,
        })
    };
    json!({
        "city": { "name": "铜陵市总工会", "division": "340700" },
        "administrators": [administrator(first), administrator(second)],
    })
}

fn installer(server: &TestServer) -> Client {
    server.anonymous.with_token(server.store.keyring().installation_token())
}

on_both_databases! {
    fn a_city_is_installed_once(database: Database) {
        let server = TestServer::start(database);
        let installer = installer(&server);
        let body = city((1, "lijing"), (2, "wangwei"));

        for token in ["", "zq7marker", &PASSWORD.repeat(2)] {
            let stranger = server.anonymous.with_token(token);
            let refused = stranger.post("/v1/installation", &body);
            refused.expect_problem(401, "unauthenticated");
        }
        server.anonymous.post("/v1/installation", &body).expect_problem(401, "unauthenticated");
        let signed_in = json!({ "login": "lijing", "password": PASSWORD });
        server.anonymous.post("/v1/sessions", &signed_in).expect_problem(401, "sign_in_failed");
        installer.get("/v1/organizations").expect_problem(401, "unauthenticated");

        let done = installer.post("/v1/installation", &body).expect(201);
        let location = format!("/v1/organizations/{}", done.text("/organization/id"));
        assert_eq!(done.header("location"), Some(location.as_str()));
        assert_eq!(done.version(), 1);

        let again = installer.post("/v1/installation", &body);
        again.expect_problem(409, "already_installed");
        let other = installer.post("/v1/installation", &city((3, "zhaomin"), (4, "sunli")));
        other.expect_problem(409, "already_installed");
        let stranger = server.anonymous.post("/v1/installation", &body);
        stranger.expect_problem(401, "unauthenticated");
        installer.get("/v1/organizations").expect_problem(401, "unauthenticated");

        let token = server.anonymous.post("/v1/sessions", &signed_in).expect(201);
        let administrator = server.anonymous.with_token(&token.text("/access_token"));
        let found = administrator.get(&location).expect(200);
        assert_eq!((found.text("/level"), found.version()), ("city".to_owned(), done.version()));
        let units = administrator.get("/v1/organizations").body.clone();
        assert_eq!(units["items"].as_array().map(Vec::len), Some(1));
        let person = json!({ "login": "zhaomin", "password": PASSWORD });
        server.anonymous.post("/v1/sessions", &person).expect_problem(401, "sign_in_failed");
    }

    fn of_three_installations_at_once_one_is_done(database: Database) {
        let server = TestServer::start(database);
        let installer = installer(&server);
        let answers = at_once(3, |number| {
            let serial = u32::try_from(number).expect("small") * 2;
            let logins = [format!("first-{number}"), format!("second-{number}")];
            let [first, second] = &logins;
            installer.post("/v1/installation", &city((serial, first), (serial + 1, second)))
        });
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 2), "{answers:#?}");
        let cities = server.lines("SELECT level AS line FROM organizations");
        assert_eq!(cities.len(), 1);
    }
}

#[test]
fn the_first_two_administrators_are_two_people() {
    let server = TestServer::start(Database::Sqlite);
    let installer = installer(&server);
    let one = city((1, "lijing"), (1, "wangwei"));
    installer.post("/v1/installation", &one).expect_problem(400, "same_person");
    let one = city((1, "lijing"), (2, "lijing"));
    installer.post("/v1/installation", &one).expect_problem(400, "same_person");

    let mut body = city((1, "lijing"), (2, "wangwei"));
    body["administrators"][1]["password"] = json!("zq7marker");
    body["administrators"][0]["identity_number"] = json!("zq7marker");
    body["city"]["division"] = json!("zq7marker");
    let wrong = installer.post("/v1/installation", &body).expect_problem(400, "invalid_request");
    assert_eq!(wrong.body["errors"].as_array().map(Vec::len), Some(3));
    assert!(!wrong.body.to_string().contains("zq7marker"));

    for number in [1, 3] {
        let mut body = city((1, "lijing"), (2, "wangwei"));
        let administrators = body["administrators"].as_array_mut().unwrap();
        administrators.resize(number, administrators[0].clone());
        installer.post("/v1/installation", &body).expect(400);
    }
    installer.post("/v1/installation", &city((1, "lijing"), (2, "wangwei"))).expect(201);
}
