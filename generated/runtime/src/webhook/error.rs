//! Why a request to a webhook endpoint is not an event from Stripe.

use std::{error, fmt, time::Duration};

use http::StatusCode;

use crate::{DecodeError, Opaque};

/// Why a request is rejected, or why a [`Verifier`](super::Verifier) cannot be created.
///
/// Neither `Display` nor `Debug` shows the secret, the header or a value of the body, except for the API version of an event, its
/// id and its kind.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookError {
    /// The secret is empty or blank, such as from an environment variable that is empty: anyone could sign with it.
    BlankSecret,
    /// The request has no header `Stripe-Signature`, or an empty one: it is not from Stripe, or a proxy drops headers.
    NoHeader,
    /// The header is not of the form `t=…,v1=…`: the request is not from Stripe.
    #[non_exhaustive]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No `v1` signature in the header is that of this body, timestamp and secret: the secret is that of another endpoint, or the
    /// body was changed before it got here.
    #[non_exhaustive]
    NoMatch {
        /// The number of `v1` signatures in the header.
        signatures: usize,
        /// Whether the secret contains whitespace, which Stripe's secrets do not: often a line break at the end of a file.
        secret_has_whitespace: bool,
        /// Whether the header has a blank before or after an item, such as after a comma: Stripe sends none, and an item with one
        /// does not count.
        header_has_blanks: bool,
    },
    /// The signature matches, but was made longer ago than the verifier tolerates: the request is replayed or waited in a queue,
    /// or the clock is ahead.
    #[non_exhaustive]
    TooOld {
        /// The time since the signature was made, in whole seconds.
        age: Duration,
        /// The greatest age that the verifier accepts.
        tolerance: Duration,
    },
    /// The body is not an event, or its object is not of the type that it states, often as the endpoint has another API version
    /// than the types.
    #[non_exhaustive]
    NotAnEvent {
        /// Where and why decoding failed. It keeps the body.
        error: DecodeError,
        /// The API version that the event was rendered in, if the body states one.
        api_version: Option<String>,
        /// The API version that the types of the crate belong to: its `API_VERSION`.
        expected_version: &'static str,
    },
    /// The body is a thin event (`v2.core.event`) of an event destination with thin payloads, for a method that reads snapshot
    /// events: it refers to an object instead of holding it. The JSON is kept.
    ThinEvent(Opaque),
    /// The body is a snapshot event (`event`), for a method that reads thin events. The JSON is kept.
    SnapshotEvent(Opaque),
}

/// What a [`WebhookError`] means to the program that received the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorClass {
    /// The secret cannot be used: the program is set up wrongly.
    Configuration,
    /// The request is from Stripe, but its body is not an event that this crate reads: check the API version and the kind of the
    /// endpoint.
    Event,
    /// Nothing shows that the request is from Stripe. Many at once mean that the secret or the body is not the right one.
    Signature,
    /// The request is from Stripe, but it is late or was replayed.
    TooOld,
}

impl WebhookErrorClass {
    /// Returns the name of the class in lower case, such as `too_old`, for metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Event => "event",
            Self::Signature => "signature",
            Self::TooOld => "too_old",
        }
    }

    /// Returns the status for the response of a web handler that received the request: 400, or 500 if the program is set up
    /// wrongly. Stripe sends the event again after both.
    #[must_use]
    pub const fn handler_status(self) -> StatusCode {
        match self {
            Self::Configuration => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Event | Self::Signature | Self::TooOld => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for WebhookErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl WebhookError {
    /// Returns the class, which has a name for metrics and the status that a web handler should return.
    #[must_use]
    pub const fn class(&self) -> WebhookErrorClass {
        match self {
            Self::BlankSecret => WebhookErrorClass::Configuration,
            Self::NoHeader | Self::Malformed { .. } | Self::NoMatch { .. } => WebhookErrorClass::Signature,
            Self::TooOld { .. } => WebhookErrorClass::TooOld,
            Self::NotAnEvent { .. } | Self::ThinEvent(_) | Self::SnapshotEvent(_) => WebhookErrorClass::Event,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlankSecret => f.write_str("the webhook secret is blank; it should start with `whsec_`"),
            Self::NoHeader => f.write_str("the request has no `Stripe-Signature` header"),
            Self::Malformed { reason } => write!(f, "the `Stripe-Signature` header is malformed: {reason}"),
            Self::NoMatch { signatures, secret_has_whitespace, header_has_blanks } => {
                match signatures {
                    0 => f.write_str("the `Stripe-Signature` header has no `v1` signature")?,
                    1 => f.write_str("the `v1` signature does not match the body")?,
                    _ => write!(f, "none of the {signatures} `v1` signatures matches the body")?,
                }
                f.write_str(if *secret_has_whitespace { "; the webhook secret contains whitespace" } else { "" })?;
                let blanks = "; the header has a blank before or after an item, which Stripe does not send";
                f.write_str(if *header_has_blanks { blanks } else { "" })
            }
            Self::TooOld { age, tolerance } => {
                let (age, tolerance) = (age.as_secs(), tolerance.as_secs());
                write!(f, "the signature is {age} s old, and at most {tolerance} s are accepted")
            }
            Self::NotAnEvent { error, api_version, expected_version } => {
                f.write_str("the body is not an event that can be decoded")?;
                if !error.path().is_empty() {
                    write!(f, " at `{}`", error.path())?;
                }
                write!(f, ": {} (line {}, column {})", error.reason(), error.line(), error.column())?;
                match api_version.as_deref() {
                    Some(other) if other != *expected_version => {
                        write!(f, "; it is of API version {other:?}, and this crate of {expected_version:?}")
                    }
                    _ => Ok(()),
                }
            }
            Self::ThinEvent(_) => {
                let what = "the body is a thin event (`v2.core.event`), which holds no object";
                write!(f, "{what}; read it with `Verifier::notification`")
            }
            Self::SnapshotEvent(_) => {
                f.write_str("the body is a snapshot event (`event`), which is not thin; read it with `Verifier::event`")
            }
        }
    }
}

impl error::Error for WebhookError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // `Display` already says what the error does.
            Self::NotAnEvent { error, .. } => error.source(),
            _ => None,
        }
    }
}
