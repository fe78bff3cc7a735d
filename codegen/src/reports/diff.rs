//! What a change of the document means: on the wire, in Rust, and for the version.
//!
//! Two [`Api`]s are compared by their names on the wire and by their types, never by text: neither order nor
//! descriptions nor anything that is not selected makes a difference of more than a patch. Every change carries the rule
//! that its verdict follows from.

mod availability;
mod models;
mod operations;
mod renames;
mod rules;
mod secrecy;
mod sharing;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

pub use self::renames::{Rename, renames};
pub use self::rules::{Rule, Verdict};
pub use self::sharing::{Shared, shareable};

use crate::ir::describe;
use crate::ir::describe::paths::{Place, places};
use crate::ir::{Api, Facts, Field, Named, Origin};
use crate::rust::spelling;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The operation or the type that it is about, by its Rust name.
    pub subject: String,
    /// The path on the wire inside the subject, such as `accounts.data.balance`; empty for all of it.
    pub path: String,
    /// The Rust item, such as `Session::client_secret`.
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
    /// The path or the item that it may have been renamed to, or from. This is a guess.
    pub renamed: Option<String>,
    /// What the guess is based on.
    pub rename_reason: Option<String>,
}

impl Change {
    /// What the change requires of the version.
    pub fn verdict(&self) -> Verdict {
        self.rule.verdict()
    }

    /// What a program notices on the wire.
    pub fn wire_effect(&self) -> String {
        match (self.rule, &self.was, &self.is) {
            (rule, ..) if rule.is_only_in_rust() => "none".to_owned(),
            (Rule::OptionalParameterAdded, ..) => "can be sent".to_owned(),
            (Rule::RequiredParameterAdded, ..) => "must be sent".to_owned(),
            (Rule::ParameterRemoved, ..) => "is no longer accepted".to_owned(),
            (Rule::FieldAdded, ..) => "can be in a response".to_owned(),
            (Rule::RequiredFieldAdded, ..) => "must be in a response".to_owned(),
            (Rule::FieldRemoved, ..) => "is no longer in a response".to_owned(),
            (_, Some(was), Some(is)) => format!("`{was}` becomes `{is}`"),
            (_, None, Some(is)) => format!("`{is}` is new"),
            (_, Some(was), None) => format!("`{was}` is gone"),
            (_, None, None) => "none".to_owned(),
        }
    }
}

/// All changes, in the order of the report: secrecy first, then the most severe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes.
    pub changes: Vec<Change>,
}

impl Changes {
    /// Puts changes, which may be those of several releases, into the order of the report.
    pub fn new(mut changes: Vec<Change>) -> Self {
        let first = |rule| match rule {
            Rule::SecrecyLost => 0,
            Rule::VersionChanged => 1,
            _ => 2,
        };
        changes.sort_by(|a, b| {
            let key = |change: &Change| (Reverse(change.verdict()), first(change.rule));
            let place =
                |change: &Change| (change.subject.clone(), change.path.clone(), change.rule, change.item.clone());
            key(a).cmp(&key(b)).then_with(|| place(a).cmp(&place(b)))
        });
        Self { changes }
    }

    /// The most severe verdict; none if nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes.iter().map(Change::verdict).max()
    }
}

/// Compares two APIs.
pub fn diff(old: &Api, new: &Api) -> Changes {
    let mut diff = Diff { old: Side::new(old), new: Side::new(new), changes: Vec::new() };
    diff.document();
    diff.items();
    diff.events();
    diff.features();
    diff.ids();
    let renames = renames::guess(old, new);
    renames::mark(&mut diff.changes, &renames);
    diff.secrecy(&renames);
    Changes::new(diff.changes)
}

/// What a change was and what it is.
type Sides = (Option<String>, Option<String>);

/// The module that the types of events are in.
pub(super) const WEBHOOK: &str = "webhook";

/// Neither side has anything to show.
const NOTHING: Sides = (None, None);

/// What each side has.
type Both<T> = (Option<T>, Option<T>);

/// Returns what each side has, in words.
fn sides<T>(both: Both<T>, words: impl Fn(T) -> String) -> Sides {
    (both.0.map(&words), both.1.map(&words))
}

/// The comparison while it is made.
struct Diff<'a> {
    old: Side<'a>,
    new: Side<'a>,
    changes: Vec<Change>,
}

struct Side<'a> {
    api: &'a Api,
    places: BTreeMap<&'a str, Place>,
}

impl<'a> Side<'a> {
    fn new(api: &'a Api) -> Self {
        Self { api, places: places(api) }
    }
}

#[derive(Clone, Debug)]
struct At {
    place: Place,
    item: String,
}

