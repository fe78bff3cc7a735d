//! What a value is where the document says only that it is a string or an integer, and a row says more.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Lookup, Row};
use crate::diagnostic::Collector;
use crate::ir::{Api, Field, ModelId, Type};
use crate::lower::limits::unit_note;
use crate::select::is_v2;

/// Gives fields and parameters the types that rows state. A row for a place or a resource that is not selected applies to
/// nothing, which [`Config::check_rows`](crate::Config::check_rows) reports.
pub(super) fn assign(api: &mut Api, lookup: &Lookup<'_>, problems: &mut Collector<'_>) {
    let ids = id_types(api);
    let mut rows: BTreeMap<&str, (Result<Type, &str>, Row)> = BTreeMap::new();
    for (place, resource, row) in lookup.ids() {
        if let Some(id) = ids.get(resource) {
            rows.insert(place, (id.clone().map(Type::Id), row));
        }
    }
    rows.extend(lookup.timestamps().map(|(place, row)| (place, (Ok(Type::Timestamp), row))));
    let operations: BTreeSet<_> =
        api.operations.iter().filter(|one| is_v2(&one.path)).map(|one| one.origin.place.clone()).collect();
    for field in api.fields_mut() {
        let Some((ty, row)) = rows.get(field.origin.place.as_str()) else { continue };
        let is_v2 = |root: &str| operations.contains(root) || V2.iter().any(|key| root.starts_with(key));
        let retyped = match ty {
            Err(reason) => Err((*reason).to_owned()),
            Ok(ty) => retype(field, ty, is_v2),
        };
        let reason = match retyped {
            Ok(()) => {
                field.origin.rows.push(lookup.record(row.clone()));
                continue;
            }
            // The row is for other documents.
            Err(_) if !lookup.is_of_release() => continue,
            Err(reason) => reason,
        };
        lookup.record(row.clone());
        let reason = format!("the row {row} does not apply: {reason}");
        let help = format!("correct the place or the resource, or {}", lookup.removal(row));
        problems.report(&field.origin.pointer, reason, help);
    }
}

/// The types of ids by resource, or why it has none.
fn id_types(api: &Api) -> BTreeMap<String, Result<String, &'static str>> {
    let models = api.models.iter().map(|model| {
        let is_secret = model.fields.iter().any(|field| field.wire == "id" && field.is_secret);
        let id = match (&model.id, model.id.name()) {
            _ if is_secret => Err("the id of the resource is secret"),
            (ModelId::Required(_) | ModelId::Optional(_), Some(id)) => Ok(id.clone()),
            _ => Err("the resource has no type for its id"),
        };
        (model.origin.place.clone(), id)
    });
    let references = api.references.iter().map(|one| (one.origin.place.clone(), Ok(one.id.clone())));
    models.chain(references).collect()
}

/// What the keys of the schemas of `/v2` begin with: `v2.core.account`, and `v2_core_account_identity` in it.
const V2: [&str; 2] = ["v2.", "v2_"];

/// Changes what a field holds to the type of a row. A time is a number of seconds, or a text below `/v2/`.
fn retype(field: &mut Field, ty: &Type, is_v2: impl Fn(&str) -> bool) -> Result<(), String> {
    let place = &field.origin.place;
    let root = place.split_once('/').map_or(place.as_str(), |(root, _)| root);
    let ty = match (ty, field.ty.leaf()) {
        (Type::Timestamp, Type::Integer) => Type::Timestamp,
        (Type::Timestamp, Type::String) if is_v2(root) => Type::DateTime,
        (Type::Timestamp, Type::String) => {
            return Err("the value is a string, which is a time below `/v2/` only".to_owned());
        }
        (Type::Timestamp, Type::Timestamp | Type::DateTime) => {
            return Err("the document says already that the value is a time".to_owned());
        }
        (Type::Timestamp, _) => return Err("the value is neither an integer nor a string".to_owned()),
        (_, Type::String) => ty.clone(),
        (_, Type::Id(id)) => return Err(format!("the value is an id already, `{id}`")),
        _ => return Err("the value is not a string".to_owned()),
    };
    let docs = &mut field.origin.docs;
    docs.notes.extend(unit_note(&docs.text, &ty));
    *field.ty.leaf_mut() = ty;
    Ok(())
}
