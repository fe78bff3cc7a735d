//! How descriptions survive a new document: each belongs to its place, and stays unless the kind of fact there changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{objects, strip, walk};
use crate::diagnostic::{Pointer, excerpt};
use crate::markdown::code;
use crate::openapi::keys::is_prose;

/// A description that a person should look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The place: in the old document if it is gone, in the new one otherwise.
    pub pointer: Pointer,
    /// The old description.
    pub description: String,
    /// Why it should be looked at.
    pub reason: Reason,
    /// The facts that changed at its place, each in words.
    pub facts: Vec<String>,
}

/// Why a description should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A fact at its place changed, such as a limit. The description stays.
    Changed,
    /// There is another kind of fact at its place, such as a number instead of a text. The description was removed.
    OtherKind,
    /// Its place is gone, and the description with it.
    Gone,
}

/// Replaces the prose of `new` by that of `old`, place by place, and returns what should be looked at.
pub fn keep(old: &Value, new: &mut Value) -> Vec<Review> {
    let reviews = reviews(old, new);
    strip(new);
    fill(old, new);
    reviews
}

/// Gives the places of `new` that have no prose that of `old`: the same document, or the same part of one that moved.
pub fn fill(old: &Value, new: &mut Value) {
    let was = objects(old, same_element);
    let of_place = |(place, (pointer, is)): (String, (Pointer, &Map<String, Value>))| {
        let (_, was) = was.get(&place).filter(|(_, was)| kind(was) == kind(is))?;
        Some((pointer, prose(was, is)))
    };
    let places: Vec<_> = objects(new, same_element).into_iter().filter_map(of_place).collect();
    for (pointer, prose) in places {
        let Some(members) = new.pointer_mut(pointer.as_str()).and_then(Value::as_object_mut) else { continue };
        for (name, text) in prose {
            match (members.get_mut(&name), text) {
                (Some(Value::Object(known)), Value::Object(of_values)) => {
                    for (value, text) in of_values {
                        known.entry(value).or_insert(text);
                    }
                }
                (Some(known), _) if known != "" => {}
                (_, text) => drop(members.insert(name, text)),
            }
        }
    }
    // OpenAPI requires a description of each response.
    walk(new, false, &mut |members| {
        let responses = members.get_mut("responses").and_then(Value::as_object_mut);
        let responses = responses.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
        for response in responses.filter(|response| !response.contains_key("$ref")) {
            response.entry("description").or_insert_with(|| "".into());
        }
    });
}

/// Returns the prose of a place, without that of values which the place does not have any more.
fn prose(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let values = new.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let prose = old.iter().filter(|(name, _)| is_prose(name)).filter_map(|(name, text)| {
        let mut text = text.clone();
        if let Value::Object(of_values) = &mut text {
            of_values.retain(|of_value, _| values.iter().any(|value| value == of_value));
            if of_values.is_empty() {
                return None;
            }
        }
        Some((name.clone(), text))
    });
    prose.collect()
}

/// Returns what should be looked at: first where a fact changed, then what is gone.
fn reviews(old: &Value, new: &Value) -> Vec<Review> {
    let (mut was, is) = (objects(old, same_element), objects(new, same_element));
    let mut reviews = Vec::new();
    let mut add = |pointer: Pointer, description: Option<&Value>, reason, facts| {
        let description = description.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        reviews.extend(description.map(|description| Review { pointer, description, reason, facts }));
    };
    for (place, (pointer, is)) in is {
        let Some((_, was)) = was.remove(&place) else { continue };
        let description = was.get("description").or_else(|| was.get("summary"));
        if kind(was) != kind(is) {
            add(pointer, description, Reason::OtherKind, Vec::new());
            continue;
        }
        let changed = changed_facts(&facts(was), &facts(is));
        if !changed.is_empty() {
            add(pointer, description, Reason::Changed, changed);
        }
    }
    for (pointer, was) in was.into_values() {
        add(pointer.clone(), was.get("description"), Reason::Gone, Vec::new());
        for (name, of_values) in was.iter().filter(|(name, _)| is_prose(name)) {
            for (value, text) in of_values.as_object().into_iter().flatten() {
                add(pointer.child(name).child(value), Some(text), Reason::Gone, Vec::new());
            }
        }
    }
    reviews
}

/// The token by which an element is the same one in another document: a parameter by its name, a reference by its target, anything
/// else by its kind and its index.
fn same_element(i: usize, element: &Value) -> String {
    let text = |key: &str| element.get(key).and_then(Value::as_str);
    match (text("name"), text("in"), text("$ref"), element.as_object()) {
        (Some(name), Some(place), ..) => format!("{place} {name}"),
        (_, _, Some(target), _) => target.to_owned(),
        (_, _, None, Some(members)) => format!("{i} {}", kind(members)),
        _ => i.to_string(),
    }
}

