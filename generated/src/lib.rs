//! Typed Rust bindings for Stripe's Financial Connections sessions.
