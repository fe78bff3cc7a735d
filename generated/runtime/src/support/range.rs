//! Parameters that filter by a value or by a range of values.

use std::time::SystemTime;

use super::{
    DateTime, Timestamp,
    encoder::{Encoder, ParamValue},
};

/// A range of values, by its bounds; a bound that is not set does not limit it.
///
/// # Examples
/// ```
/// # use stripe_runtime::{Range, Timestamp};
/// let [november, december] =
///     [1_793_491_200, 1_796_083_200].map(Timestamp::from_unix_seconds);
/// let range: Range<Timestamp> = Range::new().gte(november).lt(december);
/// assert_eq!(range, (november..december).into());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Range<T> {
    gt: Option<T>,
    gte: Option<T>,
    lt: Option<T>,
    lte: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Range<T> {
    /// Creates a range without bounds.
    pub const fn new() -> Self {
        Self { gt: None, gte: None, lt: None, lte: None }
    }

    /// Sets the lower bound, exclusive.
    pub fn gt(mut self, bound: impl Into<T>) -> Self {
        self.gt = Some(bound.into());
        self
    }

    /// Sets the lower bound, inclusive.
    pub fn gte(mut self, bound: impl Into<T>) -> Self {
        self.gte = Some(bound.into());
        self
    }

    /// Sets the upper bound, exclusive.
    pub fn lt(mut self, bound: impl Into<T>) -> Self {
        self.lt = Some(bound.into());
        self
    }

    /// Sets the upper bound, inclusive.
    pub fn lte(mut self, bound: impl Into<T>) -> Self {
        self.lte = Some(bound.into());
        self
    }

    fn map<U>(self, convert: impl Fn(T) -> U) -> Range<U> {
        let Self { gt, gte, lt, lte } = self;
        Range { gt: gt.map(&convert), gte: gte.map(&convert), lt: lt.map(&convert), lte: lte.map(&convert) }
    }
}

impl<T: ParamValue> ParamValue for Range<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.field("gt", &self.gt);
        encoder.field("gte", &self.gte);
        encoder.field("lt", &self.lt);
        encoder.field("lte", &self.lte);
    }
}

/// A value, or a range of values.
///
/// `RangeOr<Timestamp>` and `RangeOr<DateTime>` also convert from a `SystemTime` and from ranges of it.
///
/// # Examples
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use stripe_runtime::{RangeOr, Timestamp};
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_491_200);
/// let until_now: RangeOr<Timestamp> = (..now).into();
/// assert_eq!(until_now, (..Timestamp::from_unix_seconds(1_793_491_200)).into());
/// assert_ne!(until_now, (..=now).into());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RangeOr<T> {
    /// This value.
    Value(T),
    /// Any value in the range.
    Range(Range<T>),
}

impl<T> From<T> for RangeOr<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Range<T>> for RangeOr<T> {
    fn from(range: Range<T>) -> Self {
        Self::Range(range)
    }
}

macro_rules! from_system_time {
    ($time:ident: $($range:ident)*) => {
        impl From<SystemTime> for RangeOr<$time> {
            fn from(time: SystemTime) -> Self {
                Self::Value(time.into())
            }
        }

        $(
            impl From<std::ops::$range<SystemTime>> for RangeOr<$time> {
                fn from(range: std::ops::$range<SystemTime>) -> Self {
                    Self::Range(Range::<SystemTime>::from(range).map($time::from))
                }
            }
        )*
    };
}

macro_rules! from_ranges {
    ($($range:ident($given:ident) => $converted:expr;)+) => {
        $(
            impl<T> From<std::ops::$range<T>> for Range<T> {
                fn from($given: std::ops::$range<T>) -> Self {
                    $converted
                }
            }

            impl<T> From<std::ops::$range<T>> for RangeOr<T> {
                fn from(range: std::ops::$range<T>) -> Self {
                    Self::Range(range.into())
                }
            }
        )+

        from_system_time! { Timestamp: $($range)+ }
        from_system_time! { DateTime: $($range)+ }
    };
}

from_ranges! {
    Range(range) => Self { gte: Some(range.start), lt: Some(range.end), ..Self::new() };
    RangeFrom(range) => Self { gte: Some(range.start), ..Self::new() };
    RangeTo(range) => Self { lt: Some(range.end), ..Self::new() };
    RangeInclusive(range) => {
        let (start, end) = range.into_inner();
        Self { gte: Some(start), lte: Some(end), ..Self::new() }
    };
    RangeToInclusive(range) => Self { lte: Some(range.end), ..Self::new() };
}

impl<T: ParamValue> ParamValue for RangeOr<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Value(value) => value.encode(encoder),
            Self::Range(range) => range.encode(encoder),
        }
    }
}
