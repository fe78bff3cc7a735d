//! Whether each row matched something.

use std::collections::BTreeSet;

use super::rows::ConfigRow;
use super::{Config, Row, Table, Used, applies};
use crate::Generated;
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer, nearest};
use crate::ir::{Named, Type};
use crate::rust::render::Home;

/// A row that matches nothing.
struct Stale<'a> {
    table: Table,
    line: Option<usize>,
    /// What it is known by; of a list, those places that match nothing.
    keys: Vec<String>,
    /// What is near each of these, in words.
    near: Vec<String>,
    /// What `from` should be, if it is the name in Rust.
    rust: Option<String>,
    /// The releases in which it matches nothing; none for a place of a shared enum that is in none of them.
    releases: Vec<Option<&'a str>>,
}

/// Returns what a row of a table could name.
fn candidates(Generated { api, selection, .. }: &Generated, table: Table) -> BTreeSet<&str> {
    let fields = || api.items().flat_map(Named::fields);
    let places = || fields().map(|field| field.origin.place.as_str());
    match table {
        Table::Timestamp | Table::Sensitive | Table::Public | Table::Field | Table::Id => places().collect(),
        Table::SharedEnum => {
            let of_enums = fields().filter(|field| matches!(field.ty.leaf(), Type::Enum(_)));
            of_enums.map(|field| field.origin.place.as_str()).collect()
        }
        Table::Rename => api.renamable.values().map(String::as_str).collect(),
        Table::Example => api.items().map(Named::name).collect(),
        Table::Resource => selection.schema_keys().filter(|key| !selection.absent.contains_key(*key)).collect(),
        Table::Variant | Table::Secrecy | Table::Sample | Table::Fixup | Table::Event => BTreeSet::new(),
    }
}

