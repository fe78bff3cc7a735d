//! The parameters that are sent: the same ones whenever they are made.

mod linked;
mod v1;
mod v2;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use stripe_financial_connections::Method;

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

const PERMISSIONS: &[&str] = &["balances", "ownership", "payment_method", "transactions"];
const PREFETCH: &[&str] = &["balances", "ownership", "transactions"];
const SUBCATEGORIES: &[&str] = &["checking", "credit_card", "line_of_credit", "mortgage", "savings"];
const SUPPORT: &[&str] = &["all", "at_least_one", "none"];
const MODES: &[&str] = &["automatic", "disabled"];
const HOLDERS: &[&str] = &["account", "customer"];
const EXPAND: &[&str] = &[
    "account_holder.account",
    "account_holder.customer",
    "accounts.data.account_holder.account",
    "accounts.data.account_holder.customer",
    "accounts.data.ownership",
];

/// Where a string may stand in a create request: its name, and the list of values that are known, if there is one.
const STRINGS: &[(&str, &[&str])] = &[
    ("account_holder.account", &[]),
    ("account_holder.customer", &[]),
    ("account_holder.customer_account", &[]),
    ("account_holder.type", HOLDERS),
    ("expand", EXPAND),
    ("filters.account_subcategories", SUBCATEGORIES),
    ("filters.country", &[]),
    ("filters.require_payment_method_support", SUPPORT),
    ("manual_entry.mode", MODES),
    ("permissions", PERMISSIONS),
    ("prefetch", PREFETCH),
    ("return_url", &[]),
];

/// The parameters of a create request that are lists of strings.
const LISTS: &[&str] = &["expand", "filters.account_subcategories", "permissions", "prefetch"];

/// Whole numbers for `limits.accounts`: around nothing, around 2⁵³, past which a number of JavaScript is not exact, and the
/// ends.
const NUMBERS: &[i64] =
    &[0, 1, -1, 5, 10, 1 << 32, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1, i64::MAX, i64::MIN];

