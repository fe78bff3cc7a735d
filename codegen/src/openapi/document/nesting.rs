//! Whether a YAML text is nested too deeply, before it is parsed: the parser takes quadratic time in the depth of brackets.
//!
//! This is no parser. It tells brackets from text by where they are: only at the start of a value does one open a list or an
//! object. Text that looks like an opened bracket does not add up, since the next key of the enclosing object ends it.

/// The most levels of brackets, or of indentation. Stripe's document has about thirty.
const LIMIT: usize = 100;

/// The most brackets that a key ended before they were closed. In a text they are rare; in a list they hide its depth.
const UNCLOSED: usize = 10_000;

/// Returns the line and the column, both from 1, of the first place that is nested too deeply.
pub(super) fn too_deep(text: &str) -> Option<(usize, usize)> {
    let mut scan = Scan::default();
    text.split('\n').enumerate().find_map(|(line, text)| {
        let column = scan.line(text.as_bytes())?;
        Some((line + 1, column + 1))
    })
}

#[derive(Default)]
struct Scan {
    /// The columns of the blocks that are open.
    blocks: Vec<usize>,
    /// The brackets that are open.
    brackets: usize,
    /// The column of the line on which the first of them was opened.
    opened: usize,
    unclosed: usize,
    /// The quote of a string that goes on in the next line.
    quote: Option<u8>,
}

impl Scan {
    /// Takes a line, and returns the column at which it is too deep.
    fn line(&mut self, line: &[u8]) -> Option<usize> {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let content = line.get(indent..).unwrap_or_default();
        if content.is_empty() || content == b"\r" {
            return None;
        }
        let mut at = indent;
        let is_block = indent <= self.opened && is_key_or_item(content);
        if self.brackets == 0 && self.quote.is_none() || is_block {
            self.unclosed += self.brackets;
            (self.brackets, self.quote, self.opened) = (0, None, indent);
            if self.unclosed > UNCLOSED {
                return Some(indent);
            }
            at = match self.blocks(line, indent) {
                Ok(at) => at,
                Err(at) => return Some(at),
            };
        }
        self.flow(line, at)
    }

    /// Takes the indentation and the items of lists that start a line. Returns where the rest starts.
    fn blocks(&mut self, line: &[u8], indent: usize) -> Result<usize, usize> {
        let mut at = indent;
        loop {
            while self.blocks.last().is_some_and(|block| *block >= at) {
                self.blocks.pop();
            }
            self.blocks.push(at);
            if self.blocks.len() > LIMIT {
                return Err(at);
            }
            match line.get(at..) {
                Some([b'-' | b'?', b' ' | b'\t', rest @ ..]) => {
                    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                    at += 2 + blanks;
                }
                _ => return Ok(at),
            }
        }
    }

    /// Takes the rest of a line.
    fn flow(&mut self, line: &[u8], from: usize) -> Option<usize> {
        let mut starts_value = true;
        for (at, &byte) in line.iter().enumerate().skip(from) {
            if let Some(quote) = self.quote {
                let is_escaped = quote == b'"' && escapes_before(line, at) % 2 == 1;
                if byte == quote && !is_escaped {
                    self.quote = None;
                }
                continue;
            }
            let is_spaced = at == from || matches!(line.get(at - 1), Some(b' ' | b'\t'));
            match byte {
                b' ' | b'\t' | b'\r' => continue,
                b'#' if is_spaced => break,
                b'"' | b'\'' if starts_value => self.quote = Some(byte),
                b'[' | b'{' if starts_value || self.brackets > 0 => {
                    self.brackets += 1;
                    if self.brackets > LIMIT {
                        return Some(at);
                    }
                }
                b']' | b'}' => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
            let is_followed_by_space = matches!(line.get(at + 1), None | Some(b' ' | b'\t' | b'\r'));
            starts_value = match byte {
                b'[' | b'{' => true,
                b',' => self.brackets > 0,
                b':' | b'-' | b'?' => is_followed_by_space || self.brackets > 0,
                _ => false,
            };
        }
        None
    }
}

/// Whether a line starts with a key of a block, or is an item of a list.
fn is_key_or_item(content: &[u8]) -> bool {
    if let [b'-', rest @ ..] = content {
        return matches!(rest, [] | [b' ' | b'\r', ..]);
    }
    let word = content.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-./$'\"".contains(byte)).count();
    word > 0 && matches!(content.get(word..), Some([b':'] | [b':', b' ' | b'\r', ..]))
}

fn escapes_before(line: &[u8], at: usize) -> usize {
    line.iter().take(at).rev().take_while(|byte| **byte == b'\\').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_have_a_limit() {
        assert_eq!(too_deep(&"[".repeat(LIMIT)), None);
        assert_eq!(too_deep(&"[".repeat(200_000)), Some((1, LIMIT + 1)));
        assert_eq!(too_deep(&"[{\"]}#\": ".repeat(LIMIT)), Some((1, 9 * LIMIT / 2 + 1)));
        assert_eq!(too_deep(&"[ #]\n".repeat(LIMIT + 1)), Some((LIMIT + 1, 1)));
        assert_eq!(too_deep(&"a: [\n".repeat(UNCLOSED + 2)), Some((UNCLOSED + 2, 1)));
        assert_eq!(too_deep(&"- [[], {}]\n".repeat(1000)), None);
        assert_eq!(too_deep(&format!("a: [{}]", "[a], {b: c}, ".repeat(1000))), None);
    }

    #[test]
    fn indentation_has_a_limit() {
        let nested: String = (0..=LIMIT).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert_eq!(too_deep(&nested), Some((LIMIT + 1, LIMIT + 1)));
        assert_eq!(too_deep(&"- ".repeat(LIMIT - 1)), None);
        assert_eq!(too_deep(&"- ".repeat(LIMIT)), Some((1, 2 * LIMIT + 1)));
        assert_eq!(too_deep(&"? ".repeat(LIMIT)), Some((1, 2 * LIMIT + 1)));
        let flat: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level % 50))).collect();
        assert_eq!(too_deep(&flat), None);
    }

    #[test]
    fn text_is_not_nested() {
        for text in ["[", "see [this", "'tis [", "\"[", "- [", "a {b: [", ":[", "C:[ #"] {
            let plain = format!("key: text\n  {text}\n").repeat(1000);
            assert_eq!(too_deep(&plain), None, "{text}");
            let block = format!("key: |\n  {text}\n  {text}\n").repeat(1000);
            assert_eq!(too_deep(&block), None, "{text}");
            let quoted = format!("key: '{}'\n", text.replace('\'', "''")).repeat(1000);
            assert_eq!(too_deep(&quoted), None, "{text}");
        }
        assert_eq!(too_deep(&"key: \"a \\\" [ \\\\\"\nlist: [a]\n".repeat(1000)), None);
        assert_eq!(too_deep(&"key: 'a\n  [[ [ ''\n  b'\n".repeat(1000)), None);
    }
}
