//! What each state answers to each command, as a table for everyone: `golden/transitions/<kind>.txt`.
//!
//! The tables are made by running the commands, as `common/samples` gives them. `UPDATE_EXPECT=1` writes them anew
//! after a change that is meant; the reviewer of the change reads the table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::{collections::BTreeSet, fs, path::Path};

use expect_test::expect_file;

use common::samples::samples;

#[test]
fn every_state_answers_every_command() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/transitions");
    let mut tables = BTreeSet::new();
    for of_kind in samples() {
        let Some(table) = of_kind.transitions.map(|table| table()) else { continue };
        let text = format!(
            "What each state answers to each command, found by running every command in every state.\n\
             After an arrow stands the new state; after \"refused\" the cause that the API names.\n\n{table}"
        );
        let name = format!("{}.txt", of_kind.kind.code());
        expect_file![folder.join(&name)].assert_eq(&text);
        tables.insert(name);
    }
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.collect::<BTreeSet<_>>(), tables, "no table is left over");
}
