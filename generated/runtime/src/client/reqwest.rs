//! The transport over reqwest, which is async.

use std::{
    cell::Cell,
    convert::Infallible,
    error, mem,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use ::reqwest::{Body, Client, ClientBuilder, Request, Response, redirect, retry};
use hyper::body::{Bytes, Frame, SizeHint};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpInfo};
use rustls::{ClientConfig, RootCertStore, crypto::CryptoProvider};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::{
    runtime::Handle,
    time::{Instant, timeout},
};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    error::Error,
    transport::{
        Transport, TransportError, TransportErrorKind, TransportLimits, is_idempotent, is_local, kind_of_cause,
    },
};

/// Sends requests over [reqwest](::reqwest), on tokio.
///
/// - TLS is rustls with ring and the certificates of the operating system. A crypto library that the program installed with
///   rustls's `CryptoProvider::install_default` takes precedence over ring.
/// - Redirects are not followed and reqwest's own retries are off.
/// - An `http` request, which always stays on this machine, never goes through a proxy.
/// - A request is sent once more if the server closed its connection while that was idle, and the request is a `GET` or
///   carries an idempotency key. This is no attempt that [`retries`](super::ClientBuilder::retries) counts.
/// - If the server closes an idle connection at the very moment at which it is used again, hyper may lose the request before
///   it is sent: a few in a million where a server closes 40% of its idle connections. A `GET` or a request with an
///   idempotency key is then sent again after a second, and any other fails with its timeout.
///
/// Sending fails without a tokio runtime.
///
/// # Panics
/// reqwest panics when it sends a request on a tokio runtime whose IO or time driver is off. `#[tokio::main]` and
/// `Builder::enable_all` turn both on.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
    /// Without a proxy, for requests that stay on this machine.
    direct: Client,
    /// Whether `direct` has certificates, so that it is for `https` as well.
    direct_tls: bool,
}

