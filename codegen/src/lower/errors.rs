//! The error object: written by hand in the runtime, since all operations of all releases share it. Here a document is
//! compared with it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lower;
use crate::diagnostic::Pointer;
use crate::openapi::node::{Kind, Node};

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

impl<'a> Lower<'a> {
    /// Compares the error response of an operation with that of the runtime, once for each schema. It can be one of several.
    pub(super) fn error(&mut self, response: Node<'_>, pointer: Pointer, is_v2: bool) {
        let (node, pointer) = self.resolved(response, pointer);
        if !self.errors.insert((pointer.clone(), is_v2)) || self.is_absent(&pointer) {
            return;
        }
        if let Some(("oneOf", parts)) = node.parts() {
            let at = pointer.child("oneOf");
            // Ends, as each schema is compared once.
            return parts.iter().enumerate().for_each(|(i, part)| self.error(Node(part), at.index(i), is_v2));
        }
        if !has_properties(node) {
            return self.refuse(&pointer, "an error that is not an object is not supported");
        }
        let Some(error) = node.property("error").filter(|_| node.texts("required").any(|name| name == "error")) else {
            return self.problems.report(&pointer, "the error response does not always have the field `error`", HELP);
        };
        let (node, pointer) = self.resolved(error, pointer.child("properties").child("error"));
        if self.is_absent(&pointer) {
            return;
        }
        if !has_properties(node) {
            return self.refuse(&pointer, "an error that is not an object is not supported");
        }
        let properties = pointer.child("properties");
        for (name, schema) in node.members("properties") {
            let at = properties.child(name);
            match ERROR_FIELDS.iter().find(|(known, _)| known == name) {
                Some((_, field)) => self.error_field(name, *field, schema, at),
                None => self.api.unknown_in_errors.extend([at]),
            }
        }
        if !is_v2 && node.property("type").is_none() {
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

    fn error_field(&mut self, name: &str, field: ErrorField, schema: Node<'_>, pointer: Pointer) {
        let (resolved, at) = self.resolved(schema, pointer.clone());
        let (fits, expected) = match field {
            ErrorField::Text => (resolved.kind() == Kind::String, "a string"),
            ErrorField::Object => (self.is_json_object(resolved), "an object"),
        };
        if !fits {
            let reason = format!("the field `{name}` of the error object is not {expected}, as the runtime decodes it");
            return self.problems.report(&pointer, reason, HELP);
        }
        if name == "type" {
            let is_unknown = |value: &Value| value.as_str().is_some_and(|value| !ERROR_TYPES.contains(&value));
            let unknown = resolved.list("enum").iter().enumerate().filter(|(_, value)| is_unknown(value));
            self.api.unknown_in_errors.extend(unknown.map(|(index, _)| at.child("enum").index(index)));
        }
    }

    /// Follows references to component schemas.
    pub(super) fn resolved<'n>(&self, mut node: Node<'n>, mut pointer: Pointer) -> (Node<'n>, Pointer)
    where
        'a: 'n,
    {
        // Ends, as an alias of itself is refused when it is selected.
        while let Some(key) = node.reference() {
            (node, pointer) = (self.component_schema(&key), Pointer::schema(&key));
        }
        (node, pointer)
    }

    /// Whether a schema says of a value only that it is an object.
    pub(super) fn is_any_object(&self, schema: Node<'_>) -> bool {
        self.resolved(schema, Pointer::default()).0.text("type") == Some("object")
    }

    /// Whether a value is an object in any case. Each schema is looked at once.
    fn is_json_object(&self, schema: Node<'_>) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![schema];
        while let Some(schema) = pending.pop() {
            if schema.reference().is_some_and(|key| !seen.insert(key)) {
                continue;
            }
            let (schema, _) = self.resolved(schema, Pointer::default());
            match schema.parts() {
                Some((_, parts)) => pending.extend(parts.iter().map(Node)),
                None if schema.text("type") == Some("object") || has_properties(schema) => {}
                None => return false,
            }
        }
        true
    }
}

/// Whether a schema is an object with properties.
fn has_properties(schema: Node<'_>) -> bool {
    schema.members("properties").next().is_some()
}
