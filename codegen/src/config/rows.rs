//! The rows of the tables.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::row::{Row, Table, block};
use crate::openapi::document::OperationHead;
use crate::openapi::method::Method;
use crate::rust::naming;

/// A row of a table.
pub(super) trait ConfigRow {
    /// The releases that the row is for, by module; all of them if it names none.
    fn releases(&self) -> &[String];

    /// The members by which the row is known and shown.
    fn members(&self) -> Vec<(&'static str, Value)>;

    /// The elements of its list of operations or places, each of which is known by itself.
    fn elements(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it is no mistake if the row matches nothing.
    fn may_match_nothing(&self) -> bool {
        false
    }
}

/// Defines a row that can be limited to releases, with the members by which it is shown.
macro_rules! row {
    ($(#[$about:meta])* $name:ident shown by $($shown:ident),+ { $($fields:tt)* } $($method:item)*) => {
        $(#[$about])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($fields)*
            /// The releases that the row is for, by module; all of them if it names none. A document of no release takes every
            /// row, and need not have what a row for some releases names.
            #[serde(default)]
            pub releases: Vec<String>,
        }

        impl ConfigRow for $name {
            fn releases(&self) -> &[String] {
                &self.releases
            }

            fn members(&self) -> Vec<(&'static str, Value)> {
                vec![$((stringify!($shown), self.$shown.as_str().into())),+]
            }

            $($method)*
        }
    };
}

/// A document and the module that it becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The name of the module.
    pub module: String,
    /// The cargo feature that enables it. The first release has none: it is always there, and at the crate's root too.
    pub feature: Option<String>,
    /// The version of the document. It is sent as `Stripe-Version` if it is one of Stripe's, which start with a date;
    /// otherwise the caller has to name one.
    pub api_version: String,
    /// The file below `spec/`.
    pub document: String,
    /// The URL of the document that it was taken from, if it is known.
    pub upstream: Option<String>,
    /// The SHA-256 of the document as Stripe published it, where it was taken from there.
    pub upstream_sha256: Option<String>,
    /// The SHA-256 of the file below `spec/`. Generating refuses a file with another one: an edit has to be recorded.
    pub sha256: String,
}

row! {
    /// A resource and the operations to keep. A resource that no row names is past the boundary.
    Resource shown by schema {
        /// The component schema.
        pub schema: String,
        /// The operations to keep, in the order in which they are shown.
        #[serde(default)]
        pub operations: Vec<OperationRow>,
        /// The cargo feature that enables what only this row needs.
        pub feature: Option<String>,
    }
    /// `select` reports an operation that is not there.
    fn may_match_nothing(&self) -> bool {
        true
    }

    fn elements(&self) -> Vec<String> {
        self.operations.iter().map(ToString::to_string).collect()
    }
}

/// An operation of a document: by its id, or by its method and its path, and the name it gets in Rust if it is not the
/// one of the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(
    untagged,
    expecting = "an operation id, or a table of `id` or `method` and `path`, and of `name` if the rule's does not fit"
)]
pub enum OperationRow {
    /// The document's `operationId`.
    Id(String),
    /// The `operationId`, and the Rust name.
    NamedId {
        /// The document's `operationId`.
        id: String,
        /// The Rust name.
        name: Option<String>,
    },
    /// The method and the path, for a document whose operations have no id.
    Path {
        /// The method.
        method: Method,
        /// The path, with parameters in braces.
        path: String,
        /// The Rust name.
        name: Option<String>,
    },
}

impl OperationRow {
    /// Whether the row names an operation of a document.
    pub(crate) fn names(&self, head: &OperationHead) -> bool {
        match self {
            Self::Id(id) | Self::NamedId { id, .. } => head.id == *id,
            Self::Path { method, path, .. } => head.method == (*method).into() && head.path == *path,
        }
    }

    /// Returns the Rust name that the row gives.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::NamedId { name, .. } | Self::Path { name, .. } => name.as_deref(),
        }
    }
}

