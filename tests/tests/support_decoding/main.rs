//! Decoding errors state the path and the reason but no values, and decoding agrees with serde.

mod near;

use std::error::Error;
use stripe_financial_connections::ApiErrorType;
use stripe_financial_connections::ErrorResponse;
use stripe_financial_connections::Operation;

use serde_json::{Value, json};
use stripe_financial_connections::DecodeErrorKind::*;
use stripe_financial_connections::{DecodeError, RetrieveSession, Session, decode};

const FULL: &str = include_str!("../../fixtures/session_ten_accounts.json");
const LINKED: &str = include_str!("../../fixtures/session_just_linked.json");

/// A value that no message may contain.
const HIDDEN: &str = "hidden-4242";

fn fail(body: &[u8]) -> DecodeError {
    let top = RetrieveSession::decode(body).unwrap_err();
    let mut source = Some(&top as &dyn Error);
    while let Some(error) = source {
        for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            assert!(!text.contains(HIDDEN), "{text}");
            assert!(!text.contains("4242") || top.column() == 4242, "{text}");
        }
        source = error.source();
    }
    assert_eq!(top.body(), body);
    top
}

/// Returns a session with another value at a JSON pointer, or without that field.
fn with(pointer: &str, value: Option<Value>) -> String {
    let mut session: Value = serde_json::from_str(FULL).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (session.pointer_mut(parent).unwrap(), value) {
        (Value::Object(map), Some(value)) => drop(map.insert(name.to_owned(), value)),
        (Value::Object(map), None) => drop(map.remove(name).unwrap()),
        (Value::Array(list), Some(value)) => list[name.parse::<usize>().unwrap()] = value,
        _ => panic!("nothing at {pointer}"),
    }
    session.to_string()
}

/// Replaces a value of a session and checks the path and the reason of the error.
fn check(pointer: &str, value: Option<Value>, path: &str, reason: &str) {
    for text in [with(pointer, value.clone()), {
        let value: Value = serde_json::from_str(&with(pointer, value)).unwrap();
        format!("{value:#}")
    }] {
        let error = fail(text.as_bytes());
        assert_eq!((error.path(), error.reason()), (path, reason));
        assert_eq!(error.kind(), Mismatch);
        assert!(error.to_string().contains(reason));
        assert!(path.is_empty() || error.to_string().contains(&format!("`{path}`")));
        // The column is within the line, and serde refuses the text as well.
        let line = text.lines().nth(error.line() - 1).unwrap();
        assert!(error.column() >= 1 && error.column() <= line.len() + 1);
        assert!(serde_json::from_str::<Session>(&text).is_err());
    }
}

#[test]
fn the_path_names_a_value_of_another_type() {
    let string = "expected a string, found ";
    check("/livemode", Some(json!(HIDDEN)), "livemode", "expected a boolean, found a string");
    check("/id", Some(json!(4242)), "id", &format!("{string}a number"));
    check("/id", Some(json!(null)), "id", &format!("{string}null"));
    check("/id", Some(json!([HIDDEN])), "id", &format!("{string}an array"));
    check("/id", Some(json!({"a": HIDDEN})), "id", &format!("{string}an object"));
    check("/client_secret", Some(json!(4242)), "client_secret", &format!("{string}a number"));
    check("/client_secret", Some(json!(true)), "client_secret", &format!("{string}a boolean"));
    check("/permissions/2", Some(json!(42.42)), "permissions[2]", &format!("{string}a number"));
    check("/permissions/0", Some(json!({"a": HIDDEN})), "permissions[0]", &format!("{string}an object"));
    check("/permissions/0", Some(json!([HIDDEN])), "permissions[0]", &format!("{string}an array"));
    check("/permissions/0", Some(json!([])), "permissions[0]", &format!("{string}an array"));
    check("/permissions/1", Some(json!([[HIDDEN]])), "permissions[1]", &format!("{string}an array"));
    check("/permissions/0", Some(json!(null)), "permissions[0]", &format!("{string}null"));
    check("/permissions", Some(json!(HIDDEN)), "permissions", "expected an array, found a string");
    check("/permissions", Some(json!({"a": 1})), "permissions", "expected an array, found an object");
    check("/accounts", Some(json!(HIDDEN)), "accounts", "expected a `list` object, found a string");
    check("/accounts", Some(json!([HIDDEN])), "accounts", "expected a `list` object, found an array");
    check(
        "/accounts/data/0",
        Some(json!(4242)),
        "accounts.data[0]",
        "expected a `financial_connections.account` object, found a number",
    );
    let account = "expected a `financial_connections.account` object, found an array";
    check("/accounts/data/0", Some(json!([HIDDEN])), "accounts.data[0]", account);
    check("/accounts/data/0", Some(json!([[HIDDEN]])), "accounts.data[0]", account);
    check("/accounts/data/1", Some(json!([])), "accounts.data[1]", account);
    check("/accounts", Some(json!([[[HIDDEN]]])), "accounts", "expected a `list` object, found an array");
    check("/limits", Some(json!([])), "limits", "expected an object, found an array");
}

