//! The preview compared with the pages of Stripe's reference that show it.
//!
//! The pages and the Elixir bindings that were generated from the same API have their own names for what is tested here:
//!
//! | there | in Rust |
//! |---|---|
//! | the session object, 77 attributes | `preview::Session` and the types of its fields |
//! | create a session | `preview::CreateSession` |
//! | retrieve a session | `preview::RetrieveSession` |
//! | Elixir's `t` | `preview::Session` |
//! | Elixir's `object_name` | `preview::Session::OBJECT` |
//! | Elixir's `expandable_fields` | `preview::Session::EXPANDABLE` |
//! | Elixir's nested `account_holder` | `preview::AccountHolder` |
//! | Elixir's nested `accounts` | `List<preview::Account>` |
//! | Elixir's nested `filters` | `preview::SessionFilters` |

use std::collections::BTreeMap;
use std::sync::LazyLock;

use codegen::ir::{Api, Field, Presence, Type};
use codegen::{descriptions, document};
use proptest::prelude::*;
use serde_json::{Value, json};
use stripe_financial_connections::preview::{
    CreateSession, CreateSessionAccountHolder, CreateSessionFilters, RetrieveSession, Session,
};
use stripe_financial_connections::{Expandable, Operation};
use tests::schema::Schemas;
use tests::{corpus, workspace};

const DOCUMENT: &str = "spec/stripe-preview.yaml";

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let json = document::to_json(DOCUMENT, &workspace::read(DOCUMENT)).expect("it is YAML").into_owned();
    Schemas::new(serde_json::from_str(&json).expect("it is JSON"))
});

fn api() -> Api {
    let generated = codegen::generate(&workspace::config(), None, DOCUMENT, &workspace::read(DOCUMENT));
    generated.unwrap_or_else(|error| panic!("{error}")).api
}

/// What a page says of an attribute: its type in words, and its values where it is an enum.
#[derive(Debug, PartialEq, Eq)]
struct Attribute {
    ty: String,
    nullable: bool,
    expandable: bool,
    values: Vec<String>,
}

/// The attributes that a page lists: ``- `path` (type, nullable, …) words``, with values listed behind the words.
fn on_page(page: &str) -> BTreeMap<String, Attribute> {
    let mut attributes = BTreeMap::new();
    let mut last = String::new();
    let mut in_values = false;
    for part in page.split(" - `").skip(1) {
        let Some((name, rest)) = part.split_once('`') else { continue };
        let types = ["string", "object", "enum", "array", "timestamp", "integer", "boolean"];
        let facts = rest.strip_prefix(" (").filter(|facts| types.iter().any(|ty| facts.starts_with(ty)));
        if let Some(facts) = facts {
            let ty = facts.split([',', ')']).next().unwrap_or_default().to_owned();
            let head = facts.split(") ").next().unwrap_or_default();
            let (nullable, expandable) = (head.contains(", nullable"), head.contains("expandable"));
            attributes.insert(name.to_owned(), Attribute { ty, nullable, expandable, values: Vec::new() });
            name.clone_into(&mut last);
            in_values = rest.trim_end().ends_with("Possible enum values:");
        } else if let Some(attribute) = attributes.get_mut(&last) {
            if in_values {
                attribute.values.push(name.to_owned());
            }
            in_values |= rest.trim_end().ends_with("Possible enum values:");
        }
    }
    attributes
}

/// The attributes that our document has, in the page's words.
fn in_document(api: &Api, fields: &[Field], prefix: &str, all: &mut BTreeMap<String, Attribute>) {
    for field in fields {
        let path = format!("{prefix}{}", field.wire);
        let (ty, values) = in_words(api, &field.ty);
        let nullable = matches!(field.presence, Presence::Nullable | Presence::OptionalNullable);
        let expandable = matches!(field.ty, Type::Expandable(_));
        all.insert(path.clone(), Attribute { ty, nullable, expandable, values });
        let mut inside = format!("{path}.");
        for part in field.ty.layers() {
            match part {
                Type::List(_) => {
                    let attribute = |ty: &str| Attribute {
                        ty: ty.to_owned(),
                        nullable: false,
                        expandable: false,
                        values: Vec::new(),
                    };
                    for (name, ty) in
                        [("data", "array of objects"), ("has_more", "boolean"), ("object", "string"), ("url", "string")]
                    {
                        all.insert(format!("{inside}{name}"), attribute(ty));
                    }
                    inside.push_str("data.");
                }
                // An expanded object has its own page.
                Type::Expandable(_) => break,
                Type::Model(name) => model(api, name, &inside, all),
                Type::Params(name) => {
                    in_document(api, &api.params.named(name).expect("it is there").fields, &inside, all)
                }
                _ => {}
            }
        }
    }
}

