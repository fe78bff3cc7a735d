//! What a schema is, as far as it can be told from the schema alone. Pure predicates.

use std::borrow::{Borrow, Cow};

use openapiv3::{
    IntegerType, ObjectType, ReferenceOr, Schema, SchemaKind, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use crate::ir;
use crate::select::Page;

/// A schema, or a reference to one.
#[derive(Clone, Copy)]
pub(super) enum Node<'s> {
    /// `$ref`.
    Reference(&'s str),
    /// A schema in place.
    Schema(&'s Schema),
}

impl<'s, S: Borrow<Schema>> From<&'s ReferenceOr<S>> for Node<'s> {
    fn from(schema: &'s ReferenceOr<S>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema.borrow()),
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

/// The value of the field `object`, if the field is always there and can only be one.
pub(super) fn constant_object(shape: &ObjectType) -> Option<&str> {
    only_value(always(shape, "object")?)
}

/// The value of the field `object`, wherever the field is not needed to decode the object.
pub(super) fn kind_of(shape: &ObjectType) -> Option<&str> {
    only_value(shape.properties.get("object")?.as_item()?)
}

/// The value of a string that can only be one.
fn only_value(schema: &Schema) -> Option<&str> {
    match string_type(schema)?.enumeration.as_slice() {
        [Some(value)] => Some(value),
        _ => None,
    }
}

/// The schema of a property that is always there, and never `null`.
fn always<'s>(shape: &'s ObjectType, name: &str) -> Option<&'s Schema> {
    let property = shape.properties.get(name)?.as_item()?;
    (shape.required.iter().any(|required| required == name) && !property.schema_data.nullable).then_some(property)
}

/// Whether `deleted` is always there and can only be `true`.
pub(super) fn is_deleted(shape: &ObjectType) -> bool {
    matches!(
        always(shape, "deleted").map(|deleted| &deleted.schema_kind),
        Some(SchemaKind::Type(Type::Boolean(boolean))) if boolean.enumeration == [Some(true)]
    )
}

/// Whether this is a deleted object of which the id and the kind alone are left.
pub(super) fn is_deleted_stub(shape: &ObjectType) -> bool {
    let is_text = |name| always(shape, name).is_some_and(|property| string_type(property).is_some());
    is_deleted(shape) && shape.properties.len() == 3 && is_text("id") && is_text("object")
}

/// The kind of page that a schema is, and the schema of its elements. The runtime has the other fields.
pub(super) fn page(shape: &ObjectType) -> Option<(Page, &ReferenceOr<Box<Schema>>)> {
    let (kind, names, needed) = match constant_object(shape) {
        Some("list") => (Page::List, ["total_count"].as_slice(), ["has_more", "object", "url"].as_slice()),
        Some("search_result") => {
            (Page::Search, ["next_page", "total_count"].as_slice(), ["has_more", "object", "url"].as_slice())
        }
        None => (Page::ListV2, ["previous_page_url"].as_slice(), ["next_page_url"].as_slice()),
        Some(_) => return None,
    };
    let is_well = |name: &str| {
        let item = shape.properties.get(name).and_then(|property| property.as_item());
        match (name, item.map(|item| &item.schema_kind)) {
            ("next_page" | "next_page_url" | "previous_page_url", _) => item.is_some_and(|item| is_plain_string(item)),
            ("total_count", Some(SchemaKind::Type(Type::Integer(count)))) => !is_unix_time(count),
            ("url", _) => always(shape, name).is_some_and(is_plain_string),
            ("has_more", Some(SchemaKind::Type(Type::Boolean(_)))) => always(shape, name).is_some(),
            ("data" | "object", _) => true,
            _ => false,
        }
    };
    let is_known = |name: &str| name == "data" || names.contains(&name) || needed.contains(&name);
    let has_all = needed.iter().all(|name| shape.properties.contains_key(*name));
    if !has_all || !shape.properties.keys().all(|name| is_known(name) && is_well(name)) {
        return None;
    }
    match &always(shape, "data")?.schema_kind {
        SchemaKind::Type(Type::Array(array)) => Some((kind, array.items.as_ref()?)),
        _ => None,
    }
}

/// The schema of a bound, if this is a range of values as Stripe's filters take it: four bounds of one type.
pub(super) fn range_bound(shape: &ObjectType) -> Option<&Schema> {
    let bounds = ["gt", "gte", "lt", "lte"].map(|name| shape.properties.get(name).and_then(|bound| bound.as_item()));
    let [Some(first), rest @ ..] = &bounds else { return None };
    let is_like = |bound: &Option<&Box<Schema>>| bound.is_some_and(|bound| is_same_bound(first, bound));
    let is_range = shape.properties.len() == 4 && shape.required.is_empty() && rest.iter().all(is_like);
    is_range.then_some(first)
}

/// Whether two schemas are integers, or two are times of one kind.
pub(super) fn is_same_bound(one: &Schema, other: &Schema) -> bool {
    match (&one.schema_kind, &other.schema_kind) {
        (SchemaKind::Type(Type::Integer(one)), SchemaKind::Type(Type::Integer(other))) => {
            is_unix_time(one) == is_unix_time(other)
        }
        (SchemaKind::Type(Type::String(one)), SchemaKind::Type(Type::String(other))) => {
            text_type(one) == ir::Type::DateTime && text_type(other) == ir::Type::DateTime
        }
        _ => false,
    }
}

pub(super) fn string_type(schema: &Schema) -> Option<&StringType> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(text)) => Some(text),
        _ => None,
    }
}

pub(super) fn is_plain_string(schema: &Schema) -> bool {
    string_type(schema).is_some_and(|text| text.enumeration.is_empty() && text_type(text) == ir::Type::String)
}

/// Whether the schema is `""` alone, by which a parameter is cleared.
pub(super) fn is_empty_string(schema: &Schema) -> bool {
    only_value(schema) == Some("")
}

pub(super) fn is_unix_time(integer: &IntegerType) -> bool {
    matches!(&integer.format, VariantOrUnknownOrEmpty::Unknown(format) if format == "unix-time")
}

/// What a string without an `enum` holds, by its format.
pub(super) fn text_type(text: &StringType) -> ir::Type {
    match &text.format {
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => ir::Type::DateTime,
        VariantOrUnknownOrEmpty::Unknown(format) if format == "int64" => ir::Type::Int64String,
        _ => ir::Type::String,
    }
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
