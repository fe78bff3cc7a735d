//! Describes the intermediate representation in the terms of the document, for comparisons and explanations.
//!
//! The descriptions are for people. No verdict depends on them.

pub(crate) mod paths;

use crate::ir::{Api, Enum, Field, Named, Operation, Presence, Type, Union, UnionKind};

/// The type of a field and whether it can be left out, such as `string or null, optional`.
pub(crate) fn field(api: &Api, field: &Field) -> String {
    let mut text = ty(api, &field.ty);
    if matches!(field.presence, Presence::Nullable | Presence::OptionalNullable) {
        text.push_str(" or null");
    }
    format!("{text}, {}", if field.is_required() { "required" } else { "optional" })
}

/// A type, such as `list of financial_connections.account`.
pub(crate) fn ty(api: &Api, ty: &Type) -> String {
    let inside = |inner: &Type| self::ty(api, inner);
    match ty {
        Type::String => "string".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Timestamp => "unix-time".to_owned(),
        Type::DateTime => "date-time".to_owned(),
        Type::Int64String => "integer as a string".to_owned(),
        Type::Amounts => "map of integer".to_owned(),
        Type::Json => "any JSON".to_owned(),
        Type::Opaque => "object of one of several kinds".to_owned(),
        Type::Deleted => "deleted object".to_owned(),
        Type::Id(_) => "string, an id".to_owned(),
        Type::Enum(name) | Type::Model(name) | Type::Union(name) | Type::Reference(name) => {
            api.named(name).map_or_else(String::new, |named| item(api, named))
        }
        Type::Params(_) => "object".to_owned(),
        Type::Array(inner) => format!("array of {}", inside(inner)),
        Type::List(inner) | Type::ListV2(inner) => format!("list of {}", inside(inner)),
        Type::SearchResult(inner) => format!("search result of {}", inside(inner)),
        Type::Map(inner) => format!("map of {}", inside(inner)),
        Type::Clearable(inner) => format!("{} or cleared", inside(inner)),
        Type::RangeOr(inner) => format!("{0} or range of {0}", inside(inner)),
        Type::Expandable(inner) => format!("id or {}", inside(inner)),
        Type::OrNull(inner) => format!("{} or null", inside(inner)),
    }
}

/// An item as a whole: its schema, its request, its alternatives or its values.
pub(crate) fn item(api: &Api, item: Named<'_>) -> String {
    match item {
        Named::Model(_) | Named::Reference(_) | Named::Params(_) => item.origin().place.clone(),
        Named::Union(union) => alternatives(api, union),
        Named::Enum(item) => values(item),
        Named::Operation(operation) => request(operation),
    }
}

pub(crate) fn values(item: &Enum) -> String {
    item.variants.iter().map(|variant| variant.value.as_str()).collect::<Vec<_>>().join(" | ")
}

pub(crate) fn alternatives(api: &Api, union: &Union) -> String {
    union.alternatives.iter().map(|alternative| ty(api, &alternative.ty)).collect::<Vec<_>>().join(" or ")
}

/// How the alternatives of a union are told apart.
pub(crate) fn kind(kind: UnionKind) -> &'static str {
    match kind {
        UnionKind::Parameter => "several types of a parameter",
        UnionKind::Tagged => "objects that state their kind in `object`",
        UnionKind::Untagged => "objects that no field tells apart",
    }
}

/// The method and the path of an operation, and its server if it has one of its own.
pub(crate) fn request(operation: &Operation) -> String {
    let server = operation.base_url.as_deref().unwrap_or_default();
    format!("{} {server}{}", operation.method.as_str(), operation.path)
}

/// A fact in words: a limit, or any other fact as the document states it.
pub(crate) fn fact(path: &str, value: &str) -> String {
    limit(path, value).unwrap_or_else(|| format!("{path}: {value}"))
}

/// A limit in words, or nothing for any other fact.
pub(crate) fn limit(path: &str, value: &str) -> Option<String> {
    let number = || value.parse::<f64>().map_or_else(|_| value.to_owned(), |number| number.to_string());
    // The path can say of which operation it is: `maxLength of UpdateThing`.
    Some(match path.rsplit('/').next().unwrap_or(path) {
        "maxLength" => format!("at most {value} characters"),
        "pattern" => format!("pattern {value}"),
        "format" => format!("format {value}"),
        "minimum" => format!("at least {}", number()),
        "maximum" => format!("at most {}", number()),
        "maxItems" => format!("at most {value} elements"),
        _ => return None,
    })
}
