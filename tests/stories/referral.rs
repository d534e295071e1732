//! A patient is found, and the hospital learns the outcome of the referral.

use harness::{City, Database, http::Headers, on_both_databases};
use serde_json::json;

on_both_databases! {
    fn a_hospital_refers_and_a_caseworker_accepts(database: Database) {
        let city = City::start(database);

        let sent = city.hospital.post("/v1/referrals", &City::referral("ZY-1", "张明", 1));
        let sent = sent.expect(201);
        let referral = sent.text("/id");
        assert_eq!(sent.header("location"), Some(format!("/v1/referrals/{referral}").as_str()));
        assert_eq!(sent.text("/state"), "received");
        assert!(sent.body.get("masked").is_none(), "answers to POST carry no personal value");

        let path = format!("/v1/referrals/{referral}");
        let read = city.caseworker.get(&path).expect(200);
        assert_eq!(read.text("/masked/identity/patient/name"), "张*");
        assert_eq!(read.body["allowed_actions"], json!(["accept", "decline"]));

        let opened = city.caseworker.post(
            &format!("{path}/reveal"),
            &json!({ "groups": ["identity", "health"], "reason": "首次联系前核对" }),
        );
        let opened = opened.expect(200);
        assert_eq!(opened.text("/groups/identity/patient/name"), "张明");
        assert_eq!(opened.text("/groups/health/department"), "肿瘤科");

        let accepted = city.caseworker.post_with(
            &format!("{path}/accept"),
            &json!({ "organization_id": city.street }),
            &Headers::if_match(read.etag()),
        );
        let accepted = accepted.expect(200);
        assert_eq!(accepted.text("/referral/state"), "accepted");
        assert_eq!(accepted.text("/case/state"), "applied");
        assert_eq!(accepted.text("/case/organization/id"), city.street);

        let case = format!("/v1/cases/{}", accepted.text("/case/id"));
        let case = city.caseworker.get(&case).expect(200);
        assert_eq!(case.text("/members/0/masked/identity/name"), "张*");

        let told = city.hospital.get(&path).expect(200);
        assert_eq!(told.text("/progress"), "in_progress");
        assert!(told.body.get("case_id").is_none(), "of a case a hospital sees the progress only");

        let revealed = city.caseworker.post(
            &format!("{path}/reveal"),
            &json!({ "groups": ["identity", "contact", "money"], "reason": "受理后核对" }),
        );
        let revealed = revealed.expect(200);
        assert_eq!(revealed.text("/groups/identity/source_reference"), "ZY-1");
        assert_eq!(revealed.text("/groups/contact/patient_phone"), "13905620000");
    }
}
