//! Pages of a list, one request at a time.
//!
//! The request of a further page is the first one with another cursor in its query. All other parameters stay as they were
//! encoded, so this works for any operation that returns a page. A list below `/v2/` states the whole query.

use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::Stream;

use super::{
    call::Caller,
    endpoint::request_of,
    error::Error,
    next_page::{ENDING_BEFORE, Mismatch, NextPage, Position, STARTING_AFTER},
    options::Options,
    response::{RawResponse, Response},
};
use crate::support::{InvalidInput, List, ListV2, Method, Object, Operation, Request, SearchResult};

/// A page of objects that names the next page: a [`List`] of objects with ids, a [`ListV2`] or a [`SearchResult`].
///
/// It is the [output](Operation::Output) of the operations that [`Client::pages`](crate::Client::pages) takes. This trait is
/// sealed.
///
/// # Examples
/// ```
/// # use stripe_runtime::{Error, Page, Response, blocking::Pages};
/// /// Returns the ids of the requests that it took.
/// fn request_ids<P: Page>(pages: Pages<P>) -> Result<Vec<String>, Error> {
///     pages.map(|page| Ok(page?.request_id().unwrap_or_default().to_owned())).collect()
/// }
/// ```
#[expect(private_bounds, reason = "seals the trait: how a page names the next one may change")]
pub trait Page: IntoIterator + NextPage + 'static {}

impl<T: Object + 'static> Page for List<T> {}

impl<T: 'static> Page for ListV2<T> {}

impl<T: 'static> Page for SearchResult<T> {}

/// The pages of a list, from the first one: see [`Client::pages`](crate::Client::pages).
///
/// A page is requested when it is asked for, and none ahead of it, by [`next`](Self::next) or as a [`Stream`]. Each one is
/// a [`Response`] with its own request id. All requests have the parameters of the operation, such as filters, `limit` and
/// `expand`, and the same [`Options`].
///
/// - With `ending_before`, the list is read backwards: each page is reversed, and so are the items over all pages.
///   [`Response::raw`] keeps the order of the response.
/// - The last page is the one that says so, by `has_more` or without a `next_page_url`, however many objects it has.
/// - After an error, the next call requests the same page again, so that no object is repeated or lost. The client has
///   already retried it. The stream does not end with an error: stop at the first one unless it is
///   [retryable](Error::is_retryable).
/// - `next` can be cancelled. The next call continues the same request.
///
/// It stores the cursor of each page, to detect a list that repeats itself.
///
/// # Errors
/// As those of [`Client::send`](crate::Client::send), and:
/// - [`InvalidInput`](crate::InvalidInput) if both `starting_after` and `ending_before` are set, or if the operation is not a
///   `GET`.
/// - [`UnexpectedResponse`](crate::UnexpectedResponse) if a page has more after it but no objects or no cursor, or if its cursor is
///   that of an earlier page, which would never end. Below `/v2/`, up to 100 pages in a row may have no objects, and the
///   `next_page_url` has to be of this list, and not of another path or server.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_pages.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_runtime::Error> {
/// # let client = Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
/// let mut pages = client.pages(ListCustomers::new().limit(2));
/// let mut sizes = Vec::new();
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("request {:?}", page.request_id());
///     sizes.push(page.value().len());
/// }
/// assert_eq!(sizes, [2, 1]);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<P> {
    call: PageCall<P>,
    state: State<P>,
}

/// What the requests of all pages share.
struct PageCall<P> {
    caller: Arc<Caller>,
    /// The first request, or why there is none, which each call returns.
    request: Result<Request, InvalidInput>,
    /// Its query without cursors.
    filters: String,
    backwards: bool,
    path: &'static str,
    options: Options,
    read: fn(RawResponse) -> Result<Response<P>, Error>,
}

/// The request of a page. It owns the position and returns it, so that a page is checked within its call.
type Sending<P> = Pin<Box<dyn Future<Output = (Position, Result<Response<P>, Error>)> + Send>>;

enum State<P> {
    Idle(Position),
    Sending(Sending<P>),
}

impl<P: Page> Pages<P> {
    pub(super) fn new<O: Operation<Output = P>>(caller: &Arc<Caller>, operation: &O, options: &Options) -> Self {
        // A cursor in the options would be added to each request, so it becomes one of the first request.
        let mut options = options.clone();
        let params = mem::take(&mut options.params).into_iter();
        let (cursors, params): (Vec<_>, Vec<_>) = params.partition(|(name, _)| P::is_cursor(name));
        options.params = params;
        let request = request_of(operation);
        let request = request.map(|request| cursors.iter().fold(request, |all, (name, value)| all.param(name, value)));

        let query = request.as_ref().ok().and_then(Request::query).unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let (cursors, filters): (Vec<_>, Vec<_>) = pairs.partition(|pair| P::is_cursor(name(pair)));
        let has = |cursor| cursors.iter().any(|pair| name(pair) == cursor);
        let (forwards, backwards) = (has(STARTING_AFTER), has(ENDING_BEFORE));
        let known = cursors.join("&");
        let filters = filters.join("&");

        let request = match request {
            Ok(_) if O::METHOD != Method::Get => Err(InvalidInput::new(
                "method",
                "is not `GET`, and only such a request has pages",
                "use `send` instead",
            )),
            Ok(_) if forwards && backwards => {
                let help = "set `starting_after` to read forwards or `ending_before` to read backwards, not both";
                Err(InvalidInput::new("cursor", "is set for both directions", help))
            }
            request => request,
        };
        let position = Position::new(&caller.endpoint, request.as_ref().ok(), known);
        let read = Response::read::<O>;
        let call = PageCall { caller: Arc::clone(caller), request, filters, backwards, path: O::PATH, options, read };
        Self { call, state: State::Idle(position) }
    }

