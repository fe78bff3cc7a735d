//! What is beside the releases: the file that declares their modules, and the events.

use super::condition;
use super::index::Index;
use super::models::enum_type;
use super::part::Part;
use super::text::quoted;
use crate::config::{Config, Release};
use crate::ir::{Api, Enum, EventKind, Field, Method, Model, ModelId, Operation, Type};
use crate::rust::render::{Home, Source, push_item};
use crate::rust::{naming, spelling};

/// Declares the modules of the releases. That of the first one is private: its items are at the crate's root.
pub(crate) fn releases(config: &Config) -> Source {
    let mut items = String::new();
    let mut push =
        |attributes: Vec<String>, code: String| push_item(&mut items, &[attributes, vec![code]].concat().join("\n"));
    for (at, Release { module, feature, .. }) in config.releases.iter().enumerate() {
        // `Config::check` reports a name that is not an identifier.
        let Some(module) = naming::identifier(module.clone()) else { continue };
        // What is at the root is nowhere else: the module follows the version, and renaming it must break nobody.
        let visibility = if at == 0 { "" } else { "pub " };
        push(condition(feature.as_slice()), format!("{visibility}mod {module};"));
        if at == 0 {
            push(Vec::new(), format!("pub use self::{module}::*;"));
        }
    }
    let has_events = !config.events.is_empty();
    let webhook = condition(&["webhook".to_owned()]);
    match config.home {
        Home::Workspace if has_events => {
            push(Vec::new(), "#[cfg(feature = \"webhook\")]\npub(crate) mod events;".to_owned())
        }
        Home::Workspace => {}
        Home::OwnCrate if has_events => push(webhook, "pub mod webhook;".to_owned()),
        // Signatures can be verified all the same.
        Home::OwnCrate => push(webhook, "#[doc(inline)]\npub use stripe_runtime::webhook;".to_owned()),
    }
    let docs = "The releases of Stripe's API: the first one at the crate's root, the others in a module each.";
    Source { docs: docs.to_owned(), items }
}

/// The types of events: those with a snapshot of their object, and the thin ones.
pub(crate) fn events(types: &[Enum]) -> Source {
    let mut part = Part::new("The types of events.");
    types.iter().for_each(|item| enum_type(&mut part, item));
    part.into_source(&Index::new(&Api::default()))
}

/// The module of webhooks of a crate of one's own: the types of events, and the calls that define the rest around the models of the
/// selected resources.
pub(crate) fn webhook(config: &Config, api: &Api) -> Source {
    let types = |kind: EventKind| api.events.iter().flatten().find(|events| events.name == kind.name());
    let mut part = Part::new(WEBHOOK);
    part.push("#[doc(inline)]\npub use stripe_runtime::webhook::{SIGNATURE_HEADER, WebhookError, WebhookErrorClass};");
    part.push(&match api.version.is_pinned {
            true => "use super::API_VERSION;".to_owned(),
            false => format!(
                "/// The version of Stripe's API that the objects of events are read in.\npub const API_VERSION: &str = {};",
                quoted(&api.version.text)
            ),
    });
    types(EventKind::Snapshot).into_iter().for_each(|item| enum_type(&mut part, item));
    let models = config.resources.iter().filter_map(|row| api.model_of(&row.schema));
    let models: Vec<_> = models.filter(|model| model.object.is_some()).collect();
    let entries = models.iter().map(|model| {
        let id = match &model.id {
            ModelId::Required(_) if model.is_referable => "id",
            ModelId::Optional(_) if model.is_referable => "optional_id",
            _ => "no_id",
        };
        format!("{}({id}){}", model.name, condition_of(api, &model.module, " if "))
    });
    let entries: Vec<_> = entries.collect();
    part.call("webhook", &[EventKind::Snapshot.name()], Some(&entries));
    let thin = types(EventKind::Thin);
    if let Some(item) = thin {
        enum_type(&mut part, item);
        let version = if api.version.is_pinned { "Some(API_VERSION)" } else { "None" };
        let head = [version, EventKind::Thin.name()];
        let entries: Vec<_> = models.iter().filter_map(|model| notified(api, model)).collect();
        part.call("notification", &head, Some(&entries));
    }
    let mut source = part.into_source(&Index::new(&Api::default()));
    if thin.is_some() {
        source.docs.push_str(THIN);
    }
    source
}

