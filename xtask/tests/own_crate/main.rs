//! Crates of one's own, as `cargo xtask generate --crate` creates them: Cargo, clippy and rustdoc accept them with all features
//! and with none, the example of their README runs as a doctest, and one client sends their operations together with those of
//! `stripe-financial-connections`, each with its own version, with one type of error. Their requests are those of Stripe's official
//! libraries.

#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says how long each command takes")]

mod responses;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use conformance::{
    capture::Server,
    cases::cases,
    compare::compare_captured,
    record::{Library, Recording},
};
use tests::pages::with_unread_links;
use tests::run::{Crates, Run};
use tests::{corpus, workspace};

/// A workspace with a created crate, `second`, and programs.
struct Created {
    crates: Crates,
    /// The directory of both below the root. Cargo tells packages apart by their path below the root, and would otherwise take what it
    /// compiled of another crate in the same target directory.
    name: String,
}

impl Created {
    /// Creates a crate from a document and these resources.
    fn new(name: &str, document: &Path, resources: &[&str]) -> Self {
        let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own");
        let mut crates = Crates::new(own.join(name).join("kept"), own.join("target"));
        // As deep as the one that is kept, since the path to the runtime is relative.
        let fresh = own.join(name).join("fresh");
        let _ = fs::remove_dir_all(&fresh);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("generate").arg("--spec").arg(document).arg("--crate").arg(fresh.join(name).join("second"));
        command.args(resources.iter().flat_map(|resource| ["--resource", resource]));
        Run::of(command.current_dir(workspace::path(""))).ok();
        crates.files.extend(workspace::files(&fresh).into_iter().map(|path| {
            let text = fs::read(&path).expect("the file can be read");
            (path.strip_prefix(&fresh).expect("it is below").to_owned(), text)
        }));
        Self { crates, name: name.to_owned() }.with_members(&["second"])
    }

    fn with_members(mut self, members: &[&str]) -> Self {
        let members: Vec<_> = members.iter().map(|member| format!("{}/{member}", self.name)).collect();
        let manifest = format!("[workspace]\nmembers = {members:?}\nresolver = \"3\"\n");
        self.crates.files.insert("Cargo.toml".into(), manifest.into());
        self
    }

    /// Adds a file of the package `program`.
    fn with(mut self, path: &str, text: &str) -> Self {
        self.crates.files.insert(Path::new(&self.name).join("program").join(path), text.into());
        self
    }

    /// Adds programs that depend on the crate and on `stripe-financial-connections`: the files below `program/src/bin`.
    fn with_programs(self, files: &[(&str, &str)]) -> Self {
        let generated = workspace::path("generated").canonicalize().expect("it is there");
        let manifest = format!(
            "[package]\nname = \"program\"\nedition = \"2024\"\n\n[dependencies]\nhttp = \"1\"\nserde_core = \"1\"\n\
             serde_json = \"1\"\nsecond = {{ path = \"../second\", features = [\"client\", \"test-util\", \"webhook\"] }}\n\
             stripe-financial-connections = {{ path = {:?}, features = [\"client\"] }}\n",
            generated.display().to_string()
        );
        let created = self
            .with("Cargo.toml", &manifest)
            .with("src/lib.rs", &workspace::read("tests/fixtures/second/lib.rs"))
            .with_members(&["program", "second"]);
        files.iter().fold(created, |created, (name, text)| created.with(&format!("src/bin/{name}"), text))
    }

    /// Adds a program of `tests/fixtures/selections`, with its modules.
    fn with_sender(self, program: &str, modules: &[&str]) -> Self {
        let path = |file: &str| format!("tests/fixtures/selections/{file}.rs");
        let main = (format!("{program}/main.rs"), workspace::read(&path(program)));
        let modules = modules.iter().map(|module| (format!("{program}/{module}.rs"), workspace::read(&path(module))));
        let files: Vec<_> = modules.chain([main]).collect();
        let files: Vec<_> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
        self.with_programs(&files)
    }

    /// Runs Cargo, and says how long it takes.
    fn cargo(&self, arguments: &[&str]) -> Run {
        let start = Instant::now();
        let run = self.crates.cargo(arguments);
        println!("{:>4} s: cargo {}", start.elapsed().as_secs(), arguments.join(" "));
        run
    }

    /// Builds programs.
    fn build(&self, programs: &[&str]) -> Run {
        let programs = programs.iter().flat_map(|program| ["--bin", program]);
        self.cargo(&["build", "--keep-going", "--package", "program"].into_iter().chain(programs).collect::<Vec<_>>())
    }

