//! The emitted code compiles and its documentation builds without a warning, under the lints of the generated crate: for
//! every fixture, and for Stripe's own documents where `STRIPE_OPENAPI_DIR` is set.

use std::path::Path;

use codegen::Generated;
use tests::scratch::Scratch;
use tests::{corpus, fixture, shapes, workspace};

#[test]
fn every_fixture_and_every_document_compiles() {
    let config = workspace::config();
    let release = codegen::generate(&config, None, "release", &workspace::current_document());
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let mut all = Scratch::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"), &release);
    let mut examples = 0;
    let examples_of =
        |generated: &Generated| generated.api.items().filter(|item| item.origin().docs.example.is_some()).count();
    for path in fixture::all("emit") {
        let generated = fixture::generate(&path).unwrap_or_else(|error| panic!("{error}"));
        examples += examples_of(&generated);
        all.add(&fixture::name(&path), &generated);
    }
    for name in [corpus::ENDIVE, corpus::V2023, corpus::V2020] {
        if let Some(text) = corpus::text(name) {
            let generated = codegen::generate(&config, None, name, &text).unwrap_or_else(|error| panic!("{error}"));
            examples += examples_of(&generated);
            all.add(name, &generated);
        }
    }
    // More fields than any schema of Stripe's has.
    let wide = codegen::generate(&shapes::config(), None, "wide", &shapes::document(&shapes::wide(300)));
    all.add("wide", &wide.unwrap_or_else(|error| panic!("{error}")));
    all.cargo(&["clippy"]);
    all.cargo(&["doc", "--no-deps"]);
    // Nothing but an example of ours is code that `cargo test` would run.
    let doctests = all.cargo(&["test", "--doc", "--", "--list"]);
    let doctests: Vec<_> = doctests.lines().filter(|line| line.contains("src/releases/from_")).collect();
    assert_eq!(doctests.len(), examples, "{doctests:#?}");
}
