//! The changes between two documents: as text, Markdown, JSON and changelog entries.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use codegen::diff::{Change, Changes, Rule, Verdict};
use codegen::markdown::{code, code_in_cell};
use semver::Version;
use serde_json::{Value, json};

use super::Report;
use crate::manifest::MANIFEST;
use crate::report::Text;
use crate::root;

/// Returns the changes other than those of descriptions, and the number of changed descriptions.
fn parts(changes: &Changes) -> (Vec<&Change>, usize) {
    let (words, rest): (Vec<&Change>, _) =
        changes.changes.iter().partition(|change| change.rule == Rule::DescriptionChanged);
    (rest, words.len())
}

fn place(change: &Change) -> String {
    if change.path.is_empty() { change.subject.clone() } else { format!("{}: {}", change.subject, change.path) }
}

/// Returns the verdict with its numbers, in one line.
pub(crate) fn summary(report: &Report) -> String {
    let count = |verdict| report.changes.changes.iter().filter(|change| change.verdict() == verdict).count();
    let versions = report.current.as_ref().zip(report.next());
    // The version of a crate of one's own is not the generator's to set.
    let becomes = |(current, next): (&Version, Version)| match root::is_crate() {
        true => format!("; the version in `{MANIFEST}` should go from {current} to {next}"),
        false => format!("; {current} becomes {next}"),
    };
    match report.changes.verdict() {
        None => {
            let stays = versions.map(|(current, _)| format!("; the version stays {current}"));
            format!("nothing changed{}", stays.unwrap_or_default())
        }
        Some(verdict) => format!(
            "{}: {} major, {} minor, {} patch{}",
            verdict.as_str(),
            count(Verdict::Major),
            count(Verdict::Minor),
            count(Verdict::Patch),
            versions.map(becomes).unwrap_or_default()
        ),
    }
}

pub(crate) fn text(report: &Report) -> Text {
    let style = |verdict| match verdict {
        Verdict::Major => AnsiColor::Red.on_default().bold(),
        Verdict::Minor => AnsiColor::Yellow.on_default().bold(),
        Verdict::Patch => AnsiColor::Green.on_default().bold(),
    };
    let mut out = Text::default();
    out.plain(&format!("  old {}", report.old)).end().plain(&format!("  new {}", report.new)).end().end();
    let (changes, words) = parts(&report.changes);
    for change in changes {
        let (verdict, dim) = (change.verdict(), Style::new().dimmed());
        out.styled(style(verdict), verdict.as_str()).plain(" ").plain(&place(change)).end();
        let mut line = |label: &str, text: &str| {
            out.plain("      ").styled(dim, &format!("{label:<5}")).plain(" ").plain(text).end();
        };
        let (was, is) = (&change.was, &change.is);
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        line("was", &side(&was.wire));
        line("is", &side(&is.wire));
        line("wire", &change.wire_effect());
        if was.rust.is_some() || is.rust.is_some() {
            line("rust", &format!("{}: {} → {}", change.item, side(&was.rust), side(&is.rust)));
        }
        line("rule", &format!("{}: {}", change.rule.name(), rule_note(change.rule)));
        if let Some(guess) = guess(change, |name| format!("`{name}`")) {
            line("guess", &guess);
        }
    }
    if words > 0 {
        out.styled(style(Verdict::Patch), "patch").plain(&format!(" {words} descriptions")).end();
    }
    out.end().plain(&format!("verdict {}", summary(report))).end();
    out
}

/// Returns the guessed rename, with `quoted` around the name, and what the guess is based on.
fn guess(change: &Change, quoted: impl Fn(&str) -> String) -> Option<String> {
    let guess = change.guess.as_ref()?;
    let direction = if change.is.wire.is_none() { "to" } else { "from" };
    Some(format!("renamed {direction} {}: {}", quoted(&guess.renamed), guess.reason))
}

fn rule_note(rule: Rule) -> String {
    let silent = if rule.is_silent() { "; the compiler does not see it" } else { "" };
    format!("{}{silent}", rule.reason())
}

pub(crate) fn markdown(report: &Report) -> String {
    let (old, new) = (code(&report.old), code(&report.new));
    let mut out = format!("## {old} → {new}\n\n**Verdict: {}**\n", summary(report));
    tables(&report.changes, "###", &mut out);
    out
}

