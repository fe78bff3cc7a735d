//! Finds what a query names, and the nearest names if it names nothing.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use crate::ir::describe::paths::{Place, join, places};
use crate::ir::{Alternative, Api, Enum, Field, Named, Origin, Type, Union, Variant};

/// Something that can be explained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject<'a> {
    Item(Named<'a>),
    Field(Named<'a>, &'a Field),
    Variant(&'a Enum, &'a Variant),
    Alternative(&'a Union, &'a Alternative),
    Id(&'a str, Named<'a>),
}

impl<'a> Subject<'a> {
    /// The item that it is or is in.
    pub(super) fn owner(self) -> Named<'a> {
        match self {
            Self::Item(owner) | Self::Field(owner, _) | Self::Id(_, owner) => owner,
            Self::Variant(owner, _) => Named::Enum(owner),
            Self::Alternative(owner, _) => Named::Union(owner),
        }
    }

    pub(super) fn origin(self) -> Option<&'a Origin> {
        match self {
            Self::Item(item) => Some(item.origin()),
            Self::Field(_, field) => Some(&field.origin),
            Self::Variant(_, variant) => Some(&variant.origin),
            Self::Alternative(..) | Self::Id(..) => None,
        }
    }

    pub(super) fn rust(self) -> String {
        match self {
            Self::Item(item) => item.name().to_owned(),
            Self::Field(owner, field) => format!("{}::{}", owner.name(), field.name),
            Self::Variant(owner, variant) => format!("{}::{}", owner.name, variant.name),
            Self::Alternative(owner, alternative) => format!("{}::{}", owner.name, alternative.name),
            Self::Id(id, _) => id.to_owned(),
        }
    }

    /// Whether a query is its name in Rust, its place as the configuration spells it, or the id or the path of an operation.
    fn is_called(self, query: &str) -> bool {
        let is_operation = match self {
            Self::Item(Named::Operation(one)) => one.id == query || one.path == query,
            _ => false,
        };
        is_operation || self.rust() == query || self.origin().is_some_and(|origin| origin.place == query)
    }

    /// The name on the wire, without the path to it.
    fn wire(self) -> Option<String> {
        match self {
            Self::Item(item) => Some(item.name().to_snake_case()),
            Self::Field(_, field) => Some(field.wire.clone()),
            Self::Variant(_, variant) => Some(variant.value.clone()),
            Self::Alternative(..) | Self::Id(..) => None,
        }
    }
}

/// Everything that can be explained: each item before what it has.
fn subjects(api: &Api) -> Vec<Subject<'_>> {
    let mut subjects = Vec::new();
    let events = api.events.iter().flatten().map(Named::Enum);
    for item in api.items().chain(events) {
        subjects.push(Subject::Item(item));
        match item {
            Named::Enum(owner) => {
                subjects.extend(owner.variants.iter().map(|variant| Subject::Variant(owner, variant)));
            }
            Named::Union(owner) => {
                let alternatives = owner.alternatives.iter();
                subjects.extend(alternatives.map(|alternative| Subject::Alternative(owner, alternative)));
            }
            _ => subjects.extend(item.fields().map(|field| Subject::Field(item, field))),
        }
    }
    subjects.extend(api.ids_held().into_iter().map(|(id, owner)| Subject::Id(id, owner)));
    subjects
}

/// What a query names, without repetition.
pub(super) fn find<'a>(api: &'a Api, query: &str) -> Vec<Subject<'a>> {
    let subjects = subjects(api);
    let mut matches = pointer(query).map_or_else(Vec::new, |pointer| by_pointer(&subjects, pointer));
    if matches.is_empty() {
        matches = by_name(api, &subjects, query);
    }
    super::unique(matches)
}

/// Returns the JSON pointer that a query is, which the name of a document can be before.
fn pointer(query: &str) -> Option<&str> {
    query.split_once('#').map(|(_, pointer)| pointer).or(query.starts_with('/').then_some(query))
}

fn by_pointer<'a>(subjects: &[Subject<'a>], pointer: &str) -> Vec<Subject<'a>> {
    let pointer = pointer.trim_end_matches('/');
    let at = |subject: Subject<'a>| subject.origin().map_or("", |origin| origin.pointer.as_str());
    let encloses = |outer: &str, inner: &str| {
        !outer.is_empty() && inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let enclosing = subjects.iter().filter(|subject| encloses(at(**subject), pointer));
    let longest = enclosing.clone().map(|subject| at(*subject).len()).max();
    let matches: Vec<_> = enclosing.filter(|subject| Some(at(**subject).len()) == longest).copied().collect();
    if !matches.is_empty() || !pointer.starts_with("/paths/") {
        return matches;
    }
    // A path item is not an item itself. Its operations are.
    let operations = subjects.iter().filter(|subject| matches!(subject, Subject::Item(Named::Operation(_))));
    operations.filter(|subject| encloses(pointer, at(**subject))).copied().collect()
}

