//! Programs that the compiler checks on its own, against libraries that Cargo checked before.
//!
//! Each takes a fraction of what a call of Cargo takes, and its verdict depends on nothing beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::run::{self, Run};
use crate::scratch::Scratch;

/// The metadata of the crates of a [`Scratch`] and of their dependencies.
pub struct Libraries {
    metadata: BTreeMap<String, PathBuf>,
}

impl Libraries {
    /// Checks a workspace with Cargo.
    pub fn check(scratch: &Scratch) -> Self {
        let messages = scratch.cargo(&["check", "--message-format=json"]);
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut metadata = BTreeMap::new();
        for message in messages.filter(|message| message["reason"] == "compiler-artifact") {
            let files = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let name = message["target"]["name"].as_str().expect("a target has a name");
            metadata.extend(files.filter(|file| file.ends_with(".rmeta")).map(|file| (name.to_owned(), file.into())));
        }
        Self { metadata }
    }

    /// Checks the library `program`, which knows each of `dependencies` by the name before that of the crate.
    ///
    /// # Errors
    /// The messages of the compiler, if the program does not compile.
    pub fn compile(&self, program: &Path, dependencies: &[(&str, &str)]) -> Result<(), String> {
        let mut command = run::rustc();
        command.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--out-dir"]);
        command.arg(program.parent().expect("the program is in a directory")).arg(program);
        for (name, library) in dependencies {
            let metadata = self.metadata.get(*library).unwrap_or_else(|| panic!("`{library}` was checked"));
            let directory = metadata.parent().expect("it is in a directory").display();
            command.args([
                "--extern",
                &format!("{name}={}", metadata.display()),
                "-L",
                &format!("dependency={directory}"),
            ]);
        }
        let run = Run::of(&mut command);
        // A library that is missing or out of date says nothing about the program.
        assert!(!run.stderr.contains("error[E046"), "{}", run.stderr);
        if run.is_ok() { Ok(()) } else { Err(run.stderr) }
    }
}

/// Writes the text of a program to a file of its own.
pub fn write(directory: &Path, name: &str, text: &str) -> PathBuf {
    fs::create_dir_all(directory).expect("the directory can be made");
    let path = directory.join(name).with_extension("rs");
    fs::write(&path, text).expect("the file can be written");
    path
}

/// Maps `items` with a thread for each core, in their order.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = map(item);
                    results.lock().expect("no thread panicked").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread panicked");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
