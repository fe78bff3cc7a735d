//! What a thin event holds, and the requests that follow from it.

use allocation_counter::measure;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use stripe_financial_connections::{
    API_VERSION, Account, AccountId, CannedTransport, Client, DecodeErrorKind, Endpoint, ErrorClass, Method, Operation,
    Options, RetrieveAccount, decode,
    webhook::{
        DateTime, EventId, EventType, FullEvent, Notification, NotificationReason, NotificationType, RelatedObject,
        RelatedObjectId, RetrieveEvent, Verifier, WebhookError, sample_notification_body,
    },
};

use crate::{SIGNED_AT, at, texts, verifier};

/// A thin event as Stripe sends it.
fn thin(type_: &str) -> Value {
    json!({
        "id": "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
        "object": "v2.core.event",
        "type": type_,
        "livemode": false,
        "created": "2026-11-02T09:30:00.125Z",
        "context": "org_1/acct_1",
        "reason": { "type": "request", "request": { "id": "req_1", "idempotency_key": "key-1" } },
        "related_object": {
            "id": "fca_1",
            "type": "financial_connections.account",
            "url": "/v1/financial_connections/accounts/fca_1",
        },
        "snapshot_event": "evt_1",
    })
}

fn read(sent: &Value) -> Notification {
    let body = sent.to_string();
    let notification = Notification::from_trusted(&body).unwrap();
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    assert_eq!(verifier().notification_at(&body, Some(header), at(SIGNED_AT)).unwrap(), notification);
    assert_eq!(Value::from(notification.as_json().clone()), *sent);
    assert_eq!(Value::from(notification.clone().into_json()), *sent);
    notification
}

#[test]
fn each_field_is_read() {
    let notification = read(&thin("v1.financial_connections.account.balance_refresh_succeeded"));
    assert_eq!(notification.id, "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0");
    assert_eq!(notification.type_, NotificationType::AccountBalanceRefreshSucceeded);
    assert_eq!(notification.created, DateTime::parse("2026-11-02T09:30:00.125Z").unwrap());
    assert!(!notification.livemode);
    assert_eq!(notification.context.as_deref(), Some("org_1/acct_1"));
    let Some(NotificationReason::Request(request)) = &notification.reason else { panic!("{notification:?}") };
    assert_eq!((request.id.as_deref(), request.idempotency_key.as_deref()), (Some("req_1"), Some("key-1")));
    let object = notification.related_object.as_ref().unwrap();
    assert_eq!(object.type_, Account::OBJECT);
    assert_eq!(object.id, Some(RelatedObjectId::Account(AccountId::new("fca_1"))));
    assert_eq!(object.url, "/v1/financial_connections/accounts/fca_1");
    assert_eq!(*object, RelatedObject::new(Account::OBJECT, "fca_1", &object.url));
    assert_eq!(notification.account_id(), Some(&AccountId::new("fca_1")));
    assert_eq!(notification.snapshot_event, Some(EventId::new("evt_1")));
    let mut live = thin("x");
    live["livemode"] = json!(true);
    assert!(read(&live).livemode);
}

/// The list of Stripe's library for Python, which `conformance.rs` compares with the types as well.
#[test]
fn every_thin_event_of_an_account_has_a_type() {
    let refreshes = ["balance", "inferred_balances", "ownership", "risk_intelligence", "transactions"];
    let refreshes = refreshes.iter().flat_map(|what| {
        ["failed", "succeeded"].map(|end| format!("v1.financial_connections.account.{what}_refresh_{end}"))
    });
    let of_accounts = EventType::VARIANTS.iter().filter(|type_| type_.as_str().contains(".account."));
    let mut expected: Vec<_> = refreshes.chain(of_accounts.map(|type_| format!("v1.{type_}"))).collect();
    expected.sort_unstable();
    let types: Vec<_> = NotificationType::VARIANTS.iter().map(|type_| type_.as_str().to_owned()).collect();
    assert_eq!((types.len(), types), (22, expected));
    for type_ in NotificationType::VARIANTS {
        assert_eq!(read(&thin(type_.as_str())).type_, *type_);
    }
}

