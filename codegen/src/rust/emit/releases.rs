//! What is beside the releases: the file that declares their modules, and the events.

use std::collections::BTreeSet;

use super::index::Index;
use super::models::enum_type;
use super::part::Part;
use super::text::quoted;
use super::{condition, predicate};
use crate::config::{Config, Event, Release};
use crate::ir::{Api, Docs, Enum, ModelId, Origin, Usage, Variant};
use crate::markdown::{code, markdown};
use crate::rust::naming;
use crate::rust::render::{Head, Home, Item, Source, Use};

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
    let has_events = !config.events.is_empty();
    let webhook = condition(&["webhook".to_owned()]).into_iter();
    match config.home {
        Home::Workspace if has_events => {
            let lines = ["#[cfg(feature = \"webhook\")]", "pub(crate) mod events;"];
            items.push(Item::Lines(lines.map(str::to_owned).to_vec()));
        }
        Home::Workspace => {}
        Home::OwnCrate if has_events => {
            items.push(Item::Lines(webhook.chain(["pub mod webhook;".to_owned()]).collect()));
        }
        // Signatures can be verified all the same.
        Home::OwnCrate => {
            let lines = ["#[doc(inline)]", "pub use stripe_runtime::webhook;"].map(str::to_owned);
            items.push(Item::Lines(webhook.chain(lines).collect()));
        }
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

/// The module of webhooks of a crate of one's own: the types of events, and the call that defines the rest around the models of the
/// selected resources.
pub(crate) fn webhook(config: &Config, api: &Api) -> Source {
    let mut part = Part::new(WEBHOOK);
    let events: Vec<_> = config.events.iter().collect();
    enum_type(&mut part, &event_types(config, "EventType", "events", &events));
    let mut kinds = BTreeSet::new();
    let models = config.resources.iter().filter_map(|row| api.models.iter().find(|one| one.origin.place == row.schema));
    // `Other` is the variant for every other object.
    let models =
        models.filter(|model| model.name != "Other" && model.object.as_ref().is_some_and(|kind| kinds.insert(kind)));
    let entries = models.map(|model| {
        let id = match &model.id {
            ModelId::Required(_) if model.is_referable => "id",
            ModelId::Optional(_) if model.is_referable => "optional_id",
            _ => "no_id",
        };
        let module = api.modules.iter().find(|module| module.name == model.module);
        let features = module.map(|module| predicate(&module.features)).unwrap_or_default();
        let condition = if features.is_empty() { features } else { format!(" if {features}") };
        format!("{}({id}){condition}", model.name)
    });
    let entries = entries.collect();
    part.call("webhook", vec![Head::Words("EventType".to_owned())], Some(entries));
    let mut source = part.into_source(&Index::new(&Api::default()));
    let use_of = |attributes: &[&str], head: &str, names: &[&str]| Use {
        attributes: attributes.iter().map(|text| (*text).to_owned()).collect(),
        head: head.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let names = ["SIGNATURE_HEADER", "WebhookError", "WebhookErrorClass"];
    let exports = Item::Uses(vec![use_of(&["#[doc(inline)]"], "pub use stripe_runtime::webhook::", &names)]);
    let version = match api.version.is_pinned {
        true => Item::Uses(vec![use_of(&[], "use super::", &["API_VERSION"])]),
        false => Item::Lines(vec![
            "/// The version of Stripe's API that the objects of events are read in.".to_owned(),
            format!("pub const API_VERSION: &str = {};", quoted(&api.version.text)),
        ]),
    };
    source.items.splice(1..1, [exports, version]);
    source
}

/// What the documentation of the module of webhooks says.
const WEBHOOK: &str = "Events that Stripe sends to a webhook endpoint: verifying their signature, and reading them.\n\n\
    A [`Verifier`] is made once, with the secret of the endpoint. It takes the body, as its bytes came, and the header \
    `Stripe-Signature` of each request, and returns an [`Event`]. Respond with 200 as soon as the event is stored, and with the \
    status of [`WebhookErrorClass::handler_status`] to an error. Stripe sends an event again until it gets a 2xx status, and may \
    send it twice: remember the [`id`](Event::id) of what was handled.";

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
