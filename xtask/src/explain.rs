//! `cargo xtask explain`: what the document became, in words.

use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Pointer, explain};

use crate::report::{Failure, Text};
use crate::root::{self, CONFIG, RELEASES, shown};

/// Show where something is in the document, what it became, and which rows of `spec/codegen.toml` applied
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A path on the wire (`session.accounts.data.balance`, `create_session.filters`), a Rust item (`Account::balance`),
    /// or the key of a schema (`bank_connections_resource_balance`)
    query: String,
    /// Use this document of Stripe's instead of the first that `spec/codegen.toml` lists
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

impl Arguments {
    /// Returns the API, and the directory of its module if it has one.
    fn read(&self, config: &Config) -> Result<(Api, Option<String>), Failure> {
        let release = config.releases.first().filter(|_| self.spec.is_none());
        let (path, module) = match (&self.spec, config.releases.first()) {
            (Some(path), _) => (path.clone(), None),
            (None, Some(release)) => {
                (root::document(&release.document), Some(format!("{RELEASES}/{}", release.module)))
            }
            (None, None) => {
                let reason = "no document is listed";
                let help = "add a `[[release]]`, or name a document with `--spec`";
                return Err(Failure::Input(Diagnostic::new(CONFIG, Pointer::default(), reason, help).into()));
            }
        };
        let text = root::read(&path)?;
        let generated =
            codegen::generate(config, release.map(|release| release.module.as_str()), &shown(&path), &text)?;
        Ok((generated.api, module))
    }
}

/// Runs `explain`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let (api, module) = arguments.read(&config)?;
    let found = explain::explain(&api, &arguments.query).map_err(|miss| {
        let elsewhere = elsewhere(&config, arguments);
        let near: Vec<_> = miss.nearest.iter().map(|name| format!("`{name}`")).collect();
        let reason = format!("nothing is called `{}` here{elsewhere}; the nearest are {}", miss.query, near.join(", "));
        let help =
            "name a path on the wire, a Rust item, or the key of a schema; `cargo xtask coverage` lists the schemas";
        Failure::Input(Diagnostic::new("explain", Pointer::default(), reason, help).into())
    })?;
    let (bold, dim) = (AnsiColor::Green.on_default().bold(), Style::new().dimmed());
    for one in found {
        Text::default().styled(bold, &one.item).end().print();
        let line = |label: &str, text: &str| {
            Text::default().plain("  ").styled(dim, &format!("{label:<9}")).plain(" ").plain(text).end().print();
        };
        line("document", &format!("#{}", one.pointer));
        line("lowered", &one.lowered);
        line("rust", &one.rust);
        line("file", &module.as_ref().map_or(one.file.clone(), |module| format!("{module}/{}", one.file)));
        if one.rows.is_empty() {
            line("rows", "none: named and typed by the rules alone");
        }
        for row in &one.rows {
            line("row", &row.toml);
        }
        for text in one.docs.lines().filter(|text| !text.is_empty()) {
            line("docs", text);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the other releases in which the query finds something, in words.
fn elsewhere(config: &Config, arguments: &Arguments) -> String {
    let others = config.releases.iter().skip(1).filter(|_| arguments.spec.is_none());
    let found = others.filter(|release| {
        let text = root::read(&root::document(&release.document));
        let generated = text.and_then(|text| codegen::generate(config, Some(&release.module), "", &text));
        generated.is_ok_and(|generated| explain::explain(&generated.api, &arguments.query).is_ok())
    });
    let names: Vec<_> = found.map(|release| format!("`{}`", release.module)).collect();
    if names.is_empty() { String::new() } else { format!(", but in the release {}", names.join(", ")) }
}
