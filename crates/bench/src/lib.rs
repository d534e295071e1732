//! Benchmarks: what a running server does in a second, asked over HTTP, by a program that anybody can run again.
//!
//! Nothing here is a test, and nothing passes or fails by a time. How to read the figures stands in
//! `docs/benchmarks.md`.

#![deny(clippy::wildcard_enum_match_arm)]

mod city;
mod database;
mod intake;
mod load;
mod pgbench;
mod referrals;
mod report;
mod server;
mod tally;
mod totals;

use std::{io, path::PathBuf, time::Duration};

use bangfu_client::{Client, ClientError};
use clap::{Args, Subcommand};

/// How long an answer may take before it is given up and counted as an error.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client with one connection, kept alive. What it is asked goes out one after the other.
fn client_of(base: &str) -> Client {
    Client::new(base, TIMEOUT, 1)
}

/// Which benchmark, and how it is run.
#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Referrals a second: starts a server on a database of its own, or loads one that is running.
    Intake(intake::IntakeArgs),
    /// Totals a second: asks a running server for the disbursements of a year.
    Totals(totals::TotalsArgs),
}

/// How a server is loaded.
#[derive(Debug, Clone, Args)]
struct LoadArgs {
    /// How many connections ask at once.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=512))]
    connections: u32,
    /// For how many seconds each way of loading is measured.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// For how many seconds each way of loading runs before it is measured.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=600))]
    warm_up: u64,
    /// Requests a second of the load at a fixed rate.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    rate: u64,
    /// How often everything is measured. The medians are what counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    rounds: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl LoadArgs {
    fn measured(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn warming(&self) -> Duration {
        Duration::from_secs(self.warm_up)
    }
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The database could not be looked at.
    #[error("the database: {0}")]
    Store(#[from] bangfu_persistence::StoreError),
    /// The database holds something, which a benchmark would spoil.
    #[error("the database is not empty: name an empty one, since what a benchmark writes stays in it")]
    NotEmpty,
    /// Only PostgreSQL is named by an address here.
    #[error("the benchmark makes its embedded database itself: name an empty PostgreSQL database, or none")]
    NotPostgres,
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    /// The server did not start.
    #[error("the server did not start; its log ends:\n{0}")]
    NotStarted(String),
    /// The server gave no answer, or one on which nothing can be built.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Another program failed.
    #[error("pgbench: {0}")]
    Pgbench(String),
    /// A thread that loaded the server panicked.
    #[error("a thread of the benchmark panicked")]
    Panicked,
    /// Times cannot be recorded.
    #[error("the histogram: {0}")]
    Histogram(String),
    /// A value cannot be made, though it should be.
    #[error("cannot make {0}")]
    Made(&'static str),
    /// The result cannot be written.
    #[error("the result: {0}")]
    Json(#[from] serde_json::Error),
}

impl BenchArgs {
    /// The PostgreSQL database on which the benchmark is to start a server, where it names one.
    pub fn database_url(&self) -> Option<&str> {
        match &self.what {
            What::Intake(args) => args.database_url(),
            What::Totals(_) => None,
        }
    }
}

/// Runs a benchmark and prints what it found. It blocks until it is done.
pub fn run(args: &BenchArgs) -> Result<(), BenchError> {
    let (report, json) = match &args.what {
        What::Intake(args) => (intake::run(args)?, args.load.json),
        What::Totals(args) => (totals::run(args)?, args.load.json),
    };
    print(&if json { serde_json::to_string_pretty(&report)? } else { report.to_string() });
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command prints its result")]
fn print(text: &str) {
    println!("{text}");
}

/// Prints what is going on.
#[expect(clippy::print_stderr, reason = "standard output is for the result")]
fn print_status(text: &str) {
    eprintln!("{text}");
}
