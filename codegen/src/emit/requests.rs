//! Operations and their parameters.

use super::index::Index;
use super::models::{apart, beside, entry, request_line};
use super::part::Part;
use super::response;
use super::text::{lines, quoted, words};
use crate::ir::{Field, Method, Operation, Params, Type};
use crate::markdown::{code, item};
use crate::render::{self, Head, Member, TypeDefinition};
use crate::rust_types;

/// The operations of a module, each with its parameters.
pub(super) fn requests(api: &Index<'_>, module: &str) -> Part {
    let mut part = Part::new("Operations and their parameters.");
    for operation in api.operations(module) {
        operation_type(&mut part, api, operation);
        beside(&mut part, api, module, &operation.name);
        for params in api.params(module, &operation.name) {
            params_type(&mut part, api, params);
        }
    }
    // What an operation of another module shares with one of this module, or of several modules with a feature each.
    for params in api.params_apart(module) {
        params_type(&mut part, api, params);
    }
    apart(&mut part, api, module, true);
    part
}

fn params_type(part: &mut Part, api: &Index<'_>, params: &Params) {
    let fields: Vec<_> = params.fields.iter().collect();
    builder(part, &params.name, &params.origin.docs.markdown(), &fields, false);
    params_call(part, &params.name, &params.fields);
    beside(part, api, &params.module, &params.name);
}

fn operation_type(part: &mut Part, api: &Index<'_>, operation: &Operation) {
    let line = format!(
        "{}. Returns {}.",
        request_line(operation.method.as_str(), &operation.path),
        response(&operation.output, true)
    );
    let docs = &operation.origin.docs;
    let docs = format!("{}\n\n{line}{}", docs.markdown(), docs.example_section());
    let fields: Vec<_> = operation.path_params.iter().chain(&operation.params).collect();
    builder(part, &operation.name, &docs, &fields, true);
    params_call(part, &operation.name, &operation.params);

    let (method, send) = match operation.method {
        Method::Post => ("Post", "form"),
        Method::Get => ("Get", "query"),
        // Stripe's own libraries send the parameters of a `DELETE` in the query.
        Method::Delete => ("Delete", "query"),
    };
    let mut head = vec![
        words(format!("{}<'_>", operation.name)),
        words(format!("method = {method}")),
        words(format!("path = {}", quoted(&operation.path))),
    ];
    if !operation.path_params.is_empty() {
        head.push(Head::List("segments", operation.path_params.iter().map(|field| entry(field, false)).collect()));
    }
    head.push(words(format!("send = {send}")));
    head.push(part.type_word("output = ", &rust_types::in_model(&operation.output)));
    if api.version.is_pinned {
        part.uses("API_VERSION");
        head.push(words("version = Some(API_VERSION)"));
    } else {
        head.push(words("version = None"));
    }
    part.call("operation", head, None);
}

fn params_call(part: &mut Part, name: &str, sent: &[Field]) {
    let entries = sent.iter().map(|field| entry(field, false)).collect();
    part.call("params", vec![words(format!("{name}<'_>"))], Some(entries));
}

/// A struct of parameters, its constructor, and a setter for each parameter that is optional.
fn builder(part: &mut Part, name: &str, docs: &str, fields: &[&Field], is_operation: bool) {
    part.names.insert(name.to_owned());
    let (required, optional): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.is_required());
    let mut members = Vec::new();
    let mut borrows = false;
    for field in fields {
        let spelled = rust_types::in_params(&field.ty);
        borrows |= spelled.contains("'a");
        part.uses(&spelled);
        members.push(Member { docs: Vec::new(), code: format!("{}: {spelled}", field.name) });
    }
    let mut values: Vec<_> = fields.iter().map(|field| initial(field)).collect();
    if !borrows {
        // The lifetime is there before the first parameter that borrows is, which is then no other type.
        part.uses("PhantomData");
        members.push(Member { docs: Vec::new(), code: "_lifetime: PhantomData<&'a ()>".to_owned() });
        values.push("_lifetime: PhantomData".to_owned());
    }
    part.definition(TypeDefinition {
        docs: lines(docs, 4),
        attributes: vec![
            match required.is_empty() {
                true => "#[derive(Clone, Debug, PartialEq, Default)]",
                false => "#[derive(Clone, Debug, PartialEq)]",
            },
            "#[must_use]",
        ],
        head: format!("pub struct {name}<'a>"),
        members,
    });

    let new = render::Method {
        docs: lines(&new_docs(&required, is_operation), 8),
        name: "new".to_owned(),
        arguments: required.iter().map(|field| argument(part, field)).collect(),
        body: render::literal(&values),
    };
    let setters = optional.into_iter().map(|field| setter(part, field));
    let methods = std::iter::once(new).chain(setters).collect();
    part.methods(format!("impl<'a> {name}<'a>"), methods);
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

/// A parameter in the literal of a new builder.
fn initial(field: &Field) -> String {
    let name = &field.name;
    let value = match &field.ty {
        ty if field.is_required() => converted(ty, name.clone()),
        Type::Option(_) => "None".to_owned(),
        Type::Map(_) => "BTreeMap::new()".to_owned(),
        _ => "Vec::new()".to_owned(),
    };
    if value == *name { value } else { format!("{name}: {value}") }
}

fn setter(part: &mut Part, field: &Field) -> render::Method {
    let name = &field.name;
    render::Method {
        docs: lines(&field.origin.docs.markdown(), 8),
        name: name.clone(),
        arguments: vec!["mut self".to_owned(), argument(part, field)],
        body: vec![format!("self.{name} = {};", converted(&field.ty, name.clone())), "self".to_owned()],
    }
}

/// A parameter as an argument: its name and its type.
fn argument(part: &mut Part, field: &Field) -> String {
    // A map of a caller's is any iterator, so that only its keys are named.
    if field.ty.layers().any(|layer| matches!(layer, Type::Map(_))) {
        part.uses("Cow");
    }
    format!("{}: {}", field.name, rust_types::as_argument(&field.ty))
}

/// From a parameter as it is given to the one that is kept.
fn converted(ty: &Type, value: String) -> String {
    match ty {
        Type::Bool => value,
        Type::Option(inner) => format!("Some({})", converted(inner, value)),
        Type::Secret(inner) => format!("Secret::new({})", converted(inner, value)),
        Type::Array(inner) if **inner == Type::Bool => format!("{value}.into_iter().collect()"),
        Type::Array(inner) if is_into(inner) => format!("{value}.into_iter().map(Into::into).collect()"),
        Type::Array(inner) => {
            format!("{value}.into_iter().map(|item| {}).collect()", converted(inner, "item".to_owned()))
        }
        Type::Map(inner) => {
            let each = converted(inner, "item".to_owned());
            format!("{value}.into_iter().map(|(key, item)| (key.into(), {each})).collect()")
        }
        _ => format!("{value}.into()"),
    }
}

fn is_into(ty: &Type) -> bool {
    !matches!(ty, Type::Bool | Type::Array(_) | Type::Map(_))
}
