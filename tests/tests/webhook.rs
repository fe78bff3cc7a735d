//! Webhook events: which requests are accepted, why the others are rejected, and what an event holds.
//!
//! `conformance.rs` compares the same with Stripe's official libraries.

use std::{
    error::Error,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, HeaderValue};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use stripe_financial_connections::{
    API_VERSION, Account, AccountId, CannedTransport, Client, DecodeErrorKind, Endpoint, ErrorClass, Method, Operation,
    Options, RetrieveAccount, Secret, StripeAccountId, Timestamp, decode,
    webhook::{
        DateTime, Event, EventId, EventObject, EventType, FullEvent, Notification, NotificationReason,
        NotificationType, RelatedObject, RelatedObjectId, RetrieveEvent, SIGNATURE_HEADER, Verifier, WebhookError,
        sample_body, sample_notification_body,
    },
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
    pub(super) fn envelope(type_: &str, object: &Value) -> Value {
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
}

mod notifications {
    use super::*;

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
        let snapshot = events::envelope("customer.created", &json!({ "id": "cus_1" }));
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
        let error =
            Verifier::new("whsec_other").unwrap().notification_at(&body, Some(&header), at(SIGNED_AT)).unwrap_err();
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
    fn a_body_of_megabytes_is_read() {
        let mut sent = thin("x");
        sent["new"] = json!(vec!["0123456789"; 300_000]);
        let begun = Instant::now();
        assert_eq!(read(&sent).type_.as_str(), "x");
        // A fraction of a second in truth; the rest is for a machine that is busy.
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
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
        let snapshot = events::envelope("x", &json!({ "name": HIDDEN }));
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
            (
                "evt_1/../../v1/accounts?x=#",
                "acct_1",
                Some("/v2/core/events/evt_1%2F..%2F..%2Fv1%2Faccounts%3Fx%3D%23"),
            ),
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
}

mod times {
    use super::*;

    #[test]
    fn a_time_is_read_in_each_form_of_rfc_3339() {
        for (text, seconds, nanos, shown) in [
            ("2026-11-02T09:30:00.125Z", 1_793_611_800, 125_000_000, "2026-11-02T09:30:00.125Z"),
            ("2026-11-02T09:30:00Z", 1_793_611_800, 0, "2026-11-02T09:30:00.000Z"),
            ("2026-11-02t09:30:00z", 1_793_611_800, 0, "2026-11-02T09:30:00.000Z"),
            ("2026-11-02 09:30:00Z", 1_793_611_800, 0, "2026-11-02T09:30:00.000Z"),
            ("2026-11-02T09:30:00.1Z", 1_793_611_800, 100_000_000, "2026-11-02T09:30:00.100Z"),
            ("2026-11-02T09:30:00.000001Z", 1_793_611_800, 1_000, "2026-11-02T09:30:00.000001000Z"),
            ("2026-11-02T09:30:00.1234567899Z", 1_793_611_800, 123_456_789, "2026-11-02T09:30:00.123456789Z"),
            ("2026-11-02T10:30:00+01:00", 1_793_611_800, 0, "2026-11-02T09:30:00.000Z"),
            ("2026-11-01T23:15:00.5-10:15", 1_793_611_800, 500_000_000, "2026-11-02T09:30:00.500Z"),
            ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00.000Z"),
            ("1969-12-31T23:59:59.750Z", -1, 750_000_000, "1969-12-31T23:59:59.750Z"),
            ("2024-02-29T00:00:00Z", 1_709_164_800, 0, "2024-02-29T00:00:00.000Z"),
            ("2000-02-29T00:00:00Z", 951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            ("2016-12-31T23:59:60Z", 1_483_228_800, 0, "2017-01-01T00:00:00.000Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0, "9999-12-31T23:59:59.000Z"),
        ] {
            let time = DateTime::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((time.timestamp(), time.subsec_nanos()), (at(seconds), nanos), "{text}");
            assert_eq!((Timestamp::from(time), time.to_string().as_str()), (at(seconds), shown), "{text}");
            assert_eq!(format!("{time:?}"), format!("DateTime({shown})"));
        }
    }

    #[test]
    fn any_other_text_is_no_time() {
        for text in [
            "",
            // A text in UTC would have five digits for the year, or a minus in front.
            "9999-12-31T23:59:59-23:59",
            "0000-01-01T00:00:00+00:01",
            "2026",
            "2026-11-02",
            "2026-11-02T09:30:00",
            "2026-11-02T09:30Z",
            "2026-11-02T09:30:00.Z",
            "2026-11-02T09:30:00.125",
            "2026-11-02T09:30:00,125Z",
            "2026-11-02T09:30:00.-5Z",
            "2026-11-02T09:30:00Zx",
            " 2026-11-02T09:30:00Z",
            "2026-11-02T09:30:00 Z",
            "2026-11-02T09:30:00+0100",
            "2026-11-02T09:30:00+01",
            "2026-11-02T09:30:00+1:000",
            "2026-11-02T09:30:00+24:00",
            "2026-11-02T09:30:00+00:60",
            "2026-11-02T09:30:00*01:00",
            "2026-11-02T09:30:00é01:00",
            "2026-00-02T09:30:00Z",
            "2026-13-02T09:30:00Z",
            "2026-11-00T09:30:00Z",
            "2026-11-31T09:30:00Z",
            "2026-02-29T09:30:00Z",
            "1900-02-29T09:30:00Z",
            "2026-11-02T24:00:00Z",
            "2026-11-02T09:60:00Z",
            "2026-11-02T09:30:61Z",
            "+026-11-02T09:30:00Z",
            "-026-11-02T09:30:00Z",
            "2026-+1-02T09:30:00Z",
            "2026/11/02T09:30:00Z",
            "2026-11-02_09:30:00Z",
            "２026-11-02T09:30:00Z",
            "2026-11-02T09:30:0é",
            "1790000000",
        ] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
        assert_eq!(DateTime::parse(&format!("2026-11-02T09:30:00.{}", "0".repeat(100_000))), None);
    }

    #[test]
    fn times_are_ordered_and_converted() {
        let [earlier, later] =
            ["2026-11-02T09:30:00Z", "2026-11-02T09:30:00.246Z"].map(|text| DateTime::parse(text).unwrap());
        assert!(earlier < later);
        let time = SystemTime::try_from(later).unwrap();
        assert_eq!(time.duration_since(UNIX_EPOCH).unwrap(), Duration::from_millis(1_793_611_800_246));
        assert_eq!(Timestamp::from(time), later.timestamp());
        SystemTime::try_from(DateTime::parse("9999-01-01T00:00:00Z").unwrap()).unwrap_err();
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Compared with jiff.
        #[test]
        fn a_time_is_that_of_another_library(seconds in -62_135_596_800..253_402_207_200_i64, nanos in 0..1_000_000_000_u32) {
            let theirs = jiff::Timestamp::from_second(seconds).unwrap() + jiff::SignedDuration::from_nanos(nanos.into());
            let ours = DateTime::parse(&theirs.to_string()).unwrap();
            prop_assert_eq!((ours.timestamp(), ours.subsec_nanos()), (at(seconds), nanos));
            prop_assert_eq!(ours.to_string().parse::<jiff::Timestamp>().unwrap(), theirs);
            prop_assert_eq!(DateTime::parse(&ours.to_string()), Some(ours));
        }

        #[test]
        fn no_text_panics(text in "[0-9T:.Z+é-]{0,40}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\PC{0,9}") {
            if let Some(time) = DateTime::parse(&text) {
                prop_assert!(time.subsec_nanos() < 1_000_000_000);
                let _ = (time.to_string(), SystemTime::try_from(time));
            }
        }
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
        assert_eq!((thin.class().to_string().as_str(), thin.class().handler_status().as_u16()), ("event", 400));
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
