//! Requests as plain values: what to send, without sending it.

use std::{borrow::Cow, error::Error, fmt};

use super::{
    decode::DecodeError,
    form::{Form, FormValue, push_encoded},
};

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

/// One of Stripe's operations with its parameters: makes the request, and reads the response.
///
/// Nothing is sent: that takes any HTTP client, and the secret key, which this crate never sees.
pub trait Operation {
    /// What a successful response holds.
    type Output;
    /// What a failed response (any status but 2xx) holds.
    type Error;

    /// The version of Stripe's API that the types are of, for the header `Stripe-Version`.
    const API_VERSION: &'static str;
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

/// A request to Stripe's API: everything but the host, the secret key and an idempotency key.
///
/// `Debug` leaves out the parameters where a [`Secret`](super::Secret) went into them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Request {
    method: Method,
    path: Cow<'static, str>,
    query: Option<String>,
    body: Option<String>,
    api_version: &'static str,
    secret: bool,
}

impl Request {
    /// What the body is, where there is one.
    pub const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// A request without parameters.
    pub(crate) const fn new(method: Method, path: Cow<'static, str>, api_version: &'static str) -> Self {
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

    /// The version of Stripe's API that the response is to have, for the header `Stripe-Version`.
    #[must_use]
    pub const fn api_version(&self) -> &'static str {
        self.api_version
    }

    /// The headers that the request needs, beside the one with the secret key: names in lower case, and values.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [("stripe-version", self.api_version)]
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

/// A request that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestError {
    parameter: &'static str,
    reason: &'static str,
}

impl RequestError {
    /// The parameter that stands in the way, by its name on the wire.
    #[must_use]
    pub const fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, reason } = self;
        write!(f, "the path parameter `{parameter}` {reason}: pass the id as Stripe sent it")
    }
}

impl Error for RequestError {}

/// Puts parameters into a path, each as one segment.
///
/// A segment that a server or a proxy would drop or resolve is refused, since the request would reach another operation:
/// without its id, retrieving one object would list them all.
pub(crate) fn fill_path(
    template: &'static str,
    parameters: &[(&'static str, &str)],
) -> Result<Cow<'static, str>, RequestError> {
    if parameters.is_empty() {
        return Ok(Cow::Borrowed(template));
    }
    let mut path = String::with_capacity(template.len() + 64);
    for (position, segment) in template.split('/').enumerate() {
        if position > 0 {
            path.push('/');
        }
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match parameters.iter().find(|(parameter, _)| name == Some(*parameter)) {
            Some(&(parameter, value)) => {
                let refuse = |reason| Err(RequestError { parameter, reason });
                match value {
                    "" => return refuse("is empty, so that the path would name another resource"),
                    "." => return refuse("is `.`, which names the path itself"),
                    ".." => return refuse("is `..`, which names the path above"),
                    _ => push_encoded(&mut path, value),
                }
            }
            None => path.push_str(segment),
        }
    }
    Ok(Cow::Owned(path))
}

/// Whether a path has the parameters given, each as a whole segment, and no other.
pub(crate) const fn path_has(path: &str, parameters: &[&str]) -> bool {
    let path = path.as_bytes();
    let (mut at, mut found) = (0, 0);
    while at < path.len() {
        if path[at] == b'{' {
            let start = at + 1;
            while at < path.len() && path[at] != b'}' {
                at += 1;
            }
            let mut known = false;
            let mut i = 0;
            while i < parameters.len() {
                known |= same(path, start, at, parameters[i].as_bytes());
                i += 1;
            }
            let closed = at < path.len() && (at + 1 == path.len() || path[at + 1] == b'/');
            let whole = closed && start >= 2 && path[start - 2] == b'/';
            if !known || !whole {
                return false;
            }
            found += 1;
        }
        at += 1;
    }
    found == parameters.len()
}

const fn same(path: &[u8], start: usize, end: usize, name: &[u8]) -> bool {
    if end - start != name.len() {
        return false;
    }
    let mut i = 0;
    while i < name.len() {
        if path[start + i] != name[i] {
            return false;
        }
        i += 1;
    }
    true
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

            const API_VERSION: &'static str = $version;
            const METHOD: $crate::support::Method = $crate::support::Method::$method;
            const PATH: &'static str = $path;

            fn request(&self) -> Result<$crate::support::Request, $crate::support::RequestError> {
                const {
                    assert!($crate::support::request::path_has(
                        $path,
                        &[$($($crate::support::params!(@wire $segment $($wire)?)),*)?],
                    ));
                }
                let path = $crate::support::request::fill_path(
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
