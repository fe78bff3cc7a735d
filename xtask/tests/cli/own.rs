//! A crate of one's own: `cargo xtask generate --crate` creates it and generates it again, or changes nothing.

mod events;
mod files;
mod unreleased;
mod update;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::harness::{Run, root, xtask};

const PARCELS: &str = "tests/fixtures/own/parcels.yaml";

/// A directory for crates.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: TempDir::new().expect("a directory can be made") }
    }

    /// The place with the crate `parcels` in it.
    fn with_crate() -> Self {
        let place = Self::new();
        let run = place.create("parcels", &["--resource", "parcel", "--resource", "person"]);
        assert!(run.is_ok(), "{}", run.said());
        // The selection is said once, and what comes next.
        assert_eq!(run.stdout.matches(" selected ").count(), 1, "{}", run.stdout);
        let next = format!("cargo add --path {} --features reqwest", place.path("parcels").display());
        assert!(run.stdout.contains(&next), "{}", run.stdout);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The path of a file as it is printed.
    fn shown(&self, name: &str) -> String {
        let path = self.path(name).display().to_string();
        if cfg!(windows) { path.replace('\\', "/") } else { path }
    }

    /// Runs a command on the crate `parcels`.
    fn run(&self, command: &str, more: &[&str]) -> Run {
        self.run_on("parcels", command, more)
    }

    fn run_on(&self, name: &str, command: &str, more: &[&str]) -> Run {
        let path = self.path(name).display().to_string();
        xtask(&[&[command, "--crate", &path], more].concat())
    }

    fn create(&self, name: &str, resources: &[&str]) -> Run {
        let document = root().join(PARCELS).display().to_string();
        self.run_on(name, "generate", &[&["--spec", &document], resources].concat())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("parcels").join(name)).expect("the file is there")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path("parcels").join(name);
        fs::create_dir_all(path.parent().expect("it is in a directory")).expect("the directory can be made");
        fs::write(path, text).expect("the directory can be written");
    }

    /// Replaces a part of a file, which it has once.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in:\n{text}");
        self.write(name, &text.replace(old, new));
    }

    /// Everything that is there.
    fn all(&self) -> Vec<(PathBuf, String)> {
        let mut all = Vec::new();
        collect(self.directory.path(), &mut all);
        all.sort();
        all
    }

    /// Runs what is to fail: it says all of `expected`, and changes nothing.
    fn refused(&self, run: impl Fn() -> Run, expected: &[&str]) {
        let before = self.all();
        let run = run();
        assert!(!run.is_ok(), "{}", run.said());
        for expected in expected {
            assert!(run.stderr.contains(expected), "`{expected}` is not in:\n{}", run.stderr);
        }
        assert_eq!(self.all(), before, "{}", run.said());
    }
}

/// Every file and every directory, other than the lock.
fn collect(directory: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            collect(&path, all);
            all.push((path, String::new()));
        } else if !path.ends_with("xtask.lock") {
            let text = fs::read_to_string(&path).expect("the file is text");
            all.push((path, text));
        }
    }
}

