//! The configuration, `spec/codegen.toml`: everything that is specific to Stripe and is data.
//!
//! The file is strict. An unknown key does not parse, and a row that matches nothing in a release that it is for is an
//! error of [`Config::check_used`], so that rows cannot rot.

mod lookup;
mod releases;
mod row;
mod text;

use heck::ToSnakeCase;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

pub use self::row::{Row, Table, Used, block as proposal, string};
pub use self::text::{Found, PLACEHOLDER};

pub(crate) use self::lookup::Lookup;

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::method::Method;
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
    /// Places of integers that are seconds since the Unix epoch, where the document does not say so.
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
    /// Values of fields in samples.
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
    /// Corrections of mistakes in the documents.
    #[serde(default, rename = "fixup")]
    pub fixups: Vec<Fixup>,
    /// Examples in the documentation of models and operations.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    text: String,
}

/// A document and the module that it becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The name of the module.
    pub module: String,
    /// The cargo feature that enables it. The first release has none: it is always there, and at the crate's root too.
    pub feature: Option<String>,
    /// The version of the document. It is sent as `Stripe-Version` if it is one of Stripe's, which start with a date;
    /// otherwise the caller has to name one.
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

/// A resource and the operations to keep. A resource that no row names is past the boundary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The component schema.
    pub schema: String,
    /// The operations to keep, in the order in which they are shown.
    #[serde(default)]
    pub operations: Vec<OperationRow>,
    /// The cargo feature that enables what only this row needs.
    pub feature: Option<String>,
    /// The releases that the row is for, by module; all of them if it names none. A document of no release need not have
    /// what a row for some releases names.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// An operation of a document: by its id, or by its method and its path, and the name it gets in Rust if it is not the
/// one of the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(
    untagged,
    expecting = "an operation id, or a table of `id` or `method` and `path`, and of `name` if the rule's does not fit"
)]
pub enum OperationRow {
    /// The document's `operationId`.
    Id(String),
    /// The `operationId`, and the Rust name.
    NamedId {
        /// The document's `operationId`.
        id: String,
        /// The Rust name.
        name: Option<String>,
    },
    /// The method and the path, for a document whose operations have no id.
    Path {
        /// The method.
        method: Method,
        /// The path, with parameters in braces.
        path: String,
        /// The Rust name.
        name: Option<String>,
    },
}

impl OperationRow {
    /// The Rust name that the row gives.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::NamedId { name, .. } | Self::Path { name, .. } => name.as_deref(),
        }
    }
}

impl std::fmt::Display for OperationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) | Self::NamedId { id, .. } => f.write_str(id),
            Self::Path { method, path, .. } => write!(f, "{} {path}", method.as_str()),
        }
    }
}

/// A row that gives an item another name. `from` is a component key, a place, an operation id, the rule's name of an id or
/// of an expand enum, or a prefix of component keys that ends in `*`; `to` is the name instead, with `*` for the rest after
/// the prefix.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The item to rename.
    pub from: String,
    /// The new name.
    pub to: String,
    /// Whether the row may match nothing: it is for documents, or resources of a document, that are not selected here.
    #[serde(default)]
    pub optional: bool,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// A row that names a field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldName {
    /// The field, as `schema/property`, or the parameter, as `Operation/name`, or `Operation/{name}` if it is in the path.
    pub place: String,
    /// The Rust name.
    #[serde(deserialize_with = "field_name")]
    pub name: String,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// A row that names a variant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantName {
    /// The place of the enum, as `schema/property`.
    pub place: String,
    /// The value on the wire.
    pub value: String,
    /// The Rust name.
    #[serde(deserialize_with = "type_name")]
    pub name: String,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// An enum that several places share. They must list the same values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedEnum {
    /// The Rust name.
    #[serde(deserialize_with = "type_name")]
    pub name: String,
    /// The places, as `schema/property` or `Operation/parameter`.
    pub places: Vec<String>,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// A row that names the resource whose id some places hold. It applies where the resource is selected, or is a reference past
