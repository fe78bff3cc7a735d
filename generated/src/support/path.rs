//! Paths: a parameter is one segment, or the request is refused.

use std::{borrow::Cow, error::Error, fmt};

use super::form::push_encoded;

/// A request that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestError {
    parameter: &'static str,
    reason: &'static str,
}

impl RequestError {
    /// The parameter that stands in the way, by its name on the wire.
    #[must_use]
    pub const fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, reason } = self;
        write!(f, "the path parameter `{parameter}` {reason}: pass the id as Stripe sent it")
    }
}

impl Error for RequestError {}

/// Puts parameters into a path, each as one segment.
///
/// A segment that a server or a proxy would drop or resolve is refused, since the request would reach another operation:
/// without its id, retrieving one object would list them all.
pub(crate) fn fill_path(
    template: &'static str,
    parameters: &[(&'static str, &str)],
) -> Result<Cow<'static, str>, RequestError> {
    if parameters.is_empty() {
        return Ok(Cow::Borrowed(template));
    }
    let mut path = String::with_capacity(template.len() + 64);
    for (position, segment) in template.split('/').enumerate() {
        if position > 0 {
            path.push('/');
        }
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match parameters.iter().find(|(parameter, _)| name == Some(*parameter)) {
            Some(&(parameter, value)) => {
                let refuse = |reason| Err(RequestError { parameter, reason });
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

/// Whether a path has the parameters given, each as a whole segment, and no other.
pub(crate) const fn path_has(path: &str, parameters: &[&str]) -> bool {
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
