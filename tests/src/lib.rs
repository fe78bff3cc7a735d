//! Helpers that the end-to-end tests and the benchmarks share.
