//! Whether the rows contradict or repeat each other, of whatever table they are: this looks at the texts of the files, so that no table
//! is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::text::File;
use super::{Config, Secrecy, Table, applies};
use crate::diagnostic::{Diagnostic, Pointer, nearest};

/// A row, and the file that it is in.
type Placed<'a> = (&'a File, &'a Found);

impl Table {
    /// Returns the tables of which one row decides on a place, if there are several.
    pub(super) fn alternatives(self) -> &'static [Self] {
        match self {
            Self::Sensitive | Self::Public => &[Self::Sensitive, Self::Public],
            Self::Id | Self::Timestamp => &[Self::Id, Self::Timestamp],
            _ => &[],
        }
    }

    /// Returns the member whose values several rows of one key can have one each of. A sample is for one type of a field.
    fn distinct_by(self) -> Option<&'static str> {
        (self == Self::Sample).then_some("value")
    }
}

impl Config {
    /// Reports rows that repeat or contradict another one, that are for a release which is not there, or that change nothing.
    pub(super) fn check_statements(&self, problems: &mut Vec<Diagnostic>) {
        let mut rows: Vec<Placed<'_>> =
            self.files.iter().flat_map(|file| file.rows.iter().map(move |row| (file, row))).collect();
        // By table, they are not in the order of the text.
        rows.sort_by_key(|(file, row)| (file.name != self.name(), row.line));
        for row in &rows {
            self.check_releases_of(*row, problems);
        }
        check_repeated(&rows, problems);
        self.check_secrecy(problems);
        check_models(&rows, problems);
        self.check_fixups(&rows, problems);
    }

    /// Reports the releases of a row that are not there, or that it names twice.
    fn check_releases_of(&self, row: Placed<'_>, problems: &mut Vec<Diagnostic>) {
        let mut seen = BTreeSet::new();
        for module in &row.1.releases {
            let (of, table) = (&row.1.key, row.1.table.key());
            if !seen.insert(module) {
                let reason = format!("the row `{of}` of `{table}` names the release `{module}` twice");
                problems.push(at(row, reason, "name it once".to_owned()));
            } else if self.release(module).is_none() {
                let near = nearest(module, self.releases.iter().map(|release| release.module.as_str()));
                let reason = format!(
                    "the row `{of}` of `{table}` is for the release `{module}`, which no `[[release]]` row has as its module{near}"
                );
                problems.push(at(row, reason, "correct `releases` of the row".to_owned()));
            }
        }
    }

    /// Reports what a list of `[secrecy]` has twice.
    fn check_secrecy(&self, problems: &mut Vec<Diagnostic>) {
        let lists = |secrecy: &Secrecy| {
            [
                ("patterns", secrecy.patterns.clone()),
                ("members", secrecy.members.clone()),
                ("harmless", secrecy.harmless.clone()),
            ]
        };
        for (list, texts) in self.secrecy.iter().flat_map(lists) {
            let mut seen = BTreeSet::new();
            for text in texts.iter().filter(|text| !seen.insert(text.as_str())) {
                let reason = format!("`{list}` of `[secrecy]` has `{text}` twice");
                let problem = self.diagnostic(reason, "delete one of the two");
                let line = self.line_of(Table::Secrecy.key()).map(|(_, line)| line);
                problems.push(line.map_or(problem.clone(), |line| problem.at(line, 1)));
            }
        }
    }