/// Returns the kind of fact at a place, in words. Two facts of one kind can share a description.
fn kind(members: &Map<String, Value>) -> String {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let inner = |name: &str| members.get(name).and_then(Value::as_object).map(kind).unwrap_or_default();
    if members.contains_key("$ref") || members.contains_key("x-expansionResources") {
        return "reference".to_owned();
    }
    let alternatives = ["anyOf", "oneOf", "allOf"].iter().find_map(|name| members.get(*name)?.as_array());
    if let Some(alternatives) = alternatives {
        let mut kinds: Vec<_> =
            alternatives.iter().filter_map(Value::as_object).filter(|one| !is_empty_text(one)).map(kind).collect();
        kinds.sort();
        kinds.dedup();
        return kinds.join(" or ");
    }
    match text("type") {
        Some("array") => format!("list of {}", inner("items")),
        Some("object") if !members.contains_key("properties") => format!("map of {}", inner("additionalProperties")),
        Some("integer") if text("format") == Some("unix-time") => "timestamp".to_owned(),
        Some(ty) => ty.to_owned(),
        // A parameter is described beside its schema.
        None if members.contains_key("schema") => inner("schema"),
        None if members.contains_key("enum") => "string".to_owned(),
        None => String::new(),
    }
}

/// Whether a schema only allows the empty text, which clears a value.
fn is_empty_text(members: &Map<String, Value>) -> bool {
    members.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().all(|value| value == ""))
}

/// Returns the facts that the description of a place may mention. The places inside it have descriptions of their own, and
/// so do the values of an enum.
fn facts(members: &Map<String, Value>) -> BTreeMap<&str, &Value> {
    let own = |(name, value): &(&str, &Value)| {
        let inner = value.is_object() || value.as_array().is_some_and(|array| array.iter().any(Value::is_object));
        !is_prose(name) && !inner && !matches!(*name, "enum" | "required" | "title" | "version" | "x-expandableFields")
    };
    members.iter().map(|(name, value)| (name.as_str(), value)).filter(own).collect()
}

/// Returns what differs between the facts of a place, in words.
fn changed_facts(old: &BTreeMap<&str, &Value>, new: &BTreeMap<&str, &Value>) -> Vec<String> {
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let changed = names.into_iter().filter_map(|name| match (old.get(name), new.get(name)) {
        (Some(was), Some(is)) if was == is => None,
        (Some(was), Some(is)) => Some(format!("{} was {} and is {}", code(name), fact(was), fact(is))),
        (None, Some(is)) => Some(format!("{} is new: {}", code(name), fact(is))),
        (Some(was), None) => Some(format!("{} is gone: it was {}", code(name), fact(was))),
        (None, None) => None,
    });
    changed.collect()
}

