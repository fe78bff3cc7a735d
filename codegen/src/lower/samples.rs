//! The values that the configuration gives to fields of samples, checked against the types of the fields.

use serde_json::Value;

use crate::config::Lookup;
use crate::diagnostic::{Collector, Pointer};
use crate::ir::{Api, Field, Presence, Type};

/// Looks up the row of every field, and of every id of an object past the boundary.
pub(super) fn assign(api: &mut Api, lookup: &Lookup<'_>, problems: &mut Collector<'_>) {
    let mut samples = Vec::new();
    let mut check = |place: String, pointer: &Pointer, is_of_type: &dyn Fn(Option<&Value>) -> bool| {
        let Some((row, used)) = lookup.sample(&place) else { return };
        if !is_of_type(row.value.as_ref()) {
            let reason = match row.value {
                Some(_) => format!("`codegen.toml` gives `{place}` a value in samples that is not of its type"),
                None => format!("`codegen.toml` leaves `{place}` out of samples, but it is always there"),
            };
            problems.report(pointer, reason, format!("correct the row {}", used.toml));
        }
        samples.push((place, row.value.clone()));
    };
    let is_string = |value: Option<&Value>| value.is_some_and(Value::is_string);
    for field in api.models.iter().flat_map(|model| &model.fields) {
        let (place, pointer) = (&field.origin.place, &field.origin.pointer);
        check(place.clone(), pointer, &|value| match value {
            Some(value) => is_of_type(api, field, field.ty.bare(), value),
            None => field.presence != Presence::Required,
        });
        if matches!(field.ty.bare(), Type::List(_) | Type::SearchResult(_)) {
            check(format!("{place}/url"), pointer, &is_string);
        }
    }
    for reference in &api.references {
        check(format!("{}/id", reference.origin.place), &reference.origin.pointer, &is_string);
    }
    api.samples = samples.into_iter().collect();
    for field in api.models.iter_mut().flat_map(|model| &mut model.fields) {
        field.origin.rows.extend(lookup.sample(&field.origin.place).map(|(_, used)| used));
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
        Type::Number => value.is_number(),
        Type::Amounts => value.as_object().is_some_and(|amounts| amounts.values().all(Value::is_i64)),
        Type::Json => true,
        Type::Array(inner) => {
            value.as_array().is_some_and(|items| items.iter().all(|item| is_of_type(api, field, inner.bare(), item)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Config;
    use crate::wire::testing::{boxed, enumeration, field, model, optional, reference};

    /// Assigns a row to the one field of a model, and returns what is wrong with it.
    fn problem(field: Field, row: &str) -> Option<String> {
        let config = format!(
            "resource = []\nexpand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsample = [{{ place = \"a/b\"{row} }}]"
        );
        let config = Config::parse("codegen.toml", &config).unwrap();
        let lookup = Lookup::new(&config, None);
        let mut problems = Collector::new("document");
        let mut api = Api::default();
        api.enums.push(enumeration("Status", ["active", "inactive"]));
        api.references.push(reference("Customer", "customer"));
        api.models.push(model("A", "a", [field]));
        api.reindex();
        assign(&mut api, &lookup, &mut problems);
        assert_eq!(api.models[0].fields[0].origin.rows.len(), 1);
        assert_eq!(config.unused(None, &lookup.into_used()), []);
        problems.finish(()).err().map(|found| found.0[0].help.clone())
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
            (of(Type::Integer), ", value = -1", ", value = 1.0"),
            (of(Type::Number), ", value = 1.5", ", value = \"1.5\""),
            (of(Type::Bool), ", value = true", ", value = 1"),
            (of(Type::Amounts), ", value = { usd = 1 }", ", value = { usd = 0.5 }"),
            (of(Type::Id("CustomerId".to_owned())), ", value = \"cus_1\"", ", value = 1"),
            (of(Type::Nullable(boxed(Type::String))), ", value = \"x\"", ", value = []"),
            (optional("b", Type::String), "", ", value = {}"),
            (optional("b", Type::Model("A".to_owned())), "", ", value = {}"),
        ] {
            assert_eq!(problem(field.clone(), good), None, "{good} {field:?}");
            let help = problem(field, bad).unwrap();
            assert!(help.starts_with("correct the row [[sample]] place = \"a/b\""), "{help}");
        }
    }

    #[test]
    fn rows_are_for_fields_urls_of_lists_and_ids_past_the_boundary() {
        let text = "resource = []\nexpand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsample = [
            { place = \"a/b/url\", value = \"/v1/b\" },
            { place = \"customer/id\", value = \"cus_1\" },
            { place = \"a/c\", value = 1 },
            { place = \"a/b\", value = 1, releases = [\"other\"] },
        ]";
        let config = Config::parse("codegen.toml", text).unwrap();
        let lookup = Lookup::new(&config, Some("this"));
        let mut problems = Collector::new("document");
        let mut api = Api::default();
        api.references.push(reference("Customer", "customer"));
        api.models.push(model("A", "a", [field("b", Type::List(boxed(Type::String)))]));
        api.reindex();
        assign(&mut api, &lookup, &mut problems);
        problems.finish(()).unwrap();
        let samples: Vec<_> = api.samples.into_iter().collect();
        assert_eq!(
            samples,
            [("a/b/url".to_owned(), Some(json!("/v1/b"))), ("customer/id".to_owned(), Some(json!("cus_1"))),]
        );
        let unused = config.unused(Some("this"), &lookup.into_used());
        assert_eq!(unused.iter().map(|row| &*row.toml).collect::<Vec<_>>(), ["[[sample]] place = \"a/c\", value = 1"]);
    }
}
