//! What becomes of each key of a document: the table of fates.
//!
//! The world is closed: a key that has no row where it stands is refused, and so nothing of what is selected is lost because
//! the code does not look at it. The table is data. [`select`](crate::select) applies it, `descriptions` takes from it which
//! keys are prose and which hold names, and `cargo xtask explain --keys` prints it.

pub(crate) mod facts;
mod table;
pub(crate) mod walk;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

pub use self::table::ROWS;
pub use super::node::Kind;
use super::node::Node;

named! {
    /// The kind of object that a key stands in.
    Place {
        /// The root of the document.
        Document = "document",
        Components = "components",
        Info = "info",
        /// An element of `servers` at the root.
        Server = "server",
        /// An element of `security` at the root.
        SecurityRequirement = "security requirement",
        /// A member of `components/securitySchemes`.
        SecurityScheme = "security scheme",
        Paths = "paths",
        PathItem = "path item",
        /// An operation that is selected.
        Operation = "operation",
        Parameter = "parameter",
        RequestBody = "request body",
        RequestContent = "content of a request",
        RequestMedia = "media type of a request",
        /// A member of `encoding`.
        Encoding = "encoding",
        Responses = "responses",
        Response = "response",
        ResponseContent = "content of a response",
        ResponseMedia = "media type of a response",
        Schema = "schema",
        Expansion = "x-expansionResources",
        /// An object with `$ref`.
        Reference = "reference",
        Boundary = "schema past the boundary",
    }
}

impl Place {
    /// Returns the place in words, inside a sentence.
    pub(crate) fn phrase(self) -> String {
        match self {
            Self::Document => "the document".to_owned(),
            Self::Components | Self::Info | Self::Paths | Self::Responses | Self::Expansion => {
                format!("`{}`", self.as_str())
            }
            Self::Operation | Self::Encoding => format!("an {}", self.as_str()),
            Self::RequestContent | Self::ResponseContent => format!("the {}", self.as_str()),
            _ => format!("a {}", self.as_str()),
        }
    }
}

named! {
    /// What becomes of a key.
    Fate {
        /// The generated code depends on it.
        Used = "used",
        /// It is for people. A change of what describes something that the code has is in `diff`.
        Documentation = "documentation",
        /// Stripe checks it or applies it, and the types in Rust do not. A change of it is in `diff`.
        Checked = "checked by Stripe",
        /// It has no effect on the bindings, for the reason of the row.
        Ignored = "ignored",
        /// It is not supported, for the reason of the row.
        Refused = "refused",
    }
}

/// The direction in which a value is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From the program to Stripe.
    Request,
    /// From Stripe to the program.
    Response,
}

