//! What a change of the document means: on the wire, in Rust, and for the version.
//!
//! Two [`Api`]s are compared by what they name on the wire, so that order, prose and what was not selected cannot make a
//! difference of more than a patch. Every change carries the rule that its verdict follows from.

use std::collections::BTreeMap;

use semver::Version;

use crate::emit;
use crate::ir::{Api, Enum, Field, Model, Operation, Type};

/// What a change asks of the version, by Semantic Versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No program notices, other than by reading.
    Patch,
    /// Programs go on to compile, and can do more.
    Minor,
    /// Some program no longer compiles, or no longer works.
    Major,
}

impl Verdict {
    /// The verdict as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Why a change has its verdict: the rules of this crate's Rust API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A parameter that may be left out is a new setter.
    OptionalParameterAdded,
    /// A required parameter is one more argument of `new`.
    RequiredParameterAdded,
    /// A setter or an argument of `new` is gone.
    ParameterRemoved,
    /// A setter became an argument of `new`, or the other way round.
    ParameterRequirednessChanged,
    /// A setter or an argument takes another type.
    ParameterTypeChanged,
    /// The lifetime that a type of parameters borrows for came or went.
    ParameterLifetimeChanged,
    /// Models are `#[non_exhaustive]`, so one more field breaks nobody.
    FieldAdded,
    /// A public field is gone.
    FieldRemoved,
    /// A public field has another type; whether it may be missing or null is part of that.
    FieldTypeChanged,
    /// Enums are open and `#[non_exhaustive]`, so one more variant breaks nobody.
    ValueAdded,
    /// A variant is gone.
    ValueRemoved,
    /// A public type or an operation is new.
    ItemAdded,
    /// A public type or an operation is gone.
    ItemRemoved,
    /// A model became an object of its own, and so can be expanded.
    ObjectAdded,
    /// A model's constant `object` is gone or another: what was sent before no longer decodes.
    ObjectChanged,
    /// A request goes somewhere else; the compiler cannot see it.
    PathChanged,
    /// An operation answers with another type.
    OutputChanged,
    /// A reference may turn out to be of a deleted object.
    DeletableChanged,
    /// The set in the constant `EXPANDABLE` is another.
    ExpandableSetChanged,
    /// A limit that Stripe enforces, and the documentation states.
    LimitChanged,
    /// The header `Stripe-Version` is another.
    VersionChanged,
    /// Only words.
    DescriptionChanged,
}

