//! Which operations a problem is one of: that in which it lies, or those that reach the component schema in which it lies.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Covered, Verb};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::openapi::document::{Document, OperationHead};
use crate::select::{is_resource, references};

/// Refuses the operations that have one of the problems, and returns the problems for which operations are refused. Those that clash
/// with another name are left if others are refused: the name may be free without them.
pub(super) fn refuse(
    document: &Document<'_>,
    config: &Config,
    problems: &[Diagnostic],
    covered: &mut [Covered],
) -> Vec<Diagnostic> {
    let (clashes, others): (Vec<_>, Vec<_>) = problems.iter().partition(|problem| problem.is_clash);
    let refused = [others, clashes].into_iter().find(|problems| refuse_all(document, config, problems, covered));
    refused.into_iter().flatten().filter(|problem| place(problem).is_some()).cloned().collect()
}

fn refuse_all(document: &Document<'_>, config: &Config, problems: &[&Diagnostic], covered: &mut [Covered]) -> bool {
    // The first problem of each operation, path item and component schema.
    let mut own = BTreeMap::new();
    for problem in problems.iter().rev() {
        own.extend(place(problem).map(|place| (place, *problem)));
    }
    let spread = spread(document, config, &own);
    let mut is_refused = false;
    for resource in covered {
        let of_resource = own.get(&Pointer::schema(&resource.schema));
        for (head, refused) in resource.operations.iter_mut().filter(|(_, refused)| refused.is_none()) {
            let item = Pointer::path(&head.path);
            let places = [item.child(head.method.key()), item].into_iter();
            let places = places.chain(std::iter::once_with(|| referred_to(document, head)).flatten());
            let first = places.into_iter().find_map(|place| spread.get(&place)).or(of_resource);
            *refused = first.copied().cloned();
            is_refused |= refused.is_some();
        }
    }
    is_refused
}

/// Adds the component schemas that lead to a place with a problem. What is past the boundary is not followed.
fn spread<'p>(
    document: &Document<'_>,
    config: &Config,
    own: &BTreeMap<Pointer, &'p Diagnostic>,
) -> BTreeMap<Pointer, &'p Diagnostic> {
    let rows: BTreeSet<_> = config.resources.iter().map(|row| row.schema.as_str()).collect();
    let mut back: BTreeMap<Pointer, Vec<Pointer>> = BTreeMap::new();
    for key in document.schema_keys() {
        let Some(Ok(schema)) = document.schema(key) else { continue };
        if rows.contains(key) || !is_resource(&schema) {
            let from = Pointer::schema(key);
            references(&schema).iter().for_each(|to| back.entry(Pointer::schema(to)).or_default().push(from.clone()));
        }
    }
    let mut spread = own.clone();
    let mut pending: Vec<_> = own.iter().map(|(place, problem)| (place.clone(), *problem)).collect();
    while let Some((place, problem)) = pending.pop() {
        for from in back.remove(&place).into_iter().flatten() {
            if let Entry::Vacant(entry) = spread.entry(from.clone()) {
                entry.insert(problem);
                pending.push((from, problem));
            }
        }
    }
    spread
}

/// The component schemas that an operation refers to.
fn referred_to(document: &Document<'_>, head: &OperationHead) -> Vec<Pointer> {
    let Some(Ok(Value::Object(item))) = document.path(&head.path) else { return Vec::new() };
    let is_about = |key: &str| key == head.method.key() || Verb::of_key(key).is_none();
    let parts = item.iter().filter(|(key, _)| is_about(key));
    parts.flat_map(|(_, part)| references(part)).map(|key| Pointer::schema(&key)).collect()
}

/// The operation, path item or component schema that a problem is in.
fn place(problem: &Diagnostic) -> Option<Pointer> {
    let tokens: Vec<_> = problem.pointer.tokens().collect();
    match tokens.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["paths", path, method, ..] if Verb::of_key(method).is_some() => Some(Pointer::path(path).child(method)),
        ["paths", path, ..] => Some(Pointer::path(path)),
        ["components", "schemas", key, ..] => Some(Pointer::schema(key)),
        _ => None,
    }
}
