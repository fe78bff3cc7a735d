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