/// A condition of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// The schema is of one of these kinds.
    Of(&'static [Kind]),
    /// The schema is of none of these kinds.
    NotOf(&'static [Kind]),
    /// The value is sent in this direction.
    On(Side),
    /// The schema is a component, and not inside another one.
    Component,
    /// The value of the key is this boolean.
    Is(bool),
    /// The value of the key is one of these strings.
    OneOf(&'static [&'static str]),
    /// This key stands beside it and has this value.
    With(&'static str, &'static str),
    /// The key stands beside this one, which is not empty.
    Beside(&'static str),
    /// The value of the key is an empty array or object.
    Empty,
    /// The key begins with `x-`.
    Extension,
}

impl When {
    fn holds(self, key: &str, context: &Context<'_>) -> bool {
        let value = || context.node.get(key);
        match self {
            Self::Of(kinds) => kinds.contains(&context.kind),
            Self::NotOf(kinds) => !kinds.contains(&context.kind),
            Self::On(side) => context.side == side,
            Self::Component => context.is_component,
            Self::Is(flag) => value() == Some(&Value::Bool(flag)),
            Self::OneOf(texts) => value().and_then(Value::as_str).is_some_and(|text| texts.contains(&text)),
            Self::With(other, text) => context.node.text(other) == Some(text),
            Self::Beside(other) => context.node.get(other).is_some_and(|other| !is_empty(other)),
            Self::Empty => value().is_some_and(is_empty),
            Self::Extension => is_extension(key),
        }
    }

    /// Returns the condition in words.
    pub fn words(self) -> String {
        let kinds = |kinds: &[Kind]| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        match self {
            Self::Of(of) => format!("of the kind {}", kinds(of)),
            Self::NotOf(of) => format!("not of the kind {}", kinds(of)),
            Self::On(Side::Request) => "in a request".to_owned(),
            Self::On(Side::Response) => "in a response".to_owned(),
            Self::Component => "of a component".to_owned(),
            Self::Is(flag) => format!("if `{flag}`"),
            Self::OneOf(texts) => format!("if {}", texts.join(", ")),
            Self::With(other, text) => format!("with `{other}: {text}`"),
            Self::Beside(other) => format!("beside `{other}`"),
            Self::Empty => "if empty".to_owned(),
            Self::Extension => "if it begins with `x-`".to_owned(),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The kind of value that a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any JSON.
    Any,
    /// A string.
    Text,
    /// A boolean.
    Flag,
    /// An integer that is not negative.
    Count,
    /// An integer of 64 bits.
    Whole,
    /// A number.
    Number,
    /// A reference to a component schema.
    Target,
    /// An array of strings.
    Texts,
    /// An array.
    Values,
    /// An object of the kind.
    One(Place),
    /// An array of objects of the kind.
    Many(Place),
    /// An object whose members have names of the author of the document, each an object of the kind.
    Named(Place),
    /// A boolean, or an object of the kind.
    FlagOr(Place),
    /// Something that other rows are about, in its own turn.
    Elsewhere,
}

/// A row of the table. Of the rows for a place and a key, the first whose conditions hold applies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The kind of object that the key stands in.
    pub place: Place,
    /// The keys, with spaces between them; `*` is any other.
    pub keys: &'static str,
    /// The conditions, all of which hold.
    pub when: &'static [When],
    /// What value the key takes.
    pub takes: Takes,
    /// What becomes of it.
    pub fate: Fate,
    /// Why; empty if it is plain.
    pub reason: &'static str,
    /// Whether a change of the key is in `diff` although the code can be the same.
    pub is_recorded: bool,
}

impl Row {
    /// Returns each of the keys.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.split(' ')
    }
}

/// What the conditions of a row look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'v> {
    /// The object that the key stands in.
    node: Node<'v>,
    /// The kind of schema that the object is.
    kind: Kind,
    /// The direction in which the value is sent.
    side: Side,
    /// Whether the object is a component schema.
    is_component: bool,
}

impl<'v> Context<'v> {
    /// Returns the context of the keys of an object.
    pub fn new(object: &'v Value, side: Side, is_component: bool) -> Self {
        Self { node: Node(object), kind: Kind::of(object), side, is_component }
    }
}

/// Returns the row for a key, or `None` if the key is not known at the place.
pub fn row(place: Place, key: &str, context: &Context<'_>) -> Option<&'static Row> {
    let named = INDEX.get(&(place, key)).or_else(|| INDEX.get(&(place, "*")))?;
    named.iter().copied().find(|row| row.when.iter().all(|when| when.holds(key, context)))
}

/// The rows of each key of a place, in the order of the table.
static INDEX: LazyLock<HashMap<(Place, &str), Vec<&Row>>> = LazyLock::new(|| {
    let mut index: HashMap<_, Vec<&Row>> = HashMap::new();
    for row in ROWS {
        for key in row.keys() {
            index.entry((row.place, key)).or_default().push(row);
        }
    }
    index
});

/// Whether a key is an extension of OpenAPI.
pub(crate) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// Whether a key is prose, which no program reads.
pub(crate) fn is_prose(key: &str) -> bool {
    table::PROSE.contains(&key)
}

/// Whether the members of the value of a key have names of the author of the document.
pub(crate) fn holds_names(key: &str) -> bool {
    // The members of the first ones are objects of a kind of their own, whose keys are mostly names.
    matches!(key, "responses" | "content" | "paths" | "schemas") || NAMED.contains(key)
}

/// The keys that take an object with names of the author of the document.
static NAMED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let named = ROWS.iter().filter(|row| matches!(row.takes, Takes::Named(_)));
    named.flat_map(Row::keys).collect()
});
