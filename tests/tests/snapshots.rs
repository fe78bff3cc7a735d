//! What the generator writes, and what it refuses: one snapshot for each fixture.
//!
//! `cargo insta review`, or `INSTA_UPDATE=always cargo test -p tests --test snapshots`, takes a change that is meant.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where it cannot go on, and prints"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use codegen::{Config, Generated};
use tests::{fixture, workspace};

fn shown(generated: &Generated) -> String {
    let mut text = String::new();
    for file in &generated.files {
        let _ = writeln!(text, "//===== {}\n{}", file.path, file.text);
    }
    text
}

#[test]
fn emitted() {
    insta::glob!("../fixtures/emit", "*.yaml", |path| {
        let generated = fixture::generate(path).unwrap_or_else(|error| panic!("{error}"));
        insta::assert_snapshot!("emit", shown(&generated));
    });
}

#[test]
fn refused() {
    insta::glob!("../fixtures/reject", "*.{yaml,json}", |path| {
        let error = fixture::generate(path).map(|generated| shown(&generated)).expect_err("it is refused");
        insta::assert_snapshot!("reject", error.to_string());
    });
}

#[test]
fn refused_configurations() {
    insta::glob!("../fixtures/config", "*.toml", |path| {
        let text = fs::read_to_string(path).expect("the fixture can be read");
        let error = match Config::parse(&fixture::name(path), &text) {
            Err(error) => error,
            // What parses is refused for rows that match nothing.
            Ok(config) => {
                let minimal = workspace::read("tests/fixtures/emit/minimal.yaml");
                let generated = codegen::generate(&config, "minimal.yaml", &minimal).expect("the document is fine");
                config.check_used(&generated.used).expect_err("it is refused")
            }
        };
        insta::assert_snapshot!("config", error.to_string());
    });
}

/// A snapshot whose fixture is gone would guard nothing.
#[test]
fn no_snapshot_is_orphaned() {
    let mut expected = BTreeSet::new();
    for (directory, kind) in [("emit", "emit"), ("reject", "reject")] {
        for path in fixture::all(directory) {
            expected.insert(format!("snapshots__{kind}@{}.snap", fixture::name(&path)));
        }
    }
    let configurations = fs::read_dir(workspace::path("tests/fixtures/config")).expect("the directory is there");
    for entry in configurations {
        let name = entry.expect("the directory can be read").file_name();
        expected.insert(format!("snapshots__config@{}.snap", name.to_string_lossy()));
    }
    expected.insert("snapshots__releases.snap".to_owned());
    let found = fs::read_dir(workspace::path("tests/tests/snapshots")).expect("the directory is there");
    let found: BTreeSet<_> = found
        .map(|entry| entry.expect("the directory can be read").file_name().to_string_lossy().into_owned())
        .collect();
    let orphans: Vec<_> = found.difference(&expected).collect();
    assert!(orphans.is_empty(), "delete these snapshots, or bring their fixtures back: {orphans:?}");
}

#[test]
fn twice_gives_the_same() {
    for path in fixture::all("emit") {
        let [one, two] = [(); 2].map(|()| shown(&fixture::generate(&path).expect("it is understood")));
        assert_eq!(one, two, "{}", path.display());
    }
}

/// Releases that cannot stand beside each other, all problems at once.
#[test]
fn releases_that_are_refused() {
    let config = Config::parse("codegen.toml", &workspace::read("tests/fixtures/releases.toml")).expect("it parses");
    let error = codegen::releases("codegen.toml", &config.releases).expect_err("they are refused");
    insta::assert_snapshot!("releases", error.to_string());
}
