//! What was selected, decoded into the types of `openapiv3`.

use std::collections::BTreeMap;

use openapiv3::{Operation, Parameter, ReferenceOr, Schema};
use serde_json::Value;

use super::check::alias_cycles;
use crate::diagnostic::{Collector, Pointer};
use crate::openapi::keys::walk::{Trail, Walk};
use crate::openapi::keys::{Place, Row as Fated, Side};
use crate::openapi::method::Method;

const HELP: &str = "correct the document, or report the shape as a gap of the generator";

/// What is decoded once the table of fates was applied.
#[derive(Default)]
pub(super) struct Closed {
    pub(super) schemas: BTreeMap<String, ReferenceOr<Schema>>,
    pub(super) operations: BTreeMap<(String, Method), WithShared>,
}

/// An operation with the parameters of its path item.
type WithShared = (Operation, Vec<ReferenceOr<Parameter>>);

/// Applies the table of fates to everything that is selected, and decodes what is left.
pub(super) fn closed(
    document: &Value,
    is_boundary: &dyn Fn(&str) -> bool,
    problems: &mut Collector<'_>,
    rows: Option<&mut Vec<(Pointer, &'static Fated)>>,
) -> Closed {
    let mut closed = Closed::default();
    let mut walk = Walk { side: Side::Response, problems, rows };
    walk.object(Place::Document, document, &Trail::Root(Pointer::default()), false);
    let schemas = &document["components"]["schemas"];
    let cycles = alias_cycles(schemas);
    for (key, schema) in schemas.as_object().into_iter().flatten() {
        let pointer = Pointer::schema(key);
        let place = if is_boundary(key) { Place::Boundary } else { Place::Schema };
        let kept = walk.object(place, schema, &Trail::Root(pointer.clone()), true);
        if let Some(cycle) = cycles.get(key.as_str()) {
            let reason = format!("the schema is an alias of itself: {}", cycle.join(" → "));
            walk.problems.report(&pointer, reason, "let one of them be a schema and not a `$ref`");
            continue;
        }
        let schema = kept.and_then(|kept| decode(&kept, &pointer, walk.problems));
        closed.schemas.extend(schema.map(|schema| (key.clone(), schema)));
    }
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let pointer = Pointer::path(path);
        walk.side = Side::Request;
        let shared = walk.object(Place::PathItem, item, &Trail::Root(pointer.clone()), false);
        let shared = shared.as_ref().and_then(|item| item.get("parameters"));
        let shared = shared.and_then(|shared| decode::<Vec<_>>(shared, &pointer, walk.problems)).unwrap_or_default();
        for method in Method::ALL {
            let Some(operation) = item.get(method.key()) else { continue };
            let pointer = pointer.child(method.key());
            let kept = walk.object(Place::Operation, operation, &Trail::Root(pointer.clone()), false);
            let operation = kept.and_then(|kept| decode(&kept, &pointer, walk.problems));
            closed.operations.extend(operation.map(|operation| ((path.clone(), method), (operation, shared.clone()))));
        }
    }
    closed
}

fn decode<T: serde::de::DeserializeOwned>(value: &Value, at: &Pointer, problems: &mut Collector<'_>) -> Option<T> {
    let decoded = T::deserialize(value);
    decoded.map_err(|error| problems.report(at, format!("this is not OpenAPI 3.0: {error}"), HELP)).ok()
}
