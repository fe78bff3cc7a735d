//! What an API promises of an item and of each of its members: the facts that are compared, each with its rules and its words.

use std::collections::BTreeMap;

use super::{Rule, Words};
use crate::ir::{Alternative, Api, Field, Named, Operation, Origin, Type, Union, Variant, arguments};
use crate::{ir::describe, rust::spelling};

/// An item, or a member of one.
#[derive(Default)]
pub(super) struct Part<'a> {
    /// What members are paired by: the name on the wire, if there is one.
    pub(super) key: String,
    /// The field or the parameter that it is, but for one in a path.
    pub(super) field: Option<&'a Field>,
    /// Its part of the path on the wire; empty if it has the place of what holds it.
    pub(super) segment: &'a str,
    /// Its part of the path in Rust.
    pub(super) name: &'a str,
    /// What it is: the first fact that differs says enough. The first one tells that it is there.
    pub(super) shape: Vec<Fact<'a>>,
    /// What holds of it beside that.
    pub(super) facts: Vec<Fact<'a>>,
    /// What the code is generated from, and is told if nothing else was.
    pub(super) hidden: Vec<Fact<'a>>,
    /// What follows its description.
    pub(super) notes: &'a [String],
    /// The arguments of `new`, but for those in the path.
    pub(super) arguments: Vec<&'a Field>,
    pub(super) members: Vec<Part<'a>>,
}

/// A fact that has rules.
pub(super) struct Fact<'a> {
    /// The rules for one that is new, that is gone, and that is another.
    pub(super) rules: [Rule; 3],
    /// Its name among others with its rules.
    path: &'a str,
    /// Its name, if it is an item of Rust.
    pub(super) member: &'static str,
    pub(super) value: Value<'a>,
    pub(super) words: Words,
}

/// What decides whether two facts are the same.
#[derive(PartialEq)]
pub(super) enum Value<'a> {
    /// There is nothing to compare: it is there.
    There,
    Text(String),
    Type(&'a Type),
    /// A description, and those of what has none of its own.
    Prose(&'a str, Option<&'a BTreeMap<String, String>>),
}

impl<'a> Fact<'a> {
    pub(super) fn new(rules: [Rule; 3], value: Value<'a>, words: Words) -> Self {
        Self { rules, path: "", member: "", value, words }
    }

    /// Something that one side can lack.
    pub(super) fn there([new, gone]: [Rule; 2], words: Words) -> Self {
        Self::new([new, gone, gone], Value::There, words)
    }

    /// A text that Rust does not show.
    pub(super) fn wire(rules: [Rule; 3], text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(rules, Value::Text(text.clone()), Words { wire: Some(text), rust: None })
    }

    /// A constant of Rust with the value that is on the wire.
    fn constant(rules: [Rule; 3], member: &'static str, text: &str) -> Self {
        Self { member, ..Self::new(rules, Value::Text(text.to_owned()), Words::new(text, text)) }
    }

    /// Descriptions, which are not shown: they can be long.
    pub(super) fn description(text: &'a str, others: Option<&'a BTreeMap<String, String>>) -> Self {
        Self::new([Rule::DescriptionChanged; 3], Value::Prose(text, others), Words::default())
    }

    /// Facts that the types do not show.
    pub(super) fn unseen(facts: &'a BTreeMap<String, String>) -> impl Iterator<Item = Self> {
        let fact = |path, value| Self::wire([Rule::LimitChanged; 3], describe::fact(path, value));
        facts.iter().map(move |(path, value)| Self { path, ..fact(path, value) })
    }

    /// What the facts of a part are paired by.
    pub(super) fn key(&self) -> (Rule, &str) {
        (self.rules[0], self.path)
    }
}

