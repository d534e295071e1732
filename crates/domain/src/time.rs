//! Points in time and calendar days. Nothing here reads a clock.

use std::fmt;

use jiff::{
    Span, Timestamp,
    civil::{Date, Time, Weekday},
    tz::Offset,
};
use serde::{Deserialize, Serialize};

use crate::{
    invalid::Invalid,
    spelling,
    text_value::{TextFormat, text_value},
};

/// The hours by which China is ahead of UTC: Beijing time (北京时间).
pub const UNION_OFFSET_HOURS: i8 = 8;

const UNION_OFFSET: Offset = Offset::constant(UNION_OFFSET_HOURS);

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time in whole microseconds, from 1970 in UTC to the end of 2200 in UTC+8.
///
/// Its text, also when serialised, is RFC 3339 in UTC with six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(Timestamp);

impl Instant {
    /// The microseconds of the last instant: 2200-12-31T23:59:59.999999 in UTC+8, so that the day of
    /// every instant is a [`Day`].
    const LAST_MICROS: i64 = 7_289_625_599_999_999;

    /// Takes microseconds since 1970-01-01T00:00:00Z. Refuses those beyond the range (`OutOfRange`).
    pub fn from_micros(micros: i64) -> Result<Instant, Invalid> {
        if !(0..=Self::LAST_MICROS).contains(&micros) {
            return Err(Invalid::OutOfRange);
        }
        Timestamp::from_microsecond(micros).map(Instant).map_err(|_| Invalid::OutOfRange)
    }

    /// Reads a date-time of RFC 3339 with an upper-case `T`, any offset and at most six decimals.
    ///
    /// Refuses an empty text (`Required`), another form (`Format`), a day that does not exist
    /// (`ImpossibleDate`), and a clock time, leap second or year beyond the range (`OutOfRange`).
    pub fn parse_rfc3339(text: &str) -> Result<Instant, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        let (date, rest) = text.split_once('T').ok_or(Invalid::Format)?;
        parse_date(date)?;
        let zone_at = rest.find(['Z', '+', '-']).ok_or(Invalid::Format)?;
        let (clock, zone) = rest.split_at_checked(zone_at).ok_or(Invalid::Format)?;
        if !is_clock(clock) || !["Z", "+00:00", "-00:00"].iter().any(|form| has_form(zone, form)) {
            return Err(Invalid::Format);
        }
        // jiff would take the leap second 60 for 59.
        if clock.get(6..8) == Some("60") {
            return Err(Invalid::OutOfRange);
        }
        let timestamp: Timestamp = text.parse().map_err(|_| Invalid::OutOfRange)?;
        Instant::from_micros(timestamp.as_microsecond())
    }

    /// The microseconds since 1970-01-01T00:00:00Z.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The calendar day in UTC+8 on which it lies.
    pub fn day(self) -> Day {
        Day(UNION_OFFSET.to_datetime(self.0).date())
    }

    /// The instant this number of seconds later (earlier when negative), or `None` beyond the range.
    #[must_use]
    pub fn checked_add_seconds(self, seconds: i64) -> Option<Instant> {
        let micros = seconds.checked_mul(MICROS_PER_SECOND)?;
        Instant::from_micros(self.as_micros().checked_add(micros)?).ok()
    }

    /// The microseconds since an earlier instant, or zero when that one is later.
    pub fn saturating_micros_since(self, earlier: Instant) -> i64 {
        self.as_micros().saturating_sub(earlier.as_micros()).max(0)
    }
}

