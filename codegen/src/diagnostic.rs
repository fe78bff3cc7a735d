//! Diagnostics: where an input is wrong, why, and what to do.
//!
//! A phase collects all problems and reports them together: a maintainer fixes a document in one round.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use crate::visible::escaped;

/// A place in a document, as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer that is written as `text`, whose tokens are escaped.
    pub fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the pointer to the component schema `key`.
    pub fn schema(key: &str) -> Self {
        Self::default().child("components").child("schemas").child(key)
    }

    /// Returns the pointer to the path item `path`.
    pub fn path(path: &str) -> Self {
        Self::default().child("paths").child(path)
    }

    /// Returns the pointer to the member `token`, which is escaped.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        Self([&self.0, "/", &Self::escaped(token)].concat())
    }

    /// Returns the pointer to the element `index`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Returns the tokens, which are no longer escaped.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = String> {
        self.0.get(1..).into_iter().flat_map(|tokens| tokens.split('/')).map(Self::unescaped)
    }

    /// Returns a name as a pointer has it.
    pub fn escaped(name: &str) -> Cow<'_, str> {
        match name.contains(['~', '/']) {
            true => name.replace('~', "~0").replace('/', "~1").into(),
            false => name.into(),
        }
    }

    /// Returns the name that a pointer has as `token`.
    pub fn unescaped(token: &str) -> String {
        token.replace("~1", "/").replace("~0", "~")
    }

    /// Returns the pointer as text; the empty text is the whole document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The longest reason or help, in characters. Those that quote only names are shorter.
const REASON: usize = 800;

/// The longest text to paste, in bytes.
const PASTED: usize = 8000;

/// The longest pointer in a message, in characters.
const POINTER: usize = 400;

/// Returns a text of at most `most` characters and a mark for those that are left out in the middle.
pub fn excerpt(text: &str, most: usize) -> String {
    // A text has no more characters than bytes.
    if text.len() <= most || text.chars().count() <= most {
        return text.to_owned();
    }
    let half = most / 2;
    let start: String = text.chars().take(half).collect();
    let end = text.char_indices().rev().nth(half - 1).map_or("", |(at, _)| text.get(at..).unwrap_or_default());
    format!("{start} … {end}")
}

/// One problem of an input.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}: {reason}", self.place())]
pub struct Diagnostic {
    /// The name of the document, as the caller gave it.
    pub document: String,
    /// Where in the document; the whole of it where the pointer is empty.
    pub pointer: Pointer,
    /// Line and column, both from 1, if the text itself cannot be read.
    pub position: Option<(usize, usize)>,
    /// Why it is refused.
    pub reason: String,
    /// What to do. Lines after the first are text to paste, such as a row of the configuration.
    pub help: String,
    /// Whether the only fault is that another item has the same name: there is none if that item is refused.
    pub is_clash: bool,
}

impl Diagnostic {
    /// Creates a diagnostic for `pointer` in `document`. A reason or a help that quotes a long text is cut in the middle, and shows what
    /// is hidden as escapes. Text to paste, below the first line of a help, is whole or left out.
    pub fn new(document: &str, pointer: Pointer, reason: impl Into<String>, help: impl Into<String>) -> Self {
        let shown = |text: &str| escaped(&excerpt(text, REASON)).into_owned();
        let help = help.into();
        let help = match help.split_once('\n') {
            Some((sentence, text)) if text.len() <= PASTED => {
                let lines: Vec<_> = text.lines().map(|line| escaped(line).into_owned()).collect();
                format!("{}\n{}", shown(sentence), lines.join("\n"))
            }
            Some((sentence, _)) => shown(sentence),
            None => shown(&help),
        };
        let reason = shown(&reason.into());
        Self { document: document.to_owned(), pointer, position: None, reason, help, is_clash: false }
    }

