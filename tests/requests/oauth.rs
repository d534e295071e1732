//! Tokens for machines, by RFC 6749.

use harness::{City, Database};
use serde_json::{Value, json};

use crate::{common::nowhere, copy::Copy};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Base 64 (RFC 4648).
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| usize::from(chunk.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for digit in 0..4 {
            let value = DIGITS.get((bits >> (18 - 6 * digit)) & 63);
            let value = value.filter(|_| digit <= chunk.len());
            encoded.push(value.map_or('=', |digit| char::from(*digit)));
        }
    }
    encoded
}

/// A city with a machine client: the server, its id and its secret.
fn with_client() -> (City, Copy, String, String) {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let body = json!({ "name": "市第二医院 HIS", "source_id": city.hospital_source });
    let client = city.system_administrator.post("/v1/clients", &body).expect(201);
    let (id, secret) = (client.text("/id"), client.text("/client_secret"));
    (city, copy, id, secret)
}

#[test]
fn base64_is_right() {
    let encoded = ["", "f", "fo", "foo", "foob"].map(base64);
    assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
}

#[test]
fn id_and_secret_come_in_the_form_or_by_basic() {
    let (city, copy, id, secret) = with_client();
    let basic = format!("Basic {}", base64(&format!("{id}:{secret}")));
    let grant = "grant_type=client_credentials";
    let form = format!("{grant}&client_id={id}&client_secret={secret}");
    for (headers, form) in [
        (vec![FORM], form.as_str()),
        (vec![FORM, ("authorization", basic.as_str())], grant),
        (vec![("content-type", "application/x-www-form-urlencoded; charset=UTF-8")], &form),
    ] {
        let answer = copy.send("POST", "/oauth/token", &headers, form);
        assert_eq!(answer.status(), 200, "{}", answer.body());
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["content-type"], "application/json");
        let token: Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!(token["token_type"], "Bearer");
        assert_eq!(token["expires_in"], 31 * 86_400);
        let client = city.server.anonymous.with_token(token["access_token"].as_str().unwrap());
        let listed = client.get("/v1/referrals").expect(200);
        assert_eq!(listed.body["items"], json!([]), "a client without a grant sees nothing");
        let sent = client.post("/v1/referrals", &City::referral("ZY-1", "张明", 1));
        sent.expect_problem(403, "forbidden");
    }
}

#[test]
fn errors_are_those_of_the_standard() {
    let (_city, copy, id, secret) = with_client();
    let stranger = nowhere();
    let grant = "grant_type=client_credentials";
    for (form, status, error) in [
        (format!("grant_type=password&client_id={id}&client_secret={secret}"), 400, "unsupported_grant_type"),
        (format!("grant_type=authorization_code&client_id={id}&client_secret={secret}"), 400, "unsupported_grant_type"),
        (format!("client_id={id}&client_secret={secret}"), 400, "invalid_request"),
        (format!("{grant}&{grant}&client_id={id}&client_secret={secret}"), 400, "invalid_request"),
        (String::new(), 400, "invalid_request"),
        (format!("{grant}&client_id={id}&client_secret=zq7marker"), 401, "invalid_client"),
        (format!("{grant}&client_id={id}&client_secret={secret}A"), 401, "invalid_client"),
        (format!("{grant}&client_id={id}&client_secret=%00"), 401, "invalid_client"),
        (format!("{grant}&client_id={stranger}&client_secret={secret}"), 401, "invalid_client"),
        (format!("{grant}&client_id=zq7marker&client_secret={secret}"), 401, "invalid_client"),
    ] {
        let answer = copy.send("POST", "/oauth/token", &[FORM], &form);
        assert_eq!(answer.status(), status, "{}", answer.body());
        assert_eq!(answer.body(), &format!("{{\"error\":\"{error}\"}}"));
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    for unauthenticated in [grant.to_owned(), format!("{grant}&client_id={id}")] {
        let answer = copy.send("POST", "/oauth/token", &[FORM], &unauthenticated);
        assert!([400, 401].contains(&answer.status().as_u16()));
        assert!(
            ["{\"error\":\"invalid_request\"}", "{\"error\":\"invalid_client\"}"].contains(&answer.body().as_str())
        );
    }
    let json = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    let json = copy.send("POST", "/oauth/token", &[("content-type", "application/json")], &json.to_string());
    assert_eq!((json.status().as_u16(), json.body().as_str()), (400, "{\"error\":\"invalid_request\"}"));
}

#[test]
fn a_wrong_secret_by_basic_is_refused() {
    let (_city, copy, id, secret) = with_client();
    for credentials in [format!("{id}:zq7marker"), format!("zq7marker:{secret}"), format!("{id}:")] {
        let basic = format!("Basic {}", base64(&credentials));
        let headers = [FORM, ("authorization", basic.as_str())];
        let answer = copy.send("POST", "/oauth/token", &headers, "grant_type=client_credentials");
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.body(), "{\"error\":\"invalid_client\"}");
    }
}
