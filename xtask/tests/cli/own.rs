//! A crate of one's own: `cargo xtask generate --crate` creates it and generates it again, or changes nothing.

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

#[test]
fn resources_of_which_nothing_can_be_generated_are_named() {
    let place = Place::new();
    let run = place.create("parcels", &["--resource", "all"]);
    assert_eq!(run.code, Some(3), "{}", run.said());
    assert!(run.stdout.contains("left out `photo`"), "{}", run.stdout);
    assert!(place.run("generate", &["--check"]).is_ok());
}

#[test]
fn files_of_a_person_stay() {
    let place = Place::new();
    place.write("Cargo.toml", "[package]\nname = \"theirs\"\n");
    place.write("src/lib.rs", "mod generated;\n");
    let run = place.create("parcels", &["--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    assert_eq!(place.read("Cargo.toml"), "[package]\nname = \"theirs\"\n");
    assert_eq!(place.read("src/lib.rs"), "mod generated;\n");
    assert!(run.stdout.contains("kept") && run.stdout.contains("which was there"), "{}", run.stdout);

    // What they change or add later stays as well.
    place.write("README.md", "Ours.\n");
    place.write("src/more.rs", "//! Ours.\n");
    place.edit("codegen.toml", "to = \"create_parcel_label_params\"", "to = \"label_to_print\"");
    assert!(place.run("generate", &[]).is_ok());
    assert_eq!((place.read("README.md"), place.read("src/more.rs")), ("Ours.\n".to_owned(), "//! Ours.\n".to_owned()));
}

#[test]
fn drift_is_found() {
    let place = Place::with_crate();
    place.edit("src/generated/v2024_01_01/parcel/models.rs", "pub weight: i64", "pub weight: i32");
    fs::remove_file(place.path("parcels/src/generated/v2024_01_01/person/models.rs")).expect("it is there");
    place.write("src/generated/extra.rs", &format!("{}` long ago.\n", codegen::MARK));
    let run = place.run("generate", &["--check"]);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("1 stale, 1 missing, 1 extra"), "{}", run.stdout);
    assert!(place.run("generate", &[]).is_ok() && place.run("generate", &["--check"]).is_ok());

    // An edit of the document that is not recorded is drift as well.
    place.edit("spec/stripe-2024-01-01.yaml", "title: Parcels", "title: Others");
    let (directory, document) = (place.path("parcels"), place.shown("parcels/spec/stripe-2024-01-01.yaml"));
    let directory = directory.display();
    let command = format!("cargo xtask update --crate {directory} --document-only {document}");
    place.refused(|| place.run("generate", &[]), &["is not the document that is recorded here", &command]);
}

#[test]
fn nothing_is_left_behind_if_no_crate_can_be_created() {
    let place = Place::new();
    let parcel = &["--resource", "parcel"];
    for name in ["Parcels", "1st", "par cels", "päckchen"] {
        let reason = format!("`{name}` cannot be the name of a package");
        place.refused(|| place.create(name, parcel), &[&reason, "name a directory of lower case letters"]);
    }
    let unknown = ["no operation of a resource `parcle`; did you mean `parcel`?", "nothing was written"];
    place.refused(|| place.create("parcels", &["--resource", "parcle"]), &unknown);
    let all =
        ["`parcle`; did you mean `parcel`?", "`persn`; did you mean `person`?", "2 problems; nothing was written"];
    let names = ["--resource", "parcle", "--resource", "parcel", "--resource", "persn"];
    place.refused(|| place.create("parcels", &names), &all);
    let refused = ["a body as `multipart/form-data` is not supported"];
    place.refused(|| place.create("parcels", &["--resource", "photo"]), &refused);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--resource", "photo"]), &refused);
    place.refused(|| place.create("parcels", &[]), &["`--spec` and `--crate` need `--resource`"]);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--check"]), &["has nothing to check yet"]);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--out", "out"]), &["exclude each other"]);
    let missing = place.path("missing.yaml").display().to_string();
    let run = || place.run("generate", &["--spec", &missing, "--resource", "parcel"]);
    place.refused(run, &["the file cannot be read"]);

    // Where the files of the generator have to be, there are others.
    place.write("src/generated/theirs.rs", "//! Theirs.\n");
    place.refused(|| place.create("parcels", parcel), &["the generator did not write `theirs.rs`"]);
    fs::remove_dir_all(place.path("parcels")).expect("it is there");
    place.write("spec/stripe-2024-01-01.yaml", "theirs: true\n");
    place.refused(|| place.create("parcels", parcel), &["this file belongs to someone"]);
    fs::remove_dir_all(place.path("parcels")).expect("it is there");
    fs::write(place.path("parcels"), "").expect("the directory can be written");
    place.refused(|| place.create("parcels", parcel), &["parcels: this is a file, not a directory"]);
}

#[test]
fn a_crate_that_is_there_is_not_created_again() {
    let place = Place::with_crate();
    let expected =
        ["there is a `codegen.toml`, and so a crate", "generate it again with `cargo xtask generate --crate"];
    place.refused(|| place.create("parcels", &["--resource", "parcel"]), &expected);
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

/// The document a year later: a parcel has an email and a code, and no phone, and its sender an email, which two operations take;
/// a person can be changed and no longer found.
fn next_year() -> String {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let edits = [
        ("version: \"2024-01-01\"", "version: \"2025-01-01\""),
        ("        phone: {type: string}\n", "        email: {type: string}\n        code: {type: string}\n"),
        ("  /v1/parcels/{parcel}/person/{person}:\n    get:", "  /v1/parcels/{parcel}/person/{person}:\n    post:"),
        ("operationId: GetParcelsParcelPeoplePerson", "operationId: PostParcelsParcelPeoplePerson"),
    ];
    let text = edits.iter().fold(document, |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    });
    text.replace("birthday: {type: string}", "birthday: {type: string}, email: {type: string}")
}

