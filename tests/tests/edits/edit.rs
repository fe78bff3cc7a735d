//! Single edits of a document, at every place: a key is deleted, added or has another value, a schema moves into a component,
//! or its type is another.

use std::collections::{BTreeMap, BTreeSet};

use codegen::document::Document;
use codegen::keys::{Context, Fate, Kind, Place, Row, Side, Takes, row};
use codegen::{Config, diff, ir};
use serde_json::{Map, Value, json};

/// A change of one key, or of what is in it.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    /// The object that the key stands in.
    pub(crate) object: String,
    /// The kind of object.
    pub(crate) place: Place,
    /// The key.
    pub(crate) key: String,
    /// What is done.
    pub(crate) action: Action,
    /// What edits of one kind have in common.
    pub(crate) kind: String,
}

/// What an edit does.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The key has this value; none to delete it.
    Set(Option<Value>),
    /// The object is the component `moved` with these keys as well, and a reference to it stands in its place.
    Move(Map<String, Value>),
}

/// The start of the kinds of edits that add a key with a value of any kind.
const OTHER_KIND: &str = "add any value of";

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It is refused.
    Refused,
    /// The report of `diff` has it.
    Differs,
    /// The key is ignored or is documentation, for a reason.
    Ignored,
    /// The document means what it meant before.
    Same,
    /// Nothing says that the document is another one.
    Silent,
}

/// A document that is accepted, its API, and every key of it with what becomes of it.
pub(crate) struct Original {
    config: Config,
    value: Value,
    api: ir::Api,
    keys: BTreeMap<String, &'static Row>,
}

fn api(config: &Config, value: &Value) -> Option<(codegen::select::Selection, ir::Api)> {
    let text = value.to_string().into();
    let document = Document::index("document", &text).ok()?;
    codegen::api_from(config, None, &document).ok()
}

impl Original {
    /// Returns what `config` selects of a document, or `None` if it is refused.
    pub(crate) fn new(config: Config, document: &Document<'_>) -> Option<Self> {
        let (selection, _) = codegen::api_from(&config, None, document).ok()?;
        let value = selection.value;
        let (selection, api) = api(&config, &value)?;
        let keys = selection.keys().into_iter().map(|(pointer, row)| (pointer.as_str().to_owned(), row)).collect();
        Some(Self { config, value, api, keys })
    }