/// the boundary. A field of a response that it names is printed by `Debug`, as ids are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdRow {
    /// The component schema of the resource.
    pub resource: String,
    /// The places, as `schema/property` or `Operation/parameter`.
    pub places: Vec<String>,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// A place of `sensitive`, `public` or `timestamps`: the place alone, or a table that limits it to releases.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a place, or a table of `place` and `releases`")]
pub enum PlaceRow {
    /// The place, as `schema/property` or `Operation/parameter`.
    Place(String),
    /// The place in some releases.
    InReleases {
        /// The place, as `schema/property` or `Operation/parameter`.
        place: String,
        /// The releases that the row is for, by module.
        releases: Vec<String>,
    },
}

impl PlaceRow {
    /// The place, as `schema/property` or `Operation/parameter`.
    pub fn place(&self) -> &str {
        match self {
            Self::Place(place) | Self::InReleases { place, .. } => place,
        }
    }

    /// The releases that the row is for, by module; all of them if it names none.
    pub fn releases(&self) -> &[String] {
        match self {
            Self::Place(_) => &[],
            Self::InReleases { releases, .. } => releases,
        }
    }
}

/// Which values have to be in `sensitive` or `public`, of whatever type they are:
///
/// - a field or a parameter whose name matches a pattern;
/// - the id, the texts and the numbers of an object whose component schema is called so: of `token` if `*token*` is a pattern;
/// - a reference to such an object, since it holds the id;
/// - a text, a number, an amount or any JSON of a response beside a value that is sensitive, or may be by the rules above. An
///   id, an enum, a boolean, a time and an object beside it need no row: their types say what they are.
///
/// What is inside a sensitive value is hidden with it, and needs no row. A parameter needs one only for its own name.
///
/// In the document of a release, a value without a row is an error. In another one, it is secret by the first three rules, except
/// for the id of an object that references lead to, which is in their JSON as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrecy {
    /// Patterns of names, matched word by word: `*key*` matches `api_keys`, `account_number` matches `raw_account_number`.
    /// In a word, `*` is any text.
    pub patterns: Vec<String>,
}

impl Secrecy {
    /// Returns the first pattern that a name matches, as it is or in snake case: `clientSecret` and `Client-Secret` as well as
    /// `client_secret`.
    pub(crate) fn pattern(&self, name: &str) -> Option<&str> {
        self.find(name, &['_'], |parts, words| words.windows(parts.len()).any(|run| are_glob_matches(parts, run)))
    }

    /// Returns the first pattern that the end of a component key matches, which says what the schema is: `customer_address` is an
    /// address, and `address_check` is not.
    pub(crate) fn pattern_of_kind(&self, key: &str) -> Option<&str> {
        self.find(key, &['_', '.'], |parts, words| {
            words.windows(parts.len()).next_back().is_some_and(|run| are_glob_matches(parts, run))
        })
    }

    /// Returns the first pattern of which the parts match the words of a name, as it is or in snake case.
    fn find(&self, name: &str, separators: &[char], is_match: impl Fn(&[&str], &[&str]) -> bool) -> Option<&str> {
        let snake = name.to_snake_case();
        let spellings: Vec<Vec<_>> = [name, &snake].map(|name| name.split(separators).collect()).into();
        let matches = |pattern: &&String| {
            let parts: Vec<_> = pattern.split('_').collect();
            spellings.iter().any(|words| is_match(&parts, words))
        };
        self.patterns.iter().find(matches).map(String::as_str)
    }
}

fn are_glob_matches(patterns: &[&str], words: &[&str]) -> bool {
    patterns.iter().zip(words).all(|(pattern, word)| is_glob_match(pattern, word))
}

/// Whether `text` is `pattern`, in which `*` is any text.
fn is_glob_match(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*');
    let end = parts.next_back().unwrap_or_default();
    // The first place of each part leaves the most to the next one.
    for part in parts {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(end)
}

/// The value of a field in a sample, where the one that its type alone would give is not plausible.
///
/// A row applies wherever there is such a field and the value is of its type. One that applies nowhere is not an error of
/// [`Config::check_used`]: it changes nothing but a sample, and must not stop an update.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The field of a model, as `schema/property`; `schema/property/url` for the URL of a list, and `schema/id` also for
    /// a resource past the boundary.
    pub place: String,
    /// The value on the wire. Without it, the field is absent, or `null` if it is always there.
    pub value: Option<serde_json::Value>,
}

