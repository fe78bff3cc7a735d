//! `cargo xtask release` end to end.

use std::fs;

use tests::workspace;

use crate::harness::{copy, xtask_in};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_disagreement_is_told() {
    let place = copy();
    let newest = format!("# Changelog\n\n## {VERSION} - 2026-10-01\n\n- New.\n");
    let release = |edits: &[(&str, &str, &str)], tag: &[&str]| {
        for name in ["Cargo.toml", "Cargo.lock"] {
            fs::write(place.path().join(name), workspace::read(name)).expect("the directory can be written");
        }
        fs::write(place.path().join("CHANGELOG.md"), &newest).expect("the directory can be written");
        for (name, old, new) in edits {
            let text = fs::read_to_string(place.path().join(name)).expect("it is there");
            assert!(text.contains(old), "{old} is not in {name}");
            fs::write(place.path().join(name), text.replace(old, new)).expect("the directory can be written");
        }
        let run = xtask_in(place.path(), &[&["release"], tag].concat());
        assert_eq!(run.is_ok(), run.stderr.is_empty());
        run.stderr.lines().filter_map(|line| line.strip_prefix("error: ").map(str::to_owned)).collect::<Vec<_>>()
    };
    let tag = format!("v{VERSION}");
    assert_eq!(release(&[], &[]), [""; 0]);
    assert_eq!(release(&[], &[&tag]), [""; 0]);
    for tag in ["v0.0.0", VERSION] {
        assert_eq!(release(&[], &[tag]), [format!("{tag}: the tag is not `v{VERSION}`, the version of Cargo.toml")]);
    }
    let section = format!("CHANGELOG.md: the newest section is `Unreleased`, and the version is {VERSION}");
    assert_eq!(release(&[("CHANGELOG.md", VERSION, "Unreleased")], &[]), [section]);
    let lock = format!("Cargo.lock: the packages are not of version {VERSION}");
    for name in ["stripe-runtime", "stripe-financial-connections"] {
        let entry = |version: &str| format!("name = \"{name}\"\nversion = \"{version}\"");
        assert_eq!(release(&[("Cargo.lock", &entry(VERSION), &entry("0.0.0"))], &[]), std::slice::from_ref(&lock));
    }
    let (exact, any) = (format!("\"={VERSION}\""), format!("\"{VERSION}\""));
    let required = format!("Cargo.toml: `stripe-runtime` is not required in exactly the version {VERSION}");
    assert_eq!(release(&[("Cargo.toml", &exact, &any)], &[]), [required]);
    let all = [("CHANGELOG.md", newest.as_str(), ""), ("Cargo.lock", VERSION, "0.0.0"), ("Cargo.toml", &exact, &any)];
    assert_eq!(release(&all, &["v0.0.0"]).len(), 4);
}
