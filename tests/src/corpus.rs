//! Stripe's own documents, from the directory that the variable `STRIPE_OPENAPI_DIR` names, and a synthetic one of their
//! size.

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

/// The document of 2026 with the operations of `/v2`, made from the facts of Stripe's own library, JSON.
pub const COMPOSED: &str = "stripe-2026-10-28.composed.json";
/// The operations of `/v2` alone, JSON.
pub const V2: &str = "stripe-2025-12-15.clover.v2.json";

/// Returns the directory of Stripe's own documents. Prints that tests are skipped if the variable is not set.
pub fn directory() -> Option<PathBuf> {
    let directory = std::env::var_os("STRIPE_OPENAPI_DIR").map(PathBuf::from);
    if directory.is_none() {
        println!("skipped: STRIPE_OPENAPI_DIR is not set");
    }
    directory
}

/// Returns the text of one of Stripe's own documents, or `None` if the directory is not set.
pub fn text(name: &str) -> Option<String> {
    let path = directory()?.join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Returns a YAML document of the size of Stripe's: that of the session, with a thousand schemas that nothing refers to.
pub fn synthetic() -> String {
    let document = workspace::current_document();
    let mut schemas = String::from("\n  schemas:\n");
    for schema in 0..1000 {
        let _ = writeln!(schemas, "    filler_{schema}:\n      type: object\n      properties:");
        for property in 0..18 {
            let _ = writeln!(
                schemas,
                "        property_{property}:\n          description: >-\n            Value of the property {property} of \
                 the schema {schema},\n            described at the usual length of a sentence.\n          \
                 maxLength: 5000\n          nullable: true\n          type: string"
            );
        }
    }
    document.replacen("\n  schemas:\n", &schemas, 1)
}
