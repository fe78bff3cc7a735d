//! Operations and their parameters.

use super::models::request_line;
use super::part::Part;
use super::response;
use super::text::quoted;
use crate::ir::{Api, Field, Method, Operation, Params, Type, arguments};
use crate::markdown::{code, item};
use crate::rust::render::{self, associated, braces, method};
use crate::rust::spelling;

pub(super) fn params_type(part: &mut Part, params: &Params) {
    builder(part, &params.name, &params.origin.docs.markdown(), [&[], &params.fields], false);
    for name in ["Encoder", "ParamValue"] {
        part.uses(name);
    }
    let field = |field: &Field| format!("encoder.field({}, &self.{});", quoted(&field.wire), field.name);
    let body: String = params.fields.iter().map(field).map(|code| render::statement(&code)).collect();
    let body = if body.is_empty() { render::statement("encoder.object();") } else { body };
    let arguments = ["&self", "encoder: &mut Encoder"].map(str::to_owned);
    let encode = method("", "fn encode", &arguments, "", &body);
    part.push(&braces(&format!("impl ParamValue for {}", params.name), &encode));
}

pub(super) fn operation_type(part: &mut Part, api: &Api, operation: &Operation) {
    let host = operation.base_url.as_ref().map_or_else(String::new, |url| format!(" at {}", code(url)));
    let line = format!(
        "{}{host}. Returns {}.",
        request_line(operation.method.as_str(), &operation.path),
        response(&operation.output, true)
    );
    let names: Vec<_> = api.features(&operation.module).iter().map(|feature| code(feature)).collect();
    let needs = match names.as_slice() {
        [] => String::new(),
        [name] => format!(" Needs the feature {name}."),
        names => format!(" Needs one of the features {}.", names.join(" and ")),
    };
    let docs = &operation.origin.docs;
    let docs = format!("{}\n\n{line}{needs}{}", docs.markdown(), docs.example_section());
    builder(part, &operation.name, &docs, [&operation.path_params, &operation.params], true);
    implementation(part, api, operation);
}

/// The implementation of an operation: what its request is, and which parameters it sends.
fn implementation(part: &mut Part, api: &Api, operation: &Operation) {
    let verb = match operation.method {
        Method::Get => "Get",
        Method::Post => "Post",
        Method::Delete => "Delete",
    };
    let output = spelling::spell(&operation.output);
    part.uses_type(&operation.output);
    let stated = if api.version.is_pinned { "Some(API_VERSION)" } else { "None" };
    for name in ["Method", "Operation", "Request", "InvalidInput"] {
        part.uses(name);
    }
    if api.version.is_pinned {
        part.uses("API_VERSION");
    }
    let segment = |field: &Field| {
        let exposed = if field.is_secret { ".expose()" } else { "" };
        format!("({}, self.{}{exposed}.as_str())", quoted(&field.wire), field.name)
    };
    let segments = format!("[{}]", operation.path_params.iter().map(segment).collect::<Vec<_>>().join(", "));
    let new = |segments: &str| format!("Ok(Request::new(Self::METHOD, Self::PATH, &{segments})?");
    let (segments, before) = match new(&segments) {
        before if render::fits(2, &before) => (String::new(), before),
        _ => (render::assignment("let segments", &segments), new("segments")),
    };
    let sent = operation.params.iter().map(|field| {
        let reference = if !field.is_secret && is_copy(&field.ty) { "" } else { "&" };
        format!(".param({}, {reference}self.{})", quoted(&field.wire), field.name)
    });
    let hidden = operation.path_params.iter().any(|field| field.is_secret).then(|| ".with_secret_path()".to_owned());
    let version = [".with_api_version(Self::API_VERSION)".to_owned()];
    let host = operation.base_url.as_ref().map(|_| ".with_base_url(Self::BASE_URL)".to_owned());
    let calls: Vec<_> = version.into_iter().chain(host).chain(hidden).chain(sent).collect();
    let host = operation.base_url.as_ref().map(|url| format!("Some({})", quoted(url)));
    let constants = [
        associated("type Output", &output),
        associated("const API_VERSION: Option<&'static str>", stated),
        host.map_or_else(String::new, |url| associated("const BASE_URL: Option<&'static str>", &url)),
        associated("const METHOD: Method", &format!("Method::{verb}")),
        associated("const PATH: &'static str", &quoted(&operation.path)),
    ];
    let body = segments + &render::chain(&before, &calls, ")");
    let request = method("", "fn request", &["&self".to_owned()], " -> Result<Request, InvalidInput>", &body);
    let inside = format!("{}\n{request}", constants.concat());
    part.push(&braces(&format!("impl Operation for {}", operation.name), &inside));
}

