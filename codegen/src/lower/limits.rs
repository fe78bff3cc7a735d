//! The limits of a value, and its unit.

use openapiv3::{AdditionalProperties, SchemaKind};
use serde_json::Value;

use super::shapes::{self, Node};
use crate::ir::{Limits, Type};

/// The unit of a time. A description that states it itself is enough.
pub(super) fn unit_note(text: &str, ty: &Type) -> Option<String> {
    let is_time = ty.layers().any(|layer| *layer == Type::Timestamp);
    (is_time && !text.contains("Unix epoch")).then(|| "In seconds since the Unix epoch.".to_owned())
}

/// The limits of a value, or of what it holds: the elements of an array, and the type beside the `""` that clears it.
pub(super) fn limits(node: Node<'_>) -> Limits {
    let Node::Schema(schema) = node else { return Limits::default() };
    use openapiv3::{Type as Kind, VariantOrUnknownOrEmpty as Format};
    let format = |format: &Format<openapiv3::StringFormat>| match format {
        Format::Item(format) => serde_json::to_value(format).ok().and_then(|v: Value| v.as_str().map(str::to_owned)),
        Format::Unknown(format) => Some(format.clone()),
        Format::Empty => None,
    };
    match &schema.schema_kind {
        SchemaKind::Type(Kind::String(text)) => Limits {
            max_length: text.max_length,
            pattern: text.pattern.clone(),
            // Some are types of their own.
            format: format(&text.format).filter(|_| shapes::text_type(text) == Type::String),
            ..Limits::default()
        },
        SchemaKind::Type(Kind::Integer(integer)) => Limits {
            minimum: integer.minimum.map(|least| least as f64),
            maximum: integer.maximum.map(|most| most as f64),
            ..Limits::default()
        },
        SchemaKind::Type(Kind::Number(number)) => {
            Limits { minimum: number.minimum, maximum: number.maximum, ..Limits::default() }
        }
        SchemaKind::Type(Kind::Array(array)) => {
            let elements = array.items.as_ref().map(|items| limits(items.into())).unwrap_or_default();
            Limits { max_items: array.max_items, ..elements }
        }
        SchemaKind::Type(Kind::Object(map)) => match &map.additional_properties {
            Some(AdditionalProperties::Schema(values)) if map.properties.is_empty() => limits(values.as_ref().into()),
            _ => Limits::default(),
        },
        SchemaKind::AnyOf { any_of: parts }
        | SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts } => {
            let clears = |node: &Node<'_>| matches!(node, Node::Schema(schema) if shapes::is_empty_string(schema));
            match parts.iter().map(Node::from).filter(|node| !clears(node)).collect::<Vec<_>>().as_slice() {
                [only] => limits(*only),
                _ => Limits::default(),
            }
        }
        _ => Limits::default(),
    }
}
