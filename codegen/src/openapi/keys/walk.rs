//! Walks what is selected of a document, key by key, and applies the table.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::kind::COMPOSITIONS;
use super::{Context, Fate, Kind, Place, Row, Side, Takes, row};
use crate::diagnostic::{Collector, Pointer};
use crate::select::schema_key;

/// A place in a document, of which the pointer is only spelled out for a message.
pub(crate) enum Trail<'t> {
    /// The place that the walk starts from.
    Root(Pointer),
    /// A member.
    Key(&'t Trail<'t>, &'t str),
    /// An element.
    Index(&'t Trail<'t>, usize),
}

impl Trail<'_> {
    pub(crate) fn pointer(&self) -> Pointer {
        match self {
            Self::Root(pointer) => pointer.clone(),
            Self::Key(parent, key) => parent.pointer().child(key),
            Self::Index(parent, index) => parent.pointer().index(*index),
        }
    }
}

/// Applies the table to one part of a document after the other.
pub(crate) struct Walk<'w, 'c> {
    /// The direction of the values.
    pub(crate) side: Side,
    /// What is refused.
    pub(crate) problems: &'w mut Collector<'c>,
    /// Each key with its row, if they are wanted.
    pub(crate) rows: Option<&'w mut Vec<(Pointer, &'static Row)>>,
}

/// What to do about a key that has a meaning, and whose meaning is not supported.
const UNSUPPORTED: &str = "select nothing that reaches it and send the operation by hand, as a `Request`; if the document is wrong, add a `[[fixup]]` \
     row to `codegen.toml`";

const HELP: &str =
    "correct the document, or add a `[[fixup]]` row to `codegen.toml`, or select nothing that reaches it";

impl Walk<'_, '_> {
    /// Checks every key of `value` and of what is in it, and returns what there is to decode: the keys that the code is
    /// generated from, and the descriptions. Nothing is returned where it cannot be decoded.
    pub(crate) fn object(&mut self, place: Place, value: &Value, at: &Trail<'_>, is_component: bool) -> Option<Value> {
        let side = match place {
            Place::Parameter | Place::RequestBody => Side::Request,
            Place::Responses => Side::Response,
            _ => self.side,
        };
        let outer = std::mem::replace(&mut self.side, side);
        let kept = self.keys(place, value, at, is_component);
        self.side = outer;
        kept
    }

    fn keys(&mut self, place: Place, value: &Value, at: &Trail<'_>, is_component: bool) -> Option<Value> {
        let Value::Object(members) = value else {
            let reason = format!("this is {}, where OpenAPI has an object: {}", named(value), place.phrase());
            self.report(at, reason);
            return None;
        };
        let is_reference = place == Place::Schema && members.contains_key("$ref");
        let place = if is_reference { Place::Reference } else { place };
        let context = Context::new(members, self.side, is_component);
        let before = self.problems.len();
        self.needs(place, members, at);
        match place {
            Place::Schema => self.schema(&context, at),
            Place::PathItem | Place::Operation => self.parameters(members, at),
            Place::RequestMedia => self.encodings(members, at),
            _ => {}
        }
        let mut kept = Map::new();
        for (key, member) in members {
            let at = Trail::Key(at, key);
            let Some(row) = row(place, key, &context) else {
                let reason = format!("`{key}` is not known as a key of {}", place.phrase());
                self.report(&at, reason);
                continue;
            };
            if let Some(rows) = &mut self.rows {
                rows.push((at.pointer(), row));
            }
            if row.fate == Fate::Refused {
                self.problems.report(&at.pointer(), refused(place, key, member, row, &context), UNSUPPORTED);
                continue;
            }
            if let Some(value) = self.member(row, key, member, &at)
                && is_decoded(row, key, context.kind)
            {
                kept.insert(key.clone(), value);
            }
        }
        if place == Place::Schema && context.kind == Kind::String {
            kept.entry("type").or_insert_with(|| "string".into());
        }
        (self.problems.len() == before).then(|| kept.into())
    }

