//! A valid JSON of each model, for the tests of other crates: every field is set, each to a value that says what it is.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Field, Type};

/// An object of the model `name`. What leads back to where it is, is left out.
pub(crate) fn sample(api: &Api, name: &str) -> Value {
    object(api, name, &mut Vec::new())
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
            None if field.required => drop(members.insert(field.wire.clone(), Value::Null)),
            None => {}
        }
    }
    inside.pop();
    members.into()
}

/// A value of a type; none where it would lead back to a model that it is inside of.
fn value<'a>(api: &'a Api, field: &'a Field, ty: &'a Type, inside: &mut Vec<&'a str>) -> Option<Value> {
    let kept = |name: &String| json!({ "id": "obj_123", "object": name });
    Some(match ty {
        Type::String => json!(field.wire),
        Type::Bool => json!(true),
        Type::Integer => json!(1),
        Type::Number => json!(0.5),
        Type::Timestamp => json!(1_234_567_890),
        Type::Amounts => json!({ "usd": 1 }),
        Type::Json => json!({}),
        Type::Id(_) | Type::Expandable(_) => json!("obj_123"),
        Type::Opaque => json!({ "id": "obj_123" }),
        Type::Deleted => json!({ "id": "obj_123", "object": "object", "deleted": true }),
        Type::Enum(name) => json!(api.enums.iter().find(|shown| shown.name == *name)?.variants.first()?.value),
        Type::Reference(name) => kept(&api.references.iter().find(|reference| reference.name == *name)?.object),
        Type::Model(name) if inside.contains(&name.as_str()) => return None,
        Type::Model(name) => object(api, name, inside),
        Type::Params(_) => return None,
        Type::Array(inner) => Value::Array(value(api, field, inner, inside).into_iter().collect()),
        Type::List(inner) => json!({
            "object": "list",
            "data": value(api, field, inner, inside).into_iter().collect::<Vec<_>>(),
            "has_more": false,
            "url": format!("/v1/{}", field.wire),
        }),
        Type::Map(inner) => json!({ "key": value(api, field, inner, inside)? }),
        Type::Clearable(inner) => value(api, field, inner, inside)?,
    })
}
