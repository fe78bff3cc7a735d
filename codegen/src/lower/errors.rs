//! The error object: written by hand in the runtime, since all operations of all releases share it. Here a document is
//! compared with it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use openapiv3::{ObjectType, SchemaKind, Type};

use super::Lower;
use super::shapes::{Node, object, string_type};
use crate::diagnostic::Pointer;
use crate::select::{Parsed, schema_key};

/// What a field of the error object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorField {
    /// A string.
    Text,
    /// An object, which is kept as JSON.
    Object,
}

/// The fields of `ApiError` in the runtime. `tests/tests/names.rs` compares the list with the struct.
pub const ERROR_FIELDS: &[(&str, ErrorField)] = &[
    ("advice_code", ErrorField::Text),
    ("charge", ErrorField::Text),
    ("code", ErrorField::Text),
    ("decline_code", ErrorField::Text),
    ("doc_url", ErrorField::Text),
    ("message", ErrorField::Text),
    ("network_advice_code", ErrorField::Text),
    ("network_decline_code", ErrorField::Text),
    ("param", ErrorField::Text),
    ("payment_intent", ErrorField::Object),
    ("payment_method", ErrorField::Object),
    ("payment_method_type", ErrorField::Text),
    ("request_log_url", ErrorField::Text),
    ("setup_intent", ErrorField::Object),
    ("source", ErrorField::Object),
    ("type", ErrorField::Text),
    ("user_message", ErrorField::Text),
];

/// The values of the field `type` that have a variant in the runtime's `ApiErrorType`. The same test compares them.
pub const ERROR_TYPES: &[&str] = &["api_error", "card_error", "idempotency_error", "invalid_request_error"];

const HELP: &str =
    "change `ApiError` in the runtime and `ERROR_FIELDS` in `codegen::lower::errors`, or correct the document";

impl Lower<'_> {
    /// Compares the error response of an operation with that of the runtime, once for each schema. It can be one of several.
    pub(super) fn error(&mut self, response: Node<'_>, pointer: Pointer, is_v2: bool) {
        let parsed = self.parsed;
        let (node, pointer) = resolved(parsed, response, pointer);
        if !self.errors.insert((pointer.clone(), is_v2)) || self.is_absent(&pointer) {
            return;
        }
        if let Node::Schema(schema) = node
            && let SchemaKind::OneOf { one_of: parts } = &schema.schema_kind
        {
            let at = pointer.child("oneOf");
            // Ends, as each schema is compared once.
            return parts.iter().enumerate().for_each(|(i, part)| self.error(part.into(), at.index(i), is_v2));
        }
        let Some(shape) = shape(node) else {
            return self.refuse(&pointer, "an error that is not an object is not supported");
        };
        let Some(error) = shape.properties.get("error").filter(|_| shape.required.iter().any(|name| name == "error"))
        else {
            return self.problems.report(&pointer, "the error response does not always have the field `error`", HELP);
        };
        let (node, pointer) = resolved(parsed, error.into(), pointer.child("properties").child("error"));
        if self.is_absent(&pointer) {
            return;
        }
        let Some(shape) = self::shape(node) else {
            return self.refuse(&pointer, "an error that is not an object is not supported");
        };
        let properties = pointer.child("properties");
        for (name, schema) in &shape.properties {
            let at = properties.child(name);
            match ERROR_FIELDS.iter().find(|(known, _)| known == name) {
                Some((_, field)) => self.error_field(name, *field, schema.into(), at),
                None => self.api.unknown_in_errors.extend([at]),
            }
        }
        if !is_v2 && !shape.properties.contains_key("type") {
            self.problems.report(&properties, "the error object does not have the field `type`", HELP);
        }
    }

    /// Reports a component schema that the document does not have. An error is needed also where a part of a document is enough.
    fn is_absent(&mut self, pointer: &Pointer) -> bool {
        let selection = self.selection;
        let key = selection.absent.keys().find(|key| Pointer::schema(key) == *pointer);
        if let Some(key) = key {
            self.problems.push(selection.absence(key, ""));
        }
        key.is_some()
    }

    fn error_field(&mut self, name: &str, field: ErrorField, node: Node<'_>, pointer: Pointer) {
        let parsed = self.parsed;
        let (resolved, at) = resolved(parsed, node, pointer.clone());
        let text = match resolved {
            Node::Schema(schema) => string_type(schema),
            Node::Reference(_) => None,
        };
        let (fits, expected) = match field {
            ErrorField::Text => (text.is_some(), "a string"),
            ErrorField::Object => (is_json_object(parsed, resolved), "an object"),
        };
        if !fits {
            let reason = format!("the field `{name}` of the error object is not {expected}, as the runtime decodes it");
            return self.problems.report(&pointer, reason, HELP);
        }
        let values = text.filter(|_| name == "type").map(|text| text.enumeration.as_slice()).unwrap_or_default();
        let is_unknown = |value: &Option<String>| value.as_deref().is_some_and(|value| !ERROR_TYPES.contains(&value));
        let unknown = values.iter().enumerate().filter(|(_, value)| is_unknown(value));
        self.api.unknown_in_errors.extend(unknown.map(|(index, _)| at.child("enum").index(index)));
    }
}

fn shape(node: Node<'_>) -> Option<Cow<'_, ObjectType>> {
    match node {
        Node::Schema(schema) => object(schema).filter(|shape| !shape.properties.is_empty()),
        Node::Reference(_) => None,
    }
}

/// Follows references to component schemas. One that leads nowhere is reported when it is selected.
fn resolved<'n>(parsed: &'n Parsed, mut node: Node<'n>, mut pointer: Pointer) -> (Node<'n>, Pointer) {
    // Ends, as an alias of itself is refused when it is selected.
    while let Node::Reference(reference) = node {
        let Some((key, schema)) = schema_key(reference).and_then(|key| parsed.schemas.get_key_value(&key)) else {
            break;
        };
        (node, pointer) = (schema.into(), Pointer::schema(key));
    }
    (node, pointer)
}

/// Whether a schema says of a value only that it is an object.
pub(super) fn is_any_object(parsed: &Parsed, node: Node<'_>) -> bool {
    let (node, _) = resolved(parsed, node, Pointer::default());
    matches!(node, Node::Schema(schema) if matches!(&schema.schema_kind, SchemaKind::Type(Type::Object(_))))
}

/// Whether a value is an object in any case. Each schema is looked at once.
fn is_json_object(parsed: &Parsed, node: Node<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if let Node::Reference(reference) = node
            && !seen.insert(reference)
        {
            continue;
        }
        let (Node::Schema(schema), _) = resolved(parsed, node, Pointer::default()) else { return false };
        match &schema.schema_kind {
            SchemaKind::AnyOf { any_of: schemas }
            | SchemaKind::OneOf { one_of: schemas }
            | SchemaKind::AllOf { all_of: schemas }
                if !schemas.is_empty() =>
            {
                pending.extend(schemas.iter().map(Node::from));
            }
            SchemaKind::Type(Type::Object(_)) => {}
            _ if object(schema).is_some_and(|shape| !shape.properties.is_empty()) => {}
            _ => return false,
        }
    }
    true
}