impl Rule {
    /// The name of the rule.
    pub fn name(self) -> &'static str {
        self.parts().0
    }

    /// What it asks of the version.
    pub fn verdict(self) -> Verdict {
        self.parts().1
    }

    /// The rule in words.
    pub fn reason(self) -> &'static str {
        self.parts().2
    }

    /// Whether a program can break though it compiles.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::PathChanged | Self::ObjectChanged)
    }

    fn parts(self) -> (&'static str, Verdict, &'static str) {
        use Verdict::{Major, Minor, Patch};
        match self {
            Self::OptionalParameterAdded => ("optional-parameter-added", Minor, "a new setter"),
            Self::RequiredParameterAdded => ("required-parameter-added", Major, "`new` takes one more argument"),
            Self::ParameterRemoved => ("parameter-removed", Major, "a setter, or an argument of `new`, is gone"),
            Self::ParameterRequirednessChanged => {
                ("parameter-requiredness-changed", Major, "`new` takes other arguments")
            }
            Self::ParameterTypeChanged => ("parameter-type-changed", Major, "a setter or `new` takes another type"),
            Self::ParameterLifetimeChanged => {
                ("parameter-lifetime-changed", Major, "the type borrows, or no longer does")
            }
            Self::FieldAdded => ("field-added", Minor, "models are `#[non_exhaustive]`"),
            Self::FieldRemoved => ("field-removed", Major, "a public field is gone"),
            Self::FieldTypeChanged => ("field-type-changed", Major, "a public field has another type"),
            Self::ValueAdded => ("value-added", Minor, "enums are open and `#[non_exhaustive]`"),
            Self::ValueRemoved => ("value-removed", Major, "a variant is gone"),
            Self::ItemAdded => ("item-added", Minor, "a new public item"),
            Self::ItemRemoved => ("item-removed", Major, "a public item is gone"),
            Self::ObjectAdded => ("object-added", Minor, "the model can be referred to"),
            Self::ObjectChanged => ("object-changed", Major, "what was sent before no longer decodes"),
            Self::PathChanged => ("path-changed", Major, "the request goes somewhere else"),
            Self::OutputChanged => ("output-changed", Major, "the operation answers with another type"),
            Self::DeletableChanged => ("deletable-changed", Patch, "`Expandable` has had the variant all along"),
            Self::ExpandableSetChanged => ("expandable-set-changed", Patch, "the same constant, with other values"),
            Self::LimitChanged => ("limit-changed", Patch, "Stripe enforces it, and only the documentation says so"),
            Self::VersionChanged => ("version-changed", Minor, "Stripe answers as of another version"),
            Self::DescriptionChanged => ("description-changed", Patch, "only words"),
        }
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The operation or the model that it is about, by its Rust name.
    pub subject: String,
    /// The path on the wire inside it: `accounts.data.balance`; empty for all of it.
    pub path: String,
    /// The Rust item: `Session::client_secret`.
    pub item: String,
    /// What it was on the wire.
    pub was: Option<String>,
    /// What it is on the wire.
    pub is: Option<String>,
    /// What it was in Rust.
    pub rust_was: Option<String>,
    /// What it is in Rust.
    pub rust_is: Option<String>,
    /// Why it has its verdict.
    pub rule: Rule,
    /// The item it may have been renamed to or from: a guess, as its shape is the same.
    pub renamed: Option<String>,
}

impl Change {
    /// What it asks of the version.
    pub fn verdict(&self) -> Verdict {
        self.rule.verdict()
    }

    /// What a program notices on the wire.
    pub fn wire_effect(&self) -> String {
        let quoted = |text: &Option<String>| format!("`{}`", text.as_deref().unwrap_or_default());
        match (self.rule, &self.was, &self.is) {
            (Rule::DescriptionChanged, ..) => "none".to_owned(),
            (Rule::OptionalParameterAdded, ..) => "can be sent".to_owned(),
            (Rule::RequiredParameterAdded, ..) => "must be sent".to_owned(),
            (Rule::ParameterRemoved, ..) => "is no longer taken".to_owned(),
            (Rule::FieldAdded, ..) => "can be in an answer".to_owned(),
            (Rule::FieldRemoved, ..) => "is no longer in an answer".to_owned(),
            (Rule::ParameterLifetimeChanged, ..) => "none".to_owned(),
            (_, Some(_), Some(_)) => format!("{} becomes {}", quoted(&self.was), quoted(&self.is)),
            (_, None, Some(_)) => format!("{} is new", quoted(&self.is)),
            (_, Some(_), None) => format!("{} is gone", quoted(&self.was)),
            (_, None, None) => "none".to_owned(),
        }
    }
}

/// All that changed, the most severe first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes.
    pub changes: Vec<Change>,
}

impl Changes {
    /// The verdict on all of them; none where nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes.iter().map(Change::verdict).max()
    }
}

