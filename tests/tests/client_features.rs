//! The crate builds without a warning whatever features are on.

use tests::run::{self, Run};

/// Features that send, each without the ones that imply it.
const SENDERS: [&str; 6] = ["", "http", "client", "reqwest", "ureq", "reqwest,ureq"];
/// Features that can be on alone.
const OTHERS: [&str; 10] =
    ["tokio", "tracing", "jiff", "chrono", "time", "test-util", "preview", "webhook", "accounts", "transactions"];

fn check(features: &str) {
    let crates = ["clippy", "--package", "stripe-financial-connections", "--features", features];
    let run = Run::of(run::cargo(&crates).args(["--", "-D", "warnings"]));
    assert!(run.is_ok(), "--features '{features}':\n{}", run.stderr);
}

/// Each feature alone, and those that meet in the code.
#[test]
fn the_features_build_alone_and_where_they_meet() {
    for features in SENDERS.into_iter().chain(OTHERS).chain([
        "http,tracing",
        "client,tracing",
        "jiff,chrono,time",
        "test-util,preview",
        "http,webhook",
        "test-util,webhook",
        "test-util,client",
        "accounts,transactions",
        "test-util,transactions",
    ]) {
        check(features);
    }
}

/// Takes hours: `cargo test --package tests --test client_features -- --ignored`.
#[test]
#[ignore = "takes hours"]
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

/// The names of all crates that are built with these features, procedural macros and build scripts included.
fn crates(features: &str) -> Vec<String> {
    let mut tree = run::cargo(&["tree", "--package", "stripe-financial-connections", "--edges", "normal,build"]);
    tree.args(["--features", features, "--prefix", "none", "--no-dedupe", "--format", "{lib}"]);
    let text = Run::of(&mut tree).ok();
    let mut crates: Vec<_> = text.lines().map(str::to_owned).collect();
    crates.sort_unstable();
    crates.dedup();
    crates
}

/// The tree without features has nothing that a feature adds, and no procedural macro.
#[test]
fn nothing_is_on_by_default() {
    let expected = [
        "itoa",
        "memchr",
        "percent_encoding",
        "serde_core",
        "serde_json",
        "stripe_financial_connections",
        "stripe_runtime",
        "zmij",
    ];
    assert_eq!(crates(""), expected);
}

/// A second crypto library would cost more to build than the rest of a client.
#[test]
fn both_clients_share_one_crypto_library() {
    const CRYPTO: [&str; 6] = ["aws_lc_rs", "aws_lc_sys", "graviola", "native_tls", "openssl", "ring"];
    for features in ["reqwest", "ureq", "reqwest,ureq"] {
        let crates = crates(features);
        println!("{features}: {} crates", crates.len());
        let crypto: Vec<_> = crates.iter().filter(|name| CRYPTO.contains(&name.as_str())).collect();
        assert_eq!(crypto, ["ring"], "{features}");
    }
}
