//! Paging below `/v2/`: each page states the URL of the next one, which has to be of the same list.

use serde_json::{Value, json};
use stripe_financial_connections::{
    Error, ErrorClass, ErrorKind, InvalidInput, ListV2, Method, Opaque, Operation, Options, Request,
};

use crate::{
    harness::{AnyClient, Setup, Stack},
    server::{Server, Step},
};

/// Lists the persons of an account, as a generated crate does it.
struct ListPersons {
    limit: Option<i64>,
}

const LIST: ListPersons = ListPersons { limit: Some(2) };
const TARGET: &str = "/v2/core/accounts/acct%201/persons";

impl Operation for ListPersons {
    type Output = ListV2<Opaque>;

    const API_VERSION: Option<&'static str> = Some("2026-10-28.endive");
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v2/core/accounts/{account}/persons";

    fn request(&self) -> Result<Request, InvalidInput> {
        Ok(Request::new(Self::METHOD, Self::PATH, &[("account", "acct 1")])?.param("limit", self.limit))
    }
}

fn page(ids: &[&str], next_page_url: impl Into<Value>) -> Value {
    let data: Vec<_> = ids.iter().map(|id| json!({"id": id, "object": "v2.core.account_person"})).collect();
    json!({"data": data, "next_page_url": next_page_url.into(), "previous_page_url": "/v2/anything"})
}

fn step(page: &Value) -> Step {
    Step::response(200, page.to_string())
}

/// Responds with these pages, whose URLs begin with the server if they are absolute, to each client.
fn each(pages: &[Value], check: impl Fn(&Server, &AnyClient)) {
    for stack in Stack::ALL {
        println!("{stack:?}");
        let server = Server::steps(pages.iter().map(step).collect::<Vec<_>>());
        check(&server, &stack.client(&Setup::of(&server)).unwrap());
    }
}

fn ids(page: &ListV2<Opaque>) -> Vec<&str> {
    page.iter().filter_map(Opaque::id).collect()
}

fn targets(server: &Server) -> Vec<String> {
    server.received().into_iter().map(|request| request.target).collect()
}

/// Returns the reason of an unexpected response that is at the URL of the next page.
fn reason(error: &Error) -> String {
    assert_eq!(error.class(), ErrorClass::UnexpectedResponse);
    assert!(!error.is_retryable());
    let ErrorKind::UnexpectedResponse(unexpected) = error.kind() else { panic!("{error:?}") };
    assert_eq!(unexpected.error().path(), "next_page_url");
    unexpected.error().reason().to_owned()
}

#[test]
fn the_url_of_the_next_page_is_followed() {
    let second = format!("{TARGET}?limit=2&page=a%2Fb%20c+d%C3%A9~%7E&x[0]=1");
    let third = format!("{TARGET}?page=3");
    // A page may be empty, and still not be the last one.
    let pages = [page(&["1", "2"], &*second), page(&[], &*third), page(&["3"], Value::Null)];
    each(&pages, |server, client| {
        let mut next = client.pages(LIST, &Options::new());
        for expected in [["1", "2"].as_slice(), &[], &["3"]] {
            assert_eq!(ids(next().unwrap().unwrap().value()), expected);
        }
        assert!(next().is_none() && next().is_none());
        // As the server encoded it, and without parameters of the first request that it does not state.
        assert_eq!(targets(server), [&*format!("{TARGET}?limit=2"), &second, &third]);
    });
    each(&pages, |server, client| {
        let mut next = client.items(LIST);
        let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
        assert_eq!(items.iter().filter_map(Opaque::id).collect::<String>(), "123");
        assert_eq!(server.received().len(), 3);
    });
}

#[test]
fn a_url_may_be_absolute() {
    for stack in Stack::ALL {
        let server = Server::start(|index, request| {
            let host = request.header("host").unwrap();
            let url = format!("http://{host}{TARGET}?page={}", index + 2);
            step(&page(&["1"], if index < 2 { Value::from(url) } else { Value::Null }))
        });
        let client = stack.client(&Setup::of(&server)).unwrap();
        let mut next = client.pages(ListPersons { limit: None }, &Options::new());
        while let Some(page) = next() {
            page.unwrap();
        }
        assert_eq!(targets(&server), ["", "?page=2", "?page=3"].map(|query| format!("{TARGET}{query}")));
    }
}

