//! Webhook events: which requests are accepted, why the others are rejected, and what an event holds.
//!
//! `conformance.rs` compares the same with Stripe's official libraries.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderValue};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use stripe_financial_connections::{
    API_VERSION, Account, DecodeErrorKind, Secret, StripeAccountId, Timestamp,
    webhook::{Event, EventId, EventObject, EventType, SIGNATURE_HEADER, Verifier, WebhookError, sample_body},
};

const SECRET: &str = "whsec_5ecret/With+Symbols=";
const BODY: &[u8] = br#"{"id":"evt_1","object":"event"}"#;
/// When the bodies are signed, unless a test is about that.
const SIGNED_AT: i64 = 1_790_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap()
}

/// The right signature of a body, 64 digits.
fn signature(body: &[u8]) -> String {
    verifier().sign_at(body, at(SIGNED_AT)).split_once("v1=").unwrap().1.to_owned()
}

/// Verifies [`BODY`] with a header, at the second in which it is signed.
fn verify(header: impl AsRef<[u8]>) -> Result<Timestamp, WebhookError> {
    verifier().verify_at(BODY, Some(header), at(SIGNED_AT))
}

/// The texts of an error and of its sources: what a log may get.
fn texts(error: &dyn Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut source = Some(error);
    while let Some(error) = source {
        texts.extend([error.to_string(), format!("{error:?}"), format!("{error:#?}")]);
        source = error.source();
    }
    texts
}

mod signatures {
    use super::*;

    /// Made with Python's `hmac`: `hmac.new(b"whsec_test_secret", b"1700000000." + body, sha256).hexdigest()`.
    #[test]
    fn a_signature_made_elsewhere_is_accepted() {
        let body = b"\xef\xbb\xbf{\"id\": \"evt_1\"}\r\n\x00\xff\n";
        let header = "t=1700000000,v1=88f00eae1a7f46416c2b202e525eea7ed438d3491d49543e66cd8e3a65055ae5";
        let verifier = Verifier::new("whsec_test_secret").unwrap();
        assert_eq!(verifier.verify_at(body, Some(header), at(1_700_000_000)).unwrap(), at(1_700_000_000));
        assert_eq!(verifier.sign_at(body, at(1_700_000_000)), header);
        // The key is the secret as a whole.
        for other in ["test_secret", "whsec_test_secret\n", " whsec_test_secret", "WHSEC_test_secret"] {
            let error = Verifier::new(other).unwrap().verify_at(body, Some(header), at(1_700_000_000)).unwrap_err();
            assert!(matches!(error, WebhookError::NoMatch { signatures: 1, .. }), "{other:?}: {error}");
        }
    }

    #[test]
    fn the_bytes_as_they_came_are_signed() {
        let bodies: &[&[u8]] = &[
            b"",
            b"{}",
            b"{} ",
            b"{}\n",
            b"{}\r\n",
            b"\n{}",
            b"\xef\xbb\xbf{}",
            b"{\r\n}",
            b"{\n}",
            b"{\r}",
            b"{ }",
            b"{\0}",
            b"{\"a\":\"\xc3\xa9\"}",
            b"{\"a\":\"e\xcc\x81\"}",
            b"{\"a\":\"\\u00e9\"}",
            b"\xff\xfe",
            b"\xff\xfd",
        ];
        let verifier = verifier();
        for signed in bodies {
            let header = verifier.sign_at(signed, at(SIGNED_AT));
            for received in bodies {
                let verified = verifier.verify_at(received, Some(&header), at(SIGNED_AT)).is_ok();
                assert_eq!(verified, signed == received, "{signed:?} {received:?}");
            }
        }
    }

    #[test]
    fn one_right_signature_among_any_number_in_any_order_is_enough() {
        let right = signature(BODY);
        let wrong = "0".repeat(64);
        for header in [
            format!("t={SIGNED_AT},v1={right}"),
            format!("v1={right},t={SIGNED_AT}"),
            format!("t={SIGNED_AT},v1={wrong},v1={right}"),
            format!("t={SIGNED_AT},v1={right},v1={wrong}"),
            format!("v1={wrong},v0={wrong},v1={right},t={SIGNED_AT},v1={wrong}"),
            format!("t={SIGNED_AT}{},v1={right}", format!(",v1={wrong}").repeat(50)),
            // What is not known is ignored, also what is no pair.
            format!(",,t={SIGNED_AT},x,v2=,=,v1,v1=,scheme={right},v1={right},"),
        ] {
            assert_eq!(verify(&header).unwrap(), at(SIGNED_AT), "{header}");
        }
    }

