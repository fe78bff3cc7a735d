//! The intermediate representation: the API as it will be in Rust, owned, resolved and named.
//!
//! There is no OpenAPI and no Rust syntax in it, and every decision is made: what reads it never guesses, and so cannot
//! fail. Passes that need nothing but the representation itself are in the modules below.

pub(crate) mod cycles;
pub(crate) mod expand;
pub(crate) mod modules;
pub(crate) mod secrecy;
pub(crate) mod sharing;
pub(crate) mod usage;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Row, Table};
use crate::diagnostic::Pointer;
pub use crate::keys::facts::Facts;

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
    pub models: Vec<Model>,
    /// Values that are one of several types.
    pub unions: Vec<Union>,
    /// Enumerated strings, of responses and parameters.
    pub enums: Vec<Enum>,
    /// Objects past the boundary.
    pub references: Vec<Reference>,
    /// Nested parameters, each after the first one that holds it.
    pub params: Vec<Params>,
    /// The operations, in the order of the configuration.
    pub operations: Vec<Operation>,
    /// Values of fields in samples, by place; none for a field that is left out.
    pub samples: BTreeMap<String, Option<serde_json::Value>>,
    /// The fields of the error object, and the values of its type, that the runtime does not have.
    pub unknown_in_errors: BTreeSet<Pointer>,
    index: BTreeMap<String, Kind>,
    ids: BTreeSet<String>,
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
        let mut text = self.text.clone();
        for note in &self.notes {
            text.push_str("\n\n");
            text.push_str(note);
        }
        text
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
    /// The type as Rust has it, with everything that the presence and the secrecy add.
    pub ty: Type,
    /// Whether it can be absent or null.
    pub presence: Presence,
    /// Limits that Stripe enforces.
    pub limits: Limits,
}

impl Field {
    /// Whether the field is always there, or the parameter must be sent.
    pub fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::Nullable)
    }

    /// Whether the value is never printed.
    pub fn is_secret(&self) -> bool {
        self.ty.layers().any(|layer| matches!(layer, Type::Secret(_)))
    }
}

/// Whether a field can be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always there, never null.
    Required,
    /// Absent or a value.
    Optional,
    /// Null or a value.
    Nullable,
    /// Absent, null or a value.
    OptionalNullable,
}

impl Presence {
    /// The presence of a property that is `required` and `nullable` so.
    pub(crate) fn new(is_required: bool, is_nullable: bool) -> Self {
        match (is_required, is_nullable) {
            (true, false) => Self::Required,
            (false, false) => Self::Optional,
            (true, true) => Self::Nullable,
            (false, true) => Self::OptionalNullable,
        }
    }
}

/// Limits of a value, or of each element of an array or a map, as the document states them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The most characters of a string.
    pub max_length: Option<usize>,
    /// The pattern that a string matches.
    pub pattern: Option<String>,
    /// The format of a string.
    pub format: Option<String>,
    /// The least value of a number.
    pub minimum: Option<f64>,
    /// The greatest value of a number.
    pub maximum: Option<f64>,
    /// The most elements of an array.
    pub max_items: Option<usize>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A string.
    String,
    /// A boolean.
    Bool,
    /// An integer of 64 bits.
    Integer,
    /// A floating-point number.
    Number,
    /// Seconds since the Unix epoch.
    Timestamp,
    /// Amounts of money by currency: an object of a response with any keys, whose values are integers.
    Amounts,
    /// Any JSON.
    Json,
    /// An object of one of several kinds, none of which is modelled.
    Opaque,
    /// What is left of a deleted object: its id and its kind.
    Deleted,
    /// The id of an object, by the name of the newtype.
    Id(String),
    /// An enum, by name.
    Enum(String),
    /// A model, by name.
    Model(String),
    /// A union, by name.
    Union(String),
    /// An object past the boundary, by name.
    Reference(String),
    /// Nested parameters, by name.
    Params(String),
    /// An array.
    Array(Box<Type>),
    /// A page of a list.
    List(Box<Type>),
    /// A page of search results.
    SearchResult(Box<Type>),
    /// An object with any keys.
    Map(Box<Type>),
    /// A parameter that is a value, or `""` that clears it.
    Clearable(Box<Type>),
    /// A parameter that is a value, or a range of values.
    RangeOr(Box<Type>),
    /// An id, or the object once it is expanded.
    Expandable(Box<Type>),
    /// A value that can be absent, or can be null.
    Option(Box<Type>),
    /// A value that can be absent and can be null.
    Nullable(Box<Type>),
    /// A value that is never printed.
    Secret(Box<Type>),
    /// A value behind a pointer, since it leads back to the model that it is in.
    Boxed(Box<Type>),
}

impl Type {
    /// The type inside this one, if it wraps one.
    pub fn inner(&self) -> Option<&Type> {
        match self {
            Self::Array(inner)
            | Self::List(inner)
            | Self::SearchResult(inner)
            | Self::Map(inner)
            | Self::Clearable(inner)
            | Self::RangeOr(inner)
            | Self::Expandable(inner)
            | Self::Option(inner)
            | Self::Nullable(inner)
            | Self::Secret(inner)
            | Self::Boxed(inner) => Some(inner),
            _ => None,
        }
    }

