//! When what is done about a household: numbers of working days of the year.

use bangfu_domain::{hardship::AidType, policy::PolicyDocument, time::Day};

use super::{calendar::Calendar, household::Course, random::Random};
use crate::DemoError;

/// Working days between two payment runs.
pub const PAYMENT_INTERVAL: usize = 8;
/// Working days before the year's end on which the last household is found: from then to its money it takes that
/// long, also if a payment fails.
const LAST_FOUND: usize = 66;
/// Working days before the year's end until which a payment may be approved that will fail at first.
const TIME_FOR_FAILURE: usize = 34;
/// Working days after the application within which a relief is paid, also if a payment fails.
const TIME_TO_PAY: usize = 30;
/// Six months, for which hardship has to be overcome before it counts as lifted.
const HALF_A_YEAR: usize = 126;

/// The working days of a household's way.
#[derive(Debug, Clone, Copy)]
pub struct Steps {
    /// A referrer finds it.
    pub found: usize,
    /// The referral is accepted and the case opened.
    pub accepted: usize,
    /// Household, consents, visit; the comparison is asked for.
    pub identified: usize,
    /// The comparison is answered, the household assessed, and the notice published.
    pub assessed: usize,
    /// The notice is closed and the case submitted.
    pub submitted: usize,
    /// It is decided.
    pub decided: usize,
    /// How many working days the year has.
    year: usize,
    /// The first working day of the school year's applications.
    school: usize,
}

impl Steps {
    /// The way of a household.
    pub fn of(
        calendar: &Calendar,
        policy: &PolicyDocument,
        course: Course,
        random: &mut Random,
    ) -> Result<Self, DemoError> {
        let year = calendar.len();
        let last = match course {
            Course::Helped | Course::Rejected | Course::Withdraws => year.saturating_sub(LAST_FOUND),
            Course::Lifted => 70,
            Course::ComesBack => 20,
        };
        let found = random.between(1, last.max(1));
        let accepted = found + random.between(1, 3);
        let mut steps = Self {
            found,
            accepted,
            identified: accepted + random.between(1, 4),
            assessed: 0,
            submitted: 0,
            decided: 0,
            year,
            school: school(calendar),
        };
        steps.identify(calendar, policy, random)?;
        Ok(steps)
    }

    /// The working day on which the enrolment of a household ends whose hardship is lifted: half a year
    /// later, and when its last aid is paid.
    pub fn exit(&self, last_applied: usize, random: &mut Random) -> usize {
        let paid = last_applied + TIME_TO_PAY;
        paid.max(self.decided + HALF_A_YEAR) + random.between(0, 8)
    }

    /// The way of the same household when it comes back on a day.
    pub fn again(
        mut self,
        reopened: usize,
        calendar: &Calendar,
        policy: &PolicyDocument,
        random: &mut Random,
    ) -> Result<Self, DemoError> {
        self.identified = reopened + 1;
        self.identify(calendar, policy, random)?;
        Ok(self)
    }

    fn identify(&mut self, calendar: &Calendar, policy: &PolicyDocument, random: &mut Random) -> Result<(), DemoError> {
        self.assessed = self.identified + random.between(1, 2);
        let published = calendar.day(self.assessed);
        let until = policy
            .notice_end(published)
            .map_err(|unknown| DemoError::Figures(format!("the working days of {} are not known", unknown.0)))?;
        self.submitted = calendar.first_after(until);
        self.decided = self.submitted + 1;
        Ok(())
    }

    /// The working day on which a relief is applied for.
    pub fn application(&self, aid_type: AidType, random: &mut Random) -> usize {
        let soon = self.decided + random.between(1, 12);
        match aid_type {
            AidType::Education => soon.max(self.school + random.between(0, 12)),
            AidType::Living | AidType::Medical => soon,
        }
    }

    /// Whether a payment applied for on a day may fail and be made again in the same year.
    pub fn leaves_time_after(&self, applied: usize) -> bool {
        applied + TIME_FOR_FAILURE < self.year
    }
}

/// The first working day from 16 August on, when the letters of admission are there.
fn school(calendar: &Calendar) -> usize {
    Day::new(calendar.day(0).year(), 8, 15).map_or(0, |day| calendar.first_after(day))
}
