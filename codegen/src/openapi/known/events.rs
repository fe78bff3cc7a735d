//! The events that a whole document lists or states, and what each is about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::date;
use crate::config::{Config, Event, OperationRow, version};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::openapi::document::Document;
use crate::openapi::node::{COMPOSITIONS, Node};
use crate::reports::coverage;
use crate::rust::naming;

/// The first version of the API below `/v2/`, where a thin event is retrieved: a request of an earlier version is refused there.
const THIN_EVENTS_SINCE: &str = "2024-09-30";

/// The events of a document.
pub(super) struct Events {
    /// Those that an endpoint of webhooks can be sent, and those that an event destination can if they are listed.
    pub(super) listed: BTreeSet<String>,
    /// The thin ones that have a schema, each with the kind of object that it is about if the schema says so.
    stated: BTreeMap<String, Option<String>>,
}

impl Events {
    pub(super) fn new(document: &Document<'_>) -> Result<Self, Diagnostics> {
        Ok(Self { listed: listed(document)?, stated: stated(document)? })
    }

    /// Returns the events of rows that the document has no longer. It says so of the ones that it lists at all: those with a
    /// snapshot of their object, and the thin ones of a version of which it has others, but for those that Stripe's libraries know.
    pub(super) fn gone(&self, config: &Config) -> BTreeSet<String> {
        let all = || self.listed.iter().chain(self.stated.keys());
        let kind = |event: &str| version(event).map(|(version, _)| version.to_owned());
        let kinds: BTreeSet<_> = all().filter(|event| *event != "*").map(|event| kind(event)).collect();
        let has = |event: &String| all().any(|other| other == event) || config.thin_events.contains(event);
        let rows = config.events.iter().map(|row| &row.type_);
        rows.filter(|event| kinds.contains(&kind(event)) && !has(event)).cloned().collect()
    }

