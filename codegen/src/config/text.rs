//! Where each row stands in the text of the configuration, and the placeholder that a proposed row has where a person chooses.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::found::Found;
use super::{Table, applies};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};

/// What a proposed row has in place of a value that a person chooses.
pub const PLACEHOLDER: &str = "…";

/// The keys that are of `codegen.toml` as a whole, and of no table.
const OF_FILE: [&str; 8] = [
    "default_max_length",
    "docs_url",
    "expand_depth",
    "public",
    "sensitive",
    "timestamps",
    "upstream",
    "upstream_commit",
];

/// Returns the line, from 1, of the heading of the first table.
fn first_table(text: &str) -> Option<usize> {
    text.lines().position(|line| line.starts_with('[')).map(|line| line + 1)
}

/// A file of the configuration, with what is known of where its rows stand. The text is parsed once.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Its name, for diagnostics.
    pub(super) name: String,
    /// The rows of each table, in the order of the text.
    pub(super) rows: Vec<Found>,
    /// The rows that have a key, by their places in `rows`.
    by_key: HashMap<Table, HashMap<String, Vec<usize>>>,
    /// The keys of the file as a whole, each with its line.
    pub(super) lines: BTreeMap<String, usize>,
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// If the text is not TOML of the right keys, or still has the placeholder of a proposed row.
    pub(super) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<(T, Self), Diagnostics> {
        let lines = Text::new(text);
        let content = toml::from_str(text).map_err(|error| {
            let key = error.message().strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
            let help = match key.filter(|key| OF_FILE.contains(key)).zip(first_table(text)) {
                Some((key, line)) => format!(
                    "move `{key}` above line {line}, where the first table begins: below it, TOML takes the key for one of the table"
                ),
                None => "correct the key or the value".to_owned(),
            };
            let mut diagnostic = Diagnostic::new(name, Pointer::default(), error.message().to_owned(), help);
            diagnostic.position = error.span().map(|span| lines.position(span.start));
            diagnostic
        })?;
        // A text that is read has been parsed.
        let root = DeTable::parse(text).map(Spanned::into_inner).unwrap_or_default();
        match lines.placeholder(name, &root) {
            Some(problem) => Err(problem.into()),
            None => Ok((content, Self::new(name, &lines, &root))),
        }
    }

    fn new(name: &str, text: &Text<'_>, root: &DeTable<'_>) -> Self {
        let tables = Table::ALL.iter().flat_map(|table| rows(root, *table).map(|row| text.row(*table, row)));
        let rows: Vec<Found> = tables.collect();
        let mut by_key: HashMap<Table, HashMap<String, Vec<usize>>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            for key in row.keys() {
                let known = by_key.entry(row.table).or_default().entry(key.to_owned()).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
        let lines = root.iter().map(|(key, _)| (key.get_ref().to_string(), text.line_at(key.span().start)));
        Self { name: name.to_owned(), rows, by_key, lines: lines.collect() }
    }

    /// Returns the rows of a table that have a key, and are for a release.
    pub(super) fn find(&self, table: Table, key: &str, release: Option<&str>) -> impl Iterator<Item = &Found> {
        let known = self.by_key.get(&table).and_then(|keys| keys.get(key));
        let rows = known.into_iter().flatten().filter_map(|at| self.rows.get(*at));
        rows.filter(move |row| applies(&row.releases, release))
    }
}

/// The text of a file, and where its lines start.
struct Text<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Text<'t> {
    fn new(text: &'t str) -> Self {
        let starts = [0].into_iter().chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { text, starts }
    }

    fn row(&self, table: Table, row: &Spanned<DeValue<'_>>) -> Found {
        let raw = |value: &Spanned<DeValue<'_>>| self.text.get(value.span()).unwrap_or_default().to_owned();
        let text = |value: Option<&Spanned<DeValue<'_>>>| {
            value.and_then(|value| value.get_ref().as_str()).unwrap_or_default().to_owned()
        };
        // Each member with where its key starts.
        let mut members: Vec<_> = match row.get_ref() {
            DeValue::Table(members) => {
                members.iter().map(|(key, value)| (&**key.get_ref(), key.span().start, value)).collect()
            }
            // A place alone.
            _ => vec![("place", row.span().start, row)],
        };
        members.sort_by_key(|(_, start, _)| *start);
        let get = |key: &str| members.iter().find(|(name, ..)| *name == key).map(|(.., value)| *value);
        let list =
            |key: &str| get(key).and_then(|list| list.get_ref().as_array()).into_iter().flat_map(|list| list.iter());
        let elements = table.list().into_iter().flat_map(list).map(|element| {
            let key = match element.get_ref().as_table() {
                None => text(Some(element)),
                Some(one) if member(one, "id").is_some() => text(member(one, "id")),
                Some(one) => {
                    format!("{} {}", text(member(one, "method")).to_uppercase(), text(member(one, "path")))
                }
            };
            (key, raw(element))
        });
        let elements: Vec<_> = elements.collect();
        let key = table.row_key(|key| text(get(key)));
        let releases = list("releases").filter_map(|release| release.get_ref().as_str().map(str::to_owned)).collect();
        // The span of a table of its own is that of its heading or of its members, and never of both.
        let start = members.first().map_or(row.span().start, |(_, start, _)| *start);
        let end = members.last().map_or(row.span().end, |(.., value)| value.span().end);
        let is_inline = row.get_ref().as_table().is_none() || raw(row).starts_with('{');
        // Above an inline row, there may be none in the whole text.
        let heading = self.text.get(..start).filter(|_| !is_inline).and_then(|before| before.rfind("[["));
        let line = self.line_at(heading.unwrap_or(start));
        let last = self.line_at(end);
        let among_others = if is_inline { self.among_others(row.span()) } else { None };
        let members = members.iter().map(|(key, _, value)| ((*key).to_owned(), raw(value))).collect();
        Found { table, line, last, releases, key, members, elements, is_inline, among_others }
    }

    /// Returns a row of a list as it stands in the text, unless it has its lines for itself.
    fn among_others(&self, span: std::ops::Range<usize>) -> Option<String> {
        let before = self.text.get(..span.start)?.rsplit('\n').next()?;
        let after = self.text.get(span.end..)?.split('\n').next()?.trim_start_matches(',').trim_start();
        let is_alone = before.trim().is_empty() && (after.is_empty() || after.starts_with('#'));
        if is_alone { None } else { self.text.get(span).map(str::to_owned) }
    }

    fn line_at(&self, offset: usize) -> usize {
        self.position(offset).0
    }

    /// Returns the line and the column, both from 1, of a place.
    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = self.starts.get(line - 1).and_then(|start| self.text.get(*start..offset)).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Returns a diagnostic for the first value that still has the placeholder of a proposed row. Code and corrections of a
    /// document may hold that character.
    fn placeholder(&self, name: &str, root: &DeTable<'_>) -> Option<Diagnostic> {
        let mut pending: Vec<_> = members(root).collect();
        pending.retain(|(key, _)| ![Table::Example.key(), Table::Fixup.key()].contains(key));
        let mut placeholders = Vec::new();
        while let Some((key, value)) = pending.pop() {
            match value.get_ref() {
                DeValue::String(text) if text.contains(PLACEHOLDER) => placeholders.push((value.span().start, key)),
                DeValue::Array(elements) => pending.extend(elements.iter().map(|element| (key, element))),
                DeValue::Table(table) => pending.extend(members(table)),
                _ => {}
            }
        }
        let (at, key) = placeholders.into_iter().min()?;
        let (line, column) = self.position(at);
        let reason = format!("the value of `{key}` still has the placeholder `{PLACEHOLDER}`");
        let help = format!("replace `{PLACEHOLDER}` by the name or the value that is meant");
        Some(Diagnostic::new(name, Pointer::default(), reason, help).at(line, column))
    }
}

