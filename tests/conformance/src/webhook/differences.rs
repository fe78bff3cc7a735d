//! The deliveries whose outcome in an official library differs from that of this crate, each with its reason.

use super::Rejection::{self, Malformed, NoMatch, NotAnEvent};
use crate::record::Library::{self, Node, Python};

/// A difference of one library.
#[derive(Debug)]
pub struct Difference {
    /// The name in reports.
    pub kind: &'static str,
    /// The library.
    pub library: Library,
    /// Why this crate differs.
    pub why: &'static str,
    /// The deliveries that it applies to, each with the outcome in the library.
    pub deliveries: &'static [(&'static str, Result<&'static str, Rejection>)],
}

const ANYTHING: &str = "A body that is not an event is an error here: `Event` would have nothing to hold.";
const ANY_FORM: &str = "Node checks no field of a thin event, and neither reads its time. Python needs the id of an object and the \
                        request of a reason, which this crate does not: Stripe's document says that they can be missing.";
const TWICE: &str = "With two timestamps it is open which one is signed and which one is compared with the clock: Node takes \
                     the last one, Python the first one. Stripe sends one.";
const LENIENT: &str = "The languages read numbers as they are used to. Stripe sends digits.";
const EQUALS: &str = "Both cut a signature off at a second equals sign. Stripe sends none.";
const TOLERANCE: &str =
    "A tolerance of 0 turns the check off in both, and a replay passes. Here it is no tolerance at all.";

/// All differences. A row without a difference is an error.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        kind: "any JSON is an event",
        library: Node,
        why: ANYTHING,
        deliveries: &[
            ("body: a number", Ok("")),
            ("body: an array", Ok("")),
            ("body: null", Ok("")),
            ("body: an empty object", Ok("")),
            ("body: a customer", Ok("cus_1")),
            ("body: an event without type", Ok("evt_1")),
        ],
    },
    Difference {
        kind: "any object is an event",
        library: Python,
        why: ANYTHING,
        deliveries: &[
            ("body: an empty object", Ok("")),
            ("body: a customer", Ok("cus_1")),
            ("body: an event without type", Ok("evt_1")),
        ],
    },
    Difference {
        kind: "a thin event of any form",
        library: Node,
        why: ANY_FORM,
        deliveries: &[("body: thin event without id", Ok("")), ("body: thin event of another time", Ok("evt_1"))],
    },
    Difference {
        kind: "a thin event of any form",
        library: Python,
        why: ANY_FORM,
        deliveries: &[
            ("body: thin event of another time", Ok("evt_1")),
            ("body: thin event about an object without id", Err(NotAnEvent)),
            // An error of the language, after the signature was found to match.
            ("body: thin event of a request that is not stated", Err(NoMatch)),
        ],
    },
    Difference {
        kind: "the body is decoded before it is verified",
        library: Node,
        why: "Node removes a byte order mark and replaces what is not UTF-8, and verifies the rest: two bodies have one \
              signature. Stripe signs bytes.",
        deliveries: &[
            ("body: byte order mark, signed", Err(NoMatch)),
            ("body: not UTF-8, signed", Err(NoMatch)),
            ("disputed: byte order mark put in front", Ok("evt_1")),
            ("disputed: not UTF-8, signed with the replacement character", Ok("evt_1")),
        ],
    },
    Difference {
        kind: "the body is decoded before it is verified",
        library: Python,
        why: "A body that is not UTF-8 is an error of decoding there, before its signature is compared. Rejected by both.",
        deliveries: &[("disputed: not UTF-8, signed with the replacement character", Err(NotAnEvent))],
    },
    Difference {
        kind: "several timestamps",
        library: Node,
        why: TWICE,
        deliveries: &[
            ("disputed: the same timestamp twice", Ok("evt_1")),
            ("disputed: first of two timestamps is signed", Err(NoMatch)),
            ("disputed: last of two timestamps is signed", Ok("evt_1")),
        ],
    },
    Difference {
        kind: "several timestamps",
        library: Python,
        why: TWICE,
        deliveries: &[
            ("disputed: the same timestamp twice", Ok("evt_1")),
            ("disputed: first of two timestamps is signed", Ok("evt_1")),
            ("disputed: last of two timestamps is signed", Err(NoMatch)),
        ],
    },
    Difference {
        kind: "a timestamp that is not digits alone",
        library: Node,
        why: LENIENT,
        deliveries: &[
            ("tampered: semicolons", Err(NoMatch)),
            ("disputed: timestamp with a plus", Ok("evt_1")),
            ("disputed: timestamp with blanks", Ok("evt_1")),
            ("disputed: timestamp with letters behind", Ok("evt_1")),
            ("disputed: timestamp with a fraction", Ok("evt_1")),
            ("disputed: negative timestamp", Ok("evt_1")),
            // Rejected by both; there, after a comparison with the signature of another number, or of `NaN`.
            ("disputed: timestamp with underscores", Err(NoMatch)),
            ("disputed: timestamp without a value", Err(NoMatch)),
            ("disputed: empty timestamp", Err(NoMatch)),
            ("disputed: timestamp in words", Err(NoMatch)),
        ],
    },
    Difference {
        kind: "a timestamp that is not digits alone",
        library: Python,
        why: LENIENT,
        deliveries: &[
            ("disputed: timestamp with a plus", Ok("evt_1")),
            ("disputed: timestamp with blanks", Ok("evt_1")),
            ("disputed: timestamp with underscores", Ok("evt_1")),
            ("disputed: negative timestamp", Ok("evt_1")),
        ],
    },
    Difference {
        kind: "a timestamp past 2^53",
        library: Node,
        why: "A number of JavaScript is exact up to 2^53 only. A timestamp of this crate has 64 bits, as in Python.",
        deliveries: &[("disputed: timestamp of 63 bits", Err(NoMatch))],
    },
    Difference {
        kind: "an equals sign in a signature",
        library: Node,
        why: EQUALS,
        deliveries: &[("disputed: signature with an equals sign", Ok("evt_1"))],
    },
    Difference {
        kind: "an equals sign in a signature",
        library: Python,
        why: EQUALS,
        deliveries: &[("disputed: signature with an equals sign", Ok("evt_1"))],
    },
    Difference {
        kind: "an empty signature beside the right one",
        library: Node,
        why: "It is an error of the comparison there. Here it is a signature that does not match, as any other.",
        deliveries: &[
            ("disputed: empty signature beside it", Err(NoMatch)),
            ("disputed: signature without a value beside it", Err(NoMatch)),
        ],
    },
    Difference {
        kind: "an empty signature beside the right one",
        library: Python,
        why: "An item `v1` alone is an error there. Here it is ignored, as any item that is not a pair.",
        deliveries: &[("disputed: signature without a value beside it", Err(Malformed))],
    },
    Difference {
        kind: "a tolerance of 0",
        library: Node,
        why: TOLERANCE,
        deliveries: &[("disputed: tolerance of 0", Ok("evt_1"))],
    },
    Difference {
        kind: "a tolerance of 0",
        library: Python,
        why: TOLERANCE,
        deliveries: &[("disputed: tolerance of 0", Ok("evt_1"))],
    },
];
