//! Where enums are used: an unlisted value is sent by the caller, or comes from Stripe.

use std::collections::BTreeMap;

use crate::ir::{Api, Type, UnionKind, Usage};

/// Sets where each enum is used.
pub(crate) fn assign(api: &mut Api) {
    let mut usages: BTreeMap<String, Usage> = BTreeMap::new();
    {
        let mut note = |ty: &Type, usage: Usage| {
            if let Type::Enum(name) = ty.leaf() {
                let known = usages.entry(name.clone()).or_insert(usage);
                if *known != usage {
                    *known = Usage::Both;
                }
            }
        };
        for operation in &api.operations {
            operation.params.iter().for_each(|field| note(&field.ty, Usage::Requests));
        }
        for field in api.params.iter().flat_map(|params| &params.fields) {
            note(&field.ty, Usage::Requests);
        }
        for field in api.models.iter().flat_map(|model| &model.fields) {
            note(&field.ty, Usage::Responses);
        }
        for union in &api.unions {
            let usage = match union.kind {
                UnionKind::Parameter => Usage::Requests,
                UnionKind::Tagged | UnionKind::Untagged => Usage::Responses,
            };
            union.alternatives.iter().for_each(|alternative| note(&alternative.ty, usage));
        }
    }
    for item in &mut api.enums {
        item.usage = usages.get(&item.name).copied().unwrap_or_default();
    }
}
