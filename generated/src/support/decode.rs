//! Decoding a response, and saying where and why it fails without repeating what it holds.
//!
//! Decoding keeps no path while it goes, which costs nothing as long as all is well. When it fails, the path is found from
//! the place of the error, by a second look at the text before it.

use std::{error::Error, fmt, ops::Range, str::Utf8Error};

use serde_core::de::DeserializeOwned;
use serde_json::error::Category;

/// Decodes the JSON of a response body: a model, a [`List`](super::List) or a type of your own.
///
/// In contrast to `serde_json::from_slice`, the error states the path to the invalid value and never its content.
///
/// # Errors
/// Returns an error if the body is not UTF-8, not JSON, or not the JSON of a `T`. Never panics.
///
/// # Examples
/// ```
/// # use stripe_financial_connections::{List, decode};
/// let body = br#"{"object": "list", "data": ["a", 5], "has_more": false, "url": "/v1/things"}"#;
/// let error = decode::<List<String>>(body).unwrap_err();
/// assert_eq!(error.path(), "data[1]");
/// assert_eq!(error.reason(), "expected a string, found a number");
/// ```
// The macros call it with concrete types, so that it is not compiled again downstream.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // One check of the whole body is faster than one for each string in it.
    let text = std::str::from_utf8(body).map_err(|error| from_utf8(body, error))?;
    serde_json::from_str(text).map_err(|error| from_json(body, &error))
}

/// What is wrong with a body that cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// It is not UTF-8.
    Encoding,
    /// It is JSON of another shape: a field is missing, twice there or of another type, or a number does not fit.
    Mismatch,
    /// It is not JSON: perhaps a page of a proxy's.
    Syntax,
    /// It ends too early: perhaps the connection broke off.
    Truncated,
}

/// A body that is not what the operation returns: where, and why.
///
/// Neither `Display` nor `Debug` nor the [source](Error::source) repeats a value of the body, which may be secret or
/// personal; the names of fields do appear. The body itself is kept for whoever asks for it.
pub struct DecodeError(Box<Inner>);

struct Inner {
    kind: DecodeErrorKind,
    path: String,
    reason: String,
    line: usize,
    column: usize,
    body: Vec<u8>,
    request_id: Option<String>,
    source: Option<Utf8Error>,
}

impl DecodeError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// Where in the JSON it is: `accounts.data[3].balance.as_of`, or empty for the whole of it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Why the body cannot be decoded.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The line of the body where decoding stopped, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.0.line
    }

    /// The column where decoding stopped: which byte of the line, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.0.column
    }

    /// The body as it came. It may hold secrets: take care where it goes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The id of the request, where [`with_request_id`](Self::with_request_id) gave it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Adds the id of the request, from the response's header `Request-Id`: Stripe's support asks for it.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.0.request_id = Some(request_id.into());
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, reason, line, column, request_id, .. } = &*self.0;
        f.write_str("cannot decode the response")?;
        if let Some(request_id) = request_id {
            write!(f, " to request {request_id}")?;
        }
        if !path.is_empty() {
            write!(f, " at `{path}`")?;
        }
        write!(f, ": {reason} (line {line}, column {column})")
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, path, reason, line, column, request_id, .. } = &*self.0;
        f.debug_struct("DecodeError")
            .field("kind", kind)
            .field("path", path)
            .field("reason", reason)
            .field("line", line)
            .field("column", column)
            .field("request_id", request_id)
            .finish_non_exhaustive()
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|error| error as _)
    }
}

#[cold]
fn from_utf8(body: &[u8], error: Utf8Error) -> DecodeError {
    let reason = "the body is not UTF-8".to_owned();
    at_byte(body, error.valid_up_to(), DecodeErrorKind::Encoding, reason, Some(error))
}

#[cold]
fn from_json(body: &[u8], error: &serde_json::Error) -> DecodeError {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let mut at = byte_of(body, error.line(), error.column());
    let (kind, reason) = match error.classify() {
        Category::Eof => (DecodeErrorKind::Truncated, "the body ends too early".to_owned()),
        // It is JSON, but nothing holds it.
        _ if said == "number out of range" => (DecodeErrorKind::Mismatch, "a number is out of range".to_owned()),
        // The parser says in words of its own, which quote nothing, what is wrong with the byte it stopped behind.
        Category::Syntax | Category::Io => {
            at = at.saturating_sub(1);
            (DecodeErrorKind::Syntax, format!("not JSON: {said}"))
        }
        Category::Data => (DecodeErrorKind::Mismatch, mismatch(said)),
    };
    if kind == DecodeErrorKind::Mismatch {
        at = end_of_what_failed(body, at);
    }
    at_byte(body, at, kind, reason, None)
}

