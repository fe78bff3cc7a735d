//! Sending the requests: what every HTTP stack needs, and two clients on top of it.
//!
//! `endpoint`, `options`, `input`, `response` and `error` turn an operation into an `http::Request` and an `http::Response`
//! into an answer; they know no network. `call` adds what both clients share, retries above all, over a [`Transport`] and a
//! [`Timer`]; `reqwest` and `ureq` are transports. There is one implementation of each thing: the blocking client drives the
//! same futures as the async one.

mod endpoint;
mod error;
mod input;
mod options;
mod response;
mod retry;
mod transport;

#[cfg(feature = "client")]
mod asynchronous;
#[cfg(feature = "client")]
pub mod blocking;
#[cfg(feature = "client")]
mod builder;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "client")]
mod timer;
#[cfg(feature = "client")]
mod trace;
#[cfg(feature = "ureq")]
mod ureq;

#[cfg(feature = "ureq")]
pub use self::ureq::UreqTransport;
#[cfg(feature = "client")]
pub use self::{
    asynchronous::Client,
    builder::ClientBuilder,
    timer::{ThreadTimer, Timer},
    transport::{Transport, TransportLimits},
};
pub use self::{
    endpoint::Endpoint,
    error::{Error, StripeError, UnexpectedResponse},
    input::InvalidInput,
    options::Options,
    response::Response,
    transport::{TransportError, TransportErrorKind},
};
#[cfg(feature = "reqwest")]
pub use self::{reqwest::ReqwestTransport, timer::TokioTimer};
