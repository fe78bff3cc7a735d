//! A crate made at test time: the support of the generated one, with other modules on it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use codegen::Generated;

use crate::workspace;

/// A crate with the support of the generated one and a module for each document.
pub struct Crate {
    directory: PathBuf,
    modules: Vec<String>,
}

impl Crate {
    /// A crate in a directory that only it uses. What an earlier run compiled there is kept.
    pub fn new(directory: &Path) -> Self {
        let source = directory.join("src");
        let _ = fs::remove_dir_all(&source);
        let root = workspace::path("generated");
        copy(&root.join("src"), &source);
        let releases = source.join("releases");
        fs::remove_dir_all(&releases).expect("it was copied");
        fs::create_dir_all(&releases).expect("the directory can be made");
        fs::copy(workspace::path("Cargo.lock"), directory.join("Cargo.lock")).expect("the workspace has a lock file");
        fs::copy(root.join("README.md"), directory.join("README.md")).expect("the crate has a README");
        fs::write(directory.join("Cargo.toml"), manifest()).expect("the directory can be written");
        Self { directory: directory.to_owned(), modules: Vec::new() }
    }

    /// Adds a module. The first one is also at the crate's root, as the default release is.
    pub fn add(&mut self, name: &str, generated: &Generated) {
        let name = format!("from_{}", name.split('.').next().unwrap_or(name).replace('-', "_"));
        let module = self.directory.join("src/releases").join(&name);
        fs::create_dir_all(&module).expect("the directory can be made");
        for file in &generated.files {
            fs::write(module.join(&file.path), &file.text).expect("the directory can be written");
        }
        self.modules.push(name);
    }

    /// Runs `cargo` on it, with every warning an error.
    pub fn cargo(&self, arguments: &[&str]) -> Output {
        let mut releases = String::from("//! The documents.\n");
        for name in &self.modules {
            let _ = writeln!(releases, "pub mod {name};");
        }
        let _ = writeln!(releases, "pub use self::{}::*;", self.modules[0]);
        fs::write(self.directory.join("src/releases/mod.rs"), releases).expect("the directory can be written");
        cargo(&self.directory, arguments)
    }
}

/// Runs `cargo` on a crate outside the workspace, with every warning an error.
pub fn cargo(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(directory)
        .env("CARGO_TARGET_DIR", directory.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .expect("cargo runs")
}

/// The manifest of the generated crate, made to stand outside the workspace under the same lints.
fn manifest() -> String {
    let workspace: toml::Table = workspace::read("Cargo.toml").parse().expect("the workspace's manifest parses");
    let mut manifest: toml::Table = workspace::read("generated/Cargo.toml").parse().expect("the manifest parses");
    let shared = workspace["workspace"].as_table().expect("it is a workspace");
    for table in ["package", "dependencies"] {
        let own = manifest[table].as_table_mut().expect("it is a table");
        let shared = shared[if table == "package" { "package" } else { "dependencies" }].as_table().expect("a table");
        for (key, value) in own.iter_mut() {
            let Some(entry) = value.as_table_mut().filter(|entry| entry.contains_key("workspace")) else { continue };
            entry.remove("workspace");
            let optional = entry.clone();
            *value = shared[key].clone();
            if !optional.is_empty() {
                let version =
                    value.as_str().map(|version| toml::Table::from_iter([("version".into(), version.into())]));
                let mut merged = version.or_else(|| value.as_table().cloned()).expect("a version or a table");
                merged.extend(optional);
                *value = merged.into();
            }
        }
    }
    for table in ["dev-dependencies", "example"] {
        manifest.remove(table);
    }
    manifest.insert("lints".to_owned(), shared["lints"].clone());
    manifest.insert("workspace".to_owned(), toml::Table::new().into());
    manifest.to_string()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the directory can be made");
    for entry in fs::read_dir(from).expect("the directory is there") {
        let entry = entry.expect("the directory can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}
