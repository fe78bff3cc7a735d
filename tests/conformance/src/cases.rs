//! The parameters that are sent: the same ones whenever they are made.

mod linked;
mod session_params;
mod v1;
mod v2;
mod values;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use stripe_financial_connections::Method;

use self::session_params::{Row, Source, Taste, rows};
use self::values::{EXPAND, IDS, LISTS, NUMBERS, STRINGS, TEXTS};

/// One set of parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it is about; no other case has the same.
    pub name: String,
    /// What is called.
    pub operation: Operation,
    /// The id in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The second id in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner_id: Option<String>,
    /// The parameters, as the official libraries take them.
    pub params: Map<String, Value>,
}

/// Declares the operations, each with its method and its path.
macro_rules! operations {
    ($($name:ident: $method:ident $path:literal,)*) => {
        /// What is called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operation {
            $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)*
        }

        impl Operation {
            /// All that are called.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the method and the path, with its parameters in braces.
            #[must_use]
            pub const fn endpoint(self) -> (Method, &'static str) {
                match self {
                    $(Self::$name => (Method::$method, $path),)*
                }
            }
        }
    };
}

operations! {
    Create: Post "/v1/financial_connections/sessions",
    Retrieve: Get "/v1/financial_connections/sessions/{session}",
    ListAccounts: Get "/v1/financial_connections/accounts",
    RetrieveAccount: Get "/v1/financial_connections/accounts/{account}",
    DisconnectAccount: Post "/v1/financial_connections/accounts/{account}/disconnect",
    RefreshAccount: Post "/v1/financial_connections/accounts/{account}/refresh",
    SubscribeAccount: Post "/v1/financial_connections/accounts/{account}/subscribe",
    UnsubscribeAccount: Post "/v1/financial_connections/accounts/{account}/unsubscribe",
    ListAccountOwners: Get "/v1/financial_connections/accounts/{account}/owners",
    ListTransactions: Get "/v1/financial_connections/transactions",
    RetrieveTransaction: Get "/v1/financial_connections/transactions/{transaction}",

    ListCustomers: Get "/v1/customers",
    CreateCustomer: Post "/v1/customers",
    SearchCustomers: Get "/v1/customers/search",
    RetrieveCustomer: Get "/v1/customers/{customer}",
    UpdateCustomer: Post "/v1/customers/{customer}",
    DeleteCustomer: Delete "/v1/customers/{customer}",
    ListCustomerPaymentMethods: Get "/v1/customers/{customer}/payment_methods",
    RetrieveCustomerPaymentMethod: Get "/v1/customers/{customer}/payment_methods/{payment_method}",
    ListPaymentMethods: Get "/v1/payment_methods",
    CreatePaymentMethod: Post "/v1/payment_methods",
    RetrievePaymentMethod: Get "/v1/payment_methods/{payment_method}",
    UpdatePaymentMethod: Post "/v1/payment_methods/{payment_method}",
    AttachPaymentMethod: Post "/v1/payment_methods/{payment_method}/attach",
    DetachPaymentMethod: Post "/v1/payment_methods/{payment_method}/detach",
    ListSetupIntents: Get "/v1/setup_intents",
    CreateSetupIntent: Post "/v1/setup_intents",
    RetrieveSetupIntent: Get "/v1/setup_intents/{intent}",
    UpdateSetupIntent: Post "/v1/setup_intents/{intent}",
    CancelSetupIntent: Post "/v1/setup_intents/{intent}/cancel",
    ConfirmSetupIntent: Post "/v1/setup_intents/{intent}/confirm",
    VerifyMicrodepositsSetupIntent: Post "/v1/setup_intents/{intent}/verify_microdeposits",
    ListPaymentIntents: Get "/v1/payment_intents",
    CreatePaymentIntent: Post "/v1/payment_intents",
    SearchPaymentIntents: Get "/v1/payment_intents/search",
    RetrievePaymentIntent: Get "/v1/payment_intents/{intent}",
    UpdatePaymentIntent: Post "/v1/payment_intents/{intent}",
    ApplyCustomerBalancePaymentIntent: Post "/v1/payment_intents/{intent}/apply_customer_balance",
    CancelPaymentIntent: Post "/v1/payment_intents/{intent}/cancel",
    CapturePaymentIntent: Post "/v1/payment_intents/{intent}/capture",
    ConfirmPaymentIntent: Post "/v1/payment_intents/{intent}/confirm",
    IncrementAuthorizationPaymentIntent: Post "/v1/payment_intents/{intent}/increment_authorization",
    VerifyMicrodepositsPaymentIntent: Post "/v1/payment_intents/{intent}/verify_microdeposits",
    ListChargeRefunds: Get "/v1/charges/{charge}/refunds",
    CreateChargeRefund: Post "/v1/charges/{charge}/refunds",
    RetrieveChargeRefund: Get "/v1/charges/{charge}/refunds/{refund}",
    UpdateChargeRefund: Post "/v1/charges/{charge}/refunds/{refund}",
    ListRefunds: Get "/v1/refunds",
    CreateRefund: Post "/v1/refunds",
    RetrieveRefund: Get "/v1/refunds/{refund}",
    UpdateRefund: Post "/v1/refunds/{refund}",
    CancelRefund: Post "/v1/refunds/{refund}/cancel",
    ExpireTestHelpersRefund: Post "/v1/test_helpers/refunds/{refund}/expire",

    CreateV2Account: Post "/v2/core/accounts",
    RetrieveV2Account: Get "/v2/core/accounts/{id}",
    UpdateV2Account: Post "/v2/core/accounts/{id}",
    CloseV2Account: Post "/v2/core/accounts/{id}/close",
    ListV2Accounts: Get "/v2/core/accounts",
    CreateEventDestination: Post "/v2/core/event_destinations",
    RetrieveEventDestination: Get "/v2/core/event_destinations/{id}",
    UpdateEventDestination: Post "/v2/core/event_destinations/{id}",
    DeleteEventDestination: Delete "/v2/core/event_destinations/{id}",
    DisableEventDestination: Post "/v2/core/event_destinations/{id}/disable",
    EnableEventDestination: Post "/v2/core/event_destinations/{id}/enable",
    PingEventDestination: Post "/v2/core/event_destinations/{id}/ping",
    ListEventDestinations: Get "/v2/core/event_destinations",
    ListThinEvents: Get "/v2/core/events",
    RetrieveThinEvent: Get "/v2/core/events/{id}",
    CreateMeterEvent: Post "/v2/billing/meter_events",
    CreateMeterEventSession: Post "/v2/billing/meter_event_session",
    CreateMeterEventStream: Post "/v2/billing/meter_event_stream",
}