#[test]
fn the_next_document_is_taken_without_a_repository() {
    let place = Place::with_crate();
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let next = next.display().to_string();
    let run = place.run("update", &[&next]);
    assert!(run.is_ok(), "{}", run.said());
    for expected in [
        "verdict major: ",
        "; the version in `Cargo.toml` should go from 0.1.0 to 0.2.0",
        "rows that were deleted from `sensitive`, since their places are gone or have other names: 1\n  ```text\n  parcel/phone\n",
        "3 values are secret since their names match a pattern, and are rows of `sensitive`",
        "    \"UpdateParcel/sender/email\", # email*",
        "    \"parcel/email\", # email*",
        "Stripe's document no longer has `GetParcelsParcelPeoplePerson`: delete lines ",
        "`POST /v1/parcels/{parcel}/person/{person}` of `person` is new and not selected",
    ] {
        assert!(run.stdout.contains(expected), "`{expected}` is not in:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("describe"), "the descriptions are Stripe's: {}", run.stdout);
    let lists_changes = |kept: &str| {
        let directory = place.shown(&format!("parcels/target/stripe/{kept}"));
        let command = format!("cargo xtask diff --crate {} {directory}` lists them", place.path("parcels").display());
        assert!(run.stdout.contains(&command), "{command}\n{}", run.stdout);
        let run = place.run("diff", &[&directory]);
        assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
        assert!(run.stdout.contains("minor Parcel: email"), "{}", run.said());
    };
    lists_changes("last");
    let own = place.shown("parcels/spec/stripe-2025-01-01.yaml");
    let command = format!("cargo xtask update --crate {} {own}`", place.path("parcels").display());
    assert!(run.stdout.contains(&command), "{}", run.stdout);
    assert!(place.read("codegen.toml").contains("module = \"v2025_01_01\""), "{}", place.read("codegen.toml"));
    assert!(!place.path("parcels/src/generated/v2024_01_01").exists());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub email: Option<Secret<String>>") && !models.contains("phone"), "{models}");

    // The row that is left is deleted, and that of the new operation pasted.
    let text = place.read("codegen.toml");
    let at = text.find("[[resource]]\nschema = \"person\"").expect("it has a row");
    let end = text[at..].find("\n]\n").map(|end| at + end + 3).expect("the list has an end");
    let row = "[[resource]]\nschema = \"person\"\noperations = [\"PostParcelsParcelPeoplePerson\"]\n";
    place.write("codegen.toml", &format!("{}{row}{}", &text[..at], &text[end..]));
    for _ in 0..2 {
        let run = place.run("update", &[&own]);
        assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{}", run.said());
    }
    assert!(place.read("src/generated/v2025_01_01/person/requests.rs").contains("pub struct UpdateParcelPerson"));
    let before = place.all();
    for more in [&["update", &next] as &[&str], &["generate", "--check"]] {
        let run = place.run(more[0], &more[1..]);
        assert!(run.is_ok(), "{}", run.said());
        assert_eq!(place.all(), before, "{}", run.said());
    }
}

/// Returns the document with other texts.
fn edited(edits: &[(&str, &str)]) -> String {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    edits.iter().fold(document, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

/// What a person made secret stays so until the person decides: the document calls it otherwise, or no longer has it.
#[test]
fn a_secret_of_a_person_is_not_lost_by_an_update() {
    let schema = "    photo:\n      type: object\n";
    let shipping = |key: &str, carrier: &str| {
        let properties = format!("{{{carrier}: {{type: string}}, phone: {{type: string}}, weight: {{type: integer}}}}");
        format!("    {key}:\n      type: object\n      properties: {properties}\n{schema}")
    };
    let field = |key: &str| {
        let label = "label: {$ref: \"#/components/schemas/create_parcel_label\"}\n";
        (label, format!("{label}        shipping: {{$ref: \"#/components/schemas/{key}\"}}\n"))
    };
    let document = |key: &str, carrier: &str, version: &str| {
        let (label, with_shipping) = field(key);
        edited(&[(label, &with_shipping), (schema, &shipping(key, carrier)), ("2024-01-01", version)])
    };
    let place = Place::new();
    let write = |name: &str, text: String| {
        fs::write(place.path(name), text).expect("the directory can be written");
        place.path(name).display().to_string()
    };
    let first = write("first.yaml", document("shipping", "carrier", "2024-01-01"));
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    place.edit("codegen.toml", "sensitive = [\n", "sensitive = [\n    \"shipping/carrier\",\n");
    assert!(place.run("generate", &[]).is_ok());
    let created = place.read("codegen.toml");
    assert!(created.contains("\"shipping/phone\", # phone*"), "{created}");

    // The place has another name.
    let next = write("next.yaml", document("customer_shipping", "carrier", "2025-01-01"));
    for _ in 0..2 {
        let run = place.run("update", &[&next]);
        assert!(run.is_ok() && run.stdout.contains("### Left to do"), "{}", run.said());
        let item = "the row `shipping/carrier` of `sensitive` matches nothing in the document of the release `v2025_01_01`; it seems \
                    to be `customer_shipping/carrier` now; if not, delete line ";
        assert!(run.stdout.contains(item), "{}", run.said());
        assert!(run.stdout.contains("\n      \"customer_shipping/carrier\",\n"), "{}", run.said());
        let text = place.read("codegen.toml");
        assert!(text.contains("\"shipping/carrier\"") && !text.contains("\"shipping/phone\""), "{text}");
        let generate = || place.run("generate", &[]);
        place.refused(generate, &["the row `shipping/carrier` of `sensitive` matches nothing"]);
    }
    place.edit("codegen.toml", "\"shipping/carrier\"", "\"customer_shipping/carrier\"");
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub carrier: Option<Secret<String>>"), "{models}");

    // The place is gone, or what it is called now is anybody's guess.
    let other = "courier: {type: string}, company";
    let later = write("later.yaml", document("customer_shipping", other, "2026-01-01"));
    let run = place.run("update", &[&later]);
    let item = "name the value as the document does, so that `Debug` does not print it; or delete line ";
    assert!(run.is_ok() && run.stdout.contains(item), "{}", run.said());
    assert!(place.read("codegen.toml").contains("\"customer_shipping/carrier\""));
    place.refused(|| place.run("generate", &[]), &["the row `customer_shipping/carrier` of `sensitive` matches"]);

    // An older document says so.
    let run = place.run("update", &[&next]);
    let older = "2025-01-01 is older than 2026-01-01, which is taken already";
    assert!(run.is_ok() && run.stdout.lines().nth(1).is_some_and(|line| line.contains(older)), "{}", run.said());
    assert!(run.stdout.contains("Nothing is left to do"), "{}", run.said());
    assert!(!place.run("update", &[&next]).said().contains("older"));
}

/// A row that names no operation gives models only: it is said, and the row with the operations is shown.
#[test]
fn the_operations_of_a_row_without_any_are_shown() {
    let place = Place::new();
    assert!(place.create("parcels", &["--resource", "parcel"]).is_ok());
    let (text, row) = (place.read("codegen.toml"), "[[resource]]\nschema = \"person\"\n");
    place.write("codegen.toml", &format!("{text}\n{row}"));
    let note = "note the row of `person` names no operation, and gives only models";
    let run = place.run("generate", &[]);
    assert!(run.is_ok() && run.stdout.contains(note), "{}", run.said());
    let document = root().join(PARCELS).display().to_string();
    let run = place.run("update", &[&document]);
    let item = "`codegen.toml`: the row of `person` names no operation, and gives only models, where other resources refer to it: this \
                row instead takes its operations; `operations = []` says that there are to be none\n  ```toml\n";
    let (_, rest) = run.stdout.split_once(item).unwrap_or_else(|| panic!("{}", run.said()));
    let proposed = rest.split("  ```").next().expect("the block has an end").replace("\n  ", "\n");
    let operations = "operations = [\n    \"GetParcelsParcelPeoplePerson\",\n    \"GetParcelsParcelPersonsPerson\",\n]";
    assert!(proposed.contains(operations), "{proposed}");
    place.write("codegen.toml", &format!("{text}\n{row}operations = []\n"));
    for (command, more) in [("update", vec![document.as_str()]), ("generate", Vec::new())] {
        let run = place.run(command, &more);
        assert!(run.is_ok() && !run.stdout.contains("names no operation"), "{}", run.said());
    }
    // Its names clash: the first one is enough.
    let proposed = proposed.replace("    \"GetParcelsParcelPersonsPerson\",\n", "");
    place.write("codegen.toml", &format!("{text}\n{}\n", proposed.trim()));
    assert!(place.run("update", &[&document]).is_ok());
    assert!(place.read("src/generated/v2024_01_01/person/requests.rs").contains("pub struct RetrieveParcelPerson"));
}

/// A row that is deleted makes no value public that a pattern covers.
#[test]
fn a_value_without_a_row_stays_secret_by_its_pattern() {
    let place = Place::with_crate();
    assert!(!place.run("generate", &[]).stdout.contains("stays secret"));
    place.edit("codegen.toml", "    \"parcel/phone\", # phone*\n", "");
    let run = place.run("generate", &[]);
    let expected = "secret 1 value stays secret by a pattern of `[secrecy]`, and no row of codegen.toml decides on it";
    assert!(run.is_ok() && run.stdout.matches(expected).count() == 1, "{}", run.said());
    assert!(run.stdout.contains("`phone*`: `parcel/phone`"), "{}", run.said());
    assert!(place.read("src/generated/v2024_01_01/parcel/models.rs").contains("pub phone: Option<Secret<String>>"));
}

/// A key of the file below a table would be one of the table.
#[test]
fn a_list_below_a_table_is_to_be_moved() {
    let place = Place::with_crate();
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line.starts_with('[')).expect("it has a table") + 1;
    place.write("codegen.toml", &format!("{text}\ntimestamps = [\"parcel/weight\"]\n"));
    let help = format!("help: move `timestamps` above line {line}, where the first table begins");
    place.refused(|| place.run("generate", &[]), &["unknown field `timestamps`", &help]);
    place.write("codegen.toml", &text.replace("schema =", "shcema ="));
    place.refused(|| place.run("generate", &[]), &["unknown field `shcema`", "help: correct the key or the value"]);
}

/// `explain` shows the row that renames something, and the row with the name in Rust is corrected.
#[test]
fn a_row_for_another_name_is_shown() {
    let place = Place::with_crate();
    for (query, row) in [
        ("CreateParcelSender", "[[rename]]\n            from = \"CreateParcel/sender\"\n            to = \"…\""),
        ("ParcelId", "[[rename]]\n            from = \"ParcelId\"\n            to = \"…\""),
        ("RetrieveParcel", "[[rename]]\n            from = \"GetParcelsParcel\"\n            to = \"…\""),
        ("parcel.weight", "[[field]]\n            place = \"parcel/weight\"\n            name = \"…\""),
    ] {
        let run = place.run("explain", &[query]);
        assert!(run.stdout.contains(&format!("rename    {row}")), "{row}\n{}", run.said());
    }
    let run = place.run("explain", &["CreateParcelLabelParams"]);
    assert!(run.stdout.contains("row       [[rename]]") && !run.stdout.contains("\n  rename "), "{}", run.said());

    let text = place.read("codegen.toml");
    let row = "[[rename]]\nfrom = \"CreateParcelSender\"\nto = \"from\"";
    place.write("codegen.toml", &format!("{text}\n{row}\n"));
    let help = "`CreateParcelSender` is the name in Rust, and `from` is what it is made of: replace lines ";
    let replaced = "[[rename]]\nfrom = \"CreateParcel/sender\"\nto = \"from\"";
    place.refused(|| place.run("generate", &[]), &[help, replaced]);
    place.write("codegen.toml", &format!("{text}\n{replaced}\n"));
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.read("src/generated/v2024_01_01/parcel/requests.rs").contains("pub struct From"));
}

/// The id of an object that others refer to is no secret: the row goes, and says so.
#[test]
fn a_row_for_an_id_that_others_show_is_to_be_deleted() {
    let place = Place::new();
    let owner = "owner: {anyOf: [{type: string}, {$ref: \"#/components/schemas/person\"}], x-expansionResources: {oneOf: \
                 [{$ref: \"#/components/schemas/person\"}]}}";
    let weight = "        weight: {type: integer}\n";
    let document = edited(&[(weight, &format!("{weight}        {owner}\n"))]);
    fs::write(place.path("first.yaml"), document).expect("the directory can be written");
    let first = place.path("first.yaml").display().to_string();
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel", "--resource", "person"]);
    assert!(run.is_ok(), "{}", run.said());
    place.edit("codegen.toml", "sensitive = [\n", "sensitive = [\n    \"person/id\",\n");
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line.contains("person/id")).expect("it has a row") + 1;
    let expected = [
        "#/components/schemas/person/properties/id: `person/id` is in `sensitive` and cannot be secret: other objects refer to",
        &format!("help: delete line {line} of `codegen.toml`"),
        "1 problem; nothing was written",
    ];
    place.refused(|| place.run("generate", &[]), &expected);
    place.edit("codegen.toml", "    \"person/id\",\n", "");
    assert!(place.run("generate", &["--check"]).is_ok());
}

/// Rows that match nothing are all reported, each with what is near: also those that share a line, or a row.
#[test]
fn every_row_that_matches_nothing_has_what_is_near() {
    let place = Place::with_crate();
    let lines = "expand_depth = 4\ntimestamps = [\"parcle/weight\", \"parcel/wieght\", \"CreateParcel/x\"]\n";
    place.edit("codegen.toml", "expand_depth = 4\n", lines);
    place.edit("codegen.toml", "    \"parcel/phone\",", "    \"parcel/fone\",\n    \"parcel/phone\",");
    let ids =
        "[[id]]\nresource = \"person\"\nplaces = [\"parcel/recipient_name\", \"parcel/recipent\", \"parcel/person\"]\n";
    place.write("codegen.toml", &format!("{}\n{ids}", place.read("codegen.toml")));
    let expected = [
        "the row `parcle/weight` of `timestamps` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/weight`",
        "the row `parcel/wieght` of `timestamps` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/weight`",
        "the row `CreateParcel/x` of `timestamps` matches nothing",
        "the row `parcel/fone` of `sensitive` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/phone`",
        "or delete line ",
        "`parcel/recipent` and `parcel/person` of a row of `id` match nothing in the document of the release `v2024_01_01`; for \
         `parcel/recipent`, did you mean `parcel/recipient_name`",
        "places = [\n    \"parcel/recipient_name\",\n]",
        "5 problems; nothing was written",
    ];
    place.refused(|| place.run("generate", &[]), &expected);
}

/// Nothing that is decided about a resource is lost if a document lacks it.
#[test]
fn a_document_without_a_selected_resource_is_refused() {
    let place = Place::with_crate();
    let document = edited(&[("2024-01-01", "2023-01-01"), ("person", "human"), ("photo", "picture")]);
    fs::write(place.path("next.yaml"), document).expect("the directory can be written");
    let next = place.path("next.yaml").display().to_string();
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line == "schema = \"person\"").expect("it has a row");
    let expected = [
        "the document has no resource `person`, which `codegen.toml` selects",
        &format!("if Stripe has removed the resource, delete lines {line} to "),
        "1 problem; nothing was written",
    ];
    place.refused(|| place.run("update", &[&next]), &expected);
}

