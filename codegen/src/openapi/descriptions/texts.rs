//! The texts of a document by place, to notice that what one of them says changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::objects;
use crate::diagnostic::Pointer;

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
    let element = |i: usize, element: &Value| {
        let name = element.get("name").and_then(Value::as_str).filter(|_| element.get("in").is_some());
        name.map_or_else(|| i.to_string(), str::to_owned)
    };
    let texts = objects(document, element).into_iter().filter_map(|(place, (pointer, members))| {
        let text = members.get("description").and_then(Value::as_str).filter(|text| !text.is_empty())?;
        Some((place, Text { pointer, text }))
    });
    texts.collect()
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
