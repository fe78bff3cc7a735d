//! Crates made at test time: like the generated crate on its runtime, with other modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::Generated;

use crate::run::Crates;
use crate::workspace;

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

    /// Runs Cargo on all of the workspace. Returns what Cargo prints.
    ///
    /// # Panics
    /// Panics if Cargo fails or warns.
    pub fn cargo(&self, arguments: &[&str]) -> String {
        self.crates().cargo(&[&arguments[..1], &["--workspace"], &arguments[1..]].concat()).ok()
    }

    fn crates(&self) -> Crates {
        let mut crates = Crates::new(self.directory.join("crates"), self.directory.join("target"));
        crates.files.insert("Cargo.toml".into(), self.workspace_manifest().into_bytes());
        let generated = workspace::path("generated");
        let own = workspace::files(&generated.join("src")).into_iter();
        let own = own.map(|path| (path.strip_prefix(&generated).expect("it is below").to_owned(), path));
        let own: Vec<_> = own.filter(|(path, _)| !path.starts_with("src/releases")).collect();
        for part in &self.parts {
            let directory = Path::new(&part.name);
            let text = |path| fs::read(path).expect("the file can be read");
            let releases = directory.join("src/releases");
            crates.files.extend(own.iter().map(|(path, from)| (directory.join(path), text(from))));
            crates.files.extend(part.files.iter().map(|(path, text)| (releases.join(path), text.clone())));
            crates.files.extend([
                (directory.join("Cargo.toml"), manifest(part, &self.off).into_bytes()),
                // The README of the generated crate links to items behind features.
                (directory.join("README.md"), b"Modules for a test.\n".to_vec()),
                (releases.join("mod.rs"), part.root.clone().into_bytes()),
                // The list of the operations of the generated crate.
                (releases.join("operations.md"), b"Operations for a test.\n".to_vec()),
            ]);
        }
        crates
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
