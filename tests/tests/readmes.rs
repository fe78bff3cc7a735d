//! The READMEs as GitHub and the registry show them: with every line of a code block, and without rustdoc, which would hide lines
//! and resolve the links that have no definition. That the examples compile is up to the tests of documentation.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use tests::workspace;

const READMES: [&str; 3] = ["README.md", "generated/README.md", "generated/runtime/README.md"];

/// The widest line of code that the registry and docs.rs show without a scroll bar.
const COLUMNS: usize = 90;

/// The code blocks of a text, each with its language.
fn code_blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut block: Option<(String, String)> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                block = Some((language.into_string(), String::new()));
            }
            Event::Text(code) => {
                if let Some((_, text)) = &mut block {
                    text.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    blocks
}

/// What is wrong with the code of a text, as it is shown.
fn problems_of_code(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (language, code) in code_blocks(text) {
        for line in code.lines() {
            let is_hidden = line.trim() == "#" || line.trim_start().starts_with("# ");
            if language.starts_with("rust") && is_hidden {
                problems.push(format!("rustdoc hides this line, and others show it: {line}"));
            }
            if language.starts_with("rust") && line.chars().count() > COLUMNS {
                problems.push(format!("longer than {COLUMNS} columns: {line}"));
            }
        }
    }
    problems
}

/// The widest line of an example that docs.rs shows without a scroll bar.
const COLUMNS_OF_DOCS: usize = 100;

/// The lines of the examples in the comments of a file that are too long. Those that rustdoc hides do not count.
fn long_examples(text: &str) -> Vec<&str> {
    let mut is_example = false;
    let mut long = Vec::new();
    for line in text.lines().map(str::trim) {
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            // An attribute may begin an example, or be in the middle of one.
            let begins = line.contains(r#"doc = "```")"#) && !line.contains("not(");
            is_example = begins || (is_example && line.starts_with("#["));
            continue;
        };
        let code = comment.strip_prefix(' ').unwrap_or(comment);
        if code.starts_with("```") {
            is_example = !is_example;
        } else if is_example && !code.starts_with("# ") && code.chars().count() > COLUMNS_OF_DOCS {
            long.push(code);
        }
    }
    long
}

#[test]
fn examples_fit_the_column_of_docs() {
    for root in ["generated/src", "generated/runtime/src"] {
        let files = workspace::files(&workspace::path(root)).into_iter();
        for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
            let text = fs::read_to_string(&path).expect("the file can be read");
            assert_eq!(long_examples(&text), [""; 0], "{}", path.display());
        }
    }
    let long = "x".repeat(COLUMNS_OF_DOCS + 1);
    let text = format!("/// {long}\n/// ```\n#[doc = x]\n/// # {long}\n/// {long}\n/// ```\n/// {long}\n");
    assert_eq!(long_examples(&text), [long]);
}

/// The links of a text, and the references that have no definition.
fn links(text: &str) -> (Vec<String>, Vec<String>) {
    let mut undefined = Vec::new();
    let mut is_broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let Range { start, end } = link.span;
        undefined.push(text[start..end].to_owned());
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(&mut is_broken));
    let links = parser.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    let links = links.collect();
    (links, undefined)
}

