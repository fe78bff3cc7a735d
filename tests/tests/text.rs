//! Text of a document stays text: 200,000 random ones, as descriptions and as values, read as rustdoc reads them.
//!
//! `TEXT_CASES=20000000 TEXT_SEED=1 cargo test --package tests --test text` tries others.

use std::time::Instant;

use codegen::markdown::{code, code_in_cell, fault, item, markdown, message, wrap};
use codegen::visible::{escaped, is_hidden};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use tests::prebuilt;

/// What means something to Markdown, to HTML or to a terminal, and what is between.
#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "a", "b c", " d ", "word", "é", "日本", "1", " ", " ", " ", "  ", "    ", "\t", "\n", "\n", "\n\n", "\r\n", "\r",
    "\u{a0}", "`", "`", "``", "```", "```rust\n", "```text", "````", "~", "~~", "~~~", "~~~ ", "`a`", "``a`b``", "*",
    "**", "***", "_", "__", "*a*", "**b**", "_a_", "a_b", "(", ")", "\"", "'", "--", "...", "[", "]", "[a]", "[Vec]",
    "[`Vec`]", "](", "](https://a.b/c", "[a](https://b.c/d)", "[a](javascript:b)", "[a](/b)", "[a](http://b.c)",
    "[a]: javascript:b\n", "[a]: https://b.c", "[^1]", "[^1]: a", "![", "!", "![a](https://b.c/d)", "[a][b]", "[x] ",
    "https://a.b/c", "http://a.b", "https://", "javascript:a", "<javascript:a>", "<https://a.b>", "<a@b.c>", "@a",
    "#1", "&", "&lt;", "&#106;", "&amp;", "&nbsp;", "&colon;", "&#x6a;avascript:", ";", "<", ">", "</", "/>", "<p>",
    "</p>", "<br>", "<ul>", "<li>", "</li>", "</ul>", "<ol>", "</ol>", "<b>", "</b>", "<em>", "</em>", "<code>",
    "</code>", "<code>a</code>", "<a href=\"javascript:b\">", "<a href=\"https://b.c\">", "<a href='/b'>", "</a>",
    "<script>", "</script>", "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!A", "<T>",
    "<img src=a onerror=b>", "-", "- ", "+ ", "* ", "1. ", "1) ", "2. ", "999999999. ", "\n- ", "\n  - ", "\n* ",
    "\n1. ", "\n   ", "\n    ", "\n      ", "#", "# ", "\n# ", "> ", "\n> ", "\n>     ", "=", "\n===\n", "\n---\n",
    "\n***\n", "\n___\n", "|", "\n| a | b |\n|---|---|\n", "\n|-", ":", "::", "$", "$$", "{", "}", "\\", "\\\\",
    "\\`", "\\*", "\\[", "\\<", "\\_", "\\#", "\\\n", "\\|", "assert!(false);", "//", "///", "*/", "/*", "#![doc]",
    "\u{1b}[31m", "\u{7}", "\u{0}", "\u{7f}", "\u{85}", "\u{9b}", "\u{200b}", "\u{202e}", "\u{2066}", "\u{2028}",
    "\u{feff}", "\u{fdd0}", "\u{fdd0}0\u{fdd1}", "\u{e0041}",
];

/// Into how many parts the texts are divided, for several cores.
const PARTS: u64 = 16;

/// A generator of numbers, the same ones for a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn text(&mut self) -> String {
        (0..self.below(14)).map(|_| FRAGMENTS[self.below(FRAGMENTS.len())]).collect()
    }
}

/// Returns what is wrong with a comment in a crate with one example and one item.
fn faults(comment: &str) -> Option<&'static str> {
    fault(comment, &|code| code.trim() == "let a = 1;", &|item| item == "Session")
}

#[test]
fn a_comment_is_read_as_rustdoc_reads_it() {
    for comment in [
        "text `~~~ <a>`\n\n- a\n\n```text\n<a>\n```\n\n| a | b |\n|---|---|\n| `c` | d |",
        "```\nlet a = 1;\n```\n[`Session`], [Session], [`a`](type@Session) and [b](https://c.d), <https://e.f>",
    ] {
        assert_eq!(faults(comment), None, "{comment}");
    }
    for comment in [
        "```\nlet a = 2;\n```",
        "- a\n\n      let a = 1;",
        "> ~~~\n> a",
        "```rust\nlet a = 1;\n```",
        "a\n\n    let a = 1;",
        "<b>a</b>",
        "<!-- a -->",
        "[a](javascript:b)",
        "[Vec]",
        "[a][Vec]",
        "<javascript:a>",
        "[a]: https://b.c",
        "![a](https://b.c)",
        "a[^1]\n\n[^1]: b",
        "| a |\n|---|\n~~~\nlet a = 2;",
        "a\u{202e}",
    ] {
        assert!(faults(comment).is_some(), "{comment}");
    }
}

