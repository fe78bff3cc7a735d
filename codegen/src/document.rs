//! Opens a document, JSON or YAML, and finds a schema or a path item in it without decoding the rest.
//!
//! Stripe's document is 5 MB and a run needs a hundredth of it. So the text is walked once, and each schema and each
//! path item is kept as the slice of text that it is; only what is asked for is decoded. YAML has no such slices: it is
//! rewritten as JSON first, which costs little beside reading it.
//!
//! This is the only module that knows `serde_yaml`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};

/// The largest document that is read, in bytes: thirteen times the size of Stripe's.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The document's text as JSON: itself, or rewritten where it is YAML.
///
/// # Errors
/// Where the text is larger than [`LIMIT`], empty, or no YAML. (JSON is judged by [`Document::index`], which reads it
/// anyway.)
pub fn to_json<'t>(name: &str, text: &'t str) -> Result<Cow<'t, str>, Diagnostics> {
    let root = Pointer::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LIMIT {
        return Err(too_large(name, text.len() as u64).into());
    }
    let Some(first) = text.trim_start().chars().next() else {
        let remedy = "name Stripe's OpenAPI document, as JSON or YAML";
        return Err(Diagnostic::new(name, root, "the document is empty", remedy).into());
    };
    if first == '{' {
        return Ok(Cow::Borrowed(text));
    }

    let mut json = Bounded(Vec::with_capacity(text.len()));
    serde_transcode::transcode(serde_yaml::Deserializer::from_str(text), &mut serde_json::Serializer::new(&mut json))
        .map_err(|error| not_yaml(name, text, &error))?;
    match String::from_utf8(json.0) {
        Ok(json) => Ok(Cow::Owned(json)),
        Err(error) => Err(Diagnostic::new(name, root, error.to_string(), "save the document as UTF-8").into()),
    }
}

/// Why the text could not be rewritten. The writer's error has lost the position, so the reader is asked again.
fn not_yaml(name: &str, text: &str, error: &serde_json::Error) -> Diagnostics {
    let (position, reason) = match serde_yaml::from_str::<IgnoredAny>(text) {
        Err(error) => (error.location().map(|at| (at.line(), at.column())), error.to_string()),
        Ok(_) => (None, error.to_string()),
    };
    // The position is said once, in front.
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

/// The refusal of a document of `bytes` bytes, for whoever sees the size before the text.
pub fn too_large(name: &str, bytes: u64) -> Diagnostic {
    let mib = 1024 * 1024;
    Diagnostic::new(
        name,
        Pointer::default(),
        format!("the document is {} MiB large, and the limit is {} MiB", bytes / mib, LIMIT as u64 / mib),
        "name Stripe's OpenAPI document, which is about 5 MiB large",
    )
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

/// Memory that refuses to grow past what [`LIMIT`] can mean, since YAML's aliases can make much of little.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > 2 * LIMIT {
            return Err(io::Error::other("its aliases expand to more than the document may be large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An index of a document: where each part of it stands in the text.
#[derive(Debug)]
pub struct Document<'t> {
    /// The document's name, for diagnostics.
    pub name: &'t str,
    root: Root<'t>,
}

impl<'t> Document<'t> {
    /// Walks the text that [`to_json`] gave once, and indexes it.
    ///
    /// # Errors
    /// Where the text is no JSON, no OpenAPI, or OpenAPI of another version than 3.0.
    pub fn index(name: &'t str, json: &'t Cow<'t, str>) -> Result<Self, Diagnostics> {
        let root: Root<'t> = serde_json::from_str(json).map_err(|error| {
            let mut reason = error.to_string();
            // The position is said once, in front.
            if let Some(end) = reason.rfind(" at line ") {
                reason.truncate(end);
            }
            let reason = match error.classify() {
                serde_json::error::Category::Data => format!("this is no OpenAPI document: {reason}"),
                _ => format!("not readable as JSON: {reason}"),
            };
            let remedy = "correct the document, or name another file";
            let diagnostic = Diagnostic::new(name, Pointer::default(), reason, remedy);
            match json {
                Cow::Borrowed(_) => diagnostic.at(error.line(), error.column()),
                // This is a place in JSON that nobody has seen.
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
        let remedy = "name Stripe's OpenAPI document, `openapi.spec3.json` or `openapi.spec3.yaml`";
        let text = |raw: Option<&RawValue>| raw.map(|raw| raw.get().trim_matches('"').to_owned());
        if let Some(version) = text(self.root.swagger) {
            let reason = format!("this is OpenAPI {version} (`swagger`), and only OpenAPI 3.0 is read");
            return Err(Diagnostic::new(self.name, root.child("swagger"), reason, remedy).into());
        }
        match text(self.root.openapi) {
            Some(version) if version.starts_with("3.0.") || version == "3.0" => Ok(()),
            Some(version) => {
                let reason = format!("this is OpenAPI {version}, and only OpenAPI 3.0 is read");
                Err(Diagnostic::new(self.name, root.child("openapi"), reason, remedy).into())
            }
            None => {
                let reason = "this is no OpenAPI document: it has no `openapi` at its root";
                Err(Diagnostic::new(self.name, root, reason, remedy).into())
            }
        }
    }

    fn check_section(&self, pointer: Pointer, part: &Part<'_>) -> Result<(), Diagnostics> {
        let Part::Other(found) = part else { return Ok(()) };
        let reason = format!("this is {found}, where OpenAPI has an object");
        Err(Diagnostic::new(self.name, pointer, reason, "correct the document, or name another file").into())
    }

    /// The names of all component schemas, in order.
    pub fn schema_keys(&self) -> impl Iterator<Item = &str> {
        self.root.components.schemas.entries().keys().map(String::as_str)
    }

    /// The component schema `key`, decoded as JSON.
    pub fn schema(&self, key: &str) -> Option<Result<Value, Diagnostic>> {
        let raw = self.root.components.schemas.entries().get(key)?;
        Some(self.decode(raw, Pointer::schema(key)))
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.root.paths.entries().keys().map(String::as_str)
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

    fn decode(&self, raw: &RawValue, pointer: Pointer) -> Result<Value, Diagnostic> {
        serde_json::from_str(raw.get()).map_err(|error| {
            let reason = if error.to_string().contains("recursion limit") {
                "this is nested more than a hundred levels deep".to_owned()
            } else {
                error.to_string()
            };
            Diagnostic::new(self.name, pointer, reason, "correct the document, or name another file")
        })
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

#[derive(Debug, Default, serde::Deserialize)]
#[serde(expecting = "an object")]
struct Root<'t> {
    #[serde(borrow)]
    openapi: Option<&'t RawValue>,
    #[serde(borrow)]
    swagger: Option<&'t RawValue>,
    #[serde(borrow)]
    info: Option<&'t RawValue>,
    #[serde(borrow)]
    servers: Option<&'t RawValue>,
    #[serde(borrow)]
    security: Option<&'t RawValue>,
    #[serde(borrow, default)]
    paths: Part<'t>,
    #[serde(borrow, default)]
    components: Components<'t>,
}

/// An object whose members are kept as text, or what stands in its place.
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
}

/// Reads an object member by member, and anything else as its kind; so a wrong kind is reported by its place.
trait Members<'t>: Default {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;
    fn other(kind: &'static str) -> Self;
}

impl<'t> Members<'t> for Part<'t> {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value()?;
        if let Self::Members(members) = self {
            if members.contains_key(&key) {
                return Err(serde::de::Error::custom(format_args!("`{key}` stands twice in one object")));
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
            _ => drop(map.next_value::<IgnoredAny>()?),
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
