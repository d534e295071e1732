//! The demonstration, run as a program: it is killed in the middle, resumes, and reaches its figures.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use bangfu_persistence::{Location, MasterKey, inspect};
use harness::{Database, server};
use serde_json::{Value, json};

/// A program on one database, with its folder and the figures to reach.
struct Program<'a> {
    folder: &'a Path,
    url: Option<String>,
}

impl Program<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bangfu"));
        command.args(arguments).arg("--data").arg(self.folder);
        command.env_remove("DATABASE_URL").env("BANGFU_LOG", "error");
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
            let key = self.folder.join("master.key");
            if !arguments.contains(&"demo") {
                command.arg("--master-key-file").arg(key);
            }
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    fn demo(&self, further: &[&str]) -> Command {
        let figures = self.folder.join("figures.json");
        let figures = figures.to_str().expect("a path").to_owned();
        let usual = ["demo", "--listen", "127.0.0.1:0", "--exit", "--json", "--figures", &figures];
        self.command(&[&usual, further].concat())
    }

    /// Lets the demonstration come to a month, and kills it there.
    fn kill_in(&self, month: &str) {
        let mut child: Child = self.demo(&[]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a child");
        let lines = BufReader::new(child.stderr.take().expect("its words")).lines();
        let there = lines.map_while(Result::ok).any(|line| line.starts_with(month));
        child.kill().expect("a living child");
        child.wait().expect("its end");
        assert!(there, "the demonstration did not come to {month}");
    }

    fn report(&self) -> Value {
        let shown = self.demo(&[]).output().expect("the program");
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        serde_json::from_slice(&shown.stdout).expect("a report")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a killed and resumed demonstration did, by the events that record each outcome.
fn story(database: Database) -> (Value, BTreeMap<String, u64>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (location, _held) = match database {
        Database::Sqlite => (None, None),
        Database::Postgres => {
            let (location, held) = server::fresh(database);
            (Some(location), held)
        }
    };
    let url = location.map(|it| match it {
        Location::Postgres(url) => url,
        Location::Sqlite(path) => panic!("{}", path.display()),
    });
    let program = Program { folder: folder.path(), url };
    let figures = json!({
        "year": 2021,
        "living": { "households": 8, "amount": "12345.60" },
        "medical": { "households": 5, "amount": "61000.00" },
        "education": { "households": 4, "amount": "18000.01" },
    });
    std::fs::write(folder.path().join("figures.json"), figures.to_string()).expect("a file");

    program.kill_in("2021-04");
    let unfinished = program.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(said(&unfinished).contains("has not come to its end"), "{}", said(&unfinished));
    program.kill_in("2021-09");
    let report = program.report();

    let other = program.demo(&["--seed", "7"]).output().expect("the program");
    assert!(said(&other).contains("begin another one"), "{}", said(&other));
    let checked = program.run(&["rebuild", "--check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let token = program.run(&["token", "--as", "auditor"]);
    assert_eq!(String::from_utf8_lossy(&token.stdout).matches('.').count(), 2);
    let nobody = program.run(&["token", "--as", "nobody"]);
    assert!(said(&nobody).contains("finance-maker"), "{}", said(&nobody));

    let rows = report.pointer("/disbursements/rows").and_then(Value::as_array).expect("rows");
    let found: Vec<_> =
        rows.iter().map(|row| (row["aid_type"].clone(), row["households"].clone(), row["amount"].clone())).collect();
    for (kind, households, amount) in
        [("living", 8, "12345.60"), ("medical", 5, "61000.00"), ("education", 4, "18000.01")]
    {
        assert!(found.contains(&(kind.into(), households.into(), amount.into())), "{found:?}");
    }
    assert_eq!(report["unacknowledged"], 0);
    let people = report["people"].as_array().expect("people");
    let caseworker = people.iter().find(|it| it["login"] == "caseworker-tongguan").expect("a caseworker");
    assert_eq!((&caseworker["role"], &caseworker["unit"]), (&json!("caseworker"), &json!("铜官区总工会")));
    let machines: Vec<_> = report["clients"].as_array().expect("machines").iter().map(|it| &it["name"]).collect();
    assert_eq!(machines, ["bank", "hospital-renmin", "hospital-yian", "hospital-zongyang"]);
    assert!(!report.to_string().contains("eyJ"), "no token is printed");
    let events: BTreeMap<String, u64> = serde_json::from_value(report["events"].clone()).expect("counts");
    // How often secrets are issued again depends on when the process is killed.
    let settled = events.into_iter().filter(|(name, _)| !name.starts_with("client.")).collect();
    (report["disbursements"]["total"].clone(), settled)
}

#[test]
fn a_killed_demonstration_comes_to_the_same_figures_on_both_databases() {
    assert_eq!(story(Database::Sqlite), story(Database::Postgres));
}

#[test]
fn figures_out_of_reach_are_refused_before_anything_is_begun() {
    let folder = tempfile::tempdir().expect("a folder");
    let figures = json!({
        "year": 2021,
        "living": { "households": 2, "amount": "40760.00" },
        "medical": { "households": 0, "amount": "0.00" },
        "education": { "households": 0, "amount": "0.00" },
    });
    std::fs::write(folder.path().join("figures.json"), figures.to_string()).expect("a file");
    let program = Program { folder: folder.path(), url: None };
    let refused = program.demo(&[]).output().expect("the program");
    assert!(!refused.status.success());
    assert!(said(&refused).contains("living: 2 households can get"), "{}", said(&refused));
    assert!(!folder.path().join("bangfu.db").exists());
}

#[test]
fn a_check_makes_nothing_and_migrates_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let program = Program { folder: &data, url: None };
    let check = ["rebuild", "--check"];
    assert!(said(&program.run(&check)).contains("there is no database"));
    assert!(!data.exists());

    assert!(program.run(&["migrate", "--init"]).status.success());
    let (database, key) = (Location::Sqlite(data.join("bangfu.db")), data.join("master.key"));
    std::fs::remove_file(&key).expect("the key of a new city");
    assert!(said(&program.run(&check)).contains("master.key"), "it makes no key of its own");
    std::fs::write(&key, MasterKey::generate().to_text().as_str()).expect("a key");
    let equal = program.run(&check);
    assert!(equal.status.success(), "{}", said(&equal));
    assert!(!data.join("blobs").exists());

    inspect::migrate_down(&database).expect("a database without tables");
    assert!(said(&program.run(&["migrate"])).contains("--init"));
    for command in [&check[..], &["rebuild"], &["token", "--as", "auditor"]] {
        let refused = program.run(command);
        assert!(!refused.status.success() && said(&refused).contains("bangfu migrate"), "{}", said(&refused));
    }
    assert!(program.run(&["migrate", "--init"]).status.success());
    assert!(program.run(&check).status.success());
}
