//! What the generator and the runtime both know: the public names at the root of the crate, which are re-exported, generated or
//! reserved; the error object, which documents are compared with; and the paths of requests.

use std::collections::BTreeSet;

use codegen::config::OperationRow;
use codegen::errors::{ERROR_FIELDS, ERROR_TYPES, ErrorField};
use codegen::naming;
use quote::ToTokens;
use serde_json::Value;
use stripe_financial_connections::{ApiErrorType, Method, Request};
use syn::{Item, UseTree, Visibility};
use tests::{shapes, workspace};

/// A public name at the root of a crate, and the attribute that says when it is there.
type Name = (String, Option<String>);

fn root(path: &str) -> Vec<Item> {
    syn::parse_file(&workspace::read(path)).expect("it is Rust").items
}

fn names_in(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => names_in(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names_in(tree, names)),
        UseTree::Glob(_) => {}
    }
}

/// The names that a crate re-exports one by one, with their features.
fn exported(items: &[Item]) -> BTreeSet<Name> {
    let mut exported = BTreeSet::new();
    for item in items {
        let Item::Use(item) = item else { continue };
        if !matches!(item.vis, Visibility::Public(_)) {
            continue;
        }
        let condition = item.attrs.iter().find(|attribute| attribute.path().is_ident("cfg"));
        let condition = condition.map(|attribute| attribute.to_token_stream().to_string());
        let mut names = Vec::new();
        names_in(&item.tree, &mut names);
        exported.extend(names.into_iter().map(|name| (name, condition.clone())));
    }
    exported
}

/// Types and traits, as opposed to functions and modules.
fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Everything public of the runtime is at the root of the generated crate, under the same features.
#[test]
fn the_crate_re_exports_its_whole_runtime() {
    let mut ours = exported(&root("generated/src/lib.rs"));
    assert!(ours.remove(&("stripe_runtime".to_owned(), None)), "and the crate as a whole");
    // `lib.rs` of the runtime exports what these two export; the clients are there as a whole with the feature `http`.
    let feature = |name: &str| Some(format!("# [cfg (feature = \"{name}\")]"));
    let mut theirs = exported(&root("generated/runtime/src/support/mod.rs"));
    let clients = exported(&root("generated/runtime/src/client/mod.rs"));
    theirs.extend(clients.into_iter().map(|(name, condition)| (name, condition.or_else(|| feature("http")))));
    theirs.insert(("blocking".to_owned(), feature("client")));
    assert_eq!(ours, theirs);
}

#[test]
fn the_generator_knows_where_the_runtime_sends() {
    assert_eq!(codegen::DEFAULT_BASE_URL, stripe_financial_connections::Endpoint::DEFAULT_BASE_URL);
}

#[test]
fn the_generator_reserves_exactly_the_names_at_the_root() {
    let items = root("generated/src/lib.rs");
    let mut names: BTreeSet<_> =
        exported(&items).into_iter().map(|(name, _)| name).filter(|name| is_type(name)).collect();
    let mut modules: BTreeSet<_> = exported(&items).into_iter().map(|(name, _)| name).collect();
    modules.retain(|name| !is_type(name));
    // The last two are in the module of the releases, and in place of it in a crate of one's own.
    modules.extend(["webhook", "releases", "events", "generated"].map(str::to_owned));
    let reserved: BTreeSet<_> = naming::MODULES_AT_ROOT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(modules, reserved, "correct `MODULES_AT_ROOT` in `codegen::naming`");
    // Each release of the generated crate has it.
    names.insert("API_VERSION".to_owned());
    let reserved: BTreeSet<_> = naming::AT_ROOT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, reserved, "correct `AT_ROOT` in `codegen::naming`");
    // Anything else that is defined there would have to be reserved as well.
    for item in &items {
        assert!(matches!(item, Item::Use(_) | Item::Mod(_)), "{}", item.to_token_stream());
    }
}

