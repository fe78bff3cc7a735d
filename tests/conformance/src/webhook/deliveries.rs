//! The deliveries: valid ones, tampered ones, and those on which the libraries disagree.

use serde_json::{Value, json};
use stripe_financial_connections::{
    Timestamp,
    webhook::{NotificationType, Verifier},
};

use super::{Delivery, from_bytes};

const SECRET: &str = "whsec_5ecret/With+Symbols=";
const SIGNED_AT: i64 = 1_790_000_000;
/// An event as Stripe formats it.
const BODY: &str = "{\n  \"id\": \"evt_1\",\n  \"object\": \"event\",\n  \"api_version\": \"2026-09-30.endive\",\n  \
                    \"created\": 1790000000,\n  \"data\": {\n    \"object\": {\n      \"id\": \"cus_1\",\n      \
                    \"object\": \"customer\"\n    }\n  },\n  \"livemode\": false,\n  \"type\": \"customer.created\"\n}";

/// The header that this crate signs for a body.
fn header(secret: &str, body: &[u8], at: i64) -> String {
    // This crate refuses a blank secret. The libraries have to as well, whatever the header.
    let verifier = Verifier::new(secret).or_else(|_| Verifier::new(SECRET));
    verifier.map_or_else(|_| String::new(), |verifier| verifier.sign_at(body, Timestamp::from_unix_seconds(at)))
}

/// The signature alone.
fn signature(body: &[u8], at: i64) -> String {
    header(SECRET, body, at).split_once("v1=").map_or_else(String::new, |(_, signature)| signature.to_owned())
}

/// A delivery of a body with the header that this crate signs for it.
fn delivery(name: &str, secret: &str, body: &[u8]) -> Delivery {
    Delivery {
        name: name.to_owned(),
        thin: false,
        secret: secret.to_owned(),
        body: from_bytes(body),
        header: Some(header(secret, body, SIGNED_AT)),
        received_at: SIGNED_AT,
        tolerance: None,
        signed_at: None,
    }
}

/// A delivery of the usual body with another header.
fn with_header(name: &str, header: impl AsRef<[u8]>) -> Delivery {
    Delivery { header: Some(from_bytes(header.as_ref())), ..delivery(name, SECRET, BODY.as_bytes()) }
}

/// A delivery of the usual body that arrives some seconds after it was signed.
fn after(name: &str, seconds: i64, tolerance: Option<u64>) -> Delivery {
    Delivery { received_at: SIGNED_AT + seconds, tolerance, ..delivery(name, SECRET, BODY.as_bytes()) }
}

/// A delivery of a body with the signature of another one.
fn changed(name: &str, signed: &[u8], received: &[u8]) -> Delivery {
    Delivery { body: from_bytes(received), ..delivery(name, SECRET, signed) }
}

/// The usual body with a byte that is not UTF-8.
fn not_utf8() -> Vec<u8> {
    let (before, behind) = BODY.split_once("cus_1").unwrap_or_default();
    [before.as_bytes(), b"\xff", behind.as_bytes()].concat()
}

/// All deliveries.
#[must_use]
pub fn deliveries() -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    deliveries.extend(right());
    deliveries.extend(tampered());
    deliveries.extend(bodies());
    deliveries.extend(disputed());
    deliveries.extend(thin());
    deliveries
}

