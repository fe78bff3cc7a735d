//! Finds the rows that apply to a place of one document, and records which ones did.

use std::cell::RefCell;
use std::collections::HashMap;

use super::row::{block, keys, string};
use super::rows::ConfigRow;
use super::{
    Config, Found, OperationRow, PLACEHOLDER, Resource, Row, Sample, Secrecy, SharedEnum, Table, Undecided, Used,
    applies,
};
use crate::diagnostic::Pointer;

/// The rows of the configuration for one document.
#[derive(Debug)]
pub(crate) struct Lookup<'c> {
    pub(crate) config: &'c Config,
    release: Option<&'c str>,
    /// The rows for the document, by their places in their tables, of each table and key.
    rows: HashMap<Table, HashMap<String, Vec<usize>>>,
    used: RefCell<Used>,
}

impl<'c> Lookup<'c> {
    /// Returns the rows for the document of a release, by module, or for one that is of no release.
    pub(crate) fn new(config: &'c Config, release: Option<&'c str>) -> Self {
        let mut rows: HashMap<Table, HashMap<String, Vec<usize>>> = HashMap::new();
        for (table, at, row) in config.tables().filter(|(_, _, row)| applies(row.releases(), release)) {
            let of_table = rows.entry(table).or_default();
            keys(table, row).into_iter().for_each(|key| of_table.entry(key).or_default().push(at));
        }
        Self { config, release, rows, used: RefCell::default() }
    }

    pub(crate) fn into_used(self) -> Used {
        self.used.into_inner()
    }

    /// Whether the rows are for the first release, or for a document of none.
    pub(crate) fn is_first_release(&self) -> bool {
        let first = self.config.releases.first().map(|release| release.module.as_str());
        self.release.is_none_or(|release| first == Some(release))
    }

    /// Records a row, and hands it back to be kept with the item that it applies to.
    pub(crate) fn record(&self, row: Row) -> Row {
        self.used.borrow_mut().insert(row.clone());
        row
    }

    /// Takes back that rows applied.
    pub(crate) fn forget(&self, rows: &[Row]) {
        self.used.borrow_mut().retain(|row| !rows.contains(row));
    }

    /// Returns the rows of a table that are for the document.
    fn rows<T: ConfigRow>(&self, rows: &'c [T]) -> impl Iterator<Item = &'c T> {
        rows.iter().filter(|row| applies(row.releases(), self.release))
    }

    /// Returns the rows for the document that have a key, of `rows`, which is the whole table.
    fn with_key<T>(&self, table: Table, rows: &'c [T], key: &str) -> impl Iterator<Item = &'c T> {
        let places = self.rows.get(&table).and_then(|keys| keys.get(key));
        places.into_iter().flatten().filter_map(|at| rows.get(*at))
    }

    /// Returns the first row for the document that has a key, which is recorded.
    fn find<T: ConfigRow>(&self, table: Table, rows: &'c [T], key: &str) -> Option<(&'c T, Row)> {
        let row = self.with_key(table, rows, key).next()?;
        Some((row, self.record(Row::new(table, row, None))))
    }

    /// Returns the resources to keep.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &'c Resource> {
        self.rows(&self.config.resources)
    }

    /// Whether the document may lack the resource or an operation of the row: the configuration says so, or the row is for some
    /// releases, and the document is of none.
    pub(crate) fn may_be_absent(&self, resource: &Resource) -> bool {
        self.config.skips_absent || self.release.is_none() && !resource.releases.is_empty()
    }

    /// Returns the code of the example for a model or an operation.
    pub(crate) fn example(&self, item: &str) -> Option<(&'c str, Row)> {
        let (row, applied) = self.find(Table::Example, &self.config.examples, item)?;
        Some((&row.code, applied))
    }

    /// Whether a row names the component schema `key` as a resource. Those that are there for the models are recorded.
    pub(crate) fn follows(&self, key: &str) -> bool {
        let mut follows = false;
        for row in self.resources().filter(|row| row.schema == key) {
            follows = true;
            if row.operations.is_empty() {
                self.record(Row::new(Table::Resource, row, None));
            }
        }
        follows
    }

    /// Returns the row that selects an operation, for its item.
    pub(crate) fn operation_row(&self, resource: &Resource, operation: &OperationRow) -> Row {
        Row::new(Table::Resource, resource, Some(&operation.to_string()))
    }

    /// Corrects the mistakes that the configuration knows of in the part of the document at a place.
    pub(crate) fn fix(&self, at: &Pointer, part: &mut serde_json::Value) {
        for fixup in self.rows(&self.config.fixups) {
            let Some(inside) = fixup.pointer.strip_prefix(at.as_str()) else { continue };
            if let Some(wrong) = part.pointer_mut(inside).filter(|value| **value == fixup.expected) {
                *wrong = fixup.value.clone();
                self.record(Row::new(Table::Fixup, fixup, None));
            }
        }
    }

    /// Returns the places that hold ids of resources, each with the resource.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&'c str, &'c str, Row)> {
        let rows = self.rows(&self.config.ids).flat_map(|row| row.places.iter().map(move |place| (row, place)));
        rows.map(|(row, place)| (place.as_str(), row.resource.as_str(), Row::new(Table::Id, row, Some(place))))
    }

