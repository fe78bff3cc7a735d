use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

fn context(schema: &Value, side: Side) -> Context<'_> {
    Context::new(schema.as_object().unwrap(), side, false)
}

#[test]
fn no_key_has_a_row_that_never_applies() {
    let mut always = BTreeSet::new();
    for row in ROWS {
        for key in row.keys() {
            let place = row.place.as_str();
            assert!(!always.contains(&(place, key)), "{key} of a {place}: a row above applies in any case");
            if row.when.is_empty() {
                always.insert((place, key));
            }
        }
    }
    assert!(ROWS.is_sorted_by_key(|row| row.place), "the rows of a place stand together");
}

/// The keys of schemas in OpenAPI 3.0 and 3.1, from the specifications.
const KEYWORDS: &str = "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems \
    minItems uniqueItems maxProperties minProperties required enum type allOf oneOf anyOf not items properties \
    additionalProperties description format default nullable discriminator readOnly writeOnly xml externalDocs example \
    deprecated $id $schema $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs prefixItems contains \
    patternProperties dependentSchemas propertyNames if then else unevaluatedItems unevaluatedProperties const \
    maxContains minContains dependentRequired contentEncoding contentMediaType contentSchema examples";

#[test]
fn every_keyword_has_a_fate_in_every_schema() {
    for schema in [
        json!({}),
        json!({"type": "string"}),
        json!({"type": "integer"}),
        json!({"type": "number"}),
        json!({"type": "boolean"}),
        json!({"type": "array", "items": {}}),
        json!({"type": "object", "properties": {"a": {}}}),
        json!({"anyOf": [{}]}),
        json!({"type": "widget"}),
    ] {
        for key in KEYWORDS.split_whitespace() {
            for value in [json!(true), json!(false), json!([]), json!({}), json!("a"), json!(1)] {
                let mut edited = schema.clone();
                edited[key] = value;
                for side in [Side::Request, Side::Response] {
                    assert!(row(Place::Schema, key, &context(&edited, side)).is_some(), "{key} in {edited}");
                }
            }
        }
    }
}

#[test]
fn a_key_that_nobody_knows_has_no_fate() {
    for place in [Place::Schema, Place::Operation, Place::Parameter, Place::PathItem, Place::Encoding, Place::Response]
    {
        assert_eq!(row(place, "x-unknown", &context(&json!({}), Side::Response)), None);
    }
}

#[test]
fn a_fate_depends_on_what_stands_beside_the_key() {
    let fate = |schema: Value, key: &str, side| row(Place::Schema, key, &context(&schema, side)).map(|row| row.fate);
    for (schema, key, request, response) in [
        (json!({"anyOf": [], "minimum": 1}), "minimum", Fate::Checked, Fate::Checked),
        (json!({"type": "string", "readOnly": true}), "readOnly", Fate::Refused, Fate::Ignored),
        (json!({"type": "string", "writeOnly": true}), "writeOnly", Fate::Ignored, Fate::Refused),
        (json!({"type": "string", "nullable": true}), "nullable", Fate::Used, Fate::Used),
        (json!({"anyOf": [], "properties": {}}), "properties", Fate::Refused, Fate::Refused),
        (json!({"enum": ["a"]}), "enum", Fate::Used, Fate::Used),
        (json!({"enum": ["a", 1]}), "enum", Fate::Refused, Fate::Refused),
        (
            json!({"properties": {"a": {}}, "additionalProperties": {}}),
            "additionalProperties",
            Fate::Refused,
            Fate::Refused,
        ),
        (json!({"properties": {}, "additionalProperties": {}}), "additionalProperties", Fate::Used, Fate::Used),
    ] {
        assert_eq!(fate(schema.clone(), key, Side::Request), Some(request), "{schema}");
        assert_eq!(fate(schema.clone(), key, Side::Response), Some(response), "{schema}");
    }
}
