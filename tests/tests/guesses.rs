//! What `diff` guesses beside what it compares: which secrets are lost, what was renamed, and which enums can be shared.

use codegen::Config;
use codegen::diff::{Change, Rule, diff, renames, shareable};
use codegen::ir::Api;

const DOCUMENT: &str = r##"
openapi: 3.0.0
info: {title: A fixture, version: "2024-01-01"}
paths:
  /v1/things:
    post:
      operationId: CreateThing
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {country: {type: string}}}}}}
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/thing"}}}}
        default: {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/error"}}}}
components:
  schemas:
    thing: {type: object, required: [account], properties: {account: {$ref: "#/components/schemas/account"}}}
    account: {type: object, required: [holder, status], properties: {holder: {type: string}, status: {type: string, enum: [active, closed]}}}
    error: {type: object, required: [error], properties: {error: {type: object, required: [type], properties: {type: {type: string}}}}}
"##;

/// The API of the document after edits, with values that are secret.
fn api(sensitive: &[&str], edits: &[(&str, &str)]) -> Api {
    let config = format!(
        "expand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsensitive = {sensitive:?}\n\n[[resource]]\nschema = \"thing\"\n\
         operations = [\"CreateThing\"]\n"
    );
    let config = Config::parse("codegen.toml", &config).unwrap_or_else(|error| panic!("{error}"));
    let document = edits.iter().fold(DOCUMENT.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    });
    codegen::generate(&config, None, "document", &document).unwrap_or_else(|error| panic!("{error}")).api
}

const HOLDER: &str = "account/holder";

fn changes(sensitive: &[&str], edits: &[(&str, &str)]) -> Vec<Change> {
    diff(&api(&[HOLDER], &[]), &api(sensitive, edits)).changes
}

/// The name of the schema is another.
const RENAMED: (&str, &str) = ("account\"}", "bank_account\"}");
const RENAMED_KEY: (&str, &str) = ("    account:", "    bank_account:");

#[test]
fn a_secret_is_followed_across_renames() {
    let name = ("holder", "name");
    let moved = ("{holder: {type: string}", "{details: {type: object, properties: {holder: {type: string}}}");
    for (sensitive, edits, lost) in [
        (vec![], vec![], Some(("Account::holder", None))),
        (vec!["bank_account/holder"], vec![RENAMED, RENAMED_KEY], None),
        (vec![], vec![RENAMED, RENAMED_KEY], Some(("BankAccount::holder", Some("Account::holder")))),
        (vec![], vec![name], Some(("Account::name", Some("Account::holder")))),
        (vec!["account/name"], vec![name], None),
        (vec![], vec![RENAMED, RENAMED_KEY, name], Some(("BankAccount::name", Some("Account::holder")))),
        (vec![], vec![("[holder", "[details"), moved], Some(("AccountDetails::holder", Some("Account::holder")))),
    ] {
        let changes = changes(&sensitive, &edits);
        let first = changes.iter().find(|change| change.rule == Rule::SecrecyLost);
        let found =
            first.map(|change| (change.item.as_str(), change.guess.as_ref().map(|guess| guess.renamed.as_str())));
        assert_eq!(found, lost, "{edits:?}");
        assert!(first.is_none_or(|first| changes[0] == *first), "it is reported first");
    }
}

#[test]
fn renames_are_guessed_with_a_reason_and_a_row() {
    let state = ("status: {type: string, enum: [active", "state: {type: string, enum: [open, active");
    let two = ("status: {", "state: {type: string, enum: [active, closed]}, mode: {");
    for (edits, expected) in [
        (
            vec![RENAMED, RENAMED_KEY],
            vec![
                "Account BankAccount: `Thing` has it in the same field `account`",
                "AccountStatus BankAccountStatus: it has the same members",
            ],
        ),
        (vec![(", status]", "]"), state], vec!["AccountStatus AccountState: 2 of 3 members are the same"]),
        // Two candidates are none.
        (vec![(", status]", "]"), two], vec![]),
    ] {
        let changes = changes(&[HOLDER, "bank_account/holder"], &edits);
        let gone = changes.iter().filter(|change| change.rule == Rule::ItemRemoved);
        let guess = |change: &Change| {
            change.guess.as_ref().map(|guess| format!("{} {}: {}", change.item, guess.renamed, guess.reason))
        };
        assert_eq!(gone.filter_map(guess).collect::<Vec<_>>(), expected, "{edits:?}");
    }
    let edits = [RENAMED, RENAMED_KEY, ("country: {", "land: {")];
    let rows = renames(&api(&[HOLDER], &[]), &api(&["bank_account/holder"], &edits), &["endive"]);
    assert_eq!(
        rows.into_iter().map(|rename| rename.row).collect::<Vec<_>>(),
        [
            "[[rename]]\nfrom = \"bank_account\"\nto = \"account\"\nreleases = [\"endive\"]",
            "[[field]]\nplace = \"CreateThing/land\"\nname = \"country\"\nreleases = [\"endive\"]",
        ]
    );
}

