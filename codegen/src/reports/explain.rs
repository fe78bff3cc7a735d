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
    Ok(subjects.into_iter().map(|subject| explanation(api, subject)).collect())
}

fn explanation(api: &Api, subject: Subject<'_>) -> Explanation {
    let (owner, origin) = (subject.owner(), subject.origin());
    let (lowered, rust, docs, rename) = match subject {
        Subject::Item(item) => (
            lowered(api, item),
            format!("pub {}", spelling::declaration(item)),
            text(&item.origin().docs),
            rename(api, item.name(), &item.origin().rows),
        ),
        Subject::Field(owner, field) => (
            lowered_field(api, field),
            match owner {
                Named::Model(_) => spelling::member(field),
                _ => spelling::signature(owner.name(), field),
            },
            text(&field.origin.docs),
            unless(&field.origin.rows, Table::Field, || name_row(Table::Field, &[("place", &field.origin.place)])),
        ),
        Subject::Variant(owner, variant) => (
            format!("the value `{}`", variant.value),
            format!("{} = {:?}", variant.name, variant.value),
            text(&variant.origin.docs),
            unless(&variant.origin.rows, Table::Variant, || {
                // The paths that can be expanded are at no place of the document.
                let rule = api.renamable.get(&owner.name).filter(|_| owner.is_computed);
                let place = rule.unwrap_or(&owner.origin.place);
                name_row(Table::Variant, &[("place", place), ("value", &variant.value)])
            }),
        ),
        Subject::Alternative(owner, alternative) => (
            format!("an alternative: {}", describe::ty(api, &alternative.ty)),
            spelling::alternative(owner.kind, alternative),
            text(&alternative.docs),
            None,
        ),
        Subject::Id(id, owner) => (
            format!("the id of `{}`", owner.name()),
            format!("pub struct {id}"),
            String::new(),
            rename(api, id, &owner.origin().rows),
        ),
    };
    let holder = match subject {
        Subject::Field(_, field) => field.ty.name().and_then(|name| api.named(name)),
        _ => Some(owner),
    };
    let rows = [origin, holder.map(Named::origin)].into_iter().flatten().flat_map(|origin| &origin.rows);
    let deprecated = if origin.is_some_and(|origin| origin.is_deprecated) { "; deprecated" } else { "" };
    Explanation {
        item: subject.rust(),
        pointer: origin.unwrap_or(owner.origin()).pointer.clone(),
        lowered: format!("{lowered}{deprecated}"),
        rust,
        // The types of events are beside the releases.
        file: match api.named(owner.name()) == Some(owner) {
            true => format!("{}/{}.rs", owner.module(), api.file(owner).name()),
            false => format!("../{}.rs", owner.module()),
        },
        docs,
        rows: unique(rows.cloned()),
        rename,
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
