//! Where things are in the workspace, and reading them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, PoisonError, RwLock};

use codegen::config::Release;
use codegen::{Config, Diagnostic, Diagnostics, Home, Pointer, document};

use crate::generate::quoted;
use crate::report::Failure;

/// Where a project keeps what the generator reads and writes, below its root.
#[derive(Debug)]
struct Layout {
    config: &'static str,
    samples: &'static str,
    /// The directory that the generator owns.
    releases: &'static str,
}

const WORKSPACE: Layout =
    Layout { config: "spec/codegen.toml", samples: "spec/samples.toml", releases: "generated/src/releases" };

const OWN: Layout = Layout { config: "codegen.toml", samples: "samples.toml", releases: "src/generated" };

/// The types of thin events, a line each: those that Stripe's library for Python knows. The documents do not list them.
const THIN_EVENTS: &str = include_str!("../../spec/thin_events.txt");

/// The project to work on: its root and its layout.
static PROJECT: LazyLock<RwLock<(PathBuf, &Layout)>> = LazyLock::new(|| RwLock::new((PathBuf::new(), &WORKSPACE)));

fn project() -> (PathBuf, &'static Layout) {
    PROJECT.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn work_on(root: PathBuf, layout: &'static Layout) {
    *PROJECT.write().unwrap_or_else(PoisonError::into_inner) = (root, layout);
}

/// Works on the crate of one's own in `directory` from now on.
pub(crate) fn work_on_crate(directory: &Path) {
    work_on(directory.to_owned(), &OWN);
}

/// Works on the crate of one's own in `directory`, which is there already.
///
/// # Errors
/// Returns an error if there is none.
pub(crate) fn set_crate(directory: &Path) -> Result<(), Failure> {
    if !directory.join(OWN.config).is_file() {
        return Err(Failure::Outside {
            reason: format!("{} has no file `{}`, and so is no generated crate", directory.display(), OWN.config),
            help: format!(
                "create one with `cargo xtask generate --crate {} --spec FILE --resource SCHEMA`",
                quoted(&directory.display().to_string())
            ),
        });
    }
    work_on_crate(directory);
    Ok(())
}

/// Whether the project is a crate of one's own.
pub(crate) fn is_crate() -> bool {
    project().1.config == OWN.config
}

/// Returns the name of the configuration, below the root.
pub(crate) fn config_name() -> &'static str {
    project().1.config
}

/// Returns the name of the directory that the generator owns, below the root.
pub(crate) fn releases_name() -> &'static str {
    project().1.releases
}

/// Works on the workspace `root` from now on, or else on the one that the current directory is in. Where this was built says
/// nothing: clones can share a target directory.
///
/// # Errors
/// Returns an error if the current directory is in no workspace with a configuration.
pub(crate) fn set(root: Option<PathBuf>) -> Result<(), Failure> {
    const CONFIG: &str = WORKSPACE.config;
    let is_root = |directory: &&Path| directory.join(CONFIG).is_file();
    let above = || Some(std::env::current_dir().ok()?.ancestors().find(is_root)?.to_owned());
    let root = root.or_else(above).ok_or_else(|| Failure::Outside {
        reason: format!("neither the current directory nor one above it has the file `{CONFIG}`"),
        help: "run the command inside the workspace, or name its directory with `--root`".to_owned(),
    })?;
    work_on(root, &WORKSPACE);
    Ok(())
}

pub(crate) fn path() -> PathBuf {
    project().0
}

/// Returns the path of a document below `spec/`.
pub(crate) fn document(name: &str) -> PathBuf {
    path().join("spec").join(name)
}

/// Returns the path as a person would write it in the current directory or in the project, with `/` on every system.
pub(crate) fn shown(path: &Path) -> String {
    relative(path, &[std::env::current_dir().ok(), Some(self::path())])
}

/// Returns the path as a command in the current directory takes it, with `/` on every system. Unlike [`shown`], it has the
/// directory of the project.
pub(crate) fn from_here(path: &Path) -> String {
    relative(path, &[std::env::current_dir().ok()])
}

/// Returns the path as seen from the first of these directories that it is in.
fn relative(path: &Path, directories: &[Option<PathBuf>]) -> String {
    let relative = directories.iter().flatten().find_map(|directory| path.strip_prefix(directory).ok());
    // The directory itself has no name from there.
    let relative = relative.filter(|relative| !relative.as_os_str().is_empty()).unwrap_or(path);
    let text = relative.display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

pub(crate) fn config() -> Result<Config, Diagnostics> {
    let (root, Layout { config, samples, .. }) = project();
    let parsed = parse(config, &read(&root.join(config))?)?;
    let path = root.join(samples);
    // A crate of one's own need not have samples.
    if is_crate() && !path.exists() {
        return Ok(parsed);
    }
    parsed.with_samples(samples, &read(&path)?)
}

/// Reads a text of the configuration, of now or of before; `name` is for diagnostics.
pub(crate) fn parse(name: &str, text: &str) -> Result<Config, Diagnostics> {
    let mut parsed = Config::parse(name, text)?;
    parsed.thin_events = THIN_EVENTS.lines().map(str::to_owned).collect();
    if is_crate() {
        parsed.home = Home::OwnCrate;
    }
    Ok(parsed)
}

/// Returns the file that `--spec` names, or else the document of the first release, with that release.
pub(crate) fn spec_or_first<'c>(
    spec: Option<&Path>,
    config: &'c Config,
) -> Result<(PathBuf, Option<&'c Release>), Diagnostics> {
    match (spec, config.releases.first()) {
        (Some(path), _) => Ok((path.to_owned(), None)),
        (None, Some(release)) => Ok((document(&release.document), Some(release))),
        (None, None) => {
            let help = "add a `[[release]]`, or name a document with `--spec`";
            Err(Diagnostic::new(config_name(), Pointer::default(), "no document is listed", help).into())
        }
    }
}

/// Returns the diagnostic for a release that the configuration does not list.
pub(crate) fn no_release(config: &Config, module: &str) -> Diagnostics {
    let modules: Vec<_> = config.releases.iter().map(|release| format!("`{}`", release.module)).collect();
    let help = format!("name one of {}", modules.join(", "));
    Diagnostic::new(config_name(), Pointer::default(), format!("there is no release `{module}`"), help).into()
}

/// Reads the text of a file.
///
/// # Errors
/// Returns a diagnostic if it cannot be read, is not a regular file, is larger than a document may be, or is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Diagnostics> {
    let name = shown(path);
    let problem = |reason: String, help: &str| Diagnostic::new(&name, Pointer::default(), reason, help);
    let not_read =
        |error| problem(format!("the file cannot be read: {error}"), "name a file that exists and is readable");
    // Opening a pipe would wait for its writer, so the kind of the file is asked first.
    let metadata = fs::metadata(path).map_err(not_read)?;
    if metadata.is_dir() {
        return Err(problem("this is a directory, not a file".to_owned(), "name the document inside it").into());
    }
    if !metadata.is_file() {
        return Err(problem("this is not a regular file".to_owned(), "save it to a file, and name that file").into());
    }
    let limit = document::LIMIT as u64;
    let mut bytes = Vec::new();
    if metadata.len() <= limit {
        let file = fs::File::open(path).map_err(not_read)?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(not_read)?;
    }
    let length = metadata.len().max(bytes.len() as u64);
    if length > limit {
        return Err(document::too_large(&name, length).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let reason = format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to());
        problem(reason, "save the document as UTF-8").into()
    })
}
