//! A maintainer who does what the list says, and nothing else: pastes each block where its item says, and describes each place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codegen::Pointer;
use serde_json::{Value, json};

use crate::rehearsal::{read, xtask};

/// An item of the list.
#[derive(Debug, Default)]
pub(crate) struct Item {
    pub(crate) is_task: bool,
    /// The file, and the line if there is one.
    pub(crate) file: String,
    pub(crate) line: Option<usize>,
    /// What to do.
    pub(crate) what: String,
    /// The blocks to paste or to read, each with its language.
    pub(crate) blocks: Vec<(String, String)>,
}

/// Returns the items of a list.
pub(crate) fn items(said: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut block: Option<(String, String, String)> = None;
    for line in said.lines() {
        if let Some((fence, language, text)) = &mut block {
            if line == format!("  {fence}") {
                let item = items.last_mut().expect("a block is in an item");
                item.blocks.push((std::mem::take(language), text.trim_end_matches('\n').to_owned()));
                block = None;
            } else {
                text.push_str(line.strip_prefix("  ").unwrap_or(line));
                text.push('\n');
            }
        } else if let Some(rest) = line.strip_prefix("- [ ] `").or_else(|| line.strip_prefix("- `")) {
            let (place, what) = rest.split_once("`: ").expect("an item has a place");
            let (file, line_number) = match place.rsplit_once(':') {
                Some((file, line)) => (file, Some(line.parse().expect("a line is a number"))),
                None => (place, None),
            };
            let (file, what, is_task) = (file.to_owned(), what.to_owned(), line.starts_with("- [ ]"));
            items.push(Item { is_task, file, line: line_number, what, blocks: Vec::new() });
        } else if let Some(rest) = line.strip_prefix("  ```") {
            let language = rest.trim_start_matches('`').to_owned();
            let fence = format!("```{}", &rest[..rest.len() - language.len()]);
            block = Some((fence, language, String::new()));
        }
    }
    items
}

/// The edits of files by lines: what replaces the lines from the first one to the last one.
#[derive(Debug, Default)]
struct Edits {
    lines: BTreeMap<String, Vec<(usize, usize, String)>>,
    /// What comes to the end.
    ends: BTreeMap<String, String>,
}

impl Edits {
    fn below(&mut self, file: &str, line: usize, text: &str) {
        self.lines.entry(file.to_owned()).or_default().push((line + 1, line, format!("{text}\n")));
    }

    fn replace(&mut self, file: &str, (first, last): (usize, usize), text: &str) {
        let edits = self.lines.entry(file.to_owned()).or_default();
        // One of two items about the same lines is for the next round.
        if edits.iter().all(|(start, end, _)| start > end || last < *start || first > *end) {
            edits.push((first, last, text.to_owned()));
        }
    }

    fn apply(self, root: &Path) {
        for (file, mut edits) in self.lines {
            let text = read(&root.join(&file));
            let mut lines: Vec<_> = text.split_inclusive('\n').map(str::to_owned).collect();
            edits.sort_by_key(|(first, ..)| *first);
            for (first, last, new) in edits.into_iter().rev() {
                lines.splice(first - 1..last, [new]);
            }
            fs::write(root.join(&file), lines.concat()).expect("it is ours");
        }
        for (file, end) in self.ends {
            let text = read(&root.join(&file));
            fs::write(root.join(&file), format!("{text}{end}")).expect("it is ours");
        }
    }
}

/// What a maintainer had to do in one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) described: usize,
    pub(crate) pasted: usize,
    pub(crate) read: usize,
}

/// Follows a list, and runs `cargo xtask update` again, until nothing is left to do or to paste. Returns what each round had.
pub(crate) fn follow(root: &Path, document: &str, first: &str) -> (Vec<Done>, String) {
    let (mut rounds, mut said) = (Vec::new(), first.to_owned());
    loop {
        let done = round(root, document, &said);
        rounds.push(done);
        if done.described + done.pasted == 0 {
            assert!(!said.contains("- [ ]"), "{said}");
            return (rounds, said);
        }
        assert!(rounds.len() < 8, "{said}");
        let (code, text) = xtask(root, &["update", document]);
        assert_eq!(code, Some(0), "{text}\nafter\n{said}");
        said = text;
    }
}

