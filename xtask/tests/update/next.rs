//! A maintainer takes a made-up next document.

use std::fs;

use serde_json::{Value, json};

use crate::follow::{follow, items};
use crate::rehearsal::{Rehearsal, add_field, config, current, git, read, session, versions, xtask};

/// What is new in the made-up next document. Names have its year, so it can follow one that was made up before.
pub(crate) struct Next {
    pub(crate) year: String,
    pub(crate) version: String,
    pub(crate) module: String,
    /// A schema, and its new name.
    renamed: (String, String),
    /// A field that goes.
    removed: String,
}

impl Next {
    pub(crate) fn new() -> Self {
        let version = config().releases[0].api_version.clone();
        let year = version[..4].parse::<u32>().expect("a version starts with a year") + 1;
        let module = format!("{}x", version.rsplit_once('.').expect("it has a name").1);
        let document = current();
        let schemas = document["components"]["schemas"].as_object().expect("it is an object");
        let renamed = schemas.keys().find(|key| key.starts_with("bank_connections_resource_ownership_refresh"));
        let renamed = renamed.expect("it is there").clone();
        // Fields that the other tests do not use.
        let account = &schemas["financial_connections.account"]["properties"];
        let removed = ["subscriptions", "status_details"].into_iter().find(|name| account.get(name).is_some());
        let removed = removed.expect("one is there").to_owned();
        Self {
            version: format!("{year}-01-15.{module}"),
            year: year.to_string(),
            module,
            renamed: (renamed.clone(), format!("{renamed}s")),
            removed,
        }
    }

    pub(crate) fn document(&self) -> String {
        format!("spec/stripe-{}.yaml", self.version)
    }

    /// Turns the current document into the next one, with every kind of change.
    pub(crate) fn edit(&self, document: &mut Value) {
        let year = &self.year;
        document["info"]["version"] = json!(self.version);
        // Two fields with one name in Rust, which needs a decision.
        add_field(document, &format!("twice-{year}"));
        add_field(document, &format!("twice_{year}"));
        // A field, a value, a model and a parameter that come, and a field that goes.
        add_field(document, &format!("brand_new_{year}"));
        let settings = format!("bank_connections_resource_link_account_session_settings_{year}");
        let reference = json!({"$ref": format!("#/components/schemas/{settings}")});
        session(document).insert(format!("settings_{year}"), reference);
        let schemas = &mut document["components"]["schemas"];
        schemas[settings] = json!({
            "type": "object", "title": "Settings", "description": "Stripe's words.",
            "properties": {"mode": {"type": "string", "enum": ["fast", "slow"]}}, "x-expandableFields": [],
        });
        // A string that may be secret, which needs a decision too, and a reference past the boundary.
        let account = &mut schemas["financial_connections.account"]["properties"];
        account[format!("access_token_{year}")] =
            json!({"type": "string", "maxLength": 5000, "description": "Theirs."});
        let resource = format!("mandate_{year}");
        let alternatives = json!([{"type": "string"}, {"$ref": format!("#/components/schemas/{resource}")}]);
        account[&resource] = json!({
            "anyOf": alternatives, "description": "Theirs.", "x-expansionResources": {"oneOf": [alternatives[1]]},
        });
        account["institution_name"]["deprecated"] = json!(true);
        schemas[&resource] = json!({
            "type": "object", "title": "Mandate", "description": "Theirs.", "required": ["id", "object"],
            "x-resourceId": resource, "x-expandableFields": [],
            "properties": {
                "id": {"type": "string", "maxLength": 5000, "description": "Theirs."},
                "object": {"type": "string", "enum": [resource], "description": "Theirs."},
            },
        });
        let category = &mut schemas["financial_connections.account"]["properties"]["category"]["enum"];
        category.as_array_mut().expect("it is a list").push(json!(format!("insurance_{year}")));
        let account = schemas["financial_connections.account"]["properties"].as_object_mut().expect("it is an object");
        assert!(account.remove(&self.removed).is_some());
        // A field that becomes nullable or no longer is, another limit, another kind.
        let date = &mut schemas[DETAILS]["properties"]["expected_deactivation_date"];
        let is_nullable = date["nullable"] == true;
        date["nullable"] = json!(!is_nullable);
        let name = &mut schemas["financial_connections.account"]["properties"]["institution_name"];
        let limit = name["maxLength"].as_u64().expect("it has a limit");
        name["maxLength"] = json!(limit - 1);
        let last = &mut schemas["bank_connections_resource_balance_refresh"]["properties"]["last_attempted_at"];
        *last = json!({"type": if last["type"] == "string" { "integer" } else { "string" }});
        // A field and a value that the runtime's error does not have.
        let errors = &mut schemas["api_errors"]["properties"];
        errors[format!("hint_{year}")] = json!({"type": "string", "description": "Theirs."});
        errors["type"]["enum"].as_array_mut().expect("it is a list").push(json!(format!("odd_error_{year}")));
        let create = &mut document["paths"]["/v1/financial_connections/sessions"]["post"]["requestBody"]["content"];
        let schema = &mut create["application/x-www-form-urlencoded"]["schema"];
        schema["properties"][format!("expedite_{year}")] = json!({"type": "boolean"});
        // A schema with another name.
        let (old, new) = &self.renamed;
        let text = document.to_string().replace(&format!("{old}\""), &format!("{new}\""));
        *document = serde_json::from_str(&text).expect("it is JSON");
    }
}

