//! What kind of schema an object is, by its keys.

use serde_json::{Map, Value};

/// A kind of schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `anyOf`, `oneOf`, `allOf` or `not`.
    Composition,
    /// `type: string`, or an `enum` of strings without a type.
    String,
    /// `type: integer`.
    Integer,
    /// `type: number`.
    Number,
    /// `type: boolean`.
    Boolean,
    /// `type: array`.
    Array,
    /// `type: object`, or an object without a type.
    Object,
    /// No type: any JSON.
    Untyped,
    /// Another type, which OpenAPI 3.0 does not have.
    Unknown,
}

/// The keys that compose a schema of others.
pub(crate) const COMPOSITIONS: [&str; 4] = ["anyOf", "oneOf", "allOf", "not"];

impl Kind {
    /// Returns the kind of the schema with these keys.
    pub fn of(members: &Map<String, Value>) -> Self {
        if COMPOSITIONS.iter().any(|key| members.contains_key(*key)) {
            return Self::Composition;
        }
        match members.get("type") {
            Some(Value::String(name)) => match name.as_str() {
                "string" => Self::String,
                "integer" => Self::Integer,
                "number" => Self::Number,
                "boolean" => Self::Boolean,
                "array" => Self::Array,
                "object" => Self::Object,
                _ => Self::Unknown,
            },
            Some(_) => Self::Unknown,
            None if members.contains_key("properties") || members.contains_key("additionalProperties") => Self::Object,
            None if is_enum_of_strings(members) => Self::String,
            None => Self::Untyped,
        }
    }

    /// Returns the kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Composition => "composition",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Untyped => "any",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether all values of an `enum` are strings, or `null` in a schema that allows it.
fn is_enum_of_strings(members: &Map<String, Value>) -> bool {
    let is_nullable = members.get("nullable") == Some(&Value::Bool(true));
    let values = members.get("enum").and_then(Value::as_array);
    let is_well = |value: &Value| value.is_string() || is_nullable && value.is_null();
    values.is_some_and(|values| values.iter().any(Value::is_string) && values.iter().all(is_well))
}
