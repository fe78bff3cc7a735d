//! Reading JSON straight into the models, without a general decoder in between.
//!
//! Every type here also implements serde's traits; this second way exists for its price. It knows which field most likely
//! comes next and compares instead of parsing, and it is not generic, so that it costs little to run and little to compile.
//! It accepts what serde_json accepts. It never quotes the input in an error.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    decode::DecodeErrorKind,
    model::{Fields, Found, Model, Names, Wire},
};

/// How deep arrays and objects may nest, as in serde_json: a hostile body is not to exhaust the stack.
const MAX_DEPTH: u8 = 127;

/// A type that is read from JSON text.
pub(crate) trait Decode: Sized {
    /// Reads one value, without the white space around it.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault>;
}

/// Why reading stopped, and at which byte. Boxed, so that a result stays as small as what is read.
pub(crate) struct Fault(pub(crate) Box<Reason>);

/// What a [`Fault`] says. It holds names of fields and of types, never a value.
pub(crate) struct Reason {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// JSON text and how far it is read.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

/// What a byte is to a string: anything but ordinary stops the scan.
const ORDINARY: [bool; 256] = {
    let mut ordinary = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        ordinary[byte] = false;
        byte += 1;
    }
    ordinary[b'"' as usize] = false;
    ordinary[b'\\' as usize] = false;
    ordinary
};

