//! Measures generating, relative to parsing the same text and ignoring it.
//!
//! With `STRIPE_OPENAPI_DIR` the text is Stripe's whole document of 2023; without, a synthetic one of that size.

use std::hint::black_box;
use std::process::Command;

use codegen::document::Document;
use codegen::{coverage, document, markdown};
use criterion::Criterion;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::de::IgnoredAny;
use tests::bench::{Case, measure, print_ratio};
use tests::{corpus, shapes, workspace};

/// The argument with which this program starts itself to measure a single run.
const ONCE: &str = "--once";

/// How many resources of the whole document are generated; `None` for the session alone.
const RESOURCES: [Option<usize>; 5] = [None, Some(1), Some(5), Some(20), Some(usize::MAX)];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(ONCE) {
        let file = arguments.next().expect("a file is named");
        let count = arguments.next().map(|count| count.parse().expect("a number of resources"));
        return run_once(&file, count, &arguments.collect::<Vec<_>>());
    }
    if std::env::args().any(|argument| argument == "documents") {
        return print_documents();
    }
    let config = workspace::session_config();
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

    print_runs(&json, from_yaml[0]);
    print_documents();
    print_shapes();
    print_texts();

    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    for case in &cases {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}

/// Generates from a file to files, without the operations that are refused, and prints the peak memory in kilobytes, the CPU time
/// in seconds and the lines.
fn run_once(document: &str, resources: Option<usize>, refused: &[String]) {
    let text = std::fs::read_to_string(document).expect("the document can be read");
    let mut config = workspace::session_config();
    let json = document::to_json("whole", &text).expect("the document is JSON");
    if let Some(count) = resources {
        let index = Document::index("whole", &json).expect("the document is OpenAPI");
        config.resources = coverage::resources(&index).expect("the document is well formed");
        config.resources.truncate(count);
        for resource in &mut config.resources {
            resource.operations.retain(|row| !refused.contains(&row.to_string()));
        }
    }
    let start = cpu();
    let index = Document::index("whole", &json).expect("the document is OpenAPI");
    let generated = codegen::generate_from(&config, None, &index).expect("the document is accepted");
    let seconds = cpu() - start;
    let directory = tempfile::TempDir::new().expect("a directory can be made");
    for file in &generated.files {
        let path = directory.path().join(&file.path);
        std::fs::create_dir_all(path.parent().expect("the path has a parent")).expect("the directory can be made");
        std::fs::write(path, &file.text).expect("the directory can be written");
    }
    let lines: usize = generated.files.iter().map(|file| file.text.lines().count()).sum();
    println!("{} {seconds} {lines}", peak());
}

/// Returns the CPU time of this process, in seconds.
fn cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the system counts");
    [usage.user_time(), usage.system_time()].iter().map(|time| time.num_microseconds() as f64 / 1e6).sum()
}

/// Returns the peak memory of this process, in kilobytes. On Linux `getrusage` reports at least the peak of the parent, so
/// that `/proc` takes precedence.
fn peak() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or_else(|| getrusage(UsageWho::RUSAGE_SELF).expect("the system counts").max_rss())
}

/// A whole document in a file, and the operations of it that are refused.
struct Whole {
    file: tempfile::NamedTempFile,
    refused: Vec<String>,
    /// The number of the others.
    generated: usize,
}

impl Whole {
    fn new(json: &str) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        std::fs::write(&file, json).expect("the file can be written");
        let json = std::borrow::Cow::Borrowed(json);
        let document = Document::index("whole", &json).expect("the document is OpenAPI");
        let covered = coverage::coverage(&workspace::session_config(), &document).expect("the document is well formed");
        let operations = covered.resources.iter().flat_map(|resource| &resource.operations);
        let refused = operations.filter(|(_, refused)| refused.is_some());
        let refused = refused.map(|(head, _)| format!("{} {}", head.method.as_str(), head.path)).collect();
        Self { file, refused, generated: covered.generated() }
    }

    /// Returns the peak memory in kilobytes, the CPU time in seconds and the lines of a run in a process of its own: the best of
    /// three, as other programs run as well.
    fn run(&self, resources: Option<usize>) -> [f64; 3] {
        let this = std::env::current_exe().expect("this program is a file");
        let count = resources.map(|count| count.to_string());
        let runs = (0..3).map(|_| {
            let mut command = Command::new(&this);
            command.arg(ONCE).arg(self.file.path()).args(&count);
            let output = command.args(count.iter().flat_map(|_| &self.refused)).output().expect("the program runs");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let numbers: Vec<f64> = text.split_whitespace().map(|n| n.parse().expect("it prints numbers")).collect();
            <[f64; 3]>::try_from(numbers).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
        });
        runs.min_by(|a, b| a[1].total_cmp(&b[1])).expect("there are three runs")
    }
}

