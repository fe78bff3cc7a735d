//! Fetching a document: over https, up to the size that is read at all, whole or not at all.

use std::io::Read;
use std::time::Duration;

use codegen::{Diagnostic, Diagnostics, Pointer, document};

use crate::report::{LABEL, line};

/// How often a download is tried that fails for a reason that may pass.
const TRIES: u32 = 3;

/// The branch that Stripe's newest document is on.
pub(crate) fn tag(name: &str) -> &str {
    if name == "latest" { "master" } else { name }
}

/// A document to fetch.
pub(crate) struct Download<'u> {
    url: &'u str,
}

/// Why an attempt failed, and whether another may do better.
struct Failed {
    reason: String,
    passing: bool,
}

impl<'u> Download<'u> {
    /// A download of `url`, which is https, or http on this machine.
    pub(crate) fn new(url: &'u str) -> Result<Self, Diagnostics> {
        let host = |rest: &'u str| rest.split(['/', '?', '#']).next().unwrap_or_default();
        let local = |host: &str| {
            let name = host.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name);
            let name = name.unwrap_or_else(|| host.split(':').next().unwrap_or_default());
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        let safe = url.starts_with("https://") || url.strip_prefix("http://").is_some_and(|rest| local(host(rest)));
        if !safe {
            let reason = "only https is fetched, as what comes over http can be changed on the way";
            return Err(Diagnostic::new(url, Pointer::default(), reason, "name an https address").into());
        }
        Ok(Self { url })
    }

    /// Fetches the document. Nothing is kept of an attempt that fails.
    pub(crate) fn run(&self) -> Result<String, Diagnostics> {
        line(LABEL, "fetching", self.url);
        let mut tries = 1;
        loop {
            match self.attempt() {
                Ok(text) => return Ok(text),
                Err(failed) if failed.passing && tries < TRIES => {
                    std::thread::sleep(Duration::from_millis(200 << tries));
                    tries += 1;
                }
                Err(failed) => {
                    let again = if tries > 1 { format!(" (tried {tries} times)") } else { String::new() };
                    return Err(self.problem(format!("{}{again}", failed.reason)));
                }
            }
        }
    }

    fn problem(&self, reason: String) -> Diagnostics {
        let remedy = "check the address and the network, or download the document by other means and name the file";
        Diagnostic::new(self.url, Pointer::default(), reason, remedy).into()
    }

    fn attempt(&self) -> Result<String, Failed> {
        let lasting = |reason: String| Failed { reason, passing: false };
        let passing = |reason: String| Failed { reason, passing: true };
        // A redirect to http would undo what was asked for.
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .https_only(self.url.starts_with("https://"))
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(Some(Duration::from_secs(300)))
            .max_redirects(if self.url.starts_with("https://") { 5 } else { 0 })
            .build()
            .into();
        let response = agent.get(self.url).call().map_err(|error| match error {
            ureq::Error::StatusCode(status) => {
                Failed { reason: format!("the server answered with {status}"), passing: status >= 500 || status == 429 }
            }
            error => passing(format!("the document cannot be fetched: {error}")),
        })?;
        if response.status().is_redirection() {
            return Err(lasting(format!("the server answered with {}, a redirect", response.status().as_u16())));
        }
        let announced = response.body().content_length();
        let limit = document::LIMIT as u64;
        let too_large = || lasting(format!("the document is larger than {} MiB", limit >> 20));
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let body = response.into_body().into_with_config().limit(u64::MAX).reader();
        let mut bytes = Vec::new();
        body.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| passing(format!("the download stopped after {} bytes: {error}", bytes.len())))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        if announced.is_some_and(|length| length != bytes.len() as u64) {
            return Err(passing(format!("the download stopped after {} bytes", bytes.len())));
        }
        String::from_utf8(bytes).map_err(|_| lasting("what was fetched is no UTF-8 text".to_owned()))
    }
}
