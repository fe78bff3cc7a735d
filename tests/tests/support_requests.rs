//! Requests: the form encoding, the path and the accessors.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    marker::PhantomData,
    time::{Duration, SystemTime},
};

use percent_encoding::percent_decode_str;
use stripe_financial_connections::{
    API_VERSION, AccountHolderType, AccountId, Clearable, CreateSession, CreateSessionAccountHolder,
    CreateSessionFilters, CreateSessionLimits, CreateSessionManualEntry, ListAccounts, ListTransactions, Method,
    Operation, Range, RangeOr, Request, RetrieveSession, Secret, SessionExpand, SessionFiltersAccountSubcategory,
    SessionId, SessionManualEntryMode, SessionPermission, SessionPrefetch, Timestamp, TransactionId,
};

fn holder() -> CreateSessionAccountHolder {
    CreateSessionAccountHolder::new(AccountHolderType::Customer)
}

fn create() -> CreateSession {
    CreateSession::new(holder(), [SessionPermission::Balances])
}

fn body(operation: &impl Operation) -> String {
    operation.request().unwrap().into_body().unwrap()
}

/// The body of the smallest request.
const SMALLEST: &str = "account_holder[type]=customer&permissions[0]=balances";

#[test]
fn the_smallest_request_has_the_required_parameters() {
    let request = create().request().unwrap();
    assert_eq!(request.method(), Method::Post);
    assert_eq!((request.path(), request.query()), ("/v1/financial_connections/sessions", None));
    assert_eq!(request.body(), Some(SMALLEST));
    assert_eq!(request.content_type(), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.api_version(), Some(API_VERSION));
    assert_eq!(
        request.headers().collect::<Vec<_>>(),
        [("stripe-version", API_VERSION), ("content-type", Request::CONTENT_TYPE)]
    );
    for root in ["https://api.stripe.com", "https://api.stripe.com/"] {
        assert_eq!(request.url(root), "https://api.stripe.com/v1/financial_connections/sessions");
    }
    assert_eq!(request, create().request().unwrap());
    assert_ne!(request, create().return_url("a").request().unwrap());
    assert!(format!("{request:?}").contains("permissions[0]=balances"));
}

#[test]
fn every_parameter_is_encoded() {
    let request = CreateSession::new(
        holder().account("acct_1").customer("cus_1").customer_account("acct_2"),
        [SessionPermission::PaymentMethod, SessionPermission::Balances],
    )
    .expand([SessionExpand::AccountHolderCustomer])
    .filters(
        CreateSessionFilters::new()
            .account_subcategories([SessionFiltersAccountSubcategory::Checking, "other".into()])
            .country("US"),
    )
    .limits(CreateSessionLimits::new(5))
    .manual_entry(CreateSessionManualEntry::new().mode(SessionManualEntryMode::Automatic))
    .prefetch([SessionPrefetch::Transactions])
    .return_url("https://example.com/?a=b&c=d e");
    assert_eq!(
        body(&request),
        "account_holder[account]=acct_1&account_holder[customer]=cus_1&account_holder[customer_account]=acct_2\
         &account_holder[type]=customer&expand[0]=account_holder.customer\
         &filters[account_subcategories][0]=checking&filters[account_subcategories][1]=other&filters[country]=US\
         &limits[accounts]=5&manual_entry[mode]=automatic&permissions[0]=payment_method&permissions[1]=balances\
         &prefetch[0]=transactions&return_url=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c%3Dd%20e"
    );
}

#[test]
fn unset_parameters_are_not_sent() {
    let nothing = create()
        .expand(Vec::<SessionExpand>::new())
        .prefetch(Vec::<SessionPrefetch>::new())
        .filters(CreateSessionFilters::new())
        .manual_entry(CreateSessionManualEntry::new());
    assert_eq!(body(&nothing), SMALLEST);
    let no_permission = CreateSession::new(holder(), Vec::<SessionPermission>::new());
    assert_eq!(body(&no_permission), "account_holder[type]=customer");
}

