//! Which signatures are accepted.

use http::{HeaderMap, HeaderValue};
use serde_json::json;
use stripe_financial_connections::webhook::{SIGNATURE_HEADER, Verifier, WebhookError, sample_body};

use crate::{BODY, SECRET, SIGNED_AT, at, signature, verifier, verify};

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
