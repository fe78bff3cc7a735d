//! Turns an OpenAPI document in Stripe's dialect into Rust bindings.
//!
//! One way, one direction, and a plain type at each seam:
//!
//! ```text
//! text ─document─▶ Document ─select─▶ Selection ─lower─▶ ir::Api ─emit─▶ Source ─render─▶ File
//! ```
//!
//! The crate is pure: text and configuration in, files or diagnostics out. It knows neither the disk nor the network nor
//! the clock, and the same input gives the same bytes on any machine.

pub mod config;
pub mod descriptions;
pub mod diagnostic;
pub mod diff;
mod docs;
pub mod document;
mod emit;
pub mod explain;
pub mod graph;
pub mod ir;
mod lower;
mod naming;
mod render;
mod sample;
pub mod select;

pub use config::Config;
pub use diagnostic::{Diagnostic, Diagnostics, Pointer};
pub use render::{MARK, MARKDOWN_MARK, is_generated};

use config::{Lookup, Release, Used};
use document::Document;
use render::{Item, Source};
use select::Selection;

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the directory of the module, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What one document became.
#[derive(Debug)]
pub struct Generated {
    /// The files of its module, in the order of their paths.
    pub files: Vec<File>,
    /// What the files say, for reports and comparison.
    pub api: ir::Api,
    /// What was kept of the document.
    pub selection: Selection,
    /// The rows of the configuration that matched something.
    pub used: Used,
}

/// The file with the differences between a release and the first one.
const DIFFERENCES: &str = "differences.md";

impl Generated {
    /// Adds the differences from another release, in Markdown, to the module and to its documentation.
    ///
    /// # Errors
    /// Returns a diagnostic if the module's file is not valid Rust, which is a bug of the generator.
    pub fn add_differences(&mut self, name: &str, markdown: &str) -> Result<(), Diagnostics> {
        let Some(mut module) = emit::emit(&self.api).remove("mod") else { return Ok(()) };
        module.items.insert(0, Item::Rust(quote::quote!(#![doc = include_str!(#DIFFERENCES)])));
        let module = file(name, "mod.rs".to_owned(), &origin(&self.api), &module)?;
        self.files.retain(|file| file.path != module.path);
        let text = format!("{MARKDOWN_MARK} from the documents in `spec/`. Do not edit. -->\n\n{markdown}");
        self.files.extend([module, File { path: DIFFERENCES.to_owned(), text }]);
        Ok(())
    }
}

/// Where the files of a module come from, for their headers.
fn origin(api: &ir::Api) -> String {
    format!("Stripe's OpenAPI document of version {}", api.version)
}

/// Selects the part of a document that a module would be generated from; `name` is for diagnostics.
///
/// # Errors
/// Returns everything that indexing or selecting found wrong.
pub fn selection(config: &Config, name: &str, text: &str) -> Result<Selection, Diagnostics> {
    let json = document::to_json(name, text)?;
    let document = Document::index(name, &json)?;
    select::select(&document, &Lookup::new(config))
}

/// Generates a module from the text of a document, JSON or YAML; `name` is for diagnostics.
///
/// # Errors
/// All that the first failing phase found wrong.
pub fn generate(config: &Config, name: &str, text: &str) -> Result<Generated, Diagnostics> {
    let json = document::to_json(name, text)?;
    let document = Document::index(name, &json)?;
    let lookup = Lookup::new(config);
    let selection = select::select(&document, &lookup)?;
    let api = lower::lower(&selection, &lookup)?;
    let from = origin(&api);
    let mut files = Vec::new();
    for (module, source) in emit::emit(&api) {
        files.push(file(name, format!("{module}.rs"), &from, &source)?);
    }
    Ok(Generated { files, api, selection, used: lookup.into_used() })
}

/// The file that declares the modules of all releases.
///
/// # Errors
/// Where two modules have one name, or a name is no identifier or no name of a feature.
pub fn releases(name: &str, releases: &[Release]) -> Result<File, Diagnostics> {
    use quote::quote;
    let mut problems = Vec::new();
    let mut problem = |release: &Release, reason: String, remedy: &str| {
        let reason = format!("the release of `{}`: {reason}", release.document);
        problems.push(Diagnostic::new(name, Pointer::default(), reason, remedy));
    };
    let mut items = Vec::new();
    for (i, release) in releases.iter().enumerate() {
        let Release { module, feature, .. } = release;
        if releases[..i].iter().any(|other| other.module == *module) {
            problem(
                release,
                format!("its module `{module}` is that of another one"),
                "give each release a `module` of its own",
            );
        }
        if let Some(feature) = feature {
            if !is_feature(feature) {
                let remedy =
                    "a feature's name is letters, digits, `_`, `-`, `+` and `.`, and starts with a letter or a digit";
                problem(release, format!("`{feature}` is no name of a feature"), remedy);
            }
            if i == 0 {
                problem(
                    release,
                    "the first release needs no feature".to_owned(),
                    "delete its `feature`, or let another one be first",
                );
            }
        }
        let Some(module) = naming::identifier(module.clone()).map(|name| quote::format_ident!("{name}")) else {
            problem(release, format!("its module `{module}` is no Rust identifier"), "give it another `module`");
            continue;
        };
        let condition = feature
            .as_ref()
            .map(|feature| quote!(#[cfg(feature = #feature)] #[cfg_attr(docsrs, doc(cfg(feature = #feature)))]));
        items.push(Item::Rust(quote!(#condition pub mod #module;)));
        if i == 0 {
            items.push(Item::Rust(quote!(pub use self::#module::*;)));
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    let docs =
        vec!["The releases of Stripe's API, each in a module of its own; the first is also at the root.".to_owned()];
    file(name, "mod.rs".to_owned(), "`spec/codegen.toml`", &Source { docs, items })
}

/// Whether Cargo takes this as the name of a feature.
fn is_feature(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-+.".contains(c))
}

fn file(document: &str, path: String, from: &str, source: &Source) -> Result<File, Diagnostics> {
    match render::render(from, source) {
        Ok(text) => Ok(File { path, text }),
        Err(error) => Err(Diagnostic::new(
            document,
            Pointer::default(),
            format!("what was generated for `{path}` is no Rust: {error}"),
            "report this as a bug of the generator",
        )
        .into()),
    }
}
