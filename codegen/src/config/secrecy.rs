//! Which values have to be decided on, by their names.

use heck::ToSnakeCase;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::rust::naming::singular;

/// Which values have to be in `sensitive` or `public`, of whatever type they are:
///
/// - a field or a parameter whose name matches a pattern;
/// - the id, the texts and the numbers of an object whose component schema is called so: of `token` if `*token*` is a pattern;
/// - a reference to such an object, since it holds the id;
/// - a text, a number, an amount or any JSON of a response beside a value that is sensitive, or may be by the rules above. An
///   id, an enum, a boolean, a time and an object beside it need no row: their types say what they are.
///
/// What is inside a sensitive value is hidden with it, and needs no row. A parameter needs one only for its own name.
///
/// In the document of a release, a value without a row is an error, unless [`undecided`](Self::undecided) says otherwise. In another
/// one, it is secret by the first three rules, except for the id of an object that references lead to, which is in their JSON as
/// well; and so is any JSON of a response, in which anything can be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrecy {
    /// Patterns of names, matched word by word: `*key*` matches `api_keys`, `account_number` matches `raw_account_numbers`.
    /// In a word, `*` is any text.
    #[serde(deserialize_with = "patterns")]
    pub patterns: Vec<String>,
    /// What becomes of a value without a row in the document of a release.
    #[serde(default)]
    pub undecided: Undecided,
}

/// What becomes of a value that no row decides on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undecided {
    /// It is an error.
    #[default]
    Refused,
    /// It is secret if it matches a pattern.
    Secret,
}

/// The most `*` of a pattern: more of them match what nobody thought of.
const MAX_STARS: usize = 4;

/// Reads patterns, each of which says something.
fn patterns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let patterns = Vec::<String>::deserialize(deserializer)?;
    let is_wrong =
        |pattern: &&String| pattern.chars().all(|c| c == '*' || c == '_') || pattern.matches('*').count() > MAX_STARS;
    match patterns.iter().find(is_wrong) {
        Some(pattern) => {
            let reason = format!("the pattern {pattern:?} has no letter, or more than {MAX_STARS} `*`");
            Err(D::Error::custom(reason))
        }
        None => Ok(patterns),
    }
}

impl Secrecy {
    /// Returns the first pattern that a name matches, as it is or in snake case: `clientSecret` and `Client-Secret` as well as
    /// `client_secret`.
    pub(crate) fn pattern(&self, name: &str) -> Option<&str> {
        self.find(name, &['_'], |parts, words| words.windows(parts.len()).any(|run| are_glob_matches(parts, run)))
    }

    /// Returns the first pattern that the end of a component key matches, which says what the schema is: `customer_address` is an
    /// address, and `address_check` is not.
    pub(crate) fn pattern_of_kind(&self, key: &str) -> Option<&str> {
        self.find(key, &['_', '.'], |parts, words| {
            words.windows(parts.len()).next_back().is_some_and(|run| are_glob_matches(parts, run))
        })
    }

    /// Returns the first pattern of which the parts match the words of a name, as it is or in snake case.
    fn find(&self, name: &str, separators: &[char], is_match: impl Fn(&[&str], &[&str]) -> bool) -> Option<&str> {
        let snake = name.to_snake_case();
        let spellings: Vec<Vec<_>> = [name, &snake].map(|name| name.split(separators).collect()).into();
        let matches = |pattern: &&String| {
            let parts: Vec<_> = pattern.split('_').collect();
            spellings.iter().any(|words| is_match(&parts, words))
        };
        self.patterns.iter().find(matches).map(String::as_str)
    }
}

/// Whether each word, or its singular, matches its pattern.
fn are_glob_matches(patterns: &[&str], words: &[&str]) -> bool {
    let is_match =
        |(pattern, word): (&&str, &&str)| is_glob_match(pattern, word) || is_glob_match(pattern, &singular(word));
    patterns.iter().zip(words).all(is_match)
}

/// Whether `text` is `pattern`, in which `*` is any text.
fn is_glob_match(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*');
    let end = parts.next_back().unwrap_or_default();
    // The first place of each part leaves the most to the next one.
    for part in parts {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_words() {
        let patterns = ["*token*", "*key*", "account_number", "ip", "ssn*", "a*b*c"].map(str::to_owned).to_vec();
        let secrecy = Secrecy { patterns, undecided: Undecided::Refused };
        for (name, pattern) in [
            ("access_token", Some("*token*")),
            ("apikeys", Some("*key*")),
            ("raw_account_number", Some("account_number")),
            ("raw_account_numbers", Some("account_number")),
            ("client_ips", Some("ip")),
            ("account_holder_number", None),
            ("number", None),
            ("client_ip", Some("ip")),
            ("description", None),
            ("ssn_last_4", Some("ssn*")),
            ("aXbYc", Some("a*b*c")),
            ("aXcYb", None),
            ("accessToken", Some("*token*")),
            ("APIKey", Some("*key*")),
            ("client.IP", Some("ip")),
            ("account number", Some("account_number")),
            ("", None),
        ] {
            assert_eq!(secrecy.pattern(name), pattern, "{name}");
        }
        for (key, pattern) in [
            ("token", Some("*token*")),
            ("apps.tokens", Some("*token*")),
            ("bank_account_number", Some("account_number")),
            ("token_card", None),
            ("account_number_details", None),
            ("number", None),
        ] {
            assert_eq!(secrecy.pattern_of_kind(key), pattern, "{key}");
        }
    }
}
