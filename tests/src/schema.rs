//! Strategies for JSON that is valid for a schema of a document.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A document with schemas to build strategies from.
pub struct Schemas {
    document: Value,
}

impl Schemas {
    /// Creates the strategies for a document.
    pub fn new(document: Value) -> Self {
        Self { document }
    }

    /// Returns a strategy for any JSON that is valid for the component schema `key`.
    pub fn any(&self, key: &str) -> BoxedStrategy<Value> {
        self.value(&self.document["components"]["schemas"][key])
    }

    /// Returns a JSON of the component schema `key` in which every property is set, none of them to `null`.
    pub fn full(&self, key: &str) -> Value {
        self.full_value(&self.document["components"]["schemas"][key])
    }

    fn full_value(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.full(reference.rsplit('/').next().expect("a reference names something"));
        }
        // Of an id and its object, the object says more.
        if let Some(part) = schema["anyOf"].as_array().and_then(|parts| parts.last()) {
            return self.full_value(part);
        }
        match (schema["type"].as_str(), schema["enum"].as_array()) {
            (_, Some(values)) => values[0].clone(),
            (Some("string"), _) => json!("text"),
            (Some("integer"), _) => json!(1_234_567_890),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) => json!([self.full_value(&schema["items"])]),
            _ => match schema["properties"].as_object() {
                Some(properties) => properties.iter().map(|(name, p)| (name.clone(), self.full_value(p))).collect(),
                None => json!({ "usd": self.full_value(&schema["additionalProperties"]) }),
            },
        }
    }

    fn value(&self, schema: &Value) -> BoxedStrategy<Value> {
        let strategy = self.not_null(schema);
        if schema["nullable"] == true { prop_oneof![3 => strategy, 1 => Just(Value::Null)].boxed() } else { strategy }
    }

    fn not_null(&self, schema: &Value) -> BoxedStrategy<Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.any(reference.rsplit('/').next().expect("a reference names something"));
        }
        if let Some(parts) = schema["anyOf"].as_array() {
            let parts: Vec<_> = parts.iter().map(|part| self.value(part)).collect();
            return proptest::strategy::Union::new(parts).boxed();
        }
        match (schema["type"].as_str(), schema["enum"].as_array()) {
            (Some("string"), Some(values)) => {
                let known = proptest::sample::select(values.clone());
                // Stripe may add values to an enum, but not to a constant.
                match values.len() {
                    1 => known.boxed(),
                    _ => prop_oneof![4 => known, 1 => any::<String>().prop_map(Value::from)].boxed(),
                }
            }
            (Some("string"), None) => any::<String>().prop_map(Value::from).boxed(),
            (Some("integer"), _) => any::<i64>().prop_map(Value::from).boxed(),
            (Some("boolean"), _) => any::<bool>().prop_map(Value::from).boxed(),
            (Some("array"), _) => vec(self.value(&schema["items"]), 0..4).prop_map(Value::from).boxed(),
            (Some("object"), _) => self.object(schema),
            _ => panic!("the strategy does not know this schema: {schema}"),
        }
    }

    fn object(&self, schema: &Value) -> BoxedStrategy<Value> {
        let values = &schema["additionalProperties"];
        if values.is_object() {
            let map = btree_map(any::<String>(), self.value(values), 0..4);
            return map.prop_map(|map| Value::Object(map.into_iter().collect())).boxed();
        }
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
        let properties = schema["properties"].as_object().expect("an object has properties");
        let members: Vec<_> = properties
            .iter()
            .map(|(name, property)| {
                let value = self.value(property);
                let value = if required(name) { value.prop_map(Some).boxed() } else { option::of(value).boxed() };
                let name = name.clone();
                value.prop_map(move |value| value.map(|value| (name.clone(), value)))
            })
            .collect();
        members.prop_map(|members| Value::Object(members.into_iter().flatten().collect::<Map<_, _>>())).boxed()
    }
}
