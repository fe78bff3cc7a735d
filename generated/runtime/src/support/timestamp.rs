//! Points in time in Unix seconds, and conversions from and to the types of the standard library and other crates.
//!
//! A fraction of a second is rounded down, also before 1970, as Stripe's own timestamps are. A time outside the years 1 to
//! 9997 does not convert into another type: adding a duration to a time at the end of the type's range would panic.

use std::{
    error, fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::encoder::{Encoder, ParamValue};

/// A point in time: whole seconds since the Unix epoch (1970-01-01T00:00:00Z) as a 64-bit integer.
///
/// Converts from and to [`SystemTime`], and from and to the types of the crates `jiff`, `chrono`
/// and `time` with the feature of that name. `Display` prints the number of seconds.
///
/// A timestamp within the years 1 to 9997 converts into each of these types, except that the standard library on Windows has
/// no time before 1601. A duration of up to a year can then be added or subtracted without overflow.
///
/// # Examples
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use stripe_runtime::Timestamp;
/// let created = Timestamp::from_unix_seconds(1_789_000_000);
/// assert_eq!(
///     SystemTime::try_from(created)?,
///     SystemTime::UNIX_EPOCH + Duration::from_secs(1_789_000_000)
/// );
/// # Ok::<(), stripe_runtime::TimestampRangeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Creates a timestamp from whole seconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the whole seconds since the Unix epoch.
    #[must_use]
    pub const fn as_unix_seconds(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

super::transparent!(Timestamp);

impl ParamValue for Timestamp {
    fn encode(&self, encoder: &mut Encoder) {
        self.0.encode(encoder);
    }
}

/// A point in time that is outside the years 1 to 9997, or out of range of the type it was converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimestampRangeError(());

impl fmt::Display for TimestampRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the point in time is out of range")
    }
}

impl error::Error for TimestampRangeError {}

const OUT_OF_RANGE: TimestampRangeError = TimestampRangeError(());

impl Timestamp {
    /// Returns the seconds, if they are within the years 1 to 9997.
    fn in_range(self) -> Result<i64, TimestampRangeError> {
        const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_339_228_799;
        if RANGE.contains(&self.0) { Ok(self.0) } else { Err(OUT_OF_RANGE) }
    }
}

impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampRangeError;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        let seconds = timestamp.in_range()?;
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.ok_or(OUT_OF_RANGE)
    }
}

/// A `SystemTime` of every platform of the standard library is in range.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => 0_i64.saturating_add_unsigned(after.as_secs()),
            Err(error) => {
                let before = error.duration();
                let whole = 0_i64.saturating_sub_unsigned(before.as_secs());
                whole.saturating_sub(i64::from(before.subsec_nanos() > 0))
            }
        };
        Self::from_unix_seconds(seconds)
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = TimestampRangeError;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        Self::from_second(timestamp.in_range()?).map_err(|_| OUT_OF_RANGE)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        // jiff rounds towards 1970, so the fraction is negative before it.
        Self::from_unix_seconds(time.as_second() - i64::from(time.subsec_nanosecond() < 0))
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = TimestampRangeError;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        Self::from_timestamp(timestamp.in_range()?, 0).ok_or(OUT_OF_RANGE)
    }
}

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> From<chrono::DateTime<Tz>> for Timestamp {
    fn from(time: chrono::DateTime<Tz>) -> Self {
        Self::from_unix_seconds(time.timestamp())
    }
}

#[cfg(feature = "time")]
impl TryFrom<Timestamp> for time::OffsetDateTime {
    type Error = TimestampRangeError;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        Self::from_unix_timestamp(timestamp.in_range()?).map_err(|_| OUT_OF_RANGE)
    }
}

#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Timestamp {
    fn from(time: time::OffsetDateTime) -> Self {
        Self::from_unix_seconds(time.unix_timestamp())
    }
}
