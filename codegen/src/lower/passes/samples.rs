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

/// Reports each row of `sample` whose value is of the type of no field at its place in these APIs, which are those of all releases, or
/// only of fields that have the value of a row before it. Where releases differ, several rows can be for one place. A row whose field
/// none of them has is not reported.
///
/// # Errors
/// One diagnostic for each such row, where it stands.
pub fn check_samples(config: &Config, apis: &[&Api]) -> Result<(), Diagnostics> {
    let places: Vec<_> = apis.iter().flat_map(|api| places(api).map(|(place, field)| (place, *api, field))).collect();
    let mut problems = Vec::new();
    for (i, row) in config.samples.iter().enumerate() {
        let fields: Vec<_> = places.iter().filter(|(place, ..)| *place == row.place).collect();
        let of_type: Vec<_> = fields.iter().filter(|(_, _, field)| fits(*field, row.value.as_ref())).collect();
        let earlier: Vec<_> = config.samples[..i].iter().filter(|other| other.place == row.place).collect();
        let entry = |at| config.find_all(Table::Sample, &row.place, None).nth(at);
        let first = |field| earlier.iter().position(|other| fits(field, other.value.as_ref()));
        // The first row that fits a field gives its value.
        let taken: Option<Vec<_>> = of_type.iter().map(|(_, _, field)| first(*field)).collect();
        match taken.as_deref() {
            Some([]) if !fields.is_empty() => problems.push(problem(config.name(), row, entry(earlier.len()), &fields)),
            Some([other, ..]) => {
                let Some(((file, row), (of_file, other))) = entry(earlier.len()).zip(entry(*other)) else { continue };
                let place = &config.samples[i].place;
                let of_file = if of_file == file { String::new() } else { format!(" of `{of_file}`") };
                let reason = format!("the sample of `{place}` is never used: that of {}{of_file} is", other.lines());
                let help = format!("{}, or {}{of_file}", row.deletion(), other.deletion());
                problems.push(Diagnostic::new(file, Pointer::default(), reason, help).at(row.line, 1));
            }
            _ => {}
        }
    }
    Diagnostics::of(problems)
}

/// A field that a row can be for, or a text, and its API.
type Place<'a> = (String, &'a Api, Option<&'a Field>);

/// Returns the diagnostic for a row that is not of the type of these fields.
fn problem(config: &str, row: &Sample, entry: Option<(&str, Found)>, fields: &[&Place<'_>]) -> Diagnostic {
    let mut expected: Vec<_> = fields.iter().map(|(_, api, field)| expected(api, *field)).collect();
    expected.dedup();
    let expected = expected.join(" or ");
    let value = entry.as_ref().and_then(|(_, entry)| entry.member("value"));
    let reason = match value {
        Some(value) => format!("is of another type than the field: expected {expected}, found `{value}`"),
        None => format!("has no value, and the field is always there: expected {expected}"),
    };
    let (file, line, deletion) = match &entry {
        Some((file, entry)) => (*file, entry.line, entry.deletion()),
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
