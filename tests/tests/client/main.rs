//! The clients against a real HTTP server on loopback: what arrives there, and what is made of each kind of answer.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod custom;
mod errors;
mod examples;
mod harness;
mod http_feature;
mod input;
mod releases;
mod retries;
mod samples;
mod server;
mod times;
mod tracing_feature;
mod wire;
