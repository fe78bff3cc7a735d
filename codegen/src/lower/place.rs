//! The place of a schema: in the document, in the configuration's spelling, and in Rust.

use crate::diagnostic::Pointer;

#[derive(Clone, Default)]
pub(super) struct Place {
    pub(super) pointer: Pointer,
    /// `schema/property`, or `Operation/parameter`.
    pub(super) path: String,
    /// The Rust type that an inline schema here belongs to.
    pub(super) owner: String,
    /// The field that it is in.
    pub(super) field: String,
    /// Whether it is an element of an array or a map.
    pub(super) is_item: bool,
    /// The description of the field, for a type inside it that has none.
    pub(super) description: Option<String>,
    /// The operation, if this is a parameter.
    pub(super) operation: Option<String>,
    /// Whether it is in a body of JSON.
    pub(super) is_json: bool,
}

impl Place {
    /// A place that is in no other one: a component schema, or an operation.
    pub(super) fn root(pointer: Pointer, path: &str) -> Self {
        Self { pointer, path: path.to_owned(), ..Self::default() }
    }

    /// The place of a property of the Rust type `owner`.
    pub(super) fn property(&self, pointer: Pointer, owner: &str, wire: &str) -> Self {
        Self {
            pointer,
            path: format!("{}/{wire}", self.path),
            owner: owner.to_owned(),
            field: wire.to_owned(),
            operation: self.operation.clone(),
            is_json: self.is_json,
            ..Self::default()
        }
    }

    /// The place of the elements under `keyword`.
    pub(super) fn item(&self, keyword: &str) -> Self {
        Self { pointer: self.pointer.child(keyword), is_item: true, ..self.clone() }
    }

    /// The same place in Rust and in the configuration, at another pointer.
    pub(super) fn at(&self, pointer: Pointer) -> Self {
        Self { pointer, ..self.clone() }
    }

    pub(super) fn is_parameter(&self) -> bool {
        self.operation.is_some()
    }

    /// Whether `null` can stand here. A form has none.
    pub(super) fn takes_null(&self) -> bool {
        self.is_json || !self.is_parameter()
    }
}
