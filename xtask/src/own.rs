//! A crate of one's own: `cargo xtask generate --crate DIR` with a document and resources creates it.
//!
//! `Cargo.toml`, `src/lib.rs`, `README.md` and `codegen.toml` are written once, and then belong to a person. Everything after that
//! goes the way of this workspace, by the layout of [`root`].

mod selection;

use std::fs;
use std::path::{Path, PathBuf};

use codegen::config::{Rename, Table};
use codegen::coverage::Coverage;
use codegen::document::Document;
use codegen::ir::{Operation, Type};
use codegen::{Config, Diagnostic, Diagnostics, File, Generated, Pointer, document, naming};
use toml_edit::DocumentMut;

pub(crate) use self::selection::{by_pattern, not_named};
use self::selection::{configuration, events, filters_by_time};
use crate::facts::sha256;
use crate::generate::{self, cover, quoted};
use crate::lock::lock;
use crate::manifest::{self, MANIFEST, PUBLISHED, own_name};
use crate::output::{Changes, OutputError, Plan, check_directory, find_file, with_line_ends_of};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, from_here, releases_name, shown};
use crate::update::take::{Source, take};
use crate::update::{kept, places};

/// The root of the crate of this workspace: what it exports of the runtime, another crate exports as well.
const LIB: &str = include_str!("../../generated/src/lib.rs");
/// The line of it behind which the exports are, and the one that names what another crate does not have.
const RELEASES: &str = "pub use releases::*;\n";
const OPERATIONS: &str = "#[cfg_attr(all(feature = \"accounts\", feature = \"transactions\"), doc = include_str!(\"releases/operations.md\"))]\n";
const HEAD: &str = include_str!("own/lib.rs.txt");
const MANIFEST_TEMPLATE: &str = include_str!("own/Cargo.toml.txt");
const README: &str = include_str!("own/README.md.txt");
/// The devices that have a name on Windows, other than those with a number.
const WINDOWS: [&str; 4] = ["aux", "con", "nul", "prn"];
const GITIGNORE: &str = "/target\n";
/// The configuration, below the crate.
const CONFIG: &str = "codegen.toml";

/// The most rounds in which names are given that clash.
const ROUNDS: usize = 20;

/// Creates the crate in `directory` from a document and the resources that are named. Returns the resources that are left out,
/// since every operation of them is refused.
///
/// # Errors
/// Returns an error if there is such a crate already, the directory names no package, a file is where the generator's have to be,
/// or nothing of a named resource can be generated. A `codegen.toml` with nothing but rows is no crate: it has the rows that the document
/// asks for.
pub(crate) fn create(directory: &Path, spec: &Path, names: &[String]) -> Result<Vec<String>, Failure> {
    check_directory(directory)?;
    let rows = rows_of_new(directory)?;
    let package = package(directory)?;
    let rows_name = from_here(&directory.join(CONFIG));
    let base = with_rows(&rows_name, rows.as_deref())?;
    let text = root::read(spec)?;
    let (name, json) = (shown(spec), document::to_json(&shown(spec), &text)?);
    let document = Document::index(&name, &json)?;
    let named = named(base, &document, names).and_then(|named| Ok((generate::left_out(&named.1, names)?, named)));
    let (left_out, (config, covered, generated)) = named.map_err(|failure| asks_for_rows(failure, &rows_name))?;
    check_used(&config, &rows_name, &generated)?;
    let version = generated.api.version.text.clone();
    let events = events(&config, &document, &covered)?;
    let mut configuration = configuration(&config, &covered, &generated, &version, &sha256(&text));
    configuration.push_str(&events);
    let runtime = relative(directory, &root::path().join("generated/runtime"));
    let (import, example) = example(&generated.api.operations);
    let about = [
        ("{package}", package.as_str()),
        ("{crate}", &package.replace('-', "_")),
        ("{runtime}", &runtime),
        ("{runtime_version}", env!("CARGO_PKG_VERSION")),
        ("{import}", &import),
        ("{example}", &example),
    ];
    let of_a_person = [
        (MANIFEST, fill(MANIFEST_TEMPLATE, &about)),
        ("README.md", fill(README, &about)),
        (".gitignore", GITIGNORE.to_owned()),
        ("src/lib.rs", library()),
    ];

    // All of it is made elsewhere first, so that nothing is left behind if a step fails.
    let workspace = root::path();
    let stage = tempfile::tempdir().map_err(OutputError::io(directory))?;
    root::work_on_crate(stage.path());
    fs::write(stage.path().join(root::config_name()), &configuration).map_err(OutputError::io(directory))?;
    fs::create_dir_all(root::document("")).map_err(OutputError::io(directory))?;
    let mut taken = take(&Source::of_file(spec.to_owned()), &root::config()?, &|_| None)?;
    taken.settle(&places::Before::default())?;
    let staged = taken.apply()?;
    let settled = root::config()?;
    let files = generate::all(&settled)?;
    generate::say_refused(&covered);
    let below = |path: &PathBuf| Ok((path.strip_prefix(stage.path()).unwrap_or(path).to_owned(), root::read(path)?));
    let staged = staged.iter().map(below).collect::<Result<_, Diagnostics>>()?;

    // A lock in the directory would be left behind if the files cannot be written.
    let _lock = lock(&workspace)?;
    let written = write_all(directory, staged, &of_a_person, files)?;
    root::work_on_crate(directory);
    kept::forget()?;
    for path in written {
        line(LABEL, "wrote", &shown(&path));
    }
    if !settled.sensitive.is_empty() {
        let (count, file) = (settled.sensitive.len(), shown(&directory.join(root::config_name())));
        let text = format!("`sensitive` in {file} lists {count} values, each with the pattern that its name matches");
        line(WARN, "secret", &format!("{text}; move a place to `public` if `Debug` may print it"));
    }
    let path = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let add = format!("cargo add --path {} --features reqwest", quoted(&path.display().to_string()));
    line(LABEL, "next", &format!("in your program: `{add}`; the README of the crate has an example"));
    Ok(left_out)
}