impl<'a> Part<'a> {
    /// An item with all of its members.
    pub(super) fn item(api: &Api, item: Named<'a>) -> Self {
        let fields = || item.fields().map(|field| Self::field(api, item, field)).collect();
        let (facts, members) = match item {
            Named::Model(model) => {
                let rules = [Rule::ObjectAdded, Rule::ObjectChanged, Rule::ObjectChanged];
                let open = if model.is_open { "has any further fields" } else { "has no further fields" };
                let mut expandable = model.expandable.clone();
                expandable.sort();
                let mut facts = vec![Fact::wire([Rule::OpennessChanged; 3], open)];
                if model.has_expandable() {
                    let rules = [Rule::ItemAdded, Rule::ItemRemoved, Rule::ExpandableSetChanged];
                    let fields = if expandable.is_empty() { "no fields".to_owned() } else { expandable.join(", ") };
                    facts.push(Fact::constant(rules, "EXPANDABLE", &fields));
                }
                if model.is_deletable {
                    let words = Words { wire: Some("can be deleted".to_owned()), rust: None };
                    facts.push(Fact::there([Rule::DeletableGained, Rule::DeletableLost], words));
                }
                facts.extend(model.object.as_ref().map(|object| Fact::constant(rules, "OBJECT", object)));
                (facts, fields())
            }
            Named::Union(union) => {
                let words = Words::new(describe::kind(union.kind), spelling::declaration(item));
                let kind = Value::Text(format!("{:?}", union.kind));
                let alternatives = union.alternatives.iter().map(|one| Self::alternative(api, union, one));
                (vec![Fact::new([Rule::UnionKindChanged; 3], kind, words)], alternatives.collect())
            }
            Named::Enum(item) => (Vec::new(), item.variants.iter().map(Self::variant).collect()),
            Named::Reference(reference) => {
                (vec![Fact::constant([Rule::ObjectChanged; 3], "", &reference.object)], Vec::new())
            }
            Named::Params(_) => (Vec::new(), fields()),
            Named::Operation(operation) => {
                let path = Fact::constant([Rule::PathChanged; 3], "PATH", &describe::request(operation));
                let output = Words::new(describe::ty(api, &operation.output), spelling::spell(&operation.output));
                let output = Fact::new([Rule::OutputChanged; 3], Value::Type(&operation.output), output);
                let base_url = operation.base_url.as_ref();
                let mut facts =
                    vec![Fact { value: Value::Text(address(operation)), ..path }, Fact { member: "Output", ..output }];
                facts.extend(base_url.map(|url| Fact::constant([Rule::BaseUrlChanged; 3], "BASE_URL", url)));
                (facts, fields())
            }
        };
        let added = if let Named::Reference(_) = item { Rule::BoundaryReached } else { Rule::ItemAdded };
        let words = Words::new(describe::item(api, item), declarations(item));
        let shape = vec![Fact::there([added, Rule::ItemRemoved], words)];
        let arguments = match item {
            Named::Params(params) => arguments(&[], &params.fields),
            Named::Operation(operation) => arguments(&[], &operation.params),
            _ => Vec::new(),
        };
        Self { name: item.name(), shape, facts, members, arguments, ..Self::default() }.of(item.origin())
    }

    /// Adds what is known of each item, of each field and of each value of an enum.
    pub(super) fn of(mut self, origin: &'a Origin) -> Self {
        let rules = [Rule::Deprecated, Rule::DeprecationLifted, Rule::Deprecated];
        self.facts.extend(origin.is_deprecated.then(|| Fact::wire(rules, "deprecated")));
        self.facts.push(Fact::description(&origin.docs.text, Some(&origin.facts.prose)));
        self.facts.extend(Fact::unseen(&origin.facts.checked));
        Self { hidden: Fact::unseen(&origin.facts.used).collect(), notes: &origin.docs.notes, ..self }
    }

