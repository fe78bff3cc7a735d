//! Parameters that filter by a value or by a range of values.

use super::form::{Form, FormValue, Key};

/// A range of values, by its bounds; a bound that is not set does not limit it.
///
/// # Examples
/// ```
/// # use stripe_runtime::{Range, Timestamp};
/// let [november, december] = [1_793_491_200, 1_796_083_200].map(Timestamp::from_unix_seconds);
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

    /// Sets the bound below, which is not part of the range.
    pub fn gt(mut self, bound: impl Into<T>) -> Self {
        self.gt = Some(bound.into());
        self
    }

    /// Sets the bound below, which is part of the range.
    pub fn gte(mut self, bound: impl Into<T>) -> Self {
        self.gte = Some(bound.into());
        self
    }

    /// Sets the bound above, which is not part of the range.
    pub fn lt(mut self, bound: impl Into<T>) -> Self {
        self.lt = Some(bound.into());
        self
    }

    /// Sets the bound above, which is part of the range.
    pub fn lte(mut self, bound: impl Into<T>) -> Self {
        self.lte = Some(bound.into());
        self
    }
}

impl<T> From<std::ops::Range<T>> for Range<T> {
    fn from(range: std::ops::Range<T>) -> Self {
        Self { gte: Some(range.start), lt: Some(range.end), ..Self::new() }
    }
}

impl<T> From<std::ops::RangeFrom<T>> for Range<T> {
    fn from(range: std::ops::RangeFrom<T>) -> Self {
        Self { gte: Some(range.start), ..Self::new() }
    }
}

impl<T> From<std::ops::RangeTo<T>> for Range<T> {
    fn from(range: std::ops::RangeTo<T>) -> Self {
        Self { lt: Some(range.end), ..Self::new() }
    }
}

impl<T> From<std::ops::RangeInclusive<T>> for Range<T> {
    fn from(range: std::ops::RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Self { gte: Some(start), lte: Some(end), ..Self::new() }
    }
}

impl<T: FormValue> FormValue for Range<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        self.gt.write(&key.field("[gt]"), form);
        self.gte.write(&key.field("[gte]"), form);
        self.lt.write(&key.field("[lt]"), form);
        self.lte.write(&key.field("[lte]"), form);
    }
}

/// A value, or a range of values.
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

macro_rules! from_range {
    ($($range:ty),*) => {
        $(
            impl<T> From<$range> for RangeOr<T> {
                fn from(range: $range) -> Self {
                    Self::Range(range.into())
                }
            }
        )*
    };
}

from_range!(Range<T>, std::ops::Range<T>, std::ops::RangeFrom<T>, std::ops::RangeTo<T>, std::ops::RangeInclusive<T>);

impl<T: FormValue> FormValue for RangeOr<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        match self {
            Self::Value(value) => value.write(key, form),
            Self::Range(range) => range.write(key, form),
        }
    }
}
