//! Where something is in the document, what it became in Rust, and which rows of the configuration applied to it.

mod find;

use std::collections::BTreeMap;
use std::fmt;

use heck::ToSnakeCase;

use self::find::Subject;
use crate::config::Row;
use crate::diagnostic::Pointer;
use crate::ir::describe::paths::{Place, places};
use crate::ir::{Api, Docs, Field, ModelId, Named, Presence};
use crate::{ir::describe, rust::spelling};

/// Everything that is known of an item, a field, a parameter or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The Rust item, such as `Account::balance`.
    pub item: String,
    /// The first path on the wire, such as `session.accounts.data.balance`; none if no operation leads to it.
    pub path: Option<String>,
    /// The place in the document.
    pub pointer: Pointer,
    /// What it is on the wire and how it was lowered, in words.
    pub lowered: String,
    /// How it is declared in Rust.
    pub rust: String,
    /// The file that it is in, below the directory of its release.
    pub file: String,
    /// The cargo features of which any one enables it; none if it is always there.
    pub features: Vec<String>,
    /// The documentation.
    pub docs: String,
    /// The rows of the configuration that applied to it or to its type.
    pub rows: Vec<Row>,
}

/// Nothing has the name that was asked for. Another release may: ask its [`Api`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The name that was asked for.
    pub query: String,
    /// The five nearest names of the same kind, the nearest first.
    pub nearest: Vec<String>,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing is called `{}`", self.query)
    }
}

impl std::error::Error for Miss {}

/// Explains what `query` names. It can be:
///
/// - a path on the wire, with or without its root: `session.accounts.data.balance`, `filters[country]`, `client_secret`,
///   `session.permissions.balances`;
/// - a Rust item: `Account::balance`, `AccountId`;
/// - a component schema, or a place as the configuration spells it: `financial_connections.session/client_secret`;
/// - a JSON pointer, alone or after the name of a document and `#`. What encloses the place is explained if the place
///   itself has no item.
///
/// A name that several things have gives one explanation for each.
///
/// # Errors
/// The nearest names, if nothing has that name.
pub fn explain(api: &Api, query: &str) -> Result<Vec<Explanation>, Miss> {
    let places = places(api);
    let subjects = find::find(api, query);
    if subjects.is_empty() {
        let nearest = find::nearest(api, &places, query);
        return Err(Miss { query: query.to_owned(), nearest });
    }
    let explainer = Explainer { api, places };
    Ok(subjects.into_iter().map(|subject| explainer.explain(subject)).collect())
}

/// The path of a place as it is typed: the root in snake case.
fn path(place: &Place) -> String {
    describe::paths::join(&place.root.to_snake_case(), &place.path)
}

struct Explainer<'a> {
    api: &'a Api,
    places: BTreeMap<&'a str, Place>,
}

impl<'a> Explainer<'a> {
    fn explain(&self, subject: Subject<'a>) -> Explanation {
        match subject {
            Subject::Item(item) => self.item(item),
            Subject::Field(owner, field) => self.field(owner, field),
            Subject::Variant(owner, variant) => {
                let origin = &variant.origin;
                let rows = origin.rows.iter().chain(&owner.origin.rows);
                Explanation {
                    item: format!("{}::{}", owner.name, variant.name),
                    path: self.path(&owner.name, Some(&variant.value)),
                    pointer: origin.pointer.clone(),
                    lowered: with_deprecation(format!("the value `{}`", variant.value), origin.is_deprecated),
                    rust: format!("{} = {:?}", variant.name, variant.value),
                    docs: text(&origin.docs),
                    rows: unique(rows),
                    ..self.item(Named::Enum(owner))
                }
            }
            Subject::Alternative(owner, alternative) => Explanation {
                item: format!("{}::{}", owner.name, alternative.name),
                lowered: format!("an alternative: {}", describe::ty(self.api, &alternative.ty)),
                rust: spelling::alternative(owner.kind, alternative),
                docs: text(&alternative.docs),
                ..self.item(Named::Union(owner))
            },
            Subject::Id(id, owner) => Explanation {
                item: id.to_owned(),
                lowered: format!("the id of `{}`", owner.name()),
                rust: format!("pub struct {id}"),
                docs: String::new(),
                ..self.item(owner)
            },
        }
    }

