//! YAML, written as JSON while it is read: what is nested too deeply, or repeated too often, is refused before it takes time or
//! memory.

use std::collections::HashMap;
use std::ops::Range;

use saphyr::{Scalar, ScalarStyle, Tag};
use saphyr_parser::{Event, Parser};
use serde_json::Value;

use super::{HELP, YAML_LIMIT};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};

/// The most levels of lists and objects. Stripe's document has about thirty.
const NESTING: usize = 100;

/// Returns a text as JSON, or nothing for one of comments alone; `name` is for diagnostics.
pub(super) fn to_json(name: &str, text: &str) -> Result<String, Diagnostics> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str(text) {
        let (written, at) = match event {
            Ok((event, span)) => (writer.event(event), span.start),
            // The parser looks ahead, and has a limit of its own.
            Err(error) if error.info().contains("recursion limit") => (Err(too_deep()), *error.marker()),
            Err(error) => (Err(unreadable(error.info())), *error.marker()),
        };
        written.map_err(|(reason, help)| {
            Diagnostic::new(name, Pointer::default(), reason, help).at(at.line(), at.col() + 1)
        })?;
    }
    Ok(writer.json)
}

/// A reason and a help.
type Refusal = (String, &'static str);

fn too_deep() -> Refusal {
    ("this is nested more than a hundred levels deep".to_owned(), HELP)
}

fn unreadable(reason: &str) -> Refusal {
    let reason = format!("not readable as YAML, nor as JSON, which would start with `{{`: {reason}");
    (reason, "correct the text there, or name another file")
}

#[derive(Default)]
struct Writer {
    json: String,
    /// The lists and objects that are not complete.
    open: Vec<Open>,
    /// What is complete, as it stands in the JSON, by its anchor.
    anchors: HashMap<usize, Range<usize>>,
    /// How many bytes are copies of that.
    copied: usize,
}

/// A list or an object.
struct Open {
    start: usize,
    end: char,
    anchor: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) -> Result<(), Refusal> {
        match event {
            Event::DocumentStart(_) if !self.json.is_empty() => {
                Err(unreadable("a text of more than one document is not supported"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                // A key is a text, whatever it looks like. No version after 1.1 has this one, which would be taken for a name.
                if self.is_at_key() && style == ScalarStyle::Plain && text == "<<" {
                    let reason = "the merge key `<<` of YAML 1.1 is not supported".to_owned();
                    return Err((reason, "write the keys out that it merges, or name the document as JSON"));
                }
                let style = if self.is_at_key() { ScalarStyle::DoubleQuoted } else { style };
                // The parser takes what an `i64` does not hold for a fraction.
                let large: Option<u64> = text.parse().ok();
                let value = match Scalar::parse_from_cow_and_metadata(text, style, tag.as_ref()) {
                    Some(Scalar::Null) => Value::Null,
                    Some(Scalar::Boolean(flag)) => flag.into(),
                    Some(Scalar::Integer(number)) => number.into(),
                    Some(Scalar::FloatingPoint(number)) => match (large, number.into_inner()) {
                        (Some(number), _) => number.into(),
                        (None, number) if number.is_finite() => number.into(),
                        (None, _) => return Err(unreadable("a number that is infinite, or none, is not supported")),
                    },
                    Some(Scalar::String(text)) => text.into(),
                    None => return Err(unreadable("the value is not of the type of its tag")),
                };
                self.write(&value.to_string(), anchor, tag.as_deref()).map(drop)
            }
            Event::SequenceStart(anchor, tag) => self.start("[", ']', anchor, tag.as_deref()),
            Event::MappingStart(anchor, tag) => self.start("{", '}', anchor, tag.as_deref()),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { start, end, anchor }) = self.open.pop() {
                    self.json.push(end);
                    self.anchors.insert(anchor, start..self.json.len());
                }
                Ok(())
            }
            Event::Alias(anchor) => {
                let Some(range) = self.anchors.get(&anchor).cloned() else {
                    return Err(unreadable("the alias is inside of what it stands for"));
                };
                self.copied += range.len();
                if self.copied > YAML_LIMIT {
                    return Err(unreadable("its aliases expand to more than the size limit"));
                }
                let copy = self.json[range].to_owned();
                self.write(&copy, anchor, None).map(drop)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    /// Whether the next value is a key of an object.
    fn is_at_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.end == '}') && !self.json.ends_with(':')
    }

    fn start(&mut self, start: &str, end: char, anchor: usize, tag: Option<&Tag>) -> Result<(), Refusal> {
        if self.open.len() == NESTING {
            return Err(too_deep());
        }
        let start = self.write(start, 0, tag)?;
        self.open.push(Open { start, end, anchor });
        Ok(())
    }

    /// Writes a value, or the start of one, and what separates it from others. Returns where it starts.
    fn write(&mut self, json: &str, anchor: usize, tag: Option<&Tag>) -> Result<usize, Refusal> {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            return Err(unreadable(&format!("the tag `{tag}` is not supported")));
        }
        let is_key = self.is_at_key();
        if is_key && !json.starts_with('"') {
            return Err(unreadable("key must be a string"));
        }
        // A string ends with a quote, and never with one of these.
        if !self.json.is_empty() && !self.json.ends_with(['[', '{', ':']) {
            self.json.push(',');
        }
        let start = self.json.len();
        self.json.push_str(json);
        self.anchors.insert(anchor, start..self.json.len());
        if is_key {
            self.json.push(':');
        }
        Ok(start)
    }
}
