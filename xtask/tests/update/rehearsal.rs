//! A repository of its own, with a stub of `gh`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, Weak};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::run::Run;

/// The configuration of git.
const GIT_CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/update/gitconfig");

/// A bare repository as the remote, a clone, and a directory for what `gh` is asked and responds.
pub(crate) struct Rehearsal {
    directory: TempDir,
    /// Kept for other rehearsals.
    _start: Option<Arc<TempDir>>,
}

/// Stands for `gh`, with the pull requests of `pulls.json` in the form of GitHub's REST API. It records what it is asked to change,
/// and fails where a file `fail` names the command.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
cd "$GH_STUB"
save() { jq "$@" pulls.json >pulls.new && mv pulls.new pulls.json; }
value() { while [ "$1" != "$NAME" ]; do shift; done; printf '%s' "$2"; }
command="$1 $2"
[ "$command" = "api --paginate" ] || printf '%s\n' "${*//$'\n'/ }" >>asked
if [ -e fail ] && [ "$(cat fail)" = "$command" ]; then echo "HTTP 502" >&2; exit 1; fi
case $command in
'api --paginate')
    # The commit of an open pull request is that of its branch.
    refs=$(git --git-dir remote for-each-ref --format='%(refname:lstrip=2) %(objectname)' refs/heads)
    jq -r --arg refs "$refs" '[$refs | splits("\n") / " " | {(.[0]): .[1]}] | add as $commits | $pulls[]
        | map(if .state == "open" then .head.sha = ($commits[.head.ref] // .head.sha) else . end) | '"$(NAME=--jq value "$@")" \
        --null-input --slurpfile pulls pulls.json ;;
'pr create')
    ref=$(NAME=--head value "$@")
    save --arg ref "$ref" --arg title "$(NAME=--title value "$@")" --rawfile body "$(NAME=--body-file value "$@")" \
        --arg sha "$(git --git-dir remote rev-parse "refs/heads/$ref")" \
        '[{number: (length + 1), state: "open", merged_at: null, title: $title, body: $body,
           head: {ref: $ref, sha: $sha, repo: {full_name: "us/it"}}, base: {repo: {full_name: "us/it"}}}] + .' ;;
'pr edit')
    save --argjson number "$3" --rawfile body "$(NAME=--body-file value "$@")" \
        'map(if .number == $number then .body = $body else . end)' ;;
'pr close')
    save --argjson number "$3" 'map(if .number == $number then .state = "closed" else . end)' ;;
'api --method') ;;
*) echo "unknown: $command" >&2; exit 1 ;;
esac
"#;

/// A start that the rehearsals of one time share.
type Start = Mutex<Weak<TempDir>>;

/// The remote with its first commit.
static FIRST: Start = Mutex::new(Weak::new());

/// The remote with the pull request of a week that brought an additive document.
static PROPOSED: Start = Mutex::new(Weak::new());

/// The root of this project.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Commits the files that `update` reads or writes.
fn commit_first(first: &Path) {
    let project = project();
    for file in [
        "Cargo.toml",
        "Cargo.lock",
        "CHANGELOG.md",
        ".gitattributes",
        ".ci",
        "spec",
        "generated/Cargo.toml",
        "generated/src",
        "tests/conformance/recorded/node.json",
    ] {
        copy(&project.join(file), &first.join(file));
    }
    fs::write(first.join(".gitignore"), "/target\n").expect("the directory can be written");
    // What is made up here is described in other words than Stripe's document: these are known from the start.
    git(first, &["init", "--quiet"]);
    git(first, &["add", "--all"]);
    git(first, &["commit", "--quiet", "--message", "Start"]);
    fs::create_dir_all(first.join("target")).expect("the directory can be made");
    fs::write(first.join("target/openapi.json"), current().to_string()).expect("the directory can be written");
    let (code, text) = xtask(first, &["update", "target/openapi.json"]);
    assert_eq!(code, Some(0), "{text}");
    git(first, &["add", "--all"]);
    git(first, &["commit", "--quiet", "--amend", "--no-edit"]);
}

impl Rehearsal {
    pub(crate) fn new() -> Self {
        Self::from(&FIRST, |rehearsal| {
            commit_first(&rehearsal.path("made"));
            git(rehearsal.directory.path(), &["clone", "--quiet", "--bare", "made", "remote"]);
            rehearsal.set_pulls(&[]);
        })
    }

