//! The times of thin events.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use stripe_financial_connections::{Timestamp, webhook::DateTime};

use crate::at;

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
