//! The values that the configuration gives to fields of samples. A value that is not of the type of its field is not used, and
//! [`check_samples`] reports it: a document that changes can still be compared and generated from.

use serde_json::Value;

use crate::config::{Config, Found, Lookup, Sample, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::ir::describe;
use crate::ir::{Api, Field, Presence, Type};

/// Looks up the row of every field, and of every id of an object past the boundary.
pub(super) fn assign(api: &mut Api, lookup: &Lookup<'_>) {
    let mut samples = Vec::new();
    let mut rows = Vec::new();
    for (place, field) in places(api) {
        let row = lookup.sample(&place, |value| fits(field, value));
        samples.extend(row.as_ref().map(|(sample, _)| (place, sample.value.clone())));
        rows.extend(field.map(|_| row.map(|(_, used)| used)));
    }
    api.samples = samples.into_iter().collect();
    for (field, row) in api.models.iter_mut().flat_map(|model| &mut model.fields).zip(rows) {
        field.origin.rows.extend(row);
    }
}

/// Reports each row of `sample` whose value is of the type of no field at its place in these APIs, which are those of all releases.
/// Where releases differ, several rows can be for one place. A row whose field none of them has is not reported.
///
/// # Errors
/// One diagnostic for each such row, where it stands.
pub fn check_samples(config: &Config, apis: &[&Api]) -> Result<(), Diagnostics> {
    let places: Vec<_> = apis.iter().flat_map(|api| places(api).map(|(place, field)| (place, *api, field))).collect();
    let mut problems = Vec::new();
    for (i, row) in config.samples.iter().enumerate() {
        let fields: Vec<_> = places.iter().filter(|(place, ..)| *place == row.place).collect();
        if !fields.is_empty() && !fields.iter().any(|(_, _, field)| fits(*field, row.value.as_ref())) {
            let before = config.samples.iter().take(i).filter(|other| other.place == row.place).count();
            let found = config.find_all(Table::Sample, &row.place, None).nth(before);
            problems.push(problem(config.name(), row, found, &fields));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}

/// A field that a row can be for, or a text, and its API.
type Place<'a> = (String, &'a Api, Option<&'a Field>);

/// Returns the diagnostic for a row that is not of the type of these fields.
fn problem(config: &str, row: &Sample, found: Option<(&str, Found)>, fields: &[&Place<'_>]) -> Diagnostic {
    let mut expected: Vec<_> = fields.iter().map(|(_, api, field)| expected(api, *field)).collect();
    expected.dedup();
    let expected = expected.join(" or ");
    let value = found.as_ref().and_then(|(_, found)| found.member("value"));
    let reason = match value {
        Some(value) => format!("is of another type than the field: expected {expected}, found `{value}`"),
        None => format!("has no value, and the field is always there: expected {expected}"),
    };
    let (file, line, deletion) = match &found {
        Some((file, found)) => (*file, found.line, found.deletion()),
        None => (config, 1, "delete the row".to_owned()),
    };
    let help = match (fields.iter().any(|(_, _, field)| is_written(*field)), value) {
        (true, Some(_)) => format!("correct the value, or {deletion}"),
        (true, None) => format!("add a `value`, or {deletion}"),
        (false, _) => format!("{deletion}: the fields of an object have rows of their own"),
    };
    let reason = format!("the sample of `{}` {reason}", row.place);
    Diagnostic::new(file, Pointer::default(), reason, help).at(line, 1)
}

/// The type of a field in words, with the limit that a sample keeps to.
fn expected(api: &Api, field: Option<&Field>) -> String {
    let Some(field) = field else { return describe::ty(api, &Type::String) };
    let form = match field.ty.leaf() {
        Type::String => field.max_length.map(|most| format!(" of at most {most} characters")),
        // A time of TOML is neither.
        Type::DateTime => Some(" as a string, such as `\"2026-09-21T14:13:20.125Z\"`".to_owned()),
        Type::Timestamp => Some(", such as `1_790_000_000`".to_owned()),
        _ => None,
    };
    // A row never gives the object that a reference can be expanded to.
    let ty = match &field.ty {
        Type::Expandable(_) => Type::Id(String::new()),
        ty => ty.clone(),
    };
    format!("{}{}", describe::ty(api, &ty), form.unwrap_or_default())
}

/// Every place that a row can be for: a field, and a text that is the URL of a list or the id of an object past the boundary.
fn places(api: &Api) -> impl Iterator<Item = (String, Option<&Field>)> {
    let fields = api.models.iter().flat_map(|model| &model.fields).flat_map(|field| {
        let url = matches!(field.ty, Type::List(_) | Type::SearchResult(_));
        let url = url.then(|| (format!("{}/url", field.origin.place), None));
        [(field.origin.place.clone(), Some(field))].into_iter().chain(url)
    });
    fields.chain(api.references.iter().map(|reference| (format!("{}/id", reference.origin.place), None)))
}

/// Whether the value of a row is of the type of its field, or is a text.
fn fits(field: Option<&Field>, value: Option<&Value>) -> bool {
    match (field, value) {
        (Some(field), Some(value)) => is_of_type(field, &field.ty, value),
        (Some(field), None) => field.presence != Presence::Required,
        (None, value) => value.is_some_and(Value::is_string),
    }
}

/// Whether a row can give the value of a field, or of a text. Objects have the values of their own fields.
fn is_written(field: Option<&Field>) -> bool {
    fn is(ty: &Type) -> bool {
        match ty {
            Type::Array(inner) => is(inner),
            Type::Model(_) | Type::Union(_) | Type::Reference(_) | Type::Map(_) | Type::Opaque | Type::Deleted => false,
            ty => !matches!(ty, Type::List(_) | Type::SearchResult(_) | Type::ListV2(_)),
        }
    }
    field.is_none_or(|field| is(&field.ty))
}

/// Whether a value on the wire is of a type. Objects are not: their own fields have values.
fn is_of_type(field: &Field, ty: &Type, value: &Value) -> bool {
    match ty {
        Type::String => {
            value.as_str().is_some_and(|text| field.max_length.is_none_or(|max| text.chars().count() <= max))
        }
        // A value that an enum does not list is of its type as well.
        Type::Id(_) | Type::Expandable(_) | Type::Enum(_) => value.is_string(),
        Type::Bool => value.is_boolean(),
        Type::Integer | Type::Timestamp => value.is_i64(),
        Type::Int64String => value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        Type::DateTime => value.as_str().is_some_and(is_date_time),
        Type::Number => value.is_number(),
        Type::Amounts => value.as_object().is_some_and(|amounts| amounts.values().all(Value::is_i64)),
        Type::Json => true,
        Type::Array(inner) => {
            value.as_array().is_some_and(|items| items.iter().all(|item| is_of_type(field, inner, item)))
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
    use crate::ir::testing::{boxed, enumeration, field, model, optional, reference};

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
        assign(&mut api, &lookup);
        let applies = api.samples.contains_key("a/b");
        assert_eq!(check_samples(&config, &[&api]).is_ok(), applies, "what does not apply is refused");
        assert_eq!(api.models[0].fields[0].origin.rows.len(), usize::from(applies));
        assert_eq!(lookup.into_used().len(), usize::from(applies));
        applies
    }

    #[test]
    fn a_value_is_of_the_type_of_its_field() {
        let of = |ty: Type| field("b", ty);
        let short = || {
            let mut field = of(Type::String);
            field.max_length = Some(4);
            field
        };
        let status = || Type::Enum("Status".to_owned());
        for (field, good, bad) in [
            (of(Type::String), ", value = \"6789\"", ", value = 6789"),
            (short(), ", value = \"6789\"", ", value = \"67890\""),
            (Field { is_secret: true, ..of(Type::String) }, ", value = \"6789\"", ""),
            (of(status()), ", value = \"inactive\"", ", value = 1"),
            (of(Type::Array(boxed(status()))), ", value = [\"inactive\", \"deleted\"]", ", value = [\"inactive\", 1]"),
            (of(Type::Timestamp), ", value = 1_790_000_000", ", value = 2026-09-21T12:00:00Z"),
            (of(Type::DateTime), ", value = '2026-09-21T12:00:00.125Z'", ", value = '2026-09-21T12:00:00Z'"),
            (of(Type::Int64String), ", value = '-1'", ", value = -1"),
            (of(Type::Integer), ", value = -1", ", value = 1.0"),
            (of(Type::Number), ", value = 1.5", ", value = \"1.5\""),
            (of(Type::Bool), ", value = true", ", value = 1"),
            (of(Type::Amounts), ", value = { usd = 1 }", ", value = { usd = 0.5 }"),
            (of(Type::Id("CustomerId".to_owned())), ", value = \"cus_1\"", ", value = 1"),
            (Field { presence: Presence::OptionalNullable, ..of(Type::String) }, ", value = \"x\"", ", value = []"),
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
        assign(&mut api, &lookup);
        let samples: Vec<_> = api.samples.into_iter().collect();
        assert_eq!(
            samples,
            [("a/b/url".to_owned(), Some(json!("/v1/b"))), ("customer/id".to_owned(), Some(json!("cus_1"))),]
        );
    }

    #[test]
    fn a_row_that_applies_to_no_release_is_refused_where_it_stands() {
        let api = |fields: Vec<Field>| {
            let mut api = Api::default();
            api.models.extend(fields.into_iter().map(|field| model("A", "a", [field])));
            api
        };
        let text = api(vec![field("b", Type::String)]);
        let number = api(vec![field("b", Type::Integer)]);
        let boolean = api(vec![field("b", Type::Bool)]);
        let without = api(Vec::new());
        let check = |rows: &str, apis: &[&Api]| {
            let config = "resource = []\nexpand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\n";
            let config = Config::parse("codegen.toml", config).unwrap();
            let config = config.with_samples("samples.toml", &format!("sample = [\n{rows}]\n")).unwrap();
            check_samples(&config, apis).map_err(|error| error.to_string())
        };
        let (one, two) = ("{ place = \"a/b\", value = \"x\" },\n", "{ place = \"a/b\", value = 1 },\n");
        assert_eq!(check(one, &[&text, &number]), Ok(()), "the other release has a value of the rules");
        assert_eq!(check(two, &[&without]), Ok(()));
        assert_eq!(check(&[one, two].concat(), &[&text, &number]), Ok(()));
        assert_eq!(
            check(&[one, two].concat(), &[&text]).unwrap_err(),
            "error: samples.toml:3:1: the sample of `a/b` is of another type than the field: expected string, found `1`\n help: \
             correct the value, or delete lines 3 to 3"
        );
        let error = check(one, &[&number, &boolean, &boolean]).unwrap_err();
        assert!(
            error.contains("samples.toml:2:1: ") && error.contains("expected integer or boolean, found"),
            "{error}"
        );
    }
}
