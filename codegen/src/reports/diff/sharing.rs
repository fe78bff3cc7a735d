//! Enums of fields and of parameters with the same values. To share one later is a breaking change: the row is proposed
//! when one of them is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Named, Origin, Type};

/// Places that can share an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The Rust name of the enum: the name of the one that was there before, or else of that of the field.
    pub name: String,
    /// The places, as the configuration spells them.
    pub places: Vec<String>,
    /// The places that are new, among them.
    pub new_places: Vec<String>,
    /// Where the first new one is in the document.
    pub pointer: Pointer,
    /// Whether a row shares the enum of that name already.
    pub is_shared: bool,
}

struct Place<'a> {
    place: &'a str,
    pointer: &'a Pointer,
    name: &'a str,
    is_parameter: bool,
    is_new: bool,
}

/// Returns the places that can share an enum and do not: those of at least one field and one parameter with the same values, of
/// which one is new.
pub fn shareable(old: Option<&Api>, new: &Api) -> Vec<Shared> {
    let before: BTreeSet<&str> = old.into_iter().flat_map(places).map(|place| place.place).collect();
    let mut groups: BTreeMap<BTreeSet<&str>, Vec<Place<'_>>> = BTreeMap::new();
    for place in places(new) {
        let Some(known) = new.enums.named(place.name).filter(|known| !known.is_computed) else { continue };
        let values: BTreeSet<_> = known.variants.iter().map(|variant| variant.value.as_str()).collect();
        let is_new = !before.contains(place.place);
        groups.entry(values).or_default().push(Place { is_new, ..place });
    }
    groups.iter().filter_map(|(values, group)| shared(new, values, group)).collect()
}

fn shared(new: &Api, values: &BTreeSet<&str>, group: &[Place<'_>]) -> Option<Shared> {
    // One value, such as that of a kind, says little: the names have to agree as well.
    let last = |place: &Place<'_>| place.place.rsplit('/').next().map(str::to_owned);
    let has_one_name = group.windows(2).all(|pair| last(&pair[0]) == last(&pair[1]));
    if values.len() < 2 && !has_one_name {
        return None;
    }
    // Types that were there before stay: one of them at the most can be shared, the one with the most places.
    let mut existing: BTreeMap<&str, usize> = BTreeMap::new();
    group.iter().filter(|place| !place.is_new).for_each(|place| *existing.entry(place.name).or_default() += 1);
    let known = existing.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name))).map(|(name, _)| *name);
    let members: Vec<_> = group.iter().filter(|place| place.is_new || Some(place.name) == known).collect();
    let names: BTreeSet<_> = members.iter().map(|place| place.name).collect();
    let is_mixed = members.iter().any(|place| place.is_parameter) && members.iter().any(|place| !place.is_parameter);
    let first = members.iter().find(|place| place.is_new)?;
    if names.len() < 2 || !is_mixed {
        return None;
    }
    let of_field = members.iter().find(|place| !place.is_parameter).map(|place| place.name);
    let name = known.or(of_field)?;
    let mut places: Vec<_> = members.iter().map(|place| place.place.to_owned()).collect();
    places.sort();
    let rows = new.enums.named(name).map(|known| &known.origin.rows);
    let is_shared = rows.is_some_and(|rows| rows.iter().any(|row| row.table == crate::config::Table::SharedEnum));
    let mut new_places: Vec<_> =
        members.iter().filter(|place| place.is_new && place.name != name).map(|place| place.place.to_owned()).collect();
    new_places.sort();
    Some(Shared { name: name.to_owned(), places, new_places, pointer: first.pointer.clone(), is_shared })
}

/// Each place that has an enum.
fn places(api: &Api) -> impl Iterator<Item = Place<'_>> {
    api.items().flat_map(|item| item.fields().map(move |field| (item, field))).filter_map(|(item, field)| {
        let (Type::Enum(name), Origin { place, pointer, .. }) = (field.ty.leaf(), &field.origin) else { return None };
        let is_parameter = matches!(item, Named::Operation(_) | Named::Params(_));
        Some(Place { place, pointer, name, is_parameter, is_new: true })
    })
}
