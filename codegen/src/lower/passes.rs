//! Passes over the whole intermediate representation, in the order in which `lower` runs them. They use the representation, the
//! configuration and the rules for names, and nothing of OpenAPI.

mod cycles;
pub(super) mod modules;
pub(super) mod samples;
mod secrecy;
mod sharing;
mod typed;
mod usage;

use std::collections::BTreeSet;

use super::facts;
use crate::config::Lookup;
use crate::diagnostic::Collector;
use crate::ir::{Api, ModelId, Origin, PLAIN_ID, Type};
use crate::select::Selection;

/// Decides what needs all of the API. `features` has the feature of each operation.
pub(super) fn run(
    api: &mut Api,
    selection: &Selection,
    lookup: &Lookup<'_>,
    features: &modules::Features,
    problems: &mut Collector<'_>,
) {
    for model in api.models.iter_mut() {
        exemplify(&model.name, &mut model.origin, lookup);
    }
    for operation in api.operations.iter_mut() {
        exemplify(&operation.name, &mut operation.origin, lookup);
    }
    typed::assign(api, lookup, problems);
    mark_referable(api);
    cycles::box_cycles(api);
    sharing::share_params(api);
    usage::assign(api);
    modules::assign(api, features);
    secrecy::decide(api, &|pointer| facts::kinds(&selection.value, pointer), lookup, problems);
    samples::assign(api, lookup);
}

/// Gives an item the example that a row has for it.
fn exemplify(name: &str, origin: &mut Origin, lookup: &Lookup<'_>) {
    if let Some((code, row)) = lookup.example(name) {
        origin.docs.example = Some(code.to_owned());
        origin.rows.push(row);
    }
}

/// Marks what a reference leads to. An object without a newtype for its id is referred to by a plain string.
fn mark_referable(api: &mut Api) {
    let targets: BTreeSet<String> = expandable(api).map(str::to_owned).collect();
    for model in api.models.iter_mut().filter(|model| targets.contains(&model.name)) {
        model.is_referable = true;
        let id = model.fields.iter().find(|field| field.wire == "id" && field.ty == Type::String);
        if let (ModelId::None, Some(id)) = (&model.id, id) {
            let name = PLAIN_ID.to_owned();
            model.id = if id.is_required() { ModelId::Required(name) } else { ModelId::Optional(name) };
        }
    }
    for union in api.unions.iter_mut().filter(|union| targets.contains(&union.name)) {
        union.is_referable = true;
    }
}

/// The names of the types that a reference can be expanded to.
fn expandable(api: &Api) -> impl Iterator<Item = &str> {
    let fields = api.models.iter().flat_map(|model| &model.fields);
    fields.flat_map(|field| field.ty.layers()).filter_map(|layer| match layer {
        Type::Expandable(target) => target.name(),
        _ => None,
    })
}
