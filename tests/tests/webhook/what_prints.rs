//! What errors and `Debug` show: what is wrong, and nothing secret.

use std::error::Error;

use serde_json::json;
use stripe_financial_connections::{
    Secret,
    webhook::{Event, Verifier, WebhookError},
};

use crate::{BODY, SECRET, SIGNED_AT, at, texts, verifier};

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
