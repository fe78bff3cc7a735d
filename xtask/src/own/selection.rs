//! The text of a new `codegen.toml`: the selection, and the rows that follow from the document.

use std::collections::BTreeMap;

use codegen::config::{Event, PlaceRow, Rename, Secrecy, Table, proposal, string};
use codegen::coverage::Coverage;
use codegen::document::Document;
use codegen::ir::{Api, Type};
use codegen::markdown::code;
use codegen::{Config, Diagnostic, Diagnostics, Generated, known};

use super::fill;
use crate::report::{WARN, line};
use crate::update::take::module_of;

/// The rows for parameters that filter by a time: integers with the name of a time of what the operation lists. Where Stripe's
/// documents mark such a field as a time, they do not mark the filter.
pub(super) fn filters_by_time(api: &Api) -> Vec<PlaceRow> {
    let rows = api.operations.iter().flat_map(|operation| {
        let listed = match &operation.output {
            Type::List(item) | Type::SearchResult(item) => item.name(),
            _ => None,
        };
        let model = listed.and_then(|name| api.models.iter().find(|model| model.name == name));
        let fields = model.map(|model| model.fields.as_slice()).unwrap_or_default();
        let is_time = |name: &str| fields.iter().any(|field| field.wire == name && field.ty == Type::Timestamp);
        let filters = operation.params.iter().filter(move |param| {
            is_time(&param.wire)
                && matches!(&param.ty, Type::Integer | Type::RangeOr(_))
                && *param.ty.leaf() == Type::Integer
        });
        filters.map(|param| PlaceRow::Place(param.origin.place.clone()))
    });
    rows.collect()
}

/// The text of `codegen.toml` up to the rows that are for this crate only.
const CONFIGURATION: &str = include_str!("codegen.toml.txt");

/// Returns the text of `codegen.toml`: the selection, what applied of the rows of this workspace, and each value that is secret by
/// a pattern.
pub(super) fn configuration(
    config: &Config,
    covered: &Coverage,
    generated: &Generated,
    version: &str,
    upstream_sha256: &str,
) -> String {
    let commit = config.upstream_commit.as_deref();
    let commit = commit.map(|url| format!("upstream_commit = {}\n", string(url))).unwrap_or_default();
    let places = |table: Table| {
        generated.used.iter().filter(move |row| row.table == table).map(|row| (row.key.as_str(), String::new()))
    };
    let by_pattern = by_pattern(&generated.api).into_iter().map(|(place, pattern)| (place, format!(" # {pattern}")));
    let sensitive: BTreeMap<_, _> = by_pattern.chain(places(Table::Sensitive)).collect();
    let timestamps = match lines(places(Table::Timestamp)) {
        times if times.is_empty() => times,
        times => format!("\n# Times that are not marked as such.\ntimestamps = [\n{times}]\n"),
    };
    let secrecy = config.secrecy.as_ref();
    let of_secrecy = |list: fn(&Secrecy) -> &[String]| {
        lines(secrecy.into_iter().flat_map(list).map(|pattern| (pattern.as_str(), String::new())))
    };
    let mut text = fill(
        CONFIGURATION,
        &[
            ("{expand_depth}", &config.expand_depth.to_string()),
            ("{upstream}", &string(&config.upstream)),
            ("{upstream_commit}\n", &commit),
            ("{docs_url}", &string(&config.docs_url)),
            ("{sensitive}\n", &lines(sensitive)),
            ("{public}\n", &lines(places(Table::Public))),
            ("{timestamps}\n", &timestamps),
            ("{patterns}\n", &of_secrecy(|secrecy| &secrecy.patterns)),
            ("{members}\n", &of_secrecy(|secrecy| &secrecy.members)),
            ("{harmless}\n", &of_secrecy(|secrecy| &secrecy.harmless)),
            ("{module}", &string(&module_of(version).unwrap_or_else(|| "api".to_owned()))),
            ("{version}", &string(version)),
            ("{document}", &string(&format!("stripe-{version}.yaml"))),
            ("{upstream_sha256}", &string(upstream_sha256)),
        ],
    );
    for resource in covered.resources.iter().filter(|resource| resource.generated() > 0) {
        let rows = resource.operations.iter().map(|(head, refused)| {
            let row = match head.id.is_empty() {
                true => format!("{{ method = {:?}, path = {} }},", head.method.key(), string(&head.path)),
                false => format!("{},", string(&head.id)),
            };
            match refused {
                Some(problem) => format!("    # Left out: {}.\n    # {row}\n", problem.reason),
                None => format!("    {row}\n"),
            }
        });
        let schema = string(&resource.schema);
        text.push_str(&format!("\n[[resource]]\nschema = {schema}\noperations = [\n{}]\n", rows.collect::<String>()));
    }
    // An operation that is left out for its name is taken with the row that gives it another one.
    let has_row = |problem: &&Diagnostic| problem.help.lines().nth(1).is_some_and(|line| line.starts_with("[["));
    for problem in covered.refusals().iter().filter(has_row) {
        let row: Vec<_> = problem.help.lines().skip(1).map(|line| format!("# {line}\n")).collect();
        text.push_str(&format!("\n# To take what is left out above: {}.\n{}", problem.reason, row.concat()));
    }
    for row in rows(config, generated) {
        text.push_str(&format!("\n{row}\n"));
    }
    text
}

