//! The resource that a response is about.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::schema_key;

/// The kind of page that a response can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Of a list.
    List,
    /// Of search results.
    Search,
    /// Of a list of `/v2`.
    ListV2,
}

/// The resource that a successful response is about, and the kind of page that it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The component schema.
    pub(crate) key: String,
    /// The kind of page, if the response is one.
    pub(crate) page: Option<Page>,
}

/// The most references that are followed from a response to its resource.
const CHAIN: usize = 32;

/// Finds a component schema by its key.
type Components<'a> = &'a dyn Fn(&str) -> Option<Cow<'a, Value>>;

/// Returns the resource that the response of an operation is about: the one that it is, lists, or is first of several. What
/// is left of a deleted object is about the object. `component` finds a component schema.
pub(crate) fn subject(operation: &Value, component: Components<'_>) -> Option<Subject> {
    let schema = operation.pointer("/responses/200/content/application~1json/schema")?;
    of_schema(schema, component, &mut Vec::new())
}

fn of_schema(schema: &Value, component: Components<'_>, seen: &mut Vec<String>) -> Option<Subject> {
    if let Some(key) = schema.get("$ref").and_then(Value::as_str).and_then(schema_key) {
        return of_component(key, component, seen);
    }
    let parts = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
    if let Some(first) = parts.and_then(|parts| parts.first()) {
        return of_schema(first, component, seen);
    }
    let page = match schema.pointer("/properties/object/enum/0").and_then(Value::as_str) {
        Some("list") => Page::List,
        Some("search_result") => Page::Search,
        None if schema.pointer("/properties/next_page_url").is_some() => Page::ListV2,
        _ => return None,
    };
    let item = of_schema(schema.pointer("/properties/data/items")?, component, seen)?;
    Some(Subject { page: Some(page), ..item })
}

fn of_component(key: String, component: Components<'_>, seen: &mut Vec<String>) -> Option<Subject> {
    let plain = |key: String| Some(Subject { key, page: None });
    if seen.len() == CHAIN || seen.contains(&key) {
        return plain(key);
    }
    seen.push(key.clone());
    let Some(schema) = component(&key) else { return plain(key) };
    if let Some(rest) = key.strip_prefix("deleted_").filter(|rest| component(rest).is_some()) {
        return plain(rest.to_owned());
    }
    if schema["properties"]["deleted"]["enum"] == json!([true]) {
        return plain(schema.pointer("/properties/object/enum/0").and_then(Value::as_str).unwrap_or(&key).to_owned());
    }
    match schema.get("x-resourceId") {
        Some(_) => plain(key),
        None => of_schema(&schema, component, seen).or_else(|| plain(key)),
    }
}
