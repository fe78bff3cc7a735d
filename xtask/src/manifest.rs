//! The version of the workspace: in its manifest, where one package also requires exactly that of another, and in its lock
//! file.

use std::collections::BTreeSet;

use codegen::{Diagnostic, Diagnostics, Pointer};
use semver::{Version, VersionReq};
use toml_edit::{DocumentMut, Item, TableLike, TomlError, value};

/// The manifest of the workspace, below its root.
pub(crate) const MANIFEST: &str = "Cargo.toml";

/// The lock file of the workspace, below its root.
pub(crate) const LOCK: &str = "Cargo.lock";

/// The packages that are published, each after those that it depends on.
pub(crate) const PUBLISHED: [&str; 2] = ["stripe-runtime", "stripe-financial-connections"];

/// Returns the version that the packages of the workspace share.
///
/// # Errors
/// Returns a diagnostic if the manifest has no such version, or an invalid one.
pub(crate) fn version(manifest: &str) -> Result<Version, Diagnostics> {
    let manifest = parse(MANIFEST, manifest)?;
    let version = manifest.get("workspace").and_then(|table| table.get("package")?.get("version")?.as_str());
    let version = version.ok_or_else(|| problem(MANIFEST, "there is no `workspace.package.version`".to_owned()))?;
    Version::parse(version).map_err(|error| problem(MANIFEST, format!("`{version}` is not a valid version: {error}")))
}

pub(crate) fn own_name(manifest: &str) -> Option<String> {
    let manifest = parse(MANIFEST, manifest).ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}

/// Returns the version in the manifest of a crate of one's own, if it has one of its own.
pub(crate) fn own_version(manifest: &str) -> Option<Version> {
    let manifest = parse(MANIFEST, manifest).ok()?;
    Version::parse(manifest.get("package")?.get("version")?.as_str()?).ok()
}

/// Returns the features of a crate of one's own: those that it lists, and those of optional dependencies.
pub(crate) fn features(manifest: &str) -> Option<BTreeSet<String>> {
    let manifest = parse(MANIFEST, manifest).ok()?;
    let table = |key: &str| manifest.get(key).and_then(Item::as_table_like);
    let members = |key: &str| table(key).into_iter().flat_map(TableLike::iter);
    let is_optional = |item: &Item| item.get("optional").and_then(Item::as_bool) == Some(true);
    let optional = members("dependencies").filter(|(_, item)| is_optional(item));
    Some(members("features").chain(optional).map(|(name, _)| name.to_owned()).collect())
}

/// Returns the manifest of a crate of one's own with the version of the runtime that its code is generated for, if it requires one
/// that this is not. A workspace can require it elsewhere, and a path need not have a version.
pub(crate) fn with_runtime(manifest: &str) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    let mut manifest = parse(MANIFEST, manifest).ok()?;
    let dependency = manifest.get_mut("dependencies")?.get_mut(PUBLISHED[0])?;
    let required = if dependency.is_str() { dependency } else { dependency.get_mut("version")? };
    let is_met = VersionReq::parse(required.as_str()?).ok()?.matches(&Version::parse(version).ok()?);
    if is_met {
        return None;
    }
    set_text(required, &exactly(version));
    Some(manifest.to_string())
}

/// Returns the manifest and the lock file with another version. Everything else stays as it is.
///
/// # Errors
/// Returns a diagnostic if one of them is not valid TOML, or lacks what Cargo writes.
pub(crate) fn with_version(manifest: &str, lock: &str, version: &Version) -> Result<(String, String), Diagnostics> {
    let old = self::version(manifest)?.to_string();
    let mut manifest = parse(MANIFEST, manifest)?;
    set_text(&mut manifest["workspace"]["package"]["version"], &version.to_string());
    let dependencies = manifest["workspace"].get_mut("dependencies").and_then(Item::as_table_like_mut);
    for (_, dependency) in dependencies.into_iter().flat_map(TableLike::iter_mut) {
        // What generated code is written against can change in any release: a package requires exactly its own version.
        if let Some(required) =
            dependency.get_mut("version").filter(|required| required.as_str() == Some(&exactly(&old)))
        {
            set_text(required, &exactly(&version.to_string()));
        }
    }
    let mut lock = parse(LOCK, lock)?;
    let packages = lock.get_mut("package").and_then(Item::as_array_of_tables_mut);
    let packages = packages.ok_or_else(|| problem(LOCK, "there is no `[[package]]`".to_owned()))?;
    for package in packages.iter_mut() {
        // A package of the workspace has no source.
        let is_ours = !package.contains_key("source");
        if is_ours && package.get("version").and_then(Item::as_str) == Some(old.as_str()) {
            set_text(&mut package["version"], &version.to_string());
        }
    }
    Ok((manifest.to_string(), lock.to_string()))
}

