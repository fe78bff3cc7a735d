//! Requests as plain values, which this module builds and does not send.

use std::{fmt, mem};

use super::{
    InvalidInput,
    encoder::{Encoder, ParamValue},
    json::JsonBody,
    path::fill_path,
};

/// HTTP method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `DELETE`: below `/v2/`, safe to retry only with an idempotency key.
    Delete,
    /// `GET`: changes nothing and is safe to retry.
    Get,
    /// `POST`: safe to retry only with an idempotency key.
    Post,
}

impl Method {
    /// Returns the name of the method in upper case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A request to Stripe's API without host, API key and idempotency key: a plain value that any HTTP stack can send.
///
/// [`Operation::request`](super::Operation::request) builds the request of an operation. [`new`](Self::new) and
/// [`param`](Self::param) build one that this crate does not know:
///
/// ```
/// # use stripe_runtime::{Method, Request};
/// let path = "/v1/financial_connections/accounts/{account}/refresh";
/// let request = Request::new(Method::Post, path, &[("account", "fca_123")])?
///     .param("features", ["balance"]);
/// assert_eq!(
///     request.url("https://api.stripe.com"),
///     "https://api.stripe.com/v1/financial_connections/accounts/fca_123/refresh"
/// );
/// assert_eq!(request.body(), Some("features[0]=balance"));
/// # Ok::<(), stripe_runtime::InvalidInput>(())
/// ```
///
/// `Debug` hides the parameters if one of them is a [`Secret`](super::Secret), and the path after
/// [`with_secret_path`](Self::with_secret_path).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Request {
    method: Method,
    path: String,
    /// Empty without parameters.
    query: String,
    body: Option<Body>,
    api_version: Option<&'static str>,
    base_url: Option<&'static str>,
    secret: bool,
    secret_path: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Body {
    Form(String),
    /// Below `/v2/`. In a box, as a request is moved with each parameter.
    Json(Box<JsonBody>),
}

impl Request {
    /// Media type of a body in form encoding; that of a body below `/v2/` is `application/json`.
    pub const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Creates a request without parameters and without an [API version](Self::with_api_version).
    ///
    /// The body of a `POST` is a form. With a path below `/v2/`, it is a JSON object.
    ///
    /// `path` starts with a slash, such as `/v1/financial_connections/accounts/{account}`. `segments` holds the value for
    /// each name in braces. Values are percent-encoded, so that an id can never change the rest of the path.
    ///
    /// # Errors
    /// Returns an error if a value is empty, `.` or `..`; if names and braces do not match; or if another part of the path
    /// is empty, `.`, `..` or contains anything but ASCII letters, digits, `-`, `.`, `_` and `~`.
    pub fn new(method: Method, path: &str, segments: &[(&str, &str)]) -> Result<Self, InvalidInput> {
        let path = fill_path(path, segments)?;
        let body = match method {
            Method::Post if is_v2(&path) => Some(Body::Json(Box::new(JsonBody::new()))),
            Method::Post => Some(Body::Form(String::new())),
            Method::Delete | Method::Get => None,
        };
        let (query, api_version, base_url) = (String::new(), None, None);
        Ok(Self { method, path, query, body, api_version, base_url, secret: false, secret_path: false })
    }

    /// Adds a parameter: to the body of a `POST`, to the query of any other method.
    ///
    /// `name` is the name in Stripe's form encoding: `limit`, or with brackets for a nested parameter,
    /// `account_holder[customer]`. Lists and maps add their own brackets. `None`, an empty list and an empty map add
    /// nothing.
    ///
    /// In a JSON body, numbers and booleans stay what they are, brackets lead into an object or a list, and a parameter that is added
    /// again replaces the earlier one. `None` adds nothing. An empty list, an empty map and [`Clearable::Clear`](super::Clearable)
    /// add `[]`, `{}` and `null`.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use stripe_runtime::{Clearable, Method, Request};
    /// let request = Request::new(Method::Post, "/v1/customers/{customer}", &[("customer", "cus_123")])?
    ///     .param("address[city]", "Cork")
    ///     .param("metadata", BTreeMap::from([("order", 42)]))
    ///     .param("phone", Clearable::<String>::Clear)
    ///     .param("preferred_locales", ["en", "ga"]);
    /// assert_eq!(
    ///     request.body(),
    ///     Some(
    ///         "address[city]=Cork&metadata[order]=42&phone=\
    ///          &preferred_locales[0]=en&preferred_locales[1]=ga"
    ///     ),
    /// );
    ///
    /// let request = Request::new(Method::Post, "/v2/core/accounts", &[])?
    ///     .param("defaults[locales]", ["en", "ga"])
    ///     .param("metadata", BTreeMap::from([("order", Clearable::<i64>::Clear)]));
    /// assert_eq!(
    ///     request.body(),
    ///     Some(r#"{"defaults":{"locales":["en","ga"]},"metadata":{"order":null}}"#),
    /// );
    /// # Ok::<(), stripe_runtime::InvalidInput>(())
    /// ```
    #[must_use]
    pub fn param(mut self, name: &str, value: impl ParamValue) -> Self {
        self.add(name, &value);
        self
    }

