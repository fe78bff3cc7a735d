//! What is in the generated crate: that it is up to date, and that what is written by hand beside it agrees with the
//! configuration.

use std::fs;
use std::path::Path;

use tests::workspace;

use crate::harness::{root, xtask};

#[test]
fn the_bindings_are_up_to_date() {
    let output = xtask(&["generate", "--check"]);
    assert!(output.is_ok(), "run `cargo xtask generate`:\n{}", output.said());
}

/// The manifest is written by hand, so it has to be checked: features of releases and of resources, and those that nothing
/// uses.
#[test]
fn features_of_the_manifest_agree_with_the_configuration() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("it is there");
    let config = workspace::config();
    let features = |path: &str| {
        let manifest: toml_edit::DocumentMut = read(path).parse().expect("it parses");
        manifest["features"].as_table().expect("there are features").clone()
    };
    let (runtime, features) = (features("generated/runtime/Cargo.toml"), features("generated/Cargo.toml"));
    let of_releases = config.releases.iter().filter_map(|release| release.feature.as_ref());
    for feature in of_releases.chain(config.resources.iter().filter_map(|resource| resource.feature.as_ref())) {
        assert!(features.contains_key(feature), "add `{feature} = []` under `[features]` in generated/Cargo.toml");
    }
    let source = |directory: &str| {
        let mut source = String::new();
        append_files(&root().join(directory), &mut source);
        source
    };
    let forwards = |feature: &str| {
        let enabled = features.get(feature).and_then(|item| item.as_array());
        enabled
            .is_some_and(|enabled| enabled.iter().any(|one| one.as_str() == Some(&format!("stripe-runtime/{feature}"))))
    };
    let uses = |source: &str, feature: &str| source.contains(&format!("feature = \"{feature}\""));
    let (own, of_runtime) = (source("generated/src"), source("generated/runtime/src"));
    for (feature, _) in features.iter().filter(|(feature, _)| *feature != "default") {
        let used = uses(&own, feature) || runtime.contains_key(feature);
        assert!(used, "nothing uses the feature `{feature}`: delete it from generated/Cargo.toml");
    }
    for (feature, _) in runtime.iter().filter(|(feature, _)| *feature != "default") {
        assert!(forwards(feature), "let `{feature}` in generated/Cargo.toml enable `stripe-runtime/{feature}`");
        assert!(
            uses(&of_runtime, feature),
            "nothing uses the feature `{feature}`: delete it from generated/runtime/Cargo.toml"
        );
    }
}

/// Appends the text of every file below a directory.
fn append_files(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            append_files(&path, text);
        } else {
            text.push_str(&fs::read_to_string(&path).expect("the file is text"));
        }
    }
}

/// A release beside the first one says in its docs how it differs.
#[test]
fn differences_between_releases_are_documented() {
    let config = workspace::config();
    let current = &config.releases[0].module;
    let preview = root().join("generated/src/releases/preview");
    let text = fs::read_to_string(preview.join("differences.md")).expect("it is generated");
    assert!(codegen::is_generated(&text), "{text}");
    assert!(text.contains("# Differences from the crate's root") && text.contains("Session: relink_result"), "{text}");
    let module = fs::read_to_string(preview.join("mod.rs")).expect("it is generated");
    assert!(module.contains("#![doc = include_str!(\"differences.md\")]"), "{module}");
    assert!(!root().join("generated/src/releases").join(current).join("differences.md").exists());
}
