//! `cargo xtask generate` end to end: what it writes, keeps and refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{DOCUMENT, Run, command, copy, root, xtask, xtask_in};

/// The current release's document.
fn document() -> String {
    root().join(&*DOCUMENT).display().to_string()
}

/// A directory to write to, and the arguments that write there.
struct Out {
    directory: TempDir,
}

impl Out {
    fn new() -> Self {
        Self { directory: TempDir::new().expect("a directory can be made") }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("out")
    }

    fn run(&self, spec: &str, more: &[&str]) -> Run {
        let out = self.path().display().to_string();
        xtask(&[&["generate", "--spec", spec, "--out", &out], more].concat())
    }

    /// What is there, with the time of the last change.
    fn files(&self) -> Vec<(PathBuf, String, std::time::SystemTime)> {
        let mut files = Vec::new();
        collect(&self.path(), &mut files);
        files.sort();
        files
    }
}

fn collect(directory: &Path, files: &mut Vec<(PathBuf, String, std::time::SystemTime)>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            collect(&path, files);
            continue;
        }
        let modified = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("the file is there");
        let text = fs::read_to_string(&path).expect("the file is text");
        files.push((path, text, modified));
    }
}

/// Runs what is to be refused: it says all of `expected`, exits with a failure, and changes nothing.
fn refused(out: &Out, spec: &str, expected: &[&str]) {
    let before = out.files();
    let output = out.run(spec, &[]);
    let said = output.said();
    assert_eq!(output.code, Some(1), "{said}");
    for expected in expected {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(out.files(), before);
}

#[test]
fn generate_reports_what_it_does() {
    let out = Out::new();
    let output = out.run(&document(), &[]);
    let said = output.said();
    assert!(output.is_ok(), "{said}");
    for expected in ["Stripe's API 20", "CreateSession, RetrieveSession", " models, ", "payment_intent", "wrote", " ms"]
    {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
}

#[test]
fn unchanged_files_are_not_written() {
    let out = Out::new();
    assert!(out.run(&document(), &[]).is_ok());
    let before = out.files();
    let said = out.run(&document(), &[]).said();
    assert!(said.contains("kept") && !said.contains("wrote"), "{said}");
    assert_eq!(out.files(), before);
}

#[test]
fn json_and_yaml_give_the_same_files() {
    let (from_yaml, from_json) = (Out::new(), Out::new());
    let yaml = fs::read_to_string(document()).expect("the document is there");
    let json = codegen::document::to_json("document", &yaml).expect("it is YAML");
    let path = from_json.directory.path().join("document.json");
    fs::write(&path, json.as_bytes()).expect("the directory can be written");
    assert!(from_yaml.run(&document(), &[]).is_ok());
    assert!(from_json.run(&path.display().to_string(), &[]).is_ok());
    let texts = |out: &Out| out.files().into_iter().map(|(_, text, _)| text).collect::<Vec<_>>();
    assert_eq!(texts(&from_yaml), texts(&from_json));
}

#[test]
fn check_shows_drift_and_writes_nothing() {
    let out = Out::new();
    assert!(out.run(&document(), &[]).is_ok());
    assert_eq!(out.run(&document(), &["--check"]).code, Some(0));

    let [models, requests, extra] =
        ["session/models.rs", "session/requests.rs", "extra.rs"].map(|name| out.path().join(name));
    let text_of_models = fs::read_to_string(&models).expect("it was written");
    fs::write(&models, text_of_models.replace("pub struct Session {", "pub struct Meeting {")).expect("it is ours");
    fs::remove_file(&requests).expect("it was written");
    fs::write(&extra, format!("{}` long ago.\n", codegen::MARK)).expect("the directory is ours");

    let before = out.files();
    let output = out.run(&document(), &["--check"]);
    let said = output.said();
    assert_eq!(output.code, Some(1), "{said}");
    for expected in [
        "stale",
        "missing",
        "extra",
        "-pub struct Meeting {",
        "+pub struct Session {",
        "fix it with `cargo xtask generate",
    ] {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    assert_eq!(out.files(), before);

    assert!(out.run(&document(), &[]).is_ok());
    assert!(!extra.exists(), "what is not generated any more goes");
    assert_eq!(out.run(&document(), &["--check"]).code, Some(0));
}

#[test]
fn a_directory_with_foreign_files_is_refused() {
    let out = Out::new();
    fs::create_dir_all(out.path().join("notes")).expect("the directory can be made");
    fs::write(out.path().join("notes/precious.txt"), "keep me").expect("the directory can be written");
    let output = out.run(&document(), &[]);
    let said = output.said();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(said.contains("did not write `notes/precious.txt`") && said.contains("nothing was written"), "{said}");
    assert!(out.path().join("notes/precious.txt").exists());
    assert_eq!(fs::read_dir(out.path()).expect("it is there").count(), 1);

    let out = Out::new();
    fs::write(out.path(), "a file").expect("the directory can be written");
    assert!(out.run(&document(), &[]).said().contains("this is a file, not a directory"));
}

/// Otherwise the whole disk would be read before the refusal.
#[test]
#[cfg(unix)]
fn the_first_foreign_file_ends_the_search() {
    let output = xtask(&["generate", "--spec", &document(), "--out", "/"]);
    let said = output.said();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(said.contains("error: /: the generator did not write `"), "{said}");

    let out = Out::new();
    fs::create_dir_all(out.path().join("a/b")).expect("the directory can be made");
    fs::write(out.path().join("z.txt"), "foreign").expect("the directory can be written");
    // What is behind the first foreign file is not read: this one would be refused as well.
    fs::write(out.path().join("a/b/c.txt"), "foreign").expect("the directory can be written");
    assert!(out.run(&document(), &[]).said().contains("did not write `z.txt`"));
}

#[test]
#[cfg(unix)]
fn irregular_files_are_refused() {
    let out = Out::new();
    let pipe = out.directory.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    for file in [pipe.display().to_string().as_str(), "/dev/zero"] {
        refused(&out, file, &["this is not a regular file", "help: save it to a file"]);
    }
}

/// Everything that is printed goes to a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_standard_output_is_an_error() {
    let document = document();
    for arguments in [
        ["explain", "session"].as_slice(),
        &["coverage"],
        &["diff", &document],
        &["diff", &document, "--format", "json"],
        &["generate", "--check"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").expect("it is there");
        let output = Run::of(command(&root(), arguments).stdout(full));
        let said = output.said();
        assert_eq!(output.code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("error: standard output: No space left"), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_long_text_is_shown_as_an_excerpt() {
    let out = Out::new();
    let file = out.directory.path().join("document");
    fs::write(&file, "word ".repeat(2_000_000)).expect("the directory can be written");
    let output = out.run(&file.display().to_string(), &[]);
    let said = output.said();
    assert_eq!(output.code, Some(1));
    assert!(said.len() < 2000 && said.contains(":1:1"), "{} bytes: {:.2000}", said.len(), said);
}

/// Clones can share a target directory, and so one binary.
#[test]
fn the_workspace_is_that_of_the_current_directory() {
    let root = copy();
    // The command that is named is for the same workspace.
    let directory = root.path().display().to_string();
    let said = xtask(&["--root", &directory, "generate", "--check"]).said();
    assert!(said.contains(&format!("fix it with `cargo xtask --root {directory} generate`")), "{said}");
    let below = root.path().join("spec");
    let output = xtask_in(&below, &["generate"]);
    assert!(output.is_ok(), "{}", output.said());
    assert!(root.path().join("generated/src/releases/mod.rs").exists());

    let elsewhere = TempDir::new().expect("a directory can be made");
    let output = xtask_in(elsewhere.path(), &["generate"]);
    assert_eq!(output.code, Some(1));
    for part in
        ["`spec/codegen.toml`", "help: run the command inside the workspace, or name its directory with `--root`"]
    {
        assert!(output.said().contains(part), "{}", output.said());
    }
}

#[test]
fn a_run_waits_for_another_one() {
    use std::io::{BufRead, BufReader};
    let root = copy();
    let lock = root.path().join("target/xtask.lock");
    fs::create_dir_all(lock.parent().expect("it has one")).expect("the directory can be made");
    let held = fs::File::create(&lock).expect("the directory can be written");
    fs4::FileExt::lock(&held).expect("nobody has it");
    let mut command = command(root.path(), &["generate"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("the command runs");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let first = lines.next().expect("it says something").expect("it is text");
    assert!(first.contains("waiting for another run to release") && first.contains("target/xtask.lock"), "{first}");
    assert!(!root.path().join("generated").exists(), "nothing is written meanwhile");
    drop(held);
    assert!(lines.any(|line| line.expect("it is text").contains("done in")), "then it goes on");
    assert!(child.wait().expect("it ends").success());
    assert!(root.path().join("generated/src/releases/mod.rs").exists());
}

#[test]
fn leftovers_of_an_interrupted_run_are_deleted() {
    let out = Out::new();
    assert!(out.run(&document(), &[]).is_ok());
    let left = out.path().join(".xtask-AbCdEf");
    fs::write(&left, "half a fi").expect("the directory is ours");
    fs::remove_file(out.path().join("session/models.rs")).expect("it was written");
    assert!(out.run(&document(), &[]).is_ok());
    assert!(!left.exists() && out.path().join("session/models.rs").exists());
}

#[test]
fn hidden_files_of_others_are_refused() {
    for name in [".gitkeep", ".xtask-notes.txt", ".xtask-"] {
        let out = Out::new();
        assert!(out.run(&document(), &[]).is_ok());
        fs::write(out.path().join(name), "mine").expect("the directory is ours");
        let output = out.run(&document(), &[]);
        assert_eq!(output.code, Some(1), "{name}");
        assert!(output.said().contains(&format!("the generator did not write `{name}`")), "{}", output.said());
        assert!(out.path().join(name).exists());
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_reported_before_anything_is_written() {
    let out = Out::new();
    fs::create_dir_all(out.path().join("session/requests.rs")).expect("the directory can be made");
    let output = out.run(&document(), &[]);
    let said = output.said();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(said.contains("requests.rs: this is a directory") && said.contains("nothing was written"), "{said}");
    assert_eq!(out.files().len(), 0);
    fs::remove_dir(out.path().join("session/requests.rs")).expect("it is empty");
    assert!(out.run(&document(), &[]).is_ok());
    assert_eq!(out.run(&document(), &["--check"]).code, Some(0));
}

#[test]
#[cfg(unix)]
fn a_link_is_not_followed() {
    let out = Out::new();
    fs::create_dir_all(out.path()).expect("the directory can be made");
    let elsewhere = out.directory.path().join("elsewhere.rs");
    fs::write(&elsewhere, codegen::MARK).expect("the directory can be written");
    std::os::unix::fs::symlink(&elsewhere, out.path().join("models.rs")).expect("a link can be made");
    assert!(out.run(&document(), &[]).said().contains("did not write `models.rs`"));
    assert_eq!(fs::read_to_string(&elsewhere).expect("it is there"), codegen::MARK);
}

#[test]
fn unreadable_documents_are_refused() {
    let out = Out::new();
    refused(&out, "no/such/file.json", &["no/such/file.json", "cannot be read", "help: name a file that exists"]);
    refused(&out, "spec", &["spec: this is a directory", "help: name the document inside it"]);

    let file = out.directory.path().join("document");
    let name = file.display().to_string();
    fs::write(&file, [b'{', 0xff]).expect("the directory can be written");
    refused(&out, &name, &["invalid UTF-8 at byte 1"]);

    // Its length is all that is looked at, so it need not take up room.
    fs::File::create(&file).and_then(|file| file.set_len(200 << 20)).expect("the directory can be written");
    refused(&out, &name, &["200 MiB large", "the limit is 64 MiB"]);
}

#[test]
fn deep_nesting_is_refused_in_selected_parts() {
    let out = Out::new();
    let file = out.directory.path().join("document.json");
    let name = file.display().to_string();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let yaml = fs::read_to_string(document()).expect("the document is there");
    let json = codegen::document::to_json("document", &yaml).expect("it is YAML").into_owned();

    let write = |json: String| fs::write(&file, json).expect("the directory can be written");
    write(json.replacen(
        "\"financial_connections.session\":{",
        &format!("\"financial_connections.session\":{{\"x\":{deep},"),
        1,
    ));
    refused(&out, &name, &["#/components/schemas/financial_connections.session", "nested more than a hundred levels"]);

    // In YAML every part is read, and nothing of Stripe's is that deep.
    write(format!("openapi: 3.0.0\nx: {deep}\n"));
    refused(&out, &name, &["nested more than a hundred levels"]);

    write(json.replacen("\"schemas\":{", &format!("\"schemas\":{{\"unused\":{deep},"), 1));
    assert!(out.run(&name, &[]).is_ok(), "what is not selected is not decoded");
}

#[test]
fn a_description_of_any_length_is_kept() {
    let out = Out::new();
    let file = out.directory.path().join("document.yaml");
    let long = "word ".repeat(20_000);
    let yaml = fs::read_to_string(document()).expect("the document is there");
    let yaml = yaml.replacen("description: Caps on what a session may collect.", &format!("description: {long}"), 1);
    assert!(yaml.len() > 100_000, "the description was replaced");
    fs::write(&file, yaml).expect("the directory can be written");
    assert!(out.run(&file.display().to_string(), &[]).is_ok());
    let models = fs::read_to_string(out.path().join("session/models.rs")).expect("it was written");
    assert!(models.matches("word").count() >= 20_000);
    assert!(models.lines().all(|line| line.chars().count() <= 120));
}

#[test]
fn help_names_every_flag() {
    let said = xtask(&["generate", "--help"]).said();
    for flag in ["--check", "--spec <FILE>", "--out <DIR>"] {
        assert!(said.contains(flag), "{said}");
    }
    assert_eq!(xtask(&["generate", "--spec", "x"]).code, Some(2), "--spec asks for --out");
}

#[test]
fn values_that_no_row_decides_on_are_secret_and_listed() {
    let spec = root().join("tests/fixtures/emit/secret_types.yaml");
    let out = Out::new();
    let output = out.run(&spec.display().to_string(), &["--resource", "thing"]);
    assert!(output.is_ok(), "{}", output.said());
    for expected in [
        "secret 4 values stay secret by a pattern of `[secrecy]`, and no row of spec/codegen.toml decides on them",
        "`*address*`: `thing/address`",
        "`latitude`: `thing/latitude`",
    ] {
        assert!(output.said().contains(expected), "{}", output.said());
    }
    let models = fs::read_to_string(out.path().join("thing/models.rs")).expect("it was written");
    assert!(models.contains("pub latitude: Option<Secret<f64>>"), "{models}");
}