/// Whether the lock file has the published packages at this version.
pub(crate) fn is_locked(lock: &str, version: &Version) -> bool {
    let Ok(lock) = parse(LOCK, lock) else { return false };
    let packages = lock.get("package").and_then(Item::as_array_of_tables);
    PUBLISHED.iter().all(|name| {
        packages.into_iter().flatten().any(|package| {
            let is = |key: &str, text: &str| package.get(key).and_then(Item::as_str) == Some(text);
            is("name", name) && is("version", &version.to_string())
        })
    })
}

/// Returns the published packages that the workspace does not require in exactly this version. The last one is that of
/// programs, which nothing here requires by a version.
pub(crate) fn not_exact(manifest: &str, version: &Version) -> Vec<&'static str> {
    let manifest = parse(MANIFEST, manifest).unwrap_or_default();
    let dependencies = manifest.get("workspace").and_then(|table| table.get("dependencies"));
    let is_exact = |name: &&str| {
        let required = dependencies.and_then(|dependencies| dependencies.get(name)?.get("version")?.as_str());
        required == Some(&exactly(&version.to_string()))
    };
    let required = PUBLISHED.iter().take(PUBLISHED.len() - 1);
    required.copied().filter(|name| !is_exact(name)).collect()
}

fn exactly(version: &str) -> String {
    format!("={version}")
}

/// Replaces a text, and leaves the comment behind it.
pub(crate) fn set_text(item: &mut Item, text: &str) {
    let decor = item.as_value().map(|old| old.decor().clone());
    *item = value(text);
    if let (Some(decor), Some(new)) = (decor, item.as_value_mut()) {
        *new.decor_mut() = decor;
    }
}

fn parse(name: &str, text: &str) -> Result<DocumentMut, Diagnostics> {
    text.parse().map_err(|error: TomlError| problem(name, error.to_string()))
}

fn problem(name: &str, reason: String) -> Diagnostics {
    let help = "set `version = \"X.Y.Z\"` under `[workspace.package]`, and run `cargo check` to renew the lock file";
    Diagnostic::new(name, Pointer::default(), reason, help).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_packages_of_the_workspace_get_the_version() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\" # shared\n\n[workspace.dependencies]\n\
                        stripe-runtime = { path = \"runtime\", version = \"=0.1.0\" }\ntheirs = \"0.1.0\"\n";
        let lock = "# by Cargo\nversion = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"theirs\"\n\
                    version = \"0.1.0\"\nsource = \"registry\"\n";
        let (manifest, lock) = with_version(manifest, lock, &Version::new(0, 2, 0)).unwrap();
        assert_eq!(
            manifest,
            "[workspace.package]\nversion = \"0.2.0\" # shared\n\n[workspace.dependencies]\n\
             stripe-runtime = { path = \"runtime\", version = \"=0.2.0\" }\ntheirs = \"0.1.0\"\n"
        );
        assert_eq!(not_exact(&manifest, &Version::new(0, 2, 0)), [""; 0]);
        assert_eq!(not_exact(&manifest, &Version::new(0, 1, 0)), ["stripe-runtime"]);
        assert!(lock.contains("name = \"ours\"\nversion = \"0.2.0\""), "{lock}");
        assert!(lock.contains("name = \"theirs\"\nversion = \"0.1.0\""), "{lock}");
        assert!(lock.starts_with("# by Cargo\nversion = 4\n"), "{lock}");
    }
}