    /// Returns every edit.
    pub(crate) fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut objects = BTreeMap::from([("/paths".to_owned(), Place::Paths)]);
        for (pointer, row) in &self.keys {
            let (object, key) = split(pointer);
            objects.insert(object.to_owned(), row.place);
            let value = self.value.pointer(pointer).expect("the key is there");
            let place = row.place;
            let mut set = |what: &str, value: Option<Value>| {
                let kind = format!("{what} {key} of {}", place.as_str());
                let (object, key) = (object.to_owned(), key.clone());
                edits.push(Edit { object, place, key, action: Action::Set(value), kind });
            };
            set("delete", None);
            for other in others(value, row.takes) {
                set("change", Some(other));
            }
            for other in of_other_kinds().into_iter().filter(|other| other != value) {
                set("another kind of value of", Some(other));
            }
        }
        for (object, place) in objects {
            let value = self.value.pointer(&object).expect("the object is there");
            let members = value.as_object().expect("it is an object");
            let of = format!("{} {}", place.as_str(), Kind::of(value).as_str());
            let edit =
                |key: &str, action, kind| Edit { object: object.clone(), place, key: key.to_owned(), action, kind };
            let mut added = BTreeSet::new();
            for (key, value) in additions(place).into_iter().filter(|(key, _)| !members.contains_key(*key)) {
                if added.insert(key) {
                    for other in of_other_kinds() {
                        let kind = format!("{OTHER_KIND} {key} to {}", place.as_str());
                        edits.push(edit(key, Action::Set(Some(other)), kind));
                    }
                }
                edits.push(edit(key, Action::Set(Some(value.clone())), format!("add {key}: {value} to {of}")));
            }
            if place == Place::Schema {
                for name in ["string", "integer", "number", "boolean", "array", "object"] {
                    if !members.contains_key("$ref") && members.get("type") != Some(&json!(name)) {
                        edits.push(edit("type", Action::Set(Some(json!(name))), format!("{name} instead of {of}")));
                    }
                }
                let inner = object.trim_start_matches("/components/schemas/").contains('/');
                for (key, value) in [("title", json!("Moved")), ("nullable", json!(true)), ("minLength", json!(1))] {
                    if inner && members.get(key) != Some(&value) {
                        let more = [(key.to_owned(), value)].into_iter().collect();
                        edits.push(edit(key, Action::Move(more), format!("move and add {key} to {of}")));
                    }
                }
            }
        }
        edits
    }

    /// Returns at most `most` edits of each kind, spread over the document.
    pub(crate) fn sample(&self, most: usize) -> Vec<Edit> {
        let mut kinds: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
        for edit in self.edits() {
            kinds.entry(edit.kind.clone()).or_default().push(edit);
        }
        let spread = |(kind, edits): (String, Vec<Edit>)| {
            // What the table says of the kind of value of a key is the same wherever the key is added.
            let most = if kind.starts_with(OTHER_KIND) { most.min(20) } else { most };
            let step = edits.len().div_ceil(most);
            edits.into_iter().step_by(step).collect::<Vec<_>>()
        };
        kinds.into_iter().flat_map(spread).collect()
    }

    /// Applies an edit, and says what became of it.
    pub(crate) fn outcome(&self, edit: &Edit) -> Outcome {
        let mut value = self.value.clone();
        apply(&mut value, edit);
        let Some((selection, api)) = api(&self.config, &value) else { return Outcome::Refused };
        let changes = diff::diff(&self.api, &api).changes;
        if changes.iter().any(|change| change.rule != diff::Rule::DescriptionChanged) {
            return Outcome::Differs;
        }
        // What describes something is in the report as well.
        let is_said = !changes.is_empty();
        let is_ignored = |row: &Row| match row.fate {
            Fate::Documentation => is_said || !row.is_recorded,
            fate => fate == Fate::Ignored,
        };
        let pointer = format!("{}/{}", edit.object, escaped(&edit.key));
        let after: BTreeMap<_, _> = selection.keys().into_iter().collect();
        let after = after.iter().find(|(known, _)| known.as_str() == pointer).map(|(_, row)| *row);
        let row = match &edit.action {
            // A schema that is a component means the same, and a title is for people.
            Action::Move(more) if more.contains_key("title") => return Outcome::Same,
            Action::Move(_) => None,
            Action::Set(Some(_)) => after.or_else(|| self.unselected(&value, edit)),
            Action::Set(None) => self.keys.get(&pointer).copied(),
        };
        if row.is_some_and(is_ignored) {
            return Outcome::Ignored;
        }
        // An enum of strings says its type by itself.
        let kind = |document: &Value| document.pointer(&edit.object).map(Kind::of);
        if edit.key == "type" && kind(&self.value) == kind(&value) {
            return Outcome::Same;
        }
        // Of an object past the boundary only some properties are selected.
        let is = if edit.place == Place::Boundary { &selection.value } else { &value };
        if is_same(self.value.pointer(&pointer), is.pointer(&pointer)) { Outcome::Same } else { Outcome::Silent }
    }

    /// The row of a key that is not selected with its object.
    fn unselected(&self, value: &Value, edit: &Edit) -> Option<&'static Row> {
        row(edit.place, &edit.key, &Context::new(value.pointer(&edit.object)?, Side::Response, false))
    }
}

/// Whether two values of a key are the same set: the order of an array, and an element that is there twice, mean nothing. An
/// empty array is none, and so is `false`. `null` is accepted in an `enum` that is `nullable`, which says the same.
fn is_same(was: Option<&Value>, is: Option<&Value>) -> bool {
    let set = |value: Option<&Value>| -> Option<BTreeSet<String>> {
        match value {
            None | Some(Value::Bool(false)) => Some(BTreeSet::new()),
            Some(Value::Object(members)) if members.is_empty() => Some(BTreeSet::new()),
            Some(value) => {
                let elements = value.as_array()?.iter().filter(|element| !element.is_null());
                Some(elements.map(Value::to_string).collect())
            }
        }
    };
    set(was).is_some() && set(was) == set(is)
}

fn apply(document: &mut Value, edit: &Edit) {
    let Some(object) = document.pointer_mut(&edit.object) else { return };
    match &edit.action {
        Action::Set(value) => {
            let members = object.as_object_mut().expect("an edit is of an object");
            match value {
                Some(value) => drop(members.insert(edit.key.clone(), value.clone())),
                None => drop(members.remove(&edit.key)),
            }
        }
        Action::Move(more) => {
            let mut moved = std::mem::replace(object, json!({"$ref": "#/components/schemas/moved"}));
            moved.as_object_mut().expect("a schema is an object").extend(more.clone());
            document["components"]["schemas"]["moved"] = moved;
        }
    }
}

