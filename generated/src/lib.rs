// The README is the front page of the documentation. With the features that it names, its links lead to the pages here rather
// than to docs.rs, as the first definition of a link wins, and its examples are tested.
#![cfg_attr(
    all(
        feature = "accounts",
        feature = "reqwest",
        feature = "test-util",
        feature = "transactions",
        feature = "ureq",
        feature = "webhook"
    ),
    doc = include_str!("links.md"),
    doc = concat!(
        "[changelog]: https://docs.rs/crate/stripe-financial-connections/",
        env!("CARGO_PKG_VERSION"),
        "/source/CHANGELOG.md\n"
    )
)]
#![cfg_attr(
    any(
        not(doctest),
        all(
            feature = "accounts",
            feature = "reqwest",
            feature = "test-util",
            feature = "transactions",
            feature = "ureq",
            feature = "webhook"
        )
    ),
    doc = include_str!("../README.md")
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

#[rustfmt::skip]
mod releases;

pub use releases::*;
/// The crate behind this one: clients, errors, and what requests and responses are made of.
///
/// It is re-exported whole for programs that use several crates generated from Stripe's API, to be sure that there is one copy
/// of it. Everything that a program needs of it is also at the root of this crate.
pub use stripe_runtime;
#[cfg(all(feature = "client", feature = "test-util"))]
#[doc(inline)]
#[doc(alias = "fake")]
#[doc(alias = "mock")]
#[doc(alias = "stub")]
pub use stripe_runtime::CannedTransport;
/// The async client, which sends these operations:
#[cfg(feature = "client")]
#[cfg_attr(all(feature = "accounts", feature = "transactions"), doc = include_str!("releases/operations.md"))]
///
#[doc(inline)]
#[doc(alias = "StripeClient")]
pub use stripe_runtime::Client;
#[cfg(feature = "reqwest")]
#[doc(inline)]
#[doc(alias = "proxy")]
pub use stripe_runtime::ReqwestTransport;
#[cfg(feature = "tokio")]
#[doc(inline)]
pub use stripe_runtime::TokioTimer;
#[cfg(feature = "client")]
#[doc(inline)]
#[doc(alias = "mock")]
pub use stripe_runtime::Transport;
#[cfg(feature = "ureq")]
#[doc(inline)]
#[doc(alias = "proxy")]
pub use stripe_runtime::UreqTransport;
#[doc(inline)]
pub use stripe_runtime::{
    Amounts, ApiError, ApiErrorType, Clearable, DateTime, DecodeError, DecodeErrorKind, Deleted, ErrorResponse,
    Expandable, Int64String, IntoOption, InvalidInput, List, ListV2, Method, Nullable, Object, Opaque, Operation,
    ParamValue, Range, RangeOr, Request, SearchResult, Secret, Timestamp, TimestampRangeError, decode,
};
#[cfg(feature = "client")]
#[doc(inline)]
pub use stripe_runtime::{ClientBuilder, Items, Page, Pages, ThreadTimer, Timer, TransportLimits, blocking};
#[cfg(feature = "http")]
#[doc(inline)]
pub use stripe_runtime::{
    Endpoint, Error, ErrorClass, ErrorKind, Fault, KeySource, Options, RawResponse, Response, StripeError,
    TransportError, TransportErrorKind, UnexpectedResponse,
};
