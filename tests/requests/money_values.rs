//! What may be wrong in the requests about money: what is put where, and which error comes of it.

use serde_json::{Value, json};

use crate::{
    case_values::{Wrong, with_remark},
    common::nowhere,
    wrong::{MARKER, marker},
};

/// Of an amount of money that is not optional.
fn amount_errors(at: &'static str) -> Vec<Wrong> {
    vec![
        (at, json!(""), at, "required"),
        (at, json!("-77001.17"), at, "negative"),
        (at, json!("77001.175"), at, "over_precise"),
        (at, json!("77,001.17"), at, "format"),
        (at, json!("7.7e4"), at, "format"),
        (at, json!("+77001.17"), at, "format"),
        (at, json!("七七００１.17"), at, "format"),
        (at, json!("77001177001177.00"), at, "out_of_range"),
        (at, json!(77_001), at, "wrong_type"),
        (at, json!(["77001.17"]), at, "wrong_type"),
    ]
}

/// Of an account.
fn account_errors() -> Vec<Wrong> {
    let (account, number, bank) = ("/account", "/account/number", "/account/bank");
    vec![
        (account, json!([]), account, "wrong_type"),
        (account, json!("6222021302000000009"), account, "wrong_type"),
        (account, json!({}), number, "required"),
        (account, json!({ "number": "6222021302000000009" }), bank, "required"),
        (number, json!(""), number, "required"),
        (number, json!(" - "), number, "required"),
        (number, json!("7700117"), number, "format"),
        (number, json!("7".repeat(33)), number, "format"),
        (number, json!("6222x21302000000009"), number, "format"),
        (number, json!("六二二二0213020000"), number, "format"),
        (number, json!("6222.0213.0200.0000"), number, "format"),
        (number, json!(622_202_130_200_u64), number, "wrong_type"),
        (bank, json!(" "), bank, "required"),
        (bank, marker(61), bank, "too_long"),
        (bank, json!("=HYPERLINK(\"zq7marker\")"), bank, "format"),
        (bank, json!("+86zq7marker"), bank, "format"),
        (bank, json!("-zq7marker"), bank, "format"),
        (bank, json!("@zq7marker"), bank, "format"),
        (bank, json!("＝zq7marker"), bank, "format"),
        (bank, json!("zq7\nmarker"), bank, "control_characters"),
        (bank, json!("zq7\u{7}marker"), bank, "control_characters"),
        ("/account/name", json!(MARKER), account, "unknown_field"),
    ]
}

/// Of a relief of medical aid in two instalments.
pub fn relief_errors() -> Vec<Wrong> {
    let instalments = "/instalments";
    let mut all = vec![
        ("/aid_type", json!(MARKER), "/aid_type", "unknown_code"),
        ("/aid_type", json!(""), "/aid_type", "unknown_code"),
        ("/aid_type", Value::Null, "/aid_type", "wrong_type"),
        ("/aid_type", json!("living"), "/self_paid", "out_of_range"),
        ("/amount", json!("8000.01"), instalments, "total_mismatch"),
        (instalments, json!("8000.00"), instalments, "wrong_type"),
        (instalments, json!([]), instalments, "out_of_range"),
        (instalments, Value::Array(vec![json!("1.00"); 13]), instalments, "out_of_range"),
        (instalments, json!(["8000.01"]), instalments, "total_mismatch"),
        (instalments, json!(["3000.00", "4999.99"]), instalments, "total_mismatch"),
        (instalments, json!(["9999999999999.99", "8000.00"]), instalments, "total_mismatch"),
        (instalments, json!(["8000.00", "0.00"]), "/instalments/1", "out_of_range"),
        (instalments, json!(["8000.00", "-1.00"]), "/instalments/1", "negative"),
        (instalments, json!(["8000.00", "0.001"]), "/instalments/1", "over_precise"),
        (instalments, json!([8_000]), "/instalments/0", "wrong_type"),
        (instalments, json!([["8000.00"]]), "/instalments/0", "wrong_type"),
        ("/beneficiary_id", json!(MARKER), "/beneficiary_id", "format"),
        ("/beneficiary_id", json!(nowhere()), "/beneficiary_id", "not_found"),
        ("/payee_id", json!(MARKER), "/payee_id", "format"),
        ("/payee_id", json!(nowhere()), "/payee_id", "not_found"),
        ("/payee_id", json!([]), "/payee_id", "wrong_type"),
        ("/self_paid", Value::Null, "/self_paid", "required"),
        ("/fund_id", json!(MARKER), "/fund_id", "format"),
        ("/fund_id", json!(nowhere()), "/fund_id", "not_found"),
    ];
    all.extend(amount_errors("/amount"));
    all.extend(amount_errors("/self_paid"));
    all.extend(account_errors());
    with_remark(all)
}

/// Of words that are asked for.
pub fn words_errors() -> Vec<Wrong> {
    with_remark(vec![("/remark", Value::Null, "/remark", "wrong_type"), ("/remark", json!(" "), "/remark", "required")])
}

/// Of an approval.
pub fn approval_errors() -> Vec<Wrong> {
    with_remark(vec![
        ("/fund_id", json!(MARKER), "/fund_id", "format"),
        ("/fund_id", json!(nowhere()), "/fund_id", "not_found"),
        ("/fund_id", Value::Null, "/fund_id", "required"),
    ])
}

/// Of a correction of an account.
pub fn correction_errors() -> Vec<Wrong> {
    let line = |value: Value, code: &'static str| ("/line", value, "/line", code);
    let mut all = vec![
        line(json!(-1), "out_of_range"),
        line(json!(256), "out_of_range"),
        line(json!(1.5), "format"),
        line(json!("1"), "wrong_type"),
        line(json!([]), "wrong_type"),
    ];
    all.extend(account_errors());
    all
}