/// Texts in which something may go wrong.
const TEXTS: &[(&str, &str)] = &[
    ("empty", ""),
    ("space", " "),
    ("spaces around", "  a  b  "),
    ("plus", "+"),
    ("plus and space", "a+b c"),
    ("encoded plus", "%2B"),
    ("encoded space", "%20"),
    ("encoded twice", "%252F"),
    ("stray percent", "100%"),
    ("half an escape", "%4"),
    ("no escape", "%zz"),
    ("encoded not UTF-8", "%ff%fe"),
    ("another parameter", "x&permissions[9]=y"),
    ("another value", "a=b=c"),
    ("semicolon", "a;b"),
    ("brackets", "a[0][b]"),
    ("brackets back to front", "]["),
    ("quotes", "\"'`"),
    ("backslashes", "\\n\\u0041\\"),
    ("markup", "<a href=\"x\">&amp;</a>"),
    ("address", "https://example.com/r%C3%A9sum%C3%A9?a=1&b=two words#part"),
    ("tab and lines", "\t\r\n\n\r"),
    ("null character", "a\u{0}b"),
    ("escape and delete", "\u{1b}[31m\u{7f}"),
    ("C1 controls", "\u{80}\u{85}\u{9f}"),
    ("null", "null"),
    ("undefined", "undefined"),
    ("true", "true"),
    ("number", "007"),
    ("Latin", "\u{c5}ngstr\u{f6}m \u{df}\u{fe}\u{ff}"),
    ("composed", "\u{e9}"),
    ("decomposed", "e\u{301}"),
    ("stacked marks", "Z\u{351}\u{36b}\u{343}\u{36a}"),
    ("Greek and Cyrillic", "\u{395}\u{3bb}\u{3bb}\u{3ac}\u{3b4}\u{3b1} \u{416}"),
    ("Hebrew", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
    ("Arabic", "\u{645}\u{631}\u{62d}\u{628}\u{627} \u{661}"),
    ("reordering", "\u{202e}abc\u{202c}\u{2066}x\u{2069}"),
    ("Devanagari", "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}"),
    ("Thai", "\u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35}"),
    ("Han and kana", "\u{65e5}\u{672c}\u{8a9e}\u{306e}"),
    ("Hangul, both ways", "\u{d55c} \u{1112}\u{1161}\u{11ab}"),
    ("wide and compatible", "\u{ff21}\u{3000}\u{fb01}\u{2460}\u{212b}"),
    ("dotted I", "\u{130}\u{131}"),
    ("separators", "a\u{2028}b\u{2029}c\u{a0}d"),
    ("not seen", "\u{200b}\u{200d}\u{ad}\u{2060}"),
    ("byte order mark", "\u{feff}a"),
    ("private and no characters", "\u{e000}\u{fffe}\u{ffff}\u{fdd0}"),
    ("replacement", "\u{fffd}"),
    ("edges of UTF-8", "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"),
    ("around the surrogates", "\u{d7ff}\u{e000}"),
    ("emoji", "\u{1f600}"),
    ("emoji, joined", "\u{1f469}\u{200d}\u{1f4bb}\u{1f3fd}\u{fe0f}"),
    ("flag", "\u{1f1fa}\u{1f1f8}"),
    ("astral letters", "\u{1d4d7}\u{10400}\u{20bb7}"),
];

/// Ids beyond [`TEXTS`] that a path could be bent with.
const IDS: &[(&str, &str)] = &[
    ("dot", "."),
    ("two dots", ".."),
    ("three dots", "..."),
    ("dot in front", ".a"),
    ("two dots in front", "..a"),
    ("dots inside", "a..b"),
    ("encoded dot", "%2e"),
    ("encoded dots", "%2E%2e"),
    ("slash", "/"),
    ("slashes", "a//b"),
    ("slash in front", "/a"),
    ("slash behind", "a/"),
    ("up", "../customers"),
    ("up and up", "../../v1/customers"),
    ("down and up", "a/../b"),
    ("encoded slash", "a%2Fb"),
    ("encoded slash, small", "a%2fb"),
    ("backslashes", "..\\..\\a"),
    ("query", "a?expand[0]=b"),
    ("question mark", "?"),
    ("fragment", "a#b"),
    ("hash", "#"),
    ("parameters of a segment", "a;b=c,d"),
    ("user", "user:password@host"),
    ("scheme", "https://example.com/a"),
    ("two slashes in front", "//example.com/a"),
    ("colon", "a:b"),
    ("template", "{session}"),
    ("new request", "a HTTP/1.1\r\nhost: b\r\n\r\n"),
    ("as Stripe's", "fcsess_1QkXyZ2eZvKYlo2CkO8PmVrT"),
];

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

/// What can be there or not, by name, with the number of ways in which it can.
const FACTORS: [(&str, u8); 9] = [
    ("account", 2),
    ("customer", 2),
    ("customer_account", 2),
    ("expand", 2),
    // Not at all, or with each choice of its three parameters.
    ("filters", 9),
    ("limits", 2),
    // Not at all, empty, or with its mode.
    ("manual_entry", 3),
    ("prefetch", 2),
    ("return_url", 2),
];

/// Which parameters are there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row([u8; FACTORS.len()]);

/// Rows in which every choice for any three factors is met, and the two in which nothing and all is there.
fn rows(random: &mut Random) -> Vec<Row> {
    let mut rows = vec![Row([0; FACTORS.len()]), Row(FACTORS.map(|(_, ways)| ways - 1))];
    for (a, b, c) in triples() {
        let choices = (0..FACTORS[a].1).flat_map(|x| (0..FACTORS[b].1).map(move |y| (x, y)));
        for ((x, y), z) in choices.flat_map(|choice| (0..FACTORS[c].1).map(move |z| (choice, z))) {
            if rows.iter().any(|Row(row)| (row[a], row[b], row[c]) == (x, y, z)) {
                continue;
            }
            let mut row = Row::random(random);
            (row.0[a], row.0[b], row.0[c]) = (x, y, z);
            rows.push(row);
        }
    }
    rows
}

fn triples() -> impl Iterator<Item = (usize, usize, usize)> {
    let count = FACTORS.len();
    // The one with the most choices first: it takes fewer rows.
    let order: [usize; FACTORS.len()] = [4, 6, 0, 1, 2, 3, 5, 7, 8];
    (0..count).flat_map(move |a| {
        (a + 1..count).flat_map(move |b| (b + 1..count).map(move |c| (order[a], order[b], order[c])))
    })
}

impl Row {
    fn random(random: &mut Random) -> Self {
        Self(FACTORS.map(|(_, ways)| random.below(u64::from(ways)) as u8))
    }

    fn name(self) -> String {
        let there: Vec<_> = FACTORS
            .iter()
            .zip(self.0)
            .filter(|(_, way)| *way > 0)
            .map(|((name, ways), way)| if *ways > 2 { format!("{name} {way}") } else { (*name).to_owned() })
            .collect();
        if there.is_empty() { "nothing".to_owned() } else { there.join(", ") }
    }

    fn params(self, source: &mut Source) -> Map<String, Value> {
        let [account, customer, customer_account, expand, filters, limits, manual_entry, prefetch, return_url] = self.0;
        let mut params = Map::new();
        params.insert("account_holder".to_owned(), json!({ "type": source.value(HOLDERS) }));
        params.insert("permissions".to_owned(), source.list(PERMISSIONS));
        if account > 0 {
            set(&mut params, "account_holder.account", source.text().into());
        }
        if customer > 0 {
            set(&mut params, "account_holder.customer", source.text().into());
        }
        if customer_account > 0 {
            set(&mut params, "account_holder.customer_account", source.text().into());
        }
        if expand > 0 {
            set(&mut params, "expand", source.list(EXPAND));
        }
        if filters > 0 {
            let choice = filters - 1;
            set(&mut params, "filters", json!({}));
            if choice & 1 > 0 {
                set(&mut params, "filters.account_subcategories", source.list(SUBCATEGORIES));
            }
            if choice & 2 > 0 {
                set(&mut params, "filters.country", source.text().into());
            }
            if choice & 4 > 0 {
                set(&mut params, "filters.require_payment_method_support", source.value(SUPPORT).into());
            }
        }
        if limits > 0 {
            set(&mut params, "limits.accounts", source.accounts());
        }
        if manual_entry > 0 {
            set(&mut params, "manual_entry", json!({}));
        }
        if manual_entry > 1 {
            set(&mut params, "manual_entry.mode", source.value(MODES).into());
        }
        if prefetch > 0 {
            set(&mut params, "prefetch", source.list(PREFETCH));
        }
        if return_url > 0 {
            set(&mut params, "return_url", source.text().into());
        }
        params
    }
}

/// Which values are made up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taste {
    /// Those that an application would send.
    Usual,
    /// Any.
    Odd,
}

