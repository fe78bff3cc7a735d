//! What a change of the document means: on the wire, in Rust, and for the version.
//!
//! Two [`Api`]s are compared by their names on the wire and by their types, never by text: neither order nor
//! descriptions nor anything that is not selected makes a difference of more than a patch. Every change carries the rule
//! that its verdict follows from.

mod availability;
mod parts;
mod renames;
mod rules;
mod secrecy;
mod sharing;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use semver::Version;

use self::parts::{Fact, Part, Value};
pub use self::renames::{Rename, renames};
pub use self::rules::{Rule, Verdict};
pub use self::sharing::{Shared, shareable};
use crate::ir::describe::paths::{Place, places};
use crate::ir::{Api, Enum, Field, Named, Origin};
use crate::rust::spelling;

/// How something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// On the wire.
    pub wire: Option<String>,
    /// In Rust.
    pub rust: Option<String>,
}

impl Words {
    fn new(wire: impl Into<String>, rust: impl Into<String>) -> Self {
        Self { wire: Some(wire.into()), rust: Some(rust.into()) }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The operation or the type that it is about, by its Rust name.
    pub subject: String,
    /// The path on the wire inside the subject, such as `accounts.data.balance`; empty for all of it.
    pub path: String,
    /// The Rust item, such as `Session::client_secret`.
    pub item: String,
    /// What it was.
    pub was: Words,
    /// What it is.
    pub is: Words,
    /// Why it has its verdict.
    pub rule: Rule,
    /// What it may have been renamed to, or from.
    pub guess: Option<Guess>,
}

/// A guess of a rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The path or the item that it may have been renamed to, or from.
    pub renamed: String,
    /// What the guess is based on.
    pub reason: String,
}

impl Guess {
    fn new(renamed: &str, reason: &str) -> Self {
        Self { renamed: renamed.to_owned(), reason: reason.to_owned() }
    }
}

impl Change {
    /// What the change requires of the version.
    pub fn verdict(&self) -> Verdict {
        self.rule.verdict()
    }

    /// What a program notices on the wire.
    pub fn wire_effect(&self) -> String {
        match (self.rule, &self.was.wire, &self.is.wire) {
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
    let mut diff = Diff::new(old, new);
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

/// The module that the types of events are in.
pub(super) const WEBHOOK: &str = "webhook";

/// What each side has.
type Both<T> = (Option<T>, Option<T>);

/// The comparison while it is made.
struct Diff<'a> {
    old: Side<'a>,
    new: Side<'a>,
    changes: Vec<Change>,
    /// What seems renamed: the item, and its field before and now.
    renamed: Vec<(String, Field, Field)>,
}

struct Side<'a> {
    api: &'a Api,
    places: BTreeMap<&'a str, Place>,
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

    /// A member of the item: `segment` is its part of the path on the wire, and empty if it is nowhere else.
    fn member(&self, segment: &str, name: &str) -> Self {
        let place = if segment.is_empty() { self.place.clone() } else { self.place.child(segment) };
        Self::new(place, format!("{}::{name}", self.item))
    }
}

impl<'a> Diff<'a> {
    fn new(old: &'a Api, new: &'a Api) -> Self {
        let side = |api| Side { api, places: places(api) };
        Self { old: side(old), new: side(new), changes: Vec::new(), renamed: Vec::new() }
    }

    fn push(&mut self, rule: Rule, at: &At, was: Words, is: Words) {
        let At { place, item } = at.clone();
        self.changes.push(Change { subject: place.root, path: place.path, item, was, is, rule, guess: None });
    }

    /// The first place on the wire of an item that both sides have.
    fn first(&self, name: &str) -> At {
        let place = self.new.places.get(name).or_else(|| self.old.places.get(name));
        place.map_or_else(|| At::item(name), |place| At::new(place.clone(), name))
    }

