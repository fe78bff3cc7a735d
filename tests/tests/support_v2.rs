//! Requests and values of the namespace `/v2`: JSON bodies, times, integers that are strings, and lists.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use stripe_financial_connections::{
    Clearable, DateTime, Int64String, IntoOption, InvalidInput, ListV2, Method, Operation, ParamValue, Range, RangeOr,
    Request, Secret, Timestamp, decode, webhook::DateTime as DateTimeOfWebhooks,
};

fn post() -> Request {
    Request::new(Method::Post, "/v2/core/accounts", &[]).unwrap()
}

fn body(request: &Request) -> Value {
    serde_json::from_str(request.body().unwrap()).unwrap()
}

/// What is sent of a parameter `p`; the rest of the body is empty.
fn sent(value: impl ParamValue) -> String {
    let request = post().param("p", value);
    request.body().unwrap().to_owned()
}

#[test]
fn the_path_says_which_body_a_request_has() {
    for (path, body, content_type) in [
        ("/v2/core/accounts", "{}", "application/json"),
        ("/v2/billing/meter_events", "{}", "application/json"),
        ("/v1/accounts", "", Request::CONTENT_TYPE),
        ("/v1/v2/accounts", "", Request::CONTENT_TYPE),
        ("/v20/accounts", "", Request::CONTENT_TYPE),
        ("/v2", "", Request::CONTENT_TYPE),
        ("/v3/accounts", "", Request::CONTENT_TYPE),
    ] {
        let request = Request::new(Method::Post, path, &[]).unwrap();
        assert_eq!((request.body(), request.content_type()), (Some(body), Some(content_type)), "{path}");
        for method in [Method::Get, Method::Delete] {
            let request = Request::new(method, path, &[]).unwrap().param("a", 1).param("b", ["c"]);
            assert_eq!((request.body(), request.content_type()), (None, None), "{path}");
            assert_eq!(request.query(), Some("a=1&b[0]=c"), "{path}");
        }
    }
    let headers: Vec<_> =
        post().with_api_version("1").headers().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(headers, ["stripe-version: 1", "content-type: application/json"]);
}

