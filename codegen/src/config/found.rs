//! A row as it stands in the text of the configuration, and how it would read with other releases or without one of its places.

use super::Table;
use super::row::string;

/// A row in the text of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The table.
    pub table: Table,
    /// The first line of the row, from 1.
    pub line: usize,
    /// The last line of the row.
    pub last: usize,
    /// The releases that the row is for, by module; all of them if it names none.
    pub releases: Vec<String>,
    /// What the row is known by as a whole.
    pub(super) key: String,
    /// Each key with its value as it stands in the text, in the order of the text.
    pub(super) members: Vec<(String, String)>,
    /// The elements of the list of places or operations as they stand in the text, each with the key that a row is known by.
    pub(super) elements: Vec<(String, String)>,
    pub(super) is_inline: bool,
    /// The row as it stands in the text, if other rows are on its lines.
    pub(super) among_others: Option<String>,
}

impl Found {
    /// Whether no other row is on the lines of this one.
    pub fn is_alone(&self) -> bool {
        self.among_others.is_none()
    }

    /// Returns what the row is known by: the elements of its list, or its own key.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let own = self.elements.is_empty().then_some(self.key.as_str());
        self.elements.iter().map(|(key, _)| key.as_str()).chain(own)
    }

    /// Whether the row has a list with elements, each of which is a row of its own.
    pub(super) fn has_elements(&self) -> bool {
        !self.elements.is_empty()
    }

    /// Returns what to do to delete what has a key, in words: the row, or a place or an operation of it.
    pub(super) fn removal(&self, key: &str) -> String {
        match self.keys().any(|other| other != key) {
            true => format!("take `{key}` out of {}", self.lines()),
            false => self.deletion(),
        }
    }

    /// Returns the value of a key as it stands in the text.
    pub fn member(&self, key: &str) -> Option<&str> {
        self.members.iter().find(|(name, _)| name == key).map(|(_, raw)| raw.as_str())
    }

    /// Returns what to do to delete the row, in words.
    pub fn deletion(&self) -> String {
        match &self.among_others {
            Some(raw) => format!("delete `{raw}` on line {} from `{}`", self.line, self.table.key()),
            None => format!("delete {}", self.lines()),
        }
    }

    /// Returns what to do to replace the row, in words; `row` is the text to paste.
    pub fn replacement(&self, row: &str) -> String {
        match &self.among_others {
            Some(raw) => format!("replace `{raw}` on line {} by:\n{row}", self.line),
            None => format!("replace {} by:\n{row}", self.lines()),
        }
    }

    /// Returns its lines, in words.
    pub fn lines(&self) -> String {
        match self.line == self.last {
            true => format!("line {}", self.line),
            false => format!("lines {} to {}", self.line, self.last),
        }
    }

    /// Returns the row with another text for a key.
    pub fn with_member(mut self, key: &str, text: &str) -> String {
        self.set(key, string(text));
        self.toml()
    }

    /// Returns the row of a list of places with another place.
    pub fn with_place(self, place: &str) -> String {
        // A place alone is no table.
        match self.members.as_slice() {
            [_] if self.is_inline => match self.is_alone() {
                true => format!("    {},", string(place)),
                false => string(place),
            },
            _ => self.with_member("place", place),
        }
    }

    /// Returns the row for these releases only.
    pub fn with_releases(mut self, releases: &[&str]) -> String {
        let names: Vec<_> = releases.iter().map(|release| string(release)).collect();
        self.set("releases", format!("[{}]", names.join(", ")));
        self.toml()
    }

    /// Returns the row without some of its places or operations, or nothing if none is left.
    pub fn without(mut self, keys: &[&str]) -> Option<Self> {
        self.elements.retain(|(key, _)| !keys.contains(&key.as_str()));
        if self.elements.is_empty() {
            return None;
        }
        self.set_elements();
        Some(self)
    }

    /// Returns the row for all releases as a table of its own, with no other of its places or operations than these.
    #[must_use]
    pub fn only(mut self, keys: &[&str]) -> Self {
        self.is_inline = false;
        self.members.retain(|(key, _)| key != "releases");
        if !self.elements.is_empty() {
            self.elements.retain(|(key, _)| keys.contains(&key.as_str()));
            self.set_elements();
        }
        self
    }

    /// Returns the row without its places or operations, and without what only these need.
    #[must_use]
    pub fn without_elements(mut self) -> Self {
        self.members.retain(|(key, _)| key != "feature");
        self.elements.clear();
        self.set_elements();
        self
    }

    /// Returns the row with more places.
    pub fn with<'k>(mut self, keys: impl IntoIterator<Item = &'k str>) -> String {
        self.elements.extend(keys.into_iter().map(|key| (key.to_owned(), string(key))));
        self.set_elements();
        self.toml()
    }

    fn set_elements(&mut self) {
        let elements: Vec<_> = self.elements.iter().map(|(_, raw)| format!("    {raw},\n")).collect();
        if let Some(list) = self.table.list() {
            self.set(list, if elements.is_empty() { "[]".to_owned() } else { format!("[\n{}]", elements.concat()) });
        }
    }

    /// Sets the value of a key, as it stands in the text.
    fn set(&mut self, key: &str, value: String) {
        match self.members.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.members.push((key.to_owned(), value)),
        }
    }

    /// Returns the row in TOML.
    pub fn toml(&self) -> String {
        let members: Vec<_> = self.members.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        match self.is_inline {
            // The comma behind it stays.
            true if !self.is_alone() => format!("{{ {} }}", members.join(", ")),
            true => format!("    {{ {} }},", members.join(", ")),
            false => format!("[[{}]]\n{}", self.table.key(), members.join("\n")),
        }
    }
}
