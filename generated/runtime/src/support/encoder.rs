//! The encoding of parameters: Stripe's form encoding, `limits[accounts]=5&permissions[0]=balances`, or JSON.
//!
//! In a form, keys and values are written directly into one string. A key that is needed again is copied from where it is.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write, ops::Range};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// The bytes that are not percent-encoded. To look them up here is faster than to ask the set.
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

/// What is percent-encoded: all but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Initial capacity: enough for a create request with every parameter set.
const CAPACITY: usize = 1024;

/// Whether percent-encoding leaves a text unchanged.
pub(crate) fn is_plain(text: &str) -> bool {
    // Looks at every byte, since a branch for each costs more than the bytes behind the first one that is not plain.
    text.bytes().fold(true, |plain, byte| plain & PLAIN[usize::from(byte)])
}

/// Appends a text with percent-encoding.
#[inline]
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, ENCODED));
    }
}

/// Appends a key that a caller wrote, percent-encoded except for its brackets.
pub(crate) fn push_key(out: &mut String, key: &str) {
    if is_plain(key) {
        return out.push_str(key);
    }
    for part in key.split_inclusive(['[', ']']) {
        let text = part.trim_end_matches(['[', ']']);
        push_encoded(out, text);
        out.push_str(&part[text.len()..]);
    }
}

/// Parameters while they are encoded: the text of a form, or a value of JSON.
#[derive(Default)]
pub struct Encoder {
    has_secret: bool,
    is_json: bool,
    /// What the current parameter is in JSON so far. `None` if it is not set.
    json: Option<Value>,
    /// A form: a query or a body.
    text: String,
    /// Where the key of the current parameter is in the text: `account_holder[customer]`.
    key: Range<usize>,
    /// Whether the text ends with the key, which has no value yet.
    is_open: bool,
}

impl Encoder {
    /// Encodes a parameter as JSON. Returns `None` if it is not set, and whether it contains a secret.
    pub(crate) fn json(value: &dyn ParamValue) -> (Option<Value>, bool) {
        let mut encoder = Self { is_json: true, ..Self::default() };
        value.encode(&mut encoder);
        (encoder.json, encoder.has_secret)
    }

    /// Continues a form that was encoded before.
    pub(crate) fn resume(text: String, has_secret: bool) -> Self {
        Self { text, has_secret, ..Self::default() }
    }

    /// Returns the form and whether it contains a secret.
    pub(crate) fn into_parts(self) -> (String, bool) {
        (self.text, self.has_secret)
    }

    /// Writes a parameter into the form. The name may be one that a caller wrote, brackets included.
    pub(crate) fn param(&mut self, name: &str, value: &dyn ParamValue) {
        if self.text.is_empty() {
            self.text.reserve(CAPACITY);
        } else {
            self.text.push('&');
        }
        let start = self.text.len();
        push_key(&mut self.text, name);
        self.key = start..self.text.len();
        self.is_open = true;
        value.encode(self);
        if self.is_open {
            // Nothing was written, or nothing more after an `&`.
            self.text.truncate(self.key.start.saturating_sub(1));
        }
    }

    /// Starts an object, which may have no fields. A form has nothing for that.
    pub fn object(&mut self) {
        if self.is_json {
            self.json = Some(Value::Object(Map::new()));
        }
    }

