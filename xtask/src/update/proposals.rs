//! What a person can take or keep by pasting a row: new operations, resources and events, names of what seems renamed, and enums
//! that can be shared.

use std::collections::BTreeSet;
use std::fs;

use codegen::config::{Event, Table, Used, proposal, string};
use codegen::diff::{Rename, renames, shareable};
use codegen::ir::{Api, Field, Named, Type};
use codegen::known::{Known, NewOperation};
use codegen::markdown::code;
use codegen::{Home, PLACEHOLDER, Pointer};

use super::list::{Task, in_config};
use super::tasks::{Current, place};
use super::{State, command};
use crate::generate::without_operations;
use crate::manifest::MANIFEST;
use crate::own;
use crate::root::{self, config_name};

/// The most resources that one item names.
const RESOURCES: usize = 10;

/// Adds what can be proposed for a release.
pub(super) fn add(current: &Current<'_>, used: &Used, tasks: &mut Vec<Task>) {
    let before = current.old.map(|old| old.known.clone()).unwrap_or_default();
    operations(current, &before, tasks);
    events(current, &before, tasks);
    events_gone(current, tasks);
    let Some(api) = current.new.api else { return };
    let (file, old) = (config_name(), current.old.and_then(|old| old.api));
    if let Some(old) = old {
        tasks.extend(times(current, old, api));
        let mut renames = renames(old, api, &current.only_release());
        renames.retain(|rename| keeps_a_name(rename, api));
        match root::is_crate() {
            true => tasks.extend(names(&renames)),
            false => tasks.extend(renames.into_iter().map(|rename| name(current, rename))),
        }
    }
    for shared in shareable(old, api) {
        // Nobody was asked about the enums of a crate of one's own when it was created: only what is shared goes on.
        if root::is_crate() && !shared.is_shared {
            continue;
        }
        let places: Vec<_> = shared.places.iter().map(|place| code(place)).collect();
        let row_of = |place: &String| current.config.find(Table::SharedEnum, place, Some(&current.new.release.module));
        let (how, row) = match shared.places.iter().filter(|_| shared.is_shared).find_map(row_of) {
            Some(present) => {
                let lines = present.lines();
                // A place that no document has any more would be refused.
                let is_used =
                    |place: &&str| used.iter().any(|row| row.table == Table::SharedEnum && row.key == **place);
                let places = current.config.shared_enums.iter().flat_map(|row| &row.places).map(String::as_str);
                let gone: Vec<_> = places.filter(|place| !is_used(place)).collect();
                let row = present
                    .clone()
                    .without(&gone)
                    .unwrap_or(present)
                    .with(shared.new_places.iter().map(String::as_str));
                (format!("replace {lines} of `{file}` by this row to share"), row)
            }
            None => {
                let row = proposal(Table::SharedEnum, &[("name", &shared.name)], &current.only_release());
                let list: String = shared.places.iter().map(|place| format!("    {},\n", string(place))).collect();
                (format!("this row at the end of `{file}` shares"), format!("{row}\nplaces = [\n{list}]"))
            }
        };
        let what = format!(
            "{} have the same values, and a type of their own each: {how} {}, which would break programs later",
            places.join(" and "),
            code(&shared.name)
        );
        tasks.push(Task::note(current.at(&shared.pointer), what).with_row(row));
    }
}

