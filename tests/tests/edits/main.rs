//! Every edit of a document is in the code and in the report of `diff`, or is refused, or is of a key that is ignored or is
//! documentation for a reason. None is silent.

mod edit;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use codegen::Config;
use codegen::coverage::resources;
use codegen::document::{Document, to_json};
use tests::prebuilt::in_parallel;
use tests::{corpus, workspace};

use self::edit::{Original, Outcome};

/// Counts what becomes of edits, and collects the silent ones.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<Outcome, usize>,
    silent: Vec<String>,
}

impl Tally {
    fn add(&mut self, original: &Original, most: usize, seen: &mut BTreeMap<String, usize>) {
        let mut edits = original.sample(most);
        edits.retain(|edit| {
            let count = seen.entry(edit.kind.clone()).or_default();
            *count += 1;
            *count <= most
        });
        let outcomes = in_parallel(&edits, |edit| original.outcome(edit));
        for (edit, outcome) in edits.iter().zip(outcomes) {
            *self.counts.entry(outcome).or_default() += 1;
            if outcome == Outcome::Silent {
                self.silent.push(format!("{}#{}/{}", edit.kind, edit.object, edit.key));
            }
        }
    }

    fn check(self, kinds: usize) {
        let count = |outcome| self.counts.get(&outcome).copied().unwrap_or_default();
        let all: usize = self.counts.values().sum();
        println!(
            "{all} edits of {kinds} kinds: {} differ, {} are refused, {} are of documentation or ignored, {} mean the \
             same, {} are silent",
            count(Outcome::Differs),
            count(Outcome::Refused),
            count(Outcome::Ignored),
            count(Outcome::Same),
            self.silent.len()
        );
        let kinds: BTreeSet<_> = self.silent.iter().filter_map(|one| one.split('#').next()).collect();
        assert!(self.silent.is_empty(), "{} silent kinds: {kinds:#?}\n{:#?}", kinds.len(), self.silent);
        assert!(count(Outcome::Differs) > 0 && count(Outcome::Refused) > 0 && count(Outcome::Ignored) > 0);
    }
}

/// How many edits of each kind are tried; `EDITS=1000000` tries all.
fn most(otherwise: usize) -> usize {
    std::env::var("EDITS").map_or(otherwise, |text| text.parse().expect("`EDITS` is a number"))
}

fn check_release(most: usize) {
    let json = to_json("document", &workspace::current_document()).expect("it is YAML").into_owned().into();
    let document = Document::index("document", &json).expect("it is OpenAPI");
    let original = Original::new(workspace::config(), &document).expect("it is accepted");
    let (mut tally, mut seen) = (Tally::default(), BTreeMap::new());
    tally.add(&original, most, &mut seen);
    tally.check(seen.len());
}

#[test]
fn no_edit_of_the_selection_is_silent() {
    check_release(most(2));
}

/// The operations of the fixture have every shape of `/v2`.
#[test]
fn no_edit_of_operations_of_v2_is_silent() {
    let read = |name: &str| workspace::read(&format!("tests/fixtures/emit/{name}"));
    let config = Config::parse("codegen.toml", &read("v2.toml")).expect("it is valid");
    let json = to_json("document", &read("v2.yaml")).expect("it is YAML").into_owned().into();
    let original = Original::new(config, &Document::index("document", &json).expect("it is OpenAPI"));
    let (mut tally, mut seen) = (Tally::default(), BTreeMap::new());
    tally.add(&original.expect("it is accepted"), most(2), &mut seen);
    tally.check(seen.len());
}

#[test]
#[ignore = "takes minutes: cargo test --release --package tests --test edits -- --ignored --nocapture"]
fn no_edit_at_any_place_of_the_selection_is_silent() {
    check_release(usize::MAX);
}

/// Each resource by itself, with all of its operations.
#[test]
#[ignore = "takes minutes: cargo test --release --package tests --test edits -- --ignored --nocapture"]
fn no_edit_of_the_whole_documents_is_silent() {
    for name in [corpus::V2, corpus::V2023, corpus::COMPOSED, corpus::V2020] {
        let Some(text) = corpus::text(name) else { continue };
        let json = to_json(name, &text).expect("the document is YAML");
        let document = Document::index(name, &json).expect("the document is OpenAPI");
        let (mut tally, mut seen) = (Tally::default(), BTreeMap::new());
        for resource in resources(&document).expect("the document is well formed") {
            let mut config = workspace::config();
            config.resources = vec![resource];
            if let Some(original) = Original::new(config, &document) {
                tally.add(&original, most(30), &mut seen);
            }
        }
        print!("{name}: ");
        tally.check(seen.len());
    }
}