#[test]
fn options_are_those_of_every_page_and_extra_parameters_of_the_first() {
    let pages = [page(&["1"], format!("{TARGET}?page=2&new=1&limit=2")), page(&[], Value::Null)];
    each(&pages, |server, client| {
        let options = Options::new().account("acct_1").param("new", "1");
        let mut next = client.pages(LIST, &options);
        while let Some(page) = next() {
            page.unwrap();
        }
        assert_eq!(targets(server), ["limit=2&new=1", "page=2&new=1&limit=2"].map(|query| format!("{TARGET}?{query}")));
        assert!(server.received().iter().all(|request| request.header("stripe-account") == Some("acct_1")));
    });
}

#[test]
fn a_url_of_anything_else_is_not_followed() {
    for url in [
        "".to_owned(),
        "?page=2".to_owned(),
        "page=2".to_owned(),
        "/".to_owned(),
        "/v2/core/accounts?page=2".to_owned(),
        "/v2/core/accounts/acct 1/persons?page=2".to_owned(),
        "/v2/core/accounts/acct_1/persons?page=2".to_owned(),
        "/v2/core/accounts/../accounts/acct%201/persons?page=2".to_owned(),
        format!("{TARGET}/?page=2"),
        format!("{TARGET}x?page=2"),
        format!("{TARGET}?page=2#a"),
        format!("{TARGET}#?page=2"),
        format!("/{TARGET}?page=2"),
        format!("//evil.example{TARGET}?page=2"),
        format!("/\\evil.example{TARGET}?page=2"),
        format!("https://evil.example{TARGET}?page=2"),
        format!("http://evil.example{TARGET}?page=2"),
        format!("http://SERVER.evil.example{TARGET}?page=2"),
        format!("http://SERVER@evil.example{TARGET}?page=2"),
        format!("http://user@SERVER{TARGET}?page=2"),
        format!("http://user:password@SERVER{TARGET}?page=2"),
        format!("https://SERVER{TARGET}?page=2"),
        format!("http://127.0.0.1:1{TARGET}?page=2"),
        format!("http://127.0.0.1{TARGET}?page=2"),
        format!("http:SERVER{TARGET}?page=2"),
        format!("file://SERVER{TARGET}?page=2"),
        format!("SERVER{TARGET}?page=2"),
        format!("evil.example{TARGET}?page=2"),
        format!(" {TARGET}?page=2"),
        format!("{TARGET}?page=2 "),
        format!("{TARGET}?page=\n2"),
    ] {
        for stack in Stack::ALL {
            let text = url.clone();
            let server = Server::start(move |_, request| {
                let url = text.replace("SERVER", request.header("host").unwrap());
                step(&page(&["1"], url))
            });
            let client = stack.client(&Setup::of(&server)).unwrap();
            let mut next = client.pages(LIST, &Options::new());
            for _ in 0..2 {
                // Again the same page, so that nothing is lost if the server thinks better of it.
                let error = next().unwrap().unwrap_err();
                assert_eq!(reason(&error), "expected a URL with the server and the path of this list", "{url}");
                assert!(!format!("{error} {error:?}").contains("evil"), "{error}");
            }
            assert_eq!(targets(&server), [format!("{TARGET}?limit=2"), format!("{TARGET}?limit=2")]);
        }
    }
}

