//! Pages that rustdoc wrote.

use std::fs;
use std::path::Path;

use crate::workspace;

/// Returns the pages below a directory on which a reader sees Markdown instead of a link, each with what is around it.
pub fn with_unread_links(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in workspace::files(directory) {
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let page = fs::read_to_string(&path).expect("the page is text");
        let text = without_code(&page);
        found.extend(["](", "] ("].iter().filter_map(|mark| text.find(mark)).map(|at| {
            let near: String = text[at..].chars().take(60).collect();
            format!("{}: {near}", path.display())
        }));
    }
    found
}

/// Returns the text of a page without its code and its tags.
fn without_code(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let end = ["pre", "code", "script"]
            .iter()
            .find(|name| tag.strip_prefix(**name).is_some_and(|after| after.starts_with(['>', ' '])));
        rest = match end {
            Some(name) => tag.split_once(&format!("</{name}")).map_or("", |(_, rest)| rest),
            None => tag,
        };
        rest = rest.split_once('>').map_or("", |(_, rest)| rest);
    }
    text + rest
}
