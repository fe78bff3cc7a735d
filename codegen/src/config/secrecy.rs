//! Which values have to be decided on, by their names.

use std::cell::OnceCell;

use heck::ToSnakeCase;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::rust::naming::singular;

/// Which values have to be in `sensitive` or `public`, of whatever type they are:
///
/// - a field or a parameter whose name matches a pattern;
/// - the id, the texts and the numbers of an object whose component schema is called so: of `token` if `*token*` is a pattern;
/// - a reference to such an object, since it holds the id;
/// - the texts and the numbers of an object that has one of [`members`](Self::members): an object with a `line1` is an address, in a
///   response or a parameter, under any name;
/// - a text, a number, an amount or any JSON of a response beside a value that is sensitive, or may be by the rules above. An id,
///   an enum, a boolean, a time and an object beside it need no row: their types say what they are;
/// - a parameter that sends what the response of its operation hides: it has the name, and inside a parameter the path, of a value
///   that is sensitive, or may be by the rules above, in the object that is returned or in the elements of the list. If what is
///   left of a deleted object is returned, the resource of the operation counts instead. `starting_after` and `ending_before` send
///   an `id`.
///
/// What is inside a sensitive value of a response is hidden with it, and needs no row. A nested parameter does: a program can print
/// it before it is inside another one.
///
/// In the document of a release, a value without a row is an error, unless [`undecided`](Self::undecided) says otherwise. In
/// another one, it is secret by all rules but that of neighbours, except for the id of an object that references lead to, which is in their
/// JSON as well. So is any JSON of a response, in which anything can be; the parameter of its name is not, if it has members of its
/// own. By its name, a boolean or an enum is secret there only if the name ends with what matches: `legal_gender` is one, and
/// `address_check` is the result of a check. [`harmless`](Self::harmless) says what else is not.
///
/// What is left of a deleted object is printed: its id leads to nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrecy {
    /// Patterns of names, matched word by word: `*key*` matches `api_keys`, `account_number` matches `raw_account_numbers`.
    /// In a word, `*` is any text. Behind `/` is the pattern of a whole name in something whose name ends with what is before it:
    /// `header/value` matches the `value` of a `request_header`, in a response or a parameter, and `*/body` any `body`.
    #[serde(deserialize_with = "patterns")]
    pub patterns: Vec<String>,
    /// Names of members that make all of an object sensitive.
    #[serde(default)]
    pub members: Vec<String>,
    /// Patterns of what is no secret although one of `patterns` matches, where nobody is asked: of the end of a name, or, with `/`,
    /// as in `patterns`. `bank_name` is that of a bank, also as `other_bank_name`; with `coupon/name`, the `name` of a coupon is no
    /// person's.
    #[serde(default, deserialize_with = "patterns")]
    pub harmless: Vec<String>,
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
    let is_wrong = |pattern: &&String| {
        pattern.chars().all(|c| matches!(c, '*' | '_' | '/')) || pattern.matches('*').count() > MAX_STARS
    };
    match patterns.iter().find(is_wrong) {
        Some(pattern) => {
            let reason = format!("the pattern {pattern:?} has no letter, or more than {MAX_STARS} `*`");
            Err(D::Error::custom(reason))
        }
        None => Ok(patterns),
    }
}

impl Secrecy {
    /// Returns what a name matches, as it is or in snake case: `clientSecret` and `Client-Secret` as well as `client_secret`.
    pub(crate) fn matches<'s>(&'s self, name: &str) -> Matches<'s> {
        // A name with a `/` is that of a place as well.
        let words = spellings(split(name).1, &Matches::SEPARATORS);
        let texts = |patterns: &'s [String]| patterns.iter().map(String::as_str);
        let is_candidate = |pattern: &&str| match pattern.split_once('/') {
            Some((_, name)) => is_like(name, &words, is_whole),
            None => is_like(pattern, &words, is_end),
        };
        Matches {
            pattern: self.find(name, &['_'], is_within),
            in_owner: texts(&self.patterns).filter(|pattern| pattern.contains('/')).filter(is_candidate).collect(),
            harmless: texts(&self.harmless).filter(is_candidate).collect(),
        }
    }

    /// Returns the first pattern that the end of a component key matches, which says what the schema is: `customer_address` is an
    /// address, and `address_check` is not.
    pub(crate) fn pattern_of_kind(&self, key: &str) -> Option<&str> {
        self.find(key, &['_', '.'], is_end)
    }

    /// Whether a value at a place is secret by its name, whatever its type.
    pub fn covers(&self, place: &str) -> bool {
        let (owner, name) = split(place);
        let matches = self.matches(name);
        (self.pattern_of_kind(name).is_some() || matches.pattern_in(owner).is_some()) && !matches.is_harmless_in(owner)
    }

    /// Returns the first pattern of which the parts match the words of a name, as it is or in snake case.
    fn find(&self, name: &str, separators: &[char], is_match: impl Fn(&[&str], &[Word]) -> bool) -> Option<&str> {
        let spellings = spellings(name, separators);
        let mut patterns = self.patterns.iter().filter(|pattern| !pattern.contains('/'));
        patterns.find(|pattern| is_like(pattern, &spellings, &is_match)).map(String::as_str)
    }
}

