//! `cargo xtask update` by itself: what it tells, and what it recomputes.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::follow::{Item, follow, items};
use crate::next::DETAILS;
use crate::rehearsal::{Rehearsal, add_field, additive, breaking, config, copy, git, read, session, versions, xtask};

/// A document that cannot be generated without a decision is taken all the same, so that it can be decided on.
#[test]
fn a_decision_is_on_the_list() {
    let rehearsal = Rehearsal::new();
    // Two fields with one name in Rust.
    let document = rehearsal.publish(|document| {
        add_field(document, "a-b");
        add_field(document, "a_b");
    });
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok, "{text}");
    assert!(asked.len() == 1 && asked[0].ends_with(" --draft"), "{asked:?}");
    let body = rehearsal.body();
    let line = body.lines().find(|line| line.starts_with("- [ ]")).expect("something is left");
    let document = format!("spec/{}", config().releases[0].document);
    assert!(line.contains(&format!("`{document}:")) && line.contains("`a_b`"), "{body}");
}

/// A sample that the document makes wrong is decided on like the rest, and what is generated is written without it.
#[test]
fn a_sample_of_another_type_is_on_the_list() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let document = rehearsal.publish(|document| {
        let schemas = &mut document["components"]["schemas"];
        let transaction = &mut schemas["financial_connections.transaction"]["properties"];
        transaction["amount"] = json!({"type": "string", "description": "Theirs."});
        // The preview has this field with the type that it had.
        schemas["financial_connections.account_owner"]["properties"]["phone"] = json!({"type": "integer"});
        let action = &mut schemas[DETAILS]["properties"]["action"]["enum"];
        action.as_array_mut().expect("it is a list").retain(|value| value != "relink_required");
    });
    let text = update(&rehearsal, &document);
    let listed = items(&text);
    let of = |what: &str| {
        let item = listed.iter().find(|item| item.what.contains(what)).unwrap_or_else(|| panic!("{what}: {text}"));
        (item.is_task, item.what.clone())
    };
    let rows = read(&clone.join("spec/samples.toml"));
    let line = rows.lines().position(|line| line.contains("transaction/amount")).expect("it has a row") + 1;
    let wrong = "the sample of `financial_connections.transaction/amount` is of another type than the field: expected string, found \
                 `-4_250`";
    assert!(text.contains(&format!("- [ ] `spec/samples.toml:{line}`: {wrong}")), "{text}");
    assert!(of(wrong).1.ends_with(&format!("correct the value, or delete line {line}")), "{text}");
    assert!(!text.contains("plausible value"), "the row is on the list already: {text}");
    // What is of another type in one release, or no longer listed, is worth a look.
    let (is_task, what) =
        of("check the sample of `#/components/schemas/financial_connections.account_owner/properties/phone`");
    assert!(!is_task && what.ends_with("is for another release only"), "{what}");
    let (is_task, what) = of(&format!("check the sample of `#/components/schemas/{DETAILS}/properties/action`"));
    assert!(!is_task && what.ends_with(": its value `relink_required` is not listed"), "{what}");
    assert!(text.contains("verdict major"), "{text}");
    assert!(
        read(&clone.join("generated/src/releases/endive/transaction/models.rs")).contains("amount: Secret<String>")
    );

    // The bindings stand once the list is done.
    let (code, said) = xtask(&clone, &["generate", "--check"]);
    assert!(code == Some(1) && said.contains(&format!("spec/samples.toml:{line}:1: {wrong}")), "{said}");
    let (rounds, said) = follow(&clone, &format!("spec/{}", config().releases[0].document), &text);
    assert!(rounds.len() <= 4, "{rounds:?}: {said}");
    assert_eq!(xtask(&clone, &["generate", "--check"]).0, Some(0));
}

