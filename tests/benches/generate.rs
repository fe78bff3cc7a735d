//! Measures generating, relative to parsing the same text and ignoring it.
//!
//! With `STRIPE_OPENAPI_DIR` the text is Stripe's whole document of 2023; without, a synthetic one of that size.

use std::hint::black_box;

use codegen::document;
use criterion::Criterion;
use nix::sys::resource::{UsageWho, getrusage};
use serde::de::IgnoredAny;
use tests::bench::{Case, measure, print_ratio};
use tests::{corpus, workspace};

/// The argument with which this program starts itself to measure the memory of a single run.
const PEAK: &str = "--peak-of";

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(PEAK) {
        return run_once(&arguments.next().expect("a file is named"));
    }
    let config = workspace::config();
    let yaml = corpus::text(corpus::V2023).unwrap_or_else(corpus::synthetic);
    let json = document::to_json("whole", &yaml).expect("the document is YAML").into_owned();
    let generate = |text: &str| {
        drop(codegen::generate(&config, None, "whole", black_box(text)).expect("the document is accepted"))
    };
    let cases = [
        Case::new("JSON: skip", || {
            black_box(serde_json::from_str::<IgnoredAny>(black_box(&json)).expect("the document is JSON"));
        }),
        Case::new("JSON: generate", || generate(&json)),
        Case::new("YAML: skip", || {
            black_box(serde_yaml::from_str::<IgnoredAny>(black_box(&yaml)).expect("the document is YAML"));
        }),
        Case::new("YAML: generate", || generate(&yaml)),
    ];

    println!("YAML of {} kB, JSON of {} kB", yaml.len() / 1000, json.len() / 1000);
    let (from_json, from_yaml) = (measure(&cases[..2], 100), measure(&cases[2..], 10));
    for (case, time) in cases.iter().zip(from_json.iter().chain(&from_yaml)) {
        println!("  {:<60}{:>10.2} ms", case.name, time * 1e3);
    }
    print_ratio("JSON text to files / skipping it", from_json[1] / from_json[0], 12.0);
    print_ratio("YAML text to files / skipping it", from_yaml[1] / from_yaml[0], 1.7);

    print_peak(&json);

    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    for case in &cases {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}

/// Generates from a file to files, and prints the peak memory.
fn run_once(document: &str) {
    let text = std::fs::read_to_string(document).expect("the document can be read");
    let generated = codegen::generate(&workspace::config(), None, "whole", &text).expect("the document is accepted");
    let directory = tempfile::TempDir::new().expect("a directory can be made");
    for file in &generated.files {
        std::fs::write(directory.path().join(&file.path), &file.text).expect("the directory can be written");
    }
    println!("{}", peak());
}

/// Returns the peak memory of this process, in kilobytes. On Linux `getrusage` reports at least the peak of the parent, so
/// that `/proc` takes precedence.
fn peak() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or_else(|| getrusage(UsageWho::RUSAGE_SELF).expect("the system counts").max_rss())
}

fn print_peak(json: &str) {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    std::fs::write(&file, json).expect("the file can be written");
    let this = std::env::current_exe().expect("this program is a file");
    let output = std::process::Command::new(this).arg(PEAK).arg(file.path()).output().expect("the program runs");
    let kilobytes: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("it prints a number");
    let (megabytes, limit) = (kilobytes / 1000.0, 40.0);
    let verdict = if megabytes <= limit { "ok" } else { "exceeds the limit" };
    println!("  peak memory of a whole run from JSON {megabytes:>25.1} MB (at most {limit} MB) {verdict}");
}
