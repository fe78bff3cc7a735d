//! The intermediate representation: the API as it will be in Rust, owned, resolved and named.
//!
//! There is no OpenAPI and no Rust syntax in it, and every decision is made: what reads it never guesses, and so cannot
//! fail.

pub(crate) mod describe;
mod items;
mod named;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use self::items::{Item, Items};
pub use self::named::{ModuleFile, Named};
pub use self::types::{Alternative, Presence, Type, Union, UnionKind};
use crate::config::Row;
use crate::diagnostic::Pointer;
pub use crate::openapi::keys::facts::Facts;
pub use crate::openapi::method::Method;

/// Everything that one document becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Api {
    /// The version of the document.
    pub version: Version,
    /// The base URL that the document states, such as `https://api.stripe.com/`.
    pub base_url: Option<String>,
    /// How requests are authenticated, as the document states it.
    pub security: Vec<String>,
    /// The facts of the document as a whole that the types do not show.
    pub facts: Facts,
    /// The modules that the items are in, in the order of the configuration.
    pub modules: Vec<Module>,
    /// Objects of responses, each after the first one that refers to it.
    pub models: Items<Model>,
    /// Values that are one of several types.
    pub unions: Items<Union>,
    /// Enumerated strings, of responses and parameters.
    pub enums: Items<Enum>,
    /// Objects past the boundary.
    pub references: Items<Reference>,
    /// Nested parameters, each after the first one that holds it.
    pub params: Items<Params>,
    /// The operations, in the order of the configuration.
    pub operations: Items<Operation>,
    /// What the `from` of a `[[rename]]` row is for each item and each id that one can rename, by the Rust name.
    pub renamable: BTreeMap<String, String>,
    /// The types of events, in the module of webhooks: that is of the first release, and others have none.
    pub events: Option<Vec<Enum>>,
    /// Values of fields in samples, by place; none for a field that is left out.
    pub samples: BTreeMap<String, Option<serde_json::Value>>,
    /// The fields of the error object, and the values of its type, that the runtime does not have.
    pub unknown_in_errors: BTreeSet<Pointer>,
}

/// The version of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The version as the document states it.
    pub text: String,
    /// Whether it can be sent as `Stripe-Version`.
    pub is_pinned: bool,
}

/// A module of the generated code: the items of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The Rust name.
    pub name: String,
    /// The cargo features of which any one enables it; none if it is always there.
    pub features: Vec<String>,
}

/// Where an item comes from and what is said about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The place in the document.
    pub pointer: Pointer,
    /// The place as the configuration spells it: `schema/property` or `Operation/parameter`.
    pub place: String,
    /// The documentation.
    pub docs: Docs,
    /// Whether the document marks it as deprecated.
    pub is_deprecated: bool,
    /// The rows of the configuration that had a say.
    pub rows: Vec<Row>,
    /// The facts of the document that the types do not show.
    pub facts: Facts,
}

/// The documentation of an item, as Markdown that is safe in rustdoc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The description, or a sentence in place of one.
    pub text: String,
    /// Whether the text is the document's.
    pub is_described: bool,
    /// Facts that follow the text, a paragraph each.
    pub notes: Vec<String>,
    /// The code of an example, which runs as a doctest.
    pub example: Option<String>,
}

impl Docs {
    /// The text and the notes as paragraphs.
    pub fn markdown(&self) -> String {
        let paragraphs: Vec<&str> = [&self.text].into_iter().chain(&self.notes).map(String::as_str).collect();
        paragraphs.join("\n\n")
    }

    /// The example as a section.
    pub fn example_section(&self) -> String {
        let example = self.example.as_ref();
        example.map(|code| format!("\n\n# Examples\n\n```\n{}\n```", code.trim())).unwrap_or_default()
    }
}