/// What was expected and what was found, without the value: serde quotes it.
fn mismatch(said: &str) -> String {
    if said.starts_with("missing field ") || said.starts_with("duplicate field ") {
        return said.to_owned();
    }
    let found = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    // The value may say `, expected` itself, and what is expected does not.
    let Some((found, (_, expected))) = found.zip(said.rsplit_once(", expected ")) else {
        return "it is not of the expected form".to_owned();
    };
    let found = match found.split([' ', '`', '"', ',']).next() {
        Some("string" | "character") => "a string",
        Some("integer") if said.starts_with("invalid value") => "one that is out of range",
        Some("integer") => "a number",
        Some("floating") if expected == "i64" => "a number with a fraction or an exponent",
        Some("floating") => "a number",
        Some("boolean") => "a boolean",
        Some("null" | "unit") => "null",
        Some("map") => "an object",
        Some("sequence") => "an array",
        Some("another") => "another string",
        _ => "something else",
    };
    let expected = match expected {
        "i64" => "an integer of 64 bits",
        "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        expected => expected,
    };
    format!("expected {expected}, found {found}")
}

/// The byte at a line and a column, both from 1 as serde_json counts them; a column of 0 is the end of the line before.
fn byte_of(body: &[u8], line: usize, column: usize) -> usize {
    let before =
        body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum::<usize>();
    before + column
}

/// Where the value ends that an error is about, given where the parser stood.
fn end_of_what_failed(body: &[u8], at: usize) -> usize {
    let before = body[..at.min(body.len())].trim_ascii_end();
    match before.last() {
        // An object or an array that should not be there was opened, but not entered.
        Some(b'{' | b'[') => before.len() - 1,
        _ => at,
    }
}

fn at_byte(body: &[u8], at: usize, kind: DecodeErrorKind, reason: String, source: Option<Utf8Error>) -> DecodeError {
    let before = &body[..at.min(body.len())];
    let start_of_line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    DecodeError(Box::new(Inner {
        kind,
        path: path_of_end(before),
        reason,
        line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
        column: 1 + before.len() - start_of_line,
        body: body.to_vec(),
        request_id: None,
        source,
    }))
}

/// How deep a path is written, and how much of a long key: a hostile body is not to fill a log.
const MAX_DEPTH: usize = 128;
const MAX_KEY: usize = 64;

/// An object or an array that the end of the text is inside of.
enum Level {
    /// With the last key, quotes included, while its value is read or was read last.
    Object(Option<Range<usize>>),
    /// With the index of the value that is read, is due or was read last.
    Array(usize),
}

/// The path of the value that the end of some JSON is in, or stands after.
///
/// It need not be valid JSON: the body may be something else. There is no recursion.
fn path_of_end(json: &[u8]) -> String {
    let mut levels = Vec::new();
    let mut at = 0;
    while at < json.len() {
        match json[at] {
            b'{' => levels.push(Level::Object(None)),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::Object(key)) => *key = None,
                Some(Level::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => match (end_of_string(json, at), levels.last_mut()) {
                (None, _) => break,
                (Some(end), Some(Level::Object(key @ None))) => {
                    *key = Some(at..end);
                    at = end;
                    continue;
                }
                (Some(end), _) => {
                    at = end;
                    continue;
                }
            },
            _ => {}
        }
        at += 1;
    }
    render(json, &levels)
}

/// The place after the closing quote of the string that starts at an opening one.
fn end_of_string(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match json.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn render(json: &[u8], levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels.iter().take(MAX_DEPTH) {
        match level {
            Level::Object(None) => {}
            Level::Object(Some(key)) => push_key(&mut path, &json[key.clone()]),
            Level::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    if levels.len() > MAX_DEPTH {
        path.push('…');
    }
    path
}

/// Appends a key, which comes in its quotes: bare where it reads as a name, else in brackets.
fn push_key(path: &mut String, quoted: &[u8]) {
    let key: String = serde_json::from_slice(quoted).unwrap_or_default();
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if bare && key.len() <= MAX_KEY {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&key);
    } else {
        let rest = if key.chars().nth(MAX_KEY).is_some() { "…" } else { "" };
        let start: String = key.chars().take(MAX_KEY).collect();
        path.push_str(&format!("[{start:?}{rest}]"));
    }
}
