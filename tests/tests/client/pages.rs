//! Paging: which requests arrive, which items come out, and that no list is silently cut off, repeated or endless.

mod failures;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures_core::Stream;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_financial_connections::{
    Client, Error, ErrorClass, ErrorKind, InvalidInput, List, Method, Opaque, Operation, Options, Request,
    SearchResult, Secret, Transport, TransportError, TransportLimits,
};

use crate::harness::{AnyClient, KEY, Setup, Stack, Waits};
use crate::server::{Received, Server, Step};

/// An operation that returns a page, with any parameters.
struct Things<P> {
    params: Vec<(&'static str, &'static str)>,
    page: PhantomData<fn() -> P>,
}

impl<P: DeserializeOwned> Operation for Things<P> {
    type Output = P;

    const API_VERSION: Option<&'static str> = Some("2026-09-30.endive");
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/things";

    fn request(&self) -> Result<Request, InvalidInput> {
        let request = Request::new(Self::METHOD, Self::PATH, &[])?.with_api_version(Self::API_VERSION);
        Ok(self.params.iter().fold(request, |request, (name, value)| request.param(name, *value)))
    }
}

fn list(params: &[(&'static str, &'static str)]) -> Things<List<Opaque>> {
    Things { params: params.to_vec(), page: PhantomData }
}

fn search(params: &[(&'static str, &'static str)]) -> Things<SearchResult<Opaque>> {
    Things { params: params.to_vec(), page: PhantomData }
}

/// The body of a list. Its `url` is not that of the operation.
fn page(ids: &[impl AsRef<str>], has_more: bool) -> String {
    let data: Vec<_> = ids.iter().map(|id| json!({"id": id.as_ref(), "object": "thing"})).collect();
    json!({"object": "list", "data": data, "has_more": has_more, "url": "https://elsewhere.example/v2/other"})
        .to_string()
}

fn results(ids: &[&str], next_page: impl Into<Value>, has_more: bool) -> String {
    let data: Vec<_> = ids.iter().map(|id| json!({"id": id, "object": "thing"})).collect();
    let next_page = next_page.into();
    json!({"object": "search_result", "data": data, "has_more": has_more, "next_page": next_page, "url": "/elsewhere"})
        .to_string()
}

/// A response whose request id has the number of the request.
fn numbered(index: usize, body: String) -> Step {
    let response = http::Response::builder().status(200).header("request-id", format!("req_{}", index + 1));
    Step::Response(response.body(body.into_bytes()).unwrap())
}

