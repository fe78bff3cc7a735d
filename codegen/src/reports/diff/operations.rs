//! Compares operations and their parameters.

use std::collections::BTreeSet;

use super::{At, Diff, NOTHING, Rule, pair_fields};
use crate::ir::{Api, Field, Operation, Params, Type};
use crate::{ir::describe, rust::spelling};

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
        self.segments(&at, &old.path_params, &new.path_params);
        self.parameters(&at, &old.params, &new.params, seen);
    }

    /// The parameters in a path are paired by their order: their names are only those of arguments.
    fn segments(&mut self, holder: &At, old: &[Field], new: &[Field]) {
        for position in 0..old.len().max(new.len()) {
            match (old.get(position), new.get(position)) {
                (Some(old), Some(new)) => self.parameter(holder, old, new),
                (old, new) => self.on_one_side(holder, old, new),
            }
        }
    }

    fn parameters(&mut self, holder: &At, old: &'a [Field], new: &'a [Field], seen: &mut BTreeSet<&'a str>) {
        for sides in pair_fields(old, new) {
            let (Some(old), Some(new)) = sides else {
                self.on_one_side(holder, sides.0, sides.1);
                continue;
            };
            self.parameter(holder, old, new);
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

    fn on_one_side(&mut self, holder: &At, old: Option<&Field>, new: Option<&Field>) {
        if let Some(old) = old {
            let wire = (Some(describe::field(self.old.api, old)), None);
            let rust = (Some(spelling::signature(&holder.item, old)), None);
            self.push(Rule::ParameterRemoved, &at(holder, old), wire, rust);
        }
        if let Some(new) = new {
            let wire = (None, Some(describe::field(self.new.api, new)));
            let rust = (None, Some(spelling::signature(&holder.item, new)));
            let rule = match new.is_required() {
                true => Rule::RequiredParameterAdded,
                false => Rule::OptionalParameterAdded,
            };
            self.push(rule, &at(holder, new), wire, rust);
        }
    }

    fn parameter(&mut self, holder: &At, old: &Field, new: &Field) {
        let (before, at) = (self.changes.len(), at(holder, new));
        let wire = (Some(describe::field(self.old.api, old)), Some(describe::field(self.new.api, new)));
        let rust = (Some(spelling::signature(&holder.item, old)), Some(spelling::signature(&holder.item, new)));
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

fn at(holder: &At, field: &Field) -> At {
    let member = if field.is_required() { "new" } else { &field.name };
    At::new(holder.place.child(&field.wire), format!("{}::{member}", holder.item))
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