impl ReqwestTransport {
    /// Creates a transport from reqwest's settings: proxy, pool, certificates and others. Redirects and retries are turned
    /// off.
    ///
    /// It takes a builder and not a client, because whether a client follows redirects, and takes the key along, is
    /// decided when it is built. Start from [`builder`](Self::builder) unless the certificates or the crypto library are to
    /// be other ones.
    ///
    /// The settings do not apply to `http` requests, which stay on this machine: these use a client without any settings.
    ///
    /// # Errors
    /// When reqwest cannot be set up, for example because a setting is not valid.
    ///
    /// # Panics
    /// reqwest panics when the builder does not come from [`builder`](Self::builder) and there is no crypto library: this
    /// crate turns none of reqwest's on. To choose one, turn on reqwest's feature `rustls` or `native-tls`, call rustls's
    /// `CryptoProvider::install_default`, or pass a configuration of rustls to `tls_backend_preconfigured`.
    pub fn new(builder: ClientBuilder) -> Result<Self, Error> {
        // Only for `http`, so it trusts no certificate.
        let tls = tls().map(|tls| tls.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
        Self::with_direct(builder, tls.map_err(other)?, false)
    }

    /// Creates a transport with the default settings, with which no request to this machine goes through a proxy.
    pub(super) fn with_defaults() -> Result<Self, Error> {
        let tls = platform_tls()?;
        Self::with_direct(Client::builder().tls_backend_preconfigured(tls.clone()), tls, true)
    }

    /// Returns a builder with this crate's TLS settings, for a proxy, a pool or timeouts other than reqwest's defaults.
    ///
    /// TLS is set up as a whole, so reqwest **ignores its own settings of certificates, identities and TLS versions** on
    /// this builder. For those, start from reqwest's `Client::builder`; see [`new`](Self::new).
    ///
    /// # Errors
    /// When the certificates of the operating system cannot be loaded.
    pub fn builder() -> Result<ClientBuilder, Error> {
        Ok(Client::builder().tls_backend_preconfigured(platform_tls()?))
    }

    fn with_direct(builder: ClientBuilder, direct: ClientConfig, direct_tls: bool) -> Result<Self, Error> {
        let build = |builder: ClientBuilder| {
            let builder = builder.redirect(redirect::Policy::none()).retry(retry::never());
            builder.connector_layer(NotePorts).build().map_err(other)
        };
        Ok(Self {
            client: build(builder)?,
            direct: build(Client::builder().no_proxy().tls_backend_preconfigured(direct))?,
            direct_tls,
        })
    }

    fn client_for<B>(&self, request: &http::Request<B>) -> &Client {
        let is_plain = request.uri().scheme() == Some(&http::uri::Scheme::HTTP);
        if is_plain || self.direct_tls && is_local(request) { &self.direct } else { &self.client }
    }

    /// Sends a request, once more for each idle connection that turns out to be closed, and once more if hyper loses it.
    async fn execute(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<Response, ::reqwest::Error> {
        let started = Instant::now();
        let client = self.client_for(&request);
        let is_idempotent = is_idempotent(&request);
        let (parts, body) = request.into_parts();
        let body = Bytes::from(body);
        let mut request = Request::try_from(http::Request::from_parts(parts, Body::default()))?;
        let mut may_be_lost = true;
        loop {
            let again = if is_idempotent { request.try_clone() } else { None };
            let progress = Arc::new(Progress::default());
            *request.body_mut() = Some(Body::wrap(NotedBody { bytes: body.clone(), progress: Arc::clone(&progress) }));
            *request.timeout_mut() = Some(limits.timeout.saturating_sub(started.elapsed()));
            let Some(again) = again else { return client.execute(request).await };
            let attempt = async {
                let call = client.execute(request);
                let outcome = if may_be_lost { unless_lost(call, &progress).await } else { Some(call.await) };
                match outcome {
                    // Ends, because the connection that failed is no longer there to be used.
                    Some(Err(error)) if was_closed_while_idle(&error) => None,
                    Some(outcome) => Some(outcome),
                    None => {
                        // Once, since over HTTP/2 a request may wait for long without being lost.
                        may_be_lost = false;
                        None
                    }
                }
            };
            let scope = Attempt { new_port: Cell::new(None), progress: Arc::clone(&progress) };
            match ATTEMPT.scope(scope, attempt).await {
                Some(outcome) => return outcome,
                None => request = again,
            }
        }
    }
}

impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        // reqwest would panic.
        if Handle::try_current().is_err() {
            let message = "there is no tokio runtime here: send from a task of one, or use `blocking::Client`";
            return Err(TransportError::other(message));
        }
        let too_large = || TransportError::too_large(limits.max_body);
        let mut response = self.execute(request, limits).await.map_err(from_reqwest)?;

        let length = usize::try_from(response.content_length().unwrap_or_default()).unwrap_or(usize::MAX);
        if length > limits.max_body {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(length);
        while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
            if chunk.len() > limits.max_body - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }

        let mut collected = http::Response::new(body);
        *collected.status_mut() = response.status();
        *collected.headers_mut() = mem::take(response.headers_mut());
        Ok(collected)
    }
}

tokio::task_local! {
    /// The attempt that this task makes.
    static ATTEMPT: Attempt;
}

/// What the connector says of one attempt to send a request.
struct Attempt {
    /// The local port of the connection that was made for this request, if one was.
    new_port: Cell<Option<u16>>,
    progress: Arc<Progress>,
}

/// How far one attempt to send a request is.
#[derive(Default)]
struct Progress {
    /// How many connections are being made for it.
    connecting: AtomicUsize,
    /// Whether a connection has taken the request from its queue.
    is_taken: AtomicBool,
}

