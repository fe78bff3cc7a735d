//! The cases of operations below `/v2/`: what JSON tells apart, and texts in each place.

use serde_json::{Value, json};

use super::{Case, Operation, TEXTS};

/// Ids that have to be encoded in a path.
const IDS: &[&str] = &["acct_1", "a/b", "a%2Fb", "../a", "a?b=c#d", "\u{e9}+\u{1f600}", "a b"];

/// Adds the cases: each operation with the usual parameters, each kind of value in JSON, and each text in each place.
pub(super) fn cases(cases: &mut Vec<Case>) {
    let mut case = |operation: Operation, name: &str, id: &str, params: Value| {
        let (name, id) = (format!("v2: {operation:?}, {name}"), (operation.ids() > 0).then(|| id.to_owned()));
        let Value::Object(mut params) = params else { return };
        // As in the cases of v1.
        params.sort_keys();
        params.values_mut().for_each(Value::sort_all_objects);
        cases.push(Case { name, operation, id, inner_id: None, params });
    };
    for (operation, params) in usual() {
        case(operation, "nothing", "id_1", json!({}));
        case(operation, "usual", "id_1", params.clone());
        for (index, id) in IDS.iter().enumerate().filter(|_| operation.ids() > 0) {
            case(operation, &format!("id {index}"), id, params.clone());
        }
    }
    // Only what the document says can be cleared.
    let account =
        json!({"configuration": {"customer": {}}, "display_name": "", "metadata": {"kept": "1", "removed": null}});
    case(Operation::UpdateV2Account, "documented", "id_1", account);
    for (index, value) in values().iter().enumerate() {
        case(Operation::UpdateV2Account, &format!("value {index}"), "id_1", json!({ "configuration": value }));
        let inner = json!({"configuration": {"merchant": {"branding": value}}, "metadata": {"a": value, "b": "c"}});
        case(Operation::UpdateV2Account, &format!("value {index} inside"), "id_1", inner);
    }
    for length in [0, 1, 2, 10, 11, 101] {
        let list: Vec<_> = (0..length).map(|index| format!("configuration.{index}")).collect();
        let name = format!("a list of {length}");
        case(Operation::CreateV2Account, &name, "id_1", json!({ "include": list }));
        case(Operation::RetrieveV2Account, &name, "id_1", json!({ "include": list }));
        case(Operation::ListV2Accounts, &name, "id_1", json!({ "applied_configurations": list }));
    }
    for (name, text) in TEXTS {
        let name = format!("text: {name}");
        let account = json!({"display_name": text, "include": [text], "metadata": {*text: text}});
        case(Operation::CreateV2Account, &name, "id_1", account);
        case(Operation::CreateMeterEvent, &name, "id_1", json!({"event_name": text, "payload": {*text: text}}));
        case(
            Operation::ListThinEvents,
            &name,
            "id_1",
            json!({"created": {"gt": text}, "object_id": text, "types": [text, text]}),
        );
    }
}

/// The operations with parameters that a program would send.
fn usual() -> [(Operation, Value); 18] {
    let account = json!({
        "contact_email": "owner@example.com",
        "display_name": "A shop",
        "configuration": {
            "customer": {},
            "merchant": {"capabilities": {"card_payments": {"requested": true}}, "mcc": "5734"},
        },
        "defaults": {"currency": "usd", "locales": ["en-US", "fr-CA"]},
        "identity": {
            "country": "us",
            "entity_type": "individual",
            "individual": {"date_of_birth": {"day": 1, "month": 12, "year": 1990}, "given_name": "Jos\u{e9}"},
        },
        "include": ["configuration.merchant", "identity"],
        "metadata": {"order": "42"},
    });
    let destination = json!({
        "description": "All accounts",
        "enabled_events": ["v2.core.account.closed", "v1.billing.meter.no_meter_found"],
        "event_payload": "thin",
        "events_from": ["self"],
        "include": ["webhook_endpoint.url"],
        "metadata": {},
        "name": "A destination",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": "https://example.com/events?a=b"},
    });
    [
        (Operation::CreateV2Account, account),
        (Operation::RetrieveV2Account, json!({"include": ["identity", "requirements"]})),
        (
            Operation::UpdateV2Account,
            json!({"configuration": {"recipient": null}, "display_name": null, "metadata": {"kept": "1", "removed": null}}),
        ),
        (Operation::CloseV2Account, json!({"applied_configurations": ["customer"]})),
        (Operation::ListV2Accounts, json!({"applied_configurations": ["merchant"], "closed": false, "limit": 10})),
        (Operation::CreateEventDestination, destination),
        (Operation::RetrieveEventDestination, json!({"include": ["webhook_endpoint.url"]})),
        (
            Operation::UpdateEventDestination,
            json!({"enabled_events": [], "metadata": {"removed": null}, "webhook_endpoint": {"url": "https://example.com"}}),
        ),
        (Operation::DeleteEventDestination, json!({})),
        (Operation::DisableEventDestination, json!({})),
        (Operation::EnableEventDestination, json!({})),
        (Operation::PingEventDestination, json!({})),
        (Operation::ListEventDestinations, json!({"include": ["webhook_endpoint.url"], "limit": 1})),
        (
            Operation::ListThinEvents,
            json!({
                "created": {"gte": "2026-11-01T00:00:00.000Z", "lt": "2026-12-01T00:00:00.000Z"},
                "limit": 100,
                "object_id": "acct_1",
                "types": ["v2.core.account.closed", "v2.core.account.created"],
            }),
        ),
        (Operation::RetrieveThinEvent, json!({})),
        (
            Operation::CreateMeterEvent,
            json!({
                "event_name": "tokens",
                "identifier": "id_1",
                "payload": {"stripe_customer_id": "cus_1", "value": "9007199254740993"},
                "timestamp": "2026-11-02T09:30:00.125Z",
            }),
        ),
        (Operation::CreateMeterEventSession, json!({})),
        (
            Operation::CreateMeterEventStream,
            json!({"events": [
                {"event_name": "tokens", "payload": {"value": "1"}},
                {"event_name": "tokens", "identifier": "id_2", "payload": {"value": "2"}, "timestamp": "2026-11-02T09:30:00.125Z"},
            ]}),
        ),
    ]
}

/// Values that JSON tells apart.
fn values() -> Vec<Value> {
    let values = json!([
        null, "", [], {}, true, false, 0, -1, 9_007_199_254_740_991_i64, -9_007_199_254_740_991_i64, 0.1, -1.5, 1e-7, 1e21,
        "0", "true", "null", [null], [[]], [{}], ["a", "b"], [1, "1", true], [{"a": 1}, {"a": null}],
        {"a": null}, {"a": {}}, {"a": []}, {"": ""}, {"a[b]": "c"}, {"a.b": {"0": "c"}},
    ]);
    values.as_array().cloned().unwrap_or_default()
}
