//! `cargo xtask update --document-only` with files and with a server on this machine: it succeeds, or changes nothing.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;

use tempfile::TempDir;
use tests::workspace;

use crate::harness::{copy, xtask_in};

/// A copy of the documents to work on.
struct Workspace {
    directory: TempDir,
}

impl Workspace {
    fn new() -> Self {
        Self { directory: copy() }
    }

    /// Runs `cargo xtask update --document-only`.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        self.xtask(&[&["update", "--document-only"], arguments].concat())
    }

    fn xtask(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let run = xtask_in(self.directory.path(), &[arguments, &["--root", "."]].concat());
        (run.code, run.said())
    }

    /// Writes a file beside `spec/`, and returns its path.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        fs::write(&path, text).expect("the directory can be written");
        path.display().to_string()
    }

    /// The version of the current release.
    fn version(&self) -> String {
        self.config().releases[0].api_version.clone()
    }

    fn config(&self) -> codegen::Config {
        codegen::Config::parse("codegen.toml", &self.read("codegen.toml")).expect("it parses")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join("spec").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).expect("the file is there")
    }

    /// All that `spec/` holds.
    fn all(&self) -> Vec<(PathBuf, String)> {
        let entries = fs::read_dir(self.directory.path().join("spec")).expect("the directory is there");
        let mut all: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("the directory can be read").path();
                let text = fs::read_to_string(&path).expect("the file is text");
                (path, text)
            })
            .collect();
        all.sort();
        all
    }

    /// Runs what is to fail: it says all of `expected`, and `spec/` stays as it was.
    fn refused(&self, arguments: &[&str], expected: &[&str]) {
        let before = self.all();
        let (code, said) = self.run(arguments);
        assert_eq!(code, Some(1), "{said}");
        for expected in expected {
            assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
        }
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(self.all(), before);
    }
}

/// The current release's document below `spec/`.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| workspace::config().releases[0].document.clone());

/// A server on this machine that gives each response in turn, then the last one again. Counts what it was asked.
fn server(responses: Vec<Vec<u8>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let response = responses[asked.fetch_add(1, Ordering::SeqCst).min(responses.len() - 1)].clone();
            thread::spawn(move || {
                let mut request = Vec::new();
                let mut buffer = [0; 1024];
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => return,
                        Ok(length) => request.extend_from_slice(&buffer[..length]),
                    }
                }
                // The client may have hung up, as it should on what is too large.
                let _ = stream.write_all(&response);
            });
        }
    });
    (format!("http://{address}/{{tag}}/openapi.json"), count)
}

