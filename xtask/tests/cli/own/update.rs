//! `cargo xtask update --crate`: what it takes, and what it asks for.

use std::fs;

use crate::harness::{root, xtask_in};
use crate::own::{PARCELS, Place};

/// The document a year later: a parcel has an email and a code, and no phone, and its sender an email, which two operations take;
/// a person can be changed and no longer found.
pub(crate) fn next_year() -> String {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let edits = [
        ("version: \"2024-01-01\"", "version: \"2025-01-01\""),
        ("        phone: {type: string}\n", "        email: {type: string}\n        code: {type: string}\n"),
        ("  /v1/parcels/{parcel}/person/{person}:\n    get:", "  /v1/parcels/{parcel}/person/{person}:\n    post:"),
        ("operationId: GetParcelsParcelPeoplePerson", "operationId: PostParcelsParcelPeoplePerson"),
    ];
    let text = edits.iter().fold(document, |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    });
    text.replace("birthday: {type: string}", "birthday: {type: string}, email: {type: string}")
}

#[test]
fn the_next_document_is_taken_without_a_repository() {
    let place = Place::with_crate();
    let next = place.path("next.yaml");
    fs::write(&next, next_year()).expect("the directory can be written");
    let next = next.display().to_string();
    let run = place.run("update", &[&next]);
    assert!(run.is_ok(), "{}", run.said());
    for expected in [
        "verdict major: ",
        "; the version in `Cargo.toml` should go from 0.1.0 to 0.2.0",
        "rows that were deleted from `sensitive`, since their places are gone or have other names: 1\n  ```text\n  parcel/phone\n",
        "3 values are secret since their names match a pattern, and are rows of `sensitive`",
        "    \"UpdateParcel/sender/email\", # email*",
        "    \"parcel/email\", # email*",
        "Stripe's document no longer has `GetParcelsParcelPeoplePerson`: delete lines ",
        "`POST /v1/parcels/{parcel}/person/{person}` of `person` is new and not selected",
    ] {
        assert!(run.stdout.contains(expected), "`{expected}` is not in:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("describe"), "the descriptions are Stripe's: {}", run.stdout);
    let lists_changes = |kept: &str| {
        let directory = place.shown(&format!("parcels/target/stripe/{kept}"));
        let command = format!("cargo xtask diff --crate {} {directory}` lists them", place.path("parcels").display());
        assert!(run.stdout.contains(&command), "{command}\n{}", run.stdout);
        let run = place.run("diff", &[&directory]);
        assert!(run.is_ok() && run.stdout.contains("verdict major: "), "{}", run.said());
        assert!(run.stdout.contains("minor Parcel: email"), "{}", run.said());
    };
    lists_changes("last");
    let own = place.shown("parcels/spec/stripe-2025-01-01.yaml");
    let command = format!("cargo xtask update --crate {} {own}`", place.path("parcels").display());
    assert!(run.stdout.contains(&command), "{}", run.stdout);
    assert!(place.read("codegen.toml").contains("module = \"v2025_01_01\""), "{}", place.read("codegen.toml"));
    assert!(!place.path("parcels/src/generated/v2024_01_01").exists());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub email: Option<Secret<String>>") && !models.contains("phone"), "{models}");

    // The row that is left is deleted, and that of the new operation pasted.
    let text = place.read("codegen.toml");
    let at = text.find("[[resource]]\nschema = \"person\"").expect("it has a row");
    let end = text[at..].find("\n]\n").map(|end| at + end + 3).expect("the list has an end");
    let row = "[[resource]]\nschema = \"person\"\noperations = [\"PostParcelsParcelPeoplePerson\"]\n";
    place.write("codegen.toml", &format!("{}{row}{}", &text[..at], &text[end..]));
    for _ in 0..2 {
        let run = place.run("update", &[&own]);
        assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{}", run.said());
    }
    assert!(place.read("src/generated/v2025_01_01/person/requests.rs").contains("pub struct UpdateParcelPerson"));
    let before = place.all();
    for more in [&["update", &next] as &[&str], &["generate", "--check"]] {
        let run = place.run(more[0], &more[1..]);
        assert!(run.is_ok(), "{}", run.said());
        assert_eq!(place.all(), before, "{}", run.said());
    }
}

/// Returns the document with other texts.
pub(crate) fn edited(edits: &[(&str, &str)]) -> String {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    edits.iter().fold(document, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

/// What a person made secret stays so until the person decides: the document calls it otherwise, or no longer has it.
#[test]
fn a_secret_of_a_person_is_not_lost_by_an_update() {
    let schema = "    photo:\n      type: object\n";
    let shipping = |key: &str, carrier: &str| {
        let properties = format!("{{{carrier}: {{type: string}}, phone: {{type: string}}, weight: {{type: integer}}}}");
        format!("    {key}:\n      type: object\n      properties: {properties}\n{schema}")
    };
    let field = |key: &str| {
        let label = "label: {$ref: \"#/components/schemas/create_parcel_label\"}\n";
        (label, format!("{label}        shipping: {{$ref: \"#/components/schemas/{key}\"}}\n"))
    };
    let document = |key: &str, carrier: &str, version: &str| {
        let (label, with_shipping) = field(key);
        edited(&[(label, &with_shipping), (schema, &shipping(key, carrier)), ("2024-01-01", version)])
    };
    let place = Place::new();
    let write = |name: &str, text: String| {
        fs::write(place.path(name), text).expect("the directory can be written");
        place.path(name).display().to_string()
    };
    let first = write("first.yaml", document("shipping", "carrier", "2024-01-01"));
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    place.edit("codegen.toml", "sensitive = [\n", "sensitive = [\n    \"shipping/carrier\",\n");
    assert!(place.run("generate", &[]).is_ok());
    let created = place.read("codegen.toml");
    assert!(created.contains("\"shipping/phone\", # phone*"), "{created}");

    // The place has another name.
    let next = write("next.yaml", document("customer_shipping", "carrier", "2025-01-01"));
    for _ in 0..2 {
        let run = place.run("update", &[&next]);
        assert!(run.is_ok() && run.stdout.contains("### Left to do"), "{}", run.said());
        let item = "the row `shipping/carrier` of `sensitive` matches nothing in the document of the release `v2025_01_01`; it seems \
                    to be `customer_shipping/carrier` now; if not, delete line ";
        assert!(run.stdout.contains(item), "{}", run.said());
        assert!(run.stdout.contains("\n      \"customer_shipping/carrier\",\n"), "{}", run.said());
        let text = place.read("codegen.toml");
        assert!(text.contains("\"shipping/carrier\"") && !text.contains("\"shipping/phone\""), "{text}");
        let generate = || place.run("generate", &[]);
        place.refused(generate, &["the row `shipping/carrier` of `sensitive` matches nothing"]);
    }
    place.edit("codegen.toml", "\"shipping/carrier\"", "\"customer_shipping/carrier\"");
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub carrier: Option<Secret<String>>"), "{models}");

    // The place is gone, or what it is called now is anybody's guess.
    let other = "courier: {type: string}, company";
    let later = write("later.yaml", document("customer_shipping", other, "2026-01-01"));
    let run = place.run("update", &[&later]);
    let item = "name the value as the document does, so that `Debug` does not print it; or delete line ";
    assert!(run.is_ok() && run.stdout.contains(item), "{}", run.said());
    assert!(place.read("codegen.toml").contains("\"customer_shipping/carrier\""));
    place.refused(|| place.run("generate", &[]), &["the row `customer_shipping/carrier` of `sensitive` matches"]);

    // An older document says so.
    let run = place.run("update", &[&next]);
    let older = "2025-01-01 is older than 2026-01-01, which is taken already";
    assert!(run.is_ok() && run.stdout.lines().nth(1).is_some_and(|line| line.contains(older)), "{}", run.said());
    assert!(run.stdout.contains("Nothing is left to do"), "{}", run.said());
    assert!(!place.run("update", &[&next]).said().contains("older"));
}

/// A row that names no operation gives models only: it is said, and the row with the operations is shown.
#[test]
fn the_operations_of_a_row_without_any_are_shown() {
    let place = Place::new();
    assert!(place.create("parcels", &["--resource", "parcel"]).is_ok());
    let (text, row) = (place.read("codegen.toml"), "[[resource]]\nschema = \"person\"\n");
    place.write("codegen.toml", &format!("{text}\n{row}"));
    let note =
        "note the row of `person` names no operation, and gives nothing, since no selected resource refers to it";
    let run = place.run("generate", &[]);
    assert!(run.is_ok() && run.stdout.contains(note), "{}", run.said());
    let document = root().join(PARCELS).display().to_string();
    let run = place.run("update", &[&document]);
    let item = "`codegen.toml`: the row of `person` names no operation, and gives nothing, since no selected resource refers to it: this \
                row instead takes its operations\n  ```toml\n";
    let (_, rest) = run.stdout.split_once(item).unwrap_or_else(|| panic!("{}", run.said()));
    let proposed = rest.split("  ```").next().expect("the block has an end").replace("\n  ", "\n");
    let operations = "operations = [\n    \"GetParcelsParcelPeoplePerson\",\n    \"GetParcelsParcelPersonsPerson\",\n]";
    assert!(proposed.contains(operations), "{proposed}");
    // A row that gives nothing is none.
    place.write("codegen.toml", &format!("{text}\n{row}operations = []\n"));
    place.refused(|| place.run("generate", &[]), &["the row `person` of `resource` matches nothing in the document"]);
    place.write("codegen.toml", &format!("{text}\n{}", row.replace("person", "persn")));
    let run = place.run("update", &[&document]);
    let absent = "the row of `persn` gives nothing, since no selected resource refers to it, and Stripe's document has no operation of it";
    assert!(run.is_ok() && run.stdout.contains(absent), "{}", run.said());
    // Its names clash: the first one is enough.
    let proposed = proposed.replace("    \"GetParcelsParcelPersonsPerson\",\n", "");
    place.write("codegen.toml", &format!("{text}\n{}\n", proposed.trim()));
    assert!(place.run("update", &[&document]).is_ok());
    assert!(place.read("src/generated/v2024_01_01/person/requests.rs").contains("pub struct RetrieveParcelPerson"));
}

/// Where others refer to the resource, the row gives its models, and `operations = []` says that this is meant.
#[test]
fn a_row_without_operations_gives_models() {
    let place = Place::new();
    let weight = "        weight: {type: integer}\n";
    let owner = "        owner: {$ref: \"#/components/schemas/person\"}\n";
    fs::write(place.path("first.yaml"), edited(&[(weight, &format!("{weight}{owner}"))])).expect("it is ours");
    let document = place.path("first.yaml").display().to_string();
    assert!(place.run("generate", &["--spec", &document, "--resource", "parcel"]).is_ok());
    let (text, row) = (place.read("codegen.toml"), "[[resource]]\nschema = \"person\"\n");
    place.write("codegen.toml", &format!("{text}\n{row}"));
    let run = place.run("update", &[&document]);
    let note = "gives only models, where other resources refer to it: this row instead takes its operations, and `operations = []` \
                says that there are to be none";
    assert!(run.is_ok() && run.stdout.contains(note), "{}", run.said());
    place.write("codegen.toml", &format!("{text}\n{row}operations = []\n"));
    for (command, more) in [("update", vec![document.as_str()]), ("generate", Vec::new())] {
        let run = place.run(command, &more);
        assert!(run.is_ok() && !run.stdout.contains("names no operation"), "{}", run.said());
    }
}

/// A row that is deleted makes no value public that a pattern covers.
#[test]
fn a_value_without_a_row_stays_secret_by_its_pattern() {
    let place = Place::with_crate();
    assert!(!place.run("generate", &[]).stdout.contains("stays secret"));
    place.edit("codegen.toml", "    \"parcel/phone\", # phone*\n", "");
    let run = place.run("generate", &[]);
    let expected = "secret 1 value stays secret by a pattern of `[secrecy]`, and no row of codegen.toml decides on it";
    assert!(run.is_ok() && run.stdout.matches(expected).count() == 1, "{}", run.said());
    assert!(run.stdout.contains("`phone*`: `parcel/phone`"), "{}", run.said());
    assert!(place.read("src/generated/v2024_01_01/parcel/models.rs").contains("pub phone: Option<Secret<String>>"));
}

/// `explain` shows the row that renames something, and the row with the name in Rust is corrected.
#[test]
fn a_row_for_another_name_is_shown() {
    let place = Place::with_crate();
    for (query, row) in [
        ("CreateParcelSender", "[[rename]]\n            from = \"CreateParcel/sender\"\n            to = \"…\""),
        ("ParcelId", "[[rename]]\n            from = \"ParcelId\"\n            to = \"…\""),
        ("RetrieveParcel", "[[rename]]\n            from = \"GetParcelsParcel\"\n            to = \"…\""),
        ("parcel.weight", "[[field]]\n            place = \"parcel/weight\"\n            name = \"…\""),
    ] {
        let run = place.run("explain", &[query]);
        assert!(run.stdout.contains(&format!("rename    {row}")), "{row}\n{}", run.said());
    }
    let run = place.run("explain", &["CreateParcelLabelParams"]);
    assert!(run.stdout.contains("row       [[rename]]") && !run.stdout.contains("\n  rename "), "{}", run.said());

    let text = place.read("codegen.toml");
    let row = "[[rename]]\nfrom = \"CreateParcelSender\"\nto = \"from\"";
    place.write("codegen.toml", &format!("{text}\n{row}\n"));
    let help = "`CreateParcelSender` is the name in Rust, and `from` is what it is made of: replace lines ";
    let replaced = "[[rename]]\nfrom = \"CreateParcel/sender\"\nto = \"from\"";
    place.refused(|| place.run("generate", &[]), &[help, replaced]);
    place.write("codegen.toml", &format!("{text}\n{replaced}\n"));
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    assert!(place.read("src/generated/v2024_01_01/parcel/requests.rs").contains("pub struct From"));
}

/// The id of an object that others refer to is no secret: the row goes, and says so.
#[test]
fn a_row_for_an_id_that_others_show_is_to_be_deleted() {
    let place = Place::new();
    let owner = "owner: {anyOf: [{type: string}, {$ref: \"#/components/schemas/person\"}], x-expansionResources: {oneOf: \
                 [{$ref: \"#/components/schemas/person\"}]}}";
    let weight = "        weight: {type: integer}\n";
    let document = edited(&[(weight, &format!("{weight}        {owner}\n"))]);
    fs::write(place.path("first.yaml"), document).expect("the directory can be written");
    let first = place.path("first.yaml").display().to_string();
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel", "--resource", "person"]);
    assert!(run.is_ok(), "{}", run.said());
    place.edit("codegen.toml", "sensitive = [\n", "sensitive = [\n    \"person/id\",\n");
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line.contains("person/id")).expect("it has a row") + 1;
    let expected = [
        "#/components/schemas/person/properties/id: `person/id` is in `sensitive` and cannot be secret: other objects refer to",
        &format!("help: delete line {line} of `codegen.toml`"),
        "1 problem; nothing was written",
    ];
    place.refused(|| place.run("generate", &[]), &expected);
    place.edit("codegen.toml", "    \"person/id\",\n", "");
    assert!(place.run("generate", &["--check"]).is_ok());
}

/// Rows that match nothing are all reported, each with what is near: also those that share a line, or a row.
#[test]
fn every_row_that_matches_nothing_has_what_is_near() {
    let place = Place::with_crate();
    let lines = "expand_depth = 4\ntimestamps = [\"parcle/weight\", \"parcel/wieght\", \"CreateParcel/x\"]\n";
    place.edit("codegen.toml", "expand_depth = 4\n", lines);
    place.edit("codegen.toml", "    \"parcel/phone\",", "    \"parcel/fone\",\n    \"parcel/phone\",");
    let ids =
        "[[id]]\nresource = \"person\"\nplaces = [\"parcel/recipient_name\", \"parcel/recipent\", \"parcel/person\"]\n";
    place.write("codegen.toml", &format!("{}\n{ids}", place.read("codegen.toml")));
    let expected = [
        "the row `parcle/weight` of `timestamps` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/weight`",
        "the row `parcel/wieght` of `timestamps` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/weight`",
        "the row `CreateParcel/x` of `timestamps` matches nothing",
        "the row `parcel/fone` of `sensitive` matches nothing in the document of the release `v2024_01_01`; did you mean \
         `parcel/phone`",
        "or delete line ",
        "`parcel/recipent` and `parcel/person` of a row of `id` match nothing in the document of the release `v2024_01_01`; for \
         `parcel/recipent`, did you mean `parcel/recipient_name`",
        "places = [\n    \"parcel/recipient_name\",\n]",
        "5 problems; nothing was written",
    ];
    place.refused(|| place.run("generate", &[]), &expected);
}

/// Nothing that is decided about a resource is lost if a document lacks it.
#[test]
fn a_document_without_a_selected_resource_is_refused() {
    let place = Place::with_crate();
    let document = edited(&[("2024-01-01", "2023-01-01"), ("person", "human"), ("photo", "picture")]);
    fs::write(place.path("next.yaml"), document).expect("the directory can be written");
    let next = place.path("next.yaml").display().to_string();
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line == "schema = \"person\"").expect("it has a row");
    let expected = [
        "the document has no resource `person`, which `codegen.toml` selects",
        &format!("if Stripe has removed the resource, delete lines {line} to "),
        "1 problem; nothing was written",
    ];
    place.refused(|| place.run("update", &[&next]), &expected);
}

/// What the generator does not support is left out by the row of the operation.
#[test]
fn an_operation_that_is_no_longer_supported_can_be_deleted() {
    let place = Place::with_crate();
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let (before, after) = document.split_once("operationId: PostParcelsParcel\n").expect("it has the operation");
    let after = after.replacen("application/x-www-form-urlencoded", "multipart/form-data", 1);
    let next = place.path("next.yaml");
    fs::write(&next, format!("{before}operationId: PostParcelsParcel\n{after}")).expect("it can be written");
    // What is refused has its line wherever the command runs.
    let [next, path] = [next, place.path("parcels")].map(|path| path.display().to_string());
    let run = xtask_in(place.directory.path(), &["update", "--crate", &path, &next]);
    assert!(run.is_ok(), "{}", run.said());
    let text = place.read("spec/stripe-2024-01-01.yaml");
    let line = text.lines().position(|line| line.contains("multipart/form-data")).expect("it is in `content`");
    let item = format!("- [ ] `spec/stripe-2024-01-01.yaml:{line}`: ");
    assert!(run.stdout.contains(&item), "{item}\n{}", run.said());
    let text = place.read("codegen.toml");
    let line = text.lines().position(|line| line == "schema = \"parcel\"").expect("it has a row");
    let expected = format!(
        "correct the document, or teach `codegen::lower` the shape; or delete `PostParcelsParcel` from its row on line {line} of \
         `codegen.toml`, to do without the operation"
    );
    assert!(run.stdout.contains(&expected), "{expected}\n{}", run.said());
    let without: String =
        text.lines().filter(|line| !line.contains("PostParcelsParcel\"")).map(|line| format!("{line}\n")).collect();
    place.write("codegen.toml", &without);
    let document = place.path("parcels/spec/stripe-2024-01-01.yaml").display().to_string();
    let run = place.run("update", &[&document]);
    assert!(run.is_ok() && run.stdout.contains("Nothing is left to do"), "{}", run.said());
}

/// What seems renamed is one item with rows that can be pasted together, and nothing else is offered.
#[test]
fn the_names_of_what_seems_renamed_are_kept_by_rows() {
    let edit = |text: &str, edits: &[(&str, &str)]| {
        edits.iter().fold(text.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        })
    };
    let size = "size: {type: string, enum: [small, large]}";
    let speed = "speed: {type: string, enum: [slow, fast]}";
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let param = "                recipient_name: {type: string}\n";
    let weight = "        weight: {type: integer}\n";
    let old = edit(&document, &[(param, &format!("{param}                {size}\n"))]);
    let new = edit(
        &old,
        &[
            ("2024-01-01", "2025-01-01"),
            ("/create_parcel_label", "/label_of_a_parcel"),
            ("    create_parcel_label:", "    label_of_a_parcel:"),
            // Its type was an enum, and is a union with the same name.
            (
                size,
                &format!(
                    "size: {{anyOf: [{{type: integer}}, {{type: string, enum: [small, large]}}]}}\n                {speed}"
                ),
            ),
            // Nothing says that the one is the other but for the type.
            (weight, &format!("        mass: {{type: integer}}\n        {speed}\n")),
            ("recipient_name: {type: string}", "recipient_email: {type: string}"),
            ("[id, object, weight]", "[id, object, mass]"),
        ],
    );
    let place = Place::new();
    let [old, new] = [("old.yaml", old), ("new.yaml", new)].map(|(name, text)| {
        fs::write(place.path(name), text).expect("the directory can be written");
        place.path(name).display().to_string()
    });
    let run = place.run("generate", &["--spec", &old, "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    let run = place.run("update", &[&new]);
    assert!(run.is_ok(), "{}", run.said());
    let what = "rows for the end of `codegen.toml`, which keep the Rust names of what seems to have another name than before: ";
    let (_, rest) = run.stdout.split_once(what).unwrap_or_else(|| panic!("{}", run.stdout));
    assert!(!rest.contains(what) && !run.stdout.contains("the same values"), "{}", run.stdout);
    let (_, block) = rest.split_once("```toml\n").expect("it has rows");
    let rows = block.split("  ```").next().expect("the block has an end").replace("\n  ", "\n");
    assert!(rows.contains("`CreateParcelLabel` before: `Parcel` has it in the same field `label`."), "{rows}");
    assert!(
        rows.contains("`recipient_name` of `CreateParcel` before: it has the same type in the same place."),
        "{rows}"
    );
    for other in ["mass", "size", "speed"] {
        assert!(!rows.contains(other), "{rows}");
    }
    place.write("codegen.toml", &format!("{}\n{}\n", place.read("codegen.toml"), rows.trim()));
    let run = place.run("generate", &[]);
    assert!(run.is_ok(), "{}", run.said());
    let models = place.read("src/generated/v2025_01_01/parcel/models.rs");
    assert!(models.contains("pub struct CreateParcelLabel ") && models.contains("pub recipient_name: "), "{models}");
}
