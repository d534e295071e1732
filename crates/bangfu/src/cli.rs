//! The program's commands.

use std::{io::Write, path::PathBuf, process::ExitCode};

use bangfu_app::identity::TokenError;
use bangfu_bench::{BenchArgs, BenchError};
use bangfu_demo::{Demo, DemoArgs, DemoError, NoToken};
use bangfu_http::{
    openapi,
    server::{self, ServerSettings, StartError, TokenSettings},
};
use bangfu_persistence::{
    backup::{self, BackupError, Source},
    inspect, rebuild,
};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use opentelemetry_otlp::ExporterBuildError;
use sd_notify::NotifyState;

use crate::{
    config::{CONFIG, ConfigFile, ConfigFileError},
    logs::{LogArgs, LogFilterError},
    settings::{
        ConfigError, DatabaseArgs, Existing, Opened, PlaceArgs, ServeArgs, ServerArgs, TokenArgs, read_key,
        refuse_elsewhere,
    },
    traces::Traces,
};

/// Precision aid for hardship workers 困难职工精准帮扶.
#[derive(Debug, Parser)]
#[command(name = "bangfu", version)]
struct Cli {
    /// A file with settings (TOML). The environment wins over it, and a flag over both.
    #[arg(long, env = "BANGFU_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    logs: LogArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API.
    Serve {
        #[command(flatten)]
        settings: ServeArgs,
        /// Begin a new city where there is no database yet, with tables and, embedded, a master key.
        #[arg(long)]
        init: bool,
    },
    /// Print the settings with which `serve` would start, and where each comes from.
    Config {
        #[command(flatten)]
        settings: ServeArgs,
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
        /// Begin a new city where there are no tables yet.
        #[arg(long)]
        init: bool,
    },
    /// Make the derived tables again from the journal, or check that they are what it says.
    Rebuild {
        #[command(flatten)]
        database: DatabaseArgs,
        /// Change nothing: replay into a second database, beside a running server, and compare.
        #[arg(long)]
        check: bool,
    },
    /// Write a backup, beside a running server: database, attached files and master key in one sealed file.
    Backup {
        #[command(flatten)]
        database: DatabaseArgs,
        #[command(flatten)]
        key: BackupKeyArgs,
        /// The file to write; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Restore a backup: the data folder, and the database on PostgreSQL if one is named, must be empty.
    Restore {
        #[command(flatten)]
        place: PlaceArgs,
        #[command(flatten)]
        key: BackupKeyArgs,
        /// The backup's file.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
    /// Print the API's description (OpenAPI 3.1).
    Openapi,
    /// Measure how much a server does in a second.
    Bench(BenchArgs),
}

/// The key of backups.
#[derive(Debug, Args)]
struct BackupKeyArgs {
    /// A file with the key of backups: 32 random bytes in base64 (`openssl rand -base64 32`). It opens the backup with
    /// all that is in it, the master key too: keep it apart from the backups.
    #[arg(long = "key-file", env = "BANGFU_BACKUP_KEY_FILE", value_name = "FILE")]
    backup_key_file: PathBuf,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    ConfigFile(#[from] ConfigFileError),
    #[error(transparent)]
    LogFilter(#[from] LogFilterError),
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
    Backup(#[from] BackupError),
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

/// A command line, with the settings of the configuration file that it names.
struct Given {
    cli: Cli,
    matches: ArgMatches,
    file: ConfigFile,
}

/// Reads the command line and the file. A mistake in the command line ends the program here.
fn read_arguments() -> Result<Given, ConfigFileError> {
    let matches = command().get_matches();
    let file = match matches.get_one::<PathBuf>(CONFIG) {
        Some(path) => ConfigFile::read(path, &command())?,
        None => ConfigFile::default(),
    };
    let matches = file.apply(command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Ok(Given { cli, matches, file })
}

/// What is logged unless a filter says otherwise. What clients do wrong with HTTP itself is no news to an operator.
const fn usual_logs(command: &Command) -> &'static str {
    match command {
        Command::Serve { .. } => "info,actix_server=warn,actix_http=off",
        Command::Config { .. }
        | Command::Demo { .. }
        | Command::Token { .. }
        | Command::Migrate { .. }
        | Command::Rebuild { .. }
        | Command::Backup { .. }
        | Command::Restore { .. }
        | Command::Openapi
        | Command::Bench(_) => "warn,actix_http=off",
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let done = read_arguments().map_err(CliError::from).and_then(|given| {
        let traces = Traces::start()?;
        given.cli.logs.start(usual_logs(&given.cli.command), traces.as_ref())?;
        let done = actix_web::rt::System::new().block_on(execute(given));
        if let Some(traces) = traces {
            traces.stop();
        }
        done
    });
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
async fn execute(given: Given) -> Result<ExitCode, CliError> {
    let Given { cli, matches, file } = given;
    match cli.command {
        Command::Serve { settings, init } => serve(settings, init).await?,
        Command::Config { .. } => {
            let of_command = matches.subcommand().map_or(&matches, |(_, it)| it);
            print!("{}", file.effective(&command(), of_command));
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
        Command::Migrate { database, init } => {
            let applied = inspect::migrate_up(&database.location_for(Existing::of(init))?)?;
            if init {
                database.make_own_key()?;
            }
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
        Command::Backup { database, key, to } => {
            let key = read_key(&key.backup_key_file)?;
            let Opened { store, location, master_key } = database.open_for_backup()?;
            let source = Source { store: &store, location: &location, master_key: &master_key };
            let backup::BackedUp { attached_files, bytes } = backup::create(&source, &key, &to)?;
            println!("wrote {}: {bytes} bytes, {attached_files} attached files", to.display());
        }
        Command::Restore { place, key, from } => {
            let key = read_key(&key.backup_key_file)?;
            let report = backup::restore(&from, &key, &place.location()?, &place.data)?;
            println!("{report}");
            if !report.is_equal() {
                return Ok(ExitCode::FAILURE);
            }
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
async fn serve(settings: ServeArgs, init: bool) -> Result<(), CliError> {
    let ServeArgs { database, server, auto_migrate } = settings;
    let store = database.open(Existing::of(init), auto_migrate || init)?;
    if store.demo().is_some_and(|demo| !demo.is_over()) {
        return Err(CliError::UnfinishedDemo);
    }
    let city = store.read(|reader| -> Result<_, CliError> { Ok(reader.city()?) }).await?;
    let listening = server::start(store.clone(), &ServerSettings::from(server))?;
    println!("listening on http://{}  (documentation at /docs)", listening.address);
    if city.is_none() {
        println!("this city is not installed yet; the one-time installation token is");
        println!("  {}", store.keyring().installation_token());
    }
    if let Err(error) = sd_notify::notify(&[NotifyState::Ready]) {
        tracing::warn!(%error, "the service manager could not be told that the server is ready");
    }
    let worker = tokio::spawn(listening.worker.run());
    let ended = listening.server.await;
    worker.abort();
    Ok(ended?)
}
