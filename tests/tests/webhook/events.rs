//! What an event holds.

use serde_json::{Value, json};
use stripe_financial_connections::{
    API_VERSION, Account, DecodeErrorKind, StripeAccountId,
    webhook::{Event, EventId, EventObject, EventType, WebhookError},
};

use crate::{SIGNED_AT, at, verifier};

/// An event as Stripe sends it, in the order in which it sends the fields.
pub(crate) fn envelope(type_: &str, object: &Value) -> Value {
    json!({
        "id": "evt_1Qz7VfKkXe3Yw5Lb5NbYcK8J",
        "object": "event",
        "account": "acct_1Connected",
        "api_version": API_VERSION,
        "context": "org_1/acct_1Connected",
        "created": 1_790_000_001,
        "data": { "object": object, "previous_attributes": { "status": "inactive", "nested": { "a": [1] } } },
        "livemode": true,
        "pending_webhooks": 2,
        "request": { "id": "req_1", "idempotency_key": "key-1" },
        "type": type_,
    })
}

fn account() -> Value {
    serde_json::to_value(Account::sample()).unwrap()
}

fn read(event: &Value) -> Event {
    let body = event.to_string();
    let event = Event::from_trusted(&body).unwrap();
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    assert_eq!(verifier().event_at(&body, Some(header), at(SIGNED_AT)).unwrap(), event);
    event
}

#[test]
fn every_event_of_an_account_carries_it() {
    let of_accounts: Vec<_> = EventType::VARIANTS
        .iter()
        .filter(|type_| type_.as_str().starts_with("financial_connections.account."))
        .collect();
    assert_eq!(of_accounts.len(), 12);
    for type_ in of_accounts {
        let event = read(&envelope(type_.as_str(), &account()));
        assert_eq!(event.type_, *type_);
        let EventObject::Account(account) = event.data.object else { panic!("{type_}") };
        assert_eq!(*account, Account::sample());
    }
    // One that Stripe may add.
    let event = read(&envelope("financial_connections.account.renamed", &account()));
    assert_eq!(event.type_, EventType::Unknown("financial_connections.account.renamed".to_owned()));
    assert!(matches!(event.data.object, EventObject::Account(_)));
}

#[test]
fn the_envelope_is_read() {
    let event = read(&envelope("financial_connections.account.deactivated", &account()));
    assert_eq!(event.id, EventId::new("evt_1Qz7VfKkXe3Yw5Lb5NbYcK8J"));
    assert_eq!(event.type_, EventType::AccountDeactivated);
    assert_eq!(event.created, at(1_790_000_001));
    assert!(event.livemode);
    assert_eq!(event.api_version.as_deref(), Some(API_VERSION));
    assert_eq!(event.account, Some(StripeAccountId::new("acct_1Connected")));
    assert_eq!(event.context.as_deref(), Some("org_1/acct_1Connected"));
    let request = event.request.unwrap();
    assert_eq!((request.id.as_deref(), request.idempotency_key.as_deref()), (Some("req_1"), Some("key-1")));
    let previous = event.data.previous_attributes.unwrap();
    assert_eq!(previous.get("status"), Some(&json!("inactive")));
    assert_eq!(previous.get("nested"), Some(&json!({ "a": [1] })));
}

#[test]
fn what_is_not_there_is_none() {
    let event = read(&json!({
        "object": "event", "id": "evt_1", "type": "x", "created": 0, "livemode": false, "data": { "object": {} },
    }));
    assert_eq!((event.api_version, event.account, event.context, event.request), (None, None, None, None));
    assert_eq!(event.data.previous_attributes, None);
    let event = read(&json!({
        "object": "event", "id": "evt_1", "type": "x", "created": 0, "livemode": false, "api_version": null,
        "account": null, "context": null, "request": null, "data": { "object": {}, "previous_attributes": null },
    }));
    assert_eq!((event.api_version, event.account, event.context, event.request), (None, None, None, None));
    let mut automatic = envelope("x", &json!({}));
    automatic["request"] = json!({ "id": null, "idempotency_key": null });
    let request = read(&automatic).request.unwrap();
    assert_eq!((request.id, request.idempotency_key), (None, None));
}

/// As in API versions before 2017-05-25.
#[test]
fn the_request_may_be_its_id() {
    let mut old = envelope("customer.created", &json!({ "id": "cus_1", "object": "customer" }));
    old["request"] = json!("req_1");
    assert_eq!(read(&old).request.unwrap().id.as_deref(), Some("req_1"));
}