/// The item for values that were times, since the document said so or not, and are plain numbers or texts now.
fn times(current: &Current<'_>, old: &Api, new: &Api) -> Option<Task> {
    let fields = |api| Api::items(api).flat_map(Named::fields);
    let is_time = |field: &&Field| matches!(field.ty.leaf(), Type::Timestamp | Type::DateTime);
    let times: BTreeSet<_> = fields(old).filter(is_time).map(|field| &field.origin.pointer).collect();
    let kind = |state: &State<'_>, pointer: &Pointer| state.document.pointer(pointer.as_str())?.get("type").cloned();
    let was_time = |field: &&Field| {
        let now = &field.origin.pointer;
        let before = current.moved.get(now).unwrap_or(now);
        let has_its_kind = current.old.is_some_and(|old| kind(old, before) == kind(current.new, now));
        matches!(field.ty.leaf(), Type::Integer | Type::String) && times.contains(before) && has_its_kind
    };
    let places: BTreeSet<_> = fields(new).filter(was_time).map(|field| string(&field.origin.place)).collect();
    let modules: Vec<_> = current.only_release().into_iter().map(string).collect();
    let row = |place: &String| match modules.as_slice() {
        [] => format!("    {place},"),
        modules => format!("    {{ place = {place}, releases = [{}] }},", modules.join(", ")),
    };
    let rows: Vec<_> = places.iter().map(row).collect();
    let (key, rows) = (Table::Timestamp.key(), rows.join("\n"));
    let (at, rows) = match current.config.line_of(key) {
        Some((file, line)) => (format!("below line {line} of `{file}`"), rows),
        None => (format!("above the first table of `{}`", config_name()), format!("{key} = [\n{rows}\n]")),
    };
    let what = format!(
        "rows of {}, {at}, which keep the type of what the document no longer marks as a time: {}",
        code(key),
        places.len()
    );
    (!places.is_empty()).then(|| Task::note(in_config(None), what).with_row(rows))
}

/// Whether the row of a rename keeps a name that nothing else has, and that fits: fields of one type are many, and a row that gives
/// one of them the name of another would let programs compile that mean the other.
fn keeps_a_name(rename: &Rename, api: &Api) -> bool {
    match &rename.field {
        Some((old, new)) => old.split('_').any(|word| new.split('_').any(|other| other == word)),
        None => api.named(&rename.old).is_none(),
    }
}

/// What something was called before.
fn old_name(rename: &Rename) -> String {
    match &rename.field {
        Some((field, _)) => format!("{} of {}", code(field), code(&rename.old)),
        None => code(&rename.old),
    }
}

/// The item for something that seems renamed.
fn name(current: &Current<'_>, rename: Rename) -> Task {
    let what = format!(
        "{} seems to be {} with another name ({}), and has its description: this row at the end of `{}` keeps the Rust name",
        place(&rename.pointer),
        old_name(&rename),
        rename.reason,
        config_name()
    );
    Task::note(current.at(&rename.pointer), what).with_row(rename.row)
}

fn names(renames: &[Rename]) -> Option<Task> {
    let row = |rename: &Rename| format!("# {} before: {}.\n{}", old_name(rename), rename.reason, rename.row);
    let rows: Vec<_> = renames.iter().map(row).collect();
    let file = config_name();
    let what = format!(
        "rows for the end of `{file}`, which keep the Rust names of what seems to have another name than before: {}",
        rows.len()
    );
    (!rows.is_empty()).then(|| Task::note(in_config(None), what).with_row(rows.join("\n\n")))
}