/// Valid deliveries, which all accept. The libraries sign some of the bodies as well.
fn right() -> Vec<Delivery> {
    let one_line = r#"{"id":"evt_1","object":"event","created":1,"data":{"object":{}},"livemode":true,"type":"a.b"}"#;
    let usual = signature(BODY.as_bytes(), SIGNED_AT);
    let wrong = "0".repeat(64);
    let mut deliveries = Vec::new();
    for (name, body) in [
        ("as Stripe formats it", BODY.to_owned()),
        ("on one line", one_line.to_owned()),
        ("line break at the end", format!("{BODY}\n")),
        ("CRLF", BODY.replace('\n', "\r\n")),
        ("blanks around", format!(" \t\r\n{BODY}  \r\n")),
        ("not only ASCII", one_line.replace("a.b", "\u{e9}\u{65e5}\u{1f600}\u{202e}\u{0301}")),
        ("escapes", one_line.replace("a.b", r"\u00e9\n\u0000\/\ud83d\ude00")),
        ("unknown fields", one_line.replace("\"type\"", "\"new\":[1,{\"a\":null}],\"type\"")),
        ("10 kB", one_line.replace("a.b", &"a.b".repeat(3400))),
    ] {
        let name = format!("right: {name}");
        deliveries.push(Delivery { signed_at: Some(SIGNED_AT), ..delivery(&name, SECRET, body.as_bytes()) });
    }
    for (name, secret) in [
        ("secret without prefix", "5ecret".to_owned()),
        ("secret of 64 bytes, a block", "s".repeat(64)),
        ("secret of 65 bytes, more than a block", "s".repeat(65)),
        ("secret that is not only ASCII", "whsec_\u{e9}\u{1f600}".to_owned()),
        ("secret with blanks, which count", " whsec_secret\n".to_owned()),
    ] {
        let name = format!("right: {name}");
        deliveries.push(Delivery { signed_at: Some(SIGNED_AT), ..delivery(&name, &secret, BODY.as_bytes()) });
    }
    deliveries.extend([
        with_header("right: signature before the timestamp", format!("v1={usual},t={SIGNED_AT}")),
        with_header("right: first of two signatures", format!("t={SIGNED_AT},v1={usual},v1={wrong}")),
        with_header("right: last of two signatures", format!("t={SIGNED_AT},v1={wrong},v1={usual}")),
        with_header(
            "right: one signature among 50",
            format!("t={SIGNED_AT}{}", format!(",v1={wrong}").repeat(49) + ",v1=" + &usual),
        ),
        with_header("right: other schemes beside it", format!("v0={wrong},t={SIGNED_AT},v2={wrong},v1={usual},v0=")),
        with_header("right: items that are nothing", format!(",x,=,y=1,,t={SIGNED_AT},v1={usual},")),
        with_header("right: items that are not ASCII", format!("\u{e9}={wrong},t={SIGNED_AT},v1={usual}")),
        with_header(
            "right: short and long signatures beside it",
            format!("t={SIGNED_AT},v1=0,v1={usual}00,v1={usual}"),
        ),
        with_header("right: leading zeros of the timestamp", format!("t=00{SIGNED_AT},v1={usual}")),
        after("right: 299 s old", 299, None),
        after("right: exactly 300 s old", 300, None),
        after("right: signed 1 s in the future", -1, None),
        after("right: signed 30 years in the future", -1_000_000_000, None),
        after("right: exactly as old as the tolerance", 10, Some(10)),
        after("right: a long tolerance", 86_400, Some(86_400)),
        Delivery {
            header: Some(header(SECRET, BODY.as_bytes(), 0)),
            received_at: 5,
            ..after("right: signed in 1970", 0, None)
        },
    ]);
    deliveries
}

/// Tampered deliveries, which all reject.
fn tampered() -> Vec<Delivery> {
    let body = BODY.as_bytes();
    let usual = signature(body, SIGNED_AT);
    let other_digit = if usual.ends_with('0') { '1' } else { '0' };
    let received = |name, received: String| changed(name, body, received.as_bytes());
    let secret = |name, secret: String| Delivery { secret, ..delivery(name, SECRET, body) };
    vec![
        received("tampered: one byte of the body", BODY.replace("cus_1", "cus_2")),
        received("tampered: body with a line break at the end", format!("{BODY}\n")),
        changed("tampered: body without its line break at the end", format!("{BODY}\n").as_bytes(), body),
        received("tampered: LF to CRLF", BODY.replace('\n', "\r\n")),
        changed("tampered: CRLF to LF", BODY.replace('\n', "\r\n").as_bytes(), body),
        received("tampered: body encoded again", BODY.replace(['\n', ' '], "")),
        received("tampered: body cut short", BODY[..BODY.len() - 1].to_owned()),
        received("tampered: body with an escape", BODY.replace("cus_1", r"cus_\u0031")),
        received("tampered: empty body", String::new()),
        with_header("tampered: timestamp", format!("t={},v1={usual}", SIGNED_AT + 1)),
        with_header("tampered: timestamp made younger", format!("t={},v1={usual}", SIGNED_AT + 1_000_000)),
        with_header("tampered: last digit", format!("t={SIGNED_AT},v1={}{other_digit}", &usual[..63])),
        with_header("tampered: upper case", format!("t={SIGNED_AT},v1={}", usual.to_uppercase())),
        with_header("tampered: signature cut short", format!("t={SIGNED_AT},v1={}", &usual[..63])),
        with_header("tampered: digit at the end", format!("t={SIGNED_AT},v1={usual}0")),
        with_header("tampered: blank before the signature", format!("t={SIGNED_AT},v1= {usual}")),
        with_header("tampered: blank behind the signature", format!("t={SIGNED_AT},v1={usual} ")),
        with_header("tampered: blank behind the comma", format!("t={SIGNED_AT}, v1={usual}")),
        with_header("tampered: quotes", format!("t={SIGNED_AT},v1=\"{usual}\"")),
        with_header("tampered: not ASCII", format!("t={SIGNED_AT},v1={}", "\u{e9}".repeat(32))),
        with_header("tampered: not UTF-8", [format!("t={SIGNED_AT},v1=").as_bytes(), &[0xff; 64]].concat()),
        with_header("tampered: another scheme", format!("t={SIGNED_AT},v0={usual}")),
        with_header("tampered: scheme in upper case", format!("t={SIGNED_AT},V1={usual}")),
        with_header("tampered: no signature", format!("t={SIGNED_AT}")),
        with_header("tampered: no timestamp", format!("v1={usual}")),
        with_header("tampered: key of the timestamp in upper case", format!("T={SIGNED_AT},v1={usual}")),
        with_header("tampered: semicolons", format!("t={SIGNED_AT};v1={usual}")),
        with_header("tampered: anything", "anything"),
        with_header("tampered: empty header", ""),
        Delivery { header: None, ..delivery("tampered: no header", SECRET, body) },
        with_header("tampered: header of another body", header(SECRET, b"{}", SIGNED_AT)),
        with_header("tampered: header of another secret", header("whsec_other", body, SIGNED_AT)),
        secret("tampered: another secret", "whsec_other".to_owned()),
        secret("tampered: secret without its prefix", SECRET.replace("whsec_", "")),
        secret("tampered: secret with a line break", format!("{SECRET}\n")),
        secret("tampered: secret in lower case", SECRET.to_lowercase()),
        secret("tampered: empty secret", String::new()),
        secret("tampered: blank secret", " \t\r\n".to_owned()),
        after("tampered: 301 s old", 301, None),
        after("tampered: a day old", 86_400, None),
        after("tampered: 1 s older than the tolerance", 11, Some(10)),
    ]
}

