//! Decides what each schema and each operation of a selection is in Rust.
//!
//! The models come first, from what the operations answer with, breadth first; then the operations, as the paths they can
//! expand are those of their models.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::{
    AdditionalProperties, IntegerType, ObjectType, Parameter, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr, Schema, SchemaKind, StatusCode, StringType, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use crate::config::Lookup;
use crate::diagnostic::{Collector, Diagnostics, Pointer};
use crate::docs;
use crate::ir::{Api, Enum, Field, Model, Operation, Params, Reference, Type, Variant};
use crate::naming;
use crate::select::{SelectedOperation, Selection, schema_key};

/// The media types that Stripe speaks.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Our extension beside an `enum`: what each value means.
const ENUM_DESCRIPTIONS: &str = "x-enumDescriptions";

const GAP: &str =
    "list the schema that holds it under `boundary` in `codegen.toml`, or teach `codegen::lower` the shape";
const GAP_IN_OPERATION: &str = "correct the document, or teach `codegen::lower` the shape";

/// Lowers `selection`.
///
/// # Errors
/// All shapes that are not understood and all names that cannot be given.
pub(crate) fn lower(selection: &Selection, lookup: &Lookup<'_>) -> Result<Api, Diagnostics> {
    let mut lower = Lower {
        selection,
        lookup,
        problems: Collector::new(&selection.name),
        names: BTreeMap::new(),
        components: BTreeMap::new(),
        open: BTreeSet::new(),
        pending: VecDeque::new(),
        api: Api { version: selection.version.clone(), pinned: is_dated(&selection.version), ..Api::default() },
    };
    let answers: Vec<_> = selection.operations.iter().map(|operation| lower.answers(operation)).collect();
    for index in [0, 1] {
        for answer in answers.iter().flatten() {
            lower.component(&answer[index].0, &answer[index].1);
            while let Some(key) = lower.pending.pop_front() {
                lower.model(&key);
            }
        }
    }
    lower.box_cycles();
    for (operation, answers) in selection.operations.iter().zip(answers) {
        let Some(answers) = answers else { continue };
        if let [Some(Type::Model(output)), Some(Type::Model(error))] =
            answers.map(|(key, pointer)| lower.component(&key, &pointer))
        {
            lower.operation(operation, output, error);
        }
    }
    lower.problems.finish(lower.api)
}

struct Lower<'a> {
    selection: &'a Selection,
    lookup: &'a Lookup<'a>,
    problems: Collector<'a>,
    /// Type names that are given, and where.
    names: BTreeMap<String, Pointer>,
    /// What the component schemas met so far became.
    components: BTreeMap<String, Option<Type>>,
    /// Component schemas whose type is being worked out.
    open: BTreeSet<String>,
    /// Component schemas that have a name and are still to be lowered.
    pending: VecDeque<String>,
    api: Api,
}

