//! `cargo xtask update --crate` for a crate whose files a person has edited.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use codegen::Config;
use tempfile::TempDir;
use tests::run::Run;
use tests::workspace;

use crate::rehearsal::{copy, read};

/// A directory with a crate of parcels, `parcels`, and documents.
struct Own {
    directory: TempDir,
}

impl Own {
    /// Creates the crate from the document with other texts.
    fn new(edits: &[(&str, &str)]) -> Self {
        let own = Self { directory: TempDir::new().expect("a directory can be made") };
        let document = own.document("first.yaml", edits);
        let run = own.run("generate", &["--spec", &document, "--resource", "parcel"]);
        assert!(run.is_ok(), "{}", run.said());
        own
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a document: that of the parcels with other texts.
    fn document(&self, name: &str, edits: &[(&str, &str)]) -> String {
        let document = workspace::read("tests/fixtures/own/parcels.yaml");
        let text = edits.iter().fold(document, |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        });
        fs::write(self.path(name), text).expect("the directory can be written");
        self.path(name).display().to_string()
    }

    /// Runs a command on the crate.
    fn run(&self, command: &str, more: &[&str]) -> Run {
        self.run_in("parcels", command, more)
    }

    fn run_in(&self, name: &str, command: &str, more: &[&str]) -> Run {
        let root: &Path = &workspace::path("");
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg(command).arg("--crate").arg(self.path(name)).args(more).current_dir(root).env("NO_COLOR", "1");
        Run::of(&mut xtask)
    }

    fn rows(&self) -> String {
        read(&self.path("parcels/codegen.toml"))
    }

    fn write_rows(&self, text: &str) {
        fs::write(self.path("parcels/codegen.toml"), text).expect("it is ours");
    }
}

/// Names that no pattern of secrecy matches.
const PLAIN: [(&str, &str); 2] = [("recipient_name", "weight_limit"), ("birthday", "size")];

/// A list is edited in whatever layout it has, so that the configuration can be read afterwards.
#[test]
fn a_list_of_any_layout_is_edited() {
    let phone = "        phone: {type: string}\n";
    let first = format!("        email: {{type: string}}\n{phone}");
    let next = "        api_token: {type: string}\n        email: {type: string}\n        pin: {type: string}\n";
    let own = Own::new(&[PLAIN[0], PLAIN[1], (phone, &first)]);
    let next = own.document("next.yaml", &[PLAIN[0], PLAIN[1], (phone, next)]);
    let created = own.rows();
    let (before, rest) = created.split_once("sensitive = [").expect("it has the list");
    let (list, after) = rest.split_once("]\n").expect("the list has an end");
    assert_eq!(list, "\n    \"parcel/email\", # email*\n    \"parcel/phone\", # phone*\n");
    copy(&own.path("parcels"), &own.path("created"));

    let sorted = "[\n    \"parcel/api_token\", # *token*\n    \"parcel/email\",\n    \"parcel/pin\", # pin\n]";
    let all = sorted.replace("email\",", "email\", # email*");
    let with_comments = "[ # Mine.\n    \"parcel/api_token\", # *token*\n  \"parcel/email\" # E.\n  , # Here.\n    \
                         \"parcel/pin\", # pin\n  # The end.\n]";
    for (old, new) in [
        // The last element has no comma, or no line of its own.
        ("[\n    \"parcel/email\", # email*\n    \"parcel/phone\" # phone*\n]", &*all),
        ("[\n    \"parcel/email\",\n    \"parcel/phone\" ]", sorted),
        ("[\n    \"parcel/email\", \"parcel/phone\"\n]", sorted),
        ("[\n    \"parcel/email\",\n    'parcel/phone',\n]", sorted),
        // No line holds a comment beside another element.
        ("[\"parcel/email\", \"parcel/phone\"]", "[\"parcel/api_token\", \"parcel/email\", \"parcel/pin\"]"),
        ("[ # Mine.\n  \"parcel/email\" # E.\n  , # Here.\n  \"parcel/phone\"\n  # The end.\n]", with_comments),
        (
            "[\n    { place = \"parcel/phone\", releases = [\n    \"v2024_01_01\",\n    ] },\n    \"parcel/email\",\n]",
            sorted,
        ),
        ("[]", &all),
        ("[ ]", &all),
    ] {
        fs::remove_dir_all(own.path("parcels")).expect("it is ours");
        copy(&own.path("created"), &own.path("parcels"));
        own.write_rows(&format!("{before}sensitive = {old}\n{after}"));
        let run = own.run("generate", &[]);
        assert!(run.is_ok(), "{old}: {}", run.said());
        let run = own.run("update", &[&next]);
        assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{old}: {}", run.said());
        let text = own.rows();
        let list = text.split_once("sensitive = ").and_then(|(_, rest)| rest.split_once("\n\n")).map(|(list, _)| list);
        assert_eq!(list.map(str::trim_end), Some(new), "{old}");
        let run = own.run("generate", &["--check"]);
        assert!(run.is_ok(), "{old}: {}", run.said());
    }

    // There is no list, or one of tables; the release is in a list.
    let table = "[[sensitive]]\nreleases = [\"v2024_01_01\"]\nplace = ";
    let tables = format!("{after}\n{table}\"parcel/email\"\n\n{table}\"parcel/phone\"\n");
    let (head, release) = after.split_once("[[release]]\n").expect("it has a release");
    let (release, tail) = release.split_once("\n\n").expect("it ends");
    let release = format!("release = [{{ {} }}]\n", release.replace('\n', ", "));
    for (rows, new) in [
        (format!("{before}{after}"), &*all),
        (format!("{before}{tables}"), "\"parcel/api_token\", { "),
        (format!("{before}sensitive = [\"parcel/email\", \"parcel/phone\"]\n{release}{head}{tail}"), ""),
    ] {
        fs::remove_dir_all(own.path("parcels")).expect("it is ours");
        copy(&own.path("created"), &own.path("parcels"));
        own.write_rows(&rows);
        let run = own.run("update", &[&next]);
        assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{rows}: {}", run.said());
        let text = own.rows();
        let config = Config::parse("codegen.toml", &text).unwrap_or_else(|error| panic!("{error}"));
        let places: Vec<_> = config.sensitive.iter().map(|row| row.place()).collect();
        assert_eq!(places, ["parcel/api_token", "parcel/email", "parcel/pin"], "{text}");
        assert!(text.contains(new), "{text}");
        let run = own.run("generate", &["--check"]);
        assert!(run.is_ok(), "{}", run.said());
    }
}

