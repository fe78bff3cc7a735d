//! The types of events: enums of the rows `[[event]]`, beside what is lowered from the document.

use crate::config::{Config, Event};
use crate::ir::{Docs, Enum, EventKind, Origin, Usage, Variant};
use crate::markdown::{code, markdown};
use crate::rust::render::Home;

/// Returns the enums of the types of events: that of events with a snapshot of their object, and that of thin ones. A crate without
/// rows has neither. In a crate of one's own with rows, the first one is there even if it is empty: the type of an event is one.
pub(crate) fn types(config: &Config) -> Vec<Enum> {
    let kinds = [EventKind::Snapshot, EventKind::Thin].into_iter().filter_map(|kind| {
        let events: Vec<_> =
            config.events.iter().filter(|event| event.is_thin() == (kind == EventKind::Thin)).collect();
        let is_needed = kind == EventKind::Snapshot && config.home == Home::OwnCrate && !config.events.is_empty();
        (is_needed || !events.is_empty()).then(|| of_kind(config, kind, &events))
    });
    kinds.collect()
}

fn of_kind(config: &Config, kind: EventKind, events: &[&Event]) -> Enum {
    let origin = |text: String| Origin { docs: Docs { text, ..Docs::default() }, ..Origin::default() };
    // `Config::check` reports one without a name.
    let variants = events.iter().filter_map(|event| {
        let text = markdown(&event.description, &config.docs_url);
        let origin = Origin { rows: vec![event.row()], place: event.type_.clone(), ..origin(text) };
        Some(Variant { value: event.type_.clone(), name: event.variant()?, origin })
    });
    let what = match kind {
        EventKind::Snapshot => "events",
        EventKind::Thin => "thin events",
    };
    let example = events.first().map(|event| code(&event.type_)).unwrap_or_default();
    let docs = match events {
        [] => format!("What happened. This crate names none of the {what}: each is [`Unknown`](Self::Unknown)."),
        _ => format!(
            "What happened, as in {example}.\n\nThe variants are the {what} that this crate names. Others, and those that Stripe \
             adds, are [`Unknown`](Self::Unknown)."
        ),
    };
    Enum {
        name: kind.name().to_owned(),
        module: config.home.events().to_owned(),
        owner: String::new(),
        origin: origin(docs),
        variants: variants.collect(),
        is_computed: false,
        usage: Usage::Responses,
    }
}
