//! Operations: parameters that know their request and their response.

use serde_core::de::DeserializeOwned;

use super::{DecodeError, InvalidInput, Method, Request, decode::decode};

/// An operation of Stripe's API with its parameters: builds the request and decodes the response.
///
/// An operation does not send anything; that is up to a client of this crate or any other HTTP client.
///
/// Implement it for an operation that this crate does not have:
///
/// ```
/// # use stripe_runtime::{Method, Opaque, Operation, Request, InvalidInput};
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
///     const PATH: &'static str =
///         "/v1/financial_connections/accounts/{account}/disconnect";
///
///     fn request(&self) -> Result<Request, InvalidInput> {
///         let request =
///             Request::new(Self::METHOD, Self::PATH, &[("account", &self.account)])?;
///         Ok(request.param("expand", &self.expand))
///     }
/// }
///
/// let operation = DisconnectAccount {
///     account: "fca_123".into(),
///     expand: vec!["ownership".to_owned()],
/// };
/// let request = operation.request()?;
/// assert_eq!(request.path(), "/v1/financial_connections/accounts/fca_123/disconnect");
/// assert_eq!(request.body(), Some("expand[0]=ownership"));
/// # Ok::<(), InvalidInput>(())
/// ```
pub trait Operation {
    /// Type of a successful response.
    type Output: DeserializeOwned;

    /// Version of Stripe's API that the types belong to, for the header `Stripe-Version`. `None` if the release does not
    /// state one, as a preview does: the sender has to choose one then.
    const API_VERSION: Option<&'static str>;
    /// HTTP method.
    const METHOD: Method;
    /// Path with its parameters in braces, such as `/v1/financial_connections/sessions/{session}`.
    const PATH: &'static str;
    /// Server of the operation, such as `https://files.stripe.com`, if it is not `https://api.stripe.com`: see
    /// [`Request::with_base_url`].
    const BASE_URL: Option<&'static str> = None;

    /// Builds the request.
    ///
    /// # Errors
    /// Returns an error if a parameter would change the path: if it is empty, `.` or `..`.
    fn request(&self) -> Result<Request, InvalidInput>;

    /// Decodes the body of a successful response (a status of 2xx).
    ///
    /// # Errors
    /// Returns an error if the body is not the JSON of an [`Output`](Self::Output). Never panics.
    fn decode(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode(body)
    }
}
