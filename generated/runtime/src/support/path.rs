//! Paths of requests: a parameter is always exactly one segment.

use std::{borrow::Cow, error::Error, fmt};

use super::form::{is_plain, push_encoded};

/// The path of a request that cannot be built. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestError {
    input: Cow<'static, str>,
    reason: &'static str,
    help: &'static str,
}

impl RequestError {
    #[cold]
    fn parameter(name: &str, reason: &'static str, help: &'static str) -> Self {
        Self { input: format!("path parameter `{name}`").into(), reason, help }
    }

    #[cold]
    const fn path(reason: &'static str) -> Self {
        let help = "write it as `/v1/accounts/{account}`, pass ids as segments and other parameters with `param`";
        Self { input: Cow::Borrowed("path"), reason, help }
    }

    /// Returns what is invalid, such as ``path parameter `session` ``, without its value.
    #[must_use]
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Returns what is wrong with it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }

    /// Returns how to fix it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        self.help
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { input, reason, help } = self;
        write!(f, "the {input} {reason}: {help}")
    }
}

impl Error for RequestError {}

/// Returns the name of a segment in braces.
fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Fills in the parameters of a path, each as one segment.
///
/// A value that a server or a proxy would drop or resolve is refused, since the request would reach another operation:
/// retrieving an object with an empty id would list all objects.
pub fn fill_path<'a>(template: &'a str, parameters: &[(&str, &str)]) -> Result<Cow<'a, str>, RequestError> {
    if parameters.is_empty() {
        return Ok(Cow::Borrowed(template));
    }
    let mut path = String::with_capacity(template.len() + 64);
    for (position, segment) in template.split('/').enumerate() {
        if position > 0 {
            path.push('/');
        }
        let name = placeholder(segment);
        match parameters.iter().find(|(parameter, _)| name == Some(*parameter)) {
            Some(&(parameter, value)) => {
                let refuse = |reason| Err(RequestError::parameter(parameter, reason, "pass the id as Stripe sent it"));
                match value {
                    "" => return refuse("is empty, so that the path would name another resource"),
                    "." => return refuse("is `.`, which names the path itself"),
                    ".." => return refuse("is `..`, which names the path above"),
                    _ => push_encoded(&mut path, value),
                }
            }
            None => path.push_str(segment),
        }
    }
    Ok(Cow::Owned(path))
}

/// Checks a path that a caller wrote: plain segments, and a parameter for each name in braces.
pub(crate) fn check_path(template: &str, parameters: &[(&str, &str)]) -> Result<(), RequestError> {
    let Some(segments) = template.strip_prefix('/') else {
        return Err(RequestError::path("does not start with a slash"));
    };
    let mut names = Vec::new();
    for segment in segments.split('/') {
        match (segment, placeholder(segment)) {
            (_, Some(name)) => names.push(name),
            ("" | "." | "..", _) => return Err(RequestError::path("has a segment that is empty, `.` or `..`")),
            _ if is_plain(segment) => {}
            _ => {
                return Err(RequestError::path(
                    "has a character that does not belong in it, such as `?`, `%` or a space",
                ));
            }
        }
    }
    if let Some(name) = names.iter().find(|name| !parameters.iter().any(|(given, _)| given == *name)) {
        return Err(RequestError::parameter(name, "has no value", "pass one in `segments`"));
    }
    if let Some((name, _)) = parameters.iter().find(|(name, _)| !names.contains(name)) {
        return Err(RequestError::parameter(name, "is not in the path", "write it there in braces, or use `param`"));
    }
    Ok(())
}

/// Whether a path has exactly these parameters, each as a whole segment.
pub const fn path_has(path: &str, parameters: &[&str]) -> bool {
    let path = path.as_bytes();
    let (mut at, mut found) = (0, 0);
    while at < path.len() {
        if path[at] == b'{' {
            let start = at + 1;
            while at < path.len() && path[at] != b'}' {
                at += 1;
            }
            let mut known = false;
            let mut i = 0;
            while i < parameters.len() {
                known |= same(path, start, at, parameters[i].as_bytes());
                i += 1;
            }
            let closed = at < path.len() && (at + 1 == path.len() || path[at + 1] == b'/');
            let whole = closed && start >= 2 && path[start - 2] == b'/';
            if !known || !whole {
                return false;
            }
            found += 1;
        }
        at += 1;
    }
    found == parameters.len()
}

const fn same(path: &[u8], start: usize, end: usize, name: &[u8]) -> bool {
    if end - start != name.len() {
        return false;
    }
    let mut i = 0;
    while i < name.len() {
        if path[start + i] != name[i] {
            return false;
        }
        i += 1;
    }
    true
}