/// Returns a text with what stands for each key in it.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (key, value)| text.replace(key, value))
}

/// Returns the manifest of a crate of one's own as it is and as it has to be, if it requires another version of the runtime than
/// the one that the code is generated for.
pub(crate) fn with_runtime() -> Result<Option<(String, String)>, Diagnostics> {
    let path = root::path().join(MANIFEST);
    if !root::is_crate() || !path.is_file() {
        return Ok(None);
    }
    let old = root::read(&path)?;
    let new = manifest::with_runtime(&old).map(|new| with_line_ends_of(&old, &new));
    Ok(new.map(|new| (old, new)))
}

/// Has the manifest of a crate of one's own require the version of the runtime that the code is generated for.
pub(crate) fn require_runtime() -> Result<(), Failure> {
    if let Some((_, new)) = with_runtime()? {
        let path = root::path().join(MANIFEST);
        let mut changes = Changes::default();
        changes.replace(&path, &new);
        changes.apply()?;
        let text = format!("{MANIFEST}, which requires `{}` {} now", PUBLISHED[0], env!("CARGO_PKG_VERSION"));
        line(LABEL, "wrote", &text);
    }
    Ok(())
}

/// Checks that a crate of one's own has the features of its rows: what is behind another one is never compiled.
///
/// # Errors
/// Returns a diagnostic for each row whose feature is not in the manifest.
pub(crate) fn check_features(config: &Config) -> Result<(), Diagnostics> {
    let manifest = root::path().join(MANIFEST);
    let features = root::read(&manifest).ok().filter(|_| root::is_crate()).and_then(|text| manifest::features(&text));
    let Some(features) = features else { return Ok(()) };
    let of_resources = config.resources.iter().map(|row| {
        let key = row.operations.first().map_or_else(|| row.schema.clone(), ToString::to_string);
        let line = config.find(Table::Resource, &key, None).map(|found| found.line);
        (format!("the resource `{}`", row.schema), &row.feature, line)
    });
    let of_releases =
        config.releases.iter().map(|row| (format!("the release of `{}`", row.document), &row.feature, None));
    let absent = of_resources.chain(of_releases).filter_map(|(of, feature, line)| {
        let feature = feature.as_ref().filter(|feature| !features.contains(*feature))?;
        let reason = format!("{of}: `{MANIFEST}` has no feature `{feature}`, and so its code is never compiled");
        let help = format!("add `{feature} = []` to `[features]` of `{MANIFEST}`, or correct `feature` of the row");
        let problem = Diagnostic::new(root::config_name(), Pointer::default(), reason, help);
        Some(line.map_or(problem.clone(), |line| problem.at(line, 1)))
    });
    Diagnostics::of(absent.collect())
}

