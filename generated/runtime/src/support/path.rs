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
    pub(crate) fn new(input: impl Into<Cow<'static, str>>, reason: &'static str, help: &'static str) -> Self {
        Self { input: input.into(), reason, help }
    }

    fn parameter(name: &str, reason: &'static str, help: &'static str) -> Self {
        Self::new(format!("path parameter `{name}`"), reason, help)
    }

    fn path(reason: &'static str) -> Self {
        let help = "write it as `/v1/accounts/{account}`, pass ids as segments and other parameters with `param`";
        Self::new("path", reason, help)
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

/// Fills in the parameters of a path, each as one segment. All other segments are plain.
///
/// A value that a server or a proxy would drop or resolve is refused, since the request would reach another operation:
/// retrieving an object with an empty id would list all objects.
pub(crate) fn fill_path(template: &str, parameters: &[(&str, &str)]) -> Result<String, RequestError> {
    let Some(segments) = template.strip_prefix('/') else {
        return Err(RequestError::path("does not start with a slash"));
    };
    let mut path = String::with_capacity(template.len() + 64);
    for segment in segments.split('/') {
        path.push('/');
        match (segment, placeholder(segment)) {
            (_, Some(name)) => match parameters.iter().find(|(given, _)| *given == name) {
                Some((_, value)) => push_segment(&mut path, name, value)?,
                None => return Err(RequestError::parameter(name, "has no value", "pass one in `segments`")),
            },
            ("" | "." | "..", _) => return Err(RequestError::path("has a segment that is empty, `.` or `..`")),
            _ if is_plain(segment) => path.push_str(segment),
            _ => {
                return Err(RequestError::path(
                    "has a character that does not belong in it, such as `?`, `%` or a space",
                ));
            }
        }
    }
    let is_in_path = |name: &str| segments.split('/').any(|segment| placeholder(segment) == Some(name));
    if let Some((name, _)) = parameters.iter().find(|(name, _)| !is_in_path(name)) {
        return Err(RequestError::parameter(name, "is not in the path", "write it there in braces, or use `param`"));
    }
    Ok(path)
}

fn push_segment(path: &mut String, name: &str, value: &str) -> Result<(), RequestError> {
    let refuse = |reason| Err(RequestError::parameter(name, reason, "pass the id as Stripe sent it"));
    match value {
        "" => refuse("is empty, so that the path would name another resource"),
        "." => refuse("is `.`, which names the path itself"),
        ".." => refuse("is `..`, which names the path above"),
        _ => {
            push_encoded(path, value);
            Ok(())
        }
    }
}
