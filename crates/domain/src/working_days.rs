//! Working days 工作日: Monday to Friday, except the days that the State Council moves each year.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// Weekdays off and weekend days worked, per year, from the State Council's yearly notices
/// 《国务院办公厅关于部分节假日安排的通知》; 2020 with the prolonged Spring Festival.
const NOTICES: &[(i16, &str, &str)] = &[
    (
        2020,
        "01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 05-04 05-05 06-25 06-26 \
         10-01 10-02 10-05 10-06 10-07 10-08",
        "01-19 04-26 05-09 06-28 09-27 10-10",
    ),
    (
        2021,
        "01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 06-14 09-20 09-21 \
         10-01 10-04 10-05 10-06 10-07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    (
        2022,
        "01-03 01-31 02-01 02-02 02-03 02-04 04-04 04-05 05-02 05-03 05-04 06-03 09-12 \
         10-03 10-04 10-05 10-06 10-07",
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    (
        2023,
        "01-02 01-23 01-24 01-25 01-26 01-27 04-05 05-01 05-02 05-03 06-22 06-23 09-29 \
         10-02 10-03 10-04 10-05 10-06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    (
        2024,
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 \
         09-17 10-01 10-02 10-03 10-04 10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    (
        2025,
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 \
         10-02 10-03 10-06 10-07 10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    (
        2026,
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 \
         09-25 10-01 10-02 10-05 10-06 10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
];

/// The exceptions of one year from Monday to Friday, as the State Council's notice names them 节假日安排.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    pub year: i16,
    pub off: Vec<Day>,
    /// The weekend days of this year that are worked 调休上班.
    pub worked: Vec<Day>,
}

/// The working days of a year are in no data. They are never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the working days of {0} are not known")]
pub struct UnknownYear(pub i16);

/// The calendar of working days, for the years that it knows.
#[derive(Debug, Clone)]
pub struct WorkingDays {
    years: BTreeMap<i16, Exceptions>,
}

#[derive(Debug, Clone, Default)]
struct Exceptions {
    off: BTreeSet<Day>,
    worked: BTreeSet<Day>,
}

impl WorkingDays {
    /// The years built in, 2020 to 2026, and the years given. A given year replaces the built-in one, because a notice
    /// may be amended during its year.
    pub fn new(extra: &[CalendarYear]) -> Self {
        let built_in = NOTICES
            .iter()
            .map(|&(year, off, worked)| (year, Exceptions { off: days_of(year, off), worked: days_of(year, worked) }));
        let given = extra.iter().map(|given| {
            let set = |days: &[Day]| days.iter().copied().collect();
            (given.year, Exceptions { off: set(&given.off), worked: set(&given.worked) })
        });
        Self { years: built_in.chain(given).collect() }
    }

    /// Whether people work on the day.
    pub fn is_working_day(&self, day: Day) -> Result<bool, UnknownYear> {
        let year = self.years.get(&day.year()).ok_or(UnknownYear(day.year()))?;
        Ok(if day.is_weekend() { year.worked.contains(&day) } else { !year.off.contains(&day) })
    }

    /// The last day of a period of this number of working days. The period begins on the day after `after`: the day on
    /// which something is published or received does not count (《民法典》 article 201). A period of zero days ends on
    /// `after` itself.
    pub fn end_of(&self, after: Day, working_days: u16) -> Result<Day, UnknownYear> {
        let mut left = working_days;
        let mut last = after;
        let mut following = after.following();
        while left > 0 {
            last = following.next().ok_or(UnknownYear(last.year() + 1))?;
            left -= u16::from(self.is_working_day(last)?);
        }
        Ok(last)
    }
}

/// The days of a year in `MM-DD`, one space apart.
fn days_of(year: i16, days: &str) -> BTreeSet<Day> {
    days.split(' ').filter_map(|day| Day::parse(&format!("{year}-{day}")).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn end(after: &str, working_days: u16) -> String {
        WorkingDays::new(&[]).end_of(day(after), working_days).unwrap().to_string()
    }

    #[test]
    fn every_day_of_the_notices_is_an_exception_of_its_year() {
        for &(year, off, worked) in NOTICES {
            let (offs, workeds) = (days_of(year, off), days_of(year, worked));
            assert_eq!(offs.len(), off.split(' ').count(), "{year}");
            assert_eq!(workeds.len(), worked.split(' ').count(), "{year}");
            assert!(offs.iter().all(|day| !day.is_weekend()), "{year}");
            assert!(workeds.iter().all(|day| day.is_weekend()), "{year}");
        }
        assert!(NOTICES.iter().map(|notice| notice.0).eq(2020..=2026));
    }

    /// Each festival day that is not made up for reduces the count, so the years hardly differ.
    #[test]
    fn a_year_has_about_two_hundred_and_fifty_working_days() {
        let days = WorkingDays::new(&[]);
        let worked = |year: i16| {
            let before = Day::new(year - 1, 12, 31).unwrap();
            before
                .following()
                .take_while(|day| day.year() == year)
                .filter(|&day| days.is_working_day(day).unwrap())
                .count()
        };
        let counts: Vec<usize> = (2020..=2026).map(worked).collect();
        assert_eq!(counts, [249, 250, 249, 249, 251, 248, 248]);
    }

    #[test]
    fn counts_across_the_spring_festival_of_2021() {
        // Sunday 7 February and Saturday 20 February are worked; 11 to 17 February are off.
        assert_eq!(end("2021-02-05", 1), "2021-02-07");
        assert_eq!(end("2021-02-05", 4), "2021-02-10");
        assert_eq!(end("2021-02-05", 5), "2021-02-18");
        assert_eq!(end("2021-02-10", 3), "2021-02-20");
        assert_eq!(end("2021-02-10", 4), "2021-02-22");
    }

    #[test]
    fn counts_across_the_national_day_of_2021() {
        // Sunday 26 September and Saturday 9 October are worked; 1 to 7 October are off.
        assert_eq!(end("2021-09-25", 1), "2021-09-26");
        assert_eq!(end("2021-09-29", 1), "2021-09-30");
        assert_eq!(end("2021-09-29", 2), "2021-10-08");
        assert_eq!(end("2021-09-30", 2), "2021-10-09");
        assert_eq!(end("2021-09-30", 3), "2021-10-11");
        assert_eq!(end("2021-09-30", 0), "2021-09-30");
    }

    #[test]
    fn an_ordinary_week_counts_from_the_day_after() {
        assert_eq!(end("2021-03-03", 5), "2021-03-10");
        assert_eq!(end("2021-03-06", 5), "2021-03-12");
        assert_eq!(end("2020-12-30", 2), "2021-01-04");
    }

    #[test]
    fn a_year_without_a_notice_is_never_guessed() {
        let days = WorkingDays::new(&[]);
        assert_eq!(days.is_working_day(day("2019-12-31")), Err(UnknownYear(2019)));
        assert_eq!(days.end_of(day("2026-12-30"), 1), Ok(day("2026-12-31")));
        assert_eq!(days.end_of(day("2026-12-30"), 2), Err(UnknownYear(2027)));
        assert_eq!(days.end_of(day("2200-12-31"), 1), Err(UnknownYear(2201)));
    }

    #[test]
    fn a_year_given_is_added_or_stands_for_the_one_built_in() {
        let off = vec![day("2027-01-01")];
        let next = CalendarYear { year: 2027, off, worked: vec![day("2027-01-02")] };
        let amended = CalendarYear { year: 2021, off: Vec::new(), worked: Vec::new() };
        let days = WorkingDays::new(&[next, amended]);
        assert_eq!(days.end_of(day("2026-12-31"), 1), Ok(day("2027-01-02")));
        assert_eq!(days.end_of(day("2021-09-30"), 1), Ok(day("2021-10-01")));
    }
}
