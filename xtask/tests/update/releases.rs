//! Releases beside each other: an update of one leaves what the other needs.

use std::fs;

use codegen::Config;
use serde_json::json;

use crate::rehearsal::{Rehearsal, read, xtask};

/// A version that ends in the name of another module, or in a name that no module can have, gives the module another one.
#[test]
fn the_module_of_a_release_has_a_name_of_its_own() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let rows = || read(&clone.join("spec/codegen.toml"));
    let for_preview = |rows: &str| rows.matches("releases = [\"preview\"]").count();
    let before = for_preview(&rows());
    assert!(before > 0);
    for name in ["self", "mod", "webhook", "preview"] {
        let document = rehearsal.publish(|document| document["info"]["version"] = json!(format!("2099-01-15.{name}")));
        let (code, text) = xtask(&clone, &["update", &document]);
        assert!(code == Some(0) && text.contains("verdict "), "{text}");
        let rows = rows();
        assert_eq!(rows.matches("module = \"preview\"").count(), 1, "{name}: {text}");
        assert_eq!(rows.matches("module = \"v2099_01_15\"").count(), 1, "{name}: {text}");
        assert_eq!(for_preview(&rows), before, "{name}: {text}");
        assert_eq!(xtask(&clone, &["generate", "--check"]).0, Some(0), "{name}");
    }
    // The module is named after its version all the same, and follows the next one.
    let document = rehearsal.publish(|document| document["info"]["version"] = json!("2099-02-15.zest"));
    let (code, text) = xtask(&clone, &["update", &document]);
    assert!(code == Some(0) && rows().contains("module = \"zest\""), "{text}");
}

/// A document that two releases are of stays for the other one.
#[test]
fn a_document_of_another_release_stays() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let rows = read(&clone.join("spec/codegen.toml"));
    let config = Config::parse("codegen.toml", &rows).expect("it is valid");
    let release = &config.releases[0];
    let of_both = format!("releases = [\"{}\", \"old\"]", release.module);
    let rows = rows.replace(&format!("releases = [\"{}\"]", release.module), &of_both);
    let old = format!(
        "\n[[release]]\nmodule = \"old\"\nfeature = \"old\"\napi_version = {:?}\ndocument = {:?}\nsha256 = {:?}\n",
        release.api_version, release.document, release.sha256
    );
    fs::write(clone.join("spec/codegen.toml"), rows + &old).expect("it is ours");
    let (code, text) = xtask(&clone, &["generate"]);
    assert_eq!(code, Some(0), "{text}");

    let document = rehearsal.publish(|document| document["info"]["version"] = json!("2099-01-15.zest"));
    let (code, text) = xtask(&clone, &["update", &document]);
    assert!(code == Some(0) && !text.contains("deleted spec/"), "{text}");
    assert!(clone.join("spec").join(&release.document).exists(), "{text}");
    let known = format!("spec/{}", release.document.replace(".yaml", ".known.json"));
    assert!(clone.join(known).exists(), "{text}");
    assert_eq!(xtask(&clone, &["generate", "--check"]).0, Some(0));
}
