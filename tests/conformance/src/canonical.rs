//! The canonical form of a request: requests that mean the same are equal in it.
//!
//! It is stricter than a server: a part that is not properly encoded is an error.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use stripe_financial_connections::Request;

use super::Problem;

/// Parameters by their decoded key. A repeated key has several values, in the order of the request.
pub type Parameters = BTreeMap<String, Vec<String>>;

/// A request in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The method.
    pub method: String,
    /// The decoded segments of the path. An encoded slash is part of a segment; a plain one separates two.
    pub path: Vec<String>,
    /// The parameters in the query. An empty query equals an absent one.
    pub query: Parameters,
    /// The parameters in the body of a form. An empty body equals an absent one.
    pub body: Parameters,
    /// The body below `/v2/`.
    pub json: Option<Value>,
}

impl Canonical {
    /// Reads a request as sent.
    ///
    /// # Errors
    /// If a part of it is not properly encoded.
    pub fn new(method: &str, path: &str, query: Option<&str>, body: &str) -> Result<Self, Problem> {
        let path =
            path.strip_prefix('/').ok_or_else(|| Problem::new(format!("the path `{path}` has no slash in front")))?;
        let (form, json) = if path.starts_with("v2/") && !body.is_empty() {
            ("", Some(serde_json::from_str(body).map_err(|error| Problem::from(error).at("the body"))?))
        } else {
            (body, None)
        };
        Ok(Self {
            method: method.to_owned(),
            // A plus is a plus: only a form takes it for a space.
            path: path.split('/').map(decode).collect::<Result<_, _>>()?,
            query: parameters(query.unwrap_or_default()).map_err(|problem| problem.at("the query"))?,
            body: parameters(form).map_err(|problem| problem.at("the body"))?,
            json,
        })
    }

    /// Reads a request of this crate.
    ///
    /// # Errors
    /// If a part of it is not properly encoded.
    pub fn of(request: &Request) -> Result<Self, Problem> {
        Self::new(request.method().as_str(), request.path(), request.query(), request.body().unwrap_or_default())
    }

    /// Lists the differences to another request, a line for each part.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut part = |name: &str, ours: String, theirs: String| {
            if ours != theirs {
                lines.push(format!("{name}: expected {ours}, sent {theirs}"));
            }
        };
        part("method", self.method.clone(), other.method.clone());
        part("path", format!("{:?}", self.path), format!("{:?}", other.path));
        let [ours, theirs] =
            [self, other].map(|of| of.json.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string));
        part("JSON", ours, theirs);
        for (place, ours, theirs) in [("query", &self.query, &other.query), ("body", &self.body, &other.body)] {
            let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            let values =
                |of: &Parameters, key| of.get(key).map_or("nothing".to_owned(), |values| format!("{values:?}"));
            for key in keys {
                part(&format!("{place}, {key:?}"), values(ours, key), values(theirs, key));
            }
        }
        lines
    }

    /// Returns the parameters: in the body of a `POST`, otherwise in the query.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        if self.method == "POST" { &mut self.body } else { &mut self.query }
    }
}

/// Reads a form, in which a plus and `%20` both mean a space.
fn parameters(form: &str) -> Result<Parameters, Problem> {
    let mut parameters = Parameters::new();
    for pair in form.split('&').filter(|_| !form.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| Problem::new(format!("`{pair}` has no `=`")))?;
        let key = decode(&key.replace('+', " "))?;
        parameters.entry(key).or_default().push(decode(&value.replace('+', " "))?);
    }
    Ok(parameters)
}

fn decode(text: &str) -> Result<String, Problem> {
    let stray = text.split('%').skip(1).any(|rest| {
        let digits = rest.as_bytes().get(..2);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if stray {
        return Err(Problem::new(format!("`{text}` has a `%` that encodes nothing")));
    }
    // A space is what is left of a plus.
    if let Some(character) = text.chars().find(|&c| !c.is_ascii_graphic() && c != ' ') {
        return Err(Problem::new(format!("`{}` holds {character:?} as it is", text.escape_debug())));
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(error) => Err(Problem::new(format!("`{text}` encodes no UTF-8: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, query: Option<&str>) -> Result<Canonical, Problem> {
        Canonical::new("GET", path, query, "")
    }

    #[test]
    fn an_encoded_slash_is_no_slash() {
        assert_eq!(get("/a%2Fb/c", None).unwrap().path, ["a/b", "c"]);
        assert_ne!(get("/a%2Fb", None), get("/a/b", None));
        assert_ne!(get("/a%2Fb", None), get("/a%252Fb", None));
        assert_eq!(get("/a%2fb", None), get("/%61%2Fb", None));
        assert_eq!(get("/a/", None).unwrap().path, ["a", ""]);
    }

    #[test]
    fn a_plus_is_a_space_in_forms_only() {
        assert_eq!(get("/", Some("a=b+c")), get("/", Some("a=b%20c")));
        assert_ne!(get("/", Some("a=b+c")), get("/", Some("a=b%2Bc")));
        assert_ne!(get("/b+c", None), get("/b%20c", None));
        assert_eq!(get("/b+c", None), get("/b%2Bc", None));
    }

    #[test]
    fn the_order_of_keys_does_not_matter_but_all_else_does() {
        assert_eq!(get("/", Some("a=1&b=2")), get("/", Some("b=2&a=1")));
        assert_eq!(get("/", Some("a[0]=1")), get("/", Some("a%5B0%5D=1")));
        assert_ne!(get("/", Some("a[0]=1&a[1]=2")), get("/", Some("a[0]=2&a[1]=1")));
        assert_ne!(get("/", Some("a=1&a=1")), get("/", Some("a=1")));
        assert_ne!(get("/", Some("a=1&a=2")), get("/", Some("a=2&a=1")));
        assert_ne!(get("/", Some("a=")), get("/", None));
        assert_eq!(get("/", Some("")), get("/", None));
    }

    #[test]
    fn a_difference_names_the_parts_that_differ() {
        let [ours, theirs] = ["a=1&b=2&c=3", "b=2&c=4&d=&d="].map(|query| get("/x", Some(query)).unwrap());
        assert_eq!(ours.differences(&ours), [""; 0]);
        assert_eq!(
            ours.differences(&theirs),
            [
                "query, \"a\": expected [\"1\"], sent nothing",
                "query, \"c\": expected [\"3\"], sent [\"4\"]",
                "query, \"d\": expected nothing, sent [\"\", \"\"]",
            ]
        );
        let theirs = Canonical { method: "POST".to_owned(), path: Vec::new(), ..ours.clone() };
        assert_eq!(ours.differences(&theirs), ["method: expected GET, sent POST", "path: expected [\"x\"], sent []"]);
    }

    #[test]
    fn what_is_not_encoded_properly_is_an_error() {
        for path in ["", "a", "/%", "/%4", "/%zz", "/%ff", "/ä", "/\n", "/%C3", "/%\u{e9}x"] {
            get(path, None).unwrap_err();
        }
        for query in ["a", "a=1&", "&", "a=%", "a=\0", "%ff=1"] {
            get("/", Some(query)).unwrap_err();
        }
    }
}
