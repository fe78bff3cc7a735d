//! The clients against an HTTP server on loopback: the requests that arrive, and the outcome of each kind of response.

mod canned;
mod custom;
mod errors;
mod examples;
mod fault_server;
mod faults;
mod harness;
mod http_feature;
mod input;
mod load;
mod pages;
mod raw;
mod releases;
mod retries;
mod samples;
mod server;
mod times;
mod tracing_feature;
mod v2;
mod v2_pages;
mod wire;
