//! Breaks comments into lines.

/// Breaks Markdown as this module writes it into lines of at most `width` characters, where words allow it. Each line of it is
/// a paragraph, an item of a list, or a line of a block of code.
pub fn wrap(markdown: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        let text = line.trim_start_matches(' ');
        if let Some(end) = fence {
            lines.push(line.to_owned());
            fence = fence.filter(|_| text != end);
            continue;
        }
        let first = text.split(' ').next().unwrap_or_default();
        let marker = if is_marker(first) { &text[..(first.len() + 1).min(text.len())] } else { "" };
        let text = &text[marker.len()..];
        let run = text.len() - text.trim_start_matches('`').len();
        if run >= 3 && !text[run..].contains('`') {
            fence = Some(&text[..run]);
            lines.push(line.to_owned());
            continue;
        }
        let start = &line[..line.len() - text.len()];
        let (mut last, mut length) = (start.to_owned(), start.len());
        for (at, word) in words(text).enumerate() {
            let word_length = word.chars().count();
            // A word that would start a block must not come first in a line.
            if at == 0 || length + 1 + word_length <= width || starts_block(word) {
                let space = if at == 0 { "" } else { " " };
                last.extend([space, word]);
                length += space.len() + word_length;
            } else {
                lines.push(std::mem::replace(&mut last, format!("{}{word}", " ".repeat(start.len()))));
                length = start.len() + word_length;
            }
        }
        lines.push(last.trim_end_matches(' ').to_owned());
    }
    lines
}

/// Returns the words of a paragraph. A code span is part of one word, and no line breaks in it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let (mut at, bytes) = (0, rest.as_bytes());
        while let Some(byte) = bytes.get(at) {
            at += match byte {
                b' ' => break,
                b'\\' => 2,
                b'`' => code_span(&rest[at..]),
                _ => 1,
            };
        }
        let (word, after) = rest.split_at(at.min(rest.len()));
        rest = after;
        Some(word).filter(|word| !word.is_empty())
    })
}

/// Returns the length of the code span that starts a text. Each run of backticks that is not escaped starts one.
fn code_span(text: &str) -> usize {
    let run = text.len() - text.trim_start_matches('`').len();
    let mut at = run;
    while let Some(start) = text[at..].find('`') {
        let tail = &text[at + start..];
        let length = tail.len() - tail.trim_start_matches('`').len();
        at += start + length;
        if length == run {
            return at;
        }
    }
    text.len()
}

fn is_marker(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']).is_some_and(|n| !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit()));
    number || matches!(word, "-" | "+" | "*")
}

/// Whether a block is a paragraph, and neither a list nor a block of code.
pub(super) fn starts_paragraph(block: &str) -> bool {
    !(block.starts_with("```") || block.split(' ').next().is_some_and(is_marker))
}

/// Whether Markdown takes a line with this first word for anything but a paragraph.
pub(super) fn starts_block(word: &str) -> bool {
    is_marker(word) || word.starts_with(['#', '>', '|', '=', '~', ':']) || word.starts_with("--")
}
