//! Compares this crate with Stripe's official libraries for Node and Python: `cargo run --package conformance`.
//!
//! Installs both libraries at the versions that this directory pins, has them send to a server on loopback and verify webhook
//! deliveries, and records the outcome for `cargo test`. Exits with 1 if anything differs without an explanation. With
//! `--check` it records nothing, and exits with 1 if the record is stale.

mod install;

use std::{
    collections::BTreeMap,
    env,
    ffi::OsStr,
    io::Write,
    process::{Command, ExitCode, Stdio},
};

use conformance::{
    Problem,
    capture::{Captured, Server, send},
    cases::{Case, Operation, cases},
    compare::{Summary, compare},
    differences::DIFFERENCES,
    ours,
    record::{self, About, Library, Recorded, Recording},
    webhook,
};
use serde::de::DeserializeOwned;

use self::install::{Programs, install};

/// The number of problems that are shown for each library.
const SHOWN: usize = 20;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Problem> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let check = match &arguments[..] {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err(Problem::new("usage: cargo run --package conformance [-- --check]")),
    };
    let Programs { node, python } = install()?;

    let cases = cases();
    let count = |operation: &Operation| cases.iter().filter(|case| case.operation == *operation).count();
    let counts: Vec<_> = Operation::ALL.iter().map(|operation| format!("{} {operation:?}", count(operation))).collect();
    println!("cases   {}: {}", cases.len(), counts.join(", "));

    let text = record::cases_text(&cases)?;
    let mut files = vec![("cases", text.clone())];
    let mut unexplained = 0;
    this_crate(&cases)?;
    let libraries =
        [(Library::Node, OsStr::new(node), &[][..], "mjs"), (Library::Python, python.as_os_str(), &["-I"][..], "py")];
    for (library, program, options, suffix) in libraries {
        let server = Server::start()?;
        let address = format!("http://{}", server.address());
        let driver = format!("drive.{suffix}");
        let about =
            drive(program, &[options, &[&driver, &address]].concat(), &text).map_err(|problem| problem.at(library))?;
        let captured = server.stop().map_err(|problem| problem.at(library))?;
        let recording = recording(library, about, &cases, captured).map_err(|problem| problem.at(library))?;
        files.push((library.name(), recording.text()?));
        let summary = compare(&cases, &recording);
        unexplained += summary.problems.len();
        show(&recording, &summary);
    }

    let deliveries = webhook::deliveries();
    println!("webhook {} deliveries", deliveries.len());
    let text = webhook::deliveries_text(&deliveries)?;
    files.push((webhook::DELIVERIES, text.clone()));
    for (library, program, options, suffix) in libraries {
        let driver = format!("receive.{suffix}");
        let report: webhook::Report =
            drive(program, &[options, &[&*driver]].concat(), &text).map_err(|problem| problem.at(library))?;
        if library == Library::Python {
            files.push((record::THIN_EVENTS, report.notification_types().collect()));
        }
        let recording = report.of(library);
        files.push((webhook::file(library), recording.text()?));
        let summary = webhook::compare(&deliveries, &recording);
        unexplained += summary.problems.len();
        show_webhook(library, &summary);
    }
    if unexplained > 0 {
        println!("failed  {unexplained} unexplained; nothing was recorded");
        return Ok(false);
    }
    keep(files, check)
}

/// Sends the requests that this crate builds, and checks that they arrive unchanged.
fn this_crate(cases: &[Case]) -> Result<(), Problem> {
    let server = Server::start()?;
    let mut sent = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        if let Ok(request) = ours::request(case)? {
            send(server.address(), index, &request).map_err(|problem| problem.at(&case.name))?;
            sent.push((index, request));
        }
    }
    let captured = server.stop()?;
    for ((index, request), captured) in sent.iter().zip(&captured) {
        let built = (request.path(), request.query(), request.body().unwrap_or_default());
        let came = (&captured.path[..], captured.query.as_deref(), &captured.body[..]);
        if (index.to_string(), built) != (captured.case.clone(), came) {
            return Err(Problem::new("this crate's request did not arrive as it was built").at(&cases[*index].name));
        }
    }
    println!("ours    {} sent, {} refused", captured.len(), cases.len() - captured.len());
    Ok(())
}

/// Runs a driver of a library with the cases, and returns its report.
fn drive<T: DeserializeOwned>(program: &OsStr, arguments: &[&str], cases: &str) -> Result<T, Problem> {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(record::directory())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Problem::from(error).at(program.display()))?;
    // A driver that fails early reads nothing: its exit code says more than the broken pipe.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(cases.as_bytes()));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(Problem::new(format!("the driver failed: {}", output.status)));
    }
    written?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Builds the recording of a library: the captured requests in the order of the cases, each exactly once.
fn recording(library: Library, about: About, cases: &[Case], captured: Vec<Captured>) -> Result<Recording, Problem> {
    let mut headers = BTreeMap::new();
    let mut requests = BTreeMap::new();
    for Captured { case: index, method, path, query, body, headers: sent } in captured {
        let case = index.parse().ok().and_then(|index: usize| Some((index, cases.get(index)?)));
        let (index, case) = case.ok_or_else(|| Problem::new(format!("there is no case {index}")))?;
        if *headers.entry(case.operation).or_insert_with(|| sent.clone()) != sent {
            return Err(Problem::new("the headers are not those of the other cases").at(&case.name));
        }
        let request = Recorded { case: case.name.clone(), method, path, query, body };
        if requests.insert(index, request).is_some() {
            return Err(Problem::new("it was sent twice").at(&case.name));
        }
    }
    if let Some((_, case)) = cases.iter().enumerate().find(|(index, _)| !requests.contains_key(index)) {
        return Err(Problem::new("it was not sent").at(&case.name));
    }
    Ok(Recording { library, about, headers, requests: requests.into_values().collect() })
}

fn show(recording: &Recording, summary: &Summary) {
    let Recording { library, about, .. } = recording;
    let Summary { equal, explained, kinds, problems } = summary;
    println!(
        "{library:<7} stripe {}, API {}: {equal} equal, {explained} explained, {} unexplained",
        about.version,
        about.api_version,
        problems.len()
    );
    for (kind, count) in kinds {
        let row = DIFFERENCES.iter().find(|difference| difference.kind == *kind && difference.library == *library);
        println!("        {count:>4} {kind}; this crate follows {}", row.map_or("", |row| row.follows));
    }
    for problem in problems.iter().take(SHOWN) {
        println!("{problem}");
    }
}

fn show_webhook(library: Library, summary: &webhook::Summary) {
    let webhook::Summary { accepted, rejected, signed, kinds, problems } = summary;
    println!(
        "{library:<7} {accepted} accepted and {rejected} rejected by both, {signed} signed alike, {} explained, {} unexplained",
        kinds.values().sum::<usize>(),
        problems.len()
    );
    for (kind, count) in kinds {
        println!("        {count:>4} {kind}");
    }
    for problem in problems.iter().take(SHOWN) {
        println!("{problem}");
    }
}

/// Writes the recorded files, or with `check` only reports the stale ones. Returns whether all are as wanted.
fn keep(files: Vec<(&str, String)>, check: bool) -> Result<bool, Problem> {
    let mut same = true;
    for (name, text) in files {
        let shown = record::shown(name);
        if check {
            if !record::read(name).is_ok_and(|recorded| recorded == text) {
                println!("stale   {shown}; fix it with `cargo run --package conformance`");
                same = false;
            }
        } else if record::write(name, &text)? {
            println!("wrote   {shown}");
        } else {
            println!("kept    {shown}");
        }
    }
    Ok(same)
}