/// Compares two APIs.
pub fn diff(old: &Api, new: &Api) -> Changes {
    let mut diff = Diff { old, new, changes: Vec::new() };
    if old.version != new.version {
        let (was, is) = (Some(old.version.clone()), Some(new.version.clone()));
        // A version that cannot be sent has no constant.
        let rule = match (old.pinned, new.pinned) {
            (true, false) => Rule::ItemRemoved,
            (false, true) => Rule::ItemAdded,
            _ => Rule::VersionChanged,
        };
        let side = |api: &Api| api.pinned.then(|| format!("const API_VERSION: &str = {:?}", api.version));
        diff.push("API_VERSION", "", "API_VERSION", (was, is), (side(old), side(new)), rule);
    }
    diff.operations();
    diff.models();
    diff.enums();
    diff.references();
    let mut changes = diff.changes;
    guess_renames(&mut changes);
    changes.sort_by_key(|change| {
        let order = if change.rule == Rule::VersionChanged { 0 } else { 1 };
        (std::cmp::Reverse(change.verdict()), order, change.subject.clone(), change.path.clone(), change.rule)
    });
    Changes { changes }
}

type Sides = (Option<String>, Option<String>);

struct Diff<'a> {
    old: &'a Api,
    new: &'a Api,
    changes: Vec<Change>,
}

/// Parameters of an operation, or inside one of them.
struct Level<'a> {
    operation: &'a str,
    path: String,
    item: &'a str,
}

