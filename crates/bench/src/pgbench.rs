//! pgbench: what PostgreSQL itself does on this machine with the same rows, and no server before it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{BenchError, LoadArgs};

/// The rows of one referral, as statements of their own.
const SCRIPT: &str = include_str!("intake.sql");

/// By how much the numbers of one run begin after those of the run before. No client does that many transactions.
const NUMBERS_PER_RUN: u64 = 10_000_000;

/// pgbench, with the script that it runs.
pub(super) struct Pgbench {
    program: PathBuf,
    script: PathBuf,
    url: String,
    processors: usize,
    runs: u64,
}

impl Pgbench {
    /// pgbench of `PATH`, or else the newest one of Debian's, if there is one; its script goes into the folder.
    pub fn find(folder: &Path, url: &str, processors: usize) -> Result<Option<Self>, BenchError> {
        let Some(program) = find_program() else { return Ok(None) };
        let script = folder.join("intake.sql");
        fs::write(&script, SCRIPT).map_err(|source| BenchError::File { path: script.clone(), source })?;
        Ok(Some(Self { program, script, url: url.to_owned(), processors, runs: 0 }))
    }

    /// The transactions a second that it does under the same load. It is warmed up as the server is.
    pub fn run(&mut self, args: &LoadArgs) -> Result<u64, BenchError> {
        if args.warm_up > 0 {
            self.run_for(args.connections, args.warm_up)?;
        }
        self.run_for(args.connections, args.seconds)
    }

    fn run_for(&mut self, clients: u32, seconds: u64) -> Result<u64, BenchError> {
        self.runs += 1;
        let threads = self.processors.min(usize::try_from(clients).unwrap_or(1)).max(1);
        let output = Command::new(&self.program)
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={threads}"))
            .arg(format!("--time={seconds}"))
            .arg(format!("--define=i={}", self.runs * NUMBERS_PER_RUN))
            .arg("--file")
            .arg(&self.script)
            // pgbench takes an address from here as well, where others on this machine do not see it.
            .env("PGDATABASE", &self.url)
            .env("LC_ALL", "C")
            .output()
            .map_err(|source| BenchError::File { path: self.program.clone(), source })?;
        let said = String::from_utf8_lossy(&output.stdout);
        match transactions_per_second(&said) {
            Some(rate) if output.status.success() => Ok(rate),
            _ => {
                let complaint = String::from_utf8_lossy(&output.stderr);
                Err(BenchError::Pgbench(complaint.lines().take(3).collect::<Vec<_>>().join("; ")))
            }
        }
    }
}

/// Reads `tps = 4227.31 (without initial connection time)`, if no transaction failed.
fn transactions_per_second(said: &str) -> Option<u64> {
    let failed = said.lines().find_map(|line| line.strip_prefix("number of failed transactions: "));
    if failed.is_some_and(|count| !count.starts_with("0 ")) {
        return None;
    }
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    rate.split(['.', ' ']).next()?.parse().ok()
}

fn find_program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut named = env::split_paths(&path).map(|folder| folder.join("pgbench"));
    named.find(|program| program.is_file()).or_else(|| {
        let installed = fs::read_dir("/usr/lib/postgresql").ok()?;
        let versions = installed.flatten().filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let program = entry.path().join("bin/pgbench");
            program.is_file().then_some((version, program))
        });
        versions.max().map(|(_, program)| program)
    })
}

#[cfg(test)]
mod tests {
    use super::transactions_per_second;

    #[test]
    fn reads_what_pgbench_says() {
        let said = "number of failed transactions: 0 (0.000%)\nlatency average = 3.784 ms\n\
                    tps = 4227.314159 (without initial connection time)\n";
        assert_eq!(transactions_per_second(said), Some(4227));
        assert_eq!(transactions_per_second(&said.replace(": 0 (", ": 7 (")), None);
        assert_eq!(transactions_per_second("nothing"), None);
    }
}
