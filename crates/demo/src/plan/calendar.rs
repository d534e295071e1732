//! The working days of the year.

use bangfu_domain::{policy::PolicyDocument, time::Day};

use crate::DemoError;

/// The working days of one year, counted from 0.
pub struct Calendar {
    days: Vec<Day>,
    last: Day,
}

impl Calendar {
    /// The working days of a year by a policy's calendar.
    pub fn of(year: i16, policy: &PolicyDocument) -> Result<Self, DemoError> {
        let unknown = || DemoError::Figures(format!("year {year}: its working days are not known"));
        let first = Day::new(year, 1, 1).map_err(|_| unknown())?;
        let days = policy.working_days();
        let year_days = std::iter::once(first).chain(first.following());
        let working: Result<Vec<Day>, _> = year_days
            .take_while(|day| day.year() == year)
            .filter_map(|day| match days.is_working_day(day) {
                Ok(true) => Some(Ok(day)),
                Ok(false) => None,
                Err(unknown) => Some(Err(unknown)),
            })
            .collect();
        let days = working.map_err(|_| unknown())?;
        let last = days.last().copied().ok_or_else(unknown)?;
        Ok(Self { days, last })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// The day of a number; the last one for what lies beyond.
    pub fn day(&self, number: usize) -> Day {
        self.days.get(number).copied().unwrap_or(self.last)
    }

    /// The number of the first working day after a day.
    pub fn first_after(&self, day: Day) -> usize {
        self.days.partition_point(|it| *it <= day)
    }
}