/// Of a fund.
pub fn fund_errors() -> Vec<Wrong> {
    let (organization, kinds, payer) = ("/organization_id", "/aid_types", "/payer_account");
    vec![
        (organization, json!(MARKER), organization, "format"),
        (organization, json!(nowhere()), organization, "not_found"),
        ("/name", json!(" "), "/name", "required"),
        ("/name", marker(101), "/name", "too_long"),
        ("/name", json!("zq7\u{7}marker"), "/name", "control_characters"),
        ("/name", Value::Null, "/name", "wrong_type"),
        ("/source", json!(MARKER), "/source", "unknown_code"),
        ("/year", json!(1_999), "/year", "out_of_range"),
        ("/year", json!(2_201), "/year", "out_of_range"),
        ("/year", json!(40_000), "/year", "out_of_range"),
        ("/year", json!("2021"), "/year", "wrong_type"),
        (kinds, json!("living"), kinds, "wrong_type"),
        (kinds, json!([]), kinds, "out_of_range"),
        (kinds, json!(["living", MARKER]), "/aid_types/1", "unknown_code"),
        (kinds, json!([["living"]]), "/aid_types/0", "wrong_type"),
        (payer, json!(""), payer, "required"),
        (payer, json!("340"), payer, "format"),
        (payer, json!("3".repeat(41)), payer, "format"),
        (payer, json!("3405_0166"), payer, "format"),
        (payer, json!("铜陵专户"), payer, "format"),
    ]
}

/// Of an allocation.
pub fn allocation_errors() -> Vec<Wrong> {
    let (day, number) = ("/effective_day", "/document_number");
    let mut all = vec![
        ("/amount", json!("0.00"), "/amount", "out_of_range"),
        (day, json!("2021-02-29"), day, "impossible_date"),
        (day, json!("2099-01-01"), day, "in_future"),
        (day, json!("2021/01/04"), day, "format"),
        (day, json!("1849-12-31"), day, "out_of_range"),
        (day, Value::Null, day, "wrong_type"),
        (number, json!(" "), number, "required"),
        (number, marker(65), number, "too_long"),
        (number, json!("zq7\u{7}marker"), number, "control_characters"),
    ];
    all.extend(amount_errors("/amount"));
    all
}

/// Of a batch whose references are those of one relief.
pub fn batch_errors(fund: &str, reference: &str) -> Vec<Wrong> {
    let (funds, references) = ("/fund_ids", "/references");
    let never = format!("{}0103", reference.split_at(26).0);
    let many = |count: u32| {
        let one = |number: u32| json!(format!("{}{number:04}", reference.split_at(26).0));
        (0..count).map(one).collect::<Value>()
    };
    vec![
        (funds, json!(fund), funds, "wrong_type"),
        (funds, json!([]), funds, "out_of_range"),
        (funds, Value::Array(vec![json!(fund); 21]), funds, "out_of_range"),
        (funds, json!([fund, fund]), funds, "not_distinct"),
        (funds, json!([MARKER]), "/fund_ids/0", "format"),
        (funds, json!([fund, nowhere()]), "/fund_ids/1", "not_found"),
        (references, json!(reference), references, "wrong_type"),
        (references, json!([]), references, "out_of_range"),
        (references, many(501), references, "out_of_range"),
        (references, json!([reference, reference]), references, "not_distinct"),
        (references, json!([reference, MARKER]), "/references/1", "format"),
        (references, json!([reference.to_lowercase()]), "/references/0", "format"),
        (references, json!([reference, never]), "/references/1", "not_found"),
        (references, json!(["A".repeat(26) + "0101"]), "/references/0", "not_found"),
        (references, json!([[reference]]), "/references/0", "wrong_type"),
    ]
}

/// Of a file of results with one line.
pub fn results_errors(line: &Value) -> Vec<Wrong> {
    let lines = |count: usize| Value::Array(vec![line.clone(); count]);
    let (reference, account, name) = ("/lines/0/reference", "/lines/0/account", "/lines/0/name");
    let (day, outcome, reason) = ("/lines/0/booked_on", "/lines/0/outcome", "/lines/0/reason");
    let mut all = vec![
        ("/lines", json!({}), "/lines", "wrong_type"),
        ("/lines", json!([]), "/lines", "out_of_range"),
        ("/lines", lines(1_001), "/lines", "out_of_range"),
        ("/lines", json!([line, [line]]), "/lines/1", "wrong_type"),
        ("/lines", json!([{}]), reference, "required"),
        (reference, json!(" "), reference, "required"),
        (reference, marker(65), reference, "too_long"),
        (reference, json!(77_001), reference, "wrong_type"),
        (account, json!(""), account, "required"),
        (account, marker(65), account, "too_long"),
        (name, json!(""), name, "required"),
        (name, marker(101), name, "too_long"),
        (name, json!("zq7\u{7}marker"), name, "control_characters"),
        (outcome, json!(MARKER), outcome, "unknown_code"),
        (outcome, json!("success"), outcome, "unknown_code"),
        (outcome, Value::Null, outcome, "wrong_type"),
        (day, json!("2021-02-29"), day, "impossible_date"),
        (day, json!("2099-01-01"), day, "in_future"),
        (day, json!("20210104"), day, "format"),
        (reason, json!(MARKER), reason, "unknown_code"),
        (reason, json!([]), reason, "wrong_type"),
        ("/lines/0/zq7marker", json!(MARKER), "/lines/0", "unknown_field"),
    ];
    all.extend(amount_errors("/lines/0/amount"));
    all
}
