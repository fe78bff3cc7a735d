//! Timestamps to and from the types of the standard library and of other crates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use stripe_financial_connections::Timestamp;

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

proptest! {
    #[test]
    fn every_time_comes_back(seconds in -62_000_000_000_i64..250_000_000_000) {
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
        if let Ok(time) = SystemTime::try_from(at(seconds)) {
            prop_assert_eq!(Timestamp::from(time), at(seconds));
        }
        let _ = jiff::Timestamp::try_from(at(seconds)).map(Timestamp::from);
        let _ = chrono::DateTime::try_from(at(seconds)).map(Timestamp::from);
        let _ = time::OffsetDateTime::try_from(at(seconds)).map(Timestamp::from);
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

#[test]
fn a_time_out_of_range_is_an_error() {
    for seconds in [i64::MIN, i64::MAX] {
        assert!(jiff::Timestamp::try_from(at(seconds)).is_err());
        assert!(chrono::DateTime::try_from(at(seconds)).is_err());
        assert!(time::OffsetDateTime::try_from(at(seconds)).is_err());
    }
    let error = jiff::Timestamp::try_from(at(i64::MAX)).unwrap_err();
    assert_eq!(error.to_string(), "the point in time is out of range");
}
