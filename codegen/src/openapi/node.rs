//! A schema, or another object of a document, read by its keys, which the [table](super::keys) has checked before.

use serde_json::{Map, Value};

use crate::select::schema_key;

named! {
    /// A kind of schema.
    Kind {
        Reference = "reference",
        Composition = "composition",
        /// `type: string`, or an `enum` of strings without a type.
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
        Array = "array",
        /// `type: object`, or an object without a type.
        Object = "object",
        /// No type: any JSON.
        Untyped = "any",
        /// Another type, which OpenAPI 3.0 does not have.
        Unknown = "unknown",
    }
}

/// The keys that compose a schema of others.
pub(crate) const COMPOSITIONS: [&str; 4] = ["anyOf", "oneOf", "allOf", "not"];

impl Kind {
    /// Returns the kind of a schema.
    pub fn of(schema: &Value) -> Self {
        let node = Node(schema);
        if node.has("$ref") {
            return Self::Reference;
        }
        if COMPOSITIONS.iter().any(|key| node.has(key)) {
            return Self::Composition;
        }
        match node.get("type") {
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
            None if node.has("properties") || node.has("additionalProperties") => Self::Object,
            None if node.is_enum_of_strings() => Self::String,
            None => Self::Untyped,
        }
    }
}

/// A schema, or another object of a document. Any other value has no keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'v>(pub(crate) &'v Value);

impl<'v> Node<'v> {
    /// The kind of schema that it is.
    pub(crate) fn kind(self) -> Kind {
        Kind::of(self.0)
    }

    /// Whether all values of its `enum` are strings, or `null` in a schema that allows it.
    fn is_enum_of_strings(self) -> bool {
        let is_well = |value: &Value| value.is_string() || self.is("nullable") && value.is_null();
        let values = self.list("enum");
        values.iter().any(Value::is_string) && values.iter().all(is_well)
    }

    pub(crate) fn get(self, key: &str) -> Option<&'v Value> {
        self.0.get(key)
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The string under a key.
    pub(crate) fn text(self, key: &str) -> Option<&'v str> {
        self.get(key)?.as_str()
    }

    /// Whether the value under a key is `true`.
    pub(crate) fn is(self, key: &str) -> bool {
        self.get(key) == Some(&Value::Bool(true))
    }

    /// The array under a key.
    pub(crate) fn list(self, key: &str) -> &'v [Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The strings of the array under a key.
    pub(crate) fn texts(self, key: &str) -> impl Iterator<Item = &'v str> {
        self.list(key).iter().filter_map(Value::as_str)
    }

    /// The object under a key.
    pub(crate) fn inside(self, key: &str) -> Option<Self> {
        self.get(key).filter(|value| value.is_object()).map(Self)
    }

    /// The members of the object under a key, by name.
    pub(crate) fn members(self, key: &str) -> impl Iterator<Item = (&'v String, Self)> + Clone {
        let members = self.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter);
        members.map(|(name, member)| (name, Self(member)))
    }

    /// The key of the component schema that it refers to.
    pub(crate) fn reference(self) -> Option<String> {
        schema_key(self.text("$ref")?)
    }

    /// Its description. OpenAPI 3.0 ignores what is beside a `$ref`.
    pub(crate) fn description(self) -> Option<&'v str> {
        self.text("description").filter(|_| !self.has("$ref"))
    }

    /// The schemas that it is composed of, and the keyword above them.
    pub(crate) fn parts(self) -> Option<(&'static str, &'v [Value])> {
        COMPOSITIONS.into_iter().find(|key| self.has(key)).map(|key| (key, self.list(key)))
    }

    /// Whether it is an object, or any JSON.
    pub(crate) fn is_object(self) -> bool {
        matches!(self.kind(), Kind::Object | Kind::Untyped)
    }

    /// A property.
    pub(crate) fn property(self, name: &str) -> Option<Self> {
        self.get("properties")?.get(name).map(Self)
    }

    /// A property that is always there, and never `null`.
    pub(crate) fn always(self, name: &str) -> Option<Self> {
        let is_required = self.texts("required").any(|required| required == name);
        self.property(name).filter(|property| is_required && !property.is("nullable"))
    }

    /// The value of a string that can only be one.
    pub(crate) fn only_value(self) -> Option<&'v str> {
        match self.list("enum") {
            [Value::String(value)] if self.kind() == Kind::String => Some(value),
            _ => None,
        }
    }
}