/// Once what a place seems to be called now has a row, the row of the former name is to be deleted.
#[test]
fn the_row_of_a_former_name_is_deleted() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let document = rehearsal.publish(|document| {
        let transaction = &mut document["components"]["schemas"]["financial_connections.transaction"];
        let properties = transaction["properties"].as_object_mut().expect("it is an object");
        let amount = properties.remove("amount").expect("it is there");
        properties.insert("sum".to_owned(), amount);
        for name in transaction["required"].as_array_mut().expect("some are required") {
            if name == "amount" {
                *name = json!("sum");
            }
        }
    });
    let text = update(&rehearsal, &document);
    let seems = "it seems to be `financial_connections.transaction/sum` now";
    assert!(text.contains("nothing decides whether `financial_connections.transaction/sum` is secret"), "{text}");
    assert!(!text.contains(seems), "it is asked about first: {text}");
    let (path, module) = (clone.join("spec/codegen.toml"), &config().releases[0].module);
    let row = format!("    {{ place = \"financial_connections.transaction/sum\", releases = [{module:?}] }},\n");
    let rows = read(&path).replacen("sensitive = [\n", &format!("sensitive = [\n{row}"), 1);
    fs::write(&path, &rows).expect("it is ours");
    let text = update(&rehearsal, &document);
    let line = rows.lines().position(|line| line.contains("transaction/amount")).expect("it has a row") + 1;
    assert!(text.contains(&format!("{seems}, which has a row: delete line {line}\n")), "{text}");
    let rows: String = rows.split_inclusive('\n').filter(|line| !line.contains("transaction/amount")).collect();
    fs::write(&path, rows).expect("it is ours");
    let text = update(&rehearsal, &document);
    assert!(!text.contains("of `sensitive`"), "{text}");
}

/// A later step that fails does not claim that nothing was written, and the next run continues.
#[test]
fn an_update_continues_after_a_failure() {
    let rehearsal = Rehearsal::new();
    let (clone, document) = (rehearsal.clone(), rehearsal.publish(breaking));
    let foreign = clone.join("generated/src/releases/notes.txt");
    fs::write(&foreign, "a person's").expect("it is ours");
    let (code, text) = xtask(&clone, &["update", &document]);
    assert_eq!(code, Some(1), "{text}");
    // Such a file is found before the document is written, and a read-only one beside the code is not.
    assert!(text.contains("did not write `notes.txt`") && text.contains("nothing was written"), "{text}");
    fs::remove_file(&foreign).expect("it is ours");
    let changelog = clone.join("CHANGELOG.md");
    let old = fs::metadata(&changelog).expect("it is there").permissions();
    let mut read_only = old.clone();
    read_only.set_readonly(true);
    fs::set_permissions(&changelog, read_only).expect("it is ours");
    let (code, text) = xtask(&clone, &["update", &document]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("CHANGELOG.md: this file is read-only"), "{text}");
    assert!(text.contains("some files were changed") && !text.contains("nothing was written"), "{text}");
    fs::set_permissions(&changelog, old).expect("it is ours");
    let (code, text) = xtask(&clone, &["update", &document]);
    assert!(code == Some(0) && text.contains("Nothing is left to do."), "{text}");
    assert_eq!(xtask(&clone, &["generate", "--check"]).0, Some(0));
    let [_, _, major] = versions();
    assert_eq!(xtask(&clone, &["release", &format!("v{major}")]).0, Some(0));
}

/// Runs the command in a fresh clone and returns what it printed.
fn update(rehearsal: &Rehearsal, document: &str) -> String {
    let (code, text) = xtask(&rehearsal.clone(), &["update", document]);
    assert_eq!(code, Some(0), "{text}");
    text
}

/// An operation that is gone is an item of the list, so the weekly job has its pull request, and the row is named.
#[test]
fn a_removed_operation_is_on_the_list() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let document = rehearsal.publish(|document| {
        let paths = document["paths"].as_object_mut().expect("it is an object");
        assert!(paths.remove("/v1/financial_connections/accounts/{account}/refresh").is_some());
        assert!(paths.remove("/v1/financial_connections/accounts/{account}/owners").is_some());
    });
    let text = update(&rehearsal, &document);
    assert!(text.contains("verdict major"), "{text}");
    let rows = read(&clone.join("spec/codegen.toml"));
    let lines: Vec<_> = rows.lines().collect();
    let items = items(&text);
    let of = |operation: &str| {
        let what = format!("Stripe's document no longer has `{operation}`: ");
        items.iter().find(|item| item.is_task && item.what.starts_with(&what)).unwrap_or_else(|| panic!("{text}"))
    };
    let refresh = of("PostFinancialConnectionsAccountsAccountRefresh");
    let row = &refresh.blocks[0].1;
    assert!(row.contains("AccountSubscribe\"") && !row.contains("AccountRefresh\""), "{row}");
    let owners = of("GetFinancialConnectionsAccountsAccountOwners");
    let number = owners.what.rsplit_once("delete lines ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    let first: usize = number.unwrap_or_else(|| panic!("{}", owners.what));
    assert_eq!(lines[first - 1..=first], ["[[resource]]", "schema = \"financial_connections.account_owner\""]);
}

