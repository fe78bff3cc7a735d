//! Lists that cannot be read to their end.

use serde_json::{Value, json};
use stripe_financial_connections::{
    ErrorClass, ErrorKind, InvalidInput, List, Method, Opaque, Operation, Options, Page, Request,
};

use crate::harness::{AnyClient, Setup, Stack};
use crate::pages::{SEVEN, Store, each, failure, ids, list, mismatch, numbered, page, queries, results, search};
use crate::server::Server;

/// Checks that each call returns the same error of the input, and that nothing is sent.
fn assert_refused<O>(server: &Server, client: &AnyClient, operation: O, options: &Options, input: &str)
where
    O: Operation<Output: Page + std::fmt::Debug>,
{
    let mut next = client.pages(operation, options);
    for _ in 0..2 {
        let error = next().unwrap().unwrap_err();
        assert_eq!(error.class(), ErrorClass::InvalidInput);
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(error) if error.input() == input), "{error}");
    }
    assert!(server.received().is_empty());
}

#[test]
fn both_directions_at_once_are_refused() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            let both = list(&[("ending_before", "t1"), ("limit", "2"), ("starting_after", "t7")]);
            assert_refused(server, client, both, &Options::new(), "cursor");
            let options = Options::new().param("ending_before", "t1");
            assert_refused(server, client, list(&[("starting_after", "t7")]), &options, "cursor");
        },
    );
}

/// An operation without a valid request.
struct Invalid;

impl Operation for Invalid {
    type Output = List<Opaque>;

    const API_VERSION: Option<&'static str> = None;
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/things/{thing}/parts";

    fn request(&self) -> Result<Request, InvalidInput> {
        Request::new(Self::METHOD, Self::PATH, &[("thing", "..")])
    }
}

/// A `POST` that returns a list.
struct Post;

impl Operation for Post {
    type Output = List<Opaque>;

    const API_VERSION: Option<&'static str> = None;
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/things";

    fn request(&self) -> Result<Request, InvalidInput> {
        Request::new(Self::METHOD, Self::PATH, &[])
    }
}

#[test]
fn an_invalid_request_is_an_error_each_time() {
    each(
        || Store::of(&SEVEN).serve(),
        |server, client| {
            assert_refused(server, client, Invalid, &Options::new(), "path parameter `thing`");
            assert_refused(server, client, Post, &Options::new(), "method");
            let options = Options::new().account("not an account");
            assert_refused(server, client, list(&[]), &options, "account");
        },
    );
}

const REPEATED: &str = "expected a new page to follow, found the cursor of an earlier page";

#[test]
fn a_cursor_that_repeats_is_an_error() {
    // A server that ignores the cursor.
    each(
        || Server::start(|index, _| numbered(index, page(&["t2", "t1"], true))),
        |server, client| {
            let mut next = client.items(list(&[]));
            assert_eq!(next().unwrap().unwrap().id(), Some("t2"));
            assert_eq!(next().unwrap().unwrap().id(), Some("t1"));
            for id in ["req_2", "req_3"] {
                assert_eq!(mismatch(next()), (id.to_owned(), "has_more".to_owned(), REPEATED.to_owned()));
            }
            assert_eq!(queries(server), ["", "?starting_after=t1", "?starting_after=t1"]);
        },
    );

    // One that goes round in a circle of three pages.
    each(
        || Server::start(|index, _| numbered(index, page(&[["t3"], ["t2"], ["t1"]][index % 3], true))),
        |_, client| {
            let mut next = client.pages(list(&[]), &Options::new());
            for _ in 0..3 {
                next().unwrap().unwrap();
            }
            assert_eq!(mismatch(next()).0, "req_4");
        },
    );

    // One whose page ends where it starts, in both directions.
    each(
        || Server::start(|index, _| numbered(index, page(&["t1", "t2", "t1"], true))),
        |_, client| {
            for cursor in ["starting_after", "ending_before"] {
                mismatch(client.pages(list(&[(cursor, "t1")]), &Options::new())());
            }
        },
    );

    each(
        || Server::start(|index, _| numbered(index, results(&["t1"], "p2", true))),
        |server, client| {
            let mut next = client.pages(search(&[("query", "a:'b'")]), &Options::new());
            next().unwrap().unwrap();
            assert_eq!(mismatch(next()).2, REPEATED);
            assert_eq!(queries(server)[1], "?query=a%3A%27b%27&page=p2");
        },
    );
}

