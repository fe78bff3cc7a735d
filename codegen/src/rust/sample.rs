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

/// The most objects and arrays inside each other. Stripe's objects have 13, and `serde_json` reads 128.
const DEPTH: usize = 16;

/// The samples of the models of an API, each of a bounded size.
///
/// A sample has every field set, without those that lead back to where they are. Where that would exceed the bound, the
/// objects inside are smaller: optional fields are absent, arrays are empty, and what can be null is null.
pub(crate) struct Samples<'a> {
    api: &'a Api,
    /// The id of each newtype of ids.
    ids: BTreeMap<&'a str, &'a str>,
    shapes: BTreeMap<&'a str, Shape<'a>>,
}

/// What is known of the samples of a model before one is written.
struct Shape<'a> {
    model: &'a Model,
    /// The positions of the fields that no sample can lack.
    required: Vec<usize>,
    /// The size of the smallest sample; none if it would have to hold itself.
    least: Option<Room>,
}

/// The size of a value, or the room that there is for one.
#[derive(Clone, Copy)]
struct Room {
    /// As JSON without blanks.
    bytes: usize,
    /// The objects and arrays inside each other.
    depth: usize,
}

impl Room {
    fn holds(self, value: Self) -> bool {
        value.bytes <= self.bytes && value.depth <= self.depth
    }

    /// What is left beside so many bytes, inside of as many objects and arrays.
    fn inside(self, bytes: usize, depth: usize) -> Self {
        Self { bytes: self.bytes.saturating_sub(bytes), depth: self.depth.saturating_sub(depth) }
    }
}

/// A value, and its size in bytes.
type Sized = (Value, usize);

