//! Values that models and requests share.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr as _;

use serde_json::json;
use stripe_financial_connections::{
    AccountCategory, AccountStatus, Amounts, Clearable, IntoOption, Method, Nullable, Secret, Session, SessionId,
    SessionPermission, Timestamp, decode,
};

use crate::{FULL, minimal, parse, session};

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
