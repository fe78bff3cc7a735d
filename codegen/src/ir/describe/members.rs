//! What items have: their fields, and the newtypes of their ids.

use std::collections::BTreeMap;

use crate::ir::{Api, Field, Named, Type};

/// The fields of a model, or the parameters of an operation or inside a parameter, those of the path first.
pub(crate) fn fields(item: Named<'_>) -> impl Iterator<Item = &Field> {
    let (first, second): (&[Field], &[Field]) = match item {
        Named::Model(model) => (&model.fields, &[]),
        Named::Params(params) => (&params.fields, &[]),
        Named::Operation(operation) => (&operation.path_params, &operation.params),
        Named::Union(_) | Named::Enum(_) | Named::Reference(_) => (&[], &[]),
    };
    first.iter().chain(second)
}

/// The newtypes of ids, each with the item that it identifies, or else with one that holds it.
pub(crate) fn ids(api: &Api) -> BTreeMap<&str, Named<'_>> {
    let mut ids = BTreeMap::new();
    for item in api.items() {
        for ty in item.types() {
            if let Type::Id(id) = ty.leaf() {
                ids.entry(id.as_str()).or_insert(item);
            }
        }
    }
    ids.extend(api.references.iter().map(|reference| (reference.id.as_str(), Named::Reference(reference))));
    ids.extend(api.models.iter().filter_map(|model| Some((model.id.name()?.as_str(), Named::Model(model)))));
    ids
}
