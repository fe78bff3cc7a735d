//! Compares the requests of a library with those of this crate.

use std::collections::{BTreeMap, BTreeSet};

use stripe_financial_connections::{InvalidInput, Request};

use super::{
    Problem,
    canonical::Canonical,
    capture::Captured,
    cases::{Case, Operation},
    differences::{self, DIFFERENCES, Difference},
    ours,
    record::{Headers, Library, Recorded, Recording},
};

/// The outcome of the comparison with one library.
#[derive(Debug, Default)]
pub struct Summary {
    /// The number of cases with equal requests.
    pub equal: usize,
    /// The number of cases that differ exactly as their rows state.
    pub explained: usize,
    /// The number of cases for each kind of difference. A case can have several.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Differences without a row, and rows without a difference.
    pub problems: Vec<Problem>,
}

/// The outcome of the comparison of one case.
#[derive(Debug)]
pub enum Outcome {
    /// The requests are equal.
    Equal,
    /// They differ exactly as these rows state.
    Explained(Vec<&'static Difference>),
}

/// Compares all requests of a library.
#[must_use]
pub fn compare(cases: &[Case], recording: &Recording) -> Summary {
    let mut summary = Summary::default();
    let library = recording.library;
    if cases.len() != recording.requests.len() {
        let counts = format!("{} cases and {} requests", cases.len(), recording.requests.len());
        summary.problems.push(Problem::new(counts).at(library));
    }
    for kind in DIFFERENCES.iter().filter(|difference| difference.library == library) {
        summary.kinds.insert(kind.kind, 0);
    }
    for (case, theirs) in cases.iter().zip(&recording.requests) {
        match compare_case(case, theirs, recording) {
            Ok(Outcome::Equal) => summary.equal += 1,
            Ok(Outcome::Explained(differences)) => {
                summary.explained += 1;
                for difference in differences {
                    *summary.kinds.entry(difference.kind).or_default() += 1;
                }
            }
            Err(problem) => summary.problems.push(problem.at(&case.name).at(library)),
        }
    }
    for (kind, _) in summary.kinds.iter().filter(|(_, count)| **count == 0) {
        let unused = Problem::new(format!("no case needs the difference `{kind}`: remove it"));
        summary.problems.push(unused.at(library));
    }
    for &operation in Operation::ALL {
        if let Err(problem) = compare_headers(cases, operation, recording) {
            summary.problems.push(problem.at(library));
        }
    }
    summary
}

fn compare_case(case: &Case, theirs: &Recorded, recording: &Recording) -> Result<Outcome, Problem> {
    judge(case, ours::request(case)?, &canonical(case, theirs)?, applicable(case, recording.library))
}

fn canonical(case: &Case, theirs: &Recorded) -> Result<Canonical, Problem> {
    if case.name != theirs.case {
        return Err(Problem::new(format!("this was recorded for the case `{}`", theirs.case)));
    }
    Canonical::new(&theirs.method, &theirs.path, theirs.query.as_deref(), &theirs.body)
}

fn applicable(case: &Case, library: Library) -> Vec<&'static Difference> {
    let of_case = |difference: &&Difference| difference.library == library && (difference.applies)(case);
    DIFFERENCES.iter().filter(of_case).collect()
}

/// Compares a request of a generated crate with that of a library, and their headers. The request states the name of its case.
/// Returns the case.
///
/// # Errors
/// If there is no such case, or if they differ in another way than the rows of [`DIFFERENCES`] state.
pub fn compare_captured<'c>(
    cases: &'c [Case],
    captured: &Captured,
    recording: &Recording,
) -> Result<&'c Case, Problem> {
    let at = |problem: Problem| problem.at(&captured.case).at(recording.library);
    let found = cases.iter().zip(&recording.requests).find(|(case, _)| case.name == captured.case);
    let (case, theirs) = found.ok_or_else(|| at(Problem::new("there is no such case")))?;
    let ours = Canonical::new(&captured.method, &captured.path, captured.query.as_deref(), &captured.body);
    let compared = ours.and_then(|ours| {
        explain(case, ours, &canonical(case, theirs)?, applicable(case, recording.library))?;
        compare_with_headers(case.operation, captured.headers.clone(), recording)
    });
    compared.map(|()| case).map_err(at)
}

/// Compares the request of this crate with that of a library, given the differences that apply to the case.
///
/// # Errors
/// If they differ in another way, or do not differ where a row says so.
pub fn judge(
    case: &Case,
    ours: Result<Request, InvalidInput>,
    sent: &Canonical,
    differences: Vec<&'static Difference>,
) -> Result<Outcome, Problem> {
    let refused = ours.is_err();
    let ours = match ours {
        Ok(ours) => Canonical::of(&ours)?,
        Err(error) => would_be(case).ok_or_else(|| Problem::new(format!("this crate refuses: {error}")))?,
    };
    if refused != differences.iter().any(|difference| difference.refused) {
        return Err(Problem::new(if refused {
            "this crate refuses, unexplained"
        } else {
            "this crate does not refuse"
        }));
    }
    explain(case, ours, sent, differences)
}

/// Changes a request as the rows state, and compares it with that of a library.
fn explain(
    case: &Case,
    mut expected: Canonical,
    sent: &Canonical,
    differences: Vec<&'static Difference>,
) -> Result<Outcome, Problem> {
    for difference in &differences {
        let before = expected.clone();
        (difference.expect)(case, &mut expected);
        if expected == before && !difference.refused {
            return Err(Problem::new(format!("the difference `{}` makes none here", difference.kind)));
        }
    }
    if expected != *sent {
        let lines = expected.differences(sent);
        return Err(Problem::new(format!("not explained:\n    {}", lines.join("\n    "))));
    }
    Ok(if differences.is_empty() { Outcome::Equal } else { Outcome::Explained(differences) })
}

/// The request that this crate would build if it accepted the id.
fn would_be(case: &Case) -> Option<Canonical> {
    let id = case.id.as_ref().filter(|id| differences::unusable(id))?;
    let mut request = Canonical::of(&ours::retrieve(case, "id").ok()?.ok()?).ok()?;
    request.path.last_mut()?.clone_from(id);
    Some(request)
}

fn compare_headers(cases: &[Case], operation: Operation, recording: &Recording) -> Result<(), Problem> {
    let mut ours = BTreeSet::new();
    let has_key = |method| method == "POST" || (method == "DELETE" && operation.is_v2());
    for case in cases.iter().filter(|case| case.operation == operation) {
        if let Ok(request) = ours::request(case)? {
            ours.insert((has_key(request.method().as_str()), request.content_type(), request.api_version()));
        }
    }
    let mut ours = ours.into_iter();
    let (Some((idempotency_key, content_type, api_version)), None) = (ours.next(), ours.next()) else {
        return Err(Problem::new(format!("the headers of {operation:?} are not the same for all cases")));
    };
    let ours = Headers {
        authorization: Some("Bearer".to_owned()),
        content_type: content_type.map(ToOwned::to_owned),
        idempotency_key,
        stripe_version: api_version.map(str::to_owned),
    };
    compare_with_headers(operation, ours, recording)
}

fn compare_with_headers(operation: Operation, ours: Headers, recording: &Recording) -> Result<(), Problem> {
    let expected = differences::headers(recording.library, operation, ours, &recording.about.api_version);
    let sent = recording.headers.get(&operation);
    if sent != Some(&expected) {
        return Err(Problem::new(format!("the headers of {operation:?}: expected {expected:?}, sent {sent:?}")));
    }
    Ok(())
}
