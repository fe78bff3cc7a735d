//! Where each type first occurs on the wire: what holds it, and the path inside.

use std::collections::{BTreeMap, VecDeque};

use crate::ir::{Api, Named, Type};

/// A place on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The type of a response or the operation that the path starts from, by its Rust name.
    pub(crate) root: String,
    /// The path inside it, with dots; empty for all of it.
    pub(crate) path: String,
}

impl Place {
    pub(crate) fn child(&self, wire: &str) -> Self {
        Self { root: self.root.clone(), path: join(&self.path, wire) }
    }

    /// The place of what the type of a field holds, which for a page of a list is its `data`.
    fn inside(self, ty: &Type) -> Self {
        let pages = ty.layers().filter(|layer| layer.is_page()).count();
        (0..pages).fold(self, |place, _| place.child("data"))
    }
}

/// A path and the member below it, with a dot in between.
pub(crate) fn join(path: &str, wire: &str) -> String {
    if path.is_empty() { wire.to_owned() } else { format!("{path}.{wire}") }
}

/// The first place of each type by name, breadth first: in the responses, then in the parameters. An operation is its own place.
pub(crate) fn places(api: &Api) -> BTreeMap<&str, Place> {
    let mut places = BTreeMap::new();
    let mut pending = VecDeque::new();
    let outputs = api.operations.iter().filter_map(|operation| operation.output.name());
    let operations = api.operations.iter().map(|operation| operation.name.as_str());
    for root in outputs.chain(operations) {
        pending.push_back((root, Place { root: root.to_owned(), path: String::new() }));
    }
    while let Some((name, place)) = pending.pop_front() {
        if places.contains_key(name) {
            continue;
        }
        let Some(item) = api.named(name) else { continue };
        for field in item.fields() {
            let inner = field.ty.name().map(|inner| (inner, place.child(&field.wire).inside(&field.ty)));
            pending.extend(inner);
        }
        if let Named::Union(union) = item {
            let types = union.alternatives.iter().filter_map(|alternative| alternative.ty.name());
            pending.extend(types.map(|inner| (inner, place.clone())));
        }
        places.insert(name, place);
    }
    places
}
