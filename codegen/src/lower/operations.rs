//! Operations: their names, their parameters, and where those are sent.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    AdditionalProperties, Parameter, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr, Schema,
};

use super::errors::is_any_object;
use super::schemas::deprecate;
use super::shapes::{Node, object};
use super::{Lower, Place, responses};
use crate::config::Row;
use crate::diagnostic::Pointer;
use crate::ir::{Field, Method, ModelId, Operation, Type};
use crate::markdown::code;
use crate::rust::naming::{self, OperationFacts};
use crate::select::{Page, SelectedOperation, Subject, is_v2, subject};

/// The base URL that the runtime sends to, if neither a caller nor an operation states another one.
pub const DEFAULT_BASE_URL: &str = "https://api.stripe.com";

/// The media type of a body outside `/v2`.
const FORM: &str = "application/x-www-form-urlencoded";

impl Lower<'_> {
    /// Lowers an operation, after the models of its responses.
    pub(super) fn operation(&mut self, selected: &SelectedOperation) {
        let pointer = selected.pointer.child("responses");
        let Some(success) = self.response(selected, "200") else { return };
        let Some(failure) = self.response(selected, "default") else { return };
        let subject = self.subject(selected);
        let (name, rows) = self.operation_name(selected, &subject);
        let output_place = Place {
            owner: name.clone().unwrap_or_default(),
            field: "output".to_owned(),
            ..Place::root(pointer.child("200"), &format!("{}/output", name.as_deref().unwrap_or_default()))
        };
        let output = self.returned_type(success, &output_place);
        self.drain();
        self.error(failure.into(), pointer.child("default"), is_v2(&selected.path));
        let (Some(name), Some(output)) = (name, output) else { return };
        if !matches!(output.leaf(), Type::Model(_) | Type::Union(_) | Type::Reference(_) | Type::Opaque | Type::Deleted)
        {
            return self.refuse(&pointer.child("200"), "a response that is not an object is not supported");
        }
        let place = Place {
            owner: name.clone(),
            operation: Some(name.clone()),
            ..Place::root(selected.pointer.clone(), &name)
        };
        let operation = &selected.operation;
        let id = operation.operation_id.clone().unwrap_or_default();
        let description = operation.description.as_ref().or(operation.summary.as_ref());
        let docs = self.docs(description, || match id.is_empty() {
            true => format!("The operation {}.", code(&format!("{} {}", selected.method.as_str(), selected.path))),
            false => format!("The operation {}.", code(&id)),
        });
        let mut origin = self.origin(&place, docs, rows);
        deprecate(&mut origin, operation.deprecated);
        origin.facts = self.operation_facts(selected);
        let base_url = self.base_url(selected);
        let mut lowered = Operation {
            name,
            module: self.module.clone(),
            resource: selected.resource.clone(),
            id,
            origin,
            method: selected.method,
            path: selected.path.clone(),
            base_url,
            path_params: Vec::new(),
            params: Vec::new(),
            output,
        };
        self.taken.clear();
        let shared = Pointer::path(&selected.path).child("parameters");
        for (i, parameter) in selected.shared_parameters.iter().enumerate() {
            let own = operation.parameters.iter().enumerate();
            if let Some((at, name)) = own.filter_map(|(at, own)| Some((at, overridden(parameter, own)?))).next() {
                let reason = format!("this overrides the parameter `{name}` of the path item, which is not supported");
                self.refuse(&selected.pointer.child("parameters").index(at), reason);
                continue;
            }
            self.parameter(parameter, &shared.index(i), &place, &mut lowered);
        }
        let own = selected.pointer.child("parameters");
        for (i, parameter) in operation.parameters.iter().enumerate() {
            self.parameter(parameter, &own.index(i), &place, &mut lowered);
        }
        self.body(operation, &place, &mut lowered);
        lowered.params.sort_by(|a, b| a.wire.cmp(&b.wire));
        let declared = selected.shared_parameters.iter().chain(&operation.parameters);
        let is_path = |parameter: &&ReferenceOr<Parameter>| matches!(parameter.as_item(), Some(Parameter::Path { .. }));
        // One that was refused is reported already.
        if lowered.path_params.len() == declared.filter(is_path).count() {
            self.path(&mut lowered);
        }
        self.features.push(selected.feature.clone());
        self.api.operations.push(lowered);
    }

    /// The type of a response.
    fn returned_type(&mut self, schema: &ReferenceOr<Schema>, place: &Place) -> Option<Type> {
        match self.node(schema.into(), place)? {
            (_, true) => self.unsupported(&place.pointer, "a response that may be `null` is not supported"),
            (Type::Json, false) if is_any_object(self.parsed, schema.into()) => Some(Type::Opaque),
            (ty, false) => Some(ty),
        }
    }

    /// The origin of the server of an operation: its own, or that of the document if the runtime does not send to it by itself.
    fn base_url(&mut self, selected: &SelectedOperation) -> Option<String> {
        let pointer = selected.pointer.child("servers");
        match selected.operation.servers.as_slice() {
            [] => match origin(self.api.base_url.as_deref()?) {
                Some(DEFAULT_BASE_URL) => None,
                Some(origin) => Some(origin.to_owned()),
                None => {
                    let pointer = Pointer::default().child("servers").index(0).child("url");
                    self.unsupported(&pointer, "a server that is not the origin of an `https` URL is not supported")
                }
            },
            [server] => match origin(&server.url) {
                Some(origin) => Some(origin.to_owned()),
                None => {
                    let reason = "a server of an operation that is not the origin of an `https` URL is not supported";
                    self.unsupported(&pointer.index(0).child("url"), reason)
                }
            },
            _ => self.unsupported(&pointer, "an operation with several servers is not supported"),
        }
    }

    /// The modules of the operations: the resource, and the feature if a row before gave the resource another one.
    pub(super) fn module_names(&self) -> Vec<String> {
        let mut modules: BTreeMap<(&str, Option<&str>), String> = BTreeMap::new();
        let operations = self.parsed.operations.iter();
        let names = operations.map(|selected| {
            let of = (selected.resource.as_str(), selected.feature.as_deref());
            if let Some(name) = modules.get(&of) {
                return name.clone();
            }
            let (name, _) = self.component_name(&selected.resource);
            let mut name = naming::module_name(&name.unwrap_or_else(|| "resource".to_owned()));
            if modules.keys().any(|(resource, _)| *resource == selected.resource) {
                name =
                    format!("{name}_{}", selected.feature.as_deref().map_or("always".to_owned(), naming::feature_word));
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

    fn response<'s>(&mut self, selected: &'s SelectedOperation, status: &str) -> Option<&'s ReferenceOr<Schema>> {
        let responses = &selected.operation.responses;
        let schema = responses::schema(responses, status);
        if schema.is_none() {
            let pointer = selected.pointer.child("responses");
            let media = match status {
                "default" => responses.default.as_ref(),
                _ => responses.responses.get(&openapiv3::StatusCode::Code(200)),
            };
            let media = media.and_then(|response| {
                let mut offered = response.as_item()?.content.keys();
                offered.find(|media| *media != responses::JSON).cloned()
            });
            let reason = match media {
                Some(media) => {
                    format!("a response of the media type `{media}` is not supported, only `{}`", responses::JSON)
                }
                None => format!("the response `{status}` does not have a schema as `{}`", responses::JSON),
            };
            self.refuse(&pointer, reason);
        }
        schema
    }

    /// The resource that the response is about.
    fn subject(&self, selected: &SelectedOperation) -> Subject {
        let value = &self.selection.value;
        let component = |key: &str| value["components"]["schemas"].get(key).map(Cow::Borrowed);
        subject(&value["paths"][&selected.path][selected.method.key()], &component).unwrap_or_default()
    }

    /// The name of an operation: that of its row, of a `[[rename]]` row, or of the rule.
    fn operation_name(&mut self, selected: &SelectedOperation, subject: &Subject) -> (Option<String>, Vec<Row>) {
        let id = selected.operation.operation_id.as_deref().unwrap_or_default();
        let mut rows = vec![selected.row.clone()];
        // An id of several operations names none.
        let is_same = |one: &&SelectedOperation| one.operation.operation_id.as_deref() == Some(id);
        let is_alone = self.parsed.operations.iter().filter(is_same).nth(1).is_none();
        let from = if id.is_empty() || !is_alone { selected.row.key.as_str() } else { id };
        let name = if let Some(name) = &selected.rust_name {
            naming::type_name(name)
        } else if let Some((to, row)) = self.lookup.rename(from) {
            rows.push(row);
            naming::type_name(&to)
        } else {
            let (type_name, _) = self.component_name(&subject.key);
            naming::operation_name(&OperationFacts {
                method: selected.method,
                path: &selected.path,
                resource: &subject.key,
                type_name: &type_name.unwrap_or_default(),
                is_list: matches!(subject.page, Some(Page::List | Page::ListV2)),
                is_search: subject.page == Some(Page::Search),
            })
        };
        let name = self.claim(name, &selected.pointer, from);
        if selected.rust_name.is_some() {
            // Its row names it, whatever another one says.
            self.api.renamable.retain(|other, _| name.as_ref() != Some(other));
        }
        (name, rows)
    }

    fn parameter(
        &mut self,
        parameter: &ReferenceOr<Parameter>,
        pointer: &Pointer,
        place: &Place,
        operation: &mut Operation,
    ) {
        let Some(parameter) = parameter.as_item() else {
            return self.refuse(pointer, "a parameter that is a `$ref` is not supported");
        };
        let data = parameter.parameter_data_ref();
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return self.refuse(pointer, "a parameter without `schema` is not supported");
        };
        // A parameter is described beside its schema, and so are the types inside it.
        let mut schema = schema.clone();
        if let (Some(description), ReferenceOr::Item(schema)) = (&data.description, &mut schema) {
            schema.schema_data.description = Some(description.clone());
        }
        let place = place.property(pointer.child("schema"), &operation.name, &data.name);
        match parameter {
            Parameter::Path { .. } if !data.required => {
                self.refuse(pointer, "a path parameter that is not `required` is not supported");
            }
            Parameter::Path { style: PathStyle::Simple, .. } => {
                // Another parameter may have the same name.
                let place = Place { path: format!("{}/{{{}}}", operation.name, data.name), ..place };
                let Some(mut field) = self.field((&schema).into(), &place, true) else { return };
                match field.ty {
                    Type::String => {}
                    Type::Enum(_) => {
                        return self
                            .refuse(pointer, "a path parameter with an `enum` is not supported, only any string");
                    }
                    _ => return self.refuse(pointer, "a path parameter that is not a string is not supported"),
                }
                self.describe(&mut field, data);
                self.check_names(&field, &place);
                operation.path_params.push(field);
            }
            Parameter::Query { style, .. } => {
                if operation.method == Method::Post {
                    return self.refuse(pointer, "a `POST` with parameters in the query is not supported");
                }
                let Some(mut field) = self.param((&schema).into(), &place, data.required, operation) else { return };
                let explodes = data.explode == Some(true) || data.explode.is_none() && is_v2(&operation.path);
                let is_exploded = *style == QueryStyle::DeepObject && explodes;
                if field.ty.is_deep() && !is_exploded {
                    self.refuse(pointer, "an array or an object that is not an exploded `deepObject` is not supported");
                }
                self.describe(&mut field, data);
                self.check_names(&field, &place);
                operation.params.push(field);
            }
            _ => self.refuse(pointer, "only parameters in the path and in the query are supported"),
        }
    }

    /// Takes the description and the deprecation of a parameter, which are beside its schema.
    fn describe(&mut self, field: &mut Field, data: &openapiv3::ParameterData) {
        if data.description.is_some() {
            let notes = std::mem::take(&mut field.origin.docs.notes);
            field.origin.docs = self.docs(data.description.as_ref(), || field.origin.docs.text.clone());
            field.origin.docs.notes = notes;
        }
        deprecate(&mut field.origin, data.deprecated == Some(true));
    }

    /// One check of names over the path, the query and the body of an operation.
    fn check_names(&mut self, field: &Field, place: &Place) {
        let mut taken = std::mem::take(&mut self.taken);
        self.check_field_name(&mut taken, field, place);
        self.taken = taken;
    }

    fn body(&mut self, operation: &openapiv3::Operation, place: &Place, lowered: &mut Operation) {
        let pointer = place.pointer.child("requestBody");
        let body = match &operation.request_body {
            None => return,
            Some(ReferenceOr::Item(body)) => body,
            Some(ReferenceOr::Reference { .. }) => {
                return self.refuse(&pointer, "a body that is a `$ref` is not supported");
            }
        };
        let is_json = is_v2(&lowered.path);
        let expected = if is_json { responses::JSON } else { FORM };
        let Some(media) = body.content.get(expected).filter(|_| body.content.len() == 1) else {
            let media: Vec<_> = body.content.keys().map(|media| format!("`{media}`")).collect();
            let reason = match media.as_slice() {
                [] => format!("a body without a media type is not supported, only `{expected}`"),
                media => format!("a body as {} is not supported, only `{expected}` alone", media.join(" or ")),
            };
            return self.refuse(&pointer.child("content"), reason);
        };
        let pointer = pointer.child("content").child(expected);
        let shape = media.schema.as_ref().and_then(|schema| object(schema.as_item()?));
        let Some(shape) = shape else {
            return self.refuse(&pointer, "a body that is not an object is not supported");
        };
        let is_map = matches!(shape.additional_properties, Some(AdditionalProperties::Schema(_)));
        // That of a `DELETE` of `/v1` is in its query.
        if (is_map || !shape.properties.is_empty())
            && (lowered.method == Method::Get || lowered.method == Method::Delete && is_json)
        {
            return self.refuse(&pointer, format!("a `{}` with a body is not supported", lowered.method.as_str()));
        }
        if is_map {
            let pointer = pointer.child("schema").child("additionalProperties");
            return self.refuse(&pointer, "a body with parameters of any name is not supported");
        }
        let properties = pointer.child("schema").child("properties");
        let required: BTreeSet<&String> = shape.required.iter().collect();
        for (wire, schema) in &shape.properties {
            let place = Place { is_json, ..place.property(properties.child(wire), &lowered.name, wire) };
            let is_required = required.contains(wire);
            if is_json && wire.contains(['[', ']']) {
                // Requests take a name with brackets apart.
                self.refuse(
                    &place.pointer,
                    format!("the name `{wire}` of a parameter has brackets, which is not supported"),
                );
                continue;
            }
            let Some(field) = self.param(schema.into(), &place, is_required, lowered) else { continue };
            let encoding = media.encoding.get(wire);
            let is_exploded = encoding.is_some_and(|e| e.style == Some(QueryStyle::DeepObject) && e.explode);
            if field.ty.is_deep() && !is_exploded && !is_json {
                let reason =
                    format!("the parameter `{wire}` is an array or an object that is not an exploded `deepObject`");
                self.refuse(&pointer.child("encoding").child(wire), reason);
            }
            self.check_names(&field, &place);
            lowered.params.push(field);
        }
    }

    /// A parameter of the query or the body. `expand` gets the paths that the response has.
    fn param(&mut self, node: Node<'_>, place: &Place, is_required: bool, operation: &Operation) -> Option<Field> {
        let mut field = self.field(node, place, is_required)?;
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

/// The name of a parameter of a path item, if it is that of a parameter of the operation as well.
fn overridden<'p>(shared: &'p ReferenceOr<Parameter>, own: &ReferenceOr<Parameter>) -> Option<&'p str> {
    let (shared, own) = (shared.as_item()?, own.as_item()?);
    let is_in_path = |parameter: &Parameter| matches!(parameter, Parameter::Path { .. });
    let name = &shared.parameter_data_ref().name;
    (*name == own.parameter_data_ref().name && is_in_path(shared) == is_in_path(own)).then_some(name)
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
