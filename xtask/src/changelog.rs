//! `CHANGELOG.md`: one section for each version, the newest first.

use semver::Version;

/// The name of the file, below the root of the workspace.
pub(crate) const CHANGELOG: &str = "CHANGELOG.md";

/// The newest section of a changelog, if it is still open.
struct Open<'a> {
    head: &'a str,
    /// Its heading; empty if there is no open section.
    heading: &'a str,
    lines: Vec<&'a str>,
    rest: &'a str,
}

impl<'a> Open<'a> {
    /// The newest section is open if `base` does not have it, since it is from an earlier run or was written since.
    fn new(changelog: &'a str, base: &str) -> Self {
        let (head, sections) = changelog.split_at(start_of_section(changelog).unwrap_or(changelog.len()));
        let name = sections.lines().next().and_then(heading);
        let is_open = name.is_some_and(|name| !base.lines().any(|line| heading(line) == Some(name)));
        if !is_open {
            return Self { head, heading: "", lines: Vec::new(), rest: sections };
        }
        let (heading, body) = sections.split_once('\n').unwrap_or((sections, ""));
        let (body, rest) = body.split_at(start_of_section(body).unwrap_or(body.len()));
        Self { head, heading, lines: body.trim().lines().collect(), rest }
    }
}

fn is_own(line: &str, own: &[String]) -> bool {
    line.strip_prefix("- ").is_some_and(|entry| own.iter().any(|known| known == entry))
}

/// Whether the open section has lines that neither an earlier run wrote, which are `own`, nor `base` has.
pub(crate) fn has_others(changelog: &str, base: &str, own: &[String]) -> bool {
    let is_known = |line: &str| line.is_empty() || is_own(line, own) || base.lines().any(|known| known == line);
    Open::new(changelog, base).lines.iter().any(|line| !is_known(line))
}

/// Replaces the entries `own`, which an earlier run wrote, by `entries`, in the section of a version. What a person wrote stays. An
/// entry of an earlier run that a person removed or put in other words is not written again.
pub(crate) fn rewrite(changelog: &str, base: &str, own: &[String], version: &Version, entries: &[String]) -> String {
    let Open { head, heading: old_heading, lines, rest } = Open::new(changelog, base);
    let is_removed = |entry: &&String| {
        !old_heading.is_empty()
            && own.contains(entry)
            && !lines.iter().any(|line| is_own(line, std::slice::from_ref(*entry)))
    };
    let new: Vec<_> = entries.iter().filter(|entry| !is_removed(entry)).map(|entry| format!("- {entry}")).collect();
    // Our entries stay together, where the first of them is. A line that says the same as one of them is one of them.
    let is_ours = |line: &str| is_own(line, own) || new.iter().any(|entry| entry == line);
    let first = lines.iter().position(|line| is_ours(line)).unwrap_or(lines.len());
    let others = |lines: &[&str]| lines.iter().filter(|line| !is_ours(line)).map(|line| (*line).to_owned()).collect();
    let (before, after): (Vec<String>, Vec<String>) = (others(&lines[..first]), others(&lines[first..]));
    let body = [before, new, after].concat().join("\n");
    let body = body.trim();
    if body.is_empty() {
        return format!("{}\n\n{rest}", head.trim_end()).trim_end().to_owned() + "\n";
    }
    let heading = match heading(old_heading) {
        Some(name) if name == version.to_string() => old_heading.to_owned(),
        _ => format!("## {version}"),
    };
    format!("{}\n\n{heading}\n\n{body}\n\n{rest}", head.trim_end()).trim_end().to_owned() + "\n"
}

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

    fn written(log: &str, own: &[&str], version: (u64, u64, u64), new: &[&str]) -> String {
        let version = Version::new(version.0, version.1, version.2);
        rewrite(log, BASE, &entries(own), &version, &entries(new))
    }

    #[test]
    fn a_version_gets_a_section() {
        let added = written(BASE, &[], (0, 2, 0), &["Add `A`"]);
        assert_eq!(added, "# Changelog\n\nAbout.\n\n## 0.2.0\n\n- Add `A`\n\n## 0.1.0\n\n- First.\n");
        let empty = rewrite("# Changelog\n", "# Changelog\n", &[], &Version::new(0, 1, 0), &entries(&["Add `A`"]));
        assert_eq!(empty, "# Changelog\n\n## 0.1.0\n\n- Add `A`\n");
    }

    #[test]
    fn a_second_run_replaces_what_the_first_one_wrote() {
        let first = written(BASE, &[], (0, 1, 1), &["Add `A`", "Add `B`"]);
        assert_eq!(written(&first, &["Add `A`", "Add `B`"], (0, 1, 1), &["Add `A`", "Add `B`"]), first);
        // A person's entry stays, however it starts.
        let edited = first.replace("## 0.1.0", "- Add `Z` by hand.\n\n## 0.1.0");
        assert!(has_others(&edited, BASE, &entries(&["Add `A`", "Add `B`"])));
        let second = written(&edited, &["Add `A`", "Add `B`"], (0, 2, 0), &["Add `A`", "⚠️ Remove `C`"]);
        assert_eq!(
            second,
            "# Changelog\n\nAbout.\n\n## 0.2.0\n\n- Add `A`\n- ⚠️ Remove `C`\n\n- Add `Z` by hand.\n\n## 0.1.0\n\n- First.\n"
        );
    }

    #[test]
    fn what_is_taken_back_is_gone() {
        let first = written(BASE, &[], (0, 1, 1), &["Add `A`"]);
        assert!(!has_others(&first, BASE, &entries(&["Add `A`"])));
        assert_eq!(written(&first, &["Add `A`"], (0, 1, 0), &[]), BASE);
    }

    #[test]
    fn what_a_person_removed_or_said_otherwise_is_not_written_again() {
        let first = written(BASE, &[], (0, 1, 1), &["Add `A`", "Add `B`"]);
        let edited = first.replace("- Add `B`", "- Add `B`, which is good.");
        let own = ["Add `A`", "Add `B`"];
        assert_eq!(written(&edited, &own, (0, 1, 1), &own), edited);
        // Without the section there is nothing that was removed.
        assert_eq!(written(BASE, &own, (0, 1, 1), &own), first);
    }
}
