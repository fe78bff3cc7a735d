use super::*;
use crate::ir::testing::{
    alternative, api as empty, boxed, enumeration, field, model, operation, optional, params, reference, secret, union,
};
use crate::ir::{Field, Items, Model, ModelId, Module, Type, UnionKind};

/// A session with a list of accounts, and an operation that creates it.
fn api() -> Api {
    let mut api = empty();
    let filters = optional("filters", Type::Params("Filters".to_owned()));
    api.operations.push(operation("CreateSession", "/v1/sessions/{session}", [filters], "Session"));
    api.operations[0].path_params.push(field("session", Type::String));
    api.params.push(params("Filters", "CreateSession", [optional("country", Type::String)]));
    let accounts = field("accounts", Type::List(boxed(Type::Model("Account".to_owned()))));
    api.models.push(model("Session", "session", [accounts, secret("client_secret", Type::String)]));
    let status = field("status", Type::Enum("Status".to_owned()));
    api.models.push(model("Account", "account", [status, secret("holder", Type::String)]));
    api.models.push(model("Error", "error", []));
    api.enums.push(enumeration("Status", ["active", "closed"]));
    api.unions.push(union("Owner", [alternative("Account", Type::Model("Account".to_owned()))]));
    api
}

/// The changes of an edit: the place, the item and the rule of each.
fn changes(edit: impl FnOnce(&mut Api)) -> Vec<Change> {
    let (old, mut new) = (api(), api());
    edit(&mut new);
    diff(&old, &indexed(new)).changes
}

/// The API with its items findable by the names that a test gave them.
fn indexed(api: Api) -> Api {
    Api {
        models: api.models.into_iter().collect(),
        unions: api.unions.into_iter().collect(),
        enums: api.enums.into_iter().collect(),
        references: api.references.into_iter().collect(),
        params: api.params.into_iter().collect(),
        operations: api.operations.into_iter().collect(),
        ..api
    }
}

fn rules(changes: &[Change]) -> Vec<(String, Rule)> {
    let place = |change: &Change| match change.path.as_str() {
        "" => change.item.clone(),
        path => format!("{}: {path}", change.subject),
    };
    changes.iter().map(|change| (place(change), change.rule)).collect()
}

#[test]
fn an_api_against_itself_has_no_changes() {
    assert_eq!(changes(|_| {}), []);
}