impl Config {
    /// Reports the rows that matched nothing in some release that they are for; each release, or a document of none, is given
    /// with what was generated from it. The help shows the row as it should be, or that it should go.
    ///
    /// # Errors
    /// One diagnostic for each such row.
    pub fn check_rows(&self, releases: &[(Option<&str>, &Generated)]) -> Result<(), Diagnostics> {
        let mut stale: Vec<Stale<'_>> = Vec::new();
        for (release, generated) in releases {
            for row in self.unused(*release, &generated.used) {
                let line = self.find(row.table, &row.key, *release).map(|place| place.line);
                // The places of a list are one row. Other rows can be on one line.
                let is_same = |one: &&mut Stale<'_>| {
                    (one.table, one.line) == (row.table, line)
                        && (row.table.list().is_some() || one.keys.contains(&row.key))
                };
                let candidates = candidates(generated, row.table).into_iter();
                let near = nearest(&row.key, candidates.filter(|name| *name != row.key));
                let rust = generated.api.renamable.get(&row.key).filter(|_| row.table == Table::Rename).cloned();
                match stale.iter_mut().find(is_same) {
                    Some(one) => {
                        if !one.releases.contains(release) {
                            one.releases.push(*release);
                        }
                        if !one.keys.contains(&row.key) {
                            one.keys.push(row.key);
                            one.near.push(near);
                        }
                    }
                    None => {
                        let (table, keys) = (row.table, vec![row.key]);
                        stale.push(Stale { table, line, keys, near: vec![near], rust, releases: vec![*release] });
                    }
                }
            }
        }
        // In one release, one place of a shared enum has to match, since the document of another one may name it otherwise.
        let is_used = |row: &Row| releases.iter().any(|(_, generated)| generated.used.contains(row));
        if releases.len() >= self.releases.len() {
            for row in self.rows(None).filter(|row| row.table == Table::SharedEnum && !is_used(row)) {
                if !stale.iter().any(|one| one.table == row.table && one.keys.contains(&row.key)) {
                    let (keys, near) = (vec![row.key], vec![String::new()]);
                    stale.push(Stale { table: row.table, line: None, keys, near, rust: None, releases: Vec::new() });
                }
            }
        }
        Diagnostics::of(stale.iter().map(|one| self.unused_diagnostic(one)).collect())
    }

    /// Returns the diagnostic for a row that matches nothing in some releases.
    fn unused_diagnostic(&self, stale: &Stale<'_>) -> Diagnostic {
        let Stale { table, keys, near, rust, releases, .. } = stale;
        let documents = if releases.is_empty() { "any document" } else { "the document" };
        let releases: Vec<_> = releases.iter().flatten().copied().collect();
        let (table, key) = (*table, keys.first().map_or("", String::as_str));
        let modules: Vec<_> = releases.iter().map(|module| format!("`{module}`")).collect();
        let document = match modules.as_slice() {
            [] => documents.to_owned(),
            names => format!("the document of the release {}", names.join(" or ")),
        };
        let now = self.renamed.get(key);
        // What the place seems to be called now may have a row already.
        let is_decided = |now: &String| {
            let mut modules = releases.iter().copied().map(Some).chain(releases.is_empty().then_some(None));
            modules.all(|module| table.alternatives().iter().any(|table| self.find(*table, now, module).is_some()))
        };
        let near = match keys.as_slice() {
            _ if now.is_some() || rust.is_some() => String::new(),
            [_] => near.concat(),
            _ => {
                let near = keys.iter().zip(near).map(|(key, near)| near.replacen("; ", &format!("; for `{key}`, "), 1));
                near.collect()
            }
        };
        let reason = match (table, keys.as_slice()) {
            (Table::Fixup, _) => {
                format!("the fix-up of `{key}` does not apply to {document}: the place is gone, or has another value")
            }
            (_, [_]) => format!("the row `{key}` of `{}` matches nothing in {document}{near}", table.key()),
            (_, keys) => {
                let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
                format!("{} of a row of `{}` match nothing in {document}{near}", keys.join(" and "), table.key())
            }
        };
        let Some(place) = self.find(table, key, releases.first().copied()) else {
            return Diagnostic::new(self.name(), Pointer::default(), reason, "delete the row");
        };
        let is_for = |module: &&str| applies(&place.releases, Some(module));
        let modules = self.releases.iter().map(|release| release.module.as_str());
        let rest: Vec<_> = modules.filter(is_for).filter(|module| !releases.contains(module)).collect();
        let gone = place.deletion();
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        let help = match table {
            _ if !rest.is_empty() && !releases.is_empty() => {
                let there = match (table, now) {
                    (Table::Sensitive | Table::Public | Table::Timestamp, Some(now)) if is_decided(now) => {
                        format!("it seems to be `{now}` there, which has a row: ")
                    }
                    (Table::Sensitive | Table::Public | Table::Timestamp, Some(now)) => {
                        format!("it seems to be `{now}` there: if so, add a row for that, and ")
                    }
                    (Table::Sensitive, None) => {
                        "name the value as the document does in another row, so that `Debug` does not print it, \
                        unless it is gone; and "
                            .to_owned()
                    }
                    _ => String::new(),
                };
                there + &place.replacement(&place.clone().with_releases(&rest))
            }
            Table::Fixup => format!("{gone} if the mistake was fixed upstream, or correct what the row expects"),
            Table::Rename if rust.is_some() => {
                let from = rust.as_deref().unwrap_or_default();
                let row = place.clone().with_member("from", from);
                format!("`{key}` is the name in Rust, and `from` is what it is made of: {}", place.replacement(&row))
            }
            Table::Sensitive | Table::Public | Table::Timestamp if now.is_some_and(is_decided) => {
                format!("it seems to be `{}` now, which has a row: {gone}", now.map_or("", String::as_str))
            }
            Table::Sensitive | Table::Public | Table::Timestamp if now.is_some() => {
                let now = now.map_or("", String::as_str);
                let row = place.clone().with_place(now);
                format!("it seems to be `{now}` now; if not, {gone}; if so, {}", place.replacement(&row))
            }
            // Without a row, the value is public: only a person knows whether it is gone.
            Table::Sensitive => {
                format!(
                    "name the value as the document does, so that `Debug` does not print it; or {gone} if it is gone"
                )
            }
            _ => {
                let rest = place.clone().without(&keys).filter(|_| place.has_elements());
                let without = rest.map_or(gone, |rest| place.replacement(&rest.toml()));
                if near.is_empty() { without } else { format!("correct the row, or {without}") }
            }
        };
        Diagnostic::new(self.name(), Pointer::default(), reason, help).at(place.line, 1)
    }

    /// Returns the rows for a release that matched nothing, in the order of the file.
    pub fn unused(&self, release: Option<&str>, used: &Used) -> Vec<Row> {
        let is_shared_elsewhere = |row: &Row| {
            let shared =
                self.shared_enums.iter().filter(|shared| release.is_some() && shared.places.contains(&row.key));
            row.table == Table::SharedEnum
                && shared
                    .flat_map(|shared| &shared.places)
                    .any(|place| used.iter().any(|other| other.table == Table::SharedEnum && other.key == *place))
        };
        // In a crate of one's own, a row of a resource without the list of its operations asks for it.
        let asks = if self.home == Home::OwnCrate { self.without_operations() } else { Vec::new() };
        let is_meant = |row: &Row| row.table != Table::Resource || !asks.contains(&row.key);
        let is_unused = |row: &Row| !used.contains(row) && !is_shared_elsewhere(row) && is_meant(row);
        self.rows(release).filter(is_unused).collect()
    }

    /// Returns the rows for a release that have to match something.
    fn rows(&self, release: Option<&str>) -> impl Iterator<Item = Row> {
        let is_for = move |row: &dyn ConfigRow| !row.may_match_nothing() && applies(row.releases(), release);
        self.tables().filter(move |(_, _, row)| is_for(*row)).flat_map(|(table, _, row)| Row::all(table, row))
    }

    /// Returns every row with its table and its place there, in the order in which rows that match nothing are reported.
    pub(super) fn tables(&self) -> impl Iterator<Item = (Table, usize, &dyn ConfigRow)> {
        fn rows<T: ConfigRow>(table: Table, rows: &[T]) -> Vec<(Table, usize, &dyn ConfigRow)> {
            rows.iter().enumerate().map(|(at, row)| (table, at, row as &dyn ConfigRow)).collect()
        }
        let tables = [
            rows(Table::Resource, &self.resources),
            rows(Table::Rename, &self.renames),
            rows(Table::Field, &self.fields),
            rows(Table::Variant, &self.variants),
            rows(Table::SharedEnum, &self.shared_enums),
            rows(Table::Id, &self.ids),
            rows(Table::Timestamp, &self.timestamps),
            rows(Table::Sensitive, &self.sensitive),
            rows(Table::Public, &self.public),
            rows(Table::Sample, &self.samples),
            rows(Table::Fixup, &self.fixups),
            rows(Table::Example, &self.examples),
        ];
        tables.into_iter().flatten()
    }
}