/// What the generator does not support is left out by the row of the operation.
#[test]
fn an_operation_that_is_no_longer_supported_can_be_deleted() {
    let place = Place::with_crate();
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let (before, after) = document.split_once("operationId: PostParcelsParcel\n").expect("it has the operation");
    let after = after.replacen("application/x-www-form-urlencoded", "multipart/form-data", 1);
    let next = place.path("next.yaml");
    fs::write(&next, format!("{before}operationId: PostParcelsParcel\n{after}")).expect("it can be written");
    let run = place.run("update", &[&next.display().to_string()]);
    assert!(run.is_ok(), "{}", run.said());
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line == "schema = \"parcel\"").expect("it has a row");
    let expected = format!(
        "correct the document, or teach `codegen::lower` the shape; or delete `PostParcelsParcel` from its row on line {line} of \
         `codegen.toml`, to do without the operation"
    );
    assert!(run.stdout.contains(&expected), "{expected}\n{}", run.said());
    let without: String =
        text.lines().filter(|line| !line.contains("PostParcelsParcel\"")).map(|line| format!("{line}\n")).collect();
    place.write("codegen.toml", &without);
    let document = place.path("parcels/spec/stripe-2024-01-01.yaml").display().to_string();
    let run = place.run("update", &[&document]);
    assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{}", run.said());
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
    fs::remove_dir_all(place.path(name).join("target/stripe")).expect("it is there");
    let document = place.path(name).join("spec/stripe-2024-01-01.yaml").display().to_string();
    let run = place.run_on(name, "update", &[&document]);
    assert!(run.stdout.contains(&format!("`cargo xtask update {flag}`")), "{}", run.said());
}

