//! `cargo xtask update` and `.ci/update`, rehearsed against a repository of their own, with a stub of `gh`.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "an unexpected result fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const PERSON: &str = "person@example.com";

/// A bare repository as the remote, a clone, and a directory for what `gh` is asked and responds.
struct Rehearsal {
    directory: TempDir,
}

impl Rehearsal {
    fn new() -> Self {
        let directory = TempDir::new().expect("a directory can be made");
        let rehearsal = Self { directory };
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let first = rehearsal.path("first");
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            "CHANGELOG.md",
            ".gitattributes",
            ".ci",
            "spec",
            "generated/src/releases",
            "tests/conformance/recorded/node.json",
        ] {
            copy(&project.join(file), &first.join(file));
        }
        fs::write(first.join(".gitignore"), "/target\n").expect("the directory can be written");
        git(&first, &["init", "--quiet", "--initial-branch", "main"]);
        git(&first, &["add", "--all"]);
        git(&first, &["commit", "--quiet", "--message", "Start"]);
        git(rehearsal.directory.path(), &["clone", "--quiet", "--bare", "first", "remote"]);
        git(rehearsal.directory.path(), &["clone", "--quiet", "remote", "clone"]);

        // The stub records what it is asked, and knows the branch of the open pull request.
        let stub = rehearsal.path("bin/gh");
        fs::create_dir(rehearsal.path("bin")).expect("the directory can be made");
        let script = "#!/usr/bin/env bash\nset -euo pipefail\ncd \"$GH_STUB\"\nprintf '%s\\n' \"$*\" >>asked\n\
                      case \"$1 $2\" in\n'pr list') cat open ;;\n\
                      'pr create') while [ \"$1\" != --head ]; do shift; done; printf '%s\\n' \"$2\" >open ;;\nesac\n";
        fs::write(&stub, script).expect("the directory can be written");
        fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).expect("it is ours");
        rehearsal.set_open("");
        rehearsal
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn clone(&self) -> PathBuf {
        self.path("clone")
    }

    /// Names the branch of the open pull request.
    fn set_open(&self, branch: &str) {
        fs::write(self.path("open"), format!("{branch}\n")).expect("the directory can be written");
    }

    /// Writes a document as Stripe would publish it, and returns its path.
    fn publish(&self, edit: impl FnOnce(&mut Value)) -> String {
        let mut document = current();
        edit(&mut document);
        let path = self.path("openapi.json");
        fs::write(&path, document.to_string()).expect("the directory can be written");
        path.display().to_string()
    }

    /// Runs `.ci/update` of the remote's main branch.
    fn script(&self, arguments: &[&str]) -> (bool, String) {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(self.path("first/.ci/update"));
        command
            .args(arguments)
            .current_dir(self.clone())
            .env("PATH", path)
            .env("XTASK", format!("{} --root .", env!("CARGO_BIN_EXE_xtask")))
            .env("GH_STUB", self.directory.path())
            .env("GIT_AUTHOR_NAME", "Bot")
            .env("GIT_AUTHOR_EMAIL", "bot@example.com")
            .env("NO_COLOR", "1");
        said(&mut command)
    }

    /// Runs the steps that the workflow runs. Returns whether all of them succeeded, what they printed, and what was asked
    /// of `gh` other than for the open pull request.
    fn week(&self, document: &str) -> (bool, String, Vec<String>) {
        fs::write(self.path("asked"), "").expect("the directory can be written");
        let out = self.path("out").display().to_string();
        let (mut ok, mut text) = self.script(&["prepare", &out, document]);
        if ok {
            let (delivered, more) = self.script(&["deliver", &out]);
            ok = delivered;
            text.push_str(&more);
        }
        let asked = fs::read_to_string(self.path("asked")).expect("it is there");
        let asked = asked.lines().filter(|line| !line.starts_with("pr list ")).map(str::to_owned).collect();
        (ok, text, asked)
    }

    /// The branches of the remote other than the main one.
    fn branches(&self) -> Vec<String> {
        let refs = git(&self.path("remote"), &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
        refs.lines().filter(|name| *name != "main").map(str::to_owned).collect()
    }

    /// A fresh clone of a branch, which must be as generated.
    fn fresh(&self, branch: &str) -> PathBuf {
        let path = self.path("fresh");
        let _ = fs::remove_dir_all(&path);
        git(self.directory.path(), &["clone", "--quiet", "--branch", branch, "remote", "fresh"]);
        let (code, text) = xtask(&path, &["generate", "--check"]);
        assert_eq!(code, Some(0), "{text}");
        path
    }

    /// Merges a branch into the remote's main one, and closes its pull request.
    fn merge(&self, branch: &str) {
        git(&self.path("remote"), &["update-ref", "refs/heads/main", &format!("refs/heads/{branch}")]);
        self.set_open("");
    }

    fn body(&self) -> String {
        read(&self.path("out/body.md"))
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("the directory can be made");
        for entry in fs::read_dir(from).expect("the directory is there") {
            let entry = entry.expect("the directory can be read");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("it has one")).expect("the directory can be made");
        fs::copy(from, to).expect("the file can be copied");
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn said(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Person", "-c"]).arg(format!("user.email={PERSON}")).args(arguments);
    let (ok, text) = said(command.current_dir(directory));
    assert!(ok, "git {arguments:?}: {text}");
    text
}

fn xtask(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).args(["--root", "."]).current_dir(root).env("NO_COLOR", "1");
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn config() -> codegen::Config {
    let text = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/codegen.toml"));
    codegen::Config::parse("codegen.toml", &text).expect("it parses")
}

/// The current release's document, with something beside what is selected.
fn current() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(&config().releases[0].document);
    let json = codegen::document::to_json("document", &read(&path)).expect("it is YAML").into_owned();
    let mut document: Value = serde_json::from_str(&json).expect("it is JSON");
    document["components"]["schemas"]["unrelated"] = json!({"type": "object"});
    document
}

fn session(document: &mut Value) -> &mut serde_json::Map<String, Value> {
    let session = &mut document["components"]["schemas"]["financial_connections.session"]["properties"];
    session.as_object_mut().expect("it is an object")
}

fn add_field(document: &mut Value, name: &str) {
    session(document).insert(name.to_owned(), json!({"type": "boolean", "description": "Stripe's words."}));
}

/// Adds a field: programs go on to compile.
fn additive(document: &mut Value) {
    add_field(document, "brand_new");
}

/// Removes a field: programs that read it no longer compile.
fn breaking(document: &mut Value) {
    assert!(session(document).remove("livemode").is_some());
    let required = &mut document["components"]["schemas"]["financial_connections.session"]["required"];
    required.as_array_mut().expect("some are required").retain(|name| name != "livemode");
}

/// The version of the crate, and what follows it.
fn versions() -> [String; 3] {
    use codegen::diff::{Verdict, next_version};
    let current = env!("CARGO_PKG_VERSION").parse().expect("Cargo takes it as a version");
    [None, Some(Verdict::Minor), Some(Verdict::Major)].map(|verdict| next_version(&current, verdict).to_string())
}

/// The branch of a pull request for the current version of Stripe's API.
fn branch() -> String {
    format!("stripe-openapi/{}", config().releases[0].api_version)
}

#[test]
fn nothing_new_opens_no_pull_request() {
    let rehearsal = Rehearsal::new();
    let document = rehearsal.publish(|_| {});
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok && text.contains("nothing new") && text.contains("nothing to deliver"), "{text}");
    assert_eq!((asked, rehearsal.branches()), (vec![], vec![]));
}

