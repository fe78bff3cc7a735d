//! The places of a crate of one's own that a new document adds or lacks, in the lists of `codegen.toml`.
//!
//! What is newly secret by a pattern is added to `sensitive`, as when the crate was created. A row of a list whose place is gone is
//! deleted. Both are on the list for a person. A row of `sensitive` stays if a value could become public without it: what a person
//! made secret is for a person to delete.

mod edit;

use std::collections::{BTreeMap, BTreeSet};

use codegen::config::{Row, Table, string};
use codegen::descriptions::{Move, moves};
use codegen::document::{Document, to_json};
use codegen::ir::{Api, Field, Named};
use codegen::markdown::code;
use codegen::{Config, Diagnostics, Generated, Pointer};

use self::edit::edited;
use super::list::{Task, in_config};
use crate::output::with_line_ends_of;
use crate::own::by_pattern;
use crate::root::config_name;

const LISTS: [Table; 3] = [Table::Timestamp, Table::Sensitive, Table::Public];

#[derive(Debug, Default)]
struct Changed {
    /// The rows of `sensitive` by place, each with the pattern.
    added: BTreeMap<String, String>,
    deleted: Vec<Row>,
}

/// What is known of the places before the document.
#[derive(Default)]
pub(crate) struct Before<'a> {
    pub(super) api: Option<&'a Api>,
    /// The places that a pattern made secret there, whether a row names them or not.
    pub(super) by_pattern: BTreeSet<String>,
}

impl Before<'_> {
    /// Whether no value becomes public if the row of `sensitive` for a place that is gone is deleted: the value is secret under its
    /// new name, or it seems to have none and a pattern covered the old one.
    fn is_covered(&self, place: &str, config: &Config, renamed: &BTreeMap<String, &Field>) -> bool {
        let by_name = || config.secrecy.as_ref().is_some_and(|secrecy| secrecy.covers(place));
        renamed.get(place).map_or_else(|| self.by_pattern.contains(place) || by_name(), |field| field.is_secret)
    }
}

/// Returns the places that seem to be called otherwise now, each with the field as it is now.
pub(super) fn renamed<'n>(old: &Api, new: &'n Api) -> BTreeMap<String, &'n Field> {
    fn fields(api: &Api) -> BTreeMap<&Pointer, &Field> {
        api.items().flat_map(Named::fields).map(|field| (&field.origin.pointer, field)).collect()
    }
    let (was, is) = (fields(old), fields(new));
    let renamed = moves(old, new).into_iter().filter_map(|Move { from, to }| {
        let (was, is) = (&was.get(&from)?.origin.place, *is.get(&to)?);
        (*was != is.origin.place).then(|| (was.clone(), is))
    });
    renamed.collect()
}

/// Returns the places of a document that a pattern makes secret, whether a row of `sensitive` names them or not.
pub(super) fn by_pattern_alone(config: &Config, text: &str) -> Result<BTreeSet<String>, Diagnostics> {
    let mut config = config.skipping_absent();
    config.sensitive.clear();
    let json = to_json("document", text)?;
    let document = Document::index("document", &json)?;
    // In a document of no release, patterns decide on everything.
    let (_, api) = codegen::api_from(&config, None, &document)?;
    Ok(by_pattern(&api).into_keys().map(str::to_owned).collect())
}

/// Returns the configuration with the lists that a document asks for, and what was changed. A document that cannot be generated changes
/// nothing yet.
pub(super) fn settle(config: &str, document: &str, before: &Before<'_>) -> Result<(String, Vec<Task>), Diagnostics> {
    let mut text = config.replace("\r\n", "\n");
    let mut changed = Changed::default();
    // Whether operations share the types of their parameters depends on what is secret: a row can bring other places to light.
    while let Some(next) = settle_once(&text, document, before, &mut changed)?.filter(|next| *next != text) {
        text = next;
    }
    let mut tasks = Vec::new();
    for table in LISTS {
        let rows: Vec<_> = changed.deleted.iter().filter(|row| row.table == table).collect();
        if rows.is_empty() {
            continue;
        }
        let what = format!(
            "rows that were deleted from {}, since their places are gone or have other names: {}",
            code(table.key()),
            rows.len()
        );
        let rows: Vec<_> = rows.iter().map(|row| row.key.as_str()).collect();
        tasks.push(Task { pasted: vec![("text", rows.join("\n"))], ..Task::note(in_config(None), what) });
    }
    if !changed.added.is_empty() {
        let what = format!(
            "{} values are secret since their names match a pattern, and are rows of {}; move a row to {} if `Debug` may print it",
            changed.added.len(),
            code(Table::Sensitive.key()),
            code(Table::Public.key())
        );
        let rows = changed.added.iter().map(|(place, pattern)| format!("    {}, # {pattern}\n", string(place)));
        let rows: Vec<_> = rows.collect();
        tasks.push(Task::note(in_config(None), what).with_row(rows.concat().trim_end().to_owned()));
    }
    Ok((with_line_ends_of(config, &text), tasks))
}

/// Returns the configuration with other lists, or nothing if they stay.
fn settle_once(
    text: &str,
    document: &str,
    before: &Before<'_>,
    changed: &mut Changed,
) -> Result<Option<String>, Diagnostics> {
    let config = Config::parse(config_name(), text)?;
    let [release] = config.releases.as_slice() else {
        // A place can be in some documents only: which row is for which is for a person to decide.
        return Ok(None);
    };
    let Ok(generated) = generate(&config, &release.module, &release.document, document) else {
        return Ok(None);
    };
    let renamed = before.api.map(|old| renamed(old, &generated.api)).unwrap_or_default();
    let is_gone = |row: &Row| {
        LISTS.contains(&row.table) && (row.table != Table::Sensitive || before.is_covered(&row.key, &config, &renamed))
    };
    let unused = config.unused(Some(&release.module), &generated.used);
    let gone: Vec<_> = unused.into_iter().filter(is_gone).collect();
    let new = by_pattern(&generated.api);
    let is_new = new.keys().any(|place| !changed.added.contains_key(*place));
    if gone.is_empty() && !is_new {
        return Ok(None);
    }
    let text = edited(text, &gone.iter().map(|row| (row.table, row.key.as_str())).collect(), &new)?;
    changed.added.extend(new.into_iter().map(|(place, pattern)| (place.to_owned(), pattern.to_owned())));
    changed.deleted.extend(gone);
    Ok(Some(text))
}

/// Generates what is selected, without the operations that are gone.
fn generate(config: &Config, module: &str, name: &str, text: &str) -> Result<Generated, Diagnostics> {
    let json = to_json(name, text)?;
    let document = Document::index(name, &json)?;
    codegen::generate_from(&config.skipping_absent(), Some(module), &document)
}