#[test]
fn other_objects_and_types_keep_their_json() {
    let authorization = json!({
        "id": "fcauth_1", "object": "financial_connections.authorization", "status": "active", "new": [1, { "a": null }],
    });
    let event = read(&envelope("financial_connections.authorization.upcoming_deactivation", &authorization));
    assert_eq!(event.type_, EventType::AuthorizationUpcomingDeactivation);
    let object = &event.data.object;
    assert_eq!((object.id(), object.object()), (Some("fcauth_1"), Some("financial_connections.authorization")));
    let account = EventObject::from(Account::sample());
    let id = Account::sample().id;
    assert_eq!((account.id(), account.object()), (Some(id.as_str()), Some(Account::OBJECT)));
    let EventObject::Other(other) = object else { panic!("{event:?}") };
    assert_eq!((other.id(), other.object()), (Some("fcauth_1"), Some("financial_connections.authorization")));
    assert_eq!(Value::from(other.as_json().clone()), authorization);

    for (type_, object) in [
        ("v1.new.type", json!({})),
        ("", json!({ "object": "" })),
        ("invoice.paid", json!({ "id": 5, "object": ["an", "array"] })),
        ("Financial_Connections.Account.Created", json!({ "object": "financial_connections.accounts" })),
        // The object decides, as it states what it is.
        ("financial_connections.account.created", json!({ "object": "financial_connections.account_ownership" })),
    ] {
        let event = read(&envelope(type_, &object));
        assert_eq!(event.type_.as_str(), type_);
        let EventObject::Other(other) = event.data.object else { panic!("{event:?}") };
        assert_eq!(Value::from(other.into_json()), object);
    }
}

#[test]
fn fields_that_are_not_known_are_kept() {
    let mut sent = envelope("financial_connections.account.created", &account());
    sent["new"] = json!({ "a": 1 });
    sent["data"]["new"] = json!([2]);
    sent["data"]["object"]["new"] = json!("3");
    let event = read(&sent);
    assert!(matches!(event.data.object, EventObject::Account(_)));
    assert_eq!(Value::from(event.as_json().clone()), sent);
    assert_eq!(Value::from(event.into_json()), sent);
}

/// As for Python's library; Node's removes the mark before it verifies.
#[test]
fn a_byte_order_mark_is_signed_and_not_read() {
    let body = format!("\u{feff}{}", envelope("x", &json!({})));
    assert_eq!(Event::from_trusted(&body).unwrap().type_.as_str(), "x");
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    verifier().event_at(&body, Some(&header), at(SIGNED_AT)).unwrap();
    verifier().event_at(body.trim_start_matches('\u{feff}'), Some(&header), at(SIGNED_AT)).unwrap_err();
}

#[test]
fn fields_may_come_in_any_order() {
    let body = format!(
        r#"{{"type": "financial_connections.account.created", "data": {{"previous_attributes": {{}}, "object": {}}},
            "livemode": false, "created": 5, "id": "evt_1", "object": "event"}}"#,
        account()
    );
    assert_eq!(Event::from_trusted(body).unwrap().data.object, Account::sample().into());
}

#[test]
fn a_version_is_compatible_within_its_release() {
    let (_, release) = API_VERSION.split_once('.').unwrap();
    for (version, expected) in [
        (json!(API_VERSION), true),
        (json!(format!("2031-01-01.{release}")), true),
        (json!(format!("2031-01-01.{release}s")), false),
        (json!(format!("2026-09-30.not-{release}")), false),
        (json!("2026-09-30"), false),
        (json!("2022-11-15"), false),
        (json!(""), false),
        (json!(null), false),
    ] {
        let mut sent = envelope("x", &json!({}));
        sent["api_version"] = version;
        assert_eq!(read(&sent).has_compatible_version(), expected, "{}", sent["api_version"]);
    }
}

#[test]
fn a_thin_event_is_told_and_kept() {
    let thin = json!({
        "id": "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
        "object": "v2.core.event",
        "type": "v1.billing.meter.error_report_triggered",
        "livemode": false,
        "created": "2024-09-17T06:20:52.246Z",
        "related_object": { "id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1" },
    });
    let body = thin.to_string();
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    let error = verifier().event_at(&body, Some(header), at(SIGNED_AT)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body is a thin event (`v2.core.event`), which holds no object; read it with `Verifier::notification`"
    );
    let WebhookError::ThinEvent(event) = error else { panic!("{error}") };
    assert_eq!(Value::from(event.into_json()), thin);
}

