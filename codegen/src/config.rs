//! The configuration, `spec/codegen.toml` and `spec/samples.toml`: everything that is specific to Stripe and is data.
//!
//! The files are strict. An unknown key does not parse, and a row that matches nothing in a release that it is for is an
//! error of [`Config::check_rows`]: no row outlives what it is for.

mod check;
mod event;
mod found;
mod lookup;
mod releases;
mod row;
mod rows;
pub(crate) mod secrecy;
mod statements;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub use self::event::Event;
pub use self::found::Found;
pub use self::releases::is_module;
pub use self::row::{Row, Table, Used, block as proposal, string};
pub use self::rows::{
    Example, FieldName, Fixup, IdRow, OperationRow, PlaceRow, Release, Rename, Resource, Sample, SharedEnum,
    VariantName,
};
pub use self::secrecy::{Secrecy, Undecided};
pub use self::text::PLACEHOLDER;

pub(crate) use self::event::version;
pub(crate) use self::lookup::Lookup;

use self::text::File;
use crate::diagnostic::Diagnostics;
use crate::rust::render::Home;

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
    /// How many levels deep Stripe expands.
    pub expand_depth: usize,
    /// The URL of Stripe's document; `{tag}` stands for the tag or the branch.
    pub upstream: String,
    /// Where to ask for the commit of a tag or a branch, which `{tag}` stands for: the response is the commit's id.
    pub upstream_commit: Option<String>,
    /// The base of links in descriptions that start with `/`.
    pub docs_url: String,
    /// Names that the rules alone would not give.
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
    /// Places that hold ids of resources, where the document says only that they are strings.
    #[serde(default, rename = "id")]
    pub ids: Vec<IdRow>,
    /// Places that hold times, where the document does not say so: integers that are seconds since the Unix epoch, and, below `/v2/`,
    /// texts in the format of RFC 3339.
    #[serde(default)]
    pub timestamps: Vec<PlaceRow>,
    /// The limit of characters that a string has where nothing else is said: it is documented once for all, and not at each
    /// parameter.
    pub default_max_length: Option<usize>,
    /// Places whose values are never printed by `Debug`.
    #[serde(default)]
    pub sensitive: Vec<PlaceRow>,
    /// Values that `Debug` prints although their names or their neighbours suggest a secret.
    #[serde(default)]
    pub public: Vec<PlaceRow>,
    /// Which values have to be in `sensitive` or `public`. Without it, none has to.
    pub secrecy: Option<Secrecy>,
    /// Values of fields in samples: those of [`Config::with_samples`], after any in `codegen.toml` itself.
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
    /// Corrections of mistakes in the documents.
    #[serde(default, rename = "fixup")]
    pub fixups: Vec<Fixup>,
    /// Examples in the documentation of models and operations.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
    /// The events that have a name in Rust.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
    /// The types of thin events that Stripe's libraries know, since most documents do not list them.
    #[serde(skip)]
    pub thin_events: BTreeSet<String>,
    /// The places that the document before called otherwise, each with what it seems to be called now: what a row that matches
    /// nothing may mean.
    #[serde(skip)]
    pub renamed: BTreeMap<String, String>,
    /// Whether an operation of a row is skipped where a document lacks it, and not refused.
    #[serde(skip)]
    skips_absent: bool,
    /// The project that the generated files are in, which their headers name.
    #[serde(skip)]
    pub home: Home,
    /// The texts, `codegen.toml` first.
    #[serde(skip)]
    files: Vec<File>,
}

/// The whole of `samples.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Samples {
    #[serde(rename = "sample")]
    samples: Vec<Sample>,
}

/// The rows of a `codegen.toml` that selects nothing yet.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rows {
    #[serde(rename = "rename")]
    renames: Vec<Rename>,
    #[serde(rename = "field")]
    fields: Vec<FieldName>,
    #[serde(rename = "variant")]
    variants: Vec<VariantName>,
    #[serde(rename = "shared_enum")]
    shared_enums: Vec<SharedEnum>,
    #[serde(rename = "id")]
    ids: Vec<IdRow>,
    #[serde(rename = "fixup")]
    fixups: Vec<Fixup>,
    timestamps: Vec<PlaceRow>,
    sensitive: Vec<PlaceRow>,
    public: Vec<PlaceRow>,
}

