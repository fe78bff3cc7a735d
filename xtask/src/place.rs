//! The line of a place in a document.

use codegen::Pointer;
use saphyr::{LoadableYamlNode, MarkedYamlOwned, YamlDataOwned};

/// The places of a document in YAML; none if it is not YAML.
#[derive(Default)]
pub(crate) struct Places(Option<MarkedYamlOwned>);

impl Places {
    /// Reads the text of a document.
    pub(crate) fn new(yaml: &str) -> Self {
        Self(MarkedYamlOwned::load_from_str(yaml).ok().and_then(|documents| documents.into_iter().next()))
    }

    /// Returns the line, from 1, of the key or the element that a pointer names, or of the nearest parent if the place is missing.
    pub(crate) fn line_of(&self, pointer: &Pointer) -> usize {
        let (mut line, mut node) = (1, self.0.as_ref());
        for token in pointer.tokens() {
            let next = match node.map(|node| &node.data) {
                Some(YamlDataOwned::Mapping(members)) => {
                    members.iter().find(|(key, _)| key.data.as_str() == Some(&*token))
                }
                Some(YamlDataOwned::Sequence(elements)) => {
                    token.parse().ok().and_then(|at: usize| elements.get(at)).map(|element| (element, element))
                }
                _ => None,
            };
            let Some((at, inside)) = next else { break };
            (line, node) = (at.span.start.line(), Some(inside));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_on_the_line_of_its_key_or_its_element() {
        let yaml =
            "# About.\n\ninfo:\n  'it''s: b': 1\n  '200':\n  - one\n  - in: path\n    enum:\n    - ''\n    - two\n";
        for (pointer, line) in [
            ("", 1),
            ("/info", 3),
            ("/info/it's: b", 4),
            ("/info/200/0", 6),
            ("/info/200/1", 7),
            ("/info/200/1/in", 7),
            ("/info/200/1/enum/0", 9),
            ("/info/200/1/enum/1", 10),
            ("/info/200/2/enum", 5),
            ("/paths", 1),
        ] {
            assert_eq!(Places::new(yaml).line_of(&Pointer::parse(pointer)), line, "{pointer}");
        }
    }
}
