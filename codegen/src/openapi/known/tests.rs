use serde_json::json;

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
fn a_removed_operation_is_named_and_the_rest_stays() {
    let config = Config::parse("codegen.toml", CONFIG).unwrap();
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/v1/parts/things/{id}": {"get": {"operationId": "GetThing"}}},
        "components": {"schemas": {"parts.thing": {}}},
    });
    let text = document.to_string().into();
    let (present, absent) = present(&config, None, &Document::index("document", &text).unwrap());
    assert_eq!(absent, [Absent { schema: "parts.wheel".to_owned(), operation: "GetWheel".to_owned() }]);
    assert_eq!(present.resources.iter().map(|row| row.operations.len()).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn events_are_those_of_the_namespaces_that_are_selected() {
    let row = "[[event]]\ntype = \"parts.thing.made\"\ndescription = \"\"\n";
    let config = Config::parse("codegen.toml", &format!("{CONFIG}\n{row}")).unwrap();
    let events = json!({"items": {"enum": ["parts.thing.made", "parts.thing.lost", "other.made"]}});
    let paths = json!({"/v1/webhook_endpoints": {"post": {"requestBody": {"enabled_events": events}}}});
    let text = json!({"openapi": "3.0.0", "paths": paths}).to_string().into();
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
    let schemas = ["customer", "subscription", "issuing.card", "person", "checkout.session", "session", "charge"];
    let schemas = schemas.iter().copied().chain(["v2.parts.thing"]);
    let resources = schemas.map(|schema| (schema.replace('.', "_"), schema)).collect();
    for (event, schema) in [
        ("customer.created", Some("customer")),
        ("customer.subscription.created", Some("subscription")),
        ("customer.subscription.trial.ended", Some("subscription")),
        ("customer.source.created", Some("customer")),
        ("customer_cash.created", None),
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
        assert_eq!(resource(event, &resources), schema, "{event}");
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
        let events = events_about(&Document::index("document", &text).unwrap(), &["thing"].into(), &thin).unwrap();
        assert_eq!(!events.is_empty(), has_events, "{version}: {events:?}");
    }
}