#[test]
fn a_crate_is_created_and_is_up_to_date() {
    let place = Place::with_crate();
    let manifest = place.read("Cargo.toml");
    assert!(manifest.contains("name = \"parcels\"") && manifest.contains("/generated/runtime\" }"), "{manifest}");
    let readme = place.read("README.md");
    assert!(readme.contains("use parcels::{Client, RetrieveParcel};"), "{readme}");
    // Each of its links has a definition, which leads to a page of this crate where there is one.
    let library = place.read("src/lib.rs");
    for name in ["Nullable", "Secret", "Clearable", "Client", "Pages", "Error", "Request", "webhook"] {
        let link = format!("[`{name}`]: https://docs.rs/stripe-runtime/latest/stripe_runtime/");
        assert!(readme.matches(&format!("[`{name}`]")).count() == 2 && readme.contains(&link), "{name}: {readme}");
        assert!(library.contains(&format!("doc = \"[`{name}`]: crate::{name}\"")), "{name}: {library}");
    }
    // What an update changes is stated elsewhere.
    assert!(!readme.contains("2024") && !readme.contains("/v1/parcels"), "{readme}");
    let module = place.read("src/generated/mod.rs");
    assert!(module.starts_with("// @generated by `cargo xtask generate --crate` from `codegen.toml`.\n"), "{module}");
    let requests = place.read("src/generated/v2024_01_01/parcel/requests.rs");
    let head = "// @generated by `cargo xtask generate --crate` from Stripe's OpenAPI document of version 2024-01-01.\n\
                // Do not edit: change `codegen.toml`, and run it again.\n";
    assert!(requests.starts_with(head), "{requests}");
    // Parameters whose name is that of a schema have a row.
    assert!(requests.contains("pub struct CreateParcelLabelParams"), "{requests}");

    // Two operations share a type, and each has a row for what is secret in it.
    assert!(
        requests.contains("pub struct CreateParcelSender") && !requests.contains("UpdateParcelSender"),
        "{requests}"
    );
    let configuration = place.read("codegen.toml");
    for operation in ["CreateParcel", "UpdateParcel"] {
        let row = format!("    \"{operation}/sender/birthday\", # birth*\n");
        assert!(configuration.contains(&row), "{configuration}");
    }

    let before = place.all();
    for more in [&["--check"], &[] as &[&str]] {
        let run = place.run("generate", more);
        assert!(run.is_ok(), "{}", run.said());
        assert_eq!(place.all(), before, "generating again changes nothing");
    }
}