/// Signed bodies that are not snapshot events in UTF-8.
fn bodies() -> Vec<Delivery> {
    let thin =
        r#"{"id":"evt_1","object":"v2.core.event","type":"v1.a","created":"2026-09-17T06:20:52.246Z","livemode":true}"#;
    [
        ("body: thin event", thin.as_bytes()),
        ("body: not JSON", b"id=evt_1"),
        ("body: JSON cut short", b"{\"id\":\"evt_1\","),
        ("body: byte order mark, signed", format!("\u{feff}{BODY}").as_bytes()),
        ("body: not UTF-8, signed", &not_utf8()),
        ("body: a number", b"5"),
        ("body: an array", b"[]"),
        ("body: null", b"null"),
        ("body: an empty object", b"{}"),
        ("body: a customer", br#"{"id":"cus_1","object":"customer"}"#),
        ("body: an event without type", br#"{"id":"evt_1","object":"event"}"#),
    ]
    .map(|(name, body)| delivery(name, SECRET, body))
    .into()
}

/// Deliveries on which the libraries disagree, or are more lenient.
fn disputed() -> Vec<Delivery> {
    let body = BODY.as_bytes();
    let usual = signature(body, SIGNED_AT);
    let (early, late) = (SIGNED_AT - 1, SIGNED_AT + 1);
    vec![
        with_header("disputed: the same timestamp twice", format!("t={SIGNED_AT},t={SIGNED_AT},v1={usual}")),
        with_header("disputed: first of two timestamps is signed", format!("t={SIGNED_AT},t={late},v1={usual}")),
        with_header("disputed: last of two timestamps is signed", format!("t={early},t={SIGNED_AT},v1={usual}")),
        with_header("disputed: timestamp with a plus", format!("t=+{SIGNED_AT},v1={usual}")),
        with_header("disputed: timestamp with blanks", format!("t= {SIGNED_AT} ,v1={usual}")),
        with_header("disputed: timestamp with letters behind", format!("t={SIGNED_AT}x,v1={usual}")),
        with_header("disputed: timestamp with a fraction", format!("t={SIGNED_AT}.5,v1={usual}")),
        with_header("disputed: timestamp with underscores", format!("t=1_790_000_000,v1={usual}")),
        with_header("disputed: timestamp without a value", format!("t,v1={usual}")),
        with_header("disputed: empty timestamp", format!("t=,v1={usual}")),
        with_header("disputed: timestamp in words", format!("t=now,v1={usual}")),
        Delivery { received_at: 0, ..with_header("disputed: negative timestamp", header(SECRET, body, -5)) },
        with_header("disputed: timestamp of 63 bits", header(SECRET, body, i64::MAX)),
        with_header("disputed: signature with an equals sign", format!("t={SIGNED_AT},v1={usual}=x")),
        with_header("disputed: empty signature beside it", format!("t={SIGNED_AT},v1=,v1={usual}")),
        with_header("disputed: signature without a value beside it", format!("t={SIGNED_AT},v1,v1={usual}")),
        after("disputed: tolerance of 0", 1000, Some(0)),
        changed("disputed: byte order mark put in front", body, format!("\u{feff}{BODY}").as_bytes()),
        changed(
            "disputed: not UTF-8, signed with the replacement character",
            BODY.replace("cus_1", "\u{fffd}").as_bytes(),
            &not_utf8(),
        ),
    ]
}

/// A thin event as Stripe sends it.
fn thin_event(type_: &str) -> Value {
    json!({
        "id": "evt_1",
        "object": "v2.core.event",
        "context": null,
        "created": "2026-11-02T09:30:00.125Z",
        "livemode": false,
        "reason": null,
        "related_object": {
            "id": "fca_1",
            "type": "financial_connections.account",
            "url": "/v1/financial_connections/accounts/fca_1",
        },
        "type": type_,
    })
}

/// Deliveries of thin events: valid ones, tampered ones, and bodies that are something else.
fn thin() -> Vec<Delivery> {
    const TYPE: &str = "v1.financial_connections.account.created";
    let event = |changes: &[(&str, Value)]| {
        let mut event = thin_event(TYPE);
        for (name, value) in changes {
            event[*name] = value.clone();
        }
        event.to_string()
    };
    let usual = event(&[]);
    let request = json!({ "type": "request", "request": { "id": "req_1", "idempotency_key": "key-1" } });
    let meter = json!({ "id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1" });
    let bare = json!({
        "id": "evt_1", "object": "v2.core.event", "created": "2026-11-02T09:30:00.000Z", "livemode": true, "type": "v1.new.type",
    });
    let mut right: Vec<_> = NotificationType::VARIANTS
        .iter()
        .map(|type_| (type_.as_str().to_owned(), thin_event(type_.as_str()).to_string()))
        .collect();
    right.extend([
        ("nothing that may be missing".to_owned(), bare.to_string()),
        ("caused by a request".to_owned(), event(&[("reason", request.clone())])),
        ("caused by something else".to_owned(), event(&[("reason", json!({ "type": "schedule", "schedule": {} }))])),
        ("of an account".to_owned(), event(&[("context", json!("acct_1")), ("livemode", json!(true))])),
        ("of an account of an organization".to_owned(), event(&[("context", json!("org_1/acct_1"))])),
        ("about another object".to_owned(), event(&[("type", json!("v1.new.type")), ("related_object", meter)])),
        ("with a snapshot".to_owned(), event(&[("snapshot_event", json!("evt_2"))])),
        ("unknown fields".to_owned(), event(&[("new", json!([1, { "a": null }]))])),
        ("not only ASCII".to_owned(), event(&[("new", json!("\u{e9}\u{65e5}\u{1f600}\u{202e}"))])),
        ("blanks around".to_owned(), format!(" \t\r\n{usual}  \r\n")),
        ("10 kB".to_owned(), event(&[("new", json!("a.b".repeat(3400)))])),
    ]);
    let right = right.into_iter().map(|(name, body)| Delivery {
        signed_at: Some(SIGNED_AT),
        ..delivery(&format!("thin: {name}"), SECRET, body.as_bytes())
    });
    let body = usual.as_bytes();
    let others = [
        changed("tampered: thin, one byte of the body", body, usual.replace("fca_1", "fca_2").as_bytes()),
        changed("tampered: thin, body with a line break at the end", body, format!("{usual}\n").as_bytes()),
        changed("tampered: thin, header of a snapshot event", BODY.as_bytes(), body),
        Delivery { secret: "whsec_other".to_owned(), ..delivery("tampered: thin, another secret", SECRET, body) },
        Delivery { header: None, ..delivery("tampered: thin, no header", SECRET, body) },
        Delivery { received_at: SIGNED_AT + 301, ..delivery("tampered: thin, 301 s old", SECRET, body) },
        delivery("body: snapshot event, as a thin one", SECRET, BODY.as_bytes()),
        delivery("body: not JSON, as a thin event", SECRET, b"id=evt_1"),
        delivery("body: an array, as a thin event", SECRET, b"[]"),
        delivery("body: an empty object, as a thin event", SECRET, b"{}"),
        delivery("body: a customer, as a thin event", SECRET, br#"{"id":"cus_1","object":"customer"}"#),
        delivery("body: thin event without id", SECRET, usual.replace("\"id\":\"evt_1\",", "").as_bytes()),
        delivery("body: thin event of another time", SECRET, event(&[("created", json!(1_790_000_000))]).as_bytes()),
        delivery(
            "body: thin event about an object without id",
            SECRET,
            event(&[("related_object", json!({ "type": "balance", "url": "/v1/balance" }))]).as_bytes(),
        ),
        delivery(
            "body: thin event of a request that is not stated",
            SECRET,
            event(&[("reason", json!({ "type": "request", "request": null }))]).as_bytes(),
        ),
    ];
    right.chain(others).map(|delivery| Delivery { thin: true, ..delivery }).collect()
}