/// The body is Markdown on a page where others read it, and so are the entries of the changelog.
#[test]
fn text_of_a_document_is_text_in_a_pull_request() {
    let rehearsal = Rehearsal::new();
    let hostile = "\u{1b}[31m\u{202e}\u{200b}\n- [x] done` ~~~ <script>|[a](http://b.c)";
    let document = rehearsal.publish(|document| {
        let values = json!([format!("value{hostile}"), "other"]);
        let field = json!({"type": "string", "enum": values, "description": "Words."});
        session(document).insert(format!("name{hostile}"), field);
    });
    let (_, text, _) = rehearsal.week(&document);
    let (body, log) = (rehearsal.body(), read(&rehearsal.clone().join("CHANGELOG.md")));
    for markdown in [&body, &log] {
        let fault = codegen::markdown::fault(markdown, &|_| false, &|link| !link.contains(':'));
        assert_eq!(fault, None, "{markdown}");
    }
    assert!(body.contains("\\u{202e}"), "{text}\n{body}");
    let is_visible = |text: &str| !text.contains(|c| c != '\n' && codegen::visible::is_hidden(c));
    assert!(is_visible(&text), "{}", text.escape_debug());

    // A type that does not exist is refused before anything is written.
    let document = rehearsal.publish(|document| {
        session(document).insert("unknown".to_owned(), json!({"type": hostile}));
    });
    let (ok, text, _) = rehearsal.week(&document);
    assert!(!ok && text.contains("\\u{202e}") && is_visible(&text), "{}", text.escape_debug());
}

