//! Stripe's form encoding: `limits[accounts]=5&permissions[0]=balances`.
//!
//! A nested parameter writes its key from a chain of parts that lives on the stack, and every value goes straight into one
//! string, so that encoding a request costs one allocation.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What must be percent-encoded: everything but the unreserved characters of RFC 3986.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What goes through as it is, looked up by byte. `RESERVED` says the same, a chain of tests slower.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        plain[byte] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    plain
};

/// Enough for a create request with every parameter set, and small enough for any allocator to have at hand.
const CAPACITY: usize = 1024;

/// The keys of the first elements of a list: nearly every list is shorter, so that no number is formatted.
const INDICES: [&str; 16] = [
    "[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]", "[8]", "[9]", "[10]", "[11]", "[12]", "[13]", "[14]",
    "[15]",
];

/// Whether a text is the same when it is percent-encoded.
pub(crate) const fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !PLAIN[bytes[i] as usize] {
            return false;
        }
        i += 1;
    }
    true
}

/// Appends a text, percent-encoded where it must be.
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, RESERVED));
    }
}

/// The place of a parameter: a chain of parts, each borrowed from the stack frame that writes the level above.
pub(crate) struct Key<'a> {
    above: Option<&'a Key<'a>>,
    part: Part<'a>,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    /// The request itself, which has no key.
    Root,
    /// A known name, in brackets and with nothing to encode.
    Name(&'static str),
    /// A name that the caller made up.
    Entry(&'a str),
    /// The place in a list.
    Index(usize),
}

impl<'a> Key<'a> {
    /// The request itself.
    pub(crate) const ROOT: Key<'static> = Key { above: None, part: Part::Root };

    /// A known field. The name comes in brackets, `"[limits]"`, so that it is written in one piece at any depth.
    pub(crate) fn field(&'a self, bracketed: &'static str) -> Self {
        self.below(Part::Name(bracketed))
    }

    fn below(&'a self, part: Part<'a>) -> Self {
        let above = if let Part::Root = self.part { None } else { Some(self) };
        Key { above, part }
    }

    fn push(&self, out: &mut String) {
        if let Some(above) = self.above {
            above.push(out);
        }
        match self.part {
            Part::Root => {}
            Part::Name(bracketed) => {
                let name = if self.above.is_none() { &bracketed[1..bracketed.len() - 1] } else { bracketed };
                out.push_str(name);
            }
            Part::Entry(name) => {
                if self.above.is_some() {
                    out.push('[');
                }
                push_encoded(out, name);
                if self.above.is_some() {
                    out.push(']');
                }
            }
            Part::Index(index) => match INDICES.get(index) {
                Some(bracketed) => out.push_str(bracketed),
                None => {
                    out.push('[');
                    push_display(out, index);
                    out.push(']');
                }
            },
        }
    }
}

/// Writing to a string does not fail: the result is only there for the sake of the trait.
fn push_display(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}");
}

/// The text of a query or of a body while it is written.
#[derive(Default)]
pub(crate) struct Form {
    text: String,
    secret: bool,
}

impl Form {
    /// Encodes all parameters of a request.
    pub(crate) fn of(parameters: &dyn FormValue) -> Self {
        let mut form = Self::default();
        parameters.write(&Key::ROOT, &mut form);
        form
    }

    /// The text, and whether a secret went into it.
    pub(crate) fn into_parts(self) -> (String, bool) {
        (self.text, self.secret)
    }

    /// Notes that a secret is written, for the sake of `Debug`.
    pub(crate) fn mark_secret(&mut self) {
        self.secret = true;
    }

    /// Writes a parameter that needs no encoding.
    pub(crate) fn plain(&mut self, key: &Key<'_>, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// Writes a parameter.
    pub(crate) fn text(&mut self, key: &Key<'_>, value: &str) {
        self.key(key);
        push_encoded(&mut self.text, value);
    }

    fn display(&mut self, key: &Key<'_>, value: impl std::fmt::Display) {
        self.key(key);
        push_display(&mut self.text, value);
    }

    fn key(&mut self, key: &Key<'_>) {
        if self.text.is_empty() {
            self.text.reserve(CAPACITY);
        } else {
            self.text.push('&');
        }
        key.push(&mut self.text);
        self.text.push('=');
    }
}

/// A parameter, or a part of one, that writes itself under a key. What is not set writes nothing.
pub(crate) trait FormValue {
    /// Writes the parameter.
    fn write(&self, key: &Key<'_>, form: &mut Form);
}

impl FormValue for str {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.text(key, self);
    }
}

impl FormValue for String {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.text(key, self);
    }
}

impl FormValue for Cow<'_, str> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.text(key, self);
    }
}

impl FormValue for bool {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.plain(key, if *self { "true" } else { "false" });
    }
}

impl FormValue for i64 {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.display(key, self);
    }
}

impl FormValue for f64 {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        form.display(key, self);
    }
}

impl<T: FormValue> FormValue for Option<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        if let Some(value) = self {
            value.write(key, form);
        }
    }
}

impl<T: FormValue + ?Sized> FormValue for Box<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        (**self).write(key, form);
    }
}

impl<T: FormValue> FormValue for Vec<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        for (index, value) in self.iter().enumerate() {
            value.write(&key.below(Part::Index(index)), form);
        }
    }
}

impl<K: AsRef<str>, T: FormValue> FormValue for BTreeMap<K, T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        for (name, value) in self {
            value.write(&key.below(Part::Entry(name.as_ref())), form);
        }
    }
}