#[test]
fn what_is_not_there_is_none() {
    let bare = json!({
        "object": "v2.core.event", "id": "evt_1", "type": "x", "created": "2026-11-02T09:30:00Z", "livemode": false,
    });
    let mut null = bare.clone();
    for name in ["context", "reason", "related_object", "snapshot_event"] {
        null[name] = Value::Null;
    }
    for sent in [bare, null] {
        let Notification { context, reason, related_object, snapshot_event, .. } = read(&sent);
        assert_eq!((context, reason, related_object, snapshot_event), (None, None, None, None));
        assert_eq!(read(&sent).account_id(), None);
    }
}

#[test]
fn other_types_reasons_and_objects_are_kept() {
    let mut sent = thin("v2.core.new_thing.made");
    sent["new"] = json!({ "a": [1] });
    sent["reason"] = json!({ "type": "schedule", "schedule": { "id": "sch_1" } });
    sent["related_object"] = json!({ "id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1" });
    let notification = read(&sent);
    assert_eq!(notification.type_, NotificationType::Unknown("v2.core.new_thing.made".to_owned()));
    assert_eq!(notification.reason, Some(NotificationReason::Other("schedule".to_owned())));
    let id = notification.related_object.as_ref().and_then(|object| object.id.clone());
    assert_eq!(id, Some(RelatedObjectId::Other("mtr_1".to_owned())));
    assert_eq!((id.unwrap().as_str(), notification.account_id()), ("mtr_1", None));
    assert_eq!(notification.retrieve_account(), None);

    // The object that there is once in an account, and a request that Stripe does not state.
    sent["reason"] = json!({ "type": "request" });
    sent["related_object"] = json!({ "type": "balance", "url": "/v1/balance" });
    let notification = read(&sent);
    let Some(NotificationReason::Request(request)) = &notification.reason else { panic!("{notification:?}") };
    assert_eq!((&request.id, &request.idempotency_key), (&None, &None));
    let object = notification.related_object.as_ref().unwrap();
    assert_eq!((object.type_.as_str(), &object.id, object.url.as_str()), ("balance", &None, "/v1/balance"));
}

#[test]
fn the_other_kind_of_event_is_told_and_kept() {
    let snapshot = crate::events::envelope("customer.created", &json!({ "id": "cus_1" }));
    let body = snapshot.to_string();
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    let error = verifier().notification_at(&body, Some(&header), at(SIGNED_AT)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body is a snapshot event (`event`), which is not thin; read it with `Verifier::event`"
    );
    assert_eq!(error.class().as_str(), "event");
    let WebhookError::SnapshotEvent(event) = error else { panic!("{error}") };
    assert_eq!(Value::from(event.into_json()), snapshot);
    verifier().event_at(&body, Some(&header), at(SIGNED_AT)).unwrap();
}

#[test]
fn a_notification_is_not_read_before_it_is_verified() {
    let body = thin("x").to_string();
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    let error = verifier().notification_at("not JSON", Some(&header), at(SIGNED_AT)).unwrap_err();
    assert!(matches!(error, WebhookError::NoMatch { .. }), "{error}");
    let error = verifier().notification_at(&body, None::<&str>, at(SIGNED_AT)).unwrap_err();
    assert!(matches!(error, WebhookError::NoHeader), "{error}");
    let error = verifier().notification_at(&body, Some(&header), at(SIGNED_AT + 301)).unwrap_err();
    assert!(matches!(error, WebhookError::TooOld { .. }), "{error}");
    let error = Verifier::new("whsec_other").unwrap().notification_at(&body, Some(&header), at(SIGNED_AT)).unwrap_err();
    assert!(matches!(error, WebhookError::NoMatch { .. }), "{error}");
    // Of now, with the clock of the machine.
    verifier().notification(&body, Some(verifier().sign(&body))).unwrap();
    let error = verifier().notification(&body, Some(header)).err();
    assert!(matches!(error, None | Some(WebhookError::TooOld { .. })), "{error:?}");
}

#[test]
fn a_byte_order_mark_is_signed_and_not_read() {
    let body = format!("\u{feff}{}", thin("x"));
    let header = verifier().sign_at(&body, at(SIGNED_AT));
    verifier().notification_at(&body, Some(&header), at(SIGNED_AT)).unwrap();
}