    // Compiled once, whatever the type of the value is.
    fn add(&mut self, name: &str, value: &dyn ParamValue) {
        let form = match &mut self.body {
            Some(Body::Json(json)) => {
                let (value, secret) = Encoder::json(value);
                self.secret |= secret;
                if let Some(value) = value {
                    json.insert(name, value);
                }
                return;
            }
            Some(Body::Form(form)) => form,
            None => &mut self.query,
        };
        let mut encoder = Encoder::resume(mem::take(form), self.secret);
        encoder.param(name, value);
        (*form, self.secret) = encoder.into_parts();
    }

    /// Sets the version of Stripe's API, or removes it with `None`.
    #[must_use]
    pub fn with_api_version(mut self, version: impl Into<Option<&'static str>>) -> Self {
        self.api_version = version.into();
        self
    }

    /// Sets the server of the operation, such as `https://files.stripe.com`, or removes it with `None`. It takes the place of
    /// `https://api.stripe.com`, but not of a base URL that the client or the endpoint sets.
    ///
    /// The server is sent the API key. Sending fails with an [`InvalidInput`] if it is not an `https` URL without a path.
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<Option<&'static str>>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Hides the path from `Debug`, since a parameter in it is a [`Secret`](super::Secret).
    #[must_use]
    pub fn with_secret_path(mut self) -> Self {
        self.secret_path = true;
        self
    }

    /// Whether an idempotency key is what makes the request safe to repeat.
    #[cfg(feature = "http")]
    pub(crate) fn needs_idempotency_key(&self) -> bool {
        match self.method {
            Method::Get => false,
            Method::Post => true,
            Method::Delete => is_v2(&self.path),
        }
    }

    /// Replaces the query with one that is encoded.
    #[cfg(feature = "client")]
    pub(crate) fn with_query(mut self, query: String) -> Self {
        self.query = query;
        self
    }

    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the path, percent-encoded, with a leading slash and without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query, percent-encoded, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        Some(&*self.query).filter(|query| !query.is_empty())
    }

    /// Returns the body: a form, or JSON below `/v2/`. See [`content_type`](Self::content_type).
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_ref().map(|body| match body {
            Body::Form(form) => form,
            Body::Json(json) => json.text(),
        })
    }

    /// Converts the request into its body.
    #[must_use]
    pub fn into_body(self) -> Option<String> {
        self.body.map(|body| match body {
            Body::Form(form) => form,
            Body::Json(json) => json.into_text(),
        })
    }

    /// Returns the value of the header `Content-Type`, or `None` without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        self.body.as_ref().map(|body| match body {
            Body::Form(_) => Self::CONTENT_TYPE,
            Body::Json(_) => "application/json",
        })
    }

    /// Returns the server of the operation, if it is not `https://api.stripe.com`.
    #[must_use]
    pub const fn base_url(&self) -> Option<&'static str> {
        self.base_url
    }

    /// Returns the version of Stripe's API for the header `Stripe-Version`. `None` if the release does not state one, as a
    /// preview does: the sender has to choose one then.
    #[must_use]
    pub const fn api_version(&self) -> Option<&'static str> {
        self.api_version
    }

    /// Returns the headers of the request except `Authorization`: names in lower case, and values.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.api_version
            .map(|version| ("stripe-version", version))
            .into_iter()
            .chain(self.content_type().map(|content_type| ("content-type", content_type)))
    }

    /// Returns the URL below a base URL such as `https://api.stripe.com`: base URL, path and query.
    #[must_use]
    pub fn url(&self, base_url: &str) -> String {
        let mut url = base_url.strip_suffix('/').unwrap_or(base_url).to_owned();
        url.push_str(&self.path);
        if let Some(query) = self.query() {
            url.push('?');
            url.push_str(query);
        }
        url
    }
}

/// Whether a path is of the namespace whose bodies are JSON.
fn is_v2(path: &str) -> bool {
    path.starts_with("/v2/")
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |text| if self.secret { "Secret(…)" } else { text };
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &if self.secret_path { "Secret(…)" } else { &self.path })
            .field("query", &self.query().map(show))
            .field("body", &self.body().map(show))
            .field("api_version", &self.api_version)
            .field("base_url", &self.base_url)
            .finish()
    }
}
