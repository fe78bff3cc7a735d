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

/// For each model, a number that it shares with those that it holds and that hold it: the strongly connected components of
/// Tarjan's algorithm, without recursion.
fn groups(api: &Api) -> Vec<usize> {
    let position = |field: &Field| api.models.position(by_value(&field.ty)?);
    let held: Vec<Vec<usize>> =
        api.models.iter().map(|model| model.fields.iter().filter_map(position).collect()).collect();
    let mut groups = vec![usize::MAX; held.len()];
    // The order in which each model is met, and the first model met that it leads back to.
    let (mut order, mut lowest) = (vec![usize::MAX; held.len()], vec![usize::MAX; held.len()]);
    let (mut met, mut open) = (0, Vec::new());
    for start in 0..held.len() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if order[start] == usize::MAX {
            path.push((start, 0));
        }
        while let Some((at, next)) = path.pop() {
            if next == 0 {
                (order[at], lowest[at]) = (met, met);
                met += 1;
                open.push(at);
            }
            match held[at].get(next) {
                Some(&inner) => {
                    path.push((at, next + 1));
                    if order[inner] == usize::MAX {
                        path.push((inner, 0));
                    } else if groups[inner] == usize::MAX {
                        lowest[at] = lowest[at].min(order[inner]);
                    }
                }
                None => {
                    if lowest[at] == order[at] {
                        while let Some(member) = open.pop() {
                            groups[member] = at;
                            if member == at {
                                break;
                            }
                        }
                    }
                    if let Some((holder, _)) = path.last() {
                        lowest[*holder] = lowest[*holder].min(lowest[at]);
                    }
                }
            }
        }
    }
    groups
}