impl At {
    fn new(place: Place, item: impl Into<String>) -> Self {
        Self { place, item: item.into() }
    }

    fn item(name: &str) -> Self {
        Self::new(Place { root: name.to_owned(), path: String::new() }, name)
    }

    /// A member of the item that is nowhere else on the wire.
    fn member(&self, name: &str) -> Self {
        Self::new(self.place.clone(), format!("{}::{name}", self.item))
    }
}

impl<'a> Diff<'a> {
    fn push(&mut self, rule: Rule, at: &At, wire: Sides, rust: Sides) {
        self.changes.push(Change {
            subject: at.place.root.clone(),
            path: at.place.path.clone(),
            item: at.item.clone(),
            was: wire.0,
            is: wire.1,
            rust_was: rust.0,
            rust_is: rust.1,
            rule,
            renamed: None,
            rename_reason: None,
        });
    }

    /// Reports something that is the same on the wire and in Rust, if it changed.
    fn constant(&mut self, rule: Rule, at: &At, sides: Sides) {
        if sides.0 != sides.1 {
            self.push(rule, at, sides.clone(), sides);
        }
    }

    /// Reports a member that one side has not, by one of the rules for a new one and one that is gone. Returns what both have.
    fn on_both<T>(
        &mut self,
        [new, gone]: [Rule; 2],
        at: &At,
        both: Both<T>,
        wire: &Sides,
        rust: &Sides,
    ) -> Option<(T, T)> {
        let rule = match both {
            (Some(old), Some(new)) => return Some((old, new)),
            (None, _) => new,
            (_, None) => gone,
        };
        self.push(rule, at, wire.clone(), rust.clone());
        None
    }

    /// Returns what each side has, in words that depend on its API.
    fn words<T>(&self, both: Both<T>, words: impl Fn(&Api, T) -> String) -> Sides {
        (both.0.map(|old| words(self.old.api, old)), both.1.map(|new| words(self.new.api, new)))
    }

    /// Where an item is that both sides have: its first place on the wire.
    fn first(&self, name: &str) -> At {
        let place = self.new.places.get(name).or_else(|| self.old.places.get(name));
        place.map_or_else(|| At::item(name), |place| At::new(place.clone(), name))
    }