    #[test]
    fn other_schemes_do_not_count() {
        let right = signature(BODY);
        for scheme in ["v0", "v2", "v10", "v", "V1", "", " v1", "v1 ", "xv1", "v1=v1"] {
            let error = verify(format!("t={SIGNED_AT},{scheme}={right}")).unwrap_err();
            assert!(matches!(error, WebhookError::NoMatch { .. }), "{scheme}: {error}");
        }
    }

    #[test]
    fn a_signature_is_64_digits_in_lower_case_and_nothing_around_them() {
        let right = signature(BODY);
        let upper = right.to_uppercase();
        assert_ne!(upper, right);
        let mut last_wrong = right.clone().into_bytes();
        last_wrong[63] = if last_wrong[63] == b'0' { b'1' } else { b'0' };
        let last_wrong = String::from_utf8(last_wrong).unwrap();
        for wrong in [
            upper,
            last_wrong,
            format!(" {right}"),
            format!("{right} "),
            format!("{right}\t"),
            format!("{right}\r"),
            format!("\"{right}\""),
            format!("{right}0"),
            format!("{right}00"),
            format!("{right}=x"),
            format!("0x{right}"),
            right[..63].to_owned(),
            right[..62].to_owned(),
            right[1..].to_owned(),
            right.replace(|c: char| c.is_ascii_digit(), "g"),
            String::new(),
            "é".repeat(32),
        ] {
            let error = verify(format!("t={SIGNED_AT},v1={wrong}")).unwrap_err();
            assert!(matches!(error, WebhookError::NoMatch { signatures: 1, .. }), "{wrong}: {error}");
        }
    }

    #[test]
    fn every_bit_of_a_signature_counts() {
        let header = verifier().sign_at(BODY, at(SIGNED_AT)).into_bytes();
        let start = header.len() - 64;
        for place in start..header.len() {
            for digit in *b"0123456789abcdef" {
                let mut changed = header.clone();
                changed[place] = digit;
                assert_eq!(verify(&changed).is_ok(), changed == header, "{place} {digit}");
            }
        }
    }

    #[test]
    fn every_bit_of_the_body_the_timestamp_and_the_secret_counts() {
        let header = verifier().sign_at(BODY, at(SIGNED_AT));
        for bit in 0..BODY.len() * 8 {
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            verifier().verify_at(&body, Some(&header), at(SIGNED_AT)).unwrap_err();
        }
        for cut in 0..BODY.len() {
            verifier().verify_at(&BODY[..cut], Some(&header), at(SIGNED_AT)).unwrap_err();
        }
        for seconds in [SIGNED_AT - 1, SIGNED_AT + 1, SIGNED_AT * 10] {
            let error = verify(header.replace(&SIGNED_AT.to_string(), &seconds.to_string())).unwrap_err();
            assert!(matches!(error, WebhookError::NoMatch { .. }), "{error}");
        }
        for (index, letter) in SECRET.char_indices() {
            let secret = format!("{}{}{}", &SECRET[..index], char::from(letter as u8 ^ 1), &SECRET[index + 1..]);
            Verifier::new(secret).unwrap().verify_at(BODY, Some(&header), at(SIGNED_AT)).unwrap_err();
        }
    }

    #[test]
    fn a_header_is_bytes_of_any_type() {
        let header = verifier().sign_at(BODY, at(SIGNED_AT));
        verify(&header).unwrap();
        verify(header.as_bytes()).unwrap();
        verify(header.clone().into_bytes()).unwrap();
        let mut headers = HeaderMap::new();
        let error = verifier().verify_at(BODY, headers.get(SIGNATURE_HEADER), at(SIGNED_AT)).unwrap_err();
        assert!(matches!(error, WebhookError::NoHeader), "{error}");
        headers.insert("Stripe-Signature", HeaderValue::from_str(&header).unwrap());
        verifier().verify_at(BODY, headers.get(SIGNATURE_HEADER), at(SIGNED_AT)).unwrap();
    }

    #[test]
    fn a_signature_of_now_is_accepted_now() {
        let verifier = verifier();
        let body = sample_body("invoice.paid", &json!({}));
        let header = verifier.sign(&body);
        assert_eq!(verifier.event(&body, Some(&header)).unwrap().type_.as_str(), "invoice.paid");
        let signed_at = verifier.verify(&body, Some(&header)).unwrap();
        assert_eq!(header, verifier.sign_at(&body, signed_at));
        let old = verifier.sign_at(&body, at(signed_at.as_unix_seconds() - 400));
        let error = verifier.verify(&body, Some(old)).unwrap_err();
        let WebhookError::TooOld { age, .. } = error else { panic!("{error}") };
        assert!((400..460).contains(&age.as_secs()), "{age:?}");
    }
}

