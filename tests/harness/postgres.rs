//! A real `PostgreSQL` for the tests: one server for each process, one database for each test.
//!
//! The server is the one named by `TEST_DATABASE_URL`, where the databases made here stay behind,
//! or else a scratch one, which is gone soon after the process, however the process ends. The
//! programs of the scratch server come from `BANGFU_POSTGRES_BIN`, from a folder of `PATH` that
//! holds them all, or from the newest `/usr/lib/postgresql/*/bin`. With neither, the tests fail.

#![expect(clippy::panic, reason = "a harness fails the test by panicking")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use uuid::Uuid;

/// `psql` and the address of the server's first database, from which the others are created.
///
/// A failed start is kept as well, so that every test reports the reason without trying again.
static SERVER: OnceLock<Result<(PathBuf, String), String>> = OnceLock::new();

/// Holds the pipe open. Statics are never dropped, so only the end of the process closes it.
static ALIVE: OnceLock<Child> = OnceLock::new();

/// The database which `database_from_template` copies.
static TEMPLATE: OnceLock<String> = OnceLock::new();

/// A template which another session is using cannot be copied.
static CREATING: Mutex<()> = Mutex::new(());

const MISSING: &str = "these tests need PostgreSQL: run `apt-get install postgresql`, or set \
    BANGFU_POSTGRES_BIN to the folder with initdb, postgres and pg_ctl, or set TEST_DATABASE_URL";

/// Makes the cluster, starts it on each port it reads, and removes everything at end of input.
///
/// Its input is a pipe which only the test process can write to. The pipe ends when that process
/// does, even by SIGKILL. The stop is immediate, so no client can delay it. No signal a terminal
/// sends ends the watchdog, nor does an answer which nobody is left to read.
const WATCHDOG: &str = r#"
trap '' HUP INT QUIT TERM PIPE
bin=$1 folder=$2 settings=$3
stop() { "$bin/pg_ctl" -D "$folder/data" -m immediate -t 30 stop; }
{
    "$bin/initdb" -D "$folder/data" --no-sync --auth=trust --encoding=UTF8 --locale=C -U bangfu &&
    printf '%s\n' "$settings" >>"$folder/data/postgresql.conf"
} </dev/null >"$folder/log" 2>&1 && echo made || echo failed
while read -r port; do
    {
        stop
        "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -o "-p $port" -t 30 start
    } </dev/null >/dev/null 2>&1 && echo up || echo down
done
stop </dev/null >/dev/null 2>&1
rm -rf "$folder"
"#;

/// Creates an empty database for one test and returns its address.
///
/// # Panics
///
/// When no server can be had or the database cannot be created.
pub fn database_url() -> String {
    create(&format!("t_{}", Uuid::now_v7().simple()), None)
}

/// Creates a database for one test as a copy of one prepared before, and returns its address.
///
/// The first call in the process has `prepare` fill the template, given its address. It must close
/// its connections before it returns. Later calls only copy, whatever `prepare` they name.
///
/// # Panics
///
/// When no server can be had or a database cannot be created, and when `prepare` panics.
pub fn database_from_template(prepare: fn(&str)) -> String {
    let template = TEMPLATE.get_or_init(|| {
        // A name of its own for each try: after a panic in `prepare` the next test tries again.
        let unique = Uuid::now_v7().simple();
        let name = format!("bangfu_template_{}_{unique}", process::id());
        prepare(&create(&name, None));
        name
    });
    create(&format!("t_{}", Uuid::now_v7().simple()), Some(template))
}

