//! The types that models consist of: decoding, encoding, printing and conversions.

mod references;
mod values;

use serde_json::{Value, json};
use stripe_financial_connections::{Account, AccountHolder, Customer, ErrorResponse, List, Object, Session};

const FULL: &str = include_str!("../../fixtures/session_ten_accounts.json");
const LINKED: &str = include_str!("../../fixtures/session_just_linked.json");

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Decodes a session in every way and checks that the results agree.
fn session(value: &Value) -> Session {
    let text = value.to_string();
    let session = Session::from_json(text.as_bytes()).unwrap();
    assert_eq!(serde_json::from_str::<Session>(&text).unwrap(), session);
    assert_eq!(serde_json::from_slice::<Session>(text.as_bytes()).unwrap(), session);
    assert_eq!(serde_json::from_reader::<_, Session>(text.as_bytes()).unwrap(), session);
    assert_eq!(serde_json::from_value::<Session>(value.clone()).unwrap(), session);
    assert_eq!(Session::from_json(format!("{value:#}").as_bytes()).unwrap(), session);
    session
}

fn minimal() -> Value {
    json!({
        "id": "fcsess_1", "object": "financial_connections.session", "livemode": false, "permissions": [],
        "accounts": {"object": "list", "data": [], "has_more": true, "url": "/v1/financial_connections/accounts"},
    })
}

#[test]
fn a_decoded_session_encodes_to_the_same_json() {
    for text in [FULL, LINKED] {
        let value = parse(text);
        assert_eq!(serde_json::to_value(session(&value)).unwrap(), value);
    }
    assert_eq!(serde_json::to_value(session(&minimal())).unwrap(), minimal());
}

#[test]
fn absent_null_and_a_value_are_told_apart() {
    for (name, values) in [
        ("client_secret", [Value::Null, json!("s")]),
        ("prefetch", [Value::Null, json!(["balances"])]),
        ("account_holder", [Value::Null, json!({"type": "customer", "customer": "cus_1"})]),
    ] {
        let mut value = minimal();
        assert_eq!(serde_json::to_value(session(&value)).unwrap(), value);
        for field in values {
            value[name] = field;
            assert_eq!(serde_json::to_value(session(&value)).unwrap(), value);
        }
    }
    let mut value = minimal();
    value["client_secret"] = Value::Null;
    assert!(session(&value).client_secret.is_null());
    assert!(session(&minimal()).client_secret.is_absent());
}

#[test]
fn null_for_an_optional_field_is_none() {
    let mut value = minimal();
    value["return_url"] = Value::Null;
    assert_eq!(session(&value).return_url, None);
}

#[test]
fn unknown_fields_are_ignored() {
    let mut value = minimal();
    for extra in [json!(null), json!({"a": [{"id": 1}, "x\u{e9}\"\\"]}), json!([[], {}]), json!(-1.5e300), json!("")] {
        value["new"] = extra.clone();
        value["accounts"]["new"] = extra;
        assert_eq!(serde_json::to_value(session(&value)).unwrap(), minimal());
    }
}

#[test]
fn fields_are_decoded_in_any_order() {
    let value = parse(FULL);
    let expected = session(&value);
    // `Value` sorts the names; this writes them in reverse.
    fn reversed(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let fields: Vec<_> =
                    map.iter().rev().map(|(name, value)| format!("{name:?} : {}", reversed(value))).collect();
                format!("{{ {} }}", fields.join(" ,\n"))
            }
            Value::Array(list) => format!("[{}]", list.iter().map(reversed).collect::<Vec<_>>().join(" , ")),
            scalar => scalar.to_string(),
        }
    }
    assert_eq!(Session::from_json(reversed(&value).as_bytes()).unwrap(), expected);
}

