//! Requests as plain values: what to send, without sending it.

use std::{borrow::Cow, fmt};

use super::form::{Form, FormValue};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `DELETE`.
    Delete,
    /// `GET`: changes nothing, safe to send again.
    Get,
    /// `POST`: not safe to send again without an idempotency key.
    Post,
}

impl Method {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl AsRef<str> for Method {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A request to Stripe's API: everything but the host, the secret key and an idempotency key.
///
/// `Debug` leaves out the parameters where a [`Secret`](super::Secret) went into them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Request {
    method: Method,
    path: Cow<'static, str>,
    query: Option<String>,
    body: Option<String>,
    api_version: Option<&'static str>,
    secret: bool,
}

impl Request {
    /// What the body is, where there is one.
    pub const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// A request without parameters.
    pub(crate) const fn new(method: Method, path: Cow<'static, str>, api_version: Option<&'static str>) -> Self {
        Self { method, path, query: None, body: None, api_version, secret: false }
    }

    /// Puts the parameters into the query. Nothing is put there when none is set.
    pub(crate) fn query_of(mut self, parameters: &dyn FormValue) -> Self {
        let (text, secret) = Form::of(parameters).into_parts();
        self.query = (!text.is_empty()).then_some(text);
        self.secret = secret;
        self
    }

    /// Puts the parameters into the body, which is there even when none is set.
    pub(crate) fn form_of(mut self, parameters: &dyn FormValue) -> Self {
        let (text, secret) = Form::of(parameters).into_parts();
        self.body = Some(text);
        self.secret = secret;
        self
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The path below the root of the API, percent-encoded, with a leading slash and without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query, percent-encoded, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The body, in the form encoding that [`content_type`](Self::content_type) names.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// The body, owned.
    #[must_use]
    pub fn into_body(self) -> Option<String> {
        self.body
    }

    /// What the body is, for the header `Content-Type`; `None` without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        self.body.is_some().then_some(Self::CONTENT_TYPE)
    }

    /// The version of Stripe's API that the response is to have, for the header `Stripe-Version`; `None` where the release
    /// names none.
    #[must_use]
    pub const fn api_version(&self) -> Option<&'static str> {
        self.api_version
    }

    /// The headers that the request needs, beside the one with the secret key: names in lower case, and values.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.api_version
            .map(|version| ("stripe-version", version))
            .into_iter()
            .chain(self.content_type().map(|content_type| ("content-type", content_type)))
    }

    /// The address at a server: its root, such as `https://api.stripe.com`, then the path and the query.
    #[must_use]
    pub fn url(&self, root: &str) -> String {
        let mut url = root.strip_suffix('/').unwrap_or(root).to_owned();
        url.push_str(&self.path);
        if let Some(query) = &self.query {
            url.push('?');
            url.push_str(query);
        }
        url
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |text| if self.secret { "Secret(…)" } else { text };
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query().map(show))
            .field("body", &self.body().map(show))
            .field("api_version", &self.api_version)
            .finish()
    }
}
