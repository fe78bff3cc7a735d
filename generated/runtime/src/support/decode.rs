//! Decoding a response, with errors that state where and why it failed without repeating its content.
//!
//! Decoding keeps no path, so it costs nothing as long as it succeeds. When it fails, a second pass over the text
//! before the error finds the path.

use std::{cell::Cell, error::Error, fmt, ops::Range, str::Utf8Error};

use serde_core::de::{DeserializeOwned, Error as _};
use serde_json::{Map, Value, error::Category};

use super::expandable;

/// Decodes the JSON of a response body: a model, a [`List`](super::List) or a type of your own.
///
/// In contrast to `serde_json::from_slice`, the error states the path to the invalid value and never its content.
///
/// # Errors
/// Returns an error if the body is not UTF-8, not JSON, or not the JSON of a `T`. Never panics.
///
/// # Examples
/// ```
/// # use stripe_runtime::{DecodeErrorKind, List, decode};
/// let body = br#"{"object": "list", "data": ["a", 5], "has_more": false, "url": "/v1/things"}"#;
/// let error = decode::<List<String>>(body).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::Mismatch);
/// assert_eq!(error.path(), "data[1]");
/// assert_eq!(error.reason(), "expected a string, found a number");
/// assert_eq!(
///     error.to_string(),
///     "cannot decode the response at `data[1]`: expected a string, found a number \
///      (line 1, column 35)",
/// );
/// ```
// The macros call it with concrete types, so that it is not compiled again downstream.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // One check of the whole body is faster than one for each string in it.
    let text = std::str::from_utf8(body).map_err(|error| from_utf8(body, error))?;
    serde_json::from_str(text).map_err(|error| from_json(body, &error))
}

thread_local! {
    /// Whether a value that was kept is read.
    static IS_WITHIN_KEPT: Cell<bool> = const { Cell::new(false) };
}

/// Reads an object that was kept as a whole to see what it is. The error says where in the object it is.
pub fn decode_kept<T: DeserializeOwned>(object: &Map<String, Value>) -> Result<T, serde_json::Error> {
    // The outermost object finds the path. If each one within it did, they would be read again and again.
    if IS_WITHIN_KEPT.get() {
        return T::deserialize(object);
    }
    IS_WITHIN_KEPT.set(true);
    let read = T::deserialize(object);
    IS_WITHIN_KEPT.set(false);
    read.or_else(|_| {
        // The values of an object have no positions, but its text has.
        decode(&serde_json::to_vec(object)?).map_err(|DecodeError(error)| {
            serde_json::Error::custom(format_args!("{KEPT}{}{REASON}{}", error.path, error.reason))
        })
    })
}

/// Surround the path in the message of an error within an object that was kept. No reason contains the second one.
const KEPT: &str = "at `";
const REASON: &str = "`: ";

/// Category of a [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The body is not UTF-8.
    Encoding,
    /// The body is JSON of another shape: a field is missing, duplicate or of another type, or a number is out of range.
    Mismatch,
    /// The body is not JSON, such as the HTML page of a proxy, or a value that is kept is nested more than 127 levels deep.
    Syntax,
    /// The body ends too early, as after a broken connection.
    Truncated,
}

/// A response body that cannot be decoded: the path to the invalid value and the reason.
///
/// `Display`, `Debug` and the [source](Error::source) never contain a value of the body, which may be secret or personal
/// data. They do contain names of fields, and in the path the keys of maps, also within a [`Secret`](super::Secret).
/// [`body`](Self::body) returns the body itself. See [`decode`] for an example.
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
    /// Creates the error of a body that decodes but has an invalid value at a path.
    #[cfg(feature = "http")]
    pub(crate) fn mismatch(body: &[u8], path: String, reason: &str) -> Self {
        let mut error = at_byte(body, body.len(), DecodeErrorKind::Mismatch, reason.to_owned(), None);
        error.0.path = path;
        error
    }

    /// Returns the category of the error.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// Returns the path to the invalid value, such as `accounts.data[3].balance.as_of`. Empty for the whole body.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Returns why the body cannot be decoded.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Returns the line of the body where decoding stopped, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.0.line
    }

    /// Returns the column where decoding stopped, in bytes, counted from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.0.column
    }

    /// Returns the body as received. It may contain secrets and personal data.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Returns the id of the request, if [`with_request_id`](Self::with_request_id) set it, as the clients do.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Sets the id of the request, which Stripe's support asks for: the response header `Request-Id`.
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
        // The number is valid JSON, although serde_json calls this a syntax error.
        _ if said == "number out of range" => (DecodeErrorKind::Mismatch, "a number is out of range".to_owned()),
        // The texts of the parser do not quote the input. It stops after the invalid byte.
        Category::Syntax | Category::Io => {
            at = at.saturating_sub(1);
            (DecodeErrorKind::Syntax, format!("not JSON: {said}"))
        }
        Category::Data => match said.strip_prefix(KEPT).and_then(|said| said.rsplit_once(REASON)) {
            Some((path, reason)) => {
                let mut error = at_byte(body, at, DecodeErrorKind::Mismatch, reason.to_owned(), None);
                append(&mut error.0.path, path);
                return error;
            }
            None => (DecodeErrorKind::Mismatch, mismatch(said, is_whole_number(&body[..at.min(body.len())]))),
        },
    };
    if kind == DecodeErrorKind::Mismatch {
        at = end_of_invalid_value(body, at, &reason);
    }
    at_byte(body, at, kind, reason, None)
}

