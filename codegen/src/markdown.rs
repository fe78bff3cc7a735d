//! Converts descriptions into Markdown that rustdoc accepts without a warning.
//!
//! A description can be empty, HTML, Markdown with relative links, or any other text. The text stays; code that rustdoc would
//! run, links that it would not find and tags that it would refuse become plain text.

/// Converts a description into Markdown. Links that start with `/` get `docs_url` in front.
pub(crate) fn markdown(description: &str, docs_url: &str) -> String {
    let text: String = description
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !(c.is_control() || turns_text(*c)))
        .collect();
    let text = from_html(&text);
    let mut blocks: Vec<String> = Vec::new();
    let mut fence: Option<Vec<&str>> = None;
    let mut paragraph: Vec<&str> = Vec::new();
    let flush = |paragraph: &mut Vec<&str>, blocks: &mut Vec<String>| {
        if !paragraph.is_empty() {
            blocks.push(inline(&paragraph.join("\n"), docs_url));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let trimmed = line.trim();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        match (&mut fence, is_fence) {
            (Some(lines), true) => {
                blocks.push(code_block(lines));
                fence = None;
            }
            (Some(lines), false) => lines.push(line),
            (None, true) => {
                flush(&mut paragraph, &mut blocks);
                fence = Some(Vec::new());
            }
            (None, false) if trimmed.is_empty() => flush(&mut paragraph, &mut blocks),
            // Four leading spaces would make it code, which rustdoc compiles.
            (None, false) => paragraph.push(trimmed),
        }
    }
    flush(&mut paragraph, &mut blocks);
    if let Some(lines) = fence {
        blocks.push(code_block(&lines));
    }
    blocks.join("\n\n")
}

/// Whether the character changes the direction of the text after it, which Rust refuses in a comment.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A fenced block, marked as text so that rustdoc does not compile it.
fn code_block(lines: &[&str]) -> String {
    format!("```text\n{}\n```", lines.join("\n"))
}

/// A code span of any text.
pub(crate) fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c.is_control() || turns_text(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    if shown.trim().is_empty() {
        shown = format!("\"{shown}\"");
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let (fence, pad) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// The code span that starts `text`, if one does: a run of backticks up to the next run of the same length.
fn code_span(text: &str) -> Option<&str> {
    let run = text.len() - text.trim_start_matches('`').len();
    let mut rest = &text[run..];
    loop {
        let start = rest.find('`')?;
        let tail = &rest[start..];
        let length = tail.len() - tail.trim_start_matches('`').len();
        rest = &tail[length..];
        if length == run {
            let span = &text[..text.len() - rest.len()];
            return (!span.contains("\n\n")).then_some(span);
        }
    }
}

/// Converts the HTML that Stripe uses into Markdown. Other tags stay, and [`inline`] escapes them.
fn from_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut links: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('`') {
            let span = code_span(rest).unwrap_or("`");
            out.push_str(span);
            rest = &rest[span.len()..];
            continue;
        }
        let Some(end) = rest.find('>').filter(|end| *end < 500) else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        let name = tag.trim_end_matches('/').split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        rest = after;
        match name.as_str() {
            "p" | "/p" | "ul" | "/ul" | "ol" | "/ol" | "div" | "/div" => out.push_str("\n\n"),
            "br" => out.push('\n'),
            "li" => out.push_str("\n- "),
            "/li" | "span" | "/span" => {}
            "strong" | "/strong" | "b" | "/b" => out.push_str("**"),
            "em" | "/em" | "i" | "/i" => out.push('*'),
            "code" => match after.find("</code>") {
                Some(close) if !after[..close].contains(['`', '<', '\n']) && close > 0 => {
                    out.push_str(&format!("`{}`", &after[..close]));
                    rest = &after[close + "</code>".len()..];
                }
                _ => {}
            },
            "/code" => {}
            "a" => {
                links.push(attribute(tag, "href").unwrap_or_default().to_owned());
                out.push('[');
            }
            "/a" => {
                if let Some(url) = links.pop() {
                    out.push_str(&format!("]({url})"));
                }
            }
            _ => {
                out.push('<');
                out.push_str(tag);
                out.push('>');
            }
        }
    }
    out.push_str(rest);
    out
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

/// Escapes dead links, tags and open code spans; keeps the rest.
fn inline(text: &str, docs_url: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '`' => match code_span(rest) {
                Some(span) => {
                    out.push_str(span);
                    span.len()
                }
                None => push_escaped(&mut out, c),
            },
            '[' => match link(rest) {
                Some((label, url, length)) => {
                    let base = if url.starts_with('/') { docs_url } else { "" };
                    out.push_str(&format!("[{}]({base}{url})", inline(label, docs_url)));
                    length
                }
                None => push_escaped(&mut out, c),
            },
            ']' | '<' => push_escaped(&mut out, c),
            'h' if rest.starts_with("https://") || rest.starts_with("http://") => {
                let end = rest.find(|c: char| c.is_whitespace() || "<>()[]\"'`".contains(c)).unwrap_or(rest.len());
                let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
                out.push_str(&format!("<{url}>"));
                url.len()
            }
            _ => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

fn push_escaped(out: &mut String, c: char) -> usize {
    out.push('\\');
    out.push(c);
    c.len_utf8()
}

/// The link `[label](url)` that starts `text`, if rustdoc can follow it: its label, its target, and its length.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let (label, rest) = text[1..].split_once("](")?;
    let (url, _) = rest.split_once(')')?;
    let leads = url.starts_with('/') || url.starts_with("https://") || url.starts_with("http://");
    let plain = |text: &str| !text.contains(['[', ']', '<', '>', '\n']);
    let balanced = label.matches('`').count() % 2 == 0;
    let fine = leads && plain(label) && plain(url) && balanced && !url.contains([' ', '(']) && !label.contains("http");
    fine.then(|| (label, url, 1 + label.len() + 2 + url.len() + 1))
}

/// Breaks Markdown into lines of at most `width` characters, where words allow it.
pub(crate) fn wrap(markdown: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut in_fence = false;
    // Whether the next word may join the last line, and how far it is indented if it may not.
    let mut open = false;
    let mut indent = String::new();
    for line in markdown.lines() {
        let is_fence = line.starts_with("```");
        if is_fence || in_fence || line.is_empty() {
            in_fence ^= is_fence;
            lines.push(line.to_owned());
            open = false;
            indent.clear();
            continue;
        }
        let item = starts_item(line);
        if item {
            indent.clear();
        }
        if starts_block(line) {
            open = false;
        }
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            match lines.last_mut().filter(|_| open) {
                // A word that would start a list or a heading must not come first in a line.
                Some(last) if last.chars().count() + 1 + word.chars().count() <= width || starts_block(word) => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => lines.push(format!("{indent}{word}")),
            }
            open = true;
            if item && indent.is_empty() {
                // What belongs to the item stands below its first word.
                indent = " ".repeat(word.len() + 1);
            }
        }
    }
    lines
}

