//! Where something stands in the document, what it became, and which row of the configuration had a say.

use heck::ToSnakeCase;

use crate::config::Config;
use crate::diagnostic::nearest;
use crate::emit;
use crate::ir::{Api, Field, Type};

/// All that is known of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The Rust item: `Account::balance`.
    pub item: String,
    /// Where it stands in the document, as a JSON pointer.
    pub pointer: String,
    /// How it was lowered, in words.
    pub lowered: String,
    /// How it is written in Rust.
    pub rust: String,
    /// The file of the module that it is in.
    pub file: &'static str,
    /// What it is for.
    pub docs: String,
    /// The rows of the configuration that touched it.
    pub rows: Vec<String>,
}

/// Explains a path on the wire (`session.accounts.data.balance`, `create_session.filters`), a Rust item
/// (`Account::balance`), or the key of a schema.
///
/// # Errors
/// A message with the nearest names where nothing is called so.
pub fn explain(api: &Api, config: &Config, query: &str) -> Result<Vec<Explanation>, String> {
    let explain = Explain { api, config };
    let found = explain.by_key(query);
    if !found.is_empty() {
        return Ok(found);
    }
    if query.contains("::") || query.starts_with(|c: char| c.is_uppercase()) {
        let (owner, member) = query.split_once("::").unwrap_or((query, ""));
        return explain.by_item(owner, member);
    }
    explain.by_wire(query)
}

struct Explain<'a> {
    api: &'a Api,
    config: &'a Config,
}