impl<'a> Samples<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let ids = api.identified().map(|(id, item)| (id, id_of_place(api, &item.origin().place))).collect();
        let shape = |model: &'a Model| {
            let fields = model.fields.iter().enumerate().filter(|(_, field)| field.is_required());
            (model.name.as_str(), Shape { model, required: fields.map(|(at, _)| at).collect(), least: None })
        };
        let mut samples = Self { api, ids, shapes: api.models.iter().map(shape).collect() };
        samples.measure();
        samples
    }

    /// Returns an object of the model, or `None` if every such object would have to hold itself or exceeds the bound.
    pub(crate) fn of(&self, model: &str) -> Option<Value> {
        let shape = self.shapes.get(model)?;
        let own: usize = shape.model.fields.iter().map(|field| 2 * field.wire.len() + 32).sum();
        let room = Room { bytes: SIZE + own, depth: DEPTH };
        shape.least.filter(|least| room.holds(*least))?;
        Some(self.object(shape, room, &mut Vec::new()).0)
    }

    /// Finds the size of the smallest sample of each model that is within the bound: in the first round those that hold no model,
    /// then those that hold only such ones, and so on.
    fn measure(&mut self) {
        let mut unknown: Vec<&str> = self.shapes.keys().copied().collect();
        for _ in 0..DEPTH {
            unknown.retain(|name| {
                let least = self.shapes.get(name).and_then(|shape| self.least_object(shape));
                if let (Some(shape), Some(_)) = (self.shapes.get_mut(name), least) {
                    shape.least = least;
                }
                least.is_none()
            });
        }
    }

    /// The model that a value holds.
    fn model_in(&self, ty: &'a Type) -> Option<&'a str> {
        match ty {
            Type::Model(name) => Some(name),
            Type::Union(name) => self.model_in(self.first(name)?),
            Type::Array(_) | Type::Expandable(_) => None,
            ty if ty.is_page() => None,
            ty => self.model_in(ty.inner()?),
        }
    }

    /// The alternative of a union that is shown: the first one that is not deleted.
    fn first(&self, union: &str) -> Option<&'a Type> {
        self.api.unions.named(union)?.alternatives.iter().find(|alternative| !alternative.is_deleted).map(|one| &one.ty)
    }

    fn least_object(&self, shape: &Shape<'a>) -> Option<Room> {
        let constant = shape.model.object.as_ref().map_or(0, |constant| member("object") + length(&json!(constant)));
        let mut least = Room { bytes: 2 + constant, depth: 1 };
        for at in &shape.required {
            let member = self.least_member(shape.model.fields.get(*at)?)?;
            least.bytes = least.bytes.saturating_add(member.bytes);
            least.depth = least.depth.max(member.depth.saturating_add(1));
        }
        Some(least)
    }

    /// The size of the smallest member of an object for a field, or `None` if there is none.
    fn least_member(&self, field: &'a Field) -> Option<Room> {
        let least = match self.api.samples.get(&field.origin.place) {
            Some(Some(configured)) => Room { bytes: length(configured), depth: 1 },
            Some(None) | None if field.presence == Presence::Nullable => Room { bytes: length(&Value::Null), depth: 0 },
            Some(None) => return None,
            None => self.least(field, &field.ty)?,
        };
        Some(Room { bytes: least.bytes.saturating_add(member(&field.wire)), ..least })
    }

    fn least(&self, field: &'a Field, ty: &'a Type) -> Option<Room> {
        Some(match ty {
            Type::Model(name) => self.shapes.get(name.as_str())?.least?,
            Type::Union(name) => self.least(field, self.first(name)?)?,
            Type::Array(_) | Type::Map(_) => Room { bytes: 2, depth: 1 },
            ty if ty.is_page() => Room { bytes: self.page(ty, field, None).1, depth: 2 },
            ty => match self.scalar(field, ty) {
                Some(value) => Room { bytes: length(&value), depth: 1 },
                None => self.least(field, ty.inner()?)?,
            },
        })
    }

    /// An object of a model. There is room for the smallest one.
    fn object(&self, shape: &Shape<'a>, room: Room, inside: &mut Vec<&'a str>) -> Sized {
        let Shape { model, required, least } = shape;
        let mut spare = room.inside(least.map_or(0, |least| least.bytes), 1);
        let mut chosen: Vec<(usize, usize)> = Vec::new();
        inside.push(&model.name);
        // Every field first gets its smallest value. Otherwise, what is inside of one could crowd out the next.
        for (at, field) in model.fields.iter().enumerate() {
            if field.is_required() {
                continue;
            }
            // Each look costs a byte, which bounds their number as well.
            spare.bytes = spare.bytes.saturating_sub(1);
            if spare.bytes == 0 {
                break;
            }
            let is_back = self.model_in(&field.ty).is_some_and(|inner| inside.contains(&inner));
            let is_configured = self.api.samples.contains_key(&field.origin.place);
            let least = self.least_member(field).filter(|least| spare.holds(*least) && (is_configured || !is_back));
            if let Some(least) = least {
                spare.bytes -= least.bytes;
                chosen.push((at, least.bytes));
            }
        }
        chosen.extend(required.iter().filter_map(|at| Some((*at, self.least_member(model.fields.get(*at)?)?.bytes))));
        chosen.sort_unstable();
        let mut members: Map<_, _> = model.object.iter().map(|object| ("object".to_owned(), json!(object))).collect();
        for (field, least) in chosen.into_iter().filter_map(|(at, least)| Some((model.fields.get(at)?, least))) {
            let room = Room { bytes: least + spare.bytes, ..spare };
            if let Some((value, bytes)) = self.member(field, room, inside) {
                members.insert(field.wire.clone(), value);
                spare.bytes = room.bytes.saturating_sub(bytes);
            }
        }
        inside.pop();
        (Value::Object(members), room.bytes - spare.bytes)
    }

    /// The value of a field, and the size of the member with it.
    fn member(&self, field: &'a Field, room: Room, inside: &mut Vec<&'a str>) -> Option<Sized> {
        let name = member(&field.wire);
        let room = room.inside(name, 0);
        let (value, bytes) = match self.api.samples.get(&field.origin.place) {
            Some(Some(configured)) => (configured.clone(), length(configured)),
            Some(None) => (Value::Null, length(&Value::Null)),
            None => {
                let is_back = field.presence != Presence::Required
                    && self.model_in(&field.ty).is_some_and(|inner| inside.contains(&inner));
                let value = if is_back { None } else { self.value(field, &field.ty, room, inside) };
                match value {
                    None if field.presence == Presence::Nullable => (Value::Null, length(&Value::Null)),
                    value => value?,
                }
            }
        };
        Some((value, name + bytes))
    }

    /// A value of a type, or `None` if there is no room for one.
    fn value(&self, field: &'a Field, ty: &'a Type, room: Room, inside: &mut Vec<&'a str>) -> Option<Sized> {
        Some(match ty {
            Type::Model(name) => {
                let shape = self.shapes.get(name.as_str())?;
                shape.least.filter(|least| room.holds(*least))?;
                self.object(shape, room, inside)
            }
            Type::Union(name) => self.value(field, self.first(name)?, room, inside)?,
            Type::Array(inner) => match self.item(field, inner, room.inside(2, 1), inside) {
                Some((item, bytes)) => (json!([item]), 2 + bytes),
                None => (json!([]), 2),
            },
            Type::Map(inner) => match self.item(field, inner, room.inside(2 + member("key"), 1), inside) {
                Some((item, bytes)) => (json!({ "key": item }), 2 + member("key") + bytes),
                None => (json!({}), 2),
            },
            Type::List(inner) | Type::SearchResult(inner) | Type::ListV2(inner) => {
                let (_, empty) = self.page(ty, field, None);
                match self.item(field, inner, room.inside(empty, 2), inside) {
                    Some((item, bytes)) => (self.page(ty, field, Some(item)).0, empty + bytes),
                    None => self.page(ty, field, None),
                }
            }
            ty => match self.scalar(field, ty) {
                Some(value) => {
                    let bytes = length(&value);
                    Some((value, bytes)).filter(|(_, bytes)| *bytes <= room.bytes)?
                }
                None => self.value(field, ty.inner()?, room, inside)?,
            },
        })
    }

    /// An element of an array or a map, unless it would lead back to a model that it is inside of.
    fn item(&self, field: &'a Field, ty: &'a Type, room: Room, inside: &mut Vec<&'a str>) -> Option<Sized> {
        if self.model_in(ty).is_some_and(|inner| inside.contains(&inner)) {
            return None;
        }
        self.value(field, ty, room, inside)
    }

    /// A page of a list, with an element or none, and its size.
    fn page(&self, ty: &Type, field: &Field, item: Option<Value>) -> Sized {
        let data: Vec<_> = item.into_iter().collect();
        let page = match ty {
            Type::ListV2(_) => json!({ "data": data, "next_page_url": null, "previous_page_url": null }),
            _ => {
                let kind = if matches!(ty, Type::List(_)) { "list" } else { "search_result" };
                let url = self.api.samples.get(&format!("{}/url", field.origin.place)).cloned().flatten();
                let url = url.unwrap_or_else(|| json!(format!("/v1/{}", field.wire)));
                json!({ "object": kind, "data": data, "has_more": false, "url": url })
            }
        };
        let bytes = length(&page);
        (page, bytes)
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

/// The size of what an object adds to the value of a member.
fn member(name: &str) -> usize {
    name.len() + "\"\":,".len()
}

/// The size of a small value.
fn length(value: &Value) -> usize {
    value.to_string().len()
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

/// The id of the object at a place.
fn id_of_place<'a>(api: &'a Api, place: &str) -> &'a str {
    api.samples.get(&format!("{place}/id")).and_then(|id| id.as_ref()?.as_str()).unwrap_or(ID)
}