impl Diff<'_> {
    fn push(&mut self, subject: &str, path: &str, item: &str, wire: Sides, rust: Sides, rule: Rule) {
        self.changes.push(Change {
            subject: subject.to_owned(),
            path: path.to_owned(),
            item: item.to_owned(),
            was: wire.0,
            is: wire.1,
            rust_was: rust.0,
            rust_is: rust.1,
            rule,
            renamed: None,
        });
    }

    /// An item that only one side has.
    fn item(&mut self, kind: &str, name: &str, wire: &str, old: bool) {
        let (wire, rust) = (Some(wire.to_owned()), Some(format!("{kind} {name}")));
        match old {
            true => self.push(name, "", name, (wire, None), (rust, None), Rule::ItemRemoved),
            false => self.push(name, "", name, (None, wire), (None, rust), Rule::ItemAdded),
        }
    }

    /// Words are not shown: they may be long, and nobody acts on them.
    fn docs(&mut self, subject: &str, path: &str, item: &str, old: &str, new: &str) {
        if old != new {
            self.push(subject, path, item, (None, None), (None, None), Rule::DescriptionChanged);
        }
    }

    fn operations(&mut self) {
        let wire =
            |operation: &Operation| format!("{} {}", operation.verb.method().to_ascii_uppercase(), operation.path);
        for (name, sides) in pair(&self.old.operations, &self.new.operations, |operation| &operation.name) {
            let (old, new) = match sides {
                (Some(old), Some(new)) => (old, new),
                (Some(old), None) => {
                    self.item("struct", name, &wire(old), true);
                    continue;
                }
                (_, Some(new)) => {
                    self.item("struct", name, &wire(new), false);
                    continue;
                }
                (None, None) => continue,
            };
            self.docs(name, "", name, &old.docs, &new.docs);
            if wire(old) != wire(new) {
                let sides = (Some(wire(old)), Some(wire(new)));
                self.push(name, "", &format!("{name}::PATH"), sides.clone(), sides, Rule::PathChanged);
            }
            if old.output != new.output || old.error != new.error {
                let side = |operation: &Operation| Some(format!("{} or {}", operation.output, operation.error));
                let sides = (side(old), side(new));
                self.push(name, "", &format!("{name}::Output"), sides.clone(), sides, Rule::OutputChanged);
            }
            let level = Level { operation: name, path: String::new(), item: name };
            self.segments(&level, &old.path_params, &new.path_params);
            self.params(&level, &old.params, &new.params);
        }
    }

    /// The parameters of a path go by their order: their names are only those of arguments.
    fn segments(&mut self, level: &Level<'_>, old: &[Field], new: &[Field]) {
        for (old, new) in old.iter().zip(new) {
            let was = (shape(self.old, old), emit::signature(self.old, level.item, old));
            let is = (shape(self.new, new), emit::signature(self.new, level.item, new));
            if old.ty != new.ty {
                let (wire, rust) = ((Some(was.0), Some(is.0)), (Some(was.1), Some(is.1)));
                let item = format!("{}::new", level.item);
                self.push(level.operation, &new.wire, &item, wire, rust, Rule::ParameterTypeChanged);
            }
            self.docs(level.operation, &new.wire, level.item, &old.docs, &new.docs);
        }
    }

    fn params(&mut self, level: &Level<'_>, old: &[Field], new: &[Field]) {
        let borrows = (self.old.any_borrows(old), self.new.any_borrows(new));
        if borrows.0 != borrows.1 {
            let side = |borrows| Some(format!("struct {}{}", level.item, if borrows { "<'a>" } else { "" }));
            let rust = (side(borrows.0), side(borrows.1));
            self.push(level.operation, &level.path, level.item, (None, None), rust, Rule::ParameterLifetimeChanged);
        }
        for (wire, sides) in pair(old, new, |field| &field.wire) {
            let path = join(&level.path, wire);
            let (old_api, new_api) = (self.old, self.new);
            let was = sides.0.map(|field| (shape(old_api, field), emit::signature(old_api, level.item, field)));
            let is = sides.1.map(|field| (shape(new_api, field), emit::signature(new_api, level.item, field)));
            let item = |field: &Field| format!("{}::{}", level.item, if field.required { "new" } else { &field.name });
            match (sides, was, is) {
                ((None, Some(field)), _, Some((wire, rust))) => {
                    let rule = if field.required { Rule::RequiredParameterAdded } else { Rule::OptionalParameterAdded };
                    self.push(level.operation, &path, &item(field), (None, Some(wire)), (None, Some(rust)), rule);
                }
                ((Some(field), None), Some((wire, rust)), _) => {
                    let rule = Rule::ParameterRemoved;
                    self.push(level.operation, &path, &item(field), (Some(wire), None), (Some(rust), None), rule);
                }
                ((Some(a), Some(b)), Some(was), Some(is)) => self.param(level, &path, (a, b), was, is, &item(b)),
                _ => {}
            }
        }
    }

    fn param(
        &mut self,
        level: &Level<'_>,
        path: &str,
        (old, new): (&Field, &Field),
        was: (String, String),
        is: (String, String),
        item: &str,
    ) {
        let (wire, rust) = ((Some(was.0), Some(is.0)), (Some(was.1), Some(is.1)));
        if old.required != new.required {
            self.push(level.operation, path, item, wire, rust, Rule::ParameterRequirednessChanged);
        } else if old.name != new.name || !same_type(self.old, self.new, &old.ty, &new.ty) {
            self.push(level.operation, path, item, wire, rust, Rule::ParameterTypeChanged);
        }
        self.limits(level.operation, path, item, old, new);
        self.docs(level.operation, path, item, &old.docs, &new.docs);
        if let (Some(a), Some(b)) = (nested(self.old, &old.ty), nested(self.new, &new.ty))
            && a.name == b.name
        {
            self.docs(level.operation, path, &a.name, &a.docs, &b.docs);
            let level = Level { operation: level.operation, path: path.to_owned(), item: &a.name };
            self.params(&level, &a.fields, &b.fields);
        }
    }

    fn limits(&mut self, subject: &str, path: &str, item: &str, old: &Field, new: &Field) {
        if old.max_length != new.max_length {
            let side = |field: &Field| field.max_length.map(|most| format!("at most {most} characters"));
            self.push(subject, path, item, (side(old), side(new)), (None, None), Rule::LimitChanged);
        }
        if old.pattern != new.pattern {
            let wire = (old.pattern.clone(), new.pattern.clone());
            self.push(subject, path, item, wire, (None, None), Rule::LimitChanged);
        }
    }

    fn models(&mut self) {
        let (old_paths, new_paths) = (wire_paths(self.old), wire_paths(self.new));
        for (name, sides) in pair(&self.old.models, &self.new.models, |model| &model.name) {
            match sides {
                (Some(old), None) => self.item("struct", name, &old.key, true),
                (None, Some(new)) => self.item("struct", name, &new.key, false),
                (Some(old), Some(new)) => {
                    let paths = if new_paths.contains_key(name) { &new_paths } else { &old_paths };
                    let (subject, path) = paths.get(name).cloned().unwrap_or((name.to_owned(), String::new()));
                    self.model(&subject, &path, old, new);
                }
                (None, None) => {}
            }
        }
    }

    fn model(&mut self, subject: &str, path: &str, old: &Model, new: &Model) {
        let name = &new.name;
        self.docs(subject, path, name, &old.docs, &new.docs);
        if old.object != new.object {
            let rule = if old.object.is_none() { Rule::ObjectAdded } else { Rule::ObjectChanged };
            let sides = (old.object.clone(), new.object.clone());
            self.push(subject, path, &format!("{name}::OBJECT"), sides.clone(), sides, rule);
        }
        if old.deletable != new.deletable {
            let side = |model: &Model| Some(if model.deletable { "may be deleted" } else { "stays" }.to_owned());
            self.push(subject, path, name, (side(old), side(new)), (None, None), Rule::DeletableChanged);
        }
        let (mut was, mut is) = (old.expandable.clone(), new.expandable.clone());
        was.sort();
        is.sort();
        if was != is {
            let sides = (Some(was.join(", ")), Some(is.join(", ")));
            self.push(subject, path, &format!("{name}::EXPANDABLE"), sides.clone(), sides, Rule::ExpandableSetChanged);
        }
        for (wire, sides) in pair(&old.fields, &new.fields, |field| &field.wire) {
            let path = join(path, wire);
            let item = |field: &Field| format!("{name}::{}", field.name);
            let was = sides.0.map(|field| (shape(self.old, field), emit::member(field)));
            let is = sides.1.map(|field| (shape(self.new, field), emit::member(field)));
            match (sides, was, is) {
                ((None, Some(field)), _, Some((wire, rust))) => {
                    self.push(subject, &path, &item(field), (None, Some(wire)), (None, Some(rust)), Rule::FieldAdded);
                }
                ((Some(field), None), Some((wire, rust)), _) => {
                    self.push(subject, &path, &item(field), (Some(wire), None), (Some(rust), None), Rule::FieldRemoved);
                }
                ((Some(old), Some(new)), Some(was), Some(is)) => {
                    if was.1 != is.1 {
                        let (wire, rust) = ((Some(was.0), Some(is.0)), (Some(was.1), Some(is.1)));
                        self.push(subject, &path, &item(new), wire, rust, Rule::FieldTypeChanged);
                    }
                    self.limits(subject, &path, &item(new), old, new);
                    self.docs(subject, &path, &item(new), &old.docs, &new.docs);
                }
                _ => {}
            }
        }
    }

    fn enums(&mut self) {
        for (name, sides) in pair(&self.old.enums, &self.new.enums, |shown| &shown.name) {
            let values = |shown: &Enum| shown.variants.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(" | ");
            match sides {
                (Some(old), None) => self.item("enum", name, &values(old), true),
                (None, Some(new)) => self.item("enum", name, &values(new), false),
                (Some(old), Some(new)) => self.values(old, new),
                (None, None) => {}
            }
        }
    }

    fn values(&mut self, old: &Enum, new: &Enum) {
        let name = &new.name;
        self.docs(name, "", name, &old.docs, &new.docs);
        for (value, sides) in pair(&old.variants, &new.variants, |variant| &variant.value) {
            match sides {
                (Some(old), Some(new)) if old.name == new.name => {
                    self.docs(name, value, &format!("{name}::{}", new.name), &old.docs, &new.docs);
                }
                (old, new) => {
                    if let Some(old) = old {
                        let item = format!("{name}::{}", old.name);
                        let sides = (Some(value.to_owned()), None);
                        self.push(name, value, &item, sides, (Some(old.name.clone()), None), Rule::ValueRemoved);
                    }
                    if let Some(new) = new {
                        let item = format!("{name}::{}", new.name);
                        let sides = (None, Some(value.to_owned()));
                        self.push(name, value, &item, sides, (None, Some(new.name.clone())), Rule::ValueAdded);
                    }
                }
            }
        }
    }

    fn references(&mut self) {
        for (name, sides) in pair(&self.old.references, &self.new.references, |reference| &reference.name) {
            match sides {
                (Some(old), None) => self.item("struct", name, &old.key, true),
                (None, Some(new)) => self.item("struct", name, &new.key, false),
                _ => {}
            }
        }
    }
}

