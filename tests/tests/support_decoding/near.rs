//! JSON near to what Stripe sends, compared with serde.

use proptest::prelude::*;
use serde_json::Value;
use stripe_financial_connections::Session;

use crate::{FULL, LINKED};

/// Checks that `from_json` and serde accept the same texts and decode them alike.
fn agree(body: &[u8]) {
    let direct = Session::from_json(body);
    let serde = serde_json::from_slice::<Session>(body);
    match (&direct, &serde) {
        (Ok(direct), Ok(serde)) => assert_eq!(direct, serde),
        (Err(_), Err(_)) => {}
        _ => panic!("{:?} but {:?}: {}", direct.err(), serde.err(), String::from_utf8_lossy(body)),
    }
}

#[test]
fn json_with_changed_punctuation_is_decoded_as_by_serde() {
    let body = LINKED.as_bytes();
    for at in (0..body.len()).filter(|at| b",:[]{}".contains(&body[*at])) {
        agree(&[&body[..at], &body[at + 1..]].concat());
        agree(&[&body[..at], &body[at..=at], &body[at..]].concat());
        for other in [b",", b":", b";", b"]", b"}"] {
            agree(&[&body[..at], other, &body[at + 1..]].concat());
        }
    }
}

/// JSON that is similar to parts of a session.
fn json_near() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e10..1e10_f64).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop_oneof!["cash", "active", "list", "financial_connections.session"].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let name =
            prop_oneof!["[a-z]{1,3}", Just("id".to_owned()), Just("object".to_owned()), Just("deleted".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// The JSON pointers of all values of a session.
fn pointers() -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut step = |name: &str, value| {
            let at = format!("{at}/{name}");
            found.push(at.clone());
            walk(value, &at, found);
        };
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| step(name, value)),
            Value::Array(list) => list.iter().enumerate().for_each(|(index, value)| step(&index.to_string(), value)),
            _ => {}
        }
    }
    let mut places = Vec::new();
    walk(&serde_json::from_str(FULL).unwrap(), "", &mut places);
    places
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_as_by_serde(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        agree(&bytes);
    }

    #[test]
    fn a_changed_byte_is_decoded_as_by_serde(at in 0..FULL.len(), byte in any::<u8>(), keep in any::<bool>()) {
        let mut body = FULL.as_bytes().to_vec();
        if keep { body.insert(at, byte) } else { body[at] = byte }
        agree(&body);
    }

    #[test]
    fn a_moved_piece_is_decoded_as_by_serde(a in 0..FULL.len(), b in 0..FULL.len(), to in 0..FULL.len()) {
        let body = FULL.as_bytes();
        let piece = &body[a.min(b)..a.max(b).min(a.min(b) + 40)];
        agree(&[&body[..to], piece, &body[to..]].concat());
    }

    #[test]
    fn a_changed_value_is_decoded_as_by_serde(at in any::<prop::sample::Index>(), value in json_near()) {
        let pointers = pointers();
        let mut session: Value = serde_json::from_str(FULL).unwrap();
        *session.pointer_mut(&pointers[at.index(pointers.len())]).unwrap() = value;
        agree(session.to_string().as_bytes());
        if let Ok(read) = Session::from_json(session.to_string().as_bytes()) {
            // Encoding and decoding again yields the same session.
            let written = serde_json::to_vec(&read).unwrap();
            prop_assert_eq!(Session::from_json(&written).unwrap(), read);
        }
    }
}
