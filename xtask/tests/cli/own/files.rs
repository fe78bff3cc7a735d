//! What is written, kept and refused among the files of a person.

use std::fs;

use crate::harness::{copy, root, xtask};
use crate::own::update::next_year;
use crate::own::{PARCELS, Place};

#[test]
fn files_of_a_person_stay() {
    let place = Place::new();
    place.write("Cargo.toml", "[package]\nname = \"theirs\"\n");
    place.write("src/lib.rs", "mod generated;\n");
    let run = place.create("parcels", &["--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    assert_eq!(place.read("Cargo.toml"), "[package]\nname = \"theirs\"\n");
    assert_eq!(place.read("src/lib.rs"), "mod generated;\n");
    assert!(run.stdout.contains("kept") && run.stdout.contains("which was there"), "{}", run.stdout);

    // What they change or add later stays as well.
    place.write("README.md", "Ours.\n");
    place.write("src/more.rs", "//! Ours.\n");
    place.edit("codegen.toml", "to = \"create_parcel_label_params\"", "to = \"label_to_print\"");
    assert!(place.run("generate", &[]).is_ok());
    assert_eq!((place.read("README.md"), place.read("src/more.rs")), ("Ours.\n".to_owned(), "//! Ours.\n".to_owned()));
}

#[test]
fn drift_is_found() {
    let place = Place::with_crate();
    place.edit("src/generated/v2024_01_01/parcel/models.rs", "pub weight: i64", "pub weight: i32");
    fs::remove_file(place.path("parcels/src/generated/v2024_01_01/person/models.rs")).expect("it is there");
    place.write("src/generated/extra.rs", &format!("{}` long ago.\n", codegen::MARK));
    let run = place.run("generate", &["--check"]);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("1 stale, 1 missing, 1 extra"), "{}", run.stdout);
    assert!(place.run("generate", &[]).is_ok() && place.run("generate", &["--check"]).is_ok());

    // An edit of the document that is not recorded is drift as well.
    place.edit("spec/stripe-2024-01-01.yaml", "title: Parcels", "title: Others");
    let (directory, document) = (place.path("parcels"), place.shown("parcels/spec/stripe-2024-01-01.yaml"));
    let directory = directory.display();
    let command = format!("cargo xtask update --crate {directory} --document-only {document}");
    place.refused(|| place.run("generate", &[]), &["is not the document that is recorded here", &command]);
}

#[test]
fn nothing_is_left_behind_if_no_crate_can_be_created() {
    let place = Place::new();
    let parcel = &["--resource", "parcel"];
    for name in ["Parcels", "1st", "par cels", "päckchen"] {
        let reason = format!("`{name}` cannot be the name of a package");
        place.refused(|| place.create(name, parcel), &[&reason, "name a directory of lower case letters"]);
    }
    let unknown = ["no operation of a resource `parcle`; did you mean `parcel`?", "nothing was written"];
    place.refused(|| place.create("parcels", &["--resource", "parcle"]), &unknown);
    let all =
        ["`parcle`; did you mean `parcel`?", "`persn`; did you mean `person`?", "2 problems; nothing was written"];
    let names = ["--resource", "parcle", "--resource", "parcel", "--resource", "persn"];
    place.refused(|| place.create("parcels", &names), &all);
    let refused = ["a body as `multipart/form-data` is not supported"];
    place.refused(|| place.create("parcels", &["--resource", "photo"]), &refused);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--resource", "photo"]), &refused);
    place.refused(|| place.create("parcels", &[]), &["`--spec` and `--crate` need `--resource`"]);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--check"]), &["has nothing to check yet"]);
    place.refused(|| place.create("parcels", &["--resource", "parcel", "--out", "out"]), &["exclude each other"]);
    let missing = place.path("missing.yaml").display().to_string();
    let run = || place.run("generate", &["--spec", &missing, "--resource", "parcel"]);
    place.refused(run, &["the file cannot be read"]);

    // Where the files of the generator have to be, there are others.
    place.write("src/generated/theirs.rs", "//! Theirs.\n");
    place.refused(|| place.create("parcels", parcel), &["the generator did not write `theirs.rs`"]);
    fs::remove_dir_all(place.path("parcels")).expect("it is there");
    place.write("spec/stripe-2024-01-01.yaml", "theirs: true\n");
    place.refused(|| place.create("parcels", parcel), &["this file belongs to someone"]);
    fs::remove_dir_all(place.path("parcels")).expect("it is there");
    fs::write(place.path("parcels"), "").expect("the directory can be written");
    place.refused(|| place.create("parcels", parcel), &["parcels: this is a file, not a directory"]);
}

