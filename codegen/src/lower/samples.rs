//! The values that the configuration gives to fields of samples. A value that is not of the type of its field is not used: a
//! document that changes can still be compared and generated from.

use serde_json::Value;

use crate::config::Lookup;
use crate::ir::{Api, Field, Presence, Type};

/// Looks up the row of every field, and of every id of an object past the boundary.
pub(super) fn assign(api: &mut Api, lookup: &Lookup<'_>) {
    let is_string = |value: Option<&Value>| value.is_some_and(Value::is_string);
    let mut samples = Vec::new();
    let mut rows = Vec::new();
    for field in api.models.iter().flat_map(|model| &model.fields) {
        let place = &field.origin.place;
        let row = lookup.sample(place, |value| match value {
            Some(value) => is_of_type(api, field, field.ty.bare(), value),
            None => field.presence != Presence::Required,
        });
        samples.extend(row.as_ref().map(|(sample, _)| *sample));
        rows.push(row.map(|(_, used)| used));
        if matches!(field.ty.bare(), Type::List(_) | Type::SearchResult(_)) {
            samples.extend(lookup.sample(&format!("{place}/url"), is_string).map(|(sample, _)| sample));
        }
    }
    for reference in &api.references {
        samples.extend(lookup.sample(&format!("{}/id", reference.origin.place), is_string).map(|(sample, _)| sample));
    }
    api.samples = samples.into_iter().map(|sample| (sample.place.clone(), sample.value.clone())).collect();
    for (field, row) in api.models.iter_mut().flat_map(|model| &mut model.fields).zip(rows) {
        field.origin.rows.extend(row);
    }
}

/// Whether a value on the wire is of a type. Objects are not: their own fields have values.
fn is_of_type(api: &Api, field: &Field, ty: &Type, value: &Value) -> bool {
    match ty {
        Type::String => {
            value.as_str().is_some_and(|text| field.limits.max_length.is_none_or(|max| text.chars().count() <= max))
        }
        Type::Id(_) | Type::Expandable(_) => value.is_string(),
        Type::Enum(name) => api
            .enumeration(name)
            .is_some_and(|found| found.variants.iter().any(|variant| value.as_str() == Some(&variant.value))),
        Type::Bool => value.is_boolean(),
        Type::Integer | Type::Timestamp => value.is_i64(),
        Type::Int64String => value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        Type::DateTime => value.as_str().is_some_and(is_date_time),
        Type::Number => value.is_number(),
        Type::Amounts => value.as_object().is_some_and(|amounts| amounts.values().all(Value::is_i64)),
        Type::Json => true,
        Type::Array(inner) => {
            value.as_array().is_some_and(|items| items.iter().all(|item| is_of_type(api, field, inner.bare(), item)))
        }
        _ => false,
    }
}

/// Whether a text is a time to the millisecond, as Stripe sends it: `2026-09-21T14:13:20.125Z`.
fn is_date_time(text: &str) -> bool {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).eq("0000-00-00T00:00:00.000Z".chars())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Config;
    use crate::wire::testing::{boxed, enumeration, field, model, optional, reference};

    /// Whether a row applies to the one field of a model.
    fn applies(field: Field, row: &str) -> bool {
        let config = format!(
            "resource = []\nexpand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsample = [{{ place = \"a/b\"{row} }}]"
        );
        let config = Config::parse("codegen.toml", &config).unwrap();
        let lookup = Lookup::new(&config, None);
        let mut api = Api::default();
        api.enums.push(enumeration("Status", ["active", "inactive"]));
        api.references.push(reference("Customer", "customer"));
        api.models.push(model("A", "a", [field]));
        api.reindex();
        assign(&mut api, &lookup);
        let applies = api.samples.contains_key("a/b");
        assert_eq!(api.models[0].fields[0].origin.rows.len(), usize::from(applies));
        assert_eq!(lookup.into_used().len(), usize::from(applies));
        applies
    }

    #[test]
    fn a_value_is_of_the_type_of_its_field() {
        let of = |ty: Type| field("b", ty);
        let short = || {
            let mut field = of(Type::String);
            field.limits.max_length = Some(4);
            field
        };
        let status = || Type::Enum("Status".to_owned());
        for (field, good, bad) in [
            (of(Type::String), ", value = \"6789\"", ", value = 6789"),
            (short(), ", value = \"6789\"", ", value = \"67890\""),
            (of(Type::Secret(boxed(Type::String))), ", value = \"6789\"", ""),
            (of(status()), ", value = \"inactive\"", ", value = \"deleted\""),
            (of(Type::Array(boxed(status()))), ", value = [\"inactive\"]", ", value = [\"inactive\", \"deleted\"]"),
            (of(Type::Timestamp), ", value = 1_790_000_000", ", value = 2026-09-21T12:00:00Z"),
            (of(Type::DateTime), ", value = '2026-09-21T12:00:00.125Z'", ", value = '2026-09-21T12:00:00Z'"),
            (of(Type::Int64String), ", value = '-1'", ", value = -1"),
            (of(Type::Integer), ", value = -1", ", value = 1.0"),
            (of(Type::Number), ", value = 1.5", ", value = \"1.5\""),
            (of(Type::Bool), ", value = true", ", value = 1"),
            (of(Type::Amounts), ", value = { usd = 1 }", ", value = { usd = 0.5 }"),
            (of(Type::Id("CustomerId".to_owned())), ", value = \"cus_1\"", ", value = 1"),
            (of(Type::Nullable(boxed(Type::String))), ", value = \"x\"", ", value = []"),
            (optional("b", Type::String), "", ", value = {}"),
            (optional("b", Type::Model("A".to_owned())), "", ", value = {}"),
        ] {
            assert!(applies(field.clone(), good), "{good} {field:?}");
            assert!(!applies(field.clone(), bad), "{bad} {field:?}");
        }
    }

    #[test]
    fn rows_are_for_fields_urls_of_lists_and_ids_past_the_boundary() {
        let text = "resource = []\nexpand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsample = [
            { place = \"a/b/url\", value = \"/v1/b\" },
            { place = \"customer/id\", value = \"cus_1\" },
            { place = \"a/c\", value = 1 },
        ]";
        let config = Config::parse("codegen.toml", text).unwrap();
        let lookup = Lookup::new(&config, Some("this"));
        let mut api = Api::default();
        api.references.push(reference("Customer", "customer"));
        api.models.push(model("A", "a", [field("b", Type::List(boxed(Type::String)))]));
        api.reindex();
        assign(&mut api, &lookup);
        let samples: Vec<_> = api.samples.into_iter().collect();
        assert_eq!(
            samples,
            [("a/b/url".to_owned(), Some(json!("/v1/b"))), ("customer/id".to_owned(), Some(json!("cus_1"))),]
        );
    }
}
