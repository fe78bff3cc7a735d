//! Stripe's form encoding: `limits[accounts]=5&permissions[0]=balances`.
//!
//! A nested parameter writes its key from a chain of parts on the stack, and each value is written directly into one
//! string, so that encoding a request takes one allocation.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

use percent_encoding::percent_encode_byte;

/// The bytes that are not percent-encoded: the unreserved characters of RFC 3986.
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

/// Initial capacity: enough for a create request with every parameter set.
const CAPACITY: usize = 1024;

/// Whether percent-encoding leaves a text unchanged.
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

/// Appends a text with percent-encoding.
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(plain) = rest.bytes().position(|byte| !PLAIN[usize::from(byte)]) {
        // Plain bytes are ASCII, so that a character starts here.
        let (before, after) = rest.split_at(plain);
        out.push_str(before);
        let mut characters = after.chars();
        let length = characters.next().map_or(0, char::len_utf8);
        for byte in after.bytes().take(length) {
            out.push_str(percent_encode_byte(byte));
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// Appends a key that a caller wrote, percent-encoded except for its brackets.
pub(crate) fn push_key(out: &mut String, key: &str) {
    for part in key.split_inclusive(['[', ']']) {
        let text = part.trim_end_matches(['[', ']']);
        push_encoded(out, text);
        out.push_str(&part[text.len()..]);
    }
}

/// The key of a parameter: a chain of parts, each borrowed from the stack frame that writes the level above.
pub struct Key<'a> {
    above: Option<&'a Key<'a>>,
    part: Part<'a>,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    /// The request itself, which has no key.
    Root,
    /// A known name in brackets, which needs no encoding.
    Name(&'static str),
    /// A key of a map.
    Entry(&'a str),
    /// A whole key as a caller wrote it, brackets included.
    Given(&'a str),
    /// The index in a list.
    Index(usize),
}

impl<'a> Key<'a> {
    /// The request itself.
    pub(crate) const fn root() -> Self {
        Self { above: None, part: Part::Root }
    }

    /// A key as a caller writes it: `limits[accounts]`.
    pub(crate) const fn given(key: &'a str) -> Self {
        Self { above: None, part: Part::Given(key) }
    }

    /// A known field. The name comes in brackets, `"[limits]"`, so that it is written in one piece at any depth.
    pub const fn field(&'a self, bracketed: &'static str) -> Self {
        self.below(Part::Name(bracketed))
    }

    const fn below(&'a self, part: Part<'a>) -> Self {
        let above = if let Part::Root = self.part { None } else { Some(self) };
        Self { above, part }
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
            Part::Given(key) => push_key(out, key),
            Part::Index(index) => {
                out.push('[');
                push_index(out, index);
                out.push(']');
            }
        }
    }
}

fn push_index(out: &mut String, index: usize) {
    if index >= 10 {
        push_index(out, index / 10);
    }
    out.extend(char::from_digit((index % 10) as u32, 10));
}

/// The text of a query or a body while it is encoded.
#[derive(Default)]
pub struct Form {
    text: String,
    secret: bool,
}

impl Form {
    /// Encodes all parameters of a request.
    pub(crate) fn of(parameters: &dyn FormValue) -> Self {
        let mut form = Self::default();
        parameters.write(&Key::root(), &mut form);
        form
    }

    /// Continues a text that was encoded before.
    pub(crate) const fn resume(text: String, secret: bool) -> Self {
        Self { text, secret }
    }

    /// Returns the text and whether it contains a secret.
    pub(crate) fn into_parts(self) -> (String, bool) {
        (self.text, self.secret)
    }

    /// Records that the text contains a secret, so that `Debug` hides it.
    pub(crate) fn mark_secret(&mut self) {
        self.secret = true;
    }

    /// Writes a parameter.
    pub fn text(&mut self, key: &Key<'_>, value: &str) {
        self.key(key);
        push_encoded(&mut self.text, value);
    }

    fn display(&mut self, key: &Key<'_>, value: impl std::fmt::Display) {
        self.key(key);
        // Writing to a string cannot fail, although the trait returns a result.
        let _ = write!(self.text, "{value}");
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

/// A parameter, or a part of one, that encodes itself under a key. One that is not set writes nothing.
pub trait FormValue {
    /// Writes the parameter.
    fn write(&self, key: &Key<'_>, form: &mut Form);
}

/// A value of a request parameter, for [`Request::param`](super::Request::param).
///
/// Implemented for strings, `bool`, numbers (`i32`, `i64`, `u8` to `u64`, `usize`, `f64`), [`Timestamp`](super::Timestamp),
/// ids, enums, parameter types such as `CreateSessionFilters`, [`Clearable`](super::Clearable),
/// [`Secret`](super::Secret) and references to them; and for `Option`, lists (arrays, slices, `Vec`) and `BTreeMap` of them.
/// How a value is encoded is hidden, and may change in any release.
pub trait ParamValue: FormValue {}

impl<T: FormValue + ?Sized> ParamValue for T {}

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
        form.display(key, self);
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(
            impl FormValue for $number {
                fn write(&self, key: &Key<'_>, form: &mut Form) {
                    form.display(key, self);
                }
            }
        )*
    };
}

numbers! { i32 i64 u8 u16 u32 u64 usize f64 }

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

impl<T: FormValue + ?Sized> FormValue for &T {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        (**self).write(key, form);
    }
}

impl<T: FormValue> FormValue for Vec<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        self.as_slice().write(key, form);
    }
}

impl<T: FormValue, const N: usize> FormValue for [T; N] {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        self.as_slice().write(key, form);
    }
}

impl<T: FormValue> FormValue for [T] {
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