    /// Writes a field of the current parameter: in a form, under its name in brackets.
    pub fn field(&mut self, name: &str, value: &dyn ParamValue) {
        if !self.is_json {
            return self.below(value, |text| push_encoded(text, name));
        }
        let mut fields = match self.json.take() {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        value.encode(self);
        fields.extend(self.json.take().map(|value| (name.to_owned(), value)));
        self.json = Some(Value::Object(fields));
    }

    /// Writes a list. An element that is not set has no place in JSON.
    fn list<T: ParamValue>(&mut self, elements: &[T]) {
        if !self.is_json {
            for (index, element) in elements.iter().enumerate() {
                self.below(element, |text| push_index(text, index));
            }
            return;
        }
        let mut list = Vec::with_capacity(elements.len());
        for element in elements {
            element.encode(self);
            list.extend(self.json.take());
        }
        self.json = Some(Value::Array(list));
    }

    fn below(&mut self, value: &dyn ParamValue, push_name: impl FnOnce(&mut String)) {
        self.open();
        let length = self.key.len();
        self.text.push('[');
        push_name(&mut self.text);
        self.text.push(']');
        self.key.end = self.text.len();
        value.encode(self);
        // The key above is the start of this one.
        self.key.end = self.key.start + length;
        if self.is_open {
            self.text.truncate(self.key.end);
        }
    }

    /// Makes the text end with the key.
    fn open(&mut self) {
        if !self.is_open {
            self.text.push('&');
            let start = self.text.len();
            self.text.extend_from_within(self.key.clone());
            self.key = start..self.text.len();
            self.is_open = true;
        }
    }

    /// Writes the end of a pair of a form: `=`, before the value.
    fn close(&mut self) -> &mut String {
        self.open();
        self.is_open = false;
        self.text.push('=');
        &mut self.text
    }

    /// Records that a parameter is secret, so that `Debug` hides all of them.
    pub(crate) fn mark_secret(&mut self) {
        self.has_secret = true;
    }

    /// Writes the current parameter as a string.
    pub fn text(&mut self, value: &str) {
        if self.is_json {
            self.json = Some(value.into());
        } else {
            push_encoded(self.close(), value);
        }
    }

    /// Writes that the current parameter is cleared: null, or an empty string in a form.
    pub(crate) fn clear(&mut self) {
        if self.is_json {
            self.json = Some(Value::Null);
        } else {
            self.close();
        }
    }

    /// Writes the current parameter as a number or a boolean.
    fn plain<T: std::fmt::Display + Into<Value> + Copy>(&mut self, value: &T) {
        if self.is_json {
            self.json = Some((*value).into());
        } else {
            // Writing to a string cannot fail, although the trait returns a result.
            let _ = write!(self.close(), "{value}");
        }
    }
}

/// Appends an index. The formatter of the standard library would take a sixth of the time of a request.
fn push_index(out: &mut String, index: usize) {
    if index > 9 {
        push_index(out, index / 10);
    }
    out.push(char::from(b"0123456789"[index % 10]));
}

/// A value of a request parameter, for [`Request::param`](super::Request::param).
///
/// Implemented for strings, `bool`, numbers (`i32`, `i64`, `u8` to `u64`, `usize`, `f64`, [`Int64String`](super::Int64String)), times
/// ([`Timestamp`](super::Timestamp), [`DateTime`](super::DateTime)), ids, enums, parameter types such as `CreateSessionFilters`,
/// [`Clearable`](super::Clearable), [`Secret`](super::Secret) and references to them; and for `Option`, lists (arrays, slices, `Vec`)
/// and `BTreeMap` of them.
///
/// Its method is hidden and may change, so a type of yours cannot implement this trait.
pub trait ParamValue {
    /// Writes the value of a parameter. A value that is not set writes nothing.
    #[doc(hidden)]
    fn encode(&self, encoder: &mut Encoder);
}

macro_rules! values {
    ($method:ident: $($value:ty),*) => {
        $(
            impl ParamValue for $value {
                fn encode(&self, encoder: &mut Encoder) {
                    encoder.$method(self);
                }
            }
        )*
    };
}

values! { text: str, String, Cow<'_, str> }
values! { plain: bool, i32, i64, u8, u16, u32, u64, usize }

impl ParamValue for f64 {
    fn encode(&self, encoder: &mut Encoder) {
        // JSON has no other numbers. As a text, Stripe refuses them, whereas null could clear the parameter.
        if self.is_finite() { encoder.plain(self) } else { encoder.text(&self.to_string()) }
    }
}

impl<T: ParamValue> ParamValue for Option<T> {
    fn encode(&self, encoder: &mut Encoder) {
        if let Some(value) = self {
            value.encode(encoder);
        }
    }
}

impl<T: ParamValue + ?Sized> ParamValue for Box<T> {
    fn encode(&self, encoder: &mut Encoder) {
        (**self).encode(encoder);
    }
}

impl<T: ParamValue + ?Sized> ParamValue for &T {
    fn encode(&self, encoder: &mut Encoder) {
        (**self).encode(encoder);
    }
}

impl<T: ParamValue> ParamValue for Vec<T> {
    fn encode(&self, encoder: &mut Encoder) {
        self.as_slice().encode(encoder);
    }
}

impl<T: ParamValue, const N: usize> ParamValue for [T; N] {
    fn encode(&self, encoder: &mut Encoder) {
        self.as_slice().encode(encoder);
    }
}

impl<T: ParamValue> ParamValue for [T] {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.list(self);
    }
}

impl<K: AsRef<str>, T: ParamValue> ParamValue for BTreeMap<K, T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.object();
        for (name, value) in self {
            encoder.field(name.as_ref(), value);
        }
    }
}