#[test]
fn absent_null_empty_and_value_differ() {
    for (name, request) in [
        ("{}", post().param("p", None::<i64>)),
        (r#"{"p":null}"#, post().param("p", Clearable::<i64>::Clear)),
        (r#"{"p":null}"#, post().param("p", Some(Clearable::<Vec<i64>>::Clear))),
        (r#"{"p":""}"#, post().param("p", "")),
        (r#"{"p":[]}"#, post().param("p", Some(Vec::<i64>::new()))),
        (r#"{"p":{}}"#, post().param("p", Some(BTreeMap::<String, i64>::new()))),
        (r#"{"p":0}"#, post().param("p", Clearable::Value(0))),
        (r#"{"p":{"a":{}}}"#, post().param("p", BTreeMap::from([("a", BTreeMap::<String, i64>::new())]))),
        (r#"{"p":[[],["a"]]}"#, post().param("p", [vec![], vec!["a"]])),
        (r#"{"p":["a"]}"#, post().param("p", [None, Some("a")])),
        (r#"{"p":[null,"a"]}"#, post().param("p", [Clearable::Clear, Clearable::Value("a")])),
    ] {
        assert_eq!(request.body(), Some(name));
    }
    let map = BTreeMap::from([("kept", Clearable::Value("v")), ("removed", Clearable::Clear)]);
    assert_eq!(sent(map), r#"{"p":{"kept":"v","removed":null}}"#);
}

#[test]
fn values_keep_their_type() {
    assert_eq!(sent(true), r#"{"p":true}"#);
    assert_eq!(sent(i64::MIN), r#"{"p":-9223372036854775808}"#);
    assert_eq!(sent(u64::MAX), r#"{"p":18446744073709551615}"#);
    assert_eq!(sent(usize::from(7_u8)), r#"{"p":7}"#);
    assert_eq!(sent(0.1), r#"{"p":0.1}"#);
    assert_eq!(sent(Timestamp::from_unix_seconds(5)), r#"{"p":5}"#);
    assert_eq!(sent(Int64String::new(i64::MAX)), r#"{"p":"9223372036854775807"}"#);
    assert_eq!(sent(DateTime::parse("2026-11-02T09:30:00Z")), r#"{"p":"2026-11-02T09:30:00.000Z"}"#);
    assert_eq!(sent(RangeOr::from(1_i64)), r#"{"p":1}"#);
    assert_eq!(sent(Range::<i64>::from(1..5)), r#"{"p":{"gte":1,"lt":5}}"#);
    assert_eq!(sent(RangeOr::<i64>::from(Range::new())), r#"{"p":{}}"#);
    // Not null, which could clear something. Stripe refuses the text.
    for (number, text) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        assert_eq!(sent(number), format!(r#"{{"p":"{text}"}}"#));
    }
}

#[test]
fn texts_are_escaped() {
    for text in ["\"", "\\", "a\":1,\"b", "}", "\n\u{0}\u{7f}", "é 😀 \u{2028}", "%20+&=", "[x]"] {
        let request =
            post().param(text.trim_matches(['[', ']']), 1).param("p", text).param("q", BTreeMap::from([(text, text)]));
        let expected = json!({text.trim_matches(['[', ']']): 1, "p": text, "q": {text: text}});
        assert_eq!(body(&request), expected);
    }
}

#[test]
fn brackets_lead_into_objects_and_lists() {
    let expect = |params: &[(&str, &str)], expected: Value| {
        let request = params.iter().fold(post(), |request, (name, value)| request.param(name, *value));
        assert_eq!(body(&request), expected, "{params:?}");
    };
    expect(&[("a[b]", "1"), ("a[c][d]", "2"), ("e", "3")], json!({"a": {"b": "1", "c": {"d": "2"}}, "e": "3"}));
    expect(&[("a[0]", "1"), ("a[1]", "2"), ("a[]", "3")], json!({"a": ["1", "2", "3"]}));
    expect(&[("a[]", "1"), ("a[]", "2"), ("a[0]", "3")], json!({"a": ["3", "2"]}));
    expect(&[("a[0][b]", "1"), ("a[0][c]", "2"), ("a[1][b]", "3")], json!({"a": [{"b": "1", "c": "2"}, {"b": "3"}]}));
    expect(&[("a[b]", "1"), ("a[0]", "2")], json!({"a": {"0": "2", "b": "1"}}));
    expect(&[("a[0]", "1"), ("a[2]", "2")], json!({"a": ["1", "2"]}));
    expect(&[("a[0]", "1"), ("a[b]", "2")], json!({"a": {"0": "1", "b": "2"}}));
    let deep = post().param(&format!("a{}", "[b]".repeat(20_000)), 1);
    assert!(
        deep.body().is_some_and(|body| body.starts_with(r#"{"a":{"b":{"b""#)),
        "it is cut to a depth that a stack has"
    );
    // The last one counts, as in any JSON.
    expect(&[("a", "1"), ("a", "2")], json!({"a": "2"}));
    expect(&[("a", "1"), ("a[b]", "2")], json!({"a": {"b": "2"}}));
    expect(&[("a[b]", "1"), ("a", "2")], json!({"a": "2"}));

    // A name that is none stays what it is.
    expect(&[("a[b", "1"), ("]", "2"), ("", "3")], json!({"a": {"b": "1"}, "]": "2", "": "3"}));
    // A value that looks like a name hides none.
    expect(&[("a", "\"b\":"), ("b", "1")], json!({"a": "\"b\":", "b": "1"}));
}

#[test]
fn a_number_stays_exact_when_another_parameter_is_merged() {
    for number in [0.1 + 0.2, 1e-7, 123_456_789.123_456_78, f64::MAX] {
        let request = post().param("n", number).param("a[b]", 1).param("a[c]", 2);
        assert_eq!(body(&request)["n"].as_f64(), Some(number));
    }
    let request = post().param("n", i64::MIN).param("u", u64::MAX).param("a[b]", 1);
    assert_eq!(body(&request), json!({"a": {"b": 1}, "n": i64::MIN, "u": u64::MAX}));
}

#[test]
fn a_secret_hides_a_json_body() {
    let open = post().param("a", "shown");
    assert!(format!("{open:?}").contains("shown"));
    for request in [
        post().param("a", Secret::new("hidden-4242")),
        post().param("a", BTreeMap::from([("b", [Secret::new("hidden-4242")])])).param("c", 1),
        post().param("c", 1).param("a[b]", Secret::new("hidden-4242")),
    ] {
        assert!(request.body().unwrap().contains("hidden-4242"));
        assert!(!format!("{request:?}").contains("4242"), "{request:?}");
    }
}

/// What a generated crate has.
#[derive(Clone, Debug, Default, PartialEq)]
struct Dates {
    since: Option<DateTime>,
    quantity: Option<Int64String>,
}

impl Dates {
    fn since<Given>(mut self, since: impl IntoOption<DateTime, Given>) -> Self {
        self.since = since.into_option();
        self
    }

    fn quantity<Given>(mut self, quantity: impl IntoOption<Int64String, Given>) -> Self {
        self.quantity = quantity.into_option();
        self
    }
}

#[test]
fn setters_take_the_types_of_the_standard_library() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_793_611_800_125);
    let shown = |dates: Dates| dates.since.map(|since| since.to_string());
    assert_eq!(shown(Dates::default().since(time)).as_deref(), Some("2026-11-02T09:30:00.125Z"));
    assert_eq!(shown(Dates::default().since(Some(time))).as_deref(), Some("2026-11-02T09:30:00.125Z"));
    let time = Timestamp::from(time);
    assert_eq!(shown(Dates::default().since(time)).as_deref(), Some("2026-11-02T09:30:00.000Z"));
    assert_eq!(
        Clearable::<DateTime>::from(SystemTime::UNIX_EPOCH),
        Clearable::Value(Timestamp::from_unix_seconds(0).into())
    );

    let date = DateTime::from(SystemTime::UNIX_EPOCH);
    for (range, expected) in [
        (RangeOr::<DateTime>::from(SystemTime::UNIX_EPOCH), RangeOr::from(date)),
        (RangeOr::from(SystemTime::UNIX_EPOCH..), RangeOr::from(date..)),
        (RangeOr::from(..=SystemTime::UNIX_EPOCH), RangeOr::from(..=date)),
    ] {
        assert_eq!(range, expected);
    }

    let number = |dates: Dates| dates.quantity.map(Int64String::get);
    assert_eq!(number(Dates::default().quantity(5)), Some(5));
    assert_eq!(number(Dates::default().quantity(i64::MIN)), Some(i64::MIN));
    assert_eq!(number(Dates::default().quantity(vec![1, 2].len())), Some(2));
    assert_eq!(number(Dates::default().quantity(Some(u64::MAX))), Some(i64::MAX));
    assert_eq!(number(Dates::default().quantity(None::<u32>)), None);
}

#[test]
fn an_integer_is_a_string_in_json() {
    for (text, value) in [("0", 0), ("-1", -1), ("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN)] {
        let json = format!("\"{text}\"");
        let number: Int64String = decode(json.as_bytes()).unwrap();
        assert_eq!((number.get(), i64::from(number), number.to_string().as_str()), (value, value, text));
        assert_eq!(serde_json::to_string(&number).unwrap(), json);
    }
    for other in
        [r#""""#, r#"" 1""#, r#""1.0""#, r#""1e3""#, r#""9223372036854775808""#, r#""hidden-4242x""#, "1", "null", "[]"]
    {
        let error = decode::<Int64String>(other.as_bytes()).unwrap_err();
        assert!(error.reason().starts_with("expected a string with a 64-bit integer, found "), "{other}: {error}");
        assert!(!error.to_string().contains("4242"), "{error}");
    }
}

#[test]
fn a_time_encodes_to_the_text_that_stripe_sends() {
    let json = "\"2026-11-02T09:30:00.125Z\"";
    let time: DateTime = decode(json.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&time).unwrap(), json);
    let error = decode::<DateTime>(br#""hidden-4242""#).unwrap_err();
    assert_eq!(error.reason(), "expected a time such as `2026-11-02T09:30:00.125Z`, found another string");
    // The path that it had first.
    let _: DateTimeOfWebhooks = time;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// To the precision of the system's clock, before 1970 as well.
    #[test]
    fn a_system_time_comes_back(seconds in 0..60_000_000_000_u64, nanos in 0..10_000_000_u32, before: bool) {
        let distance = Duration::new(seconds, nanos * 100);
        let time = if before { SystemTime::UNIX_EPOCH - distance } else { SystemTime::UNIX_EPOCH + distance };
        let ours = DateTime::from(time);
        prop_assert_eq!(SystemTime::try_from(ours).unwrap(), time);
        prop_assert_eq!(ours.timestamp(), Timestamp::from(time));
        prop_assert_eq!(DateTime::parse(&ours.to_string()), Some(ours));
    }

    #[test]
    fn any_number_stays_exact(number in proptest::num::f64::NORMAL) {
        let request = post().param("n", number).param("a[b]", 1).param("a[c]", 2);
        let text = json!({ "n": number }).to_string();
        prop_assert!(request.body().unwrap().contains(text.trim_matches(['{', '}'])), "{request:?}");
    }

    #[test]
    fn any_timestamp_is_a_time(seconds: i64) {
        let timestamp = Timestamp::from_unix_seconds(seconds);
        let time = DateTime::from(timestamp);
        prop_assert_eq!(Timestamp::from(time), timestamp);
        prop_assert!(!time.to_string().is_empty());
    }
}

#[test]
fn a_list_has_the_methods_of_every_page() {
    let json = br#"{"data":["a","b"],"next_page_url":"/v2/things?page=2","previous_page_url":null}"#;
    let page = ListV2::<String>::from_json(json).unwrap();
    assert_eq!((page.len(), page.is_empty(), page.first().map(String::as_str)), (2, false, Some("a")));
    assert_eq!((page.next_page_url.as_deref(), page.previous_page_url.as_deref()), (Some("/v2/things?page=2"), None));
    assert_eq!(page.iter().chain(&page).count(), 4);
    assert_eq!(serde_json::to_string(&page).unwrap().as_bytes(), json);
    assert_eq!(page.into_iter().collect::<String>(), "ab");

    let sample = ListV2::sample([1, 2]).with(|page| page.previous_page_url = Some("/v2/things".to_owned()));
    assert_eq!(
        serde_json::to_value(&sample).unwrap(),
        json!({
            "data": [1, 2], "next_page_url": null, "previous_page_url": "/v2/things",
        })
    );
    for (body, path, reason) in [
        (r#"{"data": [], "previous_page_url": null}"#, "", "missing field `next_page_url`"),
        (r#"{"data": [], "next_page_url": null}"#, "", "missing field `previous_page_url`"),
        (r#"{"next_page_url": null, "previous_page_url": null}"#, "", "missing field `data`"),
        (
            r#"{"data": [1], "next_page_url": null, "previous_page_url": null}"#,
            "data[0]",
            "expected a string, found a number",
        ),
        (r#"{"data": [], "next_page_url": 1}"#, "next_page_url", "expected a string, found a number"),
        (r#"[]"#, "", "expected an object, found an array"),
    ] {
        let error = ListV2::<String>::from_json(body.as_bytes()).unwrap_err();
        assert_eq!((error.path(), error.reason()), (path, reason));
    }
}

#[test]
fn an_operation_has_a_server_of_its_own() {
    struct Upload;
    impl Operation for Upload {
        type Output = Value;
        const API_VERSION: Option<&'static str> = Some("2026-10-28.endive");
        const METHOD: Method = Method::Post;
        const PATH: &'static str = "/v2/billing/meter_event_stream";
        const BASE_URL: Option<&'static str> = Some("https://meter-events.stripe.com");

        fn request(&self) -> Result<Request, InvalidInput> {
            Request::new(Self::METHOD, Self::PATH, &[]).map(|request| request.with_base_url(Self::BASE_URL))
        }
    }
    let request = Upload.request().unwrap();
    assert_eq!(request.base_url(), Some("https://meter-events.stripe.com"));
    assert_eq!(request.with_base_url(None).base_url(), None);
    assert_eq!(post().base_url(), None);
}