    /// A field of a model, or a parameter of an operation or inside another one.
    fn field(api: &Api, owner: Named<'a>, field: &'a Field) -> Self {
        // The parameters in a path are paired by their order: their names are only those of arguments.
        let position = match owner {
            Named::Operation(one) => one.path_params.iter().position(|param| std::ptr::eq(param, field)),
            _ => None,
        };
        let (is_parameter, is_required) = (!matches!(owner, Named::Model(_)), field.is_required());
        let is_argument = is_parameter && is_required;
        let rust = if is_parameter { spelling::signature(owner.name(), field) } else { spelling::member(field) };
        let words = Words::new(describe::field(api, field), rust);
        let names = Words { wire: Some(field.wire.clone()), ..words.clone() };
        let around = spelling::around(field).collect::<Vec<_>>().join(" ");
        let (removed, reshaped, retyped) = match is_parameter {
            true => (Rule::ParameterRemoved, Rule::ParameterRequirednessChanged, Rule::ParameterTypeChanged),
            false => (Rule::FieldRemoved, Rule::FieldTypeChanged, Rule::FieldTypeChanged),
        };
        let added = match (is_parameter, is_required) {
            (true, true) => Rule::RequiredParameterAdded,
            (true, false) => Rule::OptionalParameterAdded,
            (false, true) => Rule::RequiredFieldAdded,
            (false, false) => Rule::FieldAdded,
        };
        // Callers write the name of a field and of a setter.
        let renamed = if is_argument { Rule::ArgumentRenamed } else { Rule::NameChanged };
        let around = Value::Text(if is_parameter { is_required.to_string() } else { around });
        let shape = vec![
            Fact::new([added, removed, reshaped], around, words.clone()),
            Fact::new([retyped; 3], Value::Type(&field.ty), words),
            Fact::new([renamed; 3], Value::Text(field.name.clone()), names.clone()),
            Fact::new([Rule::WireNameChanged; 3], Value::Text(field.wire.clone()), names),
        ];
        let secrecy = if field.is_secret { Rule::SecrecyGained } else { Rule::SecrecyLost };
        let secret = || {
            let words = Words { wire: None, rust: Some(spelling::param(field)) };
            let rules = [Rule::SecrecyGained, Rule::SecrecyLost, secrecy];
            Fact::new(rules, Value::Text(field.is_secret.to_string()), words)
        };
        Self {
            key: position.map_or_else(|| field.wire.clone(), |position| format!("{{{position}}}")),
            field: position.is_none().then_some(field),
            segment: &field.wire,
            name: if is_argument { "new" } else { &field.name },
            shape,
            // The type of a field shows whether it is secret.
            facts: is_parameter.then(secret).into_iter().collect(),
            ..Self::default()
        }
        .of(&field.origin)
    }

    fn variant(variant: &'a Variant) -> Self {
        let (segment, name) = (&*variant.value, &*variant.name);
        let rules = [Rule::ValueAdded, Rule::ValueRemoved, Rule::NameChanged];
        let shape = vec![Fact::new(rules, Value::Text(name.to_owned()), Words::new(segment, name))];
        Self { key: segment.to_owned(), segment, name, shape, ..Self::default() }.of(&variant.origin)
    }

    fn alternative(api: &Api, union: &Union, one: &'a Alternative) -> Self {
        let words = Words::new(describe::ty(api, &one.ty), spelling::alternative(union.kind, one));
        let rules = [Rule::AlternativeAdded, Rule::AlternativeRemoved, Rule::AlternativeTypeChanged];
        let shape = vec![Fact::new(rules, Value::Type(&one.ty), words)];
        let object = one.object.as_deref().unwrap_or("no constant `object`");
        let tag = format!("{object}{}", if one.is_deleted { ", deleted" } else { "" });
        let facts = vec![Fact::wire([Rule::ObjectChanged; 3], tag), Fact::description(&one.docs.text, None)];
        Self { key: one.name.clone(), name: &one.name, shape, facts, notes: &one.docs.notes, ..Self::default() }
    }
}

/// The method and the path of an operation, without the names of the parameters in it.
pub(super) fn address(operation: &Operation) -> String {
    let segments = operation.path.split('/');
    let unnamed = segments.map(|one| if one.starts_with('{') && one.ends_with('}') { "{}" } else { one });
    format!("{} {}", operation.method.as_str(), unnamed.collect::<Vec<_>>().join("/"))
}

fn declarations(item: Named<'_>) -> String {
    let id = match item {
        Named::Model(model) => model.id.name(),
        Named::Reference(reference) => Some(&reference.id),
        _ => None,
    };
    let id = id.map(|id| format!(", struct {id}"));
    format!("{}{}", spelling::declaration(item), id.unwrap_or_default())
}