/// What an update changed can be seen afterwards, also if its list was lost.
#[test]
fn a_repeated_update_says_how_to_see_what_the_last_one_changed() {
    let own = Own::new(&[]);
    let next =
        own.document("next.yaml", &[("        weight: {", "        height: {type: integer}\n        weight: {")]);
    let run = own.run("update", &[&next]);
    assert!(run.is_ok() && run.stdout.contains("verdict minor: "), "{}", run.said());
    let run = own.run("update", &[&next]);
    let (directory, last) = (own.path("parcels"), own.path("parcels/target/stripe/last"));
    let command = format!("cargo xtask diff --crate {} {}", directory.display(), last.display());
    let said = format!("before `{command}` lists what the last update has changed");
    assert!(run.is_ok() && run.stdout.contains("verdict nothing changed"), "{}", run.said());
    assert!(run.stdout.contains(&said), "{said}\n{}", run.said());
    let run = own.run("diff", &[&last.display().to_string()]);
    assert!(run.is_ok() && run.stdout.contains("minor Parcel: height"), "{}", run.said());
}

/// The code of a feature that the manifest does not have is never compiled.
#[test]
fn a_feature_that_the_manifest_does_not_have_is_refused() {
    let own = Own::new(&[]);
    let rows = own.rows();
    let schema = "[[resource]]\nschema = \"parcel\"\n";
    assert!(rows.contains(schema), "{rows}");
    own.write_rows(&rows.replace(schema, &format!("{schema}feature = \"parcels\"\n")));
    let line = rows.lines().position(|line| line == "schema = \"parcel\"").expect("it is there");
    let run = own.run("generate", &[]);
    let expected = format!(
        "codegen.toml:{line}:1: the resource `parcel`: `Cargo.toml` has no feature `parcels`, and so its code is never compiled\n \
         help: add `parcels = []` to `[features]` of `Cargo.toml`, or correct `feature` of the row"
    );
    assert!(run.code == Some(1) && run.said().contains(&expected), "{}", run.said());
    // In an update, it is on the list.
    let run = own.run("update", &[&own.document("next.yaml", &[])]);
    let item = format!("- [ ] `codegen.toml:{line}`: the resource `parcel`: `Cargo.toml` has no feature `parcels`");
    assert!(run.is_ok() && run.stdout.contains(&item), "{}", run.said());
    let manifest = own.path("parcels/Cargo.toml");
    let text = read(&manifest);
    assert_eq!(text.matches("\n[features]\n").count(), 1);
    fs::write(&manifest, text.replace("\n[features]\n", "\n[features]\nparcels = []\n")).expect("it is ours");
    let run = own.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
}

