//! The API's address, the key and the defaults of requests.

use std::{borrow::Cow, fmt};

use http::{
    HeaderMap, HeaderValue, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};

use super::{
    error::Error,
    input::{self, IDEMPOTENCY_KEY, STRIPE_VERSION},
    key::KeySource,
    options::Options,
};
use crate::support::{InvalidInput, Method, Operation, Request};

/// The API's base URL, the API key and the defaults of requests: builds [`http::Request`]s for any HTTP stack.
///
/// The clients use it internally. With an HTTP stack of your own, send what [`request`](Self::request) returns, and decode
/// the response with [`Response::from_http`](crate::Response::from_http). The stack must not follow redirects: they would
/// take the API key along.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
/// # use stripe_runtime::{Endpoint, Error, Options, Response};
/// # let body = br#"{"id": "cus_1", "object": "customer"}"#;
/// # let send = |_: http::Request<Vec<u8>>| http::Response::new(body);
/// let endpoint = Endpoint::new("sk_test_123")?.with_defaults(&Options::new().account("acct_1"))?;
/// let request = endpoint.request(&RetrieveCustomer::new("cus_1"), &Options::new())?;
/// assert_eq!(request.uri(), "https://api.stripe.com/v1/customers/cus_1");
///
/// let customer = Response::from_http::<RetrieveCustomer>(send(request))?.into_value();
/// assert_eq!(customer.id(), Some("cus_1"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Endpoint {
    /// `None` if it is not set.
    base_url: Option<String>,
    /// Headers of every request but the API key. Those with extra values are marked as sensitive.
    headers: HeaderMap,
    key: KeySource,
}

impl Endpoint {
    /// Stripe's base URL.
    pub const DEFAULT_BASE_URL: &'static str = "https://api.stripe.com";

    /// The default of the header `User-Agent`: `stripe-financial-connections/` and the version.
    // A client has one user agent, whichever crates its operations are from. It names the crate that programs depend on, not
    // this one, which is released with it in the same version.
    pub const DEFAULT_USER_AGENT: &'static str = concat!("stripe-financial-connections/", env!("CARGO_PKG_VERSION"));