#[test]
fn a_body_that_is_not_a_notification_says_where_and_why() {
    let with = |pointer: &str, value: Value| {
        let mut sent = thin("x");
        *sent.pointer_mut(pointer).unwrap() = value;
        sent.to_string().into_bytes()
    };
    let without = |object: &str, name: &str| {
        let mut sent = thin("x");
        sent.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        sent.to_string().into_bytes()
    };
    let twice = |name: &str| {
        let body = thin("x").to_string();
        format!("{{\"{name}\": null, {}", &body[1..]).into_bytes()
    };
    let deep = format!("{{\"a\": {}", "[".repeat(200_000)).into_bytes();
    use DecodeErrorKind::{Encoding, Mismatch, Syntax, Truncated};
    let time = "expected a time such as `2026-11-02T09:30:00.125Z`, found";
    for (body, kind, path, reason) in [
        (b"".to_vec(), Truncated, "", "the body ends too early"),
        (b"{\"id\": \"evt_1\",".to_vec(), Truncated, "", "the body ends too early"),
        (b"id=evt_1".to_vec(), Syntax, "", "not JSON"),
        (b"{\"id\": \"\xff\"}".to_vec(), Encoding, "id", "not UTF-8"),
        (deep, Syntax, "a", "recursion limit exceeded"),
        (b"[]".to_vec(), Mismatch, "", "expected an object, found an array"),
        (b"null".to_vec(), Mismatch, "", "expected an object, found null"),
        (b"{}".to_vec(), Mismatch, "", "missing field"),
        (with("/object", json!("v2.core.account")), Mismatch, "object", "the constant `v2.core.event`"),
        (with("/object", json!(null)), Mismatch, "object", "the constant `v2.core.event`"),
        (with("/id", json!(1)), Mismatch, "id", "found a number"),
        (with("/type", json!(null)), Mismatch, "type", "found null"),
        (with("/created", json!(1_790_000_000)), Mismatch, "created", time),
        (with("/created", json!("yesterday")), Mismatch, "created", time),
        (with("/livemode", json!("false")), Mismatch, "livemode", "found a string"),
        (with("/context", json!([])), Mismatch, "context", "found an array"),
        (with("/reason", json!("request")), Mismatch, "reason", "expected an object, found a string"),
        (with("/reason/type", json!(1)), Mismatch, "reason.type", "found a number"),
        (with("/reason/request", json!("req_1")), Mismatch, "reason.request", "found a string"),
        (with("/reason/request/id", json!(1)), Mismatch, "reason.request.id", "found a number"),
        (with("/related_object", json!("fca_1")), Mismatch, "related_object", "found a string"),
        (with("/related_object/id", json!(1)), Mismatch, "related_object.id", "found a number"),
        (with("/related_object/url", json!(null)), Mismatch, "related_object.url", "found null"),
        (with("/snapshot_event", json!({})), Mismatch, "snapshot_event", "found an object"),
        (without("", "id"), Mismatch, "", "missing field `id`"),
        (without("", "type"), Mismatch, "", "missing field `type`"),
        (without("", "created"), Mismatch, "", "missing field `created`"),
        (without("", "livemode"), Mismatch, "", "missing field `livemode`"),
        (without("", "object"), Mismatch, "", "missing field `object`"),
        (without("/reason", "type"), Mismatch, "reason", "missing field `type`"),
        (without("/related_object", "type"), Mismatch, "related_object", "missing field `type`"),
        (without("/related_object", "url"), Mismatch, "related_object", "missing field `url`"),
        (twice("context"), Mismatch, "", "duplicate field `context`"),
        (twice("related_object"), Mismatch, "", "duplicate field `related_object`"),
    ] {
        let shown: String = String::from_utf8_lossy(&body).chars().take(400).collect();
        let header = verifier().sign_at(&body, at(SIGNED_AT));
        let wrong = verifier().notification_at(&body, Some(header), at(SIGNED_AT)).unwrap_err();
        let WebhookError::NotAnEvent { error, .. } = &wrong else { panic!("{shown}: {wrong}") };
        assert_eq!((error.kind(), error.path().split('[').next()), (kind, Some(path)), "{shown}: {error}");
        assert!(error.reason().contains(reason), "{shown}: {error}");
        assert_eq!(error.body(), body);
        assert!(wrong.to_string().len() < 500, "{wrong}");
        // The same event, fetched, is no more of one.
        let fetched = RetrieveEvent::decode(&body).unwrap_err();
        let same = (error.kind(), error.path(), error.reason());
        assert_eq!((fetched.kind(), fetched.path(), fetched.reason()), same, "{shown}");
    }
}