    /// Checks the kind of value of a key, and what is in it.
    fn member(&mut self, row: &Row, key: &str, value: &Value, at: &Trail<'_>) -> Option<Value> {
        let (is_well, expected) = match row.takes {
            Takes::Any => return Some(value.clone()),
            Takes::Elsewhere => return None,
            Takes::One(place) => return self.object(place, value, at, false),
            Takes::FlagOr(place) if !value.is_boolean() => return self.object(place, value, at, false),
            Takes::Many(place) => {
                let Value::Array(elements) = value else { return self.wrong(key, "an array", value, at) };
                if elements.is_empty() && COMPOSITIONS.contains(&key) {
                    self.report(at, format!("`{key}` is empty, which gives a value no type"));
                    return None;
                }
                let elements = elements.iter().enumerate();
                let kept: Vec<_> =
                    elements.map(|(i, element)| self.object(place, element, &Trail::Index(at, i), false)).collect();
                return kept.into_iter().collect::<Option<Vec<_>>>().map(Value::from);
            }
            Takes::Named(place) => {
                let Value::Object(members) = value else { return self.wrong(key, "an object", value, at) };
                let kept: Vec<_> = members
                    .iter()
                    .map(|(name, member)| {
                        Some((name.clone(), self.object(place, member, &Trail::Key(at, name), false)?))
                    })
                    .collect();
                return kept.into_iter().collect::<Option<Map<_, _>>>().map(Value::from);
            }
            Takes::Target if value.as_str().is_some_and(|target| self.is_refused(target, at)) => return None,
            Takes::Target | Takes::Text => (value.is_string(), "a string"),
            Takes::Flag | Takes::FlagOr(_) => (value.is_boolean(), "a boolean"),
            Takes::Count => (value.is_u64(), "a count"),
            Takes::Whole => (value.is_i64(), "a whole number of 64 bits for an `integer`"),
            Takes::Number => (value.is_number(), "a number"),
            Takes::Texts => {
                let is_texts = |values: &Vec<Value>| values.iter().all(Value::is_string);
                (value.as_array().is_some_and(is_texts), "an array of strings")
            }
            Takes::Values => (value.is_array(), "an array"),
        };
        if is_well { Some(value.clone()) } else { self.wrong(key, expected, value, at) }
    }

    /// Whether a target is none of a reference, which is reported.
    fn is_refused(&mut self, target: &str, at: &Trail<'_>) -> bool {
        let reason = match target.starts_with('#') {
            // It would be taken for another key.
            _ if target.contains('%') => "is percent-encoded: write the key as it is",
            true if schema_key(target).is_none() => "is not a component schema",
            false => "is outside the document and is not fetched",
            true => return false,
        };
        let help = "let it name a schema of the same document, as `#/components/schemas/name`";
        self.problems.report(&at.pointer(), format!("`$ref` names `{target}`, which {reason}"), help);
        true
    }

    fn wrong(&mut self, key: &str, expected: &str, value: &Value, at: &Trail<'_>) -> Option<Value> {
        self.report(at, format!("`{key}` is {}, where OpenAPI has {expected}", named(value)));
        None
    }

    /// Checks what no single key of a schema says.
    fn schema(&mut self, context: &Context<'_>, at: &Trail<'_>) {
        let members = context.members;
        if context.kind == Kind::Untyped && self.side == Side::Request {
            self.report(at, "a parameter without `type` is not supported, since nothing says what can be sent");
        }
        let properties = members.get("properties").and_then(Value::as_object);
        // `properties` of another kind are reported where they stand.
        let is_well = context.kind == Kind::Object && (properties.is_some() || !members.contains_key("properties"));
        for key in ["required", "x-expandableFields"] {
            let names = members.get(key).and_then(Value::as_array).filter(|_| is_well);
            for (i, name) in names.into_iter().flatten().enumerate() {
                let is_there = |name: &str| properties.is_some_and(|properties| properties.contains_key(name));
                if let Some(name) = name.as_str().filter(|name| !is_there(name)) {
                    self.absent(&Trail::Index(&Trail::Key(at, key), i), key, name);
                }
            }
        }
        if let Some(resources) = members.get("x-expansionResources").filter(|_| context.kind == Kind::Composition) {
            self.expansion(members, resources, &Trail::Key(at, "x-expansionResources"));
        }
    }

    /// Checks that what an id can be expanded to is among the schemas of the composition.
    fn expansion(&mut self, members: &Map<String, Value>, resources: &Value, at: &Trail<'_>) {
        let compositions = COMPOSITIONS.iter().filter_map(|key| members.get(*key)?.as_array());
        let parts: BTreeSet<_> = compositions.flatten().filter_map(|part| part.get("$ref")?.as_str()).collect();
        let named = resources.get("oneOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (i, element) in named.iter().enumerate() {
            let target = element.get("$ref").and_then(Value::as_str);
            if !target.is_some_and(|target| parts.contains(target)) {
                let reason = "`x-expansionResources` has a schema that is not a reference of the composition beside it";
                self.report(&Trail::Index(&Trail::Key(at, "oneOf"), i), reason);
            }
        }
    }

