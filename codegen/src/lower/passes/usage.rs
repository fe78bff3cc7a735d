//! Where enums are used: an unlisted value is sent by the caller, or comes from Stripe.

use std::collections::BTreeMap;

use crate::ir::{Api, Named, Type, UnionKind, Usage};

/// Sets where each enum is used.
pub(crate) fn assign(api: &mut Api) {
    let mut usages: BTreeMap<String, Usage> = BTreeMap::new();
    for item in api.items() {
        let usage = match item {
            Named::Operation(_) | Named::Params(_) => Usage::Requests,
            Named::Union(union) if union.kind == UnionKind::Parameter => Usage::Requests,
            _ => Usage::Responses,
        };
        for ty in item.types() {
            if let Type::Enum(name) = ty.leaf() {
                let known = usages.entry(name.clone()).or_insert(usage);
                *known = if *known == usage { usage } else { Usage::Both };
            }
        }
    }
    for item in api.enums.iter_mut() {
        item.usage = usages.get(&item.name).copied().unwrap_or_default();
    }
}
