//! Further people and machines of a city, with the roles that a test gives them, or with none.

use harness::{
    Answer, City, Client, Person,
    city::{PASSWORD, identity_number, sign_in},
    http::Headers,
};
use serde_json::json;

/// The identity number of the person registered with this serial.
pub fn number(serial: u32) -> String {
    identity_number("19930303", serial)
}

/// A member of staff without an account.
pub fn register(city: &City, name: &str, serial: u32) -> String {
    let body = json!({ "name": name, "identity_number": number(serial) });
    city.administrators[0].post("/v1/people", &body).expect(201).text("/id")
}

/// A member of staff who can sign in and holds no role.
pub fn newcomer(city: &City, name: &str, login: &str, serial: u32) -> Person {
    let id = register(city, name, serial);
    let body = json!({ "person_id": id, "login": login, "password": PASSWORD });
    city.administrators[0].post("/v1/accounts", &body).expect(201);
    Person { id, client: sign_in(&city.server, login) }
}

/// A client that has a token and no role.
pub fn connect(city: &City, name: &str, source: Option<&str>) -> Person {
    city.connect(name, source)
}

/// A source of this kind, whose referrals the district 铜官区 receives.
pub fn source(city: &City, kind: &str, name: &str) -> String {
    let body = json!({ "kind": kind, "name": name, "organization_id": city.tongguan });
    city.system_administrator.post("/v1/sources", &body).expect(201).text("/id")
}

/// A transition of the version that `who` reads at this moment; of the first where nothing is seen.
pub fn act(who: &Client, path: &str, command: &str, body: &serde_json::Value) -> Answer {
    let read = who.get(path);
    let etag = read.header("etag").unwrap_or("\"1\"");
    who.post_with(&format!("{path}/{command}"), body, &Headers::if_match(etag))
}