#[test]
fn a_body_of_megabytes_takes_an_allocation_for_each_text() {
    let mut sent = thin("x");
    sent["new"] = json!(vec!["0123456789"; 300_000]);
    let body = sent.to_string();
    let info = measure(|| drop(Notification::from_trusted(&body).unwrap()));
    // A value takes up to 72 bytes, by the features of `serde_json`, and the list has grown by doubling.
    assert!(info.count_total < 300_200 && info.bytes_total < 40 * body.len() as u64, "{info:?}");
    assert_eq!(read(&sent).type_.as_str(), "x");
}

#[test]
fn nothing_secret_is_shown() {
    const HIDDEN: &str = "hidden-4242";
    let mut sent = thin("x");
    sent["data"] = json!({ "name": HIDDEN });
    sent["changes"] = json!({ "after": HIDDEN });
    sent["new"] = json!(HIDDEN);
    sent["reason"]["new"] = json!(HIDDEN);
    sent["related_object"]["new"] = json!(HIDDEN);
    let full = RetrieveEvent::decode(sent.to_string().as_bytes()).unwrap();
    let notification = read(&sent);
    for text in [format!("{notification:?}"), format!("{notification:#?}"), format!("{full:?}")] {
        assert!(!text.contains(HIDDEN) && text.contains("fca_1") && text.contains("2026-11-02"), "{text}");
    }
    for place in ["id", "created", "livemode", "related_object", "reason"] {
        let right = sent[place].take();
        sent[place] = json!([HIDDEN]);
        for text in texts(&Notification::from_trusted(sent.to_string()).unwrap_err()) {
            assert!(!text.contains(HIDDEN), "{text}");
        }
        sent[place] = right;
    }
    let snapshot = crate::events::envelope("x", &json!({ "name": HIDDEN }));
    for text in texts(&Notification::from_trusted(snapshot.to_string()).unwrap_err()) {
        assert!(!text.contains(HIDDEN), "{text}");
    }
}

#[test]
fn the_requests_about_a_notification_have_its_context() {
    let endpoint = Endpoint::new("sk_test_123").unwrap();
    let endpoint = endpoint.with_defaults(&Options::new().account("acct_default").context("acct_other")).unwrap();
    let notification = read(&thin("x"));
    let id = notification.account_id().unwrap();
    let retrieve = notification.retrieve_account().unwrap();
    assert_eq!(retrieve, RetrieveAccount::new(id));
    let account = endpoint.request(&retrieve, &notification.options()).unwrap();
    assert_eq!(account.uri().path(), "/v1/financial_connections/accounts/fca_1");
    let event = endpoint.request(&RetrieveEvent::new(&notification.id), &notification.options()).unwrap();
    let path = "/v2/core/events/evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0";
    assert_eq!((event.uri().path(), event.method()), (path, &http::Method::GET));
    let trigger = "event=evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0";
    for request in [account, event] {
        assert_eq!(request.headers()["stripe-context"], "org_1/acct_1");
        assert_eq!(request.headers()["stripe-request-trigger"], trigger);
        assert_eq!(request.headers()["stripe-version"], API_VERSION);
        assert!(!request.headers().contains_key("stripe-account"));
        assert_eq!(request.headers().get("content-type"), None);
    }

    // Without a context, that of the endpoint applies.
    for context in [json!(null), json!("")] {
        let mut sent = thin("x");
        sent["context"] = context;
        let notification = read(&sent);
        let request = endpoint.request(&RetrieveEvent::new(&notification.id), &notification.options()).unwrap();
        assert_eq!(request.headers()["stripe-context"], "acct_other");
        assert_eq!(request.headers()["stripe-account"], "acct_default");
        assert_eq!(request.headers()["stripe-request-trigger"], trigger);
    }
}

/// An id that would be another path or another header is refused or encoded.
#[test]
fn nothing_of_a_body_changes_a_request() {
    let endpoint = Endpoint::new("sk_test_123").unwrap();
    for (id, context, path) in [
        ("evt_1\r\nx: y", "acct_1", None),
        ("evt_1", "acct_1\r\nx: y", None),
        ("..", "acct_1", None),
        ("", "acct_1", None),
        ("evt_1/../../v1/accounts?x=#", "acct_1", Some("/v2/core/events/evt_1%2F..%2F..%2Fv1%2Faccounts%3Fx%3D%23")),
    ] {
        let mut sent = thin("x");
        (sent["id"], sent["context"]) = (json!(id), json!(context));
        let notification = read(&sent);
        let request = endpoint.request(&RetrieveEvent::new(&notification.id), &notification.options());
        assert_eq!(request.ok().map(|request| request.uri().path().to_owned()).as_deref(), path, "{id} {context}");
    }
}