/// Brings what two sides call the same together, in the order of the names.
fn pair<'a, T>(old: &'a [T], new: &'a [T], name: impl Fn(&'a T) -> &'a String) -> Vec<Pair<'a, T>> {
    let mut pairs: BTreeMap<&'a str, (Option<&'a T>, Option<&'a T>)> = BTreeMap::new();
    for item in old {
        pairs.entry(name(item)).or_default().0 = Some(item);
    }
    for item in new {
        pairs.entry(name(item)).or_default().1 = Some(item);
    }
    pairs.into_iter().collect()
}

/// A name, and what each side calls so.
type Pair<'a, T> = (&'a str, (Option<&'a T>, Option<&'a T>));

fn join(path: &str, wire: &str) -> String {
    if path.is_empty() { wire.to_owned() } else { format!("{path}.{wire}") }
}

/// What a field is on the wire, in a word or two.
fn shape(api: &Api, field: &Field) -> String {
    let mut text = type_shape(api, &field.ty);
    if field.nullable {
        text.push_str(" or null");
    }
    format!("{text}, {}", if field.required { "required" } else { "optional" })
}

pub(crate) fn type_shape(api: &Api, ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Timestamp => "unix-time".to_owned(),
        Type::Amounts => "map of integer".to_owned(),
        Type::Json => "any JSON".to_owned(),
        Type::Opaque => "object of several kinds".to_owned(),
        Type::Deleted => "deleted object".to_owned(),
        Type::Id(_) => "string, an id".to_owned(),
        Type::Enum(name) => match api.enums.iter().find(|shown| shown.name == *name) {
            Some(shown) => shown.variants.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(" | "),
            None => "string".to_owned(),
        },
        Type::Model(name) => api.model(name).map_or("object", |model| &model.key).to_owned(),
        Type::Reference(name) => match api.references.iter().find(|reference| reference.name == *name) {
            Some(reference) => reference.key.clone(),
            None => "object".to_owned(),
        },
        Type::Params(_) => "object".to_owned(),
        Type::Array(inner) => format!("array of {}", type_shape(api, inner)),
        Type::List(inner) => format!("list of {}", type_shape(api, inner)),
        Type::Map(inner) => format!("map of {}", type_shape(api, inner)),
        Type::Clearable(inner) => format!("{} or \"\"", type_shape(api, inner)),
        Type::Expandable(inner) => format!("id or {}", type_shape(api, inner)),
    }
}

