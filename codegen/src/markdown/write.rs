//! Writes what a parser of Markdown read, as far as it is allowed.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::fence;
use super::html::Marked;
use super::inline::Paragraph;
use crate::visible::is_hidden;

/// How deep lists are nested in a comment. What is deeper is shown at this depth.
const DEPTH: usize = 4;

/// Converts a description into Markdown that holds text, paragraphs, emphasis, code spans, blocks of code that are marked as
/// text, lists and `https` links, and nothing else. Links that start with `/` get `docs_url` in front.
pub fn markdown(description: &str, docs_url: &str) -> String {
    if description.is_empty() {
        return String::new();
    }
    let text = description.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).collect();
    let marked = Marked::new(&text);
    let mut writer = Writer { docs_url, ..Writer::default() };
    for event in Parser::new_ext(&marked.text, Options::empty()) {
        writer.event(&event, &marked);
    }
    writer.end_paragraph();
    writer.out
}

/// A list that what is written is inside of.
#[derive(Debug)]
struct List {
    number: Option<u64>,
    /// The length of the marker of the current item; zero before the first one.
    width: usize,
    /// The marker of the current item until its first block is written.
    marker: Option<String>,
    is_started: bool,
    /// Whether it follows a list of its kind, and therefore has the other marker.
    is_second: bool,
}

#[derive(Debug, Default)]
struct Writer<'a> {
    docs_url: &'a str,
    out: String,
    paragraph: Paragraph,
    /// The block of code that is read.
    code: Option<String>,
    lists: Vec<List>,
    /// The list that ends where the next block starts: whether it is numbered, and whether it has the other marker.
    ended: Option<(bool, bool)>,
    /// Whether each list that was read is among `lists`.
    is_shown: Vec<bool>,
    /// Whether the text that is read is a URL.
    is_url: bool,
    /// The URL that is shown after the link that is read: it is not `https`.
    shown_url: Option<String>,
}

impl Writer<'_> {
    /// Adds what the parser read, or what a tag of HTML stands for.
    fn event(&mut self, event: &Event<'_>, marked: &Marked<'_>) {
        match event {
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&marked.restored(text).replace('\t', "    ")),
                None if self.is_url => self.paragraph.url(&marked.restored(text)),
                None => marked.parts(text).for_each(|part| match part {
                    Ok(text) => self.paragraph.text(text),
                    Err((_, event)) => self.event(event, marked),
                }),
            },
            Event::Code(text) => self.paragraph.code(&marked.restored(text)),
            Event::Html(text) | Event::InlineHtml(text) => self.paragraph.text(&marked.restored(text)),
            Event::SoftBreak | Event::HardBreak => self.paragraph.space(),
            Event::Rule => self.end_paragraph(),
            Event::Start(tag) => match tag {
                Tag::List(number) => self.start_list(*number),
                Tag::Item => self.start_item(),
                Tag::Emphasis => self.paragraph.emphasis(false),
                Tag::Strong => self.paragraph.emphasis(true),
                Tag::Link { link_type, dest_url, .. } => {
                    self.is_url = *link_type == LinkType::Autolink;
                    if !matches!(link_type, LinkType::Autolink | LinkType::Email) {
                        self.start_link(&marked.restored(dest_url));
                    }
                }
                Tag::CodeBlock(_) => {
                    self.end_paragraph();
                    self.code = Some(String::new());
                }
                Tag::Image { .. } => {}
                _ => self.end_paragraph(),
            },
            Event::End(tag) => match tag {
                TagEnd::List(_) => self.end_list(),
                TagEnd::Item => self.end_paragraph(),
                TagEnd::Emphasis | TagEnd::Strong => self.paragraph.end_emphasis(),
                TagEnd::Link => self.end_link(),
                TagEnd::CodeBlock => self.code_block(),
                TagEnd::Image => {}
                _ => self.end_paragraph(),
            },
            // These are of extensions that are not on.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start_link(&mut self, url: &str) {
        let url = match url.starts_with('/') {
            true => format!("{}{url}", self.docs_url),
            false => url.to_owned(),
        };
        if url.starts_with("https://") {
            self.paragraph.link(&url);
        } else if url.starts_with("http://") {
            self.shown_url = Some(url);
        }
    }

    fn end_link(&mut self) {
        self.is_url = false;
        self.paragraph.end_link();
        if let Some(url) = self.shown_url.take() {
            self.paragraph.text(" (");
            self.paragraph.code(&url);
            self.paragraph.text(")");
        }
    }

    fn start_list(&mut self, number: Option<u64>) {
        self.end_paragraph();
        // A list that is the first thing in an item would share its line.
        let is_shown = self.lists.len() < DEPTH && self.lists.last().is_none_or(|list| list.marker.is_none());
        self.is_shown.push(is_shown);
        if is_shown {
            let is_second = self.ended == Some((number.is_some(), false));
            self.lists.push(List { number, width: 0, marker: None, is_started: false, is_second });
        }
    }

    fn end_list(&mut self) {
        self.end_paragraph();
        if self.is_shown.pop() == Some(true)
            && let Some(list) = self.lists.pop().filter(|list| list.is_started)
        {
            self.ended = Some((list.number.is_some(), list.is_second));
        }
    }

    fn start_item(&mut self) {
        self.end_paragraph();
        // An item that had no text gives its marker to the next one.
        let Some(list) = self.lists.last_mut().filter(|list| list.marker.is_none()) else { return };
        let marker = match &mut list.number {
            None => if list.is_second { "* " } else { "- " }.to_owned(),
            Some(number) => {
                // Markdown has nine digits for it.
                let marker = format!("{}{} ", (*number).min(999_999_999), if list.is_second { ')' } else { '.' });
                *number += 1;
                marker
            }
        };
        list.width = marker.len();
        list.marker = Some(marker);
    }

    fn end_paragraph(&mut self) {
        let paragraph = self.paragraph.take();
        self.block([paragraph.as_str()].into_iter().filter(|line| !line.is_empty()));
    }

    fn code_block(&mut self) {
        let code = self.code.take().unwrap_or_default();
        if code.trim().is_empty() {
            return;
        }
        let fence = fence(&code);
        let first = format!("{fence}text");
        self.block([first.as_str()].into_iter().chain(code.lines()).chain([fence.as_str()]));
    }

    fn block<'l>(&mut self, lines: impl Iterator<Item = &'l str>) {
        let indent: usize = self.lists.iter().map(|list| list.width).sum();
        let is_nested = self.lists.iter().rev().skip(1).any(|list| list.is_started);
        for (i, line) in lines.enumerate() {
            self.ended = None;
            let mut start = " ".repeat(indent);
            let mut is_next = i > 0;
            if let Some((list, marker)) =
                self.lists.last_mut().and_then(|list| list.marker.take().map(|marker| (list, marker)))
            {
                // Another list needs a blank line before it, but one inside an item: a number other than 1 would be text.
                is_next = list.is_started || is_nested && matches!(&*marker, "- " | "1. ");
                list.is_started = true;
                start.truncate(indent - marker.len());
                start.push_str(&marker);
            }
            if !self.out.is_empty() {
                self.out.push_str(if is_next { "\n" } else { "\n\n" });
            }
            if !line.is_empty() {
                self.out.push_str(&start);
                self.out.push_str(line);
            }
        }
    }
}
