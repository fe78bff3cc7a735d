//! Points in time in Unix seconds.

mod convert;

use std::fmt;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use super::form::{Form, ParamValue};

pub use convert::TimestampRangeError;

/// A point in time: whole seconds since the Unix epoch (1970-01-01T00:00:00Z) as a 64-bit integer.
///
/// Converts from and to [`SystemTime`](std::time::SystemTime), and from and to the types of the crates `jiff`, `chrono`
/// and `time` with the feature of that name. `Display` prints the number of seconds.
///
/// # Examples
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use stripe_runtime::Timestamp;
/// let created = Timestamp::from_unix_seconds(1_789_000_000);
/// assert_eq!(SystemTime::try_from(created)?, SystemTime::UNIX_EPOCH + Duration::from_secs(1_789_000_000));
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

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}

impl ParamValue for Timestamp {
    fn encode(&self, form: &mut Form) {
        self.0.encode(form);
    }
}
