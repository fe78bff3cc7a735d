//! Parameters, which send the values of a response on every route.

use std::collections::BTreeSet;

use codegen::Config;
use serde_json::{Value, json};
use tests::workspace;

use crate::{asked, assert_same, config, document, generate, rows, secret_parameters, secrets, set};

/// A document whose operations send the values of a thing on every route there is: `word` and `id`, and the `word` of what is inside.
pub(crate) fn routes() -> Value {
    let (text, reference) =
        (json!({ "type": "string" }), |key: &str| json!({ "$ref": format!("#/components/schemas/{key}") }));
    let properties = json!({
        "word": text, "plain": text, "open": { "type": "object" }, "inside": reference("inside"),
        "list": { "type": "array", "items": reference("inside") },
        "either": { "anyOf": [reference("inside"), reference("other")] },
        "far": { "anyOf": [text, reference("inside")], "x-expansionResources": { "oneOf": [reference("inside")] } },
    });
    let mut document = document(properties.as_object().unwrap().clone());
    let schemas = &mut document["components"]["schemas"];
    schemas["inside"] = json!({ "type": "object", "required": ["id", "object"], "properties": {
        "id": text, "object": { "type": "string", "enum": ["inside"] }, "word": text,
    }});
    schemas["deleted_thing"] = json!({ "type": "object", "required": ["id", "object", "deleted"], "properties": {
        "id": text, "object": { "type": "string", "enum": ["thing"] }, "deleted": { "type": "boolean", "enum": [true] },
    }});
    let mut response = document["paths"]["/v1/things/{thing}"]["get"]["responses"].clone();
    let things = response.clone();
    let with = |schema: Value| {
        let mut response = things.clone();
        response["200"]["content"]["application/json"]["schema"] = schema;
        response
    };
    let page = with(json!({ "type": "object", "required": ["data", "has_more", "object", "url"], "properties": {
        "data": { "type": "array", "items": reference("thing") }, "has_more": { "type": "boolean" },
        "object": { "type": "string", "enum": ["list"] }, "url": text,
    }}));
    let deleted = with(reference("deleted_thing"));
    let nested = json!({ "type": "object", "properties": { "word": text, "plain": text } });
    let body = json!({ "type": "object", "required": ["word"], "properties": {
        "word": text, "plain": text, "inside": nested, "list": { "type": "array", "items": nested },
        "either": { "anyOf": [nested, text] }, "far": nested, "open": nested,
    }});
    let style = json!({ "style": "deepObject", "explode": true });
    let encoding = json!({ "inside": style, "list": style, "either": style, "far": style, "open": style });
    let form = json!({ "content": { "application/x-www-form-urlencoded": { "encoding": encoding, "schema": body } } });
    let json_body = json!({ "content": { "application/json": { "schema": body } } });
    let parameter = |name: &str, place: &str| {
        let style = if place == "path" { "simple" } else { "form" };
        json!({ "name": name, "in": place, "required": place == "path", "style": style, "schema": text })
    };
    let path = |name: &str| parameter(name, "path");
    let query: Vec<_> =
        ["ending_before", "starting_after", "word", "plain"].map(|name| parameter(name, "query")).into();
    document["paths"] = json!({
        "/v1/things": {
            "get": { "parameters": query, "responses": page },
            "post": { "requestBody": form, "responses": things },
        },
        "/v1/things/{id}": {
            "get": { "parameters": [path("id")], "responses": things },
            "delete": { "parameters": [path("id")], "responses": deleted },
        },
        "/v2/things": { "post": { "requestBody": json_body, "responses": response.take() } },
    });
    document
}

/// The configuration for [`routes`], where the values of a thing are sensitive.
pub(crate) fn routes_config() -> Config {
    let mut config = config();
    let operation = |method: &str, path: &str| format!("{{ method = {method:?}, path = {path:?} }}");
    let operations = [
        ("get", "/v1/things"),
        ("post", "/v1/things"),
        ("get", "/v1/things/{id}"),
        ("delete", "/v1/things/{id}"),
        ("post", "/v2/things"),
    ];
    let operations = operations.map(|(method, path)| operation(method, path)).join(", ");
    let text = workspace::read("tests/fixtures/codegen.toml");
    let text = text.replace(
        "operations = [{ method = \"get\", path = \"/v1/things/{thing}\" }]",
        &format!("operations = [{operations}]"),
    );
    config.resources = Config::parse("codegen.toml", &text).unwrap().resources;
    config.sensitive = rows(&["thing/id", "thing/word", "inside/word"]);
    config
}