/// A document with the events that an endpoint of webhooks can be sent.
fn with_events(document: &str, path: &Path, events: &str) -> String {
    let endpoints = format!(
        "\npaths:\n  /v1/webhook_endpoints:\n    post:\n      operationId: PostWebhookEndpoints\n      responses: {{}}\n      \
         requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{\
         enabled_events: {{type: array, items: {{type: string, enum: [{events}]}}}}}}}}}}}}}}\n"
    );
    assert_eq!(document.matches("\npaths:\n").count(), 1);
    fs::write(path, document.replace("\npaths:\n", &endpoints)).expect("the directory can be written");
    path.display().to_string()
}

/// Each event has a name of its own or is said, and so is one that is no longer there.
#[test]
fn events_are_named_apart_and_those_that_are_gone_are_said() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let place = Place::new();
    let first = "\"*\", parcel.sent, parcel.x.y, parcel.x_y, parcel.half-sent";
    let first = with_events(&document, &place.path("first.yaml"), first);
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel"]);
    assert!(run.is_ok() && run.said().contains("takes: `parcel.half-sent`\n"), "{}", run.said());
    let module = place.read("src/generated/webhook.rs");
    assert!(module.contains("ParcelXY = \"parcel.x.y\"") && module.contains("ParcelXY2 = \"parcel.x_y\""), "{module}");

    let next = "parcel.x.y, parcel.x_y, parcel.half-sent, parcel.x__y, parcel.half-lost";
    let next = with_events(&document, &place.path("next.yaml"), next);
    let run = place.run("update", &[&next]);
    assert!(run.is_ok() && run.stdout.contains("type = \"parcel.x__y\"\n  name = \"ParcelXY3\""), "{}", run.said());
    assert!(run.stdout.contains("takes: `parcel.half-lost`\n"), "{}", run.said());
    let text = place.read("codegen.toml");
    let line = |text: &str, row: &str| text[..text.find(row).expect("it is there")].matches('\n').count();
    let line_of_row = line(&text, "type = \"parcel.sent\"");
    let gone = "Stripe's document no longer has the event `parcel.sent`: delete lines";
    assert!(run.stdout.contains(&format!("{gone} {line_of_row} to {}", line_of_row + 3)), "{}", run.said());
    // It is said until the row is deleted, and no longer.
    let row = &text[text.find("[[event]]\ntype = \"parcel.sent\"").expect("it is there")..];
    let row = &row[..row.find("\n\n").unwrap_or(row.len())];
    place.write("codegen.toml", &text.replace(row, ""));
    let run = place.run("update", &[&next]);
    assert!(run.is_ok() && !run.stdout.contains("parcel.sent"), "{}", run.said());

    for (row, reason) in [
        ("type = \"parcel.x.y\"", "the event `parcel.x.y` has a row already"),
        ("type = \"\"", "`` is not the type of an event"),
        ("type = \"*\"", "`*` is not the type of an event"),
        ("type = \"v1.\"", "`v1.` is not the type of an event"),
        ("type = \"parcel.lost\"\nname = \"parcel_lost\"", "`parcel_lost` is not in upper camel case"),
    ] {
        let text = format!("{text}\n# Wrong.\n[[event]]\n{row}\ndescription = \"\"\n");
        place.write("codegen.toml", &text);
        let run = place.run("generate", &[]);
        let at = line(&text, "# Wrong.") + 2;
        let is_at = [at, at + 2].iter().any(|line| run.stderr.contains(&format!("codegen.toml:{line}:")));
        assert!(!run.is_ok() && run.stderr.contains(reason) && is_at, "{row}, line {at}: {}", run.said());
    }
}