/// Creates a database and returns its address.
fn create(database: &str, template: Option<&str>) -> String {
    let (psql, url) = match SERVER.get_or_init(start) {
        Ok(server) => server,
        Err(reason) => panic!("{reason}"),
    };
    // Spelt out, so that a server given from outside makes the same databases as a scratch one.
    let template = template.unwrap_or("template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    let statement = format!("CREATE DATABASE {database} TEMPLATE {template}");
    let one_at_a_time = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    let created = execute(psql, url, &statement);
    drop(one_at_a_time);
    if let Err(reason) = created {
        panic!("no test database: {reason}");
    }
    address(url, database)
}

/// Shuts the database at an address to everybody, as a server that is gone would, or opens it again.
///
/// # Panics
///
/// When the server does not do so.
pub fn shut(url: &str, is_shut: bool) {
    let (psql, server) = match SERVER.get_or_init(start) {
        Ok(server) => server,
        Err(reason) => panic!("{reason}"),
    };
    let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).unwrap_or_default();
    let allowed = !is_shut;
    let mut statements = vec![format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")];
    if is_shut {
        let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity";
        statements.push(format!("{all} WHERE datname = '{name}'"));
    }
    for statement in statements {
        if let Err(reason) = execute(psql, server, &statement) {
            panic!("{reason}");
        }
    }
}

/// The address of another database on the same server.
fn address(url: &str, database: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = base.split_once("://").unwrap_or(("postgres", base));
    let authority = rest.split_once('/').map_or(rest, |(before, _)| before);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{database}{mark}{query}")
}

/// Runs one statement over a connection of its own.
fn execute(psql: &Path, url: &str, statement: &str) -> Result<(), String> {
    let output = Command::new(psql)
        .args(["--no-psqlrc", "--no-password", "--quiet"])
        .args(["--dbname", url, "--command", statement])
        .env("PGCONNECT_TIMEOUT", "10")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {}: {error}", psql.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// Takes the server named from outside, or starts one.
fn start() -> Result<(PathBuf, String), String> {
    let programs = find_programs();
    let psql = find_psql(programs.as_deref()).ok_or(MISSING)?;
    if let Some(url) = setting("TEST_DATABASE_URL") {
        return match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok((psql, url)),
            _ => Err("TEST_DATABASE_URL must begin with postgres:// or postgresql://".into()),
        };
    }
    let (mut watchdog, folder) = spawn_watchdog(&programs.ok_or(MISSING)?)?;
    let started = bring_up(&mut watchdog, &psql).map_err(|reason| {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let (_, last) = lines.split_at(lines.len().saturating_sub(20));
        // The wait first closes the pipe, upon which the watchdog removes the folder.
        let _ = watchdog.wait();
        format!("{reason}; the server's log ends:\n{}", last.join("\n"))
    });
    let _ = ALIVE.set(watchdog);
    Ok((psql, started?))
}

/// Starts the watchdog over a new folder, as a user under whom the server agrees to run.
fn spawn_watchdog(programs: &Path) -> Result<(Child, PathBuf), String> {
    let failed = |error| format!("cannot make a folder for PostgreSQL: {error}");
    // Every user can reach /tmp, and its name is short, as the name of a socket has to be.
    let folder = tempfile::Builder::new().prefix("bangfu-pg-").tempdir_in("/tmp");
    let folder = folder.map_err(failed)?;
    let mut command = Command::new("/bin/sh");
    // The owner of a new folder is the user of this process.
    if fs::metadata(folder.path()).map_err(failed)?.uid() == 0 {
        let (uid, gid) = ordinary_user()?;
        chown(folder.path(), Some(uid), Some(gid)).map_err(failed)?;
        command.uid(uid).gid(gid);
    }
    let settings = format!(
        "listen_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 200\n\
         shared_buffers = 64MB\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off",
        folder.path().display()
    );
    let watchdog = command
        .args(["-c", WATCHDOG, "bangfu-watchdog"])
        .args([programs, folder.path()])
        .arg(settings)
        .envs([("LC_ALL", "C"), ("TZ", "UTC")])
        .current_dir("/")
        // A Ctrl-C at the terminal is not for the watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // An inherited error stream would keep the reader of the tests' output waiting.
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start /bin/sh for PostgreSQL: {error}"))?;
    // From here on the watchdog removes the folder.
    Ok((watchdog, folder.keep()))
}

/// Has the watchdog start the server on a free port, and returns the first database's address.
fn bring_up(watchdog: &mut Child, psql: &Path) -> Result<String, String> {
    let output = watchdog.stdout.take().ok_or("the watchdog has no output")?;
    let input = watchdog.stdin.as_mut().ok_or("the watchdog has no input")?;
    let mut answers = BufReader::new(output).lines().map_while(Result::ok);
    if answers.next().as_deref() != Some("made") {
        return Err("initdb failed".into());
    }
    let mut reason = String::new();
    for _ in 0..5 {
        // Another process may take the port first. Then the next one is tried.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| error.to_string())?.port();
        writeln!(input, "{port}").map_err(|error| format!("the watchdog is gone: {error}"))?;
        if answers.next().as_deref() != Some("up") {
            reason = "postgres did not start".into();
            continue;
        }
        let url = format!("postgres://bangfu@127.0.0.1:{port}/postgres");
        match execute(psql, &url, "SELECT 1") {
            Ok(()) => return Ok(url),
            Err(refusal) => reason = refusal,
        }
    }
    Err(format!("{reason}, five times over"))
}

/// The user and group to run as in place of root, whom the server refuses.
fn ordinary_user() -> Result<(u32, u32), String> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let mut lines = users.lines().map(|line| line.split(':'));
        let mut fields = lines.find_map(|mut fields| (fields.next()? == name).then_some(fields))?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = find("postgres").or_else(|| find("nobody"));
    found.ok_or_else(|| "PostgreSQL needs a user postgres or nobody to run as, not root".into())
}

/// The folder with the server's programs. Behind a link it is the folder linked to, with the real
/// psql, where `PATH` may hold only Debian's wrapper of it.
fn find_programs() -> Option<PathBuf> {
    let mut candidates = search_path();
    if let Some(folder) = setting("BANGFU_POSTGRES_BIN") {
        candidates = vec![folder.into()];
    } else if let Ok(installed) = fs::read_dir("/usr/lib/postgresql") {
        let versions = installed.flatten().filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        });
        candidates.extend(versions.max().map(|(_, newest)| newest));
    }
    let mut folders = candidates.into_iter().filter_map(|folder| {
        let file = folder.join("initdb").canonicalize().ok()?;
        Some(file.parent()?.to_owned())
    });
    folders.find(|folder| folder.join("postgres").is_file() && folder.join("pg_ctl").is_file())
}

/// The client, which may be beside the server's programs or elsewhere.
fn find_psql(programs: Option<&Path>) -> Option<PathBuf> {
    let beside = programs.map(Path::to_owned).into_iter();
    let mut folders = beside.chain(search_path());
    folders.find_map(|folder| Some(folder.join("psql")).filter(|psql| psql.is_file()))
}

/// The folders of `PATH`.
fn search_path() -> Vec<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect()
}

/// A variable of the environment, unless it is empty.
fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
