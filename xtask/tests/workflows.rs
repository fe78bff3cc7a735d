//! Rules for the workflows that no run of theirs would show to be broken.

#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]

use std::fs;
use std::path::Path;

use serde_json::Value;

fn workflows() -> Vec<(String, Value)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    let entries = fs::read_dir(directory).expect("there are workflows");
    let mut workflows: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("the directory can be read").path();
            let text = fs::read_to_string(&path).expect("the file is text");
            let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
            let json = codegen::document::to_json(&name, &text).unwrap_or_else(|error| panic!("{error}"));
            // The version in the comment tells a reader what the commit is.
            for line in text.lines().filter(|line| line.contains("- uses: ")) {
                assert!(line.contains(" # v"), "{name}: name the version behind `{}`", line.trim());
            }
            (name, serde_json::from_str(&json).expect("it is JSON"))
        })
        .collect();
    workflows.sort_by(|(one, _), (other, _)| one.cmp(other));
    workflows
}

/// Every job, with its name and the permissions that it has.
fn jobs() -> Vec<(String, Value, String)> {
    let mut all = Vec::new();
    for (name, workflow) in workflows() {
        assert!(workflow["concurrency"]["group"].is_string(), "{name}: runs of it can overlap");
        for (job, value) in workflow["jobs"].as_object().expect("there are jobs") {
            let permissions = value.get("permissions").unwrap_or(&workflow["permissions"]).to_string();
            all.push((format!("{name}: {job}"), value.clone(), permissions));
        }
    }
    assert!(all.len() >= 10, "{all:?}");
    all
}

#[test]
fn every_job_has_a_timeout_and_pinned_actions() {
    for (name, job, _) in jobs() {
        assert!(job["timeout-minutes"].is_u64(), "{name}: no timeout");
        for step in job["steps"].as_array().expect("there are steps") {
            let Some(action) = step["uses"].as_str() else { continue };
            let commit = action.split_once('@').map(|(_, commit)| commit).unwrap_or_default();
            let is_pinned = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_pinned, "{name}: pin `{action}` by its commit");
        }
    }
}

/// What a checkout keeps on the disk, every later step and every artifact can have.
#[test]
fn no_checkout_keeps_its_credentials() {
    let mut count = 0;
    for (name, job, _) in jobs() {
        let steps = job["steps"].as_array().expect("there are steps").iter();
        for step in steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")))
        {
            assert_eq!(step["with"]["persist-credentials"], false, "{name}");
            count += 1;
        }
    }
    assert!(count >= 8, "{count}");
}

/// A build script or a test could use the token. Only `cargo publish` has one of its own.
#[test]
fn no_job_that_builds_may_write() {
    for (name, job, permissions) in jobs() {
        assert_ne!(permissions, "null", "{name}: it has every permission");
        let steps = job["steps"].to_string();
        let builds = ["cargo ", ".ci/run", ".ci/minimal-versions", ".ci/update prepare"]
            .iter()
            .any(|command| steps.contains(command));
        let publishes = steps.contains("cargo publish");
        let may_write = permissions.replace("\"id-token\":\"write\"", "").contains("write");
        assert!(!builds || !may_write, "{name}: {permissions}");
        assert_eq!(permissions.contains("id-token"), publishes && name.starts_with("release.yml"), "{name}");
    }
}
