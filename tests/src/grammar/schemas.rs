//! Random schemas: components, values of responses, and parameters.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::names::{DESCRIPTIONS, HARD_NAMES, NAMES};

/// A reference to a component schema.
pub(super) fn reference(key: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{key}")})
}

/// Stripe's list object, or a page of search results.
pub(super) fn list(object: &str, item: Value) -> Value {
    json!({"type": "object", "required": ["data", "has_more", "object", "url"], "properties": {
        "data": {"type": "array", "items": item}, "has_more": {"type": "boolean"},
        "object": {"type": "string", "enum": [object]}, "url": {"type": "string"},
    }})
}

/// A page of a list of `/v2`.
pub(super) fn list_v2(item: Value) -> Value {
    let url = || json!({"type": "string", "nullable": true});
    json!({"type": "object", "required": ["data", "next_page_url"], "properties": {
        "data": {"type": "array", "items": item}, "next_page_url": url(), "previous_page_url": url(),
    }})
}

/// A component schema: a resource with an id, which may be past the boundary, or an object without one.
pub(super) fn component(key: &'static str, is_root: bool, keys: Vec<&'static str>) -> BoxedStrategy<Value> {
    let fields = (object(name(), shape(keys)), any::<bool>(), any::<bool>(), select(DESCRIPTIONS));
    (fields, option::weighted(0.1, Just(true)), option::weighted(0.1, any::<bool>()))
        .prop_map(move |((mut schema, is_resource, is_marked, description), nullable, is_open)| {
            // A response is not null.
            if let Some(nullable) = nullable.filter(|_| !is_root) {
                schema["nullable"] = json!(nullable);
            }
            if let Some(is_open) = is_open {
                schema["additionalProperties"] = json!(is_open);
            }
            if is_resource || is_root {
                if is_marked {
                    schema["x-resourceId"] = json!(key);
                }
                schema["properties"]["id"] = json!({"type": "string", "maxLength": 5000});
                schema["properties"]["object"] = json!({"type": "string", "enum": [key]});
                let mut required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
                required.retain(|name| name != "id" && name != "object");
                required.extend([json!("id"), json!("object")]);
                schema["required"] = required.into();
            }
            schema["description"] = json!(description);
            schema
        })
        .boxed()
}

/// A name of a property, parameter or enum value.
fn name() -> BoxedStrategy<&'static str> {
    prop_oneof![30 => select(NAMES), 1 => select(HARD_NAMES)].boxed()
}

/// Makes each required property optional that refers to one of `keys`: a value that has to hold another one of its own kind
/// would be infinite.
pub(super) fn require_no_cycle(schema: &mut Value, keys: &[&str]) {
    let back = |schema: &Value| keys.iter().any(|key| *schema == reference(key));
    if let Some(properties) = schema["properties"].as_object() {
        let back: Vec<Value> =
            properties.iter().filter(|(_, property)| back(property)).map(|(name, _)| json!(name)).collect();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !back.contains(name));
        }
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(|member| require_no_cycle(member, keys)),
        Value::Array(elements) => elements.iter_mut().for_each(|element| require_no_cycle(element, keys)),
        _ => {}
    }
}

/// An object with a few properties, some of them required.
fn object(name: BoxedStrategy<&'static str>, value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let property = (value, option::of(select(DESCRIPTIONS)), any::<bool>());
    btree_map(name, property, 0..6)
        .prop_map(|members| {
            let required: Vec<_> =
                members.iter().filter(|(_, (_, _, required))| *required).map(|(name, _)| *name).collect();
            let properties: Map<_, _> = members
                .iter()
                .map(|(name, (schema, description, _))| ((*name).to_owned(), described(schema.clone(), *description)))
                .collect();
            let mut object = json!({"type": "object", "properties": properties});
            if !required.is_empty() {
                object["required"] = json!(required);
            }
            object
        })
        .boxed()
}

/// A reference has no room for a description beside it.
fn described(mut schema: Value, description: Option<&str>) -> Value {
    if let Some(description) = description.filter(|_| schema.get("$ref").is_none()) {
        schema["description"] = json!(description);
    }
    schema
}

