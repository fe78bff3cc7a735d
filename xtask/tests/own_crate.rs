//! Crates of one's own, as `cargo xtask generate --crate` creates them: Cargo, clippy and rustdoc accept them with all features
//! and with none, the example of their README runs as a doctest, and one client sends their operations together with those of
//! `stripe-financial-connections`, each with its own version, with one type of error.

#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says how long each command takes")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use tests::{corpus, run, workspace};

/// A workspace with a created crate, `second`, and a program. It is kept, and so is what Cargo compiled of it.
struct Created {
    root: PathBuf,
}

impl Created {
    /// Creates a crate from a document and these resources.
    fn new(name: &str, document: &Path, resources: &[&str]) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own").join(name);
        let created = Self { root: directory.join("kept") };
        // As deep as the one that is kept, since the path to the runtime is relative.
        let fresh = directory.join("fresh");
        let _ = fs::remove_dir_all(&fresh);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("generate").arg("--spec").arg(document).arg("--crate").arg(fresh.join("second"));
        command.args(resources.iter().flat_map(|resource| ["--resource", resource]));
        let output = command.current_dir(workspace::path("")).output().expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

        let files = workspace::files(&fresh);
        let below = |path: &Path| path.strip_prefix(&fresh).expect("it is below").to_owned();
        let names: Vec<_> = files.iter().map(|path| below(path)).collect();
        let kept = created.root.join("second");
        for old in if kept.exists() { workspace::files(&kept) } else { Vec::new() } {
            let name = old.strip_prefix(&created.root).expect("it is below").to_owned();
            if !names.contains(&name) {
                fs::remove_file(old).expect("the file can be removed");
            }
        }
        for (path, name) in files.iter().zip(&names) {
            created.write(&name.display().to_string(), &fs::read_to_string(path).expect("the file is text"));
        }
        created.write("Cargo.toml", "[workspace]\nmembers = [\"second\"]\nresolver = \"3\"\n");
        created.write("Cargo.lock", &workspace::read("Cargo.lock"));
        created
    }

    /// Adds a program that depends on the crate and on `stripe-financial-connections`.
    fn with_program(self, programs: &[(&str, &str)]) -> Self {
        let generated = workspace::path("generated").canonicalize().expect("it is there");
        self.write(
            "program/Cargo.toml",
            &format!(
                "[package]\nname = \"program\"\nedition = \"2024\"\n\n[dependencies]\nhttp = \"1\"\n\
                 serde_json = \"1\"\nsecond = {{ path = \"../second\", features = [\"client\", \"test-util\", \"webhook\"] }}\n\
                 stripe-financial-connections = {{ path = {:?}, features = [\"client\"] }}\n",
                generated.display().to_string()
            ),
        );
        for (name, text) in programs {
            self.write(&format!("program/src/bin/{name}.rs"), text);
        }
        self.write("Cargo.toml", "[workspace]\nmembers = [\"program\", \"second\"]\nresolver = \"3\"\n");
        self
    }

    /// Writes a file if its text is another, since Cargo goes by the times of files.
    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        if fs::read_to_string(&path).is_ok_and(|present| present == text) {
            return;
        }
        fs::create_dir_all(path.parent().expect("the path has a parent")).expect("the directory can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Runs Cargo, with every warning an error. Returns whether it succeeds, and what it prints.
    fn cargo(&self, arguments: &[&str]) -> (bool, String, String) {
        let mut command = run::cargo(arguments);
        command.current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("own/target"));
        // Debug information takes time, and nobody debugs what is compiled here.
        command
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings");
        let start = Instant::now();
        let output = command.output().expect("cargo runs");
        println!("{:>4} s: cargo {}", start.elapsed().as_secs(), arguments.join(" "));
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Compiles the crate with each of its features alone.
    fn check_each_feature(&self) {
        let manifest = fs::read_to_string(self.root.join("second/Cargo.toml")).expect("it is there");
        let manifest: toml_edit::DocumentMut = manifest.parse().expect("it is TOML");
        let features = manifest["features"].as_table_like().expect("it has features").iter();
        let features: Vec<_> = features.map(|(feature, _)| feature).filter(|feature| *feature != "default").collect();
        assert!(features.len() > 5, "{features:?}");
        for feature in features {
            let (is_ok, _, messages) = self.cargo(&["check", "--package", "second", "--features", feature]);
            assert!(is_ok, "{feature}: {messages}");
        }
    }

    /// Checks the crate as its owner would.
    fn check(&self) {
        let package = ["--package", "second"];
        for features in [&["--all-features"] as &[&str], &[]] {
            for command in [&["clippy", "--all-targets"] as &[&str], &["doc", "--no-deps"]] {
                let arguments = [command, &package, features].concat();
                let (is_ok, _, messages) = self.cargo(&arguments);
                assert!(is_ok, "{arguments:?}: {messages}");
            }
        }
        let (is_ok, printed, messages) =
            self.cargo(&[&["test", "--doc", "--features", "reqwest"] as &[&str], &package].concat());
        assert!(is_ok && printed.contains("1 passed"), "{printed}{messages}");
    }
}