mod headers {
    use super::*;

    #[test]
    fn no_header_and_an_empty_one_are_told() {
        for header in [None, Some("")] {
            let error = verifier().verify_at(BODY, header, at(SIGNED_AT)).unwrap_err();
            assert!(matches!(error, WebhookError::NoHeader), "{error}");
        }
    }

    #[test]
    fn a_timestamp_is_one_number() {
        let right = signature(BODY);
        for (header, expected) in [
            (format!("v1={right}"), "it has no timestamp"),
            ("garbage".to_owned(), "it has no timestamp"),
            (",".to_owned(), "it has no timestamp"),
            (" ".to_owned(), "it has no timestamp"),
            (format!("t,v1={right}"), "it has no timestamp"),
            (format!("T={SIGNED_AT},v1={right}"), "it has no timestamp"),
            (format!(" t={SIGNED_AT},v1={right}"), "a blank is before its timestamp"),
            (format!("v1={right}, t={SIGNED_AT}"), "a blank is before its timestamp"),
            (format!("t {SIGNED_AT},v1={right}"), "it has no timestamp"),
            (format!("t={SIGNED_AT},t={SIGNED_AT},v1={right}"), "it has more than one timestamp"),
            (format!("t={SIGNED_AT},v1={right},t=1"), "it has more than one timestamp"),
            (format!("t=x,v1={right},t={SIGNED_AT}"), "it has more than one timestamp"),
            (format!("t=,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=now,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t= {SIGNED_AT},v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t={SIGNED_AT} ,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=+{SIGNED_AT},v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=-{SIGNED_AT},v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=-1,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t={SIGNED_AT}.0,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t={SIGNED_AT}x,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=1_790_000_000,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=1e9,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=0x6ab13b80,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=１７９,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t=9223372036854775808,v1={right}"), "its timestamp is not a number of seconds"),
            (format!("t={},v1={right}", "9".repeat(50_000)), "its timestamp is not a number of seconds"),
        ] {
            let error = verify(&header).unwrap_err();
            let WebhookError::Malformed { reason, .. } = error else { panic!("{header}: {error}") };
            assert_eq!(reason, expected, "{header}");
        }
    }

    /// As `headers.join(", ")` of some frameworks makes them.
    #[test]
    fn blanks_around_a_signature_are_told() {
        let right = signature(BODY);
        for header in [
            format!("t={SIGNED_AT}, v1={right}"),
            format!("t={SIGNED_AT},\tv1={right}"),
            format!("t={SIGNED_AT},v1={right} "),
            format!("t={SIGNED_AT}, v0={right},v1=0"),
        ] {
            let error = verify(&header).unwrap_err();
            assert!(matches!(error, WebhookError::NoMatch { header_has_blanks: true, .. }), "{header}: {error}");
        }
        // Nothing is hidden by a blank where no item is, nor beside the right signature.
        let error = verify(format!("t={SIGNED_AT}, ,v1=0")).unwrap_err();
        assert!(matches!(error, WebhookError::NoMatch { header_has_blanks: false, .. }), "{error}");
        verify(format!("t={SIGNED_AT}, v1=0,v1={right}")).unwrap();
    }

    /// As in Stripe's libraries, which sign the number and not its digits.
    #[test]
    fn leading_zeros_of_a_timestamp_do_not_count() {
        assert_eq!(verify(format!("t=000{SIGNED_AT},v1={}", signature(BODY))).unwrap(), at(SIGNED_AT));
    }

    #[test]
    fn a_header_of_100_kb_or_of_any_bytes_is_quick_and_never_panics() {
        let right = signature(BODY);
        let start = format!("t={SIGNED_AT},");
        let end = format!(",v1={right}");
        let fills: [&[u8]; 9] = [
            b",",
            b"=",
            b"v1=,",
            b"t",
            b"v1,",
            b"\xff",
            b"\xc3\xa9\xf0\x9f\x98\x80",
            b"\0",
            b"v1=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,",
        ];
        for fill in fills {
            let fill = fill.repeat(100_000 / fill.len());
            let begun = Instant::now();
            verify([start.as_bytes(), &fill, end.as_bytes()].concat()).unwrap();
            verify([start.as_bytes(), &fill].concat()).unwrap_err();
            verify([&fill[..], end.as_bytes()].concat()).unwrap_err();
            verify(&fill).unwrap_err();
            // Milliseconds in truth; the rest is for a machine that is busy.
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?} {:?}", &fill[..4], begun.elapsed());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_accepted_by_chance(
            header in prop_oneof![
                vec(any::<u8>(), 0..200),
                "(t|v1|v0|x| )?=?(-?[0-9]{0,20}|[0-9a-f]{64})?(,(t|v1|v0)=([0-9]{1,20}|[0-9a-f]{64})){0,4}".prop_map(String::into_bytes),
            ],
            body in vec(any::<u8>(), 0..50),
            now in any::<i64>(),
        ) {
            let error = verifier().event_at(&body, Some(&header), at(now)).unwrap_err();
            prop_assert!(!matches!(error, WebhookError::TooOld { .. } | WebhookError::NotAnEvent { .. }), "{}", error);
        }
    }
}

