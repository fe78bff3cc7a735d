//! Whether each row matched something.

use super::rows::ConfigRow;
use super::{Config, Row, Table, Used, applies};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};

impl Config {
    /// Reports the rows that matched nothing in some release that they are for; each release, or a document of none, is given
    /// with its rows that matched. The help shows the row as it should be, or that it should go.
    ///
    /// # Errors
    /// One diagnostic for each such row.
    pub fn check_rows(&self, releases: &[(Option<&str>, &Used)]) -> Result<(), Diagnostics> {
        let mut stale: Vec<(Row, Vec<Option<&str>>)> = Vec::new();
        for (release, used) in releases {
            for row in self.unused(*release, used) {
                // The places of a shared enum are one row.
                let line = |row: &Row, release| self.find(row.table, &row.key, release).map(|place| place.line);
                let known = stale.iter_mut().find(|(other, modules)| {
                    other.table == row.table
                        && modules.iter().any(|module| line(other, *module) == line(&row, *release))
                });
                match known {
                    Some((_, modules)) if modules.contains(release) => {}
                    Some((_, modules)) => modules.push(*release),
                    None => stale.push((row, vec![*release])),
                }
            }
        }
        let stale: Vec<_> = stale
            .iter()
            .map(|(row, modules)| self.unused_diagnostic(&modules.iter().flatten().copied().collect::<Vec<_>>(), row))
            .collect();
        if stale.is_empty() { Ok(()) } else { Err(Diagnostics(stale)) }
    }

    /// Returns the diagnostic for a row that matches nothing in these releases, or in a document of no release.
    fn unused_diagnostic(&self, releases: &[&str], row: &Row) -> Diagnostic {
        let names: Vec<_> = releases.iter().map(|module| format!("`{module}`")).collect();
        let document = match names.as_slice() {
            [] => "the document".to_owned(),
            names => format!("the document of the release {}", names.join(" or ")),
        };
        let reason = match row.table {
            Table::Fixup => {
                format!(
                    "the fix-up of `{}` does not apply to {document}: the place is gone, or has another value",
                    row.key
                )
            }
            _ => format!("the row {row} matches nothing in {document}"),
        };
        let Some(place) = self.find(row.table, &row.key, releases.first().copied()) else {
            return Diagnostic::new(self.name(), Pointer::default(), reason, "delete the row");
        };
        let is_for = |module: &&str| applies(&place.releases, Some(module));
        let modules = self.releases.iter().map(|release| release.module.as_str());
        let rest: Vec<_> = modules.filter(is_for).filter(|module| !releases.contains(module)).collect();
        let help = match (rest.is_empty() || releases.is_empty(), row.table) {
            (true, Table::Fixup) => {
                format!("{} if the mistake was fixed upstream, or correct what the row expects", place.deletion())
            }
            (true, _) => place.deletion(),
            (false, _) => place.replacement(&place.clone().with_releases(&rest)),
        };
        Diagnostic::new(self.name(), Pointer::default(), reason, help).at(place.line, 1)
    }

    /// Reports the places of shared enums that matched nothing in any release; `used` is from all of them. In one release,
    /// one place of each row has to match, since the document of another one may name it otherwise.
    ///
    /// # Errors
    /// One diagnostic for each such place.
    pub fn check_places(&self, used: &Used) -> Result<(), Diagnostics> {
        let places = self.rows(None).filter(|row| row.table == Table::SharedEnum && !used.contains(row));
        let unused: Vec<_> = places.map(|row| self.unused_place(&row)).collect();
        if unused.is_empty() { Ok(()) } else { Err(Diagnostics(unused)) }
    }

    fn unused_place(&self, row: &Row) -> Diagnostic {
        let reason = format!("the row {row} matches nothing in any document");
        let Some(place) = self.find(row.table, &row.key, None) else {
            return Diagnostic::new(self.name(), Pointer::default(), reason, "delete the place");
        };
        let help = match place.clone().without(&[&row.key]) {
            Some(rest) => place.replacement(&rest.toml()),
            None => place.deletion(),
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
        self.rows(release).filter(|row| !used.contains(row) && !is_shared_elsewhere(row)).collect()
    }

    /// Returns the rows for a release that have to match something.
    fn rows(&self, release: Option<&str>) -> impl Iterator<Item = Row> {
        let rows = self.tables().filter(move |(_, row)| !row.may_match_nothing() && applies(row.releases(), release));
        rows.flat_map(|(table, row)| Row::all(table, row))
    }

    /// Returns every row with its table, in the order in which rows that match nothing are reported.
    pub(super) fn tables(&self) -> impl Iterator<Item = (Table, &dyn ConfigRow)> {
        fn rows<T: ConfigRow>(table: Table, rows: &[T]) -> Vec<(Table, &dyn ConfigRow)> {
            rows.iter().map(|row| (table, row as &dyn ConfigRow)).collect()
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