#[test]
fn a_field_and_a_parameter_with_the_same_values_can_share_an_enum() {
    let old = api(&[], &[]);
    // The order of the values makes no difference, and two fields are not enough.
    let new = api(
        &[],
        &[
            (
                "{account: {$ref",
                "{mode: {type: string, enum: [fast, slow]}, one: {type: string, enum: [a, b]}, other: {type: string, enum: [a, b]}, account: {$ref",
            ),
            ("country: {type: string}", "country: {type: string}, mode: {type: string, enum: [slow, fast]}"),
        ],
    );
    let found = shareable(Some(&old), &new);
    let [shared] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(shared.name, "ThingMode");
    assert_eq!(shared.places, ["CreateThing/mode", "thing/mode"]);
    assert!(!shared.is_shared);
    assert_eq!(shareable(Some(&new), &new), [], "what was there before stays");
    assert_eq!(shareable(None, &new).len(), 1);
}

#[test]
fn one_feature_more_enables_what_was_enabled() {
    let rule = |old: &[&str], new: &[&str]| {
        let [old, new] = [old, new].map(|features| {
            let mut api = api(&[], &[]);
            api.modules[0].features = features.iter().map(|feature| (*feature).to_owned()).collect();
            api
        });
        diff(&old, &new).changes.iter().map(|change| change.rule).collect::<Vec<_>>()
    };
    assert_eq!(rule(&["a"], &["b", "a"]), [Rule::FeaturesWidened]);
    assert_eq!(rule(&["a", "b"], &["b", "a"]), []);
    assert_eq!(rule(&["b", "a"], &["a"]), [Rule::FeaturesChanged]);
    assert_eq!(rule(&["a"], &[]), [Rule::FeaturesWidened]);
}

/// Operations share the type of parameters with one name and one shape.
#[test]
fn a_change_inside_shared_parameters_is_at_the_operation_that_names_them() {
    let document = |count: &str| {
        let limits = format!("{{type: object, properties: {{count: {{type: {count}}}}}}}");
        let operations: String = [("things", "CreateThing"), ("things/confirm", "ConfirmThing")]
            .map(|(path, id)| {
                format!(
                    "  /v1/{path}:\n    post:\n      operationId: {id}\n      requestBody: {{content: {{application/x-www-form-urlencoded: \
                     {{encoding: {{limits: {{style: deepObject, explode: true}}}}, schema: {{type: object, properties: {{limits: {limits}}}}}}}}}}}\n      responses:\n"
                )
            })
            .map(|operation| operation + RESPONSES)
            .concat();
        let (start, end) = DOCUMENT.split_once("  /v1/things:\n").expect("it has a path");
        let (_, components) = end.split_once("components:").expect("it has components");
        format!("{start}{operations}components:{components}")
    };
    let config = "expand_depth = 4\nupstream = \"\"\ndocs_url = \"\"\nsensitive = [\"account/holder\"]\n\n[[resource]]\nschema = \"thing\"\n\
                  operations = [\"CreateThing\", \"ConfirmThing\"]\n";
    let config = Config::parse("codegen.toml", config).unwrap_or_else(|error| panic!("{error}"));
    let [old, new] = ["integer", "string"].map(|count| {
        let generated = codegen::generate(&config, None, "document", &document(count));
        generated.unwrap_or_else(|error| panic!("{error}")).api
    });
    let changes = diff(&old, &new).changes;
    let places: Vec<_> =
        changes.iter().map(|change| format!("{} {}: {}", change.subject, change.path, change.item)).collect();
    assert_eq!(places, ["CreateThing limits.count: CreateThingLimits::count"]);
}

/// The responses of an operation.
const RESPONSES: &str = r##"        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/thing"}}}}
        default: {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/error"}}}}
"##;
