//! Shows what is not seen: text of a document is never printed, quoted or commented without this.
//!
//! A control character moves the cursor of a terminal or ends a line, a bidirectional one turns the text around it, and one
//! without a width hides a difference. Each is shown as an escape.

use std::borrow::Cow;

/// Whether a character is not seen as itself: a control character, a line or paragraph separator, a noncharacter, and those
/// of Unicode's property `Default_Ignorable_Code_Point` (bidirectional marks, joiners, zero-width spaces, tags, fillers) other
/// than the variation selectors, which choose the glyph of an emoji.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Returns the text on one line, with an escape for each hidden character: `\n`, `\u{202e}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden, |c, out| out.extend(c.escape_default()))
}

/// Returns the text with its line ends, and with an escape for each other hidden character.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_hidden(c), |c, out| out.extend(c.escape_default()))
}

/// Returns JSON with one of its own escapes for each hidden character but a line end. Outside of strings it has none.
pub fn escaped_json(text: &str) -> Cow<'_, str> {
    let units = |c: char, out: &mut String| {
        c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
    };
    escape(text, |c| c != '\n' && is_hidden(c), units)
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool, push_escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match is_escaped(c) {
            true => push_escape(c, &mut out),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_shown() {
        let text = "a\u{1b}[31m\u{7}\u{7f}\u{85}\r\n\u{200b}\u{202e}\u{2066}\u{2028}\u{feff}\u{e0041}\u{fffe}";
        let shown = r"a\u{1b}[31m\u{7}\u{7f}\u{85}\r\n\u{200b}\u{202e}\u{2066}\u{2028}\u{feff}\u{e0041}\u{fffe}";
        assert_eq!(escaped(text), shown);
        assert_eq!(escaped_lines(text), shown.replace("\\n", "\n"));
        for plain in ["größe e\u{301} ⚠\u{fe0f} 日本 \u{a0} ×", ""] {
            assert!(matches!(escaped(plain), Cow::Borrowed(same) if same == plain));
        }
    }
}