/// Stripe's documents mark the field `posted` of a parcel as a time, and not the filter of the same name.
#[test]
fn filters_by_time_get_a_row() {
    let list = r##"  /v1/parcels:
    get:
      operationId: GetParcels
      parameters:
        - name: posted
          in: query
          style: deepObject
          explode: true
          schema:
            anyOf:
              - {type: object, properties: {gt: {type: integer}, gte: {type: integer}, lt: {type: integer}, lte: {type: integer}}}
              - {type: integer}
        - {name: sent, in: query, style: form, schema: {type: integer}}
        - {name: weight, in: query, style: form, schema: {type: integer}}
      responses:
        "200":
          description: A response.
          content:
            application/json:
              schema:
                type: object
                required: [data, has_more, object, url]
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/parcel"}}
                  has_more: {type: boolean}
                  object: {type: string, enum: [list]}
                  url: {type: string}
        default: {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/error"}}}}
"##;
    let times =
        "        posted: {type: integer, format: unix-time}\n        sent: {type: integer, format: unix-time}\n";
    let weight = "        weight: {type: integer}\n";
    let document = fs::read_to_string(root().join(PARCELS)).expect("the fixture is there");
    let document = document.replace("  /v1/parcels:\n", list).replace(weight, &format!("{times}{weight}"));
    let place = Place::new();
    let path = place.path("listed.yaml");
    fs::write(&path, document).expect("the directory can be written");
    let run = place.run("generate", &["--spec", &path.display().to_string(), "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());

    let rows = "timestamps = [\n    \"ListParcels/posted\",\n    \"ListParcels/sent\",\n]\n";
    let configuration = place.read("codegen.toml");
    assert!(configuration.contains(rows), "{configuration}");
    let requests = place.read("src/generated/v2024_01_01/parcel/requests.rs");
    for param in ["posted: Option<RangeOr<Timestamp>>", "sent: Option<Timestamp>", "weight: Option<i64>"] {
        assert!(requests.contains(param), "`{param}` is not in:\n{requests}");
    }
}

/// The types would be `AB` and `Ab`, and the methods that read an object as either of them the same.
#[test]
fn objects_with_methods_of_one_name_get_a_row() {
    let weight = "        weight: {type: integer}\n";
    let near = "        near: {anyOf: [{$ref: \"#/components/schemas/a_b\"}, {$ref: \"#/components/schemas/ab\"}]}\n";
    let schemas = "  schemas:\n";
    let both = "    a_b: {type: object, properties: {a: {type: string}}}\n    ab: {type: object, properties: {b: {type: string}}}\n";
    let document = fs::read_to_string(root().join(PARCELS)).expect("the fixture is there");
    let document = document.replace(weight, &format!("{near}{weight}")).replace(schemas, &format!("{schemas}{both}"));
    let place = Place::new();
    let path = place.path("near.yaml");
    fs::write(&path, document).expect("the directory can be written");
    let run = place.run("generate", &["--spec", &path.display().to_string(), "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());

    let configuration = place.read("codegen.toml");
    assert!(configuration.contains("[[rename]]\nfrom = \"ab\"\nto = \"ab_object\"\n"), "{configuration}");
    let models = place.read("src/generated/v2024_01_01/parcel/models.rs");
    assert!(models.contains("{ to_ab = AB, to_ab_object = AbObject }"), "{models}");
}

#[test]
fn edits_of_the_configuration_take_effect() {
    let place = Place::with_crate();
    let models = "src/generated/v2024_01_01/parcel/models.rs";
    assert!(place.read(models).contains("pub phone: Option<Secret<String>>"), "{}", place.read(models));
    place.edit("codegen.toml", "    \"parcel/phone\", # phone*\n", "");
    place.edit("codegen.toml", "public = [\n", "public = [\n    \"parcel/phone\",\n");
    place.edit("codegen.toml", "to = \"create_parcel_label_params\"", "to = \"label_to_print\"");
    let run = place.run("generate", &["--check"]);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("-    pub phone: Option<Secret<String>>"), "{}", run.stdout);
    let command = format!("fix it with `cargo xtask generate --crate {}`", place.path("parcels").display());
    assert!(run.stdout.contains(&command), "{}", run.stdout);
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.read(models).contains("pub phone: Option<String>"), "{}", place.read(models));
    assert!(place.read("src/generated/v2024_01_01/parcel/requests.rs").contains("pub struct LabelToPrint"));
}

#[test]
fn an_operation_that_is_left_out_is_taken_with_the_row_that_is_shown() {
    let place = Place::new();
    let run = place.create("parcels", &["--resource", "parcel", "--resource", "person"]);
    assert!(run.is_ok(), "{}", run.said());
    assert!(run.stdout.contains("refused GET /v1/parcels/{parcel}/persons/{person}"), "{}", run.stdout);
    assert!(run.stdout.contains("from = \"GetParcelsParcelPersonsPerson\""), "{}", run.stdout);
    place.edit("codegen.toml", "    # \"GetParcelsParcelPersonsPerson\",", "    \"GetParcelsParcelPersonsPerson\",");
    let row = "# [[rename]]\n# from = \"GetParcelsParcelPersonsPerson\"\n# to = \"…\"\n";
    place.edit("codegen.toml", row, &row.replace("# ", "").replace('…', "find_person"));
    // What the document in `spec/` lacks is in Stripe's, which is at hand.
    let run = place.run("update", &[&place.path("parcels/spec/stripe-2024-01-01.yaml").display().to_string()]);
    assert!(run.is_ok(), "{}", run.said());
    let run = place.run("generate", &["--check"]);
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.read("src/generated/v2024_01_01/person/requests.rs").contains("pub struct FindPerson"));
}

/// Each nested parameter whose name clashes gets a row, however many there are.
#[test]
fn all_nested_parameters_whose_names_clash_get_rows() {
    let place = Place::new();
    let nested = "{type: object, properties: {q: {type: string}}}";
    let clashing: String =
        (0..40).map(|at| format!("                aa{at}: {nested}\n                aa_{at}: {nested}\n")).collect();
    let document = fs::read_to_string(root().join(PARCELS)).expect("the fixture is there");
    let nesting: String = (0..40)
        .map(|at| {
            format!("aa{at}: {{style: deepObject, explode: true}}, aa_{at}: {{style: deepObject, explode: true}}, ")
        })
        .collect();
    let document = document.replacen("encoding: {label", &format!("encoding: {{{nesting}label"), 1);
    let document = document.replacen("                label: {", &format!("{clashing}                label: {{"), 1);
    let path = place.path("clashing.yaml");
    fs::write(&path, document).expect("the directory can be written");
    let run = place.run("generate", &["--spec", &path.display().to_string(), "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    let text = place.read("codegen.toml");
    assert!((0..40).all(|at| text.contains(&format!("from = \"CreateParcel/aa_{at}\""))), "{text}");
}

#[test]
fn resources_of_which_nothing_can_be_generated_are_named() {
    let place = Place::new();
    let run = place.create("parcels", &["--resource", "all"]);
    assert_eq!(run.code, Some(3), "{}", run.said());
    assert!(run.stdout.contains("left out `photo`"), "{}", run.stdout);
    assert!(place.run("generate", &["--check"]).is_ok());
}

#[test]
fn other_commands_work_on_the_crate() {
    let place = Place::with_crate();
    let run = place.run("explain", &["parcel.phone"]);
    assert!(run.stdout.contains("src/generated/v2024_01_01/parcel/models.rs"), "{}", run.said());
    let run = place.run("coverage", &[]);
    assert!(run.stdout.contains("4 of 4 operations of 2 resources can be generated"), "{}", run.said());
    let document = root().join(PARCELS).display().to_string();
    let run = place.run("diff", &[&document]);
    assert!(run.stdout.contains("nothing changed"), "{}", run.said());
    for (command, more) in [
        ("generate", &[] as &[&str]),
        ("coverage", &[]),
        ("diff", &["HEAD"]),
        ("explain", &["parcel"]),
        ("update", &["--document-only", &document]),
    ] {
        let expected = ["has no file `codegen.toml`", "create one with `cargo xtask generate --crate"];
        place.refused(|| place.run_on("nothing", command, more), &expected);
    }
    let run = place.run("release", &[]);
    assert!(!run.is_ok() && run.stderr.contains("`release` is for this workspace"), "{}", run.said());
}

/// Each command that is printed works as it is.
#[test]
fn printed_commands_name_the_crate() {
    let place = Place::new();
    let name = "of theirs/parcels";
    assert!(place.create(name, &["--resource", "parcel"]).is_ok());
    let flag = format!("--crate '{}'", place.path(name).display());
    let config = place.path(name).join("codegen.toml");
    let row = "    \"GetParcelsParcel\",\n";
    let text = fs::read_to_string(&config).expect("it is there");
    assert!(text.contains(row), "{text}");
    fs::write(&config, text.replace(row, &format!("{row}    \"GetNothing\",\n"))).expect("it can be written");
    let run = place.run_on(name, "generate", &[]);
    assert!(
        !run.is_ok() && run.stderr.contains(&format!("take one with `cargo xtask update {flag}`")),
        "{}",
        run.said()
    );
    fs::write(&config, &text).expect("it can be written");
    let run = place.run_on(name, "explain", &["nothing"]);
    assert!(!run.is_ok() && run.stderr.contains(&format!("`cargo xtask coverage {flag}`")), "{}", run.said());
    let run = place.create(name, &["--resource", "parcel"]);
    for command in ["generate", "update"] {
        assert!(run.stderr.contains(&format!("`cargo xtask {command} {flag}`")), "{}", run.said());
    }
    let document = place.path("of stripe.yaml");
    fs::copy(root().join(PARCELS), &document).expect("it can be copied");
    let document = document.display().to_string();
    let run = place.run_on("other", "generate", &["--spec", &document, "--resource", "parcle"]);
    assert!(run.stderr.contains(&format!("`cargo xtask coverage --spec '{document}'`")), "{}", run.said());
    // What Stripe's document has and `spec/` lacks is taken from there.
    let person = "\n[[resource]]\nschema = \"parcel\"\noperations = [\"GetParcelsParcelPersonsPerson\"]\n";
    fs::write(&config, format!("{text}{person}")).expect("it can be written");
    for entry in fs::read_dir(place.path(name).join("target/stripe")).expect("it is there") {
        let path = entry.expect("the directory can be read").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            fs::remove_file(path).expect("it is there");
        }
    }
    let document = place.path(name).join("spec/stripe-2024-01-01.yaml").display().to_string();
    let run = place.run_on(name, "update", &[&document]);
    assert!(run.stdout.contains(&format!("`cargo xtask update {flag}`")), "{}", run.said());
}

/// `cargo new` refuses them, or a program cannot use the crate beside another one.
#[test]
fn names_that_no_package_can_have_are_refused() {
    let place = Place::new();
    let create = |name: &str| place.create(name, &["--resource", "parcel"]);
    for (name, reason) in [
        ("self", "it is a keyword of Rust"),
        ("crate", "it is a keyword of Rust"),
        ("async", "it is a keyword of Rust"),
        ("gen", "it is a keyword of Rust"),
        ("abstract", "it is a keyword of Rust"),
        ("test", "a crate of Rust itself has it"),
        ("core", "a crate of Rust itself has it"),
        ("std", "a crate of Rust itself has it"),
        ("alloc", "a crate of Rust itself has it"),
        ("proc_macro", "a crate of Rust itself has it"),
        ("proc-macro", "a crate of Rust itself has it"),
        ("stripe-runtime", "a crate that is used together with this one has it"),
        ("stripe_runtime", "a crate that is used together with this one has it"),
        ("stripe-financial-connections", "a crate that is used together with this one has it"),
        ("tokio", "a crate that is used together with this one has it"),
        ("nul", "it is the name of a device on Windows"),
        ("com1", "it is the name of a device on Windows"),
    ] {
        // There, the path of a device is none of a directory.
        if cfg!(windows) && reason.ends_with("Windows") {
            continue;
        }
        let expected = format!("`{name}` cannot be the name of a package: {reason}");
        let help = format!("name another directory, such as `my-{name}`");
        place.refused(|| create(name), &[&expected, &help, "nothing was written"]);
    }
    for name in ["com10", "self-service", "testing"] {
        assert!(create(name).is_ok(), "{name}");
    }

    // The package of a manifest that is there has its own name.
    fs::create_dir(place.path("core")).expect("the directory can be made");
    fs::write(place.path("core/Cargo.toml"), "[package]\nname = \"our-core\"\n").expect("it can be written");
    let run = create("core");
    assert!(run.is_ok(), "{}", run.said());
    let readme = fs::read_to_string(place.path("core/README.md")).expect("it is there");
    assert!(readme.starts_with("# our-core\n") && readme.contains("use our_core::"), "{readme}");
}

/// The code is written against one version of the runtime, and the clone of the project moves on.
#[test]
fn another_version_of_the_runtime_is_required_by_the_next_release() {
    let place = Place::with_crate();
    let (created, now) = (place.read("Cargo.toml"), env!("CARGO_PKG_VERSION"));
    let required = format!("stripe-runtime = {{ version = \"={now}\", ");
    assert!(created.contains(&required), "{created}");
    for (old, new) in [
        ("stripe-runtime = { version = \"=0.0.9\", ", required.as_str()),
        ("stripe-runtime = { version = '0.0.9', ", &required),
        ("stripe-runtime = { ", "stripe-runtime = { "),
        ("stripe-runtime = { version = \"*\", ", "stripe-runtime = { version = \"*\", "),
    ] {
        place.write("Cargo.toml", &created.replace(&required, old));
        let is_stale = old != new;
        let run = place.run("generate", &["--check"]);
        assert_eq!(run.is_ok(), !is_stale, "{old}: {}", run.said());
        assert_eq!(run.stdout.contains("stale Cargo.toml"), is_stale, "{}", run.said());
        for command in ["generate", "update"] {
            place.write("Cargo.toml", &created.replace(&required, old));
            let document = place.shown("parcels/spec/stripe-2024-01-01.yaml");
            let more = if command == "update" { vec![document.as_str()] } else { Vec::new() };
            let run = place.run(command, &more);
            assert!(run.is_ok(), "{}", run.said());
            assert_eq!(place.read("Cargo.toml"), created.replace(&required, new), "{}", run.said());
            assert!(place.run("generate", &["--check"]).is_ok());
        }
    }
    place.write(
        "Cargo.toml",
        &created.replace(&required, "stripe-runtime = { version = \"=0.0.9\", ").replace('\n', "\r\n"),
    );
    assert!(place.run("generate", &[]).is_ok());
    assert_eq!(place.read("Cargo.toml"), created.replace('\n', "\r\n"));
}
