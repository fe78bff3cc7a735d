//! The type of a value, and whether it has to be there.

use super::{Docs, Origin};

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
    /// Absent or a value, and absent if it has no elements: an optional list or map of a form.
    AbsentIfEmpty,
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

/// The type of a value on the wire.
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
    /// A point in time as a text in the format of RFC 3339.
    DateTime,
    /// An integer of 64 bits as a text.
    Int64String,
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
    /// A page of a list of `/v2`, which states the URL of the next one.
    ListV2(Box<Type>),
    /// An object with any keys.
    Map(Box<Type>),
    /// A parameter that is a value, or is cleared: by `""` in a form, by `null` in JSON.
    Clearable(Box<Type>),
    /// A parameter that is a value, or a range of values.
    RangeOr(Box<Type>),
    /// An id, or the object once it is expanded.
    Expandable(Box<Type>),
    /// An element of an array or a map of a response that is a value or `null`.
    OrNull(Box<Type>),
}

/// The types that wrap another one, as a pattern.
macro_rules! wrapping {
    ($inner:ident) => {
        Type::Array($inner)
            | Type::List($inner)
            | Type::SearchResult($inner)
            | Type::ListV2($inner)
            | Type::Map($inner)
            | Type::Clearable($inner)
            | Type::RangeOr($inner)
            | Type::Expandable($inner)
            | Type::OrNull($inner)
    };
}

impl Type {
    /// The type that this one wraps.
    pub fn inner(&self) -> Option<&Type> {
        if let wrapping!(inner) = self { Some(inner) } else { None }
    }

    /// The innermost type, to be changed.
    pub(crate) fn leaf_mut(&mut self) -> &mut Type {
        if let wrapping!(inner) = self { inner.leaf_mut() } else { self }
    }

    pub(crate) fn is_page(&self) -> bool {
        matches!(self, Self::List(_) | Self::SearchResult(_) | Self::ListV2(_))
    }

    /// The type itself and the types inside it, from the outside in.
    pub fn layers(&self) -> impl Iterator<Item = &Type> {
        std::iter::successors(Some(self), |ty| ty.inner())
    }

    /// Whether a value needs more than one pair of a form.
    pub(crate) fn is_deep(&self) -> bool {
        self.layers().any(|layer| matches!(layer, Type::Array(_) | Type::Map(_) | Type::Params(_) | Type::RangeOr(_)))
    }

    /// The innermost type.
    pub fn leaf(&self) -> &Type {
        self.layers().last().unwrap_or(self)
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
    /// The component schema of an object; empty for an alternative of a parameter.
    pub schema: String,
    /// The value of the field `object`.
    pub object: Option<String>,
    /// Whether the field `deleted` is `true`.
    pub is_deleted: bool,
    /// The documentation.
    pub docs: Docs,
}
