//! The transport over reqwest, which is async.

use std::{error, iter, mem, sync::Arc};

use ::reqwest::{Client, ClientBuilder, Request, Response, redirect, retry};
use http::{HeaderValue, Method, header::CONTENT_LENGTH};
use rustls::{ClientConfig, RootCertStore, crypto::CryptoProvider};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::runtime::Handle;

use super::{
    error::Error,
    stack::{IDLE_TIMEOUT, check_end, check_head, is_local, kind_of_cause},
    transport::{Transport, TransportLimits},
    transport_error::{TransportError, TransportErrorKind},
};

/// Sends requests over [reqwest](::reqwest), on tokio.
///
/// - TLS is rustls with ring and the certificates of the operating system. A crypto library that the program installed with
///   rustls's `CryptoProvider::install_default` takes precedence over ring.
/// - Redirects are not followed and reqwest's own retries are off.
/// - An `http` request, which always stays on this machine, never goes through a proxy.
/// - An idle connection is closed after 30 seconds, unless the builder says otherwise. Servers keep one longer, so a
///   request seldom meets a connection that is being closed. Where one does, hyper may lose the request, a few in a million,
///   which then fails with its timeout. [`Options::retries`](super::Options::retries) cover both.
///
/// Sending fails without a tokio runtime.
///
/// # Timeouts
/// A task that does not yield delays the timers of tokio, and with them timeouts and deadlines: [its runtime looks at the time
/// only between tasks][tokio], on several threads too. hyper does not yield while it reads informational responses (1xx), or
/// a line with the length of a chunk, that arrive without any pause: a server which never stops sending them delays a timeout and
/// a deadline by seconds.
///
/// [tokio]: https://github.com/tokio-rs/tokio/issues/4730
///
/// # Panics
/// reqwest panics when it sends a request on a tokio runtime whose IO or time driver is off. `#[tokio::main]` and
/// `Builder::enable_all` turn both on.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
    /// Without a proxy, for requests that stay on this machine.
    direct: Client,
    /// Whether `direct` has certificates and can send over `https` as well.
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
        Self::with_direct(builder_with(tls.clone()), tls, true)
    }

    /// Returns a builder with this crate's defaults, for a proxy, a pool or timeouts of your own.
    ///
    /// TLS is set up as a whole, so reqwest **ignores its own settings of certificates, identities and TLS versions** on
    /// this builder. For those, start from reqwest's `Client::builder`; see [`new`](Self::new).
    ///
    /// # Errors
    /// When the certificates of the operating system cannot be loaded.
    pub fn builder() -> Result<ClientBuilder, Error> {
        Ok(builder_with(platform_tls()?))
    }

    fn with_direct(builder: ClientBuilder, direct: ClientConfig, direct_tls: bool) -> Result<Self, Error> {
        let build = |builder: ClientBuilder| {
            builder.redirect(redirect::Policy::none()).retry(retry::never()).build().map_err(other)
        };
        Ok(Self { client: build(builder)?, direct: build(builder_with(direct).no_proxy())?, direct_tls })
    }

    fn client_for<B>(&self, request: &http::Request<B>) -> &Client {
        let is_plain = request.uri().scheme() == Some(&http::uri::Scheme::HTTP);
        if is_plain || self.direct_tls && is_local(request) { &self.direct } else { &self.client }
    }

    async fn execute(
        &self,
        mut request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<Response, ::reqwest::Error> {
        let client = self.client_for(&request);
        // hyper leaves out the length of an empty body, which some gateways refuse with the status 411.
        if request.method() == Method::POST && request.body().is_empty() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = Request::try_from(request)?;
        *request.timeout_mut() = Some(limits.timeout);
        client.execute(request).await
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
            return Err(TransportError::new(TransportErrorKind::Other, message));
        }
        let mut response = self.execute(request, limits).await.map_err(from_reqwest)?;
        let mut collected = http::Response::new(Vec::new());
        *collected.status_mut() = response.status();
        *collected.version_mut() = response.version();
        *collected.headers_mut() = mem::take(response.headers_mut());
        check_head(&collected, limits)?;

        // A server can announce more than it sends, and more than there is memory.
        let length = usize::try_from(response.content_length().unwrap_or_default()).unwrap_or_default();
        let body = collected.body_mut();
        body.reserve(length.min(MAX_RESERVED));
        while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
            if chunk.len() > limits.max_body - body.len() {
                return Err(TransportError::too_large(limits.max_body));
            }
            body.extend_from_slice(&chunk);
        }
        check_end(&collected)?;
        Ok(collected)
    }
}

/// The most bytes that are reserved for a body before it arrives.
const MAX_RESERVED: usize = 1024 * 1024;

fn builder_with(tls: ClientConfig) -> ClientBuilder {
    Client::builder().pool_idle_timeout(IDLE_TIMEOUT).tls_backend_preconfigured(tls)
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
    TransportError::new(TransportErrorKind::Other, error).into()
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
    } else if is_invalid_response(&error) {
        TransportErrorKind::InvalidResponse
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, error)
}

/// Whether hyper could not parse the head of a response.
fn is_invalid_response(error: &(dyn error::Error + 'static)) -> bool {
    let mut causes = iter::successors(Some(error), |error| error.source());
    causes.any(|cause| cause.downcast_ref().is_some_and(hyper::Error::is_parse))
}
