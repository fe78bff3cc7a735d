//! Opens a document, JSON or YAML, and finds a schema or a path item in it without decoding the rest.
//!
//! Stripe's document is 5 MB and a run needs a hundredth of it. So the text is walked once, and each schema and each
//! path item is kept as the slice of text that it is; only what is asked for is decoded. YAML has no such slices: it is
//! rewritten as JSON first, which costs little beside reading it.
//!
//! This is the only module that knows `serde_yaml`.

mod nesting;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer, excerpt};
use crate::ir::Method;
use crate::keys::is_extension;

/// The largest document that is read, in bytes: thirteen times the size of Stripe's.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The largest YAML document that is read, in bytes: twice the size of Stripe's. The parser takes up to 60 bytes of memory for
/// a byte of YAML, where JSON takes less than two.
pub const YAML_LIMIT: usize = 16 * 1024 * 1024;

/// The document's text as JSON: itself, or rewritten where it is YAML.
///
/// # Errors
/// If the text is larger than [`LIMIT`], or [`YAML_LIMIT`] for YAML, empty, nested too deeply, or not a YAML object. (JSON is
/// checked by [`Document::index`], which reads it anyway.)
pub fn to_json<'t>(name: &str, text: &'t str) -> Result<Cow<'t, str>, Diagnostics> {
    let root = Pointer::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LIMIT {
        return Err(too_large(name, text.len() as u64).into());
    }
    let Some(first) = text.trim_start().chars().next() else {
        let help = "name Stripe's OpenAPI document, as JSON or YAML";
        return Err(Diagnostic::new(name, root, "the document is empty", help).into());
    };
    if first == '{' {
        return Ok(Cow::Borrowed(text));
    }

    if text.len() > YAML_LIMIT {
        let help = "name the same document as JSON, or Stripe's OpenAPI document";
        return Err(larger_than(name, text.len() as u64, YAML_LIMIT, help).into());
    }
    if let Some(nesting::Position { line, column }) = nesting::too_deep(text) {
        let reason = "this is nested more than a hundred levels deep";
        return Err(Diagnostic::new(name, root, reason, HELP).at(line, column).into());
    }
    let mut json = Bounded(Vec::with_capacity(text.len()));
    serde_transcode::transcode(serde_yaml::Deserializer::from_str(text), &mut serde_json::Serializer::new(&mut json))
        .map_err(|error| not_yaml(name, text, &error))?;
    if json.0.first() != Some(&b'{') {
        return Err(not_an_object(name, text, json.0.first()));
    }
    match String::from_utf8(json.0) {
        Ok(json) if json.contains("\"<<\":") => Err(merge_key(name, text).into()),
        Ok(json) => Ok(Cow::Owned(json)),
        Err(error) => Err(Diagnostic::new(name, root, error.to_string(), "save the document as UTF-8").into()),
    }
}

/// Why the text could not be rewritten. The error of the writer has lost the position, so the text is read again.
fn not_yaml(name: &str, text: &str, error: &serde_json::Error) -> Diagnostics {
    let (position, reason) = match serde_yaml::from_str::<IgnoredAny>(text) {
        Err(error) => (error.location().map(|at| (at.line(), at.column())), error.to_string()),
        Ok(_) => (None, error.to_string()),
    };
    // The position is in front of the message already.
    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
    let mut diagnostic = Diagnostic::new(
        name,
        Pointer::default(),
        format!("not readable as YAML, nor as JSON, which would start with `{{`: {reason}"),
        "correct the text there, or name another file",
    );
    diagnostic.position = position;
    diagnostic.into()
}

/// The diagnostic for a YAML text with a merge key, which no version after 1.1 has. It would be taken for a name.
fn merge_key(name: &str, text: &str) -> Diagnostic {
    let (number, line) = text.lines().enumerate().find(|(_, line)| line.contains("<<")).unwrap_or_default();
    let column = line.find("<<").unwrap_or_default();
    let reason = "the merge key `<<` of YAML 1.1 is not supported";
    let help = "write the keys out that it merges, or name the document as JSON";
    Diagnostic::new(name, Pointer::default(), reason, help).at(number + 1, column + 1)
}

