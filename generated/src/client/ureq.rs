//! Over ureq, which blocks.

use std::io;

use ::ureq::{Agent, AsSendBody, Body, Error};

use super::transport::{Transport, TransportError, TransportLimits};

/// Sends over [ureq](::ureq), which blocks: the futures are ready when they are made.
#[derive(Clone, Debug)]
pub struct UreqTransport(Agent);

impl UreqTransport {
    /// Takes an agent as it is set up: proxy, pool, certificates. For each request, redirects are turned off and the
    /// timeout and the limit of size are those of the client.
    #[must_use]
    pub const fn new(agent: Agent) -> Self {
        Self(agent)
    }

    fn run<B: AsSendBody + 'static>(
        &self,
        request: http::Request<B>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        let request = self
            .0
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.timeout))
            .build();
        let (parts, mut body): (_, Body) = self.0.run(request)?.into_parts();
        // ureq takes a body that just reaches its limit for one that exceeds it. The caller looks at the length again.
        let limit = u64::try_from(limits.max_body).unwrap_or(u64::MAX).saturating_add(1);
        let body = body.with_config().limit(limit).read_to_vec()?;
        Ok(http::Response::from_parts(parts, body))
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new(Agent::new_with_defaults())
    }
}

impl Transport for UreqTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        // ureq announces a body, though an empty one, wherever there could be one.
        let answer = if request.method() == http::Method::POST {
            self.run(request, limits)
        } else {
            self.run(request.map(drop), limits)
        };
        answer.map_err(|error| from_ureq(error, limits))
    }
}

fn from_ureq(error: Error, limits: TransportLimits) -> TransportError {
    match error {
        Error::BodyExceedsLimit(_) => TransportError::too_large(limits.max_body),
        Error::Timeout(_) => TransportError::timeout(error),
        Error::Io(ref source) if source.kind() == io::ErrorKind::TimedOut => TransportError::timeout(error),
        Error::Io(ref source) if source.kind() == io::ErrorKind::ConnectionRefused => TransportError::connect(error),
        Error::ConnectionFailed | Error::HostNotFound | Error::Tls(_) | Error::Rustls(_) => {
            TransportError::connect(error)
        }
        Error::Io(_) | Error::Protocol(_) => TransportError::interrupted(error),
        _ => TransportError::other(error),
    }
}
