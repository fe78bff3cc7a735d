//! Code and text of people that may no longer compile or hold: what mentions an item by name that changed in a way that breaks
//! programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::Config;
use codegen::config::Table;
use codegen::diff::{Changes, Verdict};
use codegen::markdown::code;

use super::list::Task;
use crate::root::{self, config_name, releases_name};

/// Where people write what uses the crate, below the root: files, and directories with Rust and Markdown.
const OF_WORKSPACE: [&str; 5] = ["README.md", "generated/README.md", "generated/src", "generated/examples", "tests"];
const OF_CRATE: [&str; 5] = ["README.md", "src", "examples", "tests", "benches"];

/// Directories with code of other documents or of others, and with what is compared with the output.
const NOT_OURS: [&str; 6] = ["fixtures", "snapshots", "damaged_documents", "verdicts", "node_modules", "target"];

/// The most lines that one item names.
const LINES: usize = 10;

/// How the code that uses an item names it.
struct Item {
    /// The module of another release than the first one.
    module: Option<String>,
    owner: String,
    /// A field, a setter, a variant or a function of it.
    member: Option<String>,
}

impl Item {
    fn new(item: &str) -> Self {
        let mut parts: Vec<_> = item.split("::").map(str::to_owned).collect();
        let has_module = parts.len() > 1 && parts[0].starts_with(|c: char| c.is_lowercase());
        let module = has_module.then(|| parts.remove(0));
        let mut parts = parts.into_iter();
        Self { module, owner: parts.next().unwrap_or_default(), member: parts.next() }
    }

    /// Whether a line may name it. A variant or a function is named by its path, a field or a setter by a dot and its name. What is
    /// before the dot can have any type.
    fn is_in(&self, line: &str) -> bool {
        match &self.member {
            None => has(line, &self.owner),
            Some(member) if member == "new" || member.starts_with(char::is_uppercase) => {
                has(line, &format!("{}::{member}", self.owner))
            }
            Some(member) => has(line, &format!(".{member}")),
        }
    }
}

/// Whether a line has a name that does not go on.
fn has(line: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(is_part) && name.starts_with(is_part);
        !before && !line[at + name.len()..].starts_with(is_part)
    })
}

/// Returns each place that mentions an item which changed in a way that breaks programs, by file.
pub(super) fn of(config: &Config, changes: &Changes) -> Vec<Task> {
    let breaking = changes.changes.iter().filter(|change| change.verdict() == Verdict::Major);
    let items: BTreeMap<&str, Item> = breaking.map(|change| (change.item.as_str(), Item::new(&change.item))).collect();
    if items.is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    for path in if root::is_crate() { OF_CRATE } else { OF_WORKSPACE } {
        collect(Path::new(path), &mut texts);
    }
    texts.sort();
    let mut tasks = Vec::new();
    for path in texts {
        let Ok(text) = fs::read_to_string(root::path().join(&path)) else { continue };
        let lines: Vec<_> = (1..).zip(text.lines()).collect();
        tasks.extend(in_lines(&path.display().to_string().replace('\\', "/"), &lines, &items));
    }
    // The rows of examples are code in the configuration.
    let text = fs::read_to_string(root::path().join(config_name())).unwrap_or_default();
    let lines: Vec<_> = (1..).zip(text.lines()).collect();
    for row in &config.examples {
        let Some(found) = config.find(Table::Example, &row.item, row.releases.first().map(String::as_str)) else {
            continue;
        };
        let row: Vec<_> = lines.iter().copied().filter(|(line, _)| (found.line..=found.last).contains(line)).collect();
        tasks.extend(in_lines(config_name(), &row, &items));
    }
    tasks
}

/// Returns what of a file mentions the items, each with its lines.
fn in_lines(file: &str, lines: &[(usize, &str)], items: &BTreeMap<&str, Item>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (name, item) in items {
        let is_in_scope = |module: &String| lines.iter().any(|(_, line)| has(line, module));
        if !item.module.as_ref().is_none_or(is_in_scope) {
            continue;
        }
        let at: Vec<_> = lines.iter().filter(|(_, line)| item.is_in(line)).map(|(line, _)| *line).collect();
        let Some((first, others)) = at.split_first() else { continue };
        let shown: Vec<_> = others.iter().take(LINES).map(usize::to_string).collect();
        let others = match (shown.as_slice(), others.len().saturating_sub(LINES)) {
            ([], _) => String::new(),
            (shown, 0) => format!(", also on {}", shown.join(", ")),
            (shown, more) => format!(", also on {} and {more} more lines", shown.join(", ")),
        };
        let what =
            format!("check what may mean {}, which is gone or another{others}: it may no longer compile", code(name));
        tasks.push(Task::note((file.to_owned(), Some(*first)), what));
    }
    tasks
}

/// Adds the files of Rust and Markdown at a path below the root, other than those of the generator.
fn collect(path: &Path, texts: &mut Vec<PathBuf>) {
    let full = root::path().join(path);
    if path == Path::new(releases_name()) || NOT_OURS.iter().any(|name| path.ends_with(name)) {
        return;
    }
    if full.is_dir() {
        for entry in fs::read_dir(&full).into_iter().flatten().flatten() {
            collect(&path.join(entry.file_name()), texts);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") && full.is_file() {
        texts.push(path.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_found_as_code_names_it() {
        for (item, line, is_in) in [
            ("CreateSession::new", "let create = CreateSession::new(holder);", true),
            ("CreateSession::new", "let create = ReCreateSession::new(holder);", false),
            ("CreateSession::new", "use crate::CreateSession;", false),
            ("Status::Inactive", "    AccountStatus::Inactive => {}", false),
            ("Status::Inactive", "    Status::Inactive => {}", true),
            ("Status::Inactive", "    Status::InactiveSince => {}", false),
            ("Session::livemode", "if session.livemode {", true),
            ("Session::livemode", "if session.livemode_since {", false),
            ("Session::livemode", "fn livemode() {}", false),
            ("Session", "fn of(session: &Session) {}", true),
            ("Session", "fn of(session: &SessionId) {}", false),
            ("preview::Status::Inactive", "    preview::Status::Inactive => {}", true),
        ] {
            assert_eq!(Item::new(item).is_in(line), is_in, "{item}: {line}");
        }
    }
}
