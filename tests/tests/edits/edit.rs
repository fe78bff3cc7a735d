//! Single edits of a document, at every place: a key is deleted, added or has another value, a schema moves into a component,
//! or its type is another.

use std::collections::{BTreeMap, BTreeSet};

use codegen::document::Document;
use codegen::keys::{Context, Fate, Kind, Place, Row, Side, row};
use codegen::{Config, diff, ir};
use serde_json::{Map, Value, json};

use crate::values::{additions, of_other_kinds, others};

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

fn split(pointer: &str) -> (&str, String) {
    let (object, key) = pointer.rsplit_once('/').expect("a key is in an object");
    (object, key.replace("~1", "/").replace("~0", "~"))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
