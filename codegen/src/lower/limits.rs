//! The limit of a value that its documentation and its sample state, and its unit.

use openapiv3::{AdditionalProperties, SchemaKind, Type as Kind};

use super::shapes::{self, Node};
use crate::ir::Type;

/// The unit of a time. A description that states it itself is enough.
pub(super) fn unit_note(text: &str, ty: &Type) -> Option<String> {
    let is_time = ty.layers().any(|layer| *layer == Type::Timestamp);
    (is_time && !text.contains("Unix epoch")).then(|| "In seconds since the Unix epoch.".to_owned())
}

/// The most characters of a value, or of what it holds: the elements of an array, and the type beside the `""` that clears it.
pub(super) fn max_length(node: Node<'_>) -> Option<usize> {
    let Node::Schema(schema) = node else { return None };
    match &schema.schema_kind {
        SchemaKind::Type(Kind::String(text)) => text.max_length,
        SchemaKind::Type(Kind::Array(array)) => max_length(array.items.as_ref()?.into()),
        SchemaKind::Type(Kind::Object(map)) => match &map.additional_properties {
            Some(AdditionalProperties::Schema(values)) if map.properties.is_empty() => {
                max_length(values.as_ref().into())
            }
            _ => None,
        },
        SchemaKind::AnyOf { any_of: parts }
        | SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts } => {
            let clears = |node: &Node<'_>| matches!(node, Node::Schema(schema) if shapes::is_empty_string(schema));
            match parts.iter().map(Node::from).filter(|node| !clears(node)).collect::<Vec<_>>().as_slice() {
                [only] => max_length(*only),
                _ => None,
            }
        }
        _ => None,
    }
}
