//! Whether each value is secret or public: [`Secrecy`] states the rule.
//!
//! What is inside a secret is hidden with it: only what can be printed is decided on. In the document of a release, what
//! the rule asks for and no row decides is reported, all of it at once; in any other document, what matches a pattern is secret.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::expandable;
use crate::config::secrecy::{self, Matches};
use crate::config::{Lookup, Secrecy};
use crate::diagnostic::{Collector, Pointer};
use crate::ir::{Api, Field, Named, Type, UnionKind};
use crate::lower::once;

/// Adds the rows of public values to their fields, reports the values that are not decided, and makes those secret that nobody is
/// asked about. `kinds` finds the component schemas that the value at a place can be.
pub(crate) fn decide(api: &mut Api, kinds: Kinds<'_>, lookup: &Lookup<'_>, problems: &mut Collector<'_>) {
    let mut public = BTreeSet::new();
    for field in api.fields_mut() {
        let place = &field.origin.place;
        let Some(row) = lookup.public(place) else { continue };
        // For a release, the configuration is refused. In another document, rows for several releases apply.
        if field.is_secret {
            continue;
        }
        public.insert(place.clone());
        field.origin.rows.push(row);
    }
    if let Some((secrecy, is_asked)) = lookup.secrecy() {
        let mut decide = Decide {
            lookup,
            kinds,
            secrecy,
            is_asked,
            public,
            asked: BTreeSet::new(),
            matches: HashMap::new(),
            of_kinds: HashMap::new(),
            problems,
        };
        decide.responses(api);
        decide.parameters(api);
    }
}

/// Finds the component schemas that the value at a place can be.
type Kinds<'a> = &'a dyn Fn(&Pointer) -> BTreeSet<String>;

struct Decide<'a, 'c> {
    lookup: &'a Lookup<'a>,
    kinds: Kinds<'a>,
    secrecy: &'a Secrecy,
    /// Whether a value without a row is a problem; otherwise it is secret if it matches a pattern.
    is_asked: bool,
    /// The places with a row of `public`.
    public: BTreeSet<String>,
    /// The places of responses that are asked for.
    asked: BTreeSet<String>,
    /// What each name matches.
    matches: HashMap<String, Matches<'a>>,
    /// The pattern that each component schema matches.
    of_kinds: HashMap<String, Option<&'a str>>,
    problems: &'a mut Collector<'c>,
}

/// What is said in place of the pattern of a value that can be any JSON.
const ANYTHING: &str = "any JSON";

/// The parameters of a list that are the id of an element.
const CURSORS: [&str; 2] = ["starting_after", "ending_before"];

/// Why a value may be secret: the pattern, and what matches it.
#[derive(Clone)]
struct Suspicion {
    pattern: String,
    reason: String,
}