/// Other values of a key: with one more or less of its elements or of the members that it names, in another order, or with
/// another scalar.
fn others(value: &Value, takes: Takes) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::String(text) => vec![json!(format!("{text}x")), json!(""), json!("a b"), json!("\u{1b}[31m`*<b>")],
        Value::Number(number) => {
            let more = number.as_f64().unwrap_or_default() as i64 + 1;
            vec![json!(more), json!(-more), json!(more as f64 + 0.5), json!(1e300)]
        }
        Value::Array(elements) => {
            let less = (0..elements.len()).map(|at| {
                let mut rest = elements.clone();
                rest.remove(at);
                rest.into()
            });
            let with = |more: &Value| elements.iter().chain([more]).cloned().collect::<Value>();
            let more = elements.iter().take(1).chain(&of_other_kinds()).map(with).collect::<Vec<_>>();
            less.chain(more).chain([elements.iter().rev().cloned().collect()]).filter(|other| other != value).collect()
        }
        // Other members are keys, which are deleted themselves.
        Value::Object(members) if matches!(takes, Takes::Named(_)) => {
            let less = members.keys().map(|key| {
                let mut rest = members.clone();
                rest.remove(key);
                rest.into()
            });
            let more = members.values().take(1).cloned().chain(of_other_kinds()).map(|member| {
                let mut more = members.clone();
                more.insert("another".to_owned(), member);
                more.into()
            });
            less.chain(more).collect()
        }
        Value::Object(_) | Value::Null => Vec::new(),
    }
}

/// A value of each kind, empty and not.
fn of_other_kinds() -> [Value; 10] {
    let a = || json!({"a": {}});
    [json!(null), json!(true), json!(0), json!(-1.5), json!("a"), json!([]), json!(["a"]), json!([a()]), json!({}), a()]
}

