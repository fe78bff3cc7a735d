//! What a schema is, as far as it can be told from the schema alone. Pure predicates.

use serde_json::Value;

use crate::ir::Type;
use crate::openapi::keys::Side;
use crate::openapi::node::{Kind, Node};
use crate::select::Page;

/// The value of the field `object`, if the field is always there and can only be one.
pub(super) fn constant_object(schema: Node<'_>) -> Option<&str> {
    schema.always("object")?.only_value()
}

/// Whether `deleted` is always there and can only be `true`.
pub(super) fn is_deleted(schema: Node<'_>) -> bool {
    let deleted = schema.always("deleted").filter(|deleted| deleted.kind() == Kind::Boolean);
    deleted.is_some_and(|deleted| *deleted.list("enum") == [Value::Bool(true)])
}

/// Whether this is a deleted object of which the id and the kind alone are left.
pub(super) fn is_deleted_stub(schema: Node<'_>) -> bool {
    let is_text = |name| schema.always(name).is_some_and(|property| property.kind() == Kind::String);
    is_deleted(schema) && schema.members("properties").count() == 3 && is_text("id") && is_text("object")
}

/// The kind of page that a schema is, and the schema of its elements. The runtime has the other fields, and has to decode and keep
/// each value that the schema allows: what it needs is required, what it does not keep as `null` is never `null`, and there is nothing
/// else. Any other object is a model.
pub(super) fn page(schema: Node<'_>) -> Option<(Page, Node<'_>)> {
    let (kind, needed, optional) = match constant_object(schema) {
        Some("list") => (Page::List, ["has_more", "object", "url"].as_slice(), ["total_count"].as_slice()),
        Some("search_result") => {
            (Page::Search, ["has_more", "object", "url"].as_slice(), ["next_page", "total_count"].as_slice())
        }
        None => (Page::ListV2, ["next_page_url", "previous_page_url"].as_slice(), [].as_slice()),
        Some(_) => return None,
    };
    let is_well = |name: &str, property: Node<'_>| match name {
        "next_page" | "next_page_url" | "previous_page_url" => is_plain_string(property),
        "total_count" => property.kind() == Kind::Integer && !is_unix_time(property) && !property.is("nullable"),
        "url" => is_plain_string(property) && !property.is("nullable"),
        "has_more" => property.kind() == Kind::Boolean && !property.is("nullable"),
        _ => true,
    };
    let is_known = |name: &str| name == "data" || needed.contains(&name) || optional.contains(&name);
    let is_there = |name: &&str| schema.property(name).is_some() && schema.texts("required").any(|one| one == *name);
    if !needed.iter().all(is_there)
        || !schema.members("properties").all(|(name, property)| is_known(name) && is_well(name, property))
    {
        return None;
    }
    let data = schema.always("data").filter(|data| data.kind() == Kind::Array)?;
    Some((kind, data.inside("items")?))
}

/// The schema of a bound, if this is a range of values as Stripe's filters take it: four bounds of one type, none of which may be
/// `null`.
pub(super) fn range_bound(schema: Node<'_>) -> Option<Node<'_>> {
    let bounds = ["gt", "gte", "lt", "lte"].map(|name| schema.property(name));
    let first = bounds[0].filter(|_| schema.is_object())?;
    let are_alike =
        bounds.iter().all(|bound| bound.is_some_and(|bound| is_same_bound(first, bound) && !bound.is("nullable")));
    let is_range = schema.members("properties").count() == 4 && schema.list("required").is_empty() && are_alike;
    is_range.then_some(first)
}

/// Whether two schemas are integers, or two are times of one kind.
pub(super) fn is_same_bound(one: Node<'_>, other: Node<'_>) -> bool {
    match (one.kind(), other.kind()) {
        (Kind::Integer, Kind::Integer) => is_unix_time(one) == is_unix_time(other),
        (Kind::String, Kind::String) => [one, other].iter().all(|bound| text_type(*bound) == Type::DateTime),
        _ => false,
    }
}

pub(super) fn is_plain_string(schema: Node<'_>) -> bool {
    schema.kind() == Kind::String && !schema.has("enum") && text_type(schema) == Type::String
}

/// The schema that a composition of one schema is, or else the schema itself.
pub(super) fn bare(schema: Node<'_>) -> Node<'_> {
    match schema.parts() {
        Some(("allOf" | "anyOf" | "oneOf", [only])) => bare(Node(only)),
        _ => schema,
    }
}

/// Whether the schema is `""` alone, by which a parameter is cleared.
pub(super) fn is_empty_string(schema: Node<'_>) -> bool {
    schema.only_value() == Some("")
}

/// Whether an integer is a time.
pub(super) fn is_unix_time(integer: Node<'_>) -> bool {
    integer.text("format") == Some("unix-time")
}

/// What a string without an `enum` holds, by its format.
pub(super) fn text_type(text: Node<'_>) -> Type {
    match text.text("format") {
        Some("date-time") => Type::DateTime,
        Some("int64") => Type::Int64String,
        _ => Type::String,
    }
}

/// Whether the properties of an object are fields of their own: neither those of a page, nor of a range, nor of what is left of a
/// deleted object.
pub(super) fn has_fields(schema: Node<'_>, side: Side) -> bool {
    schema.members("properties").next().is_some()
        && match side {
            Side::Request => range_bound(schema).is_none(),
            Side::Response => page(schema).is_none() && !is_deleted_stub(schema),
        }
}