fn operations(current: &Current<'_>, before: &Known, tasks: &mut Vec<Task>) {
    let (file, known) = (config_name(), &current.new.known);
    let again = match current.has_upstream() {
        true => String::new(),
        false => format!("; then run {} with Stripe's document, or without a file", code(&command("update"))),
    };
    let selected = |resource: &str| {
        current.config.resources.iter().any(|row| row.schema == resource && !row.operations.is_empty())
    };
    // A row without a list of operations has models only, where other resources refer to the resource.
    let bare = if root::is_crate() { current.config.without_operations() } else { Vec::new() };
    let none = Known::default();
    let all = known.new_operations(&none, current.config, &current.new.release.module);
    for schema in &bare {
        let of_it = all.iter().filter(|one| one.operation.resource == *schema);
        let list: String = of_it.map(|one| format!("    {},\n", one.selector)).collect();
        let (gives, meant) = without_operations(schema, current.new.api);
        if list.is_empty() {
            let what = format!(
                "the row of {} gives {gives}, and Stripe's document has no operation of it: correct its `schema`, or delete it",
                code(schema)
            );
            tasks.extend(meant.is_empty().then(|| Task::note(in_config(None), what)));
            continue;
        }
        let row = format!("{}\noperations = [\n{list}]", proposal(Table::Resource, &[("schema", schema)], &[]));
        let what = format!(
            "the row of {} names no operation, and gives {gives}: this row instead takes its operations{again}{meant}",
            code(schema)
        );
        tasks.push(Task::note(in_config(None), what).with_row(row));
    }
    let is_other = |new: &NewOperation<'_>| !bare.contains(&new.operation.resource);
    let new = known.new_operations(before, current.config, &current.new.release.module).into_iter().filter(is_other);
    // A crate of one's own is of the resources that a person named. What else is new is for another crate.
    let (listed, others): (Vec<_>, Vec<_>) =
        new.partition(|new| current.config.home == Home::Workspace || selected(&new.operation.resource));
    let resources: BTreeSet<_> = others.iter().map(|new| code(&new.operation.resource)).collect();
    if !others.is_empty() {
        let rest = resources.len().saturating_sub(RESOURCES);
        let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let named = resources.into_iter().take(RESOURCES).collect::<Vec<_>>().join(", ");
        let what = format!("operations of other resources that are new: {}, of {named}{rest}", others.len());
        tasks.push(Task::note(in_config(None), what));
    }
    for new in listed {
        let resource = &new.operation.resource;
        let is_new = !before.operations.values().any(|operation| operation.resource == *resource);
        let of = if is_new { "the new resource " } else { "" };
        let mut what = format!(
            "{} of {of}{} is new and not selected: this row at the end of `{file}` takes it{again}",
            code(new.name),
            code(resource)
        );
        let mut rows = vec![new.row];
        if let Some(feature) = new.new_feature {
            let manifest = if root::is_crate() { MANIFEST } else { "generated/Cargo.toml" };
            let text = fs::read_to_string(root::path().join(manifest)).unwrap_or_default();
            let line = text.lines().position(|line| line.trim() == "[features]");
            let line = line.map(|line| format!(", below line {}", line + 1)).unwrap_or_default();
            what.push_str(&format!(", with its feature in `{manifest}`{line}"));
            rows.push(format!("{feature} = []"));
        }
        tasks.push(rows.into_iter().fold(Task::note(in_config(None), what), Task::with_row));
    }
}

/// Adds the events that no row names, for a crate that names events at all, or one of one's own.
fn events(current: &Current<'_>, before: &Known, tasks: &mut Vec<Task>) {
    if current.config.events.is_empty() && !root::is_crate() {
        return;
    }
    let file = config_name();
    let new = current.new.known.new_events(before, current.config);
    let rows = match root::is_crate() {
        true => {
            let (rows, others) = Event::of_own_crate(new, &current.config.events);
            if !others.is_empty() {
                tasks.push(Task::note(in_config(None), own::not_named(&others)));
            }
            rows
        }
        false => {
            let row = |event| proposal(Table::Event, &[("type", event), ("description", PLACEHOLDER)], &[]);
            new.into_iter().map(|event| (event, row(event))).collect()
        }
    };
    let (names, rows): (Vec<_>, Vec<_>) = rows.into_iter().map(|(event, row)| (code(event), row)).unzip();
    let what = match names.as_slice() {
        [] => return,
        [name] => format!("the event {name} is new: this row at the end of `{file}` names it"),
        names => format!("{} events are new: these rows at the end of `{file}` name them", names.len()),
    };
    tasks.push(Task::note(in_config(None), what).with_row(rows.join("\n\n")));
}

/// Adds the events of rows that Stripe's document has no longer. The events are those of the first release.
fn events_gone(current: &Current<'_>, tasks: &mut Vec<Task>) {
    if current.config.releases.first().is_none_or(|first| first.module != current.new.release.module) {
        return;
    }
    let gone = current
        .new
        .known
        .events_gone
        .iter()
        .filter_map(|event| Some((event, current.config.find(Table::Event, event, None)?)));
    tasks.extend(gone.map(|(event, row)| {
        let what = format!("Stripe's document no longer has the event {}: {}", code(event), row.deletion());
        Task::new(in_config(Some(row.line)), what)
    }));
}
