//! What may be wrong in the requests about a case: what is put where, and which error comes of it.

use serde_json::{Value, json};

use crate::{
    common::nowhere,
    wrong::{MARKER, marker, put},
};

/// What is put where, and which error comes of it.
pub type Wrong = (&'static str, Value, &'static str, &'static str);

/// A remark, and more.
pub fn with_remark(more: Vec<Wrong>) -> Vec<Wrong> {
    let mut all = vec![
        ("/remark", marker(2_001), "/remark", "too_long"),
        ("/remark", json!("zq7\u{7}marker"), "/remark", "control_characters"),
        ("/remark", json!(77_001_177), "/remark", "wrong_type"),
    ];
    all.extend(more);
    all
}

/// Of an application.
pub fn applicant_errors() -> Vec<Wrong> {
    let number = "/worker/identity_number";
    vec![
        ("/organization_id", json!(MARKER), "/organization_id", "format"),
        ("/organization_id", json!(nowhere()), "/organization_id", "not_found"),
        ("/worker", json!([MARKER, null]), "/worker", "wrong_type"),
        ("/worker", json!({}), "/worker/name", "required"),
        ("/worker/name", json!(""), "/worker/name", "required"),
        ("/worker/name", marker(51), "/worker/name", "too_long"),
        (number, json!("340705197512240018"), number, "check_digit"),
        (number, json!("340705197502300018"), number, "impossible_date"),
        (number, json!(MARKER), number, "format"),
        ("/worker/zq7marker", json!(MARKER), "/worker", "unknown_field"),
    ]
}

/// Of a household.
pub fn household_errors() -> Vec<Wrong> {
    let member = "/members/1";
    let annual = |value: Value| json!([{ "kind": "wage", "annual": value }]);
    let amount = "/members/1/incomes/0/annual";
    let twenty_one = |item: Value| Value::Array(vec![item; 21]);
    vec![
        ("/members", json!({}), "/members", "wrong_type"),
        ("/members", json!([]), "/members", "out_of_range"),
        ("/members", twenty_one(json!({ "name": MARKER, "relation": "son" })), "/members", "out_of_range"),
        (member, json!([MARKER]), member, "wrong_type"),
        (member, json!({ "name": "张小雨" }), "/members/1/relation", "required"),
        (member, json!({ "relation": "son" }), "/members/1/name", "required"),
        ("/members/1/person_id", json!(MARKER), "/members/1/person_id", "format"),
        ("/members/1/person_id", json!(nowhere()), "/members/1/person_id", "not_found"),
        ("/members/1/name", marker(51), "/members/1/name", "too_long"),
        ("/members/1/identity_number", json!("340705197512240018"), "/members/1/identity_number", "check_digit"),
        ("/members/1/phone", json!("zq7marker12"), "/members/1/phone", "format"),
        ("/members/1/relation", json!(MARKER), "/members/1/relation", "unknown_code"),
        ("/members/1/not_counted", json!(MARKER), "/members/1/not_counted", "unknown_code"),
        ("/members/1/school_stage", json!(MARKER), "/members/1/school_stage", "unknown_code"),
        ("/members/1/health", json!({ "status": MARKER }), "/members/1/health/status", "unknown_code"),
        ("/members/0/health/condition", marker(201), "/members/0/health/condition", "too_long"),
        ("/members/1/incomes", json!({}), "/members/1/incomes", "wrong_type"),
        ("/members/1/incomes", annual(json!("-1.00")), amount, "negative"),
        ("/members/1/incomes", annual(json!("77001.175")), amount, "over_precise"),
        ("/members/1/incomes", annual(json!("77,001.17")), amount, "format"),
        ("/members/1/incomes", annual(json!(77_001)), amount, "wrong_type"),
        ("/members/1/incomes", annual(json!("770011770011770.00")), amount, "out_of_range"),
        (
            "/members/1/incomes",
            json!([{ "kind": MARKER, "annual": "1.00" }]),
            "/members/1/incomes/0/kind",
            "unknown_code",
        ),
        (
            "/members/1/incomes",
            twenty_one(json!({ "kind": "wage", "annual": "1.00" })),
            "/members/1/incomes",
            "out_of_range",
        ),
        (
            "/members/1/expenses",
            json!([{ "kind": "wage", "annual": "1.00" }]),
            "/members/1/expenses/0/kind",
            "unknown_code",
        ),
        ("/members/1/zq7marker", json!(1), member, "unknown_field"),
        ("/causes", json!(["grave_illness"]), "/causes", "wrong_type"),
        ("/causes", json!({ "main": MARKER }), "/causes/main", "unknown_code"),
        ("/causes/others", json!([MARKER]), "/causes/others/0", "unknown_code"),
        ("/causes/others", json!(["schooling", "schooling"]), "/causes/others", "not_distinct"),
        ("/causes/others", json!(["grave_illness"]), "/causes/others", "not_distinct"),
        ("/causes/others", json!(["schooling", "laid_off", "accident", "other"]), "/causes/others", "out_of_range"),
        ("/related_staff", json!([MARKER]), "/related_staff/0", "format"),
        ("/related_staff", json!([nowhere()]), "/related_staff/0", "not_found"),
        ("/address", marker(201), "/address", "too_long"),
        ("/employer", marker(101), "/employer", "too_long"),
        ("/situation", marker(2_001), "/situation", "too_long"),
        ("/dwellings", json!(-1), "/dwellings", "out_of_range"),
        ("/dwellings", json!(1.5), "/dwellings", "format"),
        ("/vehicles", json!(256), "/vehicles", "out_of_range"),
        ("/owns_business", json!("yes"), "/owns_business", "wrong_type"),
        ("/retired", json!(0), "/retired", "wrong_type"),
    ]
}

/// Of a consent.
pub fn consent_errors() -> Vec<Wrong> {
    vec![
        ("/person_id", json!(MARKER), "/person_id", "format"),
        ("/purposes", json!("processing"), "/purposes", "wrong_type"),
        ("/purposes", json!([]), "/purposes", "required"),
        ("/purposes", json!([MARKER]), "/purposes/0", "unknown_code"),
        ("/purposes", json!(["processing", "processing"]), "/purposes", "not_distinct"),
        ("/purposes", Value::Array(vec![json!("processing"); 6]), "/purposes", "out_of_range"),
        ("/signed_on", json!("2021-02-30"), "/signed_on", "impossible_date"),
        ("/signed_on", json!("2021-01-05"), "/signed_on", "in_future"),
        ("/signed_on", json!("2021/01/04"), "/signed_on", "format"),
        ("/signer", json!(MARKER), "/signer", "unknown_code"),
        ("/signer", Value::Null, "/signer", "wrong_type"),
    ]
}

/// Of a visit, made remotely.
pub fn visit_errors() -> Vec<Wrong> {
    let unknown = json!(nowhere());
    vec![
        ("/visited_on", json!("2021-02-29"), "/visited_on", "impossible_date"),
        ("/visited_on", json!("2021-01-05"), "/visited_on", "in_future"),
        ("/mode", json!(MARKER), "/mode", "unknown_code"),
        ("/mode", json!("home"), "/remote_reason", "out_of_range"),
        ("/visitors", json!({}), "/visitors", "wrong_type"),
        ("/visitors", json!([MARKER]), "/visitors/0", "format"),
        ("/visitors", json!([unknown]), "/visitors/0", "not_found"),
        ("/present_member", json!(MARKER), "/present_member", "format"),
        ("/findings", marker(2_001), "/findings", "too_long"),
        ("/findings", json!([MARKER]), "/findings", "wrong_type"),
        ("/remote_reason", marker(201), "/remote_reason", "too_long"),
    ]
}

/// Of the answer to a comparison.
pub fn result_errors() -> Vec<Wrong> {
    let finding = |field: &str, value: Value| {
        let mut finding = json!({ "data": "deposit", "outcome": "hit" });
        put(&mut finding, field, value);
        json!([finding])
    };
    let findings = "/members/0/findings";
    let amount = "/members/0/findings/0/amount";
    vec![
        ("/report_number", json!(""), "/report_number", "required"),
        ("/report_number", marker(65), "/report_number", "too_long"),
        ("/compared_on", json!("2021-13-01"), "/compared_on", "impossible_date"),
        ("/compared_on", json!("2021-01-05"), "/compared_on", "in_future"),
        ("/members", json!({}), "/members", "wrong_type"),
        ("/members/0/person_id", json!(MARKER), "/members/0/person_id", "format"),
        ("/members/0/benefit", json!(MARKER), "/members/0/benefit", "unknown_code"),
        (findings, json!({}), findings, "wrong_type"),
        (findings, Value::Array(vec![json!({ "data": "tax", "outcome": "clear" }); 21]), findings, "out_of_range"),
        (findings, finding("/data", json!(MARKER)), "/members/0/findings/0/data", "unknown_code"),
        (findings, finding("/outcome", json!(MARKER)), "/members/0/findings/0/outcome", "unknown_code"),
        (findings, finding("/count", json!(-1)), "/members/0/findings/0/count", "out_of_range"),
        (findings, finding("/count", json!(65_536)), "/members/0/findings/0/count", "out_of_range"),
        (findings, finding("/amount", json!("-77001.17")), amount, "negative"),
        (findings, finding("/amount", json!("77001.175")), amount, "over_precise"),
        (findings, finding("/as_of", json!("2021-04-31")), "/members/0/findings/0/as_of", "impossible_date"),
    ]
}

/// Of a notice.
pub fn notice_errors() -> Vec<Wrong> {
    vec![
        ("/place", json!(MARKER), "/place", "unknown_code"),
        ("/aid_types", json!("living"), "/aid_types", "wrong_type"),
        ("/aid_types", json!(["medical", MARKER]), "/aid_types/1", "unknown_code"),
        ("/aid_types", Value::Array(vec![json!("living"); 4]), "/aid_types", "out_of_range"),
    ]
}

/// Of an objection.
pub fn objection_errors() -> Vec<Wrong> {
    vec![
        ("/received_on", json!("2021-01-05"), "/received_on", "in_future"),
        ("/received_on", json!("2021-01-03"), "/received_on", "too_early"),
        ("/received_on", json!("2021-00-01"), "/received_on", "impossible_date"),
        ("/text", json!(""), "/text", "required"),
        ("/text", marker(2_001), "/text", "too_long"),
    ]
}

/// Of a search by name.
pub fn search_errors() -> Vec<Wrong> {
    vec![
        ("/phone", json!("13905620000"), "", "exactly_one"),
        ("/name", marker(51), "/name", "too_long"),
        ("/name", Value::Null, "", "exactly_one"),
        ("/identity_number", json!("340705197512240018"), "/identity_number", "check_digit"),
        ("/limit", json!(-1), "/limit", "out_of_range"),
    ]
}

/// Of an opening.
pub fn reveal_errors() -> Vec<Wrong> {
    vec![
        ("/groups", json!([]), "/groups", "out_of_range"),
        ("/groups", json!([MARKER]), "/groups/0", "unknown_code"),
        ("/groups", json!("identity"), "/groups", "wrong_type"),
        ("/reason", json!(" "), "/reason", "required"),
        ("/reason", marker(201), "/reason", "too_long"),
    ]
}
