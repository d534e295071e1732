//! What was measured: times, and what went wrong, by what it was.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::BenchError;

/// The longest time that is measured, in microseconds: longer than any request may take.
const LONGEST_MICROS: u64 = 120_000_000;

/// Times of the answers that were as expected, and a count of everything else.
pub(super) struct Tally {
    times: Histogram<u64>,
    errors: BTreeMap<String, u64>,
}

/// The figures of one way of loading in one round. Times are in microseconds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figures {
    /// Answers as expected.
    pub answered: u64,
    /// Answers as expected, per second.
    pub per_second: u64,
    /// The median time.
    pub p50_micros: u64,
    /// 99 of 100 took no longer.
    pub p99_micros: u64,
    /// 999 of 1,000 took no longer.
    pub p999_micros: u64,
    /// The longest.
    pub max_micros: u64,
    /// Requests that were not answered as expected.
    pub errors: u64,
    /// The same by status, or by what happened instead of an answer.
    pub errors_by_kind: BTreeMap<String, u64>,
}

impl Tally {
    /// Nothing yet.
    pub fn new() -> Result<Self, BenchError> {
        let times = Histogram::new_with_bounds(1, LONGEST_MICROS, 3);
        let times = times.map_err(|error| BenchError::Histogram(error.to_string()))?;
        Ok(Self { times, errors: BTreeMap::new() })
    }

    /// Counts an answer as expected.
    pub fn answered(&mut self, took: Duration) {
        self.times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(LONGEST_MICROS));
    }

    /// Counts something else.
    pub fn failed(&mut self, kind: String) {
        *self.errors.entry(kind).or_default() += 1;
    }

    /// Adds what another thread counted.
    pub fn add(&mut self, other: &Tally) -> Result<(), BenchError> {
        let added = self.times.add(&other.times);
        added.map_err(|error| BenchError::Histogram(error.to_string()))?;
        for (kind, count) in &other.errors {
            *self.errors.entry(kind.clone()).or_default() += count;
        }
        Ok(())
    }

    /// The figures of what was counted within `took`.
    pub fn figures(&self, took: Duration) -> Figures {
        let answered = self.times.len();
        Figures {
            answered,
            per_second: per_second(answered, took),
            p50_micros: self.times.value_at_quantile(0.5),
            p99_micros: self.times.value_at_quantile(0.99),
            p999_micros: self.times.value_at_quantile(0.999),
            max_micros: self.times.max(),
            errors: self.errors.values().sum(),
            errors_by_kind: self.errors.clone(),
        }
    }
}

/// How many a second, to the nearest whole number.
fn per_second(count: u64, took: Duration) -> u64 {
    let nanos = took.as_nanos().max(1);
    let rate = (u128::from(count) * 1_000_000_000 + nanos / 2) / nanos;
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// The median of each column; errors are added up, since a median would hide them.
pub(super) fn medians(rounds: &[Figures]) -> Figures {
    let of = |column: fn(&Figures) -> u64| median(rounds.iter().map(column));
    let mut errors_by_kind: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, count) in rounds.iter().flat_map(|round| &round.errors_by_kind) {
        *errors_by_kind.entry(kind.clone()).or_default() += count;
    }
    Figures {
        answered: of(|round| round.answered),
        per_second: of(|round| round.per_second),
        p50_micros: of(|round| round.p50_micros),
        p99_micros: of(|round| round.p99_micros),
        p999_micros: of(|round| round.p999_micros),
        max_micros: of(|round| round.max_micros),
        errors: rounds.iter().map(|round| round.errors).sum(),
        errors_by_kind,
    }
}

/// The middle one; of an even number the lower of the two in the middle, which was measured.
pub(super) fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_whole_numbers_to_the_nearest() {
        assert_eq!(per_second(3_000, Duration::from_secs(10)), 300);
        assert_eq!(per_second(26, Duration::from_secs(10)), 3);
        assert_eq!(per_second(0, Duration::ZERO), 0);
    }

    #[test]
    fn the_median_is_one_that_was_measured() {
        assert_eq!(median([9, 1, 5].into_iter()), 5);
        assert_eq!(median([9, 1, 5, 7].into_iter()), 5);
        assert_eq!(median([].into_iter()), 0);
    }

    #[test]
    fn no_error_is_lost_in_a_median() {
        let mut good = Tally::new().unwrap();
        good.answered(Duration::from_millis(3));
        let mut bad = Tally::new().unwrap();
        bad.failed("503".to_owned());
        bad.failed("503".to_owned());
        bad.add(&good).unwrap();
        let second = Duration::from_secs(1);
        let rounds = [good.figures(second), bad.figures(second), good.figures(second)];
        let all = medians(&rounds);
        assert_eq!((all.errors, all.errors_by_kind.get("503")), (2, Some(&2)));
        assert_eq!(all.answered, 1);
    }
}
