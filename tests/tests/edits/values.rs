//! What a key of a document is given by an edit.

use codegen::keys::{Place, Takes};
use serde_json::{Value, json};

/// Other values of a key: with one more or less of its elements or of the members that it names, in another order, or with
/// another scalar.
pub(crate) fn others(value: &Value, takes: Takes) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::String(text) => vec![json!(format!("{text}x")), json!(""), json!("a b"), json!("\u{1b}[31m`*<b>")],
        Value::Number(number) => {
            let more = number.as_f64().unwrap_or_default() as i64 + 1;
            vec![json!(more), json!(-more), json!(more as f64 + 0.5), json!(1e300)]
        }
        Value::Array(elements) => {
            let less = (0..elements.len()).map(|at| {
                let mut rest = elements.clone();
                rest.remove(at);
                rest.into()
            });
            let with = |more: &Value| elements.iter().chain([more]).cloned().collect::<Value>();
            let more = elements.iter().take(1).chain(&of_other_kinds()).map(with).collect::<Vec<_>>();
            less.chain(more).chain([elements.iter().rev().cloned().collect()]).filter(|other| other != value).collect()
        }
        // Other members are keys, which are deleted themselves.
        Value::Object(members) if matches!(takes, Takes::Named(_)) => {
            let less = members.keys().map(|key| {
                let mut rest = members.clone();
                rest.remove(key);
                rest.into()
            });
            let more = members.values().take(1).cloned().chain(of_other_kinds()).map(|member| {
                let mut more = members.clone();
                more.insert("another".to_owned(), member);
                more.into()
            });
            less.chain(more).collect()
        }
        Value::Object(_) | Value::Null => Vec::new(),
    }
}

/// A value of each kind, empty and not.
pub(crate) fn of_other_kinds() -> [Value; 10] {
    let a = || json!({"a": {}});
    [json!(null), json!(true), json!(0), json!(-1.5), json!("a"), json!([]), json!(["a"]), json!([a()]), json!({}), a()]
}

/// The keywords that OpenAPI 3.0 and 3.1 have at a place, and Stripe's, each with plausible values; and one that nobody has.
pub(crate) fn additions(place: Place) -> Vec<(&'static str, Value)> {
    let schema = || json!({"type": "string"});
    let mut keys = match place {
        // Another path is not selected, whatever is in it.
        Place::Paths => return vec![("x-unknown", json!(true)), ("x-operations", json!({"get": {"responses": {}}}))],
        Place::Schema | Place::Reference | Place::Boundary => schema_keys(),
        Place::Expansion => vec![("anyOf", json!([{"$ref": "#/components/schemas/error"}]))],
        Place::Document => vec![
            ("tags", json!([{"name": "a"}])),
            ("externalDocs", json!({"url": "https://example.com"})),
            ("security", json!([])),
            ("security", json!([{"a": []}, {}])),
            ("webhooks", json!({"a": {}})),
            ("jsonSchemaDialect", json!("https://example.com")),
        ],
        Place::Components => vec![
            ("responses", json!({"a": {"description": "A."}})),
            ("parameters", json!({"a": {"name": "a", "in": "query"}})),
            ("requestBodies", json!({"a": {"content": {}}})),
            ("headers", json!({"a": {"schema": schema()}})),
            ("links", json!({"a": {}})),
            ("pathItems", json!({"a": {}})),
        ],
        Place::Info => vec![("title", json!("A")), ("license", json!({"name": "A"})), ("summary", json!("A"))],
        Place::Server => vec![("description", json!("A")), ("variables", json!({"a": {"default": "b"}}))],
        Place::SecurityRequirement => vec![("other", json!([])), ("scoped", json!(["read"]))],
        Place::SecurityScheme => vec![("bearerFormat", json!("JWT")), ("in", json!("header")), ("flows", json!({}))],
        Place::PathItem => vec![
            ("summary", json!("A")),
            ("description", json!("A")),
            ("put", json!({"responses": {}})),
            ("patch", json!({"responses": {}})),
            ("head", json!({"responses": {}})),
            ("trace", json!({"responses": {}})),
            ("servers", json!([{"url": "https://example.com/"}])),
            ("parameters", json!([{"name": "a", "in": "query", "schema": schema()}])),
            ("$ref", json!("#/components/pathItems/a")),
        ],
        Place::Operation => vec![
            ("tags", json!(["a"])),
            ("summary", json!("A")),
            ("externalDocs", json!({"url": "https://example.com"})),
            ("callbacks", json!({"a": {}})),
            ("deprecated", json!(true)),
            ("security", json!([])),
            ("servers", json!([{"url": "https://example.com/"}])),
            ("servers", json!([{"url": "https://example.com/a"}])),
            ("servers", json!([{"url": "https://a.example.com"}, {"url": "https://b.example.com"}])),
            ("parameters", json!([{"name": "a", "in": "query", "schema": schema()}])),
            ("requestBody", json!({"content": {"application/json": {"schema": schema()}}})),
        ],
        Place::Parameter => vec![
            ("deprecated", json!(true)),
            ("allowEmptyValue", json!(true)),
            ("allowReserved", json!(true)),
            ("explode", json!(true)),
            ("explode", json!(false)),
            ("style", json!("form")),
            ("style", json!("pipeDelimited")),
            ("example", json!("a")),
            ("content", json!({"application/json": {}})),
            ("$ref", json!("#/components/parameters/a")),
        ],
        Place::RequestBody => vec![
            ("description", json!("A")),
            ("required", json!(true)),
            ("required", json!(false)),
            ("$ref", json!("#/components/requestBodies/a")),
        ],
        Place::RequestContent | Place::ResponseContent => vec![
            ("application/json", json!({"schema": schema()})),
            ("text/plain", json!({"schema": schema()})),
            ("*/*", json!({})),
        ],
        Place::RequestMedia | Place::ResponseMedia => vec![
            ("example", json!({})),
            ("examples", json!({"a": {"value": {}}})),
            ("encoding", json!({"a": {"style": "deepObject", "explode": true}})),
        ],
        Place::Encoding => vec![
            ("contentType", json!("application/json")),
            ("headers", json!({"a": {"schema": schema()}})),
            ("allowReserved", json!(true)),
            ("style", json!("spaceDelimited")),
        ],
        Place::Responses => {
            let response = || json!({"description": "A", "content": {"application/json": {"schema": schema()}}});
            vec![("202", response()), ("404", response()), ("2XX", response()), ("default", response())]
        }
        Place::Response => vec![
            ("headers", json!({"Request-Id": {"schema": schema()}})),
            ("links", json!({"a": {"operationId": "a"}})),
            ("$ref", json!("#/components/responses/a")),
        ],
    };
    keys.extend([("x-unknown", json!(true)), ("unknown", json!("a"))]);
    keys
}

