//! What a maintainer is told: what can be generated, where something comes from, and what a change means.

pub mod coverage;
pub mod diff;
pub mod explain;
