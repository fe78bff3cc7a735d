//! The text of a paragraph: what is in it, and how it is written to be read as that and nothing else.

use super::code;
use super::wrap::starts_block;

#[derive(Debug)]
enum Part {
    Text(String),
    Code(String),
    Emphasis { is_strong: bool },
    EmphasisEnd,
    Url(String),
    Link(String),
    LinkEnd,
}

/// A paragraph while it is read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    parts: Vec<Part>,
    /// Whether a space comes before what is next.
    space: bool,
    /// How deep the emphasis is nested. Only the outermost is written.
    emphasis: usize,
    is_in_link: bool,
}

impl Paragraph {
    /// Adds text, in which any white space that can be broken is one space.
    pub(super) fn text(&mut self, text: &str) {
        let is_break = |c| matches!(c, ' ' | '\t' | '\n' | '\r');
        for (i, word) in text.split(is_break).enumerate() {
            self.space |= i > 0;
            if !word.is_empty() {
                self.before_visible();
                self.push_text(word);
            }
        }
    }

    /// Adds a URL that is shown, as far as it is one that can be a link.
    pub(super) fn url(&mut self, text: &str) {
        match !self.is_in_link && is_url(text) && url(text) == text {
            true => {
                self.before_visible();
                self.parts.push(Part::Url(text.to_owned()));
            }
            false => self.text(text),
        }
    }

    pub(super) fn space(&mut self) {
        self.space = true;
    }

    pub(super) fn code(&mut self, text: &str) {
        let text = text.trim().replace(['\n', '\t'], " ");
        if !text.is_empty() {
            self.before_visible();
            self.parts.push(Part::Code(text));
        }
    }

    pub(super) fn emphasis(&mut self, is_strong: bool) {
        if self.emphasis == 0 {
            self.parts.push(Part::Emphasis { is_strong });
        }
        self.emphasis += 1;
    }

    pub(super) fn end_emphasis(&mut self) {
        if self.emphasis == 1 {
            match self.parts.last() {
                Some(Part::Emphasis { .. }) => drop(self.parts.pop()),
                _ => self.parts.push(Part::EmphasisEnd),
            }
        }
        self.emphasis = self.emphasis.saturating_sub(1);
    }

    pub(super) fn link(&mut self, url: &str) {
        if !self.is_in_link {
            self.parts.push(Part::Link(encoded(url)));
            self.is_in_link = true;
        }
    }

    pub(super) fn end_link(&mut self) {
        if !std::mem::take(&mut self.is_in_link) {
            return;
        }
        let is_mark = |part: &Part| matches!(part, Part::Emphasis { .. } | Part::EmphasisEnd);
        let last = self.parts.iter().rposition(|part| !is_mark(part));
        match last.filter(|at| matches!(self.parts[*at], Part::Link(_))) {
            // Nothing is in it.
            Some(at) => drop(self.parts.remove(at)),
            None => self.parts.push(Part::LinkEnd),
        }
    }

    /// Writes the space that is due. It comes before an emphasis and a link that start here, which stand at their text.
    fn before_visible(&mut self) {
        if !std::mem::take(&mut self.space) {
            return;
        }
        let is_start = |part: &Part| matches!(part, Part::Emphasis { .. } | Part::Link(_));
        let visible = self.parts.iter().rposition(|part| !is_start(part) && !matches!(part, Part::EmphasisEnd));
        let from = visible.map_or(0, |at| at + 1);
        let at = self.parts[from..].iter().position(is_start).map_or(self.parts.len(), |start| from + start);
        match self.parts[..at].last_mut() {
            None => {}
            Some(Part::Text(text)) => text.push(' '),
            Some(_) => self.parts.insert(at, Part::Text(" ".to_owned())),
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    /// Returns the paragraph in one line of Markdown, and starts the next one.
    pub(super) fn take(&mut self) -> String {
        self.end_link();
        if self.emphasis > 0 {
            self.parts.push(Part::EmphasisEnd);
        }
        let parts = std::mem::take(self).parts;
        let mut line = Line::default();
        let (mut emphasis, mut link) = (None, None);
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Text(text) => line.text(text, link.is_some()),
                Part::Code(text) => line.code(text),
                Part::Url(url) => line.url(url),
                Part::Emphasis { is_strong } => {
                    let mark = if *is_strong { "**" } else { "*" };
                    emphasis = is_emphasized(&parts[at + 1..], line.out.chars().next_back()).then_some(mark);
                    line.out.push_str(emphasis.unwrap_or_default());
                }
                Part::EmphasisEnd => line.out.push_str(emphasis.take().unwrap_or_default()),
                Part::Link(url) => {
                    // With this character before it, it would be an image.
                    if line.out.ends_with('!') {
                        line.out.insert(line.out.len() - 1, '\\');
                    }
                    link = Some(url);
                    line.out.push('[');
                }
                Part::LinkEnd => line.out.extend(["](", link.take().map_or("", String::as_str), ")"]),
            }
        }
        // A space that no line is broken at is nothing by itself.
        if line.out.trim().is_empty() {
            return String::new();
        }
        protect_start(&mut line.out);
        line.out
    }
}