    /// Starts with the pull request of an additive document, and returns the path of the document as well.
    pub(crate) fn proposed() -> (Self, String) {
        let rehearsal = Self::from(&PROPOSED, |rehearsal| {
            let first = Self::new();
            assert!(first.week(&first.publish(additive)).0);
            rehearsal.take_over(first.directory.path());
        });
        let document = rehearsal.publish(additive);
        (rehearsal, document)
    }

    fn empty(start: Option<Arc<TempDir>>) -> Self {
        Self { directory: TempDir::new().expect("a directory can be made"), _start: start }
    }

    /// Copies the remote and the pull requests.
    fn take_over(&self, other: &Path) {
        for name in ["remote", "pulls.json"] {
            copy(&other.join(name), &self.path(name));
        }
    }

    /// Starts with what is shared, which `make` makes for the first one.
    fn from(start: &Start, make: impl FnOnce(&Self)) -> Self {
        let mut start = start.lock().expect("it was made for the others");
        let shared = start.upgrade().unwrap_or_else(|| {
            let made = Self::empty(None);
            make(&made);
            // One file instead of one for each object, as it is copied and cloned for each rehearsal.
            git(&made.path("remote"), &["repack", "--quiet", "-a", "-d"]);
            let made = Arc::new(made.directory);
            *start = Arc::downgrade(&made);
            made
        });
        drop(start);
        let rehearsal = Self::empty(Some(Arc::clone(&shared)));
        rehearsal.take_over(shared.path());
        git(rehearsal.directory.path(), &["clone", "--quiet", "remote", "clone"]);

        let stub = rehearsal.path("bin/gh");
        fs::create_dir(rehearsal.path("bin")).expect("the directory can be made");
        fs::write(&stub, GH).expect("the directory can be written");
        fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).expect("it is ours");
        rehearsal
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn clone(&self) -> PathBuf {
        self.path("clone")
    }

    /// The pull requests, the newest first, as GitHub's REST API has them.
    pub(crate) fn pulls(&self) -> Vec<Value> {
        serde_json::from_str(&read(&self.path("pulls.json"))).expect("it is JSON")
    }

    pub(crate) fn set_pulls(&self, pulls: &[Value]) {
        fs::write(self.path("pulls.json"), json!(pulls).to_string()).expect("the directory can be written");
    }

    /// Changes the newest pull request.
    pub(crate) fn edit_pull(&self, edit: impl FnOnce(&mut Value)) {
        let mut pulls = self.pulls();
        edit(pulls.first_mut().expect("there is one"));
        self.set_pulls(&pulls);
    }

    /// Lets a command of `gh` fail, or none.
    pub(crate) fn fail(&self, command: Option<&str>) {
        let path = self.path("fail");
        match command {
            Some(command) => fs::write(path, command).expect("the directory can be written"),
            None => fs::remove_file(path).expect("it is there"),
        }
    }

    /// Writes a document as Stripe would publish it, and returns its path.
    pub(crate) fn publish(&self, edit: impl FnOnce(&mut Value)) -> String {
        let mut document = current();
        edit(&mut document);
        let path = self.path("openapi.json");
        fs::write(&path, document.to_string()).expect("the directory can be written");
        path.display().to_string()
    }

    /// The clone of a person.
    pub(crate) fn first(&self) -> PathBuf {
        let path = self.path("first");
        if !path.exists() {
            git(self.directory.path(), &["clone", "--quiet", "remote", "first"]);
        }
        path
    }

    /// Runs `.ci/update` of this project.
    pub(crate) fn script(&self, arguments: &[&str]) -> (bool, String) {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(project().join(".ci/update"));
        command
            .args(arguments)
            .current_dir(self.clone())
            .env("PATH", path)
            .env("XTASK", format!("{} --root .", env!("CARGO_BIN_EXE_xtask")))
            .env("GH_STUB", self.directory.path())
            .env("GIT_CONFIG_GLOBAL", GIT_CONFIG)
            .env("GIT_AUTHOR_NAME", "Bot")
            .env("GIT_AUTHOR_EMAIL", "bot@example.com")
            .env("NO_COLOR", "1");
        let run = Run::of(&mut command);
        (run.is_ok(), run.said())
    }