/// What a person edits as well keeps its line ends.
#[test]
fn an_update_keeps_the_line_ends_of_the_configuration() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let place = Place::with_crate();
    place.write("codegen.toml", &place.read("codegen.toml").replace('\n', "\r\n"));
    // Both parts of the update edit it: a document of another version, and a place that is newly secret.
    let next = document.replace("2024-01-01", "2025-01-01").replace("recipient_name", "recipient_email");
    fs::write(place.path("next.yaml"), next).expect("the directory can be written");
    let run = place.run("update", &[&place.path("next.yaml").display().to_string()]);
    let text = place.read("codegen.toml");
    assert!(run.is_ok() && text.contains("2025-01-01") && text.contains("recipient_email"), "{}", run.said());
    assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n")) && !text.contains("\r\r"), "{text:?}");
    let run = place.run("update", &[&place.path("next.yaml").display().to_string()]);
    assert!(run.is_ok() && place.read("codegen.toml") == text, "{}", run.said());
}

/// A resource that has the name of the variant for other objects gets another one, and no shorter path of it retrieves it.
#[test]
fn an_object_of_an_event_has_a_name_of_its_own_and_is_retrieved_at_its_own_path() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there").replace("parcel", "other");
    let start = document.find("  /v1/others/{other}:\n").expect("it is there");
    let end = start + document[start..].find("    post:\n").expect("it is there");
    let shorter = document[start..end].replace("/v1/others/", "/v1/a/").replace("GetParcelsParcel", "GetA");
    let place = Place::new();
    let create = |paths: &str, own: &str| {
        let document =
            document.replace("\npaths:\n", &format!("\npaths:\n{paths}")).replace("/v1/others/{other}:\n", own);
        let document = with_events(&document, &place.path("other.yaml"), "other.sent");
        let thin = "{type: object, properties: {}, x-stripeEvent: {kind: thin, type: v1.other.sent}}";
        let text = fs::read_to_string(&document).expect("it is there");
        fs::write(&document, text.replace("\n  schemas:\n", &format!("\n  schemas:\n    v1.other.sent: {thin}\n")))
            .expect("the directory can be written");
        let _ = fs::remove_dir_all(place.path("parcels"));
        let run = place.run("generate", &["--spec", &document, "--resource", "other"]);
        assert!(run.is_ok(), "{}", run.said());
        place.read("src/generated/webhook.rs")
    };
    let module = create(&shorter, "/v1/others/{other}:\n");
    assert!(module.contains("webhook! { EventType { OtherObject("), "{module}");
    let call = "OtherObject(OtherObjectId, other_object_id) = retrieve_other_object(RetrieveOtherObject)";
    assert!(module.contains(call), "{module}");
    // Without its own path, none is sure.
    let module = create(&shorter, "/v1/b/{other}:\n");
    assert!(module.contains("OtherObject(OtherObjectId, other_object_id) }"), "{module}");
}

