//! What is wrong with an input: where, why, and what to do about it.
//!
//! A phase collects all it finds and hands the lot over together, so that a maintainer mends a document in one
//! round and not in ten.

use std::fmt;

/// A place in a document, as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The place of the component schema `key`.
    pub fn schema(key: &str) -> Self {
        Self::default().child("components").child("schemas").child(key)
    }

    /// The place of the path item `path`.
    pub fn path(path: &str) -> Self {
        Self::default().child("paths").child(path)
    }

    /// The place one step further down, with `token` escaped.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        let mut pointer = self.0.clone();
        pointer.push('/');
        for c in token.chars() {
            match c {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                c => pointer.push(c),
            }
        }
        Self(pointer)
    }

    /// The place of the element `index`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer as text; the empty text is the whole document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of the document, as the caller gave it.
    pub document: String,
    /// Where in the document; the whole of it where the pointer is empty.
    pub pointer: Pointer,
    /// Line and column, both from 1, where the text itself cannot be read.
    pub position: Option<(usize, usize)>,
    /// Why it is refused.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl Diagnostic {
    /// A diagnostic for `pointer` in `document`.
    pub fn new(document: &str, pointer: Pointer, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { document: document.to_owned(), pointer, position: None, reason: reason.into(), remedy: remedy.into() }
    }

    /// The same, at a line and a column of the text.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.position = Some((line, column));
        self
    }

    /// The document and the place in it: `spec.yaml:3:7` or `spec.yaml#/paths`.
    pub fn place(&self) -> String {
        let mut place = self.document.clone();
        if let Some((line, column)) = self.position {
            place.push_str(&format!(":{line}:{column}"));
        }
        if !self.pointer.as_str().is_empty() {
            place.push_str(&format!("#{}", self.pointer));
        }
        place
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.reason)
    }
}

impl std::error::Error for Diagnostic {}

/// All that one phase found wrong; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "error: {diagnostic}\n help: {}", diagnostic.remedy)?;
        }
        Ok(())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// Collects what a phase finds, so that the phase goes on to the next mistake.
#[derive(Debug)]
pub(crate) struct Collector<'a> {
    document: &'a str,
    found: Vec<Diagnostic>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(document: &'a str) -> Self {
        Self { document, found: Vec::new() }
    }

    pub(crate) fn report(&mut self, pointer: &Pointer, reason: impl Into<String>, remedy: impl Into<String>) {
        self.push(Diagnostic::new(self.document, pointer.clone(), reason, remedy));
    }

    /// Says the same thing once, however many ways lead to it.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if !self.found.contains(&diagnostic) {
            self.found.push(diagnostic);
        }
    }

    /// The value of the phase, or all that was found.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        if self.found.is_empty() { Ok(value) } else { Err(Diagnostics(self.found)) }
    }
}

/// The names nearest to `wanted`, for a remedy: `did you mean `x` or `y`?`, or nothing where none is near.
pub(crate) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> String {
    let mut scored: Vec<_> =
        names.map(|name| (strsim::jaro_winkler(wanted, name), name)).filter(|(score, _)| *score > 0.75).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let near: Vec<_> = scored.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    match near.len() {
        0 => String::new(),
        _ => format!("; did you mean {}?", near.join(" or ")),
    }
}