#[test]
fn every_model_has_from_json() {
    // Also a model without the field `object`.
    let holder = AccountHolder::from_json(br#"{"type": "customer", "customer": "cus_1"}"#).unwrap();
    assert_eq!(holder.type_, "customer");
    assert_eq!(AccountHolder::from_json(br#"{"type": 5}"#).unwrap_err().path(), "type");
    assert_eq!(ErrorResponse::from_json(b"{}").unwrap_err().reason(), "missing field `error`");
}

#[test]
fn models_state_their_constants() {
    assert_eq!(Session::OBJECT, "financial_connections.session");
    assert!(Session::EXPANDABLE.contains(&"account_holder"));
    assert_eq!(<Session as Object>::OBJECT, Session::OBJECT);
    assert_eq!(List::<Account>::OBJECT, "list");
    assert_eq!(Customer::OBJECT, "customer");
}

#[test]
fn lists_are_iterated() {
    let list = session(&parse(FULL)).accounts;
    assert_eq!((list.len(), list.is_empty(), list.has_more, list.total_count), (10, false, false, Some(10)));
    assert!(list.url.starts_with("/v1/financial_connections/accounts"));
    assert_eq!((&list).into_iter().count(), list.iter().count());
    assert_eq!(list.first().map(|account| &account.id), list.data.first().map(|account| &account.id));
    assert_eq!(List::from_json(serde_json::to_string(&list).unwrap().as_bytes()).unwrap(), list);
    assert_eq!(List::<Account>::from_json(b"[]").unwrap_err().reason(), "expected a `list` object, found an array");
    let last = list.into_iter().next_back().unwrap();
    assert_eq!(last.institution_name, "Old Mill Bank");
    let empty = session(&minimal()).accounts;
    assert!(empty.is_empty() && empty.first().is_none());
}

/// A value that no output of `Debug` may contain.
const HIDDEN: &str = "hidden-4242";

#[test]
fn debug_never_shows_a_secret() {
    let mut value = parse(FULL);
    value["client_secret"] = json!(HIDDEN);
    value["bank_account_token"]["id"] = json!(HIDDEN);
    value["bank_account_token"]["client_ip"] = json!(HIDDEN);
    value["bank_account_token"]["bank_account"]["account_holder_name"] = json!(HIDDEN);
    value["account_holder"]["customer"] = json!({"id": "cus_1", "object": "customer", "email": HIDDEN});
    value["accounts"]["data"][0]["ownership"] = json!({
        "id": "fcaowns_1", "object": "financial_connections.account_ownership", "created": 1,
        "owners": {"object": "list", "has_more": false, "url": "/", "data": [{
            "id": "fcaown_1", "object": "financial_connections.account_owner", "ownership": "fcaowns_1",
            "name": HIDDEN, "email": HIDDEN, "phone": HIDDEN, "raw_address": HIDDEN,
        }]},
    });
    let session = session(&value);
    let owner = &session.accounts.data[0].ownership.as_ref().unwrap().as_object().unwrap().owners.data[0];
    assert_eq!(owner.name.expose(), HIDDEN);
    for text in [format!("{session:?}"), format!("{session:#?}"), format!("{owner:?}")] {
        assert!(!text.contains(HIDDEN), "{text}");
        assert!(text.contains("Secret(…)"));
    }
    assert!(format!("{session:?}").contains(r#"Customer { id: Some("cus_1"), object: Some("customer"), .. }"#));
    assert_eq!(serde_json::to_value(&session).unwrap(), value);
    assert_eq!(serde_json::to_string(&session).unwrap().matches(HIDDEN).count(), 9);
}

#[test]
fn a_stripe_error_is_decoded() {
    let value = json!({"error": {
        "type": "invalid_request_error", "message": "No such session", "param": "session", "code": "resource_missing",
        "source": {"object": "card", "id": "card_1"}, "payment_intent": {"object": "payment_intent", "id": "pi_1"},
    }});
    let response: ErrorResponse = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(response.error.param.as_deref(), Some("session"));
    assert_eq!(serde_json::to_value(&response).unwrap(), value);
}
