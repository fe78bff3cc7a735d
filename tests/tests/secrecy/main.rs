//! Values of every type are hidden, or asked for, by each pattern of the project.

mod printed;
mod routes;

use std::collections::BTreeSet;

use codegen::config::{PlaceRow, Undecided};
use codegen::ir::{Api, Named};
use codegen::{Config, Generated};
use serde_json::{Map, Value, json};
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

/// Compares two sets of places, and shows only what is in one of them.
fn assert_same(found: &BTreeSet<String>, expected: &BTreeSet<String>) {
    let differences: Vec<_> = found.symmetric_difference(expected).collect();
    assert!(differences.is_empty(), "{differences:?}");
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
