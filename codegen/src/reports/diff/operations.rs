//! Compares operations and their parameters.

use std::collections::BTreeSet;

use super::{At, Both, Diff, NOTHING, Rule, pair_fields, sides};
use crate::ir::{Api, Field, Operation, Params, Type, arguments};
use crate::{ir::describe, rust::spelling};

impl<'a> Diff<'a> {
    pub(super) fn operation(&mut self, old: &'a Operation, new: &'a Operation, seen: &mut BTreeSet<&'a str>) {
        let (before, at, both) = (self.changes.len(), At::item(&new.name), (Some(old), Some(new)));
        if old.method != new.method || address(&old.path) != address(&new.path) {
            self.constant(Rule::PathChanged, &at.member("PATH"), sides(both, describe::request));
        }
        self.constant(Rule::BaseUrlChanged, &at.member("BASE_URL"), (old.base_url.clone(), new.base_url.clone()));
        if old.output != new.output {
            let wire = self.words(both, |api, operation| describe::ty(api, &operation.output));
            let rust = sides(both, |operation| spelling::spell(&operation.output));
            self.push(Rule::OutputChanged, &at.member("Output"), wire, rust);
        }
        self.origin(&at, &old.origin, &new.origin, before);
        // The parameters in a path are paired by their order: their names are only those of arguments.
        for position in 0..old.path_params.len().max(new.path_params.len()) {
            self.field(&at, (old.path_params.get(position), new.path_params.get(position)), true);
        }
        self.parameters(&at, &old.params, &new.params, seen);
    }

    fn parameters(&mut self, holder: &At, old: &'a [Field], new: &'a [Field], seen: &mut BTreeSet<&'a str>) {
        let pairs = pair_fields(old, new);
        self.order(holder, &pairs, arguments(&[], old), arguments(&[], new));
        for both in pairs {
            self.field(holder, both, true);
            let (Some(old), Some(new)) = both else { continue };
            let place = holder.place.child(&new.wire);
            for (old, new) in nested(self.old.api, self.new.api, &old.ty, &new.ty) {
                // Several parameters can share a type. It is compared where it is first.
                if seen.insert(&new.name) {
                    let (before, at) = (self.changes.len(), At::new(place.clone(), &new.name));
                    self.origin(&at, &old.origin, &new.origin, before);
                    self.parameters(&at, &old.fields, &new.fields, seen);
                }
            }
        }
    }

    /// Compares the order of the arguments of `new` that both sides have. Those of one type can change places, and programs compile.
    fn order(&mut self, holder: &At, pairs: &[Both<&Field>], was: Vec<&Field>, is: Vec<&Field>) {
        let became = |old: &Field| pairs.iter().find(|pair| pair.0.is_some_and(|one| one.wire == old.wire))?.1;
        let position = |old: &&Field| became(old).and_then(|new| is.iter().position(|one| one.wire == new.wire));
        if !was.iter().filter_map(position).is_sorted() {
            let new = |fields: Vec<&Field>| {
                let arguments: Vec<_> = fields.into_iter().map(spelling::argument).collect();
                format!("{}::new({})", holder.item, arguments.join(", "))
            };
            self.push(Rule::ArgumentsReordered, &holder.member("new"), NOTHING, (Some(new(was)), Some(new(is))));
        }
    }

    /// Compares a field of a model, or a parameter.
    pub(super) fn field(&mut self, holder: &At, both: Both<&Field>, is_parameter: bool) {
        let Some(shown) = both.1.or(both.0) else { return };
        let member = if is_parameter && shown.is_required() { "new" } else { &shown.name };
        let at = At::new(holder.place.child(&shown.wire), format!("{}::{member}", holder.item));
        let before = self.changes.len();
        let wire = self.words(both, describe::field);
        let rust = match is_parameter {
            true => sides(both, |field| spelling::signature(&holder.item, field)),
            false => sides(both, spelling::member),
        };
        let rules = match (is_parameter, shown.is_required()) {
            (true, true) => [Rule::RequiredParameterAdded, Rule::ParameterRemoved],
            (true, false) => [Rule::OptionalParameterAdded, Rule::ParameterRemoved],
            (false, true) => [Rule::RequiredFieldAdded, Rule::FieldRemoved],
            (false, false) => [Rule::FieldAdded, Rule::FieldRemoved],
        };
        let Some((old, new)) = self.on_both(rules, &at, both, &wire, &rust) else { return };
        let names = sides(both, |field| field.wire.clone());
        if is_parameter && old.is_required() != new.is_required() {
            self.push(Rule::ParameterRequirednessChanged, &at, wire, rust);
        } else if is_parameter && old.ty != new.ty {
            self.push(Rule::ParameterTypeChanged, &at, wire, rust);
        } else if old.ty != new.ty || !is_parameter && !spelling::around(old).eq(spelling::around(new)) {
            self.push(Rule::FieldTypeChanged, &at, wire, rust);
        } else if old.name != new.name {
            // Callers write the name of a field and of a setter.
            let rule = if is_parameter && new.is_required() { Rule::ArgumentRenamed } else { Rule::NameChanged };
            self.push(rule, &at, names, rust);
        } else if old.wire != new.wire {
            self.push(Rule::WireNameChanged, &at, names, rust);
        }
        if is_parameter && new.is_secret && !old.is_secret {
            self.push(Rule::SecrecyGained, &at, NOTHING, sides(both, spelling::param));
        }
        self.origin(&at, &old.origin, &new.origin, before);
    }
}

/// A path without the names of its parameters.
pub(super) fn address(path: &str) -> String {
    let segment =
        |segment: &str| if segment.starts_with('{') && segment.ends_with('}') { "{}" } else { segment }.to_owned();
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The nested parameters that both types hold under one name.
fn nested<'a>(old: &'a Api, new: &'a Api, was: &Type, is: &Type) -> Vec<(&'a Params, &'a Params)> {
    let new = held(new, is);
    let old = held(old, was).into_iter();
    old.filter_map(|old| Some((old, *new.iter().find(|new| new.name == old.name)?))).collect()
}

fn held<'a>(api: &'a Api, ty: &Type) -> Vec<&'a Params> {
    match ty.leaf() {
        Type::Params(name) => api.params.named(name).into_iter().collect(),
        Type::Union(name) => {
            let alternatives = api.unions.named(name).into_iter().flat_map(|union| &union.alternatives);
            alternatives.filter_map(|alternative| api.params.named(alternative.ty.name()?)).collect()
        }
        _ => Vec::new(),
    }
}