/// The shape of a value in a response.
fn shape(keys: Vec<&'static str>) -> BoxedStrategy<Value> {
    let key = move || select(keys.clone());
    let expandable = (key(), any::<bool>(), option::weighted(0.1, Just(true))).prop_map(|(key, deleted, nullable)| {
        let mut forms = vec![json!({"type": "string", "maxLength": 5000}), reference(key)];
        if nullable.is_some() {
            forms[0]["nullable"] = json!(true);
        }
        forms.extend(deleted.then(|| reference(&format!("deleted_{key}"))));
        json!({"anyOf": forms, "x-expansionResources": {"oneOf": [reference(key)]}})
    });
    let past = Just(
        json!({"anyOf": [{"type": "string"}, reference("past")], "x-expansionResources": {"oneOf": [reference("past")]}}),
    );
    let union = (key(), key()).prop_map(|(one, two)| json!({"anyOf": [reference(one), reference(two)]}));
    let leaf = prop_oneof![
        20 => scalar(),
        10 => enumeration(),
        2 => Just(json!({})),
        2 => Just(json!({"type": "object"})),
        10 => key().prop_map(reference),
        4 => expandable,
        4 => past,
        1 => union,
    ];
    let leaf = with_keys(leaf.boxed(), BESIDE_RESPONSES);
    let inner = leaf.prop_recursive(3, 12, 4, |inner| {
        let inner = inner.boxed();
        let element = prop_oneof![4 => inner.clone(), 1 => inner.clone().prop_map(nullable_form)].boxed();
        prop_oneof![
            3 => element.clone().prop_map(|items| json!({"type": "array", "items": items})),
            2 => element.prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            3 => object(name(), inner.clone()),
            2 => inner.clone().prop_map(|item| list("list", item)),
            1 => inner.prop_map(list_v2),
        ]
    });
    let value = (with_keys(inner.boxed(), BESIDE_RESPONSES), any::<bool>());
    value.prop_map(|(schema, nullable)| if nullable { nullable_form(schema) } else { schema }).boxed()
}

/// A key and its value, in JSON.
type Key = (&'static str, &'static str);

/// Keys that change no type: what Stripe checks, documentation, and defaults that are written out.
const BESIDE: &[Key] = &[
    ("default", "\"a\""),
    ("deprecated", "true"),
    ("example", "\"a\""),
    ("exclusiveMinimum", "true"),
    ("format", "\"special\""),
    ("maxItems", "9"),
    ("maxLength", "5000"),
    ("minItems", "1"),
    ("minLength", "1"),
    ("minProperties", "1"),
    ("minimum", "0"),
    ("multipleOf", "2"),
    ("pattern", "\"^.\""),
    ("uniqueItems", "true"),
    ("x-stripeBypassValidation", "true"),
    ("xml", "{}"),
];

/// Those of responses alone, and of requests alone.
const BESIDE_RESPONSES: &[Key] = &[("readOnly", "true"), ("writeOnly", "false"), ("nullable", "false")];
const BESIDE_REQUESTS: &[Key] = &[("writeOnly", "true"), ("readOnly", "false"), ("nullable", "true")];

/// Keys that are refused, wherever they stand.
const REFUSED: &[Key] = &[
    ("const", "\"a\""),
    ("discriminator", "{\"propertyName\": \"object\"}"),
    ("not", "{\"type\": \"string\"}"),
    ("patternProperties", "{}"),
    ("required", "[\"nothing\"]"),
    ("type", "[\"string\", \"null\"]"),
    ("x-unknown", "true"),
];

/// A schema with keys beside its own, of which a few are refused. A reference has none.
fn with_keys(schema: BoxedStrategy<Value>, own: &'static [Key]) -> BoxedStrategy<Value> {
    let beside = prop_oneof![4 => select(BESIDE), 1 => select(own)];
    let keys = (option::weighted(0.15, vec(beside, 1..4)), option::weighted(0.002, select(REFUSED)));
    (schema, keys)
        .prop_map(|(mut schema, (beside, refused))| {
            let is_reference = schema.get("$ref").is_some();
            for (key, value) in beside.into_iter().flatten().chain(refused).filter(|_| !is_reference) {
                let members = schema.as_object_mut().expect("a schema is an object");
                // The format of an integer gives its type.
                if key != "format" && key != "type" || !members.contains_key(key) || refused.is_some() {
                    members.insert(key.to_owned(), serde_json::from_str(value).expect("it is JSON"));
                }
            }
            schema
        })
        .boxed()
}

