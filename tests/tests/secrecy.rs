//! Values of every type are hidden, or asked for, by each pattern of the project.

use std::collections::BTreeSet;
use std::path::Path;

use codegen::config::{PlaceRow, Undecided};
use codegen::ir::{Api, Named};
use codegen::{Config, Generated};
use serde_json::{Map, Value, json};
use tests::scratch::Scratch;
use tests::workspace;

/// The types that a field can have: a name, a schema and a value.
fn types() -> Vec<(&'static str, Value, Value)> {
    let part = json!({ "$ref": "#/components/schemas/part" });
    let other = json!({ "$ref": "#/components/schemas/other" });
    let outside = json!({ "$ref": "#/components/schemas/outside" });
    let outside_value = json!({ "id": "HUSH", "object": "outside" });
    let part_value = json!({ "id": "HUSH", "object": "part", "text": "HUSH" });
    let page = json!({ "object": "list", "data": [part_value], "has_more": false, "url": "/HUSH" });
    let page_schema = json!({ "type": "object", "required": ["data", "has_more", "object", "url"], "properties": {
        "data": { "type": "array", "items": part }, "has_more": { "type": "boolean" },
        "object": { "type": "string", "enum": ["list"] }, "url": { "type": "string" },
    }});
    vec![
        ("text", json!({ "type": "string" }), json!("HUSH")),
        ("nullable", json!({ "type": "string", "nullable": true }), json!("HUSH")),
        ("integer", json!({ "type": "integer" }), json!(1)),
        ("float", json!({ "type": "number" }), json!(0.5)),
        ("flag", json!({ "type": "boolean" }), json!(true)),
        ("time", json!({ "type": "integer", "format": "unix-time" }), json!(1)),
        ("choice", json!({ "type": "string", "enum": ["HUSH"] }), json!("HUSH")),
        ("list", json!({ "type": "array", "items": { "type": "integer" } }), json!([1])),
        ("map", json!({ "type": "object", "additionalProperties": { "type": "string" } }), json!({ "HUSH": "HUSH" })),
        ("amounts", json!({ "type": "object", "additionalProperties": { "type": "integer" } }), json!({ "usd": 1 })),
        ("json", json!({ "type": "object" }), json!({ "HUSH": 1 })),
        ("inline", json!({ "type": "object", "properties": { "day": { "type": "integer" } } }), json!({ "day": 1 })),
        ("component", part.clone(), part_value.clone()),
        ("only", json!({ "anyOf": [part], "nullable": true }), part_value.clone()),
        ("outside", outside.clone(), outside_value.clone()),
        ("union", json!({ "anyOf": [part, other] }), part_value.clone()),
        ("page", page_schema, page),
        (
            "expandable",
            json!({ "anyOf": [{ "type": "string" }, part], "x-expansionResources": { "oneOf": [part] } }),
            json!("HUSH"),
        ),
        (
            "expanded",
            json!({ "anyOf": [{ "type": "string" }, part], "x-expansionResources": { "oneOf": [part] } }),
            part_value,
        ),
        (
            "opaque",
            json!({ "anyOf": [{ "type": "string" }, outside], "x-expansionResources": { "oneOf": [outside] } }),
            outside_value,
        ),
    ]
}

/// A document of one resource with these properties and, past the boundary, another one.
fn document(properties: Map<String, Value>) -> Value {
    let id = json!({ "type": "string" });
    let object = |name: &str, mut properties: Map<String, Value>| {
        properties.insert("id".to_owned(), id.clone());
        properties.insert("object".to_owned(), json!({ "type": "string", "enum": [name] }));
        json!({ "type": "object", "required": ["id", "object"], "properties": properties })
    };
    let text = || Map::from_iter([("text".to_owned(), json!({ "type": "string" }))]);
    let mut outside = object("outside", text());
    outside["x-resourceId"] = json!("outside");
    let error = json!({ "type": "object", "required": ["error"], "properties": {
        "error": { "type": "object", "required": ["type"], "properties": { "type": { "type": "string" } } },
    }});
    let response = |key: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{key}") });
        json!({ "description": "It.", "content": { "application/json": { "schema": schema } } })
    };
    json!({
        "openapi": "3.0.0",
        "info": { "title": "A fixture", "version": "2024-01-01" },
        "paths": { "/v1/things/{thing}": { "get": {
            "parameters": [{ "name": "thing", "in": "path", "required": true, "schema": { "type": "string" } }],
            "responses": { "200": response("thing"), "default": response("error") },
        }}},
        "components": { "schemas": {
            "thing": object("thing", properties),
            "part": object("part", text()),
            "other": object("other", text()),
            "outside": outside,
            "error": error,
        }},
    })
}