    fn item(&self, item: Named<'a>) -> Explanation {
        let origin = item.origin();
        let module = self.api.modules.iter().find(|module| module.name == item.module());
        Explanation {
            item: item.name().to_owned(),
            path: self.path(item.name(), None),
            pointer: origin.pointer.clone(),
            lowered: with_deprecation(self.lowered(item), origin.is_deprecated),
            rust: format!("pub {}", spelling::declaration(item)),
            file: format!("{}/{}.rs", item.module(), self.api.file(item).name()),
            features: module.map(|module| module.features.clone()).unwrap_or_default(),
            docs: text(&origin.docs),
            rows: unique(origin.rows.iter()),
        }
    }

    fn field(&self, owner: Named<'a>, field: &'a Field) -> Explanation {
        let origin = &field.origin;
        let of_type = field.ty.name().and_then(|name| self.api.named(name)).map(|item| &item.origin().rows);
        Explanation {
            item: format!("{}::{}", owner.name(), field.name),
            path: self.path(owner.name(), Some(&field.wire)),
            pointer: origin.pointer.clone(),
            lowered: with_deprecation(self.lowered_field(field), origin.is_deprecated),
            rust: match owner {
                Named::Model(_) => spelling::member(field),
                _ => spelling::signature(owner.name(), field),
            },
            docs: text(&origin.docs),
            rows: unique(origin.rows.iter().chain(of_type.into_iter().flatten())),
            ..self.item(owner)
        }
    }

    fn path(&self, name: &str, member: Option<&str>) -> Option<String> {
        let place = self.places.get(name)?;
        Some(path(&member.map_or_else(|| place.clone(), |member| place.child(member))))
    }

    fn lowered_field(&self, field: &Field) -> String {
        let mut words = match field.presence {
            Presence::Required => vec!["required"],
            Presence::Optional | Presence::AbsentIfEmpty => vec!["optional"],
            Presence::Nullable => vec!["required", "nullable"],
            Presence::OptionalNullable => vec!["optional", "nullable"],
        };
        words.extend(field.is_secret.then_some("secret"));
        words.extend(field.is_boxed.then_some("boxed because it leads back to the object that it is in"));
        let limits = field.origin.facts.checked.iter().filter(|(path, _)| is_of_value(path));
        let limits = limits.filter_map(|(path, value)| Some(format!(", {}", describe::limit(path, value)?)));
        format!("{}: {}{}", words.join(", "), describe::ty(self.api, &field.ty), limits.collect::<String>())
    }

    fn lowered(&self, item: Named<'_>) -> String {
        match item {
            Named::Model(model) => {
                let mut words = format!("a model of {} fields", model.fields.len());
                if let Some(object) = &model.object {
                    words.push_str(&format!(", with the constant `object` = `{object}`"));
                }
                match &model.id {
                    ModelId::None => {}
                    ModelId::Required(id) => words.push_str(&format!(", with the id `{id}`")),
                    ModelId::Optional(id) => words.push_str(&format!(", some with the id `{id}`")),
                }
                words
            }
            Named::Union(union) => {
                format!("one of {}: {}", describe::kind(union.kind), describe::alternatives(self.api, union))
            }
            Named::Enum(item) if item.is_computed => {
                format!("an open enum of the paths that can be expanded: {}", describe::values(item))
            }
            Named::Enum(item) => format!("an open enum of {}", describe::values(item)),
            Named::Reference(_) => "past the boundary: its id and its JSON".to_owned(),
            Named::Params(params) => format!("{} parameters of `{}`", params.fields.len(), params.operation),
            Named::Operation(operation) => {
                format!("{}, returns {}", describe::request(operation), spelling::spell(&operation.output))
            }
        }
    }
}

/// Whether a fact is one of the value itself or of its elements or alternatives, and not of a property such as the `url` of a page.
fn is_of_value(path: &str) -> bool {
    let keywords = ["items", "additionalProperties", "anyOf", "oneOf", "allOf"];
    path.split('/').rev().skip(1).all(|part| keywords.contains(&part) || part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn with_deprecation(words: String, is_deprecated: bool) -> String {
    if is_deprecated { format!("{words}; deprecated") } else { words }
}

fn text(docs: &Docs) -> String {
    docs.markdown().trim().to_owned()
}

fn unique<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Row> {
    let mut unique = Vec::new();
    for row in rows {
        if !unique.contains(row) {
            unique.push(row.clone());
        }
    }
    unique
}
