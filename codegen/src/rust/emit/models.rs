//! Models, enums, unions, ids and references.

use super::index::Index;
use super::part::Part;
use super::text::{article, link, quoted, raw};
use crate::ir::{
    Alternative, Api, Enum, Field, Model, ModelId, ModuleFile, Named, Operation, Reference, Type, Union, UnionKind,
    Usage,
};
use crate::markdown::code;
use crate::rust::naming;
use crate::rust::render::member;
use crate::rust::sample::Samples;
use crate::rust::spelling;

pub(super) fn model_type(part: &mut Part, api: &Api, model: &Model) {
    if let Some(id) = model.id.name() {
        id_type(part, id, &model.name);
    }
    let mut members = String::new();
    for field in &model.fields {
        part.uses_field(field);
        let mut docs = field.origin.docs.markdown();
        if let Some(note) = note_of_page(api, &field.ty) {
            docs.push_str("\n\n");
            docs.push_str(&note);
        }
        members.push_str(&member(&docs, &spelling::member(field)));
    }
    let docs = &model.origin.docs;
    let docs = format!("{}{}", docs.markdown(), docs.example_section());
    part.definition(
        &docs,
        &["#[derive(Clone, Debug, PartialEq)]", "#[non_exhaustive]"],
        "struct",
        &model.name,
        &members,
    );

    let mut head = vec![model.name.clone()];
    if let Some(object) = &model.object {
        head.push(format!("object = {}", quoted(object)));
    }
    if model.is_referable {
        head.push(match &model.id {
            ModelId::Required(id) => format!("id = {id}"),
            ModelId::Optional(id) => format!("optional_id = {id}"),
            ModelId::None => "no_id = true".to_owned(),
        });
    }
    if model.is_deletable {
        head.push("deletable = true".to_owned());
    }
    let expandable: Vec<_> = model.expandable.iter().map(|field| quoted(field)).collect();
    let expandable = model.has_expandable().then_some(("expandable", expandable.as_slice()));
    let entries: Vec<_> = model.fields.iter().map(|field| entry(field, !field.is_required())).collect();
    part.call_with_list("model", &head, expandable, Some(&entries));
}

/// Says that a field is only a page, and which operation returns the rest.
fn note_of_page(api: &Api, ty: &Type) -> Option<String> {
    let (item, mark, url) = match ty {
        Type::List(item) => (item, "has_more", "url"),
        Type::ListV2(item) => (item, "next_page_url", "next_page_url"),
        _ => return None,
    };
    let returns_it = |operation: &&Operation| matches!(&operation.output, Type::List(listed) | Type::ListV2(listed) if listed == item);
    let operation = api.operations.iter().find(returns_it).map(|operation| (code(&operation.name), operation));
    let rest = match operation {
        // No link: the feature of the operation may be off.
        Some((name, operation)) => {
            format!("{name} returns the others ({})", request_line(operation.method.as_str(), &operation.path))
        }
        None => format!("the operation at its {} returns the others", code(url)),
    };
    Some(format!("Only the first page: if {} is set, {rest}.", code(mark)))
}

/// A field in a macro call: its name, that on the wire if it is another, and a question mark if it is optional.
pub(super) fn entry(field: &Field, is_optional: bool) -> String {
    let mark = if is_optional { "?" } else { "" };
    match field.name == field.wire {
        true => format!("{}{mark}", field.name),
        false => format!("{} = {}{mark}", field.name, quoted(&field.wire)),
    }
}

pub(super) fn enum_type(part: &mut Part, item: &Enum) {
    let variants = item.variants.iter().map(|variant| member(&variant.origin.docs.markdown(), &variant.name));
    let unknown = match item.usage {
        Usage::Responses => "A value unknown to this version of the crate, as Stripe sent it.",
        Usage::Requests => "Any other value, which is sent unchanged.",
        Usage::Both => {
            "A value unknown to this version of the crate, as Stripe sent it. In a request, it is sent unchanged."
        }
    };
    let variants: String = variants.chain([member(unknown, &format!("{}(String)", naming::UNKNOWN_VARIANT))]).collect();
    let attributes = ["#[derive(Clone, Debug, PartialEq, Eq, Hash)]", "#[non_exhaustive]"];
    part.definition(&item.origin.docs.markdown(), &attributes, "enum", &item.name, &variants);
    let entries = item.variants.iter().map(|variant| format!("{} = {}", variant.name, quoted(&variant.value)));
    part.call("open_enum", &[&item.name], Some(&entries.collect::<Vec<_>>()));
}

