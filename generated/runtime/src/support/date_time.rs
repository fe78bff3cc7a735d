//! Points in time as texts: the namespace `/v2` of Stripe's API has no numbers for times.

use std::{
    fmt,
    ops::Range,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Timestamp, TimestampRangeError, text::string_value};

/// A point in time to the nanosecond, a text in the format of RFC 3339 on the wire. Stripe states milliseconds.
///
/// Thin events have times of this type, and so have operations below `/v2/` where Stripe's document marks a text as a time: any other
/// text can be [parsed](Self::parse). All other times are a [`Timestamp`]. It converts from a `Timestamp`, and from and to
/// [`SystemTime`]. `Display` prints it in UTC, as Stripe does and as it is sent: it keeps the time of a text and not its spelling, so
/// `2026-11-02T10:30:00+01:00` encodes to `2026-11-02T09:30:00.000Z`.
///
/// # Examples
/// ```
/// # use stripe_runtime::{DateTime, Timestamp};
/// let created = DateTime::parse("2026-11-02T09:30:00.125Z").unwrap();
/// assert_eq!(created.timestamp(), Timestamp::from_unix_seconds(1_793_611_800));
/// assert_eq!(created.subsec_nanos(), 125_000_000);
/// assert_eq!(created.to_string(), "2026-11-02T09:30:00.125Z");
/// assert_eq!(DateTime::parse("2026-11-02T10:30:00.125000+01:00"), Some(created));
///
/// let since = DateTime::from(Timestamp::from_unix_seconds(1_793_611_800));
/// assert_eq!(since.to_string(), "2026-11-02T09:30:00.000Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    seconds: i64,
    nanos: u32,
}

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;
const NANOS_OF_SECOND: u32 = 1_000_000_000;

impl DateTime {
    /// Returns the point in time of a text such as `2026-11-02T09:30:00.125Z`. `None` if the text is not in the format of RFC 3339,
    /// or is a time outside of the years 0000 to 9999 in UTC.
    ///
    /// Digits below a nanosecond are dropped, and a leap second is the first second of the next minute.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |range: Range<usize>| digits(text.get(range)?);
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        let marks: [(usize, &[u8]); 5] = [(4, b"-"), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":")];
        let days = days_since_epoch(year, month, day);
        if marks.iter().any(|(at, marks)| !marks.contains(&text.as_bytes()[*at]))
            // Another date than the one of the text, for a day or a month that does not exist.
            || date(days) != (year, month, day)
            || hour > 23
            || minute > 59
            || second > 60
        {
            return None;
        }
        let rest = text.get(19..)?;
        let (nanos, zone) = match rest.strip_prefix('.') {
            None => (0, rest),
            Some(rest) => {
                let (fraction, zone) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?);
                (format!("{fraction:0<9}").get(..9)?.parse().ok()?, zone)
            }
        };
        let seconds = days * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second - offset(zone)?;
        // A text has four digits for the year, also in UTC.
        let (year, ..) = date(seconds.div_euclid(SECONDS_OF_DAY));
        (0..=9999).contains(&year).then_some(Self { seconds, nanos })
    }

    /// Returns the point in time in whole seconds, rounded down.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.seconds)
    }

    /// Returns the fraction of the second in nanoseconds, less than 1,000,000,000.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }
}

/// Returns the number that a text of digits states. `None` for any other text.
fn digits(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns how many seconds a zone, such as `Z` or `+01:00`, is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (hours, minutes) =
        zone.get(1..)?.split_once(':').filter(|(hours, minutes)| hours.len() + minutes.len() == 4)?;
    let hours = digits(hours).filter(|number| hours.len() == 2 && *number < 24)?;
    let minutes = digits(minutes).filter(|minutes| *minutes < 60)?;
    match zone.as_bytes()[0] {
        b'+' => Some(hours * 3600 + minutes * 60),
        b'-' => Some(-hours * 3600 - minutes * 60),
        _ => None,
    }
}

/// The days of 400 years, after which the calendar repeats, and those from 1 March 0000 to 1 January 1970.
const DAYS_OF_ERA: i64 = 146_097;
const EPOCH: i64 = 719_468;

/// Returns the days from 1 January 1970 to a date.
///
/// Years begin in March here and below, so that the leap day is the last one of its year: see `days_from_civil` and `civil_from_days`
/// in <https://howardhinnant.github.io/date_algorithms.html>.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * DAYS_OF_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH
}

/// Returns the year, the month and the day that is some days after 1 January 1970.
const fn date(days: i64) -> (i64, i64, i64) {
    let (era, day) = ((days + EPOCH).div_euclid(DAYS_OF_ERA), (days + EPOCH).rem_euclid(DAYS_OF_ERA));
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.seconds.div_euclid(SECONDS_OF_DAY));
        let second = self.seconds.rem_euclid(SECONDS_OF_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanos {
            nanos if nanos % 1_000_000 == 0 => write!(f, ".{:03}Z", nanos / 1_000_000),
            nanos => write!(f, ".{nanos:09}Z"),
        }
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({self})")
    }
}

impl From<DateTime> for Timestamp {
    fn from(time: DateTime) -> Self {
        time.timestamp()
    }
}

/// Stripe refuses a time outside the years 0 to 9999, which its format cannot state.
impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self { seconds: timestamp.as_unix_seconds(), nanos: 0 }
    }
}

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.subsec_nanos(),
            // The seconds are rounded down, so the fraction counts from there.
            Err(before) => (NANOS_OF_SECOND - before.duration().subsec_nanos()) % NANOS_OF_SECOND,
        };
        Self { seconds: Timestamp::from(time).as_unix_seconds(), nanos }
    }
}

impl TryFrom<DateTime> for SystemTime {
    type Error = TimestampRangeError;

    fn try_from(time: DateTime) -> Result<Self, Self::Error> {
        // It cannot overflow: less than a second is added to a time of which a year is left.
        Self::try_from(time.timestamp()).map(|seconds| seconds + Duration::from_nanos(time.nanos.into()))
    }
}

string_value!(DateTime, "a time such as `2026-11-02T09:30:00.125Z`", DateTime::parse);
