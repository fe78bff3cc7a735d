//! Compares the types of responses, and the enums and unions of both responses and parameters.

use super::{At, Diff, NOTHING, Rule, pair, pair_fields, sides};
use crate::ir::{Alternative, Enum, Model, Named, Reference, Union};
use crate::{ir::describe, rust::spelling};

impl Diff<'_> {
    pub(super) fn model(&mut self, old: &Model, new: &Model) {
        let (before, at) = (self.changes.len(), self.first(&new.name));
        let rule = if old.object.is_none() { Rule::ObjectAdded } else { Rule::ObjectChanged };
        self.constant(rule, &at.member("OBJECT"), (old.object.clone(), new.object.clone()));
        let deletable =
            |model: &Model| if model.is_deletable { "can be deleted" } else { "is never deleted" }.to_owned();
        let open =
            |model: &Model| if model.is_open { "has any further fields" } else { "has no further fields" }.to_owned();
        let both = (Some(old), Some(new));
        for (rule, wire) in
            [(Rule::DeletableChanged, sides(both, deletable)), (Rule::OpennessChanged, sides(both, open))]
        {
            if wire.0 != wire.1 {
                self.push(rule, &at, wire, NOTHING);
            }
        }
        let sorted = |model: &Model| {
            let mut fields = model.expandable.clone();
            fields.sort();
            fields.join(", ")
        };
        self.constant(Rule::ExpandableSetChanged, &at.member("EXPANDABLE"), sides(both, sorted));
        self.origin(&at, &old.origin, &new.origin, before);
        for both in pair_fields(&old.fields, &new.fields) {
            self.field(&at, both, false);
        }
    }

    pub(super) fn union(&mut self, old: &Union, new: &Union) {
        let (before, at) = (self.changes.len(), self.first(&new.name));
        if old.kind != new.kind {
            let both = (Some(old), Some(new));
            let rust = sides(both, |union| spelling::declaration(Named::Union(union)));
            let wire = sides(both, |union| describe::kind(union.kind).to_owned());
            self.push(Rule::UnionKindChanged, &at, wire, rust);
        }
        self.origin(&at, &old.origin, &new.origin, before);
        for (variant, both) in pair(&old.alternatives, &new.alternatives, |alternative| &alternative.name) {
            let at = at.member(variant);
            let spelled = |union: &Union, one: &Alternative| spelling::alternative(union.kind, one);
            let rust = (both.0.map(|one| spelled(old, one)), both.1.map(|one| spelled(new, one)));
            let wire = self.words(both, |api, one| describe::ty(api, &one.ty));
            let rules = [Rule::AlternativeAdded, Rule::AlternativeRemoved];
            let Some((old, new)) = self.on_both(rules, &at, both, &wire, &rust) else { continue };
            if old.ty != new.ty {
                self.push(Rule::AlternativeTypeChanged, &at, wire, rust);
            }
            if (&old.object, old.is_deleted) != (&new.object, new.is_deleted) {
                let tag = |one: &Alternative| {
                    let object = one.object.as_deref().unwrap_or("no constant `object`");
                    if one.is_deleted { format!("{object}, deleted") } else { object.to_owned() }
                };
                self.push(Rule::ObjectChanged, &at, sides(both, tag), NOTHING);
            }
            if old.docs.text != new.docs.text {
                self.push(Rule::DescriptionChanged, &at, NOTHING, NOTHING);
            }
        }
    }

    /// Compares two enums, which are known by `name`.
    pub(super) fn values(&mut self, name: &str, old: &Enum, new: &Enum) {
        let (before, at) = (self.changes.len(), At::item(name));
        self.origin(&at, &old.origin, &new.origin, before);
        for (value, both) in pair(&old.variants, &new.variants, |variant| &variant.value) {
            let Some(shown) = both.1.or(both.0) else { continue };
            let (before, at) = (self.changes.len(), At::new(at.place.child(value), format!("{name}::{}", shown.name)));
            let (wire, rust) = (sides(both, |one| one.value.clone()), sides(both, |one| one.name.clone()));
            let rules = [Rule::ValueAdded, Rule::ValueRemoved];
            let Some((old, new)) = self.on_both(rules, &at, both, &wire, &rust) else { continue };
            if old.name != new.name {
                self.push(Rule::NameChanged, &at, wire, rust);
            }
            self.origin(&at, &old.origin, &new.origin, before);
        }
    }

    pub(super) fn reference(&mut self, old: &Reference, new: &Reference) {
        let (before, at) = (self.changes.len(), self.first(&new.name));
        self.constant(Rule::ObjectChanged, &at, (Some(old.object.clone()), Some(new.object.clone())));
        self.origin(&at, &old.origin, &new.origin, before);
    }
}
