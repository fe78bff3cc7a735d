//! Which resources and operations of a document can be generated, and why the others cannot. This generates: what is called
//! refused was refused, and the rest was generated.

mod taint;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::config::{Config, OperationRow, Resource};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer, nearest};
use crate::openapi::document::{Document, OperationHead, Verb};
use crate::openapi::method::Method;
use crate::rust::naming;
use crate::select::{NOT_YET, is_resource, schema_key, subject, supported};
use crate::{Generated, Lowered};

/// The resources of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The version of the document.
    pub version: String,
    /// The resources that have operations, in the order of their keys.
    pub resources: Vec<Covered>,
    /// The problems of no single operation, which stop all of them.
    pub problems: Vec<Diagnostic>,
    /// Everything that is wrong with the operations that are refused: one of them can have several problems.
    reasons: Vec<Diagnostic>,
    /// The component schemas that the document does not have, each with a place that refers to it: they are taken to be past the
    /// boundary.
    pub absent: BTreeMap<String, Pointer>,
}

/// A resource and its operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The component schema, or what the path of the operations names if they respond with none.
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
        self.resources.iter().map(Covered::generated).sum()
    }

    /// Returns everything that operations are refused for: the problems of no single one, and each of the others once.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        let operations = self.resources.iter().flat_map(|resource| &resource.operations);
        let mut problems = [self.problems.as_slice(), &self.reasons].concat();
        problems.extend(operations.filter_map(|(_, refused)| refused.clone()));
        let mut seen = BTreeSet::new();
        problems.retain(|one| seen.insert((one.pointer.clone(), one.reason.clone())));
        problems
    }

    /// Returns what operations are refused for beside the reason that each is shown with.
    pub fn other_refusals(&self) -> Vec<Diagnostic> {
        let operations = self.resources.iter().flat_map(|resource| &resource.operations);
        let shown: HashSet<_> = operations.filter_map(|(_, refused)| refused.as_ref()).collect();
        let mut others = self.refusals();
        others.retain(|one| !shown.contains(one));
        others
    }
}

impl Covered {
    /// Returns the number of operations that can be generated.
    pub fn generated(&self) -> usize {
        self.operations.iter().filter(|(_, refused)| refused.is_none()).count()
    }
}

/// Returns the resources of a document, each with all of its operations that a row can name.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded.
pub fn resources(document: &Document<'_>) -> Result<Vec<Resource>, Diagnostics> {
    Ok(operations(document)?.into_iter().map(|(schema, heads)| resource(&schema, heads.iter())).collect())
}

/// The operations of a document by the resource that each is about.
fn operations(document: &Document<'_>) -> Result<BTreeMap<String, Vec<OperationHead>>, Diagnostics> {
    let mut problems = Vec::new();
    let mut subjects: Vec<(OperationHead, Option<String>, Option<String>)> = Vec::new();
    problems.extend(document.unread_paths());
    for head in document.operations() {
        let item = match document.path(&head.path) {
            Some(Ok(item)) => item,
            Some(Err(problem)) => {
                problems.push(problem);
                continue;
            }
            None => continue,
        };
        let component = |key: &str| document.schema(key).and_then(Result::ok).map(Cow::Owned);
        let key = subject(&item[head.method.key()], &component).map(|subject| subject.key);
        // What says of any object that it is deleted is about none.
        let is_about =
            |key: &String| head.method != Method::Delete.into() || component(key).is_none_or(|one| is_resource(&one));
        subjects.push((head.clone(), key.clone().filter(is_about), key));
    }
    if !problems.is_empty() {
        problems.dedup();
        return Err(Diagnostics(problems));
    }
    // The resource of each path, by its last operation.
    let known: BTreeMap<&str, &String> =
        subjects.iter().filter_map(|(head, key, _)| Some((head.path.as_str(), key.as_ref()?))).collect();
    let mut operations: BTreeMap<String, Vec<OperationHead>> = BTreeMap::new();
    for (head, key, returned) in &subjects {
        // A response that is about none belongs to the resource that the path is of.
        let above = || {
            let prefixes = head.path.rmatch_indices('/').map(|(end, _)| &head.path[..end]);
            let mut prefixes = [head.path.as_str()].into_iter().chain(prefixes);
            prefixes.find_map(|prefix| known.get(prefix)).map(|key| (*key).clone())
        };
        let key = key.clone().or_else(above).or_else(|| returned.clone());
        let key = key.or_else(|| beside(&known, &head.path)).unwrap_or_else(|| naming::path_words(&head.path));
        operations.entry(key).or_default().push(head.clone());
    }
    Ok(operations)
}

/// The resource of the path of the same group that begins most like this one: an operation that takes data and returns none is
/// beside those that it is for.
fn beside(known: &BTreeMap<&str, &String>, path: &str) -> Option<String> {
    let (group, _) = path.rsplit_once('/').filter(|(group, _)| group.matches('/').count() > 1)?;
    let others = [known.range(..path).next_back(), known.range(path..).next()];
    let others = others.into_iter().flatten().filter(|(other, _)| other.starts_with(&format!("{group}/")));
    let alike = |other: &str| other.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
    others.max_by_key(|(other, _)| alike(other)).map(|(_, key)| (*key).clone())
}

