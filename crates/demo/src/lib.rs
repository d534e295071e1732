//! A demonstration: one year of a city's hardship aid, lived through the real API by people and machines who act
//! over HTTP as their programs would.
//!
//! What happens is planned from a seed and from figures to be reached. Everything is done through the API; the
//! demonstration itself only moves the clock of its own database.
//!
//! It can be killed at any instant and resumes: the clock's row says which day it is, what was created is asked for
//! again under the same key, and every step is taken only where the thing says that it is still open.

#![deny(clippy::wildcard_enum_match_arm)]

mod casework;
mod city;
mod discovery;
mod figures;
mod installation;
mod payment;
mod plan;
mod progress;
mod relief;
mod report;
mod staff;
mod token;
mod year;

use std::{path::PathBuf, time::Duration};

use bangfu_client::{Client, ClientError};
use bangfu_domain::{invalid::Invalid, policy::PolicyDocument, time::Day};
use bangfu_http::server::{self, Listening, ServerSettings, StartError};
use bangfu_persistence::{NewDemo, Store, StoreError};
use clap::Args;
use serde::{Deserialize, Serialize};

pub use self::token::{NoToken, issue as issue_token};
use self::{
    figures::Figures,
    plan::{Agenda, Plan},
    progress::Progress,
    report::Report,
};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How many connections are kept.
const CONNECTIONS: usize = 32;

/// The policy by which help is given: a sample, and no city's rule.
const SAMPLE_POLICY: &str = include_str!("../../../policies/aid/sample.json");

/// For how many seconds a demonstration's tokens are valid: 31 days.
pub const TOKEN_SECONDS: &str = "2678400";

/// The seed, where none is asked for.
const SEED: u64 = 2021;

/// What is to be shown.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// A file with the figures to be reached, in JSON: `year` and, for `living`, `medical` and `education`,
    /// `households` and `amount`. Without it, those of the city of Tongling for 2021.
    #[arg(long)]
    figures: Option<PathBuf>,
    /// The seed for made-up names, numbers, illnesses and days. The same seed makes the same year.
    #[arg(long)]
    seed: Option<u64>,
    /// Exit after the report, instead of serving.
    #[arg(long)]
    exit: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Why a demonstration failed.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The figures cannot be reached, or are no figures.
    #[error("the figures cannot be shown: {0}")]
    Figures(String),
    /// An answer was lost.
    #[error("{0}; run the same command again to resume")]
    Interrupted(ClientError),
    /// The server answered otherwise than the plan needs.
    #[error(transparent)]
    Client(ClientError),
    /// The plan does not fit together.
    #[error("the plan does not fit together")]
    Unplanned,
    /// A thread of the demonstration panicked.
    #[error("a worker thread panicked; run the same command again to resume")]
    Panicked,
    /// A made-up value is none.
    #[error("a made-up value is not valid: {0}")]
    Value(#[from] Invalid),
    /// A text is no JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The server could not be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database failed.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// The server failed.
    #[error("the server: {0}")]
    Server(#[from] std::io::Error),
}

impl From<ClientError> for DemoError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Unreachable { .. } => Self::Interrupted(error),
            ClientError::Unexpected { .. } => Self::Client(error),
        }
    }
}

/// The part of a demonstration that its database keeps.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Scenario {
    seed: u64,
    figures: Figures,
}

impl Scenario {
    /// The scenario that the options ask for, with defaults for the others.
    fn of(args: &DemoArgs) -> Result<Self, DemoError> {
        let figures = Figures::read(args.figures.as_deref())?;
        Ok(Self { seed: args.seed.unwrap_or(SEED), figures })
    }

    /// The scenario that an existing database holds. Options that ask for another one are refused.
    fn kept(store: &Store, args: &DemoArgs, asked: &Self) -> Result<Self, DemoError> {
        let demo = store.demo().ok_or(DemoError::Unplanned)?;
        let kept: Self = serde_json::from_str(&demo.plan)?;
        let other_figures = args.figures.is_some() && kept.figures != asked.figures;
        if other_figures || args.seed.is_some_and(|seed| seed != kept.seed) {
            return Err(DemoError::Figures(format!(
                "this database shows the year {} with seed {}; begin another one in another folder (--data)",
                kept.figures.year, kept.seed
            )));
        }
        Ok(kept)
    }