/// A calendar day of the Gregorian calendar (公历) in the years 1850 to 2200.
///
/// Its text, also when serialised, is ISO 8601: `2021-03-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Takes a year, a month from 1 and a day from 1.
    ///
    /// Refuses a year beyond the range (`OutOfRange`) and a day that does not exist (`ImpossibleDate`).
    pub fn new(year: i16, month: i8, day: i8) -> Result<Day, Invalid> {
        require_year(year)?;
        Date::new(year, month, day).map(Day).map_err(|_| Invalid::ImpossibleDate)
    }

    /// Reads `YYYY-MM-DD`, in any [spelling](crate::spelling).
    ///
    /// Refuses an empty text (`Required`), another form (`Format`), a day that does not exist
    /// (`ImpossibleDate`), and a year beyond the range (`OutOfRange`).
    pub fn parse(text: &str) -> Result<Day, Invalid> {
        let text = spelling::plain(text);
        if text.is_empty() {
            return Err(Invalid::Required);
        }
        let date = parse_date(&text)?;
        require_year(date.year())?;
        Ok(Day(date))
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day within its month, from 1.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// The day this number of days later (earlier when negative), or `None` beyond the range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Day> {
        let date = self.0.checked_add(Span::new().try_days(days).ok()?).ok()?;
        require_year(date.year()).ok().map(|()| Day(date))
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The days after this one, in order, to the end of the range.
    pub fn following(self) -> impl Iterator<Item = Day> {
        std::iter::successors(self.plus_days(1), |day| day.plus_days(1))
    }

    /// The days from this day to the other, below zero when the other comes first.
    pub fn days_until(self, other: Day) -> i32 {
        let hours = other.0.duration_since(self.0).as_hours();
        // Never saturates: the whole range has fewer than 130 000 days.
        i32::try_from(hours / 24).unwrap_or(i32::MAX)
    }

    /// The full years (周年) from this day to the other, below zero when the other comes first.
    ///
    /// A year is full on its anniversary, and for 29 February in a common year on 1 March.
    pub fn full_years_until(self, other: Day) -> i16 {
        let anniversary_to_come = (other.month(), other.day_of_month()) < (self.month(), self.day_of_month());
        other.year() - self.year() - i16::from(anniversary_to_come)
    }

    /// Its first instant in UTC+8, or nothing when that lies before 1970 in UTC.
    pub fn start(self) -> Option<Instant> {
        let midnight = self.0.to_datetime(Time::midnight());
        let timestamp = UNION_OFFSET.to_timestamp(midnight).ok()?;
        Instant::from_micros(timestamp.as_microsecond()).ok()
    }
}

fn require_year(year: i16) -> Result<(), Invalid> {
    (1850..=2200).contains(&year).then_some(()).ok_or(Invalid::OutOfRange)
}

fn parse_date(text: &str) -> Result<Date, Invalid> {
    if !has_form(text, "0000-00-00") {
        return Err(Invalid::Format);
    }
    text.parse().map_err(|_| Invalid::ImpossibleDate)
}

/// Whether the text is `HH:MM:SS`, perhaps with a point and one to six decimals.
fn is_clock(text: &str) -> bool {
    let is_fraction =
        |digits: &str| (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((seconds, fraction)) => has_form(seconds, "00:00:00") && is_fraction(fraction),
        None => has_form(text, "00:00:00"),
    }
}

/// Whether the text equals the form, in which a zero means any ASCII digit.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            _ => byte == expected,
        })
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

text_value!(Instant, Self::parse_rfc3339, |instant| instant.to_string(), TextFormat::DateTime);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

text_value!(Day, Self::parse, |day| day.to_string(), TextFormat::Date);

#[cfg(test)]
mod tests {

    use proptest::{prop_assert_eq, proptest};

    use super::{Day, Instant};
    use crate::invalid::Invalid;