/// The configuration of the fixtures with the patterns of the project, for a release.
fn config() -> Config {
    let mut config = Config::parse("codegen.toml", &workspace::read("tests/fixtures/codegen.toml")).unwrap();
    let project = workspace::config();
    config.secrecy = project.secrecy;
    config.releases = project.releases;
    config
}

fn patterns() -> Vec<String> {
    workspace::config().secrecy.expect("the project has patterns").patterns
}

fn generate(config: &Config, release: Option<&str>, document: &Value) -> Result<Generated, codegen::Diagnostics> {
    codegen::generate(config, release, "document", &document.to_string())
}

/// A property for each pattern and type, as `as_{type}/{name}`, and their places.
fn everything() -> (Value, BTreeSet<String>) {
    let names: Vec<String> = patterns().iter().map(|pattern| pattern.replace('*', "")).collect();
    let mut places = BTreeSet::new();
    let properties = types().into_iter().map(|(kind, schema, _)| {
        places.extend(names.iter().map(|name| format!("thing/as_{kind}/{name}")));
        let properties: Map<_, _> = names.iter().map(|name| (name.clone(), schema.clone())).collect();
        (format!("as_{kind}"), json!({ "type": "object", "properties": properties }))
    });
    (document(properties.collect()), places)
}

fn secrets(api: &Api) -> BTreeSet<String> {
    let fields = api.models.iter().flat_map(|model| &model.fields).filter(|field| field.is_secret);
    fields.map(|field| field.origin.place.clone()).collect()
}

fn secret_parameters(api: &Api) -> BTreeSet<String> {
    let senders = api.items().filter(|item| matches!(item, Named::Operation(_) | Named::Params(_)));
    let fields = senders.flat_map(Named::fields).filter(|field| field.is_secret);
    fields.map(|field| field.origin.place.clone()).collect()
}

fn set(places: &[&str]) -> BTreeSet<String> {
    places.iter().map(|place| (*place).to_owned()).collect()
}

fn rows(places: &[&str]) -> Vec<PlaceRow> {
    places.iter().map(|place| PlaceRow::Place((*place).to_owned())).collect()
}

/// The places that are asked for in a release.
fn asked(config: &Config, document: &Value) -> BTreeSet<String> {
    let release = config.releases[0].module.clone();
    let Err(error) = generate(config, Some(&release), document) else { return BTreeSet::new() };
    let place = |reason: &str| {
        let place = reason.strip_prefix("nothing decides whether `").unwrap_or_else(|| panic!("{reason}"));
        place.split_once('`').expect("the place is quoted").0.to_owned()
    };
    error.0.iter().map(|diagnostic| place(&diagnostic.reason)).collect()
}