/// Writes all files, while no other command does. Returns their paths.
fn write_all(
    directory: &Path,
    staged: Vec<(PathBuf, String)>,
    of_a_person: &[(&str, String)],
    files: Vec<File>,
) -> Result<Vec<PathBuf>, Failure> {
    // Another run may have created it in the meantime.
    let has_rows = rows_of_new(directory)?.is_some();
    let mut changes = Changes::default();
    let mut written = Vec::new();
    let mut kept = Vec::new();
    let staged = staged.into_iter().map(|(name, text)| (name, text, false));
    let of_a_person = of_a_person.iter().map(|(name, text)| (PathBuf::from(name), text.clone(), true));
    for (name, text, is_of_a_person) in staged.chain(of_a_person) {
        let path = directory.join(name);
        match (find_file(&path)?, is_of_a_person) {
            (found, _) if found.is_none() || has_rows && path == directory.join(CONFIG) => {
                changes.replace(&path, &text);
                written.push(path);
            }
            // A file that is there belongs to a person.
            (_, true) => kept.push(path),
            (_, false) => {
                let help = "move the file away, or name another directory";
                let reason = "this file belongs to someone, and the generator has to write one there";
                return Err(Diagnostics::from(Diagnostic::new(&shown(&path), Pointer::default(), reason, help)).into());
            }
        }
    }
    let plan = Plan::new(&directory.join(releases_name()), files)?;
    changes.extend(plan.changes());
    changes.apply()?;
    for path in kept {
        line(WARN, "kept", &format!("{}, which was there", shown(&path)));
    }
    written.extend(plan.entries.keys().map(|name| plan.path(name)));
    Ok(written)
}

/// Returns the text of a `codegen.toml` that has nothing but rows for a new crate, if there is one.
fn rows_of_new(directory: &Path) -> Result<Option<String>, Failure> {
    let path = directory.join(CONFIG);
    if find_file(&path)?.is_none() {
        return Ok(None);
    }
    let text = root::read(&path)?;
    let has_release = |document: DocumentMut| document.contains_key("release");
    if !text.parse().is_ok_and(has_release) {
        return Ok(Some(text));
    }
    let reason = "there is a `codegen.toml`, and so a crate";
    let path = quoted(&directory.display().to_string());
    let help = format!(
        "generate it again with `cargo xtask generate --crate {path}`; add rows to its `codegen.toml` to select more, and take \
         them from Stripe's document with `cargo xtask update --crate {path}`"
    );
    Err(Diagnostics::from(Diagnostic::new(&shown(directory), Pointer::default(), reason, help)).into())
}

/// Returns the configuration of this workspace, with the rows for a new crate in the file `name`.
fn with_rows(name: &str, rows: Option<&str>) -> Result<Config, Diagnostics> {
    let base = root::config()?;
    let Some(rows) = rows else { return Ok(base) };
    let config = base.with_rows(name, rows)?;
    config.check()?;
    Ok(config)
}

/// Says in which file a row is added that the document asks for: the crate has none yet.
fn asks_for_rows(failure: Failure, name: &str) -> Failure {
    let Failure::Input(Diagnostics(mut problems)) = failure else { return failure };
    for problem in &mut problems {
        let help = problem.help.replace(&format!("`{CONFIG}`"), &format!("`{name}`"));
        let how = "create the file if it is not there, and run the command again";
        problem.help = match help.split_once(":\n") {
            _ if !help.contains("add ") || help == problem.help => help,
            Some((add, row)) => format!("{add}; {how}:\n{row}"),
            None => format!("{help}; {how}"),
        };
    }
    Failure::Input(Diagnostics(problems))
}

/// Checks that each row for a new crate in the file `name` matches something.
fn check_used(config: &Config, name: &str, generated: &Generated) -> Result<(), Diagnostics> {
    let unused = config.unused(None, &generated.used).into_iter().filter_map(|row| {
        let (_, found) = config.find_all(row.table, &row.key, None).find(|(file, _)| *file == name)?;
        let reason = format!("the row {row} matches nothing in what is selected of the document");
        let help = format!("correct the row, or {}", found.deletion());
        Some(Diagnostic::new(name, Pointer::default(), reason, help).at(found.line, 1))
    });
    let unused: Vec<_> = unused.collect();
    if unused.is_empty() { Ok(()) } else { Err(Diagnostics(unused)) }
}

/// Returns the name of the package: that of the manifest that is there, or else that of the directory.
fn package(directory: &Path) -> Result<String, Failure> {
    let manifest = directory.join(MANIFEST);
    if find_file(&manifest)?.is_some()
        && let Some(name) = own_name(&root::read(&manifest)?)
    {
        return Ok(name);
    }
    let path = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((reason, help)) = refused(&name) else { return Ok(name) };
    let reason = format!("`{name}` cannot be the name of a package: {reason}");
    Err(Diagnostics::from(Diagnostic::new(&shown(directory), Pointer::default(), reason, help)).into())
}

