//! `cargo xtask update` and `.ci/update`, rehearsed against a repository of their own, with a stub of `gh`.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]
#![allow(clippy::print_stdout, reason = "a replay is shown as a session of commands")]

mod command;
mod follow;
mod next;
mod own;
mod rehearsal;
mod releases;
mod replay;
mod workflow;