    /// Returns the events that are about one of these resources: those of the document, and the thin ones that are known otherwise,
    /// unless the document is from before thin events can be retrieved.
    pub(super) fn about(
        self,
        document: &Document<'_>,
        schemas: &BTreeSet<&str>,
        thin: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Diagnostics> {
        let is_before = document.version().as_deref().and_then(date).is_some_and(|date| date < THIN_EVENTS_SINCE);
        let thin = thin.iter().filter(|_| !is_before).cloned();
        let unstated = self.listed.into_iter().chain(thin).map(|event| (event, None));
        let events: BTreeMap<_, _> = unstated.chain(self.stated).collect();
        // A document without events need not be searched.
        if events.is_empty() {
            return Ok(BTreeSet::new());
        }
        let resources = names(&coverage::resources(document)?);
        let mut ours = BTreeSet::new();
        for (event, object) in events {
            let object = match object {
                None => about(&event, &resources, &|owner, word| member(document, owner, word))?,
                object => object,
            };
            ours.extend(object.filter(|schema| schemas.contains(schema.as_str())).map(|_| event));
        }
        Ok(ours)
    }
}

/// Returns the resources by what events call them: their keys, or else their own paths.
pub(super) fn names(resources: &[crate::config::Resource]) -> BTreeMap<String, String> {
    let keys = resources.iter().map(|one| (one.schema.replace('.', "_"), one.schema.clone()));
    let mut names: BTreeMap<_, _> = keys.collect();
    for resource in resources {
        for row in &resource.operations {
            if let OperationRow::Path { path, .. } = row
                && !path.contains('{')
            {
                names.entry(naming::path_words(path)).or_insert_with(|| resource.schema.clone());
            }
        }
    }
    names
}

/// Tells what a resource holds under a word.
type Member<'a> = dyn Fn(&str, &str) -> Result<Option<String>, Diagnostics> + 'a;

/// Returns the resource that an event is about, by what is before its last word: the words name one resource after another, each by
/// as many words as possible, and the last one counts. So `customer.subscription.created` is about a `subscription`,
/// `issuing_card.created` about an `issuing.card`, and `customer.subscription.trial.ended` about a `subscription`. What a resource
/// holds under a word, as `member` tells, comes before a resource of that name if its own name ends alike: the `refund` of an
/// `application_fee` is a `fee_refund`.
///
/// A thin event has the version in front, and may have a part of the object in brackets, as in
/// `v2.core.account[requirements].updated`. What is not of `v1` is about a resource that begins with the version.
pub(super) fn about(
    event: &str,
    resources: &BTreeMap<String, String>,
    member: &Member<'_>,
) -> Result<Option<String>, Diagnostics> {
    let Some((before, _)) = event.split_once('[').or_else(|| event.rsplit_once('.')) else { return Ok(None) };
    let (is_whole, before) = match version(before) {
        Some(("v1", rest)) => (false, rest),
        Some(_) => (true, before),
        None => (false, before),
    };
    let words: Vec<_> = before.split('.').collect();
    let longest = |words: &[&str]| {
        (1..=words.len()).rev().find_map(|length| Some((length, resources.get(&words[..length].join("_"))?.clone())))
    };
    if is_whole {
        // The one resource that an event has in the plural is `v2.commerce.product_catalog.imports`.
        let parts = (2..=words.len()).rev().map(|length| words[..length].join("_"));
        let mut parts = parts.flat_map(|name| [name.strip_suffix('s').map(str::to_owned), Some(name)]).flatten();
        return Ok(parts.find_map(|name| resources.get(&name).cloned()));
    }
    let Some((mut at, mut found)) = longest(&words) else { return Ok(None) };
    while at < words.len() {
        let named = longest(&words[at..]);
        let held = match named {
            Some((2.., _)) => None,
            _ => member(&found, words[at])?
                .filter(|held| held.ends_with(words[at]) && resources.values().any(|resource| resource == held)),
        };
        let Some((length, next)) = held.map(|schema| (1, schema)).or(named) else { break };
        (at, found) = (at + length, next);
    }
    Ok(Some(found))
}

/// Returns the one kind of object that a schema holds under a word, or lists under its plural.
fn member(document: &Document<'_>, owner: &str, word: &str) -> Result<Option<String>, Diagnostics> {
    let Some(owner) = document.schema(owner).transpose()? else { return Ok(None) };
    let properties = [word.to_owned(), naming::plural(word)].map(|name| owner["properties"].get(&name).cloned());
    let Some(property) = properties.into_iter().flatten().next() else { return Ok(None) };
    let held = property.pointer("/properties/data/items").unwrap_or(&property);
    let references = [held].into_iter().chain(Node(held).list("anyOf")).filter_map(|one| Node(one).reference());
    let mut objects = BTreeSet::new();
    for key in references {
        let schema = document.schema(&key).transpose()?.unwrap_or_default();
        // What says that an object is deleted is about the same one, and a union is of several kinds.
        if Node(&schema).property("deleted").is_none() {
            objects.insert(Node(&schema).property("object").map(|_| key));
        }
    }
    Ok(if objects.len() == 1 { objects.pop_first().flatten() } else { None })
}

/// Returns the events that an endpoint of webhooks can be sent, and those that an event destination can if they are listed: the
/// values of `enabled_events`.
fn listed(document: &Document<'_>) -> Result<BTreeSet<String>, Diagnostics> {
    let (mut events, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let is_of_webhooks = |path: &&str| path.ends_with("/webhook_endpoints") || path.ends_with("/event_destinations");
    for path in document.paths().filter(is_of_webhooks) {
        let Some(item) = document.path(path).transpose()? else { continue };
        // References lead out of a response to nearly the whole document, and are followed only in a body.
        let operations = item.as_object().into_iter().flat_map(|item| item.values());
        let bodies = operations.map(|operation| (operation["requestBody"].clone(), true));
        let mut pending: Vec<_> = bodies.chain([(item.clone(), false)]).collect();
        while let Some((value, follows)) = pending.pop() {
            if follows && value["$ref"].as_str().is_some_and(|reference| seen.insert(reference.to_owned())) {
                pending.push((resolve(document, &value)?, follows));
            }
            match value {
                Value::Object(members) => {
                    if let Some(list) = members.get("enabled_events") {
                        events.extend(values(document, &resolve(document, list)?["items"])?);
                    }
                    pending.extend(members.into_iter().map(|(_, member)| (member, follows)));
                }
                Value::Array(elements) => pending.extend(elements.into_iter().map(|element| (element, follows))),
                _ => {}
            }
        }
    }
    Ok(events)
}

/// Returns the thin events that have a schema, each with the kind of object that it is about if the schema says so.
fn stated(document: &Document<'_>) -> Result<BTreeMap<String, Option<String>>, Diagnostics> {
    let (mut events, mut problems) = (BTreeMap::new(), Vec::new());
    for key in document.schema_keys_with("x-stripeEvent") {
        let Some(schema) = document.schema(key).transpose()? else { continue };
        let about = &schema["x-stripeEvent"];
        let (Some("thin"), Some(event)) = (about["kind"].as_str(), about["type"].as_str()) else { continue };
        if !Event::is_thin_type(event) {
            let reason = format!("`{event}` is the type of a thin event, and has no version such as `v1.` in front");
            let help = "correct the type in the document: without a version, it is that of an event with its object";
            let pointer = Pointer::schema(key).child("x-stripeEvent").child("type");
            problems.push(Diagnostic::new(document.name, pointer, reason, help));
            continue;
        }
        let related = resolve(document, &schema["properties"]["related_object"])?;
        let mut kinds = values(document, &related["properties"]["type"])?;
        for alternative in COMPOSITIONS.iter().flat_map(|key| Node(&related).list(key)) {
            kinds.extend(values(document, &resolve(document, alternative)?["properties"]["type"])?);
        }
        // Of several kinds, none is sure: the name of the event decides.
        let object = if kinds.len() == 1 { kinds.pop_first() } else { None };
        events.insert(event.to_owned(), object);
    }
    Diagnostics::of(problems).map(|()| events)
}

/// The most references that lead to one another.
const REFERENCES: usize = 32;

/// Returns what a value refers to, or the value itself if it is no reference. Nothing is where a reference does not lead.
fn resolve(document: &Document<'_>, value: &Value) -> Result<Value, Diagnostics> {
    let mut value = value.clone();
    for _ in 0..REFERENCES {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Ok(value) };
        let Some(pointer) = reference.strip_prefix('#').map(Pointer::parse) else { return Ok(Value::Null) };
        let tokens: Vec<String> = pointer.tokens().collect();
        let (part, rest) = match tokens.as_slice() {
            [components, schemas, key, rest @ ..] if components == "components" && schemas == "schemas" => {
                (document.schema(key), rest)
            }
            [components, kind, rest @ ..] if components == "components" => (document.component(kind), rest),
            [paths, path, rest @ ..] if paths == "paths" => (document.path(path), rest),
            _ => (None, tokens.as_slice()),
        };
        let part = part.transpose()?.unwrap_or_default();
        let inner = rest.iter().try_fold(&part, |part, token| match part {
            Value::Array(elements) => elements.get(token.parse::<usize>().ok()?),
            part => part.get(token),
        });
        value = inner.cloned().unwrap_or_default();
    }
    Ok(Value::Null)
}

/// Returns the strings that a schema lists: its `enum`, its `const`, and those of its alternatives.
fn values(document: &Document<'_>, schema: &Value) -> Result<BTreeSet<String>, Diagnostics> {
    let (mut texts, mut pending, mut seen) = (BTreeSet::new(), vec![schema.clone()], Vec::new());
    while let Some(schema) = pending.pop() {
        // An alternative can lead back to what it is one of.
        if seen.contains(&schema) {
            continue;
        }
        seen.push(schema.clone());
        let schema = resolve(document, &schema)?;
        let node = Node(&schema);
        texts.extend(node.texts("enum").chain(node.text("const")).map(str::to_owned));
        pending.extend(COMPOSITIONS.iter().flat_map(|key| node.list(key)).cloned());
    }
    Ok(texts)
}