/// Makes values up.
struct Source {
    random: Random,
    taste: Taste,
}

impl Source {
    fn new(seed: u64, taste: Taste) -> Self {
        Self { random: Random(seed), taste }
    }

    fn text(&mut self) -> String {
        let odd = self.taste == Taste::Odd;
        let length = if odd { self.random.below(16) } else { 12 };
        (0..length)
            .map(|_| match if odd { self.random.below(10) } else { 0 } {
                0..3 => self.random.pick(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_").into(),
                3..7 => self.random.pick(b" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").into(),
                7 => char::from(self.random.below(0x80) as u8),
                8 => self.scalar(0x1_0000),
                _ => self.scalar(0x11_0000),
            })
            .collect()
    }

    /// Any character below a limit.
    fn scalar(&mut self, limit: u64) -> char {
        loop {
            if let Some(c) = char::from_u32(self.random.below(limit) as u32) {
                return c;
            }
        }
    }

    fn value(&mut self, known: &[&str]) -> String {
        if self.taste == Taste::Odd && self.random.chance(4) {
            return self.text();
        }
        self.random.pick(known).to_owned()
    }

    fn list(&mut self, known: &[&str]) -> Value {
        let most = if self.taste == Taste::Odd { 13 } else { known.len() as u64 + 1 };
        (0..self.random.below(most)).map(|_| self.value(known)).collect()
    }

    fn accounts(&mut self) -> Value {
        match self.random.below(4) {
            0 => json!(""),
            1 if self.taste == Taste::Odd => json!(self.random.pick(NUMBERS)),
            _ => json!(self.random.below(100)),
        }
    }
}

/// SplitMix64: the same numbers from the same seed, whatever the version of any library.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Once in so many times.
    fn chance(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
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
