//! From the intermediate representation to items of Rust. It cannot fail and decides nothing.
//!
//! A release is a directory: `mod.rs`, and a directory for each module. A cargo feature gates one place, and no file
//! grows with the number of resources.
//!
//! What the document marks as deprecated has the note "Deprecated by Stripe." and no attribute `#[deprecated]`. Stripe
//! still sends such a field and accepts such a parameter, and often names no replacement. The attribute would warn in every
//! program that touches one, and a minor release would break each build with `-D warnings`, although requests and responses
//! are the same. `cargo xtask diff` reports a deprecation instead.

mod aliases;
mod index;
mod models;
mod part;
mod releases;
mod requests;
mod text;

pub(crate) use self::releases::{events, releases, webhook};

use std::collections::{BTreeMap, BTreeSet};

use self::index::Index;
use self::part::Part;
use crate::ir::{Api, Module, ModuleFile, Named, Operation, Type};
use crate::markdown::code;
use crate::rust::render::{Source, import, push_item};
use crate::rust::sample::Samples;
use crate::rust::spelling;

/// The file with the differences between a release and the first one.
pub(crate) const DIFFERENCES: &str = "differences.md";

/// Hands the files of the API to `write`, one by one and by path without `.rs`: all of them at once would be most of
/// the memory of a run. Returns the names of each module.
pub(crate) fn emit(api: &Api, write: &mut dyn FnMut(String, Source)) -> Vec<Vec<String>> {
    let (index, samples) = (Index::new(api), Samples::new(api));
    let names: Vec<_> = api.modules.iter().map(|module| module_files(&index, &samples, module, write)).collect();
    write("mod".to_owned(), root(api, &names, true));
    names
}

/// The root of a release: its modules, and the names of each. The documentation of any release but the first one includes the
/// differences from that.
pub(crate) fn root(api: &Api, names: &[Vec<String>], is_first: bool) -> Source {
    debug_assert_eq!(lost(api, names), Vec::<&str>::new(), "each item is in the files of its module");
    let mut items = String::new();
    let mut modules: Vec<_> = api.modules.iter().collect();
    modules.sort_by_key(|module| &module.name);
    let declarations = modules
        .into_iter()
        .flat_map(|module| condition(&module.features).into_iter().chain([format!("mod {};", module.name)]));
    let differences = (!is_first).then(|| format!("#![doc = include_str!({DIFFERENCES:?})]"));
    let allow = r#"#![allow(clippy::type_complexity, reason = "a type is nested as deep as the document nests it")]"#;
    push_item(&mut items, &differences.into_iter().chain([allow.to_owned()]).collect::<Vec<_>>().join("\n"));
    push_item(&mut items, &declarations.collect::<Vec<_>>().join("\n"));
    // Two results for each search would be one too many: only the first release has aliases.
    let aliases = if is_first { aliases::aliases(api) } else { BTreeMap::new() };
    for (module, names) in api.modules.iter().zip(names) {
        let export = |attributes: &[String], names: &[String]| {
            import(attributes, &format!("pub use self::{}::", module.name), names)
        };
        let (aliased, mut others): (Vec<_>, Vec<_>) =
            names.iter().cloned().partition(|name| aliases.contains_key(name.as_str()));
        others.sort();
        if !others.is_empty() {
            push_item(&mut items, &export(&condition(&module.features), &others));
        }
        // Beside the export, since rustdoc 1.95 does not see the aliases of what is exported:
        // https://github.com/rust-lang/rust/issues/152939
        for name in aliased {
            let aliases = aliases[name.as_str()].iter().map(|alias| format!("#[doc(alias = {})]", text::quoted(alias)));
            let attributes: Vec<_> = condition(&module.features).into_iter().chain(aliases).collect();
            push_item(&mut items, &export(&attributes, &[name]));
        }
    }
    if api.version.is_pinned {
        let docs = "/// The version of Stripe's API that these types are for, as sent in the header `Stripe-Version`.";
        push_item(&mut items, &format!("{docs}\npub const API_VERSION: &str = {};", text::quoted(&api.version.text)));
    }
    Source { docs: release_docs(api), items }
}

fn lost<'a>(api: &'a Api, names: &[Vec<String>]) -> Vec<&'a str> {
    let emitted: BTreeSet<&str> = names.iter().flatten().map(String::as_str).collect();
    api.items().map(|item| item.name()).filter(|name| !emitted.contains(name)).collect()
}

