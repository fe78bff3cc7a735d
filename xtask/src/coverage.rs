//! `cargo xtask coverage`: which resources and operations of a document can be generated, and why the others cannot.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::coverage::{Coverage, coverage};
use codegen::document::{Document, to_json};
use codegen::{Diagnostic, Pointer};
use serde_json::json;

use crate::report::{Failure, Format, Text, print_json};
use crate::root::{self, shown};

/// List every resource and operation of a document: generated, or refused and why
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Use this document of Stripe's instead of the first that `spec/codegen.toml` lists
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The format of the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let (path, _) = root::spec_or_first(arguments.spec.as_deref(), &config)?;
    let (name, text) = (shown(&path), root::read(&path)?);
    let json = to_json(&name, &text)?;
    let covered = coverage(&config, &Document::index(&name, &json)?)?;
    match arguments.format {
        Format::Text => in_words(&covered).print(),
        Format::Json => print_json(&as_json(&covered)),
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(covered: &Coverage) -> Text {
    let mut out = Text::default();
    for resource in &covered.resources {
        out.plain(&format!("{}: {} of {}", resource.schema, resource.generated(), resource.operations.len())).end();
        for (head, refused) in &resource.operations {
            let mark = if refused.is_some() { "refused" } else { "generated" };
            out.plain(&format!("  {mark:<9} {:<6} {} ({})", head.method.as_str(), head.path, head.id)).end();
            if let Some(diagnostic) = refused {
                out.plain(&format!("            #{}: {}", diagnostic.pointer, diagnostic.reason)).end();
                help(&mut out, diagnostic);
            }
        }
    }
    let all = covered.problems.iter().map(|problem| ("all operations, for", problem));
    let others = covered.other_refusals();
    // Those of all operations are there.
    let others = others.iter().filter(|one| !covered.problems.contains(one)).map(|problem| ("as well, for", problem));
    for (what, problem) in all.chain(others) {
        out.plain(&format!("refused: {what} #{}: {}", problem.pointer, problem.reason)).end();
        help(&mut out, problem);
    }
    for note in lacks(&covered.absent) {
        out.plain(&format!("note: {note}")).end();
    }
    let (generated, operations, resources) = (covered.generated(), covered.operations(), covered.resources.len());
    let version = &covered.version;
    let why = match covered.refusals().len() {
        0 => String::new(),
        1 => "; the others are refused for one reason".to_owned(),
        reasons => format!("; the others are refused for {reasons} reasons"),
    };
    out.plain(&format!(
        "Stripe's API {version}: {generated} of {operations} operations of {resources} resources can be generated{why}"
    ));
    out.end();
    out
}

/// Adds what to do, whose last lines can be a row to paste.
fn help(out: &mut Text, diagnostic: &Diagnostic) {
    for (i, line) in diagnostic.help.lines().enumerate() {
        let label = if i == 0 { "help: " } else { "" };
        out.plain(&format!("            {label}{line}")).end();
    }
}

/// Says which schemas the document refers to and does not have.
pub(crate) fn lacks(absent: &BTreeMap<String, Pointer>) -> Vec<String> {
    let note = |(key, from)| {
        format!(
            "#{from}: the document does not have the schema `{key}`, which is taken to be past the boundary here; `update` and \
             `generate --crate` refuse such a document"
        )
    };
    absent.iter().map(note).collect()
}

fn as_json(covered: &Coverage) -> serde_json::Value {
    let resources = covered.resources.iter().map(|resource| {
        let operations = resource.operations.iter().map(|(head, refused)| {
            let mut one = json!({
                "id": head.id,
                "method": head.method.as_str(),
                "path": head.path,
                "refused": refused.as_ref().map(|diagnostic| format!("#{}: {}", diagnostic.pointer, diagnostic.reason)),
            });
            if let Some(diagnostic) = refused {
                one["help"] = diagnostic.help.as_str().into();
            }
            one
        });
        json!({ "schema": resource.schema, "operations": operations.collect::<Vec<_>>() })
    });
    let refusals = covered.refusals().into_iter();
    let refusals =
        refusals.map(|one| json!({ "refused": format!("#{}: {}", one.pointer, one.reason), "help": one.help }));
    json!({
        "version": covered.version,
        "operations": covered.operations(),
        "generated": covered.generated(),
        "absent": covered.absent.iter().map(|(key, from)| (key, from.as_str())).collect::<BTreeMap<_, _>>(),
        "problems": covered.problems.iter().map(|one| format!("#{}: {}", one.pointer, one.reason)).collect::<Vec<_>>(),
        "refusals": refusals.collect::<Vec<_>>(),
        "resources": resources.collect::<Vec<_>>(),
    })
}