#[test]
fn a_body_that_is_not_an_event_says_where_and_why() {
    let with = |pointer: &str, value: Value| {
        let mut sent = envelope("financial_connections.account.created", &account());
        *sent.pointer_mut(pointer).unwrap() = value;
        sent.to_string().into_bytes()
    };
    let without = |name: &str| {
        let mut sent = envelope("x", &json!({}));
        sent.as_object_mut().unwrap().remove(name).unwrap();
        sent.to_string().into_bytes()
    };
    use DecodeErrorKind::{Encoding, Mismatch, Syntax, Truncated};
    for (body, kind, path, reason) in [
        (b"".to_vec(), Truncated, "", "the body ends too early"),
        (b"{\"id\": \"evt_1\",".to_vec(), Truncated, "", "the body ends too early"),
        (b"id=evt_1".to_vec(), Syntax, "", "not JSON"),
        (b" \xef\xbb\xbf{}".to_vec(), Syntax, "", "not JSON"),
        (b"{\"id\": \"\xff\"}".to_vec(), Encoding, "id", "not UTF-8"),
        (b"[]".to_vec(), Mismatch, "", "expected an object, found an array"),
        (b"null".to_vec(), Mismatch, "", "expected an object, found null"),
        (b"{}".to_vec(), Mismatch, "", "missing field `object`"),
        (with("/object", json!("customer")), Mismatch, "object", "the constant `event`"),
        (with("/object", json!("v2.core.account")), Mismatch, "object", "the constant `event`"),
        (with("/created", json!("2024-09-17T06:20:52Z")), Mismatch, "created", "found a string"),
        (with("/type", json!(1)), Mismatch, "type", "found a number"),
        (with("/context", json!({})), Mismatch, "context", "expected a string, found an object"),
        (with("/request", json!(1)), Mismatch, "request", "expected an id or an object, found a number"),
        (with("/request", json!(1.5)), Mismatch, "request", "expected an id or an object, found a number"),
        (with("/data", json!([])), Mismatch, "data", "expected an object, found an array"),
        (with("/data/object", json!("fca_1")), Mismatch, "data.object", "expected an object, found a string"),
        (with("/data/object/livemode", json!(0)), Mismatch, "data.object.livemode", "found a number"),
        (
            with("/data/object/balance/as_of", json!(null)),
            Mismatch,
            "data.object.balance.as_of",
            "expected a 64-bit integer, found null",
        ),
        (with("/data/previous_attributes", json!([])), Mismatch, "data.previous_attributes", "found an array"),
        (without("id"), Mismatch, "", "missing field `id`"),
        (without("type"), Mismatch, "", "missing field `type`"),
        (without("created"), Mismatch, "", "missing field `created`"),
        (without("livemode"), Mismatch, "", "missing field `livemode`"),
        (without("data"), Mismatch, "", "missing field `data`"),
        (without("object"), Mismatch, "", "missing field `object`"),
    ] {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let header = verifier().sign_at(&body, at(SIGNED_AT));
        let wrong = verifier().event_at(&body, Some(header), at(SIGNED_AT)).unwrap_err();
        let WebhookError::NotAnEvent { error, .. } = &wrong else { panic!("{shown}: {wrong}") };
        assert_eq!((error.kind(), error.path()), (kind, path), "{shown}: {error}");
        assert!(error.reason().contains(reason), "{shown}: {error}");
        assert_eq!(error.body(), body);
        assert!(wrong.to_string().contains(reason), "{wrong}");
    }
}

#[test]
fn an_account_of_another_version_says_so() {
    let mut sent = envelope("financial_connections.account.created", &account());
    sent["data"]["object"].as_object_mut().unwrap().remove("category");
    let wrong = Event::from_trusted(sent.to_string()).unwrap_err().to_string();
    assert!(wrong.contains(" at `data.object`: missing field `category`"), "{wrong}");
    assert!(!wrong.contains("API version"), "{wrong}");
    sent["api_version"] = json!("2022-11-15");
    let wrong = Event::from_trusted(sent.to_string()).unwrap_err();
    let WebhookError::NotAnEvent { api_version, .. } = &wrong else { panic!("{wrong}") };
    assert_eq!(api_version.as_deref(), Some("2022-11-15"));
    let end = format!("it is of API version \"2022-11-15\", and this crate of \"{API_VERSION}\"");
    assert!(wrong.to_string().ends_with(&end), "{wrong}");
}

#[test]
fn a_body_is_not_read_before_it_is_verified() {
    let header = format!("t={SIGNED_AT},v1={}", "0".repeat(64));
    let error = verifier().event_at("not JSON", Some(header), at(SIGNED_AT)).unwrap_err();
    assert!(matches!(error, WebhookError::NoMatch { .. }), "{error}");
}