/// Returns the diagnostic for a YAML text that is not an object but, by the first byte of its JSON, something else.
fn not_an_object(name: &str, text: &str, first: Option<&u8>) -> Diagnostics {
    let kind = match first {
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']) && line.trim() != "---";
    let (number, line) = text.lines().enumerate().find(|(_, line)| is_content(line)).unwrap_or_default();
    let column = line.len() - line.trim_start().len();
    let reason =
        format!("this is not an OpenAPI document, which is an object, but {kind}: `{}`", excerpt(line.trim(), 40));
    Diagnostic::new(name, Pointer::default(), reason, HELP).at(number + 1, column + 1).into()
}

const HELP: &str = "correct the document, or name another file";

/// The diagnostic for a document of `bytes` bytes, for a caller that knows the size before it reads the text.
pub fn too_large(name: &str, bytes: u64) -> Diagnostic {
    larger_than(name, bytes, LIMIT, "name Stripe's OpenAPI document, which is about 5 MiB large")
}

fn larger_than(name: &str, bytes: u64, limit: usize, help: &str) -> Diagnostic {
    let mib = 1024 * 1024;
    let reason =
        format!("the document is {} MiB large, and the limit is {} MiB", bytes.div_ceil(mib), limit as u64 / mib);
    Diagnostic::new(name, Pointer::default(), reason, help)
}

/// The small YAML text of a document, for `spec/`.
///
/// # Errors
/// Where the value cannot be written as YAML.
pub fn to_yaml(value: &Value) -> Result<String, Diagnostics> {
    serde_yaml::to_string(value).map_err(|error| {
        Diagnostic::new("", Pointer::default(), error.to_string(), "report this as a bug of the generator").into()
    })
}

/// A buffer that does not grow past twice [`LIMIT`], since aliases of YAML can make a large document of a small text.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > 2 * LIMIT {
            return Err(io::Error::other("its aliases expand to more than the size limit"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An index of a document: the slice of the text for each part.
#[derive(Debug)]
pub struct Document<'t> {
    /// The document's name, for diagnostics.
    pub name: &'t str,
    root: Root<'t>,
}

impl<'t> Document<'t> {
    /// Indexes a text that [`to_json`] returned.
    ///
    /// # Errors
    /// If the text is not JSON, not OpenAPI, or not OpenAPI 3.0.
    pub fn index(name: &'t str, json: &'t Cow<'t, str>) -> Result<Self, Diagnostics> {
        let root: Root<'t> = serde_json::from_str(json).map_err(|error| {
            let mut reason = error.to_string();
            // The position is in front of the message already.
            if let Some(end) = reason.rfind(" at line ") {
                reason.truncate(end);
            }
            let reason = match error.classify() {
                serde_json::error::Category::Data => format!("this is not an OpenAPI document: {reason}"),
                _ => format!("not readable as JSON: {reason}"),
            };
            let diagnostic = Diagnostic::new(name, Pointer::default(), reason, HELP);
            match json {
                Cow::Borrowed(_) => diagnostic.at(error.line(), error.column()),
                // The position is in JSON that was made from YAML, and that nobody has seen.
                Cow::Owned(_) => diagnostic,
            }
        })?;
        let document = Self { name, root };
        document.check_version()?;
        let root = Pointer::default();
        let components = root.child("components");
        document.check_section(root.child("paths"), &document.root.paths)?;
        document.check_section(components.child("schemas"), &document.root.components.schemas)?;
        document.check_section(components, &document.root.components.kind)?;
        Ok(document)
    }

    fn check_version(&self) -> Result<(), Diagnostics> {
        let root = Pointer::default();
        let help = "name Stripe's OpenAPI document, `openapi.spec3.json` or `openapi.spec3.yaml`";
        let text = |raw: Option<&RawValue>| raw.map(|raw| raw.get().trim_matches('"').to_owned());
        if let Some(version) = text(self.root.swagger) {
            let reason = format!("this is OpenAPI {version} (`swagger`), and only OpenAPI 3.0 is read");
            return Err(Diagnostic::new(self.name, root.child("swagger"), reason, help).into());
        }
        match text(self.root.openapi) {
            Some(version) if version.starts_with("3.0.") || version == "3.0" => Ok(()),
            Some(version) => {
                let reason = format!("this is OpenAPI {version}, and only OpenAPI 3.0 is read");
                Err(Diagnostic::new(self.name, root.child("openapi"), reason, help).into())
            }
            None => {
                let reason = "this is not an OpenAPI document: it has no `openapi` at its root";
                Err(Diagnostic::new(self.name, root, reason, help).into())
            }
        }
    }

    fn check_section(&self, pointer: Pointer, part: &Part<'_>) -> Result<(), Diagnostics> {
        let Part::Other(found) = part else { return Ok(()) };
        let reason = format!("this is {found}, where OpenAPI has an object");
        Err(Diagnostic::new(self.name, pointer, reason, HELP).into())
    }

    /// Returns the keys of the root and of `components` that have no section.
    pub(crate) fn other_keys(&self) -> [(Pointer, &[String]); 2] {
        let root = Pointer::default();
        [(root.clone(), &self.root.other), (root.child("components"), &self.root.components.other)]
    }

    /// Returns the version under `info`, if it is a string.
    pub fn version(&self) -> Option<String> {
        let info = self.section(Section::Info)?.ok()?;
        info.get("version")?.as_str().map(str::to_owned)
    }

    /// Returns the keys of all component schemas, in order.
    pub fn schema_keys(&self) -> impl Iterator<Item = &str> {
        self.root.components.schemas.entries().keys().map(String::as_str)
    }

    /// The component schema `key`, decoded as JSON.
    pub fn schema(&self, key: &str) -> Option<Result<Value, Diagnostic>> {
        let raw = self.root.components.schemas.entries().get(key)?;
        Some(self.decode(raw, Pointer::schema(key)))
    }

    /// Returns all paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.path_items().map(|(path, _)| path.as_str())
    }

    /// The path items, in the order of their paths, undecoded.
    fn path_items(&self) -> impl Iterator<Item = (&String, &'t RawValue)> {
        let members = self.root.paths.entries().iter();
        members.filter(|(key, _)| !is_extension(key)).map(|(path, raw)| (path, *raw))
    }

    /// The path item of `path`, decoded as JSON.
    pub fn path(&self, path: &str) -> Option<Result<Value, Diagnostic>> {
        let raw = self.root.paths.entries().get(path)?;
        Some(self.decode(raw, Pointer::path(path)))
    }

    /// One of the small parts outside `paths` and `schemas` that a document carries along.
    pub fn section(&self, section: Section) -> Option<Result<Value, Diagnostic>> {
        let root = Pointer::default();
        let (raw, pointer) = match section {
            Section::OpenApi => (self.root.openapi, root.child("openapi")),
            Section::Info => (self.root.info, root.child("info")),
            Section::Servers => (self.root.servers, root.child("servers")),
            Section::Security => (self.root.security, root.child("security")),
            Section::SecuritySchemes => {
                (self.root.components.security_schemes, root.child("components").child("securitySchemes"))
            }
        };
        Some(self.decode(raw?, pointer))
    }

    /// Reports the path items in which no operation can be found, although they are there: those that are not an object, refer
    /// to another one, or have no method, and a method that is not an object.
    pub fn unread_paths(&self) -> Vec<Diagnostic> {
        let methods: Vec<_> = Verb::ALL.iter().map(|verb| verb.key()).collect();
        let problem = |pointer, reason| Diagnostic::new(self.name, pointer, reason, HELP);
        let mut problems = Vec::new();
        for (path, raw) in self.path_items() {
            let pointer = Pointer::path(path);
            let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get()) else {
                problems.push(problem(pointer, "this is not a path item, which is an object"));
                continue;
            };
            if members.contains_key("$ref") {
                problems.push(problem(pointer.child("$ref"), "a path item that is a `$ref` is not supported"));
            } else if !members.keys().any(|key| methods.contains(&key.as_str())) && !members.is_empty() {
                problems.push(problem(pointer.clone(), "none of the keys of the path item is a method, in lower case"));
            }
            let nothing = members.iter().filter(|(key, raw)| methods.contains(&key.as_str()) && raw.get() == "null");
            problems
                .extend(nothing.map(|(key, _)| problem(pointer.child(key), "an operation is an object, not `null`")));
        }
        problems
    }

    /// All operations, in the order of their paths and methods. A path item that is not an object has none.
    pub fn operations(&self) -> Vec<OperationHead> {
        let heads = self.path_items().flat_map(|(path, raw)| {
            let item: PathHead<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
            let methods = [
                (Verb::Get, item.get),
                (Verb::Post, item.post),
                (Verb::Delete, item.delete),
                (Verb::Put, item.put),
                (Verb::Patch, item.patch),
                (Verb::Head, item.head),
                (Verb::Options, item.options),
                (Verb::Trace, item.trace),
            ];
            methods.into_iter().filter_map(|(method, raw)| {
                // One that is not an object is reported once it is selected.
                let head: Head = serde_json::from_str(raw?.get()).unwrap_or_default();
                let id = head.operation_id.as_str().unwrap_or_default().to_owned();
                Some(OperationHead { id, method, path: path.clone() })
            })
        });
        heads.collect()
    }

    fn decode(&self, raw: &RawValue, pointer: Pointer) -> Result<Value, Diagnostic> {
        serde_json::from_str(raw.get()).map(|Unique(value)| value).map_err(|error| {
            let reason = if error.to_string().contains("recursion limit") {
                "this is nested more than a hundred levels deep".to_owned()
            } else {
                error.to_string()
            };
            Diagnostic::new(self.name, pointer, reason, HELP)
        })
    }
}

