//! The limit of a value that its documentation and its sample state, and its unit.

use super::shapes;
use crate::ir::Type;
use crate::openapi::node::{Kind, Node};

/// The unit of a time. A description that states it itself is enough.
pub(super) fn unit_note(text: &str, ty: &Type) -> Option<String> {
    let is_time = ty.layers().any(|layer| *layer == Type::Timestamp);
    (is_time && !text.contains("Unix epoch")).then(|| "In seconds since the Unix epoch.".to_owned())
}

/// The most characters of a value, or of what it holds: the elements of an array, and the type beside the `""` that clears it.
pub(super) fn max_length(schema: Node<'_>) -> Option<usize> {
    match schema.kind() {
        Kind::String => schema.get("maxLength")?.as_u64().and_then(|most| most.try_into().ok()),
        Kind::Array => max_length(schema.inside("items")?),
        Kind::Object if schema.members("properties").next().is_none() => {
            max_length(schema.inside("additionalProperties")?)
        }
        Kind::Composition => {
            let parts = schema.parts()?.1.iter().map(Node).filter(|part| !shapes::is_empty_string(*part));
            match parts.collect::<Vec<_>>().as_slice() {
                [only] => max_length(*only),
                _ => None,
            }
        }
        _ => None,
    }
}