    /// Continues after a page that you have, such as the first one that is a field of another object. Without more objects after
    /// it, there are no pages. The page has Stripe's order, also with `ending_before`.
    ///
    /// A page that has more after it but no object to continue after is an [`InvalidInput`](crate::InvalidInput).
    ///
    /// ```
    #[doc = include_str!("doctest_pages.txt")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), stripe_runtime::Error> {
    /// # let client = Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
    /// # let field = br#"{
    /// #     "object": "list", "has_more": true, "url": "/v1/customers",
    /// #     "data": [{"id": "cus_1", "object": "customer"}, {"id": "cus_2", "object": "customer"}]
    /// # }"#;
    /// # let first_page: List<Opaque> = decode(field).expect("it is a list");
    /// let list = ListCustomers::new().limit(2);
    /// let mut others = client.pages(list).after(&first_page).items();
    /// let customer = others.next().await.expect("there is a second page")?;
    /// assert_eq!(customer.id(), Some("cus_3"));
    /// assert!(others.next().await.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(mut self, page: &P) -> Self {
        let Self { call, state: State::Idle(position) } = &mut self else { return self };
        if let Err(Mismatch { path, reason }) = position.move_after(page, call.backwards) {
            let reason = format!("does not say what follows: at `{path}`, {reason}");
            let invalid = InvalidInput::new("page", reason, "pass a page as Stripe sent it");
            call.request = call.request.clone().and(Err(invalid));
        }
        self
    }

    /// Requests the next page. Returns `None` after the last one.
    ///
    /// # Errors
    /// See [`Pages`].
    pub async fn next(&mut self) -> Option<Result<Response<P>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// Converts the pages into their items, which [`next`](Items::next) returns one by one. A `for` loop takes those of the
    /// [blocking client](crate::blocking::Pages::items) only.
    pub fn items(self) -> Items<P> {
        Items { pages: self, page: None }
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response<P>, Error>>> {
        loop {
            match &mut self.state {
                State::Idle(position) if position.ended => return Poll::Ready(None),
                State::Idle(position) => self.state = State::Sending(self.call.send(mem::take(position))),
                State::Sending(call) => {
                    let (position, outcome) = ready!(call.as_mut().poll(context));
                    self.state = State::Idle(position);
                    return Poll::Ready(Some(outcome));
                }
            }
        }
    }
}

/// Returns the name of a parameter in a query.
fn name(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

impl<P: Page> PageCall<P> {
    /// Requests a page, and returns the position of the next one: the same one after an error.
    fn send(&self, mut position: Position) -> Sending<P> {
        let caller = Arc::clone(&self.caller);
        let prepared = self.request(&position).map_err(Error::from);
        let prepared = prepared.and_then(|request| caller.prepare(request, &self.options));
        let (path, backwards, read) = (self.path, self.backwards, self.read);
        Box::pin(async move {
            // Within the call, so that an invalid page is an error of its span.
            let check = |raw| position.advance(read(raw)?, backwards);
            let outcome = caller.call(Method::Get, Some(path), prepared, check).await;
            (position, outcome)
        })
    }

    fn request(&self, position: &Position) -> Result<Request, InvalidInput> {
        let request = self.request.clone()?;
        let Some(cursor) = &position.cursor else { return Ok(request) };
        let separator = if self.filters.is_empty() { "" } else { "&" };
        Ok(request.with_query(format!("{}{separator}{cursor}", self.filters)))
    }
}

impl<P: Page> Stream for Pages<P> {
    type Item = Result<Response<P>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first request: it hides parameters that are secret.
        f.debug_struct("Pages").field("request", &self.call.request.as_ref().ok()).finish_non_exhaustive()
    }
}

/// The items of a list over all its pages, which are requested when they are reached: see [`Pages::items`].
///
/// The rules and errors are those of [`Pages`].
///
/// # Examples
/// ```
#[doc = include_str!("doctest_pages.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_runtime::Error> {
/// # let client = Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
/// let mut customers = client.pages(ListCustomers::new().limit(2)).items();
/// let mut ids = Vec::new();
/// while let Some(customer) = customers.next().await {
///     ids.extend(customer?.id().map(str::to_owned));
/// }
/// assert_eq!(ids, ["cus_1", "cus_2", "cus_3"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until an item is asked for"]
pub struct Items<P: Page> {
    pages: Pages<P>,
    /// What is left of the current page.
    page: Option<P::IntoIter>,
}

impl<P: Page> Items<P> {
    /// Returns the next item, or `None` after the last one. Requests the page of the item when the page before is used up.
    ///
    /// # Errors
    /// See [`Pages`].
    pub async fn next(&mut self) -> Option<Result<P::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::Item, Error>>> {
        loop {
            if let Some(item) = self.page.as_mut().and_then(Iterator::next) {
                return Poll::Ready(Some(Ok(item)));
            }
            self.page = match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => Some(page.into_value().into_iter()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
        }
    }
}

// Nothing in it is pinned: items are moved out.
impl<P: Page> Unpin for Items<P> {}

impl<P: Page> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<P: Page> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