/// Time between two checks of the progress of a request. A connection usually takes a request from its queue within
/// microseconds.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// Waits for the response to a request. `None` if the request is in the queue of a connection that is gone.
///
/// hyper 1.12 hands a request to the task of a connection through a channel of tokio. If that task ends just then, the channel
/// can keep the request until its sender is dropped, but the sender waits for the response. See
/// <https://github.com/hyperium/hyper/issues/4122>. Dropping `response` drops the sender and the request.
async fn unless_lost<T>(response: impl Future<Output = T>, progress: &Progress) -> Option<T> {
    let mut response = pin!(response);
    let mut was_queued = false;
    loop {
        if let Ok(response) = timeout(CHECK_INTERVAL, response.as_mut()).await {
            return Some(response);
        }
        if progress.is_taken.load(Ordering::Relaxed) {
            return Some(response.await);
        }
        let is_queued = progress.connecting.load(Ordering::Relaxed) == 0;
        // Twice, as the connection may have been made just now.
        if mem::replace(&mut was_queued, is_queued) && is_queued {
            return None;
        }
    }
}

/// A body that notes when a connection takes its request: it then reads the body, or drops one that is empty.
struct NotedBody {
    bytes: Bytes,
    progress: Arc<Progress>,
}

impl hyper::body::Body for NotedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.progress.is_taken.store(true, Ordering::Relaxed);
        let bytes = mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))
    }
}

impl Drop for NotedBody {
    fn drop(&mut self) {
        self.progress.is_taken.store(true, Ordering::Relaxed);
    }
}

/// Whether a request went over a connection that was made for an earlier one, and the server closed it instead of sending
/// a response.
fn was_closed_while_idle(error: &::reqwest::Error) -> bool {
    let Some(error) = find::<hyper_util::client::legacy::Error>(error) else { return false };
    let was_closed = find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message)
        || kind_of_cause(error) == Some(TransportErrorKind::Interrupted);
    let port = error.connect_info().and_then(local_port);
    was_closed && port.is_some() && port != ATTEMPT.with(|attempt| attempt.new_port.get())
}

fn local_port(connected: &Connected) -> Option<u16> {
    let mut extensions = http::Extensions::new();
    connected.get_extras(&mut extensions);
    extensions.get::<HttpInfo>().map(|info| info.local_addr().port())
}

/// Makes reqwest tell [`ATTEMPT`] about new connections. It does not say otherwise which connection a request used.
#[derive(Clone, Copy)]
struct NotePorts;

impl<S> Layer<S> for NotePorts {
    type Service = NotePort<S>;

    fn layer(&self, connector: S) -> Self::Service {
        NotePort(connector)
    }
}

#[derive(Clone)]
struct NotePort<S>(S);

impl<R, S> Service<R> for NotePort<S>
where
    S: Service<R, Response: Connection, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = Connecting::start();
        let connection = self.0.call(target);
        Box::pin(async move {
            let connection = connection.await?;
            drop(connecting);
            // There is no attempt if its request found an idle connection meanwhile. This one becomes idle then.
            let _: Result<(), _> =
                ATTEMPT.try_with(|attempt| attempt.new_port.set(local_port(&connection.connected())));
            Ok(connection)
        })
    }
}

/// Notes that a connection is being made for a request, until it is dropped.
struct Connecting(Option<Arc<Progress>>);

impl Connecting {
    fn start() -> Self {
        let progress = ATTEMPT.try_with(|attempt| Arc::clone(&attempt.progress)).ok();
        if let Some(progress) = &progress {
            progress.connecting.fetch_add(1, Ordering::Relaxed);
        }
        Self(progress)
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        if let Some(progress) = &self.0 {
            progress.connecting.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// The protocol versions and the crypto library, which has to be named because reqwest has none of its own here.
fn tls() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, rustls::Error> {
    let provider =
        CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
}

fn platform_tls() -> Result<ClientConfig, Error> {
    let tls = tls().and_then(rustls::ConfigBuilder::with_platform_verifier).map_err(other)?;
    let mut tls = tls.with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

fn other(error: impl Into<Box<dyn error::Error + Send + Sync>>) -> Error {
    TransportError::other(error).into()
}

/// Returns the first error of a type among an error and its sources.
fn find<'a, E: error::Error + 'static>(error: &'a (dyn error::Error + 'static)) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn from_reqwest(error: ::reqwest::Error) -> TransportError {
    // The URL may be that of a proxy, with its password.
    let error = error.without_url();
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Other
    } else if let Some(kind) = kind_of_cause(&error) {
        kind
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, error)
}