/// Prints that what all of a document costs grows with what is generated of it, from one of Stripe's documents to the next.
fn print_documents() {
    let Some(directory) = corpus::directory() else { return };
    let mut before: Option<[f64; 2]> = None;
    for name in
        [corpus::V2020, corpus::V2023, corpus::COMPOSED].into_iter().filter(|name| directory.join(name).exists())
    {
        let text = corpus::text(name).expect("the directory is set");
        let json = document::to_json(name, &text).expect("the document is YAML or JSON");
        let whole = Whole::new(&json);
        if whole.generated == 0 {
            println!("  all of {name}: every operation is refused");
            continue;
        }
        let [kilobytes, seconds, lines] = whole.run(Some(usize::MAX));
        println!("  all of {name}: {lines} lines, {:.1} ms, {:.1} MB", seconds * 1e3, kilobytes / 1e3);
        let now = [seconds / lines, kilobytes / lines];
        for (what, (now, before)) in ["time", "memory"].iter().zip(now.iter().zip(before.iter().flatten())) {
            print_ratio(&format!("{what} for each line, by the document before"), now / before, 1.3);
        }
        before = Some(now);
    }
}

/// Prints the cost of whole runs, by the number of resources. `skipping_yaml` is the time to parse the same document as YAML and
/// ignore it.
fn print_runs(json: &str, skipping_yaml: f64) {
    let document = Whole::new(json);
    let mut per_line = Vec::new();
    for resources in RESOURCES {
        let best = document.run(resources);
        let (megabytes, seconds, lines) = (best[0] / 1000.0, best[1], best[2]);
        let (what, limit) = match resources {
            None => ("the resources of the configuration".to_owned(), 40.0),
            Some(usize::MAX) => ("all resources".to_owned(), 150.0),
            Some(count) => (format!("resources: {count}"), 150.0),
        };
        let verdict = if megabytes <= limit { "ok" } else { "exceeds the limit" };
        println!(
            "  {what:<36}{lines:>8} lines{:>9.1} ms{megabytes:>8.1} MB (at most {limit} MB) {verdict}",
            seconds * 1e3
        );
        if resources == Some(usize::MAX) {
            print_ratio("all resources / skipping the YAML", seconds / skipping_yaml, 10.0);
        }
        if resources.is_some() {
            per_line.push(seconds / lines);
        }
    }
    if let (Some(one), Some(all)) = (per_line.first(), per_line.last()) {
        print_ratio("time for each line, all resources / one", all / one, 1.5);
    }
}

/// Prints the cost of each added element of documents whose schemas refer to each other, and that twice the size costs about
/// twice as much.
fn print_shapes() {
    let config = shapes::config();
    for (name, size, schemas) in shapes::all() {
        let texts = [1, 2].map(|times| shapes::document(&schemas(times * size)));
        let cases = texts.iter().map(|text| {
            Case::new(name, || {
                drop(codegen::generate(&config, None, "shape", black_box(text)).expect("it is accepted"))
            })
        });
        let times = measure(&cases.collect::<Vec<_>>(), 10);
        let added = (times[1] - times[0]) / size as f64;
        println!("  {name}: {:.1} ms for {size}, {:.1} us for each one more", times[0] * 1e3, added * 1e6);
        print_ratio(&format!("{name}, {} / {size}", 2 * size), times[1] / times[0], 2.8);
    }
}

/// Descriptions that cost more than their size where something scans all that came before, each with a part of it and how
/// often it is repeated.
const TEXTS: [(&str, usize); 12] = [
    ("‹", 400_000),
    ("<", 400_000),
    ("`", 100_000),
    ("` `` ", 100_000),
    ("[", 100_000),
    ("![[]](", 100_000),
    ("<code>", 200_000),
    ("<a href=\"", 100_000),
    ("*a **b ", 100_000),
    ("> - ", 100_000),
    ("&<!--", 100_000),
    ("https://a&", 100_000),
];

/// Prints what comments of long texts cost.
fn print_texts() {
    for (part, count) in TEXTS {
        let text = part.repeat(count);
        let once = || {
            let start = cpu();
            let written = markdown::wrap(&markdown::markdown(&text, ""), 96).join("\n");
            let value = markdown::wrap(&markdown::code(&text), 96).join("\n");
            black_box(markdown::fault(&written, &|_| false, &|_| false));
            black_box(markdown::fault(&value, &|_| false, &|_| false));
            cpu() - start
        };
        // The best of three, as other programs run as well.
        let best = (0..3).map(|_| once()).fold(f64::INFINITY, f64::min);
        println!("  {count} times {part:?}: {:.1} ms, {:.2} µs for each", best * 1e3, best / count as f64 * 1e6);
        print_ratio("CPU s for a description and a value of that length", best, 2.0);
    }
}
