//! Which operations of a resource share the types of their parameters.
//!
//! Parameters at the same place of several operations of one resource have one type, named after the first of the
//! operations: `CreateCustomer` and `UpdateCustomer` both take a `CreateCustomerShipping`. The rule looks at kinds and not
//! at values: a value or an optional parameter that Stripe adds to one operation adds to the type that they share,
//! and renames nothing; its documentation then says which operations take it. Parameters that differ in kind, or in what
//! is required, have types of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Enum, Field, Origin, Params, Type, Union, UnionKind};
use crate::markdown::code;

/// Lets operations of one resource share the types of their parameters.
pub(crate) fn share_params(api: &mut Api) {
    let families: BTreeMap<&str, &str> =
        api.operations.iter().map(|operation| (operation.name.as_str(), operation.resource.as_str())).collect();
    let order: BTreeMap<&str, usize> =
        api.operations.iter().enumerate().map(|(at, operation)| (operation.name.as_str(), at)).collect();
    let mut groups: BTreeMap<Place, Vec<Member>> = BTreeMap::new();
    let params = api.params.iter().map(|item| (&item.name, &item.origin.place));
    let enums = api.enums.iter().filter(|item| !item.is_computed).map(|item| (&item.name, &item.origin.place));
    let unions = api.unions.iter().filter(|item| item.kind == UnionKind::Parameter);
    let unions = unions.map(|item| (&item.name, &item.origin.place));
    for (name, place) in params.chain(enums).chain(unions) {
        let Some((operation, path)) = place.split_once('/') else { continue };
        let (Some(family), Some(at)) = (families.get(operation), order.get(operation)) else { continue };
        let depth = std::cmp::Reverse(path.matches('/').count());
        let place = Place { depth, family: (*family).to_owned(), path: path.to_owned() };
        let member = Member { at: *at, operation: operation.to_owned(), name: name.clone() };
        groups.entry(place).or_default().push(member);
    }
    let enum_order: Vec<String> = api.enums.iter().map(|item| item.name.clone()).collect();
    let mut pool = Pool::new(api);
    for mut group in groups.into_values() {
        group.sort();
        group.dedup();
        pool.share(&group);
    }
    pool.finish(api, enum_order);
}

/// Where a type is below its operation. Deeper places come first, since those above hold them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    depth: std::cmp::Reverse<usize>,
    /// The resource.
    family: String,
    path: String,
}

/// A type at a place, in the order of the operations.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    at: usize,
    operation: String,
    name: String,
}

/// The types of parameters while they are merged, and the names that others took the place of.
struct Pool {
    params: BTreeMap<String, (Params, Takers)>,
    enums: BTreeMap<String, (Enum, Takers)>,
    unions: BTreeMap<String, Union>,
    aliases: BTreeMap<String, String>,
}

/// The operations that share a type, and those that take each of its members, by wire name or value.
#[derive(Default)]
struct Takers {
    all: Vec<String>,
    of: BTreeMap<String, Vec<String>>,
}

impl Takers {
    fn new(operation: &str, members: impl Iterator<Item = String>) -> Self {
        let of = members.map(|member| (member, vec![operation.to_owned()])).collect();
        Self { all: vec![operation.to_owned()], of }
    }

    fn add(&mut self, operation: &str, members: impl Iterator<Item = String>) {
        self.all.push(operation.to_owned());
        for member in members {
            self.of.entry(member).or_default().push(operation.to_owned());
        }
    }

