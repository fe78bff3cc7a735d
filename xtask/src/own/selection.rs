//! The text of a new `codegen.toml`: the selection, and the rows that follow from the document.

use std::collections::BTreeMap;

use codegen::config::{Event, PlaceRow, Rename, Table, proposal, string};
use codegen::coverage::Coverage;
use codegen::document::Document;
use codegen::ir::{Api, Type};
use codegen::markdown::code;
use codegen::{Config, Diagnostic, Diagnostics, Generated, known};

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

/// Returns the text of `codegen.toml`: the selection, what applied of the rows of this workspace, and each value that is secret by
/// a pattern.
pub(super) fn configuration(
    config: &Config,
    covered: &Coverage,
    generated: &Generated,
    version: &str,
    upstream_sha256: &str,
) -> String {
    let mut text = format!(
        "# The selection of Stripe's API, and what is decided about it. `cargo xtask generate --crate` reads it.\n\
         #\n\
         # Keys that are of no table, such as `public`, are above the first one. Rows of tables can be added anywhere below:\n\
         # `[[resource]]` (`schema`, `operations`), `[[event]]` (`type`, `name`, `description`), `[[rename]]` (`from`, `to`),\n\
         # `[[field]]` (`place`, `name`), `[[variant]]` (`place`, `value`, `name`), `[[shared_enum]]` (`name`, `places`) and\n\
         # `[[id]]` (`resource`, `places`). A place is `schema/field` or `Operation/parameter`. `cargo xtask explain --crate` shows\n\
         # the place of what has a name, and the row that gives it another one.\n\n\
         expand_depth = {}\nupstream = {}\n",
        config.expand_depth,
        string(&config.upstream),
    );
    if let Some(commit) = &config.upstream_commit {
        text.push_str(&format!("upstream_commit = {}\n", string(commit)));
    }
    text.push_str(&format!("docs_url = {}\n", string(&config.docs_url)));
    let places = |table: Table| {
        generated.used.iter().filter(move |row| row.table == table).map(|row| (row.key.as_str(), String::new()))
    };
    let by_pattern = by_pattern(&generated.api).into_iter().map(|(place, pattern)| (place, format!(" # {pattern}")));
    let sensitive: BTreeMap<_, _> = by_pattern.chain(places(Table::Sensitive)).collect();
    let about = "Never printed by `Debug`. A comment is the pattern that a name matches, or the value that makes it secret: move a place \
                 to `public` if it is none";
    text.push_str(&list("sensitive", about, &sensitive));
    text.push_str(&list("public", "Printed by `Debug`, whatever the patterns say", &places(Table::Public).collect()));
    text.push_str(&list("timestamps", "Times that are not marked as such", &places(Table::Timestamp).collect()));
    if let Some(secrecy) = &config.secrecy {
        let list = |patterns: &[String]| -> String {
            patterns.iter().map(|pattern| format!("    {},\n", string(pattern))).collect()
        };
        text.push_str(&format!(
            "\n# What has such a name and no row is secret. With `undecided = \"refused\"`, it is an error instead.\n\
             [secrecy]\nundecided = \"secret\"\npatterns = [\n{}]\n\
             # What has one of these members is secret as a whole: its texts and numbers.\nmembers = [\n{}]\n\
             # What ends so is no secret all the same: a name, or the name behind `/` in something that ends with what is before it.\n\
             harmless = [\n{}]\n",
            list(&secrecy.patterns),
            list(&secrecy.members),
            list(&secrecy.harmless),
        ));
    }
    text.push_str(&format!(
        "\n[[release]]\nmodule = {}\napi_version = {}\ndocument = {}\nupstream_sha256 = {}\nsha256 = \"\"\n",
        string(&module_of(version).unwrap_or_else(|| "api".to_owned())),
        string(version),
        string(&format!("stripe-{version}.yaml")),
        string(upstream_sha256),
    ));
    text.push_str("\n# A resource that no row names is past the boundary: its id and its JSON are kept.\n");
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

fn list(key: &str, about: &str, places: &BTreeMap<&str, String>) -> String {
    // People add to these two.
    if places.is_empty() && key == "timestamps" {
        return String::new();
    }
    let lines: String = places.iter().map(|(place, after)| format!("    {},{after}\n", string(place))).collect();
    format!("\n# {about}.\n{key} = [\n{lines}]\n")
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
    let mut rows: BTreeMap<(Table, usize), (Vec<&str>, codegen::config::Found)> = BTreeMap::new();
    let mut added = Vec::new();
    for row in generated.used.iter().filter(|row| TABLES.contains(&row.table)) {
        match config.find(row.table, &row.key, None) {
            Some(found) => rows.entry((row.table, found.line)).or_insert((Vec::new(), found)).0.push(&row.key),
            None => {
                let rename = config.renames.iter().find(|rename| rename.from == row.key);
                let members = |rename: &Rename| proposal(row.table, &[("from", &rename.from), ("to", &rename.to)], &[]);
                added.extend(rename.map(members));
            }
        }
    }
    rows.into_values().map(|(keys, found)| found.only(&keys).toml()).chain(added).collect()
}