/// A schema, or a reference to one.
#[derive(Clone, Copy)]
enum Node<'s> {
    Reference(&'s str),
    Schema(&'s Schema),
}

impl<'s> From<&'s ReferenceOr<Schema>> for Node<'s> {
    fn from(schema: &'s ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

impl<'s> From<&'s ReferenceOr<Box<Schema>>> for Node<'s> {
    fn from(schema: &'s ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

/// Where a schema stands, in the document, in the configuration's spelling and in Rust.
#[derive(Clone)]
struct Place {
    pointer: Pointer,
    /// `schema/property`, or `Operation/parameter`.
    path: String,
    /// The Rust type that an inline schema here belongs to.
    owner: String,
    /// The field that it is in.
    field: String,
    /// Whether it is one of many.
    item: bool,
    /// What the field says of itself, for a type inside it that says nothing.
    docs: Option<String>,
    /// The operation, if this is a parameter.
    operation: Option<String>,
}

impl Place {
    /// A place that is in no other: a component schema, or an operation.
    fn root(pointer: Pointer, path: &str) -> Self {
        Self {
            pointer,
            path: path.to_owned(),
            owner: String::new(),
            field: String::new(),
            item: false,
            docs: None,
            operation: None,
        }
    }

    fn property(&self, pointer: Pointer, owner: &str, wire: &str) -> Self {
        Self {
            pointer,
            path: format!("{}/{wire}", self.path),
            owner: owner.to_owned(),
            field: wire.to_owned(),
            item: false,
            docs: None,
            operation: self.operation.clone(),
        }
    }

    fn item(&self, keyword: &str) -> Self {
        Self { pointer: self.pointer.child(keyword), item: true, ..self.clone() }
    }
}

impl Lower<'_> {
    fn refuse(&mut self, pointer: &Pointer, reason: impl Into<String>) {
        let remedy = if pointer.as_str().starts_with("/components/") { GAP } else { GAP_IN_OPERATION };
        self.problems.report(pointer, reason, remedy);
    }

    fn not_understood<T>(&mut self, pointer: &Pointer, reason: impl Into<String>) -> Option<T> {
        self.refuse(pointer, reason);
        None
    }

    fn docs(&self, description: Option<&String>) -> String {
        docs::markdown(description.map_or("", String::as_str), &self.lookup.config.docs_url)
    }

    /// Gives `name` to what stands at `pointer`, once.
    fn claim(&mut self, name: Option<String>, pointer: &Pointer, from: &str) -> Option<String> {
        let remedy = format!("add a `[[rename]]` row for `{from}` to `codegen.toml`");
        let Some(name) = name else {
            self.problems.report(pointer, format!("`{from}` gives no Rust identifier"), remedy);
            return None;
        };
        if naming::RESERVED_TYPES.contains(&name.as_str()) {
            self.problems.report(pointer, format!("the name `{name}` is taken by the bindings themselves"), remedy);
            return None;
        }
        if let Some(other) = self.names.get(&name).filter(|other| *other != pointer) {
            let reason = format!("the name `{name}` is that of `{other}` already");
            self.problems.report(pointer, reason, remedy);
            return None;
        }
        self.names.insert(name.clone(), pointer.clone());
        Some(name)
    }

    /// The component schemas that an operation answers with: its output, and its error.
    fn answers(&mut self, selected: &SelectedOperation) -> Option<[(String, Pointer); 2]> {
        let responses = &selected.operation.responses;
        let pointer = selected.pointer.child("responses");
        let mut key = |name: &str, response: Option<&ReferenceOr<openapiv3::Response>>| {
            let schema = response.and_then(|response| response.as_item()?.content.get(JSON)?.schema.as_ref());
            match schema {
                Some(ReferenceOr::Reference { reference }) => Some((schema_key(reference)?, pointer.child(name))),
                _ => {
                    let reason = format!("the answer `{name}` does not name a schema as `{JSON}`");
                    self.not_understood(&pointer, reason)
                }
            }
        };
        let output = key("200", responses.responses.get(&StatusCode::Code(200)));
        let error = key("default", responses.default.as_ref());
        Some([output?, error?])
    }

    /// The type that a component schema becomes.
    fn component(&mut self, key: &str, from: &Pointer) -> Option<Type> {
        if let Some(known) = self.components.get(key) {
            return known.clone();
        }
        // Objects may lead back to themselves, as they have a name by then; what has none would be a type of endless depth.
        if !self.open.insert(key.to_owned()) {
            let reason = format!("the schema `{key}` leads back to itself without an object in between");
            return self.not_understood(&Pointer::schema(key), reason);
        }
        let pointer = Pointer::schema(key);
        let name = naming::type_name(&self.lookup.rename(key).unwrap_or_else(|| key.to_owned()));
        let Some(schema) = self.selection.schemas.get(key) else {
            self.problems.report(
                from,
                format!("the schema `{key}` was not selected"),
                "report this as a bug of the generator",
            );
            return None;
        };
        let ty = if self.selection.boundary.contains(key) {
            self.claim(name, &pointer, key).map(|name| self.reference(key, name, schema))
        } else {
            match Node::from(schema) {
                Node::Reference(target) => self.component(&schema_key(target)?, from),
                Node::Schema(schema) => match object(schema) {
                    Some(shape) if is_deleted(&shape) => Some(Type::Deleted),
                    Some(shape) if !shape.properties.is_empty() && !is_list(&shape) => {
                        let name = self.claim(name, &pointer, key);
                        name.map(|name| {
                            self.pending.push_back(key.to_owned());
                            Type::Model(name)
                        })
                    }
                    _ => {
                        // The key names it, so there is no owner in front.
                        let place = Place { field: name.unwrap_or_default(), ..Place::root(pointer, key) };
                        self.schema(schema, &place).map(|(ty, _)| ty)
                    }
                },
            }
        };
        self.open.remove(key);
        self.components.insert(key.to_owned(), ty.clone());
        ty
    }

    fn reference(&mut self, key: &str, name: String, schema: &ReferenceOr<Schema>) -> Type {
        let constant = |schema: &Schema| Some(constant_object(&object(schema)?)?.to_owned());
        let object = schema.as_item().and_then(constant).unwrap_or_else(|| key.to_owned());
        let id = self.claim(Some(format!("{name}Id")), &Pointer::schema(key).child("id"), key);
        if let Some(id) = id {
            self.api.references.push(Reference { name: name.clone(), id, key: key.to_owned(), object });
        }
        Type::Reference(name)
    }

    fn model(&mut self, key: &str) {
        let Some(Some(Type::Model(name))) = self.components.get(key).cloned() else { return };
        let Some(ReferenceOr::Item(schema)) = self.selection.schemas.get(key) else { return };
        self.model_of(schema, &Place::root(Pointer::schema(key), key), name);
    }

    /// Lowers an object of a response, named or inline, to the model `name`.
    fn model_of(&mut self, schema: &Schema, place: &Place, name: String) {
        let Some(shape) = object(schema) else { return };
        let constant = constant_object(&shape).map(str::to_owned);
        // Its place in the order is before what it holds.
        let at = self.api.models.len();
        self.api.models.push(Model {
            name: name.clone(),
            key: place.path.clone(),
            pointer: place.pointer.clone(),
            docs: self.docs(schema.schema_data.description.as_ref()),
            object: constant.clone(),
            id: None,
            expandable: strings(schema.schema_data.extensions.get("x-expandableFields")),
            deletable: self.selection.schemas.values().any(|other| is_deleted_form(other, constant.as_deref())),
            fields: Vec::new(),
        });
        let mut fields = self.fields(&shape, place, &name);
        if constant.is_some() {
            fields.retain(|field| field.wire != "object");
            if let Some(field) = fields.iter_mut().find(|f| f.wire == "id" && f.required && f.ty == Type::String) {
                let pointer = field.pointer.clone();
                if let Some(id) = self.claim(Some(format!("{name}Id")), &pointer, &format!("{}/id", place.path)) {
                    field.ty = Type::Id(id.clone());
                    self.api.models[at].id = Some(id);
                }
            }
        }
        // Stripe sends the id first, and the other fields in the order of their names.
        fields.sort_by_key(|field| field.wire != "id");
        self.api.models[at].fields = fields;
    }

    fn fields(&mut self, shape: &ObjectType, place: &Place, owner: &str) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for (wire, schema) in &shape.properties {
            let pointer = place.pointer.child("properties").child(wire);
            let place = place.property(pointer, owner, wire);
            let required = shape.required.contains(wire);
            if wire == "object" && constant_object(shape).is_some() && place.operation.is_none() {
                continue;
            }
            if let Some(field) = self.field(schema.into(), &place, required) {
                self.check_field_name(&fields, &field, &place);
                fields.push(field);
            }
        }
        fields
    }

    fn check_field_name(&mut self, fields: &[Field], field: &Field, place: &Place) {
        if let Some(other) = fields.iter().find(|other| other.name == field.name) {
            let reason = format!("the name `{}` is that of the field `{}` already", field.name, other.wire);
            self.problems.report(&place.pointer, reason, field_remedy(&place.path));
        }
    }

    fn field(&mut self, node: Node<'_>, place: &Place, required: bool) -> Option<Field> {
        let row = self.lookup.field_name(&place.path);
        let name = row.map(str::to_owned).or_else(|| naming::field_name(&place.field));
        if name.is_none() {
            let reason = format!("the property `{}` gives no Rust identifier", place.field);
            self.problems.report(&place.pointer, reason, field_remedy(&place.path));
        }
        let (description, text) = match node {
            // OpenAPI 3.0 ignores what stands beside a `$ref`, so the schema speaks for the field.
            Node::Reference(target) => (self.description(target).cloned(), None),
            Node::Schema(schema) => (schema.schema_data.description.clone(), string_type(schema)),
        };
        let lowered = self.node(node, &Place { docs: description.clone(), ..place.clone() });
        let (name, (ty, nullable)) = (name?, lowered?);
        Some(Field {
            wire: place.field.clone(),
            name,
            pointer: place.pointer.clone(),
            docs: self.docs(description.as_ref()),
            ty,
            required,
            nullable,
            secret: self.lookup.is_sensitive(&place.path),
            boxed: false,
            max_length: text.and_then(|text| text.max_length),
            pattern: text.and_then(|text| text.pattern.clone()),
        })
    }

    /// The description of a component schema.
    fn description(&self, reference: &str) -> Option<&String> {
        self.selection.schemas.get(&schema_key(reference)?)?.as_item()?.schema_data.description.as_ref()
    }

    /// The type of a schema or a reference, and whether it may be `null`.
    fn node(&mut self, node: Node<'_>, place: &Place) -> Option<(Type, bool)> {
        match node {
            Node::Schema(schema) => self.schema(schema, place),
            Node::Reference(_) if place.operation.is_some() => {
                self.not_understood(&place.pointer, "a parameter that is a `$ref` is not understood")
            }
            Node::Reference(target) => Some((self.component(&schema_key(target)?, &place.pointer)?, false)),
        }
    }

    fn schema(&mut self, schema: &Schema, place: &Place) -> Option<(Type, bool)> {
        let nullable = schema.schema_data.nullable;
        let simple = |ty| Some((ty, nullable));
        match &schema.schema_kind {
            SchemaKind::Type(openapiv3::Type::String(text)) if text.enumeration.is_empty() => simple(Type::String),
            SchemaKind::Type(openapiv3::Type::String(text)) => {
                simple(Type::Enum(self.enumeration(schema, text, place)?))
            }
            SchemaKind::Type(openapiv3::Type::Integer(integer)) if integer.enumeration.is_empty() => {
                simple(if is_unix_time(integer) { Type::Timestamp } else { Type::Integer })
            }
            SchemaKind::Type(openapiv3::Type::Number(number)) if number.enumeration.is_empty() => simple(Type::Number),
            SchemaKind::Type(openapiv3::Type::Boolean(_)) => simple(Type::Bool),
            SchemaKind::Type(openapiv3::Type::Array(array)) => {
                let item = match &array.items {
                    Some(items) => self.item(items.into(), &place.item("items"))?,
                    None => self.anything(place, "a parameter that is an array of anything is not understood")?,
                };
                simple(Type::Array(item.into()))
            }
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => self.only(&all_of[0], place, "allOf", nullable),
            SchemaKind::AnyOf { any_of } => self.union(schema, any_of, place, "anyOf"),
            SchemaKind::OneOf { one_of } => self.union(schema, one_of, place, "oneOf"),
            _ => match object(schema) {
                Some(shape) => simple(self.object(schema, &shape, place)?),
                None => self.not_understood(&place.pointer, reason(schema)),
            },
        }
    }

    /// Any JSON, which a response can hold, and a form cannot.
    fn anything(&mut self, place: &Place, reason: &str) -> Option<Type> {
        match place.operation {
            Some(_) => self.not_understood(&place.pointer, reason),
            None => Some(Type::Json),
        }
    }

    /// The type of what stands many times, which is never null.
    fn item(&mut self, node: Node<'_>, place: &Place) -> Option<Type> {
        match self.node(node, place)? {
            (_, true) => self.not_understood(&place.pointer, "an array or a map of values that may be null"),
            (ty, false) => Some(ty),
        }
    }

    fn only(
        &mut self,
        part: &ReferenceOr<Schema>,
        place: &Place,
        keyword: &str,
        nullable: bool,
    ) -> Option<(Type, bool)> {
        let place = Place { pointer: place.pointer.child(keyword).index(0), ..place.clone() };
        let (ty, inner) = self.node(part.into(), &place)?;
        Some((ty, nullable || inner))
    }

    fn union(
        &mut self,
        schema: &Schema,
        parts: &[ReferenceOr<Schema>],
        place: &Place,
        keyword: &str,
    ) -> Option<(Type, bool)> {
        let nullable = schema.schema_data.nullable;
        let expands = schema.schema_data.extensions.contains_key("x-expansionResources");
        if let ([part], false) = (parts, expands) {
            return self.only(part, place, keyword, nullable);
        }
        let at = place.pointer.child(keyword);
        let mut id = false;
        let mut clears = false;
        let mut others = Vec::new();
        for (i, part) in parts.iter().enumerate() {
            match Node::from(part) {
                Node::Schema(text) if is_empty_string(text) && place.operation.is_some() => clears = true,
                Node::Schema(text) if expands && is_plain_string(text) => id = true,
                node => others.push((node, at.index(i))),
            }
        }

        if let ([(node, pointer)], true, false) = (others.as_slice(), clears, expands) {
            let place = Place { pointer: pointer.clone(), ..place.clone() };
            let (ty, inner) = self.node(*node, &place)?;
            return Some((Type::Clearable(ty.into()), nullable || inner));
        }
        let all_references = others.iter().all(|(node, _)| matches!(node, Node::Reference(_)));
        if !all_references || place.operation.is_some() || expands != id {
            let reason = format!("an `{keyword}` of this kind is not understood");
            return self.not_understood(&place.pointer, reason);
        }

        let mut targets = Vec::new();
        for (node, pointer) in others {
            let place = Place { pointer, ..place.clone() };
            match self.node(node, &place)?.0 {
                Type::Deleted => {}
                target => targets.push(target),
            }
        }
        let past = targets.iter().all(|target| matches!(target, Type::Reference(_)));
        let target = match targets.as_slice() {
            [one @ (Type::Model(_) | Type::Reference(_))] => one.clone(),
            [_, _, ..] if past => Type::Opaque,
            _ => {
                let reason =
                    format!("an `{keyword}` of several objects on this side of the boundary is not understood");
                return self.not_understood(&place.pointer, reason);
            }
        };
        if expands && !self.has_id(&target) {
            let reason =
                "an expandable reference to a schema without an open `id` and a constant `object` is not understood";
            return self.not_understood(&place.pointer, reason);
        }
        Some((if expands { Type::Expandable(target.into()) } else { target }, nullable))
    }

    /// Whether what is expanded has an id by which it can be told from its object.
    fn has_id(&self, target: &Type) -> bool {
        let Type::Model(name) = target else { return true };
        let key = self.components.iter().find(|(_, ty)| matches!(ty, Some(Type::Model(n)) if n == name));
        let Some((key, _)) = key else { return false };
        let schema = self.selection.schemas.get(key).and_then(|schema| object(schema.as_item()?));
        let open = !self.lookup.is_sensitive(&format!("{key}/id"));
        schema.filter(|_| open).is_some_and(|shape| {
            let id = shape.properties.get("id").and_then(|id| id.as_item());
            constant_object(&shape).is_some()
                && shape.required.iter().any(|name| name == "id")
                && id.is_some_and(|id| is_plain_string(id))
        })
    }

    fn object(&mut self, schema: &Schema, shape: &ObjectType, place: &Place) -> Option<Type> {
        if shape.properties.is_empty() {
            return match &shape.additional_properties {
                Some(AdditionalProperties::Schema(values)) => {
                    let value = self.item(values.as_ref().into(), &place.item("additionalProperties"))?;
                    let amounts = value == Type::Integer && place.operation.is_none();
                    Some(if amounts { Type::Amounts } else { Type::Map(value.into()) })
                }
                _ => self.anything(place, "a parameter that may be any object is not understood"),
            };
        }
        if is_list(shape)
            && place.operation.is_none()
            && let Some(ReferenceOr::Item(data)) = shape.properties.get("data")
            && let SchemaKind::Type(openapiv3::Type::Array(array)) = &data.schema_kind
            && let Some(items) = &array.items
        {
            let pointer = place.pointer.child("properties").child("data").child("items");
            let item = self.item(items.into(), &Place { pointer, item: true, ..place.clone() })?;
            return Some(Type::List(item.into()));
        }
        let name = self.inline_name(place)?;
        match &place.operation {
            None => {
                self.model_of(schema, place, name.clone());
                Some(Type::Model(name))
            }
            Some(operation) => {
                let at = self.api.params.len();
                self.api.params.push(Params {
                    name: name.clone(),
                    operation: operation.clone(),
                    place: place.path.clone(),
                    pointer: place.pointer.clone(),
                    docs: self.docs(schema.schema_data.description.as_ref()),
                    fields: Vec::new(),
                });
                self.api.params[at].fields = self.fields(shape, place, &name);
                Some(Type::Params(name))
            }
        }
    }

    fn inline_name(&mut self, place: &Place) -> Option<String> {
        let name = match self.lookup.rename(&place.path) {
            Some(name) => naming::type_name(&name),
            None => naming::inline_type_name(&place.owner, &place.field, place.item),
        };
        self.claim(name, &place.pointer, &place.path)
    }

    fn enumeration(&mut self, schema: &Schema, text: &StringType, place: &Place) -> Option<String> {
        let values: Vec<&str> = text.enumeration.iter().flatten().map(String::as_str).collect();
        if values.len() < text.enumeration.len() && !schema.schema_data.nullable {
            return self.not_understood(&place.pointer.child("enum"), "the enum holds a value that is not a string");
        }
        let shared = self.lookup.shared_enum(&place.path);
        if let Some(shared) = shared
            && let Some(known) = self.api.enums.iter().find(|known| known.name == shared.name)
        {
            if !known.variants.iter().map(|variant| variant.value.as_str()).eq(values.iter().copied()) {
                let reason = format!(
                    "its values are not those of `{}`, and `codegen.toml` declares that both are `{}`",
                    known.pointer, shared.name
                );
                let remedy = "delete this place from the `[[shared_enum]]` row, so that it becomes an enum of its own";
                self.problems.report(&place.pointer.child("enum"), reason, remedy);
            }
            return Some(shared.name.clone());
        }

        let name = match shared {
            Some(shared) => self.claim(Some(shared.name.clone()), &place.pointer, &place.path),
            None => self.inline_name(place),
        };
        let meanings = schema.schema_data.extensions.get(ENUM_DESCRIPTIONS);
        let mut variants: Vec<Variant> = Vec::new();
        for (i, value) in values.into_iter().enumerate() {
            let pointer = place.pointer.child("enum").index(i);
            let remedy = format!(
                "add a `[[variant]]` row to `codegen.toml`: place = \"{}\", value = \"{value}\", name = \"…\"",
                place.path
            );
            let row = self.lookup.variant_name(&place.path, value);
            let Some(variant) = row.map(str::to_owned).or_else(|| naming::variant_name(value)) else {
                self.problems.report(&pointer, format!("the value `{value}` gives no Rust identifier"), remedy);
                continue;
            };
            let taken = variants.iter().find(|other| other.name == variant).map(|other| other.value.as_str());
            let taken = if variant == naming::UNKNOWN_VARIANT { Some("whatever is not listed") } else { taken };
            if let Some(taken) = taken {
                let reason = format!("the value `{value}` gives the name `{variant}`, which is that of `{taken}`");
                self.problems.report(&pointer, reason, remedy);
                continue;
            }
            let meaning = meanings.and_then(|meanings| meanings.get(value)?.as_str()).map(str::to_owned);
            variants.push(Variant { value: value.to_owned(), name: variant, docs: self.docs(meaning.as_ref()) });
        }
        let name = name?;
        let mut docs = self.docs(schema.schema_data.description.as_ref().or(place.docs.as_ref()));
        if docs.is_empty() {
            docs = format!("What {} can be.", docs::code(&place.field));
        }
        self.api.enums.push(Enum {
            name: name.clone(),
            owner: place.owner.clone(),
            pointer: place.pointer.clone(),
            docs,
            variants,
            is_computed: false,
        });
        Some(name)
    }

    /// Puts a pointer where models hold each other without one.
    fn box_cycles(&mut self) {
        let held: BTreeMap<String, BTreeSet<String>> = self
            .api
            .models
            .iter()
            .map(|model| {
                let held = model.fields.iter().filter_map(|field| match &field.ty {
                    Type::Model(name) => Some(name.clone()),
                    _ => None,
                });
                (model.name.clone(), held.collect())
            })
            .collect();
        let leads_back = |from: &str, to: &str| {
            let mut seen = BTreeSet::new();
            let mut pending = vec![from];
            while let Some(name) = pending.pop() {
                if name == to {
                    return true;
                }
                if seen.insert(name) {
                    pending.extend(held.get(name).into_iter().flatten().map(String::as_str));
                }
            }
            false
        };
        for model in &mut self.api.models {
            for field in &mut model.fields {
                field.boxed = matches!(&field.ty, Type::Model(name) if leads_back(name, &model.name));
            }
        }
    }

    fn operation(&mut self, selected: &SelectedOperation, output: String, error: String) {
        let resource = self.components.get(&selected.resource).cloned().flatten();
        let Some(Type::Model(resource)) = resource else {
            return self.refuse(&selected.pointer, "no operation answers with the resource that it belongs to");
        };
        let name = format!("{}{resource}", selected.verb.word());
        let Some(name) = self.claim(Some(name.clone()), &selected.pointer, &name) else { return };
        let place = Place {
            owner: name.clone(),
            operation: Some(name.clone()),
            ..Place::root(selected.pointer.clone(), &name)
        };
        let operation = &selected.operation;
        let mut lowered = Operation {
            name: name.clone(),
            id: operation.operation_id.clone().unwrap_or_default(),
            verb: selected.verb,
            pointer: selected.pointer.clone(),
            docs: self.docs(operation.description.as_ref().or(operation.summary.as_ref())),
            path: selected.path.clone(),
            path_params: Vec::new(),
            params: Vec::new(),
            output,
            error,
        };
        let shared = Pointer::path(&selected.path).child("parameters");
        for (i, parameter) in selected.shared_parameters.iter().enumerate() {
            self.parameter(parameter, &shared.index(i), &place, &mut lowered);
        }
        let own = selected.pointer.child("parameters");
        for (i, parameter) in operation.parameters.iter().enumerate() {
            self.parameter(parameter, &own.index(i), &place, &mut lowered);
        }
        self.body(operation, &place, &mut lowered);
        lowered.params.sort_by(|a, b| a.wire.cmp(&b.wire));
        if lowered.verb.of_one() && lowered.path_params.len() != 1 {
            self.refuse(&selected.pointer, "the path's parameter is not declared");
        }
        self.api.operations.push(lowered);
    }

    fn parameter(
        &mut self,
        parameter: &ReferenceOr<Parameter>,
        pointer: &Pointer,
        place: &Place,
        operation: &mut Operation,
    ) {
        let Some(parameter) = parameter.as_item() else {
            return self.refuse(pointer, "a parameter that is a `$ref` is not understood");
        };
        let data = parameter.parameter_data_ref();
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return self.refuse(pointer, "a parameter without `schema` is not understood");
        };
        let place = place.property(pointer.child("schema"), &operation.name, &data.name);
        match parameter {
            Parameter::Path { style: PathStyle::Simple, .. } => {
                let Some(mut field) = self.field(schema.into(), &place, true) else { return };
                if field.ty != Type::String {
                    return self.refuse(pointer, "a parameter of the path that is no string is not understood");
                }
                // It is the id of what the operation answers with, if that has one.
                let id = self.api.model(&operation.output).and_then(|model| model.id.clone());
                if let Some(id) = id {
                    field.ty = Type::Id(id);
                }
                field.docs = self.docs(data.description.as_ref());
                operation.path_params.push(field);
            }
            Parameter::Query { style, .. } => {
                if let Some(mut field) = self.param(schema, &place, data.required, operation) {
                    if is_deep(&field.ty) && *style != QueryStyle::DeepObject {
                        self.refuse(pointer, "an array or an object that is not a `deepObject`");
                    }
                    field.docs = self.docs(data.description.as_ref());
                    operation.params.push(field);
                }
            }
            _ => {
                self.refuse(pointer, "a parameter of this kind is not understood");
            }
        }
    }

    fn body(&mut self, operation: &openapiv3::Operation, place: &Place, lowered: &mut Operation) {
        let pointer = place.pointer.child("requestBody");
        let body = match &operation.request_body {
            None => return,
            Some(ReferenceOr::Item(body)) => body,
            Some(ReferenceOr::Reference { .. }) => {
                return self.refuse(&pointer, "a body that is a `$ref` is not understood");
            }
        };
        let Some(media) = body.content.get(FORM).filter(|_| body.content.len() == 1) else {
            let reason = format!("a body that is not just `{FORM}` is not understood");
            return self.refuse(&pointer.child("content"), reason);
        };
        let pointer = pointer.child("content").child(FORM);
        let shape = media.schema.as_ref().and_then(|schema| object(schema.as_item()?));
        let Some(shape) = shape else {
            return self.refuse(&pointer, "a body that is no object is not understood");
        };
        if !shape.properties.is_empty() && lowered.verb.method() == "get" {
            return self.refuse(&pointer, "a `GET` with a body is not understood");
        }
        let properties = pointer.child("schema").child("properties");
        for (wire, schema) in &shape.properties {
            let place = place.property(properties.child(wire), &lowered.name, wire);
            let required = shape.required.contains(wire);
            let Some(field) = self.param(&schema.clone().unbox(), &place, required, lowered) else { continue };
            let encoding = media.encoding.get(wire);
            let deep = encoding.is_some_and(|e| e.style == Some(QueryStyle::DeepObject) && e.explode);
            if is_deep(&field.ty) && !deep {
                let reason =
                    format!("the parameter `{wire}` is an array or an object that is no exploded `deepObject`");
                self.refuse(&pointer.child("encoding").child(wire), reason);
            }
            self.check_field_name(&lowered.params, &field, &place);
            lowered.params.push(field);
        }
    }

    /// A parameter of the query or the body. `expand` gets the paths that the operation's model has.
    fn param(
        &mut self,
        schema: &ReferenceOr<Schema>,
        place: &Place,
        required: bool,
        operation: &Operation,
    ) -> Option<Field> {
        let mut field = self.field(schema.into(), place, required)?;
        if field.wire == "expand" && field.ty == Type::Array(Type::String.into()) {
            let name = self.expand(&operation.output, place)?;
            field.ty = Type::Array(Type::Enum(name).into());
        }
        Some(field)
    }

    /// The enum of the paths that an answer with the model `output` can expand.
    fn expand(&mut self, output: &str, place: &Place) -> Option<String> {
        let name = format!("{output}Expand");
        if self.api.enums.iter().any(|known| known.name == name) {
            return Some(name);
        }
        let name = self.claim(Some(name), &place.pointer, &place.path)?;
        let mut paths = BTreeMap::new();
        self.expand_paths(output, &[], &mut paths);
        let mut variants: Vec<Variant> = Vec::new();
        for (value, docs) in paths {
            let variant = naming::variant_name(&value)?;
            if variants.iter().any(|other| other.name == variant) {
                let reason = format!("two paths that can be expanded give the name `{variant}`");
                let remedy = "add a `[[field]]` row to `codegen.toml` for one of the fields in them";
                self.problems.report(&place.pointer, reason, remedy);
                continue;
            }
            variants.push(Variant { value, name: variant, docs });
        }
        self.api.enums.push(Enum {
            name: name.clone(),
            owner: place.operation.clone().unwrap_or_default(),
            pointer: place.pointer.clone(),
            docs: format!(
                "A reference in the answer that can be expanded into its object.\n\nAny other path can be given as a \
                 string: [`{name}::from`] takes it."
            ),
            variants,
            is_computed: true,
        });
        Some(name)
    }

    fn expand_paths(&self, model: &str, prefix: &[&str], paths: &mut BTreeMap<String, String>) {
        let Some(model) = self.api.model(model) else { return };
        for field in &model.fields {
            let mut path = prefix.to_vec();
            path.push(&field.wire);
            for part in field.ty.parts() {
                match part {
                    Type::List(_) => path.push("data"),
                    Type::Expandable(_) if path.len() <= self.lookup.config.expand_depth => {
                        paths.insert(path.join("."), field.docs.clone());
                    }
                    Type::Model(inner) if path.len() < self.lookup.config.expand_depth => {
                        self.expand_paths(inner, &path, paths);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether a version starts with a date, as those that Stripe takes do: `2026-09-30.endive`.
fn is_dated(version: &str) -> bool {
    let date = version.split('.').next().unwrap_or(version);
    let parts: Vec<_> = date.split('-').map(str::len).collect();
    parts == [4, 2, 2] && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn field_remedy(path: &str) -> String {
    format!("add a `[[field]]` row to `codegen.toml`: place = \"{path}\", name = \"…\"")
}

fn is_deep(ty: &Type) -> bool {
    ty.parts().any(|part| matches!(part, Type::Array(_) | Type::Map(_) | Type::Params(_)))
}

/// The object that a schema is, with or without its `type` written out.
fn object(schema: &Schema) -> Option<ObjectType> {
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::Object(shape)) => Some(shape.clone()),
        SchemaKind::Any(any)
            if any.typ.is_none() && any.enumeration.is_empty() && any.items.is_none() && any.pattern.is_none() =>
        {
            Some(ObjectType {
                properties: any.properties.clone(),
                required: any.required.clone(),
                additional_properties: any.additional_properties.clone(),
                ..ObjectType::default()
            })
        }
        _ => None,
    }
}

/// The value of the field `object`, where it can only be one.
fn constant_object(shape: &ObjectType) -> Option<&str> {
    let text = string_type(shape.properties.get("object")?.as_item()?)?;
    match text.enumeration.as_slice() {
        [Some(value)] => Some(value),
        _ => None,
    }
}

/// Whether this is what is left of a deleted object: `deleted` can only be `true`.
fn is_deleted(shape: &ObjectType) -> bool {
    let deleted = shape.properties.get("deleted").and_then(|deleted| deleted.as_item());
    matches!(
        deleted.map(|deleted| &deleted.schema_kind),
        Some(SchemaKind::Type(openapiv3::Type::Boolean(boolean))) if boolean.enumeration == [Some(true)]
    )
}

/// Whether `schema` is what is left of a deleted object of the kind `of`.
fn is_deleted_form(schema: &ReferenceOr<Schema>, of: Option<&str>) -> bool {
    let shape = schema.as_item().and_then(object);
    of.is_some() && shape.is_some_and(|shape| is_deleted(&shape) && constant_object(&shape) == of)
}

/// Whether this is one page of a list, as Stripe sends all of them.
fn is_list(shape: &ObjectType) -> bool {
    let known = ["data", "has_more", "object", "total_count", "url"];
    constant_object(shape) == Some("list")
        && shape.properties.contains_key("data")
        && shape.properties.keys().all(|name| known.contains(&name.as_str()))
}

fn string_type(schema: &Schema) -> Option<&StringType> {
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::String(text)) => Some(text),
        _ => None,
    }
}

fn is_plain_string(schema: &Schema) -> bool {
    string_type(schema).is_some_and(|text| text.enumeration.is_empty())
}

fn is_empty_string(schema: &Schema) -> bool {
    string_type(schema).is_some_and(|text| matches!(text.enumeration.as_slice(), [Some(value)] if value.is_empty()))
}

fn is_unix_time(integer: &IntegerType) -> bool {
    matches!(&integer.format, VariantOrUnknownOrEmpty::Unknown(format) if format == "unix-time")
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Why a schema that is none of the known shapes is refused.
fn reason(schema: &Schema) -> String {
    match &schema.schema_kind {
        SchemaKind::Any(any) if !any.enumeration.is_empty() => "the enum holds a value that is not a string".to_owned(),
        SchemaKind::Any(any) => match &any.typ {
            Some(typ) => format!("a schema of the type `{typ}` with these keywords is not understood"),
            None => "a schema of this shape is not understood".to_owned(),
        },
        SchemaKind::Type(_) => "an enum of numbers is not understood".to_owned(),
        SchemaKind::AllOf { .. } => "an `allOf` of several schemas is not understood".to_owned(),
        SchemaKind::Not { .. } => "a `not` is not understood".to_owned(),
        _ => "a schema of this shape is not understood".to_owned(),
    }
}
