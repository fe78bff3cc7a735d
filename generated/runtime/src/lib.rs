#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "http")]
mod client;
mod support;
#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

#[cfg(all(feature = "client", feature = "test-util"))]
pub use client::CannedTransport;
#[cfg(feature = "reqwest")]
pub use client::ReqwestTransport;
#[cfg(feature = "tokio")]
pub use client::TokioTimer;
#[cfg(feature = "ureq")]
pub use client::UreqTransport;
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, Items, Page, Pages, ThreadTimer, Timer, Transport, TransportLimits, blocking};
#[cfg(feature = "http")]
pub use client::{
    Endpoint, Error, ErrorClass, ErrorKind, Fault, KeySource, Options, RawResponse, Response, StripeError,
    TransportError, TransportErrorKind, UnexpectedResponse,
};
pub use support::{
    Amounts, ApiError, ApiErrorType, Clearable, DateTime, DecodeError, DecodeErrorKind, Deleted, ErrorResponse,
    Expandable, Int64String, IntoOption, InvalidInput, List, ListV2, Method, Nullable, Object, Opaque, Operation,
    ParamValue, Range, RangeOr, Request, SearchResult, Secret, Timestamp, TimestampRangeError, decode,
};
