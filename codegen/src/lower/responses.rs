//! What a response says of its operation.

use std::collections::BTreeSet;

use openapiv3::{ReferenceOr, Responses, Schema, StatusCode};

use super::shapes::{constant_object, is_deleted, object};
use crate::select::{Parsed, Selection};

/// The media type of Stripe's responses.
pub(super) const JSON: &str = "application/json";

/// The schema of a response.
pub(super) fn schema<'r>(responses: &'r Responses, status: &str) -> Option<&'r ReferenceOr<Schema>> {
    let response = match status {
        "default" => responses.default.as_ref(),
        _ => responses.responses.get(&StatusCode::Code(200)),
    };
    let content = &response?.as_item()?.content;
    content.get(JSON).filter(|_| content.len() == 1)?.schema.as_ref()
}

/// The values of `object` of which the selection has a deleted form.
pub(super) fn deleted_kinds(parsed: &Parsed) -> BTreeSet<String> {
    let shapes = parsed.schemas.values().filter_map(|schema| object(schema.as_item()?));
    shapes.filter(|shape| is_deleted(shape)).filter_map(|shape| constant_object(&shape).map(str::to_owned)).collect()
}

/// How requests are authenticated: the names of the schemes that the document accepts.
pub(super) fn security(selection: &Selection) -> Vec<String> {
    let accepted = selection.value.get("security").and_then(|security| security.as_array());
    let names = accepted.into_iter().flatten().filter_map(|one| one.as_object()).flat_map(|one| one.keys().cloned());
    names.collect()
}
