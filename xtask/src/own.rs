//! A crate of one's own: `cargo xtask generate --crate DIR` with a document and resources creates it.
//!
//! `Cargo.toml`, `src/lib.rs`, `README.md` and `codegen.toml` are written once, and then belong to a person. Everything after that
//! goes the way of this workspace, by the layout of [`root`].

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use codegen::config::{Event, PlaceRow, Rename, Table, proposal, string};
use codegen::coverage::Coverage;
use codegen::document::Document;
use codegen::ir::{Api, Operation, Type};
use codegen::markdown::code;
use codegen::{Config, Diagnostic, Diagnostics, File, Generated, Pointer, document, known, naming};

use crate::facts::sha256;
use crate::generate::{self, cover, quoted};
use crate::lock::Lock;
use crate::manifest::{MANIFEST, PUBLISHED, own_name};
use crate::output::{Changes, OutputError, Plan, check_directory, find_file};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, releases_name, shown};
use crate::update::places;
use crate::update::take::{Source, module_of, take};

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
/// The line of the root that another crate had before events were generated.
const HIDING: &str = "pub use stripe_runtime::webhook;";
const GITIGNORE: &str = "/target\n";

/// The most rounds in which names are given that clash.
const ROUNDS: usize = 20;

/// Creates the crate in `directory` from a document and the resources that are named. Returns the resources that are left out,
/// since every operation of them is refused.
///
/// # Errors
/// Returns an error if there is such a crate already, the directory names no package, a file is where the generator's have to be,
/// or nothing of a named resource can be generated.
pub(crate) fn create(directory: &Path, spec: &Path, names: &[String]) -> Result<Vec<String>, Failure> {
    check_directory(directory)?;
    check_new(directory)?;
    let package = package(directory)?;
    let base = root::config()?;
    let text = root::read(spec)?;
    let (name, json) = (shown(spec), document::to_json(&shown(spec), &text)?);
    let document = Document::index(&name, &json)?;
    let (config, covered, generated) = named(base, &document, names)?;
    let left_out = generate::left_out(&covered, names)?;
    let version = generated.api.version.text.clone();
    let events = events(&config, &document, &covered)?;
    let mut configuration = configuration(&config, &covered, &generated, &version, &sha256(&text));
    configuration.push_str(&events);
    let runtime = relative(directory, &root::path().join("generated/runtime"));
    let about = About { package: &package, runtime: &runtime, generated: &generated };
    let library = library().ok_or_else(|| missing_template("generated/src/lib.rs"))?;
    let of_a_person = [
        (MANIFEST, about.fill(MANIFEST_TEMPLATE)),
        ("README.md", about.fill(README)),
        (".gitignore", GITIGNORE.to_owned()),
        ("src/lib.rs", library),
    ];

    // All of it is made elsewhere first, so that nothing is left behind if a step fails.
    let stage = tempfile::tempdir().map_err(OutputError::io(directory))?;
    root::work_on_crate(stage.path());
    let write = |path: &Path, text: &str| {
        let mut changes = Changes::default();
        changes.replace(path, text);
        changes.apply()
    };
    write(&stage.path().join(root::config_name()), &configuration)?;
    fs::create_dir_all(root::document("")).map_err(OutputError::io(directory))?;
    let staged = take(&Source::of_file(spec.to_owned()), &root::config()?, &|_| None)?.apply()?;
    places::settle(&places::Before::default())?;
    let settled = root::config()?;
    let files = generate::all(&settled)?;
    generate::say_refused(&covered);
    let staged = staged.iter().map(|path| Ok((path, root::read(path)?))).collect::<Result<Vec<_>, Diagnostics>>()?;
    let below = |path: &Path| path.strip_prefix(stage.path()).unwrap_or(path).to_owned();
    let staged = staged.into_iter().map(|(path, text)| (below(path), text)).collect();

    let lock = Lock::acquire(directory)?;
    let written = match write_all(directory, staged, &of_a_person, files) {
        Ok(written) => written,
        Err(failure) => {
            lock.undo();
            return Err(failure);
        }
    };
    root::work_on_crate(directory);
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

/// Says if `src/lib.rs`, as it was written before events were generated, hides the module that reads them.
pub(crate) fn warn_of_hidden(config: &Config) {
    if !root::is_crate() || config.events.is_empty() {
        return;
    }
    let path = root::path().join("src/lib.rs");
    // A crate without this file hides nothing.
    let text = root::read(&path).unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let Some(at) = lines.iter().position(|line| *line == HIDING) else { return };
    let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#[")).count();
    let which = match attributes {
        0 => format!("line {}", at + 1),
        _ => format!("lines {} to {}", at + 1 - attributes, at + 1),
    };
    let file = shown(&path);
    line(
        WARN,
        "hidden",
        &format!("the events: `{HIDING}` in {file} hides the generated module `webhook`; delete {which}"),
    );
}

/// Writes all files, while no other command does. Returns their paths.
fn write_all(
    directory: &Path,
    staged: Vec<(PathBuf, String)>,
    of_a_person: &[(&str, String)],
    files: Vec<File>,
) -> Result<Vec<PathBuf>, Failure> {
    // Another run may have created it in the meantime.
    check_new(directory)?;
    let mut changes = Changes::default();
    let mut written = Vec::new();
    for (name, text) in staged {
        let path = directory.join(name);
        if find_file(&path)?.is_some() {
            let help = "move the file away, or name another directory";
            let reason = "this file belongs to someone, and the generator has to write one there";
            return Err(Diagnostics::from(Diagnostic::new(&shown(&path), Pointer::default(), reason, help)).into());
        }
        changes.replace(&path, &text);
        written.push(path);
    }
    let mut kept = Vec::new();
    for (name, text) in of_a_person {
        let path = directory.join(name);
        // A file that is there belongs to a person.
        if find_file(&path)?.is_some() {
            kept.push(path);
            continue;
        }
        changes.replace(&path, text);
        written.push(path);
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

/// Checks that there is no crate in the directory.
fn check_new(directory: &Path) -> Result<(), Failure> {
    if find_file(&directory.join("codegen.toml"))?.is_none() {
        return Ok(());
    }
    let reason = "there is a `codegen.toml`, and so a crate";
    let path = quoted(&directory.display().to_string());
    let help = format!(
        "generate it again with `cargo xtask generate --crate {path}`; add rows to its `codegen.toml` to select more, and take \
         them from Stripe's document with `cargo xtask update --crate {path}`"
    );
    Err(Diagnostics::from(Diagnostic::new(&shown(directory), Pointer::default(), reason, help)).into())
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
    let is_keyword = naming::module_name(&crate_name) == format!("{crate_name}_");
    let is_dependency = PUBLISHED.iter().chain(&["tokio"]).any(|other| other.replace('-', "_") == crate_name);
    let is_device = WINDOWS.contains(&name)
        || ["com", "lpt"].iter().any(|device| {
            name.strip_prefix(device)
                .is_some_and(|port| port.len() == 1 && !matches!(port, "0") && port.parse::<u8>().is_ok())
        });
    let reason = match crate_name.as_str() {
        "gen" => "it is a keyword of Rust",
        _ if is_keyword => "it is a keyword of Rust",
        "test" | "core" | "std" | "alloc" | "proc_macro" => "a crate of Rust itself has it",
        _ if is_dependency => "a crate that is used together with this one has it",
        _ if is_device => "it is the name of a device on Windows",
        _ => return None,
    };
    Some((reason, format!("name another directory, such as `my-{name}`")))
}

/// Generates what is named. A type of parameters with a name that clashes gets a row: it is called `…Params`. So does a filter by
/// time.
fn named(
    mut config: Config,
    document: &Document<'_>,
    resources: &[String],
) -> Result<(Config, Coverage, Generated), Failure> {
    for _ in 0..ROUNDS {
        let (covered, generated) = cover(&config, document, resources)?;
        let clashes: Vec<_> = covered.refusals().iter().filter_map(params).collect();
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

/// The rows for parameters that filter by a time: integers with the name of a time of what the operation lists. Where Stripe's
/// documents mark such a field as a time, they do not mark the filter.
fn filters_by_time(api: &Api) -> Vec<PlaceRow> {
    let rows = api.operations.iter().flat_map(|operation| {
        let listed = match &operation.output {
            Type::List(item) | Type::SearchResult(item) => item.name(),
            _ => None,
        };
        let model = listed.and_then(|name| api.models.iter().find(|model| model.name == name));
        let fields = model.map(|model| model.fields.as_slice()).unwrap_or_default();
        let is_time = |name: &str| fields.iter().any(|field| field.wire == name && field.ty == Type::Timestamp);
        let filters = operation.params.iter().filter(move |param| {
            is_time(&param.wire)
                && matches!(&param.ty, Type::Integer | Type::RangeOr(_))
                && *param.ty.leaf() == Type::Integer
        });
        filters.map(|param| PlaceRow::Place(param.origin.place.clone()))
    });
    rows.collect()
}

/// The row for parameters inside a parameter, if a name clash is all that is wrong with them.
fn params(problem: &Diagnostic) -> Option<Rename> {
    let from = problem.help.lines().find_map(|line| line.strip_prefix("from = "))?;
    let from = from.parse::<toml_edit::Value>().ok()?.as_str().map(str::to_owned)?;
    if !problem.is_clash || !from.contains('/') {
        return None;
    }
    let to = format!("{}_params", naming::module_name(&from.replace('/', "_")));
    Some(Rename { from, to, optional: false, releases: Vec::new() })
}

fn module(version: &str) -> String {
    module_of(version).unwrap_or_else(|| "api".to_owned())
}

/// Returns the text of `codegen.toml`: the selection, what applied of the rows of this workspace, and each value that is secret by
/// a pattern.
fn configuration(
    config: &Config,
    covered: &Coverage,
    generated: &Generated,
    version: &str,
    upstream_sha256: &str,
) -> String {
    let mut text = format!(
        "# The selection of Stripe's API, and what is decided about it. `cargo xtask generate --crate` reads it.\n\
         #\n\
         # Keys that are of no table, such as `public`, are above the first one. Rows of tables can be added anywhere below:\n\
         # `[[resource]]` (`schema`, `operations`), `[[event]]` (`type`, `name`, `description`), `[[rename]]` (`from`, `to`),\n\
         # `[[field]]` (`place`, `name`), `[[variant]]` (`place`, `value`, `name`), `[[shared_enum]]` (`name`, `places`) and\n\
         # `[[id]]` (`resource`, `places`). A place is `schema/field` or `Operation/parameter`. `cargo xtask explain --crate` shows\n\
         # the place of what has a name, and the row that gives it another one.\n\n\
         expand_depth = {}\nupstream = {}\n",
        config.expand_depth,
        string(&config.upstream),
    );
    if let Some(commit) = &config.upstream_commit {
        text.push_str(&format!("upstream_commit = {}\n", string(commit)));
    }
    text.push_str(&format!("docs_url = {}\n", string(&config.docs_url)));
    let places = |table: Table| {
        generated.used.iter().filter(move |row| row.table == table).map(|row| (row.key.as_str(), String::new()))
    };
    let by_pattern = by_pattern(&generated.api).into_iter().map(|(place, pattern)| (place, format!(" # {pattern}")));
    let sensitive: BTreeMap<_, _> = by_pattern.chain(places(Table::Sensitive)).collect();
    let about = "Never printed by `Debug`. A comment is the pattern that a name matches, or the value that makes it secret: move a place \
                 to `public` if it is none";
    text.push_str(&list("sensitive", about, &sensitive));
    text.push_str(&list("public", "Printed by `Debug`, whatever the patterns say", &places(Table::Public).collect()));
    text.push_str(&list("timestamps", "Times that are not marked as such", &places(Table::Timestamp).collect()));
    if let Some(secrecy) = &config.secrecy {
        let list = |patterns: &[String]| -> String {
            patterns.iter().map(|pattern| format!("    {},\n", string(pattern))).collect()
        };
        text.push_str(&format!(
            "\n# What has such a name and no row is secret. With `undecided = \"refused\"`, it is an error instead.\n\
             [secrecy]\nundecided = \"secret\"\npatterns = [\n{}]\n\
             # What has one of these members is secret as a whole: its texts and numbers.\nmembers = [\n{}]\n\
             # What ends so is no secret all the same: a name, or the name behind `/` in something that ends with what is before it.\n\
             harmless = [\n{}]\n",
            list(&secrecy.patterns),
            list(&secrecy.members),
            list(&secrecy.harmless),
        ));
    }
    text.push_str(&format!(
        "\n[[release]]\nmodule = {}\napi_version = {}\ndocument = {}\nupstream_sha256 = {}\nsha256 = \"\"\n",
        string(&module(version)),
        string(version),
        string(&format!("stripe-{version}.yaml")),
        string(upstream_sha256),
    ));
    text.push_str("\n# A resource that no row names is past the boundary: its id and its JSON are kept.\n");
    for resource in covered.resources.iter().filter(|resource| resource.generated() > 0) {
        let rows = resource.operations.iter().map(|(head, refused)| {
            let row = match head.id.is_empty() {
                true => format!("{{ method = {:?}, path = {} }},", head.method.key(), string(&head.path)),
                false => format!("{},", string(&head.id)),
            };
            match refused {
                Some(problem) => format!("    # Left out: {}.\n    # {row}\n", problem.reason),
                None => format!("    {row}\n"),
            }
        });
        let schema = string(&resource.schema);
        text.push_str(&format!("\n[[resource]]\nschema = {schema}\noperations = [\n{}]\n", rows.collect::<String>()));
    }
    // An operation that is left out for its name is taken with the row that gives it another one.
    let has_row = |problem: &&Diagnostic| problem.help.lines().nth(1).is_some_and(|line| line.starts_with("[["));
    for problem in covered.refusals().iter().filter(has_row) {
        let row: Vec<_> = problem.help.lines().skip(1).map(|line| format!("# {line}\n")).collect();
        text.push_str(&format!("\n# To take what is left out above: {}.\n{}", problem.reason, row.concat()));
    }
    for row in rows(config, generated) {
        text.push_str(&format!("\n{row}\n"));
    }
    text
}

/// Says which events get no row, since a name cannot be made of their types.
pub(crate) fn not_named(types: &[&str]) -> String {
    let names: Vec<_> = types.iter().map(|type_| code(type_)).collect();
    format!(
        "events that have no name in Rust by the rule, and which a row `[[event]]` with a `name` takes: {}",
        names.join(", ")
    )
}

/// Returns the rows of the events that are about the selected resources.
fn events(config: &Config, document: &Document<'_>, covered: &Coverage) -> Result<String, Diagnostics> {
    let resources = covered.resources.iter().filter(|resource| resource.generated() > 0);
    let schemas = resources.map(|resource| resource.schema.as_str()).collect();
    let events = known::events_about(document, &schemas, &config.thin_events)?;
    let (rows, others) = Event::of_own_crate(events.iter().map(String::as_str), &[]);
    if !others.is_empty() {
        line(WARN, "note", &not_named(&others));
    }
    let rows: String = rows.iter().map(|(_, row)| format!("\n{row}\n")).collect();
    let about = "# The events of the selected resources, with their names in Rust; a version is in front of the types of thin ones. What no row names\n# is unknown, and is read all the same.";
    Ok(if rows.is_empty() { rows } else { format!("\n{about}{rows}") })
}

fn list(key: &str, about: &str, places: &BTreeMap<&str, String>) -> String {
    // People add to these two.
    if places.is_empty() && key == "timestamps" {
        return String::new();
    }
    let lines: String = places.iter().map(|(place, after)| format!("    {},{after}\n", string(place))).collect();
    format!("\n# {about}.\n{key} = [\n{lines}]\n")
}

/// Returns each place that is secret since its name matches a pattern, with the pattern.
pub(crate) fn by_pattern(api: &Api) -> BTreeMap<&str, &str> {
    let with_pattern = api.secret_by_pattern().map(|field| {
        let pattern = field.origin.rows.iter().find(|row| row.table == Table::Secrecy).map(|row| row.key.as_str());
        (field.origin.place.as_str(), pattern.unwrap_or_default())
    });
    with_pattern.collect()
}

/// The rows of tables of their own that applied, in the order of the tables.
fn rows(config: &Config, generated: &Generated) -> Vec<String> {
    const TABLES: [Table; 6] =
        [Table::Rename, Table::Field, Table::Variant, Table::SharedEnum, Table::Id, Table::Fixup];
    let mut rows: BTreeMap<(Table, usize), (Vec<&str>, codegen::config::Found)> = BTreeMap::new();
    let mut added = Vec::new();
    for row in generated.used.iter().filter(|row| TABLES.contains(&row.table)) {
        match config.find(row.table, &row.key, None) {
            Some(found) => rows.entry((row.table, found.line)).or_insert((Vec::new(), found)).0.push(&row.key),
            None => {
                let rename = config.renames.iter().find(|rename| rename.from == row.key);
                let members = |rename: &Rename| proposal(row.table, &[("from", &rename.from), ("to", &rename.to)], &[]);
                added.extend(rename.map(members));
            }
        }
    }
    rows.into_values().map(|(keys, found)| found.only(&keys).toml()).chain(added).collect()
}

/// Returns the root of the crate: the exports are those of this workspace's crate.
fn library() -> Option<String> {
    let (_, exports) = LIB.split_once(RELEASES)?;
    let (before, after) = exports.split_once(OPERATIONS)?;
    Some(format!("{HEAD}{before}#[doc = include_str!(\"generated/operations.md\")]\n{after}"))
}

fn missing_template(name: &str) -> Failure {
    Failure::Outside {
        reason: format!("`{name}` does not have the lines that a crate of one's own is made of"),
        help: "report this as a bug of the generator".to_owned(),
    }
}

/// What the templates say of the crate.
struct About<'a> {
    package: &'a str,
    runtime: &'a str,
    generated: &'a Generated,
}

impl About<'_> {
    fn fill(&self, template: &str) -> String {
        let operations = &self.generated.api.operations;
        let (import, example) = example(operations);
        [
            ("{package}", self.package),
            ("{crate}", &self.package.replace('-', "_")),
            ("{runtime}", self.runtime),
            ("{runtime_version}", env!("CARGO_PKG_VERSION")),
            ("{import}", &import),
            ("{example}", &example),
        ]
        .iter()
        .fold(template.to_owned(), |text, (key, value)| text.replace(key, value))
    }
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
    let (from, to): (Vec<Component<'_>>, Vec<_>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(same).map(|_| Component::ParentDir);
    let path: PathBuf = match same {
        0 => to.iter().collect(),
        _ => up.chain(to.iter().skip(same).copied()).collect(),
    };
    path.display().to_string().replace('\\', "/")
}
