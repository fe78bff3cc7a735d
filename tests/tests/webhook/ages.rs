//! How old a signature may be.

use std::time::Duration;

use stripe_financial_connections::{
    Timestamp,
    webhook::{Verifier, WebhookError},
};

use crate::{BODY, SIGNED_AT, at, verifier};

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