pub(crate) const DETAILS: &str = "bank_connections_resource_account_status_details_api_resource_active_status_details";

/// A maintainer takes the made-up next document by doing what the list says, and nothing else. `NEXT_DOCUMENT` names a file
/// that keeps the document, to try it by hand.
#[test]
fn the_next_document_is_taken_by_following_the_list() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let next = Next::new();
    let published = rehearsal.publish(|document| next.edit(document));
    if let Some(path) = std::env::var_os("NEXT_DOCUMENT") {
        fs::copy(&published, path).expect("the file can be written");
    }
    let (code, first) = xtask(&clone, &["update", &published]);
    assert_eq!(code, Some(0), "{first}");
    let document = &next.document();
    assert!(first.contains(&format!("`cargo xtask update {document}`, then `.ci/run`")), "{first}");

    // The description of a field of another kind is offered again, and so are Stripe's words.
    let listed = items(&first);
    let (rounds, said) = follow(&clone, document, &first);
    assert!(rounds.len() <= 4, "{rounds:?}");
    assert!(listed.iter().any(|item| item.is_task), "{first}");
    // What is left to check is not in the way.
    assert!(said.contains("### To check") && said.contains("expected_deactivation_date"), "{said}");
    for unknown in ["api_errors/properties/hint_", "api_errors/properties/type/enum/"] {
        let task = format!("`#/components/schemas/{unknown}");
        assert!(said.lines().any(|line| line.starts_with("- ") && line.contains(&task)), "`{task}` is not in:\n{said}");
    }
    assert!(said.contains("`tests/conformance/package.json`: the official libraries are those of"), "{said}");
    let rows = read(&clone.join("spec/samples.toml"));
    for place in
        [format!("financial_connections.account/access_token_{}", next.year), format!("mandate_{}/id", next.year)]
    {
        assert!(rows.contains(&format!("{{ place = \"{place}\", value = ")), "no sample of `{place}` was asked for");
    }
    let (code, text) = xtask(&clone, &["generate", "--check"]);
    assert_eq!(code, Some(0), "{text}");
    let [_, _, major] = versions();
    let (code, text) = xtask(&clone, &["release", &format!("v{major}")]);
    assert_eq!(code, Some(0), "{text}");
    let changelog = read(&clone.join("CHANGELOG.md"));
    let Next { year, version, module, removed, .. } = &next;
    for entry in [
        format!("- Add support for `brand_new_{year}`, `settings_{year}`, `twice-{year}`, `twice_{year}` on `Session`"),
        format!("- Add support for `expedite_{year}` on `CreateSession`"),
        format!("- Add support for new value `insurance_{year}` on enum `AccountCategory`"),
        format!("- Change the API version to `{version}`"),
        format!("- ⚠️ Remove support for `{removed}` on `Account`"),
    ] {
        assert!(changelog.lines().any(|line| line == entry), "`{entry}` is not in:\n{changelog}");
    }
    // The module follows the version, and the comparison follows the release.
    let old = &config().releases[0].module;
    assert!(clone.join("generated/src/releases").join(module).join("mod.rs").exists());
    assert!(!clone.join("generated/src/releases").join(old).exists());
    let (_, text) = xtask(&clone, &["diff", "HEAD"]);
    assert!(text.contains(&**removed), "{text}");
    assert!(!text.contains("mod "), "the module of the first release is private: {text}");
    assert!(!text.contains("Session::id"), "a release with another module is the same release: {text}");

    // A commit, or another run, changes nothing.
    git(&clone, &["switch", "--quiet", "--create", "next"]);
    git(&clone, &["add", "--all"]);
    git(&clone, &["commit", "--quiet", "--message", "Take the next document"]);
    for input in [document, &published] {
        let (code, text) = xtask(&clone, &["update", input]);
        assert!(code == Some(0) && !text.contains("- [ ]"), "{text}");
        assert_eq!(git(&clone, &["status", "--porcelain"]), "", "{text}");
    }
}
