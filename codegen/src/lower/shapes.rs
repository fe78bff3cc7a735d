//! What a schema is, as far as it can be told from the schema alone. Pure predicates.

use std::borrow::Cow;

use openapiv3::{IntegerType, ObjectType, ReferenceOr, Schema, SchemaKind, StringType, Type, VariantOrUnknownOrEmpty};
use serde_json::Value;

use crate::select::Page;

/// A schema, or a reference to one.
#[derive(Clone, Copy)]
pub(super) enum Node<'s> {
    /// `$ref`.
    Reference(&'s str),
    /// A schema in place.
    Schema(&'s Schema),
}

impl<'s> From<&'s ReferenceOr<Schema>> for Node<'s> {
    fn from(schema: &'s ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

impl<'s> From<&'s ReferenceOr<Box<Schema>>> for Node<'s> {
    fn from(schema: &'s ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

/// The object that a schema is, with or without its `type` written out.
pub(super) fn object(schema: &Schema) -> Option<Cow<'_, ObjectType>> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(shape)) => Some(Cow::Borrowed(shape)),
        SchemaKind::Any(any)
            if any.typ.is_none() && any.enumeration.is_empty() && any.items.is_none() && any.pattern.is_none() =>
        {
            Some(Cow::Owned(ObjectType {
                properties: any.properties.clone(),
                required: any.required.clone(),
                additional_properties: any.additional_properties.clone(),
                ..ObjectType::default()
            }))
        }
        _ => None,
    }
}

/// The value of the field `object`, if it can only be one.
pub(super) fn constant_object(shape: &ObjectType) -> Option<&str> {
    let text = string_type(shape.properties.get("object")?.as_item()?)?;
    match text.enumeration.as_slice() {
        [Some(value)] => Some(value),
        _ => None,
    }
}

/// Whether `deleted` can only be `true`.
pub(super) fn is_deleted(shape: &ObjectType) -> bool {
    let deleted = shape.properties.get("deleted").and_then(|deleted| deleted.as_item());
    matches!(
        deleted.map(|deleted| &deleted.schema_kind),
        Some(SchemaKind::Type(Type::Boolean(boolean))) if boolean.enumeration == [Some(true)]
    )
}

/// Whether this is what is left of a deleted object, and nothing but its id and its kind is.
pub(super) fn is_deleted_stub(shape: &ObjectType) -> bool {
    is_deleted(shape) && shape.properties.keys().all(|name| matches!(name.as_str(), "deleted" | "id" | "object"))
}

/// The kind of page that a schema is, and the schema of its elements.
pub(super) fn page(shape: &ObjectType) -> Option<(Page, &ReferenceOr<Box<Schema>>)> {
    let (kind, names) = match constant_object(shape)? {
        "list" => (Page::List, ["data", "has_more", "object", "total_count", "url"].as_slice()),
        "search_result" => (Page::Search, ["data", "has_more", "next_page", "object", "total_count", "url"].as_slice()),
        _ => return None,
    };
    if !shape.properties.keys().all(|name| names.contains(&name.as_str())) {
        return None;
    }
    match &shape.properties.get("data")?.as_item()?.schema_kind {
        SchemaKind::Type(Type::Array(array)) => Some((kind, array.items.as_ref()?)),
        _ => None,
    }
}

/// The schema of a bound, if this is a range of values as Stripe's filters take it.
pub(super) fn range_bound(shape: &ObjectType) -> Option<&ReferenceOr<Box<Schema>>> {
    let is_bound = |name: &String| matches!(name.as_str(), "gt" | "gte" | "lt" | "lte");
    let bounds = &shape.properties;
    (bounds.len() == 4 && bounds.keys().all(is_bound) && shape.required.is_empty()).then(|| bounds.values().next())?
}

pub(super) fn string_type(schema: &Schema) -> Option<&StringType> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(text)) => Some(text),
        _ => None,
    }
}

pub(super) fn is_plain_string(schema: &Schema) -> bool {
    string_type(schema).is_some_and(|text| text.enumeration.is_empty())
}

/// Whether the schema is `""` alone, by which a parameter is cleared.
pub(super) fn is_empty_string(schema: &Schema) -> bool {
    string_type(schema).is_some_and(|text| matches!(text.enumeration.as_slice(), [Some(value)] if value.is_empty()))
}

pub(super) fn is_unix_time(integer: &IntegerType) -> bool {
    matches!(&integer.format, VariantOrUnknownOrEmpty::Unknown(format) if format == "unix-time")
}

/// The strings of an array.
pub(super) fn strings(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Why a schema of none of the known shapes is refused.
pub(super) fn unsupported(schema: &Schema) -> String {
    match &schema.schema_kind {
        SchemaKind::Any(any) if !any.enumeration.is_empty() => "the enum has a value that is not a string".to_owned(),
        SchemaKind::Any(any) => match &any.typ {
            Some(typ) => format!("a schema of the type `{typ}` with these keywords is not supported"),
            None => "a schema of this shape is not supported".to_owned(),
        },
        SchemaKind::Type(_) => "an enum of numbers is not supported".to_owned(),
        SchemaKind::AllOf { .. } => "an `allOf` of several schemas is not supported".to_owned(),
        SchemaKind::Not { .. } => "a `not` is not supported".to_owned(),
        _ => "a schema of this shape is not supported".to_owned(),
    }
}
