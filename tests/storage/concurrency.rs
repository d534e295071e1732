//! Many at once, on PostgreSQL, where one writer does not hide a race.

use harness::{City, Database, http::Headers};
use serde_json::json;

#[test]
fn of_two_caseworkers_who_accept_at_once_one_does() {
    let city = City::start(Database::Postgres);
    for round in 0..5 {
        let referral = City::referral(&format!("ZY-{round}"), "张明", 10 + round);
        let sent = city.hospital.post("/v1/referrals", &referral).expect(201);
        let path = format!("/v1/referrals/{}/accept", sent.text("/id"));
        let headers = Headers::if_match(sent.etag());
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let accept = || city.caseworker.post_with(&path, &json!({}), &headers).status;
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(accept)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412]);
    }
}

#[test]
fn one_patient_of_many_referrals_gets_one_case_and_is_one_person() {
    let city = City::start(Database::Postgres);
    let sent: Vec<_> = (0..6)
        .map(|i| {
            let referral = City::referral(&format!("ZY-{i}"), "张明", 1);
            city.hospital.post("/v1/referrals", &referral).expect(201)
        })
        .collect();
    let mut statuses: Vec<(u16, bool)> = std::thread::scope(|scope| {
        let threads: Vec<_> = sent
            .iter()
            .map(|sent| {
                let caseworker = city.caseworker.clone();
                scope.spawn(move || {
                    let path = format!("/v1/referrals/{}/accept", sent.text("/id"));
                    let headers = Headers::if_match(sent.etag());
                    let answer = caseworker.post_with(&path, &json!({}), &headers);
                    (answer.status, answer.body["code"] == "active_case_exists")
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    let refused = (409, true);
    assert_eq!(statuses, [(200, false), refused, refused, refused, refused, refused]);
    let people = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM people WHERE NOT staff";
    assert_eq!(city.server.lines(people), ["1"]);
}