    /// Returns the same diagnostic at a line and a column of the text.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.position = Some((line, column));
        self
    }

    /// Returns the document and the place in it: `spec.yaml:3:7` or `spec.yaml#/paths`.
    pub fn place(&self) -> String {
        let mut place = escaped(&self.document).into_owned();
        if let Some((line, column)) = self.position {
            place.push_str(&format!(":{line}:{column}"));
        }
        if !self.pointer.as_str().is_empty() {
            place.push_str(&format!("#{}", escaped(&excerpt(self.pointer.as_str(), POINTER))));
        }
        place
    }
}

/// All problems of one phase; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Returns the problems as an error, if there are any.
    ///
    /// # Errors
    /// The problems.
    pub fn of(problems: Vec<Diagnostic>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "error: {diagnostic}\n help: {}", diagnostic.help)?;
        }
        Ok(())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// Collects the problems of a phase, which goes on after the first one.
#[derive(Debug)]
pub(crate) struct Collector<'a> {
    document: &'a str,
    problems: Vec<Diagnostic>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(document: &'a str) -> Self {
        Self { document, problems: Vec::new() }
    }

    pub(crate) fn report(&mut self, pointer: &Pointer, reason: impl Into<String>, help: impl Into<String>) {
        self.push(Diagnostic::new(self.document, pointer.clone(), reason, help));
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns the value of the phase, or each problem once.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        let mut seen = HashSet::new();
        Err(Diagnostics(self.problems.iter().filter(|problem| seen.insert(*problem)).cloned().collect()))
    }
}

/// The similarity from which on one name may be meant by another.
const NEAR: f64 = 0.75;

/// Returns two names without the parts that both begin with: fields of one schema are not alike because of its name.
fn without_common<'n>(one: &'n str, other: &'n str) -> (&'n str, &'n str) {
    let common: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let start = one[..common].rfind(['/', '.', '=']).map_or(0, |at| at + 1);
    (&one[start..], &other[start..])
}

/// The longest name that is compared with others, in bytes.
const NAME: usize = 256;

/// Returns the names nearest to `wanted`, for a message: `; did you mean `x` or `y`?`, or nothing if none is near.
pub(crate) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> String {
    // The time to compare two names is the product of their lengths.
    if wanted.len() > NAME {
        return String::new();
    }
    let names = names.filter(|name| name.len() <= NAME);
    let scored = names.map(|name| (strsim::jaro_winkler(wanted, name), name));
    let is_near = |(score, name): &(f64, &str)| {
        let (wanted, name) = without_common(wanted, name);
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        let is_near = |one: &str, other: &str| strsim::jaro_winkler(one, other) > NEAR;
        *score > NEAR && is_near(wanted, name) && is_near(&last(wanted), &last(name))
    };
    let mut scored: Vec<_> = scored.filter(is_near).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let near: Vec<_> = scored.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    match near.len() {
        0 => String::new(),
        _ => format!("; did you mean {}?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_suggested() {
        let fields = ["manual_entry", "filters", "prefetch", "status"].map(|field| format!("banks.session/{field}"));
        let near = |wanted: &str| nearest(wanted, fields.iter().map(String::as_str));
        assert_eq!(near("banks.session/return_url"), "");
        assert_eq!(near("banks.session/filter"), "; did you mean `banks.session/filters`?");
        assert_eq!(near("bank.session/status"), "; did you mean `banks.session/status`?");
    }

    #[test]
    fn long_texts_are_cut_in_the_middle() {
        assert_eq!(excerpt("abcdef", 6), "abcdef");
        assert_eq!(excerpt("aäbcdéf", 4), "aä … éf");
        let pointer = Pointer::default().child(&"a".repeat(30_000));
        let diagnostic = Diagnostic::new("document", pointer, "b".repeat(60_000_000), "c");
        assert!(diagnostic.to_string().chars().count() < REASON + POINTER + 50, "{diagnostic}");
        assert_eq!(diagnostic.pointer.as_str().len(), 30_001, "only what is shown is cut");
    }
}
