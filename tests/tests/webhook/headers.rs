//! What a header may look like.

use allocation_counter::measure;
use proptest::{collection::vec, prelude::*};
use stripe_financial_connections::webhook::WebhookError;

use crate::{BODY, SIGNED_AT, at, signature, verifier, verify};

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

/// The benchmark `webhook` measures that the time is that of reading it.
#[test]
fn a_header_of_100_kb_or_of_any_bytes_takes_no_memory_and_never_panics() {
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
        let headers = [
            ([start.as_bytes(), &fill, end.as_bytes()].concat(), true),
            ([start.as_bytes(), &fill].concat(), false),
            ([&fill[..], end.as_bytes()].concat(), false),
            (fill, false),
        ];
        for (header, is_right) in headers {
            let info = measure(|| assert_eq!(verify(&header).is_ok(), is_right));
            // The signed text, and nothing of the header.
            assert!(info.bytes_total < 100, "{info:?}: {:?}", &header[..20]);
        }
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
