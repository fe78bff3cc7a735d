//! Decodes and encodes random responses of every operation of a document, as its schemas allow them.

use std::fs;
use std::path::Path;

use conformance::random::Random;
use serde_json::{Map, Value, json};
use tests::corpus;

use super::Created;

/// Whatever Stripe's document allows is decoded, and encodes to the JSON that it comes from.
#[test]
#[ignore = "run by hand, with STRIPE_OPENAPI_DIR"]
fn no_response_of_a_whole_document_loses_anything() {
    const ROUNDS: usize = 20;
    let Some(directory) = corpus::directory() else { return };
    let document = directory.join(corpus::COMPOSED);
    let created = Created::new("responses", &document, &["all"]);

    let operations = &created.crates.files[Path::new("responses/second/src/generated/operations.md")];
    let operations = std::str::from_utf8(operations).expect("it is a text");
    let row = |row: &str| {
        let mut parts = row.strip_prefix("| [`")?.split('`');
        let (name, endpoint) = (parts.next()?, parts.nth(1)?);
        Some(format!("    ({endpoint:?}, read::<second::{name}>),\n"))
    };
    let rows: Vec<_> = operations.lines().filter_map(row).collect();
    assert!(rows.len() > 600, "{}", rows.len());
    let program = READ_RESPONSES.replace("// operations", &rows.concat());

    let text = fs::read_to_string(document).expect("it can be read");
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    let mut responses = Responses::new(&document);
    let lines: Vec<_> = (0..ROUNDS).flat_map(|_| responses.round()).collect();
    let created = created.with_programs(&[("read_responses.rs", &program)]).with("responses.txt", &lines.join("\n"));
    created.build(&["read_responses"]).ok();
    let printed = created.run("read_responses", &[]).ok();
    println!("{printed}");
    let read: usize = printed.split_whitespace().next().expect("it is a number").parse().expect("it is a number");
    assert!(read >= rows.len() * ROUNDS, "some operation has no response: {printed}");
}

/// Decodes and encodes each response that it is given.
const READ_RESPONSES: &str = r#"//! Decodes responses, and compares what they encode to with what they were.
use std::collections::BTreeMap;

use second::Operation;
use serde_json::Value;

fn read<O: Operation<Output: serde_core::Serialize>>(json: &str) -> String {
    match O::decode(json.as_bytes()) {
        Ok(output) => serde_json::to_string(&output).expect("it is encoded"),
        Err(error) => error.to_string(),
    }
}

const OPERATIONS: &[(&str, fn(&str) -> String)] = &[
    // operations
];

fn main() {
    let operations: BTreeMap<_, _> = OPERATIONS.iter().copied().collect();
    let mut read = 0;
    for line in include_str!("../../responses.txt").lines() {
        let (endpoint, response) = line.split_once('\t').expect("it has a tab");
        let Some(operation) = operations.get(endpoint) else { continue };
        let expected: Value = serde_json::from_str(response).expect("it is JSON");
        let encoded = operation(response);
        assert_eq!(serde_json::from_str(&encoded).ok(), Some(expected), "{endpoint}\n{response}\n{encoded}");
        read += 1;
    }
    println!("{read} responses encode to what they were decoded from");
}
"#;

/// Values in one response, after which only what is required follows. Schemas refer to themselves.
const ENOUGH: usize = 400;
/// Levels of a response, below which lists are empty and whatever can be null is null.
const DEPTH: usize = 7;

/// Writes random responses.
struct Responses<'a> {
    document: &'a Value,
    random: Random,
    values: usize,
}

impl<'a> Responses<'a> {
    fn new(document: &'a Value) -> Self {
        Self { document, random: Random(0x0052_6573_706f_6e73), values: 0 }
    }

    /// Returns a response for each operation that returns JSON: `GET /v1/customers/{customer}`, a tab, and the response.
    fn round(&mut self) -> Vec<String> {
        let document = self.document;
        let mut lines = Vec::new();
        for (path, item) in document["paths"].as_object().expect("it has paths") {
            for (method, operation) in item.as_object().expect("it is a path item") {
                let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
                if !schema.is_null() {
                    self.values = 0;
                    lines.push(format!("{} {path}\t{}", method.to_uppercase(), self.value(schema, 0)));
                }
            }
        }
        lines
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let document = self.document;
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').expect("it is of this document");
            return self.value(document.pointer(pointer).expect("it leads to a schema"), depth);
        }
        self.values += 1;
        if schema["nullable"] == true && (depth >= DEPTH || self.is_full() || self.random.chance(4)) {
            return Value::Null;
        }
        if let Some(alternatives) = schema["anyOf"].as_array() {
            // An id instead of its object.
            let flat = alternatives.iter().find(|alternative| alternative["type"] == "string");
            let one = match flat {
                Some(flat) if depth >= DEPTH / 2 || self.is_full() => flat,
                _ => &alternatives[self.random.below(alternatives.len() as u64) as usize],
            };
            return self.value(one, depth + 1);
        }
        match (schema["type"].as_str(), schema["enum"].as_array()) {
            (_, Some(values)) => values[self.random.below(values.len() as u64) as usize].clone(),
            (Some("string"), None) => self.text(schema["format"].as_str()).into(),
            (Some("integer"), _) => self.random.next_number().cast_signed().into(),
            // Any number that is not whole has one form only.
            (Some("number"), _) => (0.5 + self.random.below(1_000) as f64).into(),
            (Some("boolean"), _) => self.random.chance(2).into(),
            (Some("array"), _) => {
                let most = if depth >= DEPTH || self.is_full() { 1 } else { 4 };
                (0..self.random.below(most)).map(|_| self.value(&schema["items"], depth + 1)).collect()
            }
            (Some("object"), _) => self.object(schema, depth),
            (None, None) => json!({ "any": [null, 1.5, "x"] }),
            _ => panic!("not a schema that this knows: {schema}"),
        }
    }

    fn is_full(&self) -> bool {
        self.values > ENOUGH
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        if schema["additionalProperties"].is_object() && schema["properties"].is_null() {
            for name in ["", "usd", "a name", "é\""].iter().take(self.random.below(5) as usize) {
                object.insert((*name).to_owned(), self.value(&schema["additionalProperties"], depth + 1));
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
            if is_required || (!self.is_full() && self.random.below(DEPTH as u64) > depth as u64) {
                object.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        object.into()
    }

    fn text(&mut self, format: Option<&str>) -> String {
        match format {
            Some("date-time") => format!("2026-11-02T09:30:00.{:03}Z", self.random.below(1_000)),
            Some("int64") => self.random.next_number().cast_signed().to_string(),
            _ => self.random.pick(&["", "x", "123", "null", "a \"b\" \\ é\n😀", "2026-11-02", "cus_123"]).to_owned(),
        }
    }
}
