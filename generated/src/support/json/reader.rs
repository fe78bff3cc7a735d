//! The text of JSON, piece by piece.

use std::borrow::Cow;

use super::{Decode, Fault, Reason};
use crate::support::decode::DecodeErrorKind;

/// How deep arrays and objects may nest, as in serde_json: a hostile body is not to exhaust the stack.
const MAX_DEPTH: u8 = 127;

/// JSON text and how far it is read.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

/// Which of eight bytes end a run of ordinary bytes in a string: the first of them is at the lowest bit that is set.
///
/// A byte is not ordinary when it is a backslash, a quote or below a space. Flipping one bit puts the quote below the
/// exclamation mark, with nothing else changing sides, so that the last two are one test. Each subtraction borrows into
/// the top bit of such a byte; one that borrows from a neighbour does so only after a byte that ends the run anyway.
const fn special(bytes: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let below = (bytes ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (bytes ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (below | backslash) & !bytes & (ONES << 7)
}

/// How many ordinary bytes a string starts with.
fn ordinary(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some((bytes, after)) = rest.split_first_chunk::<8>() {
        let special = special(u64::from_le_bytes(*bytes));
        if special != 0 {
            return text.len() - rest.len() + special.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let last = rest.iter().take_while(|byte| !matches!(byte, 0..0x20 | b'"' | b'\\')).count();
    text.len() - rest.len() + last
}

/// What follows the white space.
pub(super) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\t' | b'\r', rest @ ..] = text {
        text = rest;
    }
    text
}

impl<'a> Reader<'a> {
    /// Reads a whole text.
    pub(crate) fn whole<T: Decode>(text: &'a str) -> Result<T, Fault> {
        let mut reader = Self { text, at: 0, depth: 0 };
        reader.space();
        let value = T::decode(&mut reader)?;
        reader.space();
        if reader.at < text.len() { Err(reader.syntax("there is more after the end")) } else { Ok(value) }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Goes on to where what is left starts, which is a part of the end of the text.
    pub(super) fn go_to(&mut self, rest: &[u8]) {
        self.at = self.text.len() - rest.len();
    }

    fn space(&mut self) {
        self.go_to(trim(self.rest()));
    }

    #[cold]
    fn fault(&self, kind: DecodeErrorKind, at: usize, text: String) -> Fault {
        Fault(Box::new(Reason { kind, at, text }))
    }

    /// Not JSON, at the next byte; or too short, when there is none.
    #[cold]
    fn syntax(&self, what: &str) -> Fault {
        if self.at >= self.text.len() {
            self.fault(DecodeErrorKind::Truncated, self.text.len(), "the body ends too early".to_owned())
        } else {
            self.fault(DecodeErrorKind::Syntax, self.at, format!("not JSON: {what}"))
        }
    }

    /// JSON, but of another type than expected; unless what stands there is no JSON at all.
    #[cold]
    pub(crate) fn mismatch(&mut self, expected: &str) -> Fault {
        let start = self.at;
        let found = match self.peek() {
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        };
        match self.skip() {
            Ok(()) => self.fault(DecodeErrorKind::Mismatch, start, format!("expected {expected}, found {found}")),
            Err(fault) => fault,
        }
    }

    /// A number that is too large, at the next byte or somewhere in the object that starts there.
    #[cold]
    pub(crate) fn out_of_range(&self) -> Fault {
        self.fault(DecodeErrorKind::Mismatch, self.at, "a number is out of range".to_owned())
    }

    /// A field that is missing from the object that was read last.
    #[cold]
    pub(super) fn missing(&self, name: &str) -> Fault {
        self.fault(DecodeErrorKind::Mismatch, self.at, format!("missing field `{name}`"))
    }

    /// A field that is there twice, with the second value next.
    #[cold]
    pub(super) fn duplicate(&self, name: &str) -> Fault {
        self.fault(DecodeErrorKind::Mismatch, self.at, format!("duplicate field `{name}`"))
    }

    /// Reads a word that stands for a value.
    fn word(&mut self, word: &str) -> Result<(), Fault> {
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        // To the first byte that is wrong, which may be the end.
        self.at += rest.iter().zip(word.as_bytes()).take_while(|(found, wanted)| found == wanted).count();
        Err(self.syntax("expected `true`, `false` or `null`"))
    }

    /// Whether the next value is `null`; if so, it is read.
    pub(crate) fn null(&mut self) -> Result<bool, Fault> {
        if self.peek() == Some(b'n') { self.word("null").map(|()| true) } else { Ok(false) }
    }

    /// Whether the next value is a string, or looks like one.
    pub(crate) fn at_string(&self) -> bool {
        self.peek() == Some(b'"')
    }

    /// Whether the next value is an object, or looks like one.
    pub(crate) fn at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Reads a string, borrowed unless it has an escape.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        if !self.at_string() {
            return Err(self.mismatch("a string"));
        }
        self.quoted()
    }

    /// Reads a string, from its opening quote.
    fn quoted(&mut self) -> Result<Cow<'a, str>, Fault> {
        let start = self.at + 1;
        let end = start + ordinary(self.text.as_bytes().get(start..).unwrap_or_default());
        self.at = end;
        if self.at_string() {
            self.at += 1;
            Ok(Cow::Borrowed(&self.text[start..end]))
        } else {
            self.escaped(start).map(Cow::Owned)
        }
    }

    /// Reads the rest of a string that has an escape, or that does not end well.
    #[cold]
    fn escaped(&mut self, start: usize) -> Result<String, Fault> {
        let mut text = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                _ => return Err(self.syntax("control character in a string")),
            }
            let start = self.at;
            self.at += ordinary(self.rest());
            text.push_str(&self.text[start..self.at]);
        }
    }

    /// Reads an escape, from after its backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let escaped = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.syntax("unknown escape")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// Reads `uXXXX`, or two of them that make a surrogate pair.
    fn unicode(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let first = self.hex()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        // Only a leading surrogate that is followed by a trailing one is a character.
        if first < 0xDC00 {
            for byte in [b'\\', b'u'] {
                match self.peek() {
                    Some(found) if found == byte => self.at += 1,
                    _ => return Err(self.syntax("half of a surrogate pair")),
                }
            }
            self.at -= 1;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                if let Some(char) = char::from_u32(code) {
                    return Ok(char);
                }
            }
        }
        self.at = start;
        Err(self.syntax("half of a surrogate pair"))
    }

    /// Reads `uXXXX`.
    fn hex(&mut self) -> Result<u32, Fault> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            match self.peek().and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return Err(self.syntax("expected four hexadecimal digits")),
            }
            self.at += 1;
        }
        Ok(code)
    }

    /// Goes over a number, and says whether it is written as an integer.
    fn number(&mut self) -> Result<bool, Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        let mut integer = true;
        if self.peek() == Some(b'.') {
            integer = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            integer = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(integer)
    }

    /// Goes over one digit or more.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("expected a value or a digit")) } else { Ok(()) }
    }

    fn at_number(&self) -> bool {
        matches!(self.peek(), Some(b'-' | b'0'..=b'9'))
    }

    pub(super) fn integer(&mut self) -> Result<i64, Fault> {
        const EXPECTED: &str = "an integer of 64 bits";
        if !self.at_number() {
            return Err(self.mismatch(EXPECTED));
        }
        if let Some(number) = self.short_integer() {
            return Ok(number);
        }
        let start = self.at;
        let integer = self.number()?;
        match self.text[start..self.at].parse() {
            Ok(number) if integer => Ok(number),
            _ => {
                let found =
                    if integer { "one that is out of range" } else { "a number with a fraction or an exponent" };
                Err(self.fault(DecodeErrorKind::Mismatch, start, format!("expected {EXPECTED}, found {found}")))
            }
        }
    }

    /// Reads an integer that is positive and surely in range, as nearly all are; else nothing is read.
    fn short_integer(&mut self) -> Option<i64> {
        const MAX: usize = 18;
        let rest = self.rest();
        let (mut digits, mut number) = (0, 0);
        for digit in rest.iter().take(MAX).take_while(|byte| byte.is_ascii_digit()) {
            number = number * 10 + i64::from(digit - b'0');
            digits += 1;
        }
        // A zero may stand alone but not lead.
        let plain = digits == 1 || (digits > 1 && rest[0] != b'0');
        if !plain || matches!(rest.get(digits), Some(b'0'..=b'9' | b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += digits;
        Some(number)
    }

    pub(super) fn float(&mut self) -> Result<f64, Fault> {
        const EXPECTED: &str = "a number";
        if !self.at_number() {
            return Err(self.mismatch(EXPECTED));
        }
        let start = self.clone();
        self.number()?;
        match self.text[start.at..self.at].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(start.out_of_range()),
        }
    }

    pub(super) fn boolean(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.mismatch("a boolean")),
        }
    }

    /// Reads an opening bracket.
    pub(super) fn open(&mut self) -> Result<(), Fault> {
        if self.depth == MAX_DEPTH {
            return Err(self.syntax("nested too deep"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Goes to the next value of an array or the next key of an object, or reads the closing bracket.
    pub(super) fn more(&mut self, first: bool, close: u8) -> Result<bool, Fault> {
        self.space();
        match self.peek() {
            Some(byte) if byte == close => {
                self.depth -= 1;
                self.at += 1;
                return Ok(false);
            }
            _ if first => return Ok(true),
            Some(b',') => self.at += 1,
            _ => return Err(self.syntax("expected a comma or a closing bracket")),
        }
        self.space();
        if self.peek() == Some(close) {
            return Err(self.syntax("comma before a closing bracket"));
        }
        Ok(true)
    }

    /// Reads a key, without its colon.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.at_string() { self.quoted() } else { Err(self.syntax("expected the name of a field")) }
    }

    /// Reads a colon.
    pub(super) fn colon(&mut self) -> Result<(), Fault> {
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected a colon"));
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Goes over a value.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.quoted().map(drop),
            Some(b'{') => {
                self.open()?;
                let mut first = true;
                while self.more(first, b'}')? {
                    first = false;
                    self.key()?;
                    self.colon()?;
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.open()?;
                let mut first = true;
                while self.more(first, b']')? {
                    first = false;
                    self.skip()?;
                }
                Ok(())
            }
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.number().map(drop),
        }
    }

    /// Goes over a value, and hands out its text.
    pub(crate) fn any(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Goes over an object, and hands out its text.
    pub(crate) fn object(&mut self) -> Result<&'a str, Fault> {
        if self.at_object() { self.any() } else { Err(self.mismatch("an object")) }
    }

    /// Reads a string that must be the one given.
    pub(super) fn constant(&mut self, constant: &str) -> Result<(), Fault> {
        let start = self.at;
        let expected = || format!("the constant `{constant}`");
        if !self.at_string() {
            return Err(self.mismatch(&expected()));
        }
        if self.quoted()? == constant {
            return Ok(());
        }
        let text = format!("expected {}, found another string", expected());
        Err(self.fault(DecodeErrorKind::Mismatch, start, text))
    }
}
