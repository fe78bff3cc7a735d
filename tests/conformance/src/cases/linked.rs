//! The cases of linked accounts, their owners and transactions.

use serde_json::{Map, Value, json};

use super::{Case, Operation, TEXTS, set};

/// The parameters of an operation.
struct Shape {
    operation: Operation,
    /// Its name in the names of cases.
    name: &'static str,
    /// Whether the path has an id.
    has_id: bool,
    /// Parameters of every case.
    required: &'static [(&'static str, Kind)],
    /// Parameters that a case may leave out.
    optional: &'static [(&'static str, Kind)],
}

/// The values of a parameter.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    /// A list of these values, and of others.
    List(&'static [&'static str]),
}

const FEATURES: Kind = Kind::List(&["balance", "ownership", "transactions"]);
const EXPAND: (&str, Kind) =
    ("expand", Kind::List(&["account_holder.account", "account_holder.customer", "ownership"]));
const EXPAND_NOTHING: (&str, Kind) = ("expand", Kind::List(&["data.account"]));
const NUMBERS: &[i64] = &[1, 0, -1, 100, 1_790_000_000, 1 << 32];

/// Ids that have to be encoded in a path. Those that no path can have are cases of a session.
const IDS: &[&str] = &["fca_1", "a/b", "a%2Fb", "../a", "a?b=c#d", "\u{e9}+\u{1f600}"];

const SHAPES: &[Shape] = &[
    Shape {
        operation: Operation::ListAccounts,
        name: "list accounts",
        has_id: false,
        required: &[],
        optional: &[
            ("account_holder.account", Kind::Text),
            ("account_holder.customer", Kind::Text),
            ("account_holder.customer_account", Kind::Text),
            ("ending_before", Kind::Text),
            ("expand", Kind::List(&["data.account_holder.account", "data.account_holder.customer", "data.ownership"])),
            ("limit", Kind::Number),
            ("session", Kind::Text),
            ("starting_after", Kind::Text),
        ],
    },
    Shape {
        operation: Operation::RetrieveAccount,
        name: "retrieve account",
        has_id: true,
        required: &[],
        optional: &[EXPAND],
    },
    Shape {
        operation: Operation::DisconnectAccount,
        name: "disconnect account",
        has_id: true,
        required: &[],
        optional: &[EXPAND],
    },
    Shape {
        operation: Operation::RefreshAccount,
        name: "refresh account",
        has_id: true,
        required: &[("features", FEATURES)],
        optional: &[EXPAND],
    },
    Shape {
        operation: Operation::SubscribeAccount,
        name: "subscribe account",
        has_id: true,
        required: &[("features", FEATURES)],
        optional: &[EXPAND],
    },
    Shape {
        operation: Operation::UnsubscribeAccount,
        name: "unsubscribe account",
        has_id: true,
        required: &[("features", FEATURES)],
        optional: &[EXPAND],
    },
    Shape {
        operation: Operation::ListAccountOwners,
        name: "list account owners",
        has_id: true,
        required: &[("ownership", Kind::Text)],
        optional: &[
            ("ending_before", Kind::Text),
            EXPAND_NOTHING,
            ("limit", Kind::Number),
            ("starting_after", Kind::Text),
        ],
    },
    Shape {
        operation: Operation::ListTransactions,
        name: "list transactions",
        has_id: false,
        required: &[("account", Kind::Text)],
        optional: &[
            ("ending_before", Kind::Text),
            EXPAND_NOTHING,
            ("limit", Kind::Number),
            ("starting_after", Kind::Text),
            ("transacted_at", Kind::Number),
            ("transacted_at.gt", Kind::Number),
            ("transacted_at.gte", Kind::Number),
            ("transacted_at.lt", Kind::Number),
            ("transacted_at.lte", Kind::Number),
            ("transaction_refresh.after", Kind::Text),
        ],
    },
    Shape {
        operation: Operation::RetrieveTransaction,
        name: "retrieve transaction",
        has_id: true,
        required: &[],
        optional: &[EXPAND_NOTHING],
    },
];

/// Adds the cases of every operation: each parameter with each of its values, all parameters together, and each id.
pub(super) fn cases(cases: &mut Vec<Case>) {
    for shape in SHAPES {
        cases.push(shape.case("required only", shape.required()));
        for (place, kind) in shape.required.iter().chain(shape.optional) {
            for (name, value) in kind.values() {
                let mut params = shape.required();
                set(&mut params, place, value);
                cases.push(shape.case(&format!("{place} is {name}"), params));
            }
        }
        let (mut all, mut nulls) = (shape.required(), shape.required());
        for (place, kind) in shape.optional {
            set(&mut all, place, kind.first());
            set(&mut nulls, place.split('.').next().unwrap_or(place), Value::Null);
        }
        cases.push(shape.case("all", all.clone()));
        cases.push(shape.case("all null", nulls));
        for (index, id) in IDS.iter().enumerate().filter(|_| shape.has_id) {
            let case = shape.case(&format!("id {index}"), all.clone());
            cases.push(Case { id: Some((*id).to_owned()), ..case });
        }
    }
}

impl Shape {
    fn case(&self, name: &str, params: Map<String, Value>) -> Case {
        let id = self.has_id.then(|| "fca_1".to_owned());
        Case { name: format!("{}: {name}", self.name), operation: self.operation, id, inner_id: None, params }
    }

    fn required(&self) -> Map<String, Value> {
        let mut params = Map::new();
        for (place, kind) in self.required {
            set(&mut params, place, kind.first());
        }
        params
    }
}

impl Kind {
    fn first(self) -> Value {
        match self {
            Self::Text => json!("id_1"),
            Self::Number => json!(NUMBERS[0]),
            Self::List(known) => json!([known[0]]),
        }
    }

    /// The values, each with a name.
    fn values(self) -> Vec<(String, Value)> {
        match self {
            Self::Text => TEXTS.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect(),
            Self::Number => NUMBERS.iter().map(|number| (number.to_string(), json!(number))).collect(),
            Self::List(known) => {
                let one =
                    known.iter().chain(&["brand_new", "a[b].c d"]).map(|value| (format!("{value:?}"), json!([value])));
                let many = [0, 2, 11].map(|length| {
                    let list: Vec<_> = (0..length).map(|i| known[i % known.len()]).collect();
                    (format!("a list of {length}"), json!(list))
                });
                one.chain(many).collect()
            }
        }
    }
}
