//! What callers pass in, checked before anything is sent.

#[cfg(feature = "client")]
use std::time::Duration;
use std::{borrow::Cow, error, fmt, net::IpAddr};

use http::{HeaderName, HeaderValue, Uri, header};

use crate::support::RequestError;

/// A value passed in by the caller that cannot be used: a key, a base URL, a header, a path parameter.
///
/// Nothing was sent. The message says what to do, and never repeats the value, which may be secret.
pub struct InvalidInput(Box<Inner>);

struct Inner {
    input: Cow<'static, str>,
    reason: Cow<'static, str>,
    help: &'static str,
    /// Added by the client, where the error is that of a request.
    idempotency_key: Option<String>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl InvalidInput {
    pub(super) fn new(
        input: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
        help: &'static str,
    ) -> Self {
        Self(Box::new(Inner { input: input.into(), reason: reason.into(), help, idempotency_key: None, source: None }))
    }

    pub(super) fn caused_by(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    #[cfg(feature = "client")]
    pub(super) fn with_idempotency_key(mut self, key: Option<String>) -> Self {
        self.0.idempotency_key = key;
        self
    }

    /// Returns the idempotency key of the request, if it would have had one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Returns what cannot be used: `API key`, `base URL`, `header x-example`, …
    #[must_use]
    pub fn input(&self) -> &str {
        &self.0.input
    }

    /// Returns why it cannot be used.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}: {}", self.0.input, self.0.reason, self.0.help)
    }
}

impl fmt::Debug for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the idempotency key, which may be the invalid value.
        f.debug_struct("InvalidInput")
            .field("input", &self.0.input)
            .field("reason", &self.0.reason)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl error::Error for InvalidInput {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

impl From<RequestError> for InvalidInput {
    fn from(error: RequestError) -> Self {
        Self::new(error.input().to_owned(), error.reason(), error.help()).caused_by(error)
    }
}

/// The header with the key. The alphabet is that of bearer tokens (RFC 6750), which Stripe's keys keep to.
pub(super) fn authorization(key: &str) -> Result<HeaderValue, InvalidInput> {
    const REMEDY: &str = "pass a secret or restricted key, such as `sk_test_…`, from Stripe's dashboard";
    let invalid = |reason| Err(InvalidInput::new("API key", reason, REMEDY));
    if key.is_empty() {
        return invalid("is empty");
    }
    if key.contains(|c: char| c.is_whitespace()) {
        return invalid("has a space or a line break in it");
    }
    if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
        return invalid("has a character that no key has");
    }
    if key.starts_with("pk_") {
        return invalid("is a publishable one, which may not make sessions");
    }
    sensitive(&format!("Bearer {key}"))
        .map_err(|source| InvalidInput::new("API key", "is not a header's value", REMEDY).caused_by(source))
}

/// The root of the API, without a slash at its end.
///
/// Without TLS the key would travel in the open, so `http` is for servers on the same machine.
pub(super) fn base_url(url: &str) -> Result<String, InvalidInput> {
    const REMEDY: &str = "pass one such as `https://api.stripe.com`; `http` only for an address of this machine";
    let invalid = |reason: &'static str| InvalidInput::new("base URL", reason, REMEDY);
    if url.contains(['?', '#']) {
        return Err(invalid("has a query or a fragment"));
    }
    let parsed = Uri::try_from(url).map_err(|source| invalid("is not a URL").caused_by(source))?;
    let authority = parsed.authority().ok_or_else(|| invalid("has no host"))?;
    if authority.as_str().contains('@') {
        return Err(invalid("has a user's name in it"));
    }
    if authority.host().is_empty() {
        return Err(invalid("has no host"));
    }
    if authority.as_str().len() > authority.host().len() && authority.port_u16().is_none() {
        return Err(invalid("has a port that is not one"));
    }
    match parsed.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(authority.host()) => {}
        Some("http") => return Err(invalid("would send the key without encryption")),
        _ => return Err(invalid("has another scheme than `https`")),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Names are not looked up here, so that of all names only the one that is reserved for it is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Headers that are made from other inputs, or that belong to the HTTP stack.
const RESERVED: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
    IDEMPOTENCY_KEY,
    STRIPE_ACCOUNT,
    STRIPE_VERSION,
];

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
pub(super) const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");

/// A header that the caller adds.
pub(super) fn extra_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidInput> {
    // The name comes from the caller: it is shown only so far as it is one.
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|source| {
        InvalidInput::new("name of an extra header", "is not one", "pass a name such as `x-example`").caused_by(source)
    })?;
    if RESERVED.contains(&name) {
        let remedy = "use the option for it, or leave it to the HTTP stack";
        return Err(InvalidInput::new(format!("header {name}"), "is not an extra one", remedy));
    }
    let value = sensitive(value).map_err(|source| {
        let remedy = "leave out line breaks and other control characters";
        InvalidInput::new(format!("header {name}"), "has a value that is not one", remedy).caused_by(source)
    })?;
    Ok((name, value))
}

/// The value of a header that names something: printable ASCII, and not empty.
pub(super) fn token(input: &'static str, value: &str, remedy: &'static str) -> Result<HeaderValue, InvalidInput> {
    let invalid = |reason| Err(InvalidInput::new(input, reason, remedy));
    if value.is_empty() {
        return invalid("is empty");
    }
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return invalid("has a space, a line break or a character that is not ASCII in it");
    }
    HeaderValue::from_str(value)
        .map_err(|source| InvalidInput::new(input, "is not a header's value", remedy).caused_by(source))
}

/// Stripe takes up to 255 characters.
pub(super) fn idempotency_key(key: &str) -> Result<HeaderValue, InvalidInput> {
    const MAX: usize = 255;
    const REMEDY: &str = "pass 1 to 255 printable ASCII characters, such as a UUID";
    if key.len() > MAX {
        let reason = format!("is {} bytes long", key.len());
        return Err(InvalidInput::new("idempotency key", reason, REMEDY));
    }
    token("idempotency key", key, REMEDY)
}

/// The name, the version or the address of an application, for the header `User-Agent`.
pub(super) fn agent(input: &'static str, value: &str) -> Result<HeaderValue, InvalidInput> {
    const REMEDY: &str = "pass printable ASCII text";
    let invalid = |reason| Err(InvalidInput::new(input, reason, REMEDY));
    if value.trim().is_empty() {
        return invalid("is empty");
    }
    if !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return invalid("has a line break or a character that is not ASCII in it");
    }
    HeaderValue::from_str(value)
        .map_err(|source| InvalidInput::new(input, "is not a header's value", REMEDY).caused_by(source))
}

/// How long an attempt may take.
#[cfg(feature = "client")]
pub(super) fn timeout(timeout: Duration) -> Result<Duration, InvalidInput> {
    match timeout {
        Duration::ZERO => Err(InvalidInput::new("timeout", "is zero", "leave time for an answer, such as 80 seconds")),
        // Beyond this, adding to the time of day overflows in one stack or another.
        timeout => Ok(timeout.min(Duration::from_secs(365 * 24 * 60 * 60))),
    }
}

/// How many bytes an answer may have.
#[cfg(feature = "client")]
pub(super) fn max_body(bytes: usize) -> Result<usize, InvalidInput> {
    match bytes {
        0 => Err(InvalidInput::new("limit of the answer's size", "is zero", "leave room for an answer, such as 1 MiB")),
        bytes => Ok(bytes),
    }
}

/// A value that `Debug` of a header map leaves out.
fn sensitive(value: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok(value)
}