#[test]
fn an_additive_document_opens_a_draft_with_what_is_left() {
    let rehearsal = Rehearsal::new();
    let document = rehearsal.publish(additive);
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok, "{text}");
    assert_eq!(rehearsal.branches(), [branch()]);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with(&format!("pr create --base main --head {}", branch())), "{asked:?}");
    assert!(asked[0].ends_with(" --draft"), "{asked:?}");

    let fresh = rehearsal.fresh(&branch());
    let document = format!("spec/{}", config().releases[0].document);
    let text = read(&fresh.join(&document));
    let line = text.lines().position(|line| line.trim() == "brand_new:").expect("it is there") + 1;
    let body = rehearsal.body();
    assert!(body.contains(&format!("- [ ] `{document}:{line}`: describe `#/components/schemas/")), "{body}");
    assert!(body.contains("**Verdict: minor"), "{body}");
    let [_, minor, _] = versions();
    assert!(read(&fresh.join("Cargo.toml")).contains(&format!("version = \"{minor}\"")));
    assert!(read(&fresh.join("Cargo.lock")).contains(&format!("name = \"xtask\"\nversion = \"{minor}\"")));
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert!(changelog.contains(&format!("## {minor}\n\n- Add support for `brand_new` on `Session`\n")), "{changelog}");
    let (code, text) = xtask(&fresh, &["release", &format!("v{minor}")]);
    assert_eq!(code, Some(0), "{text}");
    let models =
        read(&fresh.join("generated/src/releases").join(&config().releases[0].module).join("session/models.rs"));
    assert!(models.contains("pub brand_new:") && !models.contains("Stripe's words"));
    assert!(git(&fresh, &["status", "--porcelain"]).is_empty(), "everything is in the commit");

    // The result of the checks goes to the commit.
    let out = rehearsal.path("out").display().to_string();
    let (ok, text) = rehearsal.script(&["status", &out, "failure", "https://example.com/run"]);
    assert!(ok, "{text}");
    let asked = read(&rehearsal.path("asked"));
    let commit = git(&fresh, &["rev-parse", "HEAD"]);
    assert!(asked.contains(&format!("/statuses/{} -f state=failure", commit.trim())), "{asked}");
}

/// The module of the current release follows the version. It is private, so that nobody names it.
#[test]
fn an_additive_document_of_another_version_is_minor() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let published = rehearsal.publish(|document| {
        additive(document);
        document["info"]["version"] = json!("2099-01-15.zinnia");
    });
    let (code, text) = xtask(&clone, &["update", &published]);
    assert!(code == Some(0) && text.contains("verdict minor:"), "{text}");
    let [_, minor, _] = versions();
    let manifest = read(&clone.join("Cargo.toml"));
    assert!(manifest.contains(&format!("\nversion = \"{minor}\"")), "{manifest}");
    assert!(manifest.contains(&format!("path = \"generated/runtime\", version = \"={minor}\"")), "{manifest}");
    let releases = read(&clone.join("generated/src/releases/mod.rs"));
    assert!(releases.contains("\nmod zinnia;"), "{releases}");
}

