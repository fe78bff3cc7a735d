//! Crates made at test time: like the generated crate on its runtime, with other modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::Generated;

use crate::{cargo, workspace};

/// Modules in crates like the generated one, spread over a workspace so that Cargo compiles them in parallel.
pub struct Scratch {
    directory: PathBuf,
    parts: Vec<Part>,
    off: BTreeSet<String>,
}

/// Where a module is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The name of the library, as in the messages of Cargo.
    pub library: String,
    /// The name of the module at the library's root.
    pub module: String,
}

/// One crate of the workspace.
struct Part {
    name: String,
    /// The text of each module's files, by path below the directory of all modules.
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// The file that declares the modules.
    root: String,
    /// The features that the modules need.
    features: BTreeSet<String>,
}

impl Part {
    fn add(&mut self, module: &str, generated: &Generated) {
        let _ = writeln!(self.root, "pub mod {module};");
        let files = generated.files.iter();
        self.features.extend(generated.api.modules.iter().flat_map(|module| module.features.iter().cloned()));
        self.files.extend(files.map(|file| (Path::new(module).join(&file.path), file.text.clone().into_bytes())));
    }

    fn size(&self) -> usize {
        self.files.values().map(Vec::len).sum()
    }
}

impl Scratch {
    /// Creates a workspace of a crate for each core, and of two at the least, in a directory that only it uses. Each crate
    /// has `release` at its root, as the generated crate has its default release.
    ///
    /// What an earlier run compiled there is kept, and used where the text is the same.
    pub fn new(directory: &Path, release: &Generated) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Two at the least: clippy takes far longer for two of Stripe's whole documents in one crate than in two.
        Self::with_parts(directory, release, cores.clamp(2, 4))
    }

    /// Creates a workspace of one crate, `part-0`.
    pub fn single(directory: &Path, release: &Generated) -> Self {
        Self::with_parts(directory, release, 1)
    }

    fn with_parts(directory: &Path, release: &Generated, parts: usize) -> Self {
        let part = |index| {
            let root = "//! The modules.\npub use self::release::*;\n".to_owned();
            let name = format!("part-{index}");
            let mut part = Part { name, files: BTreeMap::new(), root, features: BTreeSet::new() };
            part.add("release", release);
            part
        };
        Self { directory: directory.to_owned(), parts: (0..parts).map(part).collect(), off: BTreeSet::new() }
    }

    /// Turns a feature off; all others are on.
    #[must_use]
    pub fn without_feature(mut self, feature: &str) -> Self {
        self.off.insert(feature.to_owned());
        self
    }

    /// Adds the module `from_…` to the crate with the least text. Returns where it is.
    pub fn add(&mut self, name: &str, generated: &Generated) -> Place {
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let module = format!("from_{name}");
        let part = self.parts.iter_mut().min_by_key(|part| part.size()).expect("there is a part");
        part.add(&module, generated);
        Place { library: part.name.replace('-', "_"), module }
    }

    /// Writes the workspace and runs `cargo` on all of it, with every warning an error. Returns what Cargo prints.
    pub fn cargo(&self, arguments: &[&str]) -> String {
        self.write();
        let output = cargo::command()
            .args(&arguments[..1])
            .args(["--quiet", "--offline", "--workspace"])
            .args(&arguments[1..])
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", self.directory.join("target"))
            // Most of these crates are compiled once, and incremental compilation would take a quarter longer.
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .expect("cargo runs");
        let printed = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?}:\n{printed}{messages}");
        printed
    }

    /// Writes what is not there yet and removes what no longer belongs there. Cargo goes by the times of files, so those
    /// that stay the same are left untouched.
    fn write(&self) {
        let mut files = BTreeMap::from([
            ("Cargo.toml".into(), self.workspace_manifest().into_bytes()),
            ("Cargo.lock".into(), workspace::read("Cargo.lock").into_bytes()),
        ]);
        let mut own = BTreeMap::new();
        let generated = workspace::path("generated");
        read(&generated.join("src"), &generated, &mut own);
        own.retain(|path, _| !path.starts_with("src/releases"));
        for part in &self.parts {
            let directory = Path::new(&part.name);
            files.insert(directory.join("Cargo.toml"), manifest(part, &self.off).into_bytes());
            // The README of the generated crate links to items behind features.
            files.insert(directory.join("README.md"), b"Modules for a test.\n".to_vec());
            files.extend(own.iter().map(|(path, text)| (directory.join(path), text.clone())));
            let releases = directory.join("src/releases");
            files.insert(releases.join("mod.rs"), part.root.clone().into_bytes());
            files.extend(part.files.iter().map(|(path, text)| (releases.join(path), text.clone())));
        }

        let mut present = BTreeMap::new();
        for part in &self.parts {
            read(&self.directory.join(&part.name), &self.directory, &mut present);
        }
        for path in present.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(self.directory.join(path)).expect("the file can be removed");
        }
        for (path, text) in files {
            let path = self.directory.join(path);
            if fs::read(&path).is_ok_and(|present| present != text) || !path.exists() {
                fs::create_dir_all(path.parent().expect("the path has a parent")).expect("the directory can be made");
                fs::write(path, text).expect("the file can be written");
            }
        }
    }

    /// The manifest of this project's workspace, with other members.
    fn workspace_manifest(&self) -> String {
        let mut manifest: toml::Table = workspace::read("Cargo.toml").parse().expect("the workspace's manifest parses");
        let workspace = manifest["workspace"].as_table_mut().expect("it is a table");
        let members: Vec<_> = self.parts.iter().map(|part| part.name.clone()).collect();
        workspace.insert("members".to_owned(), members.into());
        let runtime = workspace["dependencies"]["stripe-runtime"].as_table_mut().expect("it is a table");
        let path = workspace::path("generated/runtime").canonicalize().expect("the runtime is there");
        runtime.insert("path".to_owned(), path.to_str().expect("the path is UTF-8").into());
        manifest.to_string()
    }
}

/// The manifest of the generated crate under another name and with other features, without what only its tests and
/// examples need. All features are on but those in `off`.
fn manifest(part: &Part, off: &BTreeSet<String>) -> String {
    let mut manifest: toml::Table = workspace::read("generated/Cargo.toml").parse().expect("the manifest parses");
    manifest["package"].as_table_mut().expect("it is a table").insert("name".to_owned(), part.name.clone().into());
    let features = manifest["features"].as_table_mut().expect("it is a table");
    for feature in &part.features {
        features.insert(feature.clone(), toml::Value::Array(Vec::new()));
    }
    let all = part.features.difference(off).map(|feature| feature.as_str().into()).collect();
    features.insert("default".to_owned(), toml::Value::Array(all));
    manifest.remove("dev-dependencies");
    manifest.remove("example");
    manifest.to_string()
}

/// Reads all files below a directory, if it exists, by their path relative to `root`.
fn read(directory: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            read(&path, root, files);
        } else {
            let below = path.strip_prefix(root).expect("the path is below the root").to_owned();
            files.insert(below, fs::read(&path).expect("the file can be read"));
        }
    }
}