#[test]
fn the_empty_string_is_sent_and_clears() {
    assert_eq!(body(&create().return_url("")), format!("{SMALLEST}&return_url="));
    for (limit, sent) in [
        (Clearable::Clear, ""),
        (Clearable::Value(0), "0"),
        (Clearable::Value(i64::MIN), "-9223372036854775808"),
        (Clearable::Value(i64::MAX), "9223372036854775807"),
    ] {
        let request = create().limits(CreateSessionLimits::new(limit));
        assert_eq!(
            body(&request),
            format!("account_holder[type]=customer&limits[accounts]={sent}&permissions[0]=balances")
        );
    }
}

#[test]
fn ascii_characters_are_encoded_by_rfc_3986() {
    for byte in 0..128 {
        let char = char::from(byte);
        let plain = char.is_ascii_alphanumeric() || "-._~".contains(char);
        let expected = if plain { char.to_string() } else { format!("%{byte:02X}") };
        let text = format!("a{char}{char}b");
        let sent = format!("{SMALLEST}&return_url=a{expected}{expected}b");
        assert_eq!(body(&create().return_url(&text)), sent);
    }
}

#[test]
fn unicode_is_encoded_as_utf_8() {
    for text in ["é", "日本語", "😀", "a\u{301}", "\u{0}", "\u{10FFFF}", "x😀y", "é é", "%E9", "+"] {
        let body = body(&create().return_url(text));
        let sent = body.rsplit_once("return_url=").unwrap().1;
        assert!(sent.is_ascii());
        assert_eq!(percent_decode_str(sent).decode_utf8().unwrap(), text);
    }
    assert_eq!(body(&create().return_url("é😀")), format!("{SMALLEST}&return_url=%C3%A9%F0%9F%98%80"));
}

#[test]
fn unknown_enum_values_are_encoded() {
    let request = CreateSession::new(holder(), ["a b", "balances", "&c=d", ""]);
    assert_eq!(
        body(&request),
        "account_holder[type]=customer&permissions[0]=a%20b&permissions[1]=balances&permissions[2]=%26c%3Dd&permissions[3]="
    );
}

#[test]
fn long_lists_and_long_values_are_encoded() {
    let request = CreateSession::new(holder(), (0..120).map(|n| format!("p{n}")));
    let expected: Vec<_> = (0..120).map(|n| format!("permissions[{n}]=p{n}")).collect();
    assert_eq!(body(&request), format!("account_holder[type]=customer&{}", expected.join("&")));
    let long = "x".repeat(100_000);
    assert_eq!(body(&create().return_url(&long)), format!("{SMALLEST}&return_url={long}"));
}

#[test]
fn a_string_or_an_id_may_be_borrowed_or_owned() {
    let owned = String::from("https://example.com");
    assert_eq!(body(&create().return_url(&owned)), body(&create().return_url(owned.clone())));
    let session = SessionId::new("s");
    assert_eq!(RetrieveSession::new(&session), RetrieveSession::new(session.clone()));
    assert_eq!(RetrieveSession::new("s"), RetrieveSession::new(session));
}

/// Whether `T` converts into `U`, which the compiler decides for each pair of types.
struct Conversion<T, U>(PhantomData<(T, U)>);

trait Unknown {
    const EXISTS: bool = false;
}

impl<C> Unknown for C {}

impl<T: Into<U>, U> Conversion<T, U> {
    const EXISTS: bool = true;
}