#[test]
fn every_edit_has_its_rule() {
    type Edit = fn(&mut Api);
    let edits: &[(Edit, &[(&str, Rule)])] = &[
        (|api| api.version.text = "2027".to_owned(), &[("API_VERSION", Rule::VersionChanged)]),
        (|api| api.version.is_pinned = true, &[("API_VERSION", Rule::ItemAdded)]),
        (|api| api.base_url = Some("https://a".to_owned()), &[("servers", Rule::BaseUrlChanged)]),
        (
            |api| api.operations[0].base_url = Some("https://a".to_owned()),
            &[("CreateSession::BASE_URL", Rule::BaseUrlChanged)],
        ),
        (|api| api.security.push("basicAuth".to_owned()), &[("security", Rule::SecurityAdded)]),
        (
            |api| api.params[0].fields.push(optional("depth", Type::Integer)),
            &[("CreateSession: filters.depth", Rule::OptionalParameterAdded)],
        ),
        (
            |api| api.operations[0].params.push(field("name", Type::String)),
            &[("CreateSession: name", Rule::RequiredParameterAdded)],
        ),
        (|api| api.params[0].fields.clear(), &[("CreateSession: filters.country", Rule::ParameterRemoved)]),
        (
            |api| api.params[0].fields[0] = optional("country", Type::Integer),
            &[("CreateSession: filters.country", Rule::ParameterTypeChanged)],
        ),
        (
            |api| api.params[0].fields[0] = field("country", Type::String),
            &[("CreateSession: filters.country", Rule::ParameterRequirednessChanged)],
        ),
        (
            |api| api.params[0].fields[0].name = "land".to_owned(),
            &[("CreateSession: filters.country", Rule::NameChanged)],
        ),
        // A setter takes a secret as it takes anything else.
        (|api| api.params[0].fields[0].is_secret = true, &[("CreateSession: filters.country", Rule::SecrecyGained)]),
        (
            |api| {
                api.operations[0].path = "/v1/sessions/{id}".to_owned();
                api.operations[0].path_params[0] = field("id", Type::String);
            },
            &[("CreateSession: id", Rule::ArgumentRenamed)],
        ),
        (
            |api| api.operations[0].path = "/v2/sessions/{session}".to_owned(),
            &[("CreateSession::PATH", Rule::PathChanged)],
        ),
        (
            |api| api.operations[0].output = Type::SearchResult(boxed(Type::Model("Session".to_owned()))),
            &[("CreateSession::Output", Rule::OutputChanged)],
        ),
        (|api| api.operations[0].origin.is_deprecated = true, &[("CreateSession", Rule::Deprecated)]),
        (
            |api| api.models[1].fields.push(optional("name", Type::String)),
            &[("Session: accounts.data.name", Rule::FieldAdded)],
        ),
        (
            |api| api.models[1].fields.push(field("name", Type::String)),
            &[("Session: accounts.data.name", Rule::RequiredFieldAdded)],
        ),
        (|api| api.models[1].fields[0].is_boxed = true, &[("Session: accounts.data.status", Rule::FieldTypeChanged)]),
        (
            |api| drop(api.models[1].fields[0].origin.facts.checked.insert("maxItems".to_owned(), "3".to_owned())),
            &[("Session: accounts.data.status", Rule::LimitChanged)],
        ),
        (
            |api| api.models[1].fields[0].origin.is_deprecated = true,
            &[("Session: accounts.data.status", Rule::Deprecated)],
        ),
        (
            |api| api.models[1].fields[0].origin.docs.text = "Other words.".to_owned(),
            &[("Session: accounts.data.status", Rule::DescriptionChanged)],
        ),
        (
            |api| api.models[1].fields[0].wire = "state".to_owned(),
            &[("Session: accounts.data.state", Rule::WireNameChanged)],
        ),
        (
            |api| api.params[0].fields[0].wire = "land".to_owned(),
            &[("CreateSession: filters.land", Rule::WireNameChanged)],
        ),
        (|api| api.models[1].is_open = true, &[("Session: accounts.data", Rule::OpennessChanged)]),
        (|api| api.models[1].is_deletable = true, &[("Session: accounts.data", Rule::DeletableChanged)]),
        (|api| api.models[1].object = Some("account".to_owned()), &[("Session: accounts.data", Rule::ObjectAdded)]),
        (|api| api.models[1].id = ModelId::Required("AccountId".to_owned()), &[("AccountId", Rule::IdAdded)]),
        (|api| api.enums[0].variants.truncate(1), &[("Status: closed", Rule::ValueRemoved)]),
        (|api| api.enums[0].variants[1].origin.is_deprecated = true, &[("Status: closed", Rule::Deprecated)]),
        (
            |api| api.unions[0].alternatives.push(alternative("Other", Type::Deleted)),
            &[("Owner::Other", Rule::AlternativeAdded)],
        ),
        (|api| api.unions[0].kind = UnionKind::Untagged, &[("Owner", Rule::UnionKindChanged)]),
        (
            |api| api.models[0].expandable.push("accounts".to_owned()),
            &[("Session::EXPANDABLE", Rule::ExpandableSetChanged)],
        ),
        (
            |api| api.unions[0].alternatives[0].object = Some("account".to_owned()),
            &[("Owner::Account", Rule::ObjectChanged)],
        ),
        (|api| api.unions[0].alternatives.clear(), &[("Owner::Account", Rule::AlternativeRemoved)]),
        (|api| api.unions[0].alternatives[0].ty = Type::Deleted, &[("Owner::Account", Rule::AlternativeTypeChanged)]),
        (|api| api.modules[0].features.push("beta".to_owned()), &[("session", Rule::FeaturesChanged)]),
        (
            |api| {
                api.modules.push(Module { name: "beta".to_owned(), features: vec!["beta".to_owned()] });
                api.models[1].module = "beta".to_owned();
            },
            &[("Account", Rule::FeaturesChanged)],
        ),
    ];
    let mut covered = Vec::new();
    for (at, (edit, expected)) in edits.iter().enumerate() {
        let expected: Vec<_> = expected.iter().map(|(place, rule)| ((*place).to_owned(), *rule)).collect();
        assert_eq!(rules(&changes(edit)), expected, "edit {at}");
        let mut edited = api();
        edit(&mut edited);
        let back = diff(&indexed(edited), &api()).changes;
        assert!(!back.is_empty(), "edit {at} is seen both ways");
        covered.extend(expected.into_iter().map(|(_, rule)| rule).chain(back.iter().map(|change| change.rule)));
    }
    // Each of these has a test of its own.
    let elsewhere = [Rule::SecrecyLost, Rule::BoundaryReached, Rule::FeaturesWidened];
    let missing: Vec<_> =
        Rule::ALL.iter().filter(|rule| !covered.contains(rule) && !elsewhere.contains(rule)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn one_feature_more_enables_what_was_enabled() {
    let (mut old, mut new) = (api(), api());
    old.modules[0].features = vec!["a".to_owned()];
    new.modules[0].features = vec!["b".to_owned(), "a".to_owned()];
    assert_eq!(rules(&diff(&old, &new).changes), [("session".to_owned(), Rule::FeaturesWidened)]);
    assert_eq!(rules(&diff(&new, &old).changes), [("session".to_owned(), Rule::FeaturesChanged)]);
    new.modules[0].features.clear();
    assert_eq!(rules(&diff(&old, &new).changes), [("session".to_owned(), Rule::FeaturesWidened)]);
}

#[test]
fn an_object_past_the_boundary_is_reported_with_the_place_that_reaches_it() {
    let changes = changes(|api| {
        api.references.push(reference("Customer", "customer"));
        let customer = Type::Expandable(boxed(Type::Reference("Customer".to_owned())));
        api.models[1].fields.push(optional("customer", customer));
    });
    let place = "Session: accounts.data.customer".to_owned();
    assert_eq!(rules(&changes), [(place.clone(), Rule::FieldAdded), (place, Rule::BoundaryReached)]);
    assert_eq!(changes[0].is.as_deref(), Some("id or customer, optional"));
    assert_eq!(changes[0].wire_effect(), "can be in a response");
}

#[test]
fn a_lost_secret_is_reported_first() {
    let changes = changes(|api| {
        api.enums[0].variants.clear();
        api.models[1].fields[1] = field("holder", Type::String);
    });
    assert_eq!(changes[0].rule, Rule::SecrecyLost);
    assert_eq!((changes[0].subject.as_str(), changes[0].path.as_str()), ("Session", "accounts.data.holder"));
    assert_eq!(changes[0].rust_was.as_deref(), Some("pub holder: Secret<String>"));
    assert_eq!(changes[1].rule, Rule::FieldTypeChanged);
}

/// A model as it is, with another name.
fn renamed(api: &mut Api, name: &str, key: &str, fields: [Field; 2]) {
    api.models[1] = model(name, key, fields);
    api.models[0].fields[0].ty = Type::List(boxed(Type::Model(name.to_owned())));
    api.unions = Items::default();
}

#[test]
fn a_secret_is_followed_across_renames() {
    let status = || field("status", Type::Enum("Status".to_owned()));
    // The schema has another name.
    let is_kept =
        changes(|api| renamed(api, "BankAccount", "bank_account", [status(), secret("holder", Type::String)]));
    assert!(is_kept.iter().all(|change| change.rule != Rule::SecrecyLost), "{is_kept:#?}");
    let is_lost = changes(|api| renamed(api, "BankAccount", "bank_account", [status(), field("holder", Type::String)]));
    assert_eq!((is_lost[0].rule, is_lost[0].item.as_str()), (Rule::SecrecyLost, "BankAccount::holder"));
    assert_eq!(is_lost[0].renamed.as_deref(), Some("Account::holder"));
    // The field has another name.
    let is_lost = changes(|api| api.models[1].fields[1] = field("holder_name", Type::String));
    assert_eq!((is_lost[0].rule, is_lost[0].item.as_str()), (Rule::SecrecyLost, "Account::holder_name"));
    let is_kept = changes(|api| api.models[1].fields[1] = secret("holder_name", Type::String));
    assert!(is_kept.iter().all(|change| change.rule != Rule::SecrecyLost), "{is_kept:#?}");
    // Both have.
    let is_lost = changes(|api| renamed(api, "BankAccount", "bank_account", [status(), field("name", Type::String)]));
    assert_eq!((is_lost[0].rule, is_lost[0].item.as_str()), (Rule::SecrecyLost, "BankAccount::name"));
    // The field moved to an object that is new.
    let is_lost = changes(|api| {
        api.models[1].fields[1] = field("details", Type::Model("Details".to_owned()));
        api.models.push(model("Details", "details", [field("holder", Type::String)]));
    });
    assert_eq!((is_lost[0].rule, is_lost[0].item.as_str()), (Rule::SecrecyLost, "Details::holder"));
}

#[test]
fn renames_of_models_and_enums_are_guessed_with_a_reason() {
    let guesses = |changes: &[Change]| -> Vec<String> {
        let guess = |change: &Change| {
            Some(format!("{} {}: {}", change.item, change.renamed.as_ref()?, change.rename_reason.as_ref()?))
        };
        let renames = changes.iter().filter(|change| matches!(change.rule, Rule::ItemAdded | Rule::ItemRemoved));
        renames.filter_map(guess).collect()
    };
    let status = field("status", Type::Enum("Status".to_owned()));
    let model = changes(|api| renamed(api, "BankAccount", "bank_account", [status, secret("holder", Type::String)]));
    let reason = "`Session` has it in the same field `accounts`";
    assert_eq!(guesses(&model), [format!("Account BankAccount: {reason}"), format!("BankAccount Account: {reason}")]);
    let values = changes(|api| {
        api.enums[0] = enumeration("State", ["active", "closed", "open"]);
        api.models[1].fields[0] = field("state", Type::Enum("State".to_owned()));
    });
    let reason = "2 of 3 members are the same";
    assert_eq!(guesses(&values), [format!("Status State: {reason}"), format!("State Status: {reason}")]);
    // Two candidates are none.
    let values = changes(|api| {
        let enums = ["State", "Mode"].map(|name| enumeration(name, ["active", "closed"]));
        api.enums = enums.into_iter().collect();
    });
    assert_eq!(guesses(&values), [""; 0]);
}

#[test]
fn a_model_that_both_sides_have_under_one_name_is_one_model() {
    let changes = changes(|api| {
        let fields = std::mem::take(&mut api.models[1].fields);
        api.models[1] = Model { fields, ..model("Account", "bank_account", []) };
    });
    assert_eq!(changes, []);
}

#[test]
fn versions_follow_cargo() {
    use Verdict::{Major, Minor, Patch};
    for (current, verdict, next) in [
        ("1.2.3", None, "1.2.3"),
        ("1.2.3", Some(Patch), "1.2.4"),
        ("1.2.3", Some(Minor), "1.3.0"),
        ("1.2.3", Some(Major), "2.0.0"),
        ("0.1.2", Some(Patch), "0.1.3"),
        ("0.1.2", Some(Minor), "0.1.3"),
        ("0.1.2", Some(Major), "0.2.0"),
        ("0.0.2", Some(Major), "0.0.3"),
    ] {
        let version = Version::parse(current).unwrap();
        assert_eq!(next_version(&version, verdict).to_string(), next, "{current} {verdict:?}");
    }
}

/// The row that is proposed for what seems renamed keeps the Rust name.
#[test]
fn a_renamed_item_or_field_has_its_row() {
    let (old, mut new) = (api(), api());
    new.models[1].name = "LinkedAccount".to_owned();
    new.models[1].origin.place = "linked_account".to_owned();
    new.models[0].fields[0].ty = Type::List(boxed(Type::Model("LinkedAccount".to_owned())));
    new.unions[0].alternatives[0] = alternative("Account", Type::Model("LinkedAccount".to_owned()));
    let land = &mut new.params[0].fields[0];
    (land.wire, land.name) = ("land".to_owned(), "land".to_owned());
    land.origin.place = "CreateSession/filters/land".to_owned();
    let rows: Vec<_> = renames(&old, &indexed(new), &["endive"]).into_iter().map(|rename| rename.row).collect();
    assert_eq!(
        rows,
        [
            "[[rename]]\nfrom = \"linked_account\"\nto = \"account\"\nreleases = [\"endive\"]",
            "[[field]]\nplace = \"CreateSession/filters/land\"\nname = \"country\"\nreleases = [\"endive\"]",
        ]
    );
}

#[test]
fn a_field_and_a_parameter_with_the_same_values_can_share_an_enum() {
    let place = |mut field: Field, place: &str| {
        field.origin.place = place.to_owned();
        field
    };
    let of = |name: &str| Type::Enum(name.to_owned());
    let old = api();
    let mut new = api();
    new.models[0].fields.push(place(field("mode", of("SessionMode")), "session/mode"));
    new.params[0].fields.push(place(optional("mode", of("FiltersMode")), "CreateSession/filters/mode"));
    // The order of the values makes no difference, and one field alone is not enough.
    new.enums.push(enumeration("SessionMode", ["fast", "slow"]));
    new.enums.push(enumeration("FiltersMode", ["slow", "fast"]));
    new.enums.push(enumeration("Other", ["a", "b"]));
    new.models[0].fields.push(place(field("other", of("Other")), "session/other"));
    let found = shareable(Some(&old), &new);
    let [shared] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(shared.name, "SessionMode");
    assert_eq!(shared.places, ["CreateSession/filters/mode", "session/mode"]);
    assert!(!shared.is_shared);
    assert_eq!(shareable(Some(&new), &new), [], "what was there before stays");
    assert_eq!(shareable(None, &new).len(), 1);
}