#[test]
fn a_parameter_that_sends_what_the_response_hides_is_secret() {
    let (mut config, document) = (routes_config(), routes());
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    // `open` is any JSON in the response, and has members of its own here.
    let sent = set(&[
        "CreateThing/either/fields/word",
        "CreateThing/far/word",
        "CreateThing/inside/word",
        "CreateThing/list/word",
        "CreateThing/word",
        "CreateV2Thing/word",
        "DeleteThing/{id}",
        "ListThings/ending_before",
        "ListThings/starting_after",
        "ListThings/word",
        "RetrieveThing/{id}",
    ]);
    assert_same(&secret_parameters(&generated.api), &sent);
    for parameter in generated.api.secret_by_pattern().filter(|field| sent.contains(&field.origin.place)) {
        let place = if parameter.wire == "word" { "/word" } else { "thing/id" };
        let row = &parameter.origin.rows.last().expect("it says why").key;
        assert!(row.starts_with("as ") && row.ends_with(place), "{row}");
    }
    // A release asks for each of them, also while the value itself is not decided.
    assert_same(&asked(&config, &document), &sent.iter().cloned().chain(beside()).collect());
    let mut undecided = config.clone();
    undecided.sensitive = rows(&["thing/id", "inside/word"]);
    let both = sent.iter().cloned().chain(beside()).chain(["thing/word".to_owned()]);
    assert_same(&asked(&undecided, &document), &both.collect());

    config.public = rows(&["CreateThing/word"]);
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    let others: BTreeSet<_> = sent.iter().filter(|place| *place != "CreateThing/word").cloned().collect();
    assert_same(&secret_parameters(&generated.api), &others);

    config.sensitive.clear();
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    assert_same(&secret_parameters(&generated.api), &BTreeSet::new());
}

/// The texts beside the sensitive ones of [`routes`], and the parameters that send them.
fn beside() -> BTreeSet<String> {
    let parameters =
        ["CreateThing/plain", "CreateThing/open", "CreateV2Thing/plain", "CreateV2Thing/open", "ListThings/plain"];
    set(&[&["thing/plain", "thing/open"], &parameters[..]].concat())
}

#[test]
fn a_nested_parameter_is_hidden_inside_a_secret_one_as_well() {
    let mut document = routes();
    let body = &mut document["paths"]["/v2/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    body["properties"]["token"] = json!({ "type": "object", "properties": { "key": { "type": "string" } } });
    let mut config = routes_config();
    config.sensitive.clear();
    let places = set(&["CreateV2Thing/token", "CreateV2Thing/token/key"]);
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    assert_same(&secret_parameters(&generated.api), &places);
    assert_same(&asked(&config, &document), &places);
}

#[test]
fn an_id_that_references_hold_is_printed_where_nobody_is_asked() {
    let mut document = routes();
    let reference = json!({ "$ref": "#/components/schemas/token" });
    let schemas = &mut document["components"]["schemas"];
    schemas["token"] = json!({ "type": "object", "required": ["id", "object"], "properties": {
        "id": { "type": "string" }, "object": { "type": "string", "enum": ["token"] }, "text": { "type": "string" },
    }});
    let expandable =
        json!({ "anyOf": [{ "type": "string" }, reference], "x-expansionResources": { "oneOf": [reference] } });
    let mut config = routes_config();
    config.sensitive.clear();
    let mut secrets_with = |schema: &Value| {
        document["components"]["schemas"]["thing"]["properties"]["way_in"] = schema.clone();
        document["components"]["schemas"]["thing"]["properties"]["other"] = reference.clone();
        secrets(&generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}")).api)
    };
    assert_same(&secrets_with(&reference), &set(&["thing/open", "token/id", "token/text"]));
    assert_same(&secrets_with(&expandable), &set(&["thing/open", "thing/way_in", "token/text"]));
}

#[test]
fn what_has_the_members_of_an_address_is_one_whatever_it_is_called() {
    let text = json!({ "type": "string" });
    let members = json!({ "line1": text, "state": text, "country": text, "floor": { "type": "integer" },
        "is_home": { "type": "boolean" }, "kind": { "type": "string", "enum": ["home"] } });
    let object = json!({ "type": "object", "properties": members });
    let mut document = routes();
    document["components"]["schemas"]["thing"]["properties"]["where_it_is"] = object.clone();
    let body = &mut document["paths"]["/v2/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    body["properties"]["destination"] = object;
    let mut config = routes_config();
    config.sensitive.clear();
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    let at = |owner: &str| ["line1", "state", "country", "floor"].map(|name| format!("{owner}/{name}"));
    assert_same(&secret_parameters(&generated.api), &at("CreateV2Thing/destination").into());
    let shown = at("thing/where_it_is").into_iter().chain(["thing/open".to_owned()]).collect();
    assert_same(&secrets(&generated.api), &shown);

    let places = at("thing/where_it_is").into_iter().chain(at("CreateV2Thing/destination"));
    assert_same(&asked(&config, &document), &places.collect());
}

#[test]
fn a_pattern_can_say_what_a_value_is_in() {
    let (text, mut document) = (json!({ "type": "string" }), routes());
    let object =
        json!({ "type": "object", "properties": { "value": text, "values": text, "body": text, "body_mass": text } });
    let properties = &mut document["components"]["schemas"]["thing"]["properties"];
    (properties["request_headers"], properties["header_of"]) = (object.clone(), object.clone());
    let body = &mut document["paths"]["/v2/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    body["properties"]["headers"] = object;
    let mut config = routes_config();
    config.sensitive.clear();
    let generated = generate(&config, None, &document).unwrap_or_else(|error| panic!("{error}"));
    let headers = |owner: &str| ["body", "value", "values"].map(|name| format!("{owner}/{name}"));
    assert_same(&secret_parameters(&generated.api), &headers("CreateV2Thing/headers").into());
    let others = ["thing/open", "thing/header_of/body"].map(str::to_owned);
    assert_same(&secrets(&generated.api), &headers("thing/request_headers").into_iter().chain(others).collect());
}
