//! What is left for a person: places to describe or to check, decisions, samples, and operations that are gone.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use codegen::config::{Release, Table, Used, applies};
use codegen::descriptions::{self, Move, Reason, Review, Text};
use codegen::document::{Document, to_json};
use codegen::ir::Origin;
use codegen::known::{self, Absent};
use codegen::markdown::{code, message};
use codegen::select::strip_ignored;
use codegen::{Config, Diagnostic, PLACEHOLDER, Pointer, sample};
use serde_json::Value;

use super::list::{Task, in_config};
use super::take::parse;
use super::{State, command, proposals};
use crate::facts;
use crate::place::Places;
use crate::report::{Failure, problem};
use crate::root::{self, config_name, shown};
use crate::upstream;

const OURS: &str = "Ours";
const OURS_BEFORE: &str = "Ours before";
const STRIPES: &str = "Stripe's";
const STRIPES_BEFORE: &str = "Stripe's before";

/// Where the error object is, which is written by hand.
const RUNTIME_ERROR: &str = "generated/runtime/src/support/api_error.rs";

pub(super) struct Current<'a> {
    pub(super) config: &'a Config,
    pub(super) new: &'a State<'a>,
    pub(super) old: Option<&'a State<'a>>,
    lines: OnceCell<Places>,
    /// Where the parts that moved were before.
    pub(super) moved: BTreeMap<Pointer, Pointer>,
    /// Stripe's document, if it is at hand.
    upstream: Option<Value>,
}

impl Current<'_> {
    /// Returns the file and the line of a place.
    pub(super) fn at(&self, pointer: &Pointer) -> (String, Option<usize>) {
        let lines = self.lines.get_or_init(|| Places::new(&self.new.text));
        (self.new.name.clone(), Some(lines.line_of(pointer)))
    }

    /// Returns the releases that a row which is for this document only names.
    pub(super) fn only_release(&self) -> Vec<&str> {
        if self.config.releases.len() > 1 { vec![&self.new.release.module] } else { Vec::new() }
    }

    /// Whether Stripe's document is at hand.
    pub(super) fn has_upstream(&self) -> bool {
        self.upstream.is_some()
    }

    fn stripes(&self, pointer: &Pointer) -> Option<String> {
        upstream::description(self.upstream.as_ref()?, pointer)
    }
}

/// Returns the operations of rows that their document no longer has, as items.
pub(super) fn absent(config: &Config) -> Result<Vec<Task>, Failure> {
    // By release and row, and by whether Stripe's document has them, which are only to be taken from there.
    let mut gone: BTreeMap<(usize, usize, bool), Vec<Absent>> = BTreeMap::new();
    for (i, release) in config.releases.iter().enumerate() {
        let path = root::document(&release.document);
        let (name, text) = (shown(&path), root::read(&path)?);
        let json = to_json(&name, &text)?;
        let absent = known::absent(config, Some(&release.module), &Document::index(&name, &json)?);
        let operations = facts::of(release)?.operations;
        let has = |operation: &str| operations.iter().any(|(name, known)| name == operation || known.id == operation);
        for one in absent {
            let row = config.find(Table::Resource, &one.operation, Some(&release.module));
            gone.entry((i, row.map_or(1, |row| row.line), has(&one.operation))).or_default().push(one);
        }
    }
    let mut tasks = Vec::new();
    for ((i, line, is_known), absent) in gone {
        let (Some(release), Some(Absent { schema, .. })) = (config.releases.get(i), absent.first()) else { continue };
        let operations: Vec<_> = absent.iter().map(|one| one.operation.as_str()).collect();
        let names = operations.iter().map(|operation| code(operation)).collect::<Vec<_>>().join(", ");
        let (what, row) = match is_known {
            true => {
                let (document, update) = (format!("spec/{}", release.document), command("update"));
                let what = format!(
                    "take {names} of {}: {} lacks what Stripe's document has; run {} with Stripe's document, or without a file",
                    code(schema),
                    code(&document),
                    code(&update)
                );
                (what, None)
            }
            false => {
                let (what, row) = without(config, release, schema, &operations)?;
                (format!("Stripe's document no longer has {names}: {what}"), row)
            }
        };
        tasks.push(row.into_iter().fold(Task::new(in_config(Some(line)), what), Task::with_row));
    }
    Ok(tasks)
}

