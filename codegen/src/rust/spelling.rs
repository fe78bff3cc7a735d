//! How a type of the intermediate representation is spelled in Rust: for the emitter, for comparisons and for people.

use crate::ir::{Alternative, Field, Named, Presence, Type, UnionKind};
use crate::rust::naming;

/// The type of a parameter as `new` takes it, or as a setter that takes no `Option`.
pub(crate) fn as_argument(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Array(item) => format!("impl IntoIterator<Item = {}>", as_argument(item)),
        Type::Map(value) => format!("impl IntoIterator<Item = (impl Into<String>, {})>", as_argument(value)),
        _ => format!("impl Into<{}>", spell(ty)),
    }
}

/// The type parameter of a setter that takes an `Option`: whether it is given a value or an `Option`. No type of a document has
/// this name.
pub(crate) const GIVEN: &str = "Given";

/// The type of an optional parameter as its setter takes it, which has the type parameter [`GIVEN`] if it takes an `Option`.
pub(crate) fn as_optional_argument(field: &Field) -> String {
    match takes_option(field) {
        true => format!("impl IntoOption<{}, {GIVEN}>", spell(&field.ty)),
        false => as_argument(&field.ty),
    }
}

/// Whether the setter of an optional parameter takes an `Option` as well: neither that of a list, which can be empty, nor that of
/// JSON, into which an `Option` converts by itself.
pub(crate) fn takes_option(field: &Field) -> bool {
    !field.is_required() && !matches!(field.ty, Type::Array(_) | Type::Map(_) | Type::Json)
}

/// The type that says whether a field has a value, if one has to.
pub(crate) fn presence(field: &Field) -> Option<&'static str> {
    match field.presence {
        Presence::Required => None,
        // A secret does not tell that it is empty.
        Presence::AbsentIfEmpty if !field.is_secret => None,
        Presence::OptionalNullable => Some("Nullable"),
        Presence::Optional | Presence::Nullable | Presence::AbsentIfEmpty => Some("Option"),
    }
}

/// The types around the one of a field's value, from the outside in.
pub(crate) fn around(field: &Field) -> impl DoubleEndedIterator<Item = &'static str> {
    let secret = field.is_secret.then_some("Secret");
    let pointer = field.is_boxed.then_some("Box");
    [presence(field), secret, pointer].into_iter().flatten()
}

/// A parameter as its struct has it.
pub(crate) fn param(field: &Field) -> String {
    let ty = around(field).rev().fold(spell(&field.ty), |inner, outer| format!("{outer}<{inner}>"));
    format!("{}: {ty}", field.name)
}

pub(crate) fn member(field: &Field) -> String {
    format!("pub {}", param(field))
}

/// A required parameter as `new` has it.
pub(crate) fn argument(field: &Field) -> String {
    format!("{}: {}", field.name, as_argument(&field.ty))
}

/// The method of the struct `owner` that takes a parameter: `new`, or a setter.
pub(crate) fn signature(owner: &str, field: &Field) -> String {
    match field.is_required() {
        true => format!("{owner}::new(…, {}, …)", argument(field)),
        false => format!("fn {}(self, {}) -> Self", field.name, as_optional_argument(field)),
    }
}

/// The declaration of an item, without its visibility and its members.
pub(crate) fn declaration(item: Named<'_>) -> String {
    let keyword = match item {
        Named::Enum(_) => "enum",
        Named::Union(union) if union.kind != UnionKind::Untagged => "enum",
        _ => "struct",
    };
    format!("{keyword} {}", item.name())
}

/// An alternative of a union of that kind: its variant, or the method that reads it.
pub(crate) fn alternative(kind: UnionKind, alternative: &Alternative) -> String {
    let Alternative { name, ty, .. } = alternative;
    match kind {
        UnionKind::Parameter | UnionKind::Tagged => format!("{name}({})", variant(ty)),
        UnionKind::Untagged => format!("fn {}", naming::reading_method(name)),
    }
}

/// The predicate that one of the features is enabled; empty if there are none.
pub(crate) fn predicate(features: &[String]) -> String {
    let all: Vec<_> = features.iter().map(|feature| format!("feature = {feature:?}")).collect();
    match &all[..] {
        [] => String::new(),
        [one] => one.clone(),
        several => format!("any({})", several.join(", ")),
    }
}

/// The type that the variant of a union holds. The largest model would make each value as large.
fn variant(ty: &Type) -> String {
    match ty {
        Type::Model(name) => format!("Box<{name}>"),
        ty => spell(ty),
    }
}

/// Returns the type of a value or of a response.
pub fn spell(ty: &Type) -> String {
    let name = name(ty);
    match (ty, ty.inner()) {
        (Type::Json, _) => format!("{name}::Value"),
        (Type::Map(value), _) => format!("{name}<String, {}>", spell(value)),
        (_, Some(inner)) => format!("{name}<{}>", spell(inner)),
        (_, None) => name.to_owned(),
    }
}

/// The name that a type starts with, without what it wraps: what has to be in scope.
pub(crate) fn name(ty: &Type) -> &str {
    match ty {
        Type::String => "String",
        Type::Bool => "bool",
        Type::Integer => "i64",
        Type::Number => "f64",
        Type::Timestamp => "Timestamp",
        Type::DateTime => "DateTime",
        Type::Int64String => "Int64String",
        Type::Amounts => "Amounts",
        Type::Json => "serde_json",
        Type::Opaque => "Opaque",
        Type::Deleted => "Deleted",
        Type::Id(name)
        | Type::Enum(name)
        | Type::Model(name)
        | Type::Union(name)
        | Type::Reference(name)
        | Type::Params(name) => name,
        Type::Array(_) => "Vec",
        Type::List(_) => "List",
        Type::SearchResult(_) => "SearchResult",
        Type::ListV2(_) => "ListV2",
        Type::Map(_) => "BTreeMap",
        Type::Clearable(_) => "Clearable",
        Type::RangeOr(_) => "RangeOr",
        Type::Expandable(_) => "Expandable",
        Type::OrNull(_) => "Option",
    }
}