impl Operation {
    /// Whether the path is below `/v2/`.
    #[must_use]
    pub fn is_v2(self) -> bool {
        self.endpoint().1.starts_with("/v2/")
    }

    /// Returns the number of parameters in the path.
    fn ids(self) -> usize {
        self.endpoint().1.matches('{').count()
    }
}

/// All cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    presence(&mut cases);
    texts(&mut cases);
    characters(&mut cases);
    enums(&mut cases);
    lists(&mut cases);
    numbers(&mut cases);
    nulls(&mut cases);
    ids(&mut cases);
    random(&mut cases);
    linked::cases(&mut cases);
    v1::cases(&mut cases);
    v2::cases(&mut cases);
    cases
}

/// Each parameter there and not there, together with every two others.
fn presence(cases: &mut Vec<Case>) {
    let mut source = Source::new(0x0050_7265_7365_6e63, Taste::Usual);
    let rows = rows(&mut source.random);
    for row in rows {
        let name = format!("presence: {}", row.name());
        cases.push(Case {
            name,
            operation: Operation::Create,
            id: None,
            inner_id: None,
            params: row.params(&mut source),
        });
    }
}

/// Each of [`TEXTS`] in every place, and in all at once.
fn texts(cases: &mut Vec<Case>) {
    for &(name, text) in TEXTS {
        let mut params = minimal();
        for &(place, _) in STRINGS {
            set_text(&mut params, place, text);
        }
        cases.push(create(format!("text: {name}, in all places"), params));
        cases.push(create(format!("text: {name}, in return_url"), with_text("return_url", text)));
        cases.push(retrieve(format!("text: {name}, in id"), text, None));
    }
    let long = "a".repeat(5000);
    cases.push(create("text: 5000 characters".to_owned(), with_text("return_url", &long)));
    cases.push(retrieve("text: 5000 characters, in id".to_owned(), &long, None));
    cases.push(create("text: 300 emoji".to_owned(), with_text("return_url", &"\u{1f600}".repeat(300))));
}