/// A correction of a mistake in a document, made after the selection. A correction that does not apply is an error: the
/// mistake is gone, and the row should go too.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixup {
    /// The place, as a JSON pointer.
    pub pointer: String,
    /// The wrong value that is there.
    pub expected: serde_json::Value,
    /// The right value.
    pub value: serde_json::Value,
    /// Why it is a mistake.
    pub reason: String,
    /// The URL of the report of the mistake.
    pub link: String,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// An example of a model or an operation, which the documentation shows and runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The Rust name of the model or the operation.
    pub item: String,
    /// The code. It names the items of the crate by their full paths.
    pub code: String,
    /// The releases that the row is for, by module; all of them if it names none.
    #[serde(default)]
    pub releases: Vec<String>,
}

/// Reads the Rust name of a field, so that one that would not compile is reported where the row is.
fn field_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains("__") || name.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Err(D::Error::custom(format!("`{name}` is not in snake case, as the names of fields are"))),
        false => Ok(name),
    }
}

/// Reads the Rust name of a type or a variant.
fn type_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains('_') || !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        true => {
            let reason = format!("`{name}` is not in upper camel case, as the names of types and variants are");
            Err(D::Error::custom(reason))
        }
        false => Ok(name),
    }
}

fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    naming::identifier(name.clone()).ok_or_else(|| D::Error::custom(format!("`{name}` is not a valid Rust identifier")))
}