#[test]
fn more_without_a_cursor_is_an_error() {
    let no_data = "expected an object, as `has_more` is true, found none";
    let no_id = "expected the id that selects the next page";
    let with = |data: Value| json!({"object": "list", "data": data, "has_more": true, "url": "/v1/things"}).to_string();
    let lists = [
        (page(&[""; 0], true), "data", no_data),
        (page(&["t2", ""], true), "data[1].id", no_id),
        (with(json!([{"id": "t2", "object": "thing"}, {"object": "thing"}])), "data[1].id", no_id),
        (with(json!([{"id": 7, "object": "thing"}])), "data[0].id", no_id),
    ];
    for (body, path, reason) in lists {
        // In the middle, where a clean end would lose the rest.
        let bodies = [page(&["t3"], true), body, page(&["t2"], false)];
        let serve = || {
            let bodies = bodies.clone();
            Server::start(move |index, _| numbered(index, bodies[index].clone()))
        };
        each(serve, |server, client| {
            let mut next = client.items(list(&[]));
            assert_eq!(next().unwrap().unwrap().id(), Some("t3"));
            assert_eq!(mismatch(next()), ("req_2".to_owned(), path.to_owned(), reason.to_owned()));
            assert_eq!(next().unwrap().unwrap().id(), Some("t2"));
            assert!(next().is_none());
            assert_eq!(queries(server), ["", "?starting_after=t3", "?starting_after=t3"]);
        });
    }

    // Backwards, it is the first object whose id is needed.
    each(
        || Server::start(|index, _| numbered(index, page(&["", "t2"], true))),
        |_, client| {
            let mut next = client.pages(list(&[("ending_before", "t1")]), &Options::new());
            assert_eq!(mismatch(next()).1, "data[0].id");
        },
    );

    let no_page = "expected the next page, as `has_more` is true";
    let searches = [
        (results(&[], "p2", true), "data", no_data),
        (results(&["t1"], Value::Null, true), "next_page", no_page),
        (results(&["t1"], "", true), "next_page", no_page),
    ];
    for (body, path, reason) in searches {
        let serve = || {
            let body = body.clone();
            Server::start(move |index, _| numbered(index, body.clone()))
        };
        each(serve, |_, client| {
            let mut next = client.pages(search(&[]), &Options::new());
            assert_eq!(mismatch(next()), ("req_1".to_owned(), path.to_owned(), reason.to_owned()));
        });
    }
}

/// A server over a store whose second request fails, and before which an object is added.
fn failing_once(store: &Store) -> Server {
    let store = store.clone();
    Server::start(move |index, request| {
        if index == 1 {
            store.add("t8");
            return failure();
        }
        store.respond(index, request)
    })
}

#[test]
fn nothing_is_lost_or_repeated_by_a_retry() {
    for stack in Stack::ALL {
        let server = failing_once(&Store::of(&SEVEN));
        let client = stack.client(&Setup { retries: 1, ..Setup::of(&server) }).unwrap();
        let mut next = client.items(list(&[("limit", "3")]));
        let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
        assert_eq!(ids(items), SEVEN, "{stack:?}");
        assert_eq!(client.waits.all().len(), 1);
        let second = "?limit=3&starting_after=t5";
        assert_eq!(queries(&server), ["?limit=3", second, second, "?limit=3&starting_after=t2"]);

        // Backwards, the object that was added comes last.
        let server = failing_once(&Store::of(&SEVEN));
        let client = stack.client(&Setup { retries: 1, ..Setup::of(&server) }).unwrap();
        let mut next = client.items(list(&[("limit", "3"), ("ending_before", "t1")]));
        let items: Vec<_> = std::iter::from_fn(|| next().map(Result::unwrap)).collect();
        assert_eq!(ids(items), ["t2", "t3", "t4", "t5", "t6", "t7", "t8"], "{stack:?}");
    }
}

#[test]
fn after_an_error_the_same_page_is_requested_again() {
    each(
        || failing_once(&Store::of(&SEVEN)),
        |server, client| {
            let mut next = client.items(list(&[("limit", "3")]));
            let mut items = Vec::new();
            let mut errors = Vec::new();
            while let Some(item) = next() {
                match item {
                    Ok(item) => items.push(item),
                    Err(error) => errors.push((items.len(), error.class())),
                }
            }
            assert_eq!(ids(items), SEVEN);
            assert_eq!(errors, [(3, ErrorClass::Server)]);
            let second = "?limit=3&starting_after=t5";
            assert_eq!(queries(server), ["?limit=3", second, second, "?limit=3&starting_after=t2"]);
        },
    );

    // The first page, and one that does not decode.
    let serve = || {
        let store = Store::of(&SEVEN);
        Server::start(move |index, request| match index {
            0 => failure(),
            2 => numbered(index, "{}".to_owned()),
            _ => store.respond(index, request),
        })
    };
    each(serve, |server, client| {
        let mut next = client.pages(list(&[("limit", "4")]), &Options::new());
        assert_eq!(next().unwrap().unwrap_err().class(), ErrorClass::Server);
        assert_eq!(ids(next().unwrap().unwrap().into_value()), ["t7", "t6", "t5", "t4"]);
        assert_eq!(next().unwrap().unwrap_err().class(), ErrorClass::UnexpectedResponse);
        assert_eq!(ids(next().unwrap().unwrap().into_value()), ["t3", "t2", "t1"]);
        assert!(next().is_none());
        assert_eq!(queries(server).len(), 4);
    });
}
