//! Which module each item is in: the one of the first operation that reaches it. A cargo feature gates a module.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::ir::{Api, Item, Items, Module, Named};
use crate::rust::naming;

/// The feature of each operation, in the order of the operations; none if it is always there.
pub(crate) type Features = Vec<Option<String>>;

/// Puts every item into the module of the first operation that reaches it. An item that only operations of several features
/// reach is in a module of its own, which any of them enables.
///
/// Each operation is in its module already.
pub(crate) fn assign(api: &mut Api, features: &Features) {
    let reached = reached(api, features);
    let mut modules: Vec<Module> = Vec::new();
    for (operation, feature) in api.operations.iter().zip(features) {
        if !modules.iter().any(|module| module.name == operation.module) {
            modules.push(Module { name: operation.module.clone(), features: feature.iter().cloned().collect() });
        }
    }
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for (name, by_feature) in &reached {
        let module = |at: &usize| api.operations.get(*at).map(|operation| operation.module.clone());
        let home = match by_feature.get(&None) {
            Some(first) => module(first),
            None if by_feature.len() == 1 => by_feature.values().next().and_then(module),
            None => {
                let features: Vec<String> = by_feature.keys().flatten().cloned().collect();
                let mut home = format!("shared_by_{}", naming::feature_word(&features.join("_")));
                while modules.iter().any(|module| module.name == home && module.features != features) {
                    home.push('_');
                }
                if !modules.iter().any(|module| module.name == home) {
                    modules.push(Module { name: home.clone(), features });
                }
                Some(home)
            }
        };
        homes.extend(home.map(|home| (name.clone(), home)));
    }
    put(&mut api.models, &homes);
    put(&mut api.unions, &homes);
    put(&mut api.enums, &homes);
    put(&mut api.references, &homes);
    put(&mut api.params, &homes);
    api.modules = modules;
}

fn put<T: Item>(items: &mut Items<T>, homes: &BTreeMap<String, String>) {
    for item in items.iter_mut() {
        if let Some(home) = homes.get(item.name()) {
            item.set_module(home);
        }
    }
}

/// For each item, the first operation of each feature that reaches it, by position.
fn reached(api: &Api, features: &Features) -> BTreeMap<String, BTreeMap<Option<String>, usize>> {
    // The newtype of an id is beside its object.
    let ids: BTreeMap<&str, &str> = api.identified().map(|(id, item)| (id, item.name())).collect();
    let mut reached: BTreeMap<String, BTreeMap<Option<String>, usize>> = BTreeMap::new();
    for feature in features.iter().collect::<BTreeSet<_>>() {
        let mut seen = BTreeSet::new();
        let operations = api.operations.iter().zip(features).enumerate().filter(|(_, (_, of))| *of == feature);
        for (at, (operation, _)) in operations {
            let mut pending = VecDeque::from(names(Named::Operation(operation)));
            while let Some(name) = pending.pop_front() {
                let name = ids.get(name).copied().unwrap_or(name);
                if seen.insert(name) {
                    reached.entry(name.to_owned()).or_default().insert(feature.clone(), at);
                    pending.extend(api.named(name).into_iter().flat_map(names));
                }
            }
        }
    }
    reached
}

fn names(item: Named<'_>) -> Vec<&str> {
    item.types().into_iter().filter_map(|ty| ty.name()).collect()
}
