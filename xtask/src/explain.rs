//! `cargo xtask explain`: what the document became, in words.

use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use codegen::ir::Api;
use codegen::keys::{ROWS, Row};
use codegen::{Config, Diagnostic, Diagnostics, Pointer, explain};
use serde_json::json;

use crate::generate;
use crate::report::{Failure, Format, Text, print, print_json};
use crate::root::{self, releases_name, shown};
use crate::update::command;

/// Show where something is in the document, what it became, and which rows of `spec/codegen.toml` applied
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A path on the wire (`session.accounts.data.balance`, `create_session.filters`), a Rust item (`Account::balance`), the key
    /// of a schema (`bank_connections_resource_balance`), or the id of an operation; with `--keys`, a key (`nullable`)
    #[arg(required_unless_present = "keys")]
    query: Option<String>,
    /// Show what becomes of each key of a document, or of one key, by the kind of place that it stands in
    #[arg(long, conflicts_with = "spec")]
    keys: bool,
    /// The format of the keys
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "keys")]
    format: Format,
    /// Use this document of Stripe's instead of the first that `spec/codegen.toml` lists
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Use the document of this release, by its module, instead of the first that `spec/codegen.toml` lists
    #[arg(long, value_name = "MODULE", conflicts_with_all = ["spec", "keys"])]
    release: Option<String>,
    /// Explain what `generate --resource` makes of this resource of the document, and not what the rows select; `all` for all
    #[arg(long = "resource", value_name = "SCHEMA", requires = "spec")]
    resources: Vec<String>,
}

impl Arguments {
    /// Returns the API, and the directory of its module if it has one.
    fn read(&self, config: &Config) -> Result<(Api, Option<String>), Failure> {
        let (path, release) = match &self.release {
            Some(module) => {
                let release = config.release(module).ok_or_else(|| root::no_release(config, module))?;
                (root::document(&release.document), Some(release))
            }
            None => root::spec_or_first(self.spec.as_deref(), config)?,
        };
        let module = release.map(|release| format!("{}/{}", releases_name(), release.module));
        let text = root::read(&path)?;
        if !self.resources.is_empty() {
            return Ok((generate::selected(config, &shown(&path), &text, &self.resources)?.1.api, None));
        }
        let generated =
            codegen::generate(config, release.map(|release| release.module.as_str()), &shown(&path), &text)?;
        Ok((generated.api, module))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let query = arguments.query.as_deref().unwrap_or_default();
    if arguments.keys {
        show_keys(arguments.format, query)?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = root::config()?;
    let (api, module) = arguments.read(&config)?;
    let explanations = explain::explain(&api, query).map_err(|nearest| {
        let elsewhere = elsewhere(&config, arguments, query);
        let near: Vec<_> = nearest.iter().map(|name| format!("`{name}`")).collect();
        let reason = format!("nothing is called `{query}` here{elsewhere}; the nearest are {}", near.join(", "));
        let coverage = command("coverage");
        let help =
            format!("name a path on the wire, a Rust item, or the key of a schema; `{coverage}` lists the schemas");
        let help = match of_webhooks(query) {
            true => format!(
                "{help}; of webhooks, only the types of events are explained, as `EventType`: the rest is defined around them by \
                 the runtime, and is in the documentation of the module `webhook`"
            ),
            false => help,
        };
        Failure::Input(Diagnostic::new("explain", Pointer::default(), reason, help).into())
    })?;
    let (bold, dim) = (AnsiColor::Green.on_default().bold(), Style::new().dimmed());
    for one in explanations {
        Text::default().styled(bold, &one.item).end().print();
        let line = |label: &str, text: &str| {
            Text::default().plain("  ").styled(dim, &format!("{label:<9}")).plain(" ").plain(text).end().print();
        };
        // What follows from a row alone is nowhere in the document.
        if !one.pointer.as_str().is_empty() {
            line("document", &format!("#{}", one.pointer));
        }
        line("lowered", &one.lowered);
        line("rust", &one.rust);
        let file = match (one.file.strip_prefix("../"), &module) {
            (Some(beside), Some(_)) => format!("{}/{beside}", releases_name()),
            (None, Some(module)) => format!("{module}/{}", one.file),
            (_, None) => one.file.clone(),
        };
        line("file", &file);
        if one.rows.is_empty() {
            line("rows", "none: named and typed by the rules alone");
        }
        for row in &one.rows {
            line("row", &row.toml);
        }
        for (i, text) in one.rename.iter().flat_map(|row| row.lines()).enumerate() {
            line(if i == 0 { "rename" } else { "" }, text);
        }
        for text in one.docs.lines().filter(|text| !text.is_empty()) {
            line("docs", text);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a query names something of the module of webhooks.
fn of_webhooks(query: &str) -> bool {
    const TYPES: [&str; 7] =
        ["webhook", "Event", "EventObject", "Notification", "RelatedObject", "RelatedObjectId", "RetrieveEvent"];
    let first = query.split(['.', ':']).next().unwrap_or_default();
    TYPES.contains(&first)
}

/// Returns the releases in which the query finds something, in words. It finds nothing in that of the arguments.
fn elsewhere(config: &Config, arguments: &Arguments, query: &str) -> String {
    let releases = config.releases.iter().filter(|_| arguments.spec.is_none());
    let releases = releases.filter(|release| {
        let text = root::read(&root::document(&release.document));
        let generated = text.and_then(|text| codegen::generate(config, Some(&release.module), "", &text));
        generated.is_ok_and(|generated| explain::explain(&generated.api, query).is_ok())
    });
    let names: Vec<_> = releases.map(|release| format!("`{0}` (`--release {0}`)", release.module)).collect();
    if names.is_empty() { String::new() } else { format!(", but in the release {}", names.join(", ")) }
}

/// Prints the table of fates, or its rows for one key: the place, the key, when the row applies, the fate and the reason.
fn show_keys(format: Format, only: &str) -> Result<(), Diagnostics> {
    let rows = ROWS.iter().flat_map(|row| row.keys().map(move |key| (key, row)));
    let rows = rows.filter(|(key, _)| only.is_empty() || *key == only);
    if rows.clone().next().is_none() {
        let reason = format!("no row of the table is about a key `{only}`: where a key has no row, it is refused");
        let help = "leave the key out to see the whole table";
        return Err(Diagnostic::new("explain", Pointer::default(), reason, help).into());
    }
    let when = |row: &Row| row.when.iter().map(|when| when.words()).collect::<Vec<_>>().join(" and ");
    match format {
        Format::Text => {
            let line = |(key, row): (&str, &Row)| {
                let after =
                    |sign: &str, text: &str| if text.is_empty() { String::new() } else { format!("{sign}{text}") };
                let (when, because) = (after(" ", &when(row)), after(": ", row.reason));
                // The code can be the same without the key.
                let recorded = if row.is_recorded { ", and in `diff`" } else { "" };
                format!("{}, {key}{when}: {}{recorded}{because}\n", row.place.as_str(), row.fate.as_str())
            };
            let heading = "Of the rows of a place and a key, the first that applies decides.\n".to_owned();
            let rest = "any other key: refused\n".to_owned();
            print(&[heading].into_iter().chain(rows.map(line)).chain([rest]).collect::<String>());
        }
        Format::Json => {
            let rows: Vec<_> = rows
                .map(|(key, row)| {
                    json!({
                        "place": row.place.as_str(),
                        "key": key,
                        "when": when(row),
                        "fate": row.fate.as_str(),
                        "diff": row.is_recorded,
                        "reason": row.reason,
                    })
                })
                .collect();
            print_json(&json!(rows));
        }
    }
    Ok(())
}
