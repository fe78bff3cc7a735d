//! The generator on damaged documents and configurations: it emits Rust that compiles or reports errors, and never panics.

mod damage;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use codegen::diff::Verdict;
use codegen::{Config, Generated, diff, document, explain};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tests::scratch::Scratch;
use tests::workspace;

use self::damage::{Damage, Original, damages};

static CONFIG: LazyLock<Config> = LazyLock::new(workspace::config);

static DOCUMENT: LazyLock<Original> = LazyLock::new(|| {
    let json = document::to_json("document", &workspace::current_document()).expect("it is YAML").into_owned();
    Original::new(serde_json::from_str(&json).expect("it is JSON"))
});

static CONFIGURATION: LazyLock<Original> = LazyLock::new(|| {
    let read = |name| workspace::read(name).parse::<toml::Table>().expect("it is TOML");
    let mut table = read("spec/codegen.toml");
    table.extend(read("spec/samples.toml"));
    Original::new(serde_json::to_value(table).expect("it has no dates"))
});

static GENERATED: LazyLock<Generated> = LazyLock::new(|| {
    codegen::generate(&CONFIG, None, "document", &DOCUMENT.value.to_string()).expect("it is understood")
});

/// The files that differ from those of the undamaged document, which other tests compile.
fn changed(generated: &Generated) -> impl Iterator<Item = &codegen::File> {
    generated.files.iter().filter(|file| !GENERATED.files.contains(file))
}

/// The lines of the code, without comments and samples. Their order may follow that of the document.
fn code(generated: &Generated) -> BTreeSet<&str> {
    let files = generated.files.iter().filter(|file| !file.path.ends_with("samples.rs"));
    files.flat_map(|file| file.text.lines()).map(str::trim).filter(|line| !line.starts_with("//")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_document_gives_rust_or_errors(damages in damages()) {
        match codegen::generate(&CONFIG, None, "document", &DOCUMENT.damaged(&damages).to_string()) {
            Ok(generated) => {
                for file in changed(&generated) {
                    prop_assert!(syn::parse_file(&file.text).is_ok(), "{}", file.text);
                }
                let changes = diff::diff(&GENERATED.api, &generated.api);
                prop_assert_eq!(changes.verdict().is_none(), changes.changes.is_empty());
                for model in generated.api.models.iter() {
                    prop_assert!(explain::explain(&generated.api, &model.name).is_ok());
                }
            }
            Err(problems) => {
                prop_assert!(!problems.0.is_empty());
                for problem in &problems.0 {
                    prop_assert!(!problem.reason.is_empty() && !problem.help.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_damaged_configuration_gives_rust_or_errors(damages in damages()) {
        // TOML has no null.
        let Ok(toml) = toml::to_string(&CONFIGURATION.damaged(&damages)) else { return Ok(()) };
        let taken = Config::parse("codegen.toml", &toml).and_then(|config| {
            let mut generated = codegen::generate(&config, None, "document", &DOCUMENT.value.to_string())?;
            config.check()?;
            generated.files.extend(codegen::releases(&config));
            Ok(generated)
        });
        for file in taken.iter().flat_map(changed) {
            prop_assert!(syn::parse_file(&file.text).is_ok(), "{}", file.text);
        }
    }
}

/// Whatever differs in the code is in the report, and a verdict below major keeps every public line: for each property and
/// each value that goes, and for a new one beside them.
#[test]
fn the_report_misses_no_change_of_the_code() {
    let selection = codegen::selection(&CONFIG, None, "document", &DOCUMENT.value.to_string());
    let original = Original::new(selection.unwrap_or_else(|error| panic!("{error}")).value);
    let before = code(&GENERATED);
    let mut kinds = BTreeSet::new();
    let mut check = |place: &str, damage: &Damage| {
        let mut edited = original.value.clone();
        original.damage(&mut edited, place, damage);
        let Ok(generated) = codegen::generate(&CONFIG, None, "document", &edited.to_string()) else { return };
        let changes = diff::diff(&GENERATED.api, &generated.api);
        let after = code(&generated);
        assert!(!changes.changes.is_empty() || after == before, "{place}, {damage:?}: a change is not reported");
        let gone: Vec<_> = before.difference(&after).filter(|line| line.starts_with("pub ")).collect();
        let verdict = changes.verdict();
        assert!(
            verdict == Some(Verdict::Major) || gone.is_empty(),
            "{place}, {damage:?}: {verdict:?} without {gone:?}"
        );
        kinds.extend(changes.changes.iter().map(|change| change.rule.name()));
    };
    let mut parents = BTreeSet::new();
    for place in &original.places {
        let Some((parent, _)) = place.rsplit_once('/') else { continue };
        let added = match parent.rsplit('/').next() {
            Some("properties") => json!({"type": "string"}),
            Some("enum") => json!("added"),
            _ => continue,
        };
        check(place, &Damage::Removed);
        if parents.insert(parent) {
            check(place, &Damage::Joined("added".to_owned(), added));
        }
    }
    let expected = ["field-added", "field-removed", "optional-parameter-added", "parameter-removed", "value-added"];
    assert!(expected.iter().all(|kind| kinds.contains(*kind)), "{kinds:?}");
}

/// Always the same documents, so that an unrelated change does not fail here.
#[test]
fn accepted_damaged_documents_compile() {
    let mut runner = TestRunner::deterministic();
    let mut all = Scratch::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged"), &GENERATED);
    let mut taken = 0;
    while taken < 16 {
        let damages = damages().new_tree(&mut runner).expect("nothing is filtered").current();
        let Ok(generated) = codegen::generate(&CONFIG, None, "document", &DOCUMENT.damaged(&damages).to_string())
        else {
            continue;
        };
        if !diff::diff(&GENERATED.api, &generated.api).changes.is_empty() {
            all.add(&taken.to_string(), &generated);
            taken += 1;
        }
    }
    all.cargo(&["clippy"]);
}
