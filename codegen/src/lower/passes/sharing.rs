//! Which operations of a resource share the types of their parameters.
//!
//! Parameters at the same place of several operations of one resource have one type, named after the first of the
//! operations: `CreateCustomer` and `UpdateCustomer` both take a `CreateCustomerShipping`. The rule looks at kinds and not
//! at values: a value or an optional parameter that Stripe adds to one operation adds to the type that they share,
//! and renames nothing; its documentation then says which operations take it. Parameters that differ in kind, or in what
//! is required, have types of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Field, Origin, Params, Type, UnionKind, Variant};
use crate::markdown::code;

/// Lets operations of one resource share the types of their parameters.
pub(crate) fn share_params(api: &mut Api) {
    let operations = api.operations.iter().enumerate();
    let operations: BTreeMap<String, (usize, String)> =
        operations.map(|(at, operation)| (operation.name.clone(), (at, operation.resource.clone()))).collect();
    let mut groups: BTreeMap<Place, Vec<Member>> = BTreeMap::new();
    let params = api.params.iter().map(|item| (&item.name, &item.origin.place));
    let enums = api.enums.iter().filter(|item| !item.is_computed).map(|item| (&item.name, &item.origin.place));
    let unions = api.unions.iter().filter(|item| item.kind == UnionKind::Parameter);
    let unions = unions.map(|item| (&item.name, &item.origin.place));
    for (name, place) in params.chain(enums).chain(unions) {
        let Some((operation, path)) = place.split_once('/') else { continue };
        let Some((at, family)) = operations.get(operation) else { continue };
        let depth = std::cmp::Reverse(path.matches('/').count());
        let place = Place { depth, family: family.clone(), path: path.to_owned() };
        let member = Member { at: *at, operation: operation.to_owned(), name: name.clone() };
        groups.entry(place).or_default().push(member);
    }
    let mut aliases = Aliases::new();
    for mut group in groups.into_values() {
        group.sort();
        share(api, &group, &mut aliases);
    }
    let at = |item: &Params| operations.get(&item.operation).map(|(at, _)| *at);
    api.params.edit(|params| {
        params.retain(|item| !aliases.contains_key(&item.name));
        params.sort_by_cached_key(|item| (at(item), item.origin.place.clone()));
    });
    api.enums.edit(|enums| enums.retain(|item| !aliases.contains_key(&item.name)));
    api.unions.edit(|unions| unions.retain(|item| !aliases.contains_key(&item.name)));
    api.fields_mut().for_each(|field| rename(&mut field.ty, &aliases));
    let alternatives = api.unions.iter_mut().flat_map(|union| &mut union.alternatives);
    alternatives.for_each(|one| rename(&mut one.ty, &aliases));
    // What was shown beside a type that is gone is shown beside the one in its place.
    let owners = api.enums.iter_mut().map(|item| &mut item.owner);
    for owner in owners.chain(api.unions.iter_mut().map(|union| &mut union.owner)) {
        if let Some(alias) = aliases.get(owner) {
            owner.clone_from(alias);
        }
    }
}

/// The names of types that are merged into others, each with the name of the other.
type Aliases = BTreeMap<String, String>;

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

/// Merges the types of a group into the first one, as far as they agree, and says which operations take each of its members.
fn share(api: &mut Api, group: &[Member], aliases: &mut Aliases) {
    let Some(Member { name: base, .. }) = group.first() else { return };
    // The operations that share the type, and those that take each of its members, by wire name or value.
    let (mut all, mut takers) = (Vec::new(), BTreeMap::<String, Vec<&str>>::new());
    for Member { operation, name, .. } in group {
        types(api, name).for_each(|ty| rename(ty, aliases));
        let members: Vec<String> = members(api, name).map(|(member, _)| member.clone()).collect();
        if name != base {
            if !merge(api, base, name, operation) {
                continue;
            }
            aliases.insert(name.clone(), base.clone());
        }
        all.push(operation);
        members.into_iter().for_each(|member| takers.entry(member).or_default().push(operation));
    }
    for (member, origin) in members(api, base) {
        if let Some(takers) = takers.get(member).filter(|takers| takers.len() < all.len()) {
            let takers: Vec<_> = takers.iter().map(|name| code(name)).collect();
            let note = format!("Only for {}.", takers.join(", "));
            origin.facts.used.insert("operations".to_owned(), note.clone());
            origin.docs.notes.push(note);
        }
    }
}