#[test]
fn a_breaking_document_raises_the_major_version() {
    let rehearsal = Rehearsal::new();
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(breaking));
    assert!(ok, "{text}");
    assert!(asked.len() == 1 && !asked[0].contains("--draft"), "nothing is left to do: {asked:?}");
    let body = rehearsal.body();
    assert!(body.starts_with("Nothing is left to do.") && body.contains("**Verdict: major"), "{body}");
    let fresh = rehearsal.fresh(&branch());
    let [_, _, major] = versions();
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert!(
        changelog.contains(&format!("## {major}\n\n- ⚠️ Remove support for `livemode` on `Session`\n")),
        "{changelog}"
    );
}

#[test]
fn a_commit_of_a_person_stays_on_the_branch() {
    let rehearsal = Rehearsal::new();
    assert!(rehearsal.week(&rehearsal.publish(additive)).0);

    // A person describes the field, as the list asks.
    let fresh = rehearsal.fresh(&branch());
    let document = format!("spec/{}", config().releases[0].document);
    let text = read(&fresh.join(&document));
    let described = text.replacen("brand_new:\n", "brand_new:\n          description: A person's words.\n", 1);
    fs::write(fresh.join(&document), described).expect("it is ours");
    let (code, text) = xtask(&fresh, &["update", &document]);
    assert!(code == Some(0) && text.contains("Nothing is left to do."), "{text}");
    git(&fresh, &["commit", "--quiet", "--all", "--message", "Describe the field"]);
    let person = git(&fresh, &["rev-parse", "HEAD"]);
    git(&fresh, &["push", "--quiet", "origin", "HEAD"]);

    // Main moves as well, and the second week brings another field.
    git(&rehearsal.path("first"), &["commit", "--quiet", "--allow-empty", "--message", "Move on"]);
    git(&rehearsal.path("first"), &["push", "--quiet", "../remote", "main"]);
    let second = rehearsal.publish(|document| {
        additive(document);
        add_field(document, "second_new");
    });
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok, "{text}");
    assert_eq!(rehearsal.branches(), [branch()]);
    assert!(asked.len() == 1 && asked[0].starts_with(&format!("pr edit {} ", branch())), "{asked:?}");
    let fresh = rehearsal.fresh(&branch());
    git(&fresh, &["merge-base", "--is-ancestor", person.trim(), "HEAD"]);
    git(&fresh, &["merge-base", "--is-ancestor", "origin/main", "HEAD"]);
    let text = read(&fresh.join(&document));
    assert!(text.contains("A person's words.") && text.contains("second_new:"));
    let body = rehearsal.body();
    assert_eq!(body.matches("- [ ]").count(), 1, "{body}");
    let [_, minor, _] = versions();
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert_eq!(changelog.matches(&format!("## {minor}\n")).count(), 1, "{changelog}");
    assert!(changelog.contains("`second_new`"), "{changelog}");

    // The same document once more brings nothing.
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok && asked.is_empty(), "{text}{asked:?}");
}

#[test]
fn an_earlier_pull_request_does_not_stop_a_new_one() {
    let rehearsal = Rehearsal::new();
    assert!(rehearsal.week(&rehearsal.publish(breaking)).0);
    rehearsal.merge(&branch());
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(breaking));
    assert!(ok && asked.is_empty(), "what was merged is not new: {text}{asked:?}");

    // The branch of the merged one is still there.
    let more = rehearsal.publish(|document| {
        breaking(document);
        additive(document);
    });
    let (ok, text, asked) = rehearsal.week(&more);
    assert!(ok, "{text}");
    let second = format!("{}-2", branch());
    assert!(asked.len() == 1 && asked[0].contains(&format!("--head {second} ")), "{asked:?}");
    rehearsal.fresh(&second);

    // Closed without a merge: its branch stays as it is.
    let closed = git(&rehearsal.path("remote"), &["rev-parse", &second]);
    rehearsal.set_open("");
    let (ok, text, asked) = rehearsal.week(&more);
    assert!(ok && asked.len() == 1 && asked[0].contains(&format!("--head {}-3 ", branch())), "{text}{asked:?}");
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", &second]), closed);
}