fn failure() -> Step {
    Step::response(500, r#"{"error": {"type": "api_error", "message": "later"}}"#)
}

/// Returns the queries of the requests, all of which have the path of the operation.
fn queries(server: &Server) -> Vec<String> {
    let received = server.received();
    received.iter().map(|request| request.target.strip_prefix("/v1/things").unwrap().to_owned()).collect()
}

fn ids(page: impl IntoIterator<Item = Opaque>) -> Vec<String> {
    page.into_iter().map(|thing| thing.id().unwrap().to_owned()).collect()
}

/// A list that pages as Stripe does: newest first, `limit` objects after or before the object of the cursor.
#[derive(Clone)]
struct Store(Arc<Mutex<Vec<String>>>);

impl Store {
    fn of(ids: &[&str]) -> Self {
        Self(Arc::new(Mutex::new(ids.iter().map(|id| (*id).to_owned()).collect())))
    }

    /// Adds an object, which is the newest.
    fn add(&self, id: &str) {
        self.0.lock().unwrap().insert(0, id.to_owned());
    }

    fn respond(&self, index: usize, request: &Received) -> Step {
        let all = self.0.lock().unwrap();
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let limit = query.get("limit").map_or(10, |limit| limit.parse().unwrap());
        let position = |name| {
            let id: &String = query.get(name)?;
            Some(all.iter().position(|other| other == id).expect("the cursor is an object"))
        };
        let body = if let Some(end) = position("ending_before") {
            let start = end.saturating_sub(limit);
            page(&all[start..end], start > 0)
        } else {
            let start = position("starting_after").map_or(0, |after| after + 1);
            let end = all.len().min(start + limit);
            page(&all[start..end], end < all.len())
        };
        numbered(index, body)
    }

    fn serve(&self) -> Server {
        let store = self.clone();
        Server::start(move |index, request| store.respond(index, request))
    }
}

const SEVEN: [&str; 7] = ["t7", "t6", "t5", "t4", "t3", "t2", "t1"];

/// Runs a test on both clients, each with its own server and without retries.
fn each(serve: impl Fn() -> Server, check: impl Fn(&Server, &AnyClient)) {
    for stack in Stack::ALL {
        println!("{stack:?}");
        let server = serve();
        check(&server, &stack.client(&Setup::of(&server)).unwrap());
    }
}

/// Returns the error of the next page, which has to be an unexpected response: its request id, path and reason.
fn mismatch<T: std::fmt::Debug>(next: Option<Result<T, Error>>) -> (String, String, String) {
    let error = next.expect("an error is not the end").unwrap_err();
    assert_eq!(error.class(), ErrorClass::UnexpectedResponse);
    assert!(!error.is_retryable());
    assert!(error.to_string().contains(error.request_id().unwrap()), "{error}");
    let ErrorKind::UnexpectedResponse(unexpected) = error.kind() else { panic!("{error:?}") };
    assert!(!unexpected.response().body().is_empty());
    let texts = [error.request_id().unwrap(), unexpected.error().path(), unexpected.error().reason()];
    let [id, path, reason] = texts.map(str::to_owned);
    (id, path, reason)
}

#[test]
fn every_page_has_the_parameters_and_the_next_cursor() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let customer = ("account_holder[customer]", "cus_1");
            let params = [customer, ("limit", "2"), ("expand[0]", "data.owner"), ("name", "a&b=c")];
            let mut next = client.pages(list(&params), &Options::new());
            let pages = [["t7", "t6"].as_slice(), &["t5", "t4"], &["t3", "t2"], &["t1"]];
            for (number, expected) in (1..).zip(pages) {
                let page = next().unwrap().unwrap();
                assert_eq!(page.request_id(), Some(&*format!("req_{number}")));
                assert_eq!(ids(page.into_value()), expected);
            }
            assert!(next().is_none());

            let first = "?account_holder[customer]=cus_1&limit=2&expand[0]=data.owner&name=a%26b%3Dc";
            let cursors = ["", "&starting_after=t6", "&starting_after=t4", "&starting_after=t2"];
            assert_eq!(queries(server), cursors.map(|cursor| format!("{first}{cursor}")));
        },
    );
}

#[test]
fn a_cursor_of_the_operation_is_replaced() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let params = [("starting_after", "t6"), ("limit", "3")];
            let mut next = client.items(list(&params));
            let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
            assert_eq!(ids(items), ["t5", "t4", "t3", "t2", "t1"]);
            assert_eq!(queries(server), ["?starting_after=t6&limit=3", "?limit=3&starting_after=t3"]);
        },
    );
}

#[test]
fn a_cursor_is_percent_encoded() {
    let strange = "a&b=c d/\u{fc}%20+";
    each(
        || Store::of(&[strange, "t1"]).serve(),
        |server, client| {
            let mut next = client.items(list(&[("limit", "1")]));
            let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
            assert_eq!(ids(items), [strange, "t1"]);
            assert_eq!(queries(server)[1], "?limit=1&starting_after=a%26b%3Dc%20d%2F%C3%BC%2520%2B");
        },
    );
}