    /// Returns the places of integers that are times.
    pub(crate) fn timestamps(&self) -> impl Iterator<Item = (&'c str, Row)> {
        self.rows(&self.config.timestamps).map(|row| (row.place(), Row::new(Table::Timestamp, row, None)))
    }

    /// Returns the row that makes the value at `place` secret.
    pub(crate) fn sensitive(&self, place: &str) -> Option<Row> {
        self.find(Table::Sensitive, &self.config.sensitive, place).map(|(_, row)| row)
    }

    /// Returns the row by which the value at `place` is public.
    pub(crate) fn public(&self, place: &str) -> Option<Row> {
        self.find(Table::Public, &self.config.public, place).map(|(_, row)| row)
    }

    /// Which values have to be decided, and whether one without a row is a problem: in a release. Another document is not ours
    /// to decide on, and what matches a pattern there is secret.
    pub(crate) fn secrecy(&self) -> Option<(&'c Secrecy, bool)> {
        let secrecy = self.config.secrecy.as_ref()?;
        Some((secrecy, self.release.is_some() && secrecy.undecided == Undecided::Refused))
    }

    /// Returns the pattern, or what else it is by which a value is secret that no row decides on, as a row.
    pub(crate) fn pattern_row(&self, reason: &str) -> Row {
        let mut patterns = self.config.secrecy.iter().flat_map(|secrecy| &secrecy.patterns);
        self.record(Row::secrecy(reason, patterns.any(|pattern| pattern == reason)))
    }

    /// What to do where a row has to name something: the row has a placeholder for `name`, or `to`.
    pub(crate) fn name_help(&self, table: Table, members: &[(&str, &str)]) -> String {
        let name = if table == Table::Rename { "to" } else { "name" };
        let text = |key: &str| members.iter().find(|(member, _)| *member == key).map_or("", |(_, text)| text);
        // A second row would not apply.
        if let Some(row) = self.config.find(table, &table.row_key(|key| text(key).to_owned()), self.release) {
            return other_name(row, name);
        }
        let members = [members, &[(name, PLACEHOLDER)]].concat();
        let row = block(table, &members, self.only_release().as_slice());
        format!("add this row at the end of `codegen.toml`, with a name of your choice:\n{row}")
    }

    /// What to do where a row gives something a name that it cannot have; `name` is the key of the name.
    pub(crate) fn other_name_help(&self, row: &Row, name: &str) -> String {
        let found = self.config.find(row.table, &row.key, self.release);
        found.map_or_else(|| format!("choose another `{name}`: {}", row.toml), |found| other_name(found, name))
    }

