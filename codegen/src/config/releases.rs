//! Whether the releases and the rows of the configuration can stand beside each other, whatever the documents are.

use std::collections::{BTreeMap, BTreeSet};

use super::event::is_type;
use super::{Config, Release, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::rust::naming;

impl Config {
    /// Checks the modules, the features, the events and what the rows say by themselves, all at once.
    ///
    /// # Errors
    /// One diagnostic for each problem.
    pub fn check(&self) -> Result<(), Diagnostics> {
        let mut problems = Vec::new();
        for (at, release) in self.releases.iter().enumerate() {
            self.check_release(at, release, &mut problems);
        }
        for resource in &self.resources {
            if let Some(feature) = resource.feature.as_ref().filter(|feature| !is_feature(feature)) {
                let reason = format!("the resource `{}`: `{feature}` is not a valid feature name", resource.schema);
                problems.push(self.diagnostic(reason, FEATURE_HELP));
            }
        }
        self.check_events(&mut problems);
        self.check_statements(&mut problems);
        Diagnostics::of(problems)
    }

    fn check_events(&self, problems: &mut Vec<Diagnostic>) {
        let mut names = BTreeMap::new();
        let mut types = BTreeSet::new();
        // A second row of a type is reported as a repeated one.
        for event in self.events.iter().filter(|event| types.insert(&event.type_)) {
            let type_ = &event.type_;
            let (problem, help) = match event.variant() {
                _ if !is_type(type_) => (
                    format!("`{type_}` is not the type of an event"),
                    "name one event, by words with a dot between them, or delete the row",
                ),
                None => (format!("the event `{type_}` does not map to a valid Rust identifier"), NAME_HELP),
                Some(name) if name == naming::UNKNOWN_VARIANT => {
                    (format!("the event `{type_}` has the name of the variant for other events"), NAME_HELP)
                }
                Some(name) => match names.insert((event.is_thin(), name.clone()), type_) {
                    Some(other) => (format!("the events `{other}` and `{type_}` are both called `{name}`"), NAME_HELP),
                    None => continue,
                },
            };
            let problem = self.diagnostic(problem, help);
            problems.push(match self.find(Table::Event, type_, None) {
                Some(row) => problem.at(row.line, 1),
                None => problem,
            });
        }
    }

    fn check_release(&self, at: usize, release: &Release, problems: &mut Vec<Diagnostic>) {
        let Release { module, feature, document, .. } = release;
        let mut report = |reason: String, help: &str| {
            problems.push(self.diagnostic(format!("the release of `{document}`: {reason}"), help));
        };
        if self.releases[..at].iter().any(|other| other.module == *module) {
            let reason = format!("its module `{module}` is also that of another release");
            report(reason, "give each release a `module` of its own");
        }
        if let Some(reason) = refused_module(module) {
            report(format!("its module `{module}` {reason}"), "give it another `module`");
        }
        if let Some(feature) = feature {
            if !is_feature(feature) {
                report(format!("`{feature}` is not a valid feature name"), FEATURE_HELP);
            }
            if at == 0 {
                let help = "delete its `feature`, or put another release first";
                report("the first release takes no feature".to_owned(), help);
            }
        }
    }

    pub(super) fn diagnostic(&self, reason: String, help: &str) -> Diagnostic {
        Diagnostic::new(self.name(), Pointer::default(), reason, help)
    }
}

/// Returns why no module of a release can have a name, in words.
fn refused_module(name: &str) -> Option<&'static str> {
    if naming::identifier(name.to_owned()).is_none() {
        return Some("is not a valid Rust identifier");
    }
    naming::MODULES_AT_ROOT.contains(&name).then_some("is also one of the crate itself")
}

/// Whether the module of a release can have a name that no other release has.
pub fn is_module(name: &str) -> bool {
    refused_module(name).is_none()
}

const NAME_HELP: &str = "give the row of the event another `name`";

const FEATURE_HELP: &str = "a feature name has letters, digits, `_`, `-`, `+` and `.`, starts with a letter, a digit or `_`, and is not `default`";

/// Whether Cargo accepts the name of a feature.
fn is_feature(name: &str) -> bool {
    // Cargo has a meaning of its own for this one.
    name != "default"
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-+.".contains(c))
}