#[test]
fn a_failing_step_changes_nothing() {
    let rehearsal = Rehearsal::new();
    let page = rehearsal.path("page.html");
    fs::write(&page, "<html>Please log in</html>").expect("the directory can be written");
    let (ok, text, asked) = rehearsal.week(&page.display().to_string());
    assert!(!ok && text.contains("error: "), "{text}");
    assert_eq!((asked, rehearsal.branches()), (vec![], vec![]));

    // Somebody pushes between the steps: the push is refused, and their commit stays.
    let out = rehearsal.path("out").display().to_string();
    let (ok, text) = rehearsal.script(&["prepare", &out, &rehearsal.publish(additive)]);
    assert!(ok, "{text}");
    let main = git(&rehearsal.path("remote"), &["rev-parse", "main"]);
    git(&rehearsal.path("first"), &["commit", "--quiet", "--allow-empty", "--message", "Of a person"]);
    git(&rehearsal.path("first"), &["push", "--quiet", "../remote", &format!("main:{}", branch())]);
    let theirs = git(&rehearsal.path("remote"), &["rev-parse", &branch()]);
    fs::write(rehearsal.path("asked"), "").expect("the directory can be written");
    let (ok, text) = rehearsal.script(&["deliver", &out]);
    assert!(!ok && text.contains("rejected"), "{text}");
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", &branch()]), theirs);
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", "main"]), main);
    assert_eq!(read(&rehearsal.path("asked")), "");
}

/// A document that cannot be generated without a decision is taken all the same, so that it can be decided on.
#[test]
fn a_decision_is_on_the_list() {
    let rehearsal = Rehearsal::new();
    // Two fields with one name in Rust.
    let document = rehearsal.publish(|document| {
        add_field(document, "a-b");
        add_field(document, "a_b");
    });
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok, "{text}");
    assert!(asked.len() == 1 && asked[0].ends_with(" --draft"), "{asked:?}");
    let body = rehearsal.body();
    let line = body.lines().find(|line| line.starts_with("- [ ]")).expect("something is left");
    let document = format!("spec/{}", config().releases[0].document);
    assert!(line.contains(&format!("`{document}:")) && line.contains("`a_b`"), "{body}");
}

/// A later step that fails does not claim that nothing was written, and the next run continues.
#[test]
fn an_update_continues_after_a_failure() {
    let rehearsal = Rehearsal::new();
    let (clone, document) = (rehearsal.clone(), rehearsal.publish(breaking));
    let foreign = clone.join("generated/src/releases/notes.txt");
    fs::write(&foreign, "a person's").expect("it is ours");
    let (code, text) = xtask(&clone, &["update", &document]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("did not write `notes.txt`") && text.contains("some files were changed"), "{text}");
    assert!(!text.contains("nothing was written"), "{text}");
    fs::remove_file(&foreign).expect("it is ours");
    let (code, text) = xtask(&clone, &["update", &document]);
    assert!(code == Some(0) && text.contains("Nothing is left to do."), "{text}");
    assert_eq!(xtask(&clone, &["generate", "--check"]).0, Some(0));
    let [_, _, major] = versions();
    assert_eq!(xtask(&clone, &["release", &format!("v{major}")]).0, Some(0));
}

/// What is new in the made-up next document. Names have its year, so that it can follow one that was made up before.
struct Next {
    year: String,
    version: String,
    module: String,
    /// A schema, and its new name.
    renamed: (String, String),
    /// A field that goes.
    removed: String,
}

impl Next {
    fn new() -> Self {
        let version = config().releases[0].api_version.clone();
        let year = version[..4].parse::<u32>().expect("a version starts with a year") + 1;
        let module = format!("{}x", version.rsplit_once('.').expect("it has a name").1);
        let document = current();
        let schemas = document["components"]["schemas"].as_object().expect("it is an object");
        let renamed = schemas.keys().find(|key| key.starts_with("bank_connections_resource_ownership_refresh"));
        let renamed = renamed.expect("it is there").clone();
        // Fields that the other tests do not use.
        let account = &schemas["financial_connections.account"]["properties"];
        let removed = ["subscriptions", "status_details"].into_iter().find(|name| account.get(name).is_some());
        let removed = removed.expect("one is there").to_owned();
        Self {
            version: format!("{year}-01-15.{module}"),
            year: year.to_string(),
            module,
            renamed: (renamed.clone(), format!("{renamed}s")),
            removed,
        }
    }

