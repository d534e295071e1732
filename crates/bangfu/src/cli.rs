//! The program's commands.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use bangfu_app::identity::TokenError;
use bangfu_bench::{BenchArgs, BenchError};
use bangfu_demo::{Demo, DemoArgs, DemoError, NoToken};
use bangfu_http::{
    openapi,
    server::{self, ServerSettings, StartError, TokenSettings},
};
use bangfu_persistence::{inspect, rebuild};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use opentelemetry_otlp::ExporterBuildError;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    settings::{ConfigError, DatabaseArgs, ServerArgs, TokenArgs, refuse_elsewhere},
    traces::Traces,
};

/// Precision aid for hardship workers 困难职工精准帮扶.
#[derive(Debug, Parser)]
#[command(name = "bangfu", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API.
    Serve {
        #[command(flatten)]
        database: DatabaseArgs,
        #[command(flatten)]
        server: ServerArgs,
        /// Migrate a PostgreSQL database at the start. An embedded one always is.
        #[arg(long)]
        auto_migrate: bool,
    },
    /// Show a year of a city's hardship aid, on a database of its own, and keep serving.
    ///
    /// People and machines act through the API, from a hospital's referral to the auditor's totals. On a
    /// demonstration's database that exists already it resumes, or shows it again.
    Demo {
        #[command(flatten)]
        demo: DemoArgs,
        #[command(flatten)]
        database: DatabaseArgs,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Print an access token for a caller of a demonstration.
    Token {
        /// Whose: a login, or the name of a machine client.
        #[arg(long = "as", value_name = "NAME")]
        name: String,
        #[command(flatten)]
        database: DatabaseArgs,
        #[command(flatten)]
        tokens: TokenArgs,
    },
    /// Bring the database's tables up to date.
    Migrate {
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Make the derived tables again from the journal, or check that they are what it says.
    Rebuild {
        #[command(flatten)]
        database: DatabaseArgs,
        /// Change nothing: replay into a second database, beside a running server, and compare.
        #[arg(long)]
        check: bool,
    },
    /// Print the API's description (OpenAPI 3.1).
    Openapi,
    /// Measure how much a server does in a second.
    Bench(BenchArgs),
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the demonstration on this database has not come to its end: go on with `bangfu demo`")]
    UnfinishedDemo,
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error(transparent)]
    NoToken(#[from] NoToken),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("the database: {0}")]
    Store(#[from] bangfu_persistence::StoreError),
    #[error("the server: {0}")]
    Io(#[from] std::io::Error),
    #[error("the description: {0}")]
    Document(#[from] serde_json::Error),
    #[error(transparent)]
    Bench(#[from] BenchError),
    #[error("traces: {0}")]
    Traces(#[from] ExporterBuildError),
}

/// The commands. A demonstration has a folder of its own, and tokens that last.
fn command() -> clap::Command {
    let of_demo = |command: clap::Command| {
        command
            .mut_arg("data", |data| data.default_value("demo-data"))
            .mut_arg("token_seconds", |it| it.default_value(bangfu_demo::TOKEN_SECONDS))
            .mut_arg("session_seconds", |it| it.default_value(bangfu_demo::TOKEN_SECONDS))
    };
    Cli::command().mut_subcommand("demo", of_demo).mut_subcommand("token", of_demo)
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::from_arg_matches(&command().get_matches()).unwrap_or_else(|error| error.exit());
    let traces = match Traces::start() {
        Ok(traces) => traces,
        Err(error) => {
            report(&error.into());
            return ExitCode::FAILURE;
        }
    };
    let usual = match cli.command {
        Command::Serve { .. } => "info,actix_server=warn,actix_http::h1::dispatcher=off",
        Command::Demo { .. }
        | Command::Token { .. }
        | Command::Migrate { .. }
        | Command::Rebuild { .. }
        | Command::Openapi
        | Command::Bench(_) => "warn",
    };
    log_to_stderr(usual, traces.as_ref());
    let done = actix_web::rt::System::new().block_on(execute(cli.command));
    if let Some(traces) = traces {
        traces.stop();
    }
    match done {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong, with its causes, on one line.
#[expect(clippy::print_stderr, reason = "the last message to the person who started the program")]
fn report(error: &CliError) {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    eprintln!("bangfu: {text}");
}

#[expect(clippy::print_stdout, reason = "commands print their results")]
async fn execute(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Serve { database, server, auto_migrate } => {
            serve(&database, &server.into(), auto_migrate).await?;
        }
        Command::Demo { demo, database, server } => {
            let demo = Demo::plan(demo)?;
            let store = database.open_demo(&demo.new_database()?)?;
            demo.run(store, &server.into()).await?;
        }
        Command::Token { name, database, tokens } => {
            let store = database.open_existing_demo()?;
            let tokens = TokenSettings::from(tokens).open(&store)?;
            println!("{}", bangfu_demo::issue_token(&store, &tokens, &name).await?);
        }
        Command::Migrate { database } => {
            let applied = inspect::migrate_up(&database.prepared_location()?)?;
            if applied.is_empty() {
                println!("nothing to migrate");
            }
            for name in applied {
                println!("applied {name}");
            }
        }
        Command::Rebuild { database, check: true } => {
            let report = rebuild::check(&database.open_existing()?)?;
            println!("{report}");
            if !report.is_equal() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Rebuild { database, check: false } => {
            let report = rebuild::rebuild(&database.open_existing()?).await?;
            println!("rebuilt from {} events in {} streams", report.events, report.streams);
        }
        Command::Openapi => std::io::stdout().write_all(openapi::text()?.as_bytes())?,
        Command::Bench(args) => {
            if args.database_url().is_some() {
                refuse_elsewhere()?;
            }
            bangfu_bench::run(&args)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "the installation token must reach the installer")]
async fn serve(database: &DatabaseArgs, settings: &ServerSettings, auto_migrate: bool) -> Result<(), CliError> {
    let store = database.open(auto_migrate)?;
    if store.demo().is_some_and(|demo| !demo.is_over()) {
        return Err(CliError::UnfinishedDemo);
    }
    let city = store.read(|reader| -> Result<_, CliError> { Ok(reader.city()?) }).await?;
    let listening = server::start(store.clone(), settings)?;
    println!("listening on http://{}  (documentation at /docs)", listening.address);
    if city.is_none() {
        println!("this city is not installed yet; the one-time installation token is");
        println!("  {}", store.keyring().installation_token());
    }
    let worker = tokio::spawn(listening.worker.run());
    let ended = listening.server.await;
    worker.abort();
    Ok(ended?)
}

fn log_to_stderr(usual: &str, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_env("BANGFU_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let logs = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(logs.with_filter(filter)).with(traces.map(Traces::layer)).init();
}