    /// Runs a program that was built. Returns what it prints.
    fn run(&self, program: &str, arguments: &[&str]) -> Run {
        let program = self.crates.target.join("debug").join(program).with_extension(env::consts::EXE_EXTENSION);
        Run::of(Command::new(program).args(arguments).current_dir(&self.crates.root))
    }

    /// Compiles the crate with each of its features alone.
    fn check_each_feature(&self) {
        let manifest =
            fs::read_to_string(self.crates.root.join(&self.name).join("second/Cargo.toml")).expect("it is there");
        let manifest: toml_edit::DocumentMut = manifest.parse().expect("it is TOML");
        let features = manifest["features"].as_table_like().expect("it has features").iter();
        let features: Vec<_> = features.map(|(feature, _)| feature).filter(|feature| *feature != "default").collect();
        assert!(features.len() > 5, "{features:?}");
        for feature in features {
            self.cargo(&["check", "--package", "second", "--features", feature]).ok();
        }
    }

    /// Checks the crate as its owner would.
    fn check(&self) {
        let package = ["--package", "second"];
        let clippy = &["clippy", "--all-targets"] as &[&str];
        // The pages of all features, which are deleted below, are elsewhere: these need not be made again.
        let bare = self.crates.target.join("bare").display().to_string();
        for command in [&[clippy, &["--all-features"]].concat(), clippy, &["doc", "--no-deps", "--target-dir", &bare]] {
            self.cargo(&[command, &package].concat()).ok();
        }
        let printed = self.cargo(&[&["test", "--doc", "--features", "reqwest"] as &[&str], &package].concat()).ok();
        assert!(printed.contains("1 passed"), "{printed}");
        self.check_pages();
    }

    /// Checks what the documentation shows.
    fn check_pages(&self) {
        // Of another crate of this name, there may be pages.
        let _ = fs::remove_dir_all(self.crates.target.join("doc"));
        self.cargo(&["doc", "--no-deps", "--package", "second", "--all-features"]).ok();
        let pages = self.crates.target.join("doc/second");
        let unread = with_unread_links(&pages);
        assert!(unread.is_empty(), "links that are shown as text: {unread:#?}");
        let client = fs::read_to_string(pages.join("struct.Client.html")).expect("it is there");
        assert!(
            client.contains("<p>Sends operations to Stripe."),
            "it is a paragraph, not a row of the table before it"
        );
    }

    /// Runs a program that sends every operation of the crate, as cases of `tests/conformance`. Compares each request that arrives with
    /// those of the official libraries, and returns the names of the cases.
    fn sends_what_the_libraries_send(&self, program: &str, version: &str) -> BTreeSet<String> {
        let server = Server::start().expect("a port is free");
        let url = format!("http://{}", server.address());
        let run = self.run(program, &[&url]);
        let captured = server.stop();
        run.ok();
        let captured = captured.expect("every request names a case");

        let cases = cases();
        let operations =
            fs::read_to_string(self.crates.root.join(&self.name).join("second/src/generated/operations.md"))
                .expect("it is there");
        let rows = operations.lines().filter(|line| line.starts_with("| [`"));
        let mut left_out: BTreeSet<_> = rows.filter_map(|row| row.split('`').nth(3)).collect();
        assert!(!left_out.is_empty(), "{operations}");
        let mut problems = Vec::new();
        for library in Library::ALL {
            let recording = Recording::read(library).expect("it is recorded");
            for request in &captured {
                match compare_captured(&cases, request, &recording) {
                    Ok(case) => {
                        let (method, path) = case.operation.endpoint();
                        left_out.remove(&*format!("{} {path}", method.as_str()));
                    }
                    Err(problem) => problems.push(problem.to_string()),
                }
            }
        }
        assert!(problems.is_empty(), "{program}:\n{}", problems.join("\n"));
        assert!(left_out.is_empty(), "{program} leaves out {left_out:?}");
        assert!(captured.iter().all(|request| request.headers.stripe_version.as_deref() == Some(version)));
        let names: BTreeSet<_> = captured.iter().map(|request| request.case.clone()).collect();
        assert_eq!(names.len(), captured.len(), "{program} sends a case twice");
        println!("{program}: {} requests are those of the official libraries", names.len());
        names
    }
}

