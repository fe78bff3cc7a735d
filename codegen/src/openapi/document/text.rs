//! The text of a document, JSON or YAML, as JSON.
//!
//! This is the only module that knows `serde_yaml`.

use std::borrow::Cow;
use std::io;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{HELP, kind, nesting};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer, excerpt};

/// The largest document that is read, in bytes: thirteen times the size of Stripe's.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The largest YAML document that is read, in bytes: twice the size of Stripe's. The parser takes up to 60 bytes of memory for
/// a byte of YAML, where JSON takes less than two.
pub const YAML_LIMIT: usize = 16 * 1024 * 1024;

/// Returns the document's text as JSON: itself, or rewritten where it is YAML.
///
/// # Errors
/// If the text is larger than [`LIMIT`], or [`YAML_LIMIT`] for YAML, empty, nested too deeply, or not a YAML object. (JSON is
/// checked by [`Document::index`](super::Document::index), which reads it anyway.)
pub fn to_json<'t>(name: &str, text: &'t str) -> Result<Cow<'t, str>, Diagnostics> {
    let root = Pointer::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LIMIT {
        return Err(too_large(name, text.len() as u64).into());
    }
    let Some(first) = text.trim_start().chars().next() else {
        let help = "name Stripe's OpenAPI document, as JSON or YAML";
        return Err(Diagnostic::new(name, root, "the document is empty", help).into());
    };
    if first == '{' {
        return Ok(Cow::Borrowed(text));
    }

    if text.len() > YAML_LIMIT {
        let help = "name the same document as JSON, or Stripe's OpenAPI document";
        return Err(larger_than(name, text.len() as u64, YAML_LIMIT, help).into());
    }
    if let Some((line, column)) = nesting::too_deep(text) {
        let reason = "this is nested more than a hundred levels deep";
        return Err(Diagnostic::new(name, root, reason, HELP).at(line, column).into());
    }
    let mut json = Bounded(Vec::with_capacity(text.len()));
    serde_transcode::transcode(serde_yaml::Deserializer::from_str(text), &mut serde_json::Serializer::new(&mut json))
        .map_err(|error| not_yaml(name, text, &error))?;
    match String::from_utf8(json.0) {
        Ok(json) if !json.starts_with('{') => Err(not_an_object(name, text, kind(&json)).into()),
        Ok(json) if json.contains("\"<<\":") => Err(merge_key(name, text).into()),
        Ok(json) => Ok(Cow::Owned(json)),
        Err(error) => Err(Diagnostic::new(name, root, error.to_string(), "save the document as UTF-8").into()),
    }
}

/// Returns why the text could not be rewritten. The error of the writer has lost the position, so the text is read again.
fn not_yaml(name: &str, text: &str, error: &serde_json::Error) -> Diagnostics {
    let (position, reason) = match serde_yaml::from_str::<IgnoredAny>(text) {
        Err(error) => (error.location().map(|at| (at.line(), at.column())), error.to_string()),
        Ok(_) => (None, error.to_string()),
    };
    // The position is in front of the message already.
    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
    let mut diagnostic = Diagnostic::new(
        name,
        Pointer::default(),
        format!("not readable as YAML, nor as JSON, which would start with `{{`: {reason}"),
        "correct the text there, or name another file",
    );
    diagnostic.position = position;
    diagnostic.into()
}

/// Returns the diagnostic for a YAML text with a merge key, which no version after 1.1 has. It would be taken for a name.
fn merge_key(name: &str, text: &str) -> Diagnostic {
    let (number, line) = text.lines().enumerate().find(|(_, line)| line.contains("<<")).unwrap_or_default();
    let column = line.find("<<").unwrap_or_default();
    let reason = "the merge key `<<` of YAML 1.1 is not supported";
    let help = "write the keys out that it merges, or name the document as JSON";
    Diagnostic::new(name, Pointer::default(), reason, help).at(number + 1, column + 1)
}

/// Returns the diagnostic for a YAML text that is of another kind than an object.
fn not_an_object(name: &str, text: &str, kind: &str) -> Diagnostic {
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']) && line.trim() != "---";
    let (number, line) = text.lines().enumerate().find(|(_, line)| is_content(line)).unwrap_or_default();
    let column = line.len() - line.trim_start().len();
    let reason =
        format!("this is not an OpenAPI document, which is an object, but {kind}: `{}`", excerpt(line.trim(), 40));
    Diagnostic::new(name, Pointer::default(), reason, HELP).at(number + 1, column + 1)
}

/// Returns the diagnostic for a document of `bytes` bytes, for a caller that knows the size before it reads the text.
pub fn too_large(name: &str, bytes: u64) -> Diagnostic {
    larger_than(name, bytes, LIMIT, "name Stripe's OpenAPI document, which is about 5 MiB large")
}

fn larger_than(name: &str, bytes: u64, limit: usize, help: &str) -> Diagnostic {
    let mib = 1024 * 1024;
    let reason =
        format!("the document is {} MiB large, and the limit is {} MiB", bytes.div_ceil(mib), limit as u64 / mib);
    Diagnostic::new(name, Pointer::default(), reason, help)
}

/// Returns the YAML text of a selected document, for `spec/`.
///
/// # Errors
/// Where the value cannot be written as YAML.
pub fn to_yaml(value: &Value) -> Result<String, Diagnostics> {
    serde_yaml::to_string(value).map_err(|error| {
        Diagnostic::new("", Pointer::default(), error.to_string(), "report this as a bug of the generator").into()
    })
}

/// A buffer that does not grow past twice [`LIMIT`], since aliases of YAML can make a large document of a small text.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > 2 * LIMIT {
            return Err(io::Error::other("its aliases expand to more than the size limit"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