/// Appends a path within the value at a path.
fn append(path: &mut String, within: &str) {
    if !path.is_empty() && !within.is_empty() && !within.starts_with('[') {
        path.push('.');
    }
    path.push_str(within);
}

/// Whether some JSON ends with a number without fraction and exponent.
fn is_whole_number(json: &[u8]) -> bool {
    let before = json.iter().rposition(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)));
    let number = &json[before.map_or(0, |before| before + 1)..];
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// Says what was expected and what was found. The text of serde would quote the value.
fn mismatch(said: &str, whole_number: bool) -> String {
    if said.starts_with("missing field ") || said.starts_with("duplicate field ") {
        return said.to_owned();
    }
    let found = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    // A value may contain `, expected`, while the description of the expected type does not.
    let Some((found, (_, expected))) = found.zip(said.rsplit_once(", expected ")) else {
        return "the value does not have the expected form".to_owned();
    };
    let found = match found.split([' ', '`', '"', ',']).next() {
        Some("string" | "character") => "a string",
        Some("integer") if said.starts_with("invalid value") => "a number that is out of range",
        Some("integer") => "a number",
        // Beyond 64 bits, serde_json reads an integer as a floating-point number.
        Some("floating") if expected == "i64" && whole_number => "a number that is out of range",
        Some("floating") if expected == "i64" => "a number with a fraction or an exponent",
        // `number` with serde_json's feature `arbitrary_precision`.
        Some("floating" | "number") => "a number",
        Some("boolean") => "a boolean",
        Some("null" | "unit") => "null",
        Some("map") => "an object",
        Some("sequence") => "an array",
        Some("another") => "another string",
        _ => "something else",
    };
    let expected = match expected {
        "i64" => "a 64-bit integer",
        "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        expected => expected,
    };
    format!("expected {expected}, found {found}")
}

/// Returns the byte at a line and a column, both counted from 1 as in serde_json. Column 0 is the end of the line before.
fn byte_of(body: &[u8], line: usize, column: usize) -> usize {
    let before =
        body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum::<usize>();
    before + column
}

/// Returns where the value of an error ends, given where the parser stopped.
fn end_of_invalid_value(body: &[u8], at: usize, reason: &str) -> usize {
    let (before, after) = body.split_at(at.min(body.len()));
    let before = before.trim_ascii_end();
    let opened = match before.last() {
        Some(b'{') => true,
        // Either the array is invalid or its first element, which the parser peeked at without consuming it. Only a
        // reference, which is decoded with `deserialize_any`, consumes the start of its array.
        Some(b'[') => {
            reason.ends_with("found an array")
                && (after.trim_ascii_start().first() != Some(&b'[') || reason.contains(expandable::EXPECTED))
        }
        _ => false,
    };
    if opened { before.len() - 1 } else { at }
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

/// Limits of a path in levels and of a key in characters, so that a hostile body cannot fill a log.
const MAX_DEPTH: usize = 128;
const MAX_KEY: usize = 64;

/// An object or an array that contains the end of the text.
enum Level {
    /// An object in which a key may follow.
    Object,
    /// An object after a string that is a key if a colon follows. Until then it may be a value in the wrong place.
    Key(Range<usize>),
    /// An object after a key, whose range includes the quotes, and its colon.
    Field(Range<usize>),
    /// An object in which something else is in the place of a key.
    Invalid,
    /// An array, with the index of the last element or of the one that follows.
    Array(usize),
}

/// Returns the path of the value that contains the end of some JSON or is directly before it.
///
/// The text need not be valid JSON. This does not recurse.
fn path_of_end(json: &[u8]) -> String {
    let mut levels = Vec::new();
    let mut at = 0;
    while at < json.len() {
        match json[at] {
            byte @ (b'{' | b'[') => {
                if let Some(level @ (Level::Object | Level::Key(_))) = levels.last_mut() {
                    *level = Level::Invalid;
                }
                levels.push(if byte == b'{' { Level::Object } else { Level::Array(0) });
            }
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::Array(index)) => *index += 1,
                Some(level) => *level = Level::Object,
                None => {}
            },
            b':' => {
                if let Some(level) = levels.last_mut()
                    && let Level::Key(key) = level
                {
                    *level = Level::Field(key.clone());
                }
            }
            b'"' => {
                let Some(end) = end_of_string(json, at) else { break };
                match levels.last_mut() {
                    Some(level @ Level::Object) => *level = Level::Key(at..end),
                    Some(level @ Level::Key(_)) => *level = Level::Invalid,
                    _ => {}
                }
                at = end;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                if let Some(level @ (Level::Object | Level::Key(_))) = levels.last_mut() {
                    *level = Level::Invalid;
                }
            }
        }
        at += 1;
    }
    render(json, &levels)
}

/// Returns the index after the closing quote of the string that starts at `start`.
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
            Level::Object | Level::Key(_) | Level::Invalid => {}
            Level::Field(key) => push_key(&mut path, &json[key.clone()]),
            Level::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    if levels.len() > MAX_DEPTH {
        path.push('…');
    }
    path
}

/// Appends a key, given with its quotes: as it is if it is a name, in brackets otherwise.
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
