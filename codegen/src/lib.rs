//! Turns an OpenAPI document in Stripe's dialect into Rust bindings.
mod config;
mod diagnostic;
mod docs;
mod document;
mod ir;
mod lower;
mod naming;
mod select;