/// Whether a line starts an item of a list.
fn starts_item(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or("");
    let number = first.strip_suffix(['.', ')']).is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    number || matches!(first, "-" | "+" | "*")
}

/// Whether Markdown takes a line that starts so as anything but a paragraph.
fn starts_block(line: &str) -> bool {
    starts_item(line) || line.starts_with(['#', '>', '|', '=']) || line.starts_with("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        markdown(text, "https://docs.example")
    }

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            clean(
                "<p>Makes a <code>Session</code>. <b>Now</b>,<br>see <a href=\"/api\">docs</a>.</p><ul><li>a</li><li>b</li></ul>"
            ),
            "Makes a `Session`. **Now**,\nsee [docs](https://docs.example/api).\n\n- a\n- b"
        );
        assert_eq!(clean("a <blink>b</blink> <T> 1 < 2"), "a \\<blink>b\\</blink> \\<T> 1 \\< 2");
    }

    #[test]
    fn only_links_that_lead_somewhere_stay() {
        assert_eq!(clean("[a](https://x.y/z) [b](#c) [d] x[0]"), "[a](https://x.y/z) \\[b\\](#c) \\[d\\] x\\[0\\]");
        assert_eq!(clean("See https://x.y/z."), "See <https://x.y/z>.");
    }

    #[test]
    fn code_stays_and_open_code_is_plain() {
        assert_eq!(clean("`a[0] <b>` and `c"), "`a[0] <b>` and \\`c");
        assert_eq!(clean("``a ` b`` */ \"#"), "``a ` b`` */ \"#");
    }

    #[test]
    fn any_text_has_a_code_span() {
        assert_eq!(code("us_bank"), "`us_bank`");
        assert_eq!(code("`a``b"), "``` `a``b ```");
        assert_eq!(code("a\nb\u{202e}"), "`a\\nb\\u{202e}`");
        assert_eq!((code(""), code(" ")), ("`\"\"`".to_owned(), "`\" \"`".to_owned()));
    }

    #[test]
    fn nothing_becomes_a_doctest() {
        assert_eq!(clean("a\n\n    let x = 1;"), "a\n\nlet x = 1;");
        assert_eq!(clean("```\nlet x = 1;\n```"), "```text\nlet x = 1;\n```");
        assert_eq!(clean("```rust\nopen"), "```text\nopen\n```");
    }

    #[test]
    fn control_characters_go() {
        assert_eq!(clean("a\r\nb\u{0}\u{7f}c\u{202e}d"), "a\nbcd");
    }

    #[test]
    fn lines_break_at_words_and_never_before_a_marker() {
        assert_eq!(wrap("aaa bbb - ccc", 7), ["aaa bbb -", "ccc"]);
        assert_eq!(
            wrap("one two\nthree\n\n- item one\n- item", 9),
            ["one two", "three", "", "- item", "  one", "- item"]
        );
        assert_eq!(wrap("- item\ngoes on\n| bar", 9), ["- item", "  goes on", "  | bar"]);
        assert_eq!(wrap("```text\na very long line\n```", 5), ["```text", "a very long line", "```"]);
    }
}
