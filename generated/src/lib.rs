//! Typed Rust bindings for Stripe's Financial Connections sessions.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "http")]
mod client;
mod support;
#[cfg(feature = "test-util")]
mod test_util;

#[rustfmt::skip]
mod releases;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, Limits, ThreadTimer, Timer, Transport, blocking};
#[cfg(feature = "http")]
pub use client::{
    Endpoint, Error, InvalidInput, Options, Response, StripeError, TransportError, TransportErrorKind,
    UnreadableResponse,
};
#[cfg(feature = "reqwest")]
pub use client::{ReqwestTransport, TokioTimer};
#[cfg(feature = "ureq")]
pub use client::UreqTransport;
pub use releases::*;
pub use support::{
    Clearable, DecodeError, DecodeErrorKind, Deleted, Expandable, List, Method, Nullable, Object, Opaque, Operation,
    Request, RequestError, Secret, Timestamp, TimestampRangeError,
};