/// Says which events get no row, since a name cannot be made of their types.
pub(crate) fn not_named(types: &[&str]) -> String {
    let names: Vec<_> = types.iter().map(|type_| code(type_)).collect();
    format!(
        "events that have no name in Rust by the rule, and which a row `[[event]]` with a `name` takes: {}",
        names.join(", ")
    )
}

/// Returns the rows of the events that are about the selected resources.
pub(super) fn events(config: &Config, document: &Document<'_>, covered: &Coverage) -> Result<String, Diagnostics> {
    let resources = covered.resources.iter().filter(|resource| resource.generated() > 0);
    let schemas = resources.map(|resource| resource.schema.as_str()).collect();
    let events = known::events_about(document, &schemas, &config.thin_events)?;
    let (rows, others) = Event::of_own_crate(events.iter().map(String::as_str), &[]);
    if !others.is_empty() {
        line(WARN, "note", &not_named(&others));
    }
    let rows: String = rows.iter().map(|(_, row)| format!("\n{row}\n")).collect();
    let about = "# The events of the selected resources, with their names in Rust; a version is in front of the types of thin ones. What no row names\n# is unknown, and is read all the same.";
    Ok(if rows.is_empty() { rows } else { format!("\n{about}{rows}") })
}

/// Returns the elements of a list, each with what is behind it.
fn lines<'p>(elements: impl IntoIterator<Item = (&'p str, String)>) -> String {
    elements.into_iter().map(|(element, after)| format!("    {},{after}\n", string(element))).collect()
}

/// Returns each place that is secret since its name matches a pattern, with the pattern.
pub(crate) fn by_pattern(api: &Api) -> BTreeMap<&str, &str> {
    let with_pattern = api.secret_by_pattern().map(|field| {
        let pattern = field.origin.rows.iter().find(|row| row.table == Table::Secrecy).map(|row| row.key.as_str());
        (field.origin.place.as_str(), pattern.unwrap_or_default())
    });
    with_pattern.collect()
}

/// The rows of tables of their own that applied, in the order of the tables.
fn rows(config: &Config, generated: &Generated) -> Vec<String> {
    const TABLES: [Table; 6] =
        [Table::Rename, Table::Field, Table::Variant, Table::SharedEnum, Table::Id, Table::Fixup];
    let mut rows: BTreeMap<(Table, &str, usize), (Vec<&str>, codegen::config::Found)> = BTreeMap::new();
    let mut added = Vec::new();
    for row in generated.used.iter().filter(|row| TABLES.contains(&row.table)) {
        match config.find_all(row.table, &row.key, None).next() {
            Some((file, found)) => {
                rows.entry((row.table, file, found.line)).or_insert((Vec::new(), found)).0.push(&row.key);
            }
            None => {
                let rename = config.renames.iter().find(|rename| rename.from == row.key);
                let members = |rename: &Rename| proposal(row.table, &[("from", &rename.from), ("to", &rename.to)], &[]);
                added.extend(rename.map(members));
            }
        }
    }
    rows.into_values().map(|(keys, found)| found.only(&keys).toml()).chain(added).collect()
}
