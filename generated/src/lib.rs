//! Typed Rust bindings for Stripe's Financial Connections sessions.

mod support;

#[rustfmt::skip]
mod releases;

pub use releases::*;
pub use support::{
    Clearable, DecodeError, DecodeErrorKind, Deleted, Expandable, List, Method, Nullable, Object, Opaque, Operation,
    Request, RequestError, Secret, Timestamp,
};
