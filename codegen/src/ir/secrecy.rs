//! Whether each string of a response is secret or public. One whose name or whose neighbours suggest a secret has to be
//! listed, so that a new field cannot print one unnoticed.

use super::{Api, Field, Type};
use crate::config::Lookup;
use crate::diagnostic::Collector;

/// Adds the rows of public strings to their fields, and reports the strings that are not decided.
pub(crate) fn decide(api: &mut Api, lookup: &Lookup<'_>, problems: &mut Collector<'_>) {
    for model in &mut api.models {
        let secret = model.fields.iter().find(|field| field.is_secret()).map(|field| field.wire.clone());
        for field in model.fields.iter_mut().filter(|field| is_text(field)) {
            let place = &field.origin.place;
            let public = lookup.public(place);
            let is_decided = public.is_some() || field.is_secret();
            if public.is_some() && field.is_secret() {
                let reason = format!("`codegen.toml` lists `{place}` under both `sensitive` and `public`");
                problems.report(&field.origin.pointer, reason, "delete one of the two rows");
            }
            field.origin.rows.extend(public);
            let Some(secrecy) = lookup.secrecy().filter(|_| !is_decided) else { continue };
            let suspicion = match (secrecy.pattern(&field.wire), &secret) {
                (Some(pattern), _) => format!("its name matches `{pattern}`"),
                (None, Some(secret)) => format!("`{secret}` beside it is sensitive"),
                (None, None) => continue,
            };
            let reason = format!("nothing decides whether the string `{place}` is secret, and {suspicion}");
            let row = lookup.row_for(place);
            let help = format!(
                "add the place to `codegen.toml`, to `sensitive` if `Debug` must not print it, or else to `public`: \
                 sensitive = [{row}] or public = [{row}]"
            );
            problems.report(&field.origin.pointer, reason, help);
        }
    }
}

/// Whether a field holds text that no type decides on: strings, or any JSON. An id, an enum and the URL of a list have types of
/// their own.
fn is_text(field: &Field) -> bool {
    matches!(field.ty.leaf(), Type::String | Type::Json)
}