/// An operation of a document, undecoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationHead {
    /// The `operationId`; empty if the operation has none.
    pub id: String,
    /// The method.
    pub method: Verb,
    /// The path, with parameters in braces.
    pub path: String,
}

/// The method of an operation of a document, supported or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "they are the methods of HTTP")]
pub enum Verb {
    Get,
    Post,
    Delete,
    Put,
    Patch,
    Head,
    Options,
    Trace,
}

impl Verb {
    /// All methods.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Post, Self::Delete, Self::Put, Self::Patch, Self::Head, Self::Options, Self::Trace];

    /// The method as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
        }
    }

    /// The method as a document writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Head => "head",
            Self::Options => "options",
            Self::Trace => "trace",
        }
    }

    /// The method of a request, if requests of this method are supported.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Get => Some(Method::Get),
            Self::Post => Some(Method::Post),
            Self::Delete => Some(Method::Delete),
            _ => None,
        }
    }
}

impl From<Method> for Verb {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::Get,
            Method::Post => Self::Post,
            Method::Delete => Self::Delete,
        }
    }
}

/// The part of a path item by which its operations are found.
#[derive(Default, serde::Deserialize)]
struct PathHead<'t> {
    #[serde(borrow)]
    get: Option<&'t RawValue>,
    #[serde(borrow)]
    post: Option<&'t RawValue>,
    #[serde(borrow)]
    delete: Option<&'t RawValue>,
    #[serde(borrow)]
    put: Option<&'t RawValue>,
    #[serde(borrow)]
    patch: Option<&'t RawValue>,
    #[serde(borrow)]
    head: Option<&'t RawValue>,
    #[serde(borrow)]
    options: Option<&'t RawValue>,
    #[serde(borrow)]
    trace: Option<&'t RawValue>,
}