#[test]
fn one_client_sends_operations_of_two_crates() {
    let created = Created::new("small", &with_events(), &["customer", "setup_intent"]);
    let program = workspace::read("tests/fixtures/second/program.rs");
    let readme =
        format!("#![allow(dead_code)]\n{}fn main() {{}}\n", examples_of_the_readme().replace("my_stripe", "second"));
    let webhook = workspace::read("tests/fixtures/second/webhook.rs");
    let programs = [
        ("program.rs", &*program),
        ("no_transport.rs", NO_TRANSPORT),
        ("other_types.rs", OTHER_TYPES),
        ("readme.rs", &readme),
        ("webhook.rs", &webhook),
    ];
    let created = created.with_programs(&programs).with_sender("small", &["customers", "setup_intents"]);
    created.check();
    created.build(&["program", "readme", "small", "webhook"]).ok();

    let version = fc_version();
    let agent = concat!("stripe-financial-connections/", env!("CARGO_PKG_VERSION"));
    let expected = [
        format!("POST /v1/customers HTTP/1.1 {WITH_EVENTS} {agent}"),
        format!("POST /v1/financial_connections/sessions HTTP/1.1 {version} {agent}"),
        format!("GET /v1/financial_connections/sessions/fcsess_1 HTTP/1.1 {version} {agent}"),
        format!("POST /v1/setup_intents HTTP/1.1 {WITH_EVENTS} {agent}"),
        format!("GET /v1/financial_connections/sessions/fcsess_2 HTTP/1.1 {version} {agent}"),
        format!("GET /v1/setup_intents/seti_2 HTTP/1.1 {WITH_EVENTS} {agent}"),
    ];
    assert_eq!(created.run("program", &[]).ok().lines().collect::<Vec<_>>(), expected);

    created.sends_what_the_libraries_send("small", WITH_EVENTS);

    // The document has a subscription, which is not selected, and an event of it, which begins with `customer`.
    let expected = [
        "customer.created",
        "customer.tax_id.created",
        "setup_intent.succeeded",
        &*format!("GET /v1/customers/cus_1 event=evt_2 org_1/acct_1 {WITH_EVENTS} "),
        &*format!("GET /v2/core/events/evt_2 event=evt_2 org_1/acct_1 {WITH_EVENTS} "),
        "v1.customer.created",
        "v1.customer.deleted",
        "v1.customer.discount.created",
        "v1.customer.discount.deleted",
        "v1.customer.discount.source_changed",
        "v1.customer.discount.updated",
        "v1.customer.tax_id.created",
        "v1.customer.tax_id.deleted",
        "v1.customer.tax_id.updated",
        "v1.customer.updated",
        "v1.setup_intent.canceled",
        "v1.setup_intent.created",
        "v1.setup_intent.requires_action",
        "v1.setup_intent.setup_failed",
        "v1.setup_intent.succeeded",
        "v2.core.thing[part].made",
    ];
    assert_eq!(created.run("webhook", &[]).ok().lines().collect::<Vec<_>>(), expected);

    // The features `reqwest` and `ureq` are off here.
    let message = created.build(&["no_transport", "other_types"]).stderr;
    let errors = message.lines().filter(|line| line.starts_with("error["));
    // Whether the compiler says where a type is defined depends on its release.
    let mut errors: Vec<_> = errors.map(|line| line.replace("stripe_runtime::", "").replace("second::", "")).collect();
    let no_transport = |client: &str, feature: &str| {
        format!(
            "error[E0277]: `Client::new` and `ClientBuilder::build` of the {client} client need the feature `{feature}`"
        )
    };
    let clients = [("async", "reqwest"), ("async", "reqwest"), ("blocking", "ureq"), ("blocking", "ureq")];
    let other_type = |given: &str| format!("error[E0277]: a parameter of the type `String` does not take a `{given}`");
    let given = ["Clearable<_>", "Option<Clearable<_>>", "{integer}"];
    let expected = clients.iter().map(|(client, feature)| no_transport(client, feature));
    let mut expected: Vec<_> = expected.chain(given.map(other_type)).collect();
    // The two programs are compiled at the same time.
    errors.sort();
    expected.sort();
    assert_eq!(errors, expected, "{message}");
    assert!(message.contains("to clear any other parameter, send a `Request` of your own"), "{message}");
}

/// The first version that has thin events.
const WITH_EVENTS: &str = "2024-09-30.acacia";