/// What has a name, and what is at a path on the wire: from an item, or else from any field, or a value.
fn by_name<'a>(api: &'a Api, subjects: &[Subject<'a>], query: &str) -> Vec<Subject<'a>> {
    let named = subjects.iter().filter(|subject| subject.is_called(query)).copied();
    let segments = segments(query);
    let Some((first, rest)) = segments.split_first() else { return named.collect() };
    let items = subjects.iter().filter(|subject| matches!(subject, Subject::Item(_)));
    let is_root = |item: &&Subject<'_>| item.rust() == *first || item.wire().as_ref() == Some(first);
    let mut matches: Vec<_> = items.clone().filter(is_root).flat_map(|root| walk(api, *root, rest)).collect();
    for item in items {
        let key = item.origin().map_or("", |origin| origin.place.as_str());
        if let Some(inside) = query.strip_prefix(key).and_then(|rest| rest.strip_prefix(['.', '['])) {
            matches.extend(walk(api, *item, &self::segments(inside)));
        }
    }
    if matches.is_empty() || rest.is_empty() {
        let fields = subjects.iter().filter(|subject| matches!(subject, Subject::Field(..)));
        let starts = fields.filter(|subject| subject.wire().as_ref() == Some(first));
        matches.extend(starts.flat_map(|start| walk(api, *start, rest)));
        let values = subjects.iter().filter(|subject| matches!(subject, Subject::Variant(..)));
        matches.extend(values.filter(|subject| subject.wire().as_deref() == Some(query)));
    }
    // A value is the least likely to be meant.
    let mut matches: Vec<_> = named.chain(matches).collect();
    matches.sort_by_key(|subject| matches!(subject, Subject::Variant(..)));
    matches
}

/// The segments of a path with dots, brackets or colons. The index of an element is not one.
fn segments(path: &str) -> Vec<String> {
    let segments = path.split(['.', '[', ']', ':']);
    let is_name = |segment: &&str| !segment.is_empty() && !segment.bytes().all(|byte| byte.is_ascii_digit());
    segments.filter(is_name).map(str::to_owned).collect()
}

/// What `diff` names of an item that the document does not: items of one kind have it.
const IN_EVERY_ITEM: [&str; 6] = ["new", "OBJECT", "EXPANDABLE", "PATH", "BASE_URL", "Output"];

fn walk<'a>(api: &'a Api, from: Subject<'a>, path: &[String]) -> Vec<Subject<'a>> {
    let Some((first, rest)) = path.split_first() else { return vec![from] };
    match from {
        Subject::Item(Named::Enum(owner)) => {
            // A value can have dots in it.
            let value = path.join(".");
            let variants = owner.variants.iter().filter(|variant| variant.value == value || variant.name == value);
            variants.map(|variant| Subject::Variant(owner, variant)).collect()
        }
        Subject::Item(Named::Union(union)) => {
            let types = union.alternatives.iter().filter_map(|alternative| api.named(alternative.ty.name()?));
            let types = types.filter(|item| !matches!(item, Named::Union(_)));
            types.flat_map(|item| walk(api, Subject::Item(item), path)).collect()
        }
        Subject::Item(item) => {
            let fields = item.fields().filter(|field| field.wire == *first || field.name == *first);
            let mut matches: Vec<_> = fields.flat_map(|field| walk(api, Subject::Field(item, field), rest)).collect();
            // What every item of its kind has explains the item.
            if matches.is_empty() && rest.is_empty() && IN_EVERY_ITEM.contains(&first.as_str()) {
                matches.push(from);
            }
            matches
        }
        Subject::Field(_, field) => {
            let mut path = path;
            for layer in field.ty.layers() {
                let is_inside = match layer {
                    // The page of a list is not a type of its own, and neither is a map with any keys.
                    layer if layer.is_page() => path.first().is_some_and(|segment| segment == "data"),
                    Type::Map(_) => true,
                    _ => false,
                };
                path = if is_inside { path.get(1..).unwrap_or_default() } else { path };
            }
            if path.is_empty() {
                return vec![from];
            }
            let item = field.ty.name().and_then(|name| api.named(name));
            item.map(|item| walk(api, Subject::Item(item), path)).unwrap_or_default()
        }
        Subject::Variant(..) | Subject::Alternative(..) | Subject::Id(..) => Vec::new(),
    }
}

/// What a name is by its form.
#[derive(PartialEq)]
enum Kind {
    Pointer,
    RustItem,
    RustMember,
    Path,
    Word,
}

fn kind(name: &str) -> Kind {
    match name {
        _ if name.starts_with('/') => Kind::Pointer,
        _ if name.contains("::") => Kind::RustMember,
        _ if name.contains(['.', '[']) => Kind::Path,
        _ if name.starts_with(char::is_uppercase) => Kind::RustItem,
        _ if segments(name).len() > 1 => Kind::Path,
        _ => Kind::Word,
    }
}

/// The five names of the same kind that are nearest to a query.
pub(super) fn nearest(api: &Api, query: &str) -> Vec<String> {
    // A path on the wire can begin with the name of a type in Rust.
    let on_the_wire = query.find(['.', '[']).map(|end| query[..end].to_snake_case() + &query[end..]);
    let query = pointer(query).or(on_the_wire.as_deref()).unwrap_or(query);
    let places = places(api);
    let mut names = BTreeSet::new();
    for subject in subjects(api) {
        names.insert(subject.rust());
        names.extend(subject.wire());
        names.extend(subject.origin().into_iter().flat_map(|at| [at.place.clone(), at.pointer.as_str().to_owned()]));
        let path = wire_path(&places, subject).filter(|place| !place.path.is_empty()).into_iter();
        names.extend(path.flat_map(|place| [join(&place.root.to_snake_case(), &place.path), place.path]));
        // A path can start from any item.
        let member = subject.wire().filter(|_| !matches!(subject, Subject::Item(_)));
        names.extend(member.map(|wire| join(&subject.owner().name().to_snake_case(), &wire)));
    }
    names.remove("");
    let of_kind = names.into_iter().filter(|name| kind(name) == kind(query));
    let mut scored: Vec<_> = of_kind.map(|name| (strsim::jaro_winkler(query, &name), name)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().take(5).map(|(_, name)| name).collect()
}

fn wire_path(places: &BTreeMap<&str, Place>, subject: Subject<'_>) -> Option<Place> {
    let place = places.get(subject.owner().name())?;
    Some(match subject {
        Subject::Item(_) => place.clone(),
        member => place.child(&member.wire()?),
    })
}