/// Whether a parameter is passed by value, as clippy asks for.
fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Integer | Type::Number | Type::Timestamp | Type::DateTime | Type::Int64String => true,
        Type::Clearable(inner) => is_copy(inner),
        _ => false,
    }
}

/// A struct of parameters, those in the path and the others, its constructor, and a setter for each parameter that is optional.
fn builder(part: &mut Part, name: &str, docs: &str, [path_params, params]: [&[Field]; 2], is_operation: bool) {
    let required = arguments(path_params, params);
    let fields: Vec<_> = path_params.iter().chain(params).collect();
    let mut members = String::new();
    for field in &fields {
        part.uses_field(field);
        members.push_str(&render::member("", &spelling::param(field)));
    }
    let derive = match required.is_empty() {
        true => "#[derive(Clone, Debug, PartialEq, Default)]",
        false => "#[derive(Clone, Debug, PartialEq)]",
    };
    part.definition(docs, &[derive, "#[must_use]"], "struct", name, &members);

    let arguments: Vec<_> = required.iter().map(|field| spelling::argument(field)).collect();
    let body = render::literal(&fields.iter().map(|field| (&*field.name, initial(field))).collect::<Vec<_>>());
    let new = method(&new_docs(&required, is_operation), "pub fn new", &arguments, " -> Self", &body);
    let optional = || params.iter().filter(|field| !field.is_required());
    if optional().any(spelling::takes_option) {
        part.uses("IntoOption");
    }
    let methods: Vec<_> = std::iter::once(new).chain(optional().map(setter)).collect();
    part.push(&braces(&format!("impl {name}"), &methods.join("\n")));
}

fn new_docs(required: &[&Field], is_operation: bool) -> String {
    let docs = match (is_operation, required.is_empty()) {
        (true, true) => "Creates the request with nothing set.",
        (true, false) => "Creates the request with its required parameters.\n",
        (false, true) => "Creates the parameters with nothing set.",
        (false, false) => "Creates the parameters with the required ones.\n",
    };
    let mut docs = docs.to_owned();
    for field in required {
        docs.push('\n');
        docs.push_str(&item(&format!("{}: ", code(&field.name)), &field.origin.docs.markdown()));
    }
    docs
}

/// The value of a parameter in a new builder.
fn initial(field: &Field) -> String {
    match &field.ty {
        _ if field.is_required() => kept(field),
        _ if spelling::presence(field).is_some() => "None".to_owned(),
        Type::Map(_) => "BTreeMap::new()".to_owned(),
        _ => "Vec::new()".to_owned(),
    }
}

fn setter(field: &Field) -> String {
    let name = &field.name;
    let (head, value) = match spelling::takes_option(field) {
        true => {
            let secret = if field.is_secret { ".map(Secret::new)" } else { "" };
            (format!("pub fn {name}<{}>", spelling::GIVEN), format!("{name}.into_option(){secret}"))
        }
        false => (format!("pub fn {name}"), kept(field)),
    };
    let arguments = ["mut self".to_owned(), format!("{name}: {}", spelling::as_optional_argument(field))];
    let body = render::assignment(&format!("self.{name}"), &value) + &render::statement("self");
    method(&field.origin.docs.markdown(), &head, &arguments, " -> Self", &body)
}

/// A parameter as it is kept, from its value as it is given.
fn kept(field: &Field) -> String {
    let value = converted(&field.ty, field.name.clone());
    let value = if field.is_secret { format!("Secret::new({value})") } else { value };
    if spelling::presence(field).is_some() { format!("Some({value})") } else { value }
}

/// From a value as it is given to the one that is kept.
fn converted(ty: &Type, value: String) -> String {
    match ty {
        Type::Bool => value,
        Type::Array(inner) => match &**inner {
            Type::Bool => format!("{value}.into_iter().collect()"),
            Type::Array(_) | Type::Map(_) => {
                format!("{value}.into_iter().map(|item| {}).collect()", converted(inner, "item".to_owned()))
            }
            _ => format!("{value}.into_iter().map(Into::into).collect()"),
        },
        Type::Map(inner) => {
            let each = converted(inner, "item".to_owned());
            format!("{value}.into_iter().map(|(key, item)| (key.into(), {each})).collect()")
        }
        _ => format!("{value}.into()"),
    }
}