/// What a text means may have changed, so Stripe's is shown beside ours; and a fact that changed is named.
#[test]
fn what_stripe_says_is_shown_beside_what_we_say() {
    let rehearsal = Rehearsal::new();
    // The document before is at hand.
    update(&rehearsal, &rehearsal.publish(|_| {}));
    let document = rehearsal.publish(|document| {
        session(document)["livemode"]["description"] = json!("Always `null` now.\n```\n@everyone");
        session(document)["return_url"]["maxLength"] = json!(77);
        additive(document);
        // A value has the name of a field that goes.
        let account = &mut document["components"]["schemas"]["financial_connections.account"]["properties"];
        account["category"]["enum"].as_array_mut().expect("it is a list").push(json!("subscriptions"));
        assert!(account.as_object_mut().expect("it is an object").remove("subscriptions").is_some());
        // What was a time is a number.
        let refresh = &mut document["components"]["schemas"]["bank_connections_resource_balance_refresh"]["properties"];
        let last = refresh["last_attempted_at"].as_object_mut().expect("it is an object");
        assert!(last.remove("format").is_some());
        // A parameter that shares its enum has another name.
        let create = &mut document["paths"]["/v1/financial_connections/sessions"]["post"]["requestBody"]["content"];
        let filters = &mut create["application/x-www-form-urlencoded"]["schema"]["properties"]["filters"]["properties"];
        let filter = filters["require_payment_method_support"].take();
        filters.as_object_mut().expect("it is an object").remove("require_payment_method_support");
        filters["supported"] = filter;
    });
    let text = update(&rehearsal, &document);
    let items = items(&text);
    let of =
        |what: &str| items.iter().find(|item| item.what.contains(what)).unwrap_or_else(|| panic!("{what}: {text}"));
    let texts = |what: &str| of(what).blocks.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
    let livemode = texts("properties/livemode`: Stripe's says something else");
    assert_eq!(livemode.len(), 3, "{livemode:?}");
    assert!(livemode[0] == livemode[1] && livemode[2] == "Always `null` now.\n```\n@everyone", "{livemode:?}");
    assert_eq!(
        texts("describe `#/components/schemas/financial_connections.session/properties/brand_new`"),
        ["Stripe's words."]
    );
    let value = texts("describe `subscriptions` under `x-enumDescriptions`");
    assert!(value.len() == 1 && value[0].starts_with("Broad class of the account"), "no words of a field: {value:?}");
    let times = of("keep the type of what the document no longer marks as a time: 1");
    let lines = read(&rehearsal.clone().join("spec/codegen.toml"));
    let line = lines.lines().position(|line| line == "timestamps = [").expect("it has the list") + 1;
    assert!(times.what.contains(&format!("below line {line} of `spec/codegen.toml`")), "{}", times.what);
    let module = &config().releases[0].module;
    let place = "bank_connections_resource_balance_refresh/last_attempted_at";
    assert_eq!(times.blocks[0].1, format!("    {{ place = \"{place}\", releases = [\"{module}\"] }},"));
    let shared = texts("by this row to share `SessionFiltersRequirePaymentMethodSupport`");
    let filter = "bank_connections_resource_link_account_session_filters/require_payment_method_support";
    assert!(
        shared[0].ends_with(&format!("places = [\n    \"{filter}\",\n    \"CreateSession/filters/supported\",\n]")),
        "{shared:?}"
    );
    let limit =
        of("check the description of `#/components/schemas/financial_connections.session/properties/return_url`");
    assert!(limit.what.contains("`maxLength` was `5000` and is `77`"), "{}", limit.what);
    // Our words of this document are those of a person who has read Stripe's.
    let path = rehearsal.clone().join("spec").join(&config().releases[0].document);
    let yaml = read(&path).replace(&livemode[0], "Ours again.");
    fs::write(&path, yaml).expect("it is ours");
    let text = update(&rehearsal, &path.display().to_string());
    assert!(!text.contains("Stripe's says something else"), "{text}");
}

