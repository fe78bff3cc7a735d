//! Finds the values that were secret and no longer are, also if the field or its schema was renamed.
//!
//! A lost secret is worse than a wrong guess: the guesses here are more liberal than those of names.

use std::collections::BTreeSet;

use super::renames::Renames;
use super::{Diff, Guess, Rule, Side, Words};
use crate::ir::describe::paths::Place;
use crate::ir::{Field, Named, Type};
use crate::{ir::describe, rust::spelling};

/// The field that a secret one became, and what a guess is based on.
struct Successor<'a> {
    owner: Named<'a>,
    field: &'a Field,
    reason: Option<&'static str>,
}

impl<'a> Diff<'a> {
    pub(super) fn secrecy(&mut self, renames: &Renames<'a>) {
        for owner in self.old.api.items() {
            let before: BTreeSet<_> = owner.fields().map(|field| &field.wire).collect();
            let fields = item_now(&self.new, renames, owner).into_iter().flat_map(Named::fields);
            let come: Vec<_> = fields.filter(|field| !before.contains(&field.wire)).collect();
            for field in owner.fields().filter(|field| field.is_secret) {
                match successor(&self.old, &self.new, renames, owner, &come, field) {
                    Some(successor) if !successor.field.is_secret => self.lost(owner, field, &successor),
                    _ => {}
                }
            }
        }
    }

    fn lost(&mut self, owner: Named<'_>, old: &Field, new: &Successor<'_>) {
        let name = new.owner.name();
        let at = self.first(name).member(&new.field.wire, &new.field.name);
        let words = |api, owner, field| {
            let rust = if let Named::Model(_) = owner { spelling::member(field) } else { spelling::param(field) };
            Words::new(describe::field(api, field), rust)
        };
        let (was, is) = (words(self.old.api, owner, old), words(self.new.api, new.owner, new.field));
        self.push(Rule::SecrecyLost, &at, was, is);
        if let Some(change) = self.changes.last_mut() {
            let renamed = format!("{}::{}", owner.name(), old.name);
            change.guess = new.reason.map(|reason| Guess::new(&renamed, reason));
        }
    }
}

/// The most fields that are new in an item of which the names are compared with those of each secret one that is gone.
const CANDIDATES: usize = 200;

/// The item that one is now.
fn item_now<'a>(new: &Side<'a>, renames: &Renames<'a>, owner: Named<'a>) -> Option<Named<'a>> {
    let renamed = || renames.get(owner.name()).and_then(|(name, _)| new.api.named(name));
    new.api.named(owner.name()).or_else(renamed)
}

fn successor<'a>(
    old: &Side<'a>,
    new: &Side<'a>,
    renames: &Renames<'a>,
    owner: Named<'a>,
    come: &[&'a Field],
    field: &Field,
) -> Option<Successor<'a>> {
    let kept = new.api.named(owner.name());
    let item = item_now(new, renames, owner);
    if let Some(item) = item {
        if let Some(same) = same_name_in(item, field) {
            let reason = kept.is_none().then_some("the type that it is in may have been renamed");
            return Some(Successor { owner: item, field: same, reason });
        }
        let candidates = || come.iter().copied().filter(|candidate| same_values(&field.ty, &candidate.ty));
        // To compare the names of all would take too long: a loss that is none is better than one that is missed.
        let nearest = match come.len() > CANDIDATES {
            true => candidates().find(|candidate| !candidate.is_secret).or_else(|| candidates().next()),
            false => candidates().max_by(|a, b| similarity(field, a).total_cmp(&similarity(field, b))),
        };
        if let Some(nearest) = nearest {
            let reason = Some("a field of the same type is new beside it");
            return Some(Successor { owner: item, field: nearest, reason });
        }
    }
    // It may have moved to another object, or the object may have been rewritten beyond recognition.
    let place = old.places.get(owner.name());
    let near = new.api.items().filter(|item| match (place, new.places.get(item.name())) {
        (Some(was), Some(is)) => is_near(was, is),
        _ => false,
    });
    let is_new =
        |item: Named<'_>| old.api.named(item.name()).is_none_or(|before| same_name_in(before, field).is_none());
    let same = near.filter(|item| is_new(*item)).filter_map(|item| Some((item, same_name_in(item, field)?)));
    let (owner, field) = same.into_iter().find(|(_, candidate)| candidate.ty == field.ty)?;
    Some(Successor { owner, field, reason: Some("a field of the same name is new nearby") })
}

fn same_name_in<'a>(item: Named<'a>, field: &Field) -> Option<&'a Field> {
    item.fields().find(|candidate| candidate.wire == field.wire)
}

/// Whether one place is inside the other, or both are in one object.
fn is_near(a: &Place, b: &Place) -> bool {
    let segments = |place: &Place| -> Vec<String> {
        place.path.split('.').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let (a_path, b_path) = (segments(a), segments(b));
    let common = a_path.iter().zip(&b_path).take_while(|(a, b)| a == b).count();
    let rest = (a_path.len() - common, b_path.len() - common);
    a.root == b.root && (rest.0 == 0 || rest.1 == 0 || rest == (1, 1))
}

/// Whether two types can hold the same values. An id and a string are the same on the wire.
fn same_values(a: &Type, b: &Type) -> bool {
    let is_text = |ty: &Type| matches!(ty, Type::String | Type::Id(_));
    a == b || is_text(a) && is_text(b)
}

fn similarity(a: &Field, b: &Field) -> f64 {
    strsim::jaro_winkler(&a.wire, &b.wire)
}
