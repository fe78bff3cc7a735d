//! `cargo xtask explain` and `cargo xtask graph`: what became of the document, in words and as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{print, println};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Pointer, explain, graph};

use crate::report::Failure;
use crate::root::{self, CONFIG, RELEASES, shown};

/// Say where something stands in the document, what it became, and which rows of `spec/codegen.toml` touched it
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A path on the wire (`session.accounts.data.balance`, `create_session.filters`), a Rust item (`Account::balance`),
    /// or the key of a schema (`bank_connections_resource_balance`)
    query: String,
    #[command(flatten)]
    document: Document,
}

/// Draw what was selected, and where the boundary cut it
#[derive(Debug, clap::Args)]
pub(crate) struct Graph {
    /// The language of the picture
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    format: Language,
    #[command(flatten)]
    document: Document,
}

#[derive(Debug, clap::Args)]
struct Document {
    /// Take this document of Stripe's, and not the first that `spec/codegen.toml` lists
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// A language for pictures.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Language {
    /// It renders in Markdown
    Mermaid,
    /// For Graphviz
    Dot,
}

impl Document {
    /// The API, and the directory of its module where it has one.
    fn read(&self, config: &Config) -> Result<(Api, Option<String>), Failure> {
        let (path, module) = match (&self.spec, config.releases.first()) {
            (Some(path), _) => (path.clone(), None),
            (None, Some(release)) => {
                (root::path().join("spec").join(&release.document), Some(format!("{RELEASES}/{}", release.module)))
            }
            (None, None) => {
                let reason = "no document is listed";
                let remedy = "add a `[[release]]`, or name a document with `--spec`";
                return Err(Failure::Input(Diagnostic::new(CONFIG, Pointer::default(), reason, remedy).into()));
            }
        };
        let text = root::read(&path)?;
        let generated = codegen::generate(config, &shown(&path), &text)?;
        Ok((generated.api, module))
    }
}

/// Runs `explain`.
pub(crate) fn run(arguments: &Explain) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let (api, module) = arguments.document.read(&config)?;
    let found = explain::explain(&api, &config, &arguments.query).map_err(|reason| {
        let remedy = "name a path on the wire, a Rust item, or the key of a schema; `cargo xtask graph` shows them all";
        Failure::Input(Diagnostic::new("explain", Pointer::default(), reason, remedy).into())
    })?;
    let (bold, dim) = (AnsiColor::Green.on_default().bold(), Style::new().dimmed());
    for one in found {
        println!("{bold}{}{bold:#}", one.item);
        let line = |label: &str, text: &str| println!("  {dim}{label:<9}{dim:#} {text}");
        line("document", &format!("#{}", one.pointer));
        line("lowered", &one.lowered);
        line("rust", &one.rust);
        line("file", &module.as_ref().map_or(one.file.to_owned(), |module| format!("{module}/{}", one.file)));
        if one.rows.is_empty() {
            line("rows", "none: named and typed by the rules alone");
        }
        for row in &one.rows {
            line("row", row);
        }
        for text in one.docs.lines().filter(|text| !text.is_empty()) {
            line("docs", text);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs `graph`.
pub(crate) fn draw(arguments: &Graph) -> Result<ExitCode, Failure> {
    let (api, _) = arguments.document.read(&root::config()?)?;
    let graph = graph::graph(&api);
    print!(
        "{}",
        match arguments.format {
            Language::Mermaid => graph.mermaid(),
            Language::Dot => graph.dot(),
        }
    );
    Ok(ExitCode::SUCCESS)
}