#[test]
fn one_client_sends_operations_of_two_crates() {
    let created = Created::new("small", &with_events(), &["customer", "setup_intent"]);
    let program = workspace::read("tests/fixtures/second/program.rs");
    let readme =
        format!("{}\nfn main() {{\n    let _ = link;\n}}\n", example_of_the_readme().replace("my_stripe", "second"));
    let webhook = workspace::read("tests/fixtures/second/webhook.rs");
    let programs = [("program", &*program), ("no_transport", NO_TRANSPORT), ("readme", &readme), ("webhook", &webhook)];
    let created = created.with_program(&programs);
    created.check();
    let (is_ok, _, messages) = created.cargo(&["build", "--package", "program", "--bin", "readme"]);
    assert!(is_ok, "{messages}");

    let (is_ok, printed, messages) = created.cargo(&["run", "--package", "program", "--bin", "program"]);
    assert!(is_ok, "{messages}");
    let version = fc_version();
    let agent = concat!("stripe-financial-connections/", env!("CARGO_PKG_VERSION"));
    let expected = [
        format!("POST /v1/customers HTTP/1.1 2023-10-16 {agent}"),
        format!("POST /v1/financial_connections/sessions HTTP/1.1 {version} {agent}"),
        format!("GET /v1/financial_connections/sessions/fcsess_1 HTTP/1.1 {version} {agent}"),
        format!("POST /v1/setup_intents HTTP/1.1 2023-10-16 {agent}"),
        format!("GET /v1/financial_connections/sessions/fcsess_2 HTTP/1.1 {version} {agent}"),
        format!("GET /v1/setup_intents/seti_2 HTTP/1.1 2023-10-16 {agent}"),
    ];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);

    // The document has a subscription, which is not selected, and an event of it, which begins with `customer`.
    let (is_ok, printed, messages) = created.cargo(&["run", "--package", "program", "--bin", "webhook"]);
    assert!(is_ok, "{messages}");
    let expected = ["customer.created", "customer.tax_id.created", "setup_intent.succeeded"];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);

    // The features `reqwest` and `ureq` are off here.
    let (_, _, message) = created.cargo(&["build", "--package", "program", "--bin", "no_transport"]);
    let errors = message.lines().filter(|line| line.starts_with("error[")).collect::<Vec<_>>();
    let error = |client: &str, feature: &str| {
        format!(
            "error[E0277]: `Client::new` and `ClientBuilder::build` of the {client} client need the feature `{feature}`"
        )
    };
    let expected = [("async", "reqwest"), ("async", "reqwest"), ("blocking", "ureq"), ("blocking", "ureq")];
    assert_eq!(errors, expected.map(|(client, feature)| error(client, feature)), "{message}");
}

/// The document of the fixture with the events that an endpoint of webhooks can be sent.
fn with_events() -> PathBuf {
    let document = workspace::read("tests/fixtures/second/stripe-2023-10-16.yaml");
    let paths = format!("\npaths:\n{}", workspace::read("tests/fixtures/second/events.yaml"));
    assert_eq!(document.matches("\npaths:\n").count(), 1);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("with_events.yaml");
    fs::write(&path, document.replace("\npaths:\n", &paths)).expect("the directory can be written");
    path
}

