//! What this crate sends is what Stripe's official libraries sent when they were recorded, or differs as explained.
//!
//! `cargo run --package conformance` records; `tests/conformance/README.md` says more.

use std::collections::BTreeSet;

use codegen::ir::{Api, Field, Type};
use conformance::{
    canonical::Canonical,
    capture::{Captured, Server, send},
    cases::{Case, Operation, cases},
    compare::{Outcome, compare, compare_captured, judge},
    differences::{DIFFERENCES, Difference},
    ours,
    record::{self, Headers, Library, Recording},
    webhook,
};
use serde_json::{Map, Value, json};
use stripe_financial_connections::{
    CreateSession, ListV2, Opaque, Operation as _,
    webhook::{EventType, NotificationType},
};
use tests::workspace;

const RECORD: &str = "record anew with `cargo run --package conformance`";

fn difference(kind: &str, library: Library) -> &'static Difference {
    DIFFERENCES.iter().find(|difference| difference.kind == kind && difference.library == library).unwrap()
}

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap()
}

#[test]
fn the_cases_are_those_that_were_recorded() {
    let text = record::cases_text(&cases()).unwrap();
    assert!(record::read("cases").unwrap() == text, "the cases are not those that were recorded; {RECORD}");
    let text = webhook::deliveries_text(&webhook::deliveries()).unwrap();
    let recorded = record::read(webhook::DELIVERIES).unwrap();
    assert!(recorded == text, "the deliveries are not those that were recorded; {RECORD}");
}

#[test]
fn every_request_is_that_of_the_official_libraries_or_differs_as_explained() {
    let cases = cases();
    for library in Library::ALL {
        let recording = Recording::read(library).unwrap();
        let summary = compare(&cases, &recording);
        let problems: Vec<_> = summary.problems.iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{} unexplained:\n{}", problems.len(), problems.join("\n"));
        assert_eq!(summary.equal + summary.explained, cases.len());
        println!("{library}: {} equal, {} explained {:?}", summary.equal, summary.explained, summary.kinds);
    }
}

#[test]
fn what_was_recorded_is_of_the_versions_that_are_pinned() {
    let node: Value = serde_json::from_str(&workspace::read("tests/conformance/package.json")).unwrap();
    let python = workspace::read("tests/conformance/requirements.txt");
    let python = python.lines().find_map(|line| line.strip_prefix("stripe==")).unwrap().trim_end_matches(" \\");
    assert_eq!(node["dependencies"]["stripe"], Recording::read(Library::Node).unwrap().about.version, "{RECORD}");
    assert_eq!(python, Recording::read(Library::Python).unwrap().about.version, "{RECORD}");
    for library in Library::ALL {
        let about = Recording::read(library).unwrap().about;
        assert_eq!(webhook::Recording::read(library).unwrap().about, about, "{RECORD}");
    }
}

#[test]
fn what_was_recorded_is_written_as_it_is_read() {
    for library in Library::ALL {
        let recording = Recording::read(library).unwrap();
        assert!(record::read(library.name()).unwrap() == recording.text().unwrap(), "{library}; {RECORD}");
        let recording = webhook::Recording::read(library).unwrap();
        let recorded = record::read(webhook::file(library)).unwrap();
        assert!(recorded == recording.text().unwrap(), "{library}; {RECORD}");
    }
}

#[test]
fn the_committed_files_name_no_host() {
    for file in ["package.json", "package-lock.json", "requirements.txt"] {
        let text = workspace::read(&format!("tests/conformance/{file}"));
        for address in ["://", "resolved", "--index-url", "--find-links"] {
            assert!(!text.contains(address), "{file} has `{address}`");
        }
    }
}

/// No case proves a parameter that is in none.
#[test]
fn every_parameter_of_the_document_is_there_and_not_there() {
    let config = workspace::config();
    let cases = cases();
    // The libraries know the current release, and no preview.
    let release = &config.releases[0];
    let known = Recording::read(Library::Node).unwrap().about.api_version;
    // A version starts with its date. A library does not know the parameters of a later one.
    if release.api_version > known {
        return println!("not compared: `{}` is later than the `{known}` of the libraries", release.api_version);
    }
    let document = workspace::read(&format!("spec/{}", release.document));
    let api = codegen::generate(&config, None, &release.document, &document).unwrap().api;
    for operation in api.operations.iter() {
        let kind = match &operation.name[..] {
            "CreateSession" => Operation::Create,
            "RetrieveSession" => Operation::Retrieve,
            "ListAccounts" => Operation::ListAccounts,
            "RetrieveAccount" => Operation::RetrieveAccount,
            "DisconnectAccount" => Operation::DisconnectAccount,
            "RefreshAccount" => Operation::RefreshAccount,
            "SubscribeAccount" => Operation::SubscribeAccount,
            "UnsubscribeAccount" => Operation::UnsubscribeAccount,
            "ListAccountOwners" => Operation::ListAccountOwners,
            "ListTransactions" => Operation::ListTransactions,
            "RetrieveTransaction" => Operation::RetrieveTransaction,
            other => panic!("no case is of the operation {other}: have it driven"),
        };
        let params: Vec<_> =
            cases.iter().filter(|case| case.operation == kind).map(|case| Some(&case.params)).collect();
        covered(&api, &operation.name, &operation.params, &params);
    }
}

