//! Helpers shared by the end-to-end tests and the benchmarks. What only one test uses is beside that test.
//!
//! | to … | use |
//! |---|---|
//! | read a file, the configuration or a document of this workspace | [`workspace`] |
//! | read Stripe's own documents | [`corpus`] |
//! | generate from a document under `tests/fixtures/` | [`fixture`] |
//! | make up a document: by size, or at random | [`shapes`], [`grammar`] |
//! | read the pages of rustdoc | [`pages`] |
//! | run a program, or Cargo in this workspace | [`run::Run`], [`run::cargo`] |
//! | compile crates | [`run::Crates`]; of generated modules, [`scratch::Scratch`] |
//! | check many programs against them with the compiler alone | [`prebuilt`] |
//! | run `cargo xtask` | `xtask/tests/cli/harness.rs`; with git and a stub of `gh`, `xtask/tests/update/rehearsal.rs` |
//! | send a request to a server on this machine | `tests/tests/client/harness.rs` |
//! | have requests to encode, or JSON to decode | [`requests`], [`schema`] |
//! | measure | [`mod@bench`] |

pub mod bench;
pub mod corpus;
pub mod fixture;
pub mod grammar;
pub mod pages;
pub mod prebuilt;
pub mod requests;
pub mod run;
pub mod schema;
pub mod scratch;
pub mod shapes;
pub mod workspace;

/// The examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
