//! Values passed in by callers, checked before anything is sent.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use http::{HeaderName, HeaderValue, Uri, header};

use crate::support::InvalidInput;

/// Returns the header with the API key. The alphabet is that of bearer tokens (RFC 6750), which Stripe's keys keep to.
pub(super) fn authorization(key: &str) -> Result<HeaderValue, InvalidInput> {
    const HELP: &str = "pass a secret or restricted key, such as `sk_test_…`, from Stripe's dashboard";
    let invalid = |reason| Err(InvalidInput::new("API key", reason, HELP));
    if key.is_empty() {
        return invalid("is empty");
    }
    if key.contains(|c: char| c.is_whitespace()) {
        return invalid("contains a space or a line break");
    }
    let has_known_characters = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    match sensitive(&format!("Bearer {key}")) {
        Ok(_) if has_known_characters && key.starts_with("pk_") => {
            invalid("is a publishable key, which a server cannot use")
        }
        Ok(header) if has_known_characters => Ok(header),
        _ => invalid("contains a character that no API key has"),
    }
}

/// Returns the root of the API, without a trailing slash.
///
/// Plain `http` would send the API key unencrypted, so it is accepted only for servers on the same machine.
pub(super) fn base_url(url: &str) -> Result<String, InvalidInput> {
    const HELP: &str =
        "pass an `https` URL such as `https://api.stripe.com`; `http` only for an address of this machine";
    let invalid = |reason: &'static str| InvalidInput::new("base URL", reason, HELP);
    if url.contains(['?', '#']) {
        return Err(invalid("has a query or a fragment"));
    }
    let parsed = Uri::try_from(url).map_err(|source| invalid("is not a valid URL").caused_by(source))?;
    let authority = parsed.authority().ok_or_else(|| invalid("has no host"))?;
    if authority.as_str().contains('@') {
        return Err(invalid("contains a user name"));
    }
    if authority.host().is_empty() {
        return Err(invalid("has no host"));
    }
    if !is_host(authority.host()) {
        return Err(invalid("has an invalid host"));
    }
    let port = &authority.as_str()[authority.host().len()..];
    let digits = port.strip_prefix(':').filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if !port.is_empty() && (digits.is_none() || authority.port_u16().is_none_or(|port| port == 0)) {
        let reason = match digits {
            Some("") => "ends with a colon, without a port".to_owned(),
            Some(port) => format!("has the port {port}, which is not from 1 to 65535"),
            None => "has an invalid port".to_owned(),
        };
        return Err(InvalidInput::new("base URL", reason, HELP));
    }
    match parsed.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(authority.host()) => {}
        Some("http") => return Err(invalid("would send the API key unencrypted")),
        _ => return Err(invalid("has a scheme other than `https`")),
    }
    // HTTP stacks differ in what they make of anything else.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let is_step = |segment: &str| segment == "." || segment == "..";
    if !parsed.path().bytes().all(is_plain) || parsed.path().split('/').any(is_step) {
        return Err(invalid(
            "has a path with more than letters, digits, `-`, `.`, `_` and `~`, or with a step such as `..`",
        ));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Returns the server of an operation, without a trailing slash: an `https` URL without a path.
pub(super) fn server(url: &str) -> Result<String, InvalidInput> {
    let url = base_url(url)?;
    match url.strip_prefix("https://") {
        Some(host) if !host.contains('/') => Ok(url),
        _ => {
            let help = "pass an `https` URL without a path, such as `https://files.stripe.com`";
            Err(InvalidInput::new("base URL of the request", "is not that of a server", help))
        }
    }
}

/// Whether a host is an address or a name: labels of letters, digits, `-` and `_`, of which the last one is no number.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { host.parse::<Ipv4Addr>().is_ok() } else { host.split('.').all(is_label) }
}

/// Whether a host is this machine. Names are not resolved here, so only the reserved one counts.
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Headers that have an option of their own, or that belong to the HTTP stack.
const RESERVED: [HeaderName; 12] = [
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
    STRIPE_CONTEXT,
    STRIPE_VERSION,
];

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
pub(super) const STRIPE_CONTEXT: HeaderName = HeaderName::from_static("stripe-context");
pub(super) const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");

/// Returns the name of a header that the caller adds or leaves out.
pub(super) fn extra_header_name(name: &str) -> Result<HeaderName, InvalidInput> {
    // An invalid name is not repeated: it comes from the caller.
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|source| {
        InvalidInput::new("name of an extra header", "is invalid", "pass a name such as `x-example`").caused_by(source)
    })?;
    if RESERVED.contains(&name) {
        let help = "use the option for it, or leave it to the HTTP stack";
        return Err(InvalidInput::new(format!("header {name}"), "cannot be set as an extra header", help));
    }
    Ok(name)
}

/// Returns a header that the caller adds.
pub(super) fn extra_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidInput> {
    let name = extra_header_name(name)?;
    let value = sensitive(value).map_err(|source| {
        let help = "remove line breaks and other control characters";
        InvalidInput::new(format!("header {name}"), "has an invalid value", help).caused_by(source)
    })?;
    Ok((name, value))
}

/// Returns a header value of printable ASCII that is not empty.
pub(super) fn token(input: &'static str, value: &str, help: &'static str) -> Result<HeaderValue, InvalidInput> {
    let invalid = |reason| Err(InvalidInput::new(input, reason, help));
    if value.is_empty() {
        return invalid("is empty");
    }
    match HeaderValue::from_str(value) {
        Ok(header) if value.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(header),
        _ => invalid("contains a space, a line break or a character that is not ASCII"),
    }
}

/// Returns the header value for an idempotency key. Stripe accepts up to 255 characters.
pub(super) fn idempotency_key(key: &str) -> Result<HeaderValue, InvalidInput> {
    const MAX: usize = 255;
    const HELP: &str = "pass 1 to 255 printable ASCII characters, such as a UUID";
    if key.len() > MAX {
        let reason = format!("is {} bytes long", key.len());
        return Err(InvalidInput::new("idempotency key", reason, HELP));
    }
    token("idempotency key", key, HELP)
}

/// Returns the header value for `User-Agent`.
pub(super) fn user_agent(value: &str) -> Result<HeaderValue, InvalidInput> {
    let invalid = |reason| Err(InvalidInput::new("user agent", reason, "pass printable ASCII text"));
    if value.trim().is_empty() {
        return invalid("is empty");
    }
    match HeaderValue::from_str(value) {
        Ok(header) if value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) => Ok(header),
        _ => invalid("contains a line break or a character that is not ASCII"),
    }
}

/// More than anyone waits, and little enough to be added to the current time.
pub(super) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns a timeout or a deadline.
#[cfg(feature = "client")]
pub(super) fn duration(input: &'static str, duration: Duration) -> Result<Duration, InvalidInput> {
    if duration.is_zero() {
        return Err(InvalidInput::new(input, "is zero", "leave time for a response, such as 80 seconds"));
    }
    // Some HTTP stacks overflow when they add a longer duration to the current time.
    Ok(duration.min(YEAR))
}

/// Returns a header value that `Debug` of a header map leaves out.
fn sensitive(value: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok(value)
}