#[test]
fn code_is_shown_as_it_compiles_and_fits_its_column() {
    for name in READMES {
        assert_eq!(problems_of_code(&workspace::read(name)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn each_reference_has_a_link_that_leads_somewhere() {
    for name in READMES {
        let text = workspace::read(name);
        let (links, undefined) = links(&text);
        assert!(!links.is_empty() && undefined.is_empty(), "{name}: without a definition: {undefined:?}");
        let relative: Vec<_> = links.iter().filter(|link| !link.starts_with("https://")).collect();
        if name == "README.md" {
            let missing: Vec<_> = relative.iter().filter(|link| !workspace::path(link).is_file()).collect();
            assert!(missing.is_empty(), "{name} links to files that are not there: {missing:?}");
        } else {
            assert!(relative.is_empty(), "the registry has no files beside {name}: {relative:?}");
        }
        let used: BTreeSet<_> = links.iter().map(String::as_str).collect();
        let parser = Parser::new(&text);
        let defined = parser.reference_definitions().iter().map(|(_, link)| link.dest.to_string());
        let unused: Vec<_> = defined.filter(|link| !used.contains(&**link)).collect();
        assert!(unused.is_empty(), "{name}: links that no reference uses: {unused:?}");
    }
}

/// The paths below the root of the workspace, and the modules of the generator, that a text names as code and that are not there.
fn missing_paths(text: &str) -> Vec<&str> {
    const TOP: [&str; 6] = [".ci/", "codegen/", "generated/", "spec/", "tests/", "xtask/"];
    /// `update` writes it, and deletes it when nothing is left to do.
    const TEMPORARY: &str = "spec/update.json";
    let is_path = |code: &str| {
        let is_plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./_-".contains(&byte));
        is_plain && TOP.iter().any(|top| code.starts_with(top)) && !code.contains("VERSION") && code != TEMPORARY
    };
    let code = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    code.filter(|code| match code.strip_prefix("codegen::") {
        Some(module) => !is_module(module),
        None => is_path(code) && !workspace::path(code).exists(),
    })
    .collect()
}

/// Whether the generator has a module of this path, as it is in the files or as `lib.rs` re-exports it. An item may follow.
fn is_module(path: &str) -> bool {
    let segments = path.split("::").take_while(|segment| segment.starts_with(|first: char| first.is_ascii_lowercase()));
    let mut segments: Vec<_> = segments.collect();
    let root = workspace::read("codegen/src/lib.rs");
    let exported =
        root.lines().filter_map(|line| line.strip_prefix("pub use ")?.trim_end_matches("};").split_once("::{"));
    let mut exported = exported.filter(|(_, names)| names.split(", ").any(|name| Some(&name) == segments.first()));
    if let Some((outer, _)) = exported.next() {
        segments.insert(0, outer);
    }
    workspace::path(&format!("codegen/src/{}.rs", segments.join("/"))).exists()
}

#[test]
fn paths_that_are_named_are_there() {
    let files =
        ["codegen", "generated", "tests", "xtask"].into_iter().flat_map(|top| workspace::files(&workspace::path(top)));
    let files = files.chain(["README.md", "CONTRIBUTING.md"].map(workspace::path));
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "md" || extension == "rs")) {
        let text = fs::read_to_string(&file).expect("the file is text");
        let is_markdown = file.extension().is_some_and(|extension| extension == "md");
        for line in text.lines().filter(|line| is_markdown || line.trim_start().starts_with("//")) {
            assert_eq!(missing_paths(line), [""; 0], "{}: {line}", file.display());
        }
    }
    let text =
        "`tests/gone.rs`, `tests/src/lib.rs`, `tests/*.rs`, `codegen::emit`, `codegen::diff`, `codegen::rust::emit`";
    assert_eq!(missing_paths(text), ["tests/gone.rs", "codegen::emit"]);
}

#[test]
fn problems_are_found() {
    let long = "x".repeat(COLUMNS + 1);
    let text = format!("```rust\n# mod hidden {{\n#[cfg(test)]\n#\n{long}\n```\n\n```console\n# root\n```\n");
    assert_eq!(problems_of_code(&text).len(), 3, "{:?}", problems_of_code(&text));
    let (links, undefined) = links("[`A`] and [`B`][b] and [c](d.md)\n\n[`A`]: https://example.com\n");
    assert_eq!(links, ["https://example.com", "d.md"]);
    assert_eq!(undefined, ["[`B`][b]"]);
}

/// Whoever adds the crate has to know how, which feature the first line of a client needs, and which Rust.
#[test]
fn the_crate_says_how_to_install_it() {
    let text = workspace::read("generated/README.md");
    let manifest: toml::Table = workspace::read("Cargo.toml").parse().expect("the manifest is TOML");
    let rust = manifest["workspace"]["package"]["rust-version"].as_str().expect("a version of Rust is set");
    for name in ["README.md", "generated/README.md"] {
        let words = format!("The minimum Rust version is {rust}.");
        assert!(workspace::read(name).contains(&words), "{name}: {words}");
    }
    let (language, first) = code_blocks(&text).swap_remove(0);
    assert_eq!(language, "console");
    assert!(first.contains("cargo add stripe-financial-connections --features reqwest"), "{first}");
    let features = workspace::read("generated/Cargo.toml");
    let features = features.parse::<toml::Table>().expect("the manifest is TOML")["features"].clone();
    for feature in features.as_table().expect("they are a table").keys().filter(|feature| *feature != "default") {
        assert!(text.contains(&format!("| `{feature}`")) || text.contains(&format!(", `{feature}`")), "{feature}");
    }
}