#[test]
fn a_list_that_repeats_itself_ends() {
    let (same, second) = (format!("{TARGET}?limit=2"), format!("{TARGET}?page=2"));
    for (pages, count) in [
        (vec![page(&["1"], &*same)], 1),
        (vec![page(&["1"], &*second)], 2),
        (vec![page(&["1"], &*second), page(&["2"], &*same)], 2),
    ] {
        each(&pages, |server, client| {
            let mut next = client.pages(LIST, &Options::new());
            for _ in 1..count {
                next().unwrap().unwrap();
            }
            let error = next().unwrap().unwrap_err();
            assert_eq!(reason(&error), "expected a new page to follow, found the cursor of an earlier page");
            assert_eq!(server.received().len(), count);
        });
    }
    // Without a query, the next page would be the first one.
    each(&[page(&["1"], TARGET)], |_, client| {
        let mut next = client.pages(ListPersons { limit: None }, &Options::new());
        assert!(reason(&next().unwrap().unwrap_err()).contains("an earlier page"));
    });
}

#[test]
fn a_page_that_failed_is_requested_again() {
    for stack in Stack::ALL {
        let second = format!("{TARGET}?page=2");
        let server = Server::steps([
            step(&page(&["1"], &*second)),
            Step::response(500, r#"{"error": {"code": "c", "message": "later"}}"#),
            step(&page(&["2"], Value::Null)),
        ]);
        let client = stack.client(&Setup::of(&server)).unwrap();
        let mut next = client.pages(LIST, &Options::new());
        assert_eq!(ids(next().unwrap().unwrap().value()), ["1"]);
        assert_eq!(next().unwrap().unwrap_err().class(), ErrorClass::Server);
        assert_eq!(ids(next().unwrap().unwrap().value()), ["2"]);
        assert!(next().is_none());
        assert_eq!(targets(&server), [&*format!("{TARGET}?limit=2"), &second, &second]);
    }
}

#[test]
fn a_list_of_empty_pages_ends() {
    let pages: Vec<_> = (0..200).map(|number| page(&[], format!("{TARGET}?page={number}"))).collect();
    each(&pages, |server, client| {
        let error = client.items(LIST)().unwrap().unwrap_err();
        let ErrorKind::UnexpectedResponse(unexpected) = error.kind() else { panic!("{error:?}") };
        assert_eq!(unexpected.error().path(), "data");
        assert_eq!(unexpected.error().reason(), "expected an object after 100 pages without one, found none");
        assert_eq!(server.received().len(), 101);
    });
    // Pages with objects in between start the count again.
    let numbers = 0..150;
    let page = |number: i32| match number % 75 {
        0 => page(&["1"], format!("{TARGET}?page={number}")),
        _ => page(&[], format!("{TARGET}?page={number}")),
    };
    let pages: Vec<_> = numbers.map(page).chain([self::page(&["2"], Value::Null)]).collect();
    each(&pages, |_, client| {
        let mut items = client.items(LIST);
        let ids: Vec<_> = std::iter::from_fn(&mut items).map(|item| item.unwrap().id().unwrap().to_owned()).collect();
        assert_eq!(ids, ["1", "1", "2"]);
    });
}

#[test]
fn a_list_continues_after_a_page() {
    let server = Server::steps([step(&page(&["2"], Value::Null))]);
    let client = stripe_financial_connections::blocking::Client::builder("sk_test_1").base_url(server.url());
    let client = client.build_with(crate::harness::ureq_without_proxy(), crate::harness::Waits::default()).unwrap();
    let first: ListV2<Opaque> = serde_json::from_value(page(&["1"], format!("{TARGET}?page=2"))).unwrap();
    let others: Vec<_> = client.pages(LIST).after(&first).items().map(Result::unwrap).collect();
    assert_eq!(others.iter().filter_map(Opaque::id).collect::<Vec<_>>(), ["2"]);
    assert_eq!(targets(&server), [format!("{TARGET}?page=2")]);

    let last: ListV2<Opaque> = serde_json::from_value(page(&["1"], Value::Null)).unwrap();
    assert_eq!(client.pages(LIST).after(&last).count(), 0);
    let elsewhere: ListV2<Opaque> = serde_json::from_value(page(&["1"], "/v2/other?page=2")).unwrap();
    let error = client.pages(LIST).after(&elsewhere).next().unwrap().unwrap_err();
    assert!(error.to_string().contains("at `next_page_url`"), "{error}");
    assert_eq!(server.received().len(), 1);
}
