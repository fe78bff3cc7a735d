//! The clients, and what they build on.
//!
//! `endpoint`, `options`, `input`, `response` and `error` turn an operation into an `http::Request`, and an `http::Response`
//! into a value or an error; they do no input or output. `call` adds what both clients share, above all retries, over a
//! [`Transport`] and a [`Timer`]; `reqwest` and `ureq` are transports. The blocking client drives the same futures as the
//! async one, so that each behaviour is implemented once.

mod endpoint;
mod error;
mod error_class;
mod input;
mod key;
mod options;
mod response;
mod retry;
mod stripe_error;
mod transport_error;
mod unexpected_response;

#[cfg(feature = "client")]
mod asynchronous;
#[cfg(feature = "client")]
pub mod blocking;
#[cfg(feature = "client")]
mod builder;
#[cfg(feature = "client")]
mod call;
#[cfg(all(feature = "client", feature = "test-util"))]
mod canned;
#[cfg(feature = "client")]
mod next_page;
#[cfg(feature = "client")]
mod pages;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod stack;
#[cfg(feature = "client")]
mod timer;
#[cfg(feature = "client")]
mod trace;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "ureq")]
mod ureq;

#[cfg(all(feature = "client", feature = "test-util"))]
pub use self::canned::CannedTransport;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;
#[cfg(feature = "tokio")]
pub use self::timer::TokioTimer;
#[cfg(feature = "ureq")]
pub use self::ureq::UreqTransport;
#[cfg(feature = "client")]
pub use self::{
    asynchronous::Client,
    builder::ClientBuilder,
    pages::{Items, Page, Pages},
    timer::{ThreadTimer, Timer},
    transport::{Transport, TransportLimits},
};
pub use self::{
    endpoint::Endpoint,
    error::{Error, ErrorKind},
    error_class::{ErrorClass, Fault},
    key::KeySource,
    options::Options,
    response::{RawResponse, Response},
    stripe_error::StripeError,
    transport_error::{TransportError, TransportErrorKind},
    unexpected_response::UnexpectedResponse,
};