mod ages {
    use super::*;

    fn age(verifier: &Verifier, signed_at: i64, now: i64) -> Result<Timestamp, WebhookError> {
        verifier.verify_at(BODY, Some(verifier.sign_at(BODY, at(signed_at))), at(now))
    }

    #[test]
    fn exactly_300_seconds_pass_and_the_future_is_not_limited() {
        assert_eq!(Verifier::DEFAULT_TOLERANCE, Duration::from_secs(300));
        for (signed_at, now, expected) in [
            (SIGNED_AT, SIGNED_AT, None),
            (SIGNED_AT, SIGNED_AT + 299, None),
            (SIGNED_AT, SIGNED_AT + 300, None),
            (SIGNED_AT, SIGNED_AT + 301, Some(301)),
            (SIGNED_AT, SIGNED_AT + 86_400, Some(86_400)),
            (SIGNED_AT, SIGNED_AT - 1, None),
            (SIGNED_AT, SIGNED_AT - 1_000_000, None),
            (i64::MAX, SIGNED_AT, None),
            // Nothing overflows, whatever the clock says.
            (i64::MAX, i64::MAX, None),
            (i64::MAX, i64::MIN, None),
            (i64::MAX, 0, None),
            (i64::MAX, -2, None),
            (0, i64::MIN, None),
            (0, 0, None),
            (0, 300, None),
            (0, i64::MAX, Some(i64::MAX as u64)),
        ] {
            let age = match age(&verifier(), signed_at, now) {
                Err(WebhookError::TooOld { age, .. }) => Some(age.as_secs()),
                _ => None,
            };
            assert_eq!(age, expected, "{signed_at} {now}");
        }
    }

    #[test]
    fn the_tolerance_can_be_set() {
        let verifier = |tolerance| verifier().tolerance(tolerance);
        for (tolerance, seconds, accepted) in [
            (Duration::from_secs(10), 10, true),
            (Duration::from_secs(10), 11, false),
            // Less than a second is nothing: ages are whole seconds.
            (Duration::from_millis(10_999), 10, true),
            (Duration::from_millis(10_999), 11, false),
            (Duration::ZERO, 0, true),
            (Duration::ZERO, -5, true),
            (Duration::ZERO, 1, false),
            (Duration::MAX, 1, true),
        ] {
            let result = age(&verifier(tolerance), SIGNED_AT, SIGNED_AT + seconds);
            assert_eq!(result.is_ok(), accepted, "{tolerance:?} {seconds}");
        }
        age(&verifier(Duration::MAX), 0, i64::MAX).unwrap();
        let error = age(&verifier(Duration::from_secs(10)), SIGNED_AT, SIGNED_AT + 11).unwrap_err();
        let WebhookError::TooOld { age, tolerance, .. } = error else { panic!("{error}") };
        assert_eq!((age, tolerance), (Duration::from_secs(11), Duration::from_secs(10)));
    }

    /// The age of a signature that is not right says nothing.
    #[test]
    fn a_signature_is_compared_before_its_age() {
        let header = format!("t=1,v1={}", "0".repeat(64));
        let error = verifier().verify_at(BODY, Some(header), at(SIGNED_AT)).unwrap_err();
        assert!(matches!(error, WebhookError::NoMatch { .. }), "{error}");
    }
}

mod events {
    use super::*;

    /// An event as Stripe sends it, in the order in which it sends the fields.
    fn envelope(type_: &str, object: &Value) -> Value {
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
        assert_eq!(error.to_string(), "the body is a thin event (`v2.core.event`), which holds no object");
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
}

mod what_prints {
    use super::*;

    /// No text that comes out may hold it.
    const HIDDEN: &str = "hidden-4242";