    /// What is said of a member that not all operations take.
    fn note(&self, member: &str) -> Option<String> {
        let takers = self.of.get(member).filter(|takers| takers.len() < self.all.len())?;
        Some(format!("Only for {}.", takers.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")))
    }
}

impl Pool {
    fn new(api: &mut Api) -> Self {
        let params = std::mem::take(&mut api.params).into_iter();
        let enums = std::mem::take(&mut api.enums).into_iter();
        let unions = api.unions.iter().filter(|union| union.kind == UnionKind::Parameter).cloned();
        Self {
            params: params.map(|item| (item.name.clone(), (item, Takers::default()))).collect(),
            enums: enums.map(|item| (item.name.clone(), (item, Takers::default()))).collect(),
            unions: unions.map(|item| (item.name.clone(), item)).collect(),
            aliases: BTreeMap::new(),
        }
    }

    /// Merges the types of a group into the first one, as far as they agree.
    fn share(&mut self, group: &[Member]) {
        let Some((Member { operation, name: base, .. }, others)) = group.split_first() else { return };
        let is_shared = !others.is_empty();
        if let Some((params, takers)) = self.params.get_mut(base) {
            rename_fields(&mut params.fields, &self.aliases);
            if is_shared {
                *takers = Takers::new(operation, params.fields.iter().map(|field| field.wire.clone()));
            }
        }
        if let Some((item, takers)) = self.enums.get_mut(base).filter(|_| is_shared) {
            *takers = Takers::new(operation, item.variants.iter().map(|variant| variant.value.clone()));
        }
        if let Some(union) = self.unions.get_mut(base) {
            union.alternatives.iter_mut().for_each(|alternative| rename(&mut alternative.ty, &self.aliases));
        }
        for Member { operation, name, .. } in others.iter().filter(|other| other.name != *base) {
            if self.merge_params(base, operation, name)
                || self.merge_enums(base, operation, name)
                || self.merge_unions(base, name)
            {
                self.aliases.insert(name.clone(), base.clone());
            }
        }
    }

    fn merge_params(&mut self, base: &str, operation: &str, name: &str) -> bool {
        let Some((mut other, takers)) = self.params.remove(name) else { return false };
        rename_fields(&mut other.fields, &self.aliases);
        let Some((base, base_takers)) = self.params.get_mut(base).filter(|(base, _)| fit(&base.fields, &other.fields))
        else {
            self.params.insert(name.to_owned(), (other, takers));
            return false;
        };
        base_takers.add(operation, other.fields.iter().map(|field| field.wire.clone()));
        let mut at: BTreeMap<String, usize> =
            base.fields.iter().enumerate().map(|(at, field)| (field.wire.clone(), at)).collect();
        for field in other.fields {
            match at.remove(&field.wire) {
                Some(at) => keep_facts(&mut base.fields[at], &field, operation),
                None => base.fields.push(field),
            }
        }
        base.fields.sort_by(|a, b| a.wire.cmp(&b.wire));
        true
    }

    fn merge_enums(&mut self, base: &str, operation: &str, name: &str) -> bool {
        let Some((other, takers)) = self.enums.remove(name) else { return false };
        // A variant that a row names otherwise would have two names.
        let fits = |base: &Enum| {
            let names: BTreeMap<&str, &str> = base.variants.iter().map(|known| (&*known.name, &*known.value)).collect();
            let values: BTreeMap<&str, &str> =
                base.variants.iter().map(|known| (&*known.value, &*known.name)).collect();
            other.variants.iter().all(|new| {
                names.get(&*new.name).is_none_or(|value| *value == new.value)
                    && values.get(&*new.value).is_none_or(|name| *name == new.name)
            })
        };
        let Some((base, base_takers)) = self.enums.get_mut(base).filter(|(base, _)| fits(base)) else {
            self.enums.insert(name.to_owned(), (other, takers));
            return false;
        };
        base_takers.add(operation, other.variants.iter().map(|variant| variant.value.clone()));
        let known: BTreeSet<String> = base.variants.iter().map(|variant| variant.value.clone()).collect();
        base.variants.extend(other.variants.into_iter().filter(|variant| !known.contains(&variant.value)));
        true
    }

    fn merge_unions(&mut self, base: &str, name: &str) -> bool {
        let Some(mut other) = self.unions.remove(name) else { return false };
        other.alternatives.iter_mut().for_each(|alternative| rename(&mut alternative.ty, &self.aliases));
        let is_same = self.unions.get(base).is_some_and(|base| {
            let shape = |union: &Union| {
                union.alternatives.iter().map(|one| (one.name.clone(), one.ty.clone())).collect::<Vec<_>>()
            };
            shape(base) == shape(&other)
        });
        if !is_same {
            self.unions.insert(name.to_owned(), other);
        }
        is_same
    }

    /// Puts the remaining types back, and renames references to those that were merged.
    fn finish(mut self, api: &mut Api, enum_order: Vec<String>) {
        for (params, takers) in self.params.values_mut() {
            for field in &mut params.fields {
                rename(&mut field.ty, &self.aliases);
                note(&mut field.origin, takers.note(&field.wire));
            }
        }
        for (item, takers) in self.enums.values_mut() {
            for variant in &mut item.variants {
                note(&mut variant.origin, takers.note(&variant.value));
            }
        }
        for operation in api.operations.iter_mut() {
            rename_fields(&mut operation.params, &self.aliases);
        }
        let mut params: Vec<_> = self.params.into_values().map(|(item, _)| item).collect();
        let order: BTreeMap<&str, usize> =
            api.operations.iter().enumerate().map(|(at, operation)| (operation.name.as_str(), at)).collect();
        params.sort_by_cached_key(|item| (order.get(item.operation.as_str()).copied(), item.origin.place.clone()));
        api.params = params.into_iter().collect();
        api.enums = enum_order.iter().filter_map(|name| self.enums.remove(name)).map(|(item, _)| item).collect();
        let unions = std::mem::take(&mut api.unions).into_iter();
        let unions = unions.filter(|union| !self.aliases.contains_key(&union.name));
        api.unions = unions.map(|union| self.unions.remove(&union.name).unwrap_or(union)).collect();
        for union in api.unions.iter_mut().filter(|union| union.kind == UnionKind::Parameter) {
            union.alternatives.iter_mut().for_each(|alternative| rename(&mut alternative.ty, &self.aliases));
        }
        // What was shown beside a type that is gone is shown beside the one in its place.
        let owners = api.enums.iter_mut().map(|item| &mut item.owner);
        for owner in owners.chain(api.unions.iter_mut().map(|union| &mut union.owner)) {
            if let Some(alias) = self.aliases.get(owner) {
                owner.clone_from(alias);
            }
        }
    }
}

/// Keeps what the document says otherwise of a field of another operation than of the one in its place.
fn keep_facts(known: &mut Field, other: &Field, operation: &str) {
    let mut facts = other.origin.facts.clone();
    if other.origin.is_deprecated != known.origin.is_deprecated {
        facts.used.insert("deprecated".to_owned(), other.origin.is_deprecated.to_string());
    }
    known.origin.facts.share(&facts, operation);
}

/// Says which operations take a member.
fn note(origin: &mut Origin, note: Option<String>) {
    if let Some(note) = note {
        origin.facts.used.insert("operations".to_owned(), note.clone());
        origin.docs.notes.push(note);
    }
}

/// Whether two lists of parameters can be one: they agree where they have the same parameter, and the rest is optional.
fn fit(base: &[Field], other: &[Field]) -> bool {
    let agree = |fields: &[Field], others: &[Field]| {
        let by_wire: BTreeMap<&str, &Field> = others.iter().map(|other| (&*other.wire, other)).collect();
        let names: BTreeSet<&str> = others.iter().map(|other| &*other.name).collect();
        fields.iter().all(|field| match by_wire.get(&*field.wire) {
            Some(other) => {
                let held = |field: &Field| (field.presence, field.is_secret);
                other.ty == field.ty && other.name == field.name && held(other) == held(field)
            }
            None => !field.is_required() && !names.contains(&*field.name),
        })
    };
    agree(base, other) && agree(other, base)
}

fn rename_fields(fields: &mut [Field], aliases: &BTreeMap<String, String>) {
    fields.iter_mut().for_each(|field| rename(&mut field.ty, aliases));
}

fn rename(ty: &mut Type, aliases: &BTreeMap<String, String>) {
    if let Type::Enum(name) | Type::Params(name) | Type::Union(name) = ty.leaf_mut()
        && let Some(alias) = aliases.get(name)
    {
        name.clone_from(alias);
    }
}