/// The condition that a module is there, behind what comes before it; nothing if there is none.
fn condition_of(api: &Api, module: &str, before: &str) -> String {
    let features = spelling::predicate(api.features(module));
    if features.is_empty() { features } else { format!("{before}{features}") }
}

/// The entry of a model that a thin event can be about, with the operation that retrieves it if that is selected. One whose id has no
/// type has none.
fn notified(api: &Api, model: &Model) -> Option<String> {
    let id = model.id.name()?;
    let retrieve = retrieving(api, model).map(|one| {
        let condition = condition_of(api, &one.module, ", ");
        format!(" = {}({}{condition})", naming::retrieving_method(&model.name), one.name)
    });
    Some(format!(
        "{}({id}, {}){}{}",
        model.name,
        naming::id_method(&model.name),
        retrieve.unwrap_or_default(),
        condition_of(api, &model.module, " if ")
    ))
}

/// Returns the operation that retrieves a model: the one at the path that its key tells, as `issuing.card` tells
/// `/v1/issuing/cards/{card}`, or else the only one at the end of whose path the key is, as `scheduled_query_run` is at that of
/// `/v1/sigma/scheduled_query_runs/{run}`. What another path returns may be the object as of another time or for another purpose.
fn retrieving<'a>(api: &'a Api, model: &Model) -> Option<&'a Operation> {
    let key = model.origin.place.replace('.', "_");
    let only = |is_own: &dyn Fn(&str) -> bool| {
        let of_path = |one: &&Operation| is_own(&naming::path_words(&one.path)) && retrieves(api, one, model);
        let mut own = api.operations.iter().filter(of_path);
        own.next().filter(|_| own.next().is_none())
    };
    only(&|path| path == key).or_else(|| only(&|path| path.ends_with(&format!("_{key}"))))
}

/// Whether an operation retrieves a model by its id alone.
fn retrieves(api: &Api, operation: &Operation, model: &Model) -> bool {
    let is_the_model = |ty: &Type| *ty == Type::Model(model.name.clone());
    let is_one_of = |name: &String| {
        api.unions.named(name).is_some_and(|union| union.alternatives.iter().any(|one| is_the_model(&one.ty)))
    };
    let returns_it = match &operation.output {
        Type::Union(name) => is_one_of(name),
        output => is_the_model(output),
    };
    let is_by_id = match operation.path_params.as_slice() {
        [param] => match &param.ty {
            Type::Id(id) => model.id.name() == Some(id),
            ty => *ty == Type::String,
        },
        _ => false,
    };
    let is_get = operation.method == Method::Get && operation.path.ends_with('}');
    is_get && returns_it && is_by_id && !operation.params.iter().any(Field::is_required)
}

/// What the documentation of the module of webhooks says.
const WEBHOOK: &str = "Events that Stripe sends to a webhook endpoint: verifying their signature, and reading them.\n\n\
    A [`Verifier`] is made once, with the secret of the endpoint. It takes the body, as its bytes came, and the header \
    `Stripe-Signature` of each request, and returns an [`Event`]. Respond with 200 as soon as the event is stored, and with the \
    status of [`WebhookErrorClass::handler_status`] to an error. Stripe sends an event again until it gets a 2xx status, and may \
    send it twice: remember the [`id`](Event::id) of what was handled.";

/// What it says in addition if the crate names thin events.
const THIN: &str = "\n\nAn event destination with thin payloads is sent a [`Notification`] instead, which \
    [`Verifier::notification`] reads: it holds the id of the object. Retrieve the object as it is now, or the whole event with \
    [`RetrieveEvent`], by `send_with` and the `options` of the notification.";
