//! Timestamps to and from the types of the standard library and of other crates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use stripe_financial_connections::Timestamp;

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

proptest! {
    #[test]
    fn every_time_comes_back(seconds in FIRST..=LAST) {
        prop_assert_eq!(Timestamp::from(SystemTime::try_from(at(seconds)).unwrap()), at(seconds));
        prop_assert_eq!(Timestamp::from(jiff::Timestamp::try_from(at(seconds)).unwrap()), at(seconds));
        prop_assert_eq!(Timestamp::from(chrono::DateTime::try_from(at(seconds)).unwrap()), at(seconds));
        prop_assert_eq!(Timestamp::from(time::OffsetDateTime::try_from(at(seconds)).unwrap()), at(seconds));
    }

    /// The same second for all, also before 1970.
    #[test]
    fn a_part_of_a_second_is_left_out(seconds in -1_000_000_i64..1_000_000, nanos in 1_u32..1_000_000_000) {
        let part = Duration::from_nanos(nanos.into());
        prop_assert_eq!(Timestamp::from(SystemTime::try_from(at(seconds)).unwrap() + part), at(seconds));
        let jiff = jiff::Timestamp::try_from(at(seconds)).unwrap() + part;
        prop_assert_eq!(Timestamp::from(jiff), at(seconds));
        prop_assert_eq!(Timestamp::from(chrono::DateTime::from_timestamp(seconds, nanos).unwrap()), at(seconds));
        prop_assert_eq!(Timestamp::from(time::OffsetDateTime::try_from(at(seconds)).unwrap() + part), at(seconds));
    }

    #[test]
    fn any_number_is_a_time_or_an_error(seconds: i64) {
        check_range(seconds);
    }
}

#[test]
fn known_times() {
    assert_eq!(SystemTime::try_from(at(0)), Ok(UNIX_EPOCH));
    assert_eq!(SystemTime::try_from(at(-1)), Ok(UNIX_EPOCH - Duration::from_secs(1)));
    assert_eq!(jiff::Timestamp::try_from(at(1_789_000_000)).unwrap().to_string(), "2026-09-10T00:26:40Z");
    assert_eq!(chrono::DateTime::try_from(at(1_789_000_000)).unwrap().to_string(), "2026-09-10 00:26:40 UTC");
    assert_eq!(time::OffsetDateTime::try_from(at(1_789_000_000)).unwrap().unix_timestamp(), 1_789_000_000);
}

/// 0001-01-01T00:00:00Z and 9997-12-31T23:59:59Z.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_339_228_799;

/// Checks that a time converts into all types or none, and that a year can be added and subtracted.
fn check_range(seconds: i64) {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let system = SystemTime::try_from(at(seconds));
    let jiff = jiff::Timestamp::try_from(at(seconds));
    let chrono = chrono::DateTime::try_from(at(seconds));
    let time = time::OffsetDateTime::try_from(at(seconds));
    let (Ok(system), Ok(jiff), Ok(chrono), Ok(time)) = (system, jiff, chrono, time) else {
        assert!(!(FIRST..=LAST).contains(&seconds));
        assert!(system.is_err() && jiff.is_err() && chrono.is_err() && time.is_err(), "{seconds}");
        return;
    };
    assert!((FIRST..=LAST).contains(&seconds));
    for (later, earlier) in [
        (Timestamp::from(system + YEAR), Timestamp::from(system - YEAR)),
        (Timestamp::from(jiff + YEAR), Timestamp::from(jiff - YEAR)),
        (Timestamp::from(chrono + YEAR), Timestamp::from(chrono - YEAR)),
        (Timestamp::from(time + YEAR), Timestamp::from(time - YEAR)),
    ] {
        let year = i64::try_from(YEAR.as_secs()).unwrap();
        assert_eq!((earlier, later), (at(seconds - year), at(seconds + year)));
    }
}

#[test]
fn a_time_out_of_range_is_an_error() {
    for seconds in [i64::MIN, FIRST - 1, FIRST, -1, 0, LAST, LAST + 1, i64::MAX] {
        check_range(seconds);
    }
    assert_eq!(jiff::Timestamp::try_from(at(FIRST)).unwrap().to_string(), "0001-01-01T00:00:00Z");
    assert_eq!(jiff::Timestamp::try_from(at(LAST)).unwrap().to_string(), "9997-12-31T23:59:59Z");
    let error = SystemTime::try_from(at(i64::MAX)).unwrap_err();
    assert_eq!(error.to_string(), "the point in time is out of range");
}
