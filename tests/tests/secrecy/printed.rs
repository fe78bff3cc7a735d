//! What a program can print of secret values.

use std::path::Path;

use codegen::Generated;
use serde_json::{Map, Value, json};
use tests::scratch::Scratch;
use tests::workspace;

use crate::routes::{routes, routes_config};
use crate::{config, document, generate, types};

#[test]
fn debug_prints_no_secret_of_any_type() {
    let types = types();
    let property = |(kind, schema, _): &(&str, Value, Value)| (format!("{kind}_token"), schema.clone());
    let document = document(types.iter().map(property).collect());
    let mut generated = generate(&config(), None, &document).unwrap_or_else(|error| panic!("{error}"));
    let mut object: Map<String, Value> =
        types.iter().map(|(kind, _, value)| (format!("{kind}_token"), value.clone())).collect();
    object.insert("id".to_owned(), json!("thing_1"));
    object.insert("object".to_owned(), json!("thing"));
    let text = Value::from(object).to_string();
    let test = format!(
        "let json = r##\"{text}\"##;
        let thing: super::Thing = serde_json::from_str(json).unwrap();
        let printed = format!(\"{{thing:?}}{{thing:#?}}\");
        assert_eq!(printed.matches(\"Secret(…)\").count(), 2 * {}, \"{{printed}}\");
        assert!(!printed.contains(\"HUSH\"), \"{{printed}}\");
        assert_eq!(serde_json::to_value(&thing).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());",
        types.len()
    );
    run("secrecy", &mut generated, &test);
}

/// What a program can print of the values of [`routes`]: responses, operations, parameters, requests, a page, a client and errors.
const WALK: &str = r#"
        use stripe_runtime::{CannedTransport, Method, Operation as _, Options, Request, blocking::Client};

        use super::*;

        fn show(shown: &mut Vec<(&'static str, String)>, what: &'static str, value: &dyn std::fmt::Debug) {
            shown.push((what, format!("{value:?}{value:#?}")));
        }
        // The error itself, what causes it, and both in words.
        fn fail(shown: &mut Vec<(&'static str, String)>, what: &'static str, error: &dyn std::error::Error) {
            let causes = std::iter::successors(Some(error), |error| error.source());
            shown.extend(causes.map(|error| (what, format!("{error}{error:?}"))));
        }
        let mut all = Vec::new();
        let (inside, far, list) = (
            CreateThingInside::new().word("HUSH"), CreateThingFar::new().word("HUSH"), CreateThingList::new().word("HUSH"),
        );
        let fields = CreateThingEitherFields::new().word("HUSH");
        show(&mut all, "nested parameters", &(&inside, &far, &list, &fields));
        let create = CreateThing::new("HUSH").inside(inside).far(far).list([list]).either(CreateThingEither::Fields(fields));
        let create_v2 = CreateV2Thing::new("HUSH").inside(CreateThingInside::new().word("HUSH"));
        let find = ListThings::new().word("HUSH").starting_after("HUSH").ending_before("HUSH");
        let (get, delete) = (RetrieveThing::new("HUSH"), DeleteThing::new("HUSH"));
        show(&mut all, "operations", &(&create, &create_v2, &find, &get, &delete));
        let sent = [create.request(), create_v2.request(), find.request(), get.request(), delete.request()];
        let sent: Vec<Request> = sent.into_iter().map(Result::unwrap).collect();
        let texts = sent.iter().map(|one| format!("{}{:?}", one.url("https://example.com"), one.body()));
        assert!(texts.into_iter().all(|text| text.contains("HUSH")), "each sends it");
        show(&mut all, "requests", &sent);

        let thing = serde_json::json!({
            "id": "HUSH", "object": "thing", "word": "HUSH", "inside": { "id": "in_1", "object": "inside", "word": "HUSH" },
            "list": [{ "id": "in_1", "object": "inside", "word": "HUSH" }], "open": { "HUSH": 1 }, "far": {
                "id": "in_1", "object": "inside", "word": "HUSH",
            }, "either": { "id": "in_1", "object": "inside", "word": "HUSH" },
        });
        let page = serde_json::json!({ "object": "list", "data": [thing], "has_more": false, "url": "/v1/things" });
        let error = serde_json::json!({ "error": { "type": "invalid_request_error", "param": "word", "thing": thing } });
        let client = |status: u16, one: &serde_json::Value, page: &serde_json::Value| {
            let stripe = CannedTransport::new().on(Method::Post, "/v1/things", status, one).on(Method::Get, "/v1/things", status, page);
            let stripe = stripe.on(Method::Post, "/v2/things", status, one).on(Method::Get, "/v1/things/{id}", status, one);
            let stripe = stripe.on(Method::Delete, "/v1/things/{id}", status, one);
            Client::builder("sk_test_HUSH").defaults(Options::new().retries(0)).build_with(stripe.clone(), stripe).unwrap()
        };
        let works = client(200, &thing, &page);
        show(&mut all, "responses", &(works.send(&create).unwrap(), works.send(&create_v2).unwrap(), works.send(&get).unwrap()));
        show(&mut all, "a page and the client", &(works.send(&find).unwrap(), &works));
        show(&mut all, "a raw response", &works.send_raw(get.request().unwrap()).unwrap());

        let wrong = serde_json::json!({ "id": "HUSH", "object": "thing", "word": ["HUSH"] });
        fail(&mut all, "a value of another type", &client(200, &wrong, &wrong).send(&get).unwrap_err());
        fail(&mut all, "a page of another type", &client(200, &wrong, &wrong).send(&find).unwrap_err());
        fail(&mut all, "an error of Stripe", &client(400, &error, &error).send(&create).unwrap_err());
        fail(&mut all, "a failure without a body", &client(500, &serde_json::json!("HUSH"), &wrong).send(&delete).unwrap_err());
        let invalid = Options::new().idempotency_key("HUSH\0");
        fail(&mut all, "an invalid key", &works.send_with(&create, &invalid).unwrap_err());
        let deleted = serde_json::json!({ "id": "HUSH", "object": "thing", "deleted": true });
        let deleted = client(200, &deleted, &deleted).send(&delete).unwrap();
        assert!(format!("{deleted:?}").contains("HUSH"), "it leads to nothing: {deleted:?}");
        for (what, printed) in all {
            assert!(!printed.contains("HUSH"), "{what}: {printed}");
        }"#;

#[test]
fn no_route_prints_a_secret() {
    let mut generated = generate(&routes_config(), None, &routes()).unwrap_or_else(|error| panic!("{error}"));
    run("secret_routes", &mut generated, WALK);
}

/// Runs the body of a test inside what is generated, with a client and without a network.
fn run(directory: &str, generated: &mut Generated, test: &str) {
    let root = generated.files.iter_mut().find(|file| file.path == "mod.rs").expect("there is a root");
    root.text.push_str(&format!(
        "\n#[cfg(test)]\nmod hush {{\n    use stripe_runtime::__private::serde_json;\n\n    #[test]\n    \
         fn debug_prints_no_secret() {{\n        {test}\n    }}\n}}\n"
    ));
    let release = codegen::generate(&workspace::config(), None, "release", &workspace::current_document());
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let mut scratch = Scratch::single(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(directory), &release);
    scratch.add("secrets", generated);
    let printed = scratch.cargo(&["test", "--lib", "--features", "client,test-util", "debug_prints_no_secret"]);
    assert!(printed.contains("1 passed"), "{printed}");
}
