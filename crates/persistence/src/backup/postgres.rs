//! PostgreSQL's own programs, which dump and restore a database.

use std::{
    io::{self, ErrorKind},
    path::Path,
    process::{Command, Stdio},
};

use super::BackupError;
use crate::location::for_programs;

/// Dumps one moment of a database to a file.
pub(super) fn dump(url: &str, to: &Path) -> Result<(), BackupError> {
    run("pg_dump", url, |command| {
        command.arg("--format=custom").args(["--no-owner", "--no-privileges"]).arg("--file").arg(to);
    })
}

/// Restores a dump into an empty database, all of it or nothing.
pub(super) fn restore(url: &str, from: &Path) -> Result<(), BackupError> {
    run("pg_restore", url, |command| {
        command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]).arg(from);
    })
}

fn run(name: &'static str, url: &str, arguments: impl FnOnce(&mut Command)) -> Result<(), BackupError> {
    let (address, password) = for_programs(url);
    let mut command = Command::new(name);
    command.arg("--no-password").arg("--dbname").arg(address);
    arguments(&mut command);
    command.envs(password.map(|it| ("PGPASSWORD", it))).env("LC_ALL", "C").stdin(Stdio::null());
    let missing = |error: io::Error| {
        if error.kind() == ErrorKind::NotFound { BackupError::NoProgram(name) } else { error.into() }
    };
    let output = command.output().map_err(missing)?;
    if output.status.success() {
        return Ok(());
    }
    Err(BackupError::Program(name, String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
