//! The types that models consist of: decoding, encoding, printing and conversions.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    str::FromStr,
};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_financial_connections::{
    Account, AccountCategory, AccountHolder, AccountHolderType, AccountOwnership, AccountStatus, Amounts, Clearable,
    Customer, CustomerId, ErrorResponse, Expandable, IntoOption, List, Method, Nullable, Object, Opaque, Secret,
    Session, SessionExpand, SessionId, SessionPermission, Timestamp, Token, decode,
};

const FULL: &str = include_str!("../fixtures/session_ten_accounts.json");
const LINKED: &str = include_str!("../fixtures/session_just_linked.json");

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

#[test]
fn a_nullable_converts_like_an_option() {
    let value = Nullable::Value("ab".to_owned());
    assert_eq!(value.as_deref(), Some("ab"));
    assert_eq!(value.as_ref(), Some(&"ab".to_owned()));
    assert!(value.is_some() && !value.is_none() && !value.is_null() && !value.is_absent());
    assert_eq!(value.clone().map(|text| text.len()), Nullable::Value(2));
    assert_eq!(value.into_option(), Some("ab".to_owned()));
    assert_eq!(Nullable::<i64>::Absent.map(|n| n + 1), Nullable::Absent);
    assert_eq!(Nullable::<i64>::Null.map(|n| n + 1), Nullable::Null);
    assert_eq!(Nullable::<i64>::from(None), Nullable::Null);
    assert_eq!(Nullable::<i64>::from(Some(1)), Nullable::Value(1));
    assert_eq!(Nullable::<i64>::from(1), Nullable::Value(1));
    assert_eq!(Nullable::<i64>::default(), Nullable::Absent);
    for empty in [Nullable::<String>::Null, Nullable::Absent] {
        assert!(empty.is_none() && !empty.is_some());
        assert_eq!((empty.as_ref(), empty.as_deref(), empty.clone().into_option()), (None, None, None));
        assert_eq!(serde_json::to_string(&empty).unwrap(), "null");
    }
}

#[test]
fn a_nullable_has_the_methods_of_an_option() {
    for nullable in [Nullable::Value(3), Nullable::Null, Nullable::Absent] {
        let option = nullable.into_option();
        assert_eq!(nullable.is_some(), option.is_some());
        assert_eq!(nullable.is_none(), option.is_none());
        for limit in [2, 3] {
            assert_eq!(nullable.is_some_and(|n| n > limit), option.is_some_and(|n| n > limit));
        }
        assert_eq!(nullable.unwrap_or(5), option.unwrap_or(5));
        assert_eq!(nullable.unwrap_or_default(), option.unwrap_or_default());
        assert_eq!(nullable.map_or(7, |n| n + 1), option.map_or(7, |n| n + 1));
        assert_eq!(nullable.ok_or("none"), option.ok_or("none"));
        assert_eq!(nullable.and_then(|n| Nullable::Value(n + 1)), nullable.map(|n| n + 1));
        assert_eq!(nullable.and_then(|_| Nullable::<i32>::Absent).is_absent(), !nullable.is_null());
    }
}

#[test]
fn a_timestamp_is_whole_seconds() {
    let time = Timestamp::from_unix_seconds(1_789_000_000);
    assert_eq!(time.as_unix_seconds(), 1_789_000_000);
    assert_eq!(time.to_string(), "1789000000");
    assert!(time < Timestamp::from_unix_seconds(1_789_000_001));
    assert_eq!(serde_json::to_string(&time).unwrap(), "1789000000");
    assert_eq!(serde_json::from_str::<Timestamp>("-1").unwrap(), Timestamp::from_unix_seconds(-1));
    for text in ["1.0", "1e3", "\"1\"", "null", "9223372036854775808"] {
        assert!(serde_json::from_str::<Timestamp>(text).is_err(), "{text}");
    }
    // After 2038, which is out of range of 32 bits.
    assert_eq!(serde_json::from_str::<Timestamp>("4102444800").unwrap().as_unix_seconds(), 4_102_444_800);
}