impl<'a> Reader<'a> {
    /// Reads a whole text.
    pub(crate) fn whole<T: Decode>(text: &'a str) -> Result<T, Fault> {
        let mut reader = Self { text, at: 0, depth: 0 };
        reader.space();
        let value = T::decode(&mut reader)?;
        reader.space();
        if reader.at < text.len() { Err(reader.syntax("there is more after the end")) } else { Ok(value) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
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
    fn missing(&self, name: &str) -> Fault {
        self.fault(DecodeErrorKind::Mismatch, self.at, format!("missing field `{name}`"))
    }

    /// A field that is there twice, the second time at a byte.
    #[cold]
    fn duplicate(&self, at: usize, name: &str) -> Fault {
        self.fault(DecodeErrorKind::Mismatch, at, format!("duplicate field `{name}`"))
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
        self.at += 1;
        let start = self.at;
        self.ordinary();
        match self.peek() {
            Some(b'"') => {
                let text = &self.text[start..self.at];
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            _ => self.escaped(start).map(Cow::Owned),
        }
    }

    /// Goes on to the next byte of a string that is not ordinary.
    fn ordinary(&mut self) {
        while self.peek().is_some_and(|byte| ORDINARY[usize::from(byte)]) {
            self.at += 1;
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
            self.ordinary();
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

    fn integer(&mut self) -> Result<i64, Fault> {
        const EXPECTED: &str = "an integer of 64 bits";
        if !self.at_number() {
            return Err(self.mismatch(EXPECTED));
        }
        let start = self.at;
        let integer = self.number()?;
        let text = &self.text[start..self.at];
        match text.parse() {
            Ok(number) if integer => Ok(number),
            _ => {
                let found =
                    if integer { "one that is out of range" } else { "a number with a fraction or an exponent" };
                Err(self.fault(DecodeErrorKind::Mismatch, start, format!("expected {EXPECTED}, found {found}")))
            }
        }
    }

    fn float(&mut self) -> Result<f64, Fault> {
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

    fn boolean(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.mismatch("a boolean")),
        }
    }

    /// Reads an opening bracket.
    fn open(&mut self) -> Result<(), Fault> {
        if self.depth == MAX_DEPTH {
            return Err(self.syntax("nested too deep"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Goes to the next value of an array or the next key of an object, or reads the closing bracket.
    fn more(&mut self, first: bool, close: u8) -> Result<bool, Fault> {
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
    fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.at_string() { self.quoted() } else { Err(self.syntax("expected the name of a field")) }
    }

    /// Reads a colon.
    fn colon(&mut self) -> Result<(), Fault> {
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected a colon"));
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Goes over a value.
    fn skip(&mut self) -> Result<(), Fault> {
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

    /// Goes over an object, and hands out its text.
    pub(crate) fn object(&mut self) -> Result<&'a str, Fault> {
        if !self.at_object() {
            return Err(self.mismatch("an object"));
        }
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Reads a string that must be the one given.
    fn constant(&mut self, constant: &str) -> Result<(), Fault> {
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

/// Reads a model from JSON text.
pub(crate) fn decode_model<T: Model>(reader: &mut Reader<'_>) -> Result<T, Fault> {
    T::read(JsonFields::open(reader, T::NAMES)?)
}

/// The fields of an object in JSON text.
pub(crate) struct JsonFields<'r, 'a> {
    reader: &'r mut Reader<'a>,
    names: &'static Names,
    first: bool,
    constant_seen: bool,
    /// Where the last key starts.
    key: usize,
    /// Which name probably comes next.
    next: usize,
}

impl<'r, 'a> JsonFields<'r, 'a> {
    fn open(reader: &'r mut Reader<'a>, names: &'static Names) -> Result<Self, Fault> {
        if !reader.at_object() {
            return Err(reader.mismatch(&names.to_string()));
        }
        reader.open()?;
        Ok(Self { reader, names, first: true, constant_seen: false, key: 0, next: 0 })
    }

    /// Reads a key, with its colon.
    fn found(&mut self) -> Result<Found, Fault> {
        self.key = self.reader.at;
        let found = match self.expected() {
            Some(index) => Found::Field(index),
            None => self.names.find(&self.reader.key()?, self.next),
        };
        self.reader.colon()?;
        Ok(found)
    }

    /// Reads the key that probably comes next, if it does come: a comparison is quicker than reading a string.
    fn expected(&mut self) -> Option<usize> {
        let name = self.names.fields.get(self.next)?;
        let rest = self.reader.rest().strip_prefix(b"\"")?.strip_prefix(name.as_bytes())?;
        if rest.first() != Some(&b'"') {
            return None;
        }
        self.reader.at += name.len() + 2;
        Some(self.next)
    }
}

impl Fields for JsonFields<'_, '_> {
    type Error = Fault;

    fn next(&mut self) -> Result<Option<usize>, Fault> {
        while self.reader.more(self.first, b'}')? {
            self.first = false;
            match self.found()? {
                Found::Field(index) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Found::Constant(constant) => {
                    if self.constant_seen {
                        return Err(self.reader.duplicate(self.key, "object"));
                    }
                    self.constant_seen = true;
                    self.reader.constant(constant)?;
                }
                Found::Unknown => self.reader.skip()?,
            }
        }
        if self.names.constant.is_some() && !self.constant_seen {
            return Err(self.missing("object"));
        }
        Ok(None)
    }

    fn read<T: Wire>(&mut self, slot: &mut Option<T>, index: usize) -> Result<(), Fault> {
        if slot.is_some() {
            return Err(self.reader.duplicate(self.key, self.names.fields[index]));
        }
        *slot = Some(T::decode(self.reader)?);
        Ok(())
    }

    fn missing(&self, name: &'static str) -> Fault {
        self.reader.missing(name)
    }
}

impl Decode for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        reader.boolean()
    }
}

impl Decode for i64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        reader.integer()
    }
}

impl Decode for f64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        reader.float()
    }
}

impl Decode for String {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        reader.string().map(Cow::into_owned)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        T::decode(reader).map(Self::new)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        if reader.null()? { Ok(None) } else { T::decode(reader).map(Some) }
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        if reader.peek() != Some(b'[') {
            return Err(reader.mismatch("an array"));
        }
        reader.open()?;
        let mut list = Self::new();
        while reader.more(list.is_empty(), b']')? {
            list.push(T::decode(reader)?);
        }
        Ok(list)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        if !reader.at_object() {
            return Err(reader.mismatch("an object"));
        }
        reader.open()?;
        let mut map = Self::new();
        let mut first = true;
        while reader.more(first, b'}')? {
            first = false;
            let key = reader.key()?.into_owned();
            reader.colon()?;
            map.insert(key, T::decode(reader)?);
        }
        Ok(map)
    }
}
