//! A plausible JSON of each model, for the tests of other crates. The configuration states values where the type of a field
//! alone would not give a plausible one: see [`Sample`](crate::config::Sample).

use serde_json::{Map, Value, json};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Field, Presence, Type};

/// The id of an object for which the configuration has none.
const ID: &str = "obj_123";
/// September 2026.
const TIMESTAMP: i64 = 1_790_000_000;
/// In the smallest unit of the currency.
const AMOUNT: i64 = 123_456;

/// Returns an object of the model `model_name` with every field set, without those that lead back to where they are, or
/// `None` if every such object would have to hold itself.
pub(crate) fn sample(api: &Api, model_name: &str) -> Option<Value> {
    object(api, model_name, &mut Vec::new())
}

/// Returns the places whose sample is not plausible, since no row gives a value: strings, which get the name of their field, and
/// ids of objects past the boundary, which are all alike.
pub fn implausible(api: &Api) -> Vec<(String, &Pointer)> {
    let is_listed = |place: &String| api.samples.contains_key(place);
    let fields = api.models.iter().flat_map(|model| &model.fields);
    let strings = fields.filter(|field| *field.ty.leaf() == Type::String && string(field) == field.wire);
    let strings = strings.map(|field| (field.origin.place.clone(), &field.origin.pointer));
    let ids = api.references.iter().map(|one| (format!("{}/id", one.origin.place), &one.origin.pointer));
    strings.chain(ids).filter(|(place, _)| !is_listed(place)).collect()
}

/// Returns an object of a model, or `None` if a required field leads back to a model that the object is inside of.
fn object<'a>(api: &'a Api, name: &'a str, inside: &mut Vec<&'a str>) -> Option<Value> {
    let model = api.model(name)?;
    inside.push(name);
    let constant = model.object.iter().map(|constant| ("object".to_owned(), json!(constant)));
    let mut members: Option<Map<_, _>> = Some(constant.collect());
    for field in &model.fields {
        let value = match api.samples.get(&field.origin.place) {
            Some(configured) => configured.clone(),
            None => value(api, field, &field.ty, inside),
        };
        let value = match value {
            None if !field.is_required() => continue,
            None if field.presence == Presence::Nullable => Some(Value::Null),
            value => value,
        };
        members = members.zip(value).map(|(mut members, value)| {
            members.insert(field.wire.clone(), value);
            members
        });
    }
    inside.pop();
    members.map(Value::Object)
}

/// A value of a type; none if it would lead back to a model that it is inside of.
fn value<'a>(api: &'a Api, field: &'a Field, ty: &'a Type, inside: &mut Vec<&'a str>) -> Option<Value> {
    Some(match ty {
        Type::String => json!(string(field)),
        Type::Bool => json!(false),
        Type::Integer => json!(1),
        Type::Number => json!(0.5),
        Type::Timestamp => json!(TIMESTAMP),
        Type::Amounts => json!({ "usd": AMOUNT }),
        Type::Json => json!({}),
        Type::Id(name) => json!(id_of_type(api, name)),
        Type::Expandable(inner) => json!(id_of_object(api, inner)),
        Type::Opaque => json!({ "id": ID }),
        Type::Deleted => json!({ "id": ID, "object": "object", "deleted": true }),
        Type::Enum(name) => json!(api.enumeration(name)?.variants.first()?.value),
        Type::Reference(name) => json!({ "id": id_of_object(api, ty), "object": api.reference(name)?.object }),
        Type::Model(name) if inside.contains(&name.as_str()) => return None,
        Type::Model(name) => object(api, name, inside)?,
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

/// The name of the field, or a URL if that is what the name says, within the length that Stripe allows.
fn string(field: &Field) -> String {
    let text = match field.wire == "url" || field.wire.ends_with("_url") {
        true => format!("https://example.com/{}", field.wire),
        false => field.wire.clone(),
    };
    text.chars().take(field.limits.max_length.unwrap_or(usize::MAX)).collect()
}

/// The id of the object that a type refers to: every reference to an object is to the same one.
fn id_of_object<'a>(api: &'a Api, ty: &Type) -> &'a str {
    let place = match ty {
        Type::Model(name) => api.model(name).map(|model| &model.origin.place),
        Type::Reference(name) => api.reference(name).map(|reference| &reference.origin.place),
        Type::Boxed(inner) => return id_of_object(api, inner),
        _ => None,
    };
    place.and_then(|place| api.samples.get(&format!("{place}/id"))?.as_ref()?.as_str()).unwrap_or(ID)
}

/// The same by the name of the id's type.
fn id_of_type<'a>(api: &'a Api, name: &str) -> &'a str {
    let model = api.models.iter().find(|model| model.id.name().is_some_and(|id| id == name));
    let reference = api.references.iter().find(|reference| reference.id == name);
    match (model, reference) {
        (Some(model), _) => id_of_object(api, &Type::Model(model.name.clone())),
        (None, Some(reference)) => id_of_object(api, &Type::Reference(reference.name.clone())),
        (None, None) => ID,
    }
}

fn page<'a>(api: &'a Api, object: &str, field: &'a Field, item: &'a Type, inside: &mut Vec<&'a str>) -> Value {
    let url = api.samples.get(&format!("{}/url", field.origin.place)).cloned().flatten();
    json!({
        "object": object,
        "data": value(api, field, item, inside).into_iter().collect::<Vec<_>>(),
        "has_more": false,
        "url": url.unwrap_or_else(|| json!(format!("/v1/{}", field.wire))),
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
        assert_eq!(sample(&api, "Account"), Some(json!({ "name": "name", "owner": page })));
    }

    #[test]
    fn a_configured_value_takes_the_place_of_that_of_the_type() {
        let mut api = api();
        let customer = optional("customer", Type::Expandable(boxed(Type::Reference("Customer".to_owned()))));
        let url = optional("return_url", Type::String);
        let used = optional("used", Type::Bool);
        let pages = field("pages", Type::List(boxed(Type::Timestamp)));
        let balance = field("balance", Type::Nullable(boxed(Type::Amounts)));
        api.references.push(reference("Customer", "customer"));
        api.models.push(model("Account", "account", [customer, url, used, pages, balance]));
        api.reindex();
        for (place, value) in [
            ("customer/id", json!("cus_1")),
            ("account/pages/url", json!("/v1/pages")),
            ("account/return_url", json!("a:b")),
        ] {
            api.samples.insert(place.to_owned(), Some(value));
        }
        api.samples.insert("account/used".to_owned(), None);
        let pages = json!({ "object": "list", "data": [TIMESTAMP], "has_more": false, "url": "/v1/pages" });
        let mut expected =
            json!({ "customer": "cus_1", "return_url": "a:b", "pages": pages, "balance": { "usd": AMOUNT } });
        assert_eq!(sample(&api, "Account"), Some(expected));
        api.samples.clear();
        let pages = json!({ "object": "list", "data": [TIMESTAMP], "has_more": false, "url": "/v1/pages" });
        expected = json!({
            "customer": ID, "return_url": "https://example.com/return_url", "used": false, "pages": pages,
            "balance": { "usd": AMOUNT },
        });
        assert_eq!(sample(&api, "Account"), Some(expected));
    }

    #[test]
    fn a_string_is_no_longer_than_stripe_allows() {
        let mut api = api();
        let mut country = field("country", Type::String);
        country.limits.max_length = Some(2);
        api.models.push(model("Filters", "filters", [country]));
        api.reindex();
        assert_eq!(sample(&api, "Filters"), Some(json!({ "country": "co" })));
    }
}
