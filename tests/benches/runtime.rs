//! Measures decoding a session and building a create request, relative to parsing the same session as a JSON value.
//!
//! The rounds of all cases alternate within one run, so that a slower machine slows each of them alike.

use std::hint::black_box;

use criterion::Criterion;
use serde_json::Value;
use stripe_financial_connections::{Operation, Request, RetrieveSession, Session, SessionExpand};
use tests::bench::{Case, measure, print_ratio};
use tests::requests::create_with_everything;

/// A session with ten accounts, as Stripe returns it right after they were linked.
const LINKED: &str = include_str!("../fixtures/session_just_linked.json");
/// A session with every field of every account set.
const FULL: &str = include_str!("../fixtures/session_ten_accounts.json");

fn retrieve() -> Request {
    RetrieveSession::new("fcsess_1Qx7TestSession").expand([SessionExpand::AccountsDataOwnership]).request().unwrap()
}

fn cases(label: &str, json: &'static str) -> Vec<Case<'static>> {
    fn case<T>(name: String, run: impl Fn() -> T + 'static) -> Case<'static> {
        Case::new(name, move || drop(black_box(run())))
    }
    let bytes = json.as_bytes();
    let session = Session::from_json(bytes).unwrap();
    vec![
        case(format!("{label}: value, from str"), move || serde_json::from_str::<Value>(black_box(json)).unwrap()),
        case(format!("{label}: value, from bytes"), move || serde_json::from_slice::<Value>(black_box(bytes)).unwrap()),
        case(format!("{label}: session, from str"), move || serde_json::from_str::<Session>(black_box(json)).unwrap()),
        case(format!("{label}: session, from bytes"), move || Session::from_json(black_box(bytes)).unwrap()),
        case(format!("{label}: session to JSON"), move || serde_json::to_string(black_box(&session)).unwrap()),
        case(format!("{label}: create request, built and encoded"), create_with_everything),
        case(format!("{label}: retrieve request, built and encoded"), retrieve),
    ]
}

fn ratios(label: &str, json: &'static str) {
    let cases = cases(label, json);
    let best = measure(&cases, 200);
    println!("\n{label}, {} bytes", json.len());
    for (case, time) in cases.iter().zip(&best) {
        println!("  {:<60}{:>10.0} ns", case.name, time * 1e9);
    }
    print_ratio("session / value, from str", best[2] / best[0], 0.45);
    print_ratio("session / value, from bytes", best[3] / best[1], 0.45);
    print_ratio("create request / value, from str", best[5] / best[0], 0.02);
    print_ratio("create request / value, from bytes", best[5] / best[1], 0.02);
}

fn main() {
    println!("body of the create request: {} bytes", create_with_everything().body().map_or(0, str::len));
    ratios("just linked", LINKED);
    ratios("every field set", FULL);
    // `cargo test --benches` passes `--test`, and criterion then runs each case once.
    let mut criterion = Criterion::default().configure_from_args();
    for case in cases("every field set", FULL) {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}
