//! Properties that hold for any response and any parameters.

use std::borrow::Cow;
use std::sync::LazyLock;

use codegen::document;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;
use stripe_financial_connections::{
    AccountHolderType, Clearable, CreateSession, CreateSessionAccountHolder, CreateSessionFilters, CreateSessionLimits,
    CreateSessionManualEntry, ErrorResponse, Operation, RetrieveSession, Session, SessionExpand,
    SessionFiltersAccountSubcategory, SessionPermission, SessionPrefetch,
};
use tests::schema::Schemas;
use tests::workspace;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let yaml = workspace::current_document();
    let json = document::to_json("endive", &yaml).expect("it is YAML");
    Schemas::new(serde_json::from_str(&json).expect("it is JSON"))
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// A valid response decodes and encodes to the same JSON: no field is lost, no `null` is added or removed.
    #[test]
    fn a_session_comes_back(json in SCHEMAS.any("financial_connections.session")) {
        let text = json.to_string();
        let session = CreateSession::decode(text.as_bytes()).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        prop_assert_eq!(&serde_json::to_value(&session).expect("a session encodes"), &json);
        let from_value: Session = serde_json::from_value(json).expect("it decodes from a value as well");
        prop_assert_eq!(from_value, session);
    }

    #[test]
    fn an_error_comes_back(json in SCHEMAS.any("error")) {
        let error: ErrorResponse = serde_json::from_str(&json.to_string()).expect("it decodes");
        prop_assert_eq!(serde_json::to_value(&error).expect("an error encodes"), json);
    }

    /// Any bytes decode to a value or an error.
    #[test]
    fn any_bytes_are_an_answer_or_an_error(bytes in vec(any::<u8>(), 0..400)) {
        if let Err(error) = CreateSession::decode(&bytes) {
            prop_assert!(!error.to_string().is_empty());
            prop_assert_eq!(error.body(), bytes.as_slice());
        }
    }

    /// So does a damaged response.
    #[test]
    fn a_damaged_answer_is_an_answer_or_an_error(
        json in SCHEMAS.any("financial_connections.session"),
        at in any::<prop::sample::Index>(),
        with in vec(any::<u8>(), 0..3),
        cut in any::<bool>(),
    ) {
        let mut bytes = json.to_string().into_bytes();
        let at = at.index(bytes.len());
        let end = if cut { bytes.len() } else { (at + 1).min(bytes.len()) };
        bytes.splice(at..end, with);
        if let Err(error) = CreateSession::decode(&bytes) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.is_empty());
        }
    }

    /// Another parser reads the parameters of a request as they were set.
    #[test]
    fn any_parameters_come_back(parameters in parameters()) {
        let request = parameters.operation().request().expect("the path has no invalid parameter");
        let body = request.body().expect("a `POST` has a body");
        prop_assert!(body.is_ascii());
        let sent: Vec<(String, String)> =
            form_urlencoded::parse(body.as_bytes()).map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        let mut sorted = sent.clone();
        sorted.sort();
        let mut expected = parameters.pairs();
        expected.sort();
        prop_assert_eq!(sorted, expected);
    }

    /// Any id is one segment of the path, or the request is refused.
    #[test]
    fn any_id_is_one_segment_or_an_error(id in prop_oneof![any::<String>(), "[./?#%a]{0,4}"]) {
        match RetrieveSession::new(id.as_str()).request() {
            Ok(request) => {
                let segment = request.path().strip_prefix("/v1/financial_connections/sessions/").expect("the path stays");
                prop_assert!(!segment.contains(['/', '?', '#']));
                let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().expect("it is UTF-8");
                prop_assert_eq!(decoded, Cow::from(id));
            }
            Err(error) => {
                prop_assert!(["", ".", ".."].contains(&id.as_str()), "{}", error);
                prop_assert_eq!(error.input(), "path parameter `session`");
            }
        }
    }
}

/// Parameters of a create request, as plain values.
#[derive(Clone, Debug)]
struct Parameters {
    holder: (String, [Option<String>; 3]),
    permissions: Vec<String>,
    prefetch: Vec<String>,
    expand: Vec<String>,
    filters: Option<(Vec<String>, Option<String>, Option<String>)>,
    limit: Option<Option<i64>>,
    mode: Option<Option<String>>,
    return_url: Option<String>,
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let text = any::<String>;
    let texts = move || vec(text(), 0..4);
    let maybe = move || option::of(text());
    (
        (text(), [maybe(), maybe(), maybe()]),
        texts(),
        texts(),
        texts(),
        option::of((texts(), maybe(), maybe())),
        option::of(option::of(any::<i64>())),
        option::of(maybe()),
        maybe(),
    )
        .prop_map(|(holder, permissions, prefetch, expand, filters, limit, mode, return_url)| Parameters {
            holder,
            permissions,
            prefetch,
            expand,
            filters,
            limit,
            mode,
            return_url,
        })
}