impl<'a> Decide<'a, '_> {
    /// Decides on what a response can print: all that it leads to, except for what is inside a secret.
    fn responses(&mut self, api: &mut Api) {
        let referred = referred(api);
        let roots = api.operations.iter().filter_map(|one| one.output.name());
        let mut pending: Vec<String> = roots.map(str::to_owned).collect();
        let mut seen: BTreeSet<String> = pending.iter().cloned().collect();
        while let Some(name) = pending.pop() {
            if let Some(at) = api.models.position(&name) {
                self.model(api, at, referred.contains(&name));
            }
            let inner: Vec<&Type> = match api.named(&name) {
                Some(Named::Model(model)) => {
                    model.fields.iter().filter(|field| !field.is_secret).map(|field| &field.ty).collect()
                }
                Some(item) => item.types(),
                None => Vec::new(),
            };
            pending.extend(
                inner
                    .into_iter()
                    .filter_map(Type::name)
                    .filter(|name| seen.insert((*name).to_owned()))
                    .map(str::to_owned),
            );
        }
    }

    /// Decides on the fields of a model. `is_referred` says whether a reference to it can be expanded.
    fn model(&mut self, api: &mut Api, at: usize, is_referred: bool) {
        let Some(model) = api.models.get(at) else { return };
        // An inline schema is asked for as a field.
        let key = Some(&model.origin.place).filter(|place| !place.contains('/'));
        let kind = key.and_then(|key| self.by_kind(key, "it is in")).or_else(|| self.by_member(&model.fields));
        let suspicions: Vec<Option<Suspicion>> =
            model.fields.iter().map(|field| self.suspicion(api, kind.as_ref(), field)).collect();
        // What is secret, or will be once it is decided: a person is asked for its neighbours in the same round.
        let mut of_fields = model.fields.iter().zip(&suspicions);
        let secret = of_fields.find(|(field, suspicion)| self.is_asked && (field.is_secret || suspicion.is_some()));
        let secret = secret.map(|(field, _)| field.wire.clone());
        let Some(model) = api.models.get_mut(at) else { return };
        for (field, suspicion) in model.fields.iter_mut().zip(suspicions) {
            let beside = secret.as_ref().filter(|_| is_free(field) && !self.is_decided(field)).map(|secret| {
                Suspicion { pattern: String::new(), reason: format!("`{secret}` beside it is or may be secret") }
            });
            // An id that others refer to is in their JSON as well, and no way in by itself.
            let is_open = !self.is_asked && field.wire == "id" && is_referred;
            if let Some(suspicion) = suspicion.or(beside).filter(|_| !is_open) {
                self.decide(field, &suspicion);
                // A secret id is no way to refer to an object.
                model.is_referable &= !(field.wire == "id" && field.is_secret);
                self.asked.insert(field.origin.place.clone());
            }
        }
    }

    /// Decides on parameters: by their names, by what is beside them, and by what the response hides. A caller knows what it sends
    /// apart from that.
    fn parameters(&mut self, api: &mut Api) {
        let sent = self.sent(api);
        let parts: BTreeMap<String, Suspicion> = api
            .params
            .iter()
            .filter_map(|params| Some((params, self.by_member(&params.fields)?)))
            .flat_map(|(params, kind)| {
                let free = params.fields.iter().filter(|field| is_free(field));
                free.map(move |field| (field.origin.place.clone(), kind.clone()))
            })
            .collect();
        for field in api.parameters_mut() {
            let place = &field.origin.place;
            let part = parts.get(place).filter(|_| !self.is_decided(field) && !self.is_harmless(field));
            let shown = sent.get(place).filter(|_| !self.is_decided(field)).map(|shown| Suspicion {
                pattern: format!("as {shown}"),
                reason: format!("it sends `{shown}`, which is or may be secret"),
            });
            let Some(suspicion) = self.by_name(field).or_else(|| part.cloned()).or(shown) else { continue };
            self.decide(field, &suspicion);
        }
    }

    /// The places of parameters that send what the response of their operation hides, each with the place of the value there.
    fn sent(&self, api: &Api) -> BTreeMap<String, String> {
        let by_place: BTreeMap<&str, Named<'_>> =
            api.models.iter().map(|model| (model.origin.place.as_str(), Named::Model(model))).collect();
        let mut pending: Vec<(Named<'_>, Named<'_>)> = Vec::new();
        let mut sent = BTreeMap::new();
        for operation in api.operations.iter() {
            let shown = match operation.output.leaf() {
                Type::Deleted => by_place.get(operation.resource.as_str()).copied(),
                output => output.name().and_then(|name| api.named(name)),
            };
            pending.extend(shown.map(|shown| (Named::Operation(operation), shown)));
        }
        let mut seen = BTreeSet::new();
        while let Some((sender, shown)) = pending.pop() {
            if !seen.insert((sender.name(), shown.name())) {
                continue;
            }
            let named = |ty: &Type| ty.name().and_then(|name| api.named(name));
            if let Named::Union(union) = sender {
                pending.extend(union.alternatives.iter().filter_map(|one| Some((named(&one.ty)?, shown))));
            }
            if let Named::Union(union) = shown {
                pending.extend(union.alternatives.iter().filter_map(|one| Some((sender, named(&one.ty)?))));
            }
            for field in shown.fields() {
                let is_cursor = |name: &str| field.wire == "id" && CURSORS.contains(&name);
                let is_same = |parameter: &&Field| parameter.wire == field.wire || is_cursor(&parameter.wire);
                for parameter in sender.fields().filter(is_same) {
                    // Any JSON is hidden for what can be in it. The members of a parameter are decided on themselves.
                    let is_told = matches!((field.ty.leaf(), parameter.ty.leaf()), (Type::Json, Type::Params(_)));
                    let is_told = is_told && !self.is_asked;
                    if self.is_hidden(field) && !is_told {
                        sent.insert(parameter.origin.place.clone(), field.origin.place.clone());
                    } else if let (Some(sender), Some(shown)) = (named(&parameter.ty), named(&field.ty)) {
                        pending.push((sender, shown));
                    }
                }
            }
        }
        sent
    }

    /// Whether a value of a response is secret, or may be once it is decided.
    fn is_hidden(&self, field: &Field) -> bool {
        field.is_secret || self.asked.contains(&field.origin.place)
    }

    fn is_decided(&self, field: &Field) -> bool {
        field.is_secret || self.public.contains(&field.origin.place)
    }

    /// Why the value of a field that nothing decides may be secret, whatever its type. `kind` is why the object that it is in may
    /// be: the id of a token is the token, and what is in an address is a part of it.
    fn suspicion(&mut self, api: &Api, kind: Option<&Suspicion>, field: &Field) -> Option<Suspicion> {
        if self.is_decided(field) {
            return None;
        }
        let (is_part, kinds) = (is_free(field) || field.wire == "id", self.kinds);
        // A person who is asked can tell what is in it.
        let is_anything = !self.is_asked && *field.ty.leaf() == Type::Json;
        let anything = is_anything.then(|| Suspicion { pattern: ANYTHING.to_owned(), reason: String::new() });
        let named = self.by_name(field).or_else(|| kind.filter(|_| is_part && !self.is_harmless(field)).cloned());
        named.or(anything).or_else(|| {
            let mut by_kind = |key: &str| self.by_kind(key, "it refers to");
            match held(api, &field.ty) {
                Held::Nothing => None,
                Held::One(key) => by_kind(key),
                Held::Several => kinds(&field.origin.pointer).iter().find_map(|key| by_kind(key)),
            }
        })
    }

    fn by_name(&mut self, field: &Field) -> Option<Suspicion> {
        let (matches, owner) = self.matches(field);
        let pattern = matches.pattern.filter(|_| !self.is_code(field)).or_else(|| matches.pattern_in(owner));
        let pattern = pattern.filter(|_| !self.is_decided(field) && !self.is_harmless(field))?;
        Some(Suspicion { pattern: pattern.to_owned(), reason: format!("its name matches `{pattern}`") })
    }

    fn by_kind(&mut self, key: &str, relation: &str) -> Option<Suspicion> {
        let pattern = once(&mut self.of_kinds, key, |key| self.secrecy.pattern_of_kind(key))?;
        Some(Suspicion {
            pattern: pattern.to_owned(),
            reason: format!("`{key}`, which {relation}, matches `{pattern}`"),
        })
    }

    /// Why the parts of an object are secret, by the members that it has.
    fn by_member(&self, fields: &[Field]) -> Option<Suspicion> {
        let member = self.secrecy.members.iter().find(|member| fields.iter().any(|field| field.wire == **member))?;
        Some(Suspicion { pattern: format!("beside {member}"), reason: format!("`{member}` is beside it") })
    }

    /// Whether a value says what a part of its name is, and not what is there: whether there is one, how it is used, how it was
    /// checked. A person who is asked can tell as well.
    fn is_code(&self, field: &Field) -> bool {
        let is_code = matches!(field.ty.leaf(), Type::Bool | Type::Enum(_));
        is_code && !self.is_asked && self.secrecy.pattern_of_kind(&field.wire).is_none()
    }

    /// Whether nobody is asked about a value that is no secret in spite of its name.
    fn is_harmless(&mut self, field: &Field) -> bool {
        !self.is_asked && {
            let (matches, owner) = self.matches(field);
            matches.is_harmless_in(owner)
        }
    }

    /// Returns what the name of a field matches, and what the field is in.
    fn matches<'f>(&mut self, field: &'f Field) -> (Matches<'a>, &'f str) {
        let matches = once(&mut self.matches, &field.wire, |name| self.secrecy.matches(name));
        (matches, secrecy::split(&field.origin.place).0)
    }

    /// Reports a value that is not decided, or makes it secret.
    fn decide(&mut self, field: &mut Field, suspicion: &Suspicion) {
        if !self.is_asked {
            field.is_secret = true;
            return field.origin.rows.push(self.lookup.pattern_row(&suspicion.pattern));
        }
        let place = &field.origin.place;
        let reason = format!("nothing decides whether `{place}` is secret, and {}", suspicion.reason);
        let help = format!(
            "add this line to `sensitive` of `codegen.toml` if `Debug` must not print it, or else to `public`:\n{}",
            self.lookup.line_for(place)
        );
        self.problems.report(&field.origin.pointer, reason, help);
    }
}

