//! Over reqwest, which is async.

use std::mem;

use ::reqwest::{Client, ClientBuilder, Request, redirect, retry};

use super::{
    error::Error,
    transport::{Transport, TransportError, TransportLimits},
};

/// Sends over [reqwest](::reqwest), on tokio.
#[derive(Clone, Debug)]
pub struct ReqwestTransport(Client);

impl ReqwestTransport {
    /// Takes what sets up a client rather than a client, as a client that is built follows redirects with the key if it was
    /// built to. Proxy, pool, certificates and the rest stay as they are set; redirects and retries are turned off.
    ///
    /// # Errors
    /// When reqwest cannot start, such as for want of certificates.
    pub fn new(builder: ClientBuilder) -> Result<Self, Error> {
        match builder.redirect(redirect::Policy::none()).retry(retry::never()).build() {
            Ok(client) => Ok(Self(client)),
            Err(error) => Err(TransportError::other(error).into()),
        }
    }
}

impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let too_large = || TransportError::too_large(limits.max_body);
        let mut request = Request::try_from(request).map_err(from_reqwest)?;
        *request.timeout_mut() = Some(limits.timeout);
        let mut answer = self.0.execute(request).await.map_err(from_reqwest)?;

        let length = usize::try_from(answer.content_length().unwrap_or_default()).unwrap_or(usize::MAX);
        if length > limits.max_body {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(length);
        while let Some(chunk) = answer.chunk().await.map_err(from_reqwest)? {
            if chunk.len() > limits.max_body - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }

        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn from_reqwest(error: ::reqwest::Error) -> TransportError {
    // The address may be that of a proxy, with its password.
    let error = error.without_url();
    if error.is_timeout() {
        TransportError::timeout(error)
    } else if error.is_connect() {
        TransportError::connect(error)
    } else if error.is_builder() {
        TransportError::other(error)
    } else {
        TransportError::interrupted(error)
    }
}
