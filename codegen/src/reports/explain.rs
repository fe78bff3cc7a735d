//! Where something is in the document, what it became in Rust, and which rows of the configuration applied to it.

mod find;

use self::find::Subject;
use crate::config::{PLACEHOLDER, Row, Table, proposal};
use crate::diagnostic::Pointer;
use crate::ir::{Api, Docs, Field, ModelId, Named, Presence};
use crate::{ir::describe, rust::spelling};

/// Everything that is known of an item, a field, a parameter or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The Rust item, such as `Account::balance`.
    pub item: String,
    /// The place in the document.
    pub pointer: Pointer,
    /// What it is on the wire and how it was lowered, in words.
    pub lowered: String,
    /// How it is declared in Rust.
    pub rust: String,
    /// The file that it is in, below the directory of its release.
    pub file: String,
    /// The documentation.
    pub docs: String,
    /// The rows of the configuration that applied to it or to its type.
    pub rows: Vec<Row>,
    /// The row that would give it another name, in TOML, unless one of `rows` has named it.
    pub rename: Option<String>,
}

/// Explains what `query` names. It can be:
///
/// - a path on the wire, with or without its root: `session.accounts.data.balance`, `filters[country]`, `client_secret`,
///   `session.permissions.balances`;
/// - a Rust item: `Account::balance`, `AccountId`;
/// - the type of an event: `financial_connections.account.created`;
/// - a component schema, or a place as the configuration spells it: `financial_connections.session/client_secret`;
/// - a JSON pointer, alone or after the name of a document and `#`. What encloses the place is explained if the place
///   itself has no item.
///
/// A name that several things have gives one explanation for each.
///
/// # Errors
/// The five nearest names of the same kind, the nearest first, if nothing has that name. Another release may: ask its [`Api`].
pub fn explain(api: &Api, query: &str) -> Result<Vec<Explanation>, Vec<String>> {
    let subjects = find::find(api, query);
    if subjects.is_empty() {
        return Err(find::nearest(api, query));
    }
    Ok(subjects.into_iter().map(|subject| of_subject(api, subject)).collect())
}

fn of_subject(api: &Api, subject: Subject<'_>) -> Explanation {
    match subject {
        Subject::Item(item) => of_item(api, item),
        Subject::Field(owner, field) => of_field(api, owner, field),
        Subject::Variant(owner, variant) => {
            let origin = &variant.origin;
            let rows = origin.rows.iter().chain(&owner.origin.rows);
            Explanation {
                item: format!("{}::{}", owner.name, variant.name),
                pointer: origin.pointer.clone(),
                lowered: with_deprecation(format!("the value `{}`", variant.value), origin.is_deprecated),
                rust: format!("{} = {:?}", variant.name, variant.value),
                docs: text(&origin.docs),
                rows: unique(rows.cloned()),
                rename: unless(&origin.rows, Table::Variant, || {
                    // The paths that can be expanded are at no place of the document.
                    let rule = api.renamable.get(&owner.name).filter(|_| owner.is_computed);
                    let place = rule.unwrap_or(&owner.origin.place);
                    name_row(Table::Variant, &[("place", place), ("value", &variant.value)])
                }),
                ..of_item(api, Named::Enum(owner))
            }
        }
        Subject::Alternative(owner, alternative) => Explanation {
            item: format!("{}::{}", owner.name, alternative.name),
            lowered: format!("an alternative: {}", describe::ty(api, &alternative.ty)),
            rust: spelling::alternative(owner.kind, alternative),
            docs: text(&alternative.docs),
            rename: None,
            ..of_item(api, Named::Union(owner))
        },
        Subject::Id(id, owner) => Explanation {
            item: id.to_owned(),
            lowered: format!("the id of `{}`", owner.name()),
            rust: format!("pub struct {id}"),
            docs: String::new(),
            rename: rename(api, id, &owner.origin().rows),
            ..of_item(api, owner)
        },
    }
}

fn of_item(api: &Api, item: Named<'_>) -> Explanation {
    let origin = item.origin();
    Explanation {
        item: item.name().to_owned(),
        pointer: origin.pointer.clone(),
        lowered: with_deprecation(lowered(api, item), origin.is_deprecated),
        rust: format!("pub {}", spelling::declaration(item)),
        file: match is_of_events(api, item) {
            true => format!("../{}.rs", item.module()),
            false => format!("{}/{}.rs", item.module(), api.file(item).name()),
        },
        docs: text(&origin.docs),
        rows: unique(origin.rows.iter().cloned()),
        rename: rename(api, item.name(), &origin.rows),
    }
}

/// Returns the row that gives an item or an id another name, unless one of its rows has.
fn rename(api: &Api, name: &str, rows: &[Row]) -> Option<String> {
    let from = api.renamable.get(name)?;
    let is_named = rows.iter().any(|row| row.table == Table::Rename && row.key == *from);
    (!is_named).then(|| name_row(Table::Rename, &[("from", from)]))
}

/// Returns the row that names something, with a placeholder for the name.
fn name_row(table: Table, members: &[(&str, &str)]) -> String {
    let name = if table == Table::Rename { "to" } else { "name" };
    proposal(table, &[members, &[(name, PLACEHOLDER)]].concat(), &[])
}

fn unless(rows: &[Row], table: Table, row: impl FnOnce() -> String) -> Option<String> {
    rows.iter().all(|row| row.table != table).then(row)
}

/// Whether an item is an enum of the types of events, which are beside the releases.
fn is_of_events(api: &Api, item: Named<'_>) -> bool {
    let Named::Enum(item) = item else { return false };
    api.events.iter().flat_map(|events| events.iter()).any(|one| std::ptr::eq(one, item))
}

fn of_field(api: &Api, owner: Named<'_>, field: &Field) -> Explanation {
    let origin = &field.origin;
    let of_type = field.ty.name().and_then(|name| api.named(name)).map(|item| &item.origin().rows);
    Explanation {
        item: format!("{}::{}", owner.name(), field.name),
        pointer: origin.pointer.clone(),
        lowered: with_deprecation(lowered_field(api, field), origin.is_deprecated),
        rust: match owner {
            Named::Model(_) => spelling::member(field),
            _ => spelling::signature(owner.name(), field),
        },
        docs: text(&origin.docs),
        rows: unique(origin.rows.iter().chain(of_type.into_iter().flatten()).cloned()),
        rename: unless(&origin.rows, Table::Field, || name_row(Table::Field, &[("place", &origin.place)])),
        ..of_item(api, owner)
    }
}

fn lowered_field(api: &Api, field: &Field) -> String {
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
    format!("{}: {}{}", words.join(", "), describe::ty(api, &field.ty), limits.collect::<String>())
}

fn lowered(api: &Api, item: Named<'_>) -> String {
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
            format!("one of {}: {}", describe::kind(union.kind), describe::alternatives(api, union))
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

fn unique<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut unique = Vec::new();
    for one in all {
        if !unique.contains(&one) {
            unique.push(one);
        }
    }
    unique
}