    /// The same as [`inner`](Self::inner), to be changed.
    pub(crate) fn inner_mut(&mut self) -> Option<&mut Type> {
        match self {
            Self::Array(inner)
            | Self::List(inner)
            | Self::SearchResult(inner)
            | Self::Map(inner)
            | Self::Clearable(inner)
            | Self::RangeOr(inner)
            | Self::Expandable(inner)
            | Self::Option(inner)
            | Self::Nullable(inner)
            | Self::Secret(inner)
            | Self::Boxed(inner) => Some(inner),
            _ => None,
        }
    }

    /// The type itself and the types inside it, from the outside in.
    pub fn layers(&self) -> impl Iterator<Item = &Type> {
        std::iter::successors(Some(self), |ty| ty.inner())
    }

    /// The innermost type.
    pub fn leaf(&self) -> &Type {
        self.layers().last().unwrap_or(self)
    }

    /// The type without what its presence, its secrecy and its place in memory add: the type on the wire.
    pub fn bare(&self) -> &Type {
        match self {
            Self::Option(inner) | Self::Nullable(inner) | Self::Secret(inner) | Self::Boxed(inner) => inner.bare(),
            _ => self,
        }
    }

    /// The name of the type of the document that this one holds, if it holds one.
    pub fn name(&self) -> Option<&str> {
        match self.leaf() {
            Self::Id(name)
            | Self::Enum(name)
            | Self::Model(name)
            | Self::Union(name)
            | Self::Reference(name)
            | Self::Params(name) => Some(name),
            _ => None,
        }
    }
}

/// A value that is one of several types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The Rust name.
    pub name: String,
    /// The module that it is in.
    pub module: String,
    /// The name of the type that it is shown beside.
    pub owner: String,
    /// Where it comes from.
    pub origin: Origin,
    /// How a value is told apart.
    pub kind: UnionKind,
    /// Whether a reference to it can be expanded.
    pub is_referable: bool,
    /// The types, in the document's order.
    pub alternatives: Vec<Alternative>,
}

/// How the alternatives of a union are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnionKind {
    /// A parameter: the caller chooses.
    Parameter,
    /// Objects of a response that state their kind, in `object` and `deleted`.
    Tagged,
    /// Objects of a response that no field tells apart.
    Untagged,
}

/// One of the types of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The name of its variant, in upper camel case.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The value of the field `object`.
    pub object: Option<String>,
    /// Whether the field `deleted` is `true`.
    pub is_deleted: bool,
    /// The documentation.
    pub docs: Docs,
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

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::Get, Self::Post, Self::Delete];

    /// The method as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }

    /// The method as a document writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Delete => "delete",
        }
    }
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
    /// The parameters in the path, in the path's order.
    pub path_params: Vec<Field>,
    /// The other parameters, in the order of their names: in the body of a `POST`, otherwise in the query.
    pub params: Vec<Field>,
    /// The type of a successful response. That of a failed one is the same for all operations: it is in the runtime.
    pub output: Type,
}

/// What a name stands for: the kind of item, and its position among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Model(usize),
    Union(usize),
    Enum(usize),
    Reference(usize),
    Params(usize),
    Operation(usize),
}

/// An item with a name of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Named<'a> {
    /// A model.
    Model(&'a Model),
    /// A union.
    Union(&'a Union),
    /// An enum.
    Enum(&'a Enum),
    /// An object past the boundary.
    Reference(&'a Reference),
    /// Nested parameters.
    Params(&'a Params),
    /// An operation.
    Operation(&'a Operation),
}

impl<'a> Named<'a> {
    /// The Rust name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Model(item) => &item.name,
            Self::Union(item) => &item.name,
            Self::Enum(item) => &item.name,
            Self::Reference(item) => &item.name,
            Self::Params(item) => &item.name,
            Self::Operation(item) => &item.name,
        }
    }

    /// The module that it is in.
    pub fn module(self) -> &'a str {
        match self {
            Self::Model(item) => &item.module,
            Self::Union(item) => &item.module,
            Self::Enum(item) => &item.module,
            Self::Reference(item) => &item.module,
            Self::Params(item) => &item.module,
            Self::Operation(item) => &item.module,
        }
    }

    /// Where it comes from.
    pub fn origin(self) -> &'a Origin {
        match self {
            Self::Model(item) => &item.origin,
            Self::Union(item) => &item.origin,
            Self::Enum(item) => &item.origin,
            Self::Reference(item) => &item.origin,
            Self::Params(item) => &item.origin,
            Self::Operation(item) => &item.origin,
        }
    }

    /// The types that it holds itself.
    pub fn types(self) -> Vec<&'a Type> {
        match self {
            Self::Model(item) => item.fields.iter().map(|field| &field.ty).collect(),
            Self::Union(item) => item.alternatives.iter().map(|alternative| &alternative.ty).collect(),
            Self::Params(item) => item.fields.iter().map(|field| &field.ty).collect(),
            Self::Operation(item) => {
                let fields = item.path_params.iter().chain(&item.params).map(|field| &field.ty);
                fields.chain([&item.output]).collect()
            }
            Self::Enum(_) | Self::Reference(_) => Vec::new(),
        }
    }
}

