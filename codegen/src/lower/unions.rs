//! `anyOf` and `oneOf`: references that can be expanded, objects of several kinds, and parameters of several types.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::enums::variant_help;
use super::shapes::{
    bare, constant_object, is_deleted, is_empty_string, is_plain_string, is_same_bound, is_unix_time, range_bound,
    text_type,
};
use super::{Lower, Place, renamed};
use crate::config::{Row, Table};
use crate::diagnostic::Pointer;
use crate::ir::{Alternative, Docs, Type, Union, UnionKind};
use crate::markdown::code;
use crate::openapi::node::{Kind, Node};
use crate::rust::naming;

impl Lower<'_> {
    /// The type of a union, and whether it may be `null`.
    pub(super) fn union(
        &mut self,
        schema: Node<'_>,
        parts: &[Value],
        place: &Place,
        keyword: &str,
    ) -> Option<(Type, bool)> {
        let is_nullable = schema.is("nullable") && place.takes_null();
        let expands = schema.has("x-expansionResources");
        if let ([part], false) = (parts, expands) {
            return self.only(Node(part), place, keyword, is_nullable);
        }
        let at = place.pointer.child(keyword);
        let parts: Vec<_> = parts.iter().enumerate().map(|(i, part)| (Node(part), at.index(i))).collect();
        let (ty, has_null) = match place.is_parameter() {
            true => self.parameter_union(schema, parts, place, keyword)?,
            false => self.response_union(schema, parts, place, keyword, expands)?,
        };
        Some((ty, is_nullable || has_null))
    }

    /// A union of a response: of objects, beside an id if it can be expanded; and whether one of them may be `null`.
    fn response_union(
        &mut self,
        schema: Node<'_>,
        parts: Vec<(Node<'_>, Pointer)>,
        place: &Place,
        keyword: &str,
        expands: bool,
    ) -> Option<(Type, bool)> {
        let (ids, objects): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(part, _)| expands && is_plain_string(*part));
        let all_references = objects.iter().all(|(part, _)| part.has("$ref"));
        if !all_references || expands == ids.is_empty() {
            return self.unsupported(&place.pointer, format!("an `{keyword}` of this kind is not supported"));
        }
        let mut has_null = ids.iter().any(|(id, _)| id.is("nullable"));
        let mut alternatives: Vec<Alternative> = Vec::new();
        for (part, pointer) in objects {
            let (added, is_nullable) = self.alternatives(&part.reference()?, &place.at(pointer))?;
            has_null |= is_nullable;
            for alternative in added {
                if !alternatives.iter().any(|known| known.ty == alternative.ty && known.object == alternative.object) {
                    alternatives.push(alternative);
                }
            }
        }
        let has_deleted = alternatives.iter().any(|one| one.ty == Type::Deleted);
        let is_kept_as_json = |one: &Alternative| matches!(one.ty, Type::Reference(_) | Type::Deleted);
        let rest: Vec<_> = alternatives.iter().filter(|one| one.ty != Type::Deleted).collect();
        let target = match rest.as_slice() {
            _ if alternatives.iter().any(|one| one.ty == Type::Opaque) => Type::Opaque,
            [one] if expands || matches!(one.ty, Type::Reference(_)) || alternatives.len() == 1 => one.ty.clone(),
            [_, _, ..] if alternatives.iter().all(is_kept_as_json) => Type::Opaque,
            [] if !expands => Type::Deleted,
            [] => return self.unsupported(&place.pointer, "a reference to deleted objects alone is not supported"),
            _ => self.response_type(schema, alternatives, place)?,
        };
        let target = match target {
            // A reference always leads to an object.
            Type::Json if expands => Type::Opaque,
            target => target,
        };
        if expands {
            self.check_ids(&target, place)?;
            if let (true, Type::Model(name)) = (has_deleted, &target) {
                self.deletable.insert(name.clone());
            }
        }
        Some((if expands { Type::Expandable(target.into()) } else { target }, has_null))
    }

    /// Reports an object that cannot be referred to by its id, and the rows that make the id of an object secret: it is in the JSON of
    /// others as well. An object of several kinds has to have one.
    fn check_ids(&mut self, target: &Type, place: &Place) -> Option<()> {
        let union = target.name().and_then(|name| self.api.unions.named(name));
        let needs_id = union.is_some();
        let alternatives = union.into_iter().flat_map(|union| &union.alternatives).map(|one| &one.ty);
        let keys = alternatives.chain([target]).filter_map(|ty| match ty {
            Type::Model(name) => Some(self.keys.get(name).cloned()),
            _ => None,
        });
        let keys: Vec<Option<String>> = keys.collect();
        let mut has_secret = false;
        for key in keys.iter().flatten() {
            let place = format!("{key}/id");
            let Some(row) = self.lookup.sensitive(&place) else { continue };
            if !self.lookup.is_of_release() {
                // The row is for other documents.
                self.shown_ids.insert(place);
                continue;
            }
            let reason = format!(
                "`{place}` is in `sensitive` and cannot be secret: other objects refer to this one by its id, which their JSON shows"
            );
            let help = self.lookup.removal(&row);
            self.problems.report(&Pointer::schema(key).child("properties").child("id"), reason, help);
            has_secret = true;
        }
        let id = |key: &String| self.component_schema(key).property("id");
        let is_well = |key: &Option<String>| key.as_ref().and_then(id).map_or(!needs_id, is_plain_string);
        match keys.iter().all(is_well) {
            _ if has_secret => None,
            true => Some(()),
            false => {
                let reason = "a reference to an object whose `id` is not a string or, of several kinds, is not there is not supported";
                self.unsupported(&place.pointer, reason)
            }
        }
    }

    /// The alternatives that a component schema adds to a union, itself or those of the union that it is, and whether it may be
    /// `null`.
    fn alternatives(&mut self, key: &str, place: &Place) -> Option<(Vec<Alternative>, bool)> {
        let (ty, is_nullable) = self.deeper(&place.pointer, |lower| lower.component(key))?;
        let schema = self.component_schema(key);
        let constant = constant_object(schema).map(str::to_owned);
        let is_deleted = is_deleted(schema);
        let alternative = |name: String, ty: Type| {
            let (schema, object) = (key.to_owned(), constant.clone());
            vec![Alternative { name, ty, schema, object, is_deleted, docs: Docs::default() }]
        };
        let alternatives = match ty {
            Type::Union(name) => {
                self.api.unions.named(&name).map(|union| union.alternatives.clone()).unwrap_or_default()
            }
            // A deleted object is named after the object; there may be several kinds.
            Type::Deleted => {
                let of = constant.as_deref().unwrap_or_default();
                let rule = || Some(format!("Deleted{}", naming::type_name(of).unwrap_or_default()));
                let (name, _) = renamed(self.lookup.rename_key(key), rule);
                alternative(self.named(name, &Pointer::schema(key), key)?, Type::Deleted)
            }
            Type::Model(name) => alternative(name.clone(), Type::Model(name)),
            // What is required is not kept past the boundary, and every resource states its kind.
            Type::Reference(name) => {
                let object = self.api.references.iter().find(|one| one.name == name).map(|one| one.object.clone());
                let of = alternative(name.clone(), Type::Reference(name));
                of.into_iter().map(|one| Alternative { object: object.clone(), ..one }).collect()
            }
            // Objects of several kinds, none of which is modelled, or an object without properties: no type has the name.
            Type::Opaque | Type::Json => {
                let (name, _) = self.component_name(key);
                alternative(self.named(name, &Pointer::schema(key), key)?, ty)
            }
            _ => {
                return self
                    .unsupported(&place.pointer, "a union with a schema that is not an object is not supported");
            }
        };
        Some((alternatives, is_nullable))
    }

    /// The enum of objects of several kinds.
    fn response_type(&mut self, schema: Node<'_>, mut alternatives: Vec<Alternative>, place: &Place) -> Option<Type> {
        let tag = |one: &Alternative| Some((one.object.clone()?, one.is_deleted));
        let mut tags = HashSet::new();
        let is_tagged = alternatives.iter().map(tag).all(|tag| tag.is_some_and(|tag| tags.insert(tag)));
        let mut methods = HashSet::new();
        // Not every alternative has a type of its own, whose name would be taken.
        for one in &alternatives {
            let method = naming::reading_method(&one.name);
            let reason = if one.name == naming::UNKNOWN_VARIANT {
                format!("an alternative maps to the name `{}`, which is that of any other object", one.name)
            } else if !methods.insert(method.clone()) {
                format!("two alternatives map to the name `{}` or the method `{method}`", one.name)
            } else {
                continue;
            };
            let help = self.lookup.name_help(Table::Rename, &[("from", &one.schema)]);
            self.problems.report(&place.pointer, reason, help);
            return None;
        }
        for one in &mut alternatives {
            let kind = match &one.object {
                Some(object) if one.is_deleted => format!("A deleted object of the kind {}.", code(object)),
                Some(object) => format!("The object {}.", code(object)),
                None => format!("The object {}.", code(&one.name)),
            };
            one.docs = Docs { text: kind, ..Docs::default() };
        }
        if is_tagged {
            return self.named_union(schema, alternatives, UnionKind::Tagged, place, Vec::new());
        }
        // One of the alternatives often has the name of the owner and the field.
        let place = match place.owner.is_empty() {
            true => place.clone(),
            false => Place { field: format!("{}_union", place.field), ..place.clone() },
        };
        self.named_union(schema, alternatives, UnionKind::Untagged, &place, Vec::new())
    }

    fn named_union(
        &mut self,
        schema: Node<'_>,
        alternatives: Vec<Alternative>,
        kind: UnionKind,
        place: &Place,
        variant_rows: Vec<Row>,
    ) -> Option<Type> {
        let (name, mut rows) = self.inline_name(place);
        rows.extend(variant_rows);
        let name = name?;
        let description = schema.description().or(place.description.as_deref());
        let docs = self.docs(description, || match kind {
            UnionKind::Parameter => format!("The alternatives of {}.", code(&place.field)),
            _ => "An object of one of several kinds.".to_owned(),
        });
        let origin = self.component_origin(schema, place, docs, rows);
        self.api.unions.push(Union {
            name: name.clone(),
            module: self.module.clone(),
            owner: place.owner.clone(),
            origin,
            kind,
            is_referable: false,
            alternatives,
        });
        Some(Type::Union(name))
    }

    /// A parameter of several types, and whether one of them may be `null`. `""` among them clears it.
    fn parameter_union(
        &mut self,
        schema: Node<'_>,
        parts: Vec<(Node<'_>, Pointer)>,
        place: &Place,
        keyword: &str,
    ) -> Option<(Type, bool)> {
        let (clears, values): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| is_empty_string(*part));
        if values.iter().any(|(part, _)| part.has("$ref")) {
            return self.unsupported(&place.pointer, "a parameter that is a `$ref` is not supported");
        }
        if place.is_json && !clears.is_empty() {
            return self.unsupported(
                &place.pointer,
                "a value of JSON that `\"\"` clears is not supported, only `null` clears it",
            );
        }
        let (ty, has_null) = match values.as_slice() {
            [] => return self.unsupported(&place.pointer, format!("an `{keyword}` of this kind is not supported")),
            [(one, pointer)] => self.schema(*one, &place.at(pointer.clone()))?,
            [(one, _), (two, pointer)] | [(two, pointer), (one, _)] if is_range_of(*one, *two) => {
                let (ty, is_nullable) = self.schema(*two, &place.at(pointer.clone()))?;
                (Type::RangeOr(ty.into()), is_nullable || one.is("nullable") && place.takes_null())
            }
            _ => self.parameter_type(schema, &values, place)?,
        };
        Some((if clears.is_empty() { ty } else { Type::Clearable(ty.into()) }, has_null))
    }

    /// The enum of a parameter of several types, and whether one of them may be `null`.
    fn parameter_type(
        &mut self,
        schema: Node<'_>,
        parts: &[(Node<'_>, Pointer)],
        place: &Place,
    ) -> Option<(Type, bool)> {
        let several_objects = parts.iter().filter(|(part, _)| bare(*part).is_object()).count() > 1;
        // The name of the union is claimed at the end; inline types in it are named after it.
        let owner = self.unclaimed_name(place).0.unwrap_or_default();
        let mut alternatives: Vec<Alternative> = Vec::new();
        let (mut variant_rows, mut has_null) = (Vec::new(), false);
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        for (part, pointer) in parts {
            let inside = bare(*part);
            // Only a title tells two objects apart.
            let title = inside.text("title").filter(|_| several_objects && inside.is_object());
            let base = title.unwrap_or_else(|| kind(inside));
            let count = words.get(base).copied().unwrap_or_default() + 1;
            let word = if count == 1 { base.to_owned() } else { format!("{base}#{count}") };
            // A title need not be an identifier, and two titles can be equal.
            let (name, row) = match self.lookup.variant_name(&place.path, &word) {
                Some((name, row)) => (Some(name.to_owned()), Some(row)),
                None if word.contains('#') => (None, None),
                None => (naming::type_name(&word), None),
            };
            let problem = match &name {
                Some(name) if alternatives.iter().any(|known| known.name == *name) => {
                    Some(format!("two alternatives map to the name `{name}`"))
                }
                Some(_) => None,
                None => Some(match word.rsplit_once('#') {
                    Some((same, _)) => format!("another alternative is called {} as well", code(same)),
                    None => format!("the alternative {} does not map to a valid Rust identifier", code(&word)),
                }),
            };
            let help = |lookup| variant_help(lookup, &place.path, &word);
            // A type that is named after it would be called wrongly as well.
            if let (Some(reason), true) = (&problem, inside.is_object() || inside.has("enum")) {
                self.problems.report(pointer, reason, help(self.lookup));
                return None;
            }
            let inner = Place {
                pointer: pointer.clone(),
                path: format!("{}/{word}", place.path),
                owner: owner.clone(),
                // What is inline in it is named after it.
                field: row.as_ref().and(name.clone()).unwrap_or_else(|| word.clone()),
                is_item: false,
                ..place.clone()
            };
            let (ty, is_nullable) = self.schema(*part, &inner)?;
            has_null |= is_nullable;
            // A title is text of the document.
            let docs = self.docs(part.description().or(inside.description()), || match title {
                Some(_) => format!("As {}.", code(&word)),
                None => format!("As {}.", article(&word)),
            });
            // Each value converts into the alternative of its type, so there is one of a type.
            if let Some(known) = alternatives.iter_mut().find(|known| known.ty == ty) {
                if docs.is_described && docs.text != known.docs.text {
                    known.docs.notes.push(docs.text);
                }
                continue;
            }
            let is_time = |ty: &Type| matches!(ty, Type::Timestamp | Type::DateTime);
            if is_time(&ty) && alternatives.iter().any(|known| is_time(&known.ty)) {
                let reason = "a parameter that takes a time both as a number and as a text is not supported";
                return self.unsupported(pointer, reason);
            }
            words.insert(base, count);
            let Some(name) = name.filter(|_| problem.is_none()) else {
                self.problems.report(pointer, problem.unwrap_or_default(), help(self.lookup));
                return None;
            };
            variant_rows.extend(row);
            alternatives.push(Alternative { name, ty, schema: String::new(), object: None, is_deleted: false, docs });
        }
        if let [only] = alternatives.as_slice() {
            return Some((only.ty.clone(), has_null));
        }
        Some((self.named_union(schema, alternatives, UnionKind::Parameter, place, variant_rows)?, has_null))
    }
}

/// What a parameter is, in a word: the name of its variant.
fn kind(schema: Node<'_>) -> &'static str {
    match schema.kind() {
        Kind::String if schema.has("enum") => "keyword",
        Kind::String if text_type(schema) == Type::DateTime => "time",
        Kind::String => "text",
        Kind::Integer if is_unix_time(schema) => "time",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "flag",
        Kind::Array => "list",
        _ => "fields",
    }
}

fn article(word: &str) -> String {
    match word {
        "fields" | "text" => word.to_owned(),
        _ if word.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

/// Whether `range` has bounds of the type of `value`.
fn is_range_of(range: Node<'_>, value: Node<'_>) -> bool {
    range_bound(range).is_some_and(|bound| is_same_bound(bound, value))
}