impl Config {
    /// Reads `codegen.toml`; `name` is for diagnostics.
    ///
    /// # Errors
    /// If the text is not TOML, has an unknown key, lacks a required one, gives an invalid identifier or still has the
    /// placeholder of a proposed row.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let mut diagnostic = Diagnostic::new(
                name,
                Pointer::default(),
                error.message().to_owned(),
                "correct the row; `codegen::config` documents the keys",
            );
            diagnostic.position = error.span().map(|span| text::line_and_column(text, span.start));
            diagnostic
        })?;
        config.name = name.to_owned();
        config.text = text.to_owned();
        match config.placeholder() {
            Some(problem) => Err(problem.into()),
            None => Ok(config),
        }
    }

    /// The name of the file, for diagnostics.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The release whose module has that name.
    pub fn release(&self, module: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.module == module)
    }

    /// Reports the rows for a release that matched nothing in its document.
    ///
    /// # Errors
    /// One diagnostic for each such row.
    pub fn check_used(&self, release: Option<&str>, used: &Used) -> Result<(), Diagnostics> {
        let unused: Vec<_> =
            self.unused(release, used).iter().map(|row| self.unused_diagnostic(release.as_slice(), row)).collect();
        if unused.is_empty() { Ok(()) } else { Err(Diagnostics(unused)) }
    }

    /// Reports the rows that matched nothing in some release that they are for; each release is given with its rows that
    /// matched. The help shows the row as it should be, or that it should go.
    ///
    /// # Errors
    /// One diagnostic for each such row.
    pub fn check_rows(&self, releases: &[(&str, &Used)]) -> Result<(), Diagnostics> {
        let mut stale: Vec<(Row, Vec<&str>)> = Vec::new();
        for (release, used) in releases {
            for row in self.unused(Some(release), used) {
                // The places of a shared enum are one row.
                let line = |row: &Row, release| self.find(row.table, &row.key, Some(release)).map(|found| found.line);
                let known = stale.iter_mut().find(|(other, modules)| {
                    other.table == row.table && modules.iter().any(|module| line(other, module) == line(&row, release))
                });
                match known {
                    Some((_, modules)) if modules.contains(release) => {}
                    Some((_, modules)) => modules.push(release),
                    None => stale.push((row, vec![release])),
                }
            }
        }
        let stale: Vec<_> = stale.iter().map(|(row, modules)| self.unused_diagnostic(modules, row)).collect();
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
        let Some(found) = self.find(row.table, &row.key, releases.first().copied()) else {
            return Diagnostic::new(&self.name, Pointer::default(), reason, "delete the row");
        };
        let is_for =
            |module: &&str| found.releases.is_empty() || found.releases.iter().any(|release| release == module);
        let modules = self.releases.iter().map(|release| release.module.as_str());
        let rest: Vec<_> = modules.filter(is_for).filter(|module| !releases.contains(module)).collect();
        let help = match (rest.is_empty() || releases.is_empty(), row.table) {
            (true, Table::Fixup) => {
                format!("{} if the mistake was fixed upstream, or correct what the row expects", found.deletion())
            }
            (true, _) => found.deletion(),
            (false, _) => found.replacement(&found.clone().with_releases(&rest)),
        };
        Diagnostic::new(&self.name, Pointer::default(), reason, help).at(found.line, 1)
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
        let Some(found) = self.find(row.table, &row.key, None) else {
            return Diagnostic::new(&self.name, Pointer::default(), reason, "delete the place");
        };
        let help = match found.clone().without(&[&row.key]) {
            Some(rest) => found.replacement(&rest.toml()),
            None => found.deletion(),
        };
        Diagnostic::new(&self.name, Pointer::default(), reason, help).at(found.line, 1)
    }

    /// The rows for a release that matched nothing, in the order of the file.
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

    fn rows(&self, release: Option<&str>) -> impl Iterator<Item = Row> {
        let is_for = move |releases: &[String]| applies(releases, release);
        let renames = self.renames.iter().filter(move |row| !row.optional && is_for(&row.releases)).map(Row::rename);
        let fields = self.fields.iter().filter(move |row| is_for(&row.releases)).map(Row::field);
        let variants = self.variants.iter().filter(move |row| is_for(&row.releases)).map(Row::variant);
        let shared = self.shared_enums.iter().filter(move |row| is_for(&row.releases));
        let shared = shared.flat_map(|row| row.places.iter().map(|place| Row::shared_enum(row, place)));
        let ids = self.ids.iter().filter(move |row| is_for(&row.releases));
        let ids = ids.flat_map(|row| row.places.iter().map(|place| Row::id(row, place)));
        let timestamps = self.timestamps.iter().filter(move |row| is_for(row.releases())).map(Row::timestamp);
        let typed = ids.chain(timestamps);
        let sensitive = self.sensitive.iter().filter(move |row| is_for(row.releases())).map(Row::sensitive);
        let public = self.public.iter().filter(move |row| is_for(row.releases())).map(Row::public);
        let fixups = self.fixups.iter().filter(move |row| is_for(&row.releases)).map(Row::fixup);
        let examples = self.examples.iter().filter(move |row| is_for(&row.releases)).map(Row::example);
        let names = renames.chain(fields).chain(variants).chain(shared);
        names.chain(typed).chain(sensitive).chain(public).chain(fixups).chain(examples)
    }
}

/// Whether a row that is limited to `releases` is for `release`; a document that is of no release takes all rows.
fn applies(releases: &[String], release: Option<&str>) -> bool {
    releases.is_empty() || release.is_none_or(|release| releases.iter().any(|module| module == release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_words() {
        let patterns = ["*token*", "*key*", "account_number", "ip", "ssn*", "a*b*c"].map(str::to_owned).to_vec();
        let secrecy = Secrecy { patterns };
        for (name, pattern) in [
            ("access_token", Some("*token*")),
            ("apikeys", Some("*key*")),
            ("raw_account_number", Some("account_number")),
            ("account_holder_number", None),
            ("number", None),
            ("client_ip", Some("ip")),
            ("description", None),
            ("ssn_last_4", Some("ssn*")),
            ("aXbYc", Some("a*b*c")),
            ("aXcYb", None),
            ("accessToken", Some("*token*")),
            ("APIKey", Some("*key*")),
            ("client.IP", Some("ip")),
            ("account number", Some("account_number")),
            ("", None),
        ] {
            assert_eq!(secrecy.pattern(name), pattern, "{name}");
        }
        for (key, pattern) in [
            ("token", Some("*token*")),
            ("apps.tokens", Some("*token*")),
            ("bank_account_number", Some("account_number")),
            ("token_card", None),
            ("account_number_details", None),
            ("number", None),
        ] {
            assert_eq!(secrecy.pattern_of_kind(key), pattern, "{key}");
        }
    }
}
