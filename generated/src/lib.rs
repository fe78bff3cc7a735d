//! Typed Rust bindings for Stripe's Financial Connections sessions.
//!
//! An [`Operation`], such as [`CreateSession`] or [`RetrieveSession`], makes a [`Request`], a plain value, and reads the
//! answer. That is all there is by default: no network code. Features add what sends:
//!
//! | feature | adds |
//! |---|---|
//! | `reqwest` | `Client`, async, over reqwest with rustls |
//! | `ureq` | `blocking::Client`, over ureq with rustls |
//! | `client` | both clients over a `Transport` of your own |
//! | `http` | `Endpoint`, `Response` and `Error`, for any HTTP stack that speaks the types of the crate `http` |
//! | `webhook` | the module `webhook`: events from Stripe, verified and typed |
//! | `tracing` | a span for each call of a client |
//! | `jiff`, `chrono`, `time` | conversions of [`Timestamp`], beside those of `SystemTime` |
//! | `test-util` | `sample()` on each model, for the tests of other crates |
//! | `preview` | the module `preview`: the API as Stripe previews it, whose version you name in the `Options` |
//!
//! The README of the crate shows them at work.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "http")]
mod client;
mod support;
#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

#[rustfmt::skip]
mod releases;

#[cfg(feature = "ureq")]
pub use client::UreqTransport;
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, ThreadTimer, Timer, Transport, TransportLimits, blocking};
#[cfg(feature = "http")]
pub use client::{
    Endpoint, Error, ErrorClass, Fault, InvalidInput, Options, RawResponse, Response, StripeError, TransportError,
    TransportErrorKind, UnexpectedResponse,
};
#[cfg(feature = "reqwest")]
pub use client::{ReqwestTransport, TokioTimer};
pub use releases::*;
pub use support::{
    Amounts, AmountsIter, Clearable, DecodeError, DecodeErrorKind, Deleted, Expandable, List, Method, Nullable, Object,
    Opaque, Operation, ParamValue, Request, RequestError, Secret, Timestamp, TimestampRangeError, decode,
};

/// The examples of the README compile.
#[cfg(all(doctest, feature = "reqwest", feature = "ureq"))]
#[doc = include_str!("../README.md")]
struct Readme;