fn round(root: &Path, document: &str, said: &str) -> Done {
    let mut edits = Edits::default();
    let mut done = Done::default();
    // The lines are those of the files before the first edit.
    let before = read(&root.join(document));
    let lines: Vec<_> = before.lines().collect();
    let mut described = Described::new(document, &before);
    for (count, item) in items(said).iter().enumerate() {
        let line =
            item.line.map(|line| lines.get(line - 1).copied().unwrap_or_default()).filter(|_| item.file == document);
        if item.is_task && item.what.starts_with("describe ") {
            described.describe(item, line.expect("it is in the document"));
            done.described += 1;
        } else if paste(item, &format!("{}_{count}", edits.ends.len()), &mut edits) {
            done.pasted += 1;
        } else {
            assert!(!item.is_task, "nothing to paste: {item:?}");
            done.read += 1;
        }
    }
    described.write(root, document);
    edits.apply(root);
    done
}

/// Pastes the blocks of an item where it says. Returns whether there was anything.
fn paste(item: &Item, name: &str, edits: &mut Edits) -> bool {
    let what = item.what.as_str();
    // A choice with two good ends: what is past the boundary stays there.
    if what.starts_with("decide on ") {
        return false;
    }
    let numbers = |text: &str| -> Vec<usize> {
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
    };
    let lines = |word: &str| {
        if let Some((_, rest)) = what.split_once(&format!("{word} line ")) {
            let line = *numbers(rest).first().unwrap_or_else(|| panic!("{what}"));
            return Some((line, line));
        }
        let rest = what.split_once(&format!("{word} lines "))?.1;
        let &[first, last, ..] = numbers(rest).as_slice() else { panic!("{what}") };
        Some((first, last))
    };
    let blocks: Vec<_> = item.blocks.iter().filter(|(language, _)| language != "text").collect();
    if let Some(lines) = lines("replace") {
        let (_, row) = blocks.first().unwrap_or_else(|| panic!("no row: {item:?}"));
        edits.replace("spec/codegen.toml", lines, &format!("{row}\n"));
        return true;
    }
    if let Some(lines) = lines("delete") {
        edits.replace(&item.file, lines, "");
        return true;
    }
    // `below line N of `FILE``, as often as there are blocks that are not for the end of a file.
    let mut below = what.match_indices("below line ").map(|(at, words)| {
        let rest = &what[at + words.len()..];
        let file = rest.split('`').nth(1).filter(|file| file.contains('/')).unwrap_or(&item.file).to_owned();
        (file, numbers(rest)[0])
    });
    for (language, text) in &blocks {
        let chosen = if text.starts_with("[[variant]]") {
            format!("Chosen{}", name.replace('_', ""))
        } else {
            format!("chosen_{name}")
        };
        let text = text.replace("\"…\"", &format!("\"{chosen}\""));
        if language == "toml" && text.starts_with("[[") {
            edits.ends.entry("spec/codegen.toml".to_owned()).or_default().push_str(&format!("\n{text}\n"));
        } else {
            let (mut file, line) = below.next().unwrap_or_else(|| panic!("no place for {text}: {item:?}"));
            if text.ends_with(" = []") {
                file = "generated/Cargo.toml".to_owned();
            }
            edits.below(&file, line, &text);
        }
    }
    !blocks.is_empty()
}

/// The document with descriptions.
struct Described {
    head: String,
    document: Value,
    is_new: bool,
}

impl Described {
    fn new(name: &str, text: &str) -> Self {
        let (head, yaml) = text.split_at(text.find("components:").expect("it starts with them"));
        let json = codegen::document::to_json(name, yaml).expect("it is YAML");
        Self { head: head.to_owned(), document: serde_json::from_str(&json).expect("it is JSON"), is_new: false }
    }

    /// Describes the place of an item, which stands in this line.
    fn describe(&mut self, item: &Item, line: &str) {
        self.is_new = true;
        let quoted: Vec<_> = item.what.split('`').skip(1).step_by(2).collect();
        let pointer = quoted.iter().find_map(|quoted| quoted.strip_prefix('#')).expect("it names a place");
        let place = self.document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is not there"));
        if let [value, "x-enumDescriptions", _] = quoted[..] {
            assert!(line.trim().starts_with("- ") && line.contains(value), "{item:?}: {line}");
            place["x-enumDescriptions"][value] = json!("Described.");
        } else {
            let token = Pointer::parse(pointer).tokens().next_back().expect("it has one");
            let is_named = line.trim().trim_matches(['\'', ':']).contains(&token);
            assert!(is_named || token.parse::<usize>().is_ok(), "{item:?}: {line}");
            place["description"] = json!("Described.");
        }
    }

    fn write(self, root: &Path, document: &str) {
        if self.is_new {
            let yaml = codegen::document::to_yaml(&self.document).expect("it is YAML");
            fs::write(root.join(document), self.head + &yaml).expect("it is ours");
        }
    }
}