    /// Runs the steps that the workflow runs. Returns whether all of them succeeded, what they printed, and what was asked
    /// of `gh`, other than for the pull requests.
    pub(crate) fn week(&self, document: &str) -> (bool, String, Vec<String>) {
        fs::write(self.path("asked"), "").expect("the directory can be written");
        let out = self.path("out").display().to_string();
        let (mut ok, mut text) = self.script(&["prepare", &out, document]);
        if ok {
            let (delivered, more) = self.script(&["deliver", &out]);
            ok = delivered;
            text.push_str(&more);
        }
        let asked = fs::read_to_string(self.path("asked")).expect("it is there");
        let asked = asked.lines().map(str::to_owned).collect();
        (ok, text, asked)
    }

    /// The branches of the remote other than the main one.
    pub(crate) fn branches(&self) -> Vec<String> {
        let refs = git(&self.path("remote"), &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
        refs.lines().filter(|name| *name != "main").map(str::to_owned).collect()
    }

    /// A fresh clone of a branch, which must be as generated.
    pub(crate) fn fresh(&self, branch: &str) -> PathBuf {
        let path = self.path("fresh");
        let _ = fs::remove_dir_all(&path);
        git(self.directory.path(), &["clone", "--quiet", "--branch", branch, "remote", "fresh"]);
        let (code, text) = xtask(&path, &["generate", "--check"]);
        assert_eq!(code, Some(0), "{text}");
        path
    }

    /// Merges a branch into the remote's main one, and closes its pull request.
    pub(crate) fn merge(&self, branch: &str) {
        git(&self.path("remote"), &["update-ref", "refs/heads/main", &format!("refs/heads/{branch}")]);
        self.edit_pull(|pull| {
            pull["state"] = json!("closed");
            pull["merged_at"] = json!("2027-01-01T00:00:00Z");
        });
    }

    /// Commits to the remote's main branch as a person.
    pub(crate) fn move_main(&self, edit: impl FnOnce(&Path)) {
        let first = self.first();
        git(&first, &["pull", "--quiet"]);
        edit(&first);
        git(&first, &["commit", "--quiet", "--all", "--allow-empty", "--message", "Move on"]);
        git(&first, &["push", "--quiet"]);
    }

    pub(crate) fn body(&self) -> String {
        read(&self.path("out/body.md"))
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
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

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(directory).env("GIT_CONFIG_GLOBAL", GIT_CONFIG);
    let run = Run::of(&mut command);
    assert!(run.is_ok(), "{command:?}: {}", run.said());
    run.said()
}

pub(crate) fn xtask(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).args(["--root", "."]).current_dir(root).env("NO_COLOR", "1");
    let run = Run::of(&mut command);
    (run.code, run.said())
}

pub(crate) fn config() -> codegen::Config {
    tests::workspace::config()
}

/// The current release's document, with something beside what is selected.
pub(crate) fn current() -> Value {
    let yaml = tests::workspace::current_document();
    let json = codegen::document::to_json("document", &yaml).expect("it is YAML").into_owned();
    let mut document: Value = serde_json::from_str(&json).expect("it is JSON");
    document["components"]["schemas"]["unrelated"] = json!({"type": "object"});
    document
}

pub(crate) fn session(document: &mut Value) -> &mut serde_json::Map<String, Value> {
    let session = &mut document["components"]["schemas"]["financial_connections.session"]["properties"];
    session.as_object_mut().expect("it is an object")
}

pub(crate) fn add_field(document: &mut Value, name: &str) {
    session(document).insert(name.to_owned(), json!({"type": "boolean", "description": "Stripe's words."}));
}

/// Adds a field: programs go on to compile.
pub(crate) fn additive(document: &mut Value) {
    add_field(document, "brand_new");
}

/// Removes a field: programs that read it no longer compile.
pub(crate) fn breaking(document: &mut Value) {
    assert!(session(document).remove("livemode").is_some());
    let required = &mut document["components"]["schemas"]["financial_connections.session"]["required"];
    required.as_array_mut().expect("some are required").retain(|name| name != "livemode");
}

/// The version of the crate, and what follows it.
pub(crate) fn versions() -> [String; 3] {
    use codegen::diff::{Verdict, next_version};
    let current = env!("CARGO_PKG_VERSION").parse().expect("Cargo takes it as a version");
    [None, Some(Verdict::Minor), Some(Verdict::Major)].map(|verdict| next_version(&current, verdict).to_string())
}

/// The branch of a pull request for the current version of Stripe's API.
pub(crate) fn branch() -> String {
    format!("stripe-openapi/{}", config().releases[0].api_version)
}
