//! The events of a crate.

use std::fs;
use std::path::Path;

use crate::harness::root;
use crate::own::{PARCELS, Place};

/// A document with the events that an endpoint of webhooks can be sent.
fn with_events(document: &str, path: &Path, events: &str) -> String {
    let endpoints = format!(
        "\npaths:\n  /v1/webhook_endpoints:\n    post:\n      operationId: PostWebhookEndpoints\n      responses: {{}}\n      \
         requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{\
         enabled_events: {{type: array, items: {{type: string, enum: [{events}]}}}}}}}}}}}}}}\n"
    );
    assert_eq!(document.matches("\npaths:\n").count(), 1);
    fs::write(path, document.replace("\npaths:\n", &endpoints)).expect("the directory can be written");
    path.display().to_string()
}

/// Each event has a name of its own or is said, and so is one that is no longer there.
#[test]
fn events_are_named_apart_and_those_that_are_gone_are_said() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let place = Place::new();
    let first = "\"*\", parcel.sent, parcel.x.y, parcel.x_y, parcel.half-sent";
    let first = with_events(&document, &place.path("first.yaml"), first);
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel"]);
    assert!(run.is_ok() && run.said().contains("takes: `parcel.half-sent`\n"), "{}", run.said());
    let module = place.read("src/generated/webhook.rs");
    assert!(module.contains("ParcelXY = \"parcel.x.y\"") && module.contains("ParcelXY2 = \"parcel.x_y\""), "{module}");

    let next = "parcel.x.y, parcel.x_y, parcel.half-sent, parcel.x__y, parcel.half-lost";
    let next = with_events(&document, &place.path("next.yaml"), next);
    let run = place.run("update", &[&next]);
    assert!(run.is_ok() && run.stdout.contains("type = \"parcel.x__y\"\n  name = \"ParcelXY3\""), "{}", run.said());
    assert!(run.stdout.contains("takes: `parcel.half-lost`\n"), "{}", run.said());
    let text = place.read("codegen.toml");
    let line = |text: &str, row: &str| text[..text.find(row).expect("it is there")].matches('\n').count();
    let line_of_row = line(&text, "type = \"parcel.sent\"");
    let gone = "Stripe's document no longer has the event `parcel.sent`: delete lines";
    assert!(run.stdout.contains(&format!("{gone} {line_of_row} to {}", line_of_row + 3)), "{}", run.said());
    // It is said until the row is deleted, and no longer.
    let row = &text[text.find("[[event]]\ntype = \"parcel.sent\"").expect("it is there")..];
    let row = &row[..row.find("\n\n").unwrap_or(row.len())];
    place.write("codegen.toml", &text.replace(row, ""));
    let run = place.run("update", &[&next]);
    assert!(run.is_ok() && !run.stdout.contains("parcel.sent"), "{}", run.said());

    for (row, reason) in [
        ("type = \"parcel.x.y\"", "`parcel.x.y` of `event` has a row already"),
        ("type = \"\"", "`` is not the type of an event"),
        ("type = \"*\"", "`*` is not the type of an event"),
        ("type = \"v1.\"", "`v1.` is not the type of an event"),
        ("type = \"parcel.lost\"\nname = \"parcel_lost\"", "`parcel_lost` is not in upper camel case"),
    ] {
        let text = format!("{text}\n# Wrong.\n[[event]]\n{row}\ndescription = \"\"\n");
        place.write("codegen.toml", &text);
        let run = place.run("generate", &[]);
        let at = line(&text, "# Wrong.") + 2;
        let is_at = [at, at + 2].iter().any(|line| run.stderr.contains(&format!("codegen.toml:{line}:")));
        assert!(!run.is_ok() && run.stderr.contains(reason) && is_at, "{row}, line {at}: {}", run.said());
    }
}

/// A resource that has the name of the variant for other objects gets another one, and no shorter path of it retrieves it.
#[test]
fn an_object_of_an_event_has_a_name_of_its_own_and_is_retrieved_at_its_own_path() {
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there").replace("parcel", "other");
    let start = document.find("  /v1/others/{other}:\n").expect("it is there");
    let end = start + document[start..].find("    post:\n").expect("it is there");
    let shorter = document[start..end].replace("/v1/others/", "/v1/a/").replace("GetParcelsParcel", "GetA");
    let place = Place::new();
    let create = |paths: &str, own: &str| {
        let document =
            document.replace("\npaths:\n", &format!("\npaths:\n{paths}")).replace("/v1/others/{other}:\n", own);
        let document = with_events(&document, &place.path("other.yaml"), "other.sent");
        let thin = "{type: object, properties: {}, x-stripeEvent: {kind: thin, type: v1.other.sent}}";
        let text = fs::read_to_string(&document).expect("it is there");
        fs::write(&document, text.replace("\n  schemas:\n", &format!("\n  schemas:\n    v1.other.sent: {thin}\n")))
            .expect("the directory can be written");
        let _ = fs::remove_dir_all(place.path("parcels"));
        let run = place.run("generate", &["--spec", &document, "--resource", "other"]);
        assert!(run.is_ok(), "{}", run.said());
        place.read("src/generated/webhook.rs")
    };
    let module = create(&shorter, "/v1/others/{other}:\n");
    assert!(module.contains("webhook! { EventType { OtherObject("), "{module}");
    let call = "OtherObject(OtherObjectId, other_object_id) = retrieve_other_object(RetrieveOtherObject)";
    assert!(module.contains(call), "{module}");
    // Without its own path, none is sure.
    let module = create(&shorter, "/v1/b/{other}:\n");
    assert!(module.contains("OtherObject(OtherObjectId, other_object_id) }"), "{module}");
}

