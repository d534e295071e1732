//! `bangfu bench intake`: referrals a second.

use std::{fs, path::PathBuf, sync::atomic::AtomicU64};

use bangfu_persistence::Location;
use clap::Args;

use crate::{
    BenchError, LoadArgs, city, client_of, database,
    load::{Target, fixed_connections, fixed_rate},
    pgbench::Pgbench,
    print_status,
    referrals::Referrals,
    report::{Measured, Report, processors},
    server::{Scratch, Server},
};

/// The status of a referral that was received.
const CREATED: u16 = 201;

/// How referrals are measured.
#[derive(Debug, Args)]
pub(super) struct IntakeArgs {
    #[command(flatten)]
    pub load: LoadArgs,
    /// An empty PostgreSQL database. What is written there stays. Without it, SQLite in a folder that goes.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Where the temporary folder is made; it matters which disk that is. The folder for temporary files without it.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The seed of the people who are referred.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Load the server that runs here, instead of starting one. The referrals stay in its database.
    #[arg(long, requires = "client_id", requires = "client_secret_file")]
    url: Option<String>,
    /// The machine client that refers, on a running server. It speaks for a source and holds the role referrer.
    #[arg(long)]
    client_id: Option<String>,
    /// A file with its secret.
    #[arg(long)]
    client_secret_file: Option<PathBuf>,
}

impl IntakeArgs {
    /// The database of a server of the benchmark's own, where one is named.
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|_| self.url.is_none())
    }
}

/// Measures, and says what was found.
pub(super) fn run(args: &IntakeArgs) -> Result<Report, BenchError> {
    match (&args.url, &args.client_id, &args.client_secret_file) {
        (Some(url), Some(id), Some(file)) => {
            let secret = fs::read_to_string(file).map_err(|source| BenchError::File { path: file.clone(), source })?;
            let base = url.trim_end_matches('/');
            let token = city::access_token(&client_of(base), id, secret.trim())?;
            of_running(args, base, &token)
        }
        _ => of_own(args),
    }
}

/// Loads a running server that this program did not start, on a database of which nothing is known here.
fn of_running(args: &IntakeArgs, base: &str, token: &str) -> Result<Report, BenchError> {
    let database = format!("that of the server at {base}");
    let mut report = Report::new("intake", &args.load, database, "not known here".to_owned());
    measure(args, base, token, None, &mut report)?;
    report.notes.push("the referrals stay in the server's database".to_owned());
    report.notes.push("no pgbench beside it: the server's database is not known here".to_owned());
    Ok(report)
}

/// Starts a server on a database of its own and loads that.
fn of_own(args: &IntakeArgs) -> Result<Report, BenchError> {
    let scratch = Scratch::make(args.folder.as_deref())?;
    let location = match &args.database_url {
        Some(url) => database::require_empty(Location::parse(url)?)?,
        None => Location::Sqlite(scratch.database()),
    };
    print_status("starting a server and installing a city");
    let server = Server::start(&scratch, args.database_url.as_deref())?;
    let token = city::install(&client_of(&server.base), &server.installation_token)?;
    let described = database::describe(&location)?;
    let mut report = Report::new("intake", &args.load, described.name, described.settings);
    report.notes.push("client, server and database share this machine".to_owned());
    let pgbench = match &location {
        Location::Sqlite(_) => {
            report.notes.push("no pgbench beside it: it is for PostgreSQL only".to_owned());
            report.notes.push(format!("the database was in {}", scratch.path().display()));
            None
        }
        Location::Postgres(url) => {
            let found = Pgbench::find(scratch.path(), url, processors())?;
            if found.is_some() {
                database::make_copies(&location)?;
            } else {
                report.notes.push("no pgbench beside it: the program was not found".to_owned());
            }
            report.notes.push("what was written stays in the database".to_owned());
            found
        }
    };
    measure(args, &server.base, &token, pgbench, &mut report)?;
    Ok(report)
}

/// Measures round by round, pgbench and the server by turns, so that a machine that slows down slows both.
fn measure(
    args: &IntakeArgs,
    base: &str,
    token: &str,
    mut pgbench: Option<Pgbench>,
    report: &mut Report,
) -> Result<(), BenchError> {
    let referrals = Referrals::new(args.seed);
    let made = AtomicU64::new(0);
    let request = |number| referrals.request(number);
    let target = Target { base, token, expected: CREATED, request: &request, made: &made };
    let (mut of_pgbench, mut closed, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=args.load.rounds {
        let of = format!("round {round} of {}", args.load.rounds);
        if let Some(pgbench) = &mut pgbench {
            print_status(&format!("{of}: pgbench"));
            of_pgbench.push(pgbench.run(&args.load)?);
        }
        print_status(&format!("{of}: fixed connections"));
        closed.push(fixed_connections(&target, &args.load)?);
        print_status(&format!("{of}: fixed rate"));
        open.push(fixed_rate(&target, &args.load)?);
    }
    report.fixed_connections = Measured::of(closed);
    report.fixed_rate = Measured::of(open);
    if pgbench.is_some() {
        report.compare(of_pgbench);
    }
    Ok(())
}
