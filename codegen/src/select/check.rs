//! Checks of what is selected, by the table of fates.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::schema_key;
use crate::diagnostic::{Collector, Pointer};
use crate::openapi::keys::walk::{Trail, Walk};
use crate::openapi::keys::{Place, Row, Side};
use crate::openapi::method::Method;

/// Applies the table of fates to everything that is selected.
pub(super) fn check(
    document: &Value,
    is_boundary: impl Fn(&str) -> bool,
    problems: &mut Collector<'_>,
    rows: Option<&mut Vec<(Pointer, &'static Row)>>,
) {
    let mut walk = Walk { problems, rows };
    walk.object(Place::Document, Side::Response, document, &Trail::Root(Pointer::default()), false);
    let schemas = &document["components"]["schemas"];
    let cycles = alias_cycles(schemas);
    for (key, schema) in schemas.as_object().into_iter().flatten() {
        let pointer = Pointer::schema(key);
        let place = if is_boundary(key) { Place::Boundary } else { Place::Schema };
        walk.object(place, Side::Response, schema, &Trail::Root(pointer.clone()), true);
        if let Some(cycle) = cycles.get(key.as_str()) {
            let reason = format!("the schema is an alias of itself: {}", cycle.join(" → "));
            walk.problems.report(&pointer, reason, "let one of them be a schema and not a `$ref`");
        }
    }
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let at = Trail::Root(Pointer::path(path));
        walk.object(Place::PathItem, Side::Request, item, &at, false);
        for method in Method::ALL.map(Method::key) {
            if let Some(operation) = item.get(method) {
                walk.object(Place::Operation, Side::Request, operation, &Trail::Key(&at, method), false);
            }
        }
    }
}

/// The most names of a cycle that a message shows.
const SHOWN: usize = 10;

/// Returns the schemas that are references which lead back to themselves, each with the start of its chain.
fn alias_cycles(schemas: &Value) -> BTreeMap<&str, Vec<&str>> {
    let schemas = schemas.as_object();
    let next = |key: &str| {
        let target = schemas?.get(key)?.get("$ref")?.as_str().and_then(schema_key)?;
        schemas?.get_key_value(&target).map(|(key, _)| key.as_str())
    };
    let (mut aliases, mut ends) = (BTreeMap::<&str, Vec<&str>>::new(), Vec::new());
    for key in schemas.into_iter().flat_map(Map::keys) {
        match next(key) {
            Some(target) => aliases.entry(target).or_default().push(key),
            None => ends.push(key.as_str()),
        }
    }
    // What leads to an end, from there backwards. The rest leads into a cycle.
    while let Some(end) = ends.pop() {
        ends.extend(aliases.remove(end).into_iter().flatten());
    }
    let chain = |key| {
        let mut chain = vec![key];
        while let Some(at) = next(chain[chain.len() - 1]) {
            let is_closed = chain.contains(&at);
            chain.push(at);
            if is_closed {
                break;
            }
            if chain.len() == SHOWN {
                chain.push("…");
                break;
            }
        }
        chain
    };
    aliases.into_values().flatten().map(|key| (key, chain(key))).collect()
}
