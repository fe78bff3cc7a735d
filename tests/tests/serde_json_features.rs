//! The features of serde_json, which any crate of a program turns on for all of them, change nothing.

use tests::run::{self, Run};

/// Features that change how serde_json passes on numbers or keeps objects.
#[test]
fn values_are_decoded_alike_with_every_feature_of_serde_json() {
    let mut tests =
        run::cargo(&["test", "--features", "tests/serde-json-features", "--package", "stripe-runtime", "--lib"]);
    tests.args(["--package", "tests"]);
    tests.args(["support_decoding", "support_types", "support_v2", "webhook"].map(|name| format!("--test={name}")));
    let printed = Run::of(&mut tests).ok();
    println!("{printed}");
    // The runtime, the generator's tests and the four others.
    assert!(printed.matches("test result: ok.").count() >= 5);
}