    /// What to do where the row of an operation gives it a name that it cannot have.
    pub(crate) fn operation_help(&self, row: &Row, name: &str) -> String {
        let line = self.config.find(row.table, &row.key, self.release).map(|found| format!(" in {}", found.lines()));
        format!("give `{}` another name than `{name}`{} of `codegen.toml`", row.key, line.unwrap_or_default())
    }

    /// What to do to delete a row, in words.
    pub(crate) fn removal(&self, row: &Row) -> String {
        match self.config.find(row.table, &row.key, self.release) {
            Some(found) => format!("{} of `codegen.toml`", found.removal(&row.key)),
            None => format!("delete it: {}", row.toml),
        }
    }

    /// Whether the document is that of a release. The rows are about it, and otherwise they need not fit.
    pub(crate) fn is_of_release(&self) -> bool {
        self.release.is_some()
    }

    /// Returns the release, if there are others. A new place is in no other release.
    fn only_release(&self) -> Option<&'c str> {
        self.release.filter(|_| self.config.releases.len() > 1)
    }

    /// A line of `sensitive` or `public` for a place of this document, to be suggested.
    pub(crate) fn line_for(&self, place: &str) -> String {
        match self.only_release() {
            Some(release) => format!("    {{ place = {}, releases = [{}] }},", string(place), string(release)),
            None => format!("    {},", string(place)),
        }
    }

    /// Returns the row for the field at `place` in samples, if its value is of the type of the field.
    pub(crate) fn sample(
        &self,
        place: &str,
        is_of_type: impl Fn(Option<&serde_json::Value>) -> bool,
    ) -> Option<(&'c Sample, Row)> {
        let mut rows = self.with_key(Table::Sample, &self.config.samples, place);
        let row = rows.find(|row| is_of_type(row.value.as_ref()))?;
        Some((row, self.record(Row::new(Table::Sample, row, None))))
    }

    /// Returns the name that a row gives to a component key: that of the whole key first, then that of the longest prefix.
    pub(crate) fn rename_key(&self, key: &str) -> Option<(String, Row)> {
        self.rename(key).or_else(|| {
            let prefixes = self
                .rows(&self.config.renames)
                .filter_map(|row| Some((row, key.strip_prefix(row.from.strip_suffix('*')?)?)));
            let (row, rest) = prefixes.max_by_key(|(row, _)| row.from.len())?;
            Some((row.to.replace('*', rest), self.record(Row::new(Table::Rename, row, None))))
        })
    }

    /// Returns the name that a row gives to a place, an operation id, an id or an expand enum.
    pub(crate) fn rename(&self, from: &str) -> Option<(String, Row)> {
        let (row, applied) = self.find(Table::Rename, &self.config.renames, from)?;
        Some((row.to.clone(), applied))
    }

    /// Returns the Rust name that a row gives to the field at `place`.
    pub(crate) fn field_name(&self, place: &str) -> Option<(&'c str, Row)> {
        let (row, applied) = self.find(Table::Field, &self.config.fields, place)?;
        Some((&row.name, applied))
    }

    /// Returns the Rust name that a row gives to a value of the enum at `place`.
    pub(crate) fn variant_name(&self, place: &str, value: &str) -> Option<(&'c str, Row)> {
        let key = format!("{place}={value}");
        let (row, applied) = self.find(Table::Variant, &self.config.variants, &key)?;
        Some((&row.name, applied))
    }

    /// Returns the enum that the place shares with others.
    pub(crate) fn shared_enum(&self, place: &str) -> Option<(&'c SharedEnum, Row)> {
        let row = self.with_key(Table::SharedEnum, &self.config.shared_enums, place).next()?;
        Some((row, self.record(Row::new(Table::SharedEnum, row, Some(place)))))
    }
}

/// What to do where a row gives a name that cannot be; `name` is the key of the name.
fn other_name(row: Found, name: &str) -> String {
    let other = row.clone().with_member(name, PLACEHOLDER);
    format!("choose another name in its row of `codegen.toml`: {}", row.replacement(&other))
}
