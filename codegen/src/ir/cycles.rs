//! Puts a pointer where models hold each other by value.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, Type};

/// Boxes each field by which a model would hold itself.
pub(crate) fn box_cycles(api: &mut Api) {
    let held: BTreeMap<&str, BTreeSet<&str>> = api
        .models
        .iter()
        .map(|model| (model.name.as_str(), model.fields.iter().filter_map(|field| by_value(&field.ty)).collect()))
        .collect();
    let mut boxed = Vec::new();
    for (at, model) in api.models.iter().enumerate() {
        for (field_at, field) in model.fields.iter().enumerate() {
            if by_value(&field.ty).is_some_and(|inner| leads_back(&held, inner, &model.name)) {
                boxed.push((at, field_at));
            }
        }
    }
    for (at, field_at) in boxed {
        if let Some(field) = api.models.get_mut(at).and_then(|model| model.fields.get_mut(field_at)) {
            box_model(&mut field.ty);
        }
    }
}

/// The model that a field holds in place. An array, a map and a union hold theirs behind a pointer.
fn by_value(ty: &Type) -> Option<&str> {
    match ty.bare() {
        Type::Model(name) => Some(name),
        _ => None,
    }
}

fn leads_back(held: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(name) = pending.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            pending.extend(held.get(name).into_iter().flatten());
        }
    }
    false
}

fn box_model(ty: &mut Type) {
    match ty {
        Type::Model(_) => *ty = Type::Boxed(Box::new(std::mem::replace(ty, Type::Bool))),
        _ => ty.inner_mut().into_iter().for_each(box_model),
    }
}