#[test]
fn no_resource_can_be_beside_all() {
    let own = Own { directory: TempDir::new().expect("a directory can be made") };
    let document = own.document("first.yaml", &[]);
    let run = own.run("generate", &["--spec", &document, "--resource", "all", "--resource", "nope"]);
    let expected = "`--resource all` takes every resource, and no other can be beside it";
    assert!(run.code == Some(2) && run.said().contains(expected), "{}", run.said());
    assert!(!own.path("parcels").exists());
}

/// Where a document asks for rows before there is a crate, the help leads to one: it is followed to the letter.
#[test]
fn a_crate_that_needs_rows_is_created_by_following_the_help() {
    let own = Own { directory: TempDir::new().expect("a directory can be made") };
    let weight = "        weight: {";
    let kind = format!("        kind: {{type: string, enum: [unknown, Unknown, a1, A1]}}\n{weight}");
    let document = own.document("first.yaml", &[(weight, &kind)]);
    let create = || own.run("generate", &["--spec", &document, "--resource", "parcel"]);
    let run = create();
    let path = own.path("parcels/codegen.toml");
    let help = format!(
        " help: add this row at the end of `{}`, with a name of your choice; create the file if it is not there, and run the command \
         again:\n",
        path.display()
    );
    let said = run.said();
    let rows = said.split(&help).skip(1).map(|rest| rest.split("error:").next().expect("there is one"));
    let rows: Vec<_> = rows.map(|rest| rest.split("\n2 problems").next().expect("there is one").trim()).collect();
    assert!(run.code == Some(1) && rows.len() == 2 && said.contains("nothing was written"), "{said}");
    assert!(!own.path("parcels").exists(), "{said}");
    let rows: Vec<_> = (1..).zip(rows).map(|(i, row)| row.replace('…', &format!("Chosen{i}"))).collect();
    fs::create_dir(own.path("parcels")).expect("it is ours");

    // A name that cannot be is corrected in that file, and a row that matches nothing is not lost.
    own.write_rows(&format!("{}\n", rows.join("\n\n").replace("Chosen2", "Chosen1")));
    let run = create();
    let expected = format!("choose another name in its row of `{}`: replace lines ", path.display());
    assert!(run.code == Some(1) && run.said().contains(&expected), "{}", run.said());
    let stale = "[[field]]\nplace = \"parcel/nothing\"\nname = \"something\"\n";
    own.write_rows(&format!("{}\n\n{stale}", rows.join("\n\n")));
    let run = create();
    let expected = format!(
        "{}:11:1: the row `parcel/nothing` of `field` matches nothing in what is selected of the document\n help: correct the row, or \
         delete lines 11 to 13",
        path.display()
    );
    assert!(run.code == Some(1) && run.said().contains(&expected), "{}", run.said());
    let inline = "public = [\"parcel/phone\"]\nfield = [{ place = \"parcel/weight\", name = \"grams\" }]\n";
    own.write_rows(&format!("{inline}\n{}\n", rows.join("\n\n")));
    let run = create();
    assert!(run.is_ok(), "{}", run.said());
    let text = own.rows();
    let field = "[[field]]\nplace = \"parcel/weight\"\nname = \"grams\"";
    for row in rows.iter().map(String::as_str).chain([field, "public = [\n    \"parcel/phone\",\n]"]) {
        assert!(text.contains(row), "{row}\n{text}");
    }
    for command in [&["generate", "--check"] as &[&str], &["update", &document]] {
        let run = own.run(command[0], &command[1..]);
        assert!(run.is_ok(), "{}", run.said());
        assert_eq!(own.rows(), text);
    }
    // Now there is a crate.
    let run = create();
    assert!(run.code == Some(1) && run.said().contains("there is a `codegen.toml`, and so a crate"), "{}", run.said());
}
