//! Rust: names, types, and the text of files.

pub(crate) mod emit;
pub mod naming;
pub(crate) mod render;
pub mod sample;
pub mod spelling;