/// Returns what differs between two releases that the crate has side by side, in Markdown for the later module's docs.
pub(crate) fn differences(module: &str, versions: (&str, &str), changes: &Changes) -> String {
    let (old_version, new_version) = (code(versions.0), code(versions.1));
    let mut out = format!(
        "# Differences from the crate's root\n\nWhat changes for a program that moves from the root of the crate (Stripe's API \
         {old_version}) to `{module}` ({new_version}). A major change can break it, a minor one adds to the API, a patch needs no edit.\n"
    );
    tables(changes, "##", &mut out);
    out
}

/// Writes a table for each verdict that any change has.
fn tables(changes: &Changes, heading: &str, out: &mut String) {
    let (changes, words) = parts(changes);
    for verdict in [Verdict::Major, Verdict::Minor, Verdict::Patch] {
        let rows: Vec<_> = changes.iter().filter(|change| change.verdict() == verdict).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "\n{heading} {}\n\n| where | was | is | Rust | rule |\n|---|---|---|---|---|",
            verdict.as_str()
        );
        for change in rows {
            let code = |text: &Option<String>| text.as_deref().map_or("—".to_owned(), code_in_cell);
            let item = code_in_cell(&change.item);
            let rust = match (&change.was.rust, &change.is.rust) {
                (None, None) => item,
                (was, is) => format!("{item}: {} → {}", code(was), code(is)),
            };
            let guess = guess(change, code_in_cell).map(|guess| format!(" (probably {guess})"));
            let _ = writeln!(
                out,
                "| {}{} | {} | {} | {rust} | {}: {} |",
                code_in_cell(&place(change)),
                guess.unwrap_or_default(),
                code(&change.was.wire),
                code(&change.is.wire),
                change.rule.name(),
                rule_note(change.rule)
            );
        }
    }
    if words > 0 {
        let _ = writeln!(out, "\n{words} descriptions changed.");
    }
}

pub(crate) fn json(report: &Report) -> Value {
    let changes: Vec<_> = report
        .changes
        .changes
        .iter()
        .map(|change| {
            json!({
                "subject": change.subject,
                "path": change.path,
                "wire": { "was": change.was.wire, "is": change.is.wire, "effect": change.wire_effect() },
                "rust": { "item": change.item, "was": change.was.rust, "is": change.is.rust },
                "verdict": change.verdict().as_str(),
                "rule": change.rule.name(),
                "reason": change.rule.reason(),
                "seen_by_compiler": !change.rule.is_silent(),
                "renamed": change.guess.as_ref().map(|guess| &guess.renamed),
                "rename_reason": change.guess.as_ref().map(|guess| &guess.reason),
            })
        })
        .collect();
    json!({
        "old": report.old,
        "new": report.new,
        "verdict": report.changes.verdict().map(Verdict::as_str),
        "version": {
            "current": report.current.as_ref().map(ToString::to_string),
            "next": report.next().map(|next| next.to_string()),
        },
        "changes": changes,
    })
}

/// Returns what a change was and is, as the end of an entry. It is never empty.
fn sides(change: &Change) -> String {
    match (&change.was.rust, &change.is.rust, &change.was.wire, &change.is.wire) {
        (Some(was), Some(is), ..) | (None, None, Some(was), Some(is)) => format!(" from {} to {}", code(was), code(is)),
        (.., None, Some(is)) => format!(": {} is new", code(is)),
        (.., Some(was), None) => format!(": {} is gone", code(was)),
        _ => format!(": {}", change.rule.reason()),
    }
}

/// Returns the entries under the heading of the next version.
pub(crate) fn changelog(report: &Report) -> String {
    let next = report.next().map_or_else(|| "Unreleased".to_owned(), |next| next.to_string());
    let mut out = format!("## {next}\n\n");
    for entry in entries(&report.changes) {
        let _ = writeln!(out, "- {entry}");
    }
    out
}