/// Returns what to do about a row whose operations are gone from the document of a release, and the row instead.
fn without(
    config: &Config,
    release: &Release,
    schema: &str,
    operations: &[&str],
) -> Result<(String, Option<String>), Failure> {
    let find = || config.find(Table::Resource, operations.first()?, Some(&release.module));
    let Some(row) = find() else { return Ok(("delete its row".to_owned(), None)) };
    let others = config.releases.iter().map(|other| other.module.as_str()).filter(|module| *module != release.module);
    let others: Vec<_> = others.filter(|module| applies(&row.releases, Some(module))).collect();
    // A resource that something else refers to stays followed.
    let path = root::document(&release.document);
    let (present, text) = (config.skipping_absent(), root::read(&path)?);
    let selection = codegen::selection(&present, Some(&release.module), &shown(&path), &text)?;
    let is_followed = selection.schema_keys().any(|key| key == schema) && !selection.boundary.contains_key(schema);
    let is_named_elsewhere = {
        let rows = config.resources.iter().filter(|row| row.schema == schema);
        rows.filter(|row| applies(&row.releases, Some(&release.module))).count() > 1
    };
    let only = (!others.is_empty()).then_some(release.module.as_str());
    let rest = match row.clone().without(operations) {
        None if is_followed && !is_named_elsewhere => Some(row.clone().without_elements()),
        rest => rest,
    };
    let rest = rest.map(|rest| match only {
        Some(only) => rest.with_releases(&[only]),
        None => rest.toml(),
    });
    let stays = (!others.is_empty()).then(|| row.clone().with_releases(&others));
    let rows: Vec<_> = stays.into_iter().chain(rest).collect();
    Ok(match rows.is_empty() {
        true => (row.deletion(), None),
        false => (format!("replace {} by", row.lines()), Some(rows.join("\n\n"))),
    })
}

pub(super) fn decision(config: &Config, diagnostic: &Diagnostic) -> Task {
    let (_, help) = problem(diagnostic);
    // The item starts with the file and the line.
    let reason = match diagnostic.pointer.as_str() {
        "" => diagnostic.reason.clone(),
        pointer => format!("#{pointer}: {}", diagnostic.reason),
    };
    let (help, pasted) = match help.split_once('\n') {
        Some((help, text)) => (help.trim_end_matches(':').to_owned(), vec![("toml", text.to_owned())]),
        None => (help, Vec::new()),
    };
    // A line of a list is pasted below the line that the list starts on.
    let below = |list: &str| {
        let is_asked_for = !pasted.is_empty() && help.contains(&format!("`{list}`"));
        let (file, line) = config.line_of(list).filter(|_| is_asked_for)?;
        Some(format!("line {line} of `{file}` for `{list}`"))
    };
    let below: Vec<_> = ["sensitive", "public"].into_iter().filter_map(below).collect();
    let below = if below.is_empty() { String::new() } else { format!("; paste it below {}", below.join(", or ")) };
    // A diagnostic names a document as a person does here, and the list as it is below the root.
    let is_of_it = |release: &&Release| shown(&root::document(&release.document)) == diagnostic.document;
    let (file, text) = match config.releases.iter().find(is_of_it) {
        Some(Release { document, .. }) => (format!("spec/{document}"), root::read(&root::document(document)).ok()),
        None => (diagnostic.document.clone(), None),
    };
    let line = diagnostic.position.map(|(line, _)| line);
    let line = line.or_else(|| Some(Places::new(text.as_ref()?).line_of(&diagnostic.pointer)));
    let text = text.unwrap_or_default();
    let without = if pasted.is_empty() { without_it(config, diagnostic, &text) } else { String::new() };
    let mark = if reason.ends_with('?') { "" } else { ";" };
    Task { pasted, ..Task::new((file, line), message(&format!("{reason}{mark} {help}{below}{without}"))) }
}

