//! Two generated crates on one runtime, of two versions of the API: one client sends operations of both, each with its own
//! version, and there is one type of error.

use std::fs;
use std::path::Path;

use codegen::Config;
use tests::{cargo, workspace};

/// Writes a file if its text is another, since Cargo goes by the times of files.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("the path has a parent")).expect("the directory can be made");
    fs::write(path, text).expect("the file can be written");
}

#[test]
fn one_client_sends_operations_of_two_crates() {
    let fixture = |name: &str| workspace::read(&format!("tests/fixtures/second/{name}"));
    let config = Config::parse("codegen.toml", &fixture("codegen.toml")).expect("the configuration parses");
    let generated = codegen::generate(&config, None, "second", &fixture("stripe-2023-10-16.yaml"));
    let generated = generated.unwrap_or_else(|error| panic!("{error}"));

    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second");
    let path = |below: &str| workspace::path(below).canonicalize().expect("it is there").display().to_string();
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n");
    let second = root.join("second");
    let _ = fs::remove_dir_all(second.join("src/release"));
    for file in &generated.files {
        write(&second.join("src/release").join(&file.path), &file.text);
    }
    write(
        &second.join("src/lib.rs"),
        "//! A second crate.\n\nmod release;\n\npub use release::*;\npub use stripe_runtime;\n",
    );
    let runtime =
        format!("stripe-runtime = {{ path = {:?} }}\n\n[features]\ntest-util = []\n", path("generated/runtime"));
    write(&second.join("Cargo.toml"), &format!("{}{runtime}", package("second")));
    write(&root.join("program/src/main.rs"), &fixture("program.rs"));
    write(&root.join("program/src/bin/no_transport.rs"), NO_TRANSPORT);
    let dependencies = format!(
        "http = \"1\"\nsecond.path = \"../second\"\nstripe-financial-connections = {{ path = {:?}, features = [\"client\"] }}\n",
        path("generated")
    );
    write(&root.join("program/Cargo.toml"), &format!("{}{dependencies}", package("program")));
    write(&root.join("Cargo.toml"), "[workspace]\nmembers = [\"program\", \"second\"]\nresolver = \"3\"\n");
    fs::copy(workspace::path("Cargo.lock"), root.join("Cargo.lock")).expect("the lock file can be copied");

    let cargo = |arguments: &[&str]| {
        let mut command = cargo::command();
        command.args(arguments).args(["--quiet", "--offline", "--package", "program"]).current_dir(&root);
        command.env("CARGO_TARGET_DIR", root.join("target")).env("RUSTFLAGS", "-D warnings");
        command.output().expect("cargo runs")
    };
    let output = cargo(&["run", "--bin", "program"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("the program prints UTF-8");
    let version = stripe_financial_connections::API_VERSION;
    let agent = concat!("stripe-financial-connections/", env!("CARGO_PKG_VERSION"));
    let expected = [
        format!("GET /v1/financial_connections/sessions/fcsess_1 HTTP/1.1 {version} {agent}"),
        format!("POST /v1/customers HTTP/1.1 2023-10-16 {agent}"),
        format!("GET /v1/financial_connections/sessions/fcsess_2 HTTP/1.1 {version} {agent}"),
        format!("GET /v1/setup_intents/seti_1 HTTP/1.1 2023-10-16 {agent}"),
    ];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);

    // The features `reqwest` and `ureq` are off here.
    let output = cargo(&["build", "--bin", "no_transport"]);
    let message = String::from_utf8_lossy(&output.stderr);
    let errors = message.lines().filter(|line| line.starts_with("error[")).collect::<Vec<_>>();
    let error = |client: &str, feature: &str| {
        format!(
            "error[E0277]: `Client::new` and `ClientBuilder::build` of the {client} client need the feature `{feature}`"
        )
    };
    let expected = [("async", "reqwest"), ("async", "reqwest"), ("blocking", "ureq"), ("blocking", "ureq")];
    assert_eq!(errors, expected.map(|(client, feature)| error(client, feature)), "{message}");
}

/// A program that a transport is missing for.
const NO_TRANSPORT: &str = r#"//! Does not compile.
use stripe_financial_connections::{Client, blocking};
fn main() {
    let _ = Client::new("sk_test_123");
    let _ = Client::builder("sk_test_123").build();
    let _ = blocking::Client::new("sk_test_123");
    let _ = blocking::Client::builder("sk_test_123").build();
}
"#;
