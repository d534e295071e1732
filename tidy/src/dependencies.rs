//! The workspace itself: which crate may depend on what, and under which licences.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;

use crate::{assert_none, sources::root};

/// Licences that a dependency may have, by SPDX id, as `deny.toml` lists them. Of several, one of these is enough.
fn licences() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let (_, licences) = text.split_once("[licenses]\nallow = [").expect("a list of licences");
    let (licences, _) = licences.split_once("]\n").expect("its end");
    let licences: BTreeSet<String> = licences.split(',').map(|it| it.trim().trim_matches('"').to_owned()).collect();
    assert!(licences.contains("Apache-2.0"), "{licences:?}");
    licences
}

fn metadata(arguments: &[&str]) -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--locked"]).args(arguments);
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo gives JSON")
}

/// The direct dependencies of a crate of ours, tests apart.
fn dependencies(metadata: &Value, name: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|p| p["name"] == name).expect("our crate");
    let all = package["dependencies"].as_array().expect("dependencies");
    all.iter().filter(|d| d["kind"].is_null()).filter_map(|d| d["name"].as_str().map(str::to_owned)).collect()
}

/// The crates of ours, each with those that it may depend on.
const CRATES: [(&str, &[&str]); 8] = [
    ("bangfu-domain", &[]),
    ("bangfu-client", &[]),
    ("bangfu-persistence", &["bangfu-domain"]),
    ("bangfu-app", &["bangfu-domain", "bangfu-persistence"]),
    ("bangfu-http", &["bangfu-domain", "bangfu-persistence", "bangfu-app"]),
    ("bangfu-demo", &["bangfu-client", "bangfu-domain", "bangfu-persistence", "bangfu-app", "bangfu-http"]),
    ("bangfu-bench", &["bangfu-client", "bangfu-domain", "bangfu-persistence"]),
    ("bangfu", &["bangfu-persistence", "bangfu-app", "bangfu-http", "bangfu-demo", "bangfu-bench"]),
];

/// What only some crates may know: transport, storage and policies, each with those crates.
const KNOWLEDGE: [(&[&str], &[&str]); 6] = [
    (&["diesel", "diesel_migrations", "libsqlite3-sys", "pq-sys"], &["bangfu-persistence"]),
    (&["actix-web"], &["bangfu-http", "bangfu-demo", "bangfu"]),
    (&["validator"], &["bangfu-http"]),
    // The domain's values describe themselves, if the feature `schema` is on.
    (&["utoipa"], &["bangfu-http", "bangfu-domain"]),
    (&["cedar-policy", "jsonwebtoken", "argon2"], &["bangfu-app"]),
    (&["tokio"], &["bangfu-persistence", "bangfu-app", "bangfu-http", "bangfu-demo", "bangfu-bench", "bangfu"]),
];

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata(&["--no-deps"]);
    let mut findings = Vec::new();
    for (name, permitted) in CRATES {
        let dependencies = dependencies(&metadata, name);
        let ours = dependencies.iter().filter(|it| it.starts_with("bangfu"));
        let wrong = ours.filter(|it| !permitted.contains(&it.as_str()));
        findings.extend(wrong.map(|it| format!("{name} depends on {it}")));
        for (outward, crates) in KNOWLEDGE {
            let known = outward.iter().filter(|it| dependencies.contains(**it));
            let wrong = known.filter(|_| !crates.contains(&name));
            findings.extend(wrong.map(|it| format!("{name} uses {it}")));
        }
    }
    assert_none("a crate depends on what lies below it", &findings);
    let members = metadata["workspace_members"].as_array().expect("members");
    assert_eq!(members.len(), CRATES.len() + 2, "every crate but tests and tidy has its place here");
}

#[test]
fn every_dependency_has_a_licence_that_we_accept() {
    let metadata = metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]);
    let licences = licences();
    let mut refused = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        // Every part joined by AND must be acceptable; of parts joined by OR one.
        let acceptable = licence.split(" AND ").all(|part| {
            let part = part.trim_matches(|c| c == '(' || c == ')');
            part.split(" OR ").any(|one| licences.contains(one.trim().trim_matches(|c| c == '(' || c == ')')))
        });
        if !acceptable {
            refused.push(format!("{} {licence}", package["name"]));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_dependency_comes_from_the_registry() {
    let metadata = metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]);
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        match package["source"].as_str() {
            None => assert!(name.starts_with("bangfu"), "{name} is not of this workspace"),
            Some(source) => assert!(source.starts_with("registry+"), "{name}: {source}"),
        }
    }
}
