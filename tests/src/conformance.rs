//! What this crate sends, proven against what Stripe's official libraries send.
//!
//! The same parameters, [`cases`], go to this crate ([`ours`]) and to the official libraries for Node and Python, which send
//! them to a server on loopback ([`capture`]). What arrives is recorded ([`record`]) and compared in a form in which equal
//! requests are equal ([`canonical`]). Where a library does otherwise than this crate, a row of [`differences`] says what it
//! does and why this crate does not; a difference without a row, and a row without a difference, are failures ([`compare`]).
//!
//! Webhooks go the other way: what an endpoint receives is verified by all of them, and signed by all of them ([`webhook`]).
//!
//! `cargo xtask conformance` runs the libraries and records; `cargo test` compares with the record.

pub mod canonical;
pub mod capture;
pub mod cases;
pub mod compare;
pub mod differences;
pub mod ours;
pub mod record;
pub mod webhook;

use std::{error, fmt};

/// What is wrong, for a maintainer to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    /// Says what is wrong.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// Says where it is wrong.
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