    /// Reports the fix-ups that change nothing, or that are inside the place of another one.
    fn check_fixups(&self, rows: &[Placed<'_>], problems: &mut Vec<Diagnostic>) {
        let rows = rows.iter().filter(|(_, row)| row.table == Table::Fixup);
        let fixups: Vec<_> = rows.copied().zip(&self.fixups).collect();
        let of_pointer: BTreeMap<&str, Placed<'_>> =
            fixups.iter().map(|(row, fixup)| (fixup.pointer.as_str(), *row)).collect();
        for (row, fixup) in &fixups {
            let pointer = &fixup.pointer;
            if fixup.expected == fixup.value {
                let reason = format!("the fix-up of `{pointer}` changes nothing: `value` is as `expected`");
                problems.push(at(*row, reason, format!("correct one of them, or {}", row.1.deletion())));
            }
            let above = pointer.match_indices('/').filter_map(|(end, _)| of_pointer.get(&pointer[..end]));
            if let Some(other) = above.copied().find(|other| share_release(row.1, other.1)) {
                let (outer, place) = (&other.1.key, place(*row, other));
                let reason = format!("the fix-up of `{pointer}` is inside what that of `{outer}` replaces, {place}");
                problems.push(at(*row, reason, "make one fix-up of the two".to_owned()));
            }
        }
    }
}

/// Reports each row that decides on what another row decides on, in a release that both are for.
fn check_repeated(rows: &[Placed<'_>], problems: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(Table, String), Vec<Placed<'_>>> = BTreeMap::new();
    for &(file, row) in rows.iter().filter(|(_, row)| row.table.list().is_none() || row.has_elements()) {
        let table = row.table.alternatives().first().copied().unwrap_or(row.table);
        for key in row.keys() {
            let value = row.table.distinct_by().map(|member| row.member(member).unwrap_or_default());
            let decided = value.map_or_else(|| key.to_owned(), |value| format!("{key}={value}"));
            let others = known.entry((table, decided)).or_default();
            if let Some(other) = others.iter().copied().find(|(_, other)| share_release(row, other)) {
                problems.push(repeated(key, (file, row), other));
            }
            others.push((file, row));
        }
    }
}

fn repeated(key: &str, row: Placed<'_>, other: Placed<'_>) -> Diagnostic {
    let (table, of_other) = (row.1.table.key(), other.1.table.key());
    if std::ptr::eq(row.1, other.1) {
        let reason = format!("the row of `{table}` has `{key}` twice");
        return at(row, reason, "delete one of the two".to_owned());
    }
    let place = place(row, other);
    if table != of_other {
        let reason = format!("`{key}` is in `{table}` and, {place}, in `{of_other}`: only one of them can hold");
        return at(row, reason, "delete one of the two".to_owned());
    }
    let reason = format!("`{key}` of `{table}` has a row already, {place}");
    let is_limited = !row.1.releases.is_empty() || !other.1.releases.is_empty();
    let limit = if is_limited { "let the rows be for different releases, " } else { "" };
    at(row, reason, format!("{limit}correct one of the two rows, or {}", row.1.removal(key)))
}

/// Reports the rows of resources without operations beside which another row says as much.
fn check_models(rows: &[Placed<'_>], problems: &mut Vec<Diagnostic>) {
    let mut of_schema: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|(_, row)| row.table == Table::Resource) {
        of_schema.entry(&row.1.key).or_default().push(*row);
    }
    for rows in of_schema.values() {
        for (i, row) in rows.iter().enumerate().filter(|(_, (_, row))| !row.has_elements()) {
            let says_as_much = |(j, (_, other)): &(usize, &Placed<'_>)| {
                let is_first = other.has_elements() || !covers(row.1, other) || *j < i;
                *j != i && covers(other, row.1) && is_first
            };
            if let Some((_, other)) = rows.iter().enumerate().find(says_as_much) {
                let reason = format!(
                    "`{}` of `resource` has a row already, {}: this one adds nothing",
                    row.1.key,
                    place(*row, *other)
                );
                problems.push(at(*row, reason, row.1.deletion()));
            }
        }
    }
}

/// Whether the models of a resource are there by `row` wherever they are by `other`.
fn covers(row: &Found, other: &Found) -> bool {
    let is_feature = row.member("feature").is_none_or(|feature| other.member("feature") == Some(feature));
    let releases = &other.releases;
    let is_for = |module: &String| applies(&row.releases, Some(module));
    is_feature && (row.releases.is_empty() || (!releases.is_empty() && releases.iter().all(is_for)))
}

fn share_release(row: &Found, other: &Found) -> bool {
    row.releases.is_empty()
        || other.releases.iter().any(|module| row.releases.contains(module))
        || other.releases.is_empty()
}

/// Returns where another row is, in words: `on line 3`.
fn place(row: Placed<'_>, other: Placed<'_>) -> String {
    match row.0.name == other.0.name {
        true => format!("on line {}", other.1.line),
        false => format!("on line {} of `{}`", other.1.line, other.0.name),
    }
}

fn at((file, row): Placed<'_>, reason: String, help: String) -> Diagnostic {
    Diagnostic::new(&file.name, Pointer::default(), reason, help).at(row.line, 1)
}