impl Config {
    /// Reads `codegen.toml`; `name` is for diagnostics.
    ///
    /// # Errors
    /// If the text is not TOML, has an unknown key, lacks a required one, gives an invalid identifier or still has the
    /// placeholder of a proposed row.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let (mut config, file): (Self, _) = File::parse(name, text)?;
        config.files.push(file);
        Ok(config)
    }

    /// Adds the rows of `samples.toml`; `name` is for diagnostics.
    ///
    /// # Errors
    /// Those of [`Config::parse`].
    pub fn with_samples(mut self, name: &str, text: &str) -> Result<Self, Diagnostics> {
        let (Samples { samples }, file) = File::parse(name, text)?;
        self.samples.extend(samples);
        self.files.push(file);
        Ok(self)
    }

    /// Returns the configuration by which the operations of rows that a document lacks are skipped, and not refused.
    #[must_use]
    pub fn skipping_absent(&self) -> Self {
        Self { skips_absent: true, ..self.clone() }
    }

    /// Adds the rows of the `codegen.toml` of a crate that is to be created; `name` is for diagnostics.
    ///
    /// # Errors
    /// Those of [`Config::parse`], and if it has a key other than those of rows that a document can ask for.
    pub fn with_rows(mut self, name: &str, text: &str) -> Result<Self, Diagnostics> {
        let (rows, file): (Rows, _) = File::parse(name, text)?;
        self.renames.extend(rows.renames);
        self.fields.extend(rows.fields);
        self.variants.extend(rows.variants);
        self.shared_enums.extend(rows.shared_enums);
        self.ids.extend(rows.ids);
        self.fixups.extend(rows.fixups);
        self.timestamps.extend(rows.timestamps);
        self.sensitive.extend(rows.sensitive);
        self.public.extend(rows.public);
        self.files.push(file);
        Ok(self)
    }

    /// Returns the name of `codegen.toml`, for diagnostics.
    pub fn name(&self) -> &str {
        self.files.first().map_or("codegen.toml", |file| &file.name)
    }

    /// Finds the row of a table that has a key, as of [`Row::key`], and is for a release.
    pub fn find(&self, table: Table, key: &str, release: Option<&str>) -> Option<Found> {
        self.find_all(table, key, release).next().map(|(_, row)| row)
    }

    /// Finds every such row, each with the name of its file.
    pub fn find_all(&self, table: Table, key: &str, release: Option<&str>) -> impl Iterator<Item = (&str, Found)> {
        let rows = move |file| File::find(file, table, key, release).map(|row| (file.name.as_str(), row.clone()));
        self.files.iter().flat_map(rows)
    }

    /// Returns the schemas of the resources whose rows have no list of operations. An empty list says that the models are wanted
    /// alone.
    pub fn without_operations(&self) -> Vec<String> {
        let rows = self.files.iter().flat_map(|file| &file.rows);
        let rows = rows.filter(|row| row.table == Table::Resource && row.member("operations").is_none());
        rows.map(|row| row.key.clone()).collect()
    }

    /// Returns the name of the file, and the line in it, that a list of rows, such as `sensitive`, starts on.
    pub fn line_of(&self, key: &str) -> Option<(&str, usize)> {
        self.files.iter().find_map(|file| Some((file.name.as_str(), *file.lines.get(key)?)))
    }

    /// Returns the release whose module has that name.
    pub fn release(&self, module: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.module == module)
    }
}

/// Whether a row that is limited to `releases` is for `release`; a document that is of no release takes all rows.
pub fn applies(releases: &[String], release: Option<&str>) -> bool {
    releases.is_empty() || release.is_none_or(|release| releases.iter().any(|module| module == release))
}
