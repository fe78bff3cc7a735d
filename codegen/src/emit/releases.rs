//! What is beside the releases: the file that declares their modules, and the events.

use super::condition;
use super::models::enum_type;
use super::part::Part;
use crate::config::{Config, Release};
use crate::ir::{Api, Docs, Enum, Origin, Usage, Variant};
use crate::markdown::{code, markdown};
use crate::naming;
use crate::render::{Item, Source};

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

/// The types of events.
pub(crate) fn events(config: &Config) -> Source {
    let origin = |text: String| Origin { docs: Docs { text, ..Docs::default() }, ..Origin::default() };
    // `Config::check_releases` reports one without a name.
    let variants = config.events.iter().filter_map(|event| {
        let text = markdown(&event.description, &config.docs_url);
        Some(Variant { value: event.type_.clone(), name: event.variant()?, origin: origin(text) })
    });
    let example = config.events.first().map(|event| code(&event.type_)).unwrap_or_default();
    let docs = format!(
        "What happened, as in {example}.\n\nThe variants are the events that this crate names. Others, and those that Stripe adds, \
         are [`Unknown`](Self::Unknown)."
    );
    let events = Enum {
        name: "EventType".to_owned(),
        module: String::new(),
        owner: String::new(),
        origin: origin(docs),
        variants: variants.collect(),
        is_computed: false,
        usage: Usage::Responses,
    };
    let mut part = Part::new("The types of events.");
    enum_type(&mut part, &events);
    part.into_source(&Api::default())
}
