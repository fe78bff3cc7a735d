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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Model;
    use crate::ir::testing::{api, boxed, field, model, optional};

    /// The fields that are boxed, of models that hold others by value: each a name and the names of those that it holds.
    fn boxed_fields(models: &[(&str, &[&str])]) -> Vec<String> {
        let mut api = api();
        for (name, held) in models {
            let fields = held.iter().map(|inner| optional(inner, Type::Model((*inner).to_owned())));
            let others = [field("list", Type::Array(boxed(Type::Model((*name).to_owned()))))];
            api.models.push(Model { fields: fields.chain(others).collect(), ..model(name, name, []) });
        }
        box_cycles(&mut api);
        let fields = api.models.iter().flat_map(|model| model.fields.iter().map(move |field| (model, field)));
        let fields = fields.filter(|(_, field)| field.is_boxed);
        fields.map(|(model, field)| format!("{}.{}", model.name, field.wire)).collect()
    }

    #[test]
    fn only_fields_that_lead_back_are_boxed() {
        assert_eq!(boxed_fields(&[("A", &["A"]), ("B", &["A"])]), ["A.A"]);
        assert_eq!(
            boxed_fields(&[("A", &["B"]), ("B", &["C", "D"]), ("C", &["A"]), ("D", &[])]),
            ["A.B", "B.C", "C.A"]
        );
        assert_eq!(
            boxed_fields(&[("A", &["B"]), ("B", &["A", "C"]), ("C", &["D"]), ("D", &["C"]), ("E", &["A", "D"])]),
            ["A.B", "B.A", "C.D", "D.C"]
        );
        assert!(boxed_fields(&[("A", &["B", "C"]), ("B", &["D"]), ("C", &["D"]), ("D", &[])]).is_empty());
    }

    #[test]
    fn a_chain_of_models_is_no_stack_of_calls() {
        let names: Vec<String> = (0..100_000).map(|at| format!("M{at}")).collect();
        let held: Vec<[&str; 1]> = names.iter().skip(1).chain(names.first()).map(|name| [name.as_str()]).collect();
        let models: Vec<(&str, &[&str])> =
            names.iter().zip(&held).map(|(name, held)| (name.as_str(), held.as_slice())).collect();
        assert!(boxed_fields(&models[..99_999]).is_empty(), "the last one is not there");
        assert_eq!(boxed_fields(&models).len(), 100_000);
    }
}
