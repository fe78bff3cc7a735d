//! The clients against a real HTTP server on loopback: what arrives there, and what is made of each kind of answer.

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
