//! What is emitted compiles: every fixture, and Stripe's own documents where they are at hand, under the lints of the
//! generated crate, documentation and all.

use std::path::Path;

use tests::scratch::Crate;
use tests::{corpus, fixture, workspace};

#[test]
fn every_fixture_and_every_document_compiles() {
    let config = workspace::config();
    let mut all = Crate::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"));
    let endive = workspace::current_document();
    all.add(
        "default",
        &codegen::generate(&config, "endive", &endive).expect("the project's own document is understood"),
    );
    for path in fixture::all("emit") {
        let generated = fixture::generate(&path).unwrap_or_else(|error| panic!("{error}"));
        all.add(&fixture::name(&path), &generated);
    }
    for name in [corpus::ENDIVE, corpus::V2023, corpus::V2020] {
        if let Some(text) = corpus::text(name) {
            let generated = codegen::generate(&config, name, &text).unwrap_or_else(|error| panic!("{error}"));
            all.add(&name.replace('.', "_"), &generated);
        }
    }
    for arguments in [["clippy", "--quiet", "--offline"].as_slice(), &["doc", "--quiet", "--offline", "--no-deps"]] {
        let output = all.cargo(arguments);
        assert!(output.status.success(), "cargo {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