impl std::fmt::Display for OperationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) | Self::NamedId { id, .. } => f.write_str(id),
            Self::Path { method, path, .. } => write!(f, "{} {path}", method.as_str()),
        }
    }
}

row! {
    /// A row that gives an item another name. `from` is a component key, a place, an operation id, the rule's name of an id or
    /// of an expand enum, or a prefix of component keys that ends in `*`; `to` is the name instead, with `*` for the rest after
    /// the prefix.
    Rename shown by from, to {
        /// The item to rename.
        pub from: String,
        /// The new name.
        pub to: String,
        /// Whether the row may match nothing: it is for documents, or resources of a document, that are not selected here.
        #[serde(default)]
        pub optional: bool,
    }
    fn may_match_nothing(&self) -> bool {
        self.optional
    }
}

row! {
    /// A row that names a field.
    FieldName shown by place, name {
        /// The field, as `schema/property`, or the parameter, as `Operation/name`, or `Operation/{name}` if it is in the path.
        pub place: String,
        /// The Rust name.
        #[serde(deserialize_with = "field_name")]
        pub name: String,
    }
}

row! {
    /// A row that names a variant.
    VariantName shown by place, value, name {
        /// The place of the enum, as `schema/property`.
        pub place: String,
        /// The value on the wire.
        pub value: String,
        /// The Rust name.
        #[serde(deserialize_with = "type_name")]
        pub name: String,
    }
}

row! {
    /// An enum that several places share. They must list the same values.
    SharedEnum shown by name {
        /// The Rust name.
        #[serde(deserialize_with = "type_name")]
        pub name: String,
        /// The places, as `schema/property` or `Operation/parameter`.
        pub places: Vec<String>,
    }
    fn elements(&self) -> Vec<String> {
        self.places.clone()
    }
}

row! {
    /// A row that names the resource whose id some places hold. It applies where the resource is selected, or is a reference past
    /// the boundary. A field of a response that it names is printed by `Debug`, as ids are.
    IdRow shown by resource {
        /// The component schema of the resource.
        pub resource: String,
        /// The places, as `schema/property` or `Operation/parameter`.
        pub places: Vec<String>,
    }
    fn elements(&self) -> Vec<String> {
        self.places.clone()
    }
}

/// A place of `sensitive`, `public` or `timestamps`: the place alone, or a table that limits it to releases.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a place, or a table of `place` and `releases`")]
pub enum PlaceRow {
    /// The place, as `schema/property` or `Operation/parameter`.
    Place(String),
    /// The place in some releases.
    InReleases {
        /// The place, as `schema/property` or `Operation/parameter`.
        place: String,
        /// The releases that the row is for, by module.
        releases: Vec<String>,
    },
}

impl PlaceRow {
    /// Returns the place, as `schema/property` or `Operation/parameter`.
    pub fn place(&self) -> &str {
        match self {
            Self::Place(place) | Self::InReleases { place, .. } => place,
        }
    }
}

impl ConfigRow for PlaceRow {
    fn releases(&self) -> &[String] {
        match self {
            Self::Place(_) => &[],
            Self::InReleases { releases, .. } => releases,
        }
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        vec![("place", self.place().into())]
    }
}

/// The value of a field in a sample, where the one that its type alone would give is not plausible.
///
/// A row applies wherever there is such a field and the value is of its type; one that an enum does not list is of the type of the
/// enum. If the value is of the type of no such field, [`check_samples`](crate::check_samples) refuses the row. A row without such a
/// field is not an error of [`Config::check_rows`](super::Config::check_rows): it changes nothing but a sample, and must not stop an
/// update.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The field of a model, as `schema/property`; `schema/property/url` for the URL of a list, and `schema/id` also for
    /// a resource past the boundary.
    pub place: String,
    /// The value on the wire. Without it, the field is absent, or `null` if it is always there.
    pub value: Option<Value>,
}

impl ConfigRow for Sample {
    fn releases(&self) -> &[String] {
        &[]
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        let value = self.value.clone().map(|value| ("value", value));
        [("place", self.place.as_str().into())].into_iter().chain(value).collect()
    }

