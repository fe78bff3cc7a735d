//! The recorded files: one line for each case or request, in ASCII, and byte for byte the same each time they are written.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Serializer, ser::Formatter};

use super::{
    Problem,
    cases::{Case, Operation},
};

/// One of Stripe's official libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Library {
    /// The library for Node, from npm.
    Node,
    /// The library for Python, from PyPI.
    Python,
}

impl Library {
    /// All libraries.
    pub const ALL: [Self; 2] = [Self::Node, Self::Python];

    /// The name, which the names of its files contain.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
        }
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The versions that a library states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of the library.
    pub version: String,
    /// The version of Stripe's API that it is made for.
    pub api_version: String,
}

/// The headers that are compared. They are the same for every request of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// The scheme in `Authorization`.
    pub authorization: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Whether there is an `Idempotency-Key`.
    pub idempotency_key: bool,
    /// `Stripe-Version`.
    pub stripe_version: Option<String>,
}

/// A request as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The name of its case.
    pub case: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without the question mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// The requests of one library.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recording {
    /// The library.
    pub library: Library,
    /// The versions that it states.
    pub about: About,
    /// The headers of each operation.
    pub headers: BTreeMap<Operation, Headers>,
    /// A request for each case, in the order of the cases.
    pub requests: Vec<Recorded>,
}

impl Recording {
    /// Returns the text of its file.
    ///
    /// # Errors
    /// Never: every value can be encoded as JSON.
    pub fn text(&self) -> Result<String, Problem> {
        Ok(format!(
            "{{\n\"library\":{},\n\"about\":{},\n\"headers\":{},\n\"requests\":{}}}\n",
            ascii(&self.library)?,
            ascii(&self.about)?,
            ascii(&self.headers)?,
            lines(&self.requests)?,
        ))
    }

    /// Reads the recording of a library.
    ///
    /// # Errors
    /// If the file is missing or invalid, or is of another library.
    pub fn read(library: Library) -> Result<Self, Problem> {
        read_recording(library.name(), library, |recording: &Self| recording.library)
    }
}

/// Reads a recording of a library from one of the files.
pub(super) fn read_recording<T: DeserializeOwned>(
    name: &str,
    library: Library,
    library_of: fn(&T) -> Library,
) -> Result<T, Problem> {
    let path = path(name);
    let at = |problem: Problem| problem.at(path.display());
    let recording: T = serde_json::from_str(&read(name)?).map_err(|error| at(error.into()))?;
    match library_of(&recording) {
        recorded if recorded == library => Ok(recording),
        recorded => Err(at(Problem::new(format!("this was recorded of the library for {recorded}")))),
    }
}

/// Returns the text of the file of the cases.
///
/// # Errors
/// Never: every value can be encoded as JSON.
pub fn cases_text(cases: &[Case]) -> Result<String, Problem> {
    lines(cases)
}

/// The name of the file with the types of thin events that a library knows, a line each. It is with the documents, since the
/// generator reads it.
pub const THIN_EVENTS: &str = "thin_events";

/// Reads [`THIN_EVENTS`], or one of the files under `recorded/`, by its name without `.json`.
///
/// # Errors
/// If it cannot be read.
pub fn read(name: &str) -> Result<String, Problem> {
    let path = path(name);
    fs::read_to_string(&path).map_err(|error| Problem::from(error).at(path.display()))
}

/// Writes one of the files if its text changes. Returns whether it did.
///
/// # Errors
/// If it cannot be written.
pub fn write(name: &str, text: &str) -> Result<bool, Problem> {
    if read(name).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    let path = path(name);
    let beside = path.with_extension("new");
    let at = |error: io::Error| Problem::from(error).at(path.display());
    fs::write(&beside, text).map_err(at)?;
    fs::rename(&beside, &path).map_err(at)?;
    Ok(true)
}

/// Returns the directory of the drivers.
#[must_use]
pub fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn path(name: &str) -> PathBuf {
    directory().join(shown(name))
}

/// Returns the path of one of the files as it is seen from the directory of the drivers.
#[must_use]
pub fn shown(name: &str) -> String {
    match name {
        THIN_EVENTS => format!("../../spec/{name}.txt"),
        _ => format!("recorded/{name}.json"),
    }
}

pub(super) fn lines<T: Serialize>(items: &[T]) -> Result<String, Problem> {
    let items: Vec<_> = items.iter().map(ascii).collect::<Result<_, _>>()?;
    Ok(format!("[\n{}\n]\n", items.join(",\n")))
}

/// Encodes JSON in ASCII, so that a review shows every character: none that is invisible or reorders others.
pub(super) fn ascii(value: &impl Serialize) -> Result<String, Problem> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Ascii))?;
    String::from_utf8(text).map_err(|error| Problem::new(error.to_string()))
}

struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for c in fragment.chars() {
            if c.is_ascii() && c != '\u{7f}' {
                writer.write_all(&[c as u8])?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ascii_and_reads_back() {
        let value = "a\"\\\n\u{0}\u{7f}\u{e9}\u{202e}\u{1f600}";
        let text = ascii(&value).unwrap();
        assert_eq!(text, r#""a\"\\\n\u0000\u007f\u00e9\u202e\ud83d\ude00""#);
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }
}