impl Explain<'_> {
    /// A schema's key may stand for several types, as inline ones are inside it.
    fn by_key(&self, key: &str) -> Vec<Explanation> {
        let models = self.api.models.iter().filter(|model| model.key == key).map(|model| &model.name);
        let references = self.api.references.iter().filter(|reference| reference.key == key).map(|r| &r.name);
        let enums =
            self.api.enums.iter().filter(|shown| shown.pointer.as_str() == format!("/components/schemas/{key}"));
        let names = models.chain(references).chain(enums.map(|shown| &shown.name));
        names.filter_map(|name| self.of_type(name)).collect()
    }

    fn by_item(&self, owner: &str, member: &str) -> Result<Vec<Explanation>, String> {
        if member.is_empty() {
            return self.of_type(owner).map(|one| vec![one]).ok_or_else(|| self.unknown(owner, self.types()));
        }
        if let Some(shown) = self.api.enums.iter().find(|shown| shown.name == owner) {
            let Some(variant) = shown.variants.iter().find(|variant| variant.name == member) else {
                return Err(self.unknown(member, shown.variants.iter().map(|variant| variant.name.clone()).collect()));
            };
            let Some(mut one) = self.of_type(owner) else { return Ok(Vec::new()) };
            one.item = format!("{owner}::{member}");
            one.lowered = format!("the value `{}`", variant.value);
            one.rust = format!("{} = {:?}", variant.name, variant.value);
            one.docs.clone_from(&variant.docs);
            one.rows.extend(self.variant_rows(&variant.value));
            return Ok(vec![one]);
        }
        let Some((place, file, fields)) = self.fields(owner) else {
            return Err(self.unknown(owner, self.types()));
        };
        match fields.iter().find(|field| field.name == member || field.wire == member) {
            Some(field) => Ok(vec![self.of_field(owner, &place, file, field)]),
            None => Err(self.unknown(member, fields.iter().map(|field| field.name.clone()).collect())),
        }
    }

    fn by_wire(&self, query: &str) -> Result<Vec<Explanation>, String> {
        let mut segments = query.split('.');
        let root = segments.next().unwrap_or_default();
        let Some(mut owner) = self.types().into_iter().find(|name| name.to_snake_case() == root) else {
            return Err(self.unknown(root, self.types().iter().map(|name| name.to_snake_case()).collect()));
        };
        let mut found = self.of_type(&owner);
        let mut in_list = false;
        for segment in segments {
            // The page of a list is not a type of its own.
            if in_list && segment == "data" {
                in_list = false;
                continue;
            }
            let Some((place, file, fields)) = self.fields(&owner) else {
                return Err(format!("`{owner}` has nothing inside it, so `{segment}` leads nowhere"));
            };
            let Some(field) = fields.iter().find(|field| field.wire == segment) else {
                return Err(self.unknown(segment, fields.iter().map(|field| field.wire.clone()).collect()));
            };
            found = Some(self.of_field(&owner, &place, file, field));
            in_list = matches!(field.ty, Type::List(_));
            owner = named(&field.ty).unwrap_or_default().to_owned();
        }
        Ok(found.into_iter().collect())
    }

    fn types(&self) -> Vec<String> {
        let api = self.api;
        let operations = api.operations.iter().map(|operation| &operation.name);
        let models = api.models.iter().map(|model| &model.name);
        let rest = api.params.iter().map(|params| &params.name).chain(api.enums.iter().map(|shown| &shown.name));
        let references = api.references.iter().map(|reference| &reference.name);
        operations.chain(models).chain(rest).chain(references).cloned().collect()
    }

    fn unknown(&self, name: &str, names: Vec<String>) -> String {
        let near = nearest(name, names.iter().map(String::as_str));
        match near.is_empty() {
            true => format!("nothing is called `{name}` here; there are {}", names.join(", ")),
            false => format!("nothing is called `{name}` here{near}"),
        }
    }

    /// What has fields: its place in the configuration's spelling, its file, and the fields.
    fn fields(&self, owner: &str) -> Option<(String, &'static str, Vec<&Field>)> {
        if let Some(model) = self.api.model(owner) {
            return Some((model.key.clone(), "models.rs", model.fields.iter().collect()));
        }
        if let Some(operation) = self.api.operations.iter().find(|operation| operation.name == owner) {
            let fields = operation.path_params.iter().chain(&operation.params).collect();
            return Some((operation.name.clone(), "requests.rs", fields));
        }
        let params = self.api.params(owner)?;
        Some((params.place.clone(), "requests.rs", params.fields.iter().collect()))
    }

    fn of_field(&self, owner: &str, place: &str, file: &'static str, field: &Field) -> Explanation {
        let place = format!("{place}/{}", field.wire);
        let mut lowered = vec![if field.required { "required" } else { "optional" }];
        lowered.extend(field.nullable.then_some("nullable"));
        lowered.extend(field.secret.then_some("secret"));
        lowered.extend(field.boxed.then_some("boxed, as it leads back to where it is"));
        let mut rows = self.place_rows(&place);
        if let Some(name) = named(&field.ty) {
            rows.extend(self.of_type(name).map(|of| of.rows).unwrap_or_default());
        }
        Explanation {
            item: format!("{owner}::{}", field.name),
            pointer: field.pointer.to_string(),
            lowered: format!("{}: {}", lowered.join(", "), crate::diff::type_shape(self.api, &field.ty)),
            rust: match file {
                "models.rs" => emit::member(field),
                _ => emit::signature(self.api, owner, field),
            },
            file,
            docs: field.docs.clone(),
            rows,
        }
    }

    fn of_type(&self, name: &str) -> Option<Explanation> {
        let api = self.api;
        let one = |pointer: String, lowered: String, rust: String, file, docs: &str, rows| Explanation {
            item: name.to_owned(),
            pointer,
            lowered,
            rust,
            file,
            docs: docs.to_owned(),
            rows,
        };
        if let Some(model) = api.model(name) {
            let lowered = match &model.object {
                Some(object) => {
                    format!("a model of {} fields, with the constant `object` = `{object}`", model.fields.len())
                }
                None => format!("a model of {} fields", model.fields.len()),
            };
            let rows = self.name_rows(&model.key);
            return Some(one(
                model.pointer.to_string(),
                lowered,
                format!("pub struct {name}"),
                "models.rs",
                &model.docs,
                rows,
            ));
        }
        if let Some(operation) = api.operations.iter().find(|operation| operation.name == name) {
            let lowered = format!(
                "{} {}, answers with {} or {}",
                operation.verb.method().to_ascii_uppercase(),
                operation.path,
                operation.output,
                operation.error
            );
            let row = format!("[[resource]] path = {:?}", resource_path(&operation.path));
            let rust = format!("pub struct {name}");
            return Some(one(operation.pointer.to_string(), lowered, rust, "requests.rs", &operation.docs, vec![row]));
        }
        if let Some(params) = api.params(name) {
            let lowered = format!("{} parameters of {}", params.fields.len(), params.operation);
            let rows = self.place_rows(&params.place);
            return Some(one(
                params.pointer.to_string(),
                lowered,
                format!("pub struct {name}"),
                "requests.rs",
                &params.docs,
                rows,
            ));
        }
        if let Some(shown) = api.enums.iter().find(|shown| shown.name == name) {
            let values: Vec<_> = shown.variants.iter().map(|variant| variant.value.as_str()).collect();
            let shared = self.config.shared_enums.iter().filter(|row| row.name == name);
            let rows =
                shared.map(|row| format!("[[shared_enum]] name = {name:?}: {}", row.places.join(", "))).collect();
            let file =
                if api.model(&shown.owner).is_some() || shown.owner.is_empty() { "models.rs" } else { "requests.rs" };
            let lowered = format!("an open enum of {}", values.join(" | "));
            return Some(one(shown.pointer.to_string(), lowered, format!("pub enum {name}"), file, &shown.docs, rows));
        }
        let reference = api.references.iter().find(|reference| reference.name == name)?;
        let mut rows = vec![format!("boundary: {:?}", reference.key)];
        rows.extend(self.name_rows(&reference.key));
        let lowered = "past the boundary: its id and its JSON".to_owned();
        let pointer = format!("/components/schemas/{}", reference.key);
        Some(one(pointer, lowered, format!("pub struct {name}"), "references.rs", "", rows))
    }

    /// The rows that gave a key, or a place, its name.
    fn name_rows(&self, key: &str) -> Vec<String> {
        let row = self.config.rename_of(key);
        row.map(|row| format!("[[rename]] from = {:?}, to = {:?}", row.from, row.to)).into_iter().collect()
    }

    fn place_rows(&self, place: &str) -> Vec<String> {
        let mut rows = self.name_rows(place);
        let config = self.config;
        rows.extend(config.sensitive.iter().filter(|row| *row == place).map(|row| format!("sensitive: {row:?}")));
        let fields = config.fields.iter().filter(|row| row.place == place);
        rows.extend(fields.map(|row| format!("[[field]] place = {place:?}, name = {:?}", row.name)));
        rows
    }

    fn variant_rows(&self, value: &str) -> Vec<String> {
        let rows = self.config.variants.iter().filter(|row| row.value == value);
        rows.map(|row| format!("[[variant]] place = {:?}, value = {value:?}, name = {:?}", row.place, row.name))
            .collect()
    }
}

/// The type by name that a type holds.
fn named(ty: &Type) -> Option<&str> {
    ty.parts().find_map(|part| match part {
        Type::Enum(name) | Type::Model(name) | Type::Reference(name) | Type::Params(name) => Some(name.as_str()),
        _ => None,
    })
}

/// The collection that an operation's path belongs to.
fn resource_path(path: &str) -> &str {
    path.split("/{").next().unwrap_or(path)
}
