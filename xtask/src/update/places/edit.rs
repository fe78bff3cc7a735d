//! Edits of the lists of places in `codegen.toml`, in whatever layout a person has written them: what is not edited stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use codegen::config::{Table, string};
use codegen::visible::escaped;
use codegen::{Diagnostic, Diagnostics, Pointer};
use toml_edit::{Array, DocumentMut, RawString, TomlError, Value, value};

use super::LISTS;
use crate::root::config_name;

/// Returns the configuration without some rows of its lists, and with more rows of `sensitive`, each with what makes its value secret.
pub(super) fn edited(
    text: &str,
    gone: &BTreeSet<(Table, &str)>,
    added: &BTreeMap<&str, &str>,
) -> Result<String, Diagnostics> {
    let refuse = |reason: String| {
        let help = "correct the file, and run the command again";
        Diagnostics::from(Diagnostic::new(config_name(), Pointer::default(), reason, help))
    };
    let mut document: DocumentMut = text.parse().map_err(|error: TomlError| refuse(error.to_string()))?;
    for table in LISTS {
        let key = table.key();
        let is_added = table == Table::Sensitive && !added.is_empty();
        if !is_added && gone.iter().all(|(other, _)| *other != table) {
            continue;
        }
        let is_new = !document.contains_key(key);
        let item = document.entry(key).or_insert_with(|| value(Array::new()));
        // Rows can be tables of their own.
        item.make_value();
        let list = item.as_array_mut().ok_or_else(|| refuse(format!("`{key}` is not a list")))?;
        let mut elements = Elements::of(list);
        elements.delete(|place| gone.contains(&(table, place)));
        if is_added {
            added.iter().for_each(|(place, reason)| elements.insert(place, reason));
        }
        elements.replace(list);
        if let Some(mut key) = document.key_mut(key).filter(|_| is_new) {
            key.leaf_decor_mut().set_prefix("\n");
        }
    }
    Ok(document.to_string())
}

/// The elements of a list, and the text before each of them and behind the last one: spaces, ends of lines and comments.
struct Elements {
    values: Vec<Value>,
    gaps: Vec<String>,
}

impl Elements {
    fn of(list: &Array) -> Self {
        let text =
            |raw: Option<&RawString>, default: &str| raw.and_then(RawString::as_str).unwrap_or(default).to_owned();
        let mut values: Vec<_> = list.iter().cloned().collect();
        let prefixes = values.iter().enumerate();
        let prefixes = prefixes.map(|(i, value)| text(value.decor().prefix(), if i == 0 { "" } else { " " }));
        let mut gaps: Vec<_> = prefixes.collect();
        // Behind the last element, there need not be a comma.
        let suffix = values.last_mut().map(|last| {
            let suffix = text(last.decor().suffix(), "");
            last.decor_mut().set_suffix("");
            suffix
        });
        gaps.push(suffix.unwrap_or_default() + &text(Some(list.trailing()), ""));
        Self { values, gaps }
    }

    /// Deletes the elements of some places. What has a line of its own goes with the comment behind it.
    fn delete(&mut self, is_gone: impl Fn(&str) -> bool) {
        while let Some(at) = self.values.iter().position(|value| place(value).is_some_and(&is_gone)) {
            self.values.remove(at);
            let (before, after) = (self.gaps.remove(at), self.gaps.remove(at));
            let is_last = at == self.values.len();
            let gap = match (before.rfind('\n'), after.find('\n')) {
                (Some(start), Some(end)) => format!("{}{}", &before[..=start], &after[end + 1..]),
                (Some(start), None) if is_last => before[..=start].to_owned(),
                (_, None) if !is_last => before,
                _ => after,
            };
            self.gaps.insert(at, gap);
        }
    }

    /// Inserts a place in front of the first one that is behind it in the alphabet. It has a line of its own, with a comment, unless
    /// others are on that line.
    fn insert(&mut self, new: &str, reason: &str) {
        let count = self.values.len();
        let at = self.values.iter().position(|value| place(value).is_some_and(|other| new < other)).unwrap_or(count);
        let gap = self.gaps.remove(at);
        let gap = if count == 0 && !gap.contains('\n') { "\n".to_owned() } else { gap };
        let (before, after) = match gap.split_once('\n') {
            Some((rest, below)) => (format!("{rest}\n    "), format!(" # {}\n{below}", escaped(reason))),
            None if at == count => (" ".to_owned(), gap),
            None => (gap, " ".to_owned()),
        };
        self.gaps.splice(at..at, [before, after]);
        self.values.insert(at, string(new).parse().unwrap_or_else(|_| new.into()));
    }

    fn replace(mut self, list: &mut Array) {
        let trailing = self.gaps.pop().unwrap_or_default();
        list.clear();
        for (mut value, gap) in self.values.into_iter().zip(self.gaps) {
            value.decor_mut().set_prefix(gap);
            list.push_formatted(value);
        }
        list.set_trailing_comma(!list.is_empty() && (list.trailing_comma() || trailing.contains('\n')));
        list.set_trailing(trailing);
    }
}

/// Returns the place of a row: the row itself, or a member of it.
fn place(row: &Value) -> Option<&str> {
    row.as_str().or_else(|| row.as_inline_table()?.get("place")?.as_str())
}
