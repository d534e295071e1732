//! What a benchmark found, for people and as JSON.

use std::{fmt, thread};

use serde::Serialize;

use crate::{
    LoadArgs,
    tally::{Figures, median, medians},
};

/// The width of a line's label in the table.
const LABEL: usize = 26;

/// Everything that one run found, with what is needed to read it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Which benchmark.
    pub benchmark: &'static str,
    /// The version of the program.
    pub version: &'static str,
    /// `release`, or `debug`, whose figures say nothing.
    pub build: &'static str,
    /// The database.
    pub database: String,
    /// What decides how much a commit costs there.
    pub database_settings: String,
    /// How many processors this machine has.
    pub processors: usize,
    /// How many connections asked at once.
    pub connections: u32,
    /// For how long each way was measured, in seconds.
    pub seconds: u64,
    /// For how long it ran before, in seconds.
    pub warm_up_seconds: u64,
    /// Requests a second of the load at a fixed rate.
    pub rate: u64,
    /// The load by connections that are always busy.
    pub fixed_connections: Measured,
    /// The load at a fixed rate; times count from when a request was due.
    pub fixed_rate: Measured,
    /// What PostgreSQL itself did with the same rows.
    pub pgbench: Option<Comparison>,
    /// What else has to be known.
    pub notes: Vec<String>,
}

/// One way of loading, in several rounds.
#[derive(Debug, Default, Serialize)]
pub(super) struct Measured {
    /// The rounds.
    pub rounds: Vec<Figures>,
    /// The median of each column; the sum of all errors.
    pub medians: Option<Figures>,
}

/// pgbench beside the server, in the same rounds.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    /// Its transactions a second, round by round.
    pub rounds: Vec<u64>,
    /// Their median.
    pub median: u64,
    /// The server's median of requests a second against it, in thousandths.
    pub server_per_thousand: u64,
}

impl Report {
    /// A report without figures yet.
    pub fn new(benchmark: &'static str, args: &LoadArgs, database: String, database_settings: String) -> Self {
        Self {
            benchmark,
            version: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            database,
            database_settings,
            processors: processors(),
            connections: args.connections,
            seconds: args.seconds,
            warm_up_seconds: args.warm_up,
            rate: args.rate,
            fixed_connections: Measured::default(),
            fixed_rate: Measured::default(),
            pgbench: None,
            notes: Vec::new(),
        }
    }

    /// Adds what pgbench did, once the server's rounds are known.
    pub fn compare(&mut self, rounds: Vec<u64>) {
        let median = median(rounds.iter().copied());
        let server = self.fixed_connections.medians.as_ref().map_or(0, |it| it.per_second);
        let server_per_thousand = server.saturating_mul(1_000) / median.max(1);
        self.pgbench = Some(Comparison { rounds, median, server_per_thousand });
    }
}

impl Measured {
    /// Several rounds with their medians.
    pub fn of(rounds: Vec<Figures>) -> Self {
        let medians = (!rounds.is_empty()).then(|| medians(&rounds));
        Self { rounds, medians }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        for (round, figures) in (1..).zip(&self.rounds) {
            write_line(f, &format!("{name}, round {round}"), figures)?;
        }
        match &self.medians {
            Some(figures) => write_line(f, &format!("{name}, median"), figures),
            None => Ok(()),
        }
    }
}

/// How many processors this machine lets the program use.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn write_line(f: &mut fmt::Formatter<'_>, label: &str, figures: &Figures) -> fmt::Result {
    writeln!(
        f,
        "{label:LABEL$} {:>10} {:>9} {:>9} {:>9} {:>9} {:>8}",
        figures.per_second,
        millis(figures.p50_micros),
        millis(figures.p99_micros),
        millis(figures.p999_micros),
        millis(figures.max_micros),
        figures.errors
    )
}

/// Microseconds as milliseconds with two decimals.
fn millis(micros: u64) -> String {
    let hundredths = micros.saturating_add(5) / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The table.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "bangfu bench {}, bangfu {} ({} build)", self.benchmark, self.version, self.build)?;
        if self.build == "debug" {
            writeln!(f, "THESE FIGURES SAY NOTHING: build with --release")?;
        }
        writeln!(f, "database   {}; {}", self.database, self.database_settings)?;
        writeln!(f, "machine    {} processors", self.processors)?;
        writeln!(
            f,
            "load       {} connections; {} s each, after {} s of warm-up; fixed rate {}/s, its times from when a \
             request was due\n",
            self.connections, self.seconds, self.warm_up_seconds, self.rate
        )?;
        writeln!(
            f,
            "{:LABEL$} {:>10} {:>9} {:>9} {:>9} {:>9} {:>8}",
            "", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "errors"
        )?;
        self.fixed_connections.write(f, "fixed connections")?;
        self.fixed_rate.write(f, "fixed rate")?;
        for (name, way) in [("fixed connections", &self.fixed_connections), ("fixed rate", &self.fixed_rate)] {
            for (kind, count) in way.medians.iter().flat_map(|it| &it.errors_by_kind) {
                writeln!(f, "error      {name}: {count} × {kind}")?;
            }
        }
        if let Some(pgbench) = &self.pgbench {
            let rounds: Vec<String> = pgbench.rounds.iter().map(u64::to_string).collect();
            let ratio = pgbench.server_per_thousand;
            writeln!(f, "\npgbench    {}/s, median {}/s", rounds.join("/s, "), pgbench.median)?;
            writeln!(f, "ratio      server to pgbench, by the medians: {}.{:03}", ratio / 1_000, ratio % 1_000)?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "note       {note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn times_are_rounded_to_hundredths_of_a_millisecond() {
        assert_eq!(millis(12_344), "12.34");
        assert_eq!(millis(5), "0.01");
        assert_eq!(millis(1_999_996), "2000.00");
    }
}
