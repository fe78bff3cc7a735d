//! Component schemas, models, fields and their types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::limits::{max_length, unit_note};
use super::shapes::{self, bare, constant_object, is_deleted_stub, is_unix_time};
use super::{Lower, Place, once};
use crate::config::{Row, Table};
use crate::diagnostic::Pointer;
use crate::ir::{Docs, Field, Model, ModelId, Origin, Params, Presence, Reference, Type};
use crate::markdown::code;
use crate::openapi::keys::Side;
use crate::openapi::node::{Kind, Node};
use crate::rust::naming;
use crate::select::Page;

impl<'a> Lower<'a> {
    /// Lowers the component schemas that are pending. Each may add others.
    pub(super) fn drain(&mut self) {
        while let Some((key, name)) = self.pending.pop_front() {
            let (_, rows) = self.component_name(&key);
            self.model(self.component_schema(&key), &Place::root(Pointer::schema(&key), &key), name, rows);
        }
    }

    pub(super) fn component_schema(&self, key: &str) -> Node<'a> {
        Node(&self.schemas[key])
    }

    /// The type that a component schema becomes, and whether it may be `null`.
    pub(super) fn component(&mut self, key: &str) -> Option<(Type, bool)> {
        // A chain of references may be of any length.
        let mut aliases = Vec::new();
        let mut key = key.to_owned();
        while let Some(next) = self.component_schema(&key).reference().filter(|_| !self.components.contains_key(&key)) {
            aliases.push(std::mem::replace(&mut key, next));
        }
        let ty = match self.components.get(&key) {
            Some(known) => known.clone(),
            // Objects may lead back to themselves, since they have a name by then. Anything else would be a type without end.
            None if !self.open.insert(key.clone()) => {
                let reason = format!("the schema `{key}` leads back to itself without an object in between");
                return self.unsupported(&Pointer::schema(&key), reason);
            }
            None => self.component_type(&key),
        };
        self.open.remove(&key);
        self.components.extend(aliases.into_iter().chain([key]).map(|key| (key, ty.clone())));
        ty
    }

    fn component_type(&mut self, key: &str) -> Option<(Type, bool)> {
        let (schema, pointer) = (self.component_schema(key), Pointer::schema(key));
        let (name, rows) = self.component_name(key);
        let ty = if self.selection.boundary.contains_key(key) {
            let name = self.claim_component(name, &pointer, key)?;
            self.reference(key, name, schema, rows)
        } else if is_deleted_stub(schema) {
            Type::Deleted
        } else if schema.is_object() && shapes::has_fields(schema, Side::Response) {
            let name = self.claim_component(name, &pointer, key)?;
            self.pending.push_back((key.to_owned(), name.clone()));
            self.keys.insert(name.clone(), key.to_owned());
            Type::Model(name)
        } else {
            // The key names it, without an owner in front.
            return self.schema(schema, &Place { field: name.unwrap_or_default(), ..Place::root(pointer, key) });
        };
        Some((ty, schema.is("nullable")))
    }

    fn reference(&mut self, key: &str, name: String, schema: Node<'_>, rows: Vec<Row>) -> Type {
        // The field is not needed to decode the object.
        let object = schema.property("object").and_then(Node::only_value).unwrap_or(key).to_owned();
        let pointer = Pointer::schema(key);
        let (id, id_rows) = self.rule_name(format!("{name}Id"));
        let id = self.claim(id, &pointer.child("id"), &format!("{name}Id"));
        let text = format!("The object {}, which is not modelled here: its id and its JSON.", code(key));
        let docs = Docs { text, is_described: false, notes: vec![format!("Schema: {}.", code(key))], example: None };
        if let Some(id) = id {
            let rows = rows.into_iter().chain(id_rows).collect();
            let mut origin = self.origin(&Place::root(pointer.clone(), key), docs, rows);
            origin.facts = self.boundary_facts(schema);
            self.api.references.push(Reference { name: name.clone(), module: self.module.clone(), id, origin, object });
        }
        Type::Reference(name)
    }

    /// Lowers an object of a response, named or inline, to the model `name`.
    fn model(&mut self, schema: Node<'_>, place: &Place, name: String, rows: Vec<Row>) {
        let constant = constant_object(schema).map(str::to_owned);
        let mut docs = self.docs(schema.description(), || format!("The object {}.", code(&place.path)));
        docs.notes.push(format!("Schema: {}.", code(&place.path)));
        let mut origin = self.origin(place, docs, rows);
        deprecate(&mut origin, schema.is("deprecated"));
        if place.owner.is_empty() {
            // Those of an inline object are its field's.
            origin.facts = self.schema_facts(Side::Response, schema);
        }
        // It comes before the models that it holds.
        let at = self.api.models.push(Model {
            name: name.clone(),
            module: self.module.clone(),
            origin,
            object: constant.clone(),
            id: ModelId::None,
            is_referable: false,
            expandable: schema.texts("x-expandableFields").map(str::to_owned).collect(),
            is_deletable: constant.as_deref().is_some_and(|constant| self.deleted.contains(constant)),
            is_open: schema.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false)),
            fields: Vec::new(),
        });
        let mut fields = self.fields(schema, place, &name);
        if constant.is_some() || schema.has("x-resourceId") {
            self.identify(at, &mut fields, &name);
        }
        // Stripe sends the id first, and the other fields in the order of their names.
        fields.sort_by_key(|field| field.wire != "id");
        self.api.models[at].fields = fields;
    }

    /// Gives the id of a model a type of its own.
    fn identify(&mut self, model: usize, fields: &mut [Field], name: &str) {
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
    }

    fn fields(&mut self, schema: Node<'_>, place: &Place, owner: &str) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        let required: BTreeSet<&str> = schema.texts("required").collect();
        for (wire, property) in schema.members("properties") {
            let pointer = place.pointer.child("properties").child(wire);
            let place = place.property(pointer, owner, wire);
            if wire == "object" && constant_object(schema).is_some() && !place.is_parameter() {
                continue;
            }
            fields.extend(self.field(property, &place, required.contains(wire.as_str())));
        }
        self.check_field_names(fields.iter(), place.is_parameter());
        fields
    }

    /// Reports the names that another one of the fields has, or that a generated method has.
    pub(super) fn check_field_names<'f>(&mut self, fields: impl Iterator<Item = &'f Field>, are_parameters: bool) {
        let mut taken: BTreeMap<&str, &Field> = BTreeMap::new();
        for field in fields {
            let Field { name, origin, .. } = field;
            let reason = match taken.get(name.as_str()) {
                // A row would rename both, which is reported for all fields.
                Some(other) if other.origin.place == origin.place => continue,
                Some(other) => format!("the name `{name}` is already that of the field `{}`", other.wire),
                None if are_parameters && naming::RESERVED_METHODS.contains(&name.as_str()) => {
                    format!("the name `{name}` is already that of a generated method")
                }
                None => {
                    taken.insert(name, field);
                    continue;
                }
            };
            let help = self.lookup.name_help(Table::Field, &[("place", &origin.place)]);
            self.problems.report(&origin.pointer, reason, help);
        }
    }

    /// Lowers a field of a model, or a parameter.
    pub(super) fn field(&mut self, schema: Node<'_>, place: &Place, is_required: bool) -> Option<Field> {
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
        // OpenAPI 3.0 ignores what is beside a `$ref`: the description is that of the schema.
        let description = self.resolved(schema, Pointer::default()).0.description();
        let lowered = self.node(schema, &Place { description: description.map(str::to_owned), ..place.clone() });
        let (name, (ty, is_nullable)) = (name?, lowered?);
        let secret_row = self.lookup.sensitive(&place.path);
        // In a request, `null` clears the value.
        let (ty, is_nullable) = match is_nullable && place.is_parameter() {
            true => (Type::Clearable(ty.into()), false),
            false => (ty, is_nullable),
        };
        let presence = match Presence::new(is_required, is_nullable) {
            // A required one keeps `null` in its value.
            Presence::Optional if ty == Type::Json && self.is_anything(schema) => Presence::OptionalNullable,
            Presence::Optional if !place.takes_null() && matches!(ty, Type::Array(_) | Type::Map(_)) => {
                Presence::AbsentIfEmpty
            }
            presence => presence,
        };
        let max_length = max_length(schema);
        let mut docs = self.docs(description, || match place.is_parameter() {
            true => format!("The parameter {}.", code(&place.field)),
            false => format!("The field {}.", code(&place.field)),
        });
        docs.notes = self.notes(&docs.text, &ty, max_length, place);
        let is_secret = secret_row.is_some();
        let mut origin = self.origin(place, docs, name_row.into_iter().chain(secret_row).collect());
        deprecate(&mut origin, schema.is("deprecated"));
        let side = if place.is_parameter() { Side::Request } else { Side::Response };
        origin.facts = self.schema_facts(side, schema);
        Some(Field { wire: place.field.clone(), name, origin, ty, presence, is_secret, is_boxed: false, max_length })
    }

    /// The type of a schema inside another one, and whether it may be `null`; none if it is refused.
    pub(super) fn node(&mut self, schema: Node<'_>, place: &Place) -> Option<(Type, bool)> {
        let lowered = self.deeper(&place.pointer, |lower| lower.schema(schema, place));
        debug_assert!(lowered.is_some() || !self.problems.is_empty(), "`{}` is dropped in silence", place.pointer);
        lowered
    }

    /// The type of a schema, and whether it may be `null`.
    pub(super) fn schema(&mut self, schema: Node<'_>, place: &Place) -> Option<(Type, bool)> {
        let is_nullable = schema.is("nullable") && place.takes_null();
        let ty = match schema.kind() {
            Kind::Reference if place.is_parameter() => {
                return self.unsupported(&place.pointer, "a parameter that is a `$ref` is not supported");
            }
            Kind::Reference => return self.component(&schema.reference()?),
            Kind::String if schema.has("enum") => Type::Enum(self.enumeration(schema, place)?),
            Kind::String => shapes::text_type(schema),
            Kind::Integer if is_unix_time(schema) => Type::Timestamp,
            Kind::Integer => Type::Integer,
            Kind::Number => Type::Number,
            Kind::Boolean => Type::Bool,
            Kind::Array => {
                let item = match schema.inside("items") {
                    Some(items) => self.item(items, &place.item("items"))?,
                    None => self.anything(place, "a parameter that is an array of anything is not supported")?,
                };
                Type::Array(item.into())
            }
            Kind::Composition => match schema.parts()? {
                ("allOf", [only]) => return self.only(Node(only), place, "allOf", is_nullable),
                (keyword @ ("anyOf" | "oneOf"), parts) => return self.union(schema, parts, place, keyword),
                _ => return self.unsupported(&place.pointer, "an `allOf` of several schemas is not supported"),
            },
            Kind::Object | Kind::Untyped => self.object(schema, place)?,
            Kind::Unknown => return self.unsupported(&place.pointer, "a schema of this shape is not supported"),
        };
        Some((ty, is_nullable))
    }

    /// Whether a schema allows any JSON, of which `null` is one: one without a type.
    fn is_anything(&self, schema: Node<'_>) -> bool {
        let schema = bare(schema);
        match schema.reference() {
            // A reference to itself is refused.
            Some(key) => {
                self.components.get(&key) == Some(&Some((Type::Json, false)))
                    && self.is_anything(self.component_schema(&key))
            }
            None => schema.kind() == Kind::Untyped,
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
    fn item(&mut self, schema: Node<'_>, place: &Place) -> Option<Type> {
        Some(match self.node(schema, place)? {
            (Type::Json, _) => Type::Json,
            (ty, true) if place.is_parameter() => Type::Clearable(ty.into()),
            (ty, true) => Type::OrNull(ty.into()),
            (ty, false) => ty,
        })
    }

    /// The type of a composition of one schema, which is that of the schema.
    pub(super) fn only(
        &mut self,
        part: Node<'_>,
        place: &Place,
        keyword: &str,
        is_nullable: bool,
    ) -> Option<(Type, bool)> {
        let place = place.at(place.pointer.child(keyword).index(0));
        let (ty, is_inner_nullable) = self.node(part, &place)?;
        Some((ty, is_nullable || is_inner_nullable))
    }

    fn object(&mut self, schema: Node<'_>, place: &Place) -> Option<Type> {
        if schema.members("properties").next().is_none() {
            return match schema.inside("additionalProperties") {
                Some(values) => {
                    let value = self.item(values, &place.item("additionalProperties"))?;
                    let is_amount = value == Type::Integer && !place.is_parameter();
                    Some(if is_amount { Type::Amounts } else { Type::Map(value.into()) })
                }
                // Stripe adds the parameters of a feature later: until then there is nothing to set. Its documents write `properties: {}`
                // for that, at hundreds of places, and a map with the schema of its values.
                None if place.is_parameter() => self.params(schema, place),
                None => Some(Type::Json),
            };
        }
        if place.is_parameter() {
            return self.params(schema, place);
        }
        if let Some((kind, items)) = shapes::page(schema) {
            let pointer = place.pointer.child("properties").child("data").child("items");
            let (item, is_nullable) = self.node(items, &Place { is_item: true, ..place.at(pointer.clone()) })?;
            if is_nullable {
                return self.unsupported(&pointer, "a page of objects that may be null is not supported");
            }
            return Some(match kind {
                Page::List => Type::List(item.into()),
                Page::Search => Type::SearchResult(item.into()),
                Page::ListV2 => Type::ListV2(item.into()),
            });
        }
        let (name, rows) = self.inline_name(place);
        let name = name?;
        self.model(schema, place, name.clone(), rows);
        Some(Type::Model(name))
    }

    /// Lowers nested parameters.
    fn params(&mut self, schema: Node<'_>, place: &Place) -> Option<Type> {
        let operation = place.operation.clone().unwrap_or_default();
        let (name, rows) = self.inline_name(place);
        let name = name?;
        let docs = self.docs(schema.description(), || {
            format!(
                "Parameters of {}: {}.",
                code(&operation),
                code(place.path.split_once('/').map_or("", |(_, path)| path))
            )
        });
        let mut origin = self.origin(place, docs, rows);
        if schema.members("properties").next().is_none() {
            origin
                .docs
                .notes
                .push("It has no parameters in this version of Stripe's API: it is there or not.".to_owned());
        }
        let at = self.api.params.len();
        let module = self.module.clone();
        self.api.params.push(Params { name: name.clone(), module, operation, origin, fields: Vec::new() });
        self.api.params[at].fields = self.fields(schema, place, &name);
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

/// Marks an item as deprecated, if the document says so.
pub(super) fn deprecate(origin: &mut Origin, is_deprecated: bool) {
    if is_deprecated && !origin.is_deprecated {
        origin.is_deprecated = true;
        origin.docs.notes.push("Deprecated by Stripe.".to_owned());
    }
}
