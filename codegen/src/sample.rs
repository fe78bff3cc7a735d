//! A valid JSON of each model, for the tests of other crates: every field is set, each to a value that tells what it is.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Field, Type};

/// The id of every object in a sample.
const ID: &str = "obj_123";

/// Returns an object of the model `model_name`. A field that leads back to the model that it is in is left out, or null.
pub(crate) fn sample(api: &Api, model_name: &str) -> Value {
    object(api, model_name, &mut Vec::new())
}

fn object<'a>(api: &'a Api, name: &'a str, inside: &mut Vec<&'a str>) -> Value {
    let Some(model) = api.model(name) else { return json!({}) };
    inside.push(name);
    let mut members = Map::new();
    if let Some(constant) = &model.object {
        members.insert("object".to_owned(), json!(constant));
    }
    for field in &model.fields {
        match value(api, field, &field.ty, inside) {
            Some(value) => drop(members.insert(field.wire.clone(), value)),
            None if field.is_required() => drop(members.insert(field.wire.clone(), Value::Null)),
            None => {}
        }
    }
    inside.pop();
    members.into()
}

/// A value of a type; none if it would lead back to a model that it is inside of.
fn value<'a>(api: &'a Api, field: &'a Field, ty: &'a Type, inside: &mut Vec<&'a str>) -> Option<Value> {
    Some(match ty {
        Type::String => json!(field.wire),
        Type::Bool => json!(true),
        Type::Integer => json!(1),
        Type::Number => json!(0.5),
        Type::Timestamp => json!(1_234_567_890),
        Type::Amounts => json!({ "usd": 1 }),
        Type::Json => json!({}),
        Type::Id(_) | Type::Expandable(_) => json!(ID),
        Type::Opaque => json!({ "id": ID }),
        Type::Deleted => json!({ "id": ID, "object": "object", "deleted": true }),
        Type::Enum(name) => json!(api.enumeration(name)?.variants.first()?.value),
        Type::Reference(name) => json!({ "id": ID, "object": api.reference(name)?.object }),
        Type::Model(name) if inside.contains(&name.as_str()) => return None,
        Type::Model(name) => object(api, name, inside),
        Type::Union(name) => {
            let first = api.union(name)?.alternatives.iter().find(|alternative| !alternative.is_deleted)?;
            value(api, field, &first.ty, inside)?
        }
        Type::Params(_) => return None,
        Type::Array(inner) => Value::Array(value(api, field, inner, inside).into_iter().collect()),
        Type::List(inner) => page(api, "list", field, inner, inside),
        Type::SearchResult(inner) => page(api, "search_result", field, inner, inside),
        Type::Map(inner) => json!({ "key": value(api, field, inner, inside)? }),
        Type::Clearable(inner)
        | Type::RangeOr(inner)
        | Type::Option(inner)
        | Type::Nullable(inner)
        | Type::Secret(inner)
        | Type::Boxed(inner) => value(api, field, inner, inside)?,
    })
}

fn page<'a>(api: &'a Api, object: &str, field: &'a Field, item: &'a Type, inside: &mut Vec<&'a str>) -> Value {
    json!({
        "object": object,
        "data": value(api, field, item, inside).into_iter().collect::<Vec<_>>(),
        "has_more": false,
        "url": format!("/v1/{}", field.wire),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Alternative;
    use crate::wire::testing::{alternative, api, boxed, field, model, optional, reference, union};

    #[test]
    fn a_union_is_its_first_alternative_that_is_not_deleted() {
        let mut api = api();
        let deleted = Alternative { is_deleted: true, ..alternative("Deleted", Type::Deleted) };
        let customer = alternative("Customer", Type::Reference("Customer".to_owned()));
        api.unions.push(union("Owner", [deleted, customer]));
        api.references.push(reference("Customer", "customer"));
        let owner = field("owner", Type::SearchResult(boxed(Type::Union("Owner".to_owned()))));
        let back = optional("parent", Type::Boxed(boxed(Type::Model("Account".to_owned()))));
        let secret = optional("name", Type::Secret(boxed(Type::String)));
        api.models.push(model("Account", "account", [owner, back, secret]));
        api.reindex();
        let owner = json!({ "id": ID, "object": "customer" });
        let page = json!({ "object": "search_result", "data": [owner], "has_more": false, "url": "/v1/owner" });
        assert_eq!(sample(&api, "Account"), json!({ "name": "name", "owner": page }));
    }
}