    #[test]
    fn a_secret_is_never_shown() {
        let secret = format!("whsec_{HIDDEN}");
        let verifier = Verifier::new(&secret).unwrap();
        for text in [format!("{verifier:?}"), format!("{verifier:#?}")] {
            assert!(!text.contains(HIDDEN) && text.contains("300s"), "{text}");
        }
        let right = verifier.sign_at(BODY, at(0));
        for header in [None, Some("t=x"), Some("t=1,v1=hidden-4242"), Some(&*right), Some("hidden-4242")] {
            let error = verifier.event_at(format!("\"{HIDDEN}\""), header, at(SIGNED_AT)).unwrap_err();
            for text in texts(&error) {
                assert!(!text.contains(HIDDEN), "{text}");
            }
        }
        assert_eq!(Verifier::new(Secret::new(secret).expose()).unwrap().sign_at(BODY, at(0)), right);
    }

    #[test]
    fn a_blank_secret_is_refused() {
        for blank in ["", " ", "\n", "\t\r\n "] {
            let error = Verifier::new(blank).unwrap_err();
            assert!(matches!(error, WebhookError::BlankSecret), "{error}");
        }
    }

    #[test]
    fn no_value_of_a_body_is_shown() {
        let mut sent = json!({
            "object": "event", "id": "evt_1", "type": "x", "created": 0, "livemode": false, "secret": HIDDEN,
            "data": { "object": { "id": "cus_1", "name": HIDDEN }, "previous_attributes": { "name": HIDDEN } },
        });
        let event = Event::from_trusted(sent.to_string()).unwrap();
        for text in [format!("{event:?}"), format!("{event:#?}")] {
            assert!(!text.contains(HIDDEN) && text.contains("evt_1") && text.contains("cus_1"), "{text}");
        }
        for place in ["created", "livemode", "data", "account"] {
            let right = sent[place].take();
            sent[place] = json!({ "name": HIDDEN, "at": HIDDEN });
            for text in texts(&Event::from_trusted(sent.to_string()).unwrap_err()) {
                assert!(!text.contains(HIDDEN), "{text}");
            }
            sent[place] = right;
        }
    }

    #[test]
    fn errors_have_a_class() {
        let class = |header: Option<&str>, now| verifier().event_at("5", header, at(now)).unwrap_err().class().as_str();
        let header = verifier().sign_at("5", at(0));
        assert_eq!(Verifier::new(" ").unwrap_err().class().handler_status(), 500);
        for header in [None, Some("x"), Some("t=1"), Some("t=1,v1=0")] {
            assert_eq!(class(header, 0), "signature", "{header:?}");
        }
        assert_eq!(class(Some(&header), 301), "too_old");
        assert_eq!(class(Some(&header), 0), "event");
        let thin = Event::from_trusted(r#"{"object": "v2.core.event"}"#).unwrap_err();
        assert_eq!((thin.class().to_string().as_str(), thin.class().handler_status()), ("event", 400));
    }

    #[test]
    fn messages_say_what_is_wrong_once() {
        let verify = |verifier: &Verifier, header: &str, now| {
            let error = verifier.event_at("5", Some(header), at(now)).unwrap_err();
            assert!(error.source().is_none());
            error.to_string()
        };
        let with_line_break = Verifier::new(format!("{SECRET}\n")).unwrap();
        let header = verifier().sign_at("5", at(0));
        assert_eq!(
            Verifier::new("").unwrap_err().to_string(),
            "the webhook secret is blank; it should start with `whsec_`"
        );
        assert_eq!(verify(&verifier(), "", 0), "the request has no `Stripe-Signature` header");
        assert_eq!(verify(&verifier(), "x", 0), "the `Stripe-Signature` header is malformed: it has no timestamp");
        assert_eq!(verify(&verifier(), "t=1", 0), "the `Stripe-Signature` header has no `v1` signature");
        assert_eq!(
            verify(&verifier(), "t=1, v1=0", 0),
            "the `Stripe-Signature` header has no `v1` signature; the header has a blank before or after an item, which Stripe \
             does not send"
        );
        assert_eq!(verify(&verifier(), "t=1,v1=0", 0), "the `v1` signature does not match the body");
        assert_eq!(verify(&verifier(), "t=1,v1=,v1=0", 0), "none of the 2 `v1` signatures matches the body");
        assert_eq!(
            verify(&with_line_break, &header, 0),
            "the `v1` signature does not match the body; the webhook secret contains whitespace"
        );
        assert_eq!(verify(&verifier(), &header, 301), "the signature is 301 s old, and at most 300 s are accepted");
        assert_eq!(
            verify(&verifier(), &header, 0),
            "the body is not an event that can be decoded: expected an object, found a number (line 1, column 2)"
        );
    }
}
