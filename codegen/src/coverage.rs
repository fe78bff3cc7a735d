//! Which resources and operations of a document can be generated, and why the others cannot.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::{Config, Lookup, OperationRow, Resource};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::document::{Document, OperationHead};
use crate::lower::lower;
use crate::select::{references, select, subject};

/// The resources of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The version of the document.
    pub version: String,
    /// The resources that have operations, in the order of their keys.
    pub resources: Vec<Covered>,
}

/// A resource and its operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The component schema.
    pub schema: String,
    /// The operations that respond with it, in the order of their paths and methods, and why each is refused, if it is.
    pub operations: Vec<(OperationHead, Option<Diagnostic>)>,
}

impl Coverage {
    /// Returns the number of operations.
    pub fn operations(&self) -> usize {
        self.resources.iter().map(|resource| resource.operations.len()).sum()
    }

    /// Returns the number of operations that can be generated.
    pub fn generated(&self) -> usize {
        let operations = self.resources.iter().flat_map(|resource| &resource.operations);
        operations.filter(|(_, refused)| refused.is_none()).count()
    }
}

/// Returns the resources of a document, each with all of its operations, as rows of the configuration.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded.
pub fn resources(document: &Document<'_>) -> Result<Vec<Resource>, Diagnostics> {
    let components = Components::new(document);
    let mut problems = Vec::new();
    let mut subjects: Vec<(OperationHead, Option<String>)> = Vec::new();
    for head in document.operations() {
        let key = match document.path(&head.path) {
            Some(Ok(item)) => {
                subject(&item[head.method.key()], &|key| components.get(key).map(Cow::Owned)).map(|subject| subject.key)
            }
            Some(Err(problem)) => {
                problems.push(problem);
                continue;
            }
            None => continue,
        };
        subjects.push((head, key));
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    let mut operations: BTreeMap<String, Vec<OperationRow>> = BTreeMap::new();
    for (head, key) in &subjects {
        // A response that is not JSON belongs to the resource that the path is of.
        let above = || {
            let mut prefixes =
                subjects.iter().filter(|(other, key)| key.is_some() && is_below(&head.path, &other.path));
            prefixes.next_back().and_then(|(_, key)| key.clone())
        };
        let key = key.clone().or_else(above).unwrap_or_default();
        let row = OperationRow::Path { method: head.method, path: head.path.clone(), name: None };
        operations.entry(key).or_default().push(row);
    }
    let row = |(schema, operations)| Resource { schema, operations, feature: None, releases: Vec::new() };
    Ok(operations.into_iter().map(row).collect())
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns which operations of a document can be generated together.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded.
pub fn coverage(config: &Config, document: &Document<'_>) -> Result<Coverage, Diagnostics> {
    coverage_of(config, document, resources(document)?)
}

/// Returns which operations of these resources can be generated together.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded.
pub fn coverage_of(
    config: &Config,
    document: &Document<'_>,
    resources: Vec<Resource>,
) -> Result<Coverage, Diagnostics> {
    let mut config = config.clone();
    config.resources.clone_from(&resources);
    let lookup = Lookup::new(&config, None);
    let problems = match select(document, &lookup).and_then(|selection| lower(&selection, &lookup)) {
        Ok(_) => Vec::new(),
        Err(Diagnostics(problems)) => problems,
    };
    let components = Components::new(document);
    let version = document.version().unwrap_or_default();
    let heads = document.operations();
    let covered = resources.into_iter().map(|Resource { schema, operations, .. }| {
        let operations = operations.iter().filter_map(|row| {
            let OperationRow::Path { method, path, .. } = row else { return None };
            let head = heads.iter().find(|head| head.method == *method && head.path == *path)?;
            Some((head.clone(), refused(document, &components, head, &problems)))
        });
        Covered { operations: operations.collect(), schema }
    });
    Ok(Coverage { version, resources: covered.collect() })
}

/// The first problem of an operation, or of a schema that it reaches.
fn refused(
    document: &Document<'_>,
    components: &Components<'_, '_>,
    head: &OperationHead,
    problems: &[Diagnostic],
) -> Option<Diagnostic> {
    let own = Pointer::path(&head.path).child(head.method.key());
    if let Some(problem) = problems.iter().find(|problem| problem.pointer.is_within(&own)) {
        return Some(problem.clone());
    }
    if problems.is_empty() {
        return None;
    }
    let item = document.path(&head.path)?.ok()?;
    let reached = components.reach(&item[head.method.key()]);
    problems.iter().find(|problem| reached.iter().any(|key| problem.pointer.is_within(&Pointer::schema(key)))).cloned()
}

/// The component schemas of a document, each decoded once.
struct Components<'a, 't> {
    document: &'a Document<'t>,
    known: RefCell<BTreeMap<String, Option<Value>>>,
}

impl<'a, 't> Components<'a, 't> {
    fn new(document: &'a Document<'t>) -> Self {
        Self { document, known: RefCell::default() }
    }

    fn get(&self, key: &str) -> Option<Value> {
        let mut known = self.known.borrow_mut();
        known.entry(key.to_owned()).or_insert_with(|| self.document.schema(key).and_then(Result::ok)).clone()
    }

    /// The keys of all schemas that a part of the document refers to.
    fn reach(&self, part: &Value) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut pending = references(part);
        while let Some(key) = pending.pop() {
            if reached.insert(key.clone()) {
                pending.extend(self.get(&key).iter().flat_map(references));
            }
        }
        reached
    }
}
