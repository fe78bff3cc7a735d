//! What is Stripe's and is data: `spec/codegen.toml`.
//!
//! The file is strict. A key that is not known does not parse, and a row that matched nothing in any of the documents
//! it is for is reported by [`Config::check_used`], so that it cannot rot.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::naming;

/// The whole of `codegen.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The documents to generate from, each into a module of its own.
    #[serde(default, rename = "release")]
    pub releases: Vec<Release>,
    /// The resources to keep.
    #[serde(rename = "resource")]
    pub resources: Vec<Resource>,
    /// Component schemas that are not followed: what refers to one gets its id and its JSON.
    #[serde(default)]
    pub boundary: Vec<String>,
    /// How many levels deep Stripe expands.
    pub expand_depth: usize,
    /// Where Stripe publishes its document; `{tag}` stands for the tag or the branch.
    pub upstream: String,
    /// Where to ask for the commit of a tag or a branch, which `{tag}` stands for: the response is the commit's id.
    pub upstream_commit: Option<String>,
    /// Where links in descriptions that start with `/` lead.
    pub docs_url: String,
    /// Names of types that the rules alone would not give.
    #[serde(default, rename = "rename")]
    pub renames: Vec<Rename>,
    /// Names of fields that the rules alone would not give.
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldName>,
    /// Names of enum variants that the rules alone would not give.
    #[serde(default, rename = "variant")]
    pub variants: Vec<VariantName>,
    /// Enums that several places share.
    #[serde(default, rename = "shared_enum")]
    pub shared_enums: Vec<SharedEnum>,
    /// Places whose values are never printed by `Debug`.
    #[serde(default)]
    pub sensitive: Vec<String>,
    /// Corrections of mistakes in the documents.
    #[serde(default, rename = "fixup")]
    pub fixups: Vec<Fixup>,
    #[serde(skip)]
    name: String,
}

/// A document and the module that it becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The module's name.
    pub module: String,
    /// The feature that brings it; without one it is always there. The first release is, and is at the crate's root too.
    pub feature: Option<String>,
    /// The version that the document is of. It is sent as `Stripe-Version` if it is one of Stripe's, which start with a
    /// date; else the caller has to name one.
    pub api_version: String,
    /// The file below `spec/`.
    pub document: String,
    /// The URL of the document that it was taken from, if it is known.
    pub upstream: Option<String>,
    /// The SHA-256 of the document as Stripe published it, where it was taken from there.
    pub upstream_sha256: Option<String>,
    /// The SHA-256 of the file below `spec/`, so that it changes only on purpose.
    pub sha256: String,
}

/// A resource and what is kept of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The component schema.
    pub schema: String,
    /// The path of its collection. Older documents have the same operations under another one as well.
    pub path: String,
    /// Which operations to keep.
    pub operations: Vec<Verb>,
}

/// What an operation does, by its method and where its path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// `POST` to the collection.
    Create,
    /// `GET` of one.
    Retrieve,
}

impl Verb {
    /// The method, as the document writes it.
    pub fn method(self) -> &'static str {
        match self {
            Self::Create => "post",
            Self::Retrieve => "get",
        }
    }

    /// Whether the path ends in the id of one object.
    pub fn of_one(self) -> bool {
        match self {
            Self::Create => false,
            Self::Retrieve => true,
        }
    }

    /// The first word of the operation's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Retrieve => "Retrieve",
        }
    }
}

/// A row that gives types other names: `from` is a component key, or a place in one, or a prefix that ends in `*`; `to` is
/// what to name instead, with `*` for what the prefix left over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// What is renamed.
    pub from: String,
    /// To what.
    pub to: String,
}

/// A row that names a field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldName {
    /// The field, as `schema/property`.
    pub place: String,
    /// Its Rust name.
    #[serde(deserialize_with = "identifier")]
    pub name: String,
}

/// A row that names a variant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantName {
    /// The enum's place, as `schema/property`.
    pub place: String,
    /// The value on the wire.
    pub value: String,
    /// Its Rust name.
    #[serde(deserialize_with = "identifier")]
    pub name: String,
}

/// An enum that several places share. They must list the same values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedEnum {
    /// The enum's Rust name.
    #[serde(deserialize_with = "identifier")]
    pub name: String,
    /// The places, as `schema/property` or `Operation/parameter`.
    pub places: Vec<String>,
}

/// Reads a Rust name, so that one that is none is told where the row stands.
fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    naming::identifier(name.clone()).ok_or_else(|| D::Error::custom(format!("`{name}` is no Rust identifier")))
}

/// A correction of a mistake in a document, made after the selection. One that has nothing to correct is an error: the
/// mistake is gone, and so should the row be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixup {
    /// The place, as a JSON pointer.
    pub pointer: String,
    /// The value that is there by mistake.
    pub expected: serde_json::Value,
    /// The value that should be there.
    pub value: serde_json::Value,
    /// Why it is a mistake.
    pub reason: String,
    /// Where the mistake is reported.
    pub link: String,
}

/// A row of the configuration, for telling which ones matched something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    table: &'static str,
    key: String,
}

impl Row {
    fn new(table: &'static str, key: impl Into<String>) -> Self {
        Self { table, key: key.into() }
    }
}

/// The rows that matched something.
pub type Used = BTreeSet<Row>;

