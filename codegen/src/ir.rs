//! The API as the emitter and the differ see it: owned, resolved and named, with no OpenAPI and no tokens in it.
//!
//! All is decided here. What reads it never has to guess, and so cannot fail.

use crate::config::Verb;
use crate::diagnostic::Pointer;

/// Everything that one document becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Api {
    /// The version that the document is of.
    pub version: String,
    /// Whether that is a version that can be sent as `Stripe-Version`.
    pub pinned: bool,
    /// Objects in responses, each after the first that refers to it.
    pub models: Vec<Model>,
    /// Enumerated strings, in models and parameters.
    pub enums: Vec<Enum>,
    /// Objects past the boundary, by name.
    pub references: Vec<Reference>,
    /// Nested parameters, each after the first that holds it.
    pub params: Vec<Params>,
    /// The operations, in the configuration's order.
    pub operations: Vec<Operation>,
}

/// An object in a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its Rust name.
    pub name: String,
    /// The component schema it is, or is inside of.
    pub key: String,
    /// Where it stands.
    pub pointer: Pointer,
    /// Its description, as Markdown that is safe in rustdoc.
    pub docs: String,
    /// The value of its constant field `object`.
    pub object: Option<String>,
    /// The name of its id's type, where it has an id of its own.
    pub id: Option<String>,
    /// The fields that Stripe lists as expandable, by wire name.
    pub expandable: Vec<String>,
    /// Whether an expanded reference to it may be a deleted one.
    pub deletable: bool,
    /// Its fields: the id first, then the others in the order of their names, as Stripe sends them.
    pub fields: Vec<Field>,
}

/// A field of a model, or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its Rust name.
    pub name: String,
    /// Where it stands.
    pub pointer: Pointer,
    /// Its description, as Markdown that is safe in rustdoc.
    pub docs: String,
    /// What it holds.
    pub ty: Type,
    /// Whether it is always there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Whether its value is never printed.
    pub secret: bool,
    /// Whether it is behind a pointer, as it leads back to the model it is in.
    pub boxed: bool,
    /// The most characters that Stripe takes, or sends.
    pub max_length: Option<usize>,
    /// The pattern that the string has.
    pub pattern: Option<String>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A string.
    String,
    /// A boolean.
    Bool,
    /// A whole number, of 64 bits.
    Integer,
    /// A number.
    Number,
    /// Seconds since the Unix epoch.
    Timestamp,
    /// Amounts of money by currency: in a response, an object with any keys whose values are integers.
    Amounts,
    /// Any JSON.
    Json,
    /// An object that may be one of several that are not modelled.
    Opaque,
    /// What is left of a deleted object.
    Deleted,
    /// The id of an object, by the name of the id's type.
    Id(String),
    /// An enum, by name.
    Enum(String),
    /// A model, by name.
    Model(String),
    /// An object past the boundary, by name.
    Reference(String),
    /// Nested parameters, by name.
    Params(String),
    /// An array.
    Array(Box<Type>),
    /// Stripe's list object.
    List(Box<Type>),
    /// An object with any keys.
    Map(Box<Type>),
    /// A value, or `""` that clears it.
    Clearable(Box<Type>),
    /// An id, or the object once it is expanded.
    Expandable(Box<Type>),
}

impl Type {
    /// The type itself and the types inside it.
    pub fn parts(&self) -> impl Iterator<Item = &Type> {
        std::iter::successors(Some(self), |ty| match ty {
            Self::Array(inner)
            | Self::List(inner)
            | Self::Map(inner)
            | Self::Clearable(inner)
            | Self::Expandable(inner) => Some(inner),
            _ => None,
        })
    }
}

/// An enumerated string. Each is open: it has a variant for what is not listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its Rust name.
    pub name: String,
    /// The name of the type that it is shown beside.
    pub owner: String,
    /// Where it stands first.
    pub pointer: Pointer,
    /// Its description.
    pub docs: String,
    /// Its values, in the document's order.
    pub variants: Vec<Variant>,
    /// Whether the values were worked out, and do not stand in the document.
    pub is_computed: bool,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The value on the wire.
    pub value: String,
    /// Its Rust name.
    pub name: String,
    /// Its description.
    pub docs: String,
}

/// An object past the boundary: its id, and its JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Its Rust name.
    pub name: String,
    /// The name of its id's type.
    pub id: String,
    /// The component schema.
    pub key: String,
    /// The value of its field `object`.
    pub object: String,
}

/// Parameters inside a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Its Rust name.
    pub name: String,
    /// The name of the operation it belongs to.
    pub operation: String,
    /// Where it stands, as the configuration writes it: `CreateSession/filters`.
    pub place: String,
    /// Where it stands.
    pub pointer: Pointer,
    /// Its description.
    pub docs: String,
    /// The parameters, in the order of their names.
    pub fields: Vec<Field>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its Rust name.
    pub name: String,
    /// The document's name for it.
    pub id: String,
    /// What it does.
    pub verb: Verb,
    /// Where it stands.
    pub pointer: Pointer,
    /// Its description.
    pub docs: String,
    /// Its path, with parameters in braces.
    pub path: String,
    /// The parameters in the path, in the path's order.
    pub path_params: Vec<Field>,
    /// The other parameters, in the order of their names: in the body of a `POST`, in the query of a `GET`.
    pub params: Vec<Field>,
    /// The model that it answers with.
    pub output: String,
    /// The model that it answers with when it fails.
    pub error: String,
}

impl Api {
    /// The model of that name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The nested parameters of that name.
    pub fn params(&self, name: &str) -> Option<&Params> {
        self.params.iter().find(|params| params.name == name)
    }

    /// Whether parameters of this type borrow strings from the caller.
    pub fn borrows(&self, ty: &Type) -> bool {
        ty.parts().any(|part| match part {
            Type::String | Type::Map(_) => true,
            Type::Params(name) => self.params(name).is_some_and(|params| self.any_borrows(&params.fields)),
            _ => false,
        })
    }

    /// Whether any of these parameters borrows strings from the caller.
    pub fn any_borrows(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.borrows(&field.ty))
    }
}
