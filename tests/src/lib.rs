//! Helpers shared by the end-to-end tests and the benchmarks.

pub mod bench;
pub mod cargo;
pub mod corpus;
pub mod damage;
pub mod edits;
pub mod fixture;
pub mod grammar;
pub mod prebuilt;
pub mod program;
pub mod requests;
pub mod schema;
pub mod scratch;
pub mod shapes;
pub mod workspace;

/// The examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