#[derive(Default, serde::Deserialize)]
struct Head {
    #[serde(rename = "operationId", default)]
    operation_id: Value,
}

/// JSON in which no object has a key twice: the second one would silently win.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(serde::de::Error::custom(format_args!("the key `{key}` is in one object twice")));
            }
            members.insert(key, map.next_value::<Unique>()?.0);
        }
        Ok(members.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Unique(element)) = seq.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// A small part of a document outside its paths and schemas.
#[derive(Clone, Copy, Debug)]
pub enum Section {
    /// `openapi`, the version of the format.
    OpenApi,
    /// `info`.
    Info,
    /// `servers`.
    Servers,
    /// `security`.
    Security,
    /// `components/securitySchemes`.
    SecuritySchemes,
}

#[derive(Debug, Default)]
struct Root<'t> {
    openapi: Option<&'t RawValue>,
    swagger: Option<&'t RawValue>,
    info: Option<&'t RawValue>,
    servers: Option<&'t RawValue>,
    security: Option<&'t RawValue>,
    paths: Part<'t>,
    components: Components<'t>,
    /// The other keys.
    other: Vec<String>,
}

impl<'t, 'de: 't> Deserialize<'de> for Root<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RootVisitor(std::marker::PhantomData))
    }
}

struct RootVisitor<'t>(std::marker::PhantomData<&'t ()>);

impl<'t, 'de: 't> Visitor<'de> for RootVisitor<'t> {
    type Value = Root<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Root<'t>, A::Error> {
        let mut root = Root::default();
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "openapi" => root.openapi = map.next_value()?,
                "swagger" => root.swagger = map.next_value()?,
                "info" => root.info = map.next_value()?,
                "servers" => root.servers = map.next_value()?,
                "security" => root.security = map.next_value()?,
                "paths" => root.paths = map.next_value()?,
                "components" => root.components = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    root.other.push(key.clone());
                }
            }
            if !seen.insert(key.clone()) {
                return Err(serde::de::Error::custom(format_args!("the key `{key}` is in one object twice")));
            }
        }
        Ok(root)
    }
}

/// An object whose members are kept as text, or the kind of value in its place.
#[derive(Debug)]
enum Part<'t> {
    Members(BTreeMap<String, &'t RawValue>),
    Other(&'static str),
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self::Members(BTreeMap::new())
    }
}

