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
pub mod diagnostic;
pub mod diff;
pub mod document;
mod docs;
mod emit;
pub mod explain;
pub mod graph;
pub mod ir;
mod lower;
mod naming;
pub mod prose;
mod render;
pub mod select;

pub use config::Config;
pub use diagnostic::{Diagnostic, Diagnostics, Pointer};
pub use render::MARK;

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
    let from = format!("Stripe's OpenAPI document of version {}", api.version);
    let mut files = Vec::new();
    for (module, source) in emit::emit(&api) {
        files.push(file(name, format!("{module}.rs"), &from, &source)?);
    }
    Ok(Generated { files, api, selection, used: lookup.into_used() })
}

/// The file that declares the modules of all releases.
///
/// # Errors
/// Where a module's name is no identifier.
pub fn releases(name: &str, releases: &[Release]) -> Result<File, Diagnostics> {
    use quote::quote;
    let mut declarations = proc_macro2::TokenStream::new();
    let mut exports = proc_macro2::TokenStream::new();
    for (i, release) in releases.iter().enumerate() {
        let module: syn::Ident = syn::parse_str(&release.module).map_err(|_| {
            let reason = format!("the module `{}` of `{}` is no Rust identifier", release.module, release.document);
            Diagnostic::new(name, Pointer::default(), reason, "give the `[[release]]` another `module`")
        })?;
        declarations.extend(quote!(pub mod #module;));
        if i == 0 {
            exports.extend(quote!(pub use self::#module::*;));
        }
    }
    let source = Source {
        docs: vec!["The releases of Stripe's API, each in a module of its own; the first is also at the root.".to_owned()],
        items: vec![Item::Rust(declarations), Item::Rust(exports)],
    };
    file(name, "mod.rs".to_owned(), "`spec/codegen.toml`", &source)
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
