//! The documentation of the generated crate has one page for each public item, and no other: everything of the runtime is
//! inlined, and what generated code is written against is hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Item, UseTree, Visibility};
use tests::run::{self, Run};
use tests::workspace;

/// Builds the documentation of the crate anew, and returns its directory.
fn document() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doc_pages");
    // Cargo leaves pages of items that are gone. What the crate depends on is not built again.
    let _ = fs::remove_dir_all(target.join("doc"));
    let fingerprints = target.join("debug/.fingerprint");
    for entry in fs::read_dir(fingerprints).into_iter().flatten() {
        let path = entry.expect("the directory can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("stripe-financial-connections-") {
            fs::remove_dir_all(path).expect("the directory can be removed");
        }
    }
    let features = features().join(",");
    let crates = ["doc", "--no-deps", "--package", "stripe-financial-connections", "--features", &features];
    let mut command = run::cargo(&crates);
    Run::of(command.env("CARGO_TARGET_DIR", &target).env("RUSTDOCFLAGS", "-D warnings")).ok();
    target.join("doc/stripe_financial_connections")
}

/// The features that the documentation on docs.rs has: all but those of the releases beside the first.
fn features() -> Vec<String> {
    let manifest: toml::Table = workspace::read("generated/Cargo.toml").parse().expect("it is TOML");
    let shown = manifest["package"]["metadata"]["docs"]["rs"]["features"].as_array().expect("they are listed");
    let shown: Vec<_> = shown.iter().map(|name| name.as_str().expect("it is a name").to_owned()).collect();
    let releases = workspace::config().releases;
    let others: Vec<_> = releases[1..].iter().filter_map(|release| release.feature.as_deref()).collect();
    let all = manifest["features"].as_table().expect("there are features").keys();
    let expected: Vec<_> = all.filter(|name| *name != "default" && !others.contains(&name.as_str())).collect();
    assert_eq!(shown.iter().collect::<BTreeSet<_>>(), expected.into_iter().collect());
    shown
}

/// The pages of items, by directory: the kind and the name of each item. A page at the path of a private module, which only
/// leads to the public one, is none.
fn pages(directory: &Path, root: &Path, pages: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            self::pages(&path, root, pages);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path).expect("the page is text");
            if !text.contains("<meta http-equiv=\"refresh\"") {
                let module = directory.strip_prefix(root).expect("it is below").display().to_string();
                let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
                pages.entry(module).or_default().push(name);
            }
        }
    }
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

/// The names that a file makes public.
fn public(file: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in syn::parse_file(&workspace::read(file)).expect("it is Rust").items {
        match item {
            Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => leaves(&item.tree, &mut names),
            Item::Const(item) => drop(names.insert(item.ident.to_string())),
            _ => {}
        }
    }
    names
}

#[test]
fn each_item_has_one_page() {
    let root = document();
    let mut found_pages = BTreeMap::new();
    pages(&root, &root, &mut found_pages);

    let release = |module: &str| public(&format!("generated/src/releases/{module}/mod.rs"));
    let releases = workspace::config().releases;
    let mut at_root = public("generated/src/lib.rs");
    // A module has a directory, and the crate itself a page of its own.
    assert!(at_root.remove("blocking") && at_root.remove("stripe_runtime"));
    at_root.extend(release(&releases[0].module));
    let blocking = ["Client", "Items", "Pages"].map(str::to_owned).into();
    let expected = BTreeMap::from([
        (String::new(), at_root),
        ("blocking".to_owned(), blocking),
        ("webhook".to_owned(), public("generated/src/webhook.rs")),
    ]);

    for (module, names) in &mut found_pages {
        names.retain(|name| name != "index" && name != "all");
        // The kind is in front: `struct.Client`.
        let kinds: BTreeSet<_> = names.iter().filter_map(|name| name.split('.').next()).map(str::to_owned).collect();
        let usual = ["constant", "enum", "fn", "struct", "trait"].map(str::to_owned).into();
        assert!(kinds.is_subset(&usual), "{module}: {kinds:?}");
        for name in names.iter_mut() {
            *name = name.split('.').nth(1).unwrap_or_default().to_owned();
        }
        names.sort();
    }
    let expected: BTreeMap<_, Vec<_>> =
        expected.into_iter().map(|(module, names)| (module, names.into_iter().collect())).collect();
    assert_eq!(found_pages, expected);

    let index = fs::read_to_string(root.join("index.html")).expect("it is there");
    assert!(!index.contains("__private"), "what is hidden is on the front page");
    // A link from one inlined page to another stays within the crate.
    let client = fs::read_to_string(root.join("struct.Client.html")).expect("it is there");
    assert!(client.contains("href=\"struct.ClientBuilder.html"), "links lead to the pages of the runtime");
    assert!(client.contains("<p>Sends operations to Stripe."), "it is a paragraph, not a row of the table before it");
    let unread = tests::pages::with_unread_links(&root);
    assert!(unread.is_empty(), "links that are shown as text: {unread:#?}");

    // What people type finds something: the index of the search has these words, each after its length.
    let names = root.with_file_name("search.index").join("name");
    let names = fs::read_dir(names)
        .expect("there is an index")
        .map(|file| fs::read_to_string(file.expect("the directory can be read").path()).expect("the index is text"));
    let names: String = names.collect();
    let typed = [
        "list accounts",
        "create session",
        "bank account",
        "accounts.list",
        "financialConnections.sessions.create",
        "pagination",
        "cursor",
        "auto_paging",
        "construct_event",
        "constructEvent",
        "parseEventNotification",
        "fetch_related_object",
        "proxy",
        "mock",
    ];
    let not_found: Vec<_> = typed.into_iter().filter(|words| !names.contains(words)).collect();
    assert!(not_found.is_empty(), "rustdoc's search does not find {not_found:?}");

    // The README is shown where no rustdoc resolves its links. Here, they lead to the same version.
    assert!(
        index.contains("/source/CHANGELOG.md") && !index.contains("/latest/source"),
        "the changelog is of this version"
    );
    assert!(!index.contains("//docs.rs/stripe-financial-connections"), "a link of the README is not in `src/links.md`");
    let readme = workspace::read("generated/README.md");
    let base = "/stripe_financial_connections/";
    let links: Vec<_> = readme.lines().filter_map(|line| Some(line.strip_prefix('[')?.split_once(base)?.1)).collect();
    let is_missing = |link: &&str| {
        let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
        let page = fs::read_to_string(root.join(page));
        !page.is_ok_and(|page| anchor.is_empty() || page.contains(&format!("id=\"{anchor}\"")))
    };
    let missing: Vec<_> = links.iter().copied().filter(is_missing).collect();
    assert!(missing.is_empty(), "the README links to what is not there: {missing:?}");

    // Whatever the README names is linked, at least once.
    let text: String = readme.split("```").step_by(2).collect();
    let code = text.split('`').skip(1).step_by(2).map(|code| code.split(['<', '(']).next().unwrap_or_default());
    let names: BTreeSet<_> = code.filter(|code| code.starts_with(|first: char| first.is_ascii_uppercase())).collect();
    let items: BTreeSet<_> = found_pages.values().flatten().map(String::as_str).collect();
    let is_item = |name: &&&str| items.contains(name.split("::").next().unwrap_or_default());
    let unlinked: Vec<_> =
        names.iter().filter(is_item).filter(|name| !text.contains(&format!("[`{name}`]:"))).collect();
    assert!(unlinked.is_empty(), "the README names items without a link: {unlinked:?}");
}