/// An object of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The value of its constant field `object`.
    pub object: Option<String>,
    /// The identifier that references to it hold.
    pub id: ModelId,
    /// Whether a reference to it can be expanded.
    pub is_referable: bool,
    /// The fields that Stripe lists as expandable, by wire name.
    pub expandable: Vec<String>,
    /// Whether a deleted object may be in its place where a reference to it is expanded.
    pub is_deletable: bool,
    /// Whether the object can have keys beside the ones listed.
    pub is_open: bool,
    /// The fields: the id first, then the others in the order of their names, as Stripe sends them.
    pub fields: Vec<Field>,
}

impl Model {
    /// Whether it has the constant `EXPANDABLE`, which can be empty.
    pub(crate) fn has_expandable(&self) -> bool {
        self.object.is_some() || !self.expandable.is_empty()
    }
}

/// The identifier of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ModelId {
    /// The model has no identifier of its own.
    #[default]
    None,
    /// An id that every object has: the name of a newtype, or `String`.
    Required(String),
    /// An id that some objects lack: the name of a newtype, or `String`.
    Optional(String),
}

/// The type of an id without a newtype.
pub(crate) const PLAIN_ID: &str = "String";

impl ModelId {
    /// The name of the newtype.
    pub fn name(&self) -> Option<&String> {
        match self {
            Self::None => None,
            Self::Required(name) | Self::Optional(name) => Some(name).filter(|name| *name != PLAIN_ID),
        }
    }
}

/// A field of a model, or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The Rust name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The type of its value, if it has one.
    pub ty: Type,
    /// Whether it can be absent or null.
    pub presence: Presence,
    /// Whether its value is never printed.
    pub is_secret: bool,
    /// Whether its value is behind a pointer, since it leads back to the model that the field is in.
    pub is_boxed: bool,
    /// The most characters of a string, or of each element of an array or a map. Other limits are among the facts.
    pub max_length: Option<usize>,
}

impl Field {
    /// Whether the field is always there, or the parameter must be sent.
    pub fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::Nullable)
    }
}

/// An enumerated string. Every enum is open: it has a variant for a value that is not listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// The name of the type that it is shown beside.
    pub owner: String,
    /// Where it comes from: the first place, if several share it.
    pub origin: Origin,
    /// The values, in the document's order.
    pub variants: Vec<Variant>,
    /// Whether the values are computed from the models, and are not in the document.
    pub is_computed: bool,
    /// Where it is used.
    pub usage: Usage,
}

/// Whether an event holds its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It holds the object as it was.
    Snapshot,
    /// It holds only the id of the object.
    Thin,
}

impl EventKind {
    /// Returns the name of the enum of the types of such events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "EventType",
            Self::Thin => "NotificationType",
        }
    }
}

/// Where an enum is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Usage {
    /// Only in requests.
    Requests,
    /// Only in responses.
    #[default]
    Responses,
    /// In both.
    Both,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The value on the wire.
    pub value: String,
    /// The Rust name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// An object past the boundary: its id and its JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// The name of the newtype of its id.
    pub id: String,
    /// Where it comes from; the place is the component schema.
    pub origin: Origin,
    /// The value of its field `object`.
    pub object: String,
}

/// Parameters inside a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// The name of the operation that it belongs to.
    pub operation: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The parameters, in the order of their names.
    pub fields: Vec<Field>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// The component schema of the resource that it belongs to.
    pub resource: String,
    /// The document's name for it.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: String,
    /// The origin of its server, if the runtime does not send to it by itself.
    pub base_url: Option<String>,
    /// The parameters in the path, in the path's order.
    pub path_params: Vec<Field>,
    /// The other parameters, in the order of their names: in the body of a `POST`, otherwise in the query.
    pub params: Vec<Field>,
    /// The type of a successful response. That of a failed one is the same for all operations: it is in the runtime.
    pub output: Type,
}

/// Returns the arguments of `new` in their order: the parameters in the path, then the other required ones by their Rust names.
/// A row that keeps the name of a parameter keeps its position as well.
pub(crate) fn arguments<'a>(path_params: &'a [Field], params: &'a [Field]) -> Vec<&'a Field> {
    let mut required: Vec<_> = params.iter().filter(|field| field.is_required()).collect();
    required.sort_by_key(|field| &field.name);
    path_params.iter().chain(required).collect()
}