    fn may_match_nothing(&self) -> bool {
        true
    }
}

row! {
    /// A correction of a mistake in a document, made before anything at its place is followed. A correction that does not apply is an error: the
    /// mistake is gone, and the row should go too.
    Fixup shown by pointer, link {
        /// The place, as a JSON pointer.
        pub pointer: String,
        /// The wrong value that is there.
        pub expected: Value,
        /// The right value.
        pub value: Value,
        /// Why it is a mistake.
        pub reason: String,
        /// The URL of the report of the mistake.
        pub link: String,
    }
}

row! {
    /// An example of a model or an operation, which the documentation shows and runs.
    Example shown by item {
        /// The Rust name of the model or the operation.
        pub item: String,
        /// The code. It names the items of the crate by their full paths.
        pub code: String,
    }
}

/// An event of Stripe's that has a name in Rust.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The type of the event.
    #[serde(rename = "type")]
    pub type_: String,
    /// The Rust name, if it is not that of the rule: the type without its namespace, and that of a thin event also without its
    /// version, in upper camel case.
    #[serde(default, deserialize_with = "event_name")]
    pub name: Option<String>,
    /// What happened.
    pub description: String,
}

impl ConfigRow for Event {
    fn releases(&self) -> &[String] {
        &[]
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        let name = self.name.as_deref().map(|name| ("name", name.into()));
        [("type", self.type_.as_str().into())].into_iter().chain(name).collect()
    }
}

impl Event {
    /// Returns a row for each event for a crate of one's own, in TOML, and the types that are not names, such as `thing.half-made`.
    /// A name is made of the whole type, since the types of two resources can end in the same words; only the version `v1` is left
    /// out, as in the names of models. Of a name that another event or one of `rows` has, a number is put behind.
    pub fn of_own_crate<'e>(
        types: impl IntoIterator<Item = &'e str>,
        rows: &[Self],
    ) -> (Vec<(&'e str, String)>, Vec<&'e str>) {
        let taken = rows.iter().filter_map(|row| Some((row.is_thin(), row.variant()?)));
        let mut taken: BTreeSet<_> = taken.collect();
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for type_ in types {
            // A thin event about a part of an object has the part in brackets.
            let is_plain = type_.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._[]".contains(&byte));
            let words = match version(type_) {
                Some(("v1", rest)) => rest,
                _ => type_,
            };
            let Some(name) = naming::variant_name(words).filter(|_| is_plain && is_type(type_)) else {
                others.push(type_);
                continue;
            };
            let numbered = (2..).map(|number| format!("{name}{number}"));
            let is_thin = Self::is_thin_type(type_);
            let free = [name.clone()].into_iter().chain(numbered).find(|name| taken.insert((is_thin, name.clone())));
            let description = format!("The event `{type_}`.");
            let members = [("type", type_), ("name", &free.unwrap_or(name)), ("description", &description)];
            named.push((type_, block(Table::Event, &members, &[])));
        }
        (named, others)
    }

    /// The Rust name; none if the type does not map to one.
    pub(crate) fn variant(&self) -> Option<String> {
        let of_rule = || {
            let type_ = version(&self.type_).map_or(&*self.type_, |(_, rest)| rest);
            naming::type_name(type_.split_once('.').map_or(type_, |(_, rest)| rest))
        };
        self.name.clone().map_or_else(of_rule, naming::identifier)
    }

    /// Returns the row as it is recorded with the item that it is for.
    pub(crate) fn row(&self) -> Row {
        Row::new(Table::Event, self, None)
    }

    /// Whether the event is a thin one.
    pub(crate) fn is_thin(&self) -> bool {
        Self::is_thin_type(&self.type_)
    }

    /// Whether the type of an event is that of a thin one.
    pub fn is_thin_type(type_: &str) -> bool {
        version(type_).is_some()
    }
}

