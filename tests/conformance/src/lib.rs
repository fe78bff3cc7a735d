//! Compares this crate with Stripe's official libraries for Node and Python.
//!
//! Requests: this crate ([`ours`]) and the libraries send the same parameters ([`cases`]) to a server on loopback
//! ([`capture`]). The requests of the libraries are recorded ([`record`]) and compared with those of this crate in a canonical
//! form ([`canonical`]). If a library differs from this crate, a row of [`differences`] states how and why; a difference
//! without a row fails, and so does a row without a difference ([`compare`]). What crates generated from Stripe's documents send
//! is compared in the same way, by the tests of `xtask`.
//!
//! Webhooks: this crate and the libraries verify the same deliveries, and sign the same bodies ([`webhook`]).
//!
//! `cargo run --package conformance` runs the libraries and records; `cargo test` compares with the record.

pub mod canonical;
pub mod capture;
pub mod cases;
pub mod compare;
pub mod differences;
pub mod ours;
pub mod random;
pub mod record;
pub mod webhook;

use std::{error, fmt};

/// A problem, as a message for a maintainer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    /// Creates a problem from its message.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// Prefixes the message with a place.
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Problem {}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}
