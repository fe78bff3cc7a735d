//! From the API to items of Rust. Cannot fail and decides nothing: [`crate::ir`] has it all.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::docs::{code, wrap};
use crate::ir::{Api, Enum, Field, Model, Operation, Params, Reference, Type};
use crate::naming;
use crate::render::{Call, Head, Item, Source, WIDTH};
use crate::sample::sample;

/// The types of `support` that machine-written modules use. Its macros they use by calling them.
const SUPPORT: &[&str] =
    &["Amounts", "Clearable", "Deleted", "Expandable", "List", "Nullable", "Opaque", "Secret", "Timestamp"];

/// The files of the API, by name.
pub(crate) fn emit(api: &Api) -> BTreeMap<&'static str, Source> {
    let models = models(api);
    let requests = requests(api);
    let references = references(api);
    let modules = [("models", models), ("references", references), ("requests", requests)];

    let mut files = BTreeMap::new();
    let all: BTreeMap<&str, BTreeSet<String>> =
        modules.iter().map(|(name, part)| (*name, part.names.clone())).collect();
    let mut module = Source { docs: lines(&module_docs(api), 4), items: Vec::new() };
    let mut declarations = TokenStream::new();
    let mut exports = TokenStream::new();
    for (name, part) in modules {
        if part.items.is_empty() {
            continue;
        }
        let (ident, names) = (format_ident!("{name}"), part.names.iter().map(|name| format_ident!("{name}")));
        declarations.extend(quote!(mod #ident;));
        exports.extend(quote!(pub use self::#ident::{#(#names),*};));
        files.insert(name, part.into_source(name, &all));
    }
    module.items.push(Item::Rust(declarations));
    module.items.push(Item::Rust(quote!(
        #[cfg(feature = "test-util")]
        mod samples;
    )));
    module.items.push(Item::Rust(exports));
    files.insert("samples", samples(api).into_source("samples", &all));
    if api.pinned {
        let version = &api.version;
        module.items.push(Item::Rust(quote! {
            /// The version of Stripe's API that these types are of, as the header `Stripe-Version` has it.
            pub const API_VERSION: &str = #version;
        }));
    }
    files.insert("mod", module);
    files
}

fn module_docs(api: &Api) -> String {
    let mut docs = format!("Stripe's API of version {}.\n\n", code(&api.version));
    if !api.pinned {
        docs.push_str("That is no version that can be sent: whoever sends a request has to name one, as Stripe gave it to them.\n\n");
    }
    docs.push_str("The operations, each with what it answers:\n\n");
    for operation in &api.operations {
        let Operation { name, output, path, .. } = operation;
        let request = code(&format!("{} {path}", method(operation)));
        docs.push_str(&format!("- [`{name}`]: {request}, a [`{output}`]\n"));
    }
    docs
}

/// The items of a file, and the names that they define.
#[derive(Default)]
struct Part {
    docs: &'static str,
    items: Vec<Item>,
    /// The names that it defines.
    names: BTreeSet<String>,
    /// The names that it may have to import.
    used: BTreeSet<String>,
    macros: BTreeSet<&'static str>,
}

impl Part {
    fn rust(&mut self, tokens: TokenStream) {
        identifiers(tokens.clone(), &mut self.used);
        self.items.push(Item::Rust(tokens));
    }

    /// Adds an item that refers to nothing, though names in it may be those of types.
    fn closed(&mut self, tokens: TokenStream) {
        self.items.push(Item::Rust(tokens));
    }

    fn call(&mut self, name: &'static str, head: Vec<Head>, entries: Option<Vec<String>>) {
        self.macros.insert(name);
        for argument in &head {
            if let Head::Words(words) = argument {
                // What is quoted is data.
                let code = words.split('"').next().unwrap_or_default();
                self.used.extend(code.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
            }
        }
        self.items.push(Item::Call(Call { name, head, entries }));
    }

    /// Adds the imports that the items need, and no other.
    fn into_source(self, module: &str, all: &BTreeMap<&str, BTreeSet<String>>) -> Source {
        let used = &self.used;
        let idents = |names: Vec<&str>| names.into_iter().map(|name| format_ident!("{name}")).collect::<Vec<_>>();
        let mut std = TokenStream::new();
        if used.contains("Cow") {
            std.extend(quote!(
                use std::borrow::Cow;
            ));
        }
        if used.contains("BTreeMap") {
            std.extend(quote!(
                use std::collections::BTreeMap;
            ));
        }
        let mut imports = TokenStream::new();
        let others = all.iter().filter(|(name, _)| **name != module).flat_map(|(_, names)| names);
        let version = used.contains("API_VERSION").then_some("API_VERSION");
        let siblings =
            idents(version.into_iter().chain(others.map(String::as_str).filter(|n| used.contains(*n))).collect());
        if !siblings.is_empty() {
            imports.extend(quote!(use super::{#(#siblings),*};));
        }
        let types = SUPPORT.iter().copied().filter(|name| used.contains(*name));
        let support = idents(types.chain(self.macros.iter().copied()).collect());
        if !support.is_empty() {
            imports.extend(quote!(use crate::support::{#(#support),*};));
        }
        let imports = [std, imports].into_iter().filter(|group| !group.is_empty()).map(Item::Rust);
        Source { docs: lines(self.docs, 4), items: imports.chain(self.items).collect() }
    }
}

fn identifiers(tokens: TokenStream, used: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => identifiers(group.stream(), used),
            TokenTree::Ident(ident) => drop(used.insert(ident.to_string())),
            _ => {}
        }
    }
}

fn models(api: &Api) -> Part {
    let mut part = Part { docs: "What Stripe answers with.", ..Part::default() };
    for model in &api.models {
        if let Some(id) = &model.id {
            id_type(&mut part, id, &model.name);
        }
        model_type(&mut part, model);
        for shown in api.enums.iter().filter(|shown| shown.owner == model.name) {
            enum_type(&mut part, shown);
        }
    }
    for shown in api.enums.iter().filter(|shown| shown.owner.is_empty()) {
        enum_type(&mut part, shown);
    }
    part
}

fn model_type(part: &mut Part, model: &Model) {
    let name = format_ident!("{}", model.name);
    part.names.insert(model.name.clone());
    let fallback = format!("The object {}.", code(&model.key));
    let source = format!("Schema: {}.", code(&model.key));
    let docs = doc(&paragraphs(&[or(&model.docs, &fallback), &source]), 4);
    let fields = model.fields.iter().map(|field| {
        let (docs, name, ty) = (doc(&field_docs(field), 8), format_ident!("{}", field.name), field_type(field));
        quote!(#docs pub #name: #ty)
    });
    part.rust(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields),* }
    });

    let mut head = vec![Head::Words(model.name.clone())];
    if let Some(object) = &model.object {
        head.push(words(format!("object = {}", quoted(object))));
    }
    // A secret id is no way to refer to an object.
    let open = model.fields.iter().all(|field| field.wire != "id" || !field.secret);
    if let Some(id) = model.id.as_ref().filter(|_| open) {
        head.push(words(format!("id = {id}")));
        if model.deletable {
            head.push(words("deletable = true"));
        }
    }
    if model.object.is_some() || !model.expandable.is_empty() {
        head.push(Head::List("expandable", model.expandable.iter().map(|field| quoted(field)).collect()));
    }
    let entries = model.fields.iter().map(|field| entry(field, !field.required));
    part.call("model", head, Some(entries.collect()));
}

/// A field in a macro call: `name`, `name?`, and the wire's name where that is another.
fn entry(field: &Field, optional: bool) -> String {
    let mark = if optional { "?" } else { "" };
    match field.name == field.wire {
        true => format!("{}{mark}", field.name),
        false => format!("{}{mark} = {}", field.name, quoted(&field.wire)),
    }
}

fn field_docs(field: &Field) -> String {
    let fallback = format!("The field {}.", code(&field.wire));
    let units = field.ty.parts().any(|part| *part == Type::Timestamp).then_some("In seconds since the Unix epoch.");
    let mut docs = vec![or(&field.docs, &fallback)];
    // Where the description says so itself, it need not be said again.
    docs.extend(units.filter(|_| !field.docs.contains("Unix epoch")));
    paragraphs(&docs)
}

fn field_type(field: &Field) -> TokenStream {
    let mut ty = model_type_of(&field.ty);
    if field.secret {
        ty = quote!(Secret<#ty>);
    }
    if field.boxed {
        ty = quote!(Box<#ty>);
    }
    match (field.required, field.nullable) {
        (true, false) => ty,
        (true, true) | (false, false) => quote!(Option<#ty>),
        (false, true) => quote!(Nullable<#ty>),
    }
}

/// A model's field as it stands in the struct.
pub(crate) fn member(field: &Field) -> String {
    format!("pub {}: {}", field.name, one_line(field_type(field)))
}

/// What takes a parameter of the struct `owner`: an argument of `new`, or a setter.
pub(crate) fn signature(api: &Api, owner: &str, field: &Field) -> String {
    let argument = one_line(argument_type(api, &field.ty));
    match field.required {
        true => format!("{owner}::new(…, {}: {argument}, …)", field.name),
        false => format!("fn {}(self, {argument}) -> Self", field.name),
    }
}

/// The text of a type, spaced as a person would.
fn one_line(ty: TokenStream) -> String {
    let mut text = ty.to_string();
    for (spaced, plain) in
        [(" < ", "<"), ("< ", "<"), (" >", ">"), (" :: ", "::"), (" , ", ", "), ("& ", "&"), ("' ", "'")]
    {
        text = text.replace(spaced, plain);
    }
    text.replace(" <", "<")
}

fn model_type_of(ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Bool => quote!(bool),
        Type::Integer => quote!(i64),
        Type::Number => quote!(f64),
        Type::Timestamp => quote!(Timestamp),
        Type::Amounts => quote!(Amounts),
        Type::Json => quote!(serde_json::Value),
        Type::Opaque => quote!(Opaque),
        Type::Deleted => quote!(Deleted),
        Type::Id(name) | Type::Enum(name) | Type::Model(name) | Type::Reference(name) | Type::Params(name) => {
            let name = format_ident!("{name}");
            quote!(#name)
        }
        Type::Array(inner) => wrapped(quote!(Vec), inner),
        Type::List(inner) => wrapped(quote!(List), inner),
        Type::Clearable(inner) => wrapped(quote!(Clearable), inner),
        Type::Expandable(inner) => wrapped(quote!(Expandable), inner),
        Type::Map(inner) => {
            let inner = model_type_of(inner);
            quote!(BTreeMap<String, #inner>)
        }
    }
}

fn wrapped(outer: TokenStream, inner: &Type) -> TokenStream {
    let inner = model_type_of(inner);
    quote!(#outer<#inner>)
}

fn enum_type(part: &mut Part, shown: &Enum) {
    let name = format_ident!("{}", shown.name);
    part.names.insert(shown.name.clone());
    let docs = doc(&shown.docs, 4);
    let variants = shown.variants.iter().map(|variant| {
        let fallback = format!("{}.", code(&variant.value));
        let (docs, name) = (doc(or(&variant.docs, &fallback), 8), format_ident!("{}", variant.name));
        quote!(#docs #name)
    });
    let unknown = format_ident!("{}", naming::UNKNOWN_VARIANT);
    part.closed(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that this release does not know, as it stands on the wire.
            #unknown(String),
        }
    });
    let entries = shown.variants.iter().map(|variant| format!("{} = {}", variant.name, quoted(&variant.value)));
    part.call("open_enum", vec![words(&shown.name)], Some(entries.collect()));
}

fn id_type(part: &mut Part, id: &str, of: &str) {
    let name = format_ident!("{id}");
    part.names.insert(id.to_owned());
    let article = if of.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    let docs = doc(&format!("Identifies {article} [`{of}`]."), 4);
    part.rust(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(String);
    });
    part.call("id", vec![words(id)], None);
}

fn samples(api: &Api) -> Part {
    let docs = "A valid JSON of each model, for the tests of other crates.";
    let mut part = Part { docs, ..Part::default() };
    let entry = |model: &Model| words(format!("{} = {}", model.name, raw(&sample(api, &model.name))));
    part.call("samples", api.models.iter().map(entry).collect(), None);
    part
}

/// A JSON as a string literal that reads as JSON.
fn raw(value: &serde_json::Value) -> String {
    let text = format!("{value:#}").replace('\n', "\n    ");
    // What ends the literal must not stand in it.
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}")
}

fn references(api: &Api) -> Part {
    let mut part = Part { docs: "Objects of other products, which these only refer to.", ..Part::default() };
    let mut references: Vec<_> = api.references.iter().collect();
    references.sort_by(|a, b| a.name.cmp(&b.name));
    for Reference { name, id, key, object } in references {
        id_type(&mut part, id, name);
        part.names.insert(name.clone());
        let (ident, key) = (format_ident!("{name}"), code(key));
        let docs =
            doc(&format!("The object {key}, which is not modelled here: its JSON, and its id.\n\nSchema: {key}."), 4);
        part.rust(quote! {
            #docs
            #[derive(Clone, PartialEq)]
            pub struct #ident(Opaque);
        });
        part.call("opaque", vec![words(name), words(id), words(quoted(object))], None);
    }
    part
}

fn requests(api: &Api) -> Part {
    let mut part = Part { docs: "What can be asked of Stripe.", ..Part::default() };
    for operation in &api.operations {
        operation_type(&mut part, api, operation);
        let enums = |part: &mut Part, owner: &str| {
            api.enums.iter().filter(|shown| shown.owner == owner).for_each(|shown| enum_type(part, shown));
        };
        enums(&mut part, &operation.name);
        for params in api.params.iter().filter(|params| params.operation == operation.name) {
            params_type(&mut part, api, params);
            enums(&mut part, &params.name);
        }
    }
    part
}

fn operation_type(part: &mut Part, api: &Api, operation: &Operation) {
    let line = format!(
        "{}, which answers with a [`{}`](super::{}).",
        code(&format!("{} {}", method(operation), operation.path)),
        operation.output,
        operation.output
    );
    let fallback = format!("The operation {}.", code(&operation.id));
    let docs = paragraphs(&[or(&operation.docs, &fallback), &line]);
    let fields: Vec<_> = operation.path_params.iter().chain(&operation.params).collect();
    builder(part, api, &operation.name, &docs, &fields);
    params_call(part, api, &operation.name, &operation.params, &fields);

    let method = match operation.verb.method() {
        "post" => "Post",
        _ => "Get",
    };
    let mut head = vec![
        words(with_lifetime(api, &operation.name, &fields)),
        words(format!("method = {method}")),
        words(format!("path = {}", quoted(&operation.path))),
    ];
    if !operation.path_params.is_empty() {
        head.push(Head::List("segments", operation.path_params.iter().map(|field| entry(field, false)).collect()));
    }
    head.push(words(if method == "Post" { "send = form" } else { "send = query" }));
    head.push(words(format!("output = {}", operation.output)));
    head.push(words(format!("error = {}", operation.error)));
    head.push(words(if api.pinned { "version = Some(API_VERSION)" } else { "version = None" }));
    part.call("operation", head, None);
}

fn params_type(part: &mut Part, api: &Api, params: &Params) {
    let fields: Vec<_> = params.fields.iter().collect();
    let fallback = format!("Parameters of [`{}`].", params.operation);
    builder(part, api, &params.name, or(&params.docs, &fallback), &fields);
    params_call(part, api, &params.name, &params.fields, &fields);
}

fn params_call(part: &mut Part, api: &Api, name: &str, sent: &[Field], all: &[&Field]) {
    let entries = sent.iter().map(|field| entry(field, false)).collect();
    part.call("params", vec![words(with_lifetime(api, name, all))], Some(entries));
}

fn borrows(api: &Api, fields: &[&Field]) -> bool {
    fields.iter().any(|field| api.borrows(&field.ty))
}

fn with_lifetime(api: &Api, name: &str, fields: &[&Field]) -> String {
    format!("{name}{}", if borrows(api, fields) { "<'_>" } else { "" })
}

/// A struct of parameters, what makes one of those that are required, and a setter for each other.
fn builder(part: &mut Part, api: &Api, name: &str, docs: &str, fields: &[&Field]) {
    part.names.insert(name.to_owned());
    let ident = format_ident!("{name}");
    let generics = borrows(api, fields).then(|| quote!(<'a>));
    let docs = doc(docs, 4);
    let required: Vec<_> = fields.iter().filter(|field| field.required).collect();
    let default = required.is_empty().then(|| quote!(, Default));

    let members = fields.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), param_type(api, &field.ty));
        match is_optional(field) {
            true => quote!(#name: Option<#ty>),
            false => quote!(#name: #ty),
        }
    });
    let arguments = required.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), argument_type(api, &field.ty));
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|field| {
        let name = format_ident!("{}", field.name);
        let value = match field.required {
            true => converted(&field.ty, quote!(#name)),
            false if is_optional(field) => quote!(None),
            false => empty(&field.ty),
        };
        // `name: name` is `name`.
        if value.to_string() == field.name { value } else { quote!(#name: #value) }
    });
    let setters = fields.iter().filter(|field| !field.required).map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), argument_type(api, &field.ty));
        let value = converted(&field.ty, quote!(#name));
        let value = if is_optional(field) { quote!(Some(#value)) } else { value };
        let docs = doc(&param_docs(field), 8);
        quote! {
            #docs
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = #value;
                self
            }
        }
    });
    let mut new_docs = match required.is_empty() {
        true => "With nothing set.".to_owned(),
        false => "With what is required.\n".to_owned(),
    };
    for field in &required {
        new_docs.push_str(&format!("\n- `{}`: {}", field.name, param_docs(field).replace("\n\n", "\n  ")));
    }
    let new_docs = doc(&new_docs, 8);
    part.rust(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq #default)]
        #[must_use]
        pub struct #ident #generics { #(#members),* }
    });
    part.rust(quote! {
        impl #generics #ident #generics {
            #new_docs
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    });
}

/// An empty list is sent as nothing, so that a list needs no `Option`.
fn is_optional(field: &Field) -> bool {
    !field.required && !matches!(field.ty, Type::Array(_) | Type::Map(_))
}

fn empty(ty: &Type) -> TokenStream {
    if matches!(ty, Type::Map(_)) { quote!(BTreeMap::new()) } else { quote!(Vec::new()) }
}

fn param_docs(field: &Field) -> String {
    let fallback = format!("The parameter {}.", code(&field.wire));
    let limit = field.max_length.map(|most| format!("At most {most} characters."));
    let units = (field.ty == Type::Timestamp).then_some("In seconds since the Unix epoch.");
    let clears = matches!(field.ty, Type::Clearable(_)).then_some("`Clearable::Clear` unsets it.");
    let mut docs = vec![or(&field.docs, &fallback)];
    docs.extend(limit.as_deref().into_iter().chain(units).chain(clears));
    paragraphs(&docs)
}

/// The type of a parameter as it is kept.
fn param_type(api: &Api, ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(Cow<'a, str>),
        Type::Params(name) => {
            let generics = api.borrows(ty).then(|| quote!(<'a>));
            let name = format_ident!("{name}");
            quote!(#name #generics)
        }
        Type::Array(inner) => {
            let inner = param_type(api, inner);
            quote!(Vec<#inner>)
        }
        Type::Map(inner) => {
            let inner = param_type(api, inner);
            quote!(BTreeMap<Cow<'a, str>, #inner>)
        }
        Type::Clearable(inner) => {
            let inner = param_type(api, inner);
            quote!(Clearable<#inner>)
        }
        other => model_type_of(other),
    }
}

/// The type of a parameter as it is given.
fn argument_type(api: &Api, ty: &Type) -> TokenStream {
    match ty {
        Type::Bool => quote!(bool),
        Type::Array(inner) => {
            let inner = argument_type(api, inner);
            quote!(impl IntoIterator<Item = #inner>)
        }
        Type::Map(inner) => {
            let inner = argument_type(api, inner);
            quote!(impl IntoIterator<Item = (impl Into<Cow<'a, str>>, #inner)>)
        }
        other => {
            let kept = param_type(api, other);
            quote!(impl Into<#kept>)
        }
    }
}

/// From a parameter as it is given to the one that is kept.
fn converted(ty: &Type, value: TokenStream) -> TokenStream {
    match ty {
        Type::Bool => value,
        Type::Array(inner) if **inner == Type::Bool => quote!(#value.into_iter().collect()),
        Type::Array(inner) if is_into(inner) => quote!(#value.into_iter().map(Into::into).collect()),
        Type::Array(inner) => {
            let each = converted(inner, quote!(item));
            quote!(#value.into_iter().map(|item| #each).collect())
        }
        Type::Map(inner) => {
            let each = converted(inner, quote!(item));
            quote!(#value.into_iter().map(|(key, item)| (key.into(), #each)).collect())
        }
        _ => quote!(#value.into()),
    }
}

fn is_into(ty: &Type) -> bool {
    !matches!(ty, Type::Bool | Type::Array(_) | Type::Map(_))
}

fn method(operation: &Operation) -> String {
    operation.verb.method().to_ascii_uppercase()
}

fn words(words: impl Into<String>) -> Head {
    Head::Words(words.into())
}

fn quoted(text: &str) -> String {
    Literal::string(text).to_string()
}

fn or<'t>(text: &'t str, fallback: &'t str) -> &'t str {
    if text.is_empty() { fallback } else { text }
}

fn paragraphs(parts: &[&str]) -> String {
    parts.join("\n\n")
}

/// Documentation as lines, for code that is indented by `indent` minus the comment's own four columns.
fn lines(markdown: &str, indent: usize) -> Vec<String> {
    wrap(markdown, WIDTH - indent)
}

/// Documentation as attributes, which the formatter shows as comments.
fn doc(markdown: &str, indent: usize) -> TokenStream {
    let lines = lines(markdown, indent).into_iter().map(|line| {
        let line = if line.is_empty() { line } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}
