//! What is emitted compiles: every fixture, and Stripe's own documents where they are at hand, under the lints of the
//! generated crate, documentation and all.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use codegen::Generated;
use tests::{corpus, fixture, workspace};

/// A crate with the support of the generated one and a module for each document.
struct Crate {
    modules: Vec<(String, Generated)>,
}

impl Crate {
    fn add(&mut self, name: &str, generated: Generated) {
        let name = name.split('.').next().unwrap_or(name).replace('-', "_");
        self.modules.push((format!("from_{name}"), generated));
    }

    /// Runs `cargo` on it, with every warning an error.
    fn cargo(&self, directory: &Path, arguments: &[&str]) {
        let root = workspace::path("generated");
        copy(&root.join("src/support"), &directory.join("src/support"));
        fs::copy(root.join("src/lib.rs"), directory.join("src/lib.rs")).expect("the crate has a root");
        fs::copy(workspace::path("Cargo.lock"), directory.join("Cargo.lock")).expect("the workspace has a lock file");
        fs::write(directory.join("Cargo.toml"), manifest()).expect("the directory can be written");
        let mut releases = String::from("//! The documents.\n");
        for (name, generated) in &self.modules {
            let _ = writeln!(releases, "pub mod {name};");
            let module = directory.join("src/releases").join(name);
            fs::create_dir_all(&module).expect("the directory can be made");
            for file in &generated.files {
                fs::write(module.join(&file.path), &file.text).expect("the directory can be written");
            }
        }
        // What the crate's root re-exports it finds in the module of the project's own document.
        releases.push_str("pub use self::from_default::*;\n");
        fs::write(directory.join("src/releases/mod.rs"), releases).expect("the directory can be written");

        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(directory)
            .env("CARGO_TARGET_DIR", directory.join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "cargo {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    }
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
                let version = value.as_str().map(|version| toml::Table::from_iter([("version".into(), version.into())]));
                let mut merged = version.or_else(|| value.as_table().cloned()).expect("a version or a table");
                merged.extend(optional);
                *value = merged.into();
            }
        }
    }
    manifest.remove("dev-dependencies");
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

#[test]
fn every_fixture_and_every_document_compiles() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    // What an earlier run left is older than the fixtures; its `target` is worth keeping.
    let _ = fs::remove_dir_all(directory.join("src"));
    fs::create_dir_all(directory.join("src")).expect("the directory can be made");

    let config = workspace::config();
    let mut all = Crate { modules: Vec::new() };
    let endive = workspace::read("spec/stripe-2026-09-30.endive.yaml");
    all.add("default", codegen::generate(&config, "endive", &endive).expect("the project's own document is understood"));
    for path in fixture::all("emit") {
        let generated = fixture::generate(&path).unwrap_or_else(|error| panic!("{error}"));
        all.add(&fixture::name(&path), generated);
    }
    for name in [corpus::ENDIVE, corpus::V2023, corpus::V2020] {
        if let Some(text) = corpus::text(name) {
            let generated = codegen::generate(&config, name, &text).unwrap_or_else(|error| panic!("{error}"));
            all.add(&name.replace('.', "_"), generated);
        }
    }
    all.cargo(&directory, &["clippy", "--quiet", "--offline"]);
    all.cargo(&directory, &["doc", "--quiet", "--offline", "--no-deps"]);
}
