//! The line of a place in a document that this project wrote.

use codegen::Pointer;

/// Returns the line, from 1, of the place that a pointer names in YAML as this project writes it: block style, two blanks
/// for each level, items at the level of their key. Returns the line of the nearest parent if the place is missing.
pub(crate) fn line_of(yaml: &str, pointer: &Pointer) -> usize {
    // A list item stands two levels deep, its dash being one of them.
    let lines: Vec<(usize, &str)> = yaml.lines().map(|line| (line.len() - line.trim_start().len(), line)).collect();
    let (mut start, mut end, mut indent) = (0, lines.len(), 0);
    let mut nearest = 0;
    // The blanks and dashes that lead the first line of a list item, which stand for indentation.
    let mut dashes = None;
    for token in pointer.tokens() {
        let own = |i: usize| {
            let (depth, line) = lines[i];
            let depth = if Some(i) == dashes { indent } else { depth };
            line.get(indent..).filter(|rest| depth == indent && !rest.is_empty() && !line.starts_with('#'))
        };
        let is_item = |i: usize| own(i).is_some_and(|rest| rest == "-" || rest.starts_with("- "));
        let is_list = (start..end).find(|i| own(*i).is_some()).is_some_and(is_item);
        let next = if is_list {
            let Ok(index) = token.parse::<usize>() else { break };
            (start..end).filter(|i| is_item(*i)).nth(index)
        } else {
            (start..end).find(|i| own(*i).and_then(key).is_some_and(|key| key == token))
        };
        let Some(next) = next else { break };
        nearest = next;
        let after = (next + 1..end).find(|i| {
            if is_list { is_item(*i) || own(*i).is_some() } else { own(*i).is_some_and(|rest| !rest.starts_with('-')) }
        });
        end = after.unwrap_or(end);
        if is_list {
            (start, dashes) = (next, Some(next));
            indent += 2;
        } else {
            start = next + 1;
            dashes = None;
            let first = lines[start.min(lines.len())..end].iter().find(|(_, line)| !line.is_empty());
            indent = first.map_or(indent, |(depth, _)| *depth);
        }
    }
    nearest + 1
}

/// Returns the key that a line starts with.
fn key(line: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix('\'') {
        let end = rest.rfind("':")?;
        return Some(rest[..end].replace("''", "'"));
    }
    if line.starts_with('"') {
        let end = line.rfind("\":")?;
        return serde_json::from_str(&line[..=end]).ok();
    }
    let end = if line.ends_with(':') { line.find(": ").unwrap_or(line.len() - 1) } else { line.find(": ")? };
    Some(line[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Every place of our own document is found, where its key or its dash stands.
    #[test]
    fn every_place_of_a_document_has_its_line() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        let mut count = 0;
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let yaml = std::fs::read_to_string(&path).unwrap();
            let json = codegen::document::to_json("document", &yaml).unwrap();
            let document: Value = serde_json::from_str(&json).unwrap();
            let (mut last, mut visited) = (0, 0);
            visit(&document, &Pointer::default(), &mut |pointer, value| {
                // Each one is found by itself, which takes its time; a fifth of them is enough.
                visited += 1;
                if visited % 5 != 0 {
                    return;
                }
                let line = line_of(&yaml, pointer);
                // Places are visited in the order of the text: their lines never go back.
                assert!(line >= last, "{pointer}: {line} is before {last}");
                last = line;
                let text = yaml.lines().nth(line - 1).unwrap();
                let token = pointer.tokens().next_back().unwrap();
                if token.parse::<usize>().is_err() {
                    assert!(text.contains(&token), "{pointer}: {text}");
                } else {
                    assert!(text.contains("- ") || text.contains(&token), "{pointer}: {text}");
                }
                if let Some(text_value) = value.as_str().filter(|value| !value.contains(['\n', '\'', '"'])) {
                    assert!(text.contains(text_value), "{pointer}: {text}");
                }
                count += 1;
            });
        }
        assert!(count > 500, "{count}");
    }

    fn visit(value: &Value, pointer: &Pointer, each: &mut impl FnMut(&Pointer, &Value)) {
        if !pointer.as_str().is_empty() {
            each(pointer, value);
        }
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| visit(member, &pointer.child(name), each));
            }
            Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(i, element)| visit(element, &pointer.index(i), each));
            }
            _ => {}
        }
    }
}
