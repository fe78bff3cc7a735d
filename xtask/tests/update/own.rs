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

/// What an update changed is said again until the version is set, also if its list was lost.
#[test]
fn a_repeated_update_says_again_what_changed() {
    let own = Own::new(&[]);
    let next =
        own.document("next.yaml", &[("        weight: {", "        height: {type: integer}\n        weight: {")]);
    let (directory, last) = (own.path("parcels"), own.path("parcels/target/stripe/last"));
    let command = format!("cargo xtask diff --crate {} {}", directory.display(), last.display());
    for _ in 0..2 {
        let run = own.run("update", &[&next]);
        assert!(run.is_ok() && run.stdout.contains("verdict minor: "), "{}", run.said());
        assert!(run.stdout.contains(&format!("changes `{command}` lists them")), "{command}\n{}", run.said());
    }
    let run = own.run("diff", &[&last.display().to_string()]);
    assert!(run.is_ok() && run.stdout.contains("minor Parcel: height"), "{}", run.said());
}