/// Neither the stack nor the time is used up by what is deeply nested or never closed. The benchmark `generate` has the figures.
#[test]
fn a_long_text_is_written_as_well() {
    for part in [
        "‹",
        "<",
        "`",
        "` `` ",
        "[",
        "![[](",
        "<code>",
        "<a href=\"",
        "*a **b ",
        "> - ",
        "> ",
        "- ",
        "&<!--",
        "https://a&",
    ] {
        let text = part.repeat(100_000);
        for comment in [markdown(&text, "https://docs.example"), code(&text)] {
            assert_eq!(faults(&wrap(&comment, 96).join("\n")), None, "{part:?}");
        }
    }
}

/// What a reader sees of Markdown without smart punctuation, without white space; the code spans by themselves; and the number
/// of cells.
fn seen(markdown: &str, options: Options) -> (String, Vec<String>, usize) {
    let (mut seen, mut codes, mut cells) = (String::new(), Vec::new(), 0);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => seen.push_str(&text),
            Event::Code(text) => {
                seen.push_str(&text);
                codes.push(text.into_string());
            }
            Event::End(TagEnd::TableCell) => cells += 1,
            _ => {}
        }
    }
    seen.retain(|c| !c.is_whitespace());
    (seen, codes, cells)
}

const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Asserts that a comment holds nothing that rustdoc would run, load or follow.
fn assert_inert(comment: &str, from: &str) {
    assert_eq!(fault(comment, &|_| false, &|_| false), None, "{from:?} becomes\n{comment}");
}

fn check_description(description: &str, width: usize, is_thorough: bool) {
    let written = markdown(description, "https://docs.example");
    let wrapped = wrap(&written, width).join("\n");
    assert_inert(&wrapped, description);
    let (once, ..) = seen(&wrapped, EXTENSIONS);
    // A parser alone says what is seen of Markdown without HTML, where no URL is added.
    if !description.contains('<') && !description.contains("http") {
        let lines = description.replace("\r\n", "\n").replace('\r', "\n");
        let plain: String = lines.chars().filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).collect();
        assert_eq!(once, seen(&plain, Options::empty()).0, "{description:?} becomes\n{wrapped}");
    }
    if !is_thorough {
        return;
    }
    assert_eq!(seen(&written, EXTENSIONS).0, once, "{description:?} becomes\n{written}\nand in lines\n{wrapped}");
    // What is written is read as it was meant. Whether some characters need a backslash, and where a blank line is, depends on
    // marks that were left out.
    let again = markdown(&wrapped, "https://docs.example");
    let same = |text: &str| text.replace("\\_", "_").replace("\\*", "*").replace("\n\n", "\n");
    assert_eq!(same(&again), same(&written), "{description:?}");
    let in_list = item("`field`: ", &written);
    let wrapped = wrap(&format!("Creates it.\n\n{in_list}\n{in_list}"), width).join("\n");
    assert_inert(&wrapped, description);
    let expected = format!("Createsit.field:{once}field:{once}");
    assert_eq!(seen(&wrapped, EXTENSIONS).0, expected, "{description:?} becomes\n{wrapped}");
}

fn check_value(value: &str, width: usize) {
    let (span, cell) = (code(value), code_in_cell(value));
    let comment = wrap(&format!("{span}\n\n{span}, of {span}\n\n- {span}: it has {span}."), width).join("\n");
    let comment = format!("{comment}\n\n| a | b |\n|---|---|\n| {cell} | c |");
    assert_inert(&comment, value);
    let shown = escaped(value);
    let shown = if shown.trim().is_empty() { format!("\"{shown}\"") } else { shown.into_owned() };
    let (all, codes, cells) = seen(&comment, EXTENSIONS);
    assert_eq!(cells, 4, "{value:?} becomes\n{comment}");
    // A bar after a backslash is an escape in a cell.
    let spans = codes.iter().filter(|span| **span == shown).count();
    assert!(spans >= if value.contains("\\|") { 5 } else { 6 }, "{value:?} becomes\n{comment}");
    if !value.contains("\\|") {
        let shown: String = shown.split_whitespace().collect();
        let expected = format!("{shown}{shown},of{shown}{shown}:ithas{shown}.ab{shown}c");
        assert_eq!(all, expected, "{value:?} becomes\n{comment}");
    }
    let message = message(&format!("the value `{value}` is wrong"));
    let is_plain = |event| match event {
        Event::Text(_) | Event::Code(_) => true,
        Event::Start(tag) => tag == Tag::Paragraph,
        event => event == Event::End(TagEnd::Paragraph),
    };
    assert!(Parser::new(&message).all(is_plain), "{value:?} becomes\n{message}");
}

#[test]
fn random_texts_stay_text() {
    let number = |name: &str, otherwise: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}: {error}")),
        Err(_) => otherwise,
    };
    let (count, seed, start) = (number("TEXT_CASES", 200_000), number("TEXT_SEED", 0), Instant::now());
    let parts: Vec<u64> = (0..PARTS).collect();
    prebuilt::in_parallel(&parts, |part| {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed * PARTS + part).rotate_left(32));
        for number in 0..count / PARTS {
            let (text, width) = (random.text(), 10 + random.below(90));
            check_description(&text, width, number % 8 == 0);
            check_value(&text, width);
        }
    });
    println!("{count} texts in {:.1} s", start.elapsed().as_secs_f64());
}