    /// Compares the items. Parameters inside others that only one side has are part of the type of what holds them.
    fn items(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let come = new.items().filter(|item| same_item(old, *item).is_none());
        let pairs = old.items().map(|item| (Some(item), same_item(new, item)));
        for both in pairs.chain(come.map(|item| (None, Some(item)))) {
            let at = match both {
                (None, Some(Named::Params(_))) | (Some(Named::Params(_)), None) | (None, None) => continue,
                (Some(_), Some(Named::Enum(item))) => At::item(&item.name),
                (Some(_), Some(item)) | (None, Some(item @ Named::Reference(_))) => self.first(item.name()),
                (Some(item), None) | (None, Some(item)) => At::item(item.name()),
            };
            let parts = (both.0.map(|item| Part::item(old, item)), both.1.map(|item| Part::item(new, item)));
            self.both(&at, (parts.0.as_ref(), parts.1.as_ref()));
        }
    }

    /// Compares the types of events. A release that is not the first one has none of its own.
    fn events(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let (Some(was), Some(is)) = (&old.events, &new.events) else { return };
        for (name, both) in pair(was, is, |item| &item.name) {
            let part = |api: &Api, item: &'a Enum| {
                let mut part = Part::item(api, Named::Enum(item));
                // All of their values would be too many.
                part.shape[0].words.wire = Some(format!("the types of {} events", part.members.len()));
                part
            };
            let parts = (both.0.map(|item| part(old, item)), both.1.map(|item| part(new, item)));
            self.both(&At::item(&format!("{WEBHOOK}::{name}")), (parts.0.as_ref(), parts.1.as_ref()));
        }
    }

    /// Compares a part that both sides have, or reports one that only one side has.
    fn both(&mut self, at: &At, both: Both<&Part<'_>>) {
        match both {
            (Some(old), Some(new)) => self.part(at, old, new),
            (old, new) => self.fact(at, old.and_then(|old| old.shape.first()), new.and_then(|new| new.shape.first())),
        }
    }

    fn part(&mut self, at: &At, old: &Part<'_>, new: &Part<'_>) {
        let before = self.changes.len();
        if let Some((old, new)) = old.shape.iter().zip(&new.shape).find(|(old, new)| old.value != new.value) {
            self.fact(at, Some(old), Some(new));
        }
        self.facts(at, &old.facts, &new.facts);
        // A description or a limit does not tell it.
        let is_beside = |change: &Change| matches!(change.rule, Rule::DescriptionChanged | Rule::LimitChanged);
        if self.changes[before..].iter().all(is_beside) {
            self.facts(at, &old.hidden, &new.hidden);
        }
        // A note that states another change is not one itself.
        if old.notes != new.notes && self.changes.len() == before {
            self.push(Rule::DescriptionChanged, at, Words::default(), Words::default());
        }
        let pairs = pair_members(&old.members, &new.members);
        self.order(at, old, new, &pairs);
        for both in &pairs {
            let Some(shown) = both.1.or(both.0) else { continue };
            self.both(&at.member(shown.segment, shown.name), *both);
            let renamed = renames::of_field(&pairs, shown);
            if let ((Some(_), None) | (None, Some(_)), Some((was, is))) = (*both, renamed) {
                let other = if both.0.is_some() { is } else { was };
                let guess = Guess::new(&at.place.child(&other.wire).path, renames::SAME_TYPE);
                self.changes.last_mut().into_iter().for_each(|change| change.guess = Some(guess.clone()));
                self.renamed.extend(both.1.map(|_| (at.item.clone(), was.clone(), is.clone())));
            }
        }
    }

    /// Reports a fact that only one side has, or that is another.
    fn fact(&mut self, at: &At, old: Option<&Fact<'_>>, new: Option<&Fact<'_>>) {
        let (rule, member) = match (old, new) {
            (None, Some(new)) => (new.rules[0], new.member),
            (Some(old), None) => (old.rules[1], old.member),
            (Some(old), Some(new)) if old.value != new.value => (new.rules[2], new.member),
            _ => return,
        };
        // A lost secret is reported where its value is now.
        if rule != Rule::SecrecyLost {
            let at = if member.is_empty() { at.clone() } else { at.member("", member) };
            let words = |fact: Option<&Fact<'_>>| fact.map(|fact| fact.words.clone()).unwrap_or_default();
            self.push(rule, &at, words(old), words(new));
        }
    }

    fn facts(&mut self, at: &At, old: &[Fact<'_>], new: &[Fact<'_>]) {
        for (_, (old, new)) in pair(old, new, Fact::key) {
            self.fact(at, old, new);
        }
    }

