//! The few HTML elements that Stripe's descriptions use.
//!
//! Markdown takes a line that starts with an element for HTML up to the next blank line, with all Markdown in it. So each
//! known tag becomes a mark, which is text to the parser, and the writer finds there what Markdown has for it. Any other tag is text.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// Around the number of a tag. Both are noncharacters, which no text has.
const MARK: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// A text with marks in place of its known tags.
#[derive(Debug)]
pub(super) struct Marked<'t> {
    pub(super) text: Cow<'t, str>,
    /// Each tag as it was written, and the Markdown of the same meaning.
    tags: Vec<(&'t str, Event<'t>)>,
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

    /// Returns the parts of a text that the parser gave: text, or else a tag.
    pub(super) fn parts<'p>(
        &'p self,
        text: &'p str,
    ) -> impl Iterator<Item = Result<&'p str, &'p (&'t str, Event<'t>)>> {
        // Every other part is the number of a tag.
        text.split(MARK).enumerate().filter_map(|(i, part)| match i % 2 {
            0 => Some(Ok(part)),
            _ => self.tags.get(part.parse::<usize>().ok()?).map(Err),
        })
    }

    /// Returns a text that the parser gave with its tags as they were written.
    pub(super) fn restored<'p>(&self, text: &'p str) -> Cow<'p, str> {
        if !text.contains(MARK[0]) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.parts(text).map(|part| part.unwrap_or_else(|(tag, _)| tag)).collect())
    }
}

/// Returns the known tag that starts a text: its length, and the Markdown of the same meaning. No more than the tag is looked at,
/// and of `<code>` its content.
fn tag(text: &str) -> Option<(usize, Event<'_>)> {
    let inner = &text[1..];
    let end = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'))?;
    let (inner, length) = (&inner[..end], end + 2);
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let name = inner.split([' ', '\t', '\n', '/']).next()?;
    // One without a meaning of its own.
    let nothing = Event::Text(CowStr::from(""));
    let event = match (name.to_ascii_lowercase().as_str(), is_end) {
        ("p" | "div", _) => Event::End(TagEnd::Paragraph),
        ("br", _) => Event::HardBreak,
        ("ul", false) => Event::Start(Tag::List(None)),
        ("ol", false) => Event::Start(Tag::List(Some(1))),
        ("ul" | "ol", true) => Event::End(TagEnd::List(name == "ol")),
        ("li", false) => Event::Start(Tag::Item),
        ("li", true) => Event::End(TagEnd::Item),
        ("b" | "strong", false) => Event::Start(Tag::Strong),
        ("i" | "em", false) => Event::Start(Tag::Emphasis),
        ("b" | "strong" | "i" | "em", true) => Event::End(TagEnd::Emphasis),
        ("a", false) => {
            let dest_url = decoded(attribute(inner, "href").unwrap_or_default()).into();
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title: "".into(), id: "".into() })
        }
        ("a", true) => Event::End(TagEnd::Link),
        ("code", false) => {
            let after = &text[length..];
            let end = after.find('<').filter(|end| *end > 0 && after[*end..].starts_with("</code>"));
            let Some(end) = end else { return Some((length, nothing)) };
            return Some((length + end + "</code>".len(), Event::Code(decoded(&after[..end]).into())));
        }
        ("code", true) | ("span", _) => nothing,
        _ => return None,
    };
    Some((length, event))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = tag.split_once(name)?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(value, _)| value)
}

/// Returns a text with the character for each of the named entities that HTML needs itself.
fn decoded(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}