impl Config {
    /// Reads `codegen.toml`.
    ///
    /// # Errors
    /// Where the text is no TOML, has a key that is not known, lacks one that is needed, or gives a name that is no identifier.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let mut diagnostic = Diagnostic::new(
                name,
                Pointer::default(),
                error.message().to_owned(),
                "correct the row; `codegen::config` lists the keys",
            );
            diagnostic.position = error.span().map(|span| line_and_column(text, span.start));
            diagnostic
        })?;
        config.name = name.to_owned();
        Ok(config)
    }

    /// Reports the rows that matched nothing in any of the documents.
    ///
    /// # Errors
    /// One diagnostic for each such row.
    pub fn check_used(&self, used: &Used) -> Result<(), Diagnostics> {
        let found: Vec<_> = self.unused(used).iter().map(|row| self.unused_row(row)).collect();
        if found.is_empty() { Ok(()) } else { Err(Diagnostics(found)) }
    }

    fn unused_row(&self, row: &Row) -> Diagnostic {
        if row.table == "fixup" {
            return Diagnostic::new(
                &self.name,
                Pointer::default(),
                format!("the fix-up of `{}` has nothing to fix: its place is gone, or holds another value", row.key),
                "delete the row, as the mistake is mended; or correct what it expects",
            );
        }
        Diagnostic::new(
            &self.name,
            Pointer::default(),
            format!("the row `{}` under `{}` matches nothing in the documents", row.key, row.table),
            "correct the row, or delete it",
        )
    }

    /// The rows that matched nothing, in the file's order.
    pub fn unused(&self, used: &Used) -> Vec<Row> {
        self.rows().filter(|row| !used.contains(row)).collect()
    }

    /// The row that names the type of a component key or a place: the whole key's first, then, for a component key, that
    /// of the longest prefix.
    pub(crate) fn rename_of(&self, key: &str) -> Option<&Rename> {
        let exact = self.renames.iter().find(|row| row.from == key);
        let prefix = |row: &&Rename| row.from.strip_suffix('*').is_some_and(|prefix| key.starts_with(prefix));
        let longest = || self.renames.iter().filter(prefix).max_by_key(|row| row.from.len());
        exact.or_else(|| longest().filter(|_| !key.contains('/')))
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        let boundary = self.boundary.iter().map(|key| Row::new("boundary", key));
        let renames = self.renames.iter().map(|row| Row::new("rename", &row.from));
        let fields = self.fields.iter().map(|row| Row::new("field", &row.place));
        let variants = self.variants.iter().map(|row| Row::new("variant", format!("{}={}", row.place, row.value)));
        let shared = self.shared_enums.iter().flat_map(|row| &row.places);
        let shared = shared.map(|place| Row::new("shared_enum", place));
        let sensitive = self.sensitive.iter().map(|place| Row::new("sensitive", place));
        let fixups = self.fixups.iter().map(|row| Row::new("fixup", &row.pointer));
        boundary.chain(renames).chain(fields).chain(variants).chain(shared).chain(sensitive).chain(fixups)
    }
}

/// Looks rows up for one document, and remembers which ones matched.
#[derive(Debug)]
pub(crate) struct Lookup<'c> {
    pub(crate) config: &'c Config,
    used: std::cell::RefCell<Used>,
}

impl<'c> Lookup<'c> {
    pub(crate) fn new(config: &'c Config) -> Self {
        Self { config, used: Used::new().into() }
    }

    pub(crate) fn into_used(self) -> Used {
        self.used.into_inner()
    }

    fn mark(&self, table: &'static str, key: impl Into<String>) {
        self.used.borrow_mut().insert(Row::new(table, key));
    }

    /// Corrects the mistakes that the configuration knows of.
    pub(crate) fn fix(&self, document: &mut serde_json::Value) {
        for fixup in &self.config.fixups {
            if let Some(found) = document.pointer_mut(&fixup.pointer).filter(|found| **found == fixup.expected) {
                *found = fixup.value.clone();
                self.mark("fixup", &fixup.pointer);
            }
        }
    }

    /// Whether the component schema `key` lies past the boundary.
    pub(crate) fn is_boundary(&self, key: &str) -> bool {
        let found = self.config.boundary.iter().any(|row| row == key);
        if found {
            self.mark("boundary", key);
        }
        found
    }

    /// Whether the value at `place` must not be printed.
    pub(crate) fn is_sensitive(&self, place: &str) -> bool {
        let found = self.config.sensitive.iter().any(|row| row == place);
        if found {
            self.mark("sensitive", place);
        }
        found
    }

    /// The name that a row gives to the type of a component key or a place.
    pub(crate) fn rename(&self, key: &str) -> Option<String> {
        let row = self.config.rename_of(key)?;
        self.mark("rename", &row.from);
        Some(match row.from.strip_suffix('*') {
            Some(prefix) => row.to.replace('*', &key[prefix.len()..]),
            None => row.to.clone(),
        })
    }

    /// The Rust name that a row gives to the field at `place`.
    pub(crate) fn field_name(&self, place: &str) -> Option<&'c str> {
        let row = self.config.fields.iter().find(|row| row.place == place)?;
        self.mark("field", place);
        Some(&row.name)
    }

    /// The Rust name that a row gives to a value of the enum at `place`.
    pub(crate) fn variant_name(&self, place: &str, value: &str) -> Option<&'c str> {
        let row = self.config.variants.iter().find(|row| row.place == place && row.value == value)?;
        self.mark("variant", format!("{place}={value}"));
        Some(&row.name)
    }

    /// The declared enum that the place shares.
    pub(crate) fn shared_enum(&self, place: &str) -> Option<&'c SharedEnum> {
        let row = self.config.shared_enums.iter().find(|row| row.places.iter().any(|p| p == place))?;
        self.mark("shared_enum", place);
        Some(row)
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} `{}`", self.table, self.key)
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}
