//! Opens a document, JSON or YAML, and finds a schema or a path item in it without decoding the rest.
//!
//! Stripe's document is 5 MB and a run needs a hundredth of it. So the text is walked once, and each schema and each
//! path item is kept as the slice of text that it is; only what is asked for is decoded. YAML has no such slices: it is
//! rewritten as JSON first, which costs little beside reading it.

mod text;
mod unique;
mod yaml;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

pub use self::text::{LIMIT, YAML_LIMIT, to_json, to_yaml, too_large};

use self::unique::{Members, Slices, Unique};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::openapi::keys::is_extension;
pub use crate::openapi::method::Verb;

const HELP: &str = "correct the document, or name another file";

/// An index of a document: the slice of the text for each part.
#[derive(Debug)]
pub struct Document<'t> {
    /// The document's name, for diagnostics.
    pub name: &'t str,
    root: Slices<'t>,
    components: Slices<'t>,
    schemas: Slices<'t>,
    paths: Slices<'t>,
    /// The members of each path item. A path item that is not an object has no entry.
    items: BTreeMap<String, Slices<'t>>,
}

impl<'t> Document<'t> {
    /// Indexes a text that [`to_json`] returned.
    ///
    /// # Errors
    /// If the text is not JSON, not OpenAPI, or not OpenAPI 3.0.
    pub fn index(name: &'t str, json: &'t Cow<'t, str>) -> Result<Self, Diagnostics> {
        let root: Slices<'t> = serde_json::from_str(json).map_err(|error| {
            // The position is in front of the message already.
            let reason = without_position(&error);
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
        check_version(name, &root)?;
        let at = Pointer::default();
        let paths = section(name, &root, &at, "paths")?;
        let components = section(name, &root, &at, "components")?;
        let schemas = section(name, &components, &at.child("components"), "schemas")?;
        let mut items = BTreeMap::new();
        let objects = paths.0.iter().filter(|(path, raw)| !is_extension(path) && is_object(raw));
        for path in objects.map(|(path, _)| path) {
            // Of an operation that is there twice, neither could be meant.
            items.insert(path.clone(), section(name, &paths, &at.child("paths"), path)?);
        }
        Ok(Self { name, root, components, schemas, paths, items })
    }

    /// Returns the keys of the root and of `components` that are not read.
    pub(crate) fn other_keys(&self) -> [(Pointer, Vec<&str>); 2] {
        let root = Pointer::default();
        let components = root.child("components");
        [
            (root, self.root.keys_without(&["openapi", "info", "servers", "security", "paths", "components"])),
            (components, self.components.keys_without(&["schemas", "securitySchemes"])),
        ]
    }

    /// Returns the version under `info`, if it is a string.
    pub fn version(&self) -> Option<String> {
        let info = self.root_member("info")?.ok()?;
        info.get("version")?.as_str().map(str::to_owned)
    }

    /// Returns the keys of all component schemas, in order.
    pub fn schema_keys(&self) -> impl Iterator<Item = &str> {
        self.schemas.0.keys().map(String::as_str)
    }

    /// Returns the keys of the component schemas whose text has a word, in order.
    pub(crate) fn schema_keys_with(&self, word: &str) -> impl Iterator<Item = &str> {
        self.schemas.0.iter().filter(move |(_, raw)| raw.get().contains(word)).map(|(key, _)| key.as_str())
    }

    /// Returns the component schema `key`, decoded as JSON.
    pub fn schema(&self, key: &str) -> Option<Result<Value, Diagnostic>> {
        Some(self.decode(self.schemas.0.get(key)?, Pointer::schema(key)))
    }

