//! Walks what is selected of a document, key by key, and applies the table.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::{Context, Fate, Kind, Place, Row, Side, Takes, row};
use crate::diagnostic::{Collector, Pointer};
use crate::markdown::code;
use crate::openapi::document::kind;
use crate::openapi::node::{COMPOSITIONS, Node};
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
    /// Checks every key of `value`, which is sent in a direction unless it states another, and of what is in it.
    pub(crate) fn object(&mut self, place: Place, side: Side, value: &Value, at: &Trail<'_>, is_component: bool) {
        let Value::Object(members) = value else {
            let reason = format!("this is {}, where OpenAPI has an object: {}", named(value), place.phrase());
            return self.report(at, reason);
        };
        let side = match place {
            Place::Parameter | Place::RequestBody => Side::Request,
            Place::Responses => Side::Response,
            _ => side,
        };
        let context = Context::new(value, side, is_component);
        let place = if place == Place::Schema && context.kind == Kind::Reference { Place::Reference } else { place };
        self.needs(place, context.node, at);
        match place {
            Place::Schema => self.schema(&context, at),
            Place::PathItem | Place::Operation => self.parameters(context.node, at),
            Place::RequestMedia => self.encodings(context.node, at),
            _ => {}
        }
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
            match row.fate {
                Fate::Refused => {
                    self.problems.report(&at.pointer(), refused(place, key, member, row, &context), UNSUPPORTED);
                }
                _ => self.member(row, side, key, member, &at),
            }
        }
    }

    /// Checks the kind of value of a key, and what is in it.
    fn member(&mut self, row: &Row, side: Side, key: &str, value: &Value, at: &Trail<'_>) {
        let (is_well, expected) = match (row.takes, value) {
            (Takes::Any | Takes::Elsewhere, _) => return,
            (Takes::FlagOr(_), Value::Bool(_)) => return,
            (Takes::One(place) | Takes::FlagOr(place), _) => return self.object(place, side, value, at, false),
            (Takes::Many(_), Value::Array(elements)) if elements.is_empty() && COMPOSITIONS.contains(&key) => {
                return self.report(at, format!("`{key}` is empty, which gives a value no type"));
            }
            (Takes::Many(place), Value::Array(elements)) => {
                for (i, element) in elements.iter().enumerate() {
                    self.object(place, side, element, &Trail::Index(at, i), false);
                }
                return;
            }
            (Takes::Named(place), Value::Object(members)) => {
                for (name, member) in members {
                    self.object(place, side, member, &Trail::Key(at, name), false);
                }
                return;
            }
            (Takes::Target, Value::String(target)) => return self.target(target, at),
            (Takes::Target | Takes::Text, _) => (value.is_string(), "a string"),
            (Takes::Flag, _) => (value.is_boolean(), "a boolean"),
            (Takes::Count, _) => (value.is_u64(), "a count"),
            (Takes::Whole, _) => (value.is_i64(), "a whole number of 64 bits for an `integer`"),
            (Takes::Number, _) => (value.is_number(), "a number"),
            (Takes::Texts, _) => {
                let is_texts = |values: &Vec<Value>| values.iter().all(Value::is_string);
                (value.as_array().is_some_and(is_texts), "an array of strings")
            }
            (Takes::Values, _) => (value.is_array(), "an array"),
            (Takes::Many(_), _) => (false, "an array"),
            (Takes::Named(_), _) => (false, "an object"),
        };
        if !is_well {
            self.report(at, format!("`{key}` is {}, where OpenAPI has {expected}", named(value)));
        }
    }

    /// Reports a target that is none of a reference.
    fn target(&mut self, target: &str, at: &Trail<'_>) {
        let reason = match target.starts_with('#') {
            // It would be taken for another key.
            _ if target.contains('%') => "is percent-encoded: write the key as it is",
            true if schema_key(target).is_none() => "is not a component schema",
            false => "is outside the document and is not fetched",
            true => return,
        };
        let help = "let it name a schema of the same document, as `#/components/schemas/name`";
        self.problems.report(&at.pointer(), format!("`$ref` names `{target}`, which {reason}"), help);
    }

    /// Checks what no single key of a schema says.
    fn schema(&mut self, context: &Context<'_>, at: &Trail<'_>) {
        let node = context.node;
        if context.kind == Kind::Untyped && context.side == Side::Request {
            self.report(at, "a parameter without `type` is not supported, since nothing says what can be sent");
        }
        let (expected, is_expected): (_, fn(&Value) -> bool) = match context.kind {
            Kind::Boolean => ("boolean", Value::is_boolean),
            _ => ("string", Value::is_string),
        };
        let is_well = |value: &Value| is_expected(value) || node.is("nullable") && value.is_null();
        if matches!(context.kind, Kind::Boolean | Kind::String) && !node.list("enum").iter().all(is_well) {
            self.report(&Trail::Key(at, "enum"), format!("the enum has a value that is not a {expected}"));
        }
        let mut seen = HashSet::new();
        for (i, value) in node.list("enum").iter().enumerate() {
            if !seen.insert(value) {
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let reason = format!("the value {} is in the list twice", code(&shown));
                self.report(&Trail::Index(&Trail::Key(at, "enum"), i), reason);
            }
        }
        // `properties` of another kind are reported where they stand.
        if context.kind == Kind::Object && (node.inside("properties").is_some() || !node.has("properties")) {
            for key in ["required", "x-expandableFields"] {
                for (i, name) in node.list(key).iter().enumerate() {
                    if let Some(name) = name.as_str().filter(|name| node.property(name).is_none()) {
                        self.absent(&Trail::Index(&Trail::Key(at, key), i), key, name);
                    }
                }
            }
        }
        if let Some(resources) = node.get("x-expansionResources").filter(|_| context.kind == Kind::Composition) {
            self.expansion(node, Node(resources), &Trail::Key(at, "x-expansionResources"));
        }
    }

    /// Checks that what an id can be expanded to is among the schemas of the composition.
    fn expansion(&mut self, node: Node<'_>, resources: Node<'_>, at: &Trail<'_>) {
        let compositions = COMPOSITIONS.iter().flat_map(|key| node.list(key));
        let parts: BTreeSet<_> = compositions.filter_map(|part| Node(part).text("$ref")).collect();
        for (i, element) in resources.list("oneOf").iter().enumerate() {
            if !Node(element).text("$ref").is_some_and(|target| parts.contains(target)) {
                let reason = "`x-expansionResources` has a schema that is not a reference of the composition beside it";
                self.report(&Trail::Index(&Trail::Key(at, "oneOf"), i), reason);
            }
        }
    }

    /// Checks that an object has the keys without which it says nothing.
    fn needs(&mut self, place: Place, node: Node<'_>, at: &Trail<'_>) {
        let needed: &[&str] = match place {
            // What says it elsewhere is refused for itself.
            Place::Parameter | Place::Response if node.has("$ref") => &[],
            Place::Parameter if node.has("content") => &["name", "in"],
            Place::Parameter => &["name", "in", "schema"],
            Place::Server => &["url"],
            Place::SecurityScheme => &["type"],
            Place::Response => &["description"],
            _ => &[],
        };
        for key in needed.iter().filter(|key| !node.has(key)) {
            self.report(at, format!("{} without `{key}` is not supported", place.phrase()));
        }
    }

    /// Checks that no parameter is in a list twice.
    fn parameters(&mut self, node: Node<'_>, at: &Trail<'_>) {
        let mut seen = BTreeSet::new();
        for (i, parameter) in node.list("parameters").iter().enumerate() {
            let parameter = Node(parameter);
            let (Some(name), Some(place)) = (parameter.text("name"), parameter.text("in")) else { continue };
            if !seen.insert((name, place)) {
                let reason = format!("the parameter `{name}` in the {place} is in the list twice");
                self.report(&Trail::Index(&Trail::Key(at, "parameters"), i), reason);
            }
        }
    }

    /// Checks that each encoding is of a property of the body.
    fn encodings(&mut self, node: Node<'_>, at: &Trail<'_>) {
        let schema = node.get("schema").map(Node).filter(|schema| !schema.has("$ref"));
        for (name, _) in node.members("encoding") {
            if schema.is_some_and(|schema| schema.property(name).is_none()) {
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
            let beside = COMPOSITIONS.iter().find(|other| **other != key && context.node.has(other));
            beside.map_or_else(String::new, |beside| format!(" beside `{beside}`"))
        }
        (Place::Schema, Kind::Untyped | Kind::Unknown) => String::new(),
        (Place::Schema, kind) => format!(" of a schema of the type `{}`", kind.as_str()),
        (Place::Reference, _) => " beside `$ref`".to_owned(),
        (place, _) => format!(" of {}", place.phrase()),
    };
    format!("{shown}{of} is not supported: {}", row.reason)
}

fn named(value: &Value) -> &'static str {
    kind(&value.to_string())
}
