use serde_json::{Value, json};

use super::events::about;
use super::*;

const CONFIG: &str = r#"
expand_depth = 4
upstream = ""
docs_url = ""

[[resource]]
schema = "parts.thing"
operations = ["GetThing"]

[[resource]]
schema = "parts.wheel"
feature = "wheels"
operations = ["GetWheel"]

[[resource]]
schema = "parts.bolt"
"#;

#[test]
fn a_removed_operation_is_named() {
    let config = Config::parse("codegen.toml", CONFIG).unwrap();
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/v1/parts/things/{id}": {"get": {"operationId": "GetThing"}}},
        "components": {"schemas": {"parts.thing": {}}},
    });
    let text = document.to_string().into();
    let absent = absent(&config, None, &Document::index("document", &text).unwrap());
    assert_eq!(absent, [Absent { schema: "parts.wheel".to_owned(), operation: "GetWheel".to_owned() }]);
}

#[test]
fn events_are_those_of_the_namespaces_that_are_selected() {
    let row = "[[event]]\ntype = \"parts.thing.made\"\ndescription = \"\"\n";
    let config = Config::parse("codegen.toml", &format!("{CONFIG}\n{row}")).unwrap();
    let events = json!({"items": {"enum": ["parts.thing.made", "parts.thing.lost", "other.made"]}});
    let paths = json!({
        "/v1/parts/things/{id}": {"get": {"operationId": "GetThing"}},
        "/v1/webhook_endpoints": {"post": {"requestBody": {"enabled_events": events}}},
    });
    let components = json!({"schemas": {"parts.thing": {}}});
    let text = json!({"openapi": "3.0.0", "paths": paths, "components": components}).to_string().into();
    let known = Known::new(&config, None, &Document::index("document", &text).unwrap()).unwrap();
    assert_eq!(known.events, ["parts.thing.made", "parts.thing.lost"].map(str::to_owned).into());
    assert_eq!(known.new_events(&Known::default(), &config), ["parts.thing.lost"]);
}

#[test]
fn siblings_share_a_path() {
    for (path, shared) in [
        ("/v1/financial_connections/sessions/{session}", "/v1/financial_connections"),
        ("/v1/financial_connections/sessions", "/v1/financial_connections"),
        ("/v1/customers/{customer}/sources", "/v1/customers"),
        ("/v1/account", "/v1/account"),
        ("/", "/"),
    ] {
        assert_eq!(prefix(path), shared, "{path}");
    }
    assert_eq!(collection("GET /v1/parts/nuts/{id}"), "nuts");
}

#[test]
fn an_event_is_about_the_longest_resource_in_its_type() {
    let schemas =
        ["customer", "subscription", "issuing.card", "person", "checkout.session", "session", "charge", "plan"];
    let schemas = schemas.into_iter().chain(["v2.parts.thing", "fee", "refund", "fee_refund"]);
    let resources = schemas.map(|schema| (schema.replace('.', "_"), schema.to_owned())).collect();
    let member = |owner: &str, word: &str| {
        let held = match (owner, word) {
            ("fee", "refund") => Some("fee_refund"),
            ("customer", "person") => Some("charge"),
            _ => None,
        };
        Ok(held.map(str::to_owned))
    };
    for (event, schema) in [
        ("customer.created", Some("customer")),
        ("customer.subscription.created", Some("subscription")),
        ("customer.subscription.trial.ended", Some("subscription")),
        ("customer.source.created", Some("customer")),
        ("customer_cash.created", None),
        ("reserve.plan.created", None),
        ("charge.refund.updated", Some("refund")),
        ("fee.refund.updated", Some("fee_refund")),
        ("fee.created", Some("fee")),
        ("customer.person.created", Some("person")),
        ("issuing_card.created", Some("issuing.card")),
        ("issuing.card.created", Some("issuing.card")),
        ("checkout.session.completed", Some("checkout.session")),
        ("payment.created", None),
        ("charge", None),
        ("*", None),
        ("v1.customer.subscription.created", Some("subscription")),
        ("v1.issuing_card.created", Some("issuing.card")),
        ("v2.parts.thing.made", Some("v2.parts.thing")),
        ("v2.parts.thing[state.of_it].made", Some("v2.parts.thing")),
        ("v2.parts.things.made", Some("v2.parts.thing")),
        ("v2.parts.thing.wheel.turned", Some("v2.parts.thing")),
        // No resource of `/v1`.
        ("v2.core.customer.created", None),
        ("v2.parts.person.created", None),
        ("v3.parts.thing.made", None),
    ] {
        assert_eq!(about(event, &resources, &member).unwrap().as_deref(), schema, "{event}");
    }
}

#[test]
fn a_document_of_before_v2_has_no_listed_thin_events() {
    let thing = json!({"type": "object", "x-resourceId": "thing", "properties": {"id": {"type": "string"}}});
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}});
    let get = json!({"operationId": "GetThing", "responses": {"200": {"content": content}}});
    let thin = ["v1.thing.made".to_owned()].into();
    for (version, has_events) in
        [("2023-10-16", false), ("2024-09-29.x", false), ("2024-09-30.acacia", true), ("preview", true)]
    {
        let document = json!({
            "openapi": "3.0.0",
            "info": {"version": version},
            "paths": {"/v1/things/{id}": {"get": get}},
            "components": {"schemas": {"thing": thing}},
        });
        let text = document.to_string().into();
        let document = Document::index("document", &text).unwrap();
        let events = events_about(&document, &["thing"].into(), &thin).unwrap();
        assert_eq!(!events.is_empty(), has_events, "{version}: {events:?}");
        // An update offers the events that a new crate starts with.
        let rows = "expand_depth = 1\nupstream = \"\"\ndocs_url = \"\"\nsensitive = []\npublic = []\n\
                    [[resource]]\nschema = \"thing\"\noperations = [\"GetThing\"]\n";
        let mut config = Config::parse("codegen.toml", rows).unwrap();
        (config.home, config.thin_events) = (Home::OwnCrate, thin.clone());
        assert_eq!(Known::new(&config, None, &document).unwrap().events, events, "{version}");
    }
}

