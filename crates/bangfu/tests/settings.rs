//! The program and its settings: where they come from, what is refused, and what is never shown.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use bangfu_persistence::MasterKey;
use harness::{postgres, server};
use serde_json::Value;
use tempfile::TempDir;

/// The program in a folder of its own, without settings from outside.
fn program(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bangfu"));
    command.args(arguments).current_dir(folder).env_clear();
    command
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("the program")
}

fn shown(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn refused(command: &mut Command) -> String {
    let output = run(command);
    assert!(!output.status.success(), "{}", shown(&output));
    shown(&output)
}

fn succeeded(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{}", shown(&output));
    shown(&output)
}

/// A server that listens; it is ended when the test lets it go.
struct Serving(Child);

impl Serving {
    fn start(command: &mut Command) -> Self {
        let started = command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = started.spawn().expect("the program");
        let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let listens = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("listening on")));
        let server = Self(child);
        assert!(listens.is_some(), "it listens");
        server
    }

    /// Ends it, and returns what it logged.
    fn end(mut self) -> String {
        self.0.kill().expect("a running server");
        std::io::read_to_string(self.0.stderr.take().expect("its logs")).expect("logs")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let folder = folder();
    fs::write(
        folder.path().join("bangfu.toml"),
        "token_seconds = 100\nissuer = \"https://file\"\nauto_migrate = true\n",
    )
    .expect("a file");
    let mut command = program(&folder, &["config", "--config", "bangfu.toml"]);
    let of_file = succeeded(&mut command);
    for line in [
        "token_seconds = 100  # file",
        "issuer = \"https://file\"  # file",
        "auto_migrate = true  # file",
        "data = \"data\"  # default",
        "# blobs is not set",
        "log_format = \"text\"  # default",
    ] {
        assert!(of_file.contains(line), "{line}\n{of_file}");
    }
    let of_environment = succeeded(command.env("BANGFU_TOKEN_SECONDS", "200").env("BANGFU_LOG_FORMAT", "json"));
    assert!(of_environment.contains("token_seconds = 200  # BANGFU_TOKEN_SECONDS"), "{of_environment}");
    assert!(of_environment.contains("log_format = \"json\"  # BANGFU_LOG_FORMAT"), "{of_environment}");
    let of_flag = succeeded(command.args(["--token-seconds", "300"]));
    assert!(of_flag.contains("token_seconds = 300  # flag"), "{of_flag}");

    // What is printed is a file with the same settings.
    fs::write(folder.path().join("again.toml"), of_flag.replace("# flag", "")).expect("a file");
    let again = succeeded(&mut program(&folder, &["config", "--config", "again.toml"]));
    assert!(again.contains("token_seconds = 300  # file"), "{again}");
}

#[test]
fn a_mistake_in_the_file_is_refused_with_its_line() {
    let folder = folder();
    for (text, line, told) in [
        ("data = \"x\"\nblob = \"y\"\n", 2, "there is no setting `blob`; there are:"),
        ("token_seconds = \"300\"\n", 1, "`token_seconds` must be a whole number"),
        ("\n\nlisten = 8080\n", 3, "`listen` must be a text"),
        ("listen = \"here\"\n", 1, "`listen`: invalid value"),
        ("token_seconds = 5\n", 1, "5 is not in 60..=2678400"),
        ("auto_migrate = \"yes\"\n", 1, "`auto_migrate` must be true or false"),
        ("log_format = \"xml\"\n", 1, "`log_format`: invalid value"),
        ("[server]\nlisten = \"x\"\n", 1, "there is no setting `server`"),
        ("data = \"x\"\ndata = \"y\"\n", 2, "duplicate key"),
        ("data = x\n", 1, "bangfu.toml, line 1: "),
    ] {
        fs::write(folder.path().join("bangfu.toml"), text).expect("a file");
        let refused = refused(program(&folder, &["serve"]).env("BANGFU_CONFIG", "bangfu.toml"));
        assert!(refused.contains(&format!("line {line}")) && refused.contains(told), "{text}: {refused}");
    }
    assert!(refused(&mut program(&folder, &["serve", "--config", "none.toml"])).contains("none.toml"));
}

#[test]
fn the_example_has_every_setting_and_is_accepted() {
    let folder = folder();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/bangfu.toml");
    let example = fs::read_to_string(example).expect("the example");
    // The settings that it only mentions are settings, too.
    let mentioned = |line: &str| line.strip_prefix('#').filter(|it| it.split_once(" = ").is_some()).map(str::to_owned);
    let whole: Vec<String> = example
        .lines()
        .map(|line| mentioned(line).filter(|it| !it.starts_with(' ')).unwrap_or(line.to_owned()))
        .collect();
    for text in [example.clone(), whole.join("\n")] {
        fs::write(folder.path().join("bangfu.toml"), text).expect("a file");
        succeeded(&mut program(&folder, &["config", "--config", "bangfu.toml"]));
    }
    let settings = succeeded(&mut program(&folder, &["config", "--config", "bangfu.toml"]));
    let other: Vec<&str> = settings.lines().filter(|line| !line.ends_with("# file")).collect();
    assert!(other.is_empty(), "not in deploy/bangfu.toml: {other:?}");
}