#[test]
fn a_new_event_of_a_selected_resource_is_proposed() {
    // There are thin events of a person, but of no human.
    let document = fs::read_to_string(root().join(PARCELS)).expect("it is there").replace("person", "human");
    let place = Place::new();
    let with_events = |name: &str, events: &str| with_events(&document, &place.path(name), events);
    let first = with_events("first.yaml", "\"*\", parcel.sent, photo.taken");
    let run = place.run("generate", &["--spec", &first, "--resource", "parcel", "--resource", "human"]);
    assert!(run.is_ok(), "{}", run.said());
    let module = place.read("src/generated/webhook.rs");
    assert!(module.contains("webhook! { EventType { Human(id), Parcel("), "{module}");
    assert!(module.contains("ParcelSent = \"parcel.sent\"") && !module.contains("photo"), "{module}");
    // Only the links name it in the root.
    let library = place.read("src/lib.rs");
    let is_item = |line: &&str| line.contains("webhook") && (line.contains("mod ") || line.contains("use "));
    assert_eq!(library.lines().find(is_item), None, "the module is generated");

    let next = with_events("next.yaml", "\"*\", parcel.sent, parcel.human.moved, photo.taken, parcel.photo.lost");
    let run = place.run("update", &[&next]);
    let row = "[[event]]\n  type = \"parcel.human.moved\"\n  name = \"ParcelHumanMoved\"\n  description = ";
    assert!(run.is_ok() && run.stdout.contains(row), "{}", run.said());
    assert!(!run.stdout.contains("parcel.sent") && !run.stdout.contains("photo"), "{}", run.said());
    let text = place.read("codegen.toml");

    // A thin one that the document states is proposed as well. With its row, and with no other, thin events are read.
    assert!(!place.read("src/generated/webhook.rs").contains("otification"));
    let thin = "{type: object, properties: {}, x-stripeEvent: {kind: thin, type: v1.parcel.weighed}}";
    let document = fs::read_to_string(place.path("next.yaml")).expect("it is there");
    let thin = document.replace("\n  schemas:\n", &format!("\n  schemas:\n    v1.parcel.weighed: {thin}\n"));
    fs::write(place.path("thin.yaml"), thin).expect("the directory can be written");
    let run = place.run("update", &[&place.path("thin.yaml").display().to_string()]);
    let row = "[[event]]\n  type = \"v1.parcel.weighed\"\n  name = \"ParcelWeighed\"\n  description = ";
    assert!(run.is_ok() && run.stdout.contains(row), "{}", run.said());
    assert!(run.stdout.contains("Nothing is left to do but to check what follows"), "{}", run.said());
    let thin = "\n[[event]]\ntype = \"v1.parcel.weighed\"\ndescription = \"It was weighed.\"\n";
    place.write(
        "codegen.toml",
        &format!(
            "{}{thin}",
            text.replace("\n[[event]]", "\n[[event_of_a_snapshot]]").split("\n[[event_").next().expect("it has a part")
        ),
    );
    assert!(place.run("generate", &[]).is_ok());
    let module = place.read("src/generated/webhook.rs");
    // A human is not retrieved by its id alone.
    let call = "Human(HumanId, human_id), Parcel(ParcelId, parcel_id) = retrieve_parcel(RetrieveParcel)";
    assert!(module.contains("Weighed = \"v1.parcel.weighed\"") && module.contains(call), "{module}");
    assert!(module.contains("open_enum! { EventType {} }"), "{module}");
    place.write("codegen.toml", &text);
    assert!(place.run("generate", &[]).is_ok());
    // A row that is deleted is drift, and the last one leaves the signatures.
    let (before, _) = text.split_once("\n[[event]]").expect("it has a row");
    place.write("codegen.toml", before);
    let run = place.run("generate", &["--check"]);
    assert!(!run.is_ok() && run.said().contains("src/generated/webhook.rs"), "{}", run.said());
    let run = place.run("generate", &[]);
    assert!(run.is_ok() && !place.path("parcels/src/generated/webhook.rs").exists(), "{}", run.said());
    assert!(place.read("src/generated/mod.rs").contains("pub use stripe_runtime::webhook;"));
}