fn model(api: &Api, name: &str, prefix: &str, all: &mut BTreeMap<String, Attribute>) {
    let model = api.models.named(name).expect("it is there");
    if model.object.is_some() {
        let object = Attribute { ty: "string".to_owned(), nullable: false, expandable: false, values: Vec::new() };
        all.insert(format!("{prefix}object"), object);
    }
    in_document(api, &model.fields, prefix, all);
}

fn in_words(api: &Api, ty: &Type) -> (String, Vec<String>) {
    let simple = |ty: &str| (ty.to_owned(), Vec::new());
    match ty {
        Type::Bool => simple("boolean"),
        Type::Integer => simple("integer"),
        Type::Timestamp => simple("timestamp"),
        Type::String | Type::Id(_) | Type::Expandable(_) => simple("string"),
        Type::Enum(name) => {
            let shown = api.enums.iter().find(|shown| shown.name == *name).expect("it is there");
            ("enum".to_owned(), shown.variants.iter().map(|variant| variant.value.clone()).collect())
        }
        Type::Array(inner) => {
            let (inner, values) = in_words(api, inner);
            (format!("array of {inner}s"), values)
        }
        _ => simple("object"),
    }
}

fn page(name: &str) -> Option<String> {
    let path = corpus::directory()?.join("../reference").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

#[test]
fn the_session_has_exactly_what_the_page_lists() {
    let Some(page) = page("api-session-object.md") else { return };
    let api = api();
    let mut ours = BTreeMap::new();
    model(&api, "Session", "", &mut ours);
    let theirs = on_page(&page);
    assert_eq!(theirs.len(), 77, "the page is read whole");
    // The object page does not have this one; another page of the reference does.
    ours.retain(|path, _| !path.ends_with("account_holder.customer_account"));
    let names = |attributes: &BTreeMap<String, Attribute>| attributes.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for (path, theirs) in &theirs {
        assert_eq!(&ours[path], theirs, "{path}");
    }
    println!("{} attributes, nothing missing, nothing invented", theirs.len());
}

#[test]
fn create_takes_exactly_what_the_page_lists() {
    let Some(page) = page("api-create-a-session.md") else { return };
    let api = api();
    let create = api.operations.iter().find(|operation| operation.name == "CreateSession").expect("it is there");
    let mut ours = BTreeMap::new();
    in_document(&api, &create.params, "", &mut ours);
    // Every operation takes it, and no page lists it.
    ours.remove("expand");
    let theirs = on_page(&page);
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (path, theirs) in &theirs {
        // The page calls the permissions strings, and does not list the values of everything.
        if path != "permissions" {
            assert_eq!(ours[path].ty, theirs.ty, "{path}");
        }
        if !theirs.values.is_empty() {
            assert_eq!(ours[path].values, theirs.values, "{path}");
        }
    }
    let required = |path: &str| page.contains(&format!("`{path}` ({}, required)", theirs[path].ty));
    for field in create.params.iter().filter(|field| field.wire != "expand") {
        assert_eq!(field.is_required(), required(&field.wire), "{}", field.wire);
    }
}

/// The request that the page shows, sent through the crate. The page writes `[]` for the next element, as curl's users do; the
/// libraries write the index.
#[test]
fn the_example_request_is_this_one() {
    let holder = CreateSessionAccountHolder::new("customer").customer("cus_NiKSWdaFz2F6I0");
    let request = CreateSession::new(holder, ["payment_method", "balances"])
        .filters(CreateSessionFilters::new().countries(["US"]))
        .request()
        .expect("the path has no invalid parameter");
    assert_eq!((request.method().as_str(), request.path()), ("POST", "/v1/financial_connections/sessions"));
    let mut sent: Vec<_> = request.body().expect("a `POST` has a body").split('&').collect();
    sent.sort_unstable();
    let expected = [
        "account_holder[customer]=cus_NiKSWdaFz2F6I0",
        "account_holder[type]=customer",
        "filters[countries][0]=US",
        "permissions[0]=payment_method",
        "permissions[1]=balances",
    ];
    assert_eq!(sent, expected);

    let Some(page) = page("api-create-a-session.md") else { return };
    let mut theirs: Vec<String> =
        page.split("-d \"").skip(1).filter_map(|part| part.split('"').next()).map(str::to_owned).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for pair in &mut theirs {
        let (key, value) = pair.split_once('=').expect("a pair has a key and a value");
        if let Some(list) = key.strip_suffix("[]") {
            let index = seen.entry(list.to_owned()).or_default();
            *pair = format!("{list}[{index}]={value}");
            *index += 1;
        }
    }
    theirs.sort_unstable();
    assert_eq!(theirs, expected);
}

/// A response like the one that the pages show, with every value at its place.
#[test]
fn the_example_response_decodes() {
    let mut example = json!({
        "id": "fcsess_1", "object": "financial_connections.session", "livemode": false,
        "account_holder": {"customer": "cus_NiKSWdaFz2F6I0", "type": "customer"},
        "accounts": {"object": "list", "data": [], "has_more": false, "total_count": 0, "url": "/v1/financial_connections/accounts"},
        "client_secret": "fcsess_client_secret_1", "filters": {"countries": ["US"]},
        "permissions": ["balances", "payment_method"],
    });
    if let Some(page) = page("api-create-a-session.md") {
        let start = page.find("```json").expect("the page has an example") + "```json".len();
        let end = start + page[start..].find("```").expect("the example ends");
        let official: Value = serde_json::from_str(&page[start..end]).expect("the example is JSON");
        let members = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&official), members(&example));
        example = official;
    }
    for decode in [CreateSession::decode, RetrieveSession::decode] {
        let session = decode(example.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(session.id.as_str(), example["id"].as_str().expect("it is text"));
        let holder = session.account_holder.as_ref().expect("it is there");
        assert_eq!(holder.customer.as_ref().and_then(Expandable::id), Some("cus_NiKSWdaFz2F6I0"));
        assert_eq!(holder.type_.as_str(), "customer");
        assert_eq!(
            (session.accounts.len(), session.accounts.has_more, session.accounts.total_count),
            (0, false, Some(0))
        );
        assert_eq!(session.accounts.url, "/v1/financial_connections/accounts");
        let countries =
            session.filters.as_ref().and_then(|filters| filters.countries.as_ref()).expect("they are there");
        assert_eq!(countries, &["US"]);
        assert_eq!(session.permissions.iter().map(|p| p.as_str()).collect::<Vec<_>>(), ["balances", "payment_method"]);
        assert!(session.prefetch.is_absent() && session.limits.is_absent() && !session.livemode);
        assert_eq!(serde_json::to_value(&session).expect("it encodes"), example);
    }
}

/// A response in which every attribute is set loses nothing.
#[test]
fn every_attribute_comes_back() {
    let full = SCHEMAS.full("financial_connections.session");
    let session: Session = serde_json::from_value(full.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(serde_json::to_value(&session).expect("it encodes"), full);
    let Some(page) = page("api-session-object.md") else { return };
    for path in on_page(&page).keys() {
        let field = path.split('.').try_fold(&full, |value, name| value.get(0).unwrap_or(value).get(name));
        assert!(field.is_some_and(|value| !value.is_null()), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_session_comes_back(json in SCHEMAS.any("financial_connections.session")) {
        let session = CreateSession::decode(json.to_string().as_bytes());
        let session = session.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(serde_json::to_value(&session).expect("a session encodes"), json);
    }
}

#[test]
fn everything_is_described() {
    let bare = descriptions::undescribed(&api());
    assert!(bare.is_empty(), "these places have no description: {bare:#?}");
}

#[test]
fn it_names_no_version() {
    assert_eq!((CreateSession::API_VERSION, RetrieveSession::API_VERSION), (None, None));
}