/// Whether a parameter takes the same as before. That of a type by name is told where the name's own parts are compared.
fn same_type(old: &Api, new: &Api, a: &Type, b: &Type) -> bool {
    a == b && old.borrows(a) == new.borrows(b) || matches!((a, b), (Type::Params(a), Type::Params(b)) if a == b)
}

/// The nested parameters that a type holds.
fn nested<'a>(api: &'a Api, ty: &Type) -> Option<&'a crate::ir::Params> {
    ty.parts().find_map(|part| match part {
        Type::Params(name) => api.params(name),
        _ => None,
    })
}

/// Where each model first stands in an answer: what answers, and the path inside it.
fn wire_paths(api: &Api) -> BTreeMap<String, (String, String)> {
    let mut paths: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut pending = std::collections::VecDeque::new();
    for operation in &api.operations {
        for root in [&operation.output, &operation.error] {
            pending.push_back((root.clone(), (root.clone(), String::new())));
        }
    }
    while let Some((name, place)) = pending.pop_front() {
        if paths.contains_key(&name) {
            continue;
        }
        for field in api.model(&name).into_iter().flat_map(|model| &model.fields) {
            let mut path = join(&place.1, &field.wire);
            for part in field.ty.parts() {
                match part {
                    Type::List(_) => path.push_str(".data"),
                    Type::Model(inner) => pending.push_back((inner.clone(), (place.0.clone(), path.clone()))),
                    _ => {}
                }
            }
        }
        paths.insert(name, place);
    }
    paths
}