#[test]
fn a_crate_that_is_there_is_not_created_again() {
    let place = Place::with_crate();
    let expected =
        ["there is a `codegen.toml`, and so a crate", "generate it again with `cargo xtask generate --crate"];
    place.refused(|| place.create("parcels", &["--resource", "parcel"]), &expected);
}

/// A key of the file below a table would be one of the table.
#[test]
fn a_list_below_a_table_is_to_be_moved() {
    let place = Place::with_crate();
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line.starts_with('[')).expect("it has a table") + 1;
    place.write("codegen.toml", &format!("{text}\ntimestamps = [\"parcel/weight\"]\n"));
    let help = format!("help: move `timestamps` above line {line}, where the first table begins");
    place.refused(|| place.run("generate", &[]), &["unknown field `timestamps`", &help]);
    place.write("codegen.toml", &text.replace("schema =", "shcema ="));
    place.refused(|| place.run("generate", &[]), &["unknown field `shcema`", "help: correct the key or the value"]);
}

/// What a person edits as well keeps its line ends.
#[test]
fn an_update_keeps_the_line_ends_of_the_configuration() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let place = Place::with_crate();
    place.write("codegen.toml", &place.read("codegen.toml").replace('\n', "\r\n"));
    // Both parts of the update edit it: a document of another version, and a place that is newly secret.
    let next = document.replace("2024-01-01", "2025-01-01").replace("recipient_name", "recipient_email");
    fs::write(place.path("next.yaml"), next).expect("the directory can be written");
    let run = place.run("update", &[&place.path("next.yaml").display().to_string()]);
    let text = place.read("codegen.toml");
    assert!(run.is_ok() && text.contains("2025-01-01") && text.contains("recipient_email"), "{}", run.said());
    assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n")) && !text.contains("\r\r"), "{text:?}");
    let run = place.run("update", &[&place.path("next.yaml").display().to_string()]);
    assert!(run.is_ok() && place.read("codegen.toml") == text, "{}", run.said());
}

#[test]
fn the_next_document_is_compared_with_the_commit_that_has_the_crate() {
    let place = Place::with_crate();
    let directory = place.path("parcels");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments).current_dir(&directory);
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Create"]);
    let run = place.run("diff", &["HEAD"]);
    assert!(run.stdout.contains("verdict nothing changed"), "{}", run.said());
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    // A second run compares with the same commit.
    for _ in 0..2 {
        let run = place.run("update", &[&next.display().to_string()]);
        assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
    }
}

#[test]
fn a_list_on_one_line_is_extended() {
    let place = Place::with_crate();
    let text = place.read("codegen.toml");
    let (at, end) = (text.find("sensitive = [").expect("there is a list"), text.find("]\n").expect("it has an end"));
    let list = "sensitive = [\"parcel/phone\", \"parcel/recipient_name\", \"CreateParcel/recipient_name\"";
    place.write("codegen.toml", &format!("{}{list}{}", &text[..at], &text[end..]));
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let run = place.run("update", &[&next.display().to_string()]);
    assert!(run.is_ok(), "{}", run.said());
    for expected in [
        "rows that were deleted from `sensitive`, since their places are gone or have other names: 1\n",
        "are rows of `sensitive`",
        "\"parcel/email\", # email*",
    ] {
        assert!(run.stdout.contains(expected), "`{expected}` is not in:\n{}", run.stdout);
    }
    let text = place.read("codegen.toml");
    assert!(text.contains("\"parcel/email\", \"parcel/recipient_name\"") && !text.contains("parcel/phone"), "{text}");
}

/// A link keeps its place, and the file behind it its mode.
#[test]
#[cfg(unix)]
fn a_linked_configuration_stays_linked() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = Place::with_crate();
    let (link, behind) = (place.path("parcels/codegen.toml"), place.path("behind.toml"));
    fs::rename(&link, &behind).expect("it can be moved");
    symlink("../behind.toml", &link).expect("a link can be made");
    let set_mode = |mode| fs::set_permissions(&behind, fs::Permissions::from_mode(mode)).expect("it is there");
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let update = || place.run("update", &[&next.display().to_string()]);
    set_mode(0o444);
    place.refused(update, &["codegen.toml: this file is read-only", "make the file writable", "nothing was written"]);
    set_mode(0o600);
    let run = update();
    assert!(run.is_ok(), "{}", run.said());
    assert!(link.is_symlink());
    assert!(fs::read_to_string(&behind).expect("it is there").contains("module = \"v2025_01_01\""));
    assert_eq!(behind.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
}

