//! `bangfu bench totals`: totals a second, of a server that already has data, such as the demonstration
//! year.

use std::{fs, path::PathBuf, sync::atomic::AtomicU64};

use bangfu_client::{PreparedRequest, Response};
use clap::Args;
use serde_json::Value;

use crate::{
    BenchError, LoadArgs, client_of,
    load::{Target, fixed_connections, fixed_rate},
    print_status,
    report::{Measured, Report},
};

/// The status of totals.
const OK: u16 = 200;

/// How totals are measured.
#[derive(Debug, Args)]
pub(super) struct TotalsArgs {
    #[command(flatten)]
    pub load: LoadArgs,
    /// The running server.
    #[arg(long)]
    url: String,
    /// A file with the access token of a caller who may count, such as an auditor.
    #[arg(long)]
    token_file: PathBuf,
    /// The first day that counts.
    #[arg(long, default_value = "2021-01-01")]
    from: String,
    /// The last day that counts.
    #[arg(long, default_value = "2021-12-31")]
    to: String,
    /// The fields by which rows are grouped.
    #[arg(long, default_value = "aid_type")]
    group_by: String,
}

/// Measures, and says what was found.
pub(super) fn run(args: &TotalsArgs) -> Result<Report, BenchError> {
    let base = args.url.trim_end_matches('/');
    let token = fs::read_to_string(&args.token_file)
        .map_err(|source| BenchError::File { path: args.token_file.clone(), source })?;
    let token = token.trim();
    let TotalsArgs { from, to, group_by, .. } = args;
    let path = format!("/v1/reports/disbursements?from={from}&to={to}&group_by={group_by}");
    let request = PreparedRequest::get(path.as_str());
    let ask = || client_of(base).with_token(token).call(&request)?.success();
    let before = ask()?;

    let made = AtomicU64::new(0);
    let next = |_| Ok(request.clone());
    let target = Target { base, token, expected: OK, request: &next, made: &made };
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for round in 1..=args.load.rounds {
        let of = format!("round {round} of {}", args.load.rounds);
        print_status(&format!("{of}: fixed connections"));
        closed.push(fixed_connections(&target, &args.load)?);
        print_status(&format!("{of}: fixed rate"));
        open.push(fixed_rate(&target, &args.load)?);
    }
    let after = ask()?;

    let database = format!("that of the server at {base}");
    let mut report = Report::new("totals", &args.load, database, "not known here".to_owned());
    report.fixed_connections = Measured::of(closed);
    report.fixed_rate = Measured::of(open);
    report.notes.push(format!("asked: GET {path}"));
    report.notes.push(counted(&before)?);
    if before.body.get("total") != after.body.get("total") {
        report.notes.push("payments were recorded meanwhile: the totals changed".to_owned());
    }
    Ok(report)
}

/// Says what the totals counted.
fn counted(answer: &Response) -> Result<String, BenchError> {
    let amount = answer.text("/total/amount")?;
    let measure = |name| answer.body.pointer(name).map(Value::to_string).unwrap_or_default();
    let rows = answer.list("/rows").map_or(0, <[Value]>::len);
    Ok(format!(
        "counted: {} payments net of returns, {} households, {amount} yuan, in {rows} rows",
        measure("/total/payments"),
        measure("/total/households"),
    ))
}