/// The same value or `null`, as Stripe writes it.
fn nullable_form(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({"nullable": true, "anyOf": [schema]});
    }
    schema["nullable"] = json!(true);
    schema
}

fn scalar() -> BoxedStrategy<Value> {
    select(vec![
        json!({"type": "string"}),
        json!({"type": "string", "maxLength": 5000, "pattern": "^[a-z]+$"}),
        json!({"type": "string", "format": "decimal"}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "int64"}),
        json!({"type": "integer"}),
        json!({"type": "integer", "format": "unix-time"}),
        json!({"type": "number"}),
        json!({"type": "boolean"}),
    ])
    .boxed()
}

fn enumeration() -> BoxedStrategy<Value> {
    vec(name(), 1..5)
        .prop_map(|mut values| {
            values.sort_unstable();
            values.dedup();
            json!({"type": "string", "enum": values})
        })
        .prop_flat_map(|with_type| {
            let without_type = json!({"enum": with_type["enum"]});
            prop_oneof![9 => Just(with_type), 1 => Just(without_type)]
        })
        .boxed()
}

/// The schema of a request's body.
pub(super) fn parameters() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        30 => scalar(),
        20 => enumeration(),
        1 => range_or_value(),
        1 => Just(json!({"type": "object", "properties": {}})),
    ];
    let value = leaf.prop_recursive(2, 8, 4, |inner| {
        let inner = inner.boxed();
        prop_oneof![
            3 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            3 => object(name(), inner.clone()),
            1 => several_types(object(name(), inner.clone())),
            1 => titled_objects(object(name(), inner.clone())),
            1 => inner.clone().prop_map(nullable_form),
            2 => inner.prop_map(|value| json!({"anyOf": [value, {"type": "string", "enum": [""]}]})),
        ]
    });
    (object(name(), with_keys(value.boxed(), BESIDE_REQUESTS)), any::<bool>())
        .prop_map(|(mut body, expand)| {
            if expand {
                body["properties"]["expand"] = json!({"type": "array", "items": {"type": "string", "maxLength": 5000}});
            }
            body
        })
        .boxed()
}

/// The same parameters in a body of JSON, where `null` clears a value and not `""`.
pub(super) fn in_json(mut schema: Value) -> Value {
    let clears = |part: &Value| part["enum"] == json!([""]);
    if let Some(parts) = schema.get_mut("anyOf").and_then(Value::as_array_mut)
        && parts.iter().any(clears)
        && !parts.iter().all(clears)
    {
        parts.retain(|part| !clears(part));
        schema["nullable"] = json!(true);
    }
    match schema {
        Value::Object(members) => members.into_iter().map(|(key, member)| (key, in_json(member))).collect(),
        Value::Array(elements) => elements.into_iter().map(in_json).collect(),
        schema => schema,
    }
}

/// A timestamp, or the bounds of a range of them.
fn range_or_value() -> BoxedStrategy<Value> {
    let values = [json!({"type": "integer"}), json!({"type": "string", "format": "date-time"})];
    select(values.to_vec())
        .prop_map(|value| {
            let bounds = ["gt", "gte", "lt", "lte"].map(|name| (name.to_owned(), value.clone()));
            json!({"anyOf": [{"type": "object", "properties": Map::from_iter(bounds)}, value]})
        })
        .boxed()
}

/// A parameter of several types: an object or a string, a keyword or a time, and so on. `""` may be one of them.
fn several_types(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let types = vec![
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "string", "maxLength": 5000}),
        json!({"type": "integer", "format": "unix-time"}),
        json!({"type": "integer"}),
        json!({"type": "boolean"}),
        json!({"type": "string", "enum": [""]}),
    ];
    (option::of(object), option::of(enumeration()), subsequence(types, 1..3))
        .prop_map(|(object, keyword, types)| {
            let forms: Vec<_> = object.into_iter().chain(keyword).chain(types).collect();
            json!({"anyOf": forms})
        })
        .boxed()
}

/// A parameter that is one of two objects, which only their titles tell apart.
fn titled_objects(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (object.clone(), object, name())
        .prop_map(|(mut one, mut two, name)| {
            one["title"] = json!(format!("{name}_one"));
            two["title"] = json!(format!("{name}_two"));
            json!({"anyOf": [one, two]})
        })
        .boxed()
}