    fn document(&self) -> String {
        format!("spec/stripe-{}.yaml", self.version)
    }

    /// Turns the current document into the next one, with every kind of change.
    fn edit(&self, document: &mut Value) {
        let year = &self.year;
        document["info"]["version"] = json!(self.version);
        // Two fields with one name in Rust, which needs a decision.
        add_field(document, &format!("twice-{year}"));
        add_field(document, &format!("twice_{year}"));
        // A field, a value, a model and a parameter that come, and a field that goes.
        add_field(document, &format!("brand_new_{year}"));
        let settings = format!("bank_connections_resource_link_account_session_settings_{year}");
        let reference = json!({"$ref": format!("#/components/schemas/{settings}")});
        session(document).insert(format!("settings_{year}"), reference);
        let schemas = &mut document["components"]["schemas"];
        schemas[settings] = json!({
            "type": "object", "title": "Settings", "description": "Stripe's words.",
            "properties": {"mode": {"type": "string", "enum": ["fast", "slow"]}}, "x-expandableFields": [],
        });
        // A string that may be secret, which needs a decision too, and a reference past the boundary.
        let account = &mut schemas["financial_connections.account"]["properties"];
        account[format!("access_token_{year}")] =
            json!({"type": "string", "maxLength": 5000, "description": "Theirs."});
        let resource = format!("mandate_{year}");
        let alternatives = json!([{"type": "string"}, {"$ref": format!("#/components/schemas/{resource}")}]);
        account[&resource] = json!({
            "anyOf": alternatives, "description": "Theirs.", "x-expansionResources": {"oneOf": [alternatives[1]]},
        });
        account["institution_name"]["deprecated"] = json!(true);
        schemas[&resource] = json!({
            "type": "object", "title": "Mandate", "description": "Theirs.", "required": ["id", "object"],
            "x-resourceId": resource, "x-expandableFields": [],
            "properties": {
                "id": {"type": "string", "maxLength": 5000, "description": "Theirs."},
                "object": {"type": "string", "enum": [resource], "description": "Theirs."},
            },
        });
        let category = &mut schemas["financial_connections.account"]["properties"]["category"]["enum"];
        category.as_array_mut().expect("it is a list").push(json!(format!("insurance_{year}")));
        let account = schemas["financial_connections.account"]["properties"].as_object_mut().expect("it is an object");
        assert!(account.remove(&self.removed).is_some());
        // A field that becomes nullable or no longer is, another limit, another kind.
        let date = &mut schemas[DETAILS]["properties"]["expected_deactivation_date"];
        let is_nullable = date["nullable"] == true;
        date["nullable"] = json!(!is_nullable);
        let name = &mut schemas["financial_connections.account"]["properties"]["institution_name"];
        let limit = name["maxLength"].as_u64().expect("it has a limit");
        name["maxLength"] = json!(limit - 1);
        let last = &mut schemas["bank_connections_resource_balance_refresh"]["properties"]["last_attempted_at"];
        *last = json!({"type": if last["type"] == "string" { "integer" } else { "string" }});
        // A field and a value that the runtime's error does not have.
        let errors = &mut schemas["api_errors"]["properties"];
        errors[format!("hint_{year}")] = json!({"type": "string", "description": "Theirs."});
        errors["type"]["enum"].as_array_mut().expect("it is a list").push(json!(format!("odd_error_{year}")));
        let create = &mut document["paths"]["/v1/financial_connections/sessions"]["post"]["requestBody"]["content"];
        let schema = &mut create["application/x-www-form-urlencoded"]["schema"];
        schema["properties"][format!("expedite_{year}")] = json!({"type": "boolean"});
        // A schema with another name.
        let (old, new) = &self.renamed;
        let text = document.to_string().replace(&format!("{old}\""), &format!("{new}\""));
        *document = serde_json::from_str(&text).expect("it is JSON");
    }
}

const DETAILS: &str = "bank_connections_resource_account_status_details_api_resource_active_status_details";

