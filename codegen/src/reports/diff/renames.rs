//! Guesses which items and fields were renamed. A guess is a hint for the reader and changes no verdict.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::parts::{Part, address};
use super::{Both, Change, Diff, Guess, Rule, is_same_kind, same_item};
use crate::config::{Table, proposal};
use crate::diagnostic::Pointer;
use crate::ir::{Api, Field, Named};
use crate::markdown::code;
use crate::rust::naming;

/// An item or a field that seems renamed, and the row that keeps its Rust name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The Rust name of the item before, and that of the item that holds the field.
    pub old: String,
    /// The Rust name of the item now, and that of the item that holds the field.
    pub new: String,
    /// The old and the new name of the field on the wire, if it is one.
    pub field: Option<(String, String)>,
    /// What the guess is based on.
    pub reason: String,
    /// The place in the new document.
    pub pointer: Pointer,
    /// The row, in TOML.
    pub row: String,
}

/// Returns the items and fields that seem renamed. The rows are for `releases`, or for all of them if there are none.
pub fn renames(old: &Api, new: &Api, releases: &[&str]) -> Vec<Rename> {
    let guesses = guess(old, new);
    let mut renames = Vec::new();
    for (old_name, (new_name, reason)) in &guesses {
        let Some(item) = new.named(new_name) else { continue };
        // An operation is selected by its id, and computed paths are named after what they are of.
        if matches!(item, Named::Operation(_)) || matches!(item, Named::Enum(item) if item.is_computed) {
            continue;
        }
        let snake = old_name.to_snake_case();
        let to = if naming::type_name(&snake).as_deref() == Some(old_name) { &snake } else { *old_name };
        renames.push(Rename {
            old: (*old_name).to_owned(),
            new: (*new_name).to_owned(),
            field: None,
            reason: reason.clone(),
            pointer: item.origin().pointer.clone(),
            row: proposal(Table::Rename, &[("from", &item.origin().place), ("to", to)], releases),
        });
    }
    // The name of an inline type follows that of its owner.
    let roots: Vec<String> = guesses
        .values()
        .filter_map(|(new_name, _)| Some(format!("{}/", new.named(new_name)?.origin().place)))
        .collect();
    renames.retain(|rename| {
        new.named(&rename.new).is_some_and(|item| !roots.iter().any(|root| item.origin().place.starts_with(root)))
    });
    let mut diff = Diff::new(old, new);
    diff.items();
    renames.extend(diff.renamed.into_iter().map(|(holder, was, is)| Rename {
        old: holder.clone(),
        new: holder,
        reason: SAME_TYPE.to_owned(),
        pointer: is.origin.pointer,
        row: proposal(Table::Field, &[("place", &is.origin.place), ("name", &was.name)], releases),
        field: Some((was.wire, is.wire)),
    }));
    renames
}

