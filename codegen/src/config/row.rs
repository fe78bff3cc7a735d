//! A row of the configuration, to record which rows applied and where.

use std::collections::BTreeSet;
use std::fmt;

use super::{Example, FieldName, Fixup, IdRow, PlaceRow, Rename, Resource, Sample, SharedEnum, VariantName};
use crate::visible::is_hidden;

/// The table that a row is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `[[resource]]`.
    Resource,
    /// `[[rename]]`.
    Rename,
    /// `[[field]]`.
    Field,
    /// `[[variant]]`.
    Variant,
    /// `[[shared_enum]]`.
    SharedEnum,
    /// `[[id]]`.
    Id,
    /// `timestamps`.
    Timestamp,
    /// `sensitive`.
    Sensitive,
    /// `public`.
    Public,
    /// A pattern of `[secrecy]`.
    Secrecy,
    /// `[[sample]]`.
    Sample,
    /// `[[fixup]]`.
    Fixup,
    /// `[[example]]`.
    Example,
}

impl Table {
    /// The key in `codegen.toml`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Rename => "rename",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::SharedEnum => "shared_enum",
            Self::Id => "id",
            Self::Timestamp => "timestamps",
            Self::Sensitive => "sensitive",
            Self::Public => "public",
            Self::Secrecy => "secrecy",
            Self::Sample => "sample",
            Self::Fixup => "fixup",
            Self::Example => "example",
        }
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
    pub(super) fn resource(row: &Resource, operation: &str) -> Self {
        let toml =
            format!("{}, operations = [{}]", line(Table::Resource, &[("schema", &row.schema)]), string(operation));
        Self { table: Table::Resource, key: operation.to_owned(), toml }
    }

    pub(super) fn rename(row: &Rename) -> Self {
        let toml = line(Table::Rename, &[("from", &row.from), ("to", &row.to)]);
        Self { table: Table::Rename, key: row.from.clone(), toml }
    }

    pub(super) fn field(row: &FieldName) -> Self {
        let toml = line(Table::Field, &[("place", &row.place), ("name", &row.name)]);
        Self { table: Table::Field, key: row.place.clone(), toml }
    }

    pub(super) fn variant(row: &VariantName) -> Self {
        let toml = line(Table::Variant, &[("place", &row.place), ("value", &row.value), ("name", &row.name)]);
        Self { table: Table::Variant, key: format!("{}={}", row.place, row.value), toml }
    }

    pub(super) fn shared_enum(row: &SharedEnum, place: &str) -> Self {
        let toml = format!("{}, places = [{}, …]", line(Table::SharedEnum, &[("name", &row.name)]), string(place));
        Self { table: Table::SharedEnum, key: place.to_owned(), toml }
    }

    pub(super) fn id(row: &IdRow, place: &str) -> Self {
        let toml = format!("{}, places = [{}, …]", line(Table::Id, &[("resource", &row.resource)]), string(place));
        Self { table: Table::Id, key: place.to_owned(), toml }
    }

    pub(super) fn timestamp(row: &PlaceRow) -> Self {
        let toml = format!("timestamps = [{}, …]", string(row.place()));
        Self { table: Table::Timestamp, key: row.place().to_owned(), toml }
    }

    pub(super) fn public(row: &PlaceRow) -> Self {
        let toml = format!("public = [{}, …]", string(row.place()));
        Self { table: Table::Public, key: row.place().to_owned(), toml }
    }

    pub(super) fn pattern(pattern: &str) -> Self {
        let toml = format!("[secrecy] patterns = [{}, …]", string(pattern));
        Self { table: Table::Secrecy, key: pattern.to_owned(), toml }
    }

    pub(super) fn sensitive(row: &PlaceRow) -> Self {
        let toml = format!("sensitive = [{}, …]", string(row.place()));
        Self { table: Table::Sensitive, key: row.place().to_owned(), toml }
    }

    pub(super) fn sample(row: &Sample) -> Self {
        let value = row.value.as_ref().map_or_else(String::new, |value| format!(", value = {value}"));
        let toml = line(Table::Sample, &[("place", &row.place)]) + &value;
        Self { table: Table::Sample, key: row.place.clone(), toml }
    }

    pub(super) fn example(row: &Example) -> Self {
        Self { table: Table::Example, key: row.item.clone(), toml: line(Table::Example, &[("item", &row.item)]) }
    }

    pub(super) fn fixup(row: &Fixup) -> Self {
        let toml = line(Table::Fixup, &[("pointer", &row.pointer), ("link", &row.link)]);
        Self { table: Table::Fixup, key: row.pointer.clone(), toml }
    }
}

/// A row in TOML, but on one line.
fn line(table: Table, members: &[(&str, &str)]) -> String {
    let members: Vec<_> = members.iter().map(|(key, value)| format!("{key} = {}", string(value))).collect();
    format!("[[{}]] {}", table.key(), members.join(", "))
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
