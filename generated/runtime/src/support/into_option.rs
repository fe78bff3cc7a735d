//! What the setter of an optional parameter takes.

use super::{Clearable, RangeOr};

/// A value of an optional parameter: whatever converts into a `T`, or an `Option` of it. `None` leaves the parameter out.
///
/// An integer parameter also takes the integers that do not convert into an `i64` by themselves, such as a `usize`. One that is too
/// large becomes the largest `i64`, which Stripe refuses.
///
/// `Given` tells the implementations apart. The compiler infers it, except for a plain `None`: write `None::<&str>`.
///
/// # Examples
/// ```
/// # use stripe_runtime::IntoOption;
/// /// A setter as a generated crate has it.
/// fn limit<Given>(limit: impl IntoOption<i64, Given>) -> Option<i64> {
///     limit.into_option()
/// }
/// assert_eq!(limit(100), Some(100));
/// assert_eq!(limit(vec![1, 2].len()), Some(2));
/// assert_eq!(limit(Some(5_u8)), Some(5));
/// assert_eq!(limit(None::<u32>), None);
/// ```
#[diagnostic::on_unimplemented(
    message = "a parameter of the type `{T}` does not take a `{Self}`",
    label = "does not convert into `{T}`",
    note = "it takes what converts into `{T}`, or an `Option` of that",
    note = "`Clearable::Clear` is for a `Clearable<…>`: to clear any other parameter, send a `Request` of your own"
)]
pub trait IntoOption<T, Given> {
    /// Converts the value, or returns `None` if there is none.
    fn into_option(self) -> Option<T>;
}

/// The implementations of [`IntoOption`], which overlap without a type for each.
mod kind {
    /// A value.
    #[derive(Debug)]
    pub enum Value {}
    /// A value or none.
    #[derive(Debug)]
    pub enum Optional {}
    /// An integer that does not convert into an `i64` by itself.
    #[derive(Debug)]
    pub enum Integer {}
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> IntoOption<T, kind::Value> for V {
    fn into_option(self) -> Option<T> {
        Some(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> IntoOption<T, kind::Optional> for Option<V> {
    fn into_option(self) -> Option<T> {
        self.map(Into::into)
    }
}

macro_rules! integers {
    ($($integer:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: From<i64>> IntoOption<T, kind::Integer> for $integer {
            fn into_option(self) -> Option<T> {
                Some(i64::try_from(self).unwrap_or(i64::MAX).into())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: From<i64>> IntoOption<T, kind::Integer> for Option<$integer> {
            fn into_option(self) -> Option<T> {
                self.and_then(IntoOption::<T, kind::Integer>::into_option)
            }
        }
    )+};
}

// All of these are at least zero, or fit: `isize` has at most 64 bits.
integers!(isize, u64, usize);

/// For the types that hold an `i64`. A literal is an `i32` unless something else decides.
macro_rules! small_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Clearable<i64> {
            fn from(value: $integer) -> Self {
                Self::Value(value.into())
            }
        }

        impl From<$integer> for RangeOr<i64> {
            fn from(value: $integer) -> Self {
                Self::Value(value.into())
            }
        }
    )+};
}

small_integers!(i8, i16, i32, u8, u16, u32);