/// Returns the events about a `customer` of a document with these paths beside, and these schemas.
fn of_customers(paths: &Value, schemas: &Value) -> Result<Vec<String>, Diagnostics> {
    let customer = json!({"type": "object", "properties": {"object": {"type": "string", "enum": ["customer"]}}});
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/customer"}}});
    let mut document = json!({
        "openapi": "3.0.0",
        "paths": {"/v1/customers/{id}": {"get": {"responses": {"200": {"content": content}}}}},
        "components": {"schemas": {"customer": customer}},
    });
    let extend = |place: &mut Value, more: &Value| {
        place.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    };
    extend(&mut document["paths"], paths);
    extend(&mut document["components"]["schemas"], schemas);
    document["components"]["requestBodies"] = json!({"Endpoint": {"content": {"form": {"schema": {
        "$ref": "#/components/schemas/endpoint_params",
    }}}}});
    let text = document.to_string().into();
    let events = events_about(&Document::index("document", &text)?, &["customer"].into(), &BTreeSet::new())?;
    Ok(events.into_iter().collect())
}

#[test]
fn listed_events_are_found_behind_references() {
    let paths =
        json!({"/v1/webhook_endpoints": {"post": {"requestBody": {"$ref": "#/components/requestBodies/Endpoint"}}}});
    let schemas = json!({
        "endpoint_params": {"properties": {
            "enabled_events": {"$ref": "#/components/schemas/event_list"},
            "again": {"$ref": "#/components/schemas/endpoint_params"},
        }},
        "event_list": {"items": {"$ref": "#/components/schemas/event_type"}},
        "event_type": {"anyOf": [
            {"enum": ["*", "customer.created"]},
            {"$ref": "#/components/schemas/more"},
            {"$ref": "#/components/schemas/event_type"},
        ]},
        "more": {"const": "customer.deleted"},
    });
    assert_eq!(of_customers(&paths, &schemas).unwrap(), ["customer.created", "customer.deleted"]);
}

#[test]
fn a_thin_event_is_about_the_one_kind_that_it_states_or_else_about_what_its_name_says() {
    let event = |event: &str, related: Value| json!({"x-stripeEvent": {"kind": "thin", "type": event}, "properties": {"related_object": related}});
    let kind = |kinds: Value| json!({"properties": {"type": kinds}});
    let schemas = json!({
        "by_reference": event("v2.a.made", json!({"$ref": "#/components/schemas/related"})),
        "related": kind(json!({"$ref": "#/components/schemas/kind"})),
        "kind": {"const": "customer"},
        "or_null": event("v2.b.made", json!({"anyOf": [{"$ref": "#/components/schemas/related"}, {"type": "null"}]})),
        "other": event("v1.customer.other", kind(json!({"enum": ["charge"]}))),
        "several": event("v1.customer.moved", kind(json!({"enum": ["charge", "customer"]}))),
        "none": event("v1.customer.renamed", json!({})),
        "snapshot": {"x-stripeEvent": {"kind": "snapshot", "type": "customer.created"}},
    });
    let expected = ["v1.customer.moved", "v1.customer.renamed", "v2.a.made", "v2.b.made"];
    assert_eq!(of_customers(&json!({}), &schemas).unwrap(), expected);

    let error = of_customers(&json!({}), &json!({"wrong": event("customer.made", json!({}))})).unwrap_err();
    let [problem] = error.0.as_slice() else { panic!("{error}") };
    assert_eq!(problem.pointer.as_str(), "/components/schemas/wrong/x-stripeEvent/type");
    assert!(problem.reason.contains("`customer.made` is the type of a thin event"), "{problem}");
}

#[test]
fn an_event_of_a_row_is_gone_where_the_document_lists_others_of_its_kind() {
    let rows = ["a.gone", "a.kept", "v1.a.unstated", "v2.a.gone", "v2.a.kept", "v2.a.known"];
    let rows = rows.map(|event| format!("[[event]]\ntype = \"{event}\"\ndescription = \"\"\n"));
    let mut config = Config::parse("codegen.toml", &format!("{CONFIG}\n{}", rows.concat())).unwrap();
    config.thin_events.insert("v2.a.known".to_owned());
    let gone = |events: &[&str], thin: &str| {
        let body = json!({"enabled_events": {"items": {"enum": events}}});
        let paths = json!({"/v1/webhook_endpoints": {"post": {"requestBody": body}}});
        let thin = json!({"x-stripeEvent": {"kind": "thin", "type": thin}});
        let document = json!({"openapi": "3.0.0", "paths": paths, "components": {"schemas": {"thin": thin}}});
        let text = document.to_string().into();
        let known = Known::new(&config, None, &Document::index("document", &text).unwrap()).unwrap();
        known.events_gone.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(gone(&["*", "a.kept"], "v2.a.kept"), ["a.gone", "v2.a.gone"]);
    assert_eq!(gone(&["*"], "v3.a.other"), [""; 0]);
}