/// A maintainer takes the made-up next document by doing what the list says, and nothing else. `NEXT_DOCUMENT` names a file
/// that keeps the document, to try it by hand.
#[test]
fn the_next_document_is_taken_by_following_the_list() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let next = Next::new();
    let published = rehearsal.publish(|document| next.edit(document));
    if let Some(path) = std::env::var_os("NEXT_DOCUMENT") {
        fs::copy(&published, path).expect("the file can be written");
    }
    let (code, first) = xtask(&clone, &["update", &published]);
    assert_eq!(code, Some(0), "{first}");
    let document = &next.document();
    assert!(first.contains(&format!("`cargo xtask update {document}`, then `.ci/run`")), "{first}");

    let mut rounds = 0;
    let mut said = first;
    while said.contains("- [ ]") {
        rounds += 1;
        assert!(rounds < 4, "{said}");
        // The lines are those of the files before the first edit.
        let lines = |file: &str| read(&clone.join(file)).lines().map(str::to_owned).collect::<Vec<_>>();
        let before = BTreeMap::from([document.as_str(), "spec/codegen.toml"].map(|file| (file, lines(file))));
        // The descriptions of a renamed schema are offered again, and so is the one of a field of another kind.
        let offered = said.split("### To check").next().map_or(0, |tasks| tasks.matches("\n  ```text\n").count());
        assert!(offered >= 7 || said.contains("until the document can be generated"), "{offered}: {said}");
        for task in said.lines().filter_map(|line| line.strip_prefix("- [ ] ")) {
            do_task(&clone, &next, &before, task);
        }
        let (code, text) = xtask(&clone, &["update", document]);
        assert_eq!(code, Some(0), "{text}");
        said = text;
    }
    // What is left to check is not in the way.
    assert!(said.contains("### To check") && said.contains("expected_deactivation_date"), "{said}");
    for unknown in ["api_errors/properties/hint_", "api_errors/properties/type/enum/"] {
        let task = format!("`#/components/schemas/{unknown}");
        assert!(said.lines().any(|line| line.starts_with("- ") && line.contains(&task)), "`{task}` is not in:\n{said}");
    }
    assert!(said.contains("`tests/conformance/package.json`: the official libraries are those of"), "{said}");
    let rows = read(&clone.join("spec/codegen.toml"));
    for place in
        [format!("financial_connections.account/access_token_{}", next.year), format!("mandate_{}/id", next.year)]
    {
        assert!(rows.contains(&format!("{{ place = \"{place}\", value = ")), "no sample of `{place}` was asked for");
    }
    let (code, text) = xtask(&clone, &["generate", "--check"]);
    assert_eq!(code, Some(0), "{text}");
    let [_, _, major] = versions();
    let (code, text) = xtask(&clone, &["release", &format!("v{major}")]);
    assert_eq!(code, Some(0), "{text}");
    let changelog = read(&clone.join("CHANGELOG.md"));
    let Next { year, version, module, removed, .. } = &next;
    for entry in [
        format!("- Add support for `brand_new_{year}`, `settings_{year}`, `twice-{year}`, `twice_{year}` on `Session`"),
        format!("- Add support for `expedite_{year}` on `CreateSession`"),
        format!("- Add support for new value `insurance_{year}` on enum `AccountCategory`"),
        format!("- Change the API version to `{version}`"),
        format!("- ⚠️ Remove support for `{removed}` on `Account`"),
    ] {
        assert!(changelog.lines().any(|line| line == entry), "`{entry}` is not in:\n{changelog}");
    }
    // The module follows the version, and the comparison follows the release.
    let old = &config().releases[0].module;
    assert!(clone.join("generated/src/releases").join(module).join("mod.rs").exists());
    assert!(!clone.join("generated/src/releases").join(old).exists());
    let (_, text) = xtask(&clone, &["diff", "HEAD"]);
    assert!(text.contains(&**removed), "{text}");
    assert!(!text.contains("mod "), "the module of the first release is private: {text}");
    assert!(!text.contains("Session::id"), "a release with another module is the same release: {text}");

    // A commit, or another run, changes nothing.
    git(&clone, &["switch", "--quiet", "--create", "next"]);
    git(&clone, &["add", "--all"]);
    git(&clone, &["commit", "--quiet", "--message", "Take the next document"]);
    for input in [document, &published] {
        let (code, text) = xtask(&clone, &["update", input]);
        assert!(code == Some(0) && !text.contains("- [ ]"), "{text}");
        assert_eq!(git(&clone, &["status", "--porcelain"]), "", "{text}");
    }
}