/// Whether a text can be the type of an event: words with a dot between them.
pub(super) fn is_type(text: &str) -> bool {
    text.split('.').all(|word| !word.is_empty() && !word.contains(|c: char| c == '*' || c.is_whitespace()))
}

/// The version of the API's namespace in front of the type of a thin event, and the rest. Stripe puts it in front of no other type.
pub(crate) fn version(type_: &str) -> Option<(&str, &str)> {
    let (version, rest) = type_.split_once('.')?;
    let digits = version.strip_prefix('v').filter(|digits| !digits.is_empty())?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some((version, rest))
}

/// Reads the Rust name of a field. One that would not compile is reported where the row is.
fn field_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains("__") || name.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Err(D::Error::custom(format!("`{name}` is not in snake case, as the names of fields are"))),
        false => Ok(name),
    }
}

/// Reads the Rust name of a type or a variant.
fn type_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains('_') || !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        true => {
            let reason = format!("`{name}` is not in upper camel case, as the names of types and variants are");
            Err(D::Error::custom(reason))
        }
        false => Ok(name),
    }
}

/// Reads the Rust name of an event.
fn event_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    type_name(deserializer).map(Some)
}

fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    naming::identifier(name.clone()).ok_or_else(|| D::Error::custom(format!("`{name}` is not a valid Rust identifier")))
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn an_event_is_named_without_its_namespace() {
        for (type_, name, is_thin) in [
            ("thing.was_made", "WasMade", false),
            ("parts.thing.was_made", "ThingWasMade", false),
            ("v1.thing.was_made", "WasMade", true),
            ("v1.parts.thing.was_made", "ThingWasMade", true),
            ("v20.parts.thing.was_made", "ThingWasMade", true),
            // No version.
            ("v.thing.was_made", "ThingWasMade", false),
            ("v1a.thing.was_made", "ThingWasMade", false),
            ("vault.thing.was_made", "ThingWasMade", false),
            ("ping", "Ping", false),
            ("v1.ping", "Ping", true),
            ("v1", "V1", false),
        ] {
            let event = Event { type_: type_.to_owned(), name: None, description: String::new() };
            assert_eq!((event.variant().as_deref(), event.is_thin()), (Some(name), is_thin), "{type_}");
        }
    }

    #[test]
    fn an_event_of_ones_own_crate_is_named_with_its_namespace() {
        let row = |name: &str, type_: &str| Event {
            type_: type_.to_owned(),
            name: Some(name.to_owned()),
            description: format!("The event `{type_}`."),
        };
        let expected = [
            ("parts.thing.was_made", "PartsThingWasMade"),
            ("v1.parts.thing.was_made", "PartsThingWasMade"),
            ("v2.parts.thing.was_made", "V2PartsThingWasMade"),
            ("v2.parts.thing[state.of_it].changed", "V2PartsThingStateOfItChanged"),
            // No two have one name, and none that of a variant which is there already.
            ("thing.x.y", "ThingXY"),
            ("thing.x_y", "ThingXY2"),
            ("thing_x.y", "ThingXY3"),
            ("thing.made", "ThingMade2"),
            ("v1.thing.made", "ThingMade"),
            ("v1.unknown", "UnknownValue"),
            ("v1.self", "SelfValue"),
        ];
        let no_names = ["*", "", "v1.", "thing.`made`", "thing.half-made", "thing.…", "thing..made"];
        let types = expected.iter().map(|(type_, _)| *type_).chain(no_names);
        let (rows, others) = Event::of_own_crate(types, &[row("ThingMade", "old.made")]);
        assert_eq!(others, no_names);
        let rows = rows.iter().map(|(_, row)| toml::from_str(row.strip_prefix("[[event]]").unwrap()).unwrap());
        let rows: Vec<Event> = rows.collect();
        let members = |row: &Event| (row.type_.clone(), row.name.clone(), row.description.clone());
        let expected = expected.map(|(type_, name)| row(name, type_));
        assert_eq!(rows.iter().map(members).collect::<Vec<_>>(), expected.iter().map(members).collect::<Vec<_>>());
    }
}