/// The holders are those of the cases in which the object that holds the fields is there.
fn covered(api: &Api, place: &str, fields: &[Field], holders: &[Option<&Map<String, Value>>]) {
    for field in fields {
        let place = format!("{place}.{}", field.wire);
        let values: Vec<_> = holders.iter().flatten().map(|holder| holder.get(&field.wire)).collect();
        assert!(values.iter().any(Option::is_some), "{place} is in no case: add it to the cases");
        assert!(field.is_required() || values.iter().any(Option::is_none), "{place} is in every case");
        let values: BTreeSet<_> = values.iter().flatten().flat_map(|value| leaves(value)).collect();
        for part in field.ty.layers() {
            match part {
                Type::Clearable(_) => assert!(values.contains("\"\""), "{place} is never cleared"),
                Type::Enum(name) => {
                    let variants = &api.enums.named(name).unwrap().variants;
                    for variant in variants {
                        let value = Value::from(variant.value.clone()).to_string();
                        assert!(values.contains(&value), "{place} is never {value}: add it to the cases");
                    }
                }
                Type::Params(name) => {
                    let inner: Vec<_> =
                        holders.iter().flatten().map(|holder| holder.get(&field.wire)?.as_object()).collect();
                    covered(api, &place, &api.params.named(name).unwrap().fields, &inner);
                }
                _ => {}
            }
        }
    }
}

fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    }
}

#[test]
fn requests_arrive_as_they_are_built() {
    let server = Server::start().unwrap();
    let mut sent = Vec::new();
    for (index, case) in cases().iter().enumerate().step_by(7) {
        let Ok(request) = ours::request(case).unwrap() else { continue };
        let response = send(server.address(), index, &request).unwrap();
        if case.operation.is_v2() {
            drop(ListV2::<Opaque>::from_json(&response).unwrap());
        } else {
            drop(CreateSession::decode(&response).unwrap());
        }
        sent.push((index, request));
    }
    let captured = server.stop().unwrap();
    assert_eq!(captured.len(), sent.len());
    for ((index, request), captured) in sent.iter().zip(captured) {
        assert_eq!(captured.case, index.to_string());
        assert_eq!(captured.method, request.method().as_str());
        assert_eq!(captured.path, request.path());
        assert_eq!(captured.query.as_deref(), request.query());
        assert_eq!(captured.body, request.body().unwrap_or_default());
        assert_eq!(captured.headers.content_type.as_deref(), request.content_type());
        assert_eq!(captured.headers.stripe_version.as_deref(), request.api_version());
    }
}

/// That the comparison can fail: for each part of a request, for one parameter more, less or elsewhere.
#[test]
fn a_request_that_differs_is_noticed() {
    let case = case("list: 12 of permissions");
    let ours = ours::request(&case).unwrap();
    let right = Canonical::of(ours.as_ref().unwrap()).unwrap();
    assert!(matches!(judge(&case, ours.clone(), &right, Vec::new()), Ok(Outcome::Equal)));

    let changes: [fn(&mut Canonical); 8] = [
        |request| request.method = "PUT".to_owned(),
        |request| request.path.push(String::new()),
        |request| request.path[2] = "customers".to_owned(),
        |request| drop(request.body.insert("extra".to_owned(), vec![String::new()])),
        |request| drop(request.body.remove("permissions[11]")),
        |request| request.body.get_mut("permissions[0]").unwrap().push("balances_0".to_owned()),
        |request| {
            let first = request.body.insert("permissions[2]".to_owned(), vec!["transactions_11".to_owned()]).unwrap();
            request.body.insert("permissions[11]".to_owned(), first);
        },
        |request| std::mem::swap(&mut request.query, &mut request.body),
    ];
    for change in changes {
        let mut wrong = right.clone();
        change(&mut wrong);
        assert!(judge(&case, ours.clone(), &wrong, Vec::new()).is_err(), "{wrong:?}");
    }
}

