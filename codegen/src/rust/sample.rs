//! A plausible JSON of each model, for the tests of other crates. The configuration states values where the type of a field
//! alone would not give a plausible one: see [`Sample`](crate::config::Sample).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Enum, Field, Model, Presence, Type};

/// The id of an object for which the configuration has none.
const ID: &str = "obj_123";
/// September 2026.
const TIMESTAMP: i64 = 1_790_000_000;
/// The same time as a text, in milliseconds as Stripe states it.
const DATE_TIME: &str = "2026-09-21T14:13:20.000Z";
/// In the smallest unit of the currency.
const AMOUNT: i64 = 123_456;

/// The most bytes of a sample beside its own fields, as JSON without blanks. Few of Stripe's objects reach it.
const SIZE: usize = 8192;

/// The most objects inside each other.
const DEPTH: usize = 15;

/// The samples of the models of an API, each of a bounded size.
///
/// A sample has every field set, without those that lead back to where they are. Where that would exceed the bound, what is on
/// the deepest levels is left out: optional fields are absent, and what can be null is null.
pub(crate) struct Samples<'a> {
    api: &'a Api,
    ids: BTreeMap<&'a str, &'a str>,
}

/// A sample while it is made.
struct Sample<'a> {
    room: usize,
    /// The models of the objects that it is inside of.
    inside: Vec<&'a str>,
    /// On how many levels of objects optional fields are set.
    levels: usize,
}

impl Sample<'_> {
    /// Takes the room of something, or returns nothing if there is not enough.
    fn take(&mut self, bytes: usize) -> Option<()> {
        self.room = self.room.saturating_sub(bytes);
        (self.room > 0).then_some(())
    }
}

impl<'a> Samples<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        Self { api, ids: api.identified().map(|(id, item)| (id, id_of_place(api, &item.origin().place))).collect() }
    }

    /// Returns an object of the model, or `None` if every such object would have to hold itself or exceeds the bound.
    pub(crate) fn of(&self, model: &str) -> Option<Value> {
        let model = self.api.models.named(model)?;
        let own: usize = model.fields.iter().map(|field| 2 * field.wire.len() + 32).sum();
        let (levels, mut members, mut room) = (0..=DEPTH).rev().find_map(|levels| {
            let mut sample = Sample { room: SIZE + own, inside: vec![&model.name], levels };
            self.members(model, &mut sample).filter(|_| sample.room > 0).map(|members| (levels, members, sample.room))
        })?;
        // The room that is left is for more levels of one field after the other.
        for field in model.fields.iter().filter(|_| levels < DEPTH) {
            let Some(value) = members.get_mut(&field.wire) else { continue };
            room += value.to_string().len();
            let deeper = (levels + 1..=DEPTH).rev().find_map(|levels| {
                let mut sample = Sample { room, inside: vec![&model.name], levels };
                self.member(field, &mut sample).filter(|_| sample.room > 0)
            });
            *value = deeper.unwrap_or_else(|| value.take());
            room = room.saturating_sub(value.to_string().len());
        }
        Some(Value::Object(members))
    }

    fn members(&self, model: &'a Model, sample: &mut Sample<'a>) -> Option<Map<String, Value>> {
        let mut members: Map<_, _> = model.object.iter().map(|object| ("object".to_owned(), json!(object))).collect();
        for field in &model.fields {
            sample.take(1)?;
            match self.member(field, sample) {
                Some(value) => members.insert(field.wire.clone(), value),
                None if field.is_required() => return None,
                None => continue,
            };
            sample.take(field.wire.len() + "\"\":,".len())?;
        }
        Some(members)
    }

    /// The value of a field: the configured one, or one of its type if it is not too deep, or else `null` if it can be that.
    fn member(&self, field: &'a Field, sample: &mut Sample<'a>) -> Option<Value> {
        let is_required = field.presence == Presence::Required;
        let value = match self.api.samples.get(&field.origin.place) {
            Some(configured) => {
                sample.take(configured.as_ref().map_or(1, |value| value.to_string().len()))?;
                configured.clone()
            }
            None if !is_required && sample.inside.len() > sample.levels => None,
            None => self.value(field, &field.ty, is_required, sample),
        };
        value.or((field.presence == Presence::Nullable).then_some(Value::Null))
    }

    /// A value of a type, or `None` if there is no room for one, or if it would lead back to a model that it is inside of although
    /// it need not be there.
    fn value(&self, field: &'a Field, ty: &'a Type, is_required: bool, sample: &mut Sample<'a>) -> Option<Value> {
        match ty {
            Type::Model(name) if !is_required && sample.inside.contains(&name.as_str()) => None,
            Type::Model(name) => {
                let model = self.api.models.named(name).filter(|_| sample.inside.len() < DEPTH)?;
                sample.inside.push(name);
                let members = self.members(model, sample);
                sample.inside.pop();
                members.map(Value::Object)
            }
            Type::Union(name) => {
                // The first alternative that is not deleted.
                let alternatives = &self.api.unions.named(name)?.alternatives;
                let first = alternatives.iter().find(|alternative| !alternative.is_deleted)?;
                self.value(field, &first.ty, is_required, sample)
            }
            Type::Array(inner) => Some(self.value(field, inner, false, sample).into_iter().collect()),
            Type::Map(inner) => {
                let item = self.value(field, inner, false, sample);
                Some(item.map(|item| ("key".to_owned(), item)).into_iter().collect())
            }
            Type::List(inner) | Type::SearchResult(inner) | Type::ListV2(inner) => {
                let data: Vec<_> = self.value(field, inner, false, sample).into_iter().collect();
                sample.take(60)?;
                Some(self.page(ty, field, &data))
            }
            ty => match self.scalar(field, ty) {
                Some(value) => sample.take(value.to_string().len()).map(|()| value),
                None => self.value(field, ty.inner()?, is_required, sample),
            },
        }
    }

    fn page(&self, ty: &Type, field: &Field, data: &[Value]) -> Value {
        if matches!(ty, Type::ListV2(_)) {
            return json!({ "data": data, "next_page_url": null, "previous_page_url": null });
        }
        let kind = if matches!(ty, Type::List(_)) { "list" } else { "search_result" };
        let url = self.api.samples.get(&format!("{}/url", field.origin.place)).cloned().flatten();
        let url = url.unwrap_or_else(|| json!(format!("/v1/{}", field.wire)));
        json!({ "object": kind, "data": data, "has_more": false, "url": url })
    }

    /// A value of a type that holds no other type.
    fn scalar(&self, field: &Field, ty: &Type) -> Option<Value> {
        Some(match ty {
            Type::String => json!(string(field)),
            Type::Bool => json!(false),
            Type::Integer => json!(1),
            Type::Number => json!(0.5),
            Type::Timestamp => json!(TIMESTAMP),
            Type::DateTime => json!(DATE_TIME),
            Type::Int64String => json!("1"),
            Type::Amounts => json!({ "usd": AMOUNT }),
            Type::Json => json!({}),
            Type::Id(name) => json!(self.ids.get(name.as_str()).copied().unwrap_or(ID)),
            Type::Expandable(inner) => json!(id_of_object(self.api, inner)),
            Type::Opaque => json!({ "id": ID }),
            Type::Deleted => json!({ "id": ID, "object": "object", "deleted": true }),
            Type::Enum(name) => json!(self.api.enums.named(name)?.variants.first()?.value),
            Type::Reference(name) => {
                json!({ "id": id_of_object(self.api, ty), "object": self.api.references.named(name)?.object })
            }
            _ => return None,
        })
    }
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

