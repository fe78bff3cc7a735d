//! Reads comments as rustdoc does, and finds what must not be in one, whatever wrote it.

use std::collections::{BTreeSet, HashSet};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::ir::{Api, Named};
use crate::visible::is_hidden;

/// The extensions of rustdoc.
const RUSTDOC: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_SMART_PUNCTUATION);

const HELP: &str = "correct the description or the `[[example]]` row; if there is nothing wrong with them, report this as a bug of the generator";

/// Returns what must not be in a comment, in words: code that rustdoc would run and that is no example of ours, HTML, or a
/// link that is neither `https` nor to an item of ours.
pub fn fault(comment: &str, is_example: &dyn Fn(&str) -> bool, is_item: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    if comment.contains(|c| c != '\n' && is_hidden(c)) {
        return Some("a character that is not seen");
    }
    // What is a table to the extension is paragraphs and other blocks without it, and rustdoc looks for examples both ways.
    [RUSTDOC, Options::empty()].into_iter().find_map(|options| fault_with(comment, options, is_example, is_item))
}

fn fault_with(
    comment: &str,
    options: Options,
    is_example: &dyn Fn(&str) -> bool,
    is_item: &dyn Fn(&str) -> bool,
) -> Option<&'static str> {
    // rustdoc looks for an item wherever text in brackets has no definition.
    let unknown = |link: BrokenLink<'_>| Some((CowStr::from(link.reference.into_string()), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(comment, options, Some(unknown));
    if parser.reference_definitions().iter().next().is_some() {
        return Some("a definition of a link");
    }
    let mut example: Option<String> = None;
    parser.into_iter().find_map(|event| match event {
        Event::Text(text) => {
            if let Some(example) = &mut example {
                example.push_str(&text);
            }
            None
        }
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => match &*info {
            "text" => None,
            "" => {
                example = Some(String::new());
                None
            }
            _ => Some("a block of code"),
        },
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some("an indented block of code"),
        Event::End(TagEnd::CodeBlock) => {
            example.take().filter(|code| !is_example(code)).map(|_| "a block of code that is not an example")
        }
        Event::Html(_) | Event::InlineHtml(_) => Some("HTML"),
        Event::Start(Tag::Image { .. }) => Some("an image"),
        Event::Start(Tag::Link { link_type, dest_url, .. }) => {
            let is_url = matches!(link_type, LinkType::Inline | LinkType::Autolink) && dest_url.starts_with("https://");
            let item = dest_url.strip_prefix("type@").unwrap_or(&dest_url).trim_matches('`');
            (!is_url && !is_item(item)).then_some("a link that is neither `https` nor to an item")
        }
        Event::Start(Tag::FootnoteDefinition(_)) | Event::FootnoteReference(_) => Some("a footnote"),
        _ => None,
    })
}

/// Whether a message is read as text and code spans. Its brackets are text, since it has no definitions of links.
pub(super) fn is_plain(message: &str) -> bool {
    let parser = Parser::new_ext(message, RUSTDOC);
    let is_definition = parser.reference_definitions().iter().next().is_some();
    let is_plain = |event: Event<'_>| match event {
        Event::Text(_) | Event::Code(_) => true,
        Event::Start(tag) => tag == Tag::Paragraph,
        event => event == Event::End(TagEnd::Paragraph),
    };
    !is_definition && parser.into_iter().all(is_plain)
}

/// The comments of the files of an API.
pub(crate) struct Checker<'a> {
    api: &'a Api,
    examples: BTreeSet<&'a str>,
    ids: BTreeSet<&'a str>,
    /// The comments without a fault so far. Four of five are repeated, such as those of parameters that many operations have.
    sound: HashSet<String>,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let examples = api.items().filter_map(|item| item.origin().docs.example.as_deref());
        Self { api, examples: examples.map(str::trim).collect(), ids: api.ids().collect(), sound: HashSet::new() }
    }

    /// Checks a file of Markdown, which the comment of a module includes.
    ///
    /// # Errors
    /// Returns a diagnostic if it holds something that must not be in a comment.
    pub(crate) fn check_markdown(&mut self, document: &str, path: &str, markdown: &str) -> Result<(), Diagnostics> {
        let fault = self.fault(markdown).map(|fault| format!("`{path}` would hold {fault}"));
        fault.map_or(Ok(()), |reason| Err(Diagnostic::new(document, Pointer::default(), reason, HELP).into()))
    }

    /// Returns a diagnostic for each comment of a file with something that must not be there.
    pub(crate) fn check(&mut self, document: &str, path: &str, text: &str) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let (mut comment, mut owner) = (String::new(), "");
        for line in text.lines() {
            let code = line.trim_start();
            if let Some(text) = code.strip_prefix("///").or_else(|| code.strip_prefix("//!")) {
                comment.push_str(text.strip_prefix(' ').unwrap_or(text));
                comment.push('\n');
                continue;
            }
            let is_other = code.starts_with("/*") || code.starts_with("#[doc =") || code.starts_with("#![doc =");
            // rustdoc puts together what is before an item, with attributes and blank lines between.
            if !is_other && (code.is_empty() || code.starts_with('#')) {
                continue;
            }
            if code.len() == line.len() && !name(code).is_empty() {
                owner = name(code);
            }
            let fault = match is_other {
                true => Some("a comment of another form"),
                false => self.fault(&comment),
            };
            if let Some(fault) = fault {
                let name = name(code);
                let item = if owner == name { owner.to_owned() } else { format!("{owner}::{name}") };
                let reason = format!("the comment of `{item}` in `{path}` would hold {fault}");
                problems.push(Diagnostic::new(document, self.pointer(owner, name), reason, HELP));
            }
            comment.clear();
        }
        problems
    }

    fn fault(&mut self, comment: &str) -> Option<&'static str> {
        if comment.is_empty() || self.sound.contains(comment) {
            return None;
        }
        let is_item = |link: &str| {
            let item = link.strip_suffix("::from").unwrap_or(link);
            self.api.named(item).is_some() || self.ids.contains(item)
        };
        let fault = fault(comment, &|code| self.examples.contains(code.trim()), &is_item);
        if fault.is_none() {
            self.sound.insert(comment.to_owned());
        }
        fault
    }

    /// Returns the place of an item or of its member.
    fn pointer(&self, owner: &str, name: &str) -> Pointer {
        let Some(item) = self.api.named(owner) else { return Pointer::default() };
        let variants = if let Named::Enum(item) = item { &*item.variants } else { &[] };
        let field = item.fields().find(|field| field.name == name).map(|field| &field.origin);
        let member = field.or_else(|| variants.iter().find(|one| one.name == name).map(|one| &one.origin));
        member.unwrap_or(item.origin()).pointer.clone()
    }
}

/// Returns the name that a line of code declares or implements.
fn name(code: &str) -> &str {
    let code = code.strip_prefix("pub ").unwrap_or(code);
    let code = code.strip_prefix("impl<'a> ").unwrap_or(code);
    let keywords = ["struct ", "enum ", "fn ", "const ", "mod ", "impl "];
    let code = keywords.iter().find_map(|keyword| code.strip_prefix(keyword)).unwrap_or(code);
    let end = code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len());
    &code[..end]
}