/// In JSON as well, where absent, null, empty and text differ.
#[test]
fn json_that_differs_is_noticed() {
    let case = case("v2: UpdateV2Account, usual");
    let ours = ours::request(&case).unwrap();
    let right = Canonical::of(ours.as_ref().unwrap()).unwrap();
    assert!(matches!(judge(&case, ours.clone(), &right, Vec::new()), Ok(Outcome::Equal)));
    let json = right.json.clone().unwrap();
    assert_eq!(json, Value::Object(case.params.clone()));

    for (pointer, value) in [
        ("/display_name", json!("")),
        ("/metadata/kept", json!(1)),
        ("/metadata/kept", Value::Null),
        ("/configuration/recipient", json!({})),
        ("/metadata", json!({"kept": "1"})),
        ("", json!({})),
        ("", Value::Null),
    ] {
        let mut wrong = right.clone();
        *wrong.json.as_mut().unwrap().pointer_mut(pointer).unwrap() = value;
        assert!(judge(&case, ours.clone(), &wrong, Vec::new()).is_err(), "{wrong:?}");
    }
    assert!(judge(&case, ours, &Canonical { json: None, ..right }, Vec::new()).is_err());
    Canonical::new("POST", "/v2/core/accounts", None, "display_name=a").unwrap_err();
}

/// As the requests of generated crates are compared, with their headers.
#[test]
fn a_captured_request_that_differs_is_noticed() {
    let case = case("v1: CreateRefund, charge");
    let cases = cases();
    let recording = Recording::read(Library::Python).unwrap();
    let request = ours::request(&case).unwrap().unwrap();
    let server = Server::start().unwrap();
    send(server.address(), 0, &request).unwrap();
    let right = server.stop().unwrap().remove(0);
    let headers = Headers { idempotency_key: true, ..right.headers.clone() };
    let right = Captured { case: case.name.clone(), headers, ..right };
    assert_eq!(compare_captured(&cases, &right, &recording).unwrap(), &case);

    let changes: [fn(&mut Captured); 6] = [
        |request| request.case.push('s'),
        |request| request.case = "v1: CreateRefund, balance".to_owned(),
        |request| request.path.push('s'),
        |request| request.body.push_str("&amount=1"),
        |request| request.headers.idempotency_key = false,
        |request| request.headers.content_type = Some("application/json".to_owned()),
    ];
    for change in changes {
        let mut wrong = right.clone();
        change(&mut wrong);
        compare_captured(&cases, &wrong, &recording).unwrap_err();
    }
}

#[test]
fn an_explanation_that_is_not_needed_is_noticed() {
    let cleared = difference("null clears", Library::Node);
    let refused = difference("no id", Library::Node);
    let case = case("presence: nothing");
    let ours = ours::request(&case).unwrap();
    let sent = Canonical::of(ours.as_ref().unwrap()).unwrap();
    judge(&case, ours.clone(), &sent, vec![cleared]).unwrap_err();
    judge(&case, ours, &sent, vec![refused]).unwrap_err();

    let recording = Recording::read(Library::Node).unwrap();
    let cases: Vec<_> = cases().into_iter().take(1).collect();
    let requests = recording.requests[..1].to_vec();
    let summary = compare(&cases, &Recording { requests, ..recording });
    let problems: Vec<_> = summary.problems.iter().map(ToString::to_string).collect();
    for row in DIFFERENCES.iter().filter(|row| row.library == Library::Node) {
        assert!(problems.iter().any(|problem| problem.contains(row.kind)), "{}: {problems:?}", row.kind);
    }
}

#[test]
fn an_id_that_bends_the_path_is_refused_and_sent_by_the_others() {
    for name in ["text: empty, in id", "id: dot", "id: two dots, with expand"] {
        let case = case(name);
        let refusal = ours::request(&case).unwrap().unwrap_err();
        assert_eq!(refusal.input(), "path parameter `session`");
        let index = cases().iter().position(|other| other.name == name).unwrap();
        for library in Library::ALL {
            let theirs = &Recording::read(library).unwrap().requests[index];
            let sent = Canonical::new(&theirs.method, &theirs.path, theirs.query.as_deref(), &theirs.body).unwrap();
            judge(&case, Err(refusal.clone()), &sent, Vec::new()).unwrap_err();
            judge(&case, Err(refusal.clone()), &sent, vec![difference("no id", library)]).unwrap();
        }
    }
}

