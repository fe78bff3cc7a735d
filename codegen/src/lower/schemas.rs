//! Component schemas, models, fields and their types.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, ObjectType, ReferenceOr, Schema, SchemaKind};

use super::limits::{max_length, unit_note};
use super::shapes::{self, Node, constant_object, is_deleted_stub, is_unix_time, object, strings};
use super::{Lower, Place, once};
use crate::config::Table;
use crate::diagnostic::Pointer;
use crate::ir::{Docs, Field, Model, ModelId, Origin, Params, Presence, Reference, Type};
use crate::markdown::code;
use crate::rust::naming;
use crate::select::{Page, schema_key};

impl Lower<'_> {
    /// Lowers the component schemas that are pending. Each may add others.
    pub(super) fn drain(&mut self) {
        while let Some(key) = self.pending.pop_front() {
            let Some(Some((Type::Model(name), _))) = self.components.get(&key).cloned() else { continue };
            let Some(ReferenceOr::Item(schema)) = self.parsed.schemas.get(&key) else { continue };
            let (_, rows) = self.component_name(&key);
            self.model(schema, &Place::root(Pointer::schema(&key), &key), name, rows);
        }
    }

    /// The type that a component schema becomes, and whether it may be `null`.
    pub(super) fn component(&mut self, key: &str, from: &Pointer) -> Option<(Type, bool)> {
        // A chain of references may be of any length.
        let mut aliases = Vec::new();
        let mut key = key.to_owned();
        while let Some(next) = self.alias(&key) {
            aliases.push(std::mem::replace(&mut key, next));
        }
        let ty = self.component_itself(&key, from);
        self.components.extend(aliases.into_iter().map(|alias| (alias, ty.clone())));
        ty
    }

    /// The component schema that another one, which is not known yet, is a reference to.
    fn alias(&self, key: &str) -> Option<String> {
        match self.parsed.schemas.get(key)? {
            ReferenceOr::Reference { reference } if !self.components.contains_key(key) => schema_key(reference),
            _ => None,
        }
    }

    fn component_itself(&mut self, key: &str, from: &Pointer) -> Option<(Type, bool)> {
        if let Some(known) = self.components.get(key) {
            return known.clone();
        }
        // Objects may lead back to themselves, since they have a name by then. Anything else would be a type without end.
        if !self.open.insert(key.to_owned()) {
            let reason = format!("the schema `{key}` leads back to itself without an object in between");
            return self.unsupported(&Pointer::schema(key), reason);
        }
        let Some(schema) = self.parsed.schemas.get(key) else {
            let reason = format!("the schema `{key}` was not selected");
            self.problems.report(from, reason, "report this as a bug of the generator");
            return None;
        };
        let ty = self.component_type(key, schema);
        self.open.remove(key);
        self.components.insert(key.to_owned(), ty.clone());
        ty
    }

    fn component_type(&mut self, key: &str, schema: &ReferenceOr<Schema>) -> Option<(Type, bool)> {
        let pointer = Pointer::schema(key);
        let (name, rows) = self.component_name(key);
        if self.selection.boundary.contains_key(key) {
            let name = self.claim(name, &pointer, key)?;
            let is_nullable = schema.as_item().is_some_and(|schema| schema.schema_data.nullable);
            return Some((self.reference(key, name, schema, rows), is_nullable));
        }
        let schema = schema.as_item()?;
        let is_nullable = schema.schema_data.nullable;
        match object(schema) {
            Some(shape) if is_deleted_stub(&shape) => Some((Type::Deleted, is_nullable)),
            Some(shape) if !shape.properties.is_empty() && shapes::page(&shape).is_none() => {
                let name = self.claim(name, &pointer, key)?;
                self.pending.push_back(key.to_owned());
                self.keys.insert(name.clone(), key.to_owned());
                Some((Type::Model(name), is_nullable))
            }
            _ => {
                // The key names it, without an owner in front.
                let place = Place { field: name.unwrap_or_default(), ..Place::root(pointer, key) };
                self.schema(schema, &place)
            }
        }
    }

    fn reference(
        &mut self,
        key: &str,
        name: String,
        schema: &ReferenceOr<Schema>,
        rows: Vec<crate::config::Row>,
    ) -> Type {
        let kind = |schema: &Schema| object(schema).as_deref().and_then(shapes::kind_of).map(str::to_owned);
        let object = schema.as_item().and_then(kind).unwrap_or_else(|| key.to_owned());
        let pointer = Pointer::schema(key);
        let (id, id_rows) = self.rule_name(format!("{name}Id"));
        let id = self.claim(id, &pointer.child("id"), &format!("{name}Id"));
        let text = format!("The object {}, which is not modelled here: its id and its JSON.", code(key));
        let docs = Docs { text, is_described: false, notes: vec![format!("Schema: {}.", code(key))], example: None };
        if let Some(id) = id {
            let rows = rows.into_iter().chain(id_rows).collect();
            let mut origin = self.origin(&Place::root(pointer.clone(), key), docs, rows);
            origin.facts = self.facts_at(&pointer, |collect, value| collect.boundary(value));
            self.api.references.push(Reference { name: name.clone(), module: self.module.clone(), id, origin, object });
        }
        Type::Reference(name)
    }

    /// Lowers an object of a response, named or inline, to the model `name`.
    fn model(&mut self, schema: &Schema, place: &Place, name: String, rows: Vec<crate::config::Row>) {
        let Some(shape) = object(schema) else { return };
        let constant = constant_object(&shape).map(str::to_owned);
        let extensions = &schema.schema_data.extensions;
        let mut docs =
            self.docs(schema.schema_data.description.as_ref(), || format!("The object {}.", code(&place.path)));
        docs.notes.push(format!("Schema: {}.", code(&place.path)));
        let mut origin = self.origin(place, docs, rows);
        deprecate(&mut origin, schema.schema_data.deprecated);
        if place.owner.is_empty() {
            // Those of an inline object are its field's.
            origin.facts = self.facts_at(&place.pointer, |collect, value| collect.schema(value, "", true));
        }
        // It comes before the models that it holds.
        let at = self.api.models.push(Model {
            name: name.clone(),
            module: self.module.clone(),
            origin,
            object: constant.clone(),
            id: ModelId::None,
            is_referable: false,
            expandable: strings(extensions.get("x-expandableFields")),
            is_deletable: constant.as_ref().is_some_and(|constant| self.deleted.contains(constant)),
            is_open: matches!(
                shape.additional_properties,
                Some(AdditionalProperties::Any(true) | AdditionalProperties::Schema(_))
            ),
            fields: Vec::new(),
        });
        let mut fields = self.fields(&shape, place, &name);
        if constant.is_some() || extensions.contains_key("x-resourceId") {
            self.identify(at, &mut fields, &name, place);
        }
        // Stripe sends the id first, and the other fields in the order of their names.
        fields.sort_by_key(|field| field.wire != "id");
        self.api.models[at].fields = fields;
    }

    /// Gives the id of a model a type of its own.
    fn identify(&mut self, model: usize, fields: &mut [Field], name: &str, place: &Place) {
        let is_id = |field: &&mut Field| field.wire == "id" && field.ty == Type::String;
        let Some(field) = fields.iter_mut().find(is_id) else { return };
        let (id, rows) = self.rule_name(format!("{name}Id"));
        let Some(id) = self.claim(id, &field.origin.pointer, &format!("{name}Id")) else { return };
        *field.ty.leaf_mut() = Type::Id(id.clone());
        field.origin.rows.extend(rows);
        let model = &mut self.api.models[model];
        // A secret id is no way to refer to an object.
        model.is_referable = !field.is_secret;
        model.id = if field.presence == Presence::Required { ModelId::Required(id) } else { ModelId::Optional(id) };
        debug_assert_eq!(model.origin.place, place.path);
    }

    fn fields(&mut self, shape: &ObjectType, place: &Place, owner: &str) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::with_capacity(shape.properties.len());
        let mut taken = Taken::new();
        let required: BTreeSet<&String> = shape.required.iter().collect();
        for (wire, schema) in &shape.properties {
            let pointer = place.pointer.child("properties").child(wire);
            let place = place.property(pointer, owner, wire);
            let is_required = required.contains(wire);
            if wire == "object" && constant_object(shape).is_some() && !place.is_parameter() {
                continue;
            }
            if let Some(field) = self.field(schema.into(), &place, is_required) {
                self.check_field_name(&mut taken, &field, &place);
                fields.push(field);
            }
        }
        fields
    }

    /// Reports a name that another field has, or that a generated method has, and a parameter that is there twice.
    pub(super) fn check_field_name(&mut self, taken: &mut Taken, field: &Field, place: &Place) {
        let first = taken.entry(field.name.clone());
        let reason = if let Entry::Occupied(other) = &first {
            let (other_wire, other_place) = other.get();
            if *other_place == field.origin.place {
                // A row would rename both.
                let reason = format!("the operation has two parameters {}", code(&field.wire));
                let help = "correct the document: each parameter has a name of its own";
                return self.problems.report(&place.pointer, reason, help);
            }
            format!("the name `{}` is already that of the field `{other_wire}`", field.name)
        } else if place.is_parameter() && naming::RESERVED_METHODS.contains(&field.name.as_str()) {
            format!("the name `{}` is already that of a generated method", field.name)
        } else {
            first.or_insert_with(|| (field.wire.clone(), field.origin.place.clone()));
            return;
        };
        self.problems.report(&place.pointer, reason, self.lookup.name_help(Table::Field, &[("place", &place.path)]));
    }

    /// Lowers a field of a model, or a parameter.
    pub(super) fn field(&mut self, node: Node<'_>, place: &Place, is_required: bool) -> Option<Field> {
        let (name, name_row) = match self.lookup.field_name(&place.path) {
            Some((name, row)) => (Some(name.to_owned()), Some(row)),
            None => (once(&mut self.field_names, &place.field, naming::field_name), None),
        };
        if name.is_none() {
            let reason = format!("the property `{}` does not map to a valid Rust identifier", place.field);
            self.problems.report(
                &place.pointer,
                reason,
                self.lookup.name_help(Table::Field, &[("place", &place.path)]),
            );
        }
        let description = match node {
            // OpenAPI 3.0 ignores what is beside a `$ref`: the description is that of the schema.
            Node::Reference(target) => self.description(target).cloned(),
            Node::Schema(schema) => schema.schema_data.description.clone(),
        };
        let lowered = self.node(node, &Place { description: description.clone(), ..place.clone() });
        let (name, (ty, is_nullable)) = (name?, lowered?);
        let secret_row = self.lookup.sensitive(&place.path);
        // In a request, `null` clears the value.
        let (ty, is_nullable) = match is_nullable && place.is_parameter() {
            true => (Type::Clearable(ty.into()), false),
            false => (ty, is_nullable),
        };
        let presence = match Presence::new(is_required, is_nullable) {
            Presence::Optional if !place.takes_null() && matches!(ty, Type::Array(_) | Type::Map(_)) => {
                Presence::AbsentIfEmpty
            }
            presence => presence,
        };
        let max_length = max_length(node);
        let mut docs = self.docs(description.as_ref(), || match place.is_parameter() {
            true => format!("The parameter {}.", code(&place.field)),
            false => format!("The field {}.", code(&place.field)),
        });
        docs.notes = self.notes(&docs.text, &ty, max_length, place);
        let is_secret = secret_row.is_some();
        let mut origin = self.origin(place, docs, name_row.into_iter().chain(secret_row).collect());
        deprecate(&mut origin, matches!(node, Node::Schema(schema) if schema.schema_data.deprecated));
        origin.facts = match place.is_parameter() {
            true => self.request_facts(&place.pointer),
            false => self.facts_at(&place.pointer, |collect, value| collect.schema(value, "", true)),
        };
        Some(Field { wire: place.field.clone(), name, origin, ty, presence, is_secret, is_boxed: false, max_length })
    }

    /// The description of a component schema.
    fn description(&self, reference: &str) -> Option<&String> {
        self.parsed.schemas.get(&schema_key(reference)?)?.as_item()?.schema_data.description.as_ref()
    }

    /// The type of a schema or a reference, and whether it may be `null`; none if it is refused.
    pub(super) fn node(&mut self, node: Node<'_>, place: &Place) -> Option<(Type, bool)> {
        let lowered = self.deeper(&place.pointer, |lower| lower.type_of(node, place));
        debug_assert!(lowered.is_some() || !self.problems.is_empty(), "`{}` is dropped in silence", place.pointer);
        lowered
    }

    fn type_of(&mut self, node: Node<'_>, place: &Place) -> Option<(Type, bool)> {
        match node {
            Node::Schema(schema) => self.schema(schema, place),
            Node::Reference(_) if place.is_parameter() => {
                self.unsupported(&place.pointer, "a parameter that is a `$ref` is not supported")
            }
            Node::Reference(target) => self.component(&schema_key(target)?, &place.pointer),
        }
    }

    /// The type of a schema, and whether it may be `null`.
    pub(super) fn schema(&mut self, schema: &Schema, place: &Place) -> Option<(Type, bool)> {
        use openapiv3::Type as Kind;
        let is_nullable = schema.schema_data.nullable && place.takes_null();
        let simple = |ty| Some((ty, is_nullable));
        match &schema.schema_kind {
            SchemaKind::Type(Kind::String(text)) if text.enumeration.is_empty() => simple(shapes::text_type(text)),
            SchemaKind::Type(Kind::String(text)) => simple(Type::Enum(self.enumeration(schema, text, place)?)),
            SchemaKind::Type(Kind::Integer(integer)) if integer.enumeration.is_empty() => {
                simple(if is_unix_time(integer) { Type::Timestamp } else { Type::Integer })
            }
            SchemaKind::Type(Kind::Number(number)) if number.enumeration.is_empty() => simple(Type::Number),
            SchemaKind::Type(Kind::Boolean(_)) => simple(Type::Bool),
            SchemaKind::Type(Kind::Array(array)) => {
                let item = match &array.items {
                    Some(items) => self.item(items.into(), &place.item("items"))?,
                    None => self.anything(place, "a parameter that is an array of anything is not supported")?,
                };
                simple(Type::Array(item.into()))
            }
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => self.only(&all_of[0], place, "allOf", is_nullable),
            SchemaKind::AnyOf { any_of } => self.union(schema, any_of, place, "anyOf"),
            SchemaKind::OneOf { one_of } => self.union(schema, one_of, place, "oneOf"),
            _ => match object(schema) {
                Some(shape) => simple(self.object(schema, &shape, place)?),
                None => self.unsupported(&place.pointer, shapes::unsupported(schema)),
            },
        }
    }

    /// Any JSON, which a response can hold and a parameter cannot.
    fn anything(&mut self, place: &Place, reason: &str) -> Option<Type> {
        match place.is_parameter() {
            true => self.unsupported(&place.pointer, reason),
            false => Some(Type::Json),
        }
    }

    /// The type of the elements of an array or a map, each of which may be null.
    fn item(&mut self, node: Node<'_>, place: &Place) -> Option<Type> {
        Some(match self.node(node, place)? {
            (Type::Json, _) => Type::Json,
            (ty, true) if place.is_parameter() => Type::Clearable(ty.into()),
            (ty, true) => Type::OrNull(ty.into()),
            (ty, false) => ty,
        })
    }

    /// The type of a composition of one schema, which is that of the schema.
    pub(super) fn only(
        &mut self,
        part: &ReferenceOr<Schema>,
        place: &Place,
        keyword: &str,
        is_nullable: bool,
    ) -> Option<(Type, bool)> {
        let place = place.at(place.pointer.child(keyword).index(0));
        let (ty, is_inner_nullable) = self.node(part.into(), &place)?;
        Some((ty, is_nullable || is_inner_nullable))
    }

    fn object(&mut self, schema: &Schema, shape: &ObjectType, place: &Place) -> Option<Type> {
        if shape.properties.is_empty() {
            return match &shape.additional_properties {
                Some(AdditionalProperties::Schema(values)) => {
                    let value = self.item(values.as_ref().into(), &place.item("additionalProperties"))?;
                    let is_amount = value == Type::Integer && !place.is_parameter();
                    Some(if is_amount { Type::Amounts } else { Type::Map(value.into()) })
                }
                // Stripe adds the parameters of a feature later: until then there is nothing to set. Its documents write `properties: {}`
                // for that, at hundreds of places, and a map with the schema of its values.
                _ if place.is_parameter() => self.params(schema, shape, place),
                _ => Some(Type::Json),
            };
        }
        if let Some((kind, items)) = shapes::page(shape).filter(|_| !place.is_parameter()) {
            let pointer = place.pointer.child("properties").child("data").child("items");
            let (item, is_nullable) = self.node(items.into(), &Place { is_item: true, ..place.at(pointer.clone()) })?;
            if is_nullable {
                return self.unsupported(&pointer, "a page of objects that may be null is not supported");
            }
            return Some(match kind {
                Page::List => Type::List(item.into()),
                Page::Search => Type::SearchResult(item.into()),
                Page::ListV2 => Type::ListV2(item.into()),
            });
        }
        if place.is_parameter() {
            return self.params(schema, shape, place);
        }
        let (name, rows) = self.inline_name(place);
        let name = name?;
        self.model(schema, place, name.clone(), rows);
        Some(Type::Model(name))
    }

    /// Lowers nested parameters.
    fn params(&mut self, schema: &Schema, shape: &ObjectType, place: &Place) -> Option<Type> {
        let operation = place.operation.clone().unwrap_or_default();
        let (name, rows) = self.inline_name(place);
        let name = name?;
        let docs = self.docs(schema.schema_data.description.as_ref(), || {
            format!(
                "Parameters of {}: {}.",
                code(&operation),
                code(place.path.split_once('/').map_or("", |(_, path)| path))
            )
        });
        let mut origin = self.origin(place, docs, rows);
        if shape.properties.is_empty() {
            origin
                .docs
                .notes
                .push("It has no parameters in this version of Stripe's API: it is there or not.".to_owned());
        }
        let at = self.api.params.len();
        let module = self.module.clone();
        self.api.params.push(Params { name: name.clone(), module, operation, origin, fields: Vec::new() });
        self.api.params[at].fields = self.fields(shape, place, &name);
        Some(Type::Params(name))
    }

    /// What is to be known of a value beside its description.
    fn notes(&self, text: &str, ty: &Type, max_length: Option<usize>, place: &Place) -> Vec<String> {
        let mut notes = Vec::new();
        let is_one = !ty.layers().any(|layer| matches!(layer, Type::Array(_) | Type::Map(_)));
        if place.is_parameter()
            && is_one
            && let Some(most) = max_length.filter(|most| Some(*most) != self.lookup.config.default_max_length)
        {
            notes.push(format!("At most {most} characters."));
        }
        notes.extend(unit_note(text, ty));
        let (map, is_clearable) = match ty {
            Type::Clearable(inner) => (&**inner, true),
            ty => (ty, false),
        };
        let value = if let Type::Map(value) = map { Some(&**value) } else { None };
        let note = match (is_clearable, value) {
            // In a form, that is Stripe's metadata.
            (true, Some(Type::String)) if !place.is_json => {
                "An empty value removes its key, and `Clearable::Clear` in place of the map all keys."
            }
            (true, Some(Type::Clearable(_))) => {
                "`Clearable::Clear` as a value removes its key, and in place of the map all keys."
            }
            (true, _) => "`Clearable::Clear` unsets it.",
            (false, Some(Type::Clearable(_))) => "`Clearable::Clear` as a value removes its key.",
            (false, _) => return notes,
        };
        notes.push(note.to_owned());
        notes
    }
}

/// The names of the fields of an object, or of the parameters of an operation, each with its wire name and its place.
pub(super) type Taken = BTreeMap<String, (String, String)>;

/// Marks an item as deprecated, if the document says so.
pub(super) fn deprecate(origin: &mut Origin, is_deprecated: bool) {
    if is_deprecated && !origin.is_deprecated {
        origin.is_deprecated = true;
        origin.docs.notes.push("Deprecated by Stripe.".to_owned());
    }
}
