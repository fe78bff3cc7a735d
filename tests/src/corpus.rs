//! Stripe's own documents, where they are at hand, and one of their size, made up here, where they are not.
//!
//! They are looked for in the directory that the variable `STRIPE_OPENAPI_DIR` names.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::workspace;

/// The part of the document of 2026 that concerns Financial Connections, JSON.
pub const ENDIVE: &str = "stripe-2026-09-30.endive.financial_connections.json";
/// The whole document of 2023, YAML.
pub const V2023: &str = "stripe-2023-10-16.full.yaml";
/// The whole document of 2020, YAML.
pub const V2020: &str = "stripe-2020-08-27.v136.full.yaml";

/// The directory of Stripe's own documents. Says so where there is none, as then less is checked.
pub fn directory() -> Option<PathBuf> {
    let directory = std::env::var_os("STRIPE_OPENAPI_DIR").map(PathBuf::from);
    if directory.is_none() {
        println!("skipped: STRIPE_OPENAPI_DIR is not set, so Stripe's own documents are not at hand");
    }
    directory
}

/// The text of one of Stripe's own documents.
pub fn text(name: &str) -> Option<String> {
    let path = directory()?.join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A document of the size of Stripe's, in YAML: the session's, among a thousand schemas that nothing refers to.
pub fn made_up() -> String {
    let document = workspace::current_document();
    let mut schemas = String::from("\n  schemas:\n");
    for schema in 0..1000 {
        let _ = writeln!(schemas, "    filler_{schema}:\n      type: object\n      properties:");
        for property in 0..18 {
            let _ = writeln!(
                schemas,
                "        property_{property}:\n          description: >-\n            What the property {property} of \
                 the schema {schema} holds,\n            said at the length that is usual there.\n          \
                 maxLength: 5000\n          nullable: true\n          type: string"
            );
        }
    }
    document.replacen("\n  schemas:\n", &schemas, 1)
}