/// What people wrote and a change breaks is on the list by its file and line, and the checks find the rest.
#[test]
fn code_that_may_no_longer_compile_is_on_the_list() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    for name in ["generated/README.md", "generated/examples/refresh_and_page.rs"] {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name), &clone.join(name));
    }
    let refresh = "/v1/financial_connections/accounts/{account}/refresh";
    let document = rehearsal.publish(|document| {
        let text = document.to_string().replace("\"inactive\"", "\"dormant\"");
        *document = serde_json::from_str(&text).expect("it is JSON");
        let body = &mut document["paths"][refresh]["post"]["requestBody"]["content"];
        let schema = &mut body["application/x-www-form-urlencoded"]["schema"];
        schema["properties"]["reason_code"] = json!({"type": "integer", "description": "Theirs."});
        schema["required"].as_array_mut().expect("some are required").push(json!("reason_code"));
    });
    let text = update(&rehearsal, &document);
    assert!(text.contains("verdict major: "), "{text}");
    let listed = items(&text);
    let is_listed = |file: &str, name: &str| {
        let lines = read(&clone.join(file));
        let line = 1 + lines.lines().position(|line| line.contains(name)).unwrap_or_else(|| panic!("{name} in {file}"));
        let what = format!("check what may mean `{name}`, which is gone or another");
        let is_it = |item: &&Item| item.file == file && item.line == Some(line) && item.what.starts_with(&what);
        assert!(listed.iter().any(|item| is_it(&item) && !item.is_task), "{file}:{line}: {name}\n{text}");
    };
    is_listed("generated/examples/refresh_and_page.rs", "RefreshAccount::new");
    is_listed("spec/codegen.toml", "RefreshAccount::new");
    is_listed("generated/README.md", "AccountStatus::Inactive");
    assert!(!text.contains("`generated/src/releases/"), "what is generated is up to date: {text}");
    assert!(text.trim_end().ends_with("`.ci/run`: more than what is listed may no longer compile."), "{text}");
    // So does a list on which nothing is.
    let text = update(&Rehearsal::new(), &rehearsal.publish(|_| {}));
    assert!(text.contains("Nothing is left to do.\n") && text.contains("\nThen run `.ci/run`: more than"), "{text}");
}

/// A key that has no effect on the bindings makes no work.
#[test]
fn a_key_that_is_ignored_is_nothing_to_check() {
    let rehearsal = Rehearsal::new();
    let text = update(
        &rehearsal,
        &rehearsal.publish(|document| {
            let field = &mut session(document)["return_url"];
            (field["x-stripeBypassValidation"], field["readOnly"]) = (json!(true), json!(true));
        }),
    );
    assert!(text.contains("Nothing is left to do.") && !text.contains("check the description of "), "{text}");
}

/// What moved is compared with where it was.
#[test]
fn a_renamed_schema_whose_texts_and_facts_changed_is_to_check() {
    let rehearsal = Rehearsal::new();
    let old = "bank_connections_resource_balance_refresh";
    let new = format!("{old}_moved");
    let document = rehearsal.publish(|document| {
        let schema = &mut document["components"]["schemas"][old];
        schema["description"] = json!("Only for some.");
        schema["properties"]["last_attempted_at"]["description"] = json!("Always zero now.");
        schema["properties"]["last_attempted_at"]["nullable"] = json!(true);
        let parameters = &mut document["paths"]["/v1/financial_connections/accounts"]["get"]["parameters"];
        let parameters = parameters.as_array_mut().expect("it is a list");
        let limit = parameters.iter_mut().find(|parameter| parameter["name"] == "limit").expect("it is there");
        limit["deprecated"] = json!(true);
        limit["description"] = json!("Ignored now.");
        let first = json!({"name": "a_first", "in": "query", "style": "form", "schema": {"type": "boolean"}});
        parameters.insert(0, first);
        let text = document.to_string().replace(&format!("{old}\""), &format!("{new}\""));
        *document = serde_json::from_str(&text).expect("it is JSON");
    });
    let text = update(&rehearsal, &document);
    let field = format!("{new}/properties/last_attempted_at");
    for (place, what) in [
        (new.as_str(), "Stripe's says something else"),
        (field.as_str(), "Stripe's says something else"),
        (field.as_str(), "`nullable` is new: `true`"),
    ] {
        let wanted = format!("check the description of `#/components/schemas/{place}`: {what}");
        assert_eq!(text.matches(&wanted).count(), 1, "{wanted}: {text}");
    }
    // A parameter has another index for another one that came.
    let limit = "check the description of `#/paths/~1v1~1financial_connections~1accounts/get/parameters/";
    assert_eq!(text.matches(limit).count(), 2, "{text}");
    assert_eq!(text.matches("check the description of ").count(), 5, "{text}");
}