/// Returns why a package cannot have a name, and what to do: `cargo new` refuses it, or another crate has it.
fn refused(name: &str) -> Option<(&'static str, String)> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(is_plain) {
        let help = "name a directory of lower case letters, digits, `-` and `_`, such as `my-stripe`";
        return Some(("it has other characters, or does not start with a letter", help.to_owned()));
    }
    let crate_name = name.replace('-', "_");
    // A module whose name would be a keyword has an underscore behind it.
    let is_keyword = crate_name == "gen" || naming::module_name(&crate_name) == format!("{crate_name}_");
    let is_dependency = PUBLISHED.iter().chain(&["tokio"]).any(|other| other.replace('-', "_") == crate_name);
    let is_port = |device: &&str| matches!(name.strip_prefix(*device).map(str::as_bytes), Some([b'1'..=b'9']));
    let is_device = WINDOWS.contains(&name) || ["com", "lpt"].iter().any(is_port);
    let reason = match crate_name.as_str() {
        _ if is_keyword => "it is a keyword of Rust",
        "test" | "core" | "std" | "alloc" | "proc_macro" => "a crate of Rust itself has it",
        _ if is_dependency => "a crate that is used together with this one has it",
        _ if is_device => "it is the name of a device on Windows",
        _ => return None,
    };
    Some((reason, format!("name another directory, such as `my-{name}`")))
}

/// Generates what is named. A type with a name that clashes gets a row: one of parameters is called `…Params`, and one of a component
/// schema `…Object`. So does a filter by time.
fn named(
    mut config: Config,
    document: &Document<'_>,
    resources: &[String],
) -> Result<(Config, Coverage, Generated), Failure> {
    for _ in 0..ROUNDS {
        let (covered, generated) = cover(&config, document, resources)?;
        let clashes: Vec<_> = covered.refusals().iter().filter_map(another_name).collect();
        let times = generated.as_ref().map(|generated| filters_by_time(&generated.api)).unwrap_or_default();
        if clashes.is_empty() && times.is_empty() {
            let generated = generated.ok_or_else(|| Failure::Input(Diagnostics(covered.refusals())))?;
            return Ok((config, covered, generated));
        }
        config.renames.extend(clashes);
        config.timestamps.extend(times);
    }
    let help = "select less, or name a directory for each part";
    Err(Diagnostics::from(Diagnostic::new(document.name, Pointer::default(), "too many names clash", help)).into())
}

/// The row for parameters inside a parameter or for a component schema, if a name clash is all that is wrong with them. An operation
/// is left out.
fn another_name(problem: &Diagnostic) -> Option<Rename> {
    let from = problem.help.lines().find_map(|line| line.strip_prefix("from = "))?;
    let from = from.parse::<toml_edit::Value>().ok()?.as_str().map(str::to_owned)?;
    let kind = match from.contains('/') {
        true => "params",
        false if problem.pointer == Pointer::schema(&from) => "object",
        false => return None,
    };
    if !problem.is_clash {
        return None;
    }
    let to = format!("{}_{kind}", naming::module_name(&from.replace('/', "_")));
    Some(Rename { from, to, optional: false, releases: Vec::new() })
}

/// Returns the root of the crate: the exports are those of this workspace's crate.
fn library() -> String {
    let (_, exports) = LIB.split_once(RELEASES).unwrap_or_default();
    let (before, after) = exports.split_once(OPERATIONS).unwrap_or_default();
    format!("{HEAD}{before}#[doc = include_str!(\"generated/operations.md\")]\n{after}")
}

/// Returns what an example imports, and the request that it sends: one that needs nothing but ids.
fn example(operations: &[Operation]) -> (String, String) {
    let is_simple = |one: &&Operation| {
        !one.params.iter().any(|param| param.is_required())
            && one.path_params.iter().all(|param| matches!(param.ty, Type::Id(_) | Type::String))
    };
    let by_id = |one: &&Operation| is_simple(one) && !one.path_params.is_empty();
    match operations.iter().find(by_id).or_else(|| operations.iter().find(is_simple)) {
        Some(one) => {
            let ids: Vec<_> =
                one.path_params.iter().map(|param| format!("{:?}", format!("{}_123", param.wire))).collect();
            let sent = format!("let value = client.send(&{}::new({})).await?.into_value();", one.name, ids.join(", "));
            (format!("Client, {}", one.name), format!("{sent}\n    println!(\"{{value:?}}\");"))
        }
        None => ("Client".to_owned(), "println!(\"{client:?}\");".to_owned()),
    }
}

/// Returns the path of `to` as seen from a directory, with `/` on every system.
fn relative(from: &Path, to: &Path) -> String {
    // The end of a path need not exist, and a link may be part of the rest.
    let absolute = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_default();
        let real = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
        real.and_then(|(above, real)| Some(real.join(path.strip_prefix(above).ok()?))).unwrap_or(path.clone())
    };
    let (from, to) = (absolute(from), absolute(to));
    let path = from.ancestors().enumerate().find_map(|(up, above)| {
        let rest = to.strip_prefix(above).ok()?;
        Some(std::iter::repeat_n("..", up).collect::<PathBuf>().join(rest))
    });
    path.unwrap_or(to).display().to_string().replace('\\', "/")
}
