use std::borrow::Cow;

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

/// A document with operations, each of a path, a method, an id and the resource that it responds with.
fn document(operations: &[(&str, &str, &str, &str)], events: &[&str]) -> String {
    let mut paths = json!({});
    let mut schemas = json!({});
    for (path, method, id, schema) in operations {
        schemas[*schema] = json!({"type": "object", "x-resourceId": schema, "properties": {}});
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        let response = json!({"description": "", "content": {"application/json": {"schema": schema}}});
        paths[*path][*method] = json!({"operationId": id, "responses": {"200": response}});
    }
    let items = json!({"type": "array", "items": {"type": "string", "enum": events}});
    let body = json!({"schema": {"type": "object", "properties": {"enabled_events": items}}});
    paths["/v1/webhook_endpoints"]["post"] = json!({
        "operationId": "PostWebhookEndpoints", "responses": {},
        "requestBody": {"content": {"application/x-www-form-urlencoded": body}},
    });
    json!({"openapi": "3.0.0", "info": {"version": "1"}, "paths": paths, "components": {"schemas": schemas}})
        .to_string()
}

const OLD: &[(&str, &str, &str, &str)] = &[
    ("/v1/parts/things/{id}", "get", "GetThing", "parts.thing"),
    ("/v1/parts/wheels/{id}", "get", "GetWheel", "parts.wheel"),
    ("/v1/parts/bolts/{id}", "get", "GetBolt", "parts.bolt"),
    ("/v1/other", "get", "GetOther", "other"),
];

fn known(config: &Config, text: &str) -> Known {
    let text = Cow::Borrowed(text);
    Known::new(config, None, &Document::index("document", &text).unwrap()).unwrap()
}

#[test]
fn what_is_new_and_not_selected_has_its_row() {
    let config = Config::parse("codegen.toml", CONFIG).unwrap();
    let before = known(&config, &document(OLD, &["parts.thing.made", "other.made"]));
    assert_eq!(before.operations.len(), 3, "{before:?}");
    assert_eq!(before.events, ["parts.thing.made".to_owned()].into());
    let new = [
        OLD,
        &[
            ("/v1/parts/wheels/{id}/turn", "post", "PostWheelTurn", "parts.wheel"),
            ("/v1/parts/nuts", "get", "GetNuts", "parts.nut"),
            ("/v1/things/{id}/twin", "get", "GetTwin", "parts.thing"),
            ("/v1/others", "get", "GetOthers", "other"),
        ],
    ]
    .concat();
    let after = known(&config, &document(&new, &["parts.thing.made", "parts.thing.lost", "parts.nut.made"]));
    let found = after.new_operations(&before, &config, "release");
    let rows: Vec<_> = found.iter().map(|one| (one.row.as_str(), one.new_feature.as_deref())).collect();
    assert_eq!(
        rows,
        [
            ("[[resource]]\nschema = \"parts.nut\"\nfeature = \"nuts\"\noperations = [\"GetNuts\"]", Some("nuts")),
            ("[[resource]]\nschema = \"parts.thing\"\noperations = [\"GetTwin\"]", None),
            ("[[resource]]\nschema = \"parts.wheel\"\nfeature = \"wheels\"\noperations = [\"PostWheelTurn\"]", None),
        ]
    );
    let event = |name| format!("{CONFIG}\n[[event]]\ntype = \"{name}\"\ndescription = \"\"\n");
    let with_event = Config::parse("codegen.toml", &event("parts.nut.made")).unwrap();
    assert_eq!(after.new_events(&before, &with_event), ["parts.thing.lost"]);

    // Each row is one to paste, and takes what it is for.
    let pasted = rows.iter().map(|(row, _)| format!("{row}\n\n")).collect::<String>();
    let config = Config::parse("codegen.toml", &format!("{CONFIG}\n{pasted}")).unwrap();
    assert_eq!(after.new_operations(&before, &config, "release"), []);
}

#[test]
fn a_removed_operation_is_named_and_the_rest_stays() {
    let config = Config::parse("codegen.toml", CONFIG).unwrap();
    let text = document(&OLD[..1], &[]);
    let text = Cow::Borrowed(text.as_str());
    let (present, absent) = present(&config, None, &Document::index("document", &text).unwrap());
    assert_eq!(absent, [Absent { schema: "parts.wheel".to_owned(), operation: "GetWheel".to_owned() }]);
    assert_eq!(present.resources.iter().map(|row| row.operations.len()).collect::<Vec<_>>(), [1, 0, 0]);
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
