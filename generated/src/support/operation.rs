//! Operations: parameters that know their request and their response.

use super::{DecodeError, Method, Request, RequestError};

/// One of Stripe's operations with its parameters: makes the request, and reads the response.
///
/// Nothing is sent: that takes any HTTP client, and the secret key, which this crate never sees.
pub trait Operation {
    /// What a successful response holds.
    type Output;
    /// What a failed response (any status but 2xx) holds.
    type Error;

    /// The version of Stripe's API that the types are of, for the header `Stripe-Version`; `None` where Stripe names none,
    /// so that whoever sends the request has to.
    const API_VERSION: Option<&'static str>;
    /// The method.
    const METHOD: Method;
    /// The path below the root of the API. A parameter in it stands in braces.
    const PATH: &'static str;

    /// The request to send.
    ///
    /// # Errors
    /// When a parameter of the path would change the path: one that is empty, `.` or `..`.
    fn request(&self) -> Result<Request, RequestError>;

    /// Reads the body of a successful response.
    ///
    /// # Errors
    /// When the body is not the JSON of an [`Output`](Self::Output). Never panics, whatever the body.
    fn decode(body: &[u8]) -> Result<Self::Output, DecodeError>;

    /// Reads the body of a failed response.
    ///
    /// # Errors
    /// When the body is not the JSON of an [`Error`](Self::Error), such as a page of a proxy's. Never panics, whatever the
    /// body.
    fn decode_error(body: &[u8]) -> Result<Self::Error, DecodeError>;
}

/// Implements how parameters are put on the wire. Whether one is sent is told by its type.
macro_rules! params {
    ($name:ident $(<$lifetime:lifetime>)? { $($field:ident $(= $wire:literal)?),* $(,)? }) => {
        impl $crate::support::form::FormValue for $name $(<$lifetime>)? {
            #[allow(unused_variables, reason = "an operation may have no parameter")]
            fn write(&self, key: &$crate::support::form::Key<'_>, form: &mut $crate::support::form::Form) {
                $(
                    $crate::support::form::FormValue::write(
                        &self.$field,
                        &key.field(concat!("[", $crate::support::params!(@wire $field $($wire)?), "]")),
                        form,
                    );
                )*
            }
        }
    };

    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
}

pub(crate) use params;

/// Implements an operation for its parameters.
macro_rules! operation {
    (
        $name:ident $(<$lifetime:lifetime>)?,
        method = $method:ident,
        path = $path:literal,
        $(segments = [$($segment:ident $(= $wire:literal)?),* $(,)?],)?
        send = $send:ident,
        output = $output:ty,
        error = $error:ty,
        version = $version:expr $(,)?
    ) => {
        impl $crate::support::Operation for $name $(<$lifetime>)? {
            type Output = $output;
            type Error = $error;

            const API_VERSION: Option<&'static str> = $version;
            const METHOD: $crate::support::Method = $crate::support::Method::$method;
            const PATH: &'static str = $path;

            fn request(&self) -> Result<$crate::support::Request, $crate::support::RequestError> {
                const {
                    assert!($crate::support::path::path_has(
                        $path,
                        &[$($($crate::support::params!(@wire $segment $($wire)?)),*)?],
                    ));
                }
                let path = $crate::support::path::fill_path(
                    $path,
                    &[$($(
                        ($crate::support::params!(@wire $segment $($wire)?), AsRef::<str>::as_ref(&self.$segment)),
                    )*)?],
                )?;
                let request = $crate::support::Request::new(Self::METHOD, path, Self::API_VERSION);
                Ok($crate::support::operation!(@send $send request, self))
            }

            fn decode(body: &[u8]) -> Result<Self::Output, $crate::support::DecodeError> {
                $crate::support::decode::decode(body)
            }

            fn decode_error(body: &[u8]) -> Result<Self::Error, $crate::support::DecodeError> {
                $crate::support::decode::decode(body)
            }
        }
    };

    (@send form $request:ident, $parameters:expr) => { $request.form_of($parameters) };
    (@send query $request:ident, $parameters:expr) => { $request.query_of($parameters) };
}

pub(crate) use operation;
