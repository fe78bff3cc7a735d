//! The few HTML elements that Stripe's descriptions use.
//!
//! Markdown takes a line that starts with an element for HTML up to the next blank line, with all Markdown in it. So each
//! known tag becomes a mark, which is text to the parser, and the writer finds its meaning there. Any other tag is text.

use std::borrow::Cow;

/// Around the number of a tag. Both are noncharacters, which no text has.
const MARK: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// What a tag means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag<'t> {
    /// `<p>`, `<div>` and their ends.
    Paragraph,
    /// `<br>`.
    Break,
    /// `<ul>`; `<ol>` if it is numbered.
    List {
        is_numbered: bool,
    },
    ListEnd,
    Item,
    ItemEnd,
    /// `<b>`, `<strong>`; `<i>`, `<em>` if it is not strong.
    Emphasis {
        is_strong: bool,
    },
    EmphasisEnd,
    /// A whole `<code>`, by its content.
    Code(Cow<'t, str>),
    /// `<a>`, with its target.
    Link(Cow<'t, str>),
    LinkEnd,
    /// One without a meaning of its own, such as `<span>`.
    Nothing,
}

/// A text with marks in place of its known tags.
#[derive(Debug)]
pub(super) struct Marked<'t> {
    pub(super) text: Cow<'t, str>,
    /// Each tag as it was written, and its meaning.
    tags: Vec<(&'t str, Tag<'t>)>,
}

/// A part of a text with marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'p, 't> {
    Text(&'p str),
    Tag(&'p Tag<'t>),
}

impl<'t> Marked<'t> {
    /// Replaces the known tags of a text that has no noncharacter.
    pub(super) fn new(text: &'t str) -> Self {
        if !text.contains('<') {
            return Self { text: Cow::Borrowed(text), tags: Vec::new() };
        }
        let (mut out, mut tags, mut done) = (String::with_capacity(text.len()), Vec::new(), 0);
        while let Some(at) = text[done..].find('<') {
            let start = done + at;
            let before = &text[done..start];
            out.push_str(before);
            let backslashes = before.len() - before.trim_end_matches('\\').len();
            let Some((length, tag)) = tag(&text[start..]).filter(|_| backslashes.is_multiple_of(2)) else {
                out.push('<');
                done = start + 1;
                continue;
            };
            // After a blank line, the parser would take a tag that is indented by more for code. Code is shown with all of it.
            let line = out.trim_end_matches([' ', '\t']);
            let is_first = line.is_empty()
                || line.strip_suffix('\n').is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with('\n'));
            let indent = if is_first { (out.len() - line.len()).saturating_sub(3) } else { 0 };
            out.truncate(out.len() - indent);
            out.push(MARK[0]);
            out.push_str(&tags.len().to_string());
            out.push(MARK[1]);
            done = start + length;
            tags.push((&text[start - indent..done], tag));
        }
        out.push_str(&text[done..]);
        Self { text: Cow::Owned(out), tags }
    }

    /// Returns the parts of a text that the parser gave.
    pub(super) fn parts<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Part<'p, 't>> {
        // Every other part is the number of a tag.
        text.split(MARK).enumerate().filter_map(|(i, part)| match i % 2 {
            0 => Some(Part::Text(part)).filter(|_| !part.is_empty()),
            _ => self.tag(part).map(|(_, tag)| Part::Tag(tag)),
        })
    }

    /// Returns a text that the parser gave with its tags as they were written.
    pub(super) fn restored<'p>(&self, text: &'p str) -> Cow<'p, str> {
        if !text.contains(MARK[0]) {
            return Cow::Borrowed(text);
        }
        let parts = text.split(MARK).enumerate();
        Cow::Owned(
            parts.map(|(i, part)| if i % 2 == 0 { part } else { self.tag(part).map_or("", |(tag, _)| tag) }).collect(),
        )
    }

    fn tag(&self, number: &str) -> Option<&(&'t str, Tag<'t>)> {
        self.tags.get(number.parse::<usize>().ok()?)
    }
}

/// Returns the known tag that starts a text: its length and its meaning. No more than the tag is looked at, and of `<code>`
/// its content.
fn tag(text: &str) -> Option<(usize, Tag<'_>)> {
    let inner = &text[1..];
    let end = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'))?;
    let (inner, length) = (&inner[..end], end + 2);
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let name = inner.split([' ', '\t', '\n', '/']).next()?;
    let tag = match (name.to_ascii_lowercase().as_str(), is_end) {
        ("p" | "div", _) => Tag::Paragraph,
        ("br", _) => Tag::Break,
        ("ul", false) => Tag::List { is_numbered: false },
        ("ol", false) => Tag::List { is_numbered: true },
        ("ul" | "ol", true) => Tag::ListEnd,
        ("li", false) => Tag::Item,
        ("li", true) => Tag::ItemEnd,
        ("b" | "strong", false) => Tag::Emphasis { is_strong: true },
        ("i" | "em", false) => Tag::Emphasis { is_strong: false },
        ("b" | "strong" | "i" | "em", true) => Tag::EmphasisEnd,
        ("a", false) => Tag::Link(decoded(attribute(inner, "href").unwrap_or_default())),
        ("a", true) => Tag::LinkEnd,
        ("code", false) => {
            let after = &text[length..];
            let end = after.find('<').filter(|end| *end > 0 && after[*end..].starts_with("</code>"));
            let Some(end) = end else { return Some((length, Tag::Nothing)) };
            return Some((length + end + "</code>".len(), Tag::Code(decoded(&after[..end]))));
        }
        ("code", true) | ("span", _) => Tag::Nothing,
        _ => return None,
    };
    Some((length, tag))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = tag.split_once(name)?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(value, _)| value)
}

/// Returns a text with the character for each of the named entities that HTML needs itself.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    Cow::Owned(entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c)))
}
