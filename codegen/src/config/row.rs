//! A row of the configuration, to record which rows applied and where.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::rows::ConfigRow;
use crate::visible::is_hidden;

/// Defines the tables: each with its key, the members that a row is known by, and the list of which each element is a row of its own.
macro_rules! tables {
    ($($table:ident = $key:literal by $members:tt $(each $list:literal)?,)+) => {
        /// The table that a row is in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $(#[doc = concat!("`", $key, "`.")] $table,)+
        }

        impl Table {
            pub(super) const ALL: &[Self] = &[$(Self::$table),+];

            /// Returns the key in `codegen.toml` or `samples.toml`.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$table => $key,)+
                }
            }

            fn members(self) -> &'static [&'static str] {
                match self {
                    $(Self::$table => &$members,)+
                }
            }

            /// Returns the key of the list of which each element is a row of its own.
            pub(super) fn list(self) -> Option<&'static str> {
                let list: &[&str] = match self {
                    $(Self::$table => &[$($list)?],)+
                };
                list.first().copied()
            }
        }
    };
}

tables! {
    Resource = "resource" by ["schema"] each "operations",
    Rename = "rename" by ["from"],
    Field = "field" by ["place"],
    Variant = "variant" by ["place", "value"],
    SharedEnum = "shared_enum" by ["name"] each "places",
    Id = "id" by ["resource"] each "places",
    Timestamp = "timestamps" by ["place"],
    Sensitive = "sensitive" by ["place"],
    Public = "public" by ["place"],
    // One table, and not a list of rows.
    Secrecy = "secrecy" by [],
    Sample = "sample" by ["place"],
    Fixup = "fixup" by ["pointer"],
    Example = "example" by ["item"],
    Event = "event" by ["type"],
}

impl Table {
    /// Returns what a row is known by, from the texts of its members.
    pub(super) fn row_key(self, member: impl Fn(&str) -> String) -> String {
        self.members().iter().map(|key| member(key)).collect::<Vec<_>>().join("=")
    }
}

/// A row of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The table that it is in.
    pub table: Table,
    /// What it matches.
    pub key: String,
    /// The row in TOML, on one line.
    pub toml: String,
}

/// The rows that matched something.
pub type Used = BTreeSet<Row>;

impl Row {
    /// Returns the row, or the element of its list.
    pub(super) fn new(table: Table, row: &dyn ConfigRow, element: Option<&str>) -> Self {
        let members = row.members();
        let key = element.map_or_else(|| own_key(table, &members), str::to_owned);
        let mut parts: Vec<_> = members.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
        parts.extend(element.zip(table.list()).map(|(element, list)| format!("{list} = [{}, …]", string(element))));
        let toml = match table {
            Table::Timestamp | Table::Sensitive | Table::Public => format!("{} = [{}, …]", table.key(), string(&key)),
            _ => format!("[[{}]] {}", table.key(), parts.join(", ")),
        };
        Self { table, key, toml }
    }

    /// Returns the row, or each element of its list if there are any.
    pub(super) fn all(table: Table, row: &dyn ConfigRow) -> Vec<Self> {
        let elements = row.elements();
        match elements.is_empty() {
            true => vec![Self::new(table, row, None)],
            false => elements.iter().map(|element| Self::new(table, row, Some(element))).collect(),
        }
    }

    /// Returns the table by which a value is secret: by a pattern, or by something else that it says.
    pub(super) fn secrecy(reason: &str, is_pattern: bool) -> Self {
        let toml = match is_pattern {
            true => format!("[secrecy] patterns = [{}, …]", string(reason)),
            false => format!("[secrecy]: {reason}"),
        };
        Self { table: Table::Secrecy, key: reason.to_owned(), toml }
    }
}

/// Returns what a row is known by: the elements of its list, or its own key.
pub(super) fn keys(table: Table, row: &dyn ConfigRow) -> Vec<String> {
    let elements = row.elements();
    if elements.is_empty() { vec![own_key(table, &row.members())] } else { elements }
}

fn own_key(table: Table, members: &[(&str, Value)]) -> String {
    let value = |name: &str| members.iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.as_str());
    table.row_key(|name| value(name).unwrap_or_default().to_owned())
}

/// Returns a value in TOML, on one line.
fn toml(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), string)
}

/// Returns a string in TOML, on one line.
pub fn string(text: &str) -> String {
    if !text.contains(is_hidden) {
        return toml::Value::from(text).to_string();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a row in TOML, on lines of its own, for some releases or for all of them.
pub fn block(table: Table, members: &[(&str, &str)], releases: &[&str]) -> String {
    let mut text = format!("[[{}]]", table.key());
    for (key, value) in members {
        text.push_str(&format!("\n{key} = {}", string(value)));
    }
    if !releases.is_empty() {
        let releases: Vec<_> = releases.iter().map(|release| string(release)).collect();
        text.push_str(&format!("\nreleases = [{}]", releases.join(", ")));
    }
    text
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}`", self.key, self.table.key())
    }
}
