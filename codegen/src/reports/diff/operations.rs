//! Compares operations and their parameters.

use std::collections::BTreeSet;

use super::{At, Diff, NOTHING, Rule, pair_fields};
use crate::ir::describe::paths::Place;
use crate::ir::{Api, Field, Operation, Params, Type};
use crate::{ir::describe, rust::spelling};

/// The parameters of an operation, or those inside one of them.
struct Level<'a> {
    /// Where they are.
    place: Place,
    /// The struct that holds them.
    owner: &'a str,
}

impl<'a> Diff<'a> {
    pub(super) fn operation(&mut self, old: &'a Operation, new: &'a Operation, seen: &mut BTreeSet<&'a str>) {
        let (before, name) = (self.changes.len(), &new.name);
        let at = At::item(name);
        if old.method != new.method || address(&old.path) != address(&new.path) {
            let sides = (Some(describe::request(old)), Some(describe::request(new)));
            let at = At::new(at.place.clone(), format!("{name}::PATH"));
            self.push(Rule::PathChanged, &at, sides.clone(), sides);
        }
        if old.base_url != new.base_url {
            let at = At::new(at.place.clone(), format!("{name}::BASE_URL"));
            let sides = (old.base_url.clone(), new.base_url.clone());
            self.push(Rule::BaseUrlChanged, &at, sides.clone(), sides);
        }
        if old.output != new.output {
            let said = |api: &Api, operation: &Operation| Some(describe::ty(api, &operation.output));
            let spelled = |operation: &Operation| Some(spelling::spell(&operation.output));
            let wire = (said(self.old.api, old), said(self.new.api, new));
            let at = At::new(at.place.clone(), format!("{name}::Output"));
            self.push(Rule::OutputChanged, &at, wire, (spelled(old), spelled(new)));
        }
        self.origin(&at, &old.origin, &new.origin, before);
        let level = Level { place: at.place, owner: name };
        self.segments(&level, &old.path_params, &new.path_params);
        self.parameters(&level, &old.params, &new.params, seen);
    }

    /// The parameters in a path are paired by their order: their names are only those of arguments.
    fn segments(&mut self, level: &Level<'_>, old: &[Field], new: &[Field]) {
        for position in 0..old.len().max(new.len()) {
            match (old.get(position), new.get(position)) {
                (Some(old), Some(new)) => self.parameter(level, old, new),
                (old, new) => self.on_one_side(level, old, new),
            }
        }
    }

    fn parameters(&mut self, level: &Level<'_>, old: &'a [Field], new: &'a [Field], seen: &mut BTreeSet<&'a str>) {
        for sides in pair_fields(old, new) {
            let (Some(old), Some(new)) = sides else {
                self.on_one_side(level, sides.0, sides.1);
                continue;
            };
            self.parameter(level, old, new);
            let place = level.place.child(&new.wire);
            for (old, new) in nested(self.old.api, self.new.api, &old.ty, &new.ty) {
                // Several parameters can share a type. It is compared where it is first.
                if seen.insert(&new.name) {
                    let before = self.changes.len();
                    self.origin(&At::new(place.clone(), &new.name), &old.origin, &new.origin, before);
                    let level = Level { place: place.clone(), owner: &new.name };
                    self.parameters(&level, &old.fields, &new.fields, seen);
                }
            }
        }
    }

    fn on_one_side(&mut self, level: &Level<'_>, old: Option<&Field>, new: Option<&Field>) {
        if let Some(old) = old {
            let wire = (Some(describe::field(self.old.api, old)), None);
            let rust = (Some(spelling::signature(level.owner, old)), None);
            self.push(Rule::ParameterRemoved, &at(level, old), wire, rust);
        }
        if let Some(new) = new {
            let wire = (None, Some(describe::field(self.new.api, new)));
            let rust = (None, Some(spelling::signature(level.owner, new)));
            let rule = match new.is_required() {
                true => Rule::RequiredParameterAdded,
                false => Rule::OptionalParameterAdded,
            };
            self.push(rule, &at(level, new), wire, rust);
        }
    }

    fn parameter(&mut self, level: &Level<'_>, old: &Field, new: &Field) {
        let (before, at) = (self.changes.len(), at(level, new));
        let wire = (Some(describe::field(self.old.api, old)), Some(describe::field(self.new.api, new)));
        let rust = (Some(spelling::signature(level.owner, old)), Some(spelling::signature(level.owner, new)));
        if old.is_required() != new.is_required() {
            self.push(Rule::ParameterRequirednessChanged, &at, wire, rust);
        } else if old.ty != new.ty {
            self.push(Rule::ParameterTypeChanged, &at, wire, rust);
        } else if old.name != new.name || old.wire != new.wire {
            let rule = match old.name == new.name {
                true => Rule::WireNameChanged,
                false if new.is_required() => Rule::ArgumentRenamed,
                false => Rule::NameChanged,
            };
            self.push(rule, &at, (Some(old.wire.clone()), Some(new.wire.clone())), rust);
        }
        if new.is_secret && !old.is_secret {
            self.push(Rule::SecrecyGained, &at, NOTHING, (Some(spelling::param(old)), Some(spelling::param(new))));
        }
        self.origin(&at, &old.origin, &new.origin, before);
    }
}

fn at(level: &Level<'_>, field: &Field) -> At {
    let member = if field.is_required() { "new" } else { &field.name };
    At::new(level.place.child(&field.wire), format!("{}::{member}", level.owner))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_path_parameter_is_not_part_of_the_address() {
        assert_eq!(address("/v1/sessions/{session}/end"), address("/v1/sessions/{id}/end"));
        assert_ne!(address("/v1/sessions/{session}"), address("/v1/sessions/session"));
    }
}
