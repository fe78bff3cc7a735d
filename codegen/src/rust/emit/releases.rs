//! What is beside the releases: the file that declares their modules, and the events.

use super::condition;
use super::index::Index;
use super::models::enum_type;
use super::part::Part;
use crate::config::{Config, Event, Release};
use crate::ir::{Api, Docs, Enum, Origin, Usage, Variant};
use crate::markdown::{code, markdown};
use crate::rust::naming;
use crate::rust::render::{Item, Source};

/// Declares the modules of the releases. That of the first one is private: its items are at the crate's root.
pub(crate) fn releases(config: &Config) -> Source {
    let mut items = Vec::new();
    for (at, Release { module, feature, .. }) in config.releases.iter().enumerate() {
        // `Config::check_releases` reports a name that is not an identifier.
        let Some(module) = naming::identifier(module.clone()) else { continue };
        // What is at the root is nowhere else: the module follows the version, and renaming it must break nobody.
        let visibility = if at == 0 { "" } else { "pub " };
        let mut lines: Vec<_> = feature.iter().flat_map(|feature| condition(std::slice::from_ref(feature))).collect();
        lines.push(format!("{visibility}mod {module};"));
        items.push(Item::Lines(lines));
        if at == 0 {
            items.push(Item::Lines(vec![format!("pub use self::{module}::*;")]));
        }
    }
    if !config.events.is_empty() {
        items
            .push(Item::Lines(["#[cfg(feature = \"webhook\")]", "pub(crate) mod events;"].map(str::to_owned).to_vec()));
    }
    let docs = "The releases of Stripe's API: the first one at the crate's root, the others in a module each.";
    Source { docs: docs.to_owned(), items }
}

/// The types of events: those with a snapshot of their object, and the thin ones.
pub(crate) fn events(config: &Config) -> Source {
    let (thin, snapshots): (Vec<_>, Vec<_>) = config.events.iter().partition(|event| event.is_thin());
    let mut part = Part::new("The types of events.");
    for (name, what, events) in [("EventType", "events", snapshots), ("NotificationType", "thin events", thin)] {
        if !events.is_empty() {
            enum_type(&mut part, &event_types(config, name, what, &events));
        }
    }
    part.into_source(&Index::new(&Api::default()))
}

fn event_types(config: &Config, name: &str, what: &str, events: &[&Event]) -> Enum {
    let origin = |text: String| Origin { docs: Docs { text, ..Docs::default() }, ..Origin::default() };
    // `Config::check_releases` reports one without a name.
    let variants = events.iter().filter_map(|event| {
        let text = markdown(&event.description, &config.docs_url);
        Some(Variant { value: event.type_.clone(), name: event.variant()?, origin: origin(text) })
    });
    let example = events.first().map(|event| code(&event.type_)).unwrap_or_default();
    let docs = format!(
        "What happened, as in {example}.\n\nThe variants are the {what} that this crate names. Others, and those that Stripe adds, \
         are [`Unknown`](Self::Unknown)."
    );
    Enum {
        name: name.to_owned(),
        module: String::new(),
        owner: String::new(),
        origin: origin(docs),
        variants: variants.collect(),
        is_computed: false,
        usage: Usage::Responses,
    }
}