#[test]
fn nothing_is_requested_ahead() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let requests = || server.received().len();
            let mut next = client.pages(list(&[("limit", "3")]), &Options::new());
            assert_eq!(requests(), 0);
            for expected in 1..=3 {
                next().unwrap().unwrap();
                assert_eq!(requests(), expected);
            }
            // The last page said so: the end takes no request, however often it is asked for.
            assert!(next().is_none() && next().is_none());
            assert_eq!(requests(), 3);

            let mut next = client.items(list(&[("limit", "3")]));
            assert_eq!(requests(), 3);
            for expected in [4, 4, 4, 5, 5, 5, 6] {
                next().unwrap().unwrap();
                assert_eq!(requests(), expected);
            }
            assert!(next().is_none() && next().is_none());
            assert_eq!(requests(), 6);
        },
    );
}

#[test]
fn has_more_decides_and_not_the_length() {
    // Fewer objects than the limit on the first page, and exactly as many on the last.
    let steps = || {
        let bodies = [page(&["t5"], true), page(&["t4", "t3"], true), page(&["t2", "t1"], false)];
        Server::start(move |index, _| numbered(index, bodies.get(index).expect("a page too many").clone()))
    };
    each(steps, |server, client| {
        let mut next = client.items(list(&[("limit", "2")]));
        let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
        assert_eq!(ids(items), ["t5", "t4", "t3", "t2", "t1"]);
        assert_eq!(queries(server).len(), 3);
    });

    // An empty list has one page and no items.
    each(
        || Store::of(&[]).serve(),
        |server, client| {
            let mut next = client.pages(list(&[]), &Options::new());
            assert!(next().unwrap().unwrap().value().is_empty());
            assert!(next().is_none());
            assert!(client.items(list(&[]))().is_none());
            assert_eq!(queries(server), ["", ""]);
        },
    );
}

#[test]
fn a_list_can_be_read_backwards() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let params = [("ending_before", "t1"), ("limit", "2")];
            let mut next = client.pages(list(&params), &Options::new());
            for expected in [["t2", "t3"], ["t4", "t5"], ["t6", "t7"]] {
                let page = next().unwrap().unwrap();
                assert_eq!(ids(page.value().data.clone()), expected);
                // The raw response keeps Stripe's order.
                let raw: Value = page.raw().json().unwrap();
                assert_eq!([&raw["data"][1]["id"], &raw["data"][0]["id"]], expected);
            }
            assert!(next().is_none());
            let expected = ["?ending_before=t1&limit=2", "?limit=2&ending_before=t3", "?limit=2&ending_before=t5"];
            assert_eq!(queries(server), expected);

            let mut next = client.items(list(&params));
            let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
            assert_eq!(ids(items), ["t2", "t3", "t4", "t5", "t6", "t7"]);
        },
    );
}

#[test]
fn the_options_apply_to_every_page() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let options = Options::new()
                .account("acct_1")
                .api_version("2030-01-01")
                .header("x-example", "1")
                .param("new_parameter", "42")
                .param("starting_after", "t6");
            let mut next = client.pages(list(&[("limit", "2")]), &options);
            let pages: Vec<_> = std::iter::from_fn(|| next().map(|page| ids(page.unwrap().into_value()))).collect();
            assert_eq!(pages, [["t5", "t4"].as_slice(), &["t3", "t2"], &["t1"]]);
            // The cursor of the options is that of the first page only.
            let cursors = ["t6", "t4", "t2"];
            let expected = cursors.map(|cursor| format!("?limit=2&starting_after={cursor}&new_parameter=42"));
            assert_eq!(queries(server), expected);
            for request in server.received() {
                assert_eq!(request.header("stripe-account"), Some("acct_1"));
                assert_eq!(request.header("stripe-version"), Some("2030-01-01"));
                assert_eq!(request.header("x-example"), Some("1"));
                assert_eq!(request.method, http::Method::GET);
            }
        },
    );
}

#[test]
fn the_url_of_a_list_is_not_followed() {
    // `page` names another server and another path, which `queries` would not accept.
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let mut next = client.items(list(&[("limit", "1")]));
            assert_eq!(std::iter::from_fn(|| next().map(Result::unwrap)).count(), 7);
            assert_eq!(queries(server).len(), 7);
        },
    );
}