/// What is in the place of a file and is none is named, and nothing is left behind.
#[test]
fn a_directory_is_no_file_of_a_person() {
    let place = Place::new();
    let create = || place.create("parcels", &["--resource", "parcel"]);
    for name in ["Cargo.toml", "README.md", "src/lib.rs", "codegen.toml", "spec/stripe-2024-01-01.yaml"] {
        let path = place.path("parcels").join(name);
        fs::create_dir_all(&path).expect("the directory can be made");
        place.refused(
            create,
            &[
                &format!("error: {}: this is a directory", place.shown(&format!("parcels/{name}"))),
                "nothing was written",
            ],
        );
        fs::remove_dir_all(place.path("parcels")).expect("it is there");
    }
    for name in ["src", "spec", "target"] {
        place.write(name, "");
        let expected = format!("error: {}: this is a file, not a directory", place.shown(&format!("parcels/{name}")));
        place.refused(create, &[&expected, "nothing was written"]);
        fs::remove_dir_all(place.path("parcels")).expect("it is there");
    }
    assert!(create().is_ok());
}

#[test]
#[cfg(unix)]
fn a_link_is_kept_if_it_leads_to_a_file() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let create = |name: &str| place.create(name, &["--resource", "parcel"]);
    fs::create_dir_all(place.path("parcels/src")).expect("the directory can be made");
    fs::create_dir_all(place.path("parcels/spec")).expect("the directory can be made");
    for name in ["Cargo.toml", "src/lib.rs", "codegen.toml", "spec/stripe-2024-01-01.yaml"] {
        let path = place.path("parcels").join(name);
        symlink(place.path("nothing"), &path).expect("a link can be made");
        let run = create("parcels");
        let expected = format!("error: {}: this is a link to something that does not exist", path.display());
        assert!(!run.is_ok() && run.stderr.contains(&expected), "{}", run.said());
        assert!(path.is_symlink() && !place.path("nothing").exists() && !place.path("parcels/target").exists());
        fs::remove_file(&path).expect("it is there");
    }
    symlink(place.path("nothing"), place.path("link")).expect("a link can be made");
    for name in ["link", "link/parcels"] {
        let expected = format!("error: {}: this is a link to something", place.path("link").display());
        let run = create(name);
        assert!(!run.is_ok() && run.stderr.contains(&expected), "{}", run.said());
    }

    fs::write(place.path("theirs.rs"), "mod generated;\n").expect("the directory can be written");
    symlink(place.path("theirs.rs"), place.path("parcels/src/lib.rs")).expect("a link can be made");
    let run = create("parcels");
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.path("parcels/src/lib.rs").is_symlink());
    assert_eq!(place.read("src/lib.rs"), "mod generated;\n");
}

/// The file system of the kernel has no place for it.
#[test]
#[cfg(target_os = "linux")]
fn a_directory_that_cannot_be_created_is_named() {
    let document = root().join(PARCELS).display().to_string();
    for (directory, above) in [("/proc/parcels", "/proc/parcels"), ("/proc/more/parcels", "/proc/more")] {
        let run = xtask(&["generate", "--crate", directory, "--spec", &document, "--resource", "parcel"]);
        assert!(!run.is_ok() && run.stderr.contains(&format!("error: {above}: No such file")), "{}", run.said());
    }
}

/// The second one finds the crate of the first one.
#[test]
fn one_of_two_creations_at_once_succeeds() {
    use std::io::{BufRead, BufReader, Read};
    let place = Place::new();
    let workspace = copy();
    let lock = workspace.path().join("target/xtask.lock");
    fs::create_dir(workspace.path().join("target")).expect("the directory can be made");
    let held = fs::File::create(lock).expect("the directory can be written");
    fs4::FileExt::lock(&held).expect("nobody has it");
    let (document, directory) =
        (root().join(PARCELS).display().to_string(), place.path("parcels").display().to_string());
    let start = |resource: &str| {
        let arguments = ["generate", "--crate", &directory, "--spec", &document, "--resource", resource];
        let mut command = crate::harness::command(workspace.path(), &arguments);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().expect("the command runs")
    };
    let mut children = [start("parcel"), start("person")];
    let mut outputs = children.each_mut().map(|child| BufReader::new(child.stdout.take().expect("it is piped")));
    for output in &mut outputs {
        let is_waiting = |line: String| line.contains("waiting for another run to release");
        assert!(output.lines().any(|line| is_waiting(line.expect("it is text"))), "it does not wait");
    }
    assert!(!place.path("parcels").exists(), "nothing is written meanwhile");
    drop(held);
    let mut codes: Vec<_> = Vec::new();
    for (mut child, mut output) in children.into_iter().zip(outputs) {
        output.read_to_end(&mut Vec::new()).expect("it can be read");
        let mut errors = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut errors).expect("it is text");
        let code = child.wait().expect("it ends").code();
        assert!(code == Some(0) || errors.contains("there is a `codegen.toml`, and so a crate"), "{errors}");
        codes.push(code);
    }
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)]);
    assert!(place.run("generate", &["--check"]).is_ok());
}

