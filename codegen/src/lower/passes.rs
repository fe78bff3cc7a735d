//! Passes over the whole intermediate representation, in the order in which `lower` runs them. They use the representation, the
//! configuration and the rules for names, and nothing of OpenAPI.

mod cycles;
pub(super) mod modules;
pub(super) mod samples;
mod secrecy;
mod sharing;
mod typed;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use super::facts;
use crate::config::Lookup;
use crate::diagnostic::Collector;
use crate::ir::{Api, ModelId, Named, Origin, PLAIN_ID, Type};
use crate::markdown::code;
use crate::rust::render::Home;
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
    check_places(api, problems);
    check_kinds(api, lookup, problems);
    typed::assign(api, lookup, problems);
    mark_referable(api);
    cycles::box_cycles(api);
    sharing::share_params(api);
    usage::assign(api);
    modules::assign(api, features);
    secrecy::decide(api, &|pointer| facts::kinds(&selection.value, pointer), lookup, problems);
    samples::assign(api, lookup);
}

/// Reports two fields, or two items, at one place: the property `r` of `p/q`, and `q/r` of `p`. What a row says of the one would hold
/// for the other.
fn check_places(api: &Api, problems: &mut Collector<'_>) {
    let fields: Vec<_> = api.items().flat_map(Named::fields).map(|field| &field.origin).collect();
    let items: Vec<_> = api.items().map(Named::origin).collect();
    for origins in [fields, items] {
        let mut places = BTreeMap::new();
        for origin in origins {
            if let Some(other) = places.insert(&origin.place, &origin.pointer) {
                let place = code(&origin.place);
                let reason = format!("its place in the configuration is {place}, which is also that of `{other}`");
                problems.report(&origin.pointer, reason, ONE_PLACE);
            }
        }
    }
}

/// Reports two resources of one kind in a crate with events: the kind is what says which of them an event is about.
fn check_kinds(api: &Api, lookup: &Lookup<'_>, problems: &mut Collector<'_>) {
    let config = lookup.config;
    if config.home != Home::OwnCrate || config.events.is_empty() {
        return;
    }
    let mut kinds = BTreeMap::new();
    for model in config.resources.iter().filter_map(|row| api.model_of(&row.schema)) {
        let Some(kind) = &model.object else { continue };
        if let Some(other) = kinds.insert(kind, &model.name) {
            let reason = format!("the object of an event of the kind {} can be this or `{other}`", code(kind));
            problems.report(
                &model.origin.pointer,
                reason,
                "select one of the two in this crate, and the other in another one",
            );
        }
    }
}

/// What to do about two values at one place.
pub(super) const ONE_PLACE: &str =
    "correct the document so that each value has a place of its own, or select nothing that reaches both";

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
    for model in api.models.iter_mut() {
        model.is_referable |= targets.contains(&model.name);
        model.is_deletable &= model.is_referable;
    }
    for model in api.models.iter_mut().filter(|model| targets.contains(&model.name)) {
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