fn schema_keys() -> Vec<(&'static str, Value)> {
    let schema = || json!({"type": "string"});
    let named = || json!({"a": {"type": "string"}});
    vec![
        ("$anchor", json!("a")),
        ("$comment", json!("A")),
        ("$defs", named()),
        ("$dynamicRef", json!("#a")),
        ("$id", json!("https://example.com/a")),
        ("$ref", json!("#/components/schemas/error")),
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("additionalProperties", json!(false)),
        ("additionalProperties", json!(true)),
        ("additionalProperties", schema()),
        ("allOf", json!([schema()])),
        ("allOf", json!([{"$ref": "#/components/schemas/error"}])),
        ("anyOf", json!([schema(), {"type": "integer"}])),
        ("const", json!("a")),
        ("contains", schema()),
        ("contentEncoding", json!("base64")),
        ("contentMediaType", json!("text/plain")),
        ("contentSchema", schema()),
        ("default", json!("a")),
        ("default", json!(1)),
        ("dependentRequired", json!({"a": ["b"]})),
        ("dependentSchemas", named()),
        ("deprecated", json!(true)),
        ("description", json!("Another one.")),
        ("discriminator", json!({"propertyName": "object"})),
        ("enum", json!(["a", "b"])),
        ("enum", json!([1, 2])),
        ("enum", json!([true])),
        ("example", json!("a")),
        ("examples", json!(["a"])),
        ("exclusiveMaximum", json!(true)),
        ("exclusiveMinimum", json!(true)),
        ("externalDocs", json!({"url": "https://example.com"})),
        ("format", json!("date-time")),
        ("format", json!("int32")),
        ("format", json!("int64")),
        ("format", json!("unix-time")),
        ("if", schema()),
        ("items", schema()),
        ("maxItems", json!(2)),
        ("maxLength", json!(7)),
        ("maxProperties", json!(9)),
        ("maximum", json!(9)),
        ("minItems", json!(1)),
        ("minLength", json!(1)),
        ("minProperties", json!(1)),
        ("minimum", json!(1)),
        ("multipleOf", json!(2)),
        ("not", schema()),
        ("nullable", json!(true)),
        ("oneOf", json!([schema(), {"type": "integer"}])),
        ("pattern", json!("^a")),
        ("patternProperties", named()),
        ("prefixItems", json!([schema()])),
        ("properties", named()),
        ("propertyNames", schema()),
        ("readOnly", json!(true)),
        ("required", json!(["a"])),
        ("then", schema()),
        ("title", json!("Another")),
        ("type", json!("string")),
        ("type", json!(["string", "null"])),
        ("unevaluatedProperties", json!(false)),
        ("uniqueItems", json!(true)),
        ("writeOnly", json!(true)),
        ("xml", json!({"name": "a"})),
        ("x-expandableFields", json!(["a"])),
        ("x-expansionResources", json!({"oneOf": [{"$ref": "#/components/schemas/error"}]})),
        ("x-resourceId", json!("another")),
        ("x-stripeBypassValidation", json!(true)),
    ]
}
