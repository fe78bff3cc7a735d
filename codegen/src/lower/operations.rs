//! Operations: their names, their parameters, and where those are sent.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schemas::deprecate;
use super::{Lower, Place};
use crate::config::{Lookup, Row};
use crate::diagnostic::Pointer;
use crate::ir::{Field, Method, ModelId, Operation, Type};
use crate::markdown::code;
use crate::openapi::keys;
use crate::openapi::node::Node;
use crate::rust::naming::{self, OperationFacts};
use crate::select::{Page, SelectedOperation, is_v2, subject};

/// The base URL that the runtime sends to, if neither a caller nor an operation states another one.
pub const DEFAULT_BASE_URL: &str = "https://api.stripe.com";

/// The media type of responses, and of a body of `/v2`.
const JSON: &str = "application/json";

/// The media type of any other body.
const FORM: &str = "application/x-www-form-urlencoded";

impl Lower<'_> {
    /// Lowers an operation, after the models of its responses.
    pub(super) fn operation(&mut self, selected: &SelectedOperation<'_>) {
        let SelectedOperation { resource, method, path, .. } = selected;
        let item = &self.selection.value["paths"][path];
        let operation = Node(&item[method.key()]);
        let at = Pointer::path(path).child(method.key());
        let pointer = at.child("responses");
        let Some(success) = self.response(operation, &pointer, "200") else { return };
        let Some(failure) = self.response(operation, &pointer, "default") else { return };
        let (name, rows) = self.operation_name(selected, operation);
        let output_place = Place {
            owner: name.clone().unwrap_or_default(),
            field: "output".to_owned(),
            ..Place::root(pointer.child("200"), &format!("{}/output", name.as_deref().unwrap_or_default()))
        };
        let output = self.returned_type(success, &output_place);
        self.drain();
        self.error(failure, pointer.child("default"), is_v2(path));
        let (Some(name), Some(output)) = (name, output) else { return };
        if !matches!(output.leaf(), Type::Model(_) | Type::Union(_) | Type::Reference(_) | Type::Opaque | Type::Deleted)
        {
            return self.refuse(&pointer.child("200"), "a response that is not an object is not supported");
        }
        let place = Place { owner: name.clone(), operation: Some(name.clone()), ..Place::root(at.clone(), &name) };
        let id = operation.text("operationId").unwrap_or_default().to_owned();
        let description = operation.text("description").or(operation.text("summary"));
        let docs = self.docs(description, || match id.is_empty() {
            true => format!("The operation {}.", code(&format!("{} {path}", method.as_str()))),
            false => format!("The operation {}.", code(&id)),
        });
        let mut origin = self.origin(&place, docs, rows);
        deprecate(&mut origin, operation.is("deprecated"));
        origin.facts = self.operation_facts(operation, success, failure);
        let mut lowered = Operation {
            name,
            module: self.module.clone(),
            resource: resource.schema.clone(),
            id,
            origin,
            method: *method,
            path: path.clone(),
            base_url: self.base_url(operation, &at.child("servers")),
            path_params: Vec::new(),
            params: Vec::new(),
            output,
        };
        let (shared, own) = (Node(item).list("parameters"), operation.list("parameters"));
        for (i, parameter) in shared.iter().map(Node).enumerate() {
            if let Some(at_own) = own.iter().position(|own| is_same_parameter(parameter, Node(own))) {
                let name = parameter.text("name").unwrap_or_default();
                let reason = format!("this overrides the parameter `{name}` of the path item, which is not supported");
                self.refuse(&at.child("parameters").index(at_own), reason);
                continue;
            }
            self.parameter(parameter, &Pointer::path(path).child("parameters").index(i), &place, &mut lowered);
        }
        for (i, parameter) in own.iter().enumerate() {
            self.parameter(Node(parameter), &at.child("parameters").index(i), &place, &mut lowered);
        }
        self.body(operation, &place, &mut lowered);
        self.check_field_names(lowered.path_params.iter().chain(&lowered.params), true);
        lowered.params.sort_by(|a, b| a.wire.cmp(&b.wire));
        let in_path = shared.iter().chain(own).filter(|parameter| Node(parameter).text("in") == Some("path"));
        // One that was refused is reported already.
        if lowered.path_params.len() == in_path.count() {
            self.path(&mut lowered);
        }
        self.features.push(resource.feature.clone());
        self.api.operations.push(lowered);
    }

    /// The type of a response.
    fn returned_type(&mut self, schema: Node<'_>, place: &Place) -> Option<Type> {
        match self.node(schema, place)? {
            (_, true) => self.unsupported(&place.pointer, "a response that may be `null` is not supported"),
            (Type::Json, false) if self.is_any_object(schema) => Some(Type::Opaque),
            (ty, false) => Some(ty),
        }
    }

    /// The origin of the server of an operation: its own, or that of the document if the runtime does not send to it by itself.
    fn base_url(&mut self, operation: Node<'_>, pointer: &Pointer) -> Option<String> {
        let (url, pointer, of) = match operation.list("servers") {
            [] => (self.api.base_url.as_deref()?, Pointer::default().child("servers"), ""),
            [server] => (Node(server).text("url")?, pointer.clone(), " of an operation"),
            _ => return self.unsupported(pointer, "an operation with several servers is not supported"),
        };
        match origin(url) {
            Some(DEFAULT_BASE_URL) if of.is_empty() => None,
            Some(origin) => Some(origin.to_owned()),
            None => {
                let reason = format!("a server{of} that is not the origin of an `https` URL is not supported");
                self.unsupported(&pointer.index(0).child("url"), reason)
            }
        }
    }

    /// The modules of the operations: the resource, and the feature if a row before gave the resource another one.
    pub(super) fn module_names(&self) -> Vec<String> {
        let mut modules: BTreeMap<(&str, Option<&str>), String> = BTreeMap::new();
        let operations = self.operations.iter();
        let names = operations.map(|selected| {
            let of = (selected.resource.schema.as_str(), selected.resource.feature.as_deref());
            if let Some(name) = modules.get(&of) {
                return name.clone();
            }
            let (name, _) = self.component_name(of.0);
            let mut name = naming::module_name(&name.unwrap_or_else(|| "resource".to_owned()));
            if modules.keys().any(|(resource, _)| *resource == of.0) {
                name = format!("{name}_{}", of.1.map_or("always".to_owned(), naming::feature_word));
            }
            // The name of another resource can end in a feature. Modules are private: any name will do.
            while modules.values().any(|other| *other == name) {
                name.push('_');
            }
            modules.insert(of, name.clone());
            name
        });
        names.collect()
    }

    /// The schema of a response.
    fn response<'s>(&mut self, operation: Node<'s>, pointer: &Pointer, status: &str) -> Option<Node<'s>> {
        let media: Vec<_> = Node(&operation.0["responses"][status]).members("content").collect();
        if let [(name, media)] = media.as_slice()
            && *name == JSON
            && let Some(schema) = media.inside("schema")
        {
            return Some(schema);
        }
        let reason = match media.iter().find(|(name, _)| *name != JSON) {
            Some((name, _)) => format!("a response of the media type `{name}` is not supported, only `{JSON}`"),
            None => format!("the response `{status}` does not have a schema as `{JSON}`"),
        };
        self.unsupported(pointer, reason)
    }

    /// The name of an operation: that of its row, of a `[[rename]]` row, or of the rule.
    fn operation_name(&mut self, selected: &SelectedOperation<'_>, operation: Node<'_>) -> (Option<String>, Vec<Row>) {
        let SelectedOperation { resource, row, method, path } = selected;
        let id = |one: &SelectedOperation<'_>| {
            Node(&self.selection.value["paths"][&one.path][one.method.key()]).text("operationId")
        };
        let operation_row = self.lookup.operation_row(resource, row);
        // An id of several operations names none.
        let id = operation
            .text("operationId")
            .filter(|own| self.operations.iter().filter(|one| id(one) == Some(own)).nth(1).is_none());
        let from = id.filter(|id| !id.is_empty()).unwrap_or(&operation_row.key).to_owned();
        let mut rows = vec![operation_row.clone()];
        let name = if let Some(name) = row.name() {
            naming::type_name(name)
        } else if let Some((to, row)) = self.lookup.rename(&from) {
            rows.push(row);
            naming::type_name(&to)
        } else {
            let component = |key: &str| self.schemas.get(key).map(Cow::Borrowed);
            let subject = subject(operation.0, &component).unwrap_or_default();
            let (type_name, _) = self.component_name(&subject.key);
            naming::operation_name(&OperationFacts {
                method: *method,
                path,
                resource: &subject.key,
                type_name: &type_name.unwrap_or_default(),
                is_list: matches!(subject.page, Some(Page::List | Page::ListV2)),
                is_search: subject.page == Some(Page::Search),
            })
        };
        let pointer = Pointer::path(path).child(method.key());
        let Some(own) = row.name() else { return (self.claim(name, &pointer, &from), rows) };
        // Its row names it, whatever another one says.
        let help = |lookup: &Lookup<'_>| lookup.operation_help(&operation_row, own);
        let name = match name {
            Some(name) => self.claim_or(name, &pointer, &from, help),
            None => {
                let reason = format!("`{own}` does not map to a valid Rust identifier");
                self.problems.report(&pointer, reason, help(self.lookup));
                None
            }
        };
        self.api.renamable.retain(|other, _| name.as_ref() != Some(other));
        (name, rows)
    }

    fn parameter(&mut self, parameter: Node<'_>, pointer: &Pointer, place: &Place, operation: &mut Operation) {
        let name = parameter.text("name").unwrap_or_default();
        let (is_in_path, is_required) = (parameter.text("in") == Some("path"), parameter.is("required"));
        if is_in_path && !is_required {
            return self.refuse(pointer, "a path parameter that is not `required` is not supported");
        }
        if !is_in_path && operation.method == Method::Post {
            return self.refuse(pointer, "a `POST` with parameters in the query is not supported");
        }
        // A parameter is described beside its schema, and so are the types inside it.
        let mut schema = parameter.get("schema").cloned().unwrap_or_default();
        let own = Node(&schema).text("description").map(str::to_owned);
        if let (Some(description), Some(members)) = (parameter.text("description"), schema.as_object_mut()) {
            members.insert("description".to_owned(), description.into());
        }
        let mut place = place.property(pointer.child("schema"), &operation.name, name);
        if is_in_path {
            // Another parameter may have the same name.
            place.path = format!("{}/{{{name}}}", operation.name);
        }
        let Some(mut field) = self.param(Node(&schema), &place, is_required, operation) else { return };
        let explodes = parameter.get("explode").map_or(is_v2(&operation.path), |explode| *explode == Value::Bool(true));
        let is_exploded = parameter.text("style") == Some("deepObject") && explodes;
        match field.ty {
            Type::Enum(_) if is_in_path => {
                return self.refuse(pointer, "a path parameter with an `enum` is not supported, only any string");
            }
            ref ty if is_in_path && *ty != Type::String => {
                return self.refuse(pointer, "a path parameter that is not a string is not supported");
            }
            ref ty if ty.is_deep() && !is_exploded => {
                self.refuse(pointer, "an array or an object that is not an exploded `deepObject` is not supported");
            }
            _ => {}
        }
        deprecate(&mut field.origin, parameter.is("deprecated"));
        field.origin.facts.add(self.key_facts(keys::Place::Parameter, parameter, ""));
        field.origin.facts.prose.extend(own.map(|own| ("schema/description".to_owned(), own)));
        let fields = if is_in_path { &mut operation.path_params } else { &mut operation.params };
        fields.push(field);
    }

    fn body(&mut self, operation: Node<'_>, place: &Place, lowered: &mut Operation) {
        let Some(body) = operation.inside("requestBody") else { return };
        let is_json = is_v2(&lowered.path);
        let expected = if is_json { JSON } else { FORM };
        let pointer = place.pointer.child("requestBody").child("content");
        let media: Vec<_> = body.members("content").collect();
        let media = match media.as_slice() {
            [(name, media)] if *name == expected => *media,
            [] => {
                let reason = format!("a body without a media type is not supported, only `{expected}`");
                return self.refuse(&pointer, reason);
            }
            media => {
                let media: Vec<_> = media.iter().map(|(name, _)| format!("`{name}`")).collect();
                let reason = format!("a body as {} is not supported, only `{expected}` alone", media.join(" or "));
                return self.refuse(&pointer, reason);
            }
        };
        let pointer = pointer.child(expected);
        let Some(schema) = media.inside("schema").filter(|schema| schema.is_object()) else {
            return self.refuse(&pointer, "a body that is not an object is not supported");
        };
        let is_map = schema.inside("additionalProperties").is_some();
        // That of a `DELETE` of `/v1` is in its query.
        if (is_map || schema.members("properties").next().is_some())
            && (lowered.method == Method::Get || lowered.method == Method::Delete && is_json)
        {
            return self.refuse(&pointer, format!("a `{}` with a body is not supported", lowered.method.as_str()));
        }
        if is_map {
            let pointer = pointer.child("schema").child("additionalProperties");
            return self.refuse(&pointer, "a body with parameters of any name is not supported");
        }
        let properties = pointer.child("schema").child("properties");
        let required: BTreeSet<&str> = schema.texts("required").collect();
        for (wire, property) in schema.members("properties") {
            let place = Place { is_json, ..place.property(properties.child(wire), &lowered.name, wire) };
            let is_required = required.contains(wire.as_str());
            if is_json && wire.contains(['[', ']']) {
                // Requests take a name with brackets apart.
                self.refuse(
                    &place.pointer,
                    format!("the name `{wire}` of a parameter has brackets, which is not supported"),
                );
                continue;
            }
            let Some(mut field) = self.param(property, &place, is_required, lowered) else { continue };
            let encoding = media.get("encoding").and_then(|encodings| encodings.get(wire)).map(Node);
            let is_exploded = encoding.is_some_and(|one| one.text("style") == Some("deepObject") && one.is("explode"));
            if field.ty.is_deep() && !is_exploded && !is_json {
                let reason =
                    format!("the parameter `{wire}` is an array or an object that is not an exploded `deepObject`");
                self.refuse(&pointer.child("encoding").child(wire), reason);
            }
            if let Some(encoding) = encoding {
                field.origin.facts.add(self.key_facts(keys::Place::Encoding, encoding, "encoding/"));
            }
            lowered.params.push(field);
        }
    }

    /// A parameter of the query or the body. `expand` gets the paths that the response has.
    fn param(&mut self, schema: Node<'_>, place: &Place, is_required: bool, operation: &Operation) -> Option<Field> {
        let mut field = self.field(schema, place, is_required)?;
        let is_list = field.ty == Type::Array(Type::String.into());
        if field.wire == "expand" && is_list && operation.output.name().is_some() {
            *field.ty.leaf_mut() = Type::Enum(self.expand_enum(&operation.output, place)?);
        }
        Some(field)
    }

    /// Brings the parameters of the path into its order, and gives each the type of the id that it is.
    fn path(&mut self, operation: &mut Operation) {
        let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
        let names: Vec<&str> =
            segments.iter().filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect();
        if !operation.path.starts_with('/') || !segments.iter().all(|segment| is_segment(segment)) {
            let reason = format!("the path `{}` is not one that a request can have", operation.path);
            let help = "correct the document: a path starts with `/`; a segment is a parameter in braces, or consists of ASCII \
                        letters, digits, `-`, `.`, `_` and `~` and is not empty, `.` or `..`";
            return self.problems.report(&operation.origin.pointer, reason, help);
        }
        let mut declared = std::mem::take(&mut operation.path_params);
        let mut is_well = declared.len() == names.len();
        let mut ordered = Vec::new();
        for name in &names {
            match declared.iter().position(|field| field.wire == *name) {
                Some(at) => ordered.push(declared.swap_remove(at)),
                None => is_well = false,
            }
        }
        if !is_well {
            let reason = format!(
                "the parameters of the path `{}` and the ones that are declared as `in: path` are not the same",
                operation.path
            );
            return self.refuse(&operation.origin.pointer, reason);
        }
        for (at, segment) in segments.iter().enumerate() {
            let Some(field) = ordered.iter_mut().find(|field| format!("{{{}}}", field.wire) == **segment) else {
                continue;
            };
            let is_last = at + 1 == segments.len();
            if let Some(id) = self.id_at(&segments[..=at], is_last.then_some(&operation.output)) {
                field.ty = Type::Id(id);
            }
        }
        operation.path_params = ordered;
    }

    /// The id that the last of these segments is: of the resource at this path, or of the response of the operation.
    fn id_at(&self, segments: &[&str], output: Option<&Type>) -> Option<String> {
        let path = naming::resource_path(segments.strip_prefix(&["v1"]).unwrap_or(segments));
        let of_resource = self.paths.get(&path).and_then(|key| self.components.get(*key)?.as_ref());
        let ty = of_resource.map(|(ty, _)| ty).or(output)?;
        match ty {
            Type::Model(name) => match &self.api.models.named(name)?.id {
                ModelId::None => None,
                ModelId::Required(id) | ModelId::Optional(id) => Some(id.clone()),
            },
            Type::Reference(name) => self.api.references.named(name).map(|reference| reference.id.clone()),
            _ => None,
        }
    }
}

/// Whether two parameters have one name, both in the path or both elsewhere.
fn is_same_parameter(one: Node<'_>, other: Node<'_>) -> bool {
    let is_in_path = |parameter: Node<'_>| parameter.text("in") == Some("path");
    one.text("name") == other.text("name") && is_in_path(one) == is_in_path(other)
}

/// Whether a request accepts a segment of a path: what a URL leaves as it is, or a parameter in braces.
fn is_segment(segment: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => !name.contains(['{', '}']),
        None => !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain),
    }
}

/// The origin that a URL is, without the slash behind it.
fn origin(url: &str) -> Option<&str> {
    let origin = url.strip_suffix('/').unwrap_or(url);
    let (host, port) = origin.strip_prefix("https://").map(|host| host.split_once(':').unwrap_or((host, "443")))?;
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_port = port.parse::<u16>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_port && host.split('.').all(is_label)).then_some(origin)
}
