//! The record of a document in `spec/codegen.toml`.

use codegen::Diagnostics;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::refuse;
use crate::manifest::set_text;
use crate::root::config_name;

pub(super) struct Record<'a> {
    pub(super) module: String,
    pub(super) api_version: &'a str,
    pub(super) document: &'a str,
    /// The URL if it was downloaded, and the SHA-256 of the whole document; nothing if both stay as they are.
    pub(super) origin: Option<(Option<&'a str>, &'a str)>,
    pub(super) sha256: &'a str,
}

impl Record<'_> {
    /// Returns the configuration with this record for the release `module`. Comments and everything else stay.
    pub(super) fn write(&self, config: &str, module: &str) -> Result<String, Diagnostics> {
        let problem = |reason: String| refuse(config_name(), reason, "correct the file, and run the command again");
        let mut config: DocumentMut =
            config.parse().map_err(|error: toml_edit::TomlError| problem(error.to_string()))?;
        // Each is a table of its own, or one in a list.
        let releases: Vec<&mut dyn TableLike> = match config.get_mut("release") {
            Some(Item::ArrayOfTables(tables)) => tables.iter_mut().map(|table| table as _).collect(),
            Some(Item::Value(Value::Array(list))) => {
                list.iter_mut().filter_map(Value::as_inline_table_mut).map(|table| table as _).collect()
            }
            _ => Vec::new(),
        };
        let is_it = |release: &&mut dyn TableLike| release.get("module").and_then(Item::as_str) == Some(module);
        let Some(release) = releases.into_iter().find(is_it) else {
            return Err(problem(format!("there is no table `[[release]]` with the module `{module}`")));
        };
        set(release, "module", Some(&self.module));
        set(release, "api_version", Some(self.api_version));
        set(release, "document", Some(self.document));
        if let Some((upstream, upstream_sha256)) = self.origin {
            set(release, "upstream", upstream);
            set(release, "upstream_sha256", Some(upstream_sha256));
        }
        set(release, "sha256", Some(self.sha256));
        if self.module != module {
            rename_module(&mut config, module, &self.module);
        }
        Ok(config.to_string())
    }
}

/// Sets a key, or removes it: nothing stays of the document before.
fn set(table: &mut dyn TableLike, key: &str, text: Option<&str>) {
    match text {
        Some(text) => set_text(table.entry(key).or_insert(Item::None), text),
        None => drop(table.remove(key)),
    }
}

/// Renames a release in the rows that are for some releases only: tables of their own, and tables in a list.
fn rename_module(config: &mut DocumentMut, old: &str, new: &str) {
    let rename = |releases: Option<&mut toml_edit::Array>| {
        for release in releases.into_iter().flat_map(|releases| releases.iter_mut()) {
            if release.as_str() == Some(old) {
                *release = new.into();
            }
        }
    };
    for (_, item) in config.iter_mut() {
        for row in item.as_array_of_tables_mut().into_iter().flat_map(|tables| tables.iter_mut()) {
            rename(row.get_mut("releases").and_then(Item::as_array_mut));
        }
        for row in item.as_array_mut().into_iter().flat_map(|rows| rows.iter_mut()) {
            let row = row.as_inline_table_mut().and_then(|row| row.get_mut("releases"));
            rename(row.and_then(|releases| releases.as_array_mut()));
        }
    }
}
