//! Puts a pointer where models hold each other by value.

use crate::ir::{Api, Field, Type};

/// Boxes each field by which a model would hold itself.
pub(crate) fn box_cycles(api: &mut Api) {
    let groups = groups(api);
    let group = |name: &str| groups.get(api.models.position(name)?);
    let mut boxed = Vec::new();
    for (at, model) in api.models.iter().enumerate() {
        let leads_back = |field: &Field| by_value(&field.ty).is_some_and(|inner| group(inner) == groups.get(at));
        let fields = model.fields.iter().enumerate().filter(|(_, field)| leads_back(field));
        boxed.extend(fields.map(|(field, _)| (at, field)));
    }
    for (model, field) in boxed {
        api.models[model].fields[field].is_boxed = true;
    }
}

/// The model that a field holds in place. An array, a map and a union hold theirs behind a pointer.
fn by_value(ty: &Type) -> Option<&str> {
    match ty {
        Type::Model(name) => Some(name),
        _ => None,
    }
}

/// For each model, a number that it shares with those that it holds and that hold it: the strongly connected components by
/// Kosaraju's algorithm, without recursion.
fn groups(api: &Api) -> Vec<usize> {
    let position = |field: &Field| api.models.position(by_value(&field.ty)?);
    let held: Vec<Vec<usize>> =
        api.models.iter().map(|model| model.fields.iter().filter_map(position).collect()).collect();
    let mut holders = vec![Vec::new(); held.len()];
    for (at, inner) in held.iter().enumerate() {
        inner.iter().for_each(|inner| holders[*inner].push(at));
    }
    // Each model after all that it leads to, unless they lead back to it.
    let (mut order, mut is_met) = (Vec::new(), vec![false; held.len()]);
    for start in 0..held.len() {
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.pop() {
            if next == 0 && std::mem::replace(&mut is_met[at], true) {
                continue;
            }
            match held[at].get(next) {
                Some(inner) => path.extend([(at, next + 1), (*inner, 0)]),
                None => order.push(at),
            }
        }
    }
    let mut groups = vec![usize::MAX; held.len()];
    for start in order.into_iter().rev() {
        let mut pending = vec![start];
        while let Some(at) = pending.pop() {
            if groups[at] == usize::MAX {
                groups[at] = start;
                pending.extend(&holders[at]);
            }
        }
    }
    groups
}
