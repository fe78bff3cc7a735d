//! What is kept of a schema past the boundary.

use serde_json::{Map, Value, json};

/// Whether a schema is a resource of its own. A deleted object is not: it belongs to the object that it was.
pub(crate) fn is_resource(schema: &Value) -> bool {
    schema.get("x-resourceId").is_some() && schema["properties"]["deleted"]["enum"] != json!([true])
}

/// Returns the part that is kept of a schema past the boundary: what an object is recognised by.
pub(super) fn stub(key: &str, full: Option<&Value>) -> Value {
    let Some(full) = full else {
        return json!({
            "required": ["id", "object"],
            "type": "object",
            "properties": {
                "id": { "maxLength": 5000, "type": "string" },
                "object": { "type": "string", "enum": [key] },
            },
            "x-resourceId": key,
        });
    };
    let kept = |name: &str| name == "id" || name == "object";
    let mut stub = Map::new();
    for name in ["title", "description", "type", "nullable", "x-resourceId"] {
        if let Some(value) = full.get(name) {
            stub.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(Value::Array(required)) = full.get("required") {
        let required = required.iter().filter(|name| name.as_str().is_some_and(kept));
        stub.insert("required".to_owned(), required.cloned().collect());
    }
    if let Some(Value::Object(properties)) = full.get("properties") {
        let properties = properties.iter().filter(|(name, _)| kept(name));
        stub.insert("properties".to_owned(), properties.map(|(k, v)| (k.clone(), v.clone())).collect());
    }
    stub.into()
}
