//! Both clients behind one interface, so that each test runs on both. Waits between retries are recorded, not waited.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use stripe_financial_connections::{
    Client, ClientBuilder, CreateSession, CreateSessionAccountHolder, Error, ErrorKind, Operation, Options, Page,
    RawResponse, Request, ReqwestTransport, Response, RetrieveSession, Session, SessionPermission, Timer, Transport,
    TransportErrorKind, UreqTransport, blocking,
};

use crate::server::Server;

pub(crate) const KEY: &str = "sk_test_0123456789abcdefSECRET";
pub(crate) const CLIENT_SECRET: &str = "fcsess_client_secret_NOT_TO_BE_SHOWN";

/// Records each wait, and returns at once.
#[derive(Clone, Default)]
pub(crate) struct Waits(Arc<Mutex<Vec<Duration>>>);

impl Waits {
    pub(crate) fn all(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

impl Timer for Waits {
    async fn sleep(&self, duration: Duration) {
        self.0.lock().unwrap().push(duration);
    }
}

/// Settings of a client.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) key: String,
    pub(crate) base_url: String,
    pub(crate) timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) max_bytes: usize,
    pub(crate) deadline: Option<Duration>,
    /// Other defaults of all requests.
    pub(crate) defaults: Options,
}

impl Setup {
    /// Without retries. The timeout ends a test that would hang.
    pub(crate) fn of(server: &Server) -> Self {
        Self::at(server.url())
    }

    /// The same, for a server at a URL.
    pub(crate) fn at(base_url: impl Into<String>) -> Self {
        Self {
            key: KEY.to_owned(),
            base_url: base_url.into(),
            timeout: Duration::from_secs(60),
            retries: 0,
            max_bytes: 1 << 20,
            deadline: None,
            defaults: Options::new(),
        }
    }

    fn apply<C>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        let mut defaults = self.defaults.clone().timeout(self.timeout).retries(self.retries);
        if let Some(deadline) = self.deadline {
            defaults = defaults.deadline(deadline);
        }
        builder.base_url(&*self.base_url).max_response_bytes(self.max_bytes).defaults(defaults)
    }
}

/// The environment may name a proxy, which does not reach this machine.
pub(crate) fn reqwest_without_proxy() -> ReqwestTransport {
    ReqwestTransport::new(ReqwestTransport::builder().unwrap().no_proxy()).unwrap()
}

