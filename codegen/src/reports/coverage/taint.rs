//! Which operations a problem is one of: that in which it lies, or those that reach the component schema in which it lies.

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
    let places = places(problems);
    let schemas = schemas(document, config, &places);
    let mut is_refused = false;
    for resource in covered {
        let of_resource = places.get(&Pointer::schema(&resource.schema));
        for (head, refused) in resource.operations.iter_mut().filter(|(_, refused)| refused.is_none()) {
            let item = Pointer::path(&head.path);
            let own = places.get(&item.child(head.method.key()));
            let shared = || places.get(&item);
            let reached = || reached(document, head, &schemas);
            let first = own.or_else(shared).copied().or_else(reached).or(of_resource.copied());
            *refused = first.and_then(|at| problems.get(at)).copied().cloned();
            is_refused |= refused.is_some();
        }
    }
    is_refused
}

/// The problem of each component schema that leads to one that has a problem.
fn schemas(document: &Document<'_>, config: &Config, places: &BTreeMap<Pointer, usize>) -> BTreeMap<String, usize> {
    let direct = |key: &str| Some((key.to_owned(), *places.get(&Pointer::schema(key))?));
    let mut tainted: BTreeMap<String, usize> = document.schema_keys().filter_map(direct).collect();
    if tainted.is_empty() {
        return tainted;
    }
    let back = back(document, config);
    let mut pending: Vec<_> = tainted.clone().into_iter().collect();
    while let Some((key, problem)) = pending.pop() {
        for from in back.get(&key).into_iter().flatten() {
            if !tainted.contains_key(from) {
                tainted.insert(from.clone(), problem);
                pending.push((from.clone(), problem));
            }
        }
    }
    tainted
}

/// The problem of a component schema that an operation refers to.
fn reached(document: &Document<'_>, head: &OperationHead, schemas: &BTreeMap<String, usize>) -> Option<usize> {
    if schemas.is_empty() {
        return None;
    }
    let Ok(Value::Object(item)) = document.path(&head.path)? else { return None };
    let is_about = |key: &str| key == head.method.key() || Verb::of_key(key).is_none();
    let parts = item.iter().filter(|(key, _)| is_about(key));
    parts.flat_map(|(_, part)| references(part)).filter_map(|key| schemas.get(&key).copied()).min()
}

/// The component schemas that refer to each. What is past the boundary is not followed.
fn back(document: &Document<'_>, config: &Config) -> BTreeMap<String, BTreeSet<String>> {
    let rows: BTreeSet<_> = config.resources.iter().map(|row| row.schema.as_str()).collect();
    let mut back: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for key in document.schema_keys() {
        let Some(Ok(schema)) = document.schema(key) else { continue };
        if is_resource(&schema) && !rows.contains(key) {
            continue;
        }
        for target in references(&schema) {
            back.entry(target).or_default().insert(key.to_owned());
        }
    }
    back
}

/// The first problem of each operation, path item and component schema.
fn places(problems: &[&Diagnostic]) -> BTreeMap<Pointer, usize> {
    let mut places = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate() {
        if let Some(place) = place(problem) {
            places.entry(place).or_insert(at);
        }
    }
    places
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
