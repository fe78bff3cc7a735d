//! The commands end to end, as a person runs them. `cargo xtask update` as a whole is in `update`.

#![allow(clippy::expect_used, reason = "an unexpected result fails the test")]

mod coverage;
mod diff;
mod document_only;
mod generate;
mod generated;
mod harness;
mod own;
mod release;
mod text;