/// Of two items of one name, that of `pub use` by name wins over that of `pub use releases::*`, without a warning.
#[test]
fn nothing_generated_is_hidden_by_a_re_export() {
    let items = root("generated/src/lib.rs");
    let mut explicit: BTreeSet<_> = exported(&items).into_iter().map(|(name, _)| name).collect();
    explicit.extend(items.iter().filter_map(|item| match item {
        Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    }));
    let releases = root("generated/src/releases/mod.rs");
    let current = workspace::config().releases[0].module.clone();
    let mut generated: BTreeSet<_> = exported(&root(&format!("generated/src/releases/{current}/mod.rs")))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(generated.len() > 50, "{generated:?}");
    for item in &releases {
        if let Item::Mod(module) = item {
            // Its only type is in `webhook`.
            if module.ident == "events" {
                continue;
            }
            let is_public = matches!(module.vis, Visibility::Public(_));
            assert_eq!(is_public, module.ident != current, "only the module of the current release is private");
            generated.extend(is_public.then(|| module.ident.to_string()));
        }
    }
    assert_eq!(explicit.intersection(&generated).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The generator compares the error of a document with this list instead of with the struct, which it cannot see.
#[test]
fn the_generator_knows_the_error_of_the_runtime() {
    let items = root("generated/runtime/src/support/api_error.rs");
    let error = items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "ApiError" => Some(item),
        _ => None,
    });
    let fields = &error.expect("it is there").fields;
    let fields = fields.iter().map(|field| {
        let name = field.ident.as_ref().expect("it has a name").to_string().trim_end_matches('_').to_owned();
        let ty = field.ty.to_token_stream().to_string().replace(' ', "");
        let kind = match ty.as_str() {
            "Option<String>" | "ApiErrorType" => ErrorField::Text,
            "Option<Opaque>" => ErrorField::Object,
            other => panic!("{name}: {other}"),
        };
        (name, kind)
    });
    let known = ERROR_FIELDS.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    assert_eq!(fields.collect::<Vec<_>>(), known.collect::<Vec<_>>());
    assert_eq!(ApiErrorType::VARIANTS.iter().map(ApiErrorType::as_str).collect::<Vec<_>>(), ERROR_TYPES);
}

/// What the documents in `spec/` say of errors is all in the runtime; a field or a value that is not is reported.
#[test]
fn a_new_field_of_the_error_is_reported() {
    let generate = |text: &str| {
        let generated = codegen::generate(&workspace::session_config(), None, "document", text);
        generated.unwrap_or_else(|error| panic!("{error}")).api.unknown_in_errors
    };
    let text = workspace::current_document();
    assert!(generate(&text).is_empty());
    let at = "    api_errors:\n";
    let field = "        advice_code:\n";
    let value = "          - api_error\n";
    let (before, errors) = text.split_once(at).expect("it has errors");
    let errors = errors.replacen(field, &format!("        hint:\n          type: integer\n{field}"), 1);
    let errors = errors.replacen(value, &format!("          - odd_error\n{value}"), 1);
    let unknown = generate(&format!("{before}{at}{errors}"));
    let unknown: Vec<_> = unknown.iter().map(codegen::Pointer::as_str).collect();
    let schema = "/components/schemas/api_errors/properties";
    assert_eq!(unknown, [format!("{schema}/hint"), format!("{schema}/type/enum/0")]);
}

/// The generator refuses a path that no request can have, and no other one.
#[test]
fn the_generator_and_the_runtime_accept_the_same_paths() {
    let minimal = workspace::read("tests/fixtures/emit/minimal.yaml");
    let minimal = codegen::document::to_json("minimal", &minimal).expect("it is YAML");
    let mut config = shapes::config();
    let name = Some("RetrieveThing".to_owned());
    config.resources[0].operations = vec![OperationRow::NamedId { id: "GetThingsThing".to_owned(), name }];
    let characters = (' '..='\u{ff}').filter(|c| !c.is_control()).map(|c| format!("a{c}b"));
    let segments = characters.chain(["", ".", "..", "...", "a{b}", "{a}b", "%2e%2e"].map(str::to_owned));
    let mut count = [0; 2];
    for segment in segments {
        let path = format!("/v1/{segment}/{{thing}}");
        let mut document: Value = serde_json::from_str(&minimal).expect("it is JSON");
        let item = document["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/things/{thing}"));
        document["paths"][&path] = item.expect("it is there");
        let is_generated = codegen::generate(&config, None, "document", &document.to_string()).is_ok();
        let is_sent = Request::new(Method::Get, &path, &[("thing", "1")]).is_ok();
        assert_eq!(is_generated, is_sent, "{path}");
        count[usize::from(is_sent)] += 1;
    }
    assert!(count.iter().all(|count| *count > 4), "{count:?}");
}
