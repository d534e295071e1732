//! What referrers have to be told is written with what made it so, and nothing that they did themselves.

use bangfu_persistence::rebuild;
use harness::{City, Database, on_both_databases};
use serde_json::json;

const TOLD: &str = "SELECT event_type || ' ' || CAST(version AS TEXT) AS line FROM outbox \
     ORDER BY recorded_at, version";
/// News that do not stand beside their event, or are told to another source.
const STRAY: &str = "SELECT o.event_type AS line FROM outbox o \
     LEFT JOIN journal j ON j.stream_kind = 'referral' AND j.stream_id = o.referral_id \
       AND j.version = o.version AND j.unit_of_work = o.unit_of_work \
       AND j.event_type = o.event_type AND j.recorded_at = o.recorded_at \
     LEFT JOIN referrals r ON r.id = o.referral_id AND r.source_id = o.source_id \
     WHERE j.version IS NULL OR r.id IS NULL";
/// What was told of one referral.
const COMPLETED: &str = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM outbox \
     JOIN referrals ON id = referral_id WHERE outbox.version = referrals.version \
     AND state = 'accepted' AND body LIKE '%\"progress\":\"completed\"%'";

on_both_databases! {
    fn what_the_office_does_is_news_and_what_the_referrer_did_is_not(database: Database) {
        let city = City::start(database);
        let told = || city.server.lines(TOLD);
        let withdrawn = City::referral("ZY-1", "李强", 2);
        let withdrawn = city.hospital.post("/v1/referrals", &withdrawn).expect(201);
        let path = format!("/v1/referrals/{}", withdrawn.text("/id"));
        city.hospital.act(&path, "withdraw", &json!({})).expect(200);
        assert_eq!(told(), [""; 0]);

        let declined = city.other_hospital.post("/v1/referrals", &City::referral("ZY-2", "周涛", 3));
        let path = format!("/v1/referrals/{}", declined.expect(201).text("/id"));
        let reason = json!({ "reason": "unreachable" });
        city.other_caseworker.act(&path, "decline", &reason).expect(200);
        city.other_hospital
            .post(&format!("{path}/acknowledgements"), &json!({ "version": 2 }))
            .expect(200);
        assert_eq!(told(), ["referral.declined 2"]);

        let office = city.office();
        let (referral, case) = city.accepted("ZY-3", "张明", 1);
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        assert_eq!(told(), ["referral.declined 2", "referral.accepted 2"]);
        let remark = json!({ "remark": "请补充病历" });
        office.reviewer.act(&case, "return", &remark).expect(200);
        city.archive(&office, &case);
        let seen = json!({ "version": 4 });
        city.hospital.post(&format!("{referral}/acknowledgements"), &seen).expect(200);
        let before = [
            "referral.declined 2",
            "referral.accepted 2",
            "referral.progressed 3",
            "referral.progressed 4",
        ];
        assert_eq!(told(), before, "on hold, and in progress again");
        assert_eq!(city.server.lines(STRAY), [""; 0]);
    }

    fn a_payment_is_news_once_for_each_who_referred_the_household(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (_, case) = city.accepted("ZY-1", "张明", 1);
        let second = City::referral("ZY-2", "张明", 1);
        let second = city.hospital.post("/v1/referrals", &second).expect(201).text("/id");
        let path = format!("/v1/referrals/{second}");
        let into = json!({ "case_id": case.replace("/v1/cases/", "") });
        city.caseworker.act(&path, "accept", &into).expect(200);
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.archive(&office, &case);
        let mut aid = City::living_aid("200.00");
        aid["instalments"] = json!(["100.00", "100.00"]);
        city.approved_relief(&office, &treasury, &case, &aid);
        let batch = treasury.send();
        let day = city.today();
        let rows = treasury.file(&batch);
        let before = city.server.lines(TOLD).len();
        assert_eq!(city.server.lines(COMPLETED), ["0"]);
        treasury.tell(&batch, &[rows[0].result("paid", &day)]).expect(200);
        assert_eq!(city.server.lines(COMPLETED), ["2"]);
        treasury.tell(&batch, &[rows[0].result("paid", &day)]).expect(200);
        treasury.tell(&batch, &[rows[1].result("paid", &day)]).expect(200);
        let back = [rows[1].failure("returned", &day, "account_closed")];
        treasury.tell(&batch, &back).expect(200);
        assert_eq!(city.server.lines(TOLD).len(), before + 2, "the first payment is told, once");
        assert_eq!(city.server.lines(STRAY), [""; 0]);

        // What was told is no row of the journal's: a rebuild leaves it alone.
        let told = city.server.lines(TOLD);
        city.server.block_on(rebuild::rebuild(&city.server.store)).unwrap();
        assert_eq!(city.server.lines(TOLD), told);
    }
}