    fn instant(text: &str) -> Instant {
        Instant::parse_rfc3339(text).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn an_instant_is_written_in_utc_with_six_decimals() {
        for (text, written) in [
            ("2021-03-03T08:00:00.123456Z", "2021-03-03T08:00:00.123456Z"),
            ("2021-03-03T16:00:00+08:00", "2021-03-03T08:00:00.000000Z"),
            ("2021-03-03T00:00:00.5-00:30", "2021-03-03T00:30:00.500000Z"),
            ("1970-01-01T08:00:00+08:00", "1970-01-01T00:00:00.000000Z"),
        ] {
            assert_eq!(instant(text).to_string(), written);
        }
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for (text, reason) in [
            ("", Invalid::Required),
            ("2021-03-03", Invalid::Format),
            ("2021-03-03 08:00:00Z", Invalid::Format),
            ("2021-03-03t08:00:00z", Invalid::Format),
            ("2021-03-03T08:00Z", Invalid::Format),
            ("2021-03-03T08:00:00", Invalid::Format),
            ("2021-03-03T08:00:00.Z", Invalid::Format),
            ("2021-03-03T08:00:00.1234567Z", Invalid::Format),
            ("2021-03-03T08:00:00+0800", Invalid::Format),
            ("2021-03-03T08:00:00+08:00[Asia/Shanghai]", Invalid::Format),
            ("2021-02-29T08:00:00Z", Invalid::ImpossibleDate),
            ("2021-03-03T24:00:00Z", Invalid::OutOfRange),
            ("2016-12-31T23:59:60Z", Invalid::OutOfRange),
            ("1970-01-01T00:00:00+08:00", Invalid::OutOfRange),
            ("2200-12-31T16:00:00Z", Invalid::OutOfRange),
            ("9999-12-31T23:59:59Z", Invalid::OutOfRange),
        ] {
            assert_eq!(Instant::parse_rfc3339(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn the_day_turns_at_sixteen_hours_utc() {
        assert_eq!(instant("2021-03-03T15:59:59.999999Z").day(), day("2021-03-03"));
        assert_eq!(instant("2021-03-03T16:00:00Z").day(), day("2021-03-04"));
        assert_eq!(day("2021-03-04").start(), Some(instant("2021-03-03T16:00:00Z")));
        assert_eq!(day("1970-01-01").start(), None);
        assert_eq!(instant("2200-12-31T15:59:59.999999Z").day(), day("2200-12-31"));
    }

    #[test]
    fn counts_from_instant_to_instant() {
        let (early, late) = (instant("2021-03-03T00:00:00Z"), instant("2021-03-03T00:01:30Z"));
        assert_eq!(early.checked_add_seconds(90), Some(late));
        assert_eq!(late.checked_add_seconds(-90), Some(early));
        assert_eq!(early.checked_add_seconds(i64::MAX), None);
        assert_eq!(early.checked_add_seconds(-2_000_000_000), None);
        assert_eq!(late.saturating_micros_since(early), 90_000_000);
        assert_eq!(early.saturating_micros_since(late), 0);
    }

    #[test]
    fn refuses_what_is_no_day() {
        for (text, reason) in [
            ("", Invalid::Required),
            ("2021-3-3", Invalid::Format),
            ("20210303", Invalid::Format),
            ("2021- 03-03", Invalid::Format),
            ("2021-02-29", Invalid::ImpossibleDate),
            ("2021-13-01", Invalid::ImpossibleDate),
            ("2021-00-00", Invalid::ImpossibleDate),
            ("1849-12-31", Invalid::OutOfRange),
            ("2201-01-01", Invalid::OutOfRange),
        ] {
            assert_eq!(Day::parse(text), Err(reason), "{text}");
        }
        assert_eq!(Day::new(2021, 2, 29), Err(Invalid::ImpossibleDate));
        assert_eq!(Day::new(2020, 2, 29), Ok(day("2020-02-29")));
    }

    #[test]
    fn counts_from_day_to_day() {
        assert_eq!(day("2020-02-28").plus_days(2), Some(day("2020-03-01")));
        assert_eq!(day("2020-03-01").plus_days(-2), Some(day("2020-02-28")));
        assert_eq!(day("2200-12-31").plus_days(1), None);
        assert_eq!(day("2020-03-01").plus_days(i32::MIN), None);
        assert_eq!(day("2020-02-28").days_until(day("2020-03-01")), 2);
        assert_eq!(day("2020-03-01").days_until(day("2020-02-28")), -2);
        assert_eq!(day("1850-01-01").days_until(day("2200-12-31")), 128_199);
    }

    #[test]
    fn knows_weekends_and_what_follows() {
        let days: Vec<Day> = day("2021-02-26").following().take(4).collect();
        assert_eq!(days.first(), Some(&day("2021-02-27")));
        assert_eq!(days.last(), Some(&day("2021-03-02")));
        let weekend: Vec<bool> = days.into_iter().map(Day::is_weekend).collect();
        assert_eq!(weekend, [true, true, false, false]);
        assert_eq!(day("2200-12-31").following().next(), None);
    }

    #[test]
    fn years_are_full_on_their_anniversary() {
        let leap_day = day("2004-02-29");
        assert_eq!(leap_day.full_years_until(day("2022-02-28")), 17);
        assert_eq!(leap_day.full_years_until(day("2022-03-01")), 18);
        assert_eq!(leap_day.full_years_until(day("2024-02-29")), 20);
        assert_eq!(leap_day.full_years_until(day("2004-02-28")), -1);
    }

    proptest! {
        #[test]
        fn an_instant_survives_its_json(micros in 0..=Instant::LAST_MICROS) {
            let instant = Instant::from_micros(micros).unwrap();
            let json = serde_json::to_string(&instant).unwrap();
            prop_assert_eq!(instant.as_micros(), micros);
            prop_assert_eq!(json.len(), "\"2021-03-03T08:00:00.123456Z\"".len());
            prop_assert_eq!(serde_json::from_str::<Instant>(&json).unwrap(), instant);
        }

        #[test]
        fn a_day_survives_its_json_and_starts_on_itself(days in 1..=84_000) {
            let day = day("1970-01-01").plus_days(days).unwrap();
            let json = serde_json::to_string(&day).unwrap();
            prop_assert_eq!(serde_json::from_str::<Day>(&json).unwrap(), day);
            prop_assert_eq!(day.start().unwrap().day(), day);
        }
    }
}
