#![doc = include_str!("../README.md")]

pub mod config;
pub mod diagnostic;
pub mod ir;
mod lower;
pub mod markdown;
mod openapi;
mod reports;
mod rust;
pub mod select;
pub mod visible;

pub use config::{Config, PLACEHOLDER};
pub use diagnostic::{Diagnostic, Diagnostics, Pointer};
pub use lower::{DEFAULT_BASE_URL, check_samples, errors};
pub use openapi::{descriptions, document, keys, known};
pub use reports::{coverage, diff, explain};
pub use rust::render::{Home, MARK, MARKDOWN_MARK, is_generated};
pub use rust::{naming, sample, spelling};

use config::{Lookup, Used};
use document::Document;
use markdown::check::Checker;
use rust::emit::{self, DIFFERENCES};
use rust::render::{self, Source};
use select::Selection;

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the directory of the release, with `/`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The result of generating from one document.
#[derive(Debug)]
pub struct Generated {
    /// The files of its module, in the order of their paths.
    pub files: Vec<File>,
    /// The API that the files spell out, for reports and comparisons.
    pub api: ir::Api,
    /// The part of the document that was kept.
    pub selection: Selection,
    /// The rows of the configuration that matched something.
    pub used: Used,
    /// The names of each module.
    names: Vec<Vec<String>>,
    home: Home,
}

/// Selects the part of a document that a module would be generated from; `name` is for diagnostics.
///
/// # Errors
/// Returns the problems of indexing, or those of selecting.
pub fn selection(config: &Config, release: Option<&str>, name: &str, text: &str) -> Result<Selection, Diagnostics> {
    let json = document::to_json(name, text)?;
    let document = Document::index(name, &json)?;
    Ok(select::select(&document, &Lookup::new(config, release))?.0)
}

/// Generates the module of `release`, or of no release, from the text of a document, JSON or YAML; `name` is for
/// diagnostics.
///
/// # Errors
/// Returns the problems of the first phase that fails.
pub fn generate(config: &Config, release: Option<&str>, name: &str, text: &str) -> Result<Generated, Diagnostics> {
    let json = document::to_json(name, text)?;
    let document = Document::index(name, &json)?;
    generate_from(config, release, &document)
}

/// Generates as [`generate`] does, from a document that is indexed already.
///
/// # Errors
/// Returns the problems of the first phase that fails.
pub fn generate_from(
    config: &Config,
    release: Option<&str>,
    document: &Document<'_>,
) -> Result<Generated, Diagnostics> {
    Lowered::new(config, release, document)?.emit(document)
}

/// Returns what is selected of a document, and the API that it becomes, without its files.
///
/// # Errors
/// Returns the problems of the first phase that fails.
pub fn api_from(
    config: &Config,
    release: Option<&str>,
    document: &Document<'_>,
) -> Result<(Selection, ir::Api), Diagnostics> {
    Lowered::new(config, release, document).map(|lowered| (lowered.selection, lowered.api))
}

/// What is known of an API before its files are written.
struct Lowered {
    selection: Selection,
    api: ir::Api,
    used: Used,
    home: Home,
}

impl Lowered {
    fn new(config: &Config, release: Option<&str>, document: &Document<'_>) -> Result<Self, Diagnostics> {
        let lookup = Lookup::new(config, release);
        let (selection, operations) = select::select(document, &lookup)?;
        let api = lower::lower(&selection, &operations, &lookup)?;
        Ok(Self { selection, api, used: lookup.into_used(), home: config.home })
    }

    fn emit(self, document: &Document<'_>) -> Result<Generated, Diagnostics> {
        let Self { selection, api, used, home } = self;
        let from = origin(&api);
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        let mut checker = Checker::new(&api);
        let names = emit::emit(&api, &mut |path, source| {
            let file = file(format!("{path}.rs"), home, &from, source);
            problems.extend(checker.check(document.name, &file.path, &file.text));
            files.push(file);
        });
        Diagnostics::of(problems)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Generated { files, api, selection, used, names, home })
    }
}

impl Generated {
    /// Adds the differences from another release, in Markdown, to the module and to its documentation.
    ///
    /// # Errors
    /// Returns a diagnostic if the Markdown holds more than text, code spans, tables and links to items, which is a bug of the
    /// generator.
    pub fn add_differences(&mut self, name: &str, markdown: &str) -> Result<(), Diagnostics> {
        let root = emit::root(&self.api, &self.names, false);
        let root = file("mod.rs".to_owned(), self.home, &origin(&self.api), root);
        Checker::new(&self.api).check_markdown(name, DIFFERENCES, markdown)?;
        self.files.retain(|file| file.path != root.path);
        let text = render::markdown_file(self.home, markdown);
        self.files.extend([root, File { path: DIFFERENCES.to_owned(), text }]);
        Ok(())
    }
}

/// Returns the files beside the modules of the releases: the one that declares these, and the events of this workspace if there
/// are any. What cannot be generated is reported by [`Config::check`].
pub fn releases(config: &Config) -> Vec<File> {
    let from = format!("`{}`", config.home.config());
    let file = |name: &str, source| file(name.to_owned(), config.home, &from, source);
    let has_events = config.home == Home::Workspace && !config.events.is_empty();
    let events = has_events.then(|| file("events.rs", emit::events(&lower::event_types(config))));
    [file("mod.rs", emit::releases(config))].into_iter().chain(events).collect()
}

/// Returns the module of webhooks of a crate of one's own, with the models of its first release; none if no row names an event.
pub fn webhook(config: &Config, first: &Generated) -> Option<File> {
    let from = format!("`{}` and {}", config.home.config(), origin(&first.api));
    (config.home == Home::OwnCrate && !config.events.is_empty())
        .then(|| file("webhook.rs".to_owned(), config.home, &from, emit::webhook(config, &first.api)))
}

/// Returns the table of the operations of the first release, for the documentation of the clients.
///
/// # Errors
/// Returns a diagnostic if the Markdown holds more than text, code spans, tables and links to items, which is a bug of the
/// generator.
pub fn operations(first: &Generated) -> Result<File, Diagnostics> {
    let path = OPERATIONS.to_owned();
    let table = emit::operations(&first.api);
    Checker::new(&first.api).check_markdown(&path, &path, &table)?;
    Ok(File { path, text: render::markdown_file(first.home, &table) })
}

/// The file with the table of the operations.
const OPERATIONS: &str = "operations.md";

/// Returns where the files of a module come from, for their headers.
fn origin(api: &ir::Api) -> String {
    format!("Stripe's OpenAPI document of version {}", visible::escaped(&api.version.text))
}

fn file(path: String, home: Home, from: &str, source: Source) -> File {
    File { path, text: render::render(home, from, &source) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_lists_every_module() {
        let listed =
            include_str!("../README.md").split("## The modules").nth(1).and_then(|rest| rest.split("\n## ").next());
        let listed = listed.unwrap().lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let modules = include_str!("lib.rs")
            .lines()
            .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
        assert_eq!(listed.collect::<Vec<_>>(), modules.collect::<Vec<_>>());
    }
}
