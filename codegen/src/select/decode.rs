//! What was selected, decoded into the types of `openapiv3`.

use std::collections::BTreeMap;

use openapiv3::{Operation, Parameter, ReferenceOr, Schema};
use serde_json::{Map, Value};

use super::check::alias_cycles;
use super::{Picked, Select, SelectedOperation};
use crate::diagnostic::{Collector, Pointer};
use crate::openapi::keys::walk::{Trail, Walk};
use crate::openapi::keys::{Place, Row as Fated, Side};
use crate::openapi::method::Method;

const HELP: &str = "correct the document, or report the shape as a gap of the generator";

impl Select<'_> {
    pub(super) fn decode_schemas(&mut self, values: &Value, closed: &Closed) -> BTreeMap<String, ReferenceOr<Schema>> {
        let mut schemas = BTreeMap::new();
        let cycles = alias_cycles(values);
        for key in values.as_object().into_iter().flat_map(Map::keys) {
            let pointer = Pointer::schema(key);
            if let Some(cycle) = cycles.get(key.as_str()) {
                let reason = format!("the schema is an alias of itself: {}", cycle.join(" → "));
                self.problems.report(&pointer, reason, "let one of them be a schema and not a `$ref`");
                continue;
            }
            let Some(value) = closed.schemas.get(key) else { continue };
            match decode(value) {
                Ok(schema) => drop(schemas.insert(key.clone(), schema)),
                Err(error) => self.problems.report(&pointer, not_openapi(&error), HELP),
            }
        }
        schemas
    }

    pub(super) fn decode_operation(&mut self, picked: Picked<'_>, closed: &Closed) -> Option<SelectedOperation> {
        let Picked { resource, row, method, path } = picked;
        let pointer = Pointer::path(&path).child(method.key());
        let operation = closed.operations.get(&(path.clone(), method))?;
        let shared = closed.shared.get(&path).map_or(Ok(Vec::new()), decode::<Vec<ReferenceOr<Parameter>>>);
        match (decode::<Operation>(operation), shared) {
            (Ok(operation), Ok(shared_parameters)) => Some(SelectedOperation {
                resource: resource.schema.clone(),
                feature: resource.feature.clone(),
                rust_name: row.name().map(str::to_owned),
                row: self.lookup.operation_row(resource, row),
                method,
                path,
                pointer,
                operation,
                shared_parameters,
            }),
            (Err(error), _) | (_, Err(error)) => {
                self.problems.report(&pointer, not_openapi(&error), HELP);
                None
            }
        }
    }
}

/// What is left to decode once the table of fates was applied.
#[derive(Default)]
pub(super) struct Closed {
    schemas: BTreeMap<String, Value>,
    operations: BTreeMap<(String, Method), Value>,
    /// The parameters of path items.
    shared: BTreeMap<String, Value>,
}

/// Applies the table of fates to everything that is selected.
pub(super) fn closed(
    document: &Value,
    is_boundary: &dyn Fn(&str) -> bool,
    problems: &mut Collector<'_>,
    found: Option<&mut Vec<(Pointer, &'static Fated)>>,
) -> Closed {
    let mut closed = Closed::default();
    let root = Trail::Root(Pointer::default());
    let mut walk = Walk { side: Side::Response, problems, found };
    walk.object(Place::Document, document, &root, false);
    for (key, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let place = if is_boundary(key) { Place::Boundary } else { Place::Schema };
        let kept = walk.object(place, schema, &Trail::Root(Pointer::schema(key)), true);
        closed.schemas.extend(kept.map(|kept| (key.clone(), kept)));
    }
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let pointer = Pointer::path(path);
        walk.side = Side::Request;
        let shared = walk.object(Place::PathItem, item, &Trail::Root(pointer.clone()), false);
        for method in Method::ALL {
            let Some(operation) = item.get(method.key()) else { continue };
            let at = Trail::Root(pointer.child(method.key()));
            let kept = walk.object(Place::Operation, operation, &at, false);
            closed.operations.extend(kept.map(|kept| ((path.clone(), method), kept)));
        }
        let parameters = shared.and_then(|mut shared| shared.get_mut("parameters").map(Value::take));
        closed.shared.extend(parameters.map(|parameters| (path.clone(), parameters)));
    }
    closed
}

fn not_openapi(error: &serde_json::Error) -> String {
    format!("this is not OpenAPI 3.0: {error}")
}

fn decode<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}
