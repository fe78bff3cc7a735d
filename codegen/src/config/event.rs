//! Rows of events, and what the type of an event says.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::row::{Row, Table, block};
use super::rows::{ConfigRow, type_name};
use crate::rust::naming;

/// An event of Stripe's that has a name in Rust.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The type of the event.
    #[serde(rename = "type")]
    pub type_: String,
    /// The Rust name, if it is not that of the rule: the type without its namespace, and that of a thin event also without its
    /// version, in upper camel case.
    #[serde(default, deserialize_with = "event_name")]
    pub name: Option<String>,
    /// What happened.
    pub description: String,
}

impl ConfigRow for Event {
    fn releases(&self) -> &[String] {
        &[]
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        let name = self.name.as_deref().map(|name| ("name", name.into()));
        [("type", self.type_.as_str().into())].into_iter().chain(name).collect()
    }
}

impl Event {
    /// Returns a row for each event for a crate of one's own, in TOML, and the types that are not names, such as `thing.half-made`.
    /// A name is made of the whole type, since the types of two resources can end in the same words; only the version `v1` is left
    /// out, as in the names of models. Of a name that another event or one of `rows` has, a number is put behind.
    pub fn of_own_crate<'e>(
        types: impl IntoIterator<Item = &'e str>,
        rows: &[Self],
    ) -> (Vec<(&'e str, String)>, Vec<&'e str>) {
        let taken = rows.iter().filter_map(|row| Some((row.is_thin(), row.variant()?)));
        let mut taken: BTreeSet<_> = taken.collect();
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for type_ in types {
            // A thin event about a part of an object has the part in brackets.
            let is_plain = type_.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._[]".contains(&byte));
            let words = match version(type_) {
                Some(("v1", rest)) => rest,
                _ => type_,
            };
            let Some(name) = naming::variant_name(words).filter(|_| is_plain && is_type(type_)) else {
                others.push(type_);
                continue;
            };
            let numbered = (2..).map(|number| format!("{name}{number}"));
            let is_thin = Self::is_thin_type(type_);
            let free = [name.clone()].into_iter().chain(numbered).find(|name| taken.insert((is_thin, name.clone())));
            let description = format!("The event `{type_}`.");
            let members = [("type", type_), ("name", &free.unwrap_or(name)), ("description", &description)];
            named.push((type_, block(Table::Event, &members, &[])));
        }
        (named, others)
    }

    /// The Rust name; none if the type does not map to one.
    pub(crate) fn variant(&self) -> Option<String> {
        let of_rule = || {
            let type_ = version(&self.type_).map_or(&*self.type_, |(_, rest)| rest);
            naming::type_name(type_.split_once('.').map_or(type_, |(_, rest)| rest))
        };
        self.name.clone().map_or_else(of_rule, naming::identifier)
    }

    /// Returns the row as it is recorded with the item that it is for.
    pub(crate) fn row(&self) -> Row {
        Row::new(Table::Event, self, None)
    }

    /// Whether the event is a thin one.
    pub(crate) fn is_thin(&self) -> bool {
        Self::is_thin_type(&self.type_)
    }

    /// Whether the type of an event is that of a thin one.
    pub fn is_thin_type(type_: &str) -> bool {
        version(type_).is_some()
    }
}

/// Whether a text can be the type of an event: words with a dot between them.
pub(super) fn is_type(text: &str) -> bool {
    text.split('.').all(|word| !word.is_empty() && !word.contains(|c: char| c == '*' || c.is_whitespace()))
}

/// The version of the API's namespace in front of the type of a thin event, and the rest. Stripe puts it in front of no other type.
pub(crate) fn version(type_: &str) -> Option<(&str, &str)> {
    let (version, rest) = type_.split_once('.')?;
    let digits = version.strip_prefix('v').filter(|digits| !digits.is_empty())?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some((version, rest))
}

/// Reads the Rust name of an event.
fn event_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    type_name(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn a_thin_event_has_a_version_in_front() {
        for type_ in ["v1.thing.was_made", "v20.parts.thing.was_made", "v1.ping"] {
            assert!(Event::is_thin_type(type_), "{type_}");
        }
        for type_ in ["thing.was_made", "v.thing.was_made", "v1a.thing.was_made", "vault.thing.was_made", "v1"] {
            assert!(!Event::is_thin_type(type_), "{type_}");
        }
    }

    #[test]
    fn what_is_not_the_name_of_an_event_has_no_row() {
        let types = ["*", "", "v1.", "thing.`made`", "thing.half-made", "thing.…", "thing..made"];
        assert_eq!(Event::of_own_crate(types, &[]), (Vec::new(), types.to_vec()));
    }
}