/// Each ASCII character by itself and inside other text, in a value and in a path.
fn characters(cases: &mut Vec<Case>) {
    for c in '\0'..='\u{7f}' {
        let name = format!("character: {:02x} {}", u32::from(c), if c.is_ascii_graphic() { c } else { '\u{20}' });
        let name = name.trim_end();
        let mut params = with_text("account_holder.customer", &format!("a{c}b"));
        params.insert("return_url".to_owned(), c.to_string().into());
        cases.push(create(name.to_owned(), params));
        cases.push(retrieve(format!("{name}, in id"), &format!("a{c}b"), None));
        if !c.is_ascii_alphanumeric() {
            cases.push(retrieve(format!("{name}, as id"), &c.to_string(), None));
        }
    }
}

/// Each value of each enum, and values that are none.
fn enums(cases: &mut Vec<Case>) {
    for &(place, known) in STRINGS {
        if known.is_empty() {
            continue;
        }
        for value in known.iter().copied().chain(["brand_new", "UPPER", "with space", " balances"]) {
            cases.push(create(format!("enum: {place} is {value:?}"), with_text(place, value)));
        }
    }
    for &path in EXPAND.iter().chain(&["", "accounts.data.brand_new", "a[b].c d"]) {
        cases.push(retrieve(format!("enum: retrieve with {path:?}"), "fcsess_1", Some(&[path])));
    }
}

/// Lists that are empty, repeat, are out of order, or are so long that `10` would come before `2`.
fn lists(cases: &mut Vec<Case>) {
    for &place in LISTS {
        let known = STRINGS.iter().find(|(name, _)| *name == place).map_or(&[][..], |(_, known)| known);
        for length in [0, 2, 9, 10, 11, 12, 15, 16, 17, 33, 101] {
            let list: Vec<_> = (0..length).map(|i| format!("{}_{i}", known[i % known.len()])).collect();
            let mut params = minimal();
            set(&mut params, place, json!(list));
            cases.push(create(format!("list: {length} of {place}"), params));
        }
        for (name, list) in [("repeated", vec![known[0]; 3]), ("backwards", known.iter().rev().copied().collect())] {
            let mut params = minimal();
            set(&mut params, place, json!(list));
            cases.push(create(format!("list: {place} {name}"), params));
        }
    }
    for length in [0, 1, 2, 10, 11, 16, 17, 101] {
        let list: Vec<_> = (0..length).map(|i| EXPAND[i % EXPAND.len()]).collect();
        cases.push(retrieve(format!("list: {length} of expand, retrieve"), "fcsess_1", Some(&list)));
    }
    let mut params = minimal();
    for &place in LISTS {
        set(&mut params, place, json!([]));
    }
    cases.push(create("list: all empty".to_owned(), params));
}

/// What `limits.accounts` takes.
fn numbers(cases: &mut Vec<Case>) {
    for accounts in NUMBERS.iter().map(|&number| json!(number)).chain([json!("")]) {
        let mut params = minimal();
        let name = format!("limits: {accounts}");
        set(&mut params, "limits.accounts", accounts);
        cases.push(create(name, params));
    }
}

/// The parameters of a create request that may be left out, by their place.
const OPTIONAL: [&str; 13] = [
    "account_holder.account",
    "account_holder.customer",
    "account_holder.customer_account",
    "expand",
    "filters",
    "filters.account_subcategories",
    "filters.country",
    "filters.require_payment_method_support",
    "limits",
    "manual_entry",
    "manual_entry.mode",
    "prefetch",
    "return_url",
];

/// Each optional parameter as `null`.
fn nulls(cases: &mut Vec<Case>) {
    let mut all = minimal();
    for place in OPTIONAL {
        let mut params = minimal();
        set(&mut params, place, Value::Null);
        set(&mut all, place, Value::Null);
        cases.push(create(format!("null: {place}"), params));
    }
    cases.push(create("null: all".to_owned(), all));
    let mut case = retrieve("null: expand, retrieve".to_owned(), "fcsess_1", None);
    case.params.insert("expand".to_owned(), Value::Null);
    cases.push(case);
}

/// Ids that a path could be bent with, alone and before a query.
fn ids(cases: &mut Vec<Case>) {
    for &(name, id) in IDS {
        cases.push(retrieve(format!("id: {name}"), id, None));
        cases.push(retrieve(format!("id: {name}, with expand"), id, Some(&["accounts.data.ownership"])));
    }
    cases.push(retrieve("id: empty, with expand".to_owned(), "", Some(EXPAND)));
    cases.push(retrieve("id: space, with expand".to_owned(), "a b", Some(EXPAND)));
}

