//! The crate builds without a warning whatever features are on.

use tests::{cargo, workspace};

/// What sends, each without what implies it.
const SENDERS: [&str; 6] = ["", "http", "client", "reqwest", "ureq", "reqwest,ureq"];
/// What stands for itself.
const OTHERS: [&str; 7] = ["tracing", "jiff", "chrono", "time", "test-util", "preview", "webhook"];

fn check(features: &str) {
    let output = cargo::command()
        .args(["clippy", "--quiet", "--offline", "--package", "stripe-financial-connections", "--features", features])
        .args(["--", "-D", "warnings"])
        .current_dir(workspace::path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "--features '{features}':\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Each feature alone, and those that meet in the code.
#[test]
fn the_features_build_alone_and_where_they_meet() {
    for features in SENDERS.into_iter().chain(OTHERS).chain([
        "http,tracing",
        "client,tracing",
        "jiff,chrono,time",
        "test-util,preview",
        "test-util,webhook",
    ]) {
        check(features);
    }
}

/// Takes minutes: `cargo test --package tests --test client_features -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn every_combination_of_features_builds() {
    let mut combinations = 0;
    for sender in SENDERS {
        for others in 0..1 << OTHERS.len() {
            let others = (0..OTHERS.len()).filter(|other| others >> other & 1 == 1).map(|other| OTHERS[other]);
            check(&[sender].into_iter().chain(others).collect::<Vec<_>>().join(","));
            combinations += 1;
        }
    }
    println!("{combinations} combinations");
}

/// What is behind a feature is nowhere in the tree of who does not take it, and neither is a proc macro.
#[test]
fn nothing_is_on_by_default() {
    let output = cargo::command()
        .args(["tree", "--offline", "--package", "stripe-financial-connections", "--edges", "normal,build"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{lib}"])
        .current_dir(workspace::path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut crates: Vec<_> = text.lines().collect();
    crates.sort_unstable();
    crates.dedup();
    let expected =
        ["itoa", "memchr", "percent_encoding", "serde_core", "serde_json", "stripe_financial_connections", "zmij"];
    assert_eq!(crates, expected);
}
