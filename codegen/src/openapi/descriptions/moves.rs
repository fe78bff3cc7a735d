//! Where a part of a document went whose Rust name, or whose shape, says that it is the same part.

use std::collections::BTreeMap;

use crate::diagnostic::Pointer;
use crate::ir::{Api, Field, Named};
use crate::reports::diff::{Rename, renames};

/// A part of a document that moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The place in the old document.
    pub from: Pointer,
    /// The place in the new document.
    pub to: Pointer,
}

/// Returns the parts that moved: items and fields with the same Rust name at another place, and those that seem renamed.
pub fn moves(old: &Api, new: &Api) -> Vec<Move> {
    let renamed: Vec<Rename> = renames(old, new, &[]);
    let was: BTreeMap<&str, &str> = renamed
        .iter()
        .filter(|rename| rename.field.is_none())
        .map(|one| (one.new.as_str(), one.old.as_str()))
        .collect();
    let field_was = |item: &str, field: &Field| {
        let is_this =
            |rename: &&Rename| rename.new == item && rename.field.as_ref().is_some_and(|(_, new)| *new == field.wire);
        renamed.iter().find(is_this).and_then(|rename| Some(rename.field.as_ref()?.0.clone()))
    };
    let mut moves = Vec::new();
    let mut add = |from: &Pointer, to: &Pointer| {
        // What is not in the document itself, such as the paths that can be expanded, has no description there.
        if from != to && !from.as_str().is_empty() && !to.as_str().is_empty() {
            moves.push(Move { from: from.clone(), to: to.clone() });
        }
    };
    for item in new.items() {
        let Some(before) = old.named(item.name()).or_else(|| old.named(was.get(item.name())?)) else { continue };
        if std::mem::discriminant(&before) != std::mem::discriminant(&item) {
            continue;
        }
        // An inline enum is described where its field is.
        if matches!(item, Named::Enum(_)) {
            continue;
        }
        add(&before.origin().pointer, &item.origin().pointer);
        for field in item.fields() {
            let wire = field_was(item.name(), field).unwrap_or_else(|| field.wire.clone());
            let same = before
                .fields()
                .find(|other| other.wire == wire)
                .or_else(|| before.fields().find(|other| other.name == field.name));
            if let Some(same) = same {
                add(&same.origin.pointer, &field.origin.pointer);
            }
        }
    }
    moves.sort();
    moves.dedup();
    moves
}
