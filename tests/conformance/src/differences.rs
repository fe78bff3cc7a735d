//! The differences between the requests of an official library and those of this crate, each with its reason.

use serde_json::{Map, Value};

use super::{
    canonical::Canonical,
    cases::{Case, Operation},
    record::{Headers, Library},
};

/// A difference of one library.
#[derive(Debug)]
pub struct Difference {
    /// The name in reports.
    pub kind: &'static str,
    /// The library that differs.
    pub library: Library,
    /// Which library this crate agrees with, or `neither`.
    pub follows: &'static str,
    /// Why this crate differs.
    pub why: &'static str,
    /// Whether this crate refuses to build the request.
    pub refused: bool,
    /// Whether the difference applies to a case. It is decided by the parameters, never by the recorded request.
    pub applies: fn(&Case) -> bool,
    /// Changes the request of this crate into that of the library.
    pub expect: fn(&Case, &mut Canonical),
}

const REFUSED: &str = "This crate refuses an id that is empty, `.` or `..`: with it, the path names another resource. Without \
                       an id, retrieving one session asks for the list of all.";

/// All differences. A row that no case needs is an error.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        kind: "null clears",
        library: Library::Node,
        follows: "python",
        why: "For Node, `null` is sent as an empty value, which clears a parameter; for Python, `None` is not sent. In this \
              crate a parameter is set or is not, and the empty value is `Clearable::Clear`, where Stripe takes one.",
        refused: false,
        applies: |case| !case.operation.is_v2() && !nulls(&case.params).is_empty(),
        expect: |case, request| {
            for key in nulls(&case.params) {
                request.parameters_mut().entry(key).or_default().push(String::new());
            }
        },
    },
    Difference {
        kind: "rounded number",
        library: Library::Node,
        follows: "python",
        why: "A number of JavaScript is exact up to 2^53 only. Whole numbers of this crate have 64 bits.",
        refused: false,
        applies: |case| accounts(case).is_some_and(|accounts| accounts.to_string() != rounded(accounts)),
        expect: |case, request| {
            if let Some(accounts) = accounts(case) {
                request.body.insert("limits[accounts]".to_owned(), vec![rounded(accounts)]);
            }
        },
    },
    Difference {
        kind: "space in a path is a plus",
        library: Library::Python,
        follows: "node",
        why: "A plus stands for a space in a form; in a path it is a plus (RFC 3986), so Python asks for another id.",
        refused: false,
        applies: |case| case.id.as_ref().is_some_and(|id| id.contains(' ')),
        expect: |_, request| {
            for segment in &mut request.path {
                *segment = segment.replace(' ', "+");
            }
        },
    },
    Difference {
        kind: "no id",
        library: Library::Node,
        follows: "neither",
        why: REFUSED,
        refused: true,
        applies: |case| case.id.as_deref().is_some_and(unusable),
        // Sent as it is, for the server to make something of.
        expect: |_, _| {},
    },
    Difference {
        kind: "no id",
        library: Library::Python,
        follows: "neither",
        why: REFUSED,
        refused: true,
        applies: |case| case.id.as_deref().is_some_and(unusable),
        // The dots are resolved by its HTTP client.
        expect: |case, request| {
            let up = match case.id.as_deref() {
                Some(".") => 1,
                Some("..") => 2,
                _ => return,
            };
            request.path.truncate(request.path.len() - up);
            request.path.push(String::new());
        },
    },
];

/// Returns the expected headers of a library, given those of this crate.
///
/// `Stripe-Version` is the one that the library is made for. For Node, a `GET` and a `DELETE` have a content type as well; this crate
/// follows Python, as there is no body to have a type.
#[must_use]
pub fn headers(library: Library, operation: Operation, ours: Headers, api_version: &str) -> Headers {
    let content_type = match (library, operation.is_v2()) {
        (Library::Node, true) => Some("application/json".to_owned()),
        (Library::Node, false) => Some("application/x-www-form-urlencoded".to_owned()),
        (Library::Python, _) => ours.content_type,
    };
    Headers { content_type, stripe_version: Some(api_version.to_owned()), ..ours }
}

/// Whether an id cannot be put in a path.
#[must_use]
pub fn unusable(id: &str) -> bool {
    matches!(id, "" | "." | "..")
}

/// Returns the keys of the parameters that are `null`.
fn nulls(params: &Map<String, Value>) -> Vec<String> {
    let mut keys = Vec::new();
    for (outer, value) in params {
        match value {
            Value::Null => keys.push(outer.clone()),
            Value::Object(inner) => keys.extend(nulls(inner).iter().map(|inner| format!("{outer}[{inner}]"))),
            _ => {}
        }
    }
    keys
}

fn accounts(case: &Case) -> Option<i64> {
    case.params.get("limits")?.get("accounts")?.as_i64()
}

/// Returns the number as JavaScript rounds it.
fn rounded(number: i64) -> String {
    (number as f64).to_string()
}
