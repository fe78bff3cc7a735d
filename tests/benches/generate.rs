//! What generating costs against merely skipping the same text: the ratios that the project keeps to.
//!
//! With `STRIPE_OPENAPI_DIR` the text is Stripe's whole document of 2023; without, one of that size that is made up.

use std::hint::black_box;

use codegen::document;
use criterion::Criterion;
use serde::de::IgnoredAny;
use tests::bench::{Case, measure, print_ratio};
use tests::{corpus, workspace};

fn main() {
    let config = workspace::config();
    let yaml = corpus::text(corpus::V2023).unwrap_or_else(corpus::made_up);
    let json = document::to_json("whole", &yaml).expect("the document is YAML").into_owned();
    let generate = |text: &str| drop(codegen::generate(&config, "whole", black_box(text)).expect("it is understood"));
    let cases = [
        Case::new("JSON: skip", || drop(serde_json::from_str::<IgnoredAny>(black_box(&json)).expect("it is JSON"))),
        Case::new("JSON: generate", || generate(&json)),
        Case::new("YAML: skip", || drop(serde_yaml::from_str::<IgnoredAny>(black_box(&yaml)).expect("it is YAML"))),
        Case::new("YAML: generate", || generate(&yaml)),
    ];

    println!("YAML of {} kB, JSON of {} kB", yaml.len() / 1000, json.len() / 1000);
    let (from_json, from_yaml) = (measure(&cases[..2], 100), measure(&cases[2..], 10));
    for (case, time) in cases.iter().zip(from_json.iter().chain(&from_yaml)) {
        println!("  {:<60}{:>10.2} ms", case.name, time * 1e3);
    }
    print_ratio("JSON text to files / skipping it", from_json[1] / from_json[0], 12.0);
    print_ratio("YAML text to files / skipping it", from_yaml[1] / from_yaml[0], 1.7);

    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    for case in &cases {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}