/// The document of the fixture with the events that an endpoint of webhooks can be sent, and a thin one about a customer.
fn with_events() -> PathBuf {
    let document = workspace::read("tests/fixtures/second/stripe-2023-10-16.yaml");
    let thin = "\n  schemas:\n    v2.core.thing[part].made:\n      type: object\n      properties:\n        related_object:\n          \
                type: object\n          properties: {type: {type: string, enum: [customer]}}\n      \
                x-stripeEvent: {kind: thin, type: 'v2.core.thing[part].made'}\n";
    assert_eq!(document.matches("\n  schemas:\n").count(), 1);
    let document =
        document.replace("\n  schemas:\n", thin).replace("version: '2023-10-16'", &format!("version: {WITH_EVENTS}"));
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
    let created = Created::new("v2", &document, &["thing", "v2.parts.thing"]);
    // With a name of its own, since the programs of all crates are in one directory.
    let created = created.with_programs(&[("parts.rs", &program)]);
    let expected = [
        "POST https://api.stripe.com/v2/parts/things",
        "POST https://api.stripe.com/v2/parts/things/obj_123/close",
        "POST https://api.stripe.com/v2/parts/things/obj_123/close",
        "DELETE https://api.stripe.com/v2/parts/things/thing_1",
        "GET https://api.stripe.com/v2/parts/things?created[gt]=2026-11-02T09%3A30%3A00.125Z&limit=1",
        "GET https://api.stripe.com/v2/parts/things?page=p2&limit=1",
        "GET https://api.stripe.com/v2/parts/things/thing_3",
        "POST https://streams.stripe.com/v2/parts/thing_stream",
        "GET https://api.stripe.com/v1/things/thing_4",
    ];
    created.build(&["parts"]).ok();
    assert_eq!(created.run("parts", &[]).ok().lines().collect::<Vec<_>>(), expected);
}

/// The programs of the README that use a crate of one's own, which are not compiled there, a module each.
fn examples_of_the_readme() -> String {
    let readme = workspace::read("README.md");
    let programs = readme.split("```rust,ignore\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let modules: Vec<_> = programs.enumerate().map(|(i, text)| format!("mod example_{i} {{\n{text}}}\n")).collect();
    assert_eq!(modules.len(), 2);
    modules.concat()
}

/// The version of the API of `stripe-financial-connections`.
fn fc_version() -> String {
    workspace::config().releases[0].api_version.clone()
}

/// A crate of the size that programs have: its name, the document with its version, and the resources.
type Selection = (&'static str, &'static str, &'static str, &'static [&'static str]);

const SELECTIONS: [Selection; 3] = [
    ("setup", corpus::V2023, "2023-10-16", &["customer", "setup_intent", "payment_method"]),
    ("payment", corpus::V2023, "2023-10-16", &["payment_intent", "refund", "customer"]),
    (
        "linked",
        corpus::COMPOSED,
        "2026-10-28.endive",
        &["financial_connections.session", "financial_connections.account"],
    ),
];

const V2: Selection = (
    "v2",
    corpus::COMPOSED,
    "2026-10-28.endive",
    &[
        "v2.core.account",
        "v2.core.event_destination",
        "v2.core.event",
        "v2.billing.meter_event",
        "v2.billing.meter_event_session",
    ],
);

/// Both of these have thin events.
const THIN: Selection =
    ("thin", corpus::COMPOSED, "2026-10-28.endive", &["financial_connections.account", "v2.core.account"]);

/// Three minutes each on two cores, with nothing built.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn selections_of_stripes_documents_compile() {
    let Some(directory) = corpus::directory() else { return };
    for (name, document, _, resources) in SELECTIONS.into_iter().chain([THIN]) {
        let created = Created::new(name, &directory.join(document), resources);
        created.check();
        created.check_each_feature();
    }
}

/// What the libraries sent is recorded under `tests/conformance`.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn selections_of_stripes_documents_send_what_the_official_libraries_send() {
    let Some(directory) = corpus::directory() else { return };
    let mut sent = BTreeSet::new();
    for (name, document, version, resources) in SELECTIONS.into_iter().chain([V2]) {
        // Not in the directory of the test above, which runs at the same time.
        let created = Created::new(&format!("sending_{name}"), &directory.join(document), resources);
        let created = created.with_sender(name, &["all_customers", "customers", "setup_intents"]);
        created.build(&[name]).ok();
        sent.extend(created.sends_what_the_libraries_send(name, version));
    }
    let cases: BTreeSet<_> =
        cases().into_iter().map(|case| case.name).filter(|name| name.starts_with("v1: ")).collect();
    let left_out: Vec<_> = cases.difference(&sent).collect();
    assert!(left_out.is_empty(), "no program sends {left_out:?}");
}

/// A crate of everything that a document has.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn a_whole_document_becomes_a_crate_that_compiles() {
    let Some(directory) = corpus::directory() else { return };
    let created = Created::new("whole", &directory.join(corpus::V2023), &["all"]);
    created.cargo(&["check", "--package", "second", "--all-features"]).ok();
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

/// A program with values of other types than their parameters.
const OTHER_TYPES: &str = r#"//! Does not compile.
use second::{Clearable, CreateCustomer};
fn main() {
    let _ = CreateCustomer::new().email(Clearable::Clear);
    let _ = CreateCustomer::new().email(Some(Clearable::Clear));
    let _ = CreateCustomer::new().email(5);
}
"#;