/// The document of the fixture has every shape of `/v2`, and a resource of `/v1` with the name of one of `/v2`.
#[test]
fn operations_of_v2_send_json_and_follow_lists_by_url() {
    let document = workspace::path("tests/fixtures/emit/v2.yaml");
    let program = workspace::read("tests/fixtures/second/v2.rs");
    let created = Created::new("v2", &document, &["thing", "v2.parts.thing"]).with_program(&[("program", &program)]);
    let (is_ok, printed, messages) = created.cargo(&["run", "--package", "program", "--bin", "program"]);
    assert!(is_ok, "{messages}");
    let expected = [
        "POST https://api.stripe.com/v2/parts/things",
        "POST https://api.stripe.com/v2/parts/things/obj_123/close",
        "DELETE https://api.stripe.com/v2/parts/things/thing_1",
        "GET https://api.stripe.com/v2/parts/things?created[gt]=2026-11-02T09%3A30%3A00.125Z&limit=1",
        "GET https://api.stripe.com/v2/parts/things?page=p2&limit=1",
        "GET https://api.stripe.com/v2/parts/things/thing_3",
        "POST https://streams.stripe.com/v2/parts/thing_stream",
        "GET https://api.stripe.com/v1/things/thing_4",
    ];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

/// The program of the README that uses both crates, which is not compiled there.
fn example_of_the_readme() -> String {
    let readme = workspace::read("README.md");
    let (_, rest) = readme.split_once("```rust,ignore\n").expect("it has the program");
    rest.split("```").next().unwrap_or_default().to_owned()
}

/// The version of the API of `stripe-financial-connections`.
fn fc_version() -> String {
    workspace::config().releases[0].api_version.clone()
}

/// Crates of the size that programs have, from Stripe's own documents: three minutes each on two cores, with nothing built.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn selections_of_stripes_documents_compile() {
    let Some(directory) = corpus::directory() else { return };
    let selections: [(&str, &str, &[&str]); 3] = [
        ("setup", corpus::V2023, &["customer", "setup_intent", "payment_method"]),
        ("payment", corpus::V2023, &["payment_intent", "refund", "customer"]),
        ("linked", corpus::COMPOSED, &["financial_connections.session", "financial_connections.account"]),
    ];
    for (name, document, resources) in selections {
        let created = Created::new(name, &directory.join(document), resources);
        created.check();
        created.check_each_feature();
    }
}

/// What the libraries sent is recorded under `tests/conformance`.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn generated_requests_of_v2_are_those_of_the_official_libraries() {
    let Some(directory) = corpus::directory() else { return };
    let resources = [
        "v2.core.account",
        "v2.core.event_destination",
        "v2.core.event",
        "v2.billing.meter_event",
        "v2.billing.meter_event_session",
    ];
    let program = workspace::read("tests/fixtures/v2/program.rs");
    let created = Created::new("v2", &directory.join(corpus::COMPOSED), &resources);
    let created = created.with_program(&[("program", &program)]);
    let (is_ok, printed, messages) = created.cargo(&["run", "--package", "program", "--bin", "program"]);
    assert!(is_ok, "{messages}");
    assert_eq!(printed.lines().count(), 18, "{printed}");
    let body = |text: &str| (!text.is_empty()).then(|| serde_json::from_str::<Value>(text).expect("it is JSON"));
    for library in ["node", "python"] {
        let recorded: Value =
            serde_json::from_str(&workspace::read(&format!("tests/conformance/recorded/{library}.json")))
                .expect("it is JSON");
        for line in printed.lines() {
            let [case, method, path, query, json] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let requests = recorded["requests"].as_array().into_iter().flatten();
            let request = requests.into_iter().find(|request| request["case"] == format!("v2: {case}"));
            let request = request.unwrap_or_else(|| panic!("{case} is not recorded"));
            let sent = |part: &str| request[part].as_str().unwrap_or_default();
            assert_eq!((method, path), (sent("method"), sent("path")), "{library}: {case}");
            assert_eq!(pairs(query), pairs(sent("query")), "{library}: {case}");
            assert_eq!(body(json), body(sent("body")), "{library}: {case}");
        }
    }
}

/// The parameters of a query in any order, with the brackets of their keys as they are.
fn pairs(query: &str) -> BTreeSet<String> {
    query.split('&').map(|pair| pair.replace("%5B", "[").replace("%5D", "]").replace("%3A", ":")).collect()
}

/// A crate of everything that a document has.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn a_whole_document_becomes_a_crate_that_compiles() {
    let Some(directory) = corpus::directory() else { return };
    let created = Created::new("whole", &directory.join(corpus::V2023), &["all"]);
    let (is_ok, _, messages) = created.cargo(&["check", "--package", "second", "--all-features"]);
    assert!(is_ok, "{messages}");
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