impl Parameters {
    /// The request, through the builders.
    fn operation(&self) -> CreateSession {
        let (kind, [account, customer, customer_account]) = &self.holder;
        let mut holder = CreateSessionAccountHolder::new(AccountHolderType::from(kind.as_str()));
        if let Some(account) = account {
            holder = holder.account(account);
        }
        if let Some(customer) = customer {
            holder = holder.customer(customer);
        }
        if let Some(customer_account) = customer_account {
            holder = holder.customer_account(customer_account);
        }
        let permissions = self.permissions.iter().map(|text| SessionPermission::from(text.as_str()));
        let mut create = CreateSession::new(holder, permissions)
            .prefetch(self.prefetch.iter().map(|text| SessionPrefetch::from(text.as_str())))
            .expand(self.expand.iter().map(|text| SessionExpand::from(text.as_str())));
        if let Some((subcategories, country, support)) = &self.filters {
            let subcategories = subcategories.iter().map(|text| SessionFiltersAccountSubcategory::from(text.as_str()));
            let mut filters = CreateSessionFilters::new().account_subcategories(subcategories);
            if let Some(country) = country {
                filters = filters.country(country);
            }
            if let Some(support) = support {
                filters = filters.require_payment_method_support(support.as_str());
            }
            create = create.filters(filters);
        }
        if let Some(limit) = self.limit {
            create = create.limits(CreateSessionLimits::new(limit.map_or(Clearable::Clear, Clearable::Value)));
        }
        if let Some(mode) = &self.mode {
            let entry = CreateSessionManualEntry::new();
            create = create.manual_entry(match mode {
                Some(mode) => entry.mode(mode.as_str()),
                None => entry,
            });
        }
        if let Some(url) = &self.return_url {
            create = create.return_url(url);
        }
        create
    }

    /// The expected parameters on the wire, written without the builders.
    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut one = |key: String, value: &Option<String>| pairs.extend(value.clone().map(|value| (key, value)));
        let (kind, holder) = &self.holder;
        one("account_holder[type]".to_owned(), &Some(kind.clone()));
        for (name, value) in ["account", "customer", "customer_account"].iter().zip(holder) {
            one(format!("account_holder[{name}]"), value);
        }
        one("return_url".to_owned(), &self.return_url);
        one(
            "limits[accounts]".to_owned(),
            &self.limit.map(|limit| limit.map_or(String::new(), |limit| limit.to_string())),
        );
        one("manual_entry[mode]".to_owned(), &self.mode.clone().flatten());
        let mut lists =
            vec![("permissions", &self.permissions), ("prefetch", &self.prefetch), ("expand", &self.expand)];
        if let Some((subcategories, country, support)) = &self.filters {
            one("filters[country]".to_owned(), country);
            one("filters[require_payment_method_support]".to_owned(), support);
            lists.push(("filters[account_subcategories]", subcategories));
        }
        for (name, list) in lists {
            for (i, value) in list.iter().enumerate() {
                one(format!("{name}[{i}]"), &Some(value.clone()));
            }
        }
        pairs
    }
}

/// The example of Stripe's documentation of the operation.
#[test]
fn stripes_own_example_is_this_request() {
    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer("cus_NiKSWdaFz2F6I0");
    let request = CreateSession::new(holder, [SessionPermission::PaymentMethod, SessionPermission::Balances])
        .filters(CreateSessionFilters::new().country("US"))
        .request()
        .expect("the path has no invalid parameter");
    let mut parts: Vec<_> = request.body().expect("a `POST` has a body").split('&').collect();
    parts.sort_unstable();
    assert_eq!(
        parts,
        [
            "account_holder[customer]=cus_NiKSWdaFz2F6I0",
            "account_holder[type]=customer",
            "filters[country]=US",
            "permissions[0]=payment_method",
            "permissions[1]=balances",
        ]
    );
}

/// Removes what is `null`, which means the same as absent.
fn without_null(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_null);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// Stripe's own samples decode and encode to the same JSON, if `STRIPE_OPENAPI_DIR` has them.
#[test]
fn stripes_own_samples_come_back() {
    let Some(directory) = tests::corpus::directory() else { return };
    let reference = directory.join("../reference");
    let read =
        |name: &str| std::fs::read_to_string(reference.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let samples: Value = serde_json::from_str(&read("fixtures.financial_connections.json")).expect("it is JSON");

    fn comes_back<T: serde::Serialize + serde::de::DeserializeOwned>(mut sample: Value) {
        let value: T = serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{error}: {sample}"));
        let mut back = serde_json::to_value(&value).expect("it encodes");
        without_null(&mut back);
        without_null(&mut sample);
        assert_eq!(back, sample);
    }
    comes_back::<Session>(samples["financial_connections.session"].clone());
    comes_back::<stripe_financial_connections::Account>(samples["financial_connections.account"].clone());
    comes_back::<stripe_financial_connections::AccountOwner>(samples["financial_connections.account_owner"].clone());
    comes_back::<stripe_financial_connections::AccountOwnership>(
        samples["financial_connections.account_ownership"].clone(),
    );

    // The example of the page is of another release, which has `filters.countries`; nothing else of it is lost.
    let page = read("api-session-object.md");
    let start = page.find("```json").expect("the page has an example") + "```json".len();
    let end = start + page[start..].find("```").expect("the example ends");
    let mut example: Value = serde_json::from_str(&page[start..end]).expect("the example is JSON");
    let countries = example["filters"].as_object_mut().expect("there are filters").remove("countries");
    assert!(countries.is_some());
    comes_back::<Session>(example);
}