fn rows<'t, 'i>(root: &'t DeTable<'i>, table: Table) -> impl Iterator<Item = &'t Spanned<DeValue<'i>>> {
    member(root, table.key()).and_then(|rows| rows.get_ref().as_array()).into_iter().flat_map(|rows| rows.iter())
}

fn members<'t, 'i>(table: &'t DeTable<'i>) -> impl Iterator<Item = (&'t str, &'t Spanned<DeValue<'i>>)> {
    table.iter().map(|(key, value)| (key.get_ref().as_ref(), value))
}

fn member<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
    members(table).find(|(name, _)| *name == key).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const TEXT: &str = r#"expand_depth = 4
upstream = ""
docs_url = ""
sensitive = [
    "a/b",
    { place = "a/c", releases = ["x"] },
]
sample = [{ place = "t/from" }]
public = ["a/x", "a/y"]

# Why.
[[rename]]
from = "t"
to = "u"

[[resource]]
schema = "t"
operations = ["One", { id = "Two", name = "two" }]

[[shared_enum]]
name = "E"
releases = ["x"]
places = [
    "a/d",
    "a/e",
]
"#;

    fn config() -> Config {
        Config::parse("codegen.toml", TEXT).unwrap()
    }

    #[test]
    fn a_row_of_a_list_is_found_and_replaced_where_it_stands() {
        let config = config();
        let find = |table, key| config.find(table, key, None).unwrap();
        assert_eq!(config.find(Table::SharedEnum, "a/e", Some("y")), None);
        assert_eq!(find(Table::Public, "a/y").replacement("x"), "replace `\"a/y\"` on line 9 by:\nx");
        let sensitive = find(Table::Sensitive, "a/b").with_releases(&["y"]);
        assert_eq!(sensitive, "    { place = \"a/b\", releases = [\"y\"] },");
    }

    #[test]
    fn a_row_of_samples_is_of_its_own_file() {
        let text = "# Why.\nsample = [\n    { place = \"a/b\", value = 1 },\n]\n";
        let config = config().with_samples("samples.toml", text).unwrap();
        assert_eq!(config.find(Table::Sample, "a/b", None).map(|row| row.line), Some(3));
        let without = Config::parse("codegen.toml", &TEXT.replace("sample = [{ place = \"t/from\" }]", "")).unwrap();
        assert_eq!(without.with_samples("samples.toml", text).unwrap().line_of("sample"), Some(("samples.toml", 2)));
        for (wrong, place) in
            [(text.replace("value", "values"), "samples.toml:3:"), (text.replace("1", "\"…\""), "samples.toml:3:")]
        {
            let error = config.clone().with_samples("samples.toml", &wrong).unwrap_err().to_string();
            assert!(error.contains(place) && !error.contains("codegen.toml"), "{error}");
        }
    }

    #[test]
    fn a_key_of_the_file_below_a_table_is_named() {
        for key in OF_FILE {
            let error = Config::parse("codegen.toml", &format!("{TEXT}{key} = []\n")).unwrap_err();
            let help = format!("move `{key}` above line 12, where the first table begins");
            assert!(error.0[0].help.starts_with(&help), "{error}");
            // Each of them is one of the file.
            let Err(error) = Config::parse("codegen.toml", &format!("{key} = {{}}\n{}", TEXT.replace(key, "x"))) else {
                panic!("{key}");
            };
            assert!(!error.to_string().contains(&format!("unknown field `{key}`")), "{error}");
        }
    }
}