#[test]
fn the_path_names_a_nested_value() {
    let integer = "expected a 64-bit integer, found ";
    for index in [0, 3, 9] {
        let at = |rest: &str| format!("/accounts/data/{index}/{rest}");
        let path = |rest: &str| format!("accounts.data[{index}].{rest}");
        check(&at("balance/as_of"), Some(json!(HIDDEN)), &path("balance.as_of"), &format!("{integer}a string"));
        check(
            &at("balance/current/usd"),
            Some(json!(HIDDEN)),
            &path("balance.current.usd"),
            &format!("{integer}a string"),
        );
        check(&at("balance/current"), Some(json!([1])), &path("balance.current"), "expected an object, found an array");
        check(
            &at("account_numbers/0/status"),
            Some(json!(1)),
            &path("account_numbers[0].status"),
            "expected a string, found a number",
        );
        check(&at("ownership"), Some(json!(4242)), &path("ownership"), "expected an id or an object, found a number");
        check(
            &at("ownership"),
            Some(json!([HIDDEN, [4242]])),
            &path("ownership"),
            "expected an id or an object, found an array",
        );
        check(
            &at("ownership"),
            Some(json!([[4242]])),
            &path("ownership"),
            "expected an id or an object, found an array",
        );
        check(
            &at("account_holder/customer"),
            Some(json!(false)),
            &path("account_holder.customer"),
            "expected an id or an object, found a boolean",
        );
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let text = |number: &str| FULL.replacen("1789000000", number, 1);
    for (number, found) in [
        ("9223372036854775808", "a number that is out of range"),
        ("-9223372036854775809", "a number that is out of range"),
        ("99999999999999999999999999", "a number that is out of range"),
        ("42.42", "a number with a fraction or an exponent"),
        ("4242.0", "a number with a fraction or an exponent"),
        ("4242e3", "a number with a fraction or an exponent"),
    ] {
        let error = fail(text(number).as_bytes());
        assert_eq!(error.path(), "accounts.data[0].created");
        assert_eq!(error.reason(), format!("expected a 64-bit integer, found {found}"));
        assert_eq!(error.kind(), Mismatch);
    }
    assert_eq!(fail(text("1e999").as_bytes()).reason(), "a number is out of range");
    for number in ["0", "9223372036854775807", "-9223372036854775808"] {
        assert!(Session::from_json(text(number).as_bytes()).is_ok(), "{number}");
    }
    for number in ["01", "-", "1.", ".5", "+1", "0x10", "1_0", "NaN", "-Infinity"] {
        assert_eq!(fail(text(number).as_bytes()).kind(), Syntax, "{number}");
    }
}

#[test]
fn the_path_of_a_missing_field_is_its_object() {
    check("/id", None, "", "missing field `id`");
    check("/accounts", None, "", "missing field `accounts`");
    check("/accounts/url", None, "accounts", "missing field `url`");
    check("/accounts/data/4/institution_name", None, "accounts.data[4]", "missing field `institution_name`");
    check("/accounts/data/9/balance/type", None, "accounts.data[9].balance", "missing field `type`");
    check("/bank_account_token/used", None, "bank_account_token", "missing field `used`");
}

#[test]
fn the_field_object_is_checked() {
    let session = "expected the constant `financial_connections.session`, found ";
    check("/object", None, "", "missing field `object`");
    check("/object", Some(json!(HIDDEN)), "object", &format!("{session}another string"));
    check("/object", Some(json!(4242)), "object", &format!("{session}a number"));
    check("/object", Some(json!(null)), "object", &format!("{session}null"));
    check(
        "/accounts/object",
        Some(json!("lists")),
        "accounts.object",
        "expected the constant `list`, found another string",
    );
    check("/accounts/data/1/object", None, "accounts.data[1]", "missing field `object`");
}

#[test]
fn a_duplicate_field_is_refused() {
    for (from, to, path, name) in [
        (r#""livemode":false,"manual_entry""#, r#""livemode":false,"livemode":true,"manual_entry""#, "", "livemode"),
        (r#""last4":"6789""#, r#""last4":"6789","created":4242"#, "accounts.data[0]", "created"),
        (r#""has_more""#, r#""object":"list","has_more""#, "accounts", "object"),
        (r#""limits":{"#, r#""limits":{"accounts":1,"#, "limits", "accounts"),
    ] {
        assert!(FULL.contains(from), "{from}");
        let text = FULL.replacen(from, to, 1);
        let error = fail(text.as_bytes());
        assert_eq!((error.path(), error.kind()), (path, Mismatch));
        assert_eq!(error.reason(), format!("duplicate field `{name}`"));
        assert!(serde_json::from_str::<Session>(&text).is_err());
    }
    // Unknown fields are ignored, even duplicate ones.
    assert!(Session::from_json(FULL.replacen('{', r#"{"new":1,"new":2,"#, 1).as_bytes()).is_ok());
}

#[test]
fn a_truncated_body_is_reported_wherever_it_ends() {
    let body = FULL.trim_end().as_bytes();
    for end in 0..body.len() {
        let error = fail(&body[..end]);
        assert_eq!((error.kind(), error.reason()), (Truncated, "the body ends too early"), "at {end}");
        assert_eq!((error.line(), error.column()), (1, end + 1));
    }
    let pretty = format!("{:#}", serde_json::from_str::<Value>(FULL).unwrap());
    for end in (0..pretty.len()).step_by(7) {
        assert_eq!(fail(&pretty.as_bytes()[..end]).kind(), Truncated, "at {end}");
    }
    let at = |mark: &str| FULL.find(mark).unwrap() + mark.len();
    for (end, path) in [
        (at(r#""accounts":{"#), "accounts"),
        (at(r#""data":["#), "accounts.data[0]"),
        (at(r#""institution_name":"First H"#), "accounts.data[0].institution_name"),
        (at(r#""institution_name":"First Harbour Bank""#), "accounts.data[0].institution_name"),
        (at(r#""institution_name":"First Harbour Bank","#), "accounts.data[0]"),
        (at(r#""permissions":["balances","#), "accounts.data[0].permissions[1]"),
    ] {
        assert_eq!(fail(&body[..end]).path(), path);
    }
}

#[test]
fn invalid_json_is_reported() {
    for (text, reason, path, column) in [
        ("<html>4242</html>", "not JSON: expected value", "", 1),
        (r#"{"id":"a"} 4242"#, "missing field `object`", "", 11),
        (r#"{"id" "hidden-4242"}"#, "not JSON: expected `:`", "", 7),
        // A value in the place of a key is not a part of the path.
        (r#"{"hidden-4242"}"#, "not JSON: expected `:`", "", 15),
        (r#"{"a":{"id":"b","hidden-4242"}}"#, "not JSON: expected `:`", "a", 29),
        (r#"{"a":{"hidden-4242" }}"#, "not JSON: expected `:`", "a", 21),
        (r#"{"id":"a" "hidden-4242"}"#, "not JSON: expected `,` or `}`", "id", 11),
        (r#"{"id":"a",}"#, "not JSON: trailing comma", "", 11),
        (r#"{"permissions":["a",]}"#, "not JSON: trailing comma", "permissions[1]", 21),
        (r#"{,"id":"a"}"#, "not JSON: key must be a string", "", 2),
        (r#"{id:"hidden-4242"}"#, "not JSON: key must be a string", "", 2),
        (r#"{"livemode":tru4242}"#, "not JSON: expected ident", "livemode", 16),
        (r#"{"new":{"a":[1,nul4242]}}"#, "not JSON: expected ident", "new.a[1]", 19),
        (
            "{\"id\":\"hidden-4242\n\"}",
            "not JSON: control character (\\u0000-\\u001F) found while parsing a string",
            "id",
            19,
        ),
        (r#"{"id":"hidden-4242\x"}"#, "not JSON: invalid escape", "id", 20),
        (r#"{"id":"\ud83d4242"}"#, "not JSON: unexpected end of hex escape", "id", 14),
        (r#"{"id":"\udc00"}"#, "not JSON: lone leading surrogate in hex escape", "id", 13),
        (r#"{"id":"\u42x2"}"#, "not JSON: invalid escape", "id", 13),
        (r#"{"id":'hidden-4242'}"#, "not JSON: expected value", "id", 7),
    ] {
        let error = fail(text.as_bytes());
        assert_eq!((error.reason(), error.path(), error.column()), (reason, path, column), "{text}");
        assert!(serde_json::from_str::<Session>(text).is_err());
    }
    let error = fail(format!("{FULL} hidden-4242").as_bytes());
    assert_eq!((error.kind(), error.path()), (Syntax, ""));
    assert_eq!(error.reason(), "not JSON: trailing characters");
    assert!(Session::from_json(format!(" \n\t\r{FULL} \n\t\r").as_bytes()).is_ok());
    assert_eq!(fail(format!("\u{feff}{FULL}").as_bytes()).kind(), Syntax);
    assert_eq!(fail(format!("{FULL}\0").as_bytes()).kind(), Syntax);
}

#[test]
fn a_string_that_may_be_a_value_is_not_in_the_path() {
    // Not UTF-8, so that nothing checked the syntax before.
    for (text, path) in [
        (r#"{"a":{"hidden-4242""#, "a"),
        (r#"{"a":{"hidden-4242" "b":"#, "a"),
        (r#"{"a":{"hidden-4242",:"#, "a"),
        (r#"{"a":{"hidden-4242"[]:"#, "a"),
        (r#"{"a":{5 "hidden-4242":"#, "a"),
        (r#"{"a":{[] "hidden-4242":"#, "a"),
        (r#"{"a":{"b":1 "hidden-4242":"#, "a.b"),
        (r#"{"a":["hidden-4242":"#, "a[0]"),
        (r#"{"a":{"b" :"#, "a.b"),
        (r#""hidden-4242":"#, ""),
    ] {
        let error = fail(&[text.as_bytes(), b"\xff"].concat());
        assert_eq!((error.kind(), error.path()), (Encoding, path), "{text}");
    }
}

#[test]
fn lines_are_counted() {
    let error = fail(b"{\n  \"id\": \"a\",\r\n  \"livemode\": 4242\n}");
    assert_eq!((error.path(), error.line(), error.column()), ("livemode", 3, 19));
    assert!(error.to_string().ends_with("(line 3, column 19)"), "{error}");
}

#[test]
fn invalid_utf_8_is_reported_with_its_position() {
    for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf"] {
        let at = FULL.find("Harbour").unwrap();
        let mut body = FULL.as_bytes().to_vec();
        body.splice(at..at, bad.iter().copied());
        let error = fail(&body);
        assert_eq!((error.kind(), error.path()), (Encoding, "accounts.data[0].institution_name"));
        assert_eq!((error.line(), error.column()), (1, at + 1));
        assert!(error.source().unwrap().is::<std::str::Utf8Error>());
    }
    assert_eq!(fail(b"\xff").path(), "");
    assert_eq!(fail(&[b"\"]}[{,:\\\"\xff".repeat(50)].concat()).kind(), Encoding);
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        for depth in [1, 100, 126, 127, 128, 1_000, 200_000] {
            let text = |middle: &str| {
                let new = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
                FULL.replacen('{', &format!(r#"{{"new":{new},"#), 1)
            };
            // An unknown field is skipped without recursion.
            assert!(Session::from_json(text("1").as_bytes()).is_ok(), "{open} {depth}");
            let error = fail(text("\u{1}").as_bytes());
            assert_eq!(error.kind(), Syntax);
            assert!(error.path().len() < 1_000, "{}", error.path().len());
            let unclosed = format!(r#"{{"new":{}"#, open.repeat(depth));
            assert!(matches!(fail(unclosed.as_bytes()).kind(), Syntax | Truncated));
            // Invalid UTF-8 is found before the JSON parser limits the depth.
            let mut bytes = unclosed.into_bytes();
            bytes.push(0xff);
            assert!(fail(&bytes).path().len() < 1_000);
        }
    }
    let error = fail(format!(r#"{{"new":{}"#, "[".repeat(126)).as_bytes());
    assert!(error.path().starts_with("new[0][0]"));
}

#[test]
fn odd_names_are_quoted_in_a_path() {
    for (name, path) in [
        ("a", "new.a"),
        ("a_1", "new.a_1"),
        ("a.b", r#"new["a.b"]"#),
        ("", r#"new[""]"#),
        ("a\"\\\n\u{202e}é", r#"new["a\"\\\n\u{202e}é"]"#),
        (&"k".repeat(65), &format!(r#"new["{}"…]"#, "k".repeat(64))),
    ] {
        let text = format!(r#"{{"new":{{{}:tru}}}}"#, json!(name));
        assert_eq!(fail(text.as_bytes()).path(), path);
    }
}

#[test]
fn an_error_carries_the_request_id() {
    let error = fail(b"{").with_request_id("req_1");
    assert_eq!(error.request_id(), Some("req_1"));
    assert_eq!(
        error.to_string(),
        "cannot decode the response to request req_1: the body ends too early (line 1, column 2)"
    );
    assert_eq!(fail(b"{").request_id(), None);
    assert_eq!(fail(b"").to_string(), "cannot decode the response: the body ends too early (line 1, column 1)");
}

#[test]
fn an_error_response_is_decoded_or_refused() {
    let body = br#"{"error":{"type":"api_error","message":"m"}}"#;
    assert_eq!(decode::<ErrorResponse>(body).unwrap().error.message.as_deref(), Some("m"));
    let error = decode::<ErrorResponse>(br#"{"error":{"type":4242}}"#).unwrap_err();
    assert_eq!((error.path(), error.reason()), ("error.type", "expected a string, found a number"));
    let body = r#"{"error":{"code":"c","message":"m","user_message":"u"}}"#;
    let response = decode::<ErrorResponse>(body.as_bytes()).unwrap();
    assert_eq!(response.error.type_, ApiErrorType::Unknown(String::new()));
    assert_eq!((response.error.code.as_deref(), response.error.user_message.as_deref()), (Some("c"), Some("u")));
    assert_eq!(serde_json::to_string(&response).unwrap(), body.replace("\"user", "\"type\":\"\",\"user"));
}