fn fact(value: &Value) -> String {
    code(&excerpt(&value.to_string(), 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_that_moved_gets_the_words_that_it_lacks() {
        let old = json!({"type": "object", "description": "A.", "properties": {
            "a": {"type": "string", "description": "Of a."}, "b": {"type": "string", "description": "Of b."},
            "c": {"type": "string", "enum": ["x", "y"], "x-enumDescriptions": {"x": "X.", "y": "Y."}}}});
        let mut new = json!({"type": "object", "properties": {
            "a": {"type": "string"}, "b": {"type": "string", "description": "By a person."},
            "c": {"type": "string", "enum": ["x", "z"], "x-enumDescriptions": {"z": "Z."}}, "d": {"type": "string"}}});
        fill(&old, &mut new);
        assert_eq!(new["description"], "A.");
        assert_eq!(new["properties"]["a"]["description"], "Of a.");
        assert_eq!(new["properties"]["b"]["description"], "By a person.");
        assert_eq!(new["properties"]["c"]["x-enumDescriptions"], json!({"x": "X.", "z": "Z."}));
        assert_eq!(new["properties"]["d"].get("description"), None);
    }

    #[test]
    fn a_changed_fact_is_named() {
        let (old, new) = (json!({"maxLength": 5, "nullable": true}), json!({"maxLength": 6, "format": "x"}));
        let facts = |value: &Value| value.as_object().unwrap().clone();
        let (old, new) = (facts(&old), facts(&new));
        assert_eq!(
            changed_facts(&super::facts(&old), &super::facts(&new)),
            ["`format` is new: `\"x\"`", "`maxLength` was `5` and is `6`", "`nullable` is gone: it was `true`"]
        );
    }

    /// Puts two versions of a property into documents, and returns the kept property and the reasons for a review.
    fn kept(old: &Value, new: &Value) -> (Value, Vec<Reason>) {
        let document = |property: &Value| json!({"schemas": {"a": {"type": "object", "properties": {"p": property}}}});
        let mut new = document(new);
        let reviews = keep(&document(old), &mut new);
        (new["schemas"]["a"]["properties"]["p"].take(), reviews.iter().map(|review| review.reason).collect())
    }

    #[test]
    fn a_description_stays_unless_the_kind_changed() {
        let string = json!({"type": "string", "description": "ours"});
        for (new, stays, reviews) in [
            (json!({"type": "string"}), true, vec![]),
            (json!({"type": "string", "nullable": true}), true, vec![Reason::Changed]),
            (json!({"type": "string", "maxLength": 9}), true, vec![Reason::Changed]),
            (json!({"type": "string", "enum": ["x"]}), true, vec![]),
            (json!({"anyOf": [{"type": "string"}, {"enum": [""]}]}), true, vec![Reason::Changed]),
            (json!({"type": "integer"}), false, vec![Reason::OtherKind]),
            (json!({"type": "array", "items": {"type": "string"}}), false, vec![Reason::OtherKind]),
            (json!({"$ref": "#/components/schemas/b"}), false, vec![Reason::OtherKind]),
        ] {
            let mut theirs = new.clone();
            theirs["description"] = "theirs".into();
            let (kept, found) = kept(&string, &theirs);
            assert_eq!(kept.get("description"), stays.then_some(&json!("ours")), "{new}");
            assert_eq!(found, reviews, "{new}");
        }
        let reference = json!({"$ref": "#/components/schemas/b", "description": "ours"});
        let nullable = json!({"anyOf": [{"$ref": "#/components/schemas/b"}], "nullable": true});
        assert_eq!(kept(&reference, &nullable).0["description"], "ours");
        let seconds = json!({"type": "integer", "format": "unix-time", "description": "ours"});
        assert_eq!(kept(&seconds, &json!({"type": "integer"})).1, [Reason::OtherKind]);
    }

    #[test]
    fn a_new_value_leaves_the_words_of_the_others() {
        let old = json!({"type": "string", "enum": ["a", "b"], "description": "ours", "x-enumDescriptions": {"a": "A.", "b": "B."}});
        let (kept, reviews) = kept(&old, &json!({"type": "string", "enum": ["b", "c"], "description": "theirs"}));
        assert_eq!(kept["x-enumDescriptions"], json!({"b": "B."}));
        assert_eq!(kept["description"], "ours");
        assert!(reviews.is_empty(), "{reviews:?}");
    }

    #[test]
    fn a_parameter_is_known_by_its_name() {
        let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
        let mut ours = parameter("b");
        ours["description"] = "ours".into();
        let mut new = json!({"parameters": [parameter("a"), parameter("b")]});
        assert_eq!(keep(&json!({"parameters": [ours]}), &mut new), []);
        assert_eq!(new["parameters"][1]["description"], "ours");
        assert_eq!(new["parameters"][0].get("description"), None);
    }

    #[test]
    fn a_new_response_has_an_empty_description() {
        let mut new =
            json!({"responses": {"200": {"description": "theirs"}, "default": {"$ref": "#/components/responses/a"}}});
        keep(&Value::Null, &mut new);
        let expected =
            json!({"responses": {"200": {"description": ""}, "default": {"$ref": "#/components/responses/a"}}});
        assert_eq!(new, expected);
    }

    #[test]
    fn what_is_gone_is_told_with_its_words() {
        let schemas = |key: &str| json!({"schemas": {key: {"type": "object", "properties": {"description": {"type": "string", "description": "ours"}}}}});
        let mut new = schemas("renamed");
        let mut old = schemas("named");
        old["schemas"]["named"]["properties"]["description"]["x-enumDescriptions"] = json!({"a": "A."});
        let reviews = keep(&old, &mut new);
        assert_eq!(new["schemas"]["renamed"]["properties"]["description"], json!({"type": "string"}));
        let pointer = Pointer::default().child("schemas").child("named").child("properties").child("description");
        let value = pointer.child("x-enumDescriptions").child("a");
        let gone = |pointer, text: &str| Review {
            pointer,
            description: text.to_owned(),
            reason: Reason::Gone,
            facts: Vec::new(),
        };
        assert_eq!(reviews, [gone(pointer, "ours"), gone(value, "A.")]);
    }
}