/// Splits a place into what its last name is in, and that name.
pub(crate) fn split(place: &str) -> (&str, &str) {
    place.rsplit_once('/').unwrap_or(("", place))
}

/// What a name matches. The same names come again and again, in other places.
#[derive(Clone)]
pub(crate) struct Matches<'s> {
    /// The first pattern that the name matches wherever it is.
    pub(crate) pattern: Option<&'s str>,
    /// The patterns with a `/` that it matches, if what it is in matches as well.
    in_owner: Vec<&'s str>,
    /// The same for what is harmless. Those without a `/` match wherever it is.
    harmless: Vec<&'s str>,
}

impl<'s> Matches<'s> {
    const SEPARATORS: [char; 3] = ['_', '.', '/'];

    /// Returns the first pattern with a `/` that matches the name in its owner.
    pub(crate) fn pattern_in(&self, owner: &str) -> Option<&'s str> {
        Self::first_in(&self.in_owner, owner)
    }

    /// Whether the name in its owner is that of a value that is [`harmless`](Secrecy::harmless).
    pub(crate) fn is_harmless_in(&self, owner: &str) -> bool {
        Self::first_in(&self.harmless, owner).is_some()
    }

    fn first_in(candidates: &[&'s str], owner: &str) -> Option<&'s str> {
        let words = OnceCell::new();
        let is_owner = |end: &str| is_like(end, words.get_or_init(|| spellings(owner, &Self::SEPARATORS)), is_end);
        let is_match = |pattern: &&str| pattern.split_once('/').is_none_or(|(end, _)| is_owner(end));
        candidates.iter().copied().find(is_match)
    }
}

/// A word of a name.
struct Word {
    text: String,
    singular: String,
}

/// The words of a name, as it is and in snake case.
fn spellings(name: &str, separators: &[char]) -> Vec<Vec<Word>> {
    let word = |text: &str| Word { text: text.to_owned(), singular: singular(text) };
    let words = |name: &str| name.split(separators).map(word).collect();
    let snake = name.to_snake_case();
    if snake == name { vec![words(name)] } else { vec![words(name), words(&snake)] }
}

/// Whether the parts of a pattern match the words of one of the spellings.
fn is_like(pattern: &str, spellings: &[Vec<Word>], is_match: impl Fn(&[&str], &[Word]) -> bool) -> bool {
    let parts: Vec<_> = pattern.split('_').collect();
    spellings.iter().any(|words| is_match(&parts, words))
}

/// Whether all words match the parts of a pattern.
fn is_whole(parts: &[&str], words: &[Word]) -> bool {
    parts.len() == words.len() && are_glob_matches(parts, words)
}

/// Whether the last words match the parts of a pattern.
fn is_end(parts: &[&str], words: &[Word]) -> bool {
    words.windows(parts.len()).next_back().is_some_and(|run| are_glob_matches(parts, run))
}

/// Whether some words in a row match the parts of a pattern.
fn is_within(parts: &[&str], words: &[Word]) -> bool {
    words.windows(parts.len()).any(|run| are_glob_matches(parts, run))
}

/// Whether each word, or its singular, matches its pattern.
fn are_glob_matches(patterns: &[&str], words: &[Word]) -> bool {
    let is_match =
        |(pattern, word): (&&str, &Word)| is_glob_match(pattern, &word.text) || is_glob_match(pattern, &word.singular);
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
    fn patterns_match_words_however_they_are_spelled() {
        let patterns = ["*token*", "account_number", "ip", "a*b*c", "coupon/name"].map(str::to_owned).to_vec();
        let secrecy = Secrecy { patterns, members: Vec::new(), harmless: Vec::new(), undecided: Undecided::Refused };
        for (name, pattern) in [
            ("aXbYc", Some("a*b*c")),
            ("aXcYb", None),
            ("accessToken", Some("*token*")),
            ("APIToken", Some("*token*")),
            ("client.IP", Some("ip")),
            ("account number", Some("account_number")),
            ("", None),
        ] {
            assert_eq!(secrecy.matches(name).pattern, pattern, "{name}");
        }
        assert_eq!(secrecy.pattern_of_kind("apps.tokens"), Some("*token*"));
        for place in ["shop.coupon/name", "CreateShopCoupon/name", "CreateCheckout/coupons/name"] {
            let (owner, name) = split(place);
            assert_eq!(secrecy.matches(name).pattern_in(owner), Some("coupon/name"), "{place}");
        }
    }
}
