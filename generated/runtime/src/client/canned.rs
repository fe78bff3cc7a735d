//! A transport for the tests of programs: it has no network, responds as it is told, and remembers what was asked.

use std::{
    fmt,
    future::{Future, ready},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_core::Serialize;

use super::{
    timer::Timer,
    transport::{Transport, TransportLimits},
    transport_error::{TransportError, TransportErrorKind},
};
use crate::support::{Method, Operation};

/// Responds to requests without a network, by their method and path, and records them: for tests.
///
/// It is a [`Timer`] as well, which does not wait between retries. Clones share their responses and records. Responses to the
/// same method and path are used in the order in which they were added, such as for the pages of a list; the last one is
/// repeated. Of several paths that fit a request, the one that was added first counts.
///
/// Only with the feature `test-util`.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
/// # use stripe_runtime::{CannedTransport, Method, blocking::Client};
/// # use serde_json::json;
/// let customer = json!({"id": "cus_1", "object": "customer"});
/// let error = json!({"error": {"type": "invalid_request_error", "code": "resource_missing"}});
/// let stripe = CannedTransport::new()
///     .on(Method::Get, "/v1/customers/cus_1", 200, &customer)
///     .on(Method::Get, "/v1/customers/{customer}", 404, &error);
/// let client = Client::builder("sk_test_123").build_with(stripe.clone(), stripe.clone())?;
///
/// let customer = client.send(&RetrieveCustomer::new("cus_1"))?.into_value();
/// assert_eq!(customer.id(), Some("cus_1"));
/// let error = client.send(&RetrieveCustomer::new("cus_2")).unwrap_err();
/// assert_eq!(error.code(), Some("resource_missing"));
/// assert_eq!(stripe.requests()[1].uri().path(), "/v1/customers/cus_2");
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CannedTransport(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<http::Request<Vec<u8>>>,
}

struct Rule {
    method: &'static str,
    path: String,
    outcome: Result<(u16, Vec<u8>), TransportErrorKind>,
    is_used: bool,
}

impl Rule {
    /// Whether it is for a request: a segment in braces stands for any one.
    fn matches(&self, request: &http::Request<Vec<u8>>) -> bool {
        let (ours, theirs) = (self.path.split('/'), request.uri().path().split('/'));
        let is_same = |(ours, theirs): (&str, &str)| ours == theirs || (ours.starts_with('{') && ours.ends_with('}'));
        self.method == request.method().as_str()
            && ours.clone().count() == theirs.clone().count()
            && ours.zip(theirs).all(is_same)
    }
}

impl CannedTransport {
    /// Creates a transport without responses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Responds to an operation, whatever its parameters are, with the status 200 and a value such as a sample.
    ///
    /// # Panics
    /// If the value cannot be encoded as JSON, which every model can.
    pub fn on_operation<O: Operation<Output: Serialize>>(self, value: &O::Output) -> Self {
        self.on(O::METHOD, O::PATH, 200, value)
    }

    /// Responds to a method and a path with a status and a body. A segment of the path in braces stands for any one, as in
    /// [`Operation::PATH`].
    ///
    /// # Panics
    /// If the body cannot be encoded as JSON, or the path does not start with `/`.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub fn on(self, method: Method, path: impl Into<String>, status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("the body is encoded as JSON");
        self.rule(method, path.into(), Ok((status, body)))
    }

    /// Fails for a method and a path, as if there were no response.
    ///
    /// # Panics
    /// If the path does not start with `/`.
    pub fn on_failing(self, method: Method, path: impl Into<String>, kind: TransportErrorKind) -> Self {
        self.rule(method, path.into(), Err(kind))
    }

    fn rule(self, method: Method, path: String, outcome: Result<(u16, Vec<u8>), TransportErrorKind>) -> Self {
        assert!(path.starts_with('/'), "`{path}` is matched by no request: a path starts with `/`, without a host");
        self.state().rules.push(Rule { method: method.as_str(), path, outcome, is_used: false });
        self
    }

    /// Returns the requests so far, in their order, each attempt on its own.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Vec<u8>>> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut state = self.state();
        let rules = &state.rules;
        // The responses to one path stand together, so that a path in front of a more general one is not used up.
        let first = rules.iter().find(|rule| rule.matches(&request));
        let is_of_first =
            |rule: &Rule| first.is_some_and(|first| (rule.method, &rule.path) == (first.method, &first.path));
        let next = rules.iter().position(|rule| is_of_first(rule) && !rule.is_used);
        let next = next.or_else(|| rules.iter().rposition(is_of_first));
        let outcome = next.map(|next| {
            let rule = &mut state.rules[next];
            rule.is_used = true;
            rule.outcome.clone()
        });
        let line = format!("{} {}", request.method(), request.uri().path());
        state.requests.push(request);
        let (status, body) = match outcome {
            Some(Ok(response)) => response,
            Some(Err(kind)) => return Err(TransportError::new(kind, format!("the failure that is set for {line}"))),
            None => {
                let reason = format!("no response is set for {line}");
                return Err(TransportError::new(TransportErrorKind::Other, reason));
            }
        };
        let response = http::Response::builder().status(status).header("content-type", "application/json");
        response.body(body).map_err(|error| TransportError::new(TransportErrorKind::Other, error))
    }
}

impl Transport for CannedTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: TransportLimits,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send {
        ready(self.respond(request))
    }
}

impl Timer for CannedTransport {
    fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
        ready(())
    }
}

impl fmt::Debug for CannedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("CannedTransport")
            .field("responses", &state.rules.len())
            .field("requests", &state.requests.len())
            .finish()
    }
}