#[test]
fn a_new_event_of_a_selected_resource_is_proposed() {
    // There are thin events of a person, but of no human.
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there").replace("person", "human");
    let place = Place::new();
    let with_events = |name: &str, events: &str| with_events(&document, &place.path(name), events);
    let first = with_events("first.yaml", "\"*\", parcel.sent, photo.taken");
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel", "--resource", "human"]);
    assert!(run.is_ok(), "{}", run.said());
    let module = place.read("src/generated/webhook.rs");
    assert!(module.contains("webhook! { EventType { Human(id), Parcel("), "{module}");
    assert!(module.contains("ParcelSent = \"parcel.sent\"") && !module.contains("photo"), "{module}");
    // Only the links name it in the root.
    let library = place.read("src/lib.rs");
    let is_item = |line: &&str| line.contains("webhook") && (line.contains("mod ") || line.contains("use "));
    assert_eq!(library.lines().find(is_item), None, "the module is generated");

    let next = with_events("next.yaml", "\"*\", parcel.sent, parcel.human.moved, photo.taken, parcel.photo.lost");
    let run = place.run("update", &[&next]);
    let row = "[[event]]\n  type = \"parcel.human.moved\"\n  name = \"ParcelHumanMoved\"\n  description = ";
    assert!(run.is_ok() && run.stdout.contains(row), "{}", run.said());
    assert!(!run.stdout.contains("parcel.sent") && !run.stdout.contains("photo"), "{}", run.said());
    let text = place.read("codegen.toml");

    // A thin one that the document states is proposed as well. With its row, and with no other, thin events are read.
    assert!(!place.read("src/generated/webhook.rs").contains("otification"));
    let thin = "{type: object, properties: {}, x-stripeEvent: {kind: thin, type: v1.parcel.weighed}}";
    let document = fs::read_to_string(place.path("next.yaml")).expect("it is there");
    let thin = document.replace("\n  schemas:\n", &format!("\n  schemas:\n    v1.parcel.weighed: {thin}\n"));
    fs::write(place.path("thin.yaml"), thin).expect("the directory can be written");
    let run = place.run("update", &[&place.path("thin.yaml").display().to_string()]);
    let row = "[[event]]\n  type = \"v1.parcel.weighed\"\n  name = \"ParcelWeighed\"\n  description = ";
    assert!(run.is_ok() && run.stdout.contains(row), "{}", run.said());
    assert!(run.stdout.contains("Nothing is left to do but to check what follows"), "{}", run.said());
    let thin = "\n[[event]]\ntype = \"v1.parcel.weighed\"\ndescription = \"It was weighed.\"\n";
    place.write(
        "codegen.toml",
        &format!(
            "{}{thin}",
            text.replace("\n[[event]]", "\n[[event_of_a_snapshot]]").split("\n[[event_").next().expect("it has a part")
        ),
    );
    assert!(place.run("generate", &[]).is_ok());
    let module = place.read("src/generated/webhook.rs");
    // A human is not retrieved by its id alone.
    let call = "Human(HumanId, human_id), Parcel(ParcelId, parcel_id) = retrieve_parcel(RetrieveParcel)";
    assert!(module.contains("Weighed = \"v1.parcel.weighed\"") && module.contains(call), "{module}");
    assert!(module.contains("open_enum! { EventType {} }"), "{module}");
    place.write("codegen.toml", &text);
    assert!(place.run("generate", &[]).is_ok());
    // A row that is deleted is drift, and the last one leaves the signatures.
    let (before, _) = text.split_once("\n[[event]]").expect("it has a row");
    place.write("codegen.toml", before);
    let run = place.run("generate", &["--check"]);
    assert!(!run.is_ok() && run.said().contains("src/generated/webhook.rs"), "{}", run.said());
    let run = place.run("generate", &[]);
    assert!(run.is_ok() && !place.path("parcels/src/generated/webhook.rs").exists(), "{}", run.said());
    assert!(place.read("src/generated/mod.rs").contains("pub use stripe_runtime::webhook;"));
}

