//! Paths of requests: a parameter is always exactly one segment.

use super::{
    InvalidInput,
    encoder::{is_plain, push_encoded},
};

#[cold]
fn parameter(name: &str, reason: &'static str, help: &'static str) -> InvalidInput {
    InvalidInput::new(format!("path parameter `{name}`"), reason, help)
}

#[cold]
fn invalid(reason: &'static str) -> InvalidInput {
    let help = "write it as `/v1/accounts/{account}`, pass ids as segments and other parameters with `param`";
    InvalidInput::new("path", reason, help)
}

/// Returns the name of a segment in braces.
fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Fills in the parameters of a path, each as one segment. All other segments are plain.
///
/// A value that a server or a proxy would drop or resolve is refused, since the request would reach another operation:
/// retrieving an object with an empty id would list all objects.
pub(crate) fn fill_path(template: &str, parameters: &[(&str, &str)]) -> Result<String, InvalidInput> {
    let Some(segments) = template.strip_prefix('/') else {
        return Err(invalid("does not start with a slash"));
    };
    let mut path = String::with_capacity(template.len() + 64);
    for segment in segments.split('/') {
        path.push('/');
        match (segment, placeholder(segment)) {
            (_, Some(name)) => match parameters.iter().find(|(given, _)| *given == name) {
                Some((_, value)) => push_segment(&mut path, name, value)?,
                None => return Err(parameter(name, "has no value", "pass one in `segments`")),
            },
            ("" | "." | "..", _) => return Err(invalid("has a segment that is empty, `.` or `..`")),
            _ if is_plain(segment) => path.push_str(segment),
            _ => {
                return Err(invalid("has a character that does not belong in it, such as `?`, `%` or a space"));
            }
        }
    }
    let is_in_path = |name: &str| segments.split('/').any(|segment| placeholder(segment) == Some(name));
    if let Some((name, _)) = parameters.iter().find(|(name, _)| !is_in_path(name)) {
        return Err(parameter(name, "is not in the path", "write it there in braces, or use `param`"));
    }
    Ok(path)
}

fn push_segment(path: &mut String, name: &str, value: &str) -> Result<(), InvalidInput> {
    let refuse = |reason| Err(parameter(name, reason, "pass the id as Stripe sent it"));
    match value {
        "" => refuse("is empty, so the path would name another resource"),
        "." => refuse("is `.`, which names the path itself"),
        ".." => refuse("is `..`, which names the path above"),
        _ => {
            push_encoded(path, value);
            Ok(())
        }
    }
}
