//! After the commit every unit of work gets its place in one order.

use harness::{City, Database, on_both_databases};

const UNITS: &str = "SELECT CAST(COUNT(DISTINCT unit_of_work) AS TEXT) AS line FROM journal";
const WAITING: &str = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM unsealed";
/// Positions whose seal does not follow the one before in number, time and hash.
const BROKEN: &str = "SELECT CAST(s.position AS TEXT) AS line FROM seals s \
     LEFT JOIN seals p ON p.position = s.position - 1 WHERE s.position > 1 AND \
     (p.position IS NULL OR p.known_at >= s.known_at OR p.hash <> s.previous_hash)";
/// Events whose stream's event before was sealed later.
const OUT_OF_ORDER: &str = "SELECT j.event_type AS line FROM journal j \
     JOIN seals s ON s.unit_of_work = j.unit_of_work \
     JOIN journal b ON b.stream_kind = j.stream_kind AND b.stream_id = j.stream_id \
       AND b.version = j.version - 1 \
     JOIN seals t ON t.unit_of_work = b.unit_of_work WHERE t.position > s.position";

on_both_databases! {
    fn seals_are_gapless_and_follow_each_stream(database: Database) {
        let city = City::start(database);
        std::thread::scope(|scope| {
            for thread in 0..6_u32 {
                let hospital = city.hospital.clone();
                scope.spawn(move || {
                    for i in 0..8_u32 {
                        let reference = format!("ZY-{thread}-{i}");
                        let referral = City::referral(&reference, "张明", thread * 20 + i);
                        let sent = hospital.post("/v1/referrals", &referral).expect(201);
                        let withdraw = format!("/v1/referrals/{}/withdraw", sent.text("/id"));
                        hospital.post(&withdraw, &serde_json::json!({})).expect(200);
                    }
                });
            }
        });
        let last = city.server.block_on(city.server.store.seal()).unwrap().unwrap();
        assert_eq!(city.server.lines(UNITS), [last.position.to_string()]);
        assert_eq!(city.server.lines(WAITING), ["0"]);
        assert_eq!(city.server.lines(BROKEN), [""; 0]);
        assert_eq!(city.server.lines(OUT_OF_ORDER), [""; 0]);
    }
}