/// What seems renamed is one item with rows that can be pasted together, and nothing else is offered.
#[test]
fn the_names_of_what_seems_renamed_are_kept_by_rows() {
    let edit = |text: &str, edits: &[(&str, &str)]| {
        edits.iter().fold(text.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        })
    };
    let size = "size: {type: string, enum: [small, large]}";
    let speed = "speed: {type: string, enum: [slow, fast]}";
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let param = "                recipient_name: {type: string}\n";
    let weight = "        weight: {type: integer}\n";
    let old = edit(&document, &[(param, &format!("{param}                {size}\n"))]);
    let new = edit(
        &old,
        &[
            ("2024-01-01", "2025-01-01"),
            ("/create_parcel_label", "/label_of_a_parcel"),
            ("    create_parcel_label:", "    label_of_a_parcel:"),
            // Its type was an enum, and is a union with the same name.
            (
                size,
                &format!(
                    "size: {{anyOf: [{{type: integer}}, {{type: string, enum: [small, large]}}]}}\n                {speed}"
                ),
            ),
            // Nothing says that the one is the other but for the type.
            (weight, &format!("        mass: {{type: integer}}\n        {speed}\n")),
            ("recipient_name: {type: string}", "recipient_email: {type: string}"),
            ("[id, object, weight]", "[id, object, mass]"),
        ],
    );
    let place = Place::new();
    let [old, new] = [("old.yaml", old), ("new.yaml", new)].map(|(name, text)| {
        fs::write(place.path(name), text).expect("the directory can be written");
        place.path(name).display().to_string()
    });
    let run = place.run("generate", &["--spec", &old, "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    let run = place.run("update", &[&new]);
    assert!(run.is_ok(), "{}", run.said());
    let what = "rows for the end of `codegen.toml`, which keep the Rust names of what seems to have another name than before: ";
    let (_, rest) = run.stdout.split_once(what).unwrap_or_else(|| panic!("{}", run.stdout));
    assert!(!rest.contains(what) && !run.stdout.contains("the same values"), "{}", run.stdout);
    let (_, block) = rest.split_once("```toml\n").expect("it has rows");
    let rows = block.split("  ```").next().expect("the block has an end").replace("\n  ", "\n");
    assert!(rows.contains("`CreateParcelLabel` before: `Parcel` has it in the same field `label`."), "{rows}");
    assert!(
        rows.contains("`recipient_name` of `CreateParcel` before: it has the same type in the same place."),
        "{rows}"
    );
    for other in ["mass", "size", "speed"] {
        assert!(!rows.contains(other), "{rows}");
    }
    place.write("codegen.toml", &format!("{}\n{}\n", place.read("codegen.toml"), rows.trim()));
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub struct CreateParcelLabel ") && models.contains("pub recipient_name: "), "{models}");
}

#[test]
fn the_next_document_is_compared_with_the_commit_that_has_the_crate() {
    let place = Place::with_crate();
    let directory = place.path("parcels");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments).current_dir(&directory);
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Create"]);
    let run = place.run("diff", &["HEAD"]);
    assert!(run.stdout.contains("verdict nothing changed"), "{}", run.said());
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    // A second run compares with the same commit.
    for _ in 0..2 {
        let run = place.run("update", &[&next.display().to_string()]);
        assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
    }
}

#[test]
fn a_list_that_cannot_be_extended_is_shown() {
    let place = Place::with_crate();
    let text = place.read("codegen.toml");
    let (at, end) = (text.find("sensitive = [").expect("there is a list"), text.find("]\n").expect("it has an end"));
    let list = "sensitive = [\"parcel/phone\", \"parcel/recipient_name\", \"CreateParcel/recipient_name\"";
    place.write("codegen.toml", &format!("{}{list}{}", &text[..at], &text[end..]));
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let run = place.run("update", &[&next.display().to_string()]);
    assert!(run.is_ok(), "{}", run.said());
    for expected in
        ["these are rows to paste into `sensitive`", "\"parcel/email\", # email*", "delete `\"parcel/phone\"` on line"]
    {
        assert!(run.stdout.contains(expected), "`{expected}` is not in:\n{}", run.stdout);
    }
}

/// A link keeps its place, and the file behind it its mode.
#[test]
#[cfg(unix)]
fn a_linked_configuration_stays_linked() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = Place::with_crate();
    let (link, behind) = (place.path("parcels/codegen.toml"), place.path("behind.toml"));
    fs::rename(&link, &behind).expect("it can be moved");
    symlink("../behind.toml", &link).expect("a link can be made");
    let set_mode = |mode| fs::set_permissions(&behind, fs::Permissions::from_mode(mode)).expect("it is there");
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let update = || place.run("update", &[&next.display().to_string()]);
    set_mode(0o444);
    place.refused(update, &["codegen.toml: this file is read-only", "make the file writable", "nothing was written"]);
    set_mode(0o600);
    let run = update();
    assert!(run.is_ok(), "{}", run.said());
    assert!(link.is_symlink());
    assert!(fs::read_to_string(&behind).expect("it is there").contains("module = \"v2025_01_01\""));
    assert_eq!(behind.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
}

/// What is in the place of a file and is none is named, and nothing is left behind.
#[test]
fn a_directory_is_no_file_of_a_person() {
    let place = Place::new();
    let create = || place.create("parcels", &["--resource", "parcel"]);
    for name in ["Cargo.toml", "README.md", "src/lib.rs", "codegen.toml", "spec/stripe-2024-01-01.yaml"] {
        let path = place.path("parcels").join(name);
        fs::create_dir_all(&path).expect("the directory can be made");
        place.refused(
            create,
            &[
                &format!("error: {}: this is a directory", place.shown(&format!("parcels/{name}"))),
                "nothing was written",
            ],
        );
        fs::remove_dir_all(place.path("parcels")).expect("it is there");
    }
    for name in ["src", "spec", "target"] {
        place.write(name, "");
        let expected = format!("error: {}: this is a file, not a directory", place.shown(&format!("parcels/{name}")));
        place.refused(create, &[&expected, "nothing was written"]);
        fs::remove_dir_all(place.path("parcels")).expect("it is there");
    }
    assert!(create().is_ok());
}

#[test]
#[cfg(unix)]
fn a_link_is_kept_if_it_leads_to_a_file() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let create = |name: &str| place.create(name, &["--resource", "parcel"]);
    fs::create_dir_all(place.path("parcels/src")).expect("the directory can be made");
    fs::create_dir_all(place.path("parcels/spec")).expect("the directory can be made");
    for name in ["Cargo.toml", "src/lib.rs", "codegen.toml", "spec/stripe-2024-01-01.yaml"] {
        let path = place.path("parcels").join(name);
        symlink(place.path("nothing"), &path).expect("a link can be made");
        let run = create("parcels");
        let expected = format!("error: {}: this is a link to something that does not exist", path.display());
        assert!(!run.is_ok() && run.stderr.contains(&expected), "{}", run.said());
        assert!(path.is_symlink() && !place.path("nothing").exists() && !place.path("parcels/target").exists());
        fs::remove_file(&path).expect("it is there");
    }
    symlink(place.path("nothing"), place.path("link")).expect("a link can be made");
    for name in ["link", "link/parcels"] {
        let expected = format!("error: {}: this is a link to something", place.path("link").display());
        let run = create(name);
        assert!(!run.is_ok() && run.stderr.contains(&expected), "{}", run.said());
    }

    fs::write(place.path("theirs.rs"), "mod generated;\n").expect("the directory can be written");
    symlink(place.path("theirs.rs"), place.path("parcels/src/lib.rs")).expect("a link can be made");
    let run = create("parcels");
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.path("parcels/src/lib.rs").is_symlink());
    assert_eq!(place.read("src/lib.rs"), "mod generated;\n");
}