#[test]
fn a_whole_event_is_read() {
    let mut sent = thin("v1.financial_connections.account.balance_refresh_failed");
    let bare: FullEvent = decode(sent.to_string().as_bytes()).unwrap();
    assert_eq!((bare.notification, bare.data, bare.changes), (read(&sent), None, None));
    sent["data"] = json!({ "reason": "inaccessible" });
    sent["changes"] = json!({ "before": { "a": 1 }, "after": { "a": 2 } });
    let full = RetrieveEvent::decode(sent.to_string().as_bytes()).unwrap();
    assert_eq!(full.notification, read(&sent));
    assert_eq!(full.data.unwrap().get("reason"), Some(&json!("inaccessible")));
    assert_eq!(full.changes.unwrap().get("after"), Some(&json!({ "a": 2 })));
    assert_eq!((RetrieveEvent::METHOD, RetrieveEvent::API_VERSION), (Method::Get, Some(API_VERSION)));
    (sent["data"], sent["changes"]) = (Value::Null, json!(5));
    let error = RetrieveEvent::decode(sent.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.path(), error.reason()), ("changes", "expected an object, found a number"));
    // As any model of serde.
    let error = serde_json::from_value::<FullEvent>(sent).unwrap_err();
    assert!(error.to_string().contains("expected an object"), "{error}");
}

#[tokio::test]
async fn a_whole_event_is_fetched() {
    let error = json!({ "error": { "code": "not_found", "message": "there is no such event" } });
    let stripe = CannedTransport::new().on(Method::Get, "/v2/core/events/evt_1", 200, &thin("x")).on(
        Method::Get,
        "/v2/core/events/evt_2",
        404,
        &error,
    );
    let client = Client::builder("sk_test_123").build_with(stripe.clone(), stripe.clone()).unwrap();
    let options = read(&thin("x")).options();
    let event = client.send_with(&RetrieveEvent::new("evt_1"), &options).await.unwrap().into_value();
    assert_eq!(event.notification, read(&thin("x")));
    assert_eq!(stripe.requests()[0].headers()["stripe-context"], "org_1/acct_1");
    // The error of the namespace `/v2` states no type.
    let error = client.send_with(&RetrieveEvent::new("evt_2"), &options).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (ErrorClass::NotFound, Some("not_found")));
}

#[test]
fn a_sample_is_a_notification() {
    let body = sample_notification_body(NotificationType::AccountDisconnected, "fca_2");
    let notification = read(&serde_json::from_str(&body).unwrap());
    assert_eq!(notification.type_, NotificationType::AccountDisconnected);
    assert_eq!(notification.created.timestamp(), at(SIGNED_AT));
    let url = notification.related_object.as_ref().map(|object| object.url.as_str());
    let request = RetrieveAccount::new(notification.account_id().unwrap()).request().unwrap();
    assert_eq!(url, Some(request.path()));
}

/// JSON of the fields of both kinds of events, with right and wrong values.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        "v2.core.event|event|request|financial_connections.account|fca_1|evt_1".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})"
            .prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    let names =
        "id|object|type|created|livemode|context|reason|request|related_object|url|snapshot_event|data|changes|x";
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((names, inner), 0..12).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_json_is_decoded_without_a_panic(value in anything(), part in anything(), place in 0..9_usize) {
        let names = ["id", "type", "created", "livemode", "context", "reason", "related_object", "snapshot_event", "x"];
        let mut sent = thin("x");
        sent[names[place]] = part;
        for sent in [value, sent] {
            let text = sent.to_string();
            let (notification, full) = (Notification::from_trusted(&text), RetrieveEvent::decode(text.as_bytes()));
            match notification {
                Ok(notification) => {
                    let _ = (format!("{notification:?}"), notification.options());
                    prop_assert_eq!(Value::from(notification.into_json()), sent);
                }
                Err(error) => {
                    let _ = texts(&error);
                    prop_assert!(full.is_err());
                }
            }
        }
    }

    #[test]
    fn whatever_bytes_are_decoded_without_a_panic(start in 0..400_usize, bytes in vec(any::<u8>(), 0..40)) {
        let mut body = thin("x").to_string().into_bytes();
        body.truncate(start);
        body.extend(bytes);
        let _ = (Notification::from_trusted(&body), RetrieveEvent::decode(&body));
    }
}
