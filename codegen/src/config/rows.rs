//! The rows of the tables.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

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
    /// `select` reports an operation that is not there. A row without operations has to be followed.
    fn may_match_nothing(&self) -> bool {
        !self.operations.is_empty()
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

/// Reads the Rust name of a field. One that would not compile is reported where the row is.
fn field_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains("__") || name.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Err(D::Error::custom(format!("`{name}` is not in snake case, as the names of fields are"))),
        false => Ok(name),
    }
}

/// Reads the Rust name of a type or a variant.
pub(super) fn type_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = identifier(deserializer)?;
    match name.contains('_') || !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        true => {
            let reason = format!("`{name}` is not in upper camel case, as the names of types and variants are");
            Err(D::Error::custom(reason))
        }
        false => Ok(name),
    }
}

fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    naming::identifier(name.clone()).ok_or_else(|| D::Error::custom(format!("`{name}` is not a valid Rust identifier")))
}
