//! The blocking client.

use std::{iter::FusedIterator, sync::Arc};

use super::{
    builder::{ClientBuilder, client},
    call::Caller,
    error::Error,
    key::KeySource,
    options::Options,
    pages::{self, Page},
    response::{RawResponse, Response},
    timer::Timer,
    transport::Transport,
};
use crate::support::{Operation, Request};

/// Sends operations to Stripe, and blocks the thread until the response has arrived. Cheap to clone: clones share their
/// connections.
///
/// It behaves like the [async client](crate::Client), with the same retries, errors, options and
/// [spans](crate::Client#tracing). Do not use it in async code, where it would block other tasks.
///
/// **At the log level `TRACE`, ureq logs the API key and the bodies of responses.** Turn that off with the filter
/// `ureq_proto=debug`, for example `RUST_LOG=trace,ureq_proto=debug`.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
#[doc = include_str!("doctest_transport.txt")]
/// # use stripe_runtime::{ThreadTimer, blocking::Client};
/// # #[cfg(feature = "ureq")]
/// let client = Client::new("sk_test_123")?;
/// # let client = Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
/// let customer = client.send(&RetrieveCustomer::new("cus_1"))?.into_value();
/// assert_eq!(customer.id(), Some("cus_1"));
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Caller>);

client! {
    Client, over "ureq", UreqTransport,
    |builder| builder.caller(|| Ok(crate::UreqTransport::default()), crate::ThreadTimer),
    any " whose futures can be driven by a blocked thread",
    missing "`Client::new` and `ClientBuilder::build` of the blocking client need the feature `ureq`",
    "the feature `ureq` is off"
}

impl Client {
    /// Sends an operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<O: Operation>(&self, operation: &O) -> Result<Response<O::Output>, Error> {
        self.send_with(operation, &Options::new())
    }

    /// Sends an operation with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<O: Operation>(&self, operation: &O, options: &Options) -> Result<Response<O::Output>, Error> {
        pollster::block_on(self.0.send(operation, options))
    }

    /// Sends a [`Request`], such as one to an endpoint that this crate does not know.
    ///
    /// # Errors
    /// As [the async client's](crate::Client::send_raw).
    #[doc(alias = "raw_request")]
    #[doc(alias = "rawRequest")]
    pub fn send_raw(&self, request: Request) -> Result<RawResponse, Error> {
        self.send_raw_with(request, &Options::new())
    }

    /// Sends a [`Request`] with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`send_raw`](Self::send_raw).
    pub fn send_raw_with(&self, request: Request, options: &Options) -> Result<RawResponse, Error> {
        pollster::block_on(self.0.send_raw(request, options))
    }
}

/// The pages of a list, from the first one, as an iterator: see [`Client::pages`], and [`Items`] for an example.
///
/// The rules and errors are those of [the async client's](crate::Pages): a page is requested when it is asked for, and after
/// an error the next call requests it again. A `for` loop takes the pages as it takes their [`Items`].
#[derive(Debug)]
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<P: Page>(pages::Pages<P>);

impl<P: Page> Pages<P> {
    fn new<O: Operation<Output = P>>(caller: &Arc<Caller>, operation: &O, options: &Options) -> Self {
        Self(pages::Pages::new(caller, operation, options))
    }

    /// Continues after a page that you have: see [the async client's](crate::Pages::after).
    pub fn after(self, page: &P) -> Self {
        Self(self.0.after(page))
    }

    /// Converts the pages into their items.
    pub fn items(self) -> Items<P> {
        Items(self.0.items())
    }
}

impl<P: Page> Iterator for Pages<P> {
    type Item = Result<Response<P>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        pollster::block_on(self.0.next())
    }
}

impl<P: Page> FusedIterator for Pages<P> {}

/// The items of a list over all its pages, which are requested when they are reached: see [`Pages::items`].
///
/// # Examples
/// ```
#[doc = include_str!("doctest_pages.txt")]
/// # let client = blocking::Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
/// let customers = client.pages(ListCustomers::new().limit(2)).items();
/// let mut ids = Vec::new();
/// for customer in customers {
///     ids.extend(customer?.id().map(str::to_owned));
/// }
/// assert_eq!(ids, ["cus_1", "cus_2", "cus_3"]);
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until an item is asked for"]
pub struct Items<P: Page>(pages::Items<P>);

impl<P: Page> Iterator for Items<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        pollster::block_on(self.0.next())
    }
}

impl<P: Page> FusedIterator for Items<P> {}