/// Returns the entries for a changelog, in the style of Stripe's own: what can break a program first, marked as such, then
/// the rest. There is at least one entry if anything changed.
pub(crate) fn entries(changes: &Changes) -> Vec<String> {
    let mut entries: Vec<(bool, String)> = Vec::new();
    let (facts, words) = parts(changes);
    // Changes of one kind in one place are one entry.
    let mut grouped: BTreeMap<(bool, &str, String), Vec<String>> = BTreeMap::new();
    for change in &facts {
        let breaks = change.verdict() == Verdict::Major;
        let (owner, last) = change.item.rsplit_once("::").unwrap_or((&change.item, &change.item));
        // An argument of `new` is a change of the function, and has its own name only on the wire.
        let name = change.path.rsplit('.').next().filter(|name| !name.is_empty()).unwrap_or(last);
        let of_enum = format!("enum {}", code(owner));
        let (what, of, name) = match change.rule {
            Rule::OptionalParameterAdded | Rule::FieldAdded | Rule::RequiredFieldAdded => {
                ("Add support for", code(owner), name)
            }
            Rule::RequiredParameterAdded => ("Add required parameter", code(owner), name),
            Rule::ParameterRemoved | Rule::FieldRemoved => ("Remove support for", code(owner), name),
            Rule::ValueAdded => ("Add support for new value", of_enum, &*change.path),
            Rule::ValueRemoved => ("Remove support for value", of_enum, &*change.path),
            _ => {
                entries.push((breaks, entry(change)));
                continue;
            }
        };
        grouped.entry((breaks, what, of)).or_default().push(code(name));
    }
    for ((breaks, what, of), names) in grouped {
        entries.push((breaks, format!("{what} {} on {of}", names.join(", "))));
    }
    if facts.is_empty() && words > 0 {
        entries.push((false, "Improve descriptions".to_owned()));
    }
    entries.sort_by(|(a, a_entry), (b, b_entry)| b.cmp(a).then_with(|| a_entry.cmp(b_entry)));
    entries.dedup();
    let marked = |(breaks, entry)| if breaks { format!("⚠️ {entry}") } else { entry };
    entries.into_iter().map(marked).collect()
}

/// Returns the entry of a change that is an entry by itself.
fn entry(change: &Change) -> String {
    let rust = change.is.rust.as_ref().or(change.was.rust.as_ref());
    let module = if rust.is_some_and(|rust| rust.starts_with("mod ")) { "module " } else { "" };
    let item = code(&change.item);
    match change.rule {
        Rule::VersionChanged => {
            format!("Change the API version to {}", code(change.is.wire.as_deref().unwrap_or_default()))
        }
        Rule::ItemAdded | Rule::IdAdded | Rule::AlternativeAdded | Rule::BoundaryReached => {
            format!("Add {module}{item}")
        }
        Rule::ItemRemoved | Rule::IdRemoved | Rule::AlternativeRemoved => format!("Remove {module}{item}"),
        Rule::Deprecated => format!("Deprecate {item}"),
        Rule::DeprecationLifted => format!("Lift the deprecation of {item}"),
        Rule::SecrecyLost => format!("Print {item} in `Debug`"),
        Rule::SecrecyGained => format!("Hide {item} in `Debug`"),
        _ => format!("Change {item}{}", sides(change)),
    }
}

#[cfg(test)]
mod tests {
    use codegen::diff::Words;

    use super::*;

    fn change(rule: Rule, was: bool, is: bool) -> Change {
        let side = |is_there: bool, text: &str| Words { wire: is_there.then(|| text.to_owned()), rust: None };
        Change {
            subject: "Session".to_owned(),
            path: "url".to_owned(),
            item: "Session::url".to_owned(),
            was: side(was, "before"),
            is: side(is, "after"),
            rule,
            guess: None,
        }
    }

    #[test]
    fn every_entry_says_what_changed() {
        for &rule in Rule::ALL {
            for (was, is) in [(false, false), (false, true), (true, false), (true, true)] {
                // A document always has a version.
                if rule == Rule::VersionChanged && !is {
                    continue;
                }
                let entries = entries(&Changes::new(vec![change(rule, was, is)]));
                let [entry] = entries.as_slice() else { panic!("{}: {entries:?}", rule.name()) };
                let entry = entry.trim_start_matches("⚠️ ");
                assert!(
                    !entry.ends_with("Change `Session::url`") && !entry.ends_with("``"),
                    "{}: {entry}",
                    rule.name()
                );
            }
        }
        let limit = entries(&Changes::new(vec![change(Rule::LimitChanged, false, true)]));
        assert_eq!(limit, ["Change `Session::url`: `after` is new"]);
        let deprecated = entries(&Changes::new(vec![change(Rule::Deprecated, false, true)]));
        assert_eq!(deprecated, ["Deprecate `Session::url`"]);
    }
}