/// Returns the places whose row gives a value that the enum does not list, each with the value.
pub fn unlisted(api: &Api) -> Vec<(&Pointer, &str)> {
    fn find<'v>(item: &Enum, value: &'v Value) -> Option<&'v str> {
        match value {
            Value::Array(elements) => elements.iter().find_map(|element| find(item, element)),
            value => value.as_str().filter(|value| item.variants.iter().all(|variant| variant.value != *value)),
        }
    }
    let fields = api.models.iter().flat_map(|model| &model.fields);
    let values = fields.filter_map(|field| {
        let Type::Enum(name) = field.ty.leaf() else { return None };
        let row = api.samples.get(&field.origin.place)?.as_ref()?;
        Some((&field.origin.pointer, find(api.enums.named(name)?, row)?))
    });
    values.collect()
}

/// The name of the field, or a URL if that is what the name says, within the length that Stripe allows.
fn string(field: &Field) -> String {
    let text = match field.wire == "url" || field.wire.ends_with("_url") {
        true => format!("https://example.com/{}", field.wire),
        false => field.wire.clone(),
    };
    text.chars().take(field.max_length.unwrap_or(usize::MAX)).collect()
}

/// The id of the object that a type refers to: every reference to an object is to the same one.
fn id_of_object<'a>(api: &'a Api, ty: &Type) -> &'a str {
    let place = match ty {
        Type::Model(name) => api.models.named(name).map(|model| &model.origin.place),
        Type::Reference(name) => api.references.named(name).map(|reference| &reference.origin.place),
        _ => None,
    };
    place.map_or(ID, |place| id_of_place(api, place))
}

fn id_of_place<'a>(api: &'a Api, place: &str) -> &'a str {
    api.samples.get(&format!("{place}/id")).and_then(|id| id.as_ref()?.as_str()).unwrap_or(ID)
}