/// The guessed renames of items: by the old name, the new name and what the guess is based on.
pub(super) type Renames<'a> = BTreeMap<&'a str, (&'a str, String)>;

/// How well two items fit, in ascending order: whether one place held the one and holds the other, then the members that
/// both have, in thousandths of all.
type Score = (bool, usize);

/// Guesses the renames of items. Of several candidates that fit equally well, none is taken.
pub(super) fn guess<'a>(old: &'a Api, new: &'a Api) -> Renames<'a> {
    let holders = (holders(old), holders(new));
    let gone: Vec<_> = old.items().filter(|item| same_item(new, *item).is_none()).collect();
    let come: Vec<_> = new.items().filter(|item| same_item(old, *item).is_none()).collect();
    let mut renames = Renames::new();
    // Where everything is another, a guess says nothing, and would take the time of all pairs.
    if gone.len() * come.len() > PAIRS {
        return renames;
    }
    let mut scores: Vec<(Score, &str, &str, String)> = Vec::new();
    for old in &gone {
        for new in come.iter().filter(|new| is_same_kind(*old, **new)) {
            if let Some((score, reason)) = fit(*old, *new, &holders) {
                scores.push((score, old.name(), new.name(), reason));
            }
        }
    }
    // The best score of each name before and now, and how many pairs have it.
    let mut best: [BTreeMap<&str, (Score, usize)>; 2] = Default::default();
    for (score, old, new, _) in &scores {
        for (best, name) in best.iter_mut().zip([old, new]) {
            let known = best.entry(name).or_insert((*score, 0));
            match score.cmp(&known.0) {
                Ordering::Greater => *known = (*score, 1),
                Ordering::Equal => known.1 += 1,
                Ordering::Less => {}
            }
        }
    }
    let is_best =
        |score: &Score, names: [&str; 2]| best.iter().zip(names).all(|(best, name)| best[name] == (*score, 1));
    for (score, old, new, reason) in scores {
        if is_best(&score, [old, new]) {
            renames.insert(old, (new, reason));
        }
    }
    renames
}

/// The most pairs of items that are compared.
const PAIRS: usize = 40_000;

fn fit(old: Named<'_>, new: Named<'_>, holders: &(Holders<'_>, Holders<'_>)) -> Option<(Score, String)> {
    let (was, is) = (members(old), members(new));
    let (common, all) = (was.intersection(&is).count(), was.union(&is).count());
    // Items that have nothing in common are two items, wherever they are.
    let share = (common * 1000).checked_div(all).filter(|share| *share > 0)?;
    let none = BTreeSet::new();
    let places = holders.0.get(old.name()).unwrap_or(&none);
    let place = holders.1.get(new.name()).and_then(|holders| holders.intersection(places).next());
    let reason = match place {
        Some((holder, wire)) => format!("`{holder}` has it in the same field {}", code(wire)),
        None if common == all => "it has the same members".to_owned(),
        None if share >= 500 => format!("{common} of {all} members are the same"),
        None => return None,
    };
    Some(((place.is_some(), share), reason))
}

/// What an item is made of, as far as a rename leaves it alone.
fn members(item: Named<'_>) -> BTreeSet<String> {
    let wire = |fields: &[Field]| fields.iter().map(|field| field.wire.clone()).collect();
    match item {
        Named::Model(model) => wire(&model.fields),
        Named::Params(params) => wire(&params.fields),
        Named::Union(union) => union.alternatives.iter().map(|alternative| alternative.name.clone()).collect(),
        Named::Enum(item) => item.variants.iter().map(|variant| variant.value.clone()).collect(),
        Named::Reference(reference) => [reference.object.clone()].into(),
        Named::Operation(operation) => [address(operation)].into(),
    }
}

/// For each type by name, the items and the fields of them that hold it.
type Holders<'a> = BTreeMap<&'a str, BTreeSet<(&'a str, &'a str)>>;

fn holders(api: &Api) -> Holders<'_> {
    let mut holders = Holders::new();
    for item in api.items() {
        for field in item.fields() {
            if let Some(name) = field.ty.name() {
                holders.entry(name).or_default().insert((item.name(), &field.wire));
            }
        }
    }
    holders
}

/// Writes the guesses to the changes of items.
pub(super) fn mark(changes: &mut [Change], renames: &Renames<'_>) {
    let from: BTreeMap<_, _> = renames.iter().map(|(old, (new, reason))| (*new, (*old, reason))).collect();
    for change in changes {
        let other = match change.rule {
            Rule::ItemRemoved => renames.get(change.item.as_str()).map(|(new, reason)| (*new, reason)),
            Rule::ItemAdded | Rule::BoundaryReached => from.get(change.item.as_str()).copied(),
            _ => continue,
        };
        change.guess = other.map(|(other, reason)| Guess::new(other, reason));
    }
}

/// What the guess of the rename of a field is based on.
pub(super) const SAME_TYPE: &str = "it has the same type in the same place";

/// If one field of an item is gone, one is new, and both have the type of this one, it may have been renamed.
pub(super) fn of_field<'a>(pairs: &[Both<&Part<'a>>], one: &Part<'a>) -> Option<(&'a Field, &'a Field)> {
    let ty = |part: &Part<'a>| Some((part.field?, part.shape.first()?.words.wire.clone()));
    let (_, wanted) = ty(one)?;
    let same = |part: &Part<'a>| ty(part).filter(|(_, ty)| *ty == wanted).map(|(field, _)| field);
    let gone: Vec<_> = pairs.iter().filter(|both| both.1.is_none()).filter_map(|both| same(both.0?)).collect();
    let come: Vec<_> = pairs.iter().filter(|both| both.0.is_none()).filter_map(|both| same(both.1?)).collect();
    if let ([gone], [come]) = (&gone[..], &come[..]) { Some((gone, come)) } else { None }
}