    fn plan(&self) -> Result<Plan, DemoError> {
        Plan::make(self.figures.clone(), sample_policy()?, self.seed)
    }
}

/// The sample policy.
fn sample_policy() -> Result<PolicyDocument, DemoError> {
    #[derive(Deserialize)]
    struct Sample {
        document: PolicyDocument,
    }
    let sample: Sample = serde_json::from_str(SAMPLE_POLICY)?;
    Ok(sample.document)
}

/// A demonstration that is asked for, and can be.
pub struct Demo {
    args: DemoArgs,
    asked: Scenario,
    plan: Plan,
}

impl Demo {
    /// Plans a demonstration. A plan that cannot be is refused before anything is begun.
    pub fn plan(args: DemoArgs) -> Result<Self, DemoError> {
        let asked = Scenario::of(&args)?;
        let plan = asked.plan()?;
        Ok(Self { args, asked, plan })
    }

    /// What a database of its own begins with.
    pub fn new_database(&self) -> Result<NewDemo, DemoError> {
        let first = Day::new(self.asked.figures.year, 1, 1)?;
        let begins_at = first.start().and_then(|it| it.checked_add_seconds(7 * 3_600));
        let begins_at = begins_at.ok_or(DemoError::Unplanned)?;
        Ok(NewDemo { plan: serde_json::to_string(&self.asked)?, begins_at })
    }

    /// Runs the demonstration on its database, or resumes the one that the database holds.
    #[expect(clippy::print_stdout, reason = "the report is what the command is for")]
    pub async fn run(self, store: Store, settings: &ServerSettings) -> Result<(), DemoError> {
        let Self { args, asked, mut plan } = self;
        let kept = Scenario::kept(&store, &args, &asked)?;
        if kept != asked {
            plan = kept.plan()?;
        }
        let Listening { address, server: serving, worker } = server::start(store.clone(), settings)?;
        let handle = serving.handle();
        let worker = tokio::spawn(worker.run());
        let serving = actix_web::rt::spawn(serving);
        let (base, year) = (format!("http://{address}"), plan.figures.year);
        let of_year = (store.clone(), base.clone());
        let report = tokio::task::spawn_blocking(move || run_year(&plan, &of_year.0, &of_year.1)).await;
        let report = match report.unwrap_or(Err(DemoError::Panicked)) {
            Ok(report) => finish(report, &store, &base).await,
            Err(error) => Err(error),
        };
        let report = match report {
            Ok(report) => report,
            Err(error) => {
                handle.stop(false).await;
                return Err(error);
            }
        };
        if args.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            println!("{}", report.to_text(year));
            if !args.exit {
                println!("{}", report.callers_to_text());
                println!("documentation: {}   (Ctrl-C ends)", report.docs);
            }
        }
        if args.exit {
            handle.stop(true).await;
        } else {
            serving.await.unwrap_or(Ok(()))?;
        }
        worker.abort();
        Ok(())
    }
}

/// Runs the year, and asks what came of it.
fn run_year(plan: &Plan, store: &Store, base: &str) -> Result<Report, DemoError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = Client::new(base, TIMEOUT, CONNECTIONS);
    let secret = store.keyring().installation_token();
    if store.demo().is_some_and(bangfu_persistence::Demo::is_over) {
        return Report::ask(&installation::auditor(&client), plan);
    }
    let agenda = Agenda::of(plan);
    let progress = Progress::of(agenda.len());
    let city = installation::install(plan, &client, secret)?;
    let now = store.now()?;
    let set_clock = |to| runtime.block_on(store.put_demo_clock(to)).map_err(DemoError::from);
    year::run(&city, &agenda, now, &progress, set_clock)?;
    runtime.block_on(store.let_demo_clock_go())?;
    progress.finish();
    Report::ask(&city.auditor, plan)
}

/// Adds what a visitor of the demonstration needs.
async fn finish(mut report: Report, store: &Store, base: &str) -> Result<Report, DemoError> {
    report.clients = token::clients(store).await?;
    report.docs = format!("{base}/docs/");
    Ok(report)
}