/// The file system of the kernel has no place for it.
#[test]
#[cfg(target_os = "linux")]
fn a_directory_that_cannot_be_created_is_named() {
    let document = root().join(PARCELS).display().to_string();
    for (directory, above) in [("/proc/parcels", "/proc/parcels"), ("/proc/more/parcels", "/proc/more")] {
        let run = xtask(&["generate", "--crate", directory, "--spec", &document, "--resource", "parcel"]);
        assert!(!run.is_ok() && run.stderr.contains(&format!("error: {above}: No such file")), "{}", run.said());
    }
}

/// The second one finds the crate of the first one.
#[test]
#[cfg(unix)]
fn one_of_two_creations_at_once_succeeds() {
    use std::io::{BufRead, BufReader, Read};
    let place = Place::new();
    place.write("target/xtask.lock", "");
    let held = fs::File::open(place.path("parcels/target/xtask.lock")).expect("it is there");
    rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).expect("nobody has it");
    let (document, directory) =
        (root().join(PARCELS).display().to_string(), place.path("parcels").display().to_string());
    let start = |resource: &str| {
        let arguments = ["generate", "--crate", &directory, "--spec", &document, "--resource", resource];
        let mut command = crate::harness::command(&root(), &arguments);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().expect("the command runs")
    };
    let mut children = [start("parcel"), start("person")];
    let mut outputs = children.each_mut().map(|child| BufReader::new(child.stdout.take().expect("it is piped")));
    for output in &mut outputs {
        let is_waiting = |line: String| line.contains("waiting for another run to release");
        assert!(output.lines().any(|line| is_waiting(line.expect("it is text"))), "it does not wait");
    }
    assert_eq!(fs::read_dir(&directory).expect("it is there").count(), 1, "nothing is written meanwhile");
    drop(held);
    let mut codes: Vec<_> = Vec::new();
    for (mut child, mut output) in children.into_iter().zip(outputs) {
        output.read_to_end(&mut Vec::new()).expect("it can be read");
        let mut errors = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut errors).expect("it is text");
        let code = child.wait().expect("it ends").code();
        assert!(code == Some(0) || errors.contains("there is a `codegen.toml`, and so a crate"), "{errors}");
        codes.push(code);
    }
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)]);
    assert!(place.run("generate", &["--check"]).is_ok());
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

/// What is in the way of the code is found before `spec/` is written.
#[test]
fn an_update_whose_code_cannot_be_written_changes_nothing() {
    let place = Place::with_crate();
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let update = || place.run("update", &[&next.display().to_string()]);
    place.write("src/generated/theirs.rs", "//! Theirs.\n");
    let theirs = format!("{}: the generator did not write `theirs.rs`", place.shown("parcels/src/generated"));
    place.refused(update, &[&theirs, "nothing was written"]);
    fs::remove_file(place.path("parcels/src/generated/theirs.rs")).expect("it is there");

    let models = place.path("parcels/src/generated/v2024_01_01/parcel/models.rs");
    let set_read_only = |is_read_only| {
        let mut permissions = models.metadata().expect("it is there").permissions();
        permissions.set_readonly(is_read_only);
        fs::set_permissions(&models, permissions).expect("it is there");
    };
    set_read_only(true);
    place.refused(update, &["models.rs: this file is read-only", "nothing was written"]);
    set_read_only(false);
    let run = update();
    assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
}

/// The verdict is about the code that is there, also when an update stopped between the document and the code.
#[test]
fn an_update_that_stopped_is_compared_with_what_the_code_is_from() {
    for (is_committed, is_generated) in [(false, false), (true, false), (false, true)] {
        let place = Place::with_crate();
        let directory = place.path("parcels");
        let git = |arguments: &[&str]| {
            let mut command = std::process::Command::new("git");
            command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
            let output = command.current_dir(&directory).output().expect("git runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let next = place.path("next.yaml");
        fs::write(&next, next_year()).expect("the directory can be written");
        let update = || place.run("update", &[&next.display().to_string()]);
        // An empty directory is found once the names of the files are known.
        let in_the_way = directory.join("src/generated/v2025_01_01/parcel/models.rs");
        fs::create_dir_all(&in_the_way).expect("the directory can be made");
        for _ in 0..2 {
            let run = update();
            assert!(!run.is_ok() && run.stderr.contains("models.rs: this is a directory"), "{}", run.said());
        }
        assert!(place.read("codegen.toml").contains("module = \"v2025_01_01\""));
        if is_committed {
            git(&["init", "--quiet", "--initial-branch", "main"]);
            git(&["add", "--all"]);
            git(&["commit", "--quiet", "--message", "Create"]);
        }
        fs::remove_dir(&in_the_way).expect("it is empty");
        if is_generated {
            // Operations that are gone are left to a person.
            let text = place.read("codegen.toml");
            place.write("codegen.toml", &text.replace("    \"GetParcelsParcelPeoplePerson\",\n", ""));
            let run = place.run("generate", &[]);
            assert!(run.is_ok(), "{}", run.said());
        }
        let run = update();
        let verdict = if is_generated { "verdict nothing changed" } else { "verdict major: " };
        assert!(run.is_ok() && run.stdout.contains(verdict), "{}", run.said());
        assert!(!directory.join("target/stripe/before").exists());
    }
}
