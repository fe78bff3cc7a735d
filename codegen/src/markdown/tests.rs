//! What descriptions become, case by case. `tests/tests/text.rs` has the rules for any text.

use super::*;

fn clean(text: &str) -> String {
    markdown(text, "https://docs.example")
}

fn faults(comment: &str) -> Option<&'static str> {
    fault(comment, &|code| code.trim() == "let a = 1;", &|item| item == "Session")
}

#[test]
fn html_becomes_markdown() {
    assert_eq!(
        clean(
            "<p>Makes a <code>Session</code>. <b>Now</b>,<br>see <a href=\"/api\">docs</a>.</p><ul><li>a</li><li>b</li></ul>"
        ),
        "Makes a `Session`. **Now**, see [docs](https://docs.example/api).\n\n- a\n- b"
    );
    assert_eq!(clean("a <blink>b</blink> <T> 1 < 2"), "a \\<blink>b\\</blink> \\<T> 1 \\< 2");
    assert_eq!(clean("<code>a &lt;b&gt; *c*</code> `<code>`"), "`a <b> *c*` `<code>`");
    assert_eq!(
        clean("<p>in <b>HTML, `code`</b> and\n[docs](/x)</p>"),
        "in **HTML, `code`** and [docs](https://docs.example/x)"
    );
    assert_eq!(clean("<!-- a --><style>b</style>"), "\\<!-- a -->\\<style>b\\</style>");
}

#[test]
fn only_links_to_https_stay() {
    assert_eq!(clean("[a](https://x.y/z) [b](#c) [d] x[0]"), "[a](https://x.y/z) b \\[d\\] x\\[0\\]");
    assert_eq!(clean("See https://x.y/z."), "See <https://x.y/z>.");
    assert_eq!(clean("[a](http://x.y) http://z"), "a (`http://x.y`) `http://z`");
    assert_eq!(clean("[a](javascript:x) <javascript:x> [b](&#106;avascript:x)"), "a javascript:x b");
    assert_eq!(clean("[a]\n\n[a]: javascript:x"), "a");
    assert_eq!(clean("![a](https://x.y) wow\\![b](https://x.y/(z))"), "a wow\\![b](https://x.y/%28z%29)");
}

#[test]
fn text_stays_text() {
    assert_eq!(clean("a_b _c_ 1 \\* 2 &lt;T> & &amp;amp;"), "a_b *c* 1 * 2 \\<T> & \\&amp;");
    assert_eq!(clean("`a[0] <b>` and `c"), "`a[0] <b>` and \\`c");
    assert_eq!(clean("``a ` b`` */ \"#"), "`` a ` b `` \\*/ \"#");
    assert_eq!(clean("# a\n\n> b\n\nc\n===\n\n\\- d\n\n1\\. e"), "a\n\nb\n\nc\n\n\\- d\n\n1\\. e");
    assert_eq!(clean("a\r\nb\u{0}\u{7f}c\u{202e}d\re"), "a bcd e");
}

#[test]
fn lists_stay_lists() {
    assert_eq!(clean("a\n* b\n\n  c\n  1. d\n  2. e\n* f\n\ng"), "a\n\n- b\n\n  c\n  1. d\n  2. e\n- f\n\ng");
    assert_eq!(clean("- - - a\n  - b"), "- a\n- b");
    assert_eq!(clean("<ul><li><p>a</p><p>b</p></li></ul>c"), "- a\n\n  b\n\nc");
    assert_eq!(item("`x`: ", "a\n\nb"), "- `x`: a b");
    assert_eq!(item("`x`: ", "a:\n\n- b\n\n```text\nc\n```"), "- `x`: a:\n\n  - b\n\n  ```text\n  c\n  ```");
}

#[test]
fn nothing_becomes_a_doctest() {
    for code in ["a\n\n    let x = 1;", "a\n```\nlet x = 1;\n```", "a\n~~~rust\nlet x = 1;"] {
        assert_eq!(clean(code), "a\n\n```text\nlet x = 1;\n```");
    }
    assert_eq!(clean("- ~~~\n  x\n-\n  ```\n  y"), "- ```text\n  x\n  ```\n- ```text\n  y\n  ```");
    assert_eq!(clean("~~~\n```\n~~~"), "````text\n```\n````");
}

#[test]
fn any_text_has_a_code_span() {
    assert_eq!(code("us_bank"), "`us_bank`");
    assert_eq!(code("`a``b"), "``` `a``b ```");
    assert_eq!(code("a\nb\u{202e}"), "`a\\nb\\u{202e}`");
    assert_eq!((code(""), code(" ")), ("`\"\"`".to_owned(), "`\" \"`".to_owned()));
    assert_eq!(code(" a "), "`  a  `");
    assert_eq!(code_in_cell("a|b\\|c"), "`a\\|b\\\\u{7c}c`");
    assert_eq!((message("a `b`"), message("a `b <c>")), ("a `b`".to_owned(), "`` a `b <c> ``".to_owned()));
}

#[test]
fn lines_break_at_words_and_never_before_a_marker() {
    assert_eq!(wrap("aaa bbb - ccc", 7), ["aaa bbb -", "ccc"]);
    assert_eq!(wrap("one two three\n\n- item one\n- item", 9), ["one two", "three", "", "- item", "  one", "- item"]);
    assert_eq!(
        wrap("```text\na very long line\n```\n- ```text\n  a b c\n  ```", 5),
        ["```text", "a very long line", "```", "- ```text", "  a b c", "  ```"]
    );
    assert_eq!(wrap("aa `b ~~~ c` \\`d e\\`", 4), ["aa", "`b ~~~ c`", "\\`d", "e\\`"]);
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
        let written = wrap(&clean(&text), 96).join("\n");
        assert_eq!(faults(&written), None, "{part:?}");
        assert_eq!(faults(&wrap(&code(&text), 96).join("\n")), None, "{part:?}");
    }
}
