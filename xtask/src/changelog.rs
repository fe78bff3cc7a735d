//! `CHANGELOG.md`: one section for each version, the newest first.

use semver::Version;

/// The name of the file, below the root of the workspace.
pub(crate) const CHANGELOG: &str = "CHANGELOG.md";

/// How an entry starts that `cargo xtask update` writes.
const GENERATED: &[&str] = &[
    "Add `",
    "Add module `",
    "Add required parameter ",
    "Add support for ",
    "Change ",
    "Remove `",
    "Remove module `",
    "Remove support for ",
];

/// A changelog with entries added.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Added {
    /// The text.
    pub(crate) text: String,
    /// Entries of an earlier run that are not among the entries any more, each with its line, from 1.
    pub(crate) outdated: Vec<(usize, String)>,
}

/// Adds entries to the section of a version. The newest section becomes that of the version if `base` does not have it: it
/// is from an earlier run, or was written since. Entries that exist are not added again, and nothing is removed.
pub(crate) fn add(changelog: &str, base: &str, version: &Version, entries: &[String]) -> Added {
    let (head, sections) = changelog.split_at(start_of_section(changelog).unwrap_or(changelog.len()));
    let name = sections.lines().next().and_then(heading);
    let is_open = name.is_some_and(|name| {
        let is_in_base = base.lines().any(|line| heading(line) == Some(name));
        name.eq_ignore_ascii_case("unreleased") || name == version.to_string() || !is_in_base
    });
    let (old, rest) = if is_open {
        let (_, body) = sections.split_once('\n').unwrap_or((sections, ""));
        body.split_at(start_of_section(body).unwrap_or(body.len()))
    } else {
        ("", sections)
    };
    let mut body: Vec<String> = old.trim().lines().map(str::to_owned).collect();
    for entry in entries.iter().map(|entry| format!("- {entry}")) {
        if !body.contains(&entry) {
            body.push(entry);
        }
    }

    let is_outdated = |line: &str| {
        let entry = line.strip_prefix("- ").unwrap_or_default();
        let words = entry.strip_prefix("⚠️ ").unwrap_or(entry);
        GENERATED.iter().any(|start| words.starts_with(start))
            && !entries.iter().any(|known| known == entry)
            && !base.lines().any(|known| known == line)
    };
    let head = format!("{}\n\n## {version}\n\n", head.trim_end());
    let first = head.lines().count() + 1;
    let outdated = body.iter().enumerate().filter(|(_, line)| is_outdated(line));
    let outdated = outdated.map(|(i, line)| (first + i, line.clone())).collect();
    let text = format!("{head}{}\n\n{rest}", body.join("\n"));
    Added { text: text.trim_end().to_owned() + "\n", outdated }
}

/// Returns where the first section of a text starts.
fn start_of_section(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if heading(line).is_some() {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// Returns the version or the name that a line is the heading of, without a date.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("## ")?.split_whitespace().next()
}

/// Returns the name of the newest section.
pub(crate) fn newest(changelog: &str) -> Option<&str> {
    changelog.lines().find_map(heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "# Changelog\n\nAbout.\n\n## 0.1.0\n\n- First.\n";

    fn entries(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn a_version_gets_a_section() {
        let added = add(BASE, BASE, &Version::new(0, 2, 0), &entries(&["Add `A`"]));
        assert_eq!(added.text, "# Changelog\n\nAbout.\n\n## 0.2.0\n\n- Add `A`\n\n## 0.1.0\n\n- First.\n");
        assert_eq!(added.outdated, []);
        let empty = add("# Changelog\n", "# Changelog\n", &Version::new(0, 1, 0), &entries(&["Add `A`"]));
        assert_eq!(empty.text, "# Changelog\n\n## 0.1.0\n\n- Add `A`\n");
    }

    #[test]
    fn a_second_run_adds_what_is_missing() {
        let first = add(BASE, BASE, &Version::new(0, 1, 1), &entries(&["Add `A`", "Add `B`"])).text;
        let same = add(&first, BASE, &Version::new(0, 1, 1), &entries(&["Add `A`", "Add `B`"]));
        assert_eq!(same, Added { text: first.clone(), outdated: vec![] });
        let edited = first.replace("## 0.1.0", "- By hand.\n\n## 0.1.0");
        let second = add(&edited, BASE, &Version::new(0, 2, 0), &entries(&["Add `A`", "⚠️ Remove `C`"]));
        assert_eq!(
            second.text,
            "# Changelog\n\nAbout.\n\n## 0.2.0\n\n- Add `A`\n- Add `B`\n\n- By hand.\n- ⚠️ Remove `C`\n\n## 0.1.0\n\n- First.\n"
        );
        assert_eq!(second.outdated, [(8, "- Add `B`".to_owned())]);
    }

    #[test]
    fn what_was_unreleased_is_part_of_the_version() {
        let base = BASE.replace("## 0.1.0", "## Unreleased");
        let added = add(&base, &base, &Version::new(0, 2, 0), &entries(&["Add `A`"]));
        assert_eq!(added.text, "# Changelog\n\nAbout.\n\n## 0.2.0\n\n- First.\n- Add `A`\n");
    }
}
