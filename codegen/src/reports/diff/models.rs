//! Compares the types of responses, and the enums and unions of both responses and parameters.

use super::{At, Diff, NOTHING, Rule, Sides, pair, pair_fields};
use crate::ir::describe::paths::Place;
use crate::ir::{Alternative, Api, Enum, Field, Model, Named, Reference, Union, Variant};
use crate::{ir::describe, rust::spelling};

impl Diff<'_> {
    /// The first place of a type that both sides have.
    pub(super) fn place(&self, name: &str) -> Place {
        let place = self.new.places.get(name).or_else(|| self.old.places.get(name));
        place.cloned().unwrap_or_else(|| Place { root: name.to_owned(), path: String::new() })
    }

    pub(super) fn model(&mut self, old: &Model, new: &Model) {
        let (before, name) = (self.changes.len(), &new.name);
        let at = At::new(self.place(name), name);
        let constant = |constant: &str| At::new(at.place.clone(), format!("{name}::{constant}"));
        if old.object != new.object {
            let rule = if old.object.is_none() { Rule::ObjectAdded } else { Rule::ObjectChanged };
            let sides = (old.object.clone(), new.object.clone());
            self.push(rule, &constant("OBJECT"), sides.clone(), sides);
        }
        if old.is_deletable != new.is_deletable {
            let words =
                |model: &Model| Some(if model.is_deletable { "can be deleted" } else { "is never deleted" }.into());
            self.push(Rule::DeletableChanged, &at, (words(old), words(new)), NOTHING);
        }
        if old.is_open != new.is_open {
            let words = |model: &Model| {
                Some(if model.is_open { "has any further fields" } else { "has no further fields" }.into())
            };
            self.push(Rule::OpennessChanged, &at, (words(old), words(new)), NOTHING);
        }
        let sorted = |model: &Model| {
            let mut fields = model.expandable.clone();
            fields.sort();
            fields
        };
        let (was, is) = (sorted(old), sorted(new));
        if was != is {
            let sides = (Some(was.join(", ")), Some(is.join(", ")));
            self.push(Rule::ExpandableSetChanged, &constant("EXPANDABLE"), sides.clone(), sides);
        }
        self.origin(&at, &old.origin, &new.origin, before);
        for sides in pair_fields(&old.fields, &new.fields) {
            self.field(&at, sides);
        }
    }

    fn field(&mut self, model: &At, sides: (Option<&Field>, Option<&Field>)) {
        let Some(shown) = sides.1.or(sides.0) else { return };
        let (before, place) = (self.changes.len(), model.place.child(&shown.wire));
        let at = At::new(place, format!("{}::{}", model.item, shown.name));
        let words = |api: &Api, field: Option<&Field>| field.map(|field| describe::field(api, field));
        let wire = (words(self.old.api, sides.0), words(self.new.api, sides.1));
        let rust = (sides.0.map(spelling::member), sides.1.map(spelling::member));
        match sides {
            (Some(old), Some(new)) => {
                if old.ty != new.ty || !spelling::around(old).eq(spelling::around(new)) {
                    self.push(Rule::FieldTypeChanged, &at, wire, rust);
                } else if old.name != new.name {
                    self.push(Rule::NameChanged, &at, wire, rust);
                } else if old.wire != new.wire {
                    self.push(Rule::WireNameChanged, &at, (Some(old.wire.clone()), Some(new.wire.clone())), rust);
                }
                self.origin(&at, &old.origin, &new.origin, before);
            }
            (None, Some(new)) if new.is_required() => self.push(Rule::RequiredFieldAdded, &at, wire, rust),
            (None, _) => self.push(Rule::FieldAdded, &at, wire, rust),
            (_, None) => self.push(Rule::FieldRemoved, &at, wire, rust),
        }
    }

    pub(super) fn union(&mut self, old: &Union, new: &Union) {
        let (before, name) = (self.changes.len(), &new.name);
        let at = At::new(self.place(name), name);
        if old.kind != new.kind {
            let words = |union: &Union| Some(describe::kind(union.kind).to_owned());
            let declared = |union| Some(spelling::declaration(Named::Union(union)));
            let rust = (declared(old), declared(new));
            self.push(Rule::UnionKindChanged, &at, (words(old), words(new)), rust);
        }
        self.origin(&at, &old.origin, &new.origin, before);
        for (variant, sides) in pair(&old.alternatives, &new.alternatives, |alternative| &alternative.name) {
            let at = At::new(at.place.clone(), format!("{name}::{variant}"));
            let spelled =
                |union: &Union, side: Option<&Alternative>| side.map(|one| spelling::alternative(union.kind, one));
            self.alternative(&at, sides, (spelled(old, sides.0), spelled(new, sides.1)));
        }
    }

    fn alternative(&mut self, at: &At, sides: (Option<&Alternative>, Option<&Alternative>), rust: Sides) {
        let words = |api: &Api, side: Option<&Alternative>| side.map(|alternative| describe::ty(api, &alternative.ty));
        let wire = (words(self.old.api, sides.0), words(self.new.api, sides.1));
        match sides {
            (Some(old), Some(new)) => {
                if old.ty != new.ty {
                    self.push(Rule::AlternativeTypeChanged, at, wire, rust);
                }
                if (&old.object, old.is_deleted) != (&new.object, new.is_deleted) {
                    let tag = |side: &Alternative| {
                        let object = side.object.as_deref().unwrap_or("no constant `object`");
                        Some(if side.is_deleted { format!("{object}, deleted") } else { object.to_owned() })
                    };
                    self.push(Rule::ObjectChanged, at, (tag(old), tag(new)), NOTHING);
                }
                if old.docs.text != new.docs.text {
                    self.push(Rule::DescriptionChanged, at, NOTHING, NOTHING);
                }
            }
            (None, _) => self.push(Rule::AlternativeAdded, at, wire, rust),
            (_, None) => self.push(Rule::AlternativeRemoved, at, wire, rust),
        }
    }

    /// Compares two enums, which are known by `name`.
    pub(super) fn values(&mut self, name: &str, old: &Enum, new: &Enum) {
        let before = self.changes.len();
        let at = At::item(name);
        self.origin(&at, &old.origin, &new.origin, before);
        for (value, sides) in pair(&old.variants, &new.variants, |variant| &variant.value) {
            let Some(shown) = sides.1.or(sides.0) else { continue };
            let at = At::new(at.place.child(value), format!("{name}::{}", shown.name));
            let wire = |side: Option<&Variant>| side.map(|variant| variant.value.clone());
            let rust = |side: Option<&Variant>| side.map(|variant| variant.name.clone());
            let (wire, rust) = ((wire(sides.0), wire(sides.1)), (rust(sides.0), rust(sides.1)));
            match sides {
                (Some(old), Some(new)) => {
                    let before = self.changes.len();
                    if old.name != new.name {
                        self.push(Rule::NameChanged, &at, wire, rust);
                    }
                    self.origin(&at, &old.origin, &new.origin, before);
                }
                (None, _) => self.push(Rule::ValueAdded, &at, wire, rust),
                (_, None) => self.push(Rule::ValueRemoved, &at, wire, rust),
            }
        }
    }

    pub(super) fn reference(&mut self, old: &Reference, new: &Reference) {
        let (before, at) = (self.changes.len(), At::new(self.place(&new.name), &new.name));
        if old.object != new.object {
            let sides = (Some(old.object.clone()), Some(new.object.clone()));
            self.push(Rule::ObjectChanged, &at, sides.clone(), sides);
        }
        self.origin(&at, &old.origin, &new.origin, before);
    }
}