/// Whatever comes.
fn random(cases: &mut Vec<Case>) {
    let mut source = Source::new(0x0052_616e_646f_6d21, Taste::Odd);
    for number in 0..100 {
        let row = Row::random(&mut source.random);
        cases.push(create(format!("random: create {number}"), row.params(&mut source)));
    }
    for number in 0..50 {
        let id = source.text();
        let list: Vec<_> = (0..source.random.below(5)).map(|_| source.value(EXPAND)).collect();
        let list: Vec<_> = list.iter().map(String::as_str).collect();
        let expand = source.random.chance(2).then_some(&list[..]);
        cases.push(retrieve(format!("random: retrieve {number}"), &id, expand));
    }
}

fn create(name: String, params: Map<String, Value>) -> Case {
    Case { name, operation: Operation::Create, id: None, inner_id: None, params }
}

fn retrieve(name: String, id: &str, expand: Option<&[&str]>) -> Case {
    let params = expand.map(|expand| ("expand".to_owned(), json!(expand))).into_iter().collect();
    Case { name, operation: Operation::Retrieve, id: Some(id.to_owned()), inner_id: None, params }
}

fn minimal() -> Map<String, Value> {
    let mut params = Map::new();
    params.insert("account_holder".to_owned(), json!({ "type": "customer" }));
    params.insert("permissions".to_owned(), json!(["balances"]));
    params
}

fn with_text(place: &str, text: &str) -> Map<String, Value> {
    let mut params = minimal();
    set_text(&mut params, place, text);
    params
}

fn set_text(params: &mut Map<String, Value>, place: &str, text: &str) {
    set(params, place, if LISTS.contains(&place) { json!([text]) } else { json!(text) });
}

/// Puts a value at a place such as `filters.country`.
fn set(params: &mut Map<String, Value>, place: &str, value: Value) {
    match place.split_once('.') {
        None => {
            params.insert(place.to_owned(), value);
        }
        Some((outer, inner)) => {
            if let Some(Value::Object(object)) = params.get_mut(outer) {
                object.insert(inner.to_owned(), value);
            } else {
                params.insert(outer.to_owned(), json!({ inner: value }));
            }
        }
    }
    // In order, so that the text is the same whether or not a map of `serde_json` sorts by itself.
    params.sort_keys();
    params.values_mut().for_each(Value::sort_all_objects);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn present(params: &Map<String, Value>, place: &str) -> bool {
        match place.split_once('.') {
            None => params.contains_key(place),
            Some((outer, inner)) => params.get(outer).and_then(|value| value.get(inner)).is_some(),
        }
    }

    #[test]
    fn there_are_enough_and_no_name_comes_twice() {
        let cases = cases();
        let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
        assert_eq!(names.len(), cases.len());
        assert!(cases.len() >= 600, "{}", cases.len());
        assert!(cases.iter().all(|case| case.name.is_ascii()));
        assert_eq!(cases, super::cases());
    }

    #[test]
    fn every_three_optional_parameters_are_there_and_not_there_in_every_combination() {
        // An inner parameter is not there without the outer one, nor are more than two of `filters` left to cross.
        let mut cases = Vec::new();
        presence(&mut cases);
        let possible = |choice: &[(&str, bool)]| {
            choice.iter().all(|(place, there)| {
                !there || place.split_once('.').is_none_or(|(outer, _)| choice.iter().all(|(p, t)| *p != outer || *t))
            })
        };
        for (i, a) in OPTIONAL.iter().enumerate() {
            for (j, b) in OPTIONAL.iter().enumerate().skip(i + 1) {
                for c in &OPTIONAL[j + 1..] {
                    for bits in 0..8 {
                        let choice = [(*a, bits & 1 > 0), (*b, bits & 2 > 0), (*c, bits & 4 > 0)];
                        let met =
                            |case: &Case| choice.iter().all(|(place, there)| present(&case.params, place) == *there);
                        assert!(!possible(&choice) || cases.iter().any(met), "{choice:?} is in no case");
                    }
                }
            }
        }
    }

    #[test]
    fn every_ascii_character_is_in_a_value_and_in_an_id() {
        let cases = cases();
        for c in '\0'..='\u{7f}' {
            let value = Value::from(c.to_string());
            assert!(cases.iter().any(|case| case.params.get("return_url") == Some(&value)), "{c:?}");
            let id = |case: &Case| case.id.as_deref().is_some_and(|id| id.contains(c));
            assert!(cases.iter().any(id), "{c:?}");
        }
    }
}
