//! Checks of selected schemas, before they are decoded into the types of `openapiv3`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::schema_key;

/// The most names of a cycle that a message shows.
const SHOWN: usize = 10;

/// Returns the schemas that are references which lead back to themselves, each with the start of its chain.
pub(super) fn alias_cycles(schemas: &Value) -> BTreeMap<&str, Vec<&str>> {
    let schemas = schemas.as_object();
    let next = |key: &str| {
        let target = schemas?.get(key)?.get("$ref")?.as_str().and_then(schema_key)?;
        schemas?.get_key_value(&target).map(|(key, _)| key.as_str())
    };
    // Whether the chain of a schema leads into a cycle; until its end is known, it does.
    let mut is_cyclic: BTreeMap<&str, bool> = BTreeMap::new();
    for key in schemas.into_iter().flat_map(Map::keys) {
        let mut chain = Vec::new();
        let mut end = Some(key.as_str());
        while let Some(at) = end.filter(|at| !is_cyclic.contains_key(at)) {
            is_cyclic.insert(at, true);
            chain.push(at);
            end = next(at);
        }
        let is_open = end.is_none_or(|end| !is_cyclic.get(end).copied().unwrap_or_default());
        is_cyclic.extend(chain.into_iter().filter(|_| is_open).map(|at| (at, false)));
    }
    let cyclic = is_cyclic.iter().filter(|(_, is_cyclic)| **is_cyclic).map(|(key, _)| *key);
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
    cyclic.map(|key| (key, chain(key))).collect()
}