/// Does what an item of the list asks for: describes a place, or adds a row.
fn do_task(clone: &Path, next: &Next, before: &BTreeMap<&str, Vec<String>>, task: &str) {
    let (place, what) = task.split_once("`: ").expect("a task has a place");
    let (file, line) = place.trim_start_matches('`').rsplit_once(':').expect("a place has a line");
    let path = clone.join(file);
    let text = read(&path);
    let line = &before[file][line.parse::<usize>().expect("a line is a number") - 1];
    let quoted: Vec<_> = what.split('`').skip(1).step_by(2).collect();
    let Some(pointer) =
        quoted.iter().find_map(|quoted| quoted.strip_prefix('#')).filter(|_| what.starts_with("describe "))
    else {
        let Next { year, module, .. } = next;
        // A row no longer applies to this release: it is for the other one, or for none.
        if what.contains("matches nothing") {
            assert_eq!(file, "spec/codegen.toml", "{task}");
            let other = line.contains(&format!("\"{module}\"")).then(String::new);
            let other = other.unwrap_or_else(|| line.replace(" },", ", releases = [\"preview\"] },"));
            assert_ne!(&other, line, "{task}");
            return fs::write(path, text.replacen(line.as_str(), &other, 1)).expect("it is ours");
        }
        // A string may be secret: it is.
        if what.contains("nothing decides whether") {
            assert!(line.contains(&format!("access_token_{year}:")), "{task}: {line}");
            let row = what.split("sensitive = [").nth(1).and_then(|rest| rest.split("] or public").next());
            let row = format!("sensitive = [\n    {},", row.expect("the item shows the row"));
            let config = clone.join("spec/codegen.toml");
            return fs::write(&config, read(&config).replacen("sensitive = [", &row, 1)).expect("it is ours");
        }
        // A sample: the item shows the row.
        if what.contains("a plausible value") {
            let row = what.split("add ").nth(1).and_then(|rest| rest.split(" to `sample`").next());
            let row =
                row.expect("the item shows the row").trim_matches('`').replace('…', "mandate_1Qz7VfKkXe3Yw5Lb3MyUsD7G");
            let config = clone.join("spec/codegen.toml");
            let text = read(&config).replacen("sample = [", &format!("sample = [\n    {row},"), 1);
            return fs::write(&config, text).expect("it is ours");
        }
        // Two fields have one name in Rust: a row gives one of them another name, in this release.
        assert!(line.contains(&format!("twice-{year}:")) || line.contains(&format!("twice_{year}:")), "{task}: {line}");
        let config = clone.join("spec/codegen.toml");
        let row = format!(
            "\n[[field]]\nplace = \"financial_connections.session/twice-{year}\"\nname = \"again_{year}\"\n\
             releases = [\"{module}\"]\n"
        );
        return fs::write(&config, read(&config) + &row).expect("it is ours");
    };
    let (head, yaml) = text.split_at(text.find("components:").expect("it starts with them"));
    let json = codegen::document::to_json(file, yaml).expect("it is YAML");
    let mut document: Value = serde_json::from_str(&json).expect("it is JSON");
    let token = pointer.rsplit('/').next().expect("it has one").replace("~1", "/");
    if let [value, "x-enumDescriptions", _] = quoted[..] {
        assert!(line.trim() == format!("- {value}"), "{task}: {line}");
        document.pointer_mut(pointer).expect("it is there")["x-enumDescriptions"][value] = json!("Described.");
    } else {
        assert!(line.trim() == format!("{token}:"), "{task}: {line}");
        document.pointer_mut(pointer).expect("it is there")["description"] = json!("Described.");
    }
    let yaml = codegen::document::to_yaml(&document).expect("it is YAML");
    fs::write(path, format!("{head}{yaml}")).expect("it is ours");
}