/// Returns which operations of a document can be generated together.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded.
pub fn coverage(config: &Config, document: &Document<'_>) -> Result<Coverage, Diagnostics> {
    Ok(generate(config, document, None)?.0)
}

/// Generates the operations of these resources, or of all resources, without those that are refused. Nothing is generated if
/// all are.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded, and for a resource that has no operation.
pub fn generate(
    config: &Config,
    document: &Document<'_>,
    resources: Option<&[String]>,
) -> Result<(Coverage, Option<Generated>), Diagnostics> {
    let mut operations = operations(document)?;
    let paths = Pointer::default().child("paths");
    if operations.is_empty() {
        let help = "name a document with operations";
        return Err(Diagnostic::new(document.name, paths, "the document has no operation", help).into());
    }
    if let Some(names) = resources {
        let unknown = names.iter().filter(|name| !operations.contains_key(*name)).map(|unknown| {
            let near = nearest(unknown, operations.keys().map(String::as_str));
            let reason = format!("the document has no operation of a resource `{unknown}`{near}");
            let help =
                format!("name one of those that `cargo xtask coverage --spec {}` lists, or `all`", document.name);
            Diagnostic::new(document.name, paths.clone(), reason, help)
        });
        let unknown: Vec<_> = unknown.collect();
        if !unknown.is_empty() {
            return Err(Diagnostics(unknown));
        }
        operations.retain(|schema, _| names.contains(schema));
    }
    let mut covered: Vec<_> = operations
        .into_iter()
        .map(|(schema, heads)| {
            let is_known = document.schema_keys().any(|key| key == schema);
            let heads = heads.into_iter().map(|head| {
                let refused = refused_at_once(document, &head, is_known);
                (head, refused)
            });
            Covered { operations: heads.collect(), schema }
        })
        .collect();
    let mut reasons = Vec::new();
    let (mut config, version) = (config.clone(), document.version().unwrap_or_default());
    // Each round refuses some operation, and so there is a last one.
    loop {
        config.resources = covered.iter().filter_map(|resource| row(document, resource)).collect();
        let problems = match Lowered::new(&config, None, document) {
            Ok(lowered) => {
                let absent = lowered.selection.absent.clone();
                let coverage = Coverage { version, resources: covered, problems: Vec::new(), reasons, absent };
                let generated = (coverage.generated() > 0).then(|| lowered.emit(document)).transpose()?;
                return Ok((coverage, generated));
            }
            Err(Diagnostics(problems)) => problems,
        };
        let refused = taint::refuse(document, &config, &problems, &mut covered);
        if refused.is_empty() {
            let operations = covered.iter_mut().flat_map(|resource| &mut resource.operations);
            for (_, refused) in operations.filter(|(_, refused)| refused.is_none()) {
                *refused = problems.first().cloned();
            }
            return Ok((Coverage { version, resources: covered, problems, reasons, absent: BTreeMap::new() }, None));
        }
        reasons.extend(refused);
    }
}

/// Why an operation is refused whatever its schemas are.
fn refused_at_once(document: &Document<'_>, head: &OperationHead, is_known: bool) -> Option<Diagnostic> {
    let pointer = Pointer::path(&head.path).child(head.method.key());
    match supported(head.method) {
        Err(reason) => Some(Diagnostic::new(document.name, pointer, reason, NOT_YET)),
        Ok(_) if is_known => None,
        Ok(_) => Some(dangling(document, head).unwrap_or_else(|| {
            let reason =
                "the response `200` names no resource as `application/json`, and the path is below that of none";
            Diagnostic::new(document.name, pointer, reason, NOT_YET)
        })),
    }
}

/// The diagnostic for a successful response that is a reference to a schema which the document does not have.
fn dangling(document: &Document<'_>, head: &OperationHead) -> Option<Diagnostic> {
    let item = document.path(&head.path)?.ok()?;
    let schema = "/responses/200/content/application~1json/schema/$ref";
    let target = item.get(head.method.key())?.pointer(schema)?.as_str().and_then(schema_key)?;
    if document.schema_keys().any(|key| key == target) {
        return None;
    }
    let at = Pointer::parse(&format!("{}{schema}", Pointer::path(&head.path).child(head.method.key())));
    let reason = format!("`$ref` names the schema `{target}`, which the document does not have");
    Some(Diagnostic::new(document.name, at, reason, "correct the document, or name the whole one"))
}

fn row(document: &Document<'_>, resource: &Covered) -> Option<Resource> {
    let left = resource.operations.iter().filter(|(_, refused)| refused.is_none());
    let row = self::resource(&resource.schema, left.map(|(head, _)| head));
    // A resource of which nothing is left is past the boundary: what is wrong with it refuses no other.
    let is_left = !row.operations.is_empty() && document.schema_keys().any(|key| key == row.schema);
    is_left.then_some(row)
}

/// The row of a resource with those of these operations that a row can name.
fn resource<'h>(schema: &str, heads: impl Iterator<Item = &'h OperationHead>) -> Resource {
    let rows = heads.filter_map(|OperationHead { method, path, .. }| {
        Some(OperationRow::Path { method: method.method()?, path: path.clone(), name: None })
    });
    Resource { schema: schema.to_owned(), operations: rows.collect(), feature: None, releases: Vec::new() }
}