impl<'t> Part<'t> {
    fn entries(&self) -> &BTreeMap<String, &'t RawValue> {
        static NONE: BTreeMap<String, &RawValue> = BTreeMap::new();
        match self {
            Self::Members(members) => members,
            Self::Other(_) => &NONE,
        }
    }
}

#[derive(Debug, Default)]
struct Components<'t> {
    kind: Part<'t>,
    schemas: Part<'t>,
    security_schemes: Option<&'t RawValue>,
    /// The other keys.
    other: Vec<String>,
}

/// Reads an object member by member, and anything else as its kind, so that a wrong kind is reported at its place.
trait Members<'t>: Default {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;
    fn other(kind: &'static str) -> Self;
}

impl<'t> Members<'t> for Part<'t> {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value()?;
        if let Self::Members(members) = self {
            if members.contains_key(&key) {
                return Err(serde::de::Error::custom(format_args!("the key `{key}` is in one object twice")));
            }
            members.insert(key, value);
        }
        Ok(())
    }

    fn other(kind: &'static str) -> Self {
        Self::Other(kind)
    }
}

impl<'t> Members<'t> for Components<'t> {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        match key.as_str() {
            "schemas" => self.schemas = map.next_value()?,
            "securitySchemes" => self.security_schemes = Some(map.next_value()?),
            _ => {
                map.next_value::<IgnoredAny>()?;
                self.other.push(key);
            }
        }
        Ok(())
    }

    fn other(kind: &'static str) -> Self {
        Self { kind: Part::Other(kind), ..Self::default() }
    }
}

struct MembersVisitor<M>(std::marker::PhantomData<M>);

impl<'t, M: Members<'t>> Visitor<'t> for MembersVisitor<M> {
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<M, A::Error> {
        let mut members = M::default();
        while let Some(key) = map.next_key::<String>()? {
            members.member(key, &mut map)?;
        }
        Ok(members)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<M, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(M::other("a list"))
    }

    fn visit_str<E>(self, _: &str) -> Result<M, E> {
        Ok(M::other("a string"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<M, E> {
        Ok(M::other("a boolean"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_unit<E>(self) -> Result<M, E> {
        Ok(M::other("null"))
    }
}

impl<'t, 'de: 't> Deserialize<'de> for Part<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor(std::marker::PhantomData))
    }
}

impl<'t, 'de: 't> Deserialize<'de> for Components<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only diagnostic for a text.
    fn refused(text: &str) -> Diagnostic {
        let json = match to_json("document", text) {
            Err(Diagnostics(found)) => return found.into_iter().next().unwrap(),
            Ok(json) => json,
        };
        Document::index("document", &json).unwrap_err().0.into_iter().next().unwrap()
    }

    #[test]
    fn deep_yaml_is_refused_before_it_is_parsed() {
        for text in ["[".repeat(200_000), "- ".repeat(100_000)] {
            let diagnostic = refused(&text);
            assert_eq!(diagnostic.reason, "this is nested more than a hundred levels deep");
            assert!(diagnostic.position.is_some_and(|(line, _)| line == 1), "{diagnostic}");
        }
    }

    #[test]
    fn yaml_has_a_smaller_limit_than_json() {
        let yaml = "a: {b: c}\n".repeat(YAML_LIMIT / 10 + 1);
        assert_eq!(refused(&yaml).reason, "the document is 17 MiB large, and the limit is 16 MiB");
        let json = format!("{{\"a\": \"{}\"}}", "b".repeat(YAML_LIMIT));
        assert!(to_json("document", &json).is_ok());
        assert_eq!(refused(&"a".repeat(LIMIT + 1)).reason, "the document is 65 MiB large, and the limit is 64 MiB");
    }

    #[test]
    fn messages_quote_only_the_start_of_a_long_text() {
        for text in [
            "text ".repeat(200_000),
            format!("\n# A comment.\n  - {}", "a".repeat(1_000_000)),
            format!("{}: 1", "a".repeat(1_000_000)),
            format!("{{\"{0}\": 1, \"paths\": {{\"{0}\": 1, \"{0}\": 1}}}}", "a".repeat(1_000_000)),
            format!("openapi: {}", "3".repeat(1_000_000)),
            format!("a: [*{}]", "b".repeat(1_000_000)),
        ] {
            let message = Diagnostics::from(refused(&text)).to_string();
            assert!(message.len() < 1_500, "{}", message.len());
        }
        let list = refused("\n# A comment.\n---\n  - a\n");
        assert_eq!(list.position, Some((4, 3)));
        assert_eq!(list.reason, "this is not an OpenAPI document, which is an object, but a list: `- a`");
    }
}