fn parts<'a>(index: &Index<'a>, module: &'a Module) -> Vec<(&'static str, Part)> {
    let part = |file: ModuleFile| {
        let mut part = Part::new(match file {
            ModuleFile::Models => "Objects of responses.",
            ModuleFile::References => "Objects that are not modelled here: their ids and their JSON.",
            ModuleFile::Requests => "Operations and their parameters.",
        });
        index.in_file(&module.name, file).iter().for_each(|item| show(&mut part, index.api, *item));
        (file.name(), part)
    };
    ModuleFile::ALL.map(part).into_iter().filter(|(_, part)| !part.items.is_empty()).collect()
}

fn show(part: &mut Part, api: &Api, item: Named<'_>) {
    match item {
        Named::Model(model) => models::model_type(part, api, model),
        Named::Union(union) => models::union_type(part, union),
        Named::Enum(item) => models::enum_type(part, item),
        Named::Reference(reference) => models::reference_type(part, reference),
        Named::Params(params) => requests::params_type(part, params),
        Named::Operation(operation) => requests::operation_type(part, api, operation),
    }
}

/// Hands the files of a module to `write`, and returns the names that it exports.
fn module_files(
    api: &Index<'_>,
    samples: &Samples<'_>,
    module: &Module,
    write: &mut dyn FnMut(String, Source),
) -> Vec<String> {
    let mut exported = Vec::new();
    let docs = format!("The module {}: its operations, and the types that they bring.", code(&module.name));
    let (mut items, mut declarations, mut exports) = (String::new(), String::new(), String::new());
    for (name, part) in parts(api, module) {
        let names: Vec<_> = part.names.iter().cloned().collect();
        declarations.push_str(&format!("mod {name};\n"));
        exports.push_str(&import(&[], &format!("pub use self::{name}::"), &names));
        exported.extend(names);
        write(format!("{}/{name}", module.name), part.into_source(api));
    }
    push_item(&mut items, &declarations);
    let samples = models::samples(api, samples, &module.name);
    if !samples.items.is_empty() {
        push_item(&mut items, "#[cfg(feature = \"test-util\")]\nmod samples;");
        write(format!("{}/samples", module.name), samples.into_source(api));
    }
    push_item(&mut items, &exports);
    write(format!("{}/mod", module.name), Source { docs, items });
    exported
}

/// The features of which any one enables an item, as attributes.
fn condition(features: &[String]) -> Vec<String> {
    if features.is_empty() {
        return Vec::new();
    }
    let condition = spelling::predicate(features);
    vec![format!("#[cfg({condition})]"), format!("#[cfg_attr(docsrs, doc(cfg({condition})))]")]
}

fn release_docs(api: &Api) -> String {
    let mut docs = format!("Stripe's API of the version {}.\n\n", code(&api.version.text));
    if !api.version.is_pinned {
        docs.push_str("This version cannot be sent: a request needs the version that Stripe gave you.\n\n");
    }
    docs.push_str("The operations:\n\n");
    for Operation { name, output, path, method, module, .. } in api.operations.iter() {
        let features = api.features(module);
        let request = models::request_line(method.as_str(), path);
        // A link to an item that a feature leaves out would be broken.
        let (name, feature) = match features {
            [] => (text::link(name), String::new()),
            [feature] => (code(name), format!(" (feature {})", code(feature))),
            several => (code(name), format!(" (features {})", several.join(", "))),
        };
        let response = response(output, features.is_empty());
        docs.push_str(&format!("- {name} sends {request} and returns {response}{feature}\n"));
    }
    docs
}

/// The operations as a table, for the documentation of a client. The links need every feature.
pub(crate) fn operations(api: &Api) -> String {
    let mut table = "| operation | request | feature |\n|---|---|---|\n".to_owned();
    for operation in api.operations.iter() {
        let request = models::request_line(operation.method.as_str(), &operation.path);
        let features: Vec<_> = api.features(&operation.module).iter().map(|feature| code(feature)).collect();
        let features = if features.is_empty() { "always there".to_owned() } else { features.join(" or ") };
        table.push_str(&format!("| {} | {request} | {features} |\n", text::link(&operation.name)));
    }
    table
}

/// The type of a response in words.
fn response(output: &Type, is_linked: bool) -> String {
    let named = |ty: &Type| ty.name().map(|name| if is_linked { text::link(name) } else { code(name) });
    // An object past the boundary, or one of several, may have no type of its own.
    let items =
        |ty: &Type| named(ty).map_or_else(|| "of JSON objects".to_owned(), |name| format!("of the type {name}"));
    match output {
        Type::List(item) | Type::ListV2(item) => format!("a page {}", items(item)),
        Type::SearchResult(item) => format!("a page of search results {}", items(item)),
        Type::Deleted => "what is left of a deleted object".to_owned(),
        ty => named(ty).map_or_else(
            || "a JSON object".to_owned(),
            |name| format!("{} {name}", text::article(ty.name().unwrap_or_default())),
        ),
    }
}
