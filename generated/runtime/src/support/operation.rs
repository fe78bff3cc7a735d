//! Operations: parameters that know their request and their response.

use super::{DecodeError, Method, Request, RequestError};

/// An operation of Stripe's API with its parameters: builds the request and decodes the response.
///
/// An operation does not send anything; that is up to a client of this crate or any other HTTP client.
///
/// Implement it for an operation that this crate does not have:
///
/// ```
/// # use stripe_runtime::{DecodeError, Method, Opaque, Operation, Request, RequestError, decode};
/// # const API_VERSION: &str = "2026-09-30.endive";
/// /// Stops Stripe's access to an account.
/// struct DisconnectAccount {
///     account: String,
///     expand: Vec<String>,
/// }
///
/// impl Operation for DisconnectAccount {
///     type Output = Opaque;
///
///     const API_VERSION: Option<&'static str> = Some(API_VERSION);
///     const METHOD: Method = Method::Post;
///     const PATH: &'static str = "/v1/financial_connections/accounts/{account}/disconnect";
///
///     fn request(&self) -> Result<Request, RequestError> {
///         let request = Request::new(Self::METHOD, Self::PATH, &[("account", &self.account)])?;
///         Ok(request.param("expand", &self.expand))
///     }
///
///     fn decode(body: &[u8]) -> Result<Opaque, DecodeError> {
///         decode(body)
///     }
/// }
///
/// let operation = DisconnectAccount { account: "fca_123".into(), expand: vec!["ownership".to_owned()] };
/// let request = operation.request()?;
/// assert_eq!(request.path(), "/v1/financial_connections/accounts/fca_123/disconnect");
/// assert_eq!(request.body(), Some("expand[0]=ownership"));
/// # Ok::<(), RequestError>(())
/// ```
pub trait Operation {
    /// Type of a successful response.
    type Output;

    /// Version of Stripe's API that the types belong to, for the header `Stripe-Version`. `None` if the release does not
    /// state one, as a preview does: the sender has to choose one then.
    const API_VERSION: Option<&'static str>;
    /// HTTP method.
    const METHOD: Method;
    /// Path with its parameters in braces, such as `/v1/financial_connections/sessions/{session}`.
    const PATH: &'static str;

    /// Builds the request.
    ///
    /// # Errors
    /// Returns an error if a parameter would change the path: if it is empty, `.` or `..`.
    fn request(&self) -> Result<Request, RequestError>;

    /// Decodes the body of a successful response (a status of 2xx).
    ///
    /// # Errors
    /// Returns an error if the body is not the JSON of an [`Output`](Self::Output). Never panics.
    fn decode(body: &[u8]) -> Result<Self::Output, DecodeError>;
}

/// Implements the encoding of parameters. The type of a parameter decides whether it is sent.
#[doc(hidden)]
#[macro_export]
macro_rules! __params {
    ($name:ident $(<$lifetime:lifetime>)? { $($field:ident $(= $wire:literal)?),* $(,)? }) => {
        impl $crate::__private::FormValue for $name $(<$lifetime>)? {
            #[allow(unused_variables, reason = "an operation may have no parameter")]
            fn write(&self, key: &$crate::__private::Key<'_>, form: &mut $crate::__private::Form) {
                $(
                    $crate::__private::FormValue::write(
                        &self.$field,
                        &key.field(::core::concat!("[", $crate::__private::params!(@wire $field $($wire)?), "]")),
                        form,
                    );
                )*
            }
        }
    };

    (@wire $field:ident) => { ::core::stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
}

/// Implements an operation for its parameters.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    (
        $name:ident $(<$lifetime:lifetime>)?,
        method = $method:ident,
        path = $path:literal,
        $(segments = [$($segment:ident $(= $wire:literal)?),* $(,)?],)?
        send = $send:ident,
        output = $output:ty,
        version = $version:ident $(($value:expr))? $(,)?
    ) => {
        impl $crate::__private::Operation for $name $(<$lifetime>)? {
            type Output = $output;

            const API_VERSION: ::core::option::Option<&'static str> =
                $crate::__private::operation!(@version $version $($value)?);
            // By its public path, which rustdoc prints.
            const METHOD: $crate::Method = $crate::Method::$method;
            const PATH: &'static str = $path;

            fn request(
                &self,
            ) -> ::core::result::Result<$crate::__private::Request, $crate::__private::RequestError> {
                const {
                    ::core::assert!($crate::__private::path_has(
                        $path,
                        &[$($($crate::__private::params!(@wire $segment $($wire)?)),*)?],
                    ));
                }
                let path = $crate::__private::fill_path(
                    $path,
                    &[$($(
                        (
                            $crate::__private::params!(@wire $segment $($wire)?),
                            ::core::convert::AsRef::<str>::as_ref(&self.$segment),
                        ),
                    )*)?],
                )?;
                let request = $crate::__private::Request::from_parts(
                    <Self as $crate::__private::Operation>::METHOD,
                    path,
                    <Self as $crate::__private::Operation>::API_VERSION,
                );
                ::core::result::Result::Ok($crate::__private::operation!(@send $send request, self))
            }

            fn decode(body: &[u8]) -> ::core::result::Result<$output, $crate::__private::DecodeError> {
                $crate::__private::decode(body)
            }
        }
    };

    (@version None) => { ::core::option::Option::None };
    (@version Some $version:expr) => { ::core::option::Option::Some($version) };

    (@send form $request:ident, $parameters:expr) => { $request.form_of($parameters) };
    (@send query $request:ident, $parameters:expr) => { $request.query_of($parameters) };
}
