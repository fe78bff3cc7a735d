//! Small pieces of the intermediate representation, for unit tests.

use crate::diagnostic::Pointer;
use crate::ir::{
    Alternative, Api, Docs, Enum, Field, Method, Model, ModelId, Module, Operation, Origin, Params, Presence,
    Reference, Type, Union, UnionKind, Usage, Variant,
};

/// The module that all items are in.
pub(crate) const MODULE: &str = "session";

/// An API with a module and nothing in it. Call `reindex` after adding items.
pub(crate) fn api() -> Api {
    let mut api = Api::default();
    api.modules.push(Module { name: MODULE.to_owned(), features: Vec::new() });
    api
}

pub(crate) fn boxed(ty: Type) -> Box<Type> {
    Box::new(ty)
}

pub(crate) fn origin(place: &str) -> Origin {
    Origin { place: place.to_owned(), ..Origin::default() }
}

/// A required field, or a required parameter.
pub(crate) fn field(wire: &str, ty: Type) -> Field {
    Field {
        wire: wire.to_owned(),
        name: wire.to_owned(),
        origin: Origin::default(),
        ty,
        presence: Presence::Required,
        is_secret: false,
        is_boxed: false,
        max_length: None,
    }
}

/// The same field, optional.
pub(crate) fn optional(wire: &str, ty: Type) -> Field {
    Field { presence: Presence::Optional, ..field(wire, ty) }
}

/// The same field, secret.
pub(crate) fn secret(wire: &str, ty: Type) -> Field {
    Field { is_secret: true, ..field(wire, ty) }
}

/// A model of a component schema, with the places of its fields.
pub(crate) fn model<const N: usize>(name: &str, key: &str, fields: [Field; N]) -> Model {
    let pointer = Pointer::schema(key);
    Model {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        origin: Origin { pointer: pointer.clone(), ..origin(key) },
        object: None,
        id: ModelId::None,
        is_referable: false,
        expandable: Vec::new(),
        is_deletable: false,
        is_open: false,
        fields: fields.map(|field| placed(field, key, &pointer)).into(),
    }
}

fn placed(field: Field, key: &str, pointer: &Pointer) -> Field {
    let pointer = pointer.child("properties").child(&field.wire);
    let origin = Origin { pointer, place: format!("{key}/{}", field.wire), ..field.origin.clone() };
    Field { origin, ..field }
}

pub(crate) fn union<const N: usize>(name: &str, alternatives: [Alternative; N]) -> Union {
    Union {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        owner: String::new(),
        origin: Origin::default(),
        kind: UnionKind::Tagged,
        is_referable: false,
        alternatives: alternatives.into(),
    }
}

pub(crate) fn alternative(name: &str, ty: Type) -> Alternative {
    Alternative { name: name.to_owned(), ty, object: None, is_deleted: false, docs: Docs::default() }
}

/// An enum whose variants are called like their values.
pub(crate) fn enumeration<const N: usize>(name: &str, values: [&str; N]) -> Enum {
    let variant = |value: &str| Variant { value: value.to_owned(), name: value.to_owned(), origin: Origin::default() };
    Enum {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        owner: String::new(),
        origin: Origin::default(),
        variants: values.map(variant).into(),
        is_computed: false,
        usage: Usage::default(),
    }
}

pub(crate) fn reference(name: &str, key: &str) -> Reference {
    Reference {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        id: format!("{name}Id"),
        origin: Origin { pointer: Pointer::schema(key), ..origin(key) },
        object: key.to_owned(),
    }
}

pub(crate) fn params<const N: usize>(name: &str, operation: &str, fields: [Field; N]) -> Params {
    Params {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        operation: operation.to_owned(),
        origin: Origin::default(),
        fields: fields.into(),
    }
}

/// An operation on `path` that returns the model `output`.
pub(crate) fn operation<const N: usize>(name: &str, path: &str, params: [Field; N], output: &str) -> Operation {
    Operation {
        name: name.to_owned(),
        module: MODULE.to_owned(),
        resource: String::new(),
        id: name.to_owned(),
        origin: Origin { pointer: Pointer::path(path).child("post"), ..origin(name) },
        method: Method::Post,
        path: path.to_owned(),
        base_url: None,
        path_params: Vec::new(),
        params: params.into(),
        output: Type::Model(output.to_owned()),
    }
}
