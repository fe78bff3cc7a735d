//! Names and descriptions, easy and hard ones.

/// Component keys that are easy to convert.
pub(super) const KEYS: &[&str] =
    &["account", "balance", "owner", "part", "thing.part", "some.nested_resource", "transaction"];

/// Component keys that are hard to convert, or give the names of Rust's, the standard library's or the crate's own items.
pub(super) const HARD_KEYS: &[&str] = &[
    "as_ref",
    "box",
    "clone",
    "debug",
    "item",
    "list",
    "option",
    "partial_eq",
    "request",
    "result",
    "secret",
    "self",
    "string",
    "type",
    "vec",
    "3d_model",
    "a-b",
    "a_b",
    "ünïcode",
];

/// Names of properties, parameters and enum values that are easy to convert.
pub(super) const NAMES: &[&str] = &[
    "amount",
    "client_secret",
    "created",
    "description",
    "expand",
    "id",
    "items",
    "kind",
    "metadata",
    "mode",
    "none",
    "object",
    "some",
    "status",
    "url",
    "a_b",
    "3d_secure",
];

/// Names that are hard to convert, or that Rust or the emitted code uses itself.
pub(super) const HARD_NAMES: &[&str] = &[
    "body",
    "data",
    "deleted",
    "fn",
    "key",
    "method",
    "new",
    "operation",
    "path",
    "query",
    "request",
    "self",
    "thing",
    "type",
    "unknown",
    "value",
    "a-b",
    "aB",
    "A",
    "_",
    "1",
    "crate",
    "ünïcode",
    "x.y",
    "with space",
    "quote\"",
    "back\\slash",
    "zero\u{200b}width",
    "turned\u{202e}",
    "",
];

/// Descriptions: none, plain, and with everything that means something to Markdown, HTML or Rust.
pub(super) const DESCRIPTIONS: &[&str] = &[
    "A short description.",
    "Two sentences. With <code>code</code> and a [link](/docs/link).",
    "*/ \"# ` <b> {} [Unbalanced](",
    "Not\u{200b}seen and turned\u{202e}.",
    "A line\n\n    and code\n\n- a list\n# heading",
    "",
];
