//! What a whole document has beside what is selected of it: operations, resources and events that a row could take, and what its
//! texts say.
//!
//! The document in `spec/` is only the selected part, in other words than Stripe's. What was there before, and what a text said,
//! is kept beside it as facts: names, and a hash of each text.

mod events;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::events::Events;
use crate::config::{Config, Lookup, OperationRow, Resource, Table, proposal, string};
use crate::diagnostic::Diagnostics;
use crate::openapi::document::{Document, OperationHead};
use crate::reports::coverage;
use crate::rust::naming;
use crate::rust::render::Home;

/// Facts of a whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// What this is, for readers.
    pub about: String,
    /// A hash of the selected part without its texts.
    pub selected: String,
    /// The operations of the selected resources, and those below the same paths, by method and path.
    pub operations: BTreeMap<String, KnownOperation>,
    /// The events of the selected resources' namespaces that an endpoint can be sent; in a crate of one's own, those of the
    /// selected resources.
    pub events: BTreeSet<String>,
    /// The events of rows that it has no longer.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub events_gone: BTreeSet<String>,
    /// A hash of each text of the selected part, by place.
    pub texts: BTreeMap<String, String>,
}

/// An operation of a whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownOperation {
    /// Its id.
    pub id: String,
    /// The component schema of its resource.
    pub resource: String,
}

impl Known {
    /// Returns the facts of a document: its operations and events as the rows for a release concern them. The hashes of its texts
    /// are for the caller to add.
    ///
    /// # Errors
    /// Returns a diagnostic for each part of the document that cannot be decoded.
    pub fn new(config: &Config, release: Option<&str>, document: &Document<'_>) -> Result<Self, Diagnostics> {
        let heads = document.operations();
        let lookup = Lookup::new(config, release);
        let absent = absent(config, release, document);
        let is_there = |row: &Resource, operation: &OperationRow| {
            let is_it = |one: &Absent| one.schema == row.schema && one.operation == operation.to_string();
            !absent.iter().any(is_it)
        };
        let rows: Vec<&Resource> =
            lookup.resources().filter(|row| row.operations.iter().any(|one| is_there(row, one))).collect();
        let selected: Vec<&OperationHead> = heads
            .iter()
            .filter(|head| rows.iter().flat_map(|row| &row.operations).any(|row| row.names(head)))
            .collect();
        // The operations of a resource whose row names none are offered.
        let offered = match config.home {
            Home::Workspace => Vec::new(),
            Home::OwnCrate => config.without_operations(),
        };
        let prefixes: BTreeSet<String> = selected.iter().map(|head| prefix(&head.path)).collect();
        let namespaces: BTreeSet<&str> =
            rows.iter().map(|row| row.schema.split_once('.').map_or(row.schema.as_str(), |(first, _)| first)).collect();
        let mut operations = BTreeMap::new();
        for Resource { schema, operations: of_schema, .. } in coverage::resources(document)? {
            let is_selected = offered.contains(&schema) || rows.iter().any(|row| row.schema == schema);
            for row in &of_schema {
                let Some(head) = heads.iter().find(|head| row.names(head)) else { continue };
                let is_below = |prefix: &String| head.path == *prefix || head.path.starts_with(&format!("{prefix}/"));
                if is_selected || prefixes.iter().any(is_below) {
                    let operation = KnownOperation { id: head.id.clone(), resource: schema.clone() };
                    operations.insert(row.to_string(), operation);
                }
            }
        }
        let is_ours = |event: &String| event.split_once('.').is_some_and(|(first, _)| namespaces.contains(first));
        let events = Events::new(document)?;
        let events_gone = events.gone(config);
        let events = match config.home {
            Home::Workspace => events.listed.into_iter().filter(is_ours).collect(),
            Home::OwnCrate => {
                let schemas = rows.iter().map(|row| row.schema.as_str()).collect();
                events.about(document, &schemas, &config.thin_events)?
            }
        };
        Ok(Self { operations, events, events_gone, ..Self::default() })
    }

