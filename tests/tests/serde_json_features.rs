//! The features of serde_json, which any crate of a program turns on for all of them, change nothing.

use tests::{cargo, workspace};

/// Features that change how serde_json passes on numbers or keeps objects.
#[test]
fn values_are_decoded_alike_with_every_feature_of_serde_json() {
    let output = cargo::command()
        .args(["test", "--quiet", "--offline", "--features", "tests/serde-json-features"])
        .args(["--package", "stripe-runtime", "--lib"])
        .args([
            "--package",
            "tests",
            "--test",
            "support_decoding",
            "--test",
            "support_types",
            "--test",
            "support_v2",
            "--test",
            "webhook",
        ])
        .current_dir(workspace::path(""))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    println!("{printed}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The runtime, the generator's tests and the four others.
    assert!(printed.matches("test result: ok.").count() >= 5);
}
