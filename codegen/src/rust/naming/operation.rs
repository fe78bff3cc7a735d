//! The names of operations: a verb, and the resource that it is done to.

use heck::ToUpperCamelCase;

use super::{identifier, plural, singular};
use crate::ir::Method;

/// What the name of an operation follows from.
#[derive(Debug)]
pub(crate) struct OperationFacts<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    /// The component schema of the resource that a response is or lists.
    pub(crate) resource: &'a str,
    pub(crate) type_name: &'a str,
    pub(crate) is_list: bool,
    pub(crate) is_search: bool,
}

/// The name of an operation by rule:
///
/// | request | name |
/// |---|---|
/// | `POST` to a collection | `CreateX` |
/// | `GET`, `POST`, `DELETE` of one object | `RetrieveX`, `UpdateX`, `DeleteX` |
/// | `GET` of a list, of search results | `ListXs`, `SearchXs` |
/// | `POST` or `DELETE` to a last segment that is an action | the segment, then X: `RefreshAccount` |
///
/// A last segment is an action if it is neither a plural nor the name of the resource of the response, or if the response is the
/// object in front of it. Without a response or an object in front, it names what is created.
///
/// X is the type of the resource if the path is the resource's own, which its key tells (`issuing.card` is under
/// `/v1/issuing/cards`); otherwise X is the path, in the singular: `/v1/customers/{customer}/sources` is `CustomerSource`.
pub(crate) fn operation_name(facts: &OperationFacts<'_>) -> Option<String> {
    let OperationFacts { method, path, resource, type_name, .. } = *facts;
    let mut segments: Vec<&str> = path_segments(path).collect();
    let last = segments.last().copied().unwrap_or_default();
    if facts.is_search && last == "search" {
        segments.pop();
    }
    let of_one = is_parameter(last);
    let is_below = segments.iter().any(|segment| is_parameter(segment));
    let is_action = !of_one
        && method != Method::Get
        && segments.len() > 1
        && (is_below || !resource.is_empty())
        && (!is_collection(facts, last) || is_done_to_response(facts, &segments));
    if is_action {
        segments.pop();
    }
    let noun = if resource_path(&segments) == resource.replace('.', "_") {
        type_name.to_owned()
    } else {
        resource_path(&segments).to_upper_camel_case()
    };
    let name = match method {
        _ if is_action => format!("{}{noun}", last.to_upper_camel_case()),
        _ if facts.is_search => format!("Search{}", plural(&noun)),
        _ if facts.is_list => format!("List{}", plural(&noun)),
        Method::Get => format!("Retrieve{noun}"),
        Method::Delete => format!("Delete{noun}"),
        // What is read at the same path is there already.
        Method::Post if of_one || is_below && is_singleton(facts, last) => format!("Update{noun}"),
        Method::Post => format!("Create{noun}"),
    };
    identifier(name)
}

/// The literal segments of a path, as the key of a resource at this path would be: a collection is in the singular, and what
/// only groups collections stays.
pub(crate) fn resource_path(segments: &[&str]) -> String {
    let mut words = Vec::new();
    for (at, segment) in segments.iter().enumerate().filter(|(_, segment)| !is_parameter(segment)) {
        let groups = segments.get(at + 1).is_some_and(|next| !is_parameter(next));
        words.push(if groups { (*segment).to_owned() } else { singular(segment) });
    }
    words.join("_")
}

/// The literal segments of a path, for what has no other name.
pub(crate) fn path_words(path: &str) -> String {
    resource_path(&path_segments(path).collect::<Vec<_>>())
}

/// The segments of a path. That of the version `v1` is in no name; others keep resources of one name apart.
pub(crate) fn path_segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_start_matches('/');
    path.strip_prefix("v1/").unwrap_or(path).split('/')
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// Whether the last segment is a collection of objects, and not an action.
fn is_collection(facts: &OperationFacts<'_>, last: &str) -> bool {
    singular(last) != last || names_resource(facts, last)
}

/// Whether the response is the object that the path names in front of the last segment: `POST` to
/// `/v1/setup_intents/{intent}/verify_microdeposits` returns the SetupIntent.
fn is_done_to_response(facts: &OperationFacts<'_>, segments: &[&str]) -> bool {
    let [before @ .., _] = segments else { return false };
    before.last().is_some_and(|segment| is_parameter(segment))
        && resource_path(before) == facts.resource.replace('.', "_")
}

fn names_resource(facts: &OperationFacts<'_>, last: &str) -> bool {
    let own = facts.resource.rsplit('.').next().unwrap_or_default();
    own == last || own.ends_with(&format!("_{last}"))
}

/// Whether the operation changes an object that is alone at its path.
fn is_singleton(facts: &OperationFacts<'_>, last: &str) -> bool {
    singular(last) == last && names_resource(facts, last)
}
