//! Files of this workspace.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Config;

/// Returns a path below the root of the workspace.
pub fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(below)
}

/// Returns the text of a file below the root of the workspace.
pub fn read(below: &str) -> String {
    fs::read_to_string(path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
}

/// Returns all files below a directory.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries
        .map(|entry| entry.expect("the directory can be read").path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// Returns the text of the current release's document.
pub fn current_document() -> String {
    read(&format!("spec/{}", config().releases[0].document))
}

/// Returns the configuration of the project.
pub fn config() -> Config {
    let config = Config::parse("spec/codegen.toml", &read("spec/codegen.toml"));
    let config = config.and_then(|config| config.with_samples("spec/samples.toml", &read("spec/samples.toml")));
    config.expect("the project's configuration parses")
}

/// Returns the configuration of the project without the resources that a feature enables, which leaves the session.
pub fn session_config() -> Config {
    let mut config = config();
    config.resources.retain(|resource| resource.feature.is_none());
    config
}
