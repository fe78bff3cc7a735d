//! The documents under `tests/fixtures/`. Each shows one behaviour of the generator.

use std::fs;
use std::path::Path;

use codegen::{Config, Diagnostics, Generated, check_samples};

use crate::workspace;

/// Generates from a fixture, with the configuration of the same name beside it or else the shared one. It is a document of
/// the release of that configuration, if there is one.
///
/// # Errors
/// The diagnostics of the generator, if it rejects the document or the configuration.
pub fn generate(path: &Path) -> Result<Generated, Diagnostics> {
    let own = path.with_extension("toml");
    let shared = workspace::path("tests/fixtures/codegen.toml");
    let config = if own.exists() { own } else { shared };
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let config = Config::parse("codegen.toml", &read(&config))?;
    let release = config.releases.first().map(|release| release.module.as_str());
    let generated = codegen::generate(&config, release, &name(path), &read(path))?;
    generated.selection.check_complete()?;
    check_samples(&config, &[&generated.api])?;
    Ok(generated)
}

/// Returns the name of a fixture's file.
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns the documents in a directory under `tests/fixtures/`, sorted.
pub fn all(directory: &str) -> Vec<std::path::PathBuf> {
    let directory = workspace::path("tests/fixtures").join(directory);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let paths = entries.map(|entry| entry.expect("the directory can be read").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "json")).collect();
    paths.sort();
    paths
}