/// A document whose operations send the values of a thing on every route there is: `word` and `id`, and the `word` of what is inside.
fn routes() -> Value {
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
fn routes_config() -> Config {
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

/// Compares two sets of places, and shows only what is in one of them.
fn assert_same(found: &BTreeSet<String>, expected: &BTreeSet<String>) {
    let differences: Vec<_> = found.symmetric_difference(expected).collect();
    assert!(differences.is_empty(), "{differences:?}");
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
fn a_release_asks_for_nothing_if_what_is_undecided_is_secret() {
    let mut config = config();
    config.secrecy.as_mut().expect("the project has patterns").undecided = Undecided::Secret;
    let properties = json!({ "token": { "type": "string" }, "plain": { "type": "string" } });
    let document = document(properties.as_object().unwrap().clone());
    let release = config.releases[0].module.clone();
    let generated = generate(&config, Some(&release), &document).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(secrets(&generated.api), set(&["thing/token"]));
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

#[test]
fn the_idempotency_key_of_a_request_is_printed_as_the_one_of_an_event_is() {
    let text = json!({ "type": "string" });
    let properties = json!({ "idempotency_key": text, "key": text });
    let generated = generate(&config(), None, &document(properties.as_object().unwrap().clone())).unwrap();
    assert_eq!(secrets(&generated.api), set(&["thing/key"]));
}

#[test]
fn each_pattern_hides_a_value_of_each_type() {
    let (document, places) = everything();
    let generated = generate(&config(), None, &document).unwrap_or_else(|error| panic!("{error}"));
    assert_same(&secrets(&generated.api), &places);
    let by_pattern = generated.api.secret_by_pattern().map(|field| field.origin.place.clone());
    assert_same(&by_pattern.collect(), &places);
}

#[test]
fn a_code_and_the_name_of_a_thing_are_printed_where_nobody_is_asked() {
    let choice = json!({ "type": "string", "enum": ["pass", "fail"] });
    let (text, flag, number) =
        (json!({ "type": "string" }), json!({ "type": "boolean" }), json!({ "type": "integer" }));
    let properties = json!({
        "cvc_failure": flag, "address_checked_by": choice, "address_lines_checked_by": { "type": "array", "items": choice },
        "address_line1_check": text, "bank_name": text, "token_expires_at": number, "secret_created": number,
        "coupon": { "type": "object", "properties": { "name": text, "holder_name": text } },
        "gender": choice, "legal_gender": choice, "cvc_failure_text": text, "bank_name_of_owner": text, "name": text,
    });
    let document = document(properties.as_object().unwrap().clone());
    let generated = generate(&config(), None, &document).unwrap();
    let hidden = ["bank_name_of_owner", "coupon/holder_name", "cvc_failure_text", "gender", "legal_gender", "name"];
    assert_same(&secrets(&generated.api), &hidden.iter().map(|name| format!("thing/{name}")).collect());

    // A release asks for all of them.
    let asked = generate(&config(), Some("endive"), &document).unwrap_err();
    assert_eq!(asked.0.len(), properties.as_object().unwrap().len() + 1, "{asked}");
}

#[test]
fn any_json_is_secret_where_nobody_is_asked() {
    let anything = json!({ "type": "object", "additionalProperties": true });
    let properties = json!({ "object_of_event": anything, "metadata": {
        "type": "object", "additionalProperties": { "type": "string" },
    }});
    let generated = generate(&config(), None, &document(properties.as_object().unwrap().clone())).unwrap();
    assert_eq!(secrets(&generated.api), BTreeSet::from(["thing/object_of_event".to_owned()]));
}

#[test]
fn a_release_asks_for_all_of_them_in_one_round() {
    let (mut document, places) = everything();
    // Beside the others, and of no name that matches.
    let types: Vec<_> = types();
    for (kind, schema, _) in &types {
        document["components"]["schemas"]["thing"]["properties"]["as_text"]["properties"][format!("plain_{kind}")] =
            schema.clone();
    }
    let free = ["text", "nullable", "integer", "float", "list", "map", "amounts", "json"];
    let places: BTreeSet<String> =
        places.into_iter().chain(free.map(|kind| format!("thing/as_text/plain_{kind}"))).collect();

    let mut config = config();
    let asked = |config: &Config| asked(config, &document);
    assert_same(&asked(&config), &places);
    let rows: Vec<_> = places.iter().cloned().map(PlaceRow::Place).collect();
    config.sensitive.clone_from(&rows);
    assert_eq!(asked(&config), BTreeSet::new(), "all are sensitive");
    (config.sensitive, config.public) = (Vec::new(), rows.clone());
    assert_eq!(asked(&config), BTreeSet::new(), "all are public");
    (config.sensitive, config.public) =
        rows.into_iter().enumerate().fold((Vec::new(), Vec::new()), |mut all, (at, row)| {
            if at % 2 == 0 {
                all.0.push(row)
            } else {
                all.1.push(row)
            }
            all
        });
    assert_eq!(asked(&config), BTreeSet::new(), "one half is sensitive, and the other is public");
}

#[test]
fn the_parts_of_what_is_called_so_are_secret_unless_they_are_hidden_already() {
    let reference = |key: &str| json!({ "$ref": format!("#/components/schemas/{key}") });
    let several = json!({
        "anyOf": [{ "type": "string" }, reference("token"), reference("outside")],
        "x-expansionResources": { "oneOf": [reference("token"), reference("outside")] },
    });
    let properties = [
        ("place", reference("address")),
        ("way_in", reference("api_token")),
        ("far", reference("token")),
        ("several", several),
        ("either", json!({ "anyOf": [reference("token"), reference("outside")] })),
        ("gone", reference("deleted_token")),
        ("untagged", json!({ "anyOf": [reference("token"), reference("part_token")] })),
    ];
    let mut document = document(properties.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect());
    let schemas = &mut document["components"]["schemas"];
    let text = json!({ "type": "string" });
    schemas["address"] = json!({ "type": "object", "properties": { "city": text, "is_home": { "type": "boolean" } } });
    schemas["api_token"] = json!({
        "type": "object",
        "required": ["id", "object"],
        "properties": { "id": text, "object": { "type": "string", "enum": ["api_token"] } },
    });
    schemas["token"] = schemas["outside"].clone();
    schemas["part_token"] = json!({ "type": "object", "properties": { "flag": { "type": "boolean" } } });
    schemas["deleted_token"] = json!({ "type": "object", "required": ["id", "object", "deleted"], "properties": {
        "id": text, "object": { "type": "string", "enum": ["token"] }, "deleted": { "type": "boolean", "enum": [true] },
    }});
    let generated = generate(&config(), None, &document).unwrap_or_else(|error| panic!("{error}"));
    let references = ["thing/either", "thing/far", "thing/gone", "thing/several", "thing/untagged"];
    let expected: BTreeSet<_> =
        ["address/city", "api_token/id"].into_iter().chain(references).map(str::to_owned).collect();
    assert_same(&secrets(&generated.api), &expected);

    let properties = &mut document["components"]["schemas"]["thing"]["properties"];
    properties["address"] = properties["place"].take();
    properties.as_object_mut().unwrap().remove("place");
    let generated = generate(&config(), None, &document).unwrap_or_else(|error| panic!("{error}"));
    let expected = ["api_token/id", "thing/address"].into_iter().chain(references).map(str::to_owned).collect();
    // What is in a secret is hidden with it.
    assert_same(&secrets(&generated.api), &expected);
}

#[test]
fn a_later_document_does_not_undo_a_row_without_an_error() {
    let mut config = config();
    config.sensitive = vec![PlaceRow::Place("thing/word".to_owned())];
    let release = config.releases[0].module.clone();
    let of = |name: &str, schema: &Value| {
        let document = document([(name.to_owned(), schema.clone())].into_iter().collect());
        let generated = generate(&config, Some(&release), &document).unwrap_or_else(|error| panic!("{error}"));
        let is_used = config.check_rows(&[(Some(&release), &generated)]).is_ok();
        (secrets(&generated.api).contains(&format!("thing/{name}")), is_used)
    };
    for (kind, schema, _) in types() {
        assert_eq!(of("word", &schema), (true, true), "{kind}");
        assert_eq!(of("term", &schema), (false, false), "{kind}");
    }
}

#[test]
fn debug_prints_no_secret_of_any_type() {
    let types = types();
    let property = |(kind, schema, _): &(&str, Value, Value)| (format!("{kind}_token"), schema.clone());
    let document = document(types.iter().map(property).collect());
    let mut generated = generate(&config(), None, &document).unwrap_or_else(|error| panic!("{error}"));
    let mut object: Map<String, Value> =
        types.iter().map(|(kind, _, value)| (format!("{kind}_token"), value.clone())).collect();
    object.insert("id".to_owned(), json!("thing_1"));
    object.insert("object".to_owned(), json!("thing"));
    let text = Value::from(object).to_string();
    let test = format!(
        "let json = r##\"{text}\"##;
        let thing: super::Thing = serde_json::from_str(json).unwrap();
        let printed = format!(\"{{thing:?}}{{thing:#?}}\");
        assert_eq!(printed.matches(\"Secret(…)\").count(), 2 * {}, \"{{printed}}\");
        assert!(!printed.contains(\"HUSH\"), \"{{printed}}\");
        assert_eq!(serde_json::to_value(&thing).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());",
        types.len()
    );
    run("secrecy", &mut generated, &test);
}

/// What a program can print of the values of [`routes`]: responses, operations, parameters, requests, a page, a client and errors.
const WALK: &str = r#"
        use stripe_runtime::{CannedTransport, Method, Operation as _, Options, Request, blocking::Client};

        use super::*;

        fn show(shown: &mut Vec<(&'static str, String)>, what: &'static str, value: &dyn std::fmt::Debug) {
            shown.push((what, format!("{value:?}{value:#?}")));
        }
        // The error itself, what causes it, and both in words.
        fn fail(shown: &mut Vec<(&'static str, String)>, what: &'static str, error: &dyn std::error::Error) {
            let causes = std::iter::successors(Some(error), |error| error.source());
            shown.extend(causes.map(|error| (what, format!("{error}{error:?}"))));
        }
        let mut all = Vec::new();
        let (inside, far, list) = (
            CreateThingInside::new().word("HUSH"), CreateThingFar::new().word("HUSH"), CreateThingList::new().word("HUSH"),
        );
        let fields = CreateThingEitherFields::new().word("HUSH");
        show(&mut all, "nested parameters", &(&inside, &far, &list, &fields));
        let create = CreateThing::new("HUSH").inside(inside).far(far).list([list]).either(CreateThingEither::Fields(fields));
        let create_v2 = CreateV2Thing::new("HUSH").inside(CreateThingInside::new().word("HUSH"));
        let find = ListThings::new().word("HUSH").starting_after("HUSH").ending_before("HUSH");
        let (get, delete) = (RetrieveThing::new("HUSH"), DeleteThing::new("HUSH"));
        show(&mut all, "operations", &(&create, &create_v2, &find, &get, &delete));
        let sent = [create.request(), create_v2.request(), find.request(), get.request(), delete.request()];
        let sent: Vec<Request> = sent.into_iter().map(Result::unwrap).collect();
        let texts = sent.iter().map(|one| format!("{}{:?}", one.url("https://example.com"), one.body()));
        assert!(texts.into_iter().all(|text| text.contains("HUSH")), "each sends it");
        show(&mut all, "requests", &sent);

        let thing = serde_json::json!({
            "id": "HUSH", "object": "thing", "word": "HUSH", "inside": { "id": "in_1", "object": "inside", "word": "HUSH" },
            "list": [{ "id": "in_1", "object": "inside", "word": "HUSH" }], "open": { "HUSH": 1 }, "far": {
                "id": "in_1", "object": "inside", "word": "HUSH",
            }, "either": { "id": "in_1", "object": "inside", "word": "HUSH" },
        });
        let page = serde_json::json!({ "object": "list", "data": [thing], "has_more": false, "url": "/v1/things" });
        let error = serde_json::json!({ "error": { "type": "invalid_request_error", "param": "word", "thing": thing } });
        let client = |status: u16, one: &serde_json::Value, page: &serde_json::Value| {
            let stripe = CannedTransport::new().on(Method::Post, "/v1/things", status, one).on(Method::Get, "/v1/things", status, page);
            let stripe = stripe.on(Method::Post, "/v2/things", status, one).on(Method::Get, "/v1/things/{id}", status, one);
            let stripe = stripe.on(Method::Delete, "/v1/things/{id}", status, one);
            Client::builder("sk_test_HUSH").defaults(Options::new().retries(0)).build_with(stripe.clone(), stripe).unwrap()
        };
        let works = client(200, &thing, &page);
        show(&mut all, "responses", &(works.send(&create).unwrap(), works.send(&create_v2).unwrap(), works.send(&get).unwrap()));
        show(&mut all, "a page and the client", &(works.send(&find).unwrap(), &works));
        show(&mut all, "a raw response", &works.send_raw(get.request().unwrap()).unwrap());

        let wrong = serde_json::json!({ "id": "HUSH", "object": "thing", "word": ["HUSH"] });
        fail(&mut all, "a value of another type", &client(200, &wrong, &wrong).send(&get).unwrap_err());
        fail(&mut all, "a page of another type", &client(200, &wrong, &wrong).send(&find).unwrap_err());
        fail(&mut all, "an error of Stripe", &client(400, &error, &error).send(&create).unwrap_err());
        fail(&mut all, "a failure without a body", &client(500, &serde_json::json!("HUSH"), &wrong).send(&delete).unwrap_err());
        let invalid = Options::new().idempotency_key("HUSH\0");
        fail(&mut all, "an invalid key", &works.send_with(&create, &invalid).unwrap_err());
        let deleted = serde_json::json!({ "id": "HUSH", "object": "thing", "deleted": true });
        let deleted = client(200, &deleted, &deleted).send(&delete).unwrap();
        assert!(format!("{deleted:?}").contains("HUSH"), "it leads to nothing: {deleted:?}");
        for (what, printed) in all {
            assert!(!printed.contains("HUSH"), "{what}: {printed}");
        }"#;

#[test]
fn no_route_prints_a_secret() {
    let mut generated = generate(&routes_config(), None, &routes()).unwrap_or_else(|error| panic!("{error}"));
    run("secret_routes", &mut generated, WALK);
}

/// Runs the body of a test inside what is generated, with a client and without a network.
fn run(directory: &str, generated: &mut Generated, test: &str) {
    let root = generated.files.iter_mut().find(|file| file.path == "mod.rs").expect("there is a root");
    root.text.push_str(&format!(
        "\n#[cfg(test)]\nmod hush {{\n    use stripe_runtime::__private::serde_json;\n\n    #[test]\n    \
         fn debug_prints_no_secret() {{\n        {test}\n    }}\n}}\n"
    ));
    let release = codegen::generate(&workspace::config(), None, "release", &workspace::current_document());
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let mut scratch = Scratch::single(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(directory), &release);
    scratch.add("secrets", generated);
    let printed = scratch.cargo(&["test", "--lib", "--features", "client,test-util", "debug_prints_no_secret"]);
    assert!(printed.contains("1 passed"), "{printed}");
}