fn response(status: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn ok(body: &str) -> Vec<u8> {
    response("200 OK", body.len(), body.as_bytes())
}

/// Our own document as Stripe would publish it: JSON, with more in it than is selected.
fn published(workspace: &Workspace) -> String {
    let yaml = workspace.read(&DOCUMENT);
    let json = codegen::document::to_json("document", &yaml).expect("it is YAML");
    json.replacen("\"schemas\":{", "\"schemas\":{\"unrelated\":{\"type\":\"object\"},", 1)
}

#[test]
fn the_same_input_twice_changes_nothing() {
    let workspace = Workspace::new();
    let file = workspace.directory.path().join("openapi.json");
    fs::write(&file, published(&workspace)).expect("the directory can be written");
    let file = file.display().to_string();
    let (code, said) = workspace.run(&[&file]);
    assert_eq!(code, Some(0), "{said}");
    let first = workspace.all();
    let (code, said) = workspace.run(&[&file]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("kept") && !said.contains("wrote"), "{said}");
    assert_eq!(workspace.all(), first);
    assert!(!workspace.read(&DOCUMENT).contains("unrelated"), "only what is selected is kept");
}

#[test]
fn our_document_is_in_the_form_that_is_written() {
    let workspace = Workspace::new();
    let before = workspace.read(&DOCUMENT);
    let config = workspace.read("codegen.toml");
    let (code, said) = workspace.run(&[&format!("spec/{}", *DOCUMENT)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(workspace.read("codegen.toml") == config, "where it came from stays as it was recorded");
    assert!(workspace.read(&DOCUMENT) == before, "run `cargo xtask update --document-only spec/{}`", *DOCUMENT);
}

#[test]
fn our_descriptions_stay_unless_stripes_are_asked_for() {
    let workspace = Workspace::new();
    let ours = "Caps on what a session may collect.";
    assert!(workspace.read(&DOCUMENT).contains(ours));
    let theirs = published(&workspace).replace(ours, "Settings that Stripe words otherwise.").replace(
        "\"manual_entry\":{\"$ref\"",
        "\"brand_new\":{\"type\":\"boolean\",\"description\":\"Stripe's words\"},\"manual_entry\":{\"$ref\"",
    );
    let file = workspace.write("openapi.json", &theirs);
    let (code, said) = workspace.run(&[&file]);
    assert_eq!(code, Some(0), "{said}");
    let text = workspace.read(&DOCUMENT);
    assert!(text.contains(ours) && !text.contains("Stripe words otherwise") && !text.contains("Stripe's words"));
    assert!(text.contains("brand_new"));

    let (code, said) = workspace.run(&[&file, "--take-docs"]);
    assert_eq!(code, Some(0), "{said}");
    let text = workspace.read(&DOCUMENT);
    assert!(!text.contains(ours) && text.contains("Stripe words otherwise") && text.contains("Stripe's words"));
}

#[test]
fn a_download_is_recorded_by_its_commit() {
    let workspace = Workspace::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let document = published(&workspace);
    let (url, count) = server(vec![ok(&format!("{commit}\n")), ok(&document)]);
    let commit_url = url.replace("openapi.json", "commit");
    let (code, said) = workspace.run(&["--url", &url, "--commit-url", &commit_url, "--tag", "v42"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("/v42/commit") && said.contains(&format!("/{commit}/openapi.json")), "{said}");
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let config = workspace.read("codegen.toml");
    assert!(config.contains(&format!("/{commit}/openapi.json")) && !config.contains("v42"), "{config}");
    let sha256 = config.lines().find(|line| line.starts_with("upstream_sha256 = ")).expect("it is recorded");
    assert_eq!(sha256.len(), "upstream_sha256 = \"\"".len() + 64);
    assert!(config.contains("# Prefixes that say where"), "comments stay");

    let right = sha256.trim_start_matches("upstream_sha256 = ").trim_matches('"').to_owned();
    let (code, said) = workspace.run(&["--url", &url, "--sha256", &right]);
    assert_eq!(code, Some(0), "{said}");
    workspace.refused(&["--url", &url, "--sha256", "abc"], &["and not abc", &right]);

    let (url, _) = server(vec![ok("<html>")]);
    workspace.refused(&["--url", &url, "--commit-url", &url], &["the response is not the id of a commit"]);

    // A file comes from nowhere that is known; what was recorded of the document before goes.
    let file = workspace.write("openapi.json", &document.replace("\"unrelated\"", "\"unrelated_too\""));
    assert_eq!(workspace.run(&[&file]).0, Some(0));
    let config = workspace.read("codegen.toml");
    let release = config.split("[[release]]").nth(1).expect("there is a release");
    assert!(!release.contains("upstream = ") && !release.contains(&right), "{release}");
    assert!(release.contains("upstream_sha256 = "), "{release}");
}

#[test]
fn a_version_of_another_release_is_refused() {
    let workspace = Workspace::new();
    let version = workspace.version();
    let preview = published(&workspace).replace(&format!("\"version\":\"{version}\""), "\"version\":\"preview\"");
    let file = workspace.write("openapi.json", &preview);
    workspace.refused(&[&file], &["#/info/version", "is that of the release `preview`", "`--release preview`"]);

    let long = "9".repeat(65);
    for bad in ["", "a/b", "..", "a\\nb", "a b", &long] {
        let document =
            published(&workspace).replace(&format!("\"version\":\"{version}\""), &format!("\"version\":\"{bad}\""));
        workspace.refused(&[&workspace.write("openapi.json", &document)], &["#/info/version"]);
    }
}

#[test]
fn a_new_version_renames_the_document_and_the_module() {
    let workspace = Workspace::new();
    let version = workspace.version();
    let module = workspace.config().releases[0].module.clone();
    assert!(workspace.read("codegen.toml").contains(&format!("releases = [\"{module}\"]")));
    let next = published(&workspace).replace(&version, "2099-01-15.zest");
    let (code, said) = workspace.run(&[&workspace.write("openapi.json", &next)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(workspace.file("stripe-2099-01-15.zest.yaml").exists() && !workspace.file(&DOCUMENT).exists());
    let config = workspace.read("codegen.toml");
    assert!(config.contains("module = \"zest\"\n"), "{config}");
    assert!(!config.contains(&format!("\"{module}\"")), "rows for this release follow it: {config}");
    assert!(config.contains("module = \"preview\"\n"), "a module with a name of its own keeps it: {config}");
    assert!(workspace.read("stripe-2099-01-15.zest.yaml").contains("Caps on what a session may collect."));
}

#[test]
fn generate_names_the_command_that_records_an_edit() {
    let workspace = Workspace::new();
    let document = format!("spec/{}", *DOCUMENT);
    let text = workspace.read(&DOCUMENT).replace("Caps on what", "Limits on what");
    fs::write(workspace.file(&DOCUMENT), text).expect("the directory can be written");
    let before = workspace.read("codegen.toml");
    let (code, said) = workspace.xtask(&["generate"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&format!("record it with `cargo xtask update --document-only {document}`")), "{said}");

    let (code, said) = workspace.run(&[&document]);
    assert_eq!(code, Some(0), "{said}");
    let after = workspace.read("codegen.toml");
    let others =
        |config: &str| config.lines().filter(|line| !line.starts_with("sha256")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(others(&before), others(&after), "an edit does not change where the document came from");
    assert!(workspace.read(&DOCUMENT).contains("Limits on what"));
    assert_eq!(workspace.xtask(&["generate"]).0, Some(0));

    // A document is recorded for its own release.
    let (code, said) = workspace.run(&["spec/stripe-preview.yaml"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(workspace.read("codegen.toml"), after);
}

#[test]
fn temporary_failures_are_retried() {
    let workspace = Workspace::new();
    let document = published(&workspace);
    let half = response("200 OK", document.len(), &document.as_bytes()[..document.len() / 2]);
    let (url, count) = server(vec![response("503 Service Unavailable", 0, b""), half, ok(&document)]);
    let (code, said) = workspace.run(&["--url", &url]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[test]
fn a_failed_download_changes_nothing() {
    let workspace = Workspace::new();
    let document = published(&workspace);

    let (url, count) = server(vec![response("200 OK", document.len(), &document.as_bytes()[..document.len() / 2])]);
    workspace.refused(&["--url", &url], &["the download stopped", "tried 3 times", "127.0.0.1"]);
    assert_eq!(count.load(Ordering::SeqCst), 3);

    let (url, count) = server(vec![response("404 Not Found", 2, b"no")]);
    workspace.refused(&["--url", &url], &["the server responded with 404"]);
    assert_eq!(count.load(Ordering::SeqCst), 1, "what will not pass is not tried again");

    let (url, _) = server(vec![ok("<html>Please log in</html>")]);
    workspace.refused(&["--url", &url], &["not an OpenAPI document"]);

    let (url, _) = server(vec![ok("")]);
    workspace.refused(&["--url", &url], &["the document is empty"]);

    let (url, _) = server(vec![response("200 OK", 65 << 20, b"{")]);
    workspace.refused(&["--url", &url], &["larger than 64 MiB"]);

    // Without a length, it is the size that tells.
    let mut endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    endless.resize(66 << 20, b' ');
    let (url, _) = server(vec![endless]);
    workspace.refused(&["--url", &url], &["larger than 64 MiB"]);

    let redirect =
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (url, _) = server(vec![redirect.to_vec()]);
    workspace.refused(&["--url", &url], &["redirect"]);
}

#[test]
fn a_missing_network_is_reported() {
    let workspace = Workspace::new();
    // Nobody listens there.
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free").port();
    let url = format!("http://127.0.0.1:{port}/openapi.json");
    workspace.refused(&["--url", &url], &["the download failed", "download it by other means"]);
}

#[test]
fn only_https_is_downloaded() {
    let workspace = Workspace::new();
    for url in [
        "http://example.com/x.json",
        "ftp://example.com/x.json",
        "http://127.0.0.1.example.com/",
        "file:///etc/passwd",
        "http://127.0.0.1:80@evil.example/",
        "http://localhost@evil.example/",
        "http://[::1]@evil.example/",
        "http://evil.example\\@127.0.0.1/",
        "http://evil.example#@127.0.0.1/",
        "ftp://127.0.0.1/",
        "127.0.0.1/x",
        "nonsense",
    ] {
        workspace.refused(&["--url", url], &["only https is downloaded"]);
    }
    workspace.refused(&["--url", "https://user:password@example.com/"], &["has a user name or a password"]);
    for url in ["http://LOCALHOST:9/a@b", "http://[::1]:9/x"] {
        workspace.refused(&["--url", url], &["the download failed"]);
    }
}

#[test]
fn what_generate_refuses_is_not_taken() {
    let workspace = Workspace::new();
    workspace.refused(&["no/such/file.json"], &["cannot be read"]);
    workspace.refused(&["--release", "lettuce"], &["there is no release `lettuce`", "`preview`"]);
    let file = workspace.directory.path().join("openapi.yaml");
    fs::write(&file, workspace.read(&DOCUMENT).replace("financial_connections.session:", "something.else:"))
        .expect("the directory can be written");
    workspace.refused(&[&file.display().to_string()], &["has no schema `financial_connections.session`"]);
}

#[test]
fn a_tag_is_checked_before_it_is_asked_for() {
    for tag in ["", "v1 2", "../v1", "v1?x", "v1#x", "-v1", "/v1", "v\u{202e}1"] {
        let (code, said) = Workspace::new().run(&["--url", "http://127.0.0.1:9/{tag}", &format!("--tag={tag}")]);
        assert_eq!(code, Some(1), "{tag}");
        assert!(said.contains("is not the name of a tag"), "{tag}: {said}");
    }
}
