//! Random documents in Stripe's dialect: what the generator accepts compiles without a warning and its samples round-trip;
//! what it rejects is reported with a place, a reason and help.

use std::path::Path;

use codegen::{Config, Diagnostic, Diagnostics, Generated};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};
use tests::grammar::{Case, FEATURE_OFF, RELEASE, cases};
use tests::scratch::Scratch;
use tests::workspace;

/// How many accepted documents are compiled together.
const BATCH: usize = 100;

/// Generates a random document. Where the generator asks for a row of the configuration, this adds it and tries again. What
/// is left to reject is a shape.
fn generate(case: &Case) -> Result<Generated, Diagnostics> {
    let document = case.document.to_string();
    let mut config: toml::Table = case.config.parse().expect("the configuration is TOML");
    let (mut seen, mut count): (Vec<Diagnostic>, _) = (Vec::new(), 0);
    loop {
        let text = config.to_string();
        let parsed = Config::parse("codegen.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let error = match codegen::generate(&parsed, Some(RELEASE), "random", &document) {
            Ok(generated) => return Ok(generated),
            Err(error) => error,
        };
        assert_helpful(&error, case);
        let mut helps = Vec::new();
        for diagnostic in error.0.clone() {
            assert!(!seen.contains(&diagnostic), "its row did not help:\n{diagnostic}\n{text}\n{document}");
            // One row can help at several places.
            if !helps.contains(&diagnostic.help) {
                helps.push(diagnostic.help.clone());
            }
            seen.push(diagnostic);
        }
        for help in helps {
            count += 1;
            let Some((table, row)) = row(&help, count) else { return Err(error) };
            let rows = config.entry(table).or_insert_with(|| Vec::<toml::Value>::new().into());
            rows.as_array_mut().expect("a table of rows is an array").push(row);
        }
    }
}

/// The row of the configuration that a help asks for, with the key of its table. `choice` is a new number.
fn row(help: &str, choice: usize) -> Option<(String, toml::Value)> {
    let (what, pasted) = help.split_once('\n')?;
    let text = if what.starts_with("add this row at the end") {
        let name =
            if pasted.starts_with("[[variant]]") { format!("Renamed{choice}") } else { format!("renamed_{choice}") };
        pasted.replace("\"…\"", &format!("\"{name}\""))
    } else {
        let table = if choice.is_multiple_of(2) { "sensitive" } else { "public" };
        format!("{table} = [\n{pasted}\n]")
    };
    let rows: toml::Table = text.parse().unwrap_or_else(|error| panic!("{help}: {error}"));
    let (table, rows) = rows.into_iter().next()?;
    Some((table, rows.as_array()?.first()?.clone()))
}

/// Checks the diagnostics of a rejected document.
fn assert_helpful(error: &Diagnostics, case: &Case) {
    assert!(!error.0.is_empty(), "{:#}", case.document);
    for diagnostic in &error.0 {
        assert!(diagnostic.place().starts_with("random#/"), "{error}\n{:#}", case.document);
        assert!(!diagnostic.reason.is_empty(), "{error}");
    }
    for report in error.to_string().split("\nerror: ") {
        assert!(report.split_once("\n help: ").is_some_and(|(_, help)| !help.trim().is_empty()), "{report}");
    }
}

/// Compiles accepted documents, with clippy and rustdoc, and runs the tests that the generator writes for their samples.
fn compile(directory: &str, batch: &[Generated]) {
    let release = codegen::generate(&workspace::config(), None, "release", &workspace::current_document());
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(directory);
    let mut all = Scratch::new(&directory, &release).without_feature(FEATURE_OFF);
    for (index, generated) in batch.iter().enumerate() {
        all.add(&index.to_string(), generated);
    }
    all.cargo(&["clippy", "--features", "test-util"]);
    all.cargo(&["doc", "--no-deps", "--features", "test-util"]);
    all.cargo(&["test", "--lib", "--features", "test-util", "samples_encode"]);
}

/// Checks `count` documents, always the same ones for a seed. They are compiled in a directory that only this run uses.
fn check(count: u64, seed: u64, directory: &str) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let strategy = cases();
    let (mut accepted, mut total) = (Vec::new(), 0);
    for _ in 0..count {
        let case = strategy.new_tree(&mut runner).expect("nothing is filtered").current();
        accepted.extend(generate(&case).ok());
        if accepted.len() == BATCH {
            compile(directory, &accepted);
            total += BATCH;
            println!("{total} accepted documents compile");
            accepted.clear();
        }
    }
    if !accepted.is_empty() {
        compile(directory, &accepted);
        total += accepted.len();
    }
    println!("{total} of {count} documents accepted");
    assert!(total > 0, "some documents are accepted");
}

#[test]
fn random_documents_compile_or_are_reported() {
    check(60, 0, "grammar");
}

/// `GRAMMAR_CASES=20000 GRAMMAR_SEED=1 cargo test --package tests --test grammar -- --ignored --nocapture` takes hours.
/// Each seed gives other documents, so that they can be divided over several runs, also side by side.
#[test]
#[ignore = "takes minutes, and hours with `GRAMMAR_CASES=20000`"]
fn many_random_documents_compile_or_are_reported() {
    let number = |name: &str, otherwise| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}: {error}")),
        Err(_) => otherwise,
    };
    let seed = number("GRAMMAR_SEED", 0);
    check(number("GRAMMAR_CASES", 2_000), seed, &format!("grammar-{seed}"));
}