pub(super) fn union_type(part: &mut Part, union: &Union) {
    match union.kind {
        UnionKind::Parameter => parameter_union(part, union),
        UnionKind::Tagged => tagged_union(part, union),
        UnionKind::Untagged => untagged_union(part, union),
    }
}

fn tagged_union(part: &mut Part, union: &Union) {
    let mut variants = alternatives(part, union);
    part.uses("Opaque");
    let unknown = "An object of a kind unknown to this version of the crate.";
    variants.push_str(&member(unknown, &format!("{}(Opaque)", naming::UNKNOWN_VARIANT)));
    let attributes = ["#[derive(Clone, Debug, PartialEq)]", "#[non_exhaustive]"];
    part.definition(&union.origin.docs.markdown(), &attributes, "enum", &union.name, &variants);
    let entries = union.alternatives.iter().map(|one| {
        let object = quoted(one.object.as_deref().unwrap_or_default());
        format!("{} = {object}{}", one.name, if one.is_deleted { " deleted" } else { "" })
    });
    part.call("tagged_union", &union_head(union), Some(&entries.collect::<Vec<_>>()));
}

/// The name of a union of objects, and whether a reference to it can be expanded.
fn union_head(union: &Union) -> Vec<String> {
    let referable = union.is_referable.then(|| "referable = true".to_owned());
    [union.name.clone()].into_iter().chain(referable).collect()
}

fn alternatives(part: &mut Part, union: &Union) -> String {
    let variant = |one: &Alternative| {
        part.uses_type(&one.ty);
        member(&one.docs.markdown(), &spelling::alternative(union.kind, one))
    };
    union.alternatives.iter().map(variant).collect()
}

fn untagged_union(part: &mut Part, union: &Union) {
    let mut docs = union.origin.docs.clone();
    // Not every alternative has a type of its own: an object without properties is its JSON.
    let link = |one: &Alternative| one.ty.name().map_or_else(|| code(&one.name), link);
    let list: Vec<_> = union.alternatives.iter().map(link).collect();
    docs.notes.push(format!(
        "One of {}. No field tells them apart, so the JSON is kept, and read as the one that you ask for.",
        list.join(" and ")
    ));
    part.newtype(&docs.markdown(), "#[derive(Clone, PartialEq)]", &union.name, "Opaque");
    let mut entries = Vec::new();
    for one in &union.alternatives {
        let ty = &one.ty;
        part.uses_type(ty);
        entries.push(format!("{} = {}", naming::reading_method(&one.name), spelling::spell(ty)));
    }
    part.call("untagged_union", &union_head(union), Some(&entries));
}

fn parameter_union(part: &mut Part, union: &Union) {
    let variants = alternatives(part, union);
    let entries = union.alternatives.iter().map(|one| spelling::alternative(union.kind, one));
    let attributes = [
        "#[derive(Clone, Debug, PartialEq)]",
        "#[non_exhaustive]",
        r#"#[allow(clippy::large_enum_variant, reason = "a request holds one of them, for a short time")]"#,
    ];
    part.definition(&union.origin.docs.markdown(), &attributes, "enum", &union.name, &variants);
    part.call("parameter_union", &[&union.name], Some(&entries.collect::<Vec<_>>()));
}

fn id_type(part: &mut Part, id: &str, of: &str) {
    let docs = format!("The id of {} {}.", article(of), link(of));
    part.newtype(&docs, "#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]", id, "String");
    part.call("id", &[id], None);
}

pub(super) fn samples<'a>(index: &Index<'a>, samples: &Samples<'_>, module: &'a str) -> Part {
    let mut part = Part::new("A plausible JSON of each model, for the tests of other crates.");
    let mut head = Vec::new();
    for item in index.in_file(module, ModuleFile::Models) {
        let Named::Model(model) = item else { continue };
        let Some(json) = samples.of(&model.name).map(|json| raw(&json)) else { continue };
        part.uses(&model.name);
        head.push(format!("{} = {json}", model.name));
    }
    if !head.is_empty() {
        part.call("samples", &head, None);
    }
    part
}

/// An object past the boundary, and its id.
pub(super) fn reference_type(part: &mut Part, reference: &Reference) {
    let Reference { name, id, origin, object, .. } = reference;
    id_type(part, id, name);
    part.newtype(&origin.docs.markdown(), "#[derive(Clone, PartialEq)]", name, "Opaque");
    part.call("opaque", &[name, id, &quoted(object)], None);
}

/// The text of a request line, as documentation shows it.
pub(super) fn request_line(method: &str, path: &str) -> String {
    code(&format!("{method} {path}"))
}