/// Whether Markdown takes marks around what comes up to the end of an emphasis for an emphasis: they stand at its text, and
/// white space or punctuation is around them. It must not be across a link's end.
fn is_emphasized(parts: &[Part], before: Option<char>) -> bool {
    let Some(end) = parts.iter().position(|part| matches!(part, Part::EmphasisEnd)) else { return false };
    let (inside, after) = (&parts[..end], &parts[end + 1..]);
    // No link is inside another one.
    let mut links = inside.iter().filter(|part| matches!(part, Part::Link(_) | Part::LinkEnd));
    let is_whole =
        !matches!(links.clone().next(), Some(Part::LinkEnd)) && !matches!(links.next_back(), Some(Part::Link(_)));
    let is_around = |c: Option<char>| c.is_none_or(|c| c != '*' && (c == ' ' || c.is_ascii_punctuation()));
    let first = |part: &Part| match part {
        Part::Text(text) => text.chars().next(),
        Part::Emphasis { .. } => Some('*'),
        _ => Some('`'),
    };
    let last = |part: &Part| match part {
        Part::Text(text) => text.chars().next_back(),
        _ => Some('`'),
    };
    let is_at_text = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    is_whole
        && is_around(before)
        && is_at_text(inside.first().and_then(first))
        && is_at_text(inside.last().and_then(last))
        && is_around(after.first().and_then(first))
}

/// A paragraph while it is written.
#[derive(Debug, Default)]
struct Line {
    out: String,
    /// Where the last code span ends.
    code_end: usize,
}

impl Line {
    fn code(&mut self, text: &str) {
        // Two spans side by side would be one.
        if self.code_end == self.out.len() && self.code_end > 0 {
            self.out.push(' ');
        }
        self.out.push_str(&code(text));
        self.code_end = self.out.len();
    }

    fn url(&mut self, url: &str) {
        match url.starts_with("https://") {
            true => self.out.extend(["<", url, ">"]),
            // Not a link, and rustdoc asks to make one of what it takes for a URL.
            false => self.code(url),
        }
    }

    /// Adds text with a backslash before what Markdown, or an extension of it that rustdoc knows, takes for more than text.
    fn text(&mut self, text: &str, in_link: bool) {
        let (mut last, mut rest) = (None, text);
        while let Some(c) = rest.chars().next() {
            if !in_link && is_url(rest) {
                let url = url(rest);
                self.url(url);
                rest = &rest[url.len()..];
                last = None;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let is_escaped = match c {
                '*' => !(last == Some(' ') && rest.starts_with(' ')),
                '\\' | '`' | '[' | ']' | '<' | '|' | '~' | '^' => true,
                '_' => !(is_word(last) && is_word(rest.chars().next())) || is_url(rest),
                '&' => starts_entity(rest),
                _ => false,
            };
            if is_escaped {
                self.out.push('\\');
            }
            self.out.push(c);
            last = Some(c);
        }
    }
}

/// Whether this, after `&`, is read as one character.
fn starts_entity(text: &str) -> bool {
    // The longest name has 31 letters.
    let end = text.bytes().take(40).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'));
    end.is_some_and(|end| end > 0 && text[end..].starts_with(';'))
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn url(text: &str) -> &str {
    let is_end = |c: char| !c.is_ascii_graphic() || "<>()[]\"'`\\|&;".contains(c);
    // What separates two parameters is part of the URL, and what starts a named character is not.
    let is_parameter = |rest: &str| {
        let name = rest.strip_prefix('&');
        name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric()) && !starts_entity(name))
    };
    let end = text.char_indices().find(|(at, c)| is_end(*c) && !is_parameter(&text[*at..]));
    let url = end.map_or(text, |(end, _)| &text[..end]);
    url.trim_end_matches(['.', ',', ':', '!', '?', '*', '_', '~', '^'])
}

/// Returns a URL with a percent code for each byte that would end the link, or that a URL does not have.
fn encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for (at, byte) in url.bytes().enumerate() {
        match byte {
            b'&' if url.get(at + 1..).is_some_and(starts_entity) => out.push_str("\\&"),
            b' '..=b'~' if !b" \"<>()[]\\`|".contains(&byte) => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Adds a backslash where the first word of a paragraph would start a block.
fn protect_start(line: &mut String) {
    let word = line.split(' ').next().unwrap_or_default();
    if starts_block(word) {
        // A backslash before a digit is a backslash.
        let at = if word.starts_with(|c: char| c.is_ascii_digit()) { word.len() - 1 } else { 0 };
        line.insert(at, '\\');
    }
}