#[test]
fn an_id_is_made_from_strings_and_not_from_other_ids() {
    const {
        assert!(Conversion::<&str, SessionId>::EXISTS);
        assert!(Conversion::<String, SessionId>::EXISTS);
        assert!(Conversion::<&String, SessionId>::EXISTS);
        assert!(Conversion::<Cow<'_, str>, SessionId>::EXISTS);
        assert!(Conversion::<&SessionId, SessionId>::EXISTS);
        assert!(!Conversion::<AccountId, SessionId>::EXISTS);
        assert!(!Conversion::<&AccountId, SessionId>::EXISTS);
    }
    // The filters hold the ids of their resources, so their setters take what converts into these.
    let list = format!("{:?}", ListAccounts::new().session("fcsess_1").starting_after("fca_1"));
    assert!(list.contains(r#"SessionId("fcsess_1")"#) && list.contains(r#"AccountId("fca_1")"#), "{list}");
    let list = ListTransactions::new(AccountId::new("fca_1")).ending_before(TransactionId::new("fctxn_1"));
    assert_eq!(list.request().unwrap().query(), Some("account=fca_1&ending_before=fctxn_1"));
}

#[test]
fn a_time_is_a_timestamp_a_range_or_a_system_time() {
    let query = |time: RangeOr<Timestamp>| {
        let request = ListTransactions::new("fca_1").transacted_at(time).request().unwrap();
        request.query().unwrap().strip_prefix("account=fca_1&").unwrap().to_owned()
    };
    let [one, two] = [1, 2].map(Timestamp::from_unix_seconds);
    let [first, second] = [1, 2].map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    for (time, sent) in [
        (one.into(), "transacted_at=1"),
        (first.into(), "transacted_at=1"),
        ((one..two).into(), "transacted_at[gte]=1&transacted_at[lt]=2"),
        ((first..second).into(), "transacted_at[gte]=1&transacted_at[lt]=2"),
        ((first..=second).into(), "transacted_at[gte]=1&transacted_at[lte]=2"),
        ((first..).into(), "transacted_at[gte]=1"),
        ((..second).into(), "transacted_at[lt]=2"),
        (Range::new().gt(first).lte(two).into(), "transacted_at[gt]=1&transacted_at[lte]=2"),
    ] {
        assert_eq!(query(time), sent);
    }
    assert_eq!(Clearable::from(first), Clearable::Value(one));
}

#[test]
fn a_retrieve_request_has_its_id_in_the_path_and_the_rest_in_the_query() {
    let request = RetrieveSession::new("fcsess_1").request().unwrap();
    assert_eq!((request.method(), request.path()), (Method::Get, "/v1/financial_connections/sessions/fcsess_1"));
    assert_eq!((request.query(), request.body(), request.content_type()), (None, None, None));
    assert_eq!(request.headers().count(), 1);
    let request = RetrieveSession::new("fcsess_1")
        .expand([SessionExpand::AccountsDataOwnership, "a b".into()])
        .request()
        .unwrap();
    assert_eq!(request.query(), Some("expand[0]=accounts.data.ownership&expand[1]=a%20b"));
    assert_eq!(
        request.url("http://localhost:1"),
        "http://localhost:1/v1/financial_connections/sessions/fcsess_1?expand[0]=accounts.data.ownership&expand[1]=a%20b"
    );
    assert_eq!(RetrieveSession::PATH, "/v1/financial_connections/sessions/{session}");
    assert_eq!((RetrieveSession::METHOD, RetrieveSession::API_VERSION), (Method::Get, Some(API_VERSION)));
}

#[test]
fn an_id_is_one_segment_of_the_path() {
    const START: &str = "/v1/financial_connections/sessions/";
    for (id, segment) in [
        ("a/b", "a%2Fb"),
        ("/", "%2F"),
        ("../accounts", "..%2Faccounts"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("...", "..."),
        (".a", ".a"),
        ("%2e%2e", "%252e%252e"),
        ("a b\n", "a%20b%0A"),
        ("é\\", "%C3%A9%5C"),
        (" ", "%20"),
        ("{session}", "%7Bsession%7D"),
        ("a;b:c@d", "a%3Bb%3Ac%40d"),
    ] {
        let request = RetrieveSession::new(id).request().unwrap();
        assert_eq!(request.path().strip_prefix(START), Some(segment), "{id}");
        assert!(!segment.contains('/'));
    }
}

#[test]
fn an_id_that_would_change_the_path_is_refused() {
    for (id, reason) in [("", "is empty"), (".", "is `.`"), ("..", "is `..`")] {
        let error = RetrieveSession::new(id).request().unwrap_err();
        assert_eq!(error.input(), "path parameter `session`");
        assert!(error.reason().starts_with(reason), "{error}");
        let text = error.to_string();
        assert!(text.contains("`session`") && text.contains(error.reason()) && text.contains(error.help()), "{text}");
        assert!(std::error::Error::source(&error).is_none());
    }
}

fn by_hand(method: Method) -> Request {
    Request::new(method, "/v1/things/{thing}", &[("thing", "a/b")]).unwrap()
}

#[test]
fn a_request_can_be_made_by_hand() {
    let request = by_hand(Method::Post);
    assert_eq!((request.method(), request.path(), request.query()), (Method::Post, "/v1/things/a%2Fb", None));
    // A `POST` has a body even if it is empty, as with operations.
    assert_eq!((request.body(), request.content_type()), (Some(""), Some(Request::CONTENT_TYPE)));
    assert_eq!(request.api_version(), None, "that of the operation, or of the client");
    assert_eq!(request.clone().with_api_version("2020-08-27").api_version(), Some("2020-08-27"));
    assert_eq!(request.headers().count(), 1);
    assert_eq!(request.with_api_version(API_VERSION).headers().count(), 2);
    for method in [Method::Get, Method::Delete] {
        let request = by_hand(method);
        assert_eq!((request.query(), request.body(), request.content_type()), (None, None, None));
        let request = request.param("limit", 3).param("expand", ["data.ownership"]);
        assert_eq!((request.query(), request.body()), (Some("limit=3&expand[0]=data.ownership"), None));
    }
}

#[test]
fn a_request_made_by_hand_equals_that_of_the_operation() {
    let filters = || CreateSessionFilters::new().country("US");
    let request = Request::new(Method::Post, CreateSession::PATH, &[]).unwrap().with_api_version(API_VERSION);
    let request = request
        .param("account_holder[type]", "customer")
        .param("filters", filters())
        .param("limits[accounts]", Clearable::Value(5))
        .param("permissions", [SessionPermission::Balances]);
    assert_eq!(request, create().filters(filters()).limits(CreateSessionLimits::new(5)).request().unwrap());
    let request = Request::new(Method::Get, RetrieveSession::PATH, &[("session", "fcsess_1")]).unwrap();
    assert_eq!(request.with_api_version(API_VERSION), RetrieveSession::new("fcsess_1").request().unwrap());
}

#[test]
fn every_kind_of_value_can_be_a_parameter() {
    let encoded = |request: Request| request.into_body().unwrap();
    let map = BTreeMap::from([("b c", vec![1]), ("a", vec![2, 3]), ("[é]", vec![4]), ("", vec![5])]);
    let borrowed = String::from("x");
    let request = by_hand(Method::Post)
        .param("text", "a&b")
        .param("owned", String::from("é"))
        .param("borrowed", &borrowed)
        .param("cow", Cow::Borrowed("y"))
        .param("yes", true)
        .param("numbers[i32]", -1)
        .param("numbers[u64]", u64::MAX)
        .param("numbers[f64]", 0.5)
        .param("since", Timestamp::from_unix_seconds(7))
        .param("id", SessionId::new("fcsess_1"))
        .param("map", &map)
        .param("slice", &[Some(1), None, Some(3)][..])
        .param("nested", [vec![1, 2], vec![], vec![3]])
        .param("boxed", Box::new(4))
        .param("clear", Clearable::<i64>::Clear);
    assert_eq!(
        encoded(request),
        "text=a%26b&owned=%C3%A9&borrowed=x&cow=y&yes=true&numbers[i32]=-1&numbers[u64]=18446744073709551615\
         &numbers[f64]=0.5&since=7&id=fcsess_1&map[][0]=5&map[%5B%C3%A9%5D][0]=4&map[a][0]=2&map[a][1]=3\
         &map[b%20c][0]=1&slice[0]=1&slice[2]=3&nested[0][0]=1&nested[0][1]=2&nested[2][0]=3&boxed=4&clear="
    );
    let nothing = by_hand(Method::Post)
        .param("a", None::<&str>)
        .param("b", Vec::<i64>::new())
        .param("c", BTreeMap::<&str, i64>::new());
    assert_eq!(encoded(nothing), "");
    // Only the brackets of a name are kept.
    assert_eq!(encoded(by_hand(Method::Post).param("a b[c=d][]", 1)), "a%20b[c%3Dd][]=1");
}

#[test]
fn a_secret_in_a_request_made_by_hand_is_not_printed() {
    let request = by_hand(Method::Post).param("token", Secret::<String>::from("sesame")).param("after", 1);
    assert_eq!(request.body(), Some("token=sesame&after=1"));
    assert!(!format!("{request:?}").contains("sesame"));
    assert!(format!("{:?}", by_hand(Method::Get).param("after", 1)).contains("after=1"));
}

#[test]
fn an_invalid_path_is_refused() {
    let given: &[(&str, &str)] = &[("thing", "a")];
    for (path, segments, input, reason) in [
        ("v1/things", &[][..], "path", "does not start with a slash"),
        ("", &[], "path", "does not start with a slash"),
        ("/", &[], "path", "has a segment that is empty"),
        ("/v1/things/", &[], "path", "has a segment that is empty"),
        ("/v1//things", &[], "path", "has a segment that is empty"),
        ("/v1/./things", &[], "path", "has a segment that is empty"),
        ("/v1/../things", &[], "path", "has a segment that is empty"),
        ("/v1/things?limit=1", &[], "path", "has a character"),
        ("/v1/things#a", &[], "path", "has a character"),
        ("/v1/thi ngs", &[], "path", "has a character"),
        ("/v1/%2e%2e/things", &[], "path", "has a character"),
        ("/v1/thïngs", &[], "path", "has a character"),
        ("/v1/things/x{thing}", given, "path", "has a character"),
        ("/v1/things/{thing}", &[], "path parameter `thing`", "has no value"),
        ("/v1/things/{other}", given, "path parameter `other`", "has no value"),
        ("/v1/things", given, "path parameter `thing`", "is not in the path"),
        ("/v1/things/{thing}", &[("thing", "")], "path parameter `thing`", "is empty"),
        ("/v1/things/{thing}", &[("thing", "..")], "path parameter `thing`", "is `..`"),
    ] {
        let error = Request::new(Method::Get, path, segments).unwrap_err();
        assert!(error.input() == input && error.reason().starts_with(reason), "{path}: {error}");
    }
    assert_eq!(Request::new(Method::Get, "/v2/core.a/b-c_d~e", &[]).unwrap().path(), "/v2/core.a/b-c_d~e");
    let two = Request::new(Method::Get, "/v1/{a}/b/{b}/c", &[("b", "2"), ("a", "{b}")]).unwrap();
    assert_eq!(two.path(), "/v1/%7Bb%7D/b/2/c");
}

/// A page of a program often has a cursor and a filter or none, and counts in `usize`.
#[test]
fn an_optional_parameter_takes_an_option() {
    use stripe_financial_connections::{AccountId, ListAccounts, ListTransactions};

    let query = |list: ListAccounts| list.request().unwrap().query().unwrap_or_default().to_owned();
    let (text, id) = (String::from("fca_1"), AccountId::new("fca_1"));
    let after = "starting_after=fca_1";
    for list in [
        ListAccounts::new().starting_after("fca_1"),
        ListAccounts::new().starting_after(&id),
        ListAccounts::new().starting_after(Some("fca_1")),
        ListAccounts::new().starting_after(Some(&text)),
        ListAccounts::new().starting_after(Some(text.clone())).ending_before(None::<AccountId>),
        ListAccounts::new().starting_after(Some(id.clone())).limit(None::<u8>),
    ] {
        assert_eq!(query(list), after);
    }
    for list in [
        ListAccounts::new().limit(3),
        ListAccounts::new().limit(3_u64),
        ListAccounts::new().limit([1, 2, 3].len()),
        ListAccounts::new().limit(Some(3_usize)),
        ListAccounts::new().limit("3".parse().unwrap_or(10)),
        ListAccounts::new().limit("3".parse::<u32>().ok()),
    ] {
        assert_eq!(query(list), "limit=3");
    }
    assert_eq!(query(ListAccounts::new().limit(u64::MAX)), format!("limit={}", i64::MAX));
    assert_eq!(query(ListAccounts::new().limit(-1)), "limit=-1");

    // A later `None` takes back what was set.
    assert_eq!(query(ListAccounts::new().limit(3).limit(None::<i64>)), "");
    let since = Some(std::time::UNIX_EPOCH..);
    let list = ListTransactions::new("fca_1").transacted_at(since).request().unwrap();
    assert_eq!(list.query(), Some("account=fca_1&transacted_at[gte]=0"));
}