#[test]
fn search_results_page_by_their_token() {
    let serve = || {
        Server::start(|index, _| {
            let bodies = [results(&["t3"], "p 2", true), results(&["t2"], "p3", true), results(&["t1"], "p4", false)];
            numbered(index, bodies[index].clone())
        })
    };
    each(serve, |server, client| {
        let mut next = client.items(search(&[("query", "q"), ("page", "p1"), ("limit", "1")]));
        let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
        assert_eq!(ids(items), ["t3", "t2", "t1"]);
        let expected = ["?query=q&page=p1&limit=1", "?query=q&limit=1&page=p%202", "?query=q&limit=1&page=p3"];
        assert_eq!(queries(server), expected);
    });
}

/// Two pages of one object each. The second response is held back until the first poll for it was given up.
#[derive(Clone, Default)]
struct Slow {
    given_up: Arc<AtomicBool>,
    queries: Arc<Mutex<Vec<Option<String>>>>,
}

impl Transport for Slow {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let is_first = request.uri().query().is_none();
        self.queries.lock().unwrap().push(request.uri().query().map(str::to_owned));
        poll_fn(|_| if is_first || self.given_up.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending })
            .await;
        let body = if is_first { page(&["t2"], true) } else { page(&["t1"], false) };
        Ok(http::Response::new(body.into_bytes()))
    }
}

#[tokio::test]
async fn the_next_page_can_be_cancelled() {
    let slow = Slow::default();
    let client = Client::builder(KEY).build_with(slow.clone(), Waits::default()).unwrap();
    let mut items = client.pages(list(&[])).items();
    assert_eq!(items.next().await.unwrap().unwrap().id(), Some("t2"));
    {
        let mut next = pin!(items.next());
        let is_pending = poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await;
        assert!(is_pending);
    }
    slow.given_up.store(true, Ordering::Relaxed);
    assert_eq!(items.next().await.unwrap().unwrap().id(), Some("t1"));
    assert!(items.next().await.is_none());
    // The request was continued, not repeated.
    assert_eq!(*slow.queries.lock().unwrap(), [None, Some("starting_after=t2".to_owned())]);
}

#[tokio::test]
async fn pages_and_items_are_streams_that_move_between_threads() {
    fn sendable<T: Send + Unpin + 'static>(value: T) -> T {
        value
    }
    fn assert_send(_: &impl Send) {}
    async fn collect<T>(mut stream: impl Stream<Item = Result<T, Error>> + Unpin) -> Vec<T> {
        let mut all = Vec::new();
        while let Some(next) = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await {
            all.push(next.unwrap());
        }
        all
    }
    let slow = Slow { given_up: Arc::new(AtomicBool::new(true)), ..Slow::default() };
    let client = Client::builder(KEY).build_with(slow, Waits::default()).unwrap();
    let pages = collect(sendable(client.pages(list(&[])))).await;
    assert_eq!(pages.len(), 2);
    let mut pages = client.pages(list(&[]));
    assert_send(&pages.next());
    let items = sendable(client.pages(list(&[])).items());
    assert_eq!(ids(collect(items).await), ["t2", "t1"]);
}

#[test]
fn debug_shows_no_secret_parameter() {
    struct Hidden;
    impl Operation for Hidden {
        type Output = List<Opaque>;

        const API_VERSION: Option<&'static str> = None;
        const METHOD: Method = Method::Get;
        const PATH: &'static str = "/v1/things";

        fn request(&self) -> Result<Request, InvalidInput> {
            Ok(Request::new(Self::METHOD, Self::PATH, &[])?.param("token", Secret::new("tok_NOT_TO_BE_SHOWN")))
        }
    }
    let client = Client::builder(KEY).build_with(Slow::default(), Waits::default()).unwrap();
    let pages = client.pages(Hidden);
    let shown = format!("{pages:?} {:?}", client.pages(Hidden).items());
    assert!(shown.contains("/v1/things") && !shown.contains("NOT_TO_BE_SHOWN") && !shown.contains(KEY), "{shown}");
}
