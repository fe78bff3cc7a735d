//! The document: reading it, and what each of its keys means to the generator.

pub mod descriptions;
pub mod document;
pub mod keys;
pub mod known;
pub(crate) mod method;
pub(crate) mod node;
