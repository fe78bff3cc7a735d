//! What `cargo xtask update --crate` compares with without a repository, until a version is released.

use std::fs;

use super::update::edited;
use crate::own::Place;

/// A resource that was past the boundary becomes a model, which is a major change until it is released.
#[test]
fn a_new_resource_is_compared_with_what_was_there_without_a_repository() {
    let place = Place::new();
    let weight = "        weight: {type: integer}\n";
    let owner = "        owner: {$ref: \"#/components/schemas/person\"}\n";
    fs::write(place.path("first.yaml"), edited(&[(weight, &format!("{weight}{owner}"))])).expect("it is ours");
    let document = place.path("first.yaml").display().to_string();
    let create = || {
        let _ = fs::remove_dir_all(place.path("parcels"));
        let run = place.run("generate", &["--spec", &document, "--resource", "parcel"]);
        assert!(run.is_ok(), "{}", run.said());
        let row = "[[resource]]\nschema = \"person\"\noperations = [\"GetParcelsParcelPeoplePerson\"]\n";
        place.write("codegen.toml", &format!("{}\n{row}", place.read("codegen.toml")));
    };
    create();
    let update = || place.run("update", &[&document]);
    let is_major = |run: &crate::harness::Run| {
        let verdict = "; the version in `Cargo.toml` should go from 0.1.0 to 0.2.0";
        run.stdout.contains("verdict major: ") && run.stdout.contains(verdict)
    };
    for _ in 0..3 {
        let run = update();
        assert!(run.is_ok() && is_major(&run), "{}", run.said());
        let diff = place.run("diff", &[&place.shown("parcels/target/stripe/last")]);
        assert!(diff.stdout.contains("verdict major: "), "{}", diff.said());
    }
    // A later change adds to it.
    let text = fs::read_to_string(&document).expect("it is ours");
    fs::write(&document, text.replace("        phone: {type: string}\n", "")).expect("it is ours");
    let run = update();
    assert!(run.is_ok() && is_major(&run), "{}", run.said());
    let changes = place.run("diff", &[&place.shown("parcels/target/stripe/last")]).stdout;
    assert!(changes.contains("Parcel: phone") && changes.contains("RetrieveParcelPerson"), "{changes}");
    // What has the version that it asks for is released.
    place.edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    let run = update();
    assert!(run.is_ok() && run.stdout.contains("verdict nothing changed; the version stays 0.2.0"), "{}", run.said());

    // Without what is kept, nobody knows which rows are new.
    create();
    fs::remove_dir_all(place.path("parcels/target/stripe")).expect("it is kept");
    place.refused(
        update,
        &["the rows that this crate was generated from are not known", "keep the crate in git; now, take out"],
    );
    let with_row = place.read("codegen.toml");
    let (without, row) = with_row.split_once("\n[[resource]]\nschema = \"person\"").expect("it has the row");
    place.write("codegen.toml", without);
    assert!(place.run("generate", &[]).is_ok());
    place.write("codegen.toml", &format!("{without}\n[[resource]]\nschema = \"person\"{row}"));
    let run = update();
    assert!(run.is_ok() && is_major(&run), "{}", run.said());
}

/// A row can change the crate while the document stays, and the code can be generated before the update.
#[test]
fn a_row_alone_is_a_change_until_it_is_released() {
    let place = Place::new();
    fs::write(place.path("first.yaml"), edited(&[])).expect("it is ours");
    let document = place.path("first.yaml").display().to_string();
    let run = place.run("generate", &["--spec", &document, "--resource", "parcel"]);
    assert!(run.is_ok(), "{}", run.said());
    let row = "[[field]]\nplace = \"parcel/weight\"\nname = \"mass\"\n";
    place.write("codegen.toml", &format!("{}\n{row}", place.read("codegen.toml")));
    for command in ["generate", "update", "update"] {
        let arguments = if command == "update" { vec![document.as_str()] } else { Vec::new() };
        let run = place.run(command, &arguments);
        assert!(run.is_ok(), "{}", run.said());
        assert!(command == "generate" || run.stdout.contains("should go from 0.1.0 to 0.2.0"), "{}", run.said());
    }
    place.edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    let run = place.run("update", &[&document]);
    assert!(run.is_ok() && run.stdout.contains("verdict nothing changed; the version stays 0.2.0"), "{}", run.said());
}
