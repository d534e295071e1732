//! How long a policy is in force. A policy ends only when the next one begins.

use crate::time::Day;

/// The time in which an approved policy is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Day,
    /// The day on which another policy takes its place, if there is one.
    pub superseded_on: Option<Day>,
}

impl Period {
    /// The time of a policy that begins on a day, where `begins` are the days on which policies begin.
    pub fn new(from: Day, begins: &[Day]) -> Self {
        let superseded_on = begins.iter().copied().filter(|day| *day > from).min();
        Self { from, superseded_on }
    }

    /// Whether the policy is in force on a day.
    pub fn includes(&self, day: Day) -> bool {
        self.from <= day && self.superseded_on.is_none_or(|end| day < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_in_force_until_the_next_one_begins() {
        let day = |text: &str| Day::parse(text).unwrap();
        let begins = [day("2021-07-01"), day("2020-01-01"), day("2021-01-01")];
        let period = Period::new(day("2021-01-01"), &begins);
        assert_eq!(period.superseded_on, Some(day("2021-07-01")));
        assert!(!period.includes(day("2020-12-31")));
        assert!(period.includes(day("2021-01-01")) && period.includes(day("2021-06-30")));
        assert!(!period.includes(day("2021-07-01")));
        assert!(Period::new(day("2021-07-01"), &begins).includes(day("2199-01-01")));
    }
}