/// Whether a field holds a value that its type says nothing of: a text, a number, or any JSON. An id, an enum, a boolean, a time
/// and an object say what they are.
fn is_free(field: &Field) -> bool {
    matches!(
        field.ty.leaf(),
        Type::String | Type::Integer | Type::Int64String | Type::Number | Type::Amounts | Type::Json
    )
}

/// The objects of which a field holds the id, and not the object as a model: past the boundary, to be expanded, deleted, or of a
/// kind that nothing tells.
enum Held<'a> {
    Nothing,
    /// One of this component schema.
    One(&'a str),
    /// One of the component schemas at the place of the field.
    Several,
}

fn held<'a>(api: &'a Api, ty: &Type) -> Held<'a> {
    let is_reference = ty.layers().any(|layer| match layer {
        Type::Expandable(_) | Type::Reference(_) | Type::Opaque | Type::Deleted => true,
        Type::Union(name) => api.unions.named(name).is_some_and(|union| union.kind == UnionKind::Untagged),
        _ => false,
    });
    if !is_reference {
        return Held::Nothing;
    }
    match ty.name().and_then(|name| api.named(name)) {
        Some(item @ (Named::Model(_) | Named::Reference(_))) => Held::One(&item.origin().place),
        _ => Held::Several,
    }
}

/// The models that a reference can be expanded to.
fn referred(api: &Api) -> BTreeSet<String> {
    let targets = expandable(api).flat_map(|name| {
        let alternatives = api.unions.named(name).into_iter().flat_map(|union| &union.alternatives);
        alternatives.filter_map(|one| one.ty.name()).chain([name])
    });
    targets.map(str::to_owned).collect()
}