pub(crate) fn ureq_without_proxy() -> UreqTransport {
    UreqTransport::new(ureq::Agent::config_builder().proxy(None).build().into())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stack {
    Reqwest,
    Ureq,
}

impl Stack {
    pub(crate) const ALL: [Self; 2] = [Self::Reqwest, Self::Ureq];

    pub(crate) fn client(self, setup: &Setup) -> Result<AnyClient, Error> {
        self.client_over(setup, reqwest_without_proxy, ureq_without_proxy)
    }

    /// A client over one of two transports, as the stack says.
    pub(crate) fn client_over<R: Transport, U: Transport>(
        self,
        setup: &Setup,
        reqwest: impl FnOnce() -> R,
        ureq: impl FnOnce() -> U,
    ) -> Result<AnyClient, Error> {
        let waits = Waits::default();
        let client = match self {
            Self::Reqwest => {
                let builder = setup.apply(Client::builder(&*setup.key));
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                Kind::Async(builder.build_with(reqwest(), waits.clone())?, runtime)
            }
            Self::Ureq => {
                let builder = setup.apply(blocking::Client::builder(&*setup.key));
                Kind::Blocking(builder.build_with(ureq(), waits.clone())?)
            }
        };
        Ok(AnyClient { kind: client, waits })
    }
}

pub(crate) struct AnyClient {
    kind: Kind,
    pub(crate) waits: Waits,
}

enum Kind {
    Async(Client, tokio::runtime::Runtime),
    Blocking(blocking::Client),
}

/// Returns what comes next. In contrast to an iterator, a test can call it again after an error or the end.
pub(crate) type Next<'a, T> = Box<dyn FnMut() -> Option<Result<T, Error>> + 'a>;

impl AnyClient {
    /// With a runtime for calls from several threads at once.
    pub(crate) fn on_threads(mut self) -> Self {
        if let Kind::Async(_, runtime) = &mut self.kind {
            *runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        }
        self
    }

    /// The async client and the runtime for its calls, if it is one.
    pub(crate) const fn asynchronous(&self) -> Option<(&Client, &tokio::runtime::Runtime)> {
        match &self.kind {
            Kind::Async(client, runtime) => Some((client, runtime)),
            Kind::Blocking(_) => None,
        }
    }

    pub(crate) fn send_with<O>(&self, operation: &O, options: &Options) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        match &self.kind {
            Kind::Async(client, runtime) => runtime.block_on(client.send_with(operation, options)),
            Kind::Blocking(client) => client.send_with(operation, options),
        }
    }

    pub(crate) fn send<O>(&self, operation: &O) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        match &self.kind {
            Kind::Async(client, runtime) => runtime.block_on(client.send(operation)),
            Kind::Blocking(client) => client.send(operation),
        }
    }

    pub(crate) fn send_raw(&self, request: Request) -> Result<RawResponse, Error> {
        match &self.kind {
            Kind::Async(client, runtime) => runtime.block_on(client.send_raw(request)),
            Kind::Blocking(client) => client.send_raw(request),
        }
    }

    pub(crate) fn send_raw_with(&self, request: Request, options: &Options) -> Result<RawResponse, Error> {
        match &self.kind {
            Kind::Async(client, runtime) => runtime.block_on(client.send_raw_with(request, options)),
            Kind::Blocking(client) => client.send_raw_with(request, options),
        }
    }

    /// Returns a function that returns the next page of a list.
    pub(crate) fn pages<'a, O>(&'a self, operation: O, options: &Options) -> Next<'a, Response<O::Output>>
    where
        O: Operation<Output: Page>,
    {
        match &self.kind {
            Kind::Async(client, runtime) => {
                let mut pages = client.pages_with(operation, options);
                Box::new(move || runtime.block_on(pages.next()))
            }
            Kind::Blocking(client) => {
                let mut pages = client.pages_with(operation, options);
                Box::new(move || pages.next())
            }
        }
    }

    /// Returns a function that returns the next item of a list.
    pub(crate) fn items<'a, O>(&'a self, operation: O) -> Next<'a, <O::Output as IntoIterator>::Item>
    where
        O: Operation<Output: Page>,
    {
        match &self.kind {
            Kind::Async(client, runtime) => {
                let mut items = client.pages(operation).items();
                Box::new(move || runtime.block_on(items.next()))
            }
            Kind::Blocking(client) => {
                let mut items = client.pages(operation).items();
                Box::new(move || items.next())
            }
        }
    }

    pub(crate) fn debug(&self) -> String {
        match &self.kind {
            Kind::Async(client, _) => format!("{client:#?}"),
            Kind::Blocking(client) => format!("{client:#?}"),
        }
    }
}

/// A session as Stripe sends it.
pub(crate) fn session(id: &str) -> String {
    format!(
        r#"{{"id": "{id}", "object": "financial_connections.session", "livemode": false,
            "client_secret": "{CLIENT_SECRET}", "permissions": ["balances"], "account_holder": null,
            "accounts": {{"object": "list", "data": [], "has_more": false, "url": "/v1/financial_connections/accounts"}}}}"#
    )
}

pub(crate) fn create() -> CreateSession {
    let holder = CreateSessionAccountHolder::new("customer").customer("cus_1");
    CreateSession::new(holder, [SessionPermission::Balances])
}

pub(crate) fn retrieve() -> RetrieveSession {
    RetrieveSession::new("fcsess_1")
}

/// Checks the outcome of a create request over each stack, and that it shows no secret.
pub(crate) fn each_create(
    server: &Server,
    setup: &Setup,
    check: impl Fn(Stack, &AnyClient, Result<Response<Session>, Error>),
) {
    for stack in Stack::ALL {
        let client = stack.client(setup).unwrap();
        let outcome = client.send(&create());
        let shown = match &outcome {
            Ok(response) => format!("{response:?}"),
            Err(error) => format!("{error} {error:?} {}", chain(error)),
        };
        for secret in [KEY, CLIENT_SECRET] {
            assert!(!shown.contains(secret), "{stack:?}: {shown}");
        }
        println!("{stack:?} after {} requests: {shown}", server.received().len());
        check(stack, &client, outcome);
    }
}

/// Returns how a connection failed.
pub(crate) fn transport_kind(error: &Error) -> TransportErrorKind {
    let ErrorKind::Transport(transport) = error.kind() else { panic!("{error:?}") };
    transport.kind()
}

/// Returns an error and all its sources as text.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error} ({error:?})");
        source = error.source();
    }
    text
}
