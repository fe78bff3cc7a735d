//! Where requests go, and with which key.

use std::fmt;

use http::{
    HeaderMap, HeaderValue, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};

use super::{
    error::Error,
    input::{self, IDEMPOTENCY_KEY, InvalidInput, STRIPE_ACCOUNT, STRIPE_VERSION},
    options::Options,
};
use crate::support::{Method, Operation, Request, Secret};

/// Where requests go and with which key: makes an [`http::Request`] of an operation, for any HTTP stack.
///
/// The clients do this by themselves. With a stack of your own, send what [`request`](Self::request) makes, and read the
/// answer with [`Response::from_http`](crate::Response::from_http). The stack is not to follow redirects: it would take the
/// key along.
///
/// ```
/// # use stripe_financial_connections::{Endpoint, Error, Options, Response, RetrieveSession};
/// # let body = br#"{"id": "fcsess_1", "object": "financial_connections.session", "livemode": false, "permissions": [],
/// #     "accounts": {"object": "list", "data": [], "has_more": false, "url": "/v1/financial_connections/accounts"}}"#;
/// # let send = |_: http::Request<Vec<u8>>| http::Response::new(body);
/// let endpoint = Endpoint::new("sk_test_123")?;
/// let request = endpoint.request(&RetrieveSession::new("fcsess_1"), &Options::new())?;
/// assert_eq!(request.uri(), "https://api.stripe.com/v1/financial_connections/sessions/fcsess_1");
/// let session = Response::from_http::<RetrieveSession>(send(request))?.into_value();
/// # assert_eq!(session.id.as_str(), "fcsess_1");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Endpoint {
    base_url: String,
    authorization: HeaderValue,
    user_agent: HeaderValue,
}

impl Endpoint {
    /// Where Stripe's API is.
    pub const DEFAULT_BASE_URL: &'static str = "https://api.stripe.com";

    /// What this crate calls itself in the header `User-Agent`.
    pub const DEFAULT_USER_AGENT: &'static str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

    /// Stripe's API, with a secret or restricted key.
    ///
    /// # Errors
    /// When the key is empty, has characters that no key has, or is a publishable one.
    pub fn new(key: impl Into<Secret<String>>) -> Result<Self, Error> {
        Ok(Self {
            base_url: Self::DEFAULT_BASE_URL.to_owned(),
            authorization: input::authorization(key.into().expose())?,
            user_agent: HeaderValue::from_static(Self::DEFAULT_USER_AGENT),
        })
    }

    /// Another root than Stripe's, such as that of a server in a test.
    ///
    /// # Errors
    /// When it is not an `https` URL; `http` is only for addresses of this machine.
    pub fn with_base_url(mut self, url: impl AsRef<str>) -> Result<Self, Error> {
        self.base_url = input::base_url(url.as_ref())?;
        Ok(self)
    }

    /// Another header `User-Agent`.
    ///
    /// # Errors
    /// When it is empty or has a character that a header cannot have.
    pub fn with_user_agent(mut self, user_agent: impl AsRef<str>) -> Result<Self, Error> {
        self.user_agent = input::agent("user agent", user_agent.as_ref())?;
        Ok(self)
    }

    /// The request of an operation. The header values that may be secret are marked as sensitive.
    ///
    /// # Errors
    /// When an id would change the path, or an option cannot be used. A `POST` needs an
    /// [idempotency key](Options::idempotency_key) here, without which it could not be sent again safely.
    pub fn request<O: Operation>(&self, operation: &O, options: &Options) -> Result<http::Request<Vec<u8>>, Error> {
        let request = operation.request().map_err(InvalidInput::from)?;
        Ok(self.assemble(request, options, options.idempotency_key.as_deref())?)
    }

    /// The request, under an idempotency key that need not be that of the options.
    pub(super) fn assemble(
        &self,
        request: Request,
        options: &Options,
        idempotency_key: Option<&str>,
    ) -> Result<http::Request<Vec<u8>>, InvalidInput> {
        let headers = self.headers(&request, options, idempotency_key)?;
        if options.params.iter().any(|(name, _)| name.is_empty()) {
            return Err(InvalidInput::new(
                "name of an extra parameter",
                "is empty",
                "pass the name that Stripe gives it",
            ));
        }

        let mut url = format!("{}{}", self.base_url, request.path());
        let query = request.query().unwrap_or_default().to_owned();
        let in_body = request.method() == Method::Post;
        let query = if in_body { query } else { options.append_params(query) };
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query);
        }
        let uri = Uri::try_from(url).map_err(|source| {
            let remedy = "pass a shorter base URL, and shorter parameters";
            InvalidInput::new("URL of the request", "cannot be sent", remedy).caused_by(source)
        })?;

        let method = match request.method() {
            Method::Delete => http::Method::DELETE,
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
        };
        let body = request.into_body().unwrap_or_default();
        let body = if in_body { options.append_params(body) } else { body };

        let mut sent = http::Request::new(body.into_bytes());
        *sent.method_mut() = method;
        *sent.uri_mut() = uri;
        *sent.headers_mut() = headers;
        Ok(sent)
    }

    fn headers(
        &self,
        request: &Request,
        options: &Options,
        idempotency_key: Option<&str>,
    ) -> Result<HeaderMap, InvalidInput> {
        const VERSION: &str = "pass a version such as `2026-09-30.endive`";
        const ACCOUNT: &str = "pass the id of a connected account, such as `acct_…`";

        let mut headers = HeaderMap::new();
        let authorization = match &options.api_key {
            Some(key) => input::authorization(key.expose())?,
            None => self.authorization.clone(),
        };
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            STRIPE_VERSION,
            match (&options.api_version, request.api_version()) {
                (Some(version), _) => input::token("API version", version, VERSION)?,
                (None, Some(version)) => HeaderValue::from_static(version),
                (None, None) => {
                    let reason = "is missing, and this release of the API names none";
                    return Err(InvalidInput::new(
                        "API version",
                        reason,
                        "set one in the options, as Stripe gave it to you",
                    ));
                }
            },
        );
        if let Some(content_type) = request.content_type() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if let Some(account) = &options.account {
            headers.insert(STRIPE_ACCOUNT, input::token("account", account, ACCOUNT)?);
        }
        match idempotency_key {
            Some(key) => drop(headers.insert(IDEMPOTENCY_KEY, input::idempotency_key(key)?)),
            None if request.method() == Method::Post => {
                let remedy = "set one in the options, such as a UUID, and keep it when the request is sent again";
                return Err(InvalidInput::new("idempotency key", "is missing", remedy));
            }
            None => {}
        }
        for (name, value) in &options.headers {
            let (name, value) = input::extra_header(name, value)?;
            headers.append(name, value);
        }
        Ok(headers)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("base_url", &self.base_url)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