#[test]
fn no_password_is_shown() {
    let folder = folder();
    let settings = |url: &str| succeeded(program(&folder, &["config"]).env("DATABASE_URL", url));
    let of_url = settings("postgres://u:geheim@localhost/db?sslpassword=geheim");
    assert!(of_url.contains("postgres://u:***@localhost/db?sslpassword=***"), "{of_url}");
    for address in [
        "postgres://u:geheim%zz@127.0.0.1:1/db",
        "postgres://u:geheim@127.0.0.1:1/db",
        "postgres://u:geheim@x@127.0.0.1:1/db",
        "postgres://u@127.0.0.1:1/db?password=geheim",
        "postgres://u@127.0.0.1:1/db?password=geheim%",
        "postgres://u:geheim@127.0.0.1:1/db?unknown=1",
        "host=127.0.0.1 port=1 user=u password=geheim",
        "geheim",
    ] {
        assert!(!settings(address).contains("geheim"), "{address}");
        for arguments in
            [&["serve"][..], &["serve", "--init"], &["migrate", "--init"], &["demo"], &["rebuild", "--check"]]
        {
            let key = folder.path().join("master.key");
            fs::write(&key, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key");
            let mut command = program(&folder, arguments);
            command.env("DATABASE_URL", address).env("BANGFU_MASTER_KEY_FILE", key).env("BANGFU_LOG", "trace");
            let told = refused(&mut command);
            assert!(!told.contains("geheim"), "{address} {arguments:?}: {told}");
        }
    }
}

#[test]
fn no_city_is_made_by_a_mistyped_folder() {
    let folder = folder();
    for command in [&["serve"][..], &["migrate"]] {
        let refused = refused(program(&folder, command).env("BANGFU_DATA", "dtaa"));
        assert!(refused.contains("--init") && refused.contains("dtaa/bangfu.db"), "{refused}");
        assert!(!folder.path().join("dtaa").exists());
    }
    Serving::start(&mut program(&folder, &["serve", "--init"])).end();
    Serving::start(&mut program(&folder, &["serve"])).end();
    assert!(folder.path().join("data/master.key").exists());

    // A lost key is not replaced by another one.
    fs::remove_file(folder.path().join("data/master.key")).expect("a key");
    assert!(refused(&mut program(&folder, &["serve"])).contains("data/master.key"));
    assert!(!folder.path().join("data/master.key").exists());
}

#[test]
fn no_city_is_made_in_another_database() {
    let folder = folder();
    let url = postgres::database_url();
    fs::write(folder.path().join("key"), server::master_key().to_text().as_str()).expect("a key");
    let with = |arguments: &[&str]| {
        let mut command = program(&folder, arguments);
        command.env("DATABASE_URL", &url).env("BANGFU_MASTER_KEY_FILE", "key");
        command
    };
    for arguments in [&["serve", "--auto-migrate"][..], &["migrate"]] {
        assert!(refused(&mut with(arguments)).contains("--init"));
    }
    succeeded(&mut with(&["migrate", "--init"]));
    succeeded(&mut with(&["migrate"]));
    Serving::start(&mut with(&["serve"])).end();
}

#[test]
fn logs_are_objects_where_they_are_asked_for() {
    let folder = folder();
    let mut command = program(&folder, &["serve", "--init", "--log-format", "json", "--log", "info"]);
    let logged = Serving::start(&mut command).end();
    let lines: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert!(!lines.is_empty());
    for line in lines {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line.get(field).is_some_and(Value::is_string), "{field}: {line}");
        }
    }
}

#[test]
fn a_filter_that_is_none_is_refused() {
    let folder = folder();
    let refused = refused(program(&folder, &["serve", "--init"]).env("BANGFU_LOG", "info,bangfu=laut"));
    assert!(refused.contains("bangfu=laut") && refused.contains("BANGFU_LOG"), "{refused}");
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_city_is_backed_up_and_restored() {
    let folder = folder();
    Serving::start(&mut program(&folder, &["serve", "--init"])).end();
    fs::write(folder.path().join("backup.key"), MasterKey::generate().to_text().as_str()).expect("a key");
    let backup = ["backup", "--key-file", "backup.key", "--to", "city.backup"];
    assert!(succeeded(&mut program(&folder, &backup)).contains("0 attached files"));
    assert!(refused(&mut program(&folder, &backup)).contains("there already"));

    let restore = ["restore", "--from", "city.backup", "--data", "restored", "--key-file"];
    let with = |key: &'static str| [&restore[..], &[key]].concat();
    assert!(refused(&mut program(&folder, &with("data/master.key"))).contains("the key is not the one"));
    assert!(succeeded(&mut program(&folder, &with("backup.key"))).ends_with("equal\n"));
    assert!(refused(&mut program(&folder, &with("backup.key"))).contains("not empty"));
    Serving::start(&mut program(&folder, &["serve", "--data", "restored"])).end();
}

#[test]
fn the_benchmark_begins_a_city_of_its_own() {
    let folder = folder();
    let short = ["--seconds", "1", "--warm-up", "0", "--rounds", "1", "--rate", "5", "--connections", "1", "--json"];
    let arguments = [&["bench", "intake"][..], &short].concat();
    let report = run(program(&folder, &arguments).stderr(Stdio::null()));
    assert!(report.status.success(), "{}", shown(&report));
    let report: Value = serde_json::from_slice(&report.stdout).expect("a report");
    assert!(report.is_object(), "{report}");
}