/// Returns how to do without what the generator refuses, if it is in the document: nothing else may depend on it.
fn without_it(config: &Config, diagnostic: &Diagnostic, text: &str) -> String {
    let tokens: Vec<_> = diagnostic.pointer.tokens().collect();
    let (path, method) = match tokens.as_slice() {
        [paths, path, method, ..] if paths == "paths" => (path, method),
        [components, ..] if components == "components" => {
            return format!("; or delete the operations that need it from their rows of `{}`", config_name());
        }
        _ => return String::new(),
    };
    let document = parse(&diagnostic.document, text).unwrap_or_default();
    let id = document["paths"][path.as_str()][method.as_str()]["operationId"].as_str().unwrap_or_default();
    let names = [id.to_owned(), format!("{} {path}", method.to_uppercase())];
    let rows = names.iter().filter_map(|name| Some((name, config.find(Table::Resource, name, None)?)));
    let rows = rows.map(|(name, row)| {
        let name = code(name);
        format!(
            "; or delete {name} from its row on line {} of `{}`, to do without the operation",
            row.line,
            config_name()
        )
    });
    rows.take(1).collect()
}

/// Returns the descriptions to write or to check, the samples to give, what is newly past the boundary, and what can be proposed.
/// `used` has the rows that match something.
pub(super) fn places(
    config: &Config,
    used: &Used,
    news: &[State<'_>],
    olds: &[Option<State<'_>>],
) -> Result<Vec<Task>, Failure> {
    let mut tasks = Vec::new();
    for (i, new) in news.iter().enumerate() {
        let old = olds.get(i).and_then(Option::as_ref);
        let apis = old.and_then(|old| old.api).zip(new.api);
        let moves = apis.map(|(old, new)| descriptions::moves(old, new)).unwrap_or_default();
        let moved = moves.into_iter().map(|Move { from, to }| (to, from)).collect();
        let upstream = upstream::document(new.release);
        let current = Current { config, new, old, lines: OnceCell::new(), moved, upstream };
        let reviews = old.map(|old| reviews(&current, &old.document)).unwrap_or_default();
        // The descriptions, the samples and the runtime are those of this workspace.
        if !root::is_crate() {
            undescribed(&current, &reviews, &mut tasks);
            changed_facts(&current, &reviews, &mut tasks);
            changed_texts(&current, &mut tasks);
            samples(&current, news, &mut tasks);
            unknown_in_errors(&current, &mut tasks);
        }
        boundary(&current, &mut tasks);
        proposals::add(&current, used, &mut tasks);
    }
    Ok(tasks)
}

/// Returns what should be looked at again, place by place. A part that moved is compared with where it was.
fn reviews(current: &Current<'_>, old: &Value) -> Vec<Review> {
    // A key that the bindings ignore makes no work.
    let (mut old, mut new) = (old.clone(), current.new.document.clone());
    strip_ignored(&mut old);
    strip_ignored(&mut new);
    let mut reviews = descriptions::keep(&old, &mut new.clone());
    for (to, from) in &current.moved {
        let (Some(was), Some(is)) = (old.pointer(from.as_str()), new.pointer(to.as_str())) else { continue };
        // What is inside moved too, and is compared by itself.
        let own = descriptions::keep(was, &mut is.clone()).into_iter();
        let own = own.filter(|review| review.reason == Reason::Changed && review.pointer.as_str().is_empty());
        reviews.extend(own.map(|review| Review { pointer: to.clone(), ..review }));
    }
    reviews
}

fn undescribed(current: &Current<'_>, reviews: &[Review], tasks: &mut Vec<Task>) {
    let undescribed = current.new.api.map(descriptions::undescribed).unwrap_or_default();
    for pointer in &undescribed {
        // A place that moved, such as a field of a renamed schema, has the same last token.
        let last = |pointer: &Pointer| pointer.as_str().rsplit('/').next().map(str::to_owned);
        let value = value_of(&current.new.document, pointer);
        let name = value.as_ref().map(|(_, value)| (*value).to_owned()).or_else(|| last(pointer));
        // A value and a field may have the same name.
        let is_same = |before: &Pointer| {
            last(before) == name
                && (before.as_str().rsplit('/').nth(1) == Some("x-enumDescriptions")) == value.is_some()
        };
        let was_here = |reason, here: bool| {
            reviews.iter().find(|review| {
                review.reason == reason && if here { review.pointer == *pointer } else { is_same(&review.pointer) }
            })
        };
        let before = was_here(Reason::OtherKind, true).or_else(|| was_here(Reason::Gone, false));
        let (what, described) = match &value {
            Some((owner, value)) => {
                (format!("describe {} under `x-enumDescriptions` of {}", code(value), place(owner)), owner)
            }
            None => (format!("describe {}", place(pointer)), pointer),
        };
        let ours = before.map(|review| (OURS_BEFORE, review.description.clone()));
        let stripes = current.stripes(described).map(|text| (STRIPES, text));
        tasks.push(Task::new(current.at(pointer), what).with_quotes([ours, stripes]));
    }
}

fn changed_facts(current: &Current<'_>, reviews: &[Review], tasks: &mut Vec<Task>) {
    for review in reviews.iter().filter(|review| review.reason == Reason::Changed) {
        let described = current.new.document.pointer(review.pointer.as_str());
        let text = described.and_then(|place| place.get("description")?.as_str());
        if text == Some(&*review.description) {
            let what =
                format!("check the description of {}: {}", place(&review.pointer), message(&review.facts.join("; ")));
            let ours = Some((OURS, review.description.clone()));
            tasks.push(Task::note(current.at(&review.pointer), what).with_quotes([ours]));
        }
    }
}

/// Adds the places that Stripe describes otherwise than before: what it means may have changed.
fn changed_texts(current: &Current<'_>, tasks: &mut Vec<Task>) {
    let Some(old) = current.old else { return };
    let ours = descriptions::texts(&current.new.document);
    let old_ours = descriptions::texts(&old.document);
    let old_places: BTreeMap<_, _> = old_ours.iter().map(|(place, text)| (&text.pointer, place)).collect();
    let old_upstream = upstream::document(old.release);
    for (place_now, hash) in &current.new.known.texts {
        // A place without words of ours is to be described, or is not shown.
        let Some(Text { pointer, text }) = ours.get(place_now) else { continue };
        let moved = current.moved.get(pointer).and_then(|from| old_places.get(from).copied());
        let place_before = moved.unwrap_or(place_now);
        if old.known.texts.get(place_before).is_none_or(|was| was == hash) {
            continue;
        }
        let old_text = old_ours.get(place_before);
        // Words that are ours already of this document are those of a person who has read it.
        if old_text.is_some_and(|old| old.text != *text) {
            continue;
        }
        let before = old_upstream.as_ref().zip(old_text);
        let before = before.and_then(|(upstream, old)| upstream::description(upstream, &old.pointer));
        let stripes = current.stripes(pointer);
        let what = match stripes {
            Some(_) => format!("check the description of {}: Stripe's says something else than before", place(pointer)),
            None => format!(
                "check the description of {}: Stripe's says something else than before; `cargo xtask update` with Stripe's \
                 document shows it",
                place(pointer)
            ),
        };
        let quotes = [
            Some((OURS, (*text).to_owned())),
            before.map(|text| (STRIPES_BEFORE, text)),
            stripes.map(|text| (STRIPES, text)),
        ];
        tasks.push(Task::note(current.at(pointer), what).with_quotes(quotes));
    }
}

fn samples(current: &Current<'_>, news: &[State<'_>], tasks: &mut Vec<Task>) {
    let Some(api) = current.new.api else { return };
    let has_row = |place: &String| current.config.samples.iter().any(|row| row.place == *place);
    // A row that no release uses is refused, and so on the list already.
    let is_used = |place: &String| news.iter().filter_map(|new| new.api).any(|api| api.samples.contains_key(place));
    for (key, pointer) in sample::implausible(api) {
        if has_row(&key) && !is_used(&key) {
            continue;
        }
        let line = current.config.line_of(Table::Sample.key());
        let line = line.map(|(file, line)| format!(" below line {line} of `{file}`"));
        let what = format!(
            "give samples a plausible value for {}: paste this row of `sample`{}, with a value of your choice",
            place(pointer),
            line.unwrap_or_default()
        );
        let row = format!("    {{ place = {}, value = \"{PLACEHOLDER}\" }},", codegen::config::string(&key));
        tasks.push(Task::new(current.at(pointer), what).with_row(row));
    }
    let mut check = |pointer: &Pointer, why: String| {
        let what = format!("check the sample of {}: {why}", place(pointer));
        tasks.push(Task::note(current.at(pointer), what));
    };
    for field in api.models.iter().flat_map(|model| &model.fields) {
        let Origin { place, pointer, .. } = &field.origin;
        if has_row(place) && !api.samples.contains_key(place) && is_used(place) {
            let why = "its row is not of the type that the field has here, and is for another release only";
            check(pointer, why.to_owned());
        }
    }
    for (pointer, value) in sample::unlisted(api) {
        check(pointer, format!("its value {} is not listed", code(value)));
    }
}

/// Adds the fields and values of errors that the error object, which is written by hand, does not have.
fn unknown_in_errors(current: &Current<'_>, tasks: &mut Vec<Task>) {
    for pointer in current.new.api.iter().flat_map(|api| &api.unknown_in_errors) {
        let what = format!(
            "add {} to `ApiError` in `{RUNTIME_ERROR}` and to `codegen::lower::errors`: programs do not see it",
            place(pointer)
        );
        tasks.push(Task::note(current.at(pointer), what));
    }
}

fn boundary(current: &Current<'_>, tasks: &mut Vec<Task>) {
    let file = config_name();
    let Some(old) = current.old else { return };
    let config = current.config.skipping_absent();
    let boundary = |state: &State<'_>, release| {
        let json = state.document.to_string();
        codegen::selection(&config, release, &state.name, &json).ok().map(|selection| selection.boundary)
    };
    let (old, new) = (boundary(old, None), boundary(current.new, Some(&*current.new.release.module)));
    let Some((old, new)) = old.zip(new) else { return };
    for (key, from) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        let what = format!(
            "decide on {}, which {} brings newly to the boundary: it stays an id and JSON, or this row at the end of `{file}` \
             follows it, once Stripe's document is taken again",
            code(key),
            code(&format!("#{from}"))
        );
        let row = codegen::config::proposal(Table::Resource, &[("schema", key)], &current.only_release());
        let row = format!("{row}\noperations = []");
        tasks.push(Task::note(current.at(&Pointer::schema(key)), what).with_row(row));
    }
}

/// Returns a place of the document, in Markdown.
pub(super) fn place(pointer: &Pointer) -> String {
    code(&format!("#{pointer}"))
}

/// Returns the enum and the value that a pointer names, if it names one.
fn value_of<'d>(document: &'d Value, pointer: &Pointer) -> Option<(Pointer, &'d str)> {
    let (owner, _) = pointer.as_str().rsplit_once("/enum/")?;
    Some((Pointer::parse(owner), document.pointer(pointer.as_str())?.as_str()?))
}
