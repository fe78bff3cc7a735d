//! Text of a document in comments and reports: Markdown that shows it, and that is read as nothing else.
//!
//! A description is read by the parser that rustdoc has, and only what is allowed is written again. A value is a code span,
//! which nothing ends and no line breaks. [`fault`] then reads each comment as rustdoc does: whatever wrote it, it holds no code
//! that would run, no HTML, and no link that is not ours.

pub(crate) mod check;
mod html;
mod inline;
mod wrap;
mod write;

pub use self::check::fault;
pub use self::wrap::wrap;
pub use self::write::markdown;

use crate::visible::escaped;

/// Returns a code span that shows a value, on one line.
pub fn code(text: &str) -> String {
    let mut shown = escaped(text).into_owned();
    if shown.trim().is_empty() {
        shown = format!("\"{shown}\"");
    }
    let longest = longest_run(&shown);
    // One space at both ends is not shown.
    let pad = if longest > 0 || shown.starts_with(' ') && shown.ends_with(' ') { " " } else { "" };
    let fence = "`".repeat(longest + 1);
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Returns a code span for a cell of a table, which a bar would end.
pub fn code_in_cell(text: &str) -> String {
    // A backslash before a bar is read in two ways.
    code(&text.replace("\\|", "\\\\u{7c}")).replace('|', "\\|")
}

/// Returns an item of a list for a description: in one line if it has no lists and no blocks of code.
pub fn item(start: &str, description: &str) -> String {
    let is_plain = |block: &str| !block.contains('\n') && wrap::starts_paragraph(block);
    if description.split("\n\n").all(is_plain) {
        return format!("- {start}{}", description.replace("\n\n", " "));
    }
    let mut out = format!("- {start}");
    for (i, line) in description.lines().enumerate() {
        match i {
            0 if wrap::starts_paragraph(line) => {}
            0 => out.push_str("\n\n  "),
            _ if line.is_empty() => out.push('\n'),
            _ => out.push_str("\n  "),
        }
        out.push_str(line);
    }
    out
}

/// Returns a block of code of a language, with `indent` spaces before each line.
pub fn block(language: &str, text: &str, indent: usize) -> String {
    let (fence, indent) = (fence(text), " ".repeat(indent));
    let text = crate::visible::escaped_lines(text);
    let lines = std::iter::once(format!("{fence}{language}")).chain(text.lines().map(str::to_owned)).chain([fence]);
    lines.map(|line| format!("{indent}{line}\n")).collect()
}

/// Returns a text that has code spans, such as a message, if it is read as text and code spans; otherwise a code span of it.
pub fn message(message: &str) -> String {
    let shown = escaped(message);
    if check::is_plain(&shown) { shown.into_owned() } else { code(message) }
}

/// Returns a fence that no line of the code ends.
fn fence(code: &str) -> String {
    "`".repeat(longest_run(code).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