/// What the libraries sign verifies here, what this crate signs verifies there, and what is tampered with fails in all three.
#[test]
fn webhooks_are_verified_and_signed_as_by_the_official_libraries() {
    let deliveries = webhook::deliveries();
    let count = |group| deliveries.iter().filter(|delivery| delivery.is(group)).count();
    for library in Library::ALL {
        let recording = webhook::Recording::read(library).unwrap();
        let summary = webhook::compare(&deliveries, &recording);
        let problems: Vec<_> = summary.problems.iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{} unexplained:\n{}", problems.len(), problems.join("\n"));
        let explained: usize = summary.kinds.values().sum();
        assert_eq!(summary.accepted + summary.rejected + explained, deliveries.len());
        assert!(summary.signed >= 47, "{}", summary.signed);
        for (delivery, outcome) in deliveries.iter().zip(&recording.outcomes) {
            let (ours, theirs) = (delivery.verdict(), outcome.verdict().unwrap());
            if delivery.is("right") || delivery.is("thin") {
                assert_eq!((ours.as_deref(), theirs), (Ok("evt_1"), Ok("evt_1")), "{}", delivery.name);
            }
            if delivery.is("tampered") {
                assert!(ours.is_err() && theirs.is_err(), "{}", delivery.name);
            }
        }
        let (right, tampered) = (count("right") + count("thin"), count("tampered"));
        assert!(right >= 63 && tampered >= 46);
        println!(
            "{library}: {right} right ones accepted, {tampered} tampered ones rejected, {} signed alike",
            summary.signed
        );
    }
}

/// That the comparison can fail, in each direction.
#[test]
fn a_webhook_that_is_judged_otherwise_is_noticed() {
    let deliveries = webhook::deliveries();
    let right = deliveries.iter().position(|delivery| delivery.name == "right: CRLF").unwrap();
    let tampered = deliveries.iter().position(|delivery| delivery.name == "tampered: 301 s old").unwrap();
    let disputed = deliveries.iter().position(|delivery| delivery.name == "disputed: tolerance of 0").unwrap();
    let thin = deliveries.iter().position(|delivery| delivery.name == "thin: caused by a request").unwrap();
    let recording = webhook::Recording::read(Library::Node).unwrap();
    let [was_right, was_tampered] = [right, tampered].map(|index| recording.outcomes[index].clone());
    type Change<'a> = &'a dyn Fn(&mut webhook::Outcome);
    let changes: [(usize, Change<'_>); 11] = [
        (right, &|outcome| outcome.event = Some("evt_2".to_owned())),
        (right, &|outcome| outcome.signed = None),
        (right, &|outcome| outcome.signed = outcome.signed.take().map(|signed| signed.replace("t=", "t=1"))),
        (right, &|outcome| (outcome.event, outcome.error) = (None, was_tampered.error.clone())),
        (right, &|outcome| outcome.delivery.push('.')),
        (tampered, &|outcome| (outcome.event, outcome.error) = (was_right.event.clone(), None)),
        (tampered, &|outcome| outcome.error = Some("Error: of another kind".to_owned())),
        (thin, &|outcome| outcome.fields = None),
        (thin, &|outcome| outcome.fields.as_mut().unwrap()["created"] = "2026-11-02T09:30:00.126Z".into()),
        (thin, &|outcome| outcome.fields.as_mut().unwrap()["reason"]["request"]["id"] = "req_2".into()),
        // A difference that is there no more.
        (disputed, &|outcome| (outcome.event, outcome.error) = (None, was_tampered.error.clone())),
    ];
    for (index, change) in changes {
        let mut recording = recording.clone();
        change(&mut recording.outcomes[index]);
        assert_eq!(webhook::compare(&deliveries, &recording).problems.len(), 1, "{:?}", recording.outcomes[index]);
    }
    let cut = webhook::Recording { outcomes: recording.outcomes[..5].to_vec(), ..recording };
    assert_eq!(webhook::compare(&deliveries, &cut).problems.len(), 1);
    let without: Vec<_> = deliveries.into_iter().filter(|delivery| !delivery.is("disputed")).collect();
    assert!(!webhook::compare(&without, &cut).problems.is_empty());
}

/// A type that Stripe's library knows and this crate does not is still kept, but a variant is easier to match.
#[test]
fn every_event_type_of_the_official_library_has_a_variant() {
    let theirs = webhook::Recording::read(Library::Python).unwrap().event_types;
    let mut ours: Vec<_> = EventType::VARIANTS.iter().map(|type_| type_.as_str().to_owned()).collect();
    ours.sort_unstable();
    assert_eq!(ours, theirs, "add a row of `[[event]]` to `spec/codegen.toml`");
    let theirs = record::read(record::THIN_EVENTS).unwrap();
    let theirs: Vec<_> =
        theirs.lines().filter(|type_| type_.split('.').nth(1) == Some("financial_connections")).collect();
    let mut ours: Vec<_> = NotificationType::VARIANTS.iter().map(|type_| type_.as_str().to_owned()).collect();
    ours.sort_unstable();
    assert_eq!(ours, theirs, "add a row of `[[event]]` to `spec/codegen.toml`");
}