    /// Returns all paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.0.keys().map(String::as_str).filter(|path| !is_extension(path))
    }

    /// Returns the path item of `path`, decoded as JSON.
    pub fn path(&self, path: &str) -> Option<Result<Value, Diagnostic>> {
        Some(self.decode(self.paths.0.get(path)?, Pointer::path(path)))
    }

    /// Returns a member of the root, decoded as JSON.
    pub(crate) fn root_member(&self, key: &str) -> Option<Result<Value, Diagnostic>> {
        Some(self.decode(self.root.0.get(key)?, Pointer::default().child(key)))
    }

    /// Returns a member of `components`, decoded as JSON.
    pub(crate) fn component(&self, key: &str) -> Option<Result<Value, Diagnostic>> {
        Some(self.decode(self.components.0.get(key)?, Pointer::default().child("components").child(key)))
    }

    /// Reports the path items in which no operation can be found, although they are there: those that are not an object, refer
    /// to another one, or have no method, and a method that is not an object.
    pub fn unread_paths(&self) -> Vec<Diagnostic> {
        let is_method = |key: &str| Verb::of_key(key).is_some();
        let problem = |pointer, reason| Diagnostic::new(self.name, pointer, reason, HELP);
        let mut problems = Vec::new();
        for path in self.paths() {
            let pointer = Pointer::path(path);
            let Some(Members(members)) = self.items.get(path) else {
                problems.push(problem(pointer, "this is not a path item, which is an object"));
                continue;
            };
            if members.contains_key("$ref") {
                problems.push(problem(pointer.child("$ref"), "a path item that is a `$ref` is not supported"));
            } else if !members.keys().any(|key| is_method(key)) && !members.is_empty() {
                problems.push(problem(pointer.clone(), "none of the keys of the path item is a method, in lower case"));
            }
            let nothing = members.iter().filter(|(key, raw)| is_method(key) && raw.get() == "null");
            problems
                .extend(nothing.map(|(key, _)| problem(pointer.child(key), "an operation is an object, not `null`")));
        }
        problems
    }

    /// Returns all operations, in the order of their paths and methods. A path item that is not an object has none.
    pub fn operations(&self) -> Vec<OperationHead> {
        let heads = self.items.iter().flat_map(|(path, item)| {
            Verb::ALL.into_iter().filter_map(move |method| {
                let raw = item.0.get(method.key()).filter(|raw| raw.get() != "null")?;
                // One that is not an object is reported once it is selected.
                let head: Head = serde_json::from_str(raw.get()).unwrap_or_default();
                let id = head.operation_id.as_str().unwrap_or_default().to_owned();
                Some(OperationHead { id, method, path: path.clone() })
            })
        });
        heads.collect()
    }

    #[expect(clippy::result_large_err, reason = "a document that is refused has few")]
    fn decode(&self, raw: &RawValue, pointer: Pointer) -> Result<Value, Diagnostic> {
        serde_json::from_str(raw.get()).map(|Unique(value)| value).map_err(|error| {
            let reason = if error.to_string().contains("recursion limit") {
                "this is nested more than a hundred levels deep".to_owned()
            } else {
                without_position(&error)
            };
            Diagnostic::new(self.name, pointer, reason, HELP)
        })
    }
}

fn check_version(name: &str, root: &Slices<'_>) -> Result<(), Diagnostics> {
    let help = "name Stripe's OpenAPI document, `openapi.spec3.json` or `openapi.spec3.yaml`";
    let text = |key: &str| root.0.get(key).map(|raw| raw.get().trim_matches('"')).filter(|text| *text != "null");
    let (key, reason) = match (text("swagger"), text("openapi")) {
        (Some(version), _) => {
            ("swagger", format!("this is OpenAPI {version} (`swagger`), and only OpenAPI 3.0 is read"))
        }
        (None, Some(version)) if version.starts_with("3.0.") || version == "3.0" => return Ok(()),
        (None, Some(version)) => ("openapi", format!("this is OpenAPI {version}, and only OpenAPI 3.0 is read")),
        (None, None) => {
            let reason = "this is not an OpenAPI document: it has no `openapi` at its root";
            return Err(Diagnostic::new(name, Pointer::default(), reason, help).into());
        }
    };
    Err(Diagnostic::new(name, Pointer::default().child(key), reason, help).into())
}

/// Returns the members of an object inside another one, which is at a place; none if it is not there.
fn section<'t>(name: &str, outer: &Slices<'t>, at: &Pointer, key: &str) -> Result<Slices<'t>, Diagnostics> {
    let Some(raw) = outer.0.get(key) else { return Ok(Members(BTreeMap::new())) };
    let reason = match is_object(raw) {
        true => match serde_json::from_str(raw.get()) {
            Ok(members) => return Ok(members),
            Err(error) => without_position(&error),
        },
        false => format!("this is {}, where OpenAPI has an object", kind(raw.get())),
    };
    Err(Diagnostic::new(name, at.child(key), reason, HELP).into())
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

/// Returns the kind of a value in JSON, by its first byte.
pub(super) fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Returns the message of an error in a part of a document, without its position, which is one inside the part.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]).to_owned()
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

impl std::fmt::Display for OperationHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)
    }
}

#[derive(Default, serde::Deserialize)]
struct Head {
    #[serde(rename = "operationId", default)]
    operation_id: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the only diagnostic for a text.
    fn refused(text: &str) -> Diagnostic {
        let json = match to_json("document", text) {
            Err(Diagnostics(problems)) => return problems.into_iter().next().unwrap(),
            Ok(json) => json,
        };
        Document::index("document", &json).unwrap_err().0.into_iter().next().unwrap()
    }

    #[test]
    fn deep_yaml_is_refused_before_it_is_parsed() {
        let indented: String = (0..=100).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        let texts = ["[", "- ", "[{\"]}#\": "].map(|text| text.repeat(100_000));
        for text in texts.into_iter().chain([indented]) {
            let diagnostic = refused(&text);
            assert_eq!(diagnostic.reason, "this is nested more than a hundred levels deep", "{}", &text[..20]);
            assert!(diagnostic.position.is_some_and(|(line, _)| line <= 101), "{diagnostic}");
        }
        for text in ["- [[], {}]\n", "a: [1, {b: c}]\n"] {
            assert_ne!(refused(&text.repeat(10_000)).reason, "this is nested more than a hundred levels deep");
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
