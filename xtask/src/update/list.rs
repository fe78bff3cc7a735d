//! The list of what is left for a person, in Markdown.

use std::fmt::Write;

use codegen::diagnostic::excerpt;
use codegen::markdown::{block, code};

use super::command;
use crate::root::config_name;

/// The size of the text of a pull request, in bytes. GitHub refuses more than 65,536 characters, and `.ci/update` adds some.
const BODY: usize = 60_000;

/// The longest text of a document that an item shows, in characters.
const QUOTE: usize = 1500;

/// Something that is left for a person.
#[derive(Debug, Default)]
pub(crate) struct Task {
    /// The file and the line, from 1.
    pub(super) place: (String, Option<usize>),
    /// What to do, in Markdown, on one line.
    pub(super) what: String,
    /// Text to paste, each with the name of its language.
    pub(super) pasted: Vec<(&'static str, String)>,
    /// Texts to read, each with what it is.
    pub(super) quotes: Vec<(&'static str, String)>,
    /// Whether the update is complete without it.
    pub(super) is_note: bool,
}

impl Task {
    /// Something without which the update is not complete.
    pub(super) fn new(place: (String, Option<usize>), what: String) -> Self {
        Self { place, what, ..Self::default() }
    }

    /// Something to check or to choose.
    pub(super) fn note(place: (String, Option<usize>), what: String) -> Self {
        Self { is_note: true, ..Self::new(place, what) }
    }

    pub(super) fn with_row(mut self, row: String) -> Self {
        self.pasted.push(("toml", row));
        self
    }

    pub(super) fn with_quotes(self, quotes: impl IntoIterator<Item = Option<(&'static str, String)>>) -> Self {
        Self { quotes: quotes.into_iter().flatten().collect(), ..self }
    }
}

/// A line of the configuration, or all of it.
pub(super) fn in_config(line: Option<usize>) -> (String, Option<usize>) {
    (config_name().to_owned(), line)
}

/// Returns the headings and the items of the list, in Markdown.
pub(super) fn list(all: &[Task]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let (notes, tasks): (Vec<_>, Vec<_>) = all.iter().partition(|task| task.is_note);
    if tasks.is_empty() {
        let but = if notes.is_empty() { "" } else { " but to check what follows, and to take what you want of it" };
        parts.push(format!("Nothing is left to do{but}.\n"));
    }
    let to_do = "Left to do\n\nLines are those of the files as they are now: begin with the last one of each file.";
    for (heading, mark, items) in [(to_do, "- [ ]", tasks), ("To check", "-", notes)] {
        if items.is_empty() {
            continue;
        }
        let blank = if parts.is_empty() { "" } else { "\n" };
        parts.push(format!("{blank}### {heading}\n\n"));
        for Task { place: (file, line), what, pasted, quotes, .. } in items {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            let mut item = format!("{mark} {}: {}\n", code(&format!("{file}{line}")), what.replace('\n', " "));
            for (language, text) in pasted {
                item.push_str(&block(language, text, 2));
            }
            for (what, text) in quotes {
                item.push_str(&format!("\n  {what}:\n\n{}", block("text", &excerpt(text, QUOTE), 2)));
            }
            parts.push(item);
        }
    }
    parts
}

/// Returns the text of the pull request: as much as GitHub takes of the list, and then of the changes.
pub(super) fn body(list: &[String], changes: &str) -> String {
    let mut body = String::new();
    // An item is whole or left out: its blocks have an end.
    let left_out = list.iter().filter(|part| !fits(&mut body, part)).count();
    if left_out > 0 {
        let _ = writeln!(
            body,
            "\n{left_out} more items are left out here: {} prints all of them.",
            code(&command("update"))
        );
    }
    body.push('\n');
    let lines = changes.split_inclusive('\n');
    if lines.map(|line| fits(&mut body, line)).any(|fits| !fits) {
        let _ = writeln!(body, "\nThere is more: {} shows all of it.", code(&format!("{} main", command("diff"))));
    }
    body
}

/// Adds text to a body if there is room for it and for a last remark.
fn fits(body: &mut String, text: &str) -> bool {
    let fits = body.len() + text.len() <= BODY;
    if fits {
        body.push_str(text);
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_holds_whole_items() {
        let item = |i: usize| Task {
            what: format!("item {i}"),
            pasted: vec![("toml", "x".repeat(1000))],
            is_note: i > 0,
            ..Task::default()
        };
        let all: Vec<_> = (0..100).map(item).collect();
        let body = body(&list(&all), &"changes\n".repeat(10_000));
        assert!(body.len() < 61_000, "{}", body.len());
        assert_eq!(body.matches("```").count() % 2, 0);
        assert!(body.contains("more items are left out") && body.contains("There is more"), "{body}");
    }
}
