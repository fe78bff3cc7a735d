//! What goes on the wire: the form encoding, the path, and what a request says of itself.

use percent_encoding::percent_decode_str;
use stripe_financial_connections::{
    API_VERSION, AccountHolderType, Clearable, CreateSession, CreateSessionAccountHolder, CreateSessionFilters,
    CreateSessionLimits, CreateSessionManualEntry, Method, Operation, Request, RetrieveSession, SessionExpand,
    SessionFiltersAccountSubcategory, SessionId, SessionManualEntryMode, SessionPermission, SessionPrefetch,
};

fn holder() -> CreateSessionAccountHolder<'static> {
    CreateSessionAccountHolder::new(AccountHolderType::Customer)
}

fn create() -> CreateSession<'static> {
    CreateSession::new(holder(), [SessionPermission::Balances])
}

fn body(operation: &impl Operation) -> String {
    operation.request().unwrap().into_body().unwrap()
}

/// The body of the smallest request, to be added to.
const SMALLEST: &str = "account_holder[type]=customer&permissions[0]=balances";

#[test]
fn the_smallest_request_sends_what_is_required() {
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
fn every_parameter_has_its_form() {
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
fn what_is_not_set_is_not_sent() {
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
fn every_ascii_character_is_encoded_as_rfc_3986_has_it() {
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
fn unicode_goes_through_as_utf_8() {
    for text in ["é", "日本語", "😀", "a\u{301}", "\u{0}", "\u{10FFFF}", "x😀y", "é é", "%E9", "+"] {
        let body = body(&create().return_url(text));
        let sent = body.rsplit_once("return_url=").unwrap().1;
        assert!(sent.is_ascii());
        assert_eq!(percent_decode_str(sent).decode_utf8().unwrap(), text);
    }
    assert_eq!(body(&create().return_url("é😀")), format!("{SMALLEST}&return_url=%C3%A9%F0%9F%98%80"));
}

#[test]
fn a_value_that_is_not_known_is_encoded() {
    let request = CreateSession::new(holder(), ["a b", "balances", "&c=d", ""]);
    assert_eq!(
        body(&request),
        "account_holder[type]=customer&permissions[0]=a%20b&permissions[1]=balances&permissions[2]=%26c%3Dd&permissions[3]="
    );
}

#[test]
fn long_lists_and_long_values_go_through() {
    let request = CreateSession::new(holder(), (0..120).map(|n| format!("p{n}")));
    let expected: Vec<_> = (0..120).map(|n| format!("permissions[{n}]=p{n}")).collect();
    assert_eq!(body(&request), format!("account_holder[type]=customer&{}", expected.join("&")));
    let long = "x".repeat(100_000);
    assert_eq!(body(&create().return_url(&long)), format!("{SMALLEST}&return_url={long}"));
}

#[test]
fn parameters_are_borrowed_or_owned() {
    let owned = String::from("https://example.com");
    assert_eq!(body(&create().return_url(&owned)), body(&create().return_url(owned.clone())));
    let session = SessionId::new("s");
    assert_eq!(RetrieveSession::new(&session), RetrieveSession::new(session.clone()));
    assert_eq!(RetrieveSession::new("s"), RetrieveSession::new(session));
}

#[test]
fn retrieving_puts_the_id_into_the_path_and_the_rest_into_the_query() {
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
        assert_eq!(error.parameter(), "session");
        assert!(error.reason().starts_with(reason), "{error}");
        let text = error.to_string();
        assert!(text.contains("`session`") && text.contains(error.reason()) && text.contains("pass the id"), "{text}");
        assert!(std::error::Error::source(&error).is_none());
    }
}
