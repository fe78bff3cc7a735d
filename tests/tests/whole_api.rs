//! Every resource and operation of Stripe's whole documents, where they are at hand.

use std::path::Path;

use codegen::config::OperationRow;
use codegen::coverage::{Coverage, coverage, resources};
use codegen::document::{Document, to_json};
use codegen::{Config, Generated};
use tests::scratch::Scratch;
use tests::{corpus, workspace};

/// Generates the operations of all resources for which `keep` holds, except for the ones that the coverage refuses.
fn generate(document: &Document<'_>, covered: &Coverage, keep: impl Fn(&str) -> bool) -> Generated {
    let mut config: Config = workspace::config();
    config.resources = resources(document).expect("the document is well formed");
    config.resources.retain(|resource| keep(&resource.schema));
    let refused: Vec<_> = covered
        .resources
        .iter()
        .flat_map(|resource| &resource.operations)
        .filter_map(|(head, refused)| refused.as_ref().map(|_| (head.method, head.path.as_str())))
        .collect();
    for resource in &mut config.resources {
        resource.operations.retain(|row| match row {
            OperationRow::Path { method, path, .. } => !refused.contains(&((*method).into(), path.as_str())),
            _ => true,
        });
    }
    codegen::generate_from(&config, None, document).unwrap_or_else(|error| panic!("{error}"))
}

/// Stripe's whole documents, with the operations that they have, those that are generated, and the resources.
const WHOLE: [(&str, usize, usize, usize); 4] = [
    (corpus::V2, 28, 28, 10),
    (corpus::V2023, 498, 496, 117),
    (corpus::COMPOSED, 648, 646, 167),
    (corpus::V2020, 436, 409, 98),
];

#[test]
fn nearly_every_operation_is_generated_and_the_others_are_named() {
    check_counts(&WHOLE[..2]);
}

#[test]
#[ignore = "takes three times as long: cargo test --package tests --test whole_api -- --ignored"]
fn an_older_and_a_newer_document_are_generated_as_well() {
    check_counts(&WHOLE[2..]);
}

fn check_counts(documents: &[(&str, usize, usize, usize)]) {
    for &(name, operations, generated, resources) in documents {
        let Some(text) = corpus::text(name) else { continue };
        let json = to_json(name, &text).expect("the document is YAML");
        let document = Document::index(name, &json).expect("the document is OpenAPI");
        let covered = coverage(&workspace::config(), &document).expect("the document is well formed");
        let refused: Vec<_> =
            covered.resources.iter().flat_map(|one| &one.operations).filter_map(|(_, r)| r.as_ref()).collect();
        println!(
            "{name}: {} of {} operations of {} resources",
            covered.generated(),
            covered.operations(),
            covered.resources.len()
        );
        for diagnostic in &refused {
            println!("  {diagnostic}");
        }
        let counts = (covered.operations(), covered.generated(), covered.resources.len());
        assert_eq!(counts, (operations, generated, resources), "{name}");
        for diagnostic in refused {
            let is_media =
                diagnostic.reason.contains("application/pdf") || diagnostic.reason.contains("multipart/form-data");
            // It needs a row.
            let is_name = diagnostic.reason == "the name `request` is already that of a generated method";
            // The document of 2020 has every operation of an account a second time, under `/v1/account`.
            let is_again = name == corpus::V2020 && diagnostic.reason.contains("`/paths/~1v1~1account");
            assert!((is_media || is_name || is_again) && !diagnostic.help.is_empty(), "{diagnostic}");
        }
        // Nothing is dropped: what is not refused is there.
        let whole = generate(&document, &covered, |_| true);
        assert_eq!(whole.api.operations.len(), generated, "{name}");
    }
}

#[test]
#[ignore = "takes a minute: cargo test --package tests --test whole_api -- --ignored"]
fn every_resource_is_generated_by_itself() {
    for (name, ..) in WHOLE {
        let Some(text) = corpus::text(name) else { continue };
        let json = to_json(name, &text).expect("the document is YAML");
        let document = Document::index(name, &json).expect("the document is OpenAPI");
        let covered = coverage(&workspace::config(), &document).expect("the document is well formed");
        for resource in &covered.resources {
            let kept = resource.operations.iter().filter(|(_, refused)| refused.is_none()).count();
            let one = generate(&document, &covered, |schema| schema == resource.schema);
            assert_eq!(one.api.operations.len(), kept, "{name}: {}", resource.schema);
        }
    }
}

#[test]
#[ignore = "compiles 500,000 lines: cargo test --package tests --test whole_api -- --ignored"]
fn the_whole_api_compiles_without_a_warning() {
    let release = codegen::generate(&workspace::config(), None, "release", &workspace::current_document());
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let mut all = Scratch::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole_api"), &release);
    for (name, ..) in WHOLE {
        let Some(text) = corpus::text(name) else { continue };
        let json = to_json(name, &text).expect("the document is YAML");
        let document = Document::index(name, &json).expect("the document is OpenAPI");
        let covered = coverage(&workspace::config(), &document).expect("the document is well formed");
        all.add(name, &generate(&document, &covered, |_| true));
    }
    all.cargo(&["clippy"]);
    all.cargo(&["doc", "--no-deps"]);
}