/// The module of the current release follows the version. It is private, so nobody names it.
#[test]
fn an_additive_document_of_another_version_is_minor() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let published = rehearsal.publish(|document| {
        additive(document);
        document["info"]["version"] = json!("2099-01-15.zinnia");
    });
    let text = update(&rehearsal, &published);
    assert!(text.contains("verdict minor:"), "{text}");
    let [_, minor, _] = versions();
    let manifest = read(&clone.join("Cargo.toml"));
    assert!(manifest.contains(&format!("\nversion = \"{minor}\"")), "{manifest}");
    assert!(manifest.contains(&format!("path = \"generated/runtime\", version = \"={minor}\"")), "{manifest}");
    let releases = read(&clone.join("generated/src/releases/mod.rs"));
    assert!(releases.contains("\nmod zinnia;"), "{releases}");
}

/// Only what a person wrote stays.
#[test]
fn a_version_that_a_person_set_stays_and_is_said() {
    let rehearsal = Rehearsal::new();
    let clone = rehearsal.clone();
    let [current, minor, _] = versions();
    let document = rehearsal.publish(additive);
    let version = |text: &str| text.lines().find(|line| line.starts_with("version = ")).expect("it has one").to_owned();
    update(&rehearsal, &document);
    assert_eq!(version(&read(&clone.join("Cargo.toml"))), format!("version = \"{minor}\""));

    // A later document asks for less than an earlier one did.
    update(&rehearsal, &rehearsal.publish(breaking));
    update(&rehearsal, &rehearsal.publish(additive));
    assert_eq!(version(&read(&clone.join("Cargo.toml"))), format!("version = \"{minor}\""));
    let log = read(&clone.join("CHANGELOG.md"));
    assert!(!log.contains("livemode") && log.contains(&format!("## {minor}\n")), "{log}");

    // A person's version and entry outlive the document.
    for file in ["Cargo.toml", "Cargo.lock"] {
        let text = read(&clone.join(file)).replace(&format!("\"{minor}\""), "\"7.0.0\"");
        fs::write(clone.join(file), text).expect("it is ours");
    }
    let said = format!("the version stays 7.0.0, which a person set: the changes ask for {minor}");
    let log = read(&clone.join("CHANGELOG.md"));
    let entry = "\n- Add support for `brand_new` on `Session`\n";
    let write = |new: &str| fs::write(clone.join("CHANGELOG.md"), log.replacen(entry, new, 1)).expect("it is ours");
    write(&format!("\n- Add `mine`{entry}"));
    let text = update(&rehearsal, &document);
    assert!(text.contains(&said), "{text}");
    let second = read(&clone.join("CHANGELOG.md"));
    assert!(second.contains(&format!("## 7.0.0\n\n- Add `mine`{entry}\n## ")), "{second}");
    // Ours in other words is not written again, and without the section, all of it is.
    write("\n- Add `mine`\n- Add `brand_new`, at last\n");
    update(&rehearsal, &document);
    let third = read(&clone.join("CHANGELOG.md"));
    assert!(third.contains("## 7.0.0\n\n- Add `mine`\n- Add `brand_new`, at last\n\n## "), "{third}");
    git(&clone, &["checkout", "--quiet", "CHANGELOG.md"]);
    update(&rehearsal, &document);
    assert!(read(&clone.join("CHANGELOG.md")).contains(&format!("## 7.0.0\n{entry}\n## ")));
    // What a person wrote asks for a version without any change of ours.
    write(&format!("\n- Add `mine`{entry}"));
    let text = update(&rehearsal, &rehearsal.publish(|_| {}));
    assert!(text.contains("the version stays 7.0.0") && !text.contains(&format!("ask for {current}\n")), "{text}");
    let log = read(&clone.join("CHANGELOG.md"));
    assert!(log.contains("## 7.0.0\n\n- Add `mine`\n\n## "), "{log}");
    assert_eq!(version(&read(&clone.join("Cargo.toml"))), "version = \"7.0.0\"");
    assert_eq!(git(&clone, &["status", "--porcelain", "--", "spec/codegen.toml"]), "");
}