/// The members of nested parameters or of an enum, by wire name or value.
fn members<'a>(api: &'a mut Api, name: &str) -> impl Iterator<Item = (&'a String, &'a mut Origin)> {
    let fields = api.params.position(name).map(|at| &mut api.params[at].fields).into_iter().flatten();
    let variants = api.enums.position(name).map(|at| &mut api.enums[at].variants).into_iter().flatten();
    let variants = variants.map(|variant| (&variant.value, &mut variant.origin));
    fields.map(|field| (&field.wire, &mut field.origin)).chain(variants)
}

/// The types that nested parameters or a union hold.
fn types<'a>(api: &'a mut Api, name: &str) -> impl Iterator<Item = &'a mut Type> {
    let fields = api.params.position(name).map(|at| &mut api.params[at].fields).into_iter().flatten();
    let alternatives = api.unions.position(name).map(|at| &mut api.unions[at].alternatives).into_iter().flatten();
    fields.map(|field| &mut field.ty).chain(alternatives.map(|one| &mut one.ty))
}

/// Adds the members of a type, which is of an operation, to another one if they agree.
fn merge(api: &mut Api, base: &str, name: &str, operation: &str) -> bool {
    if let (Some(to), Some(from)) = (api.params.position(base), api.params.position(name)) {
        if !fit(&api.params[to].fields, &api.params[from].fields) {
            return false;
        }
        let added = std::mem::take(&mut api.params[from].fields);
        let fields = &mut api.params[to].fields;
        let mut at: BTreeMap<String, usize> =
            fields.iter().enumerate().map(|(at, field)| (field.wire.clone(), at)).collect();
        for field in added {
            match at.remove(&field.wire) {
                Some(at) => keep_facts(&mut fields[at], &field, operation),
                None => fields.push(field),
            }
        }
        fields.sort_by(|a, b| a.wire.cmp(&b.wire));
        return true;
    }
    if let (Some(to), Some(from)) = (api.enums.position(base), api.enums.position(name)) {
        let known = &api.enums[to].variants;
        let names: BTreeMap<&str, &str> = known.iter().map(|known| (&*known.name, &*known.value)).collect();
        let values: BTreeMap<&str, &str> = known.iter().map(|known| (&*known.value, &*known.name)).collect();
        // A variant that a row names otherwise would have two names.
        let fits = |new: &Variant| {
            names.get(&*new.name).is_none_or(|value| *value == new.value)
                && values.get(&*new.value).is_none_or(|name| *name == new.name)
        };
        let fits = api.enums[from].variants.iter().all(fits);
        if fits {
            let values: BTreeSet<String> = values.into_keys().map(str::to_owned).collect();
            let added = std::mem::take(&mut api.enums[from].variants).into_iter();
            api.enums[to].variants.extend(added.filter(|variant| !values.contains(&variant.value)));
        }
        return fits;
    }
    let shape = |name: &str| {
        let union = api.unions.named(name)?;
        Some(union.alternatives.iter().map(|one| (&one.name, &one.ty)).collect::<Vec<_>>())
    };
    shape(base).is_some_and(|base| shape(name) == Some(base))
}

/// Keeps what the document says otherwise of a field of another operation than of the one in its place.
fn keep_facts(known: &mut Field, other: &Field, operation: &str) {
    let mut facts = other.origin.facts.clone();
    if other.origin.is_deprecated != known.origin.is_deprecated {
        facts.used.insert("deprecated".to_owned(), other.origin.is_deprecated.to_string());
    }
    known.origin.facts.share(&facts, operation);
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

fn rename(ty: &mut Type, aliases: &Aliases) {
    if let Type::Enum(name) | Type::Params(name) | Type::Union(name) = ty.leaf_mut()
        && let Some(alias) = aliases.get(name)
    {
        name.clone_from(alias);
    }
}
