//! The texts of a document by place, to notice that what one of them says changed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Pointer;
use crate::openapi::keys::{holds_names, is_prose};

/// A description as the document has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'d> {
    /// Its place in this document.
    pub pointer: Pointer,
    /// The text.
    pub text: &'d str,
}

/// Returns the descriptions of a document by place. The place of a parameter has its name instead of its index, which another
/// parameter changes.
pub fn texts(document: &Value) -> BTreeMap<String, Text<'_>> {
    let mut texts = BTreeMap::new();
    visit(document, &Pointer::default(), &Pointer::default(), false, &mut texts);
    texts
}

fn visit<'d>(
    value: &'d Value,
    pointer: &Pointer,
    place: &Pointer,
    names: bool,
    texts: &mut BTreeMap<String, Text<'d>>,
) {
    match value {
        Value::Object(members) => {
            let text = members.get("description").and_then(Value::as_str).filter(|text| !names && !text.is_empty());
            if let Some(text) = text {
                texts.insert(place.as_str().to_owned(), Text { pointer: pointer.clone(), text });
            }
            for (name, member) in members.iter().filter(|(name, _)| names || !is_prose(name)) {
                let names = !names && holds_names(name);
                visit(member, &pointer.child(name), &place.child(name), names, texts);
            }
        }
        Value::Array(elements) => {
            for (i, element) in elements.iter().enumerate() {
                let name = element.get("name").and_then(Value::as_str).filter(|_| element.get("in").is_some());
                let place = name.map_or_else(|| place.index(i), |name| place.child(name));
                visit(element, &pointer.index(i), &place, false, texts);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_parameter_keeps_its_place_when_another_one_comes() {
        let parameter = |name: &str| json!({"name": name, "in": "query", "description": format!("Of {name}.")});
        let old = json!({"parameters": [parameter("b")]});
        let new = json!({"parameters": [parameter("a"), parameter("b")]});
        assert_eq!(texts(&old)["/parameters/b"].text, texts(&new)["/parameters/b"].text);
        assert_eq!(texts(&new)["/parameters/b"].pointer.as_str(), "/parameters/1");
    }

    #[test]
    fn a_property_named_description_is_no_text() {
        let schema = json!({"properties": {"description": {"type": "string", "description": "Of it."}}});
        assert_eq!(texts(&schema).keys().collect::<Vec<_>>(), ["/properties/description"]);
    }
}