/// Where one thing went and one of the same shape came, in the same place, it may have been renamed.
fn guess_renames(changes: &mut [Change]) {
    let place = |change: &Change| {
        let parent = change.path.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned();
        (change.subject.clone(), parent)
    };
    // The Rust side has the name in it; what is left of it is the shape.
    let kind = |change: &Change| match change.rule {
        Rule::FieldAdded | Rule::FieldRemoved => Some(0),
        Rule::OptionalParameterAdded | Rule::RequiredParameterAdded | Rule::ParameterRemoved => Some(1),
        _ => None,
    };
    let mut matches = Vec::new();
    for (i, gone) in changes.iter().enumerate().filter(|(_, change)| change.was.is_some() && change.is.is_none()) {
        let same = |come: &Change| {
            come.was.is_none()
                && come.is == gone.was
                && kind(come).is_some()
                && kind(come) == kind(gone)
                && place(come) == place(gone)
        };
        let candidates: Vec<_> = (0..changes.len()).filter(|j| same(&changes[*j])).collect();
        let rivals = changes.iter().filter(|other| {
            other.is.is_none() && other.was == gone.was && kind(other) == kind(gone) && place(other) == place(gone)
        });
        if let ([j], 1) = (candidates.as_slice(), rivals.count()) {
            matches.push((i, *j));
        }
    }
    for (gone, come) in matches {
        let (from, to) = (changes[gone].path.clone(), changes[come].path.clone());
        changes[gone].renamed = Some(to);
        changes[come].renamed = Some(from);
    }
}

/// Returns the version that follows `current`, by Cargo's rules, which also cover versions below 1.0.0.
pub fn next_version(current: &Version, verdict: Option<Verdict>) -> Version {
    let Some(verdict) = verdict else { return current.clone() };
    let Version { major, minor, patch, .. } = *current;
    match (verdict, major, minor) {
        (_, 0, 0) => Version::new(0, 0, patch + 1),
        (Verdict::Major, 0, _) => Version::new(0, minor + 1, 0),
        (_, 0, _) => Version::new(0, minor, patch + 1),
        (Verdict::Major, ..) => Version::new(major + 1, 0, 0),
        (Verdict::Minor, ..) => Version::new(major, minor + 1, 0),
        (Verdict::Patch, ..) => Version::new(major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_cargo() {
        use Verdict::{Major, Minor, Patch};
        for (current, verdict, next) in [
            ("1.2.3", None, "1.2.3"),
            ("1.2.3", Some(Patch), "1.2.4"),
            ("1.2.3", Some(Minor), "1.3.0"),
            ("1.2.3", Some(Major), "2.0.0"),
            ("0.1.2", Some(Patch), "0.1.3"),
            ("0.1.2", Some(Minor), "0.1.3"),
            ("0.1.2", Some(Major), "0.2.0"),
            ("0.0.2", Some(Major), "0.0.3"),
        ] {
            let version = Version::parse(current).unwrap();
            assert_eq!(next_version(&version, verdict).to_string(), next, "{current} {verdict:?}");
        }
    }
}