    /// Compares the items that both sides have, and reports the others. Parameters inside others are compared where they are.
    fn items(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let by_name = |api: &'a Api| {
            let items = api.items().filter(|item| !matches!(item, Named::Params(_)));
            items.map(|item| (item.name(), item)).collect::<BTreeMap<_, _>>().into_values()
        };
        let mut seen = BTreeSet::new();
        for item in by_name(old) {
            match (item, same_item(new, item)) {
                (Named::Model(old), Some(Named::Model(new))) => self.model(old, new),
                (Named::Union(old), Some(Named::Union(new))) => self.union(old, new),
                (Named::Enum(old), Some(Named::Enum(new))) => self.values(&new.name, old, new),
                (Named::Reference(old), Some(Named::Reference(new))) => self.reference(old, new),
                (Named::Operation(old), Some(Named::Operation(new))) => self.operation(old, new, &mut seen),
                _ => {
                    let wire = (Some(describe::item(old, item)), None);
                    self.push(Rule::ItemRemoved, &At::item(item.name()), wire, (Some(declarations(item)), None));
                }
            }
        }
        for item in by_name(new).filter(|item| same_item(old, *item).is_none()) {
            let (rule, at) = match item {
                Named::Reference(_) => (Rule::BoundaryReached, self.first(item.name())),
                _ => (Rule::ItemAdded, At::item(item.name())),
            };
            self.push(rule, &at, (None, Some(describe::item(new, item))), (None, Some(declarations(item))));
        }
    }

    /// Compares the types of events. A release that is not the first one has none of its own.
    fn events(&mut self) {
        let (Some(old), Some(new)) = (&self.old.api.events, &self.new.api.events) else { return };
        for (name, both) in pair(old, new, |item| &item.name) {
            let path = format!("{WEBHOOK}::{name}");
            // All of their values would be too many.
            let wire = sides(both, |item| format!("the types of {} events", item.variants.len()));
            let rust = sides(both, |item| declarations(Named::Enum(item)));
            if let Some((old, new)) =
                self.on_both([Rule::ItemAdded, Rule::ItemRemoved], &At::item(&path), both, &wire, &rust)
            {
                self.values(&path, old, new);
            }
        }
    }

    /// The facts that every item has. `before` is the number of changes before the item itself was compared: a note of the
    /// documentation that states one of them is not another change. Descriptions are not shown: they can be long.
    fn origin(&mut self, at: &At, old: &Origin, new: &Origin, before: usize) {
        let deprecated = || Some("deprecated".to_owned());
        match (old.is_deprecated, new.is_deprecated) {
            (false, true) => self.push(Rule::Deprecated, at, (None, deprecated()), NOTHING),
            (true, false) => self.push(Rule::DeprecationLifted, at, (deprecated(), None), NOTHING),
            _ => {}
        }
        self.facts(at, &old.facts, &new.facts, before);
        let is_reported = self.changes.len() > before;
        let is_described_alike = old.docs.text == new.docs.text && old.facts.prose == new.facts.prose;
        if !is_described_alike || old.docs.notes != new.docs.notes && !is_reported {
            self.push(Rule::DescriptionChanged, at, NOTHING, NOTHING);
        }
    }

    /// The facts that the types do not show. What the code is generated from is told if nothing else was since `before`.
    fn facts(&mut self, at: &At, old: &Facts, new: &Facts, before: usize) {
        let is_reported = self.changes.len() > before;
        let kinds = [(&old.checked, &new.checked), (&old.used, &new.used)];
        for (old, new) in kinds.into_iter().take(if is_reported { 1 } else { 2 }) {
            let paths: BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for path in paths.into_iter().filter(|path| old.get(*path) != new.get(*path)) {
                let words = |facts: &BTreeMap<String, String>| facts.get(path).map(|value| describe::fact(path, value));
                self.push(Rule::LimitChanged, at, (words(old), words(new)), NOTHING);
            }
        }
    }

    fn document(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        if old.version != new.version {
            let wire = (Some(old.version.text.clone()), Some(new.version.text.clone()));
            // A version that cannot be sent has no constant.
            let rule = match (old.version.is_pinned, new.version.is_pinned) {
                (true, false) => Rule::ItemRemoved,
                (false, true) => Rule::ItemAdded,
                _ => Rule::VersionChanged,
            };
            let constant =
                |api: &Api| api.version.is_pinned.then(|| format!("const API_VERSION: &str = {:?}", api.version.text));
            self.push(rule, &At::item("API_VERSION"), wire, (constant(old), constant(new)));
        }
        if old.base_url != new.base_url {
            let wire = (old.base_url.clone(), new.base_url.clone());
            self.push(Rule::BaseUrlChanged, &At::item("servers"), wire, NOTHING);
        }
        let before = self.changes.len();
        for (_, both) in pair(&old.security, &new.security, |scheme| scheme) {
            let wire = sides(both, Clone::clone);
            self.on_both([Rule::SecurityAdded, Rule::SecurityRemoved], &At::item("security"), both, &wire, &NOTHING);
        }
        // What refers to a component that only one side has says so.
        let (was, is) = (old.facts.shared(&new.facts), new.facts.shared(&old.facts));
        let at = At::item("document");
        self.facts(&at, &was, &is, before);
        if was.prose != is.prose {
            self.push(Rule::DescriptionChanged, &at, NOTHING, NOTHING);
        }
    }
}

fn same_item<'a>(api: &'a Api, item: Named<'_>) -> Option<Named<'a>> {
    api.named(item.name()).filter(|other| is_same_kind(*other, item))
}

fn is_same_kind(a: Named<'_>, b: Named<'_>) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
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

/// A name and what each side has under it.
type Pair<'a, T> = (&'a str, Both<&'a T>);

/// Brings together what two sides have under one name, in the order of the names.
fn pair<'a, T>(old: &'a [T], new: &'a [T], name: impl Fn(&'a T) -> &'a String) -> Vec<Pair<'a, T>> {
    let mut pairs: BTreeMap<&'a str, Both<&'a T>> = BTreeMap::new();
    for item in old {
        pairs.entry(name(item)).or_default().0 = Some(item);
    }
    for item in new {
        pairs.entry(name(item)).or_default().1 = Some(item);
    }
    pairs.into_iter().collect()
}

/// Brings together the fields of two sides: by their names on the wire, then by their names in Rust, which a row may have kept.
fn pair_fields<'a>(old: &'a [Field], new: &'a [Field]) -> Vec<Both<&'a Field>> {
    let same_wire = |fields: &'a [Field], field: &Field| fields.iter().find(|other| other.wire == field.wire);
    let counterpart = |field: &Field| {
        let is_renamed = |other: &&Field| other.name == field.name && same_wire(old, other).is_none();
        same_wire(new, field).or_else(|| new.iter().find(is_renamed))
    };
    let mut pairs: Vec<_> = old.iter().map(|field| (Some(field), counterpart(field))).collect();
    let paired: BTreeSet<_> = pairs.iter().filter_map(|(_, new)| new.map(|new| &new.wire)).collect();
    pairs.extend(new.iter().filter(|field| !paired.contains(&field.wire)).map(|field| (None, Some(field))));
    pairs
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