    /// Creates an endpoint for Stripe's API with a secret or restricted key, or a [source](KeySource) of them.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::InvalidInput) if the key is empty, contains characters that no API key has, or is a publishable key.
    pub fn new(key: impl Into<KeySource>) -> Result<Self, Error> {
        let key = key.into();
        key.check()?;
        let headers = HeaderMap::from_iter([
            (USER_AGENT, HeaderValue::from_static(Self::DEFAULT_USER_AGENT)),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        Ok(Self { base_url: None, headers, key })
    }

    /// Sets the base URL, such as that of a server in a test, also of operations that have a server of their own.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::InvalidInput) if it is not an `https` URL; `http` is accepted for addresses of this machine only.
    pub fn with_base_url(mut self, url: impl AsRef<str>) -> Result<Self, Error> {
        self.base_url = Some(input::base_url(url.as_ref())?);
        Ok(self)
    }

    /// Sets the header `User-Agent`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::InvalidInput) if it is empty or not printable ASCII.
    pub fn with_user_agent(mut self, user_agent: impl AsRef<str>) -> Result<Self, Error> {
        self.headers.insert(USER_AGENT, input::user_agent(user_agent.as_ref())?);
        Ok(self)
    }

    /// Sets the defaults of requests, which the [`Options`] of a request override. Headers replace earlier defaults of the same
    /// name. The timeout, the deadline and the number of retries have no effect: they are up to the HTTP stack.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::InvalidInput) if a value is invalid, or one is set that belongs to a single request: an API key, an
    /// idempotency key or a parameter.
    pub fn with_defaults(mut self, defaults: &Options) -> Result<Self, Error> {
        defaults.check_defaults()?;
        defaults.apply(&mut self.headers)?;
        Ok(self)
    }

    /// Returns the base URL of a request: the one that is set, or else that of the operation.
    pub(super) fn base_url(&self, request: &Request) -> Result<Cow<'_, str>, InvalidInput> {
        match request.base_url().filter(|_| self.base_url.is_none()) {
            Some(server) => input::server(server).map(Cow::Owned),
            None => Ok(self.root().into()),
        }
    }

    /// Returns the base URL of operations without a server of their own.
    pub(super) fn root(&self) -> &str {
        self.base_url.as_deref().unwrap_or(Self::DEFAULT_BASE_URL)
    }

    /// Builds the request of an operation. Header values that may be secret are marked as sensitive.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::InvalidInput) if an id would change the path, or an option is invalid. A `POST`, and a `DELETE`
    /// below `/v2/`, needs an [idempotency key](Options::idempotency_key) here, without which it could not be repeated safely.
    pub fn request<O: Operation>(&self, operation: &O, options: &Options) -> Result<http::Request<Vec<u8>>, Error> {
        self.raw_request(request_of(operation)?, options)
    }

    /// Builds a request for an endpoint that this crate does not know. Decode its response with
    /// [`RawResponse::from_http`](crate::RawResponse::from_http).
    ///
    /// # Errors
    /// See [`request`](Self::request).
    pub fn raw_request(&self, request: Request, options: &Options) -> Result<http::Request<Vec<u8>>, Error> {
        Ok(self.assemble(request, options, options.idempotency_key.as_deref())?)
    }

    /// Builds a request with an idempotency key, which the caller may have made.
    pub(super) fn assemble(
        &self,
        request: Request,
        options: &Options,
        idempotency_key: Option<&str>,
    ) -> Result<http::Request<Vec<u8>>, InvalidInput> {
        let headers = self.headers(&request, options, idempotency_key)?;
        if options.params.iter().any(|(name, _)| name.is_empty()) {
            let help = "pass the name that Stripe documents";
            return Err(InvalidInput::new("name of an extra parameter", "is empty", help));
        }

        let request = options.params.iter().fold(request, |request, (name, value)| request.param(name, value));

        let uri = Uri::try_from(request.url(&self.base_url(&request)?)).map_err(|source| {
            let help = "pass a shorter base URL or shorter parameters";
            InvalidInput::new("URL of the request", "is invalid", help).caused_by(source)
        })?;

        let method = match request.method() {
            Method::Delete => http::Method::DELETE,
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
        };

        let mut built = http::Request::new(request.into_body().unwrap_or_default().into_bytes());
        *built.method_mut() = method;
        *built.uri_mut() = uri;
        *built.headers_mut() = headers;
        Ok(built)
    }

    fn headers(
        &self,
        request: &Request,
        options: &Options,
        idempotency_key: Option<&str>,
    ) -> Result<HeaderMap, InvalidInput> {
        let mut headers = self.headers.clone();
        let authorization = match &options.api_key {
            Some(key) => input::authorization(key.expose())?,
            None => self.key.authorization()?,
        };
        headers.insert(AUTHORIZATION, authorization);
        options.apply(&mut headers)?;
        if !headers.contains_key(STRIPE_VERSION) {
            let version = request.api_version().ok_or_else(|| {
                let reason = "is missing, and neither the request nor its operation states one";
                let help = "pass `API_VERSION` to `Request::with_api_version`, or set the version that Stripe gave you \
                            in the client or in the options";
                InvalidInput::new("API version", reason, help)
            })?;
            headers.insert(STRIPE_VERSION, HeaderValue::from_static(version));
        }
        if let Some(content_type) = request.content_type() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        match idempotency_key {
            Some(key) => drop(headers.insert(IDEMPOTENCY_KEY, input::idempotency_key(key)?)),
            None if request.needs_idempotency_key() => {
                let help = "set one in the options, such as a UUID, and keep it to repeat the request";
                return Err(InvalidInput::new("idempotency key", "is missing", help));
            }
            None => {}
        }
        Ok(headers)
    }
}

/// Returns the request of an operation, with the API version and the server of the operation unless it has its own.
pub(super) fn request_of<O: Operation>(operation: &O) -> Result<Request, InvalidInput> {
    let request = operation.request()?;
    let (version, base_url) = (request.api_version().or(O::API_VERSION), request.base_url().or(O::BASE_URL));
    Ok(request.with_api_version(version).with_base_url(base_url))
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("base_url", &self.root()).field("headers", &self.headers).finish()
    }
}
