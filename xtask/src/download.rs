//! Downloading: over https, up to the size that is read at all, whole or not at all.

use std::io::Read;
use std::net::IpAddr;
use std::time::Duration;

use codegen::{Diagnostic, Diagnostics, Pointer, document};
use ureq::http::Uri;

use crate::report::{LABEL, line};

/// The number of attempts for a failure that may pass.
const TRIES: u32 = 3;

/// The number of bytes after which progress is shown.
const STEP: u64 = 1 << 20;

struct Failed {
    reason: String,
    /// Whether another attempt may succeed.
    is_temporary: bool,
}

/// Downloads the text of `url`, which is https, or http on this machine. Nothing is kept of an attempt that fails.
///
/// # Errors
/// Returns a diagnostic for any other URL, and for one with a user name or a password; if the last attempt failed, or if the text is
/// too large or not UTF-8.
pub(crate) fn download(url: &str) -> Result<String, Diagnostics> {
    let problem = |reason: &str| Diagnostic::new(url, Pointer::default(), reason, "name an https URL");
    let uri: Uri = url.parse().map_err(|_| problem("this is not a valid URL; only https is downloaded"))?;
    let is_https = uri.scheme_str() == Some("https");
    let is_local_http = uri.scheme_str() == Some("http") && uri.host().is_some_and(is_loopback);
    if !is_https && !is_local_http {
        return Err(problem("only https is downloaded, since http can be changed on the way").into());
    }
    // They would be recorded with the URL, and make its host easy to misread.
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(problem("the URL has a user name or a password").into());
    }
    line(LABEL, "fetching", url);
    let mut tries = 1;
    loop {
        match attempt(url, is_https) {
            Ok(text) => return Ok(text),
            Err(failed) if failed.is_temporary && tries < TRIES => {
                std::thread::sleep(Duration::from_millis(200 << tries));
                tries += 1;
            }
            Err(failed) => {
                let tried = if tries > 1 { format!(" (tried {tries} times)") } else { String::new() };
                let help = "check the URL and the network, or download it by other means and name the file";
                return Err(Diagnostic::new(url, Pointer::default(), failed.reason + &tried, help).into());
            }
        }
    }
}

fn attempt(url: &str, is_https: bool) -> Result<String, Failed> {
    let permanent = |reason: String| Failed { reason, is_temporary: false };
    let temporary = |reason: String| Failed { reason, is_temporary: true };
    // A redirect to http would undo what was asked for.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(is_https)
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_global(Some(Duration::from_secs(300)))
        .max_redirects(if is_https { 5 } else { 0 })
        .build()
        .into();
    // GitHub's API returns the id of a commit alone for this type. It does not matter elsewhere.
    let request = agent.get(url).header("Accept", "application/vnd.github.sha, */*;q=0.9");
    let response = request.call().map_err(|error| match error {
        ureq::Error::StatusCode(status) => Failed {
            reason: format!("the server responded with {status}"),
            is_temporary: status >= 500 || status == 429,
        },
        error => temporary(format!("the download failed: {error}")),
    })?;
    if response.status().is_redirection() {
        let status = response.status().as_u16();
        return Err(permanent(format!("the server responded with {status}, a redirect")));
    }
    let announced = response.body().content_length();
    let limit = document::LIMIT as u64;
    let too_large = || permanent(format!("the document is larger than {} MiB", limit >> 20));
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
    let mut bytes = Vec::new();
    loop {
        let read = body.by_ref().take(STEP).read_to_end(&mut bytes);
        let count =
            read.map_err(|error| temporary(format!("the download stopped after {} bytes: {error}", bytes.len())))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        if (count as u64) < STEP {
            break;
        }
        let of = announced.map(|length| format!(" of {}", length >> 20)).unwrap_or_default();
        line(LABEL, "fetched", &format!("{}{of} MiB", bytes.len() >> 20));
    }
    String::from_utf8(bytes).map_err(|error| {
        permanent(format!("the download is not UTF-8: invalid at byte {}", error.utf8_error().valid_up_to()))
    })
}

fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}