/// What is in the way of the code is found before `spec/` is written.
#[test]
fn an_update_whose_code_cannot_be_written_changes_nothing() {
    let place = Place::with_crate();
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let update = || place.run("update", &[&next.display().to_string()]);
    place.write("src/generated/theirs.rs", "//! Theirs.\n");
    let theirs = format!("{}: the generator did not write `theirs.rs`", place.shown("parcels/src/generated"));
    place.refused(update, &[&theirs, "nothing was written"]);
    fs::remove_file(place.path("parcels/src/generated/theirs.rs")).expect("it is there");

    let models = place.path("parcels/src/generated/v2024_01_01/parcel/models.rs");
    let set_read_only = |is_read_only| {
        let mut permissions = models.metadata().expect("it is there").permissions();
        permissions.set_readonly(is_read_only);
        fs::set_permissions(&models, permissions).expect("it is there");
    };
    set_read_only(true);
    place.refused(update, &["models.rs: this file is read-only", "nothing was written"]);
    set_read_only(false);

    // What is in the way of a file that is not there yet, and of a directory.
    let module = place.path("parcels/src/generated/v2025_01_01");
    fs::create_dir_all(module.join("parcel/models.rs")).expect("the directory can be made");
    place.refused(update, &["models.rs: this is a directory", "nothing was written"]);
    fs::remove_dir_all(&module).expect("it is ours");
    fs::copy(&models, &module).expect("the directory can be written");
    place.refused(update, &["the generator did not write `v2025_01_01`", "nothing was written"]);
    fs::remove_file(&module).expect("it is ours");
    let report = place.path("parcels/src").display().to_string();
    let update_with_report = || place.run("update", &[&next.display().to_string(), "--report", &report]);
    place.refused(update_with_report, &["src: this is a directory", "nothing was written"]);
    let run = update();
    assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
}

/// The verdict is about the code that is there, also when an update stopped between the document and the code.
#[test]
fn an_update_that_stopped_is_compared_with_what_the_code_is_from() {
    for (is_committed, is_generated) in [(false, false), (true, false), (false, true)] {
        let place = Place::with_crate();
        let directory = place.path("parcels");
        let git = |arguments: &[&str]| {
            let mut command = std::process::Command::new("git");
            command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
            let output = command.current_dir(&directory).output().expect("git runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let next = place.path("next.yaml");
        fs::write(&next, next_year()).expect("the directory can be written");
        let next = next.display().to_string();
        let update = || place.run("update", &[&next]);
        let (generated, kept) = (directory.join("src/generated"), directory.join("target/stripe"));
        let mut files = Vec::new();
        super::collect(&generated, &mut files);
        // What an update leaves behind that is interrupted before it writes the code.
        for _ in 0..2 {
            let run = update();
            assert!(run.is_ok(), "{}", run.said());
            fs::rename(kept.join("last"), kept.join("before")).expect("it is kept");
            fs::remove_dir_all(&generated).expect("it is ours");
            for (path, text) in files.iter().filter(|(path, _)| path.extension().is_some()) {
                fs::create_dir_all(path.parent().expect("it is in a directory")).expect("the directory can be made");
                fs::write(path, text).expect("the directory can be written");
            }
        }
        assert!(place.read("codegen.toml").contains("module = \"v2025_01_01\""));
        if is_committed {
            git(&["init", "--quiet", "--initial-branch", "main"]);
            git(&["add", "--all"]);
            git(&["commit", "--quiet", "--message", "Create"]);
        }
        if is_generated {
            // Operations that are gone are left to a person.
            let text = place.read("codegen.toml");
            let (before, row) = text.split_once("[[resource]]\nschema = \"person\"\n").expect("it has a row");
            let (_, rest) = row.split_once("\n]\n").expect("the row has a list");
            place.write("codegen.toml", &format!("{before}{rest}"));
            let run = place.run("generate", &[]);
            assert!(run.is_ok(), "{}", run.said());
        }
        let run = update();
        assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
        assert!(!directory.join("target/stripe/before").exists());
    }
}