#[test]
fn amounts_are_a_map_of_any_currency_code() {
    let text = r#"{"":0,"eur":-700,"usd":120345,"usdc":9223372036854775807,"€":2}"#;
    let amounts: Amounts = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&amounts).unwrap(), text);
    let pairs = [("", 0), ("eur", -700), ("usd", 120_345), ("usdc", i64::MAX), ("€", 2)];
    assert!(amounts.iter().map(|(currency, amount)| (currency.as_str(), *amount)).eq(pairs));
    assert!(pairs.iter().all(|(currency, amount)| amounts.get(currency) == Some(*amount)));
    assert_eq!([amounts.get("us"), amounts.get("usx"), amounts.get("EUR")], [None; 3]);
    assert_eq!((amounts.len(), amounts.is_empty()), (5, false));
    assert!((&amounts).into_iter().eq(amounts.iter()));
    assert!(amounts.clone().into_iter().eq(pairs.map(|(currency, amount)| (currency.to_owned(), amount))));

    assert_eq!(pairs.into_iter().rev().collect::<Amounts>(), amounts);
    assert_eq!(serde_json::from_value::<Amounts>(parse(text)).unwrap(), amounts);
    assert_ne!(pairs.into_iter().skip(1).collect::<Amounts>(), amounts);

    let twice: Amounts = serde_json::from_str(r#"{"usd":4,"eur":2,"usd":1,"\u0075sd":3}"#).unwrap();
    assert_eq!(format!("{twice:?}"), r#"{"eur": 2, "usd": 3}"#);
    let none: Amounts = serde_json::from_str("{}").unwrap();
    assert!(none.is_empty() && none == Amounts::default());
    for text in ["[]", "null", r#"{"usd":1.5}"#, r#"{"usd":9223372036854775808}"#, r#"{"usd":null}"#] {
        assert!(serde_json::from_str::<Amounts>(text).is_err(), "{text}");
    }
}

#[test]
fn a_key_that_differs_in_one_byte_is_another_key() {
    let whole = Session::from_json(FULL.as_bytes()).unwrap();
    let mut tried = 0;
    // Every byte of every key of the session and of its first account is changed.
    let ends = FULL.match_indices("\":").map(|(end, _)| end).filter(|end| *end < 2_000 || *end > FULL.len() - 1_500);
    for end in ends {
        let start = FULL[..end].rfind('"').unwrap() + 1;
        for at in start..end {
            let mut text = FULL.to_owned();
            text.replace_range(at..=at, if FULL[at..].starts_with('z') { "y" } else { "z" });
            assert_ne!(Session::from_json(text.as_bytes()).ok().as_ref(), Some(&whole), "{}", &text[start..end]);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_secret_is_encoded_but_not_printed() {
    let secret = Secret::new("sesame".to_owned());
    assert_eq!(secret.expose(), "sesame");
    assert_eq!(secret, Secret::from("sesame"));
    assert_eq!(secret, Secret::from("sesame".to_owned()));
    assert_ne!(secret, Secret::from("other"));
    assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(…) Secret(…)");
    assert_eq!(serde_json::to_string(&secret).unwrap(), "\"sesame\"");
    assert_eq!(serde_json::from_str::<Secret<String>>("\"sesame\"").unwrap(), secret);
    assert_eq!(secret.into_inner(), "sesame");
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
fn an_enum_stays_open() {
    assert_eq!(serde_json::from_str::<AccountCategory>("\"cash\"").unwrap(), AccountCategory::Cash);
    assert_eq!(serde_json::from_value::<AccountCategory>(json!("cash")).unwrap(), AccountCategory::Cash);
    let new = AccountCategory::from("brand_new");
    assert_eq!(new, AccountCategory::Unknown("brand_new".into()));
    assert_eq!(serde_json::from_str::<AccountCategory>("\"brand_new\"").unwrap(), new);
    assert_eq!(serde_json::to_string(&new).unwrap(), "\"brand_new\"");
    assert_eq!((new.as_str(), new.as_ref(), new.to_string().as_str()), ("brand_new", "brand_new", "brand_new"));
    assert_eq!(format!("{:>6}|{:<6}|", AccountCategory::Cash, AccountCategory::Cash), "  cash|cash  |");
    for known in AccountCategory::VARIANTS {
        assert!(!matches!(known, AccountCategory::Unknown(_)));
        assert_eq!(AccountCategory::from(known.as_str()), *known);
        assert_eq!(AccountCategory::from(known.as_str().to_owned()), *known);
        assert_eq!(AccountCategory::from_str(known.as_str()), Ok(known.clone()));
        assert_eq!(AccountCategory::from(known), *known);
        assert_eq!(serde_json::to_value(known).unwrap(), json!(known.as_str()));
    }
    // With an escape, so it cannot be borrowed from the input.
    assert_eq!(serde_json::from_str::<AccountStatus>(r#""\u0061ctive""#).unwrap(), AccountStatus::Active);
    assert!(serde_json::from_str::<AccountStatus>("1").is_err());
    let mut value = minimal();
    value["permissions"] = json!(["balances", "brand_new", "", "a\"b"]);
    let permissions = session(&value).permissions;
    assert_eq!(permissions[0], SessionPermission::Balances);
    assert_eq!(permissions[3].as_str(), "a\"b");
}

#[test]
fn paths_to_expand_are_typed() {
    let path = SessionExpand::from("accounts.data.ownership");
    assert_eq!(path, SessionExpand::AccountsDataOwnership);
    assert_eq!(SessionExpand::from("a.b"), SessionExpand::Unknown("a.b".into()));
}

#[test]
fn an_id_is_its_own_type() {
    let id = SessionId::new("fcsess_1");
    assert_eq!((id.as_str(), id.as_ref(), id.to_string().as_str()), ("fcsess_1", "fcsess_1", "fcsess_1"));
    assert_eq!(id, SessionId::from("fcsess_1"));
    assert_eq!(id, SessionId::from("fcsess_1".to_owned()));
    assert_eq!(id, SessionId::from(&id));
    assert_eq!(SessionId::from_str("fcsess_1"), Ok(id.clone()));
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"fcsess_1\"");
    assert_eq!(serde_json::from_str::<SessionId>("\"fcsess_1\"").unwrap(), id);
    let text = String::from("fcsess_1");
    for same in
        [SessionId::from(&text), Cow::Borrowed(&*text).into(), Cow::Owned::<str>(text.clone()).into(), (&id).into()]
    {
        assert_eq!(same, id);
    }
    assert_eq!(String::from(&id), text);
    assert_eq!(BTreeMap::from([(id.clone(), 1)])["fcsess_1"], 1);
    assert_eq!(HashMap::from([(id.clone(), 1)])["fcsess_1"], 1);
    assert_eq!(id, "fcsess_1");
    assert_eq!("fcsess_1", id);
    assert_eq!(id, *"fcsess_1");
    assert_eq!(*"fcsess_1", id);
    assert_ne!(id, "fcsess_2");
    assert_eq!(id.cmp(&"fcsess_0".into()), "fcsess_1".cmp("fcsess_0"));
    assert_eq!(String::from(id), "fcsess_1");
}

fn holder(customer: Value) -> AccountHolder {
    let value = json!({"type": "customer", "customer": customer});
    let mut whole = minimal();
    whole["account_holder"] = value.clone();
    let holder = session(&whole).account_holder.into_option().unwrap();
    assert_eq!(serde_json::to_value(&holder).unwrap(), value);
    assert_eq!(holder.type_, AccountHolderType::Customer);
    holder
}

#[test]
fn a_reference_is_an_id_an_object_or_deleted() {
    let id = holder(json!("cus_1")).customer.unwrap();
    assert_eq!(id, Expandable::Id(CustomerId::new("cus_1")));
    assert_eq!((id.id(), id.to_id(), id.is_deleted()), (Some("cus_1"), Some("cus_1".into()), false));
    assert!(id.as_object().is_none() && id.into_object().is_none());

    let object = holder(json!({"id": "cus_1", "object": "customer", "balance": 12, "nested": {"deleted": true}}));
    let object = object.customer.unwrap();
    assert_eq!((object.id(), object.to_id(), object.is_deleted()), (Some("cus_1"), Some("cus_1".into()), false));
    let customer = object.into_object().unwrap();
    assert_eq!((customer.id(), customer.object()), (Some("cus_1"), Some("customer")));
    assert_eq!(customer.get("balance"), Some(&json!(12)));
    assert_eq!(customer.as_json().len(), 4);
    assert_eq!(customer.into_json()["balance"], json!(12));

    let gone = holder(json!({"id": "cus_1", "object": "customer", "deleted": true})).customer.unwrap();
    assert!(gone.is_deleted() && gone.as_object().is_none());
    assert_eq!((gone.id(), gone.to_id()), (Some("cus_1"), Some("cus_1".into())));
    let Expandable::Deleted(deleted) = gone else { panic!("not deleted") };
    assert_eq!((deleted.id.as_str(), deleted.object.as_str()), ("cus_1", "customer"));

    // These are not deleted objects and are kept as JSON.
    for odd in
        [json!({}), json!({"id": 5}), json!({"deleted": true}), json!({"deleted": false, "id": "a", "object": "b"})]
    {
        let odd = holder(odd).customer.unwrap();
        assert!(!odd.is_deleted() && odd.as_object().is_some());
        assert!(odd.to_id().is_none() || odd.id() == Some("a"));
    }
}

#[test]
fn an_expanded_reference_is_decoded_as_its_model() {
    let ownership = json!({
        "id": "fcaowns_1", "object": "financial_connections.account_ownership", "created": 1,
        "owners": {"object": "list", "has_more": false, "url": "/", "data": []},
    });
    let reference: Expandable<AccountOwnership> = serde_json::from_value(ownership.clone()).unwrap();
    assert_eq!(reference.id(), Some("fcaowns_1"));
    assert_eq!(reference.as_object().unwrap().created, Timestamp::from_unix_seconds(1));
    assert_eq!(serde_json::to_value(&reference).unwrap(), ownership);
    assert!(serde_json::from_value::<Expandable<AccountOwnership>>(json!({"id": "x"})).is_err());
}

/// Every form of a number in JSON, also those that serde_json may keep as text.
#[test]
fn a_number_is_no_object_and_no_id() {
    fn check<T: DeserializeOwned>(value: &Value) {
        let text = value.to_string();
        let name = std::any::type_name::<T>();
        let error = decode::<T>(text.as_bytes()).err().unwrap_or_else(|| panic!("{name} is read from {text}"));
        assert!(error.reason().ends_with(", found a number"), "{name}, {text}: {error}");
        assert!(T::deserialize(value).is_err() && serde_json::from_value::<T>(value.clone()).is_err(), "{name}");
        // Not the whole text, which could be a number that a reader cuts off.
        let text = format!(r#"{{"a": [{text}]}}"#);
        let error = decode::<HashMap<String, Vec<T>>>(text.as_bytes()).err().unwrap();
        assert_eq!(error.path(), "a[0]", "{name}, {text}: {error}");
        assert!(error.reason().ends_with(", found a number"), "{name}, {text}: {error}");
    }
    for number in ["5", "-5", "0", "-0", "1.5", "1e3", "18446744073709551615", "123456789012345678901234567890"] {
        let number = parse(number);
        check::<Expandable<Opaque>>(&number);
        check::<Expandable<Customer>>(&number);
        check::<Expandable<Account>>(&number);
        check::<Expandable<AccountOwnership>>(&number);
        check::<Opaque>(&number);
        check::<Customer>(&number);
        check::<Account>(&number);
        check::<List<String>>(&number);
        check::<Amounts>(&number);
        check::<SessionId>(&number);
        check::<AccountStatus>(&number);
        check::<Secret<String>>(&number);
        check::<bool>(&number);
    }
}

#[test]
fn a_time_and_an_amount_are_whole_numbers() {
    for (text, expected) in [
        ("0", Some(0)),
        ("-5", Some(-5)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("1.5", None),
        ("1.0", None),
        ("1e3", None),
        ("\"1\"", None),
        ("{}", None),
        ("123456789012345678901234567890", None),
    ] {
        let time = decode::<Timestamp>(text.as_bytes()).ok();
        assert_eq!(time.map(Timestamp::as_unix_seconds), expected, "{text}");
        assert_eq!(serde_json::from_value::<Timestamp>(parse(text)).ok(), time, "{text}");
        let amounts = format!(r#"{{"usd": {text}}}"#);
        assert_eq!(
            decode::<Amounts>(amounts.as_bytes()).ok().and_then(|amounts| amounts.get("usd")),
            expected,
            "{text}"
        );
        let amounts = serde_json::from_value::<Amounts>(parse(&amounts)).ok();
        assert_eq!(amounts.and_then(|amounts| amounts.get("usd")), expected, "{text}");
    }
}

#[test]
fn an_opaque_object_keeps_its_whole_json() {
    let text =
        r#"{"id":"x","big":18446744073709551615,"small":-9223372036854775808,"float":1.0,"list":[null,true,{}]}"#;
    let opaque: Opaque = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&opaque).unwrap(), parse(text));
    assert_eq!(opaque.get("float").unwrap().to_string(), "1.0");
    assert_eq!(format!("{opaque:?}"), r#"Opaque { id: Some("x"), object: None, .. }"#);
    for not in ["null", "[]", "1", "\"x\""] {
        assert!(serde_json::from_str::<Opaque>(not).is_err(), "{not}");
        assert!(serde_json::from_str::<Customer>(not).is_err(), "{not}");
    }
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

#[test]
fn a_token_keeps_objects_past_the_boundary() {
    let token = session(&parse(FULL)).bank_account_token.unwrap();
    assert_eq!(token.bank_account.as_ref().unwrap().id(), Some("ba_1Qx7Test"));
    assert_eq!(token.id.expose().as_str(), "btok_1Qx7TestToken");
    assert_eq!(Token::OBJECT, "token");
}

#[test]
fn a_clearable_is_a_value_or_clear() {
    assert_eq!(Clearable::from(5_i64), Clearable::Value(5));
    assert_eq!(Clearable::from(&String::from("a")), Clearable::Value(String::from("a")));
    assert_ne!(Clearable::<i64>::from(0), Clearable::Clear);
}

/// Each with keys and values of both kinds, as a setter takes them.
#[test]
fn a_clearable_map_takes_collections_of_entries() {
    fn set<T, Given>(
        map: impl IntoOption<Clearable<BTreeMap<String, T>>, Given>,
    ) -> Option<Clearable<BTreeMap<String, T>>> {
        map.into_option()
    }

    macro_rules! check {
        ($($key:expr, $value:expr;)+) => {$(
            let texts = Some(Clearable::Value(BTreeMap::from([("order".to_owned(), "42".to_owned())])));
            assert_eq!(set([($key, $value)]), texts);
            assert_eq!(set(Some([($key, $value)])), texts);
            assert_eq!(set(vec![($key, $value)]), texts);
            assert_eq!(set(HashMap::from([($key, $value)])), texts);
            assert_eq!(set(BTreeMap::from([($key, $value)])), texts);
            let value = Clearable::Value("42".to_owned());
            let removing = Some(Clearable::Value(BTreeMap::from([("order".to_owned(), value)])));
            assert_eq!(set([($key, $value)]), removing);
            assert_eq!(set(vec![($key, $value)]), removing);
            assert_eq!(set(HashMap::from([($key, $value)])), removing);
            assert_eq!(set(BTreeMap::from([($key, $value)])), removing);
            assert_eq!(set(BTreeMap::from([($key, Clearable::from($value))])), removing);
        )+};
    }
    check! {
        "order", "42";
        "order".to_owned(), "42";
        "order", "42".to_owned();
        "order".to_owned(), "42".to_owned();
    }

    let mixed: Option<Clearable<BTreeMap<String, Clearable<String>>>> =
        set([("a", Clearable::Clear), ("b", "2".into())]);
    let expected = [("a".to_owned(), Clearable::Clear), ("b".to_owned(), Clearable::Value("2".to_owned()))];
    assert_eq!(mixed, Some(Clearable::Value(BTreeMap::from(expected))));
    assert_eq!(set::<String, _>(Clearable::Clear), Some(Clearable::Clear));
}

#[test]
fn http_methods_have_names() {
    assert_eq!([Method::Get, Method::Post, Method::Delete].map(Method::as_str), ["GET", "POST", "DELETE"]);
    assert_eq!(Method::Get.to_string(), "GET");
}