impl Api {
    /// Makes the items findable by name again, after a pass removed or renamed some.
    pub(crate) fn reindex(&mut self) {
        self.index.clear();
        let models = self.models.iter().enumerate().map(|(at, item)| (&item.name, Kind::Model(at)));
        let unions = self.unions.iter().enumerate().map(|(at, item)| (&item.name, Kind::Union(at)));
        let enums = self.enums.iter().enumerate().map(|(at, item)| (&item.name, Kind::Enum(at)));
        let references = self.references.iter().enumerate().map(|(at, item)| (&item.name, Kind::Reference(at)));
        let params = self.params.iter().enumerate().map(|(at, item)| (&item.name, Kind::Params(at)));
        let operations = self.operations.iter().enumerate().map(|(at, item)| (&item.name, Kind::Operation(at)));
        let items = models.chain(unions).chain(enums).chain(references).chain(params).chain(operations);
        self.index.extend(items.map(|(name, kind)| (name.clone(), kind)));
        let models = self.models.iter().filter_map(|model| model.id.name());
        self.ids = models.chain(self.references.iter().map(|reference| &reference.id)).cloned().collect();
    }

    /// Adds a model, and makes it findable by name. Returns its position.
    pub(crate) fn add_model(&mut self, model: Model) -> usize {
        let at = self.models.len();
        self.index.insert(model.name.clone(), Kind::Model(at));
        self.models.push(model);
        at
    }

    /// Adds a union, and makes it findable by name.
    pub(crate) fn add_union(&mut self, union: Union) {
        self.index.insert(union.name.clone(), Kind::Union(self.unions.len()));
        self.unions.push(union);
    }

    /// Adds an enum, and makes it findable by name.
    pub(crate) fn add_enum(&mut self, item: Enum) {
        self.index.insert(item.name.clone(), Kind::Enum(self.enums.len()));
        self.enums.push(item);
    }

    /// Adds an object past the boundary, and makes it findable by name.
    pub(crate) fn add_reference(&mut self, reference: Reference) {
        self.index.insert(reference.name.clone(), Kind::Reference(self.references.len()));
        self.references.push(reference);
    }

    /// Returns the item of that name.
    pub fn named(&self, name: &str) -> Option<Named<'_>> {
        Some(match *self.index.get(name)? {
            Kind::Model(at) => Named::Model(self.models.get(at)?),
            Kind::Union(at) => Named::Union(self.unions.get(at)?),
            Kind::Enum(at) => Named::Enum(self.enums.get(at)?),
            Kind::Reference(at) => Named::Reference(self.references.get(at)?),
            Kind::Params(at) => Named::Params(self.params.get(at)?),
            Kind::Operation(at) => Named::Operation(self.operations.get(at)?),
        })
    }

    /// Returns the values that are secret by a pattern, since no row decides on them.
    pub fn secret_by_pattern(&self) -> impl Iterator<Item = &Field> {
        let models = self.models.iter().flat_map(|model| &model.fields);
        let params = self.params.iter().flat_map(|params| &params.fields);
        let requests = self.operations.iter().flat_map(|operation| &operation.params);
        let is_by_pattern = |field: &&Field| field.origin.rows.iter().any(|row| row.table == Table::Secrecy);
        models.chain(params).chain(requests).filter(is_by_pattern)
    }

    /// Whether `name` is the newtype of an id.
    pub(crate) fn is_id(&self, name: &str) -> bool {
        self.ids.contains(name)
    }

    /// Returns all items with a name, kind by kind.
    pub fn items(&self) -> impl Iterator<Item = Named<'_>> {
        let models = self.models.iter().map(Named::Model);
        let unions = self.unions.iter().map(Named::Union);
        let enums = self.enums.iter().map(Named::Enum);
        let references = self.references.iter().map(Named::Reference);
        let params = self.params.iter().map(Named::Params);
        let operations = self.operations.iter().map(Named::Operation);
        operations.chain(models).chain(unions).chain(params).chain(enums).chain(references)
    }

    /// Returns the model of that name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        match self.named(name)? {
            Named::Model(model) => Some(model),
            _ => None,
        }
    }

    /// Returns the union of that name.
    pub fn union(&self, name: &str) -> Option<&Union> {
        match self.named(name)? {
            Named::Union(union) => Some(union),
            _ => None,
        }
    }

    /// Returns the enum of that name.
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        match self.named(name)? {
            Named::Enum(enumeration) => Some(enumeration),
            _ => None,
        }
    }

    /// Returns the object past the boundary of that name.
    pub fn reference(&self, name: &str) -> Option<&Reference> {
        match self.named(name)? {
            Named::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// Returns the nested parameters of that name.
    pub fn params(&self, name: &str) -> Option<&Params> {
        match self.named(name)? {
            Named::Params(params) => Some(params),
            _ => None,
        }
    }
}