    /// Checks that an object has the keys without which it says nothing.
    fn needs(&mut self, place: Place, members: &Map<String, Value>, at: &Trail<'_>) {
        let needed: &[&str] = match place {
            Place::Parameter => &["name", "in", "schema"],
            Place::Server => &["url"],
            Place::SecurityScheme => &["type"],
            _ => &[],
        };
        // A parameter can say it elsewhere, which is refused for itself.
        let is_elsewhere = |key| {
            place == Place::Parameter
                && (members.contains_key("$ref") || key == "schema" && members.contains_key("content"))
        };
        for key in needed {
            if !members.contains_key(*key) && !is_elsewhere(*key) {
                self.report(at, format!("{} without `{key}` is not supported", place.phrase()));
            }
        }
    }

    /// Checks that no parameter is in a list twice.
    fn parameters(&mut self, members: &Map<String, Value>, at: &Trail<'_>) {
        let mut seen = BTreeSet::new();
        let parameters = members.get("parameters").and_then(Value::as_array);
        for (i, parameter) in parameters.into_iter().flatten().enumerate() {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str);
            let (Some(name), Some(place)) = (text("name"), text("in")) else { continue };
            if !seen.insert((name, place)) {
                let reason = format!("the parameter `{name}` in the {place} is in the list twice");
                self.report(&Trail::Index(&Trail::Key(at, "parameters"), i), reason);
            }
        }
    }

    /// Checks that each encoding is of a property of the body.
    fn encodings(&mut self, members: &Map<String, Value>, at: &Trail<'_>) {
        let encodings = members.get("encoding").and_then(Value::as_object);
        let schema = members.get("schema").filter(|schema| schema.get("$ref").is_none());
        for name in encodings.into_iter().flat_map(Map::keys) {
            if schema.is_some_and(|schema| schema["properties"].get(name).is_none()) {
                self.absent(&Trail::Key(&Trail::Key(at, "encoding"), name), "encoding", name);
            }
        }
    }

    /// Reports a property that a key names and the schema lacks.
    fn absent(&mut self, at: &Trail<'_>, key: &str, name: &str) {
        let reason = format!("`{key}` names the property `{name}`, which the schema does not have");
        let help = "correct the document, or add a `[[fixup]]` row to `codegen.toml`";
        self.problems.report(&at.pointer(), reason, help);
    }

    fn report(&mut self, at: &Trail<'_>, reason: impl Into<String>) {
        self.problems.report(&at.pointer(), reason, HELP);
    }
}

/// Why a key is refused.
fn refused(place: Place, key: &str, value: &Value, row: &Row, context: &Context<'_>) -> String {
    let shown = match value {
        Value::String(text) => format!("`{key}: {text}`"),
        Value::Bool(flag) => format!("`{key}: {flag}`"),
        _ => format!("`{key}`"),
    };
    let of = match (place, context.kind) {
        (Place::Schema, Kind::Composition) => {
            let beside = COMPOSITIONS.iter().find(|other| **other != key && context.members.contains_key(**other));
            beside.map_or_else(String::new, |beside| format!(" beside `{beside}`"))
        }
        (Place::Schema, Kind::Untyped | Kind::Unknown) => String::new(),
        (Place::Schema, kind) => format!(" of a schema of the type `{}`", kind.as_str()),
        (Place::Reference, _) => " beside `$ref`".to_owned(),
        (place, _) => format!(" of {}", place.phrase()),
    };
    format!("{shown}{of} is not supported: {}", row.reason)
}

/// Whether a key is decoded into the types of `openapiv3`, which take a schema for one of any shape if it has a key that does
/// not go with its type.
fn is_decoded(row: &Row, key: &str, kind: Kind) -> bool {
    match row.fate {
        Fate::Used => true,
        Fate::Documentation => matches!(key, "description" | "summary" | "title" | "x-enumDescriptions"),
        Fate::Checked if row.place == Place::Schema => match kind {
            Kind::String => matches!(key, "maxLength" | "pattern" | "format"),
            Kind::Integer | Kind::Number => matches!(key, "minimum" | "maximum" | "format"),
            Kind::Array => key == "maxItems",
            Kind::Object => key == "additionalProperties",
            _ => false,
        },
        Fate::Checked => matches!(key, "required" | "explode" | "style"),
        Fate::Ignored | Fate::Refused => false,
    }
}

fn named(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