    /// Returns the operations that neither `before` has nor a row for the release selects, each with the row that takes it.
    pub fn new_operations(&self, before: &Self, config: &Config, release: &str) -> Vec<NewOperation<'_>> {
        let lookup = Lookup::new(config, Some(release));
        let rows: Vec<&Resource> = lookup.resources().filter(|row| !row.operations.is_empty()).collect();
        let is_selected = |name: &str, operation: &KnownOperation| {
            let row = |row: &OperationRow| match row {
                OperationRow::Id(id) | OperationRow::NamedId { id, .. } => *id == operation.id,
                path => path.to_string() == name,
            };
            rows.iter().any(|resource| resource.operations.iter().any(row))
        };
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        self.operations.values().for_each(|operation| *ids.entry(&operation.id).or_default() += 1);
        let new = self.operations.iter().filter(|(name, operation)| {
            !before.operations.contains_key(*name) && !operation.resource.is_empty() && !is_selected(name, operation)
        });
        let new = new.map(|(name, operation)| {
            let row = rows.iter().find(|row| row.schema == operation.resource);
            // What is not of the crate's first resource is behind a feature, named after the collection.
            let (feature, is_new_feature) = match row {
                Some(row) => (row.feature.clone(), false),
                None => {
                    let feature = collection(name);
                    let is_known = config.resources.iter().any(|row| row.feature.as_ref() == Some(&feature));
                    (Some(feature), !is_known)
                }
            };
            let is_named_by_id = !operation.id.is_empty() && ids.get(operation.id.as_str()) == Some(&1);
            let selector = match (is_named_by_id, name.split_once(' ')) {
                (false, Some((method, path))) => {
                    format!("{{ method = {}, path = {} }}", string(&method.to_lowercase()), string(path))
                }
                _ => string(&operation.id),
            };
            let mut members = vec![("schema", operation.resource.as_str())];
            members.extend(feature.as_deref().map(|feature| ("feature", feature)));
            let releases = [release];
            let releases = if config.releases.len() > 1 { &releases[..] } else { &[] };
            let row = format!("{}\noperations = [{selector}]", proposal(Table::Resource, &members, releases));
            NewOperation { name, operation, selector, row, new_feature: feature.filter(|_| is_new_feature) }
        });
        new.collect()
    }

    /// Returns the events that neither `before` has nor a row names.
    pub fn new_events<'k>(&'k self, before: &'k Self, config: &Config) -> Vec<&'k str> {
        let new = self.events.difference(&before.events).map(String::as_str);
        new.filter(|event| config.events.iter().all(|row| row.type_ != *event)).collect()
    }
}

/// An operation that no row selects yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOperation<'k> {
    /// The method and the path.
    pub name: &'k str,
    /// Its id and its resource.
    pub operation: &'k KnownOperation,
    /// What names it in the list of a row, in TOML.
    pub selector: String,
    /// The row that takes it, in TOML.
    pub row: String,
    /// The feature of the row, if the generated crate may lack it.
    pub new_feature: Option<String>,
}

/// An operation of a row that a document does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The component schema of the row.
    pub schema: String,
    /// The operation, as [`OperationRow`] is shown.
    pub operation: String,
}

/// Returns the operations of the rows for a release, or for none, that its document does not have.
pub fn absent(config: &Config, release: Option<&str>, document: &Document<'_>) -> Vec<Absent> {
    let heads = document.operations();
    let schemas: BTreeSet<&str> = document.schema_keys().collect();
    let mut absent = Vec::new();
    for Resource { schema, operations, .. } in Lookup::new(config, release).resources() {
        let has_schema = schemas.contains(schema.as_str());
        let gone = operations.iter().filter(|one| !has_schema || !heads.iter().any(|head| one.names(head)));
        absent.extend(gone.map(|one| Absent { schema: schema.clone(), operation: one.to_string() }));
    }
    absent
}

/// Returns the date that a version starts with, as those that Stripe accepts do: `2026-09-30.endive`. Later dates are greater.
pub fn date(version: &str) -> Option<&str> {
    let date = version.split('.').next().unwrap_or(version);
    let parts: Vec<_> = date.split('-').map(str::len).collect();
    let is_date = parts == [4, 2, 2] && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_date.then_some(date)
}

/// Returns the path that a resource shares with its siblings: `/v1/financial_connections` of
/// `/v1/financial_connections/sessions/{id}`, and `/v1/customers` of itself.
fn prefix(path: &str) -> String {
    let fixed: Vec<_> = path.split('/').skip(1).take_while(|segment| !segment.starts_with('{')).collect();
    // A version, a namespace, and the collection.
    let length = if fixed.len() > 2 { 2 } else { fixed.len() };
    format!("/{}", fixed[..length].join("/"))
}

/// Returns the name of the collection that an operation, given as its method and its path, is of.
fn collection(name: &str) -> String {
    let path = name.split_once(' ').map_or(name, |(_, path)| path);
    let fixed = path.split('/').skip(1).take_while(|segment| !segment.starts_with('{'));
    let last = fixed.last().unwrap_or_default();
    naming::module_name(&naming::type_name(last).unwrap_or_default())
}

/// Returns the events that are about one of these resources: those that an endpoint of webhooks can be sent, and the thin ones that
/// the document states or that are listed in `thin`, unless the document is from before there were any listed ones.
///
/// # Errors
/// Returns a diagnostic for each part of the document that cannot be decoded, and for each thin event without a version.
pub fn events_about(
    document: &Document<'_>,
    schemas: &BTreeSet<&str>,
    thin: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Diagnostics> {
    Events::new(document)?.about(document, schemas, thin)
}

#[cfg(test)]
mod tests;