    /// Compares the order of the arguments of `new` that both sides have. Those of one type can change places, and programs compile.
    fn order(&mut self, at: &At, old: &Part<'_>, new: &Part<'_>, pairs: &[Both<&Part<'_>>]) {
        let became = |was: &&Field| pairs.iter().find(|pair| pair.0.is_some_and(|old| old.key == was.wire))?.1;
        let position =
            |was: &&Field| became(was).and_then(|is| new.arguments.iter().position(|one| one.wire == is.key));
        if !old.arguments.iter().filter_map(position).is_sorted() {
            let words = |part: &Part<'_>| {
                let arguments: Vec<_> = part.arguments.iter().map(|field| spelling::argument(field)).collect();
                Words { wire: None, rust: Some(format!("{}::new({})", at.item, arguments.join(", "))) }
            };
            self.push(Rule::ArgumentsReordered, &at.member("", "new"), words(old), words(new));
        }
    }

    fn document(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        // A version that cannot be sent has no constant.
        let rule = match (old.version.is_pinned, new.version.is_pinned) {
            (true, false) => Rule::ItemRemoved,
            (false, true) => Rule::ItemAdded,
            _ => Rule::VersionChanged,
        };
        let version = |api: &Api| {
            let text = &api.version.text;
            let rust = api.version.is_pinned.then(|| format!("const API_VERSION: &str = {text:?}"));
            Fact::new([rule; 3], Value::Text(text.clone()), Words { wire: Some(text.clone()), rust })
        };
        self.fact(&At::item("API_VERSION"), Some(&version(old)), Some(&version(new)));
        let base_url = |api: &Api| api.base_url.as_ref().map(|url| Fact::wire([Rule::BaseUrlChanged; 3], url));
        self.fact(&At::item("servers"), base_url(old).as_ref(), base_url(new).as_ref());
        let before = self.changes.len();
        let rules = [Rule::SecurityAdded, Rule::SecurityRemoved];
        for (name, both) in pair(&old.security, &new.security, |scheme| scheme) {
            let scheme = Fact::there(rules, Words { wire: Some(name.to_owned()), rust: None });
            self.fact(&At::item("security"), both.0.map(|_| &scheme), both.1.map(|_| &scheme));
        }
        let is_other_security = self.changes.len() > before;
        // What refers to a component that only one side has says so.
        let document = |own: &Api, other: &Api| {
            let mut facts = own.facts.shared(&other.facts);
            if is_other_security {
                facts.used.clear();
            }
            Origin { facts, ..Origin::default() }
        };
        let (was, is) = (document(old, new), document(new, old));
        self.part(&At::item("document"), &Part::default().of(&was), &Part::default().of(&is));
    }
}

fn same_item<'a>(api: &'a Api, item: Named<'_>) -> Option<Named<'a>> {
    api.named(item.name()).filter(|other| is_same_kind(*other, item))
}

fn is_same_kind(a: Named<'_>, b: Named<'_>) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// Brings together what two sides have under one key, in the order of the keys.
fn pair<'a, T, K: Ord>(old: &'a [T], new: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, Both<&'a T>> {
    let mut pairs: BTreeMap<K, Both<&'a T>> = BTreeMap::new();
    for one in old {
        pairs.entry(key(one)).or_default().0 = Some(one);
    }
    for one in new {
        pairs.entry(key(one)).or_default().1 = Some(one);
    }
    pairs
}

/// Brings together the members of two sides: by their keys, then fields by their names in Rust, which a row may have kept.
fn pair_members<'p, 'a>(old: &'p [Part<'a>], new: &'p [Part<'a>]) -> Vec<Both<&'p Part<'a>>> {
    let mut pairs: Vec<_> = pair(old, new, |part| &part.key).into_values().collect();
    for i in 0..pairs.len() {
        let (Some(Part { field: Some(old), .. }), None) = pairs[i] else { continue };
        let is_kept = |new: &Part<'_>| new.field.is_some_and(|new| new.name == old.name);
        let kept = pairs.iter_mut().find(|both| both.0.is_none() && both.1.is_some_and(is_kept));
        pairs[i].1 = kept.and_then(|both| both.1.take());
    }
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