fn split(pointer: &str) -> (&str, String) {
    let (object, key) = pointer.rsplit_once('/').expect("a key is in an object");
    (object, key.replace("~1", "/").replace("~0", "~"))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The keywords that OpenAPI 3.0 and 3.1 have at a place, and Stripe's, each with plausible values; and one that nobody has.
fn additions(place: Place) -> Vec<(&'static str, Value)> {
    let schema = || json!({"type": "string"});
    let mut keys = match place {
        // Another path is not selected, whatever is in it.
        Place::Paths => return vec![("x-unknown", json!(true)), ("x-operations", json!({"get": {"responses": {}}}))],
        Place::Schema | Place::Reference | Place::Boundary => schema_keys(),
        Place::Expansion => vec![("anyOf", json!([{"$ref": "#/components/schemas/error"}]))],
        Place::Document => vec![
            ("tags", json!([{"name": "a"}])),
            ("externalDocs", json!({"url": "https://example.com"})),
            ("security", json!([])),
            ("security", json!([{"a": []}, {}])),
            ("webhooks", json!({"a": {}})),
            ("jsonSchemaDialect", json!("https://example.com")),
        ],
        Place::Components => vec![
            ("responses", json!({"a": {"description": "A."}})),
            ("parameters", json!({"a": {"name": "a", "in": "query"}})),
            ("requestBodies", json!({"a": {"content": {}}})),
            ("headers", json!({"a": {"schema": schema()}})),
            ("links", json!({"a": {}})),
            ("pathItems", json!({"a": {}})),
        ],
        Place::Info => vec![("title", json!("A")), ("license", json!({"name": "A"})), ("summary", json!("A"))],
        Place::Server => vec![("description", json!("A")), ("variables", json!({"a": {"default": "b"}}))],
        Place::SecurityRequirement => vec![("other", json!([])), ("scoped", json!(["read"]))],
        Place::SecurityScheme => vec![("bearerFormat", json!("JWT")), ("in", json!("header")), ("flows", json!({}))],
        Place::PathItem => vec![
            ("summary", json!("A")),
            ("description", json!("A")),
            ("put", json!({"responses": {}})),
            ("patch", json!({"responses": {}})),
            ("head", json!({"responses": {}})),
            ("trace", json!({"responses": {}})),
            ("servers", json!([{"url": "https://example.com/"}])),
            ("parameters", json!([{"name": "a", "in": "query", "schema": schema()}])),
            ("$ref", json!("#/components/pathItems/a")),
        ],
        Place::Operation => vec![
            ("tags", json!(["a"])),
            ("summary", json!("A")),
            ("externalDocs", json!({"url": "https://example.com"})),
            ("callbacks", json!({"a": {}})),
            ("deprecated", json!(true)),
            ("security", json!([])),
            ("servers", json!([{"url": "https://example.com/"}])),
            ("servers", json!([{"url": "https://example.com/a"}])),
            ("servers", json!([{"url": "https://a.example.com"}, {"url": "https://b.example.com"}])),
            ("parameters", json!([{"name": "a", "in": "query", "schema": schema()}])),
            ("requestBody", json!({"content": {"application/json": {"schema": schema()}}})),
        ],
        Place::Parameter => vec![
            ("deprecated", json!(true)),
            ("allowEmptyValue", json!(true)),
            ("allowReserved", json!(true)),
            ("explode", json!(true)),
            ("explode", json!(false)),
            ("style", json!("form")),
            ("style", json!("pipeDelimited")),
            ("example", json!("a")),
            ("content", json!({"application/json": {}})),
            ("$ref", json!("#/components/parameters/a")),
        ],
        Place::RequestBody => vec![
            ("description", json!("A")),
            ("required", json!(true)),
            ("required", json!(false)),
            ("$ref", json!("#/components/requestBodies/a")),
        ],
        Place::RequestContent | Place::ResponseContent => vec![
            ("application/json", json!({"schema": schema()})),
            ("text/plain", json!({"schema": schema()})),
            ("*/*", json!({})),
        ],
        Place::RequestMedia | Place::ResponseMedia => vec![
            ("example", json!({})),
            ("examples", json!({"a": {"value": {}}})),
            ("encoding", json!({"a": {"style": "deepObject", "explode": true}})),
        ],
        Place::Encoding => vec![
            ("contentType", json!("application/json")),
            ("headers", json!({"a": {"schema": schema()}})),
            ("allowReserved", json!(true)),
            ("style", json!("spaceDelimited")),
        ],
        Place::Responses => {
            let response = || json!({"description": "A", "content": {"application/json": {"schema": schema()}}});
            vec![("202", response()), ("404", response()), ("2XX", response()), ("default", response())]
        }
        Place::Response => vec![
            ("headers", json!({"Request-Id": {"schema": schema()}})),
            ("links", json!({"a": {"operationId": "a"}})),
            ("$ref", json!("#/components/responses/a")),
        ],
    };
    keys.extend([("x-unknown", json!(true)), ("unknown", json!("a"))]);
    keys
}

fn schema_keys() -> Vec<(&'static str, Value)> {
    let schema = || json!({"type": "string"});
    let named = || json!({"a": {"type": "string"}});
    vec![
        ("$anchor", json!("a")),
        ("$comment", json!("A")),
        ("$defs", named()),
        ("$dynamicRef", json!("#a")),
        ("$id", json!("https://example.com/a")),
        ("$ref", json!("#/components/schemas/error")),
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("additionalProperties", json!(false)),
        ("additionalProperties", json!(true)),
        ("additionalProperties", schema()),
        ("allOf", json!([schema()])),
        ("allOf", json!([{"$ref": "#/components/schemas/error"}])),
        ("anyOf", json!([schema(), {"type": "integer"}])),
        ("const", json!("a")),
        ("contains", schema()),
        ("contentEncoding", json!("base64")),
        ("contentMediaType", json!("text/plain")),
        ("contentSchema", schema()),
        ("default", json!("a")),
        ("default", json!(1)),
        ("dependentRequired", json!({"a": ["b"]})),
        ("dependentSchemas", named()),
        ("deprecated", json!(true)),
        ("description", json!("Another one.")),
        ("discriminator", json!({"propertyName": "object"})),
        ("enum", json!(["a", "b"])),
        ("enum", json!([1, 2])),
        ("enum", json!([true])),
        ("example", json!("a")),
        ("examples", json!(["a"])),
        ("exclusiveMaximum", json!(true)),
        ("exclusiveMinimum", json!(true)),
        ("externalDocs", json!({"url": "https://example.com"})),
        ("format", json!("date-time")),
        ("format", json!("int32")),
        ("format", json!("int64")),
        ("format", json!("unix-time")),
        ("if", schema()),
        ("items", schema()),
        ("maxItems", json!(2)),
        ("maxLength", json!(7)),
        ("maxProperties", json!(9)),
        ("maximum", json!(9)),
        ("minItems", json!(1)),
        ("minLength", json!(1)),
        ("minProperties", json!(1)),
        ("minimum", json!(1)),
        ("multipleOf", json!(2)),
        ("not", schema()),
        ("nullable", json!(true)),
        ("oneOf", json!([schema(), {"type": "integer"}])),
        ("pattern", json!("^a")),
        ("patternProperties", named()),
        ("prefixItems", json!([schema()])),
        ("properties", named()),
        ("propertyNames", schema()),
        ("readOnly", json!(true)),
        ("required", json!(["a"])),
        ("then", schema()),
        ("title", json!("Another")),
        ("type", json!("string")),
        ("type", json!(["string", "null"])),
        ("unevaluatedProperties", json!(false)),
        ("uniqueItems", json!(true)),
        ("writeOnly", json!(true)),
        ("xml", json!({"name": "a"})),
        ("x-expandableFields", json!(["a"])),
        ("x-expansionResources", json!({"oneOf": [{"$ref": "#/components/schemas/error"}]})),
        ("x-resourceId", json!("another")),
        ("x-stripeBypassValidation", json!(true)),
    ]
}
